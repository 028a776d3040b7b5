"""Ivan's base over a year: «в квартал примерно 700 клиентов — это те, с кем он вообще не взаимодействует»."""

from datetime import date, timedelta

import pytest

from budilnik.core.seed import Seed
from budilnik.core.status import StatusBook
from budilnik.core.terms import ClientStatus
from strategies import IVAN, Desk, Firm, facts, russian_calendar

YEAR = [day for day in russian_calendar().days if day.year == 2026]
CLIENTS = 1000


def ivan_s_base(*, norm: int) -> Firm:
    """A thousand clients, the last talks spread over the last three months."""
    base = {
        number: facts(number, silent_since=YEAR[0] - timedelta(days=1 + number % 90), value=number * 37 % 1009)
        for number in range(CLIENTS)
    }
    return Firm(desks=[Desk(employee_id=IVAN, norm=norm)], base=base)


def live(firm: Firm, days: list[date]) -> set[int]:
    """Let every second call be answered, and return who was talked to."""
    talked: set[int] = set()
    for day in days:
        seed = Seed.of(day)
        for task in firm.morning(day)[IVAN].tasks:
            if seed.tie(task.client_id) % 2:
                firm.talked(task.client_id, on=day, with_=IVAN)
                talked.add(task.client_id)
    return talked


def test_with_twenty_calls_a_day_ivan_talks_to_his_whole_base_and_loses_nobody_in_a_year():
    firm = ivan_s_base(norm=20)

    talked = live(firm, YEAR)

    assert len(talked) == CLIENTS
    assert firm.lost == []
    assert firm.of_status(ClientStatus.LOST) == 0


def test_with_four_calls_a_day_seven_hundred_hear_nothing_in_a_quarter_and_most_are_lost_in_a_year():
    firm = ivan_s_base(norm=4)

    first_quarter = live(firm, [day for day in YEAR if day.month <= 3])
    heard_nothing = CLIENTS - len(first_quarter)
    live(firm, [day for day in YEAR if day.month > 3])

    assert heard_nothing > 700
    assert len(firm.lost) > 500
    assert {loser for _, loser, _ in firm.lost} == {IVAN}


@pytest.mark.parametrize("norm", [4, 20])
def test_every_morning_every_status_is_that_of_the_rule(norm: int):
    firm = ivan_s_base(norm=norm)

    for day in YEAR[:130:10]:
        live(firm, [day])
        book = StatusBook(on=day, policy=firm.policy.silence)
        for one in firm.base.values():
            verdict = book.verdict(one.silent_since, True, None, None, one.in_pool_since is not None, one.status)
            assert verdict.status == one.status
            assert (one.status == ClientStatus.LOST) == (one.owner_id is None)
