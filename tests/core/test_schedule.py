"""When the morning rings, what was missed, and how many releases need the head's word."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.schedule import morning_is_due, waits_for_the_head, was_missed
from strategies import DAYS, TUESDAY

SIX = time(6)
YESTERDAY = TUESDAY - timedelta(days=1)
TOMORROW = TUESDAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("at", "last", "due"),
    [
        (time(5, 59, 59), YESTERDAY, False),
        (time(6), YESTERDAY, True),
        (time(23, 59), YESTERDAY, True),
        (time(6), None, True),
        (time(12), YESTERDAY - timedelta(days=30), True),
        (time(12), TUESDAY, False),
        (time(12), TOMORROW, False),
    ],
)
def test_the_morning_rings_at_its_hour_and_until_it_is_published(at: time, last: date | None, due: bool):
    assert morning_is_due(on=TUESDAY, at=at, morning_at=SIX, last=last) is due


@given(days=st.lists(DAYS, min_size=1, unique=True), morning_at=st.times(), hours=st.lists(st.times(), min_size=1))
def test_whenever_the_clock_is_looked_at_a_day_is_made_at_most_once_and_never_backwards(
    days: list[date], morning_at: time, hours: list[time]
):
    made: list[date] = []

    for on in sorted(days):
        for at in sorted(hours):
            if morning_is_due(on=on, at=at, morning_at=morning_at, last=made[-1] if made else None):
                made.append(on)

    assert made == (sorted(days) if max(hours) >= morning_at else [])


def test_a_base_loaded_after_the_alarm_has_missed_nothing():
    rang_at = datetime(2026, 9, 15, 3, tzinfo=UTC)

    assert was_missed(loaded_at=None, rang_at=rang_at)
    assert was_missed(loaded_at=rang_at, rang_at=rang_at)
    assert not was_missed(loaded_at=rang_at + timedelta(seconds=1), rang_at=rang_at)


@pytest.mark.parametrize(
    ("releases", "owned", "share", "waits"),
    [
        (10, 100, 0.1, False),
        (11, 100, 0.1, True),
        (29, 100, 0.29, False),
        (3, 30, 0.1, False),
        (0, 0, 0.1, False),
        (0, 50, 0.0, False),
        (1, 50, 0.0, True),
        (50, 50, 1.0, False),
    ],
)
def test_more_than_the_share_waits_for_the_head_and_exactly_the_share_does_not(
    releases: int, owned: int, share: float, waits: bool
):
    assert waits_for_the_head(releases=releases, owned=owned, share=share) is waits


@given(owned=st.integers(0, 10**6), data=st.data(), percent=st.integers(0, 100))
def test_any_share_in_percent_is_counted_without_an_error_of_rounding(owned: int, data: st.DataObject, percent: int):
    releases = data.draw(st.integers(0, owned))

    waits = waits_for_the_head(releases=releases, owned=owned, share=percent / 100)

    assert waits is (Decimal(releases) * 100 > Decimal(percent) * owned)
