"""What the head may decide: each kind of matter has its own answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.matters import DECISIONS, Decision, MatterKind, NotItsDecision, check_decision


def test_every_kind_of_matter_has_a_way_to_leave_things_and_a_way_to_change_them():
    assert set(DECISIONS) == set(MatterKind)
    assert all(len(decisions) >= 2 for decisions in DECISIONS.values())


def test_a_stop_is_confirmed_or_lifted_and_never_given_to_somebody():
    check_decision(MatterKind.STOP, Decision.CONFIRMED)
    check_decision(MatterKind.STOP, Decision.LIFTED)

    with pytest.raises(NotItsDecision):
        check_decision(MatterKind.STOP, Decision.GIVEN)


@given(kind=st.sampled_from(MatterKind))
def test_nobody_decides_that_a_call_was_corrected(kind):
    with pytest.raises(NotItsDecision):
        check_decision(kind, Decision.AMENDED)


@given(kind=st.sampled_from(MatterKind), decision=st.sampled_from(Decision))
def test_a_decision_is_refused_exactly_when_the_kind_does_not_offer_it(kind, decision):
    try:
        check_decision(kind, decision)
    except NotItsDecision:
        assert decision not in DECISIONS[kind]
    else:
        assert decision in DECISIONS[kind]
