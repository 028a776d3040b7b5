"""What only the head decides: locks, merges, protection, the backlog."""

from datetime import date, timedelta

import pytest

from budilnik.calling.actions.calls import stop_client
from budilnik.calling.actions.head import (
    BadPortion,
    CardMerged,
    NotArchived,
    NothingToMerge,
    ReasonNeeded,
    archive_clients,
    lift_locks,
    lift_stop,
    merge_clients,
    protect_client,
    restore_client,
    spread_backlog,
)
from budilnik.calling.actions.people import LockedClient, NotYoursToLift, OnlyTheHead
from budilnik.calling.models import Callback, CallTask
from budilnik.clients.models import Client, ContactPerson, ExternalKey, Loss, Phone
from budilnik.clients.queries.base import locks_of
from budilnik.core.ownership import HeadMustChoose
from budilnik.core.terms import ClientStatus, LossReason
from budilnik.sales.models import Order
from budilnik.staff.models import AuditEntry
from cast import (
    NOW,
    TODAY,
    TOMORROW,
    at_once,
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


def merge(keep, other, by, owner=None):
    merge_clients(keep_id=keep.pk, other_id=other.pk, owner=owner, by=by, now=NOW, on=TODAY)


def test_only_the_head_lifts_a_lock_and_says_why():
    manager, boss = ivan(), head_of_sales()
    rows = [pool_client(lost_by=manager), pool_client("ООО «Трос»", lost_by=manager)]
    numbers = [row.pk for row in rows]

    with pytest.raises(NotYoursToLift):
        lift_locks(client_ids=numbers, employee=manager, why="хочу", by=manager, now=NOW)
    with pytest.raises(NotYoursToLift):
        lift_locks(client_ids=numbers, employee=manager, why="сама собой", by=None, now=NOW)
    with pytest.raises(ReasonNeeded):
        lift_locks(client_ids=numbers, employee=manager, why=" ", by=boss, now=NOW)
    lift_locks(client_ids=numbers, employee=manager, why="клиенты просят", by=boss, now=NOW)

    assert locks_of(numbers) == {}
    assert AuditEntry.objects.filter(action="lock_lifted").count() == 2


def test_a_lock_may_be_lifted_for_one_and_stay_for_the_others():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    lost = pool_client(lost_by=manager)
    lock(lost, colleague)

    lift_locks(client_ids=[lost.pk], employee=manager, why="клиент просит", by=boss, now=NOW)

    assert locks_of([lost.pk]) == {lost.pk: frozenset({colleague.pk})}


def test_the_head_protects_a_client_from_release():
    manager, boss = ivan(), head_of_sales()
    bolt_service = client(owner=manager)

    with pytest.raises(OnlyTheHead):
        protect_client(client_id=bolt_service.pk, protected=True, by=manager, now=NOW)
    protect_client(client_id=bolt_service.pk, protected=True, by=boss, now=NOW)

    bolt_service.refresh_from_db()
    assert bolt_service.protected


def test_two_cards_of_one_client_become_one_with_the_history_of_both():
    manager, boss = ivan(), head_of_sales()
    keep = client(owner=manager)
    other = client(
        "Болт Сервис, ООО", owner=manager, silent_since=FRIDAY - timedelta(days=40), phones=("+74950000000",)
    )
    ExternalKey.objects.create(source="1c", key="00017", client=other)
    ContactPerson.objects.create(client=other, name="Анна")
    Order.objects.create(
        source="1c", key="1", client=other, ordered_at=NOW, ordered_on=TODAY, net=1, counts=True, digest=""
    )
    promised, call = promise(other, manager, on=FRIDAY), task(other, manager)

    merge(keep, other, boss)

    for row in (keep, other, promised, call):
        row.refresh_from_db()
    assert (other.archived_on, other.owner, keep.owner) == (TODAY, None, manager)
    assert promised.client == call.client == keep
    assert (keep.silent_since, keep.status) == (FRIDAY - timedelta(days=40), "regular")
    assert keep.orders.count() == keep.keys.count() == keep.people.count() == 1
    assert keep.phones.count() == keep.contacts.count() == keep.tenures.count() == 2


def test_a_merged_client_is_in_one_open_task():
    manager, boss = ivan(), head_of_sales()
    keep, other = client(owner=manager), client("Болт Сервис, ООО", owner=manager)
    first, second = task(keep, manager), task(other, manager)

    merge(keep, other, boss)

    assert CallTask.objects.get(client=keep, closed_at=None) == first
    second.refresh_from_db()
    assert second.close == "merged"


def test_an_owned_card_prevails_over_one_in_the_pool():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    lost, owned = pool_client(lost_by=colleague), client("Болт Сервис, ООО", owner=manager)
    call, his = task(lost, pavel()), plan(manager)

    merge(lost, owned, boss)

    lost.refresh_from_db()
    call.refresh_from_db()
    assert (lost.owner, lost.in_pool_since, lost.status) == (manager, None, "forgotten")
    assert lost.tenures.get(until_on=None).employee == manager
    assert (call.employee, call.plan) == (manager, his)
    assert locks_of([lost.pk]) == {lost.pk: frozenset({colleague.pk})}


def test_two_cards_in_the_pool_stay_there_as_one():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    keep, other = pool_client(lost_by=manager), pool_client("Болт Сервис, ООО", lost_by=colleague)

    merge(keep, other, boss)

    keep.refresh_from_db()
    assert keep.in_pool_since is not None and keep.status == ClientStatus.LOST
    assert keep.pool_entries.filter(left_on=None).count() == 1
    assert locks_of([keep.pk]) == {keep.pk: frozenset({manager.pk, colleague.pk})}


def test_two_owners_of_one_client_are_for_the_head_to_judge():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    keep, other = client(owner=manager), client("Болт Сервис, ООО", owner=colleague)

    with pytest.raises(HeadMustChoose):
        merge(keep, other, boss)
    with pytest.raises(OnlyTheHead):
        merge(keep, other, colleague, owner=colleague)
    merge(keep, other, boss, owner=colleague)

    keep.refresh_from_db()
    assert keep.owner == colleague
    assert keep.tenures.get(until_on=None).employee == colleague


def test_a_merge_does_not_bring_a_lost_client_back_to_the_one_who_lost_him():
    manager, boss = ivan(), head_of_sales()
    owned, lost = client(owner=manager), pool_client("Болт Сервис, ООО", lost_by=manager)

    with pytest.raises(LockedClient):
        merge(owned, lost, boss)
    with pytest.raises(LockedClient):
        merge(owned, lost, boss, owner=manager)

    lost.refresh_from_db()
    assert lost.archived_on is None


def test_of_two_locks_of_one_day_the_one_in_force_stays_in_force():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    keep, other = client(owner=colleague), client("Болт Сервис, ООО")
    Loss.objects.filter(pk=lock(keep, manager).pk).update(lifted_at=NOW, lifted_by=boss)
    lock(other, manager)

    merge(keep, other, boss)

    assert locks_of([keep.pk]) == {keep.pk: frozenset({manager.pk})}


def test_a_stop_on_either_card_is_a_stop_on_both():
    manager, boss = ivan(), head_of_sales()
    keep, other = client(owner=manager), client("Болт Сервис, ООО", owner=manager)
    Client.objects.filter(pk=other.pk).update(stopped_on=TODAY)
    Phone.objects.filter(client=other).update(stopped_on=TODAY)
    call, promised = task(keep, manager), promise(keep, manager, on=FRIDAY)

    merge(keep, other, boss)

    for row in (keep, call, promised):
        row.refresh_from_db()
    assert (keep.stopped_on, keep.phone_state) == (TODAY, "wrong")
    assert (call.close, promised.end) == ("stopped", "stopped")


def test_a_card_is_not_merged_twice_nor_with_itself():
    manager, boss = ivan(), head_of_sales()
    keep, other = client(owner=manager), client("Болт Сервис, ООО", owner=manager)
    merge(keep, other, boss)

    for pair in ((keep, other), (keep, keep)):
        with pytest.raises(NothingToMerge):
            merge(*pair, boss)


def test_a_neglected_backlog_passes_in_daily_portions_longest_silent_first():
    manager, boss = ivan(), head_of_sales()
    silent = [client(f"ООО «Болт-{n}»", owner=manager, silent_since=TODAY - timedelta(days=300 + n)) for n in range(3)]
    for row in silent:
        Client.objects.filter(pk=row.pk).update(status="regular")
    kept = client("ООО «Трос»", owner=manager)

    spread = [spread_backlog(per_day=2, on=TODAY, by=boss, now=NOW) for _ in range(2)]

    for row in (*silent, kept):
        row.refresh_from_db()
    assert spread == [3, 0]
    assert [row.grace_until for row in silent] == [TOMORROW, TODAY, TODAY]
    assert {row.status for row in silent} == {"forgotten"}
    assert kept.grace_until is None


def test_a_backlog_is_spread_by_the_head_and_by_at_least_one_a_day():
    manager, boss = ivan(), head_of_sales()

    with pytest.raises(OnlyTheHead):
        spread_backlog(per_day=2, on=TODAY, by=manager, now=NOW)
    with pytest.raises(BadPortion):
        spread_backlog(per_day=0, on=TODAY, by=boss, now=NOW)


def test_a_lock_that_nobody_has_is_not_lifted():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    lost, free = pool_client(lost_by=manager), client("ООО «Трос»", owner=colleague)

    lift_locks(client_ids=[lost.pk, free.pk], employee=None, why="разбор пула", by=boss, now=NOW)
    lift_locks(client_ids=[lost.pk], employee=manager, why="разбор пула", by=boss, now=NOW)

    assert [entry.subject_id for entry in AuditEntry.objects.filter(action="lock_lifted")] == [lost.pk]


def test_a_client_who_fell_silent_under_protection_is_judged_on_the_next_morning_without_it():
    manager, boss = ivan(), head_of_sales()
    bolt_service = client(owner=manager, silent_since=date(2026, 1, 12))
    Client.objects.filter(pk=bolt_service.pk).update(protected=True)
    assert (bolt_service.status, bolt_service.next_status_on) == ("lost", None)

    protect_client(client_id=bolt_service.pk, protected=False, by=boss, now=NOW)

    bolt_service.refresh_from_db()
    assert (bolt_service.protected, bolt_service.owner) == (False, manager)
    assert bolt_service.next_status_on == TODAY


def test_one_who_lost_the_other_card_neither_calls_nor_keeps_the_merged_client():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    keep, other = pool_client(lost_by=manager), pool_client("Болт Сервис, ООО", lost_by=colleague)
    call, promised = task(keep, colleague), promise(keep, colleague, on=FRIDAY)
    keep.pool_entries.update(reserved_for=colleague, reserved_until=FRIDAY)

    merge(keep, other, boss)

    call.refresh_from_db()
    promised.refresh_from_db()
    assert call.close == "merged"
    assert (promised.employee, promised.promised_by, promised.ended_at) == (boss, colleague, None)
    assert keep.pool_entries.get(left_on=None).reserved_for is None


def test_two_cards_in_the_pool_rest_as_long_as_the_longer_refusal_asks():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    keep, other = pool_client(lost_by=manager), pool_client("Болт Сервис, ООО", lost_by=colleague)
    keep.pool_entries.update(rest_until=TOMORROW)
    other.pool_entries.update(rest_until=FRIDAY)

    merge(keep, other, boss)

    assert keep.pool_entries.get(left_on=None).rest_until == FRIDAY


def test_a_person_known_on_both_cards_is_one_and_keeps_his_numbers():
    manager, boss = ivan(), head_of_sales()
    keep, other = client(owner=manager), client("Болт Сервис, ООО", owner=manager, phones=("+74950000000",))
    anna, same = (ContactPerson.objects.create(client=row, name="Анна") for row in (keep, other))
    Phone.objects.filter(client=other).update(person=same)

    merge(keep, other, boss)

    assert keep.people.get() == anna
    assert Phone.objects.get(number="+74950000000").person == anna


def test_a_merge_keeps_the_later_date_agreed_and_every_protection():
    manager, boss = ivan(), head_of_sales()
    keep, other = client(owner=manager), client("Болт Сервис, ООО", owner=manager)
    Client.objects.filter(pk=keep.pk).update(agreed_until=TOMORROW, refusals_in_row=1)
    Client.objects.filter(pk=other.pk).update(agreed_until=FRIDAY, refusals_in_row=2, protected=True, inn="7701234567")

    merge(keep, other, boss)

    keep.refresh_from_db()
    assert (keep.agreed_until, keep.refusals_in_row, keep.protected, keep.inn) == (FRIDAY, 2, True, "7701234567")


def archive(rows, by, why=LossReason.NO_NEED):
    archive_clients(client_ids=[row.pk for row in rows], why=why, by=by, on=TODAY, now=NOW)


def test_an_archived_client_is_called_by_nobody_and_promised_nothing():
    manager, boss = ivan(), head_of_sales()
    rows = [pool_client(lost_by=manager), client("ООО «Трос»", owner=manager)]
    call, promised = task(rows[0], olga()), promise(rows[1], manager, on=FRIDAY)

    with pytest.raises(OnlyTheHead):
        archive(rows, manager)
    archive(rows, boss)
    archive(rows, boss)

    for row in (*rows, call, promised):
        row.refresh_from_db()
    assert [row.archived_on for row in rows] == [TODAY, TODAY]
    assert (call.close, promised.end) == ("stopped", "stopped")
    told = AuditEntry.objects.filter(action="client_archived")
    assert sorted(entry.subject_id for entry in told) == sorted(row.pk for row in rows)
    assert {entry.facts["why"] for entry in told} == {"no_need"}


def test_a_client_taken_back_from_the_archive_returns_to_the_pool_with_his_promises():
    manager, boss = ivan(), head_of_sales()
    lost = pool_client(lost_by=manager)
    promised = promise(lost, olga(), on=FRIDAY)
    archive([lost], boss)

    with pytest.raises(OnlyTheHead):
        restore_client(client_id=lost.pk, by=manager, on=TODAY, now=NOW)
    restore_client(client_id=lost.pk, by=boss, on=TODAY, now=NOW)

    lost.refresh_from_db()
    promised.refresh_from_db()
    assert (lost.archived_on, lost.status, promised.ended_at) == (None, "lost", None)
    assert lost.in_pool_since is not None
    with pytest.raises(NotArchived):
        restore_client(client_id=lost.pk, by=boss, on=TODAY, now=NOW)


def test_a_promise_stopped_before_the_archive_stays_stopped():
    manager, boss = ivan(), head_of_sales()
    bolt_service = client(owner=manager)
    promised = promise(bolt_service, manager, on=FRIDAY)
    Callback.objects.filter(pk=promised.pk).update(ended_at=NOW - timedelta(days=1), end="stopped")
    archive([bolt_service], boss)

    restore_client(client_id=bolt_service.pk, by=boss, on=TODAY, now=NOW)

    promised.refresh_from_db()
    assert promised.end == "stopped"


def test_a_merged_card_is_not_taken_back_as_an_empty_client():
    manager, boss = ivan(), head_of_sales()
    keep, other = client(owner=manager), client("Болт Сервис, ООО", owner=manager)
    merge(keep, other, boss)

    with pytest.raises(CardMerged):
        restore_client(client_id=other.pk, by=boss, on=TODAY, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_a_client_back_at_the_same_moment_one_is_refused():
    boss = head_of_sales()
    bolt_service = client(owner=ivan())
    archive([bolt_service], boss)

    told = at_once(*[lambda: restore_client(client_id=bolt_service.pk, by=boss, on=TODAY, now=NOW)] * 2)

    assert sorted(told) == ["", "NotArchived"]


def test_a_stop_of_the_whole_company_outlives_the_lifting_of_one_number():
    manager, boss = ivan(), head_of_sales()
    bolt_service = client(owner=manager)
    promised = promise(bolt_service, manager, on=FRIDAY)
    number = bolt_service.phones.get().number
    for whole in (False, True):
        stop_client(client_id=bolt_service.pk, number=number, whole_company=whole, by=manager, now=NOW, on=TODAY)

    lift_stop(client_id=bolt_service.pk, number=number, by=boss, on=TODAY, now=NOW)
    promised.refresh_from_db()
    meanwhile = promised.end
    lift_stop(client_id=bolt_service.pk, number="", by=boss, on=TODAY, now=NOW)

    promised.refresh_from_db()
    bolt_service.refresh_from_db()
    assert (meanwhile, promised.end, bolt_service.stopped_on) == ("stopped", "", None)
