"""The ways of working that are compared: free choice, the two queues of the case, the product's own."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.rivals import POLICIES, managers_choice, no_calls, of_the_product, two_queues
from simulated import JUST_SPOKEN, SILENT_FOUR_MONTHS, alive, away, lost, person, town, workday
from strategies import IVAN, MOSCOW, OLGA, PYOTR, TUESDAY, facts

FAR_EAST = "Asia/Kamchatka"


def silent(number: int, *, since: date = SILENT_FOUR_MONTHS, **other: object):
    return facts(number, silent_since=since, **other)


def lists_of(plan, today, **policy):
    firm = alive(today, **policy)
    return {who: [each.client_id for each in listed] for who, listed in plan(firm, workday(firm)).items()}


def test_without_calls_nobody_is_listed():
    assert lists_of(no_calls, town(silent(1))) == {}


def test_left_to_himself_a_manager_calls_three_or_four_of_his_own():
    spoken = facts(50, silent_since=JUST_SPOKEN)
    stopped = silent(51, stopped_on=TUESDAY)
    base = [silent(number, value=100 + number) for number in range(1, 20)]

    lists = lists_of(managers_choice, town(*base, spoken, stopped, lost(60)))

    assert 3 <= len(lists[IVAN]) <= 4
    assert not {50, 51, 60} & set(lists[IVAN])
    assert lists[OLGA] == []


def test_by_the_case_half_the_list_is_forgotten_and_half_is_lost_the_longest_silent_first():
    base = [silent(number, since=SILENT_FOUR_MONTHS + timedelta(days=number)) for number in range(1, 9)]
    pool = [lost(number)._replace(silent_since=date(2026, 1, 1) + timedelta(days=number)) for number in range(20, 29)]

    lists = lists_of(two_queues, town(*reversed(base), *reversed(pool), people=[person(IVAN, norm=6)]))

    assert lists == {IVAN: [1, 2, 3, 20, 21, 22]}


def test_by_the_case_what_one_queue_cannot_use_goes_to_the_other():
    few_own = lists_of(two_queues, town(silent(1), *map(lost, range(20, 29)), people=[person(IVAN, norm=6)]))
    few_lost = lists_of(two_queues, town(*map(silent, range(1, 9)), lost(20), people=[person(IVAN, norm=6)]))

    assert [len(few_own[IVAN]), len(few_lost[IVAN])] == [6, 6]


def test_by_the_case_nobody_gets_whom_he_lost_and_who_does_not_call_the_pool_gets_nobody_of_it():
    locked = lists_of(two_queues, town(lost(20), people=[person(IVAN)], losers={20: [IVAN]}))
    other_role = lists_of(two_queues, town(lost(20), people=[person(IVAN, calls_pool=False)]))

    assert locked == other_role == {IVAN: []}


def test_one_who_waits_for_his_next_try_is_not_listed():
    waits = silent(1, retry_on=TUESDAY + timedelta(days=1), missed_attempts=1)

    assert lists_of(two_queues, town(waits, people=[person(IVAN)])) == {IVAN: []}


@pytest.mark.parametrize("plan", [managers_choice, two_queues, of_the_product])
def test_a_promise_due_is_on_the_list_of_who_gave_it(plan):
    today = town(
        facts(1, silent_since=JUST_SPOKEN), silent(2), promises=[(OLGA, 1, TUESDAY), (OLGA, 2, date(2026, 10, 1))]
    )
    firm = alive(today)

    listed = plan(firm, workday(firm))[OLGA]

    assert [each.client_id for each in listed] == [1]
    assert listed[0].promised_at == datetime(2026, 9, 15, 10, tzinfo=firm.today.zone_of(MOSCOW))


def test_the_product_calls_last_days_first_and_leaves_a_quarter_to_the_pool():
    last_day = silent(1, since=date(2026, 3, 15))
    base = [silent(number) for number in range(2, 40)]

    lists = lists_of(of_the_product, town(last_day, *base, *map(lost, range(60, 90)), people=[person(IVAN, norm=20)]))

    assert 1 in lists[IVAN]
    assert len(lists[IVAN]) == 20
    assert 4 <= sum(client >= 60 for client in lists[IVAN]) <= 5


def test_the_product_gives_nobody_whom_he_lost():
    lists = lists_of(
        of_the_product, town(*map(lost, range(60, 90)), losers={number: [IVAN] for number in range(60, 90)})
    )

    assert lists[IVAN] == []
    assert len(lists[OLGA]) == 20


def test_a_substitute_takes_the_promises_and_the_last_days_of_who_is_away():
    today = town(
        silent(1, since=date(2026, 3, 15)),
        facts(2, silent_since=JUST_SPOKEN),
        facts(3, silent_since=SILENT_FOUR_MONTHS),
        people=[person(IVAN, absences=(away(5, substitute=OLGA),)), person(OLGA), person(PYOTR)],
        promises=[(IVAN, 2, TUESDAY)],
    )

    lists = lists_of(of_the_product, today)

    assert sorted(lists[OLGA]) == [1, 2]
    assert lists[PYOTR] == []


def test_without_a_substitute_the_least_burdened_who_may_takes_the_promise():
    today = town(
        facts(2, silent_since=JUST_SPOKEN),
        people=[person(IVAN, absences=(away(5),)), person(OLGA), person(PYOTR)],
        promises=[(IVAN, 2, TUESDAY)],
        losers={2: [OLGA]},
    )

    lists = lists_of(of_the_product, today)

    assert (lists[OLGA], lists[PYOTR]) == ([], [2])


def test_a_promise_of_somebody_who_is_gone_is_kept_by_who_is_at_work():
    today = town(facts(2, silent_since=JUST_SPOKEN), people=[person(OLGA)], promises=[(IVAN, 2, TUESDAY)])

    assert lists_of(of_the_product, today) == {OLGA: [2]}


def test_nobody_at_work_keeps_no_promise_and_makes_no_list():
    today = town(
        silent(1, since=date(2026, 3, 15)),
        people=[person(IVAN, absences=(away(5),))],
        promises=[(IVAN, 1, TUESDAY)],
    )

    assert lists_of(of_the_product, today) == {}


def test_a_client_out_of_his_owners_hours_goes_to_who_shares_one():
    far = silent(1, since=date(2026, 3, 15))._replace(zone=FAR_EAST)
    lost_far = lost(60)._replace(zone=FAR_EAST)
    eastern = person(OLGA)
    today = town(far, lost_far, people=[person(IVAN), eastern.__class__(employee_id=OLGA, norm=20, zone=FAR_EAST)])

    lists = lists_of(of_the_product, today)

    assert lists[IVAN] == []
    assert sorted(lists[OLGA]) == [1, 60]


def test_one_who_only_calls_the_pool_has_no_own_queue():
    helper = person(OLGA, owns=False)

    lists = lists_of(of_the_product, town(silent(1), lost(60), people=[person(IVAN), helper], losers={60: [IVAN]}))

    assert lists == {IVAN: [1], OLGA: [60]}


def test_one_who_asked_for_peace_is_nobodys_stand_in_task():
    peaceful = silent(1, since=date(2026, 4, 1))._replace(last_talk_on=TUESDAY - timedelta(days=2), zone=FAR_EAST)
    eastern = person(OLGA).__class__(employee_id=OLGA, norm=20, zone=FAR_EAST)

    assert lists_of(of_the_product, town(peaceful, people=[person(IVAN), eastern]))[OLGA] == []


def test_an_own_client_out_of_all_hours_has_an_open_end():
    firm = alive(town(facts(1, silent_since=JUST_SPOKEN)._replace(zone=FAR_EAST), promises=[(IVAN, 1, TUESDAY)]))

    listed = of_the_product(firm, workday(firm))[IVAN]

    assert [each.client_id for each in listed] == [1]


BASES = st.lists(
    st.tuples(
        st.dates(date(2026, 3, 16), date(2026, 9, 10)),
        st.sampled_from([IVAN, OLGA, None]),
        st.integers(-5, 50),
        st.booleans(),
    ),
    max_size=30,
)


@pytest.mark.parametrize("plan", list(POLICIES.values()))
@given(base=BASES, norm=st.integers(1, 6), seed=st.integers(0, 99))
def test_by_no_way_of_working_is_a_client_called_twice_or_by_who_lost_him(plan, base, norm, seed):
    clients = [
        lost(number, value=value) if owner is None else silent(number, since=since, owner_id=owner, value=value)
        for number, (since, owner, value, _) in enumerate(base, 1)
    ]
    locks = {number: [IVAN] for number, (_, owner, _, locked) in enumerate(base, 1) if owner is None and locked}
    today = town(*clients, people=[person(IVAN, norm=norm), person(OLGA, norm=norm)], losers=locks)

    lists = lists_of(plan, today, seed=seed)

    called = [client for mine in lists.values() for client in mine]
    assert len(called) == len(set(called))
    assert not set(lists.get(IVAN, ())) & set(locks)
