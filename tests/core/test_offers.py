"""The rules by which goods are offered: how often he takes them, when he stopped, how much they are asked for."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.offers import DemandWeights, StopPolicy, demand, has_stopped, item_interval

MONTH = log(30)


def test_an_item_taken_once_has_no_interval():
    assert item_interval(1, 0, MONTH) is None


def test_with_three_gaps_his_own_interval_weighs_as_much_as_that_of_the_firm():
    assert item_interval(4, 30, log(40)) == pytest.approx(20)


def test_more_days_than_the_span_holds_are_refused():
    with pytest.raises(ValueError):
        item_interval(5, 3, MONTH)


@pytest.mark.parametrize(
    ("times", "interval", "since", "expected"),
    [(3, 30.0, 60, True), (3, 30.0, 59, False), (2, 30.0, 600, False), (1, None, 600, False)],
)
def test_an_item_taken_thrice_stops_at_twice_its_interval(times, interval, since, expected):
    assert has_stopped(times, interval, since) is expected


def test_the_head_may_ask_for_more_silence():
    assert not has_stopped(3, 30.0, 89, policy=StopPolicy(silent_intervals=3.0))


def test_an_item_nobody_takes_any_more_is_still_worth_more_than_nothing():
    assert demand(DemandWeights(week=0.1, month=0.2, year=0.5), week=0, month=0, year=1000) > 0


@given(st.integers(2, 200), st.integers(0, 3000), st.floats(0.0, 6.0))
def test_an_interval_lies_between_his_own_and_that_of_the_firm(times, more_days, firm_log_gap):
    span = times - 1 + more_days

    interval = item_interval(times, span, firm_log_gap)

    own = log(span / (times - 1))
    assert min(own, firm_log_gap) - 1e-9 <= log(interval) <= max(own, firm_log_gap) + 1e-9


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 500))
def test_more_clients_of_late_mean_more_demand(week, more, year):
    weights = DemandWeights(week=0.16, month=0.58, year=0.5)

    now = demand(weights, week=week + 1, month=week + more + 1, year=week + more + year + 1)

    assert now > demand(weights, week=week, month=week + more + 1, year=week + more + year + 1)
