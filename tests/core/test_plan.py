"""The day of a team at once: the rules of the firm as the plan takes them, and what the days ahead still offer."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.day import Taken
from budilnik.core.plan import Desk, conversations, plan_team, rules_of_day
from budilnik.core.policy import Policy
from budilnik.core.seed import Seed
from strategies import IVAN, TUESDAY, caller, offices, own, promise, rules

WEEK = [TUESDAY + timedelta(days=shift) for shift in range(4)]


def test_the_rules_of_a_day_are_the_firms_policy():
    policy = Policy(pool_share=0.4, reach_rate=0.3, near_days=9, overload_from=2.0, value_weight=0.7)

    by = rules_of_day(policy, on=TUESDAY, seed=Seed.of(TUESDAY))

    assert (by.on, by.pool_share, by.reach) == (TUESDAY, 0.4, 0.3)
    assert (by.horizon.near_days, by.horizon.overload_from, by.horizon.value_weight_permille) == (9, 2.0, 700)
    assert by.horizon.own_share == 0.6
    assert by.horizon.talk_lasts_days == 6 * 21


def test_a_day_offers_what_the_norm_reaches_less_what_is_promised():
    offered = conversations(WEEK, capacity=20, reach=0.5, works=set(WEEK[:3]), promised={WEEK[0]: 4, WEEK[1]: 30})

    assert offered == (6.0, 0.0, 10.0, 0.0)


def test_a_promise_to_one_keeps_his_sister_company_off_the_lists_of_all():
    desks = [
        Desk(caller=caller(IVAN), own=[own(2, group_id=7)], promised=[]),
        Desk(caller=caller(IVAN + 1), own=[], promised=[promise(1, group_id=7)]),
    ]

    plans = plan_team(desks, [], rules=rules(), taken=Taken({}), stand_ins={})

    assert [[task.client_id for task in plan.tasks] for plan in plans] == [[], [1]]


def test_it_is_told_when_the_own_queues_stand_and_before_the_pool_is_read():
    heard = []

    def pool():
        heard.append("pool")
        return
        yield

    plan_team(
        [Desk(caller=caller(IVAN), own=[], promised=[])],
        pool(),
        rules=rules(),
        taken=Taken({}),
        stand_ins={},
        ranked=lambda: heard.append("ranked"),
    )

    assert heard == ["ranked", "pool"]


@given(office=offices())
def test_nobody_is_called_twice_and_nobody_over_his_norm_but_by_promises_and_last_days(office):
    desks = [
        Desk(caller=each, own=office.base[each.employee_id], promised=office.promised[each.employee_id])
        for each in office.callers
    ]

    plans = plan_team(
        desks,
        sorted(office.pool, key=lambda one: -one.value),
        rules=office.by,
        taken=Taken(office.shared_numbers),
        stand_ins={},
    )

    called = [task.client_id for plan in plans for task in plan.tasks]
    assert len(called) == len(set(called))
    for plan in plans:
        ordinary = [
            t for t in plan.tasks if t.promised_at is None and t.client_id not in _last_days(plan.caller, office)
        ]
        assert len(ordinary) <= plan.caller.capacity


def _last_days(who, office):
    return {each.client_id for each in office.base[who.employee_id] if each.due_in == 0}


@given(
    capacity=st.integers(0, 50),
    reach=st.floats(0.01, 1),
    promised=st.dictionaries(st.sampled_from(WEEK), st.integers(0, 30)),
    works=st.sets(st.sampled_from(WEEK)),
)
def test_no_day_offers_less_than_nothing_or_more_than_the_norm_reaches(capacity, reach, promised, works):
    offered = conversations(WEEK, capacity=capacity, reach=reach, works=works, promised=promised)

    assert len(offered) == len(WEEK)
    assert all(0 <= talks <= capacity * reach for talks in offered)
    assert all(talks == 0 for day, talks in zip(WEEK, offered, strict=True) if day not in works)
    assert conversations([], capacity=1, reach=1, works={date.min}, promised={}) == ()
