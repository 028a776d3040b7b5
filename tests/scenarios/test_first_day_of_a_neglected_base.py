"""«Лишь 30% клиентов задействованы»: the first morning of a base most of which was forgotten."""

from collections import Counter
from datetime import date, timedelta

from budilnik.core.terms import ClientStatus, Queue
from strategies import IVAN, OLGA, TUESDAY, Desk, Firm, facts, ids


def neglected_base() -> Firm:
    """A thousand clients each; of every ten three were talked to lately, three are forgotten, four lost."""
    silent_days = {0: 10, 1: 40, 2: 85, 3: 100, 4: 130, 5: 170, 6: 200, 7: 300, 8: 400, 9: 900}
    base = {
        number: facts(
            number,
            owner_id=IVAN if number < 1000 else OLGA,
            silent_since=TUESDAY - timedelta(days=silent_days[number % 10]),
            value=number * 37 % 1009,
        )
        for number in range(2000)
    }
    return Firm(desks=[Desk(employee_id=IVAN), Desk(employee_id=OLGA)], base=base)


def test_the_base_falls_into_the_three_categories_and_the_lost_into_one_pool():
    firm = neglected_base()

    firm.morning(TUESDAY)

    assert Counter(one.status for one in firm.base.values()) == {
        ClientStatus.REGULAR: 600,
        ClientStatus.FORGOTTEN: 600,
        ClientStatus.LOST: 800,
    }
    assert Counter(loser for _, loser, _ in firm.lost) == {IVAN: 400, OLGA: 400}
    assert all((one.owner_id is None) == (one.status == ClientStatus.LOST) for one in firm.base.values())


def test_everybody_has_twenty_calls_of_two_queues_however_many_are_neglected():
    plans = neglected_base().morning(TUESDAY)

    for plan in plans.values():
        assert len(plan.tasks) == 20
        assert len(ids(plan, Queue.OWN)) == 15
        assert len(ids(plan, Queue.POOL)) == 5


def test_from_the_pool_come_the_dearest_whom_the_other_has_lost():
    firm = neglected_base()

    plans = firm.morning(TUESDAY)

    for caller, loser in ((IVAN, OLGA), (OLGA, IVAN)):
        values = [task.value for task in plans[caller].tasks if task.queue is Queue.POOL]
        lost_by_the_other = sorted((firm.base[n].value for n, who, _ in firm.lost if who == loser), reverse=True)
        assert sorted(values, reverse=True) == lost_by_the_other[:5]


def test_the_second_morning_releases_nobody_anew():
    firm = neglected_base()
    firm.morning(TUESDAY)
    released = len(firm.lost)

    firm.morning(date(2026, 9, 16))

    assert len(firm.lost) == released
