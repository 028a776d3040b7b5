"""The default chance that a client orders by himself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.chance import order_chance_30, own_order_chance

DAYS = st.integers(0, 4000)
ORDERS = st.integers(0, 365)


def test_who_never_ordered_has_no_chance():
    assert order_chance_30(days_silent=None, orders_365=0, age_days=0) == 0.0


def test_a_first_order_yesterday_is_followed_by_another_in_one_case_of_five():
    assert order_chance_30(days_silent=1, orders_365=1, age_days=1) == pytest.approx(0.2, abs=0.02)


def test_a_weekly_buyer_is_all_but_certain_and_one_silent_for_a_year_is_not_expected():
    weekly = order_chance_30(days_silent=7, orders_365=50, age_days=700)
    asleep = order_chance_30(days_silent=360, orders_365=1, age_days=700)

    assert weekly > 0.9
    assert asleep < 0.06


def test_by_two_months_the_chance_is_that_of_either():
    assert own_order_chance(0.2, 60) == pytest.approx(1 - 0.8 * 0.8)
    assert own_order_chance(0.2, 0) == 0.0
    assert own_order_chance(1.0, 1) == 1.0


@pytest.mark.parametrize("facts", [(-1, 0, 0), (5, -1, 9), (None, 0, -1)])
def test_negative_facts_are_refused(facts: tuple[int | None, int, int]):
    days_silent, orders_365, age_days = facts

    with pytest.raises(ValueError):
        order_chance_30(days_silent=days_silent, orders_365=orders_365, age_days=age_days)


@pytest.mark.parametrize(("p30", "days"), [(-0.1, 5), (1.1, 5), (0.5, -1)])
def test_what_is_no_chance_is_refused(p30: float, days: int):
    with pytest.raises(ValueError):
        own_order_chance(p30, days)


@given(silent=DAYS, orders=ORDERS, age=DAYS, more=st.integers(1, 300))
def test_any_chance_is_one_falls_with_silence_and_rises_with_orders_and_time(
    silent: int, orders: int, age: int, more: int
):
    chance = order_chance_30(days_silent=silent, orders_365=orders, age_days=age)

    assert 0 < chance < 1
    assert order_chance_30(days_silent=silent + more, orders_365=orders, age_days=age) < chance
    assert order_chance_30(days_silent=silent, orders_365=orders + more, age_days=age) > chance
    assert 0 <= own_order_chance(chance, more) <= own_order_chance(chance, more + 30) <= 1
