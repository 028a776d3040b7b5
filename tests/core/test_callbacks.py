"""Promises to ring back: the client's own time, the bell, the second ring."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.callbacks import (
    SnoozedEnough,
    Stage,
    bell,
    due_at,
    escalated,
    keeps,
    kept,
    ring_again,
    rings_after,
    snooze,
    stage,
    stage_of_step,
    step_escalated,
)

HELSINKI = ZoneInfo("Europe/Helsinki")
VLADIVOSTOK = ZoneInfo("Asia/Vladivostok")
DUE = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
EVENING = datetime(2026, 9, 15, 15, 0, tzinfo=UTC)
NEXT_MORNING = datetime(2026, 9, 16, 6, 0, tzinfo=UTC)
MADE = DUE - timedelta(days=1)
STEP_DAY = date(2026, 9, 15)


def minutes(count):
    return timedelta(minutes=count)


def test_ten_in_vladivostok_is_three_in_the_morning_in_moscow():
    assert due_at(date(2026, 9, 15), time(10), VLADIVOSTOK) == datetime(2026, 9, 15, 0, 0, tzinfo=UTC)


def test_an_hour_that_the_clocks_skip_falls_an_hour_later():
    due = due_at(date(2026, 3, 29), time(3, 30), HELSINKI)

    assert due.astimezone(HELSINKI).time() == time(4, 30)


def test_an_hour_that_comes_twice_means_its_first_coming():
    assert due_at(date(2026, 10, 25), time(3, 30, fold=1), HELSINKI) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_step_without_an_hour_is_the_same_date_in_moscow_and_at_the_client():
    for zone in ("Europe/Kaliningrad", "Asia/Kamchatka"):
        due = due_at(date(2026, 9, 15), None, ZoneInfo(zone))

        assert due.astimezone(ZoneInfo("Europe/Moscow")).date() == date(2026, 9, 15)


def test_a_wall_time_with_a_zone_of_its_own_is_a_mistake():
    with pytest.raises(ValueError, match="already has a zone"):
        due_at(date(2026, 9, 15), time(10, tzinfo=UTC), HELSINKI)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-6, Stage.WAITING),
        (-5, Stage.AT_TOP),
        (0, Stage.RINGING),
        (4, Stage.RINGING),
        (5, Stage.OVERDUE),
        (15, Stage.OVERDUE),
        (16, Stage.TO_HEAD),
    ],
)
def test_a_promise_rises_to_the_top_rings_turns_red_and_goes_to_the_head(minutes, expected):
    assert stage(DUE, now=DUE + timedelta(minutes=minutes)) is expected


def test_a_step_without_an_hour_is_due_all_day_long():
    day = date(2026, 9, 15)

    stages = [stage_of_step(day, on=day + timedelta(days=shift)) for shift in (-1, 0, 1)]

    assert stages == [Stage.WAITING, Stage.AT_TOP, Stage.TO_HEAD]


@pytest.mark.parametrize(("minutes", "kept"), [(-16, False), (-15, True), (0, True), (15, True), (16, False)])
def test_an_attempt_within_a_quarter_of_an_hour_keeps_the_promise(minutes, kept):
    assert keeps(DUE + timedelta(minutes=minutes), DUE) is kept


def test_the_call_in_which_a_promise_was_made_does_not_keep_it():
    made = DUE - minutes(10)

    assert not kept(DUE, made_at=made, attempts=[made])
    assert kept(DUE, made_at=made, attempts=[made, made + minutes(1)])


def test_a_promise_nobody_tried_is_shown_to_the_head_after_a_quarter_of_an_hour():
    def shown(late):
        return escalated(DUE, made_at=MADE, attempts=[], now=DUE + minutes(late))

    assert [shown(14), shown(15), shown(16)] == [False, False, True]


@pytest.mark.parametrize(("tried", "shown"), [(-16, True), (-15, False), (0, False), (15, False), (16, True)])
def test_a_promise_tried_in_time_is_not_shown_to_the_head_however_often_it_rings_again(tried, shown):
    attempts = [DUE + minutes(tried), DUE + minutes(tried + 60), NEXT_MORNING]

    assert escalated(DUE, made_at=MADE, attempts=attempts, now=NEXT_MORNING + minutes(60)) is shown


def test_a_step_is_shown_to_the_head_on_the_next_day_unless_somebody_tried_on_its_own():
    noon = due_at(STEP_DAY, None, VLADIVOSTOK)
    evening_before, evening, next_day = (noon + timedelta(hours=shift) for shift in (-13, 7, 13))

    def shown(*attempts, on=STEP_DAY + timedelta(days=1)):
        return step_escalated(STEP_DAY, noon, made_at=MADE, attempts=attempts, on=on)

    assert not shown(on=STEP_DAY)
    assert [shown(), shown(evening_before), shown(evening), shown(next_day)] == [True, True, False, True]


def test_a_promise_put_off_by_minutes_rings_later_and_is_late_by_its_own_time():
    own = bell(DUE, rings_at=None, tried=False)
    put_off = bell(DUE, rings_at=DUE + minutes(7), tried=False)

    assert (own.shows_at, own.rings_at, own.late_at) == (DUE - minutes(5), DUE, DUE + minutes(5))
    assert (put_off.rings_at, put_off.late_at) == (DUE + minutes(7), DUE + minutes(5))


def test_a_promise_tried_in_time_is_late_by_its_next_ring():
    again = bell(DUE, rings_at=DUE + minutes(60), tried=True)

    assert (again.shows_at, again.late_at) == (DUE + minutes(55), DUE + minutes(65))


@pytest.mark.parametrize(("tried", "rings"), [(-300, DUE), (-16, DUE), (-15, NEXT_MORNING), (20, NEXT_MORNING)])
def test_an_attempt_hours_too_early_leaves_the_alarm_at_its_time(tried, rings):
    assert rings_after(DUE, tried_at=DUE + minutes(tried), again=NEXT_MORNING) == rings


def test_no_answer_rings_again_in_an_hour_and_then_next_morning():
    def again(misses, now):
        return ring_again(misses, now=now, day_ends_at=EVENING, next_morning=NEXT_MORNING)

    assert again(1, DUE) == DUE + timedelta(hours=1)
    assert again(2, DUE) == NEXT_MORNING
    assert again(1, EVENING - timedelta(hours=1)) == NEXT_MORNING
    with pytest.raises(ValueError, match="nobody has missed"):
        again(0, DUE)


def test_a_promise_is_put_off_by_five_minutes_three_times_at_most():
    assert snooze(2, now=DUE) == DUE + timedelta(minutes=5)
    with pytest.raises(SnoozedEnough) as refused:
        snooze(3, now=DUE)

    assert "3" in refused.value.text("ru")


@given(
    local=st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1)),
    zone=st.sampled_from(["Europe/Moscow", "Europe/Helsinki", "Asia/Kamchatka", "America/New_York"]),
)
def test_a_promise_never_rings_before_its_wall_time_and_no_more_than_an_hour_after(local, zone):
    due = due_at(local.date(), local.time(), ZoneInfo(zone))

    shown = due.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert due.utcoffset() == timedelta(0)
    assert timedelta(0) <= shown - local <= timedelta(hours=1)


@given(first=st.integers(-10_000, 10_000), second=st.integers(-10_000, 10_000))
def test_a_promise_never_steps_back(first, second):
    order = list(Stage)

    earlier, later = (order.index(stage(DUE, now=DUE + timedelta(seconds=shift))) for shift in sorted((first, second)))

    assert earlier <= later


@given(
    attempts=st.lists(st.integers(-100, 2_000), max_size=4),
    more=st.integers(-100, 2_000),
    now=st.integers(-100, 2_000),
)
def test_one_attempt_more_never_shows_a_promise_to_the_head(attempts, more, now):
    def shown(tried):
        return escalated(DUE, made_at=MADE, attempts=[DUE + minutes(t) for t in tried], now=DUE + minutes(now))

    assert shown(attempts) >= shown([*attempts, more])


def test_the_firm_says_how_late_is_late_enough_for_the_head():
    def shown(late: int) -> bool:
        longer = minutes(45)
        return escalated(DUE, made_at=MADE, attempts=[], now=DUE + minutes(late), escalates_after=longer)

    assert not shown(45)
    assert shown(46)
    assert not escalated(
        DUE, made_at=MADE, attempts=[DUE + minutes(5)], now=DUE + minutes(46), escalates_after=minutes(45)
    )
