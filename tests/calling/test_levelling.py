"""The base levelled: looked at, done at once, taken back within a day."""

from collections import Counter
from datetime import date, timedelta

import pytest

from budilnik.calling.actions.leaving import PreviewOutOfDate
from budilnik.calling.actions.levelling import (
    LEVELLED,
    NobodyToPinTo,
    NoSuchLevelling,
    NothingToLevel,
    TooLateToUndo,
    UndoneAlready,
    WhyLevel,
    level_base,
    pin_client,
    propose,
    undo_levelling,
)
from budilnik.calling.actions.people import OnlyTheHead, change_owner
from budilnik.calling.models import Callback, CallTask, Levelling
from budilnik.calling.queries.levelling import Asked, levellings, moves_page, table_of
from budilnik.calling.queries.sight import sight_of
from budilnik.clients.models import Client, ClientGroup, Tenure
from budilnik.core.balance import Aim
from budilnik.core.policy import Policy, to_settings
from budilnik.core.terms import Role
from budilnik.staff.models import Absence, AuditEntry, Employee, PolicyVersion, Workload
from cast import (
    LATER,
    NOW,
    TODAY,
    TOMORROW,
    at_once,
    client,
    employee,
    head_of_sales,
    ivan,
    lock,
    looked_at,
    olga,
    pavel,
    plan,
    pool_client,
    profiled,
    promise,
    task,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]

# One attempt a day that always reaches somebody and nothing for the pool: whoever works all the window covers 62.
TIGHT = Policy(norm=1, reach_rate=1.0, pool_share=0.0)
ROOM = 62
# So is the window of one who works its last two days alone.
WINDOW_ENDS = date(2026, 12, 10)


@pytest.fixture(autouse=True)
def _a_policy_that_covers_few():
    PolicyVersion.objects.create(
        version=1, starts_on=date(2026, 1, 1), settings=to_settings(TIGHT), why="проба", at=NOW
    )


def base_of(owner: Employee, count: int, *, name: str = "Болт", **more) -> list[Client]:
    return [client(f"ООО «{name}-{at}»", owner=owner, value=100_00 * (at + 1), **more) for at in range(count)]


def proposal(**asked):
    return propose(Asked(**asked), on=TODAY, policy=TIGHT)


def do(told, by, *, why="Иван не успевает", now=NOW, on=TODAY):
    return level_base(asked=told.asked, seen=told.digest, why=why, by=by, on=on, now=now)


def owners():
    return Counter(Client.objects.exclude(owner=None).values_list("owner__login", flat=True))


def rows_of(told):
    return {row.name: row for row in told.rows}


@pytest.fixture
def a_crowded_desk():
    """Ivan has three clients more than he can cover, Olga has none."""
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    return manager, colleague, boss, base_of(manager, ROOM + 3)


def test_what_is_above_the_room_goes_to_who_has_room_and_what_was_shown_is_what_happens(a_crowded_desk):
    manager, colleague, boss, _clients = a_crowded_desk
    told = proposal()

    number = do(told, boss)

    assert owners() == {"ivan": ROOM, "olga": 3}
    assert {move.client_id for move in told.moves} == set(colleague.clients.values_list("pk", flat=True))
    assert (told.uncovered_before, told.uncovered, told.missing) == (3, 0, None)
    assert rows_of(told)[manager.name].after.value == sum(manager.clients.values_list("value", flat=True))
    assert [(each.levelling_id, each.moved) for each in levellings(on=TODAY)] == [(number, 3)]


def test_the_cheapest_go_and_the_manager_keeps_his_best(a_crowded_desk):
    told = proposal()

    assert sorted(move.value for move in told.moves) == [100_00, 200_00, 300_00]
    assert {move.why for move in told.moves} == {"above"}


def test_tenure_audit_promises_and_open_calls_go_along(a_crowded_desk):
    manager, colleague, boss, clients = a_crowded_desk
    cheapest = clients[0]
    task(cheapest, manager)
    promised = promise(cheapest, manager)
    plan(colleague)

    number = do(proposal(), boss)

    began = Tenure.objects.get(client=cheapest, until_on=None)
    assert (began.employee, began.why_from, began.from_on) == (colleague, LEVELLED, TODAY)
    assert Tenure.objects.get(client=cheapest, employee=manager).until_on == TODAY
    assert CallTask.objects.get(client=cheapest).employee == colleague
    assert Callback.objects.get(pk=promised.pk).employee == colleague
    moved = AuditEntry.objects.filter(action="owner_changed", facts__why=LEVELLED)
    assert set(moved.values_list("subject_id", flat=True)) == {row.pk for row in clients[:3]}
    assert AuditEntry.objects.get(action="base_levelled").subject_id == number


def test_nobody_gets_a_client_he_lost(a_crowded_desk):
    _manager, colleague, boss, clients = a_crowded_desk
    for row in clients[:2]:
        lock(row, colleague)

    do(proposal(), boss)

    assert set(colleague.clients.all()) == set(clients[2:5])


def test_who_shares_no_hour_with_a_client_does_not_get_him(a_crowded_desk):
    _manager, colleague, _boss, clients = a_crowded_desk
    Employee.objects.filter(pk=colleague.pk).update(zone="America/New_York")
    far = [row.pk for row in clients[:5]]
    Client.objects.filter(pk__in=far).update(zone="Asia/Vladivostok")
    Client.objects.exclude(pk__in=far).update(zone="America/New_York")

    told = proposal()

    assert {move.client_id for move in told.moves} == {row.pk for row in clients[5:8]}


def test_pinned_protected_and_clients_of_one_holding_stay(a_crowded_desk):
    _manager, _colleague, boss, clients = a_crowded_desk
    pin_client(client_id=clients[0].pk, pinned=True, by=boss, now=NOW)
    Client.objects.filter(pk=clients[1].pk).update(protected=True)
    holding = ClientGroup.objects.create(key="Холдинг")
    Client.objects.filter(pk__in=[clients[2].pk, clients[3].pk]).update(group=holding)

    told = proposal()

    assert {move.client_id for move in told.moves} == {row.pk for row in clients[4:7]}
    assert (told.kept.pinned, told.kept.protected, told.kept.grouped, told.kept.dear) == (1, 1, 2, 0)


def test_the_dearest_class_stays_when_that_is_asked(a_crowded_desk):
    _manager, _colleague, _boss, clients = a_crowded_desk
    run = looked_at()
    for row in clients[:2]:
        profiled(run, row, abc="A")

    told = proposal(keep_a=True)

    assert {move.client_id for move in told.moves} == {row.pk for row in clients[2:5]}
    assert told.kept.dear == 2


def test_a_pinned_client_of_one_who_leaves_goes_too(a_crowded_desk):
    manager, _colleague, boss, clients = a_crowded_desk
    pin_client(client_id=clients[0].pk, pinned=True, by=boss, now=NOW)

    told = proposal(leaver=manager.pk)

    assert len(told.moves) == ROOM + 3
    assert {move.why for move in told.moves} == {"leaves"}
    assert told.uncovered == 3


def test_one_away_for_all_the_window_is_relieved_of_everybody(a_crowded_desk):
    manager, _colleague, _boss, _clients = a_crowded_desk
    Absence.objects.create(employee=manager, from_on=TODAY, until_on=TODAY + timedelta(days=200))

    told = proposal()

    assert rows_of(told)[manager.name].after.clients == 0


def test_a_vacation_takes_its_days_from_the_room():
    manager, colleague = ivan(), olga()
    base_of(manager, ROOM)
    Absence.objects.create(employee=manager, from_on=TODAY, until_on=TODAY + timedelta(days=13))

    told = proposal()

    assert rows_of(told)[manager.name].room == ROOM - 10
    assert rows_of(told)[colleague.name].taken == 10


def test_of_one_whose_last_day_is_known_everybody_goes(a_crowded_desk):
    manager, _colleague, _boss, _clients = a_crowded_desk
    Employee.objects.filter(pk=manager.pk).update(left_on=TODAY + timedelta(days=20))

    told = proposal()

    assert rows_of(told)[manager.name].leaves and rows_of(told)[manager.name].after.clients == 0


def test_a_newcomer_is_filled_as_far_as_his_days_rise():
    manager, newcomer = ivan(), olga()
    base_of(manager, ROOM + 40)
    Workload.objects.create(employee=newcomer, from_on=date(2020, 1, 1), share=0.0, at=NOW)
    Workload.objects.create(employee=newcomer, from_on=WINDOW_ENDS, share=1.0, at=NOW)

    told = proposal()

    row = rows_of(told)[newcomer.name]
    assert 0 < row.room < 10
    assert (row.taken, row.after.clients) == (row.room, row.room)
    assert told.uncovered == 40 - row.room


def test_a_load_may_be_tried_before_it_is_set():
    manager, newcomer = ivan(), olga()
    base_of(manager, ROOM + 3)

    told = proposal(shares=((newcomer.pk, 0.0),))

    assert (told.moves, rows_of(told)[newcomer.name].room) == ((), 0)
    assert told.uncovered == 3


def test_who_takes_no_part_neither_gives_nor_gets(a_crowded_desk):
    _manager, colleague, _boss, _clients = a_crowded_desk
    other = pavel()

    told = proposal(out=frozenset([colleague.pk]))

    assert {move.to_id for move in told.moves} == {other.pk}
    assert colleague.name not in rows_of(told)


def test_a_levelling_that_cannot_reach_its_aim_says_what_is_missing():
    manager, colleague = ivan(), olga()
    clients = base_of(manager, 2 * ROOM + 1)
    for row in clients[:ROOM]:
        lock(row, colleague)
    Client.objects.filter(pk__in=[row.pk for row in clients[ROOM:]]).update(pinned=True)

    told = proposal()

    # By room one is missing; all the others are in the way of locks and pins.
    assert (told.moves, told.uncovered) == ((), ROOM + 1)
    assert (told.missing.by_room, told.missing.by_locks, told.missing.by_fixed) == (1, ROOM, ROOM)
    assert (told.more_people, told.more_calls) == (2, 2)


def test_a_limit_of_moves_is_kept_and_said(a_crowded_desk):
    told = proposal(at_most=2)

    assert (len(told.moves), told.limited, told.uncovered, told.missing) == (2, True, 1, None)


def test_even_loads_are_made_where_nobody_more_can_be_covered():
    manager, colleague = ivan(), olga()
    base_of(manager, ROOM + 20)
    base_of(colleague, ROOM + 10, name="Трос")

    assert proposal().moves == ()
    told = proposal(aim=Aim.EVEN)
    assert [row.after.clients for row in told.rows] == [ROOM + 15, ROOM + 15]
    assert {move.why for move in told.moves} == {"even"}


def test_a_client_who_makes_room_for_one_whom_others_have_lost_says_so():
    manager, colleague, other = ivan(), olga(), pavel()
    his = base_of(manager, ROOM + 1)
    base_of(colleague, ROOM, name="Трос")
    for row in his:
        lock(row, other)

    told = proposal()

    assert {(move.from_id, move.to_id, move.why) for move in told.moves} == {
        (manager.pk, colleague.pk, "above"),
        (colleague.pk, other.pk, "chain"),
    }


def test_clients_of_the_pool_and_stopped_ones_are_left_alone(a_crowded_desk):
    manager, _colleague, _boss, clients = a_crowded_desk
    pool_client("ООО «Пул»", lost_by=manager)
    Client.objects.filter(pk__in=[row.pk for row in clients[:2]]).update(stopped_on=TODAY)
    Client.objects.filter(pk=clients[2].pk).update(archived_on=TODAY)

    told = proposal()

    assert (told.moves, rows_of(told)[manager.name].before.clients) == ((), ROOM)


def test_a_levelling_of_a_base_that_has_changed_is_refused(a_crowded_desk):
    _manager, colleague, boss, clients = a_crowded_desk
    told = proposal()
    change_owner(client_ids=[clients[0].pk], to=colleague, by=boss, why="", on=TODAY, now=NOW)

    with pytest.raises(PreviewOutOfDate):
        do(told, boss)

    assert not Levelling.objects.exists()


def test_only_the_head_levels_and_says_why(a_crowded_desk):
    manager, _colleague, boss, _clients = a_crowded_desk
    told = proposal()

    with pytest.raises(OnlyTheHead):
        do(told, manager)
    with pytest.raises(OnlyTheHead):
        do(told, None)
    with pytest.raises(WhyLevel):
        do(told, boss, why="  ")
    assert owners() == {"ivan": ROOM + 3}


def test_nothing_to_level_is_told():
    boss, _manager = head_of_sales(), ivan()

    with pytest.raises(NothingToLevel):
        do(proposal(), boss)


def test_undone_within_a_day_every_client_is_back(a_crowded_desk):
    manager, _colleague, boss, clients = a_crowded_desk
    promised = promise(clients[0], manager)
    number = do(proposal(), boss)

    back = undo_levelling(levelling_id=number, by=boss, on=TOMORROW, now=LATER)

    assert (back, owners()) == (3, {"ivan": ROOM + 3})
    assert Callback.objects.get(pk=promised.pk).employee == manager
    assert list(Tenure.objects.filter(client=clients[0]).order_by("pk").values_list("why_from", flat=True)) == [
        "first",
        LEVELLED,
        "level_undone",
    ]
    seen = levellings(on=TOMORROW)[0]
    assert (seen.returned, seen.stayed, seen.may_undo, seen.undone_by) == (3, (), False, boss.name)


def test_undone_whoever_changed_since_stays_and_is_told_why():
    manager, colleague, other, boss = ivan(), olga(), pavel(), head_of_sales()
    clients = base_of(manager, ROOM + 4)
    Absence.objects.create(employee=other, from_on=TODAY, until_on=TODAY + timedelta(days=200))
    number = do(proposal(), boss)
    change_owner(client_ids=[clients[0].pk], to=other, by=boss, why="", on=TODAY, now=NOW)
    change_owner(client_ids=[clients[0].pk], to=colleague, by=boss, why="", on=TODAY, now=NOW)
    lock(clients[1], manager, on=TODAY)
    pin_client(client_id=clients[2].pk, pinned=True, by=boss, now=LATER)

    back = undo_levelling(levelling_id=number, by=boss, on=TODAY, now=LATER)

    assert back == 1
    assert levellings(on=TODAY)[0].stayed == (("locked", 1), ("owner", 1), ("pinned", 1))
    assert set(colleague.clients.all()) == set(clients[:3])


def test_clients_of_one_who_has_left_meanwhile_do_not_return_to_him(a_crowded_desk):
    manager, _colleague, boss, _clients = a_crowded_desk
    number = do(proposal(), boss)
    Employee.objects.filter(pk=manager.pk).update(left_on=TODAY)

    assert undo_levelling(levelling_id=number, by=boss, on=TODAY, now=LATER) == 0
    assert levellings(on=TODAY)[0].stayed == (("gone", 3),)


def test_a_pinned_client_who_went_from_a_leaver_returns_all_the_same(a_crowded_desk):
    manager, _colleague, boss, clients = a_crowded_desk
    pin_client(client_id=clients[0].pk, pinned=True, by=boss, now=NOW - timedelta(days=1))
    number = do(proposal(leaver=manager.pk), boss)

    assert undo_levelling(levelling_id=number, by=boss, on=TODAY, now=LATER) == ROOM + 3


def test_after_the_next_working_day_it_is_too_late(a_crowded_desk):
    *_people, boss, _clients = a_crowded_desk
    friday = date(2026, 9, 18)
    told = propose(Asked(), on=friday, policy=TIGHT)
    number = do(told, boss, on=friday)

    with pytest.raises(TooLateToUndo):
        undo_levelling(levelling_id=number, by=boss, on=date(2026, 9, 22), now=LATER)

    assert undo_levelling(levelling_id=number, by=boss, on=date(2026, 9, 21), now=LATER) == 3


def test_it_is_undone_once_by_a_head_and_only_what_there_is(a_crowded_desk):
    manager, _colleague, boss, _clients = a_crowded_desk
    number = do(proposal(), boss)
    with pytest.raises(OnlyTheHead):
        undo_levelling(levelling_id=number, by=manager, on=TODAY, now=LATER)
    undo_levelling(levelling_id=number, by=boss, on=TODAY, now=LATER)

    with pytest.raises(UndoneAlready):
        undo_levelling(levelling_id=number, by=boss, on=TODAY, now=LATER)
    with pytest.raises(NoSuchLevelling):
        undo_levelling(levelling_id=number + 1, by=boss, on=TODAY, now=LATER)


def test_a_client_without_a_manager_is_not_pinned_and_only_a_head_pins():
    manager, boss = ivan(), head_of_sales()
    lost = pool_client(lost_by=manager)
    own = client("ООО «Свой»", owner=manager)

    with pytest.raises(NobodyToPinTo):
        pin_client(client_id=lost.pk, pinned=True, by=boss, now=NOW)
    with pytest.raises(OnlyTheHead):
        pin_client(client_id=own.pk, pinned=True, by=manager, now=NOW)
    pin_client(client_id=own.pk, pinned=True, by=boss, now=NOW)
    pin_client(client_id=own.pk, pinned=False, by=boss, now=NOW)

    assert not Client.objects.get(pk=own.pk).pinned
    told = AuditEntry.objects.filter(action="client_pinned").order_by("pk").values_list("facts__pinned", flat=True)
    assert list(told) == [True, False]


def test_the_number_of_queries_does_not_grow_with_the_base(a_crowded_desk, django_assert_num_queries):
    boss, told = a_crowded_desk[2], proposal()
    looked_at()

    with django_assert_num_queries(7):
        table_of(Asked(), on=TODAY, policy=TIGHT)
    with django_assert_num_queries(8):
        table_of(Asked(keep_a=True), on=TODAY, policy=TIGHT)
    with django_assert_num_queries(1):
        moves_page(told.moves, people=told.people, whose=None, page=1, sight=sight_of(boss, on=TODAY))
    with django_assert_num_queries(2):
        levellings(on=TODAY)


def test_a_levelling_asks_no_question_for_each_client(a_crowded_desk, django_assert_max_num_queries):
    manager, _colleague, boss, _clients = a_crowded_desk

    with django_assert_max_num_queries(40):
        do(proposal(leaver=manager.pk), boss)


@pytest.mark.django_db(transaction=True)
def test_of_two_heads_at_once_one_levels(a_crowded_desk):
    *_people, boss, _clients = a_crowded_desk
    deputy, told = employee("deputy", "Пётр Орлов", role=Role.HEAD), proposal()

    refused = at_once(lambda: do(told, boss), lambda: do(told, deputy))

    assert sorted(refused) == ["", "PreviewOutOfDate"]
    assert owners() == {"ivan": ROOM, "olga": 3}
    assert Levelling.objects.count() == 1
