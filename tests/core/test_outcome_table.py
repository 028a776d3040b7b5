"""The firm's own table of outcomes: what the card offers, whose words it uses."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.outcome_table import ALWAYS_OFFERED, OutcomeName, OutcomeTable, table_from
from budilnik.core.terms import Outcome

OWN = OutcomeName(outcome="open", ru="Пока не нужно", en="Not now")


def test_an_outcome_taken_off_the_card_is_not_offered():
    table = OutcomeTable(off=("busy",))

    assert not table.offers(Outcome.BUSY)
    assert table.offers(Outcome.UNAVAILABLE)


@pytest.mark.parametrize("outcome", sorted(ALWAYS_OFFERED))
def test_a_sale_a_stop_and_a_miss_are_always_offered(outcome):
    assert OutcomeTable(off=(outcome.value,)).offers(outcome)


def test_the_firm_calls_an_outcome_in_its_own_words_in_both_languages():
    table = OutcomeTable(names=(OWN,))

    assert table.name_of("open", language="ru") == "Пока не нужно"
    assert table.name_of("open", language="en") == "Not now"
    assert table.name_of("busy", language="ru") == ""


def test_what_is_younger_than_the_version_has_its_default():
    assert table_from({}) == OutcomeTable()


def test_a_setting_of_the_table_that_does_not_exist_is_refused():
    with pytest.raises(TypeError):
        table_from({"mood": "good"})


CODES = st.lists(st.sampled_from([each.value for each in Outcome]), unique=True)


@given(off=CODES, named=CODES, resets=st.booleans())
def test_any_table_is_read_back_as_it_was_stored(off, named, resets):
    names = tuple(OutcomeName(outcome=code, ru=f"{code} ru", en=f"{code} en") for code in named)
    table = OutcomeTable(off=tuple(off), names=names, refusal_resets_clock=resets)

    stored = asdict(table)

    assert table_from(stored) == table
    assert {each for each in Outcome if not table.offers(each)} == {Outcome(code) for code in off} - ALWAYS_OFFERED
