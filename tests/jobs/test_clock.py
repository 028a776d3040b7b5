"""The clock of a process: real, fixed to a date, or shifted."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from budilnik.jobs.clock import BadClockShift, BadToday, clock_shift, day_of, fixed_today, now, shift_to, today

LATE = datetime(2026, 9, 14, 22, 30, tzinfo=UTC)  # half past one on the fifteenth in Moscow


@time_machine.travel(LATE, tick=False)
def test_the_day_is_that_of_the_company_zone():
    assert now() == LATE
    assert (today("Europe/Moscow"), today("UTC")) == (date(2026, 9, 15), date(2026, 9, 14))


@time_machine.travel(LATE, tick=False)
def test_on_a_fixed_date_the_time_of_day_runs_on(monkeypatch):
    monkeypatch.setenv("BUDILNIK_TODAY", "2026-03-11")

    assert now() == datetime(2026, 3, 11, 22, 30, tzinfo=UTC)
    assert today("Europe/Moscow") == date(2026, 3, 11)


def test_a_shifted_clock_runs_on_over_midnight_and_wins_over_a_fixed_date(monkeypatch):
    with time_machine.travel(LATE, tick=False) as travel:
        monkeypatch.setenv("BUDILNIK_TODAY", "2020-01-01")
        monkeypatch.setenv("BUDILNIK_CLOCK_SHIFT", shift_to(datetime(2026, 3, 11, 20, 59, 50, tzinfo=UTC)))

        assert (now().hour, today("Europe/Moscow")) == (20, date(2026, 3, 11))
        travel.shift(timedelta(seconds=15))
        assert (now().hour, today("Europe/Moscow")) == (21, date(2026, 3, 12))
        assert day_of(now() - timedelta(minutes=1), "Europe/Moscow") == date(2026, 3, 11)


@pytest.mark.parametrize("value", ["soon", "1.5", "12345678901", "1h", "--5", "٣"])
def test_a_shift_that_is_no_number_of_seconds_is_refused_in_both_languages(value):
    with pytest.raises(BadClockShift) as caught:
        clock_shift({"BUDILNIK_CLOCK_SHIFT": value})

    assert f"BUDILNIK_CLOCK_SHIFT=«{value}» не число секунд" in caught.value.text("ru")
    assert f"BUDILNIK_CLOCK_SHIFT=“{value}” is no number of seconds" in caught.value.text("en")


def test_a_shift_may_lead_either_way_and_an_empty_one_is_none():
    assert clock_shift({"BUDILNIK_CLOCK_SHIFT": " -3600 "}) == timedelta(hours=-1)
    assert clock_shift({"BUDILNIK_CLOCK_SHIFT": "+9999999999"}) == timedelta(seconds=9_999_999_999)
    assert clock_shift({"BUDILNIK_CLOCK_SHIFT": " "}) is None


def test_a_fixed_date_that_is_no_date_is_refused():
    assert fixed_today({}) is None
    with pytest.raises(BadToday):
        fixed_today({"BUDILNIK_TODAY": "вчера"})
