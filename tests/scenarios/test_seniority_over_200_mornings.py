"""Equals have equal shares over two hundred mornings, whoever came first and stands first in the list."""

from collections import Counter
from itertools import permutations

import pytest

from budilnik.core.terms import Queue
from strategies import IVAN, OLGA, PYOTR, caller, ids, own, plan_day, pooled, rules, russian_calendar

MORNINGS = russian_calendar().days[:200]
TEAM = (IVAN, OLGA, PYOTR)


def shared_over_200_mornings(team: tuple[int, ...]) -> tuple[Counter[int], Counter[int]]:
    """Ten clients of falling value for three equals: count how many and how much each was given."""
    given: Counter[int] = Counter()
    worth: Counter[int] = Counter()
    pool = [pooled(number, value=100 - number % 5) for number in range(10)]
    for day in MORNINGS:
        for who, plan in plan_day([caller(one) for one in team], pool=pool, by=rules(on=day)).items():
            given[who] += len(plan.tasks)
            worth[who] += sum(task.value for task in plan.tasks)
    return given, worth


@pytest.mark.parametrize("team", list(permutations(TEAM)), ids=str)
def test_a_pool_smaller_than_the_day_is_shared_equally_in_the_long_run(team: tuple[int, ...]):
    given, worth = shared_over_200_mornings(team)

    # Three each, and the tenth by lot: 667 on the average, a standard deviation of 6.7.
    for who in TEAM:
        assert given[who] == pytest.approx(2000 / 3, abs=27)
        assert worth[who] == pytest.approx(sum(worth.values()) / 3, rel=0.04)


def test_the_order_of_the_list_changes_nothing_on_any_morning():
    pool = [pooled(number) for number in range(7)]

    for day in MORNINGS:
        forwards = plan_day([caller(one) for one in TEAM], pool=pool, by=rules(on=day))
        backwards = plan_day([caller(one) for one in reversed(TEAM)], pool=pool, by=rules(on=day))
        assert forwards == backwards


def test_numbers_of_employees_give_nobody_the_only_client_more_often():
    lucky: Counter[int] = Counter()
    for day in MORNINGS:
        plans = plan_day([caller(one) for one in TEAM], pool=[pooled(1)], by=rules(on=day))
        lucky.update(who for who, plan in plans.items() if plan.tasks)

    # A third of 200 with a standard deviation of 6.7.
    assert all(lucky[who] == pytest.approx(200 / 3, abs=27) for who in TEAM)


def test_of_two_sister_companies_now_the_one_manager_calls_and_now_the_other():
    first: Counter[int] = Counter()
    for day in MORNINGS:
        plans = plan_day(
            [caller(IVAN), caller(OLGA)],
            base={IVAN: [own(1, group_id=7)], OLGA: [own(2, group_id=7)]},
            by=rules(on=day),
        )
        first.update(who for who, plan in plans.items() if plan.tasks)

    assert first.total() == 200
    assert first[IVAN] == pytest.approx(100, abs=28)


def test_a_quarter_of_eighteen_calls_is_four_and_a_half_on_the_average():
    forgotten = [own(number) for number in range(60)]
    pool = [pooled(100 + number) for number in range(60)]
    shares = [
        len(
            ids(
                plan_day([caller(IVAN, capacity=18)], base={IVAN: forgotten}, pool=pool, by=rules(on=day))[IVAN],
                Queue.POOL,
            )
        )
        for day in MORNINGS
    ]

    assert set(shares) == {4, 5}
    assert sum(shares) / 200 == pytest.approx(4.5, abs=0.15)
