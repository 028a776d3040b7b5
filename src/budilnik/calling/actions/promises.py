"""Promises to ring back: made, moved, kept, passed on. A promise ends with a word and is never deleted."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import transaction

from budilnik.calling.actions.tasks import move_tasks, plan_promise
from budilnik.calling.models import Callback, CallTask
from budilnik.calling.queries.promises import colleagues
from budilnik.calling.queries.sight import ClientNotSeen
from budilnik.clients.models import Client, Contact
from budilnik.clients.queries.base import locks_of
from budilnik.core.callbacks import Stage, due_at, rings_after, snooze, stage
from budilnik.core.outcomes import Promised
from budilnik.core.ownership import may_receive
from budilnik.core.refusal import Refusal
from budilnik.core.terms import Role
from budilnik.staff.actions import audit
from budilnik.staff.models import Employee
from budilnik.staff.queries import rules_on, zone_or


class PromiseInThePast(Refusal):
    """A call cannot be promised for a time that is over."""

    ru = "{day}{at} по времени клиента уже прошло; выберите другое время."
    en = "{day}{at} is already past in the client's time; choose another time."


class PromiseEnded(Refusal):
    """The promise was kept, moved or stopped meanwhile; a second end would count it twice."""

    ru = "Это обещание уже закрыто: выполнено, перенесено или снято."
    en = "This promise has ended already: it was kept, moved or stopped."


class NotYourPromise(Refusal):
    """The promise is kept by somebody else to a client of somebody else, or there is none: both sound alike."""

    ru = "Этого обещания нет среди ваших."
    en = "This promise is not among yours."
    status: ClassVar[int] = 404


class NobodyTalked(Refusal):
    """A promise is kept by a talk or an order, not by a mark."""

    ru = "С клиентом ещё не говорили после обещания. Позвоните и запишите итог или примите его звонок."
    en = "Nobody has talked to the client since the promise. Call and save the outcome, or take his call."


class NotRingingYet(Refusal):
    """What does not ring cannot be put off by minutes."""

    ru = "До этого перезвона ещё далеко; его можно перенести."
    en = "This callback is still far ahead; it may be moved."


class PutOffAlready(Refusal):
    """Another page of the same person has put it off: one press counts once."""

    ru = "Перезвон уже отложен на другой странице."
    en = "The callback has been put off already on another page."
    status: ClassVar[int] = 409


class SubstituteAway(Refusal):
    """A promise is passed to somebody who is at work and calls clients."""

    ru = "{name}: сегодня не на работе или не звонит клиентам; выберите другого сотрудника."
    en = "{name} is not at work today or does not call clients; choose somebody else."


class LockedSubstitute(Refusal):
    """A client lost by somebody is not given to him by substitution either."""

    ru = "Этот сотрудник потерял клиента и не может его замещать; выберите другого."
    en = "This employee lost the client and cannot stand in for him; choose another one."


class ClientStopped(Refusal):
    """A stop beats every promise."""

    ru = "Клиенту больше не звонят: обещать звонок нельзя."
    en = "The client is not called any more: no call can be promised."


def add_promise(
    promised: Promised,
    *,
    client: Client,
    employee_id: int,
    promised_by: int,
    now: datetime,
    zone: str = "",
    person_id: int | None = None,
    instead_of: int | None = None,
    key: str = "",
) -> int:
    """Write down a promise in the client's wall time, without an audit row: part of a larger use case.

    Raises: ClientStopped, PromiseInThePast.
    """
    if client.stopped_on or client.archived_on:
        raise ClientStopped
    zone = zone_or(zone or client.zone, rules_on(now.date()).policy.company_zone).key
    due = due_at(promised.on, promised.at, ZoneInfo(zone))
    today = now.astimezone(ZoneInfo(zone)).date()
    if (due <= now) if promised.at else (promised.on < today):
        raise PromiseInThePast(day=promised.on, at=f" {promised.at:%H:%M}" if promised.at else "")
    row = Callback.objects.create(
        client=client,
        person_id=person_id,
        promised_by_id=promised_by,
        employee_id=employee_id,
        local_on=promised.on,
        local_time=promised.at,
        zone=zone,
        due_at=due,
        about=promised.about[:240],
        recorded_at=now,
        key=key,
    )
    if instead_of is not None:
        Callback.objects.filter(pk=instead_of).update(moved_to=row.pk)
    plan_promise(row)
    return row.pk


def end_promise(callback_id: int, *, end: str, now: datetime) -> bool:
    """End an open promise with a word; of two who end it at once one is told False."""
    return Callback.objects.filter(pk=callback_id, ended_at=None).update(ended_at=now, end=end) == 1


def hand_promises(holders: Mapping[int, int]) -> None:
    """Give the open promises of clients to other employees: `holders` maps client to employee."""
    by_employee: dict[int, list[int]] = {}
    for client, employee in holders.items():
        by_employee.setdefault(employee, []).append(client)
    for employee, clients in by_employee.items():
        Callback.objects.filter(client_id__in=clients, ended_at=None).update(employee=employee)


@transaction.atomic
def promise_callback(
    *,
    client_id: int,
    local_on: date,
    local_time: time | None,
    about: str,
    by: Employee | None,
    now: datetime,
    employee: Employee | None = None,
    zone: str = "",
    person_id: int | None = None,
    key: str = "",
) -> int:
    """Promise a client a call, or a next step without an hour; return the number of the promise.

    Without an `employee` the owner keeps it. A person promises to his own clients, a head to any. `key` is the
    one-time number of the form: sent twice, the second time returns the promise of the first.
    Raises: ClientNotSeen, PromiseInThePast, ClientStopped.
    """
    client = Client.objects.select_for_update().filter(pk=client_id).first()
    if client is None or not (_leads(by) or (by and client.owner_id == by.pk)):
        raise ClientNotSeen
    # The client is locked by now, so the same form sent twice at once waits here and finds its twin.
    if key and (twin := Callback.objects.filter(client=client, key=key).first()):
        return twin.pk
    keeper = (employee.pk if employee else None) or client.owner_id or (by.pk if by else None)
    if keeper is None:
        raise ValueError("nobody keeps this promise: the client has no owner and nobody promises")
    number = add_promise(
        Promised(on=local_on, at=local_time, about=about),
        client=client,
        employee_id=keeper,
        promised_by=by.pk if by and employee is None else keeper,
        now=now,
        zone=zone,
        person_id=person_id,
        key=key,
    )
    audit(
        "callback_promised",
        by=by,
        now=now,
        subject="client",
        subject_id=client_id,
        facts={"callback": number, "employee": keeper},
    )
    return number


def _leads(by: Employee | None) -> bool:
    """Say whether it is a head who acts, or a rule."""
    return by is None or by.role == Role.HEAD.value


def _require_keeper(promise: Callback, by: Employee | None) -> None:
    """See that one keeps the promise himself or carries it in today's list; a head acts for everybody."""
    if _leads(by) or (by and promise.employee_id == by.pk):
        return
    if not CallTask.objects.published().open().filter(callback=promise, employee=by).exists():
        raise NotYourPromise


def _require_mine(promise: Callback, by: Employee | None) -> None:
    """See that a promise is one's own: to keep, to one's own client, or given by oneself to a client of the pool."""
    owner = promise.client.owner_id or promise.promised_by_id
    if by is None or owner != by.pk:
        _require_keeper(promise, by)


@transaction.atomic
def move_callback(
    *,
    callback_id: int,
    local_on: date,
    local_time: time | None,
    by_client: bool,
    by: Employee | None,
    now: datetime,
    zone: str = "",
) -> int:
    """Move a promise: the old row ends with the word who moved it and is linked to the new one, which is returned.

    Raises: NotYourPromise, PromiseEnded, PromiseInThePast, ClientStopped.
    """
    old = _with_client_locked(callback_id, by)
    if not end_promise(callback_id, end="moved_by_client" if by_client else "moved_by_us", now=now):
        raise PromiseEnded
    number = add_promise(
        Promised(on=local_on, at=local_time, about=old.about),
        client=old.client,
        employee_id=old.employee_id,
        promised_by=old.promised_by_id,
        now=now,
        zone=zone or old.zone,
        person_id=old.person_id,
        instead_of=callback_id,
    )
    _follow_promise(callback_id, number, local_on=local_on, by=by, now=now)
    audit(
        "callback_moved",
        by=by,
        now=now,
        subject="client",
        subject_id=old.client_id,
        facts={"callback": callback_id, "moved_to": number, "by_client": by_client},
    )
    return number


def _with_client_locked(callback_id: int, by: Employee | None) -> Callback:
    """Return one's own promise, its client locked first as everywhere: a call being saved may end it right now."""
    promise = Callback.objects.filter(pk=callback_id).first()
    if promise is None:
        raise NotYourPromise
    promise.client = Client.objects.select_for_update().get(pk=promise.client_id)
    _require_mine(promise, by)
    return promise


def _follow_promise(old: int, new: int, *, local_on: date, by: Employee | None, now: datetime) -> None:
    """Let the open task that carries a moved promise carry the new one, or leave the day if it is not today's."""
    tasks = CallTask.objects.filter(callback=old, closed_at=None)
    if not tasks.filter(on=local_on).update(callback=new):
        tasks.update(closed_at=now, closed_by=by, close="moved")


@transaction.atomic
def keep_callback(*, callback_id: int, by: Employee | None, now: datetime) -> None:
    """Note that a promise was kept, by one key after the client called himself or was talked to outside the queue.

    Raises: NotYourPromise, PromiseEnded, NobodyTalked.
    """
    promise = _with_client_locked(callback_id, by)
    talks = Contact.objects.filter(client=promise.client_id, at__gt=promise.recorded_at, voided_at=None)
    if promise.ended_at is None and not talks.exists():
        raise NobodyTalked
    if not end_promise(callback_id, end="done", now=now):
        raise PromiseEnded
    CallTask.objects.filter(callback=callback_id, closed_at=None).update(
        closed_at=now, closed_by=by, close="client_called"
    )
    audit("callback_kept", by=by, now=now, subject="callback", subject_id=callback_id)


@transaction.atomic
def pass_to_substitute(*, callback_id: int, to: Employee, by: Employee | None, now: datetime) -> None:
    """Hand a promise to somebody else; the promise and who gave it stay as they were.

    Raises: NotYourPromise, PromiseEnded, SubstituteAway, LockedSubstitute.
    """
    promise = _with_client_locked(callback_id, by)
    if to.pk not in {each.employee_id for each in colleagues(now=now)}:
        raise SubstituteAway(name=to.name)
    if not may_receive(to.pk, locks_of([promise.client_id]).get(promise.client_id, frozenset())):
        raise LockedSubstitute
    if Callback.objects.filter(pk=callback_id, ended_at=None).update(employee=to) != 1:
        raise PromiseEnded
    if CallTask.objects.filter(callback=callback_id, closed_at=None).exists():
        move_tasks({promise.client_id: to.pk}, close="passed", by=by, now=now)
    audit(
        "callback_passed",
        by=by,
        now=now,
        subject="callback",
        subject_id=callback_id,
        facts={"from": promise.employee_id, "to": to.pk},
    )


@transaction.atomic
def snooze_callback(*, callback_id: int, by: Employee, now: datetime, seen: int) -> datetime:
    """Let a promise ring again five minutes later, at most three times; return when. The promise stays as it was.

    `seen` is how many times it was put off when the page was drawn: of two pages that press at once one counts.
    Raises: NotYourPromise, PromiseEnded, NotRingingYet, SnoozedEnough, PutOffAlready.
    """
    promise = Callback.objects.filter(pk=callback_id).first()
    if promise is None:
        raise NotYourPromise
    _require_keeper(promise, by)
    if promise.ended_at is not None:
        raise PromiseEnded
    if promise.snoozes != seen:
        raise PutOffAlready
    if not _rings(promise, now):
        raise NotRingingYet
    again = snooze(promise.snoozes, now=now)
    standing = Callback.objects.filter(pk=callback_id, ended_at=None, snoozes=seen)
    if standing.update(snoozes=seen + 1, rings_at=again) != 1:
        raise PutOffAlready
    audit(
        "callback_put_off",
        by=by,
        now=now,
        subject="callback",
        subject_id=callback_id,
        facts={"times": promise.snoozes + 1},
    )
    return again


def _rings(promise: Callback, now: datetime) -> bool:
    """Say whether a promise rings or is about to; a step without an hour rings only after a call without an answer."""
    if promise.local_time is None and promise.rings_at is None:
        return False
    return stage(promise.rings_at or promise.due_at, now=now) is not Stage.WAITING


def ring_later(callback_id: int, at: datetime, *, now: datetime) -> datetime:
    """Let the alarm of a promise follow a call without an answer, without an audit row: part of a saved call.

    `at` is when it comes up again by `core.callbacks.ring_again`, `now` the moment of the attempt. Returns when it
    really rings, which its task should wait for too: tried hours before its time, it still rings at its time.
    """
    promise = Callback.objects.get(pk=callback_id)
    again = rings_after(promise.due_at, tried_at=now, again=at) if promise.local_time else at
    Callback.objects.filter(pk=callback_id, ended_at=None).update(rings_at=again)
    return again
