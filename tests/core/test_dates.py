"""Calendar months, the production calendar, hours in which one may call."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.dates import CallingHours, WorkCalendar, add_months, common_hours
from strategies import DAYS, TUESDAY, russian_calendar

POLITE = CallingHours()
ALL_DAY = CallingHours(lunch_from=None, lunch_until=None)
MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 9, 15), 3, date(2026, 12, 15)),
        (date(2026, 10, 1), 3, date(2027, 1, 1)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
    ],
)
def test_months_are_added_forwards_and_clipped_to_the_month_s_end(day: date, months: int, later: date):
    assert add_months(day, months) == later


def test_months_are_never_taken_away():
    with pytest.raises(ValueError):
        add_months(TUESDAY, -1)


@given(day=DAYS, months=st.integers(0, 60), more=st.integers(0, 60))
def test_any_months_added_keep_the_order_of_days_and_land_in_the_month_named(day: date, months: int, more: int):
    later = add_months(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)
    assert later <= add_months(day + timedelta(days=1), months)
    assert later <= add_months(day, months + more)


@pytest.mark.parametrize(("year", "days"), [(2024, 248), (2025, 247), (2026, 247), (2027, 247)])
def test_the_production_calendar_has_the_days_of_the_law(year: int, days: int):
    calendar = russian_calendar()

    assert sum(day.year == year for day in calendar.days) == days


@pytest.mark.parametrize(
    "saturday", [date(2024, 4, 27), date(2024, 11, 2), date(2024, 12, 28), date(2025, 11, 1)], ids=str
)
def test_a_transferred_saturday_is_a_working_day(saturday: date):
    calendar = russian_calendar()

    assert saturday.weekday() == 5
    assert calendar.is_working(saturday)
    assert calendar.last_working_on_or_before(saturday) == saturday


@pytest.mark.parametrize(
    "day_off", [date(2024, 4, 29), date(2024, 12, 30), date(2025, 5, 2), date(2025, 12, 31), date(2026, 1, 9)], ids=str
)
def test_a_weekday_off_is_no_working_day(day_off: date):
    assert day_off.weekday() < 5
    assert not russian_calendar().is_working(day_off)


def test_the_last_working_day_before_the_january_holidays_is_in_december():
    calendar = russian_calendar()

    assert calendar.last_working_on_or_before(date(2026, 1, 8)) == date(2025, 12, 30)
    assert calendar.next_working_after(date(2025, 12, 30)) == date(2026, 1, 12)
    assert calendar.next_working_after(date(2025, 12, 29), count=2) == date(2026, 1, 12)


def test_the_window_begins_with_today_if_today_works():
    calendar = russian_calendar()

    assert calendar.window(TUESDAY, count=2) == (TUESDAY, date(2026, 9, 16))
    assert calendar.window(date(2026, 9, 19), count=1) == (date(2026, 9, 21),)


def test_absence_is_cut_out_with_both_its_ends():
    calendar = russian_calendar()

    on_holiday = calendar.without([(date(2026, 9, 16), date(2026, 9, 18))])

    assert on_holiday.window(TUESDAY, count=2) == (TUESDAY, date(2026, 9, 21))
    assert (on_holiday.first, on_holiday.last) == (calendar.first, calendar.last)
    assert calendar.without([]) is calendar


def test_days_in_any_order_and_twice_make_one_calendar():
    days = [date(2026, 9, 16), TUESDAY, TUESDAY]

    calendar = WorkCalendar.of(days, first=TUESDAY, last=date(2026, 9, 20))

    assert calendar.days == (TUESDAY, date(2026, 9, 16))
    assert not calendar.is_working(date(2026, 9, 20))


def test_a_stretch_without_working_days_has_no_last_one():
    holidays_only = WorkCalendar.of([], first=TUESDAY, last=TUESDAY)

    assert holidays_only.last_working_on_or_before(TUESDAY) is None
    assert not holidays_only.is_working(TUESDAY)


@pytest.mark.parametrize("outside", [date(2023, 12, 31), date(2028, 1, 1)], ids=str)
def test_of_days_outside_the_calendar_nothing_is_said(outside: date):
    calendar = russian_calendar()

    with pytest.raises(ValueError):
        calendar.is_working(outside)
    with pytest.raises(ValueError):
        calendar.last_working_on_or_before(outside)
    with pytest.raises(ValueError):
        calendar.window(outside, count=1)
    with pytest.raises(ValueError):
        calendar.next_working_after(outside)


def test_a_term_that_ends_after_the_calendar_is_refused():
    with pytest.raises(ValueError):
        russian_calendar().next_working_after(date(2027, 12, 30), count=5)


@given(
    days=st.sets(st.dates(date(2026, 1, 1), date(2026, 3, 31))),
    day=st.dates(date(2026, 1, 1), date(2026, 3, 31)),
    count=st.integers(1, 9),
)
def test_any_calendar_answers_as_if_its_days_were_counted_one_by_one(days: set[date], day: date, count: int):
    calendar = WorkCalendar.of(days, first=date(2026, 1, 1), last=date(2026, 3, 31))

    later = sorted(one for one in days if one > day)
    assert calendar.is_working(day) == (day in days)
    assert calendar.last_working_on_or_before(day) == max((one for one in days if one <= day), default=None)
    assert calendar.window(day, count=count) == tuple(sorted(one for one in days if one >= day))[:count]
    if len(later) >= count:
        assert calendar.next_working_after(day, count=count) == later[count - 1]


def talk(client_zone: str, employee_zone: str = "Europe/Moscow", *, on: date = TUESDAY, client: CallingHours = POLITE):
    spans = common_hours(
        on=on, client_zone=ZoneInfo(client_zone), client=client, employee_zone=ZoneInfo(employee_zone), employee=ALL_DAY
    )
    return [(f"{start:%d %H:%M}", f"{end:%d %H:%M}") for start, end in spans]


def test_in_one_city_both_may_talk_all_day_but_at_the_client_s_lunch():
    assert talk("Europe/Moscow") == [("15 09:00", "15 13:00"), ("15 14:00", "15 18:00")]


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("Europe/Kaliningrad", [("15 10:00", "15 14:00"), ("15 15:00", "15 18:00")]),
        ("Europe/Samara", [("15 09:00", "15 12:00"), ("15 13:00", "15 17:00")]),
        ("Asia/Yekaterinburg", [("15 09:00", "15 11:00"), ("15 12:00", "15 16:00")]),
        ("Asia/Omsk", [("15 09:00", "15 10:00"), ("15 11:00", "15 15:00")]),
        ("Asia/Krasnoyarsk", [("15 10:00", "15 14:00")]),
        ("Asia/Irkutsk", [("15 09:00", "15 13:00")]),
        ("Asia/Yakutsk", [("15 09:00", "15 12:00")]),
        ("Asia/Vladivostok", [("15 09:00", "15 11:00")]),
        ("Asia/Magadan", [("15 09:00", "15 10:00")]),
        ("Asia/Kamchatka", []),
    ],
)
def test_moscow_calls_the_country_from_kaliningrad_to_magadan_and_never_kamchatka(zone: str, hours: list):
    assert talk(zone) == hours


def test_the_client_s_tomorrow_is_called_on_what_is_still_today_here():
    assert talk("Asia/Kamchatka", "America/New_York") == [("15 17:00", "15 18:00")]


def test_the_client_s_yesterday_is_called_on_what_is_already_today_here():
    late = CallingHours(opens=time(9), closes=time(20), lunch_from=None, lunch_until=None)

    assert talk("America/Los_Angeles", "Asia/Vladivostok", client=late) == [("15 09:00", "15 13:00")]


def test_a_client_abroad_who_moves_his_clocks_is_called_an_hour_later_in_winter():
    assert talk("Europe/Helsinki", on=date(2026, 7, 14))[0][0] == "14 09:00"
    assert talk("Europe/Helsinki", on=date(2026, 12, 15))[0][0] == "15 10:00"


def test_a_stretch_that_lunch_leaves_empty_is_left_out():
    lunch_first = CallingHours(lunch_from=time(9), lunch_until=time(10))

    assert talk("Europe/Moscow", client=lunch_first) == [("15 10:00", "15 18:00")]


def test_the_lunch_of_the_employee_is_cut_out_too():
    with_lunch = CallingHours(lunch_from=time(12), lunch_until=time(13))

    spans = common_hours(on=TUESDAY, client_zone=MOSCOW, client=ALL_DAY, employee_zone=MOSCOW, employee=with_lunch)

    assert [(start.hour, end.hour) for start, end in spans] == [(9, 12), (13, 18)]


EAST = ["Europe/Kaliningrad", "Europe/Moscow", "Asia/Omsk", "Asia/Irkutsk", "Asia/Kamchatka"]
ZONES = st.sampled_from([*EAST, "Europe/Helsinki", "America/New_York"]).map(ZoneInfo)


@given(on=DAYS, theirs=ZONES, ours=ZONES)
def test_any_common_hour_is_a_polite_hour_on_both_sides_and_none_is_missed(on: date, theirs: ZoneInfo, ours: ZoneInfo):
    spans = common_hours(on=on, client_zone=theirs, client=POLITE, employee_zone=ours, employee=ALL_DAY)

    minutes = {
        start + timedelta(minutes=shift) for start, end in spans for shift in range(0, (end - start).seconds // 60, 30)
    }
    start_of_day = min(
        one for one in common_hours(on=on, client_zone=ours, client=ALL_DAY, employee_zone=ours, employee=ALL_DAY)
    )[0]
    half_hours = [start_of_day + timedelta(minutes=30 * step) for step in range(18)]
    polite = {
        one for one in half_hours if time(9) <= (there := one.astimezone(theirs)).time() < time(18) and there.hour != 13
    }
    assert minutes == polite
