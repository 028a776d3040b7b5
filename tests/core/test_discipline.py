"""Discipline: promises kept and broken, talks at the last moment, clients put off again and again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.dates import add_months
from budilnik.core.discipline import PromiseWent, how_it_went, just_before_the_loss, late_from, put_off_too_often
from cast import weekdays

DUE = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
LATE = DUE + timedelta(minutes=15)
BEFORE, AFTER = DUE - timedelta(hours=1), DUE + timedelta(hours=1)


@pytest.mark.parametrize(
    ("ended_at", "end", "tried", "now", "went"),
    [
        (None, "", False, BEFORE, PromiseWent.WAITING),
        (None, "", False, LATE, PromiseWent.WAITING),
        (None, "", False, AFTER, PromiseWent.BROKEN),
        (None, "", True, AFTER, PromiseWent.KEPT),
        (BEFORE, "done", False, AFTER, PromiseWent.KEPT),
        (AFTER, "done", False, AFTER, PromiseWent.BROKEN),
        (AFTER, "done", True, AFTER, PromiseWent.KEPT),
        (BEFORE, "moved_by_client", False, AFTER, PromiseWent.MOVED_BY_CLIENT),
        (BEFORE, "moved_by_us", False, AFTER, PromiseWent.MOVED_BY_US),
        (AFTER, "moved_by_us", False, AFTER, PromiseWent.BROKEN),
        (AFTER, "moved_by_client", True, AFTER, PromiseWent.MOVED_BY_CLIENT),
        (BEFORE, "stopped", False, AFTER, PromiseWent.DROPPED),
    ],
)
def test_a_promise_is_broken_when_nobody_tried_in_time(ended_at, end, tried, now, went):
    assert how_it_went(late_at=LATE, ended_at=ended_at, end=end, tried=tried, now=now) is went


def test_a_step_without_an_hour_is_late_when_its_day_is_over():
    quarter = timedelta(minutes=15)

    assert late_from(DUE, timed=True, escalates_after=quarter) == LATE
    assert late_from(DUE, timed=False, escalates_after=quarter) == DUE + timedelta(hours=12)


# The third month ends on Wednesday the sixteenth.
SINCE = date(2026, 6, 16)


@pytest.mark.parametrize(
    ("talk_on", "near"),
    [
        (date(2026, 9, 11), False),
        (date(2026, 9, 14), True),
        (date(2026, 9, 16), True),
        (date(2026, 9, 17), False),
    ],
)
def test_the_last_three_working_days_are_just_before_the_loss(talk_on, near):
    calendar = weekdays(date(2026, 9, 1))

    assert just_before_the_loss(talk_on, silent_since=SINCE, lost_after_months=3, calendar=calendar) is near


def test_without_a_working_day_nothing_is_just_before_the_loss():
    calendar = weekdays(date(2026, 9, 12), days=2)

    talk = just_before_the_loss(
        date(2026, 9, 13), silent_since=date(2026, 6, 13), lost_after_months=3, calendar=calendar
    )

    assert talk is False


@given(st.dates(date(2026, 1, 1), date(2026, 6, 1)), st.integers(0, 40))
def test_at_most_three_working_days_are_just_before_a_loss(since, back):
    calendar = weekdays(date(2025, 12, 1), days=500)
    last = add_months(since, 3)

    near = [
        day
        for day in (last - timedelta(days=shift) for shift in range(back))
        if just_before_the_loss(day, silent_since=since, lost_after_months=3, calendar=calendar)
    ]

    assert sum(day.weekday() < 5 for day in near) <= 3


def test_a_client_put_off_three_times_is_put_off_too_often():
    times = [(1, 10, 2), (1, 10, 1), (2, 10, 2), (1, 11, 3)]

    assert put_off_too_often(times) == {(1, 10): 3, (1, 11): 3}
