"""What only the head decides: locks and stops lifted, duplicates merged, clients protected or archived, a backlog."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import transaction

from budilnik.calling.actions.effects import head_in_service, silence_clients
from budilnik.calling.actions.people import LockedClient, ReasonNeeded, lift_for, require_head, require_lifter
from budilnik.calling.actions.promises import hand_promises
from budilnik.calling.actions.tasks import close_tasks, move_tasks
from budilnik.calling.models import Call, Callback, CallTask, HeadMatter
from budilnik.calling.queries.backlog import days_of_backlog, neglected
from budilnik.clients.actions import clock, marks, merging, ownership
from budilnik.clients.models import Client, Phone
from budilnik.clients.queries.base import locks_of
from budilnik.core.ownership import Holding, may_receive, merge_owner
from budilnik.core.refusal import Refusal
from budilnik.core.terms import LossReason, Queue
from budilnik.sales.actions.documents import move_orders
from budilnik.staff.actions import audit
from budilnik.staff.models import AuditEntry, Employee
from budilnik.staff.queries import rules_on


class NothingToMerge(Refusal):
    """Two different cards that are both in the base can be merged."""

    ru = "Эти карточки нельзя объединить: одна из них уже в архиве, или это одна и та же."
    en = "These cards cannot be merged: one is archived already, or they are the same."


class BadPortion(Refusal):
    """A backlog passes in portions of at least one client a day."""

    ru = "Порция {per_day} не годится: нужен хотя бы один клиент в день."
    en = "A portion of {per_day} will not do: at least one client a day is needed."


class NotStopped(Refusal):
    """The stop was lifted meanwhile, or there was none."""

    ru = "Запрет на звонки уже снят."
    en = "The stop has been lifted already."
    status: ClassVar[int] = 409


class NotArchived(Refusal):
    """The client is in the base: somebody took him back meanwhile."""

    ru = "Клиент не в архиве: его уже вернули."
    en = "The client is not archived: he has been taken back already."
    status: ClassVar[int] = 409


class CardMerged(Refusal):
    """What was known of a merged card stands on the other one; taken back, it would be an empty client."""

    ru = "Эта карточка объединена с другой, вернуть её нельзя: всё известное стоит на той карточке."
    en = "This card was merged into another one and cannot be taken back: all that was known stands there."


@transaction.atomic
def lift_locks(
    *, client_ids: Sequence[int], employee: Employee | None, why: str, by: Employee | None, now: datetime
) -> None:
    """Lift the locks of clients, for one employee or for all; one reason, one audit row for each who had one.

    Raises: NotYoursToLift, ReasonNeeded.
    """
    lifter = require_lifter(by, now=now)
    if not why.strip():
        raise ReasonNeeded
    number = employee.pk if employee else None
    locked = [client for client, losers in locks_of(client_ids).items() if number is None or number in losers]
    lift_for(sorted(locked), employee=number, why=why, by=lifter, now=now)


@transaction.atomic
def protect_client(*, client_id: int, protected: bool, by: Employee | None, now: datetime) -> None:
    """Keep a client from release, or give him back to the common rule.

    Raises: OnlyTheHead.
    """
    head = require_head(by)
    marks.protect(client_id, protected=protected)
    if not protected:
        _judge_anew(client_id, now=now)
    audit(
        "client_protected",
        by=head,
        now=now,
        subject="client",
        subject_id=client_id,
        facts={"protected": protected},
    )


def _judge_anew(client: int, *, now: datetime) -> None:
    """Set the alarm of a client whose silence may have run out under protection, when none was left to ring."""
    policy = rules_on(now.date()).policy
    on = now.astimezone(ZoneInfo(policy.company_zone)).date()
    clock.restate([client], on=on, now=now, why="unprotected", silence=policy.silence)


@transaction.atomic
def merge_clients(
    *, keep_id: int, other_id: int, owner: Employee | None, by: Employee | None, now: datetime, on: date
) -> None:
    """Make one client of two cards: history, promises and locks of both; the other card is archived.

    Raises: NothingToMerge, HeadMustChoose (two owners), OnlyTheHead (only he chooses one), LockedClient.
    """
    keep, other = _both(keep_id, other_id)
    holding = _holding(keep, other, owner, by=by)
    merging.absorb(keep=keep, other=other, on=on)
    _settle(keep, holding, on=on)
    move_orders(from_client=other_id, to_client=keep_id)
    _join_the_day(keep_id, other_id, holding, by=by, on=on, now=now)
    clock.rebuild_clock(keep_id, on=on, now=now, why="merged", silence=rules_on(on).policy.silence)
    audit("clients_merged", by=by, now=now, subject="client", subject_id=keep_id, facts={"other": other_id})


def _both(keep_id: int, other_id: int) -> tuple[Client, Client]:
    cards = Client.objects.select_for_update().filter(pk__in=(keep_id, other_id)).order_by("pk")
    rows = {each.pk: each for each in cards}
    if len(rows) != 2 or any(each.archived_on for each in rows.values()):
        raise NothingToMerge
    return rows[keep_id], rows[other_id]


def _holding(keep: Client, other: Client, chosen: Employee | None, *, by: Employee | None) -> Holding:
    """Return who holds the merged client: the locks of both cards bind, whoever held one of them."""
    if chosen is None:
        owners, pooled = (keep.owner_id, other.owner_id), (bool(keep.in_pool_since), bool(other.in_pool_since))
        holding = merge_owner(owners=owners, pooled=pooled)
    else:
        require_head(by)
        holding = Holding(owner=chosen.pk, in_pool=False)
    locks = locks_of([keep.pk, other.pk])
    united = locks.get(keep.pk, frozenset()) | locks.get(other.pk, frozenset())
    if holding.owner is not None and not may_receive(holding.owner, united):
        raise LockedClient(name=Employee.objects.get(pk=holding.owner).name, count=1)
    return holding


def _settle(keep: Client, holding: Holding, *, on: date) -> None:
    if holding.owner is not None and holding.owner != keep.owner_id:
        ownership.give_owner({keep.pk: holding.owner}, on=on, why="merged")
    merging.settle(keep.pk, owner=holding.owner, in_pool=holding.in_pool)


def _join_the_day(keep: int, other: int, holding: Holding, *, by: Employee | None, on: date, now: datetime) -> None:
    """Bring promises, calls and tasks together: a client is in at most one open task."""
    if CallTask.objects.filter(client=keep, closed_at=None).exists():
        close_tasks([other], close="merged", by=by, now=now)
    for table in (Callback, Call, CallTask, HeadMatter):
        table._default_manager.filter(client=other).update(client=keep)
    _hold_to_stops(keep, by=by, now=now)
    _hold_to_locks(keep, by=by, on=on, now=now)
    if holding.owner is not None:
        hand_promises({keep: holding.owner})
        move_tasks({keep: holding.owner}, close="merged", by=by, now=now)


def _hold_to_locks(keep: int, *, by: Employee | None, on: date, now: datetime) -> None:
    """Take a pool client off the list, and out of the reserve, of one who lost the other card; the head rings."""
    losers = locks_of([keep]).get(keep, frozenset())
    tasks = CallTask.objects.filter(client=keep, employee__in=losers, queue=Queue.POOL.value, closed_at=None)
    tasks.update(closed_at=now, closed_by=by, close="merged")
    ownership.drop_reservation(keep, losers)
    if (head := head_in_service(on)) is not None:
        Callback.objects.filter(client=keep, employee__in=losers, ended_at=None).update(employee=head)


def _hold_to_stops(keep: int, *, by: Employee | None, now: datetime) -> None:
    if Client.objects.filter(pk=keep).exclude(stopped_on=None).exists():
        close_tasks([keep], close="stopped", by=by, now=now)
        Callback.objects.filter(client=keep, ended_at=None).update(ended_at=now, end="stopped")


@transaction.atomic
def spread_backlog(*, per_day: int, on: date, by: Employee | None, now: datetime) -> int:
    """Give the neglected backlog its grace, so many clients a working day; return how many got it.

    The backlog are owned clients whose silence has run out already; grace is given once, so repeated it does
    nothing. `by` is None on the command line of the installation.
    Raises: OnlyTheHead, BadPortion.
    """
    if by is not None:
        require_head(by)
    if per_day < 1:
        raise BadPortion(per_day=per_day)
    policy = rules_on(on).policy
    days = days_of_backlog(neglected(on=on, policy=policy), per_day=per_day, on=on, policy=policy)
    marks.grant_grace(days)
    clock.restate(list(days), on=on, now=now, why="grace", silence=policy.silence)
    facts: dict[str, object] = {"clients": len(days), "per_day": per_day}
    audit("backlog_spread", by=by, now=now, subject="policy", facts=facts)
    return len(days)


@transaction.atomic
def archive_clients(
    *, client_ids: Sequence[int], why: LossReason, by: Employee | None, on: date, now: datetime
) -> None:
    """Put clients out of the base: no task and no promise of theirs stays open. Repeated, it does nothing.

    Raises: OnlyTheHead.
    """
    head = require_head(by)
    clients = Client.objects.select_for_update().filter(pk__in=client_ids).order_by("pk")
    gone = [client.pk for client in clients if marks.archive(client.pk, on=on)]
    silence_clients(gone, by=head, now=now)
    for client in gone:
        facts: dict[str, object] = {"why": why.value}
        audit("client_archived", by=head, now=now, subject="client", subject_id=client, facts=facts)


@transaction.atomic
def restore_client(*, client_id: int, by: Employee | None, on: date, now: datetime) -> None:
    """Take an archived client back into the base, with the promises that the archive ended.

    He is whose he was, unless that one has left; from the pool he returns to the pool. The next morning plans him.
    Raises: OnlyTheHead, NotArchived, CardMerged.
    """
    head = require_head(by)
    client = Client.objects.select_for_update(of=("self",)).select_related("owner").get(pk=client_id)
    if AuditEntry.objects.filter(action="clients_merged", facts__other=client_id).exists():
        raise CardMerged
    if not marks.restore(client_id):
        raise NotArchived
    if client.owner is not None and client.owner.left_on is not None and client.owner.left_on <= on:
        ownership.take_from_owners([client_id], on=on, why="leaver")
    _return([client_id], since=client.archived_on or on, on=on, now=now, why="restored")
    audit("client_restored", by=head, now=now, subject="client", subject_id=client_id)


@transaction.atomic
def lift_stop(*, client_id: int, number: str, by: Employee | None, on: date, now: datetime) -> None:
    """Let a number be called again at every client who has it, or the whole company if no number is named.

    The promises that the stop ended stand again; the next morning plans the clients as any others.
    Raises: OnlyTheHead, NotStopped.
    """
    head = require_head(by)
    client = Client.objects.select_for_update().get(pk=client_id)
    if number:
        since = Phone.objects.filter(client=client, number=number).values_list("stopped_on", flat=True).first()
        clients = marks.lift_number_stop(number)
    else:
        since, clients = client.stopped_on, [client_id] if marks.lift_stop(client_id) else []
    if not clients:
        raise NotStopped
    _return(clients, since=since or on, on=on, now=now, why="stop_lifted")
    facts: dict[str, object] = {"whole_company": not number}
    audit("stop_lifted", by=head, now=now, subject="client", subject_id=client_id, facts=facts)


def _return(clients: Sequence[int], *, since: date, on: date, now: datetime, why: str) -> None:
    """Let clients be called as before: the clock is judged anew, promises stopped since that day stand again."""
    policy = rules_on(on).policy
    clock.restate(clients, on=on, now=now, why=why, silence=policy.silence)
    callable_again = Client.objects.callable().filter(pk__in=clients)
    began = datetime.combine(since, time.min, ZoneInfo(policy.company_zone))
    stopped = Callback.objects.filter(client__in=callable_again, end="stopped", ended_at__gte=began)
    stopped.update(ended_at=None, end="")
