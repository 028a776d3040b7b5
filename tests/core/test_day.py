"""The day plan: what claims an employee's attempts, and what must hold of any morning."""

from datetime import timedelta
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.day import PlannedDay, Taken, Task, in_order, pool_slots
from budilnik.core.seed import Seed
from budilnik.core.terms import Queue
from strategies import (
    BOLT_SERVICE,
    GAIKA,
    IVAN,
    OLGA,
    STALKER,
    TUESDAY,
    Office,
    at_six,
    caller,
    ids,
    offices,
    own,
    plan_day,
    pooled,
    promise,
    rules,
)


def test_a_quarter_of_twenty_calls_goes_to_the_pool():
    forgotten = [own(number) for number in range(100)]
    lost = [pooled(1000 + number, lost_by=[OLGA]) for number in range(100)]

    plan = plan_day([caller(IVAN)], base={IVAN: forgotten}, pool=lost)[IVAN]

    assert len(plan.tasks) == 20
    assert len(ids(plan, Queue.OWN)) == 15
    assert len(ids(plan, Queue.POOL)) == 5


def test_promises_are_kept_even_beyond_the_norm():
    promised = [promise(number) for number in range(5)]

    plan = plan_day([caller(IVAN, capacity=3)], base={IVAN: [own(10)]}, pool=[pooled(20)], promised={IVAN: promised})

    assert sorted(ids(plan[IVAN])) == [0, 1, 2, 3, 4]


def test_clients_on_their_last_day_are_called_even_beyond_the_norm():
    last_day = [own(number, due_in=0) for number in range(5)]

    plan = plan_day([caller(IVAN, capacity=3)], base={IVAN: [*last_day, own(10)]}, pool=[pooled(20)])

    assert sorted(ids(plan[IVAN])) == [0, 1, 2, 3, 4]


def test_retries_come_before_the_rest_but_within_the_norm():
    retries = [own(number, queue=Queue.RETRY, value=1) for number in range(5)]
    dear = [own(10 + number, value=900) for number in range(5)]

    few = plan_day([caller(IVAN, capacity=3)], base={IVAN: [*dear, *retries]})
    many = plan_day([caller(IVAN, capacity=7)], base={IVAN: [*dear, *retries]}, by=rules(pool_share=0.0))

    assert set(ids(few[IVAN])) < {0, 1, 2, 3, 4}
    assert len(ids(few[IVAN])) == 3
    assert sorted(ids(many[IVAN], Queue.RETRY)) == [0, 1, 2, 3, 4]
    assert len(ids(many[IVAN], Queue.OWN)) == 2


def test_a_retry_on_its_last_day_is_a_last_day():
    last = own(BOLT_SERVICE, due_in=0, queue=Queue.RETRY)

    plan = plan_day([caller(IVAN, capacity=0)], base={IVAN: [last, own(STALKER, queue=Queue.RETRY)]})

    assert ids(plan[IVAN]) == [BOLT_SERVICE]


def test_the_claims_stand_in_order_promise_last_day_retry_own_pool():
    base = [own(1, due_in=0), own(2, queue=Queue.RETRY), own(3), own(4)]

    def of(norm: int) -> set[int]:
        plan = plan_day(
            [caller(IVAN, capacity=norm)],
            base={IVAN: base},
            pool=[pooled(9)],
            promised={IVAN: [promise(7)]},
            by=rules(pool_share=0.0),
        )
        return set(ids(plan[IVAN]))

    assert [of(norm) >= {7, 1} for norm in (0, 1, 2)] == [True, True, True]
    assert of(2) == {7, 1}
    assert of(3) == {7, 1, 2}
    assert of(5) == {7, 1, 2, 3, 4}
    assert of(6) == {7, 1, 2, 3, 4, 9}


def test_what_the_own_queue_cannot_use_goes_to_the_pool():
    lost = [pooled(100 + number) for number in range(50)]

    plan = plan_day([caller(IVAN)], base={IVAN: [own(1), own(2)]}, pool=lost)[IVAN]

    assert len(ids(plan, Queue.OWN)) == 2
    assert len(ids(plan, Queue.POOL)) == 18


def test_what_the_pool_cannot_use_goes_to_the_own_queue():
    forgotten = [own(number) for number in range(50)]

    plan = plan_day([caller(IVAN)], base={IVAN: forgotten}, pool=[pooled(100), pooled(101, lost_by=[IVAN])])[IVAN]

    assert len(ids(plan, Queue.OWN)) == 19
    assert ids(plan, Queue.POOL) == [100]


def test_who_does_not_call_the_pool_fills_his_day_with_his_own():
    forgotten = [own(number) for number in range(50)]

    plan = plan_day([caller(IVAN, calls_pool=False)], base={IVAN: forgotten}, pool=[pooled(100)])[IVAN]

    assert len(ids(plan, Queue.OWN)) == 20
    assert not ids(plan, Queue.POOL)


def test_two_companies_of_one_group_are_not_called_on_one_day():
    base = {IVAN: [own(1, group_id=7, due_in=0)], OLGA: [own(2, group_id=7), own(3)]}

    plans = plan_day([caller(IVAN), caller(OLGA)], base=base, pool=[pooled(4, group_id=7)])

    called = ids(plans[IVAN]) + ids(plans[OLGA])
    assert len({1, 2, 4} & set(called)) == 1
    assert 3 in called


def test_two_companies_of_one_number_are_not_called_on_one_day():
    switchboard = frozenset({"+74951112233"})

    plans = plan_day(
        [caller(IVAN)], base={IVAN: [own(1), own(2)]}, pool=[pooled(3)], shared_numbers={1: switchboard, 3: switchboard}
    )

    called = set(ids(plans[IVAN]))
    assert 2 in called
    assert len({1, 3} & called) == 1


def test_a_promise_is_kept_even_to_two_companies_of_one_group():
    plans = plan_day(
        [caller(IVAN)],
        base={IVAN: [own(3, group_id=7)]},
        promised={IVAN: [promise(1, group_id=7), promise(2, group_id=7)]},
    )

    assert sorted(ids(plans[IVAN])) == [1, 2]


def test_a_dear_company_that_nobody_may_call_does_not_keep_its_sister_from_a_call():
    lost_by_both = pooled(BOLT_SERVICE, value=900, lost_by=[IVAN, OLGA], group_id=7)
    sister = pooled(STALKER, value=10, group_id=7)

    plans = plan_day([caller(IVAN)], pool=[lost_by_both, sister])

    assert ids(plans[IVAN]) == [STALKER]


def test_a_dear_company_without_a_free_caller_does_not_keep_its_sister_from_a_call():
    dearest = pooled(GAIKA, value=999, lost_by=[OLGA])
    only_for_ivan = pooled(BOLT_SERVICE, value=900, lost_by=[OLGA], group_id=7)
    sister = pooled(STALKER, value=10, group_id=7)

    plans = plan_day([caller(IVAN, capacity=1), caller(OLGA, capacity=1)], pool=[dearest, only_for_ivan, sister])

    assert ids(plans[IVAN]) == [GAIKA]
    assert ids(plans[OLGA]) == [STALKER]


def test_a_pool_company_without_a_caller_does_not_keep_an_own_one_of_its_group_from_a_call():
    for_nobody = pooled(BOLT_SERVICE, lost_by=[IVAN], group_id=7)
    waits = [own(1), own(2), own(3), own(STALKER + 10, value=1, group_id=7)]

    plans = plan_day([caller(IVAN, capacity=4)], base={IVAN: waits}, pool=[for_nobody], by=rules(pool_share=1.0))

    assert len(plans[IVAN].tasks) == 4


def test_a_quarter_of_three_free_slots_is_one_on_three_days_of_four():
    shares = [
        pool_slots(3, share=0.25, fraction=Seed.of(TUESDAY + timedelta(days=shift)).fraction(IVAN))
        for shift in range(1000)
    ]

    assert set(shares) == {0, 1}
    assert mean(shares) == pytest.approx(0.75, abs=0.05)


def test_nothing_left_leaves_nothing_to_the_pool():
    assert pool_slots(0, share=1.0, fraction=0.99) == 0
    assert pool_slots(-5, share=0.5, fraction=0.99) == 0
    assert pool_slots(3, share=1.0, fraction=0.99) == 3


def test_promises_stand_by_their_hour_and_the_rest_by_the_window_that_closes_first():
    tasks = plan_day(
        [caller(IVAN)],
        base={IVAN: [own(1, due_in=9), own(2, due_in=3), own(3, due_in=None), own(4, due_in=3, value=900)]},
        promised={IVAN: [promise(5, hour=14), promise(6, hour=9)]},
    )[IVAN].tasks

    def closes(task: Task):
        return at_six(task) - timedelta(hours=5) if task.client_id == 3 else at_six(task)

    in_line = in_order(tasks, on=TUESDAY, closes=closes, tie=lambda client: client)

    assert [task.client_id for task in in_line] == [6, 5, 3, 4, 2, 1]


def test_own_clients_and_the_pool_take_turns_after_the_last_chances_of_the_day():
    base = [own(1, due_in=0), *(own(number, due_in=number) for number in range(2, 8))]
    lost = [pooled(60, value=300), pooled(61, value=200), pooled(62, value=100)]

    plan = plan_day([caller(IVAN, capacity=10)], base={IVAN: base}, pool=lost, by=rules(pool_share=0.34))[IVAN]

    assert ids(plan)[0] == 1
    assert [client for client in ids(plan) if client < 60] == [1, 2, 3, 4, 5, 6, 7]
    assert [client for client in ids(plan) if client >= 60] == [60, 61, 62]
    assert 60 in ids(plan)[:4]
    assert 61 in ids(plan)[:7]


@given(own_clients=st.integers(0, 20), lost_clients=st.integers(0, 20), share=st.floats(0, 1))
def test_any_first_part_of_a_day_holds_its_share_of_both_queues(own_clients, lost_clients, share):
    base = [own(number, due_in=20) for number in range(1, own_clients + 1)]
    lost = [pooled(100 + number) for number in range(lost_clients)]
    plan = plan_day([caller(IVAN, capacity=40)], base={IVAN: base}, pool=lost, by=rules(pool_share=share))[IVAN]

    listed, in_all = ids(plan), len(ids(plan, Queue.POOL))

    for part in range(1, len(listed) + 1):
        of_pool = sum(client >= 100 for client in listed[:part])
        assert abs(of_pool - in_all * part / len(listed)) <= 1


def test_equals_stand_by_the_draw():
    tasks = plan_day([caller(IVAN)], base={IVAN: [own(1), own(2)]})[IVAN].tasks

    forwards = in_order(tasks, on=TUESDAY, closes=at_six, tie=lambda client: client)
    backwards = in_order(tasks, on=TUESDAY, closes=at_six, tie=lambda client: -client)

    assert [task.client_id for task in forwards] == [1, 2]
    assert [task.client_id for task in backwards] == [2, 1]


def test_a_plan_names_the_load_and_those_who_will_be_lost_whatever_we_do():
    plan = plan_day([caller(IVAN, capacity=4)], base={IVAN: [own(number, due_in=1) for number in range(8)]})[IVAN]

    assert (plan.capacity, plan.left_out, plan.calls_to_save) == (4, 4, 4)
    assert plan.load == pytest.approx(8 / 124)


def test_a_substitute_is_told_whose_client_he_calls():
    plan = plan_day([caller(OLGA)], base={OLGA: [own(1), own(2)]}, stand_ins={1: IVAN})[OLGA]

    you = {task.client_id: task.reasons["you"] for task in plan.tasks}
    assert you == {1: {"code": "stands_in", "employee": IVAN}, 2: {"code": "owner"}}


def test_trying_somebody_on_takes_nobody():
    taken = Taken({1: frozenset({"+74951112233"})})

    assert taken.copy().take(1, 7)
    assert taken.is_free(1, 7)


def planned(office: Office) -> dict[int, PlannedDay]:
    return plan_day(
        office.callers,
        base=office.base,
        pool=office.pool,
        promised=office.promised,
        by=office.by,
        shared_numbers=office.shared_numbers,
    )


@given(office=offices())
def test_of_any_morning_nobody_is_over_his_norm_but_by_promises_and_last_days(office: Office):
    plans = planned(office)

    for each in office.callers:
        last_days = {one.client_id for one in office.base[each.employee_id] if one.due_in == 0}
        kept = [t for t in plans[each.employee_id].tasks if t.queue is Queue.CALLBACK or t.client_id in last_days]
        assert len(plans[each.employee_id].tasks) <= max(each.capacity, len(kept))
        assert set(ids(plans[each.employee_id])) >= {task.client_id for task in office.promised[each.employee_id]}


@given(office=offices())
def test_of_any_morning_no_client_no_group_and_no_number_is_called_twice(office: Office):
    plans = planned(office)

    tasks = [task for plan in plans.values() for task in plan.tasks]
    promised = {task.client_id for each in office.promised.values() for task in each}
    called = [task.client_id for task in tasks]
    groups = [task.group_id for task in tasks if task.group_id]
    promised_groups = [task.group_id for task in tasks if task.group_id and task.client_id in promised]
    numbers = [task.client_id for task in tasks if task.client_id in office.shared_numbers]
    assert len(called) == len(set(called))
    assert len(groups) - len(set(groups)) == len(promised_groups) - len(set(promised_groups))
    assert len(numbers) <= max(1, len([one for one in numbers if one in promised]))


@given(office=offices())
def test_of_any_morning_nobody_gets_a_client_he_lost_or_one_of_a_colleague(office: Office):
    plans = planned(office)

    barred = {client.client_id: client.barred for client in office.pool}
    for employee, plan in plans.items():
        mine = {c.client_id for c in office.base[employee]} | {t.client_id for t in office.promised[employee]}
        assert set(ids(plan)) <= mine | set(barred)
        assert not [number for number in ids(plan, Queue.POOL) if employee in barred[number]]


@given(office=offices())
def test_of_any_morning_no_slot_is_free_while_somebody_could_be_called(office: Office):
    plans = planned(office)

    taken = Taken(office.shared_numbers)
    for plan in plans.values():
        for task in plan.tasks:
            taken.insist(task.client_id, task.group_id)
    for each in office.callers:
        if len(plans[each.employee_id].tasks) < each.capacity:
            could = [c for c in office.pool if each.calls_pool and each.employee_id not in c.barred]
            waiting = [*could, *office.base[each.employee_id]]
            assert not [c.client_id for c in waiting if taken.is_free(c.client_id, c.group_id)]


@given(office=offices(), order=st.randoms(use_true_random=False))
def test_any_morning_is_the_same_in_whatever_order_own_clients_and_team_are_read(office: Office, order):
    once = planned(office)

    order.shuffle(office.callers)
    for clients in office.base.values():
        order.shuffle(clients)

    assert planned(office) == once
