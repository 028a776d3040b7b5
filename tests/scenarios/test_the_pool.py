"""«Он мог достаться любому другому менеджеру, но не тому, кто его потерял»."""

from datetime import date

from budilnik.core.pool import exhausted
from budilnik.core.terms import ClientStatus, Queue
from strategies import BOLT_SERVICE, GAIKA, IVAN, OLGA, PYOTR, STALKER, Desk, Firm, caller, facts, ids, plan_day, pooled

LAST_DAY_KEPT, LOST_ON = date(2026, 9, 15), date(2026, 9, 16)


def test_a_lost_client_never_returns_to_the_manager_who_lost_it():
    bolt_service = pooled(BOLT_SERVICE, lost_by=[IVAN])

    plans = plan_day([caller(IVAN, capacity=20), caller(OLGA, capacity=1)], pool=[bolt_service])

    assert ids(plans[IVAN]) == []
    assert ids(plans[OLGA]) == [BOLT_SERVICE]


def test_a_client_lost_this_morning_is_called_by_a_colleague_this_morning():
    firm = Firm(
        desks=[Desk(employee_id=IVAN), Desk(employee_id=OLGA)],
        base={BOLT_SERVICE: facts(BOLT_SERVICE, silent_since=date(2026, 3, 15))},
    )

    last_day = firm.morning(LAST_DAY_KEPT)
    day_after = firm.morning(LOST_ON)

    assert ids(last_day[IVAN], Queue.OWN) == [BOLT_SERVICE]
    assert ids(day_after[IVAN]) == []
    assert ids(day_after[OLGA], Queue.POOL) == [BOLT_SERVICE]
    assert firm.lost == [(BOLT_SERVICE, IVAN, LOST_ON)]


def test_a_client_lost_by_one_after_another_is_never_given_back_to_any_of_them():
    firm = Firm(
        desks=[Desk(employee_id=IVAN), Desk(employee_id=OLGA)],
        base={BOLT_SERVICE: facts(BOLT_SERVICE, silent_since=date(2026, 3, 15))},
    )
    firm.morning(LOST_ON)

    firm.talked(BOLT_SERVICE, on=LOST_ON, with_=OLGA)
    won = firm.base[BOLT_SERVICE]
    lost_again = firm.morning(date(2027, 3, 17))

    assert (won.owner_id, won.status) == (OLGA, ClientStatus.REGULAR)
    assert [loser for _, loser, _ in firm.lost] == [IVAN, OLGA]
    assert ids(lost_again[IVAN]) == ids(lost_again[OLGA]) == []
    assert exhausted(firm.losers[BOLT_SERVICE], callers=frozenset({IVAN, OLGA}))
    assert not exhausted(firm.losers[BOLT_SERVICE], callers=frozenset({IVAN, OLGA, PYOTR}))


def test_when_only_one_may_call_the_dear_client_the_other_takes_the_cheap_one():
    pool = [pooled(BOLT_SERVICE, value=900), pooled(STALKER, value=800, lost_by=[IVAN]), pooled(GAIKA, value=10)]

    plans = plan_day([caller(IVAN, capacity=1), caller(OLGA, capacity=1)], pool=pool)

    assert ids(plans[IVAN]) == [BOLT_SERVICE]
    assert ids(plans[OLGA]) == [STALKER]
