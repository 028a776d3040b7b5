"""Ivan goes on holiday: nobody is lost because of it, and it earns him nothing afterwards."""

from datetime import date, timedelta

from budilnik.core.terms import Queue
from strategies import IVAN, OLGA, Desk, Firm, facts, ids, russian_calendar

FRIDAY_BEFORE = date(2026, 9, 18)
HOLIDAY = (date(2026, 9, 21), date(2026, 10, 2))
FIRST_DAY_BACK = date(2026, 10, 5)


def firm_with(base: dict, *, holiday: bool = True) -> Firm:
    absences = (HOLIDAY,) if holiday else ()
    return Firm(desks=[Desk(employee_id=IVAN, absences=absences), Desk(employee_id=OLGA)], base=base)


def test_whoever_would_be_lost_during_the_holiday_is_called_on_the_friday_before():
    silent = {day: facts(day, silent_since=date(2026, 3, day)) for day in range(21, 32)}

    friday = firm_with(silent).morning(FRIDAY_BEFORE)

    assert sorted(ids(friday[IVAN])) == list(range(21, 32))
    assert {task.deadline for task in friday[IVAN].tasks} == {FRIDAY_BEFORE}


def test_without_the_holiday_their_days_are_their_own():
    silent = {day: facts(day, silent_since=date(2026, 3, day)) for day in (23, 25, 27)}

    friday = firm_with(silent, holiday=False).morning(FRIDAY_BEFORE)

    assert {task.client_id: task.deadline.day for task in friday[IVAN].tasks} == {23: 23, 25: 25, 27: 25}


def test_the_holiday_gives_no_list_and_the_first_day_back_no_more_of_the_pool_than_any_other():
    own = {number: facts(number, silent_since=date(2026, 6, 1)) for number in range(200)}
    lost = {1000 + number: facts(1000 + number, silent_since=date(2026, 3, 1), owner_id=OLGA) for number in range(200)}
    rested, worked = firm_with({**own, **lost}), firm_with({**own, **lost}, holiday=False)

    for day in russian_calendar().window(FRIDAY_BEFORE, count=11):
        assert (IVAN in rested.morning(day)) == (not HOLIDAY[0] <= day <= HOLIDAY[1])
        worked.morning(day)

    back, as_ever = rested.morning(FIRST_DAY_BACK)[IVAN], worked.morning(FIRST_DAY_BACK)[IVAN]
    assert len(back.tasks) == len(as_ever.tasks) == 20
    assert len(ids(back, Queue.POOL)) == len(ids(as_ever, Queue.POOL)) == 5


def test_the_forecast_before_a_holiday_counts_the_days_away_as_days_without_calls():
    due_right_after = {number: facts(number, silent_since=date(2026, 4, 5)) for number in range(40)}

    going = firm_with(due_right_after).morning(FRIDAY_BEFORE)[IVAN]
    staying = firm_with(due_right_after, holiday=False).morning(FRIDAY_BEFORE)[IVAN]

    # Ten talks on Friday and ten on Monday the 5th; at work there would be ten a day for twelve days.
    assert (going.left_out, staying.left_out) == (20, 0)
    assert going.capacity == 20


def test_absence_of_one_leaves_the_list_of_the_other_as_it_was():
    own = {number: facts(number, silent_since=date(2026, 6, 1), owner_id=OLGA) for number in range(50)}

    alone = firm_with(own).morning(HOLIDAY[0] + timedelta(days=1))[OLGA]
    together = firm_with(own, holiday=False).morning(HOLIDAY[0] + timedelta(days=1))[OLGA]

    assert ids(alone) == ids(together)
