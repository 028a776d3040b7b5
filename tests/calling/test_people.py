"""A client changes hands, an employee leaves, falls ill, comes back: nothing promised is lost, no lock is broken."""

from datetime import date, time, timedelta

import pytest

from budilnik.calling.actions.leaving import employee_leaves
from budilnik.calling.actions.people import (
    ClientArchived,
    LockedClient,
    NotInService,
    OnlyTheHead,
    ReasonNeeded,
    absence_begins,
    absence_ends,
    absence_ends_early,
    change_owner,
)
from budilnik.calling.models import Callback
from budilnik.clients.models import Client, Loss
from budilnik.core.terms import Queue
from budilnik.staff.actions import AbsenceEndsEarly, AbsenceOver, AbsenceOverlaps, OwnSubstitute
from budilnik.staff.models import Absence, AuditEntry, Employee
from cast import (
    NOW,
    TODAY,
    TOMORROW,
    client,
    head_of_sales,
    ivan,
    lock,
    olga,
    pavel,
    plan,
    pool_client,
    promise,
    task,
)

pytestmark = pytest.mark.django_db
FRIDAY = TODAY + timedelta(days=3)


def give(rows, to, by, **changes):
    facts = {"why": "given", "on": TODAY, "now": NOW} | changes
    change_owner(client_ids=[row.pk for row in rows], to=to, by=by, **facts)


def leaves(who, by):
    employee_leaves(employee=who, on=TODAY, by=by, now=NOW)


def falls_ill(who, by, substitute=None, from_on=TODAY, until_on=FRIDAY):
    return absence_begins(
        employee=who, from_on=from_on, until_on=until_on, substitute=substitute, by=by, now=NOW, on=TODAY
    )


def test_the_open_task_and_the_promises_go_along_with_the_client():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    bolt_service = client(owner=manager)
    call, promised, hers = task(bolt_service, manager), promise(bolt_service, manager, on=FRIDAY), plan(colleague)

    give([bolt_service], colleague, boss)

    for row in (bolt_service, call, promised):
        row.refresh_from_db()
    assert bolt_service.owner == call.employee == promised.employee == colleague
    assert (call.plan, promised.promised_by) == (hers, manager)
    assert [tenure.why_until for tenure in bolt_service.tenures.order_by("pk")] == ["given", ""]
    assert AuditEntry.objects.get(action="owner_changed").subject_id == bolt_service.pk


def test_a_task_is_closed_when_the_new_owner_has_no_list_today():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    bolt_service = client(owner=manager)
    call = task(bolt_service, manager)

    give([bolt_service], colleague, boss)

    call.refresh_from_db()
    assert call.close == "owner_changed"


def test_a_lost_client_never_returns_to_the_one_who_lost_him_and_nobody_of_the_list_moves():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    lost, free = pool_client(lost_by=manager), client("ООО «Трос»", owner=colleague)

    with pytest.raises(LockedClient) as refused:
        give([lost, free], manager, boss)

    free.refresh_from_db()
    assert free.owner == colleague
    assert "Иван" in refused.value.text("ru") and "1" in refused.value.text("en")


def test_only_the_head_gives_a_client_back_with_the_lock_lifted():
    manager, boss = ivan(), head_of_sales()
    lost = pool_client(lost_by=manager)

    with pytest.raises(OnlyTheHead):
        give([lost], manager, manager, lift=True)
    give([lost], manager, boss, lift=True, why="договорились")

    lost.refresh_from_db()
    lifted = Loss.objects.get()
    assert lost.owner == manager
    assert (lifted.lifted_by, lifted.lifted_why) == (boss, "договорились")


def test_a_client_given_from_the_pool_is_held_ten_working_days():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    lost = pool_client(lost_by=manager)

    give([lost], colleague, boss)

    lost.refresh_from_db()
    assert (lost.owner, lost.in_pool_since, lost.status) == (colleague, None, "forgotten")
    assert lost.grace_until == date(2026, 9, 29)


def test_nobody_gets_clients_after_he_has_left():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    Employee.objects.filter(pk=colleague.pk).update(left_on=TODAY)
    colleague.refresh_from_db()

    with pytest.raises(NotInService):
        give([client(owner=manager)], colleague, boss)


def test_a_leavers_clients_are_shared_out_evenly_with_all_that_was_promised():
    manager, colleague, other, boss = ivan(), olga(), pavel(), head_of_sales()
    rows = [client(f"ООО «Болт-{number}»", owner=manager, value=100) for number in range(6)]
    promised = [promise(row, manager, on=FRIDAY) for row in rows]

    leaves(manager, boss)

    for row in (*rows, *promised):
        row.refresh_from_db()
    owners = [row.owner for row in rows]
    assert owners.count(colleague) == owners.count(other) == 3
    assert [each.employee for each in promised] == owners
    assert Employee.objects.get(pk=manager.pk).left_on == TODAY


def test_a_leavers_client_is_never_given_to_one_who_lost_him():
    manager, colleague, other, boss = ivan(), olga(), pavel(), head_of_sales()
    rows = [client(f"ООО «Болт-{number}»", owner=manager) for number in range(4)]
    for row in rows:
        lock(row, colleague)

    leaves(manager, boss)

    assert set(Client.objects.values_list("owner", flat=True)) == {other.pk}


def test_a_client_whom_all_have_lost_is_for_the_head_and_so_is_his_promise():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    bolt_service = client(owner=manager)
    lock(bolt_service, colleague)
    call, promised = task(bolt_service, manager), promise(bolt_service, manager, on=FRIDAY)

    leaves(manager, boss)

    for row in (bolt_service, call, promised):
        row.refresh_from_db()
    assert bolt_service.owner is None and bolt_service.in_pool_since is None
    assert (call.close, promised.employee, promised.ended_at) == ("leaver", boss, None)


def test_a_promise_of_a_leaver_to_a_pool_client_is_kept_by_a_colleague_who_did_not_lose_him():
    manager, colleague, other, boss = ivan(), olga(), pavel(), head_of_sales()
    lost = pool_client(lost_by=colleague)
    call, promised = task(lost, manager), promise(lost, manager, on=FRIDAY)
    lost.pool_entries.update(reserved_for=manager, reserved_until=FRIDAY)

    leaves(manager, boss)

    promised.refresh_from_db()
    call.refresh_from_db()
    assert promised.employee == other
    assert call.close == "leaver"
    assert lost.pool_entries.get().reserved_for is None


def test_an_absence_entered_during_the_day_moves_todays_work_at_once():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    promised_to, forgotten, lost = client(owner=manager), client("ООО «Трос»", owner=manager), None
    row = promise(promised_to, manager)
    ring, call = task(promised_to, manager, callback=row), task(forgotten, manager)
    lost = task(pool_client("ООО «Гайка»", lost_by=colleague), manager)
    hers = plan(colleague)

    falls_ill(manager, boss, substitute=colleague)

    for each in (row, ring, call, lost, forgotten):
        each.refresh_from_db()
    assert row.employee == ring.employee == call.employee == colleague
    assert ring.plan == call.plan == hers
    assert (lost.queue, lost.close) == (Queue.POOL, "absence")
    assert forgotten.owner == manager


def test_a_substitute_does_not_get_the_client_he_lost():
    manager, colleague, other, boss = ivan(), olga(), pavel(), head_of_sales()
    bolt_service, forgotten = client(owner=manager), client("ООО «Трос»", owner=manager)
    for row in (bolt_service, forgotten):
        lock(row, colleague)
    promised, call = promise(bolt_service, manager), task(forgotten, manager)
    plan(colleague)

    falls_ill(manager, boss, substitute=colleague)

    promised.refresh_from_db()
    call.refresh_from_db()
    assert promised.employee == other
    assert call.close == "absence"


def test_a_promise_that_nobody_may_keep_goes_to_the_head():
    manager, boss = ivan(), head_of_sales()
    promised = promise(client(owner=manager), manager)

    falls_ill(manager, boss)

    promised.refresh_from_db()
    assert promised.employee == boss


def test_a_holiday_next_week_passes_only_the_promises_of_that_week():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    monday = TODAY + timedelta(days=6)
    before = promise(client(owner=manager), manager, on=TOMORROW)
    within = promise(client("ООО «Трос»", owner=manager), manager, on=monday, at=time(11))
    after = promise(client("ООО «Гайка»", owner=manager), manager, on=monday + timedelta(days=7))

    falls_ill(manager, boss, substitute=colleague, from_on=monday, until_on=monday + timedelta(days=4))

    for row in (before, within, after):
        row.refresh_from_db()
    assert [row.employee for row in (before, within, after)] == [manager, colleague, manager]


def test_promises_return_on_the_first_day_back():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    promised = promise(client(owner=manager), manager, on=FRIDAY)
    hers = promise(client("ООО «Трос»", owner=colleague), colleague, on=FRIDAY)
    falls_ill(manager, boss, substitute=colleague)

    returned = [absence_ends(employee=manager, by=None, now=NOW) for _ in range(2)]

    promised.refresh_from_db()
    hers.refresh_from_db()
    assert returned == [1, 0]
    assert (promised.employee, hers.employee) == (manager, colleague)


def test_an_absence_that_ends_before_it_begins_moves_nothing():
    manager, boss = ivan(), head_of_sales()
    call = task(client(owner=manager), manager)

    with pytest.raises(AbsenceEndsEarly):
        falls_ill(manager, boss, until_on=TODAY - timedelta(days=1))

    call.refresh_from_db()
    assert call.closed_at is None


def test_nobody_gives_clients_to_himself():
    manager, colleague = ivan(), olga()
    bolt_service = client(owner=manager)

    with pytest.raises(OnlyTheHead):
        give([bolt_service], colleague, colleague)

    bolt_service.refresh_from_db()
    assert bolt_service.owner == manager


def test_a_lock_is_not_lifted_without_a_reason_and_each_lifting_is_in_the_audit():
    manager, boss = ivan(), head_of_sales()
    rows = [pool_client(f"ООО «Болт-{number}»", lost_by=manager) for number in range(2)]

    with pytest.raises(ReasonNeeded):
        give(rows, manager, boss, lift=True, why=" ")
    give(rows, manager, boss, lift=True, why="договорились")

    assert set(Client.objects.values_list("owner", flat=True)) == {manager.pk}
    assert AuditEntry.objects.filter(action="lock_lifted", by=boss).count() == 2
    assert AuditEntry.objects.filter(action="owner_changed", facts__lifted=True).count() == 2


def test_no_promise_disappears_whoever_comes_and_goes():
    manager, colleague, other, boss = ivan(), olga(), pavel(), head_of_sales()
    rows = [client(f"ООО «Болт-{number}»", owner=manager) for number in range(4)]
    lost = pool_client(lost_by=colleague)
    for number, row in enumerate([*rows, lost]):
        promise(row, manager, on=TODAY + timedelta(days=number))

    falls_ill(manager, boss, substitute=colleague)
    give(rows[:1], colleague, boss)
    leaves(colleague, boss)
    absence_ends(employee=manager, by=None, now=NOW)
    leaves(manager, boss)

    assert Callback.objects.filter(ended_at=None, promised_by=manager).count() == 5
    assert {each.employee for each in Callback.objects.all()} <= {other, boss}


def test_who_would_be_lost_meanwhile_goes_to_the_team_when_nobody_stands_in():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    # Six months end on Friday the 18th: within the absence.
    urgent = task(client(owner=manager, silent_since=date(2026, 3, 18)), manager)
    patient = task(client("ООО «Трос»", owner=manager), manager)
    hers = plan(colleague, capacity=0)

    falls_ill(manager, boss)

    urgent.refresh_from_db()
    patient.refresh_from_db()
    assert (urgent.employee, urgent.plan, urgent.closed_at) == (colleague, hers, None)
    assert (patient.employee, patient.close) == (manager, "absence")
    assert urgent.client.owner == manager


@pytest.mark.parametrize(("silent_since", "moves"), [(date(2026, 3, 25), True), (date(2026, 3, 28), False)])
def test_a_deadline_five_working_days_after_the_absence_cannot_wait_and_one_later_can(silent_since, moves):
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    call = task(client(owner=manager, silent_since=silent_since), manager)
    plan(colleague)

    falls_ill(manager, boss)

    call.refresh_from_db()
    assert (call.employee == colleague) is moves


def test_who_can_wait_takes_only_the_room_on_the_substitutes_list():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    calls = [task(client(f"ООО «Болт-{number}»", owner=manager), manager) for number in range(3)]
    plan(colleague, capacity=2)
    task(client("ООО «Трос»", owner=colleague), colleague)

    falls_ill(manager, boss, substitute=colleague)

    for call in calls:
        call.refresh_from_db()
    assert [call.employee for call in calls] == [colleague, manager, manager]
    assert [call.close for call in calls] == ["", "absence", "absence"]


def test_who_is_lost_already_and_who_never_bought_wait_for_the_owner():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    late = client(owner=manager, silent_since=date(2026, 3, 1), on=date(2026, 6, 1))
    fresh = client("ООО «Трос»", owner=manager)
    Client.objects.filter(pk=fresh.pk).update(ever_contacted=False, status="prospect")
    calls = [task(late, manager), task(fresh, manager)]
    plan(colleague)

    falls_ill(manager, boss)

    for call in calls:
        call.refresh_from_db()
    assert [call.close for call in calls] == ["absence", "absence"]


def test_a_leaver_who_stood_in_gives_the_promise_and_its_call_back_to_the_owner():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    pavel()
    bolt_service = client(owner=manager)
    row = promise(bolt_service, colleague)
    call, his = task(bolt_service, colleague, callback=row), plan(manager)

    leaves(colleague, boss)

    row.refresh_from_db()
    call.refresh_from_db()
    assert row.employee == call.employee == manager
    assert (call.plan, call.closed_at) == (his, None)


def test_a_promise_to_a_client_lost_meanwhile_does_not_return_to_the_one_who_lost_him():
    manager, colleague = ivan(), olga()
    lost = pool_client(lost_by=manager)
    row = promise(lost, manager, on=FRIDAY)
    Callback.objects.filter(pk=row.pk).update(employee=colleague)

    returned = absence_ends(employee=manager, by=None, now=NOW)

    row.refresh_from_db()
    assert (returned, row.employee) == (0, colleague)


def test_a_lock_that_was_lifted_or_void_bars_nobody():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    first, second = pool_client(lost_by=manager), pool_client("ООО «Трос»", lost_by=manager)
    Loss.objects.filter(client=first).update(lifted_at=NOW, lifted_by=boss)
    Loss.objects.filter(client=second).update(voided_at=NOW)

    leaves(colleague, boss)
    give([first, second], manager, boss)

    assert set(Client.objects.values_list("owner", flat=True)) == {manager.pk}


def comes_back(number, by, back_on=TODAY):
    return absence_ends_early(absence_id=number, back_on=back_on, by=by, on=TODAY, now=NOW)


def test_one_who_is_back_before_his_time_has_his_promises_at_once():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    promised = promise(client(owner=manager), manager, on=FRIDAY)
    number = falls_ill(manager, boss, substitute=colleague, from_on=TODAY - timedelta(days=1))

    returned = comes_back(number, boss)

    promised.refresh_from_db()
    assert (returned, promised.employee) == (1, manager)
    assert Absence.objects.get().until_on == TODAY - timedelta(days=1)


def test_one_who_is_back_tomorrow_has_his_promises_tomorrow():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    promised = promise(client(owner=manager), manager, on=FRIDAY)
    number = falls_ill(manager, boss, substitute=colleague)

    returned = comes_back(number, boss, back_on=TOMORROW)

    promised.refresh_from_db()
    assert (returned, promised.employee) == (0, colleague)
    assert Absence.objects.get().until_on == TODAY


def test_an_absence_taken_back_before_it_began_returns_what_was_passed_on():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    promised = promise(client(owner=manager), manager, on=FRIDAY)
    number = falls_ill(manager, boss, substitute=colleague, from_on=TOMORROW)

    returned = comes_back(number, boss, back_on=TOMORROW)

    promised.refresh_from_db()
    assert (returned, promised.employee) == (1, manager)
    assert not Absence.objects.exists()
    assert AuditEntry.objects.get(action="absence_shortened").facts["absence"] == number


def test_an_absence_that_is_over_is_not_ended_again_and_only_the_head_ends_one():
    manager, boss = ivan(), head_of_sales()
    number = falls_ill(manager, boss)

    with pytest.raises(OnlyTheHead):
        comes_back(number, manager)
    with pytest.raises(AbsenceOver):
        comes_back(number, boss, back_on=FRIDAY + timedelta(days=1))
    comes_back(number, boss)
    with pytest.raises(AbsenceOver):
        comes_back(number, boss)


def test_the_same_days_are_noted_once_and_nobody_stands_in_for_himself():
    manager, boss = ivan(), head_of_sales()
    falls_ill(manager, boss)

    with pytest.raises(AbsenceOverlaps) as refused:
        falls_ill(manager, boss, from_on=FRIDAY, until_on=FRIDAY)
    with pytest.raises(OwnSubstitute):
        falls_ill(manager, boss, substitute=manager, from_on=FRIDAY + timedelta(days=1), until_on=date(2026, 9, 30))

    assert "18.09.2026" in refused.value.text("ru")
    assert Absence.objects.count() == 1


def test_an_archived_client_is_given_to_nobody():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    bolt_service = client(owner=manager)
    Client.objects.filter(pk=bolt_service.pk).update(archived_on=TODAY)

    with pytest.raises(ClientArchived):
        give([bolt_service], colleague, boss)


def test_what_the_head_writes_stands_with_the_lock_and_not_in_the_audit():
    manager, boss = ivan(), head_of_sales()
    lost = pool_client(lost_by=manager)

    give([lost], manager, boss, lift=True, why="просит Анна Петровна")

    assert Loss.objects.get().lifted_why == "просит Анна Петровна"
    assert lost.tenures.get(until_on=None).why_from == "given"
    assert not AuditEntry.objects.filter(facts__icontains="Анна").exists()
