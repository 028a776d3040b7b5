"""The upper bound: nothing that is played may pass it."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budilnik.core.bounds import most_worth, upper_bound
from budilnik.core.own_orders import Demand
from budilnik.core.policy import Policy
from budilnik.core.scenario import Habits, Scenario
from simulated import ALWAYS, NO_ORDERS, SILENT_FOUR_MONTHS, away, person, town
from strategies import IVAN, TUESDAY, facts

YEAR = Scenario(policy=Policy(), habits=ALWAYS)


def silent(*numbers: int):
    return [facts(number, silent_since=SILENT_FOUR_MONTHS, value=100 * number) for number in numbers]


def demand(today, known=()):
    return {each.client_id: NO_ORDERS for each in today.clients} | dict(known)


def test_equal_talks_hold_the_dearest_and_a_part_of_the_next():
    assert most_worth([1, 9, 5], talks=1.5) == 9 + 2.5
    assert most_worth([1, 9, 5], talks=7) == 15
    assert most_worth([], talks=3) == 0


def test_with_calls_to_spare_everybody_is_covered_and_kept():
    today = town(*silent(1, 2, 3))

    bound = upper_bound(today, YEAR, demand=demand(today))

    assert set(bound.quarters) == {1.0}
    assert bound.value_kept == 1.0


def test_nobody_at_work_covers_only_those_who_come_by_themselves():
    today = town(*silent(1, 2), people=[person(IVAN, absences=(away(1000),))])
    comes = Demand(days=(100,), chances=(10,) * 53)

    bound = upper_bound(today, YEAR, demand=demand(today, {1: comes}))

    assert bound.quarters == (0.0, 0.5, 0.0, 0.0)
    assert bound.value_kept == 0.0


def test_an_order_within_the_last_six_months_keeps_a_client():
    today = town(*silent(1, 3), people=[person(IVAN, absences=(away(1000),))])
    comes = Demand(days=(300,), chances=(10,) * 53)

    assert upper_bound(today, YEAR, demand=demand(today, {3: comes})).value_kept == 0.75


def test_a_base_worth_nothing_is_kept_and_days_too_few_end_no_quarter():
    today = town(facts(1, silent_since=SILENT_FOUR_MONTHS, value=0))

    bound = upper_bound(today, Scenario(policy=Policy(), days=10), demand=demand(today))

    assert bound.quarters == ()
    assert bound.value_kept == 1.0


@pytest.mark.parametrize("days", [30, 180])
@settings(deadline=None)
@given(reach=st.floats(0.05, 1), norm=st.integers(1, 5), clients=st.integers(1, 30))
def test_a_bound_is_a_share_and_never_below_what_comes_by_itself(days, reach, norm, clients):
    today = town(*silent(*range(1, clients + 1)), people=[person(IVAN, norm=norm)])
    scenario = Scenario(policy=Policy(), habits=Habits(reach=reach), days=days)
    comes = Demand(days=(0,), chances=(10,) * 53)

    bound = upper_bound(today, scenario, demand=demand(today, {1: comes}))

    assert all(0 <= share <= 1 for share in bound.quarters)
    assert all(share >= 1 / clients for share in bound.quarters[:1])
    assert 0 <= bound.value_kept <= 1
    assert today.on + timedelta(days=days) > date(2026, 9, 15) == TUESDAY
