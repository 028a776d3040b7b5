"""The usual interval between purchases and its range."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.rhythm import interval_class, interval_range, usual_interval

GAPS = st.lists(st.integers(1, 400), max_size=30)


def test_who_has_bought_once_is_expected_by_the_rhythm_of_the_firm():
    assert usual_interval(log_days=0.0, gaps=0, firm_log_days=log(30)) == pytest.approx(30)


def test_with_three_gaps_his_own_rhythm_weighs_as_much_as_that_of_the_firm():
    assert usual_interval(log_days=3 * log(10), gaps=3, firm_log_days=log(40)) == pytest.approx(20)


@pytest.mark.parametrize(("days", "expected"), [(1, 1), (21, 1), (21.5, 2), (60, 2), (61, 3)])
def test_a_limit_belongs_to_the_brisker_class(days: float, expected: int):
    assert interval_class(days) == expected


def test_the_range_is_that_of_the_class_around_his_own_rhythm():
    rhythm = interval_range(20, low_ratio=0.5, high_ratio=2.0)

    assert (rhythm.low_days, rhythm.days, rhythm.high_days) == (10, 20, 40)


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError):
        usual_interval(log_days=0.0, gaps=-1, firm_log_days=1.0)
    with pytest.raises(ValueError):
        interval_class(0)
    with pytest.raises(ValueError):
        interval_range(0, low_ratio=1, high_ratio=1)
    with pytest.raises(ValueError):
        interval_range(9, low_ratio=2, high_ratio=1)


@given(gaps=GAPS, firm=st.integers(1, 400))
def test_the_usual_interval_lies_between_the_shortest_and_the_longest_known(gaps: list[int], firm: int):
    usual = usual_interval(log_days=sum(map(log, gaps)), gaps=len(gaps), firm_log_days=log(firm))

    assert min([*gaps, firm]) - 1e-6 <= usual <= max([*gaps, firm]) + 1e-6
