"""Months end on different days: talks of the last days of August are all lost on one morning."""

from datetime import date

from budilnik.core.terms import ClientStatus, Queue
from strategies import IVAN, OLGA, Desk, Firm, facts, ids


def test_talks_of_the_last_four_days_of_august_are_lost_on_the_first_of_march():
    base = {day: facts(day, silent_since=date(2026, 8, day)) for day in (28, 29, 30, 31)}
    firm = Firm(desks=[Desk(employee_id=IVAN)], base=base)

    firm.morning(date(2027, 2, 26))
    still_kept = firm.of_status(ClientStatus.FORGOTTEN)
    firm.morning(date(2027, 3, 1))

    assert still_kept == 4
    assert firm.of_status(ClientStatus.LOST) == 4


def test_on_the_last_working_day_of_february_all_of_them_are_called_even_beyond_the_norm():
    base = {day: facts(day, silent_since=date(2026, 8, day)) for day in (28, 29, 30, 31)}
    firm = Firm(desks=[Desk(employee_id=IVAN, norm=2)], base=base)

    friday = firm.morning(date(2027, 2, 26))

    assert sorted(ids(friday[IVAN])) == [28, 29, 30, 31]


def test_a_talk_of_the_thirtieth_of_november_is_forgotten_on_the_last_of_february():
    base = {1: facts(1, silent_since=date(2026, 11, 30)), 2: facts(2, silent_since=date(2026, 12, 1))}
    firm = Firm(desks=[Desk(employee_id=IVAN)], base=base)

    friday = firm.morning(date(2027, 2, 26))
    monday = firm.morning(date(2027, 3, 1))

    assert Queue.OWN not in {task.queue for task in friday[IVAN].tasks}
    assert sorted(ids(monday[IVAN], Queue.OWN)) == [1, 2]


def test_a_loss_within_the_january_holidays_is_prevented_in_december():
    base = {1: facts(1, silent_since=date(2026, 7, 5))}
    firm = Firm(desks=[Desk(employee_id=IVAN), Desk(employee_id=OLGA)], base=base)

    last_of_the_year = firm.morning(date(2026, 12, 30))
    first_of_the_year = firm.morning(date(2027, 1, 11))

    assert last_of_the_year[IVAN].tasks[0].deadline == date(2026, 12, 30)
    assert last_of_the_year[IVAN].tasks[0].reasons["today"] == {"code": "last_day"}
    assert ids(first_of_the_year[OLGA], Queue.POOL) == [1]
