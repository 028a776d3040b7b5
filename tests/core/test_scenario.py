"""The assumptions of a simulated year: what cannot be lived through is refused beforehand."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.policy import Policy
from budilnik.core.scenario import Habits, Scenario, ScenarioContradiction, check_scenario

YEAR = Scenario(policy=Policy())


@pytest.mark.parametrize(
    "wrong",
    [
        replace(YEAR, days=0),
        replace(YEAR, days=4 * 365),
        replace(YEAR, growth_share=1.5),
        replace(YEAR, habits=Habits(reach=0)),
        replace(YEAR, habits=Habits(promise_reach=1.2)),
        replace(YEAR, habits=Habits(callback_share=1)),
        replace(YEAR, habits=Habits(open_share=-0.1)),
        replace(YEAR, habits=Habits(deal_share=2)),
        replace(YEAR, habits=Habits(callback_days=0)),
        replace(YEAR, habits=Habits(repair_days=0)),
    ],
)
def test_what_cannot_be_lived_through_is_refused(wrong):
    with pytest.raises(ScenarioContradiction):
        check_scenario(wrong)


def test_a_talk_costs_the_attempts_it_takes_and_the_calls_back():
    assert Habits(reach=0.5, callback_share=0.0).attempts_a_talk == 2
    assert Habits(reach=0.5, callback_share=0.5, promise_reach=0.5).attempts_a_talk == 4


@given(reach=st.floats(0.01, 1), back=st.floats(0, 0.9), open_share=st.floats(0, 1), days=st.integers(1, 1095))
def test_ordinary_assumptions_are_taken(reach, back, open_share, days):
    habits = Habits(reach=reach, callback_share=back, open_share=open_share)

    check_scenario(replace(YEAR, habits=habits, days=days))

    assert habits.attempts_a_talk >= 1
