"""A firm of two: each calls whom the other has lost, and whom both have lost nobody calls."""

from budilnik.core.terms import Queue
from strategies import IVAN, OLGA, PYOTR, caller, ids, own, plan_day, pooled


def test_each_calls_the_clients_that_the_other_has_lost():
    pool = [pooled(number, lost_by=[IVAN if number % 2 else OLGA]) for number in range(1, 9)]

    plans = plan_day([caller(IVAN), caller(OLGA)], pool=pool)

    assert sorted(ids(plans[IVAN])) == [2, 4, 6, 8]
    assert sorted(ids(plans[OLGA])) == [1, 3, 5, 7]


def test_clients_lost_by_both_wait_for_a_third():
    pool = [pooled(number, lost_by=[IVAN, OLGA]) for number in range(5)]

    of_two = plan_day([caller(IVAN), caller(OLGA)], pool=pool)
    of_three = plan_day([caller(IVAN), caller(OLGA), caller(PYOTR)], pool=pool)

    assert not ids(of_two[IVAN]) + ids(of_two[OLGA])
    assert sorted(ids(of_three[PYOTR])) == [0, 1, 2, 3, 4]


def test_while_one_is_ill_the_other_does_not_call_more_than_his_norm():
    forgotten = {IVAN: [own(number) for number in range(40)]}
    pool = [pooled(100 + number, lost_by=[OLGA]) for number in range(40)]

    plans = plan_day([caller(IVAN)], base=forgotten, pool=pool)

    assert len(plans[IVAN].tasks) == 20
    assert len(ids(plans[IVAN], Queue.POOL)) == 5
