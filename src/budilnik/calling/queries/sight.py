"""Whom an employee sees: his own clients and today's tasks, or the whole base. One layer for every page and list."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.db.models import Exists, OuterRef, Q

from budilnik.calling.models import CallTask
from budilnik.clients.models import Client, ClientQuerySet
from budilnik.core.refusal import Refusal
from budilnik.core.terms import Role
from budilnik.staff.models import Employee

SEES_ALL = frozenset({Role.HEAD.value, Role.DIRECTOR.value})


class ClientNotSeen(Refusal):
    """The client is not one's own and not in today's list, or there is none: both sound alike."""

    ru = "Этого клиента нет среди ваших. Если он звонит сам, найдите его по полному номеру или ИНН."
    en = "This client is not among yours. If he is calling you, find him by the full number or INN."
    status: ClassVar[int] = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Who looks, on which day, and whether he sees the whole base."""

    employee_id: int
    on: date
    everyone: bool


def sight_of(employee: Employee, *, on: date) -> Sight:
    """Return what an employee sees on a day. No query."""
    return Sight(employee_id=employee.pk, on=on, everyone=employee.role in SEES_ALL)


def _tasks_of_today(sight: Sight) -> Exists:
    mine = CallTask.objects.published().filter(client_id=OuterRef("pk"), employee_id=sight.employee_id, on=sight.on)
    return Exists(mine)


def seen_clients(sight: Sight) -> ClientQuerySet:
    """Return the clients that one may open: archived ones only for those who see all. No query yet."""
    if sight.everyone:
        return Client.objects.all()
    return Client.objects.alive().filter(Q(owner_id=sight.employee_id) | _tasks_of_today(sight))


def own_clients(sight: Sight) -> ClientQuerySet:
    """Return the clients of one's list: one's own, or all for those who see all. No query yet."""
    alive = Client.objects.alive()
    return alive if sight.everyone else alive.filter(owner_id=sight.employee_id)


def require_seen(sight: Sight, client_id: int) -> None:
    """See that a client may be opened. One query, none for those who see all.

    Raises: ClientNotSeen.
    """
    if not seen_clients(sight).filter(pk=client_id).exists():
        raise ClientNotSeen


def sees_phones(sight: Sight, client_id: int) -> bool:
    """Say whether the numbers may be shown: one's own client, or a task still open. Two queries at most."""
    if sight.everyone:
        return True
    own = Client.objects.filter(pk=client_id, owner_id=sight.employee_id)
    return own.exists() or _has_open_task(sight, client_id)


def sees_phones_of(sight: Sight, client: Client) -> bool:
    """Say the same of a client who was read already. One query, none of one's own client and for those who see all."""
    return sight.everyone or client.owner_id == sight.employee_id or _has_open_task(sight, client.pk)


def _has_open_task(sight: Sight, client_id: int) -> bool:
    tasks = CallTask.objects.published().open().filter(client_id=client_id, employee_id=sight.employee_id)
    return tasks.exists()
