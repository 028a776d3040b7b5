"""A newcomer has nobody to call but the pool, until ownerless clients are levelled."""

from datetime import date

from budilnik.core.levelling import Levelled, Load, level
from budilnik.core.seed import Seed
from budilnik.core.terms import Queue
from strategies import IVAN, OLGA, PYOTR, TUESDAY, Desk, Firm, caller, facts, ids, own, plan_day, pooled


def test_a_newcomer_s_whole_norm_comes_from_the_pool():
    forgotten = {IVAN: [own(number) for number in range(100)]}
    pool = [pooled(1000 + number) for number in range(100)]

    plans = plan_day([caller(IVAN), caller(PYOTR)], base=forgotten, pool=pool)

    assert len(ids(plans[IVAN], Queue.POOL)) == 5
    assert len(ids(plans[PYOTR], Queue.POOL)) == 20


def test_a_newcomer_makes_exhausted_clients_callable_again():
    lost_by_all = [pooled(number, lost_by=[IVAN, OLGA]) for number in range(3)]

    plans = plan_day([caller(IVAN), caller(OLGA), caller(PYOTR)], pool=lost_by_all)

    assert sorted(ids(plans[PYOTR])) == [0, 1, 2]


def test_whom_a_newcomer_wins_becomes_his_own_and_is_called_by_him_in_three_months():
    firm = Firm(
        desks=[Desk(employee_id=IVAN), Desk(employee_id=PYOTR)],
        base={1: facts(1, silent_since=date(2026, 3, 1))},
    )
    first = firm.morning(TUESDAY)
    firm.talked(1, on=TUESDAY, with_=PYOTR)

    week_later = firm.morning(date(2026, 9, 22))
    quarter_later = firm.morning(date(2026, 12, 15))

    assert ids(first[PYOTR], Queue.POOL) == [1]
    assert ids(week_later[PYOTR]) == ids(week_later[IVAN]) == []
    assert ids(quarter_later[PYOTR], Queue.OWN) == [1]


def test_ownerless_clients_make_a_newcomer_level_with_the_team():
    ownerless = [Levelled(client_id=number, value=100) for number in range(7)]
    team = [Load(employee_id=IVAN, clients=4), Load(employee_id=OLGA, clients=4), Load(employee_id=PYOTR)]

    owners = level(ownerless, loads=team, tie=Seed.of(TUESDAY).tie)

    got = list(owners.values())
    assert [got.count(who) for who in (IVAN, OLGA, PYOTR)] == [1, 1, 5]
