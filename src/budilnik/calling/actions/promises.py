"""Promises to ring back: made, moved, kept, passed on. A promise ends with a word and is never deleted."""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from budilnik.calling.actions.tasks import move_tasks
from budilnik.calling.models import Callback, CallTask
from budilnik.clients.models import Client
from budilnik.clients.queries.base import locks_of
from budilnik.core.callbacks import due_at
from budilnik.core.outcomes import Promised
from budilnik.core.ownership import may_receive
from budilnik.core.refusal import Refusal
from budilnik.staff.actions import audit
from budilnik.staff.models import Employee
from budilnik.staff.queries import rules_on


class PromiseInThePast(Refusal):
    """A call cannot be promised for a time that is over."""

    ru = "Перезвон на {local} уже в прошлом по времени клиента; выберите другое время."
    en = "A callback at {local} is already in the past in the client's time; choose another time."


class PromiseEnded(Refusal):
    """The promise was kept, moved or stopped meanwhile; a second end would count it twice."""

    ru = "Это обещание уже закрыто: выполнено, перенесено или снято."
    en = "This promise has ended already: it was kept, moved or stopped."


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
) -> int:
    """Write down a promise in the client's wall time, without an audit row: part of a larger use case.

    Raises: ClientStopped, PromiseInThePast.
    """
    if client.stopped_on or client.archived_on:
        raise ClientStopped
    zone = zone or client.zone or rules_on(now.date()).policy.company_zone
    due = due_at(promised.on, promised.at, ZoneInfo(zone))
    today = now.astimezone(ZoneInfo(zone)).date()
    if (due <= now) if promised.at else (promised.on < today):
        raise PromiseInThePast(local=" ".join(str(part) for part in (promised.on, promised.at) if part))
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
    )
    if instead_of is not None:
        Callback.objects.filter(pk=instead_of).update(moved_to=row.pk)
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
    employee: Employee,
    local_on: date,
    local_time: time | None,
    about: str,
    by: Employee | None,
    now: datetime,
    zone: str = "",
    person_id: int | None = None,
) -> int:
    """Promise a client a call, or a next step without an hour; return the number of the promise.

    Raises: PromiseInThePast, ClientStopped.
    """
    client = Client.objects.select_for_update().get(pk=client_id)
    promised = Promised(on=local_on, at=local_time, about=about)
    number = add_promise(
        promised,
        client=client,
        employee_id=employee.pk,
        promised_by=employee.pk,
        now=now,
        zone=zone,
        person_id=person_id,
    )
    audit(
        "callback_promised",
        by=by,
        now=now,
        subject="client",
        subject_id=client_id,
        facts={"callback": number, "employee": employee.pk},
    )
    return number


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

    Raises: PromiseEnded, PromiseInThePast, ClientStopped.
    """
    old = _with_client_locked(callback_id)
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


def _with_client_locked(callback_id: int) -> Callback:
    """Return a promise, its client locked first as everywhere: a call being saved may end the promise right now."""
    promise = Callback.objects.get(pk=callback_id)
    promise.client = Client.objects.select_for_update().get(pk=promise.client_id)
    return promise


def _follow_promise(old: int, new: int, *, local_on: date, by: Employee | None, now: datetime) -> None:
    """Let the open task that carries a moved promise carry the new one, or leave the day if it is not today's."""
    tasks = CallTask.objects.filter(callback=old, closed_at=None)
    if not tasks.filter(on=local_on).update(callback=new):
        tasks.update(closed_at=now, closed_by=by, close="moved")


@transaction.atomic
def keep_callback(*, callback_id: int, by: Employee | None, now: datetime) -> None:
    """Note that a promise was kept, by one key after the client called himself.

    Raises: PromiseEnded.
    """
    _with_client_locked(callback_id)
    if not end_promise(callback_id, end="done", now=now):
        raise PromiseEnded
    CallTask.objects.filter(callback=callback_id, closed_at=None).update(
        closed_at=now, closed_by=by, close="client_called"
    )
    audit("callback_kept", by=by, now=now, subject="callback", subject_id=callback_id)


@transaction.atomic
def pass_to_substitute(*, callback_id: int, to: Employee, by: Employee | None, now: datetime) -> None:
    """Hand a promise to somebody else; the promise and who gave it stay as they were.

    Raises: PromiseEnded, LockedSubstitute.
    """
    promise = _with_client_locked(callback_id)
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
