"""Several years played: a mean and a band of each week, and what the year comes to."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.simulate import Week
from budilnik.core.years import Band, Compared, course, from_told, to_told

MONDAY = date(2026, 9, 21)


def week(
    at: int = 0, *, covered: float = 0.5, lost: int = 0, quarter_ended: float | None = None, value: int = 100
) -> Week:
    return Week(
        ends_on=MONDAY + timedelta(days=7 * at),
        clients=10,
        covered=covered,
        covered_91=covered,
        quarter_ended=quarter_ended,
        pool=lost,
        value=value,
        value_in_pool=20 if value else 0,
        attempts=5,
        talks=2,
        deals=1,
        lost=lost,
        value_lost=lost * 10,
        won=1,
        came_back=0,
    )


def test_a_week_has_the_least_the_mean_and_the_greatest_of_the_years():
    told = course([[week(covered=0.2)], [week(covered=0.4)]])

    assert told.points[0].covered_91 == Band(low=0.2, mean=pytest.approx(0.3), high=0.4)


def test_losses_add_up_from_the_first_day():
    told = course([[week(0, lost=2), week(1, lost=3)]])

    assert [point.lost.mean for point in told.points] == [2, 5]
    assert [point.won.mean for point in told.points] == [1, 2]
    assert told.sums.lost.mean == 5


def test_coverage_is_the_mean_of_the_quarters_that_ended():
    told = course([[week(0, quarter_ended=0.4), week(1), week(2, quarter_ended=0.6)]])

    assert told.sums.coverage.mean == 0.5


def test_where_no_quarter_ended_coverage_is_that_of_the_last_days():
    assert course([[week(covered=0.7)]]).sums.coverage.mean == 0.7


def test_value_kept_is_what_is_not_in_the_pool():
    assert course([[week()]]).sums.value_kept.mean == 0.8
    assert course([[week(value=0)]]).sums.value_kept.mean == 1.0


def test_it_says_when_a_coverage_is_reached():
    told = course([[week(0, covered=0.3), week(1, covered=0.5), week(2, covered=0.6)]])

    assert told.reaches(0.5) == MONDAY + timedelta(days=7)
    assert told.reaches(0.9) is None


@pytest.mark.parametrize("years", [[], [[]], [[week()], [week(), week(1)]]])
def test_years_that_are_none_or_unequal_say_nothing(years):
    with pytest.raises(ValueError):
        course(years)


@given(
    years=st.integers(1, 5).flatmap(
        lambda weeks: st.lists(
            st.lists(st.builds(week, covered=st.floats(0, 1), lost=st.integers(0, 9)), min_size=weeks, max_size=weeks),
            min_size=1,
            max_size=4,
        )
    )
)
def test_a_band_holds_its_mean_and_a_course_is_read_back_as_it_was(years):
    told = course(years)

    for point in told.points:
        for band in (point.covered, point.pool, point.lost):
            assert band.low - 1e-9 <= band.mean <= band.high + 1e-9
    assert from_told(to_told(told)) == told


def test_what_was_compared_is_read_back_as_it_was():
    told = Compared(
        courses={"no_calls": course([[week()]])},
        bound_coverage=Band.of([0.8]),
        bound_value_kept=Band.of([1.0]),
        clients=10,
        people=2,
        seconds=1.5,
        pace=0.9,
    )

    assert Compared.from_told(told.to_told()) == told
