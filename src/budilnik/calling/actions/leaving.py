"""An employee leaves: one action moves everything by rule, and may be looked at before it is done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import blake2b
from typing import ClassVar

from django.db import transaction

from budilnik.calling.actions.people import (
    move_clients,
    move_with_promise,
    pass_promises,
    require_head,
    require_service,
    share_out,
    team_of,
)
from budilnik.calling.actions.tasks import close_tasks, destinations
from budilnik.calling.models import Callback, CallTask
from budilnik.clients.actions import ownership
from budilnik.clients.models import Client
from budilnik.clients.queries.base import loads_of_owners, values_of
from budilnik.core.refusal import Refusal
from budilnik.core.terms import Queue
from budilnik.staff import actions as staff
from budilnik.staff.actions import audit
from budilnik.staff.models import Employee
from budilnik.staff.queries import StaffMember


class PreviewOutOfDate(Refusal):
    """Clients, promises or tasks have changed since the preview was made: it would not come true."""

    ru = "Пока вы смотрели, данные изменились, и ничего не сделано. Ниже новый расчёт: проверьте его и подтвердите."
    en = "Things changed while you looked, and nothing was done. Below is the new preview: check and confirm it."
    status: ClassVar[int] = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """What a colleague gets from a leaver. Units: value in kopecks."""

    name: str
    clients: int
    value: int
    promises: int
    tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaverPreview:
    """What a leaving would do. `ownerless` are clients whom the whole team has lost. Units: values in kopecks.

    `digest` stands for everything shown: the leaving is refused when it is no longer the same.
    """

    employee_id: int
    name: str
    receivers: tuple[Receiver, ...]
    clients: int
    value: int
    ownerless: int
    ownerless_value: int
    promises_to_head: int
    tasks_closed: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leaving:
    """Who gets whom: `moves` own clients, `left` those whom nobody may have, `holders` clients promised a call."""

    team: Sequence[StaffMember]
    moves: Mapping[int, int]
    left: Sequence[int]
    holders: Mapping[int, int]
    promises: Sequence[tuple[int, int]]


def _decide(employee: Employee, *, on: date) -> _Leaving:
    team = team_of(employee, on, present_only=False)
    own = list(Client.objects.filter(owner=employee, archived_on=None).order_by("pk").values_list("pk", flat=True))
    held, values = loads_of_owners(), values_of(own)
    moves = share_out(own, team, on=on, held=held)
    mine = Callback.objects.filter(employee=employee, ended_at=None).order_by("pk").values_list("pk", "client_id")
    promises = [(number, client) for number, client in mine if client not in moves]
    clients = sorted({client for _number, client in promises})
    owned = Client.objects.filter(pk__in=clients).exclude(owner=None).exclude(owner=employee)
    holders: dict[int, int] = dict(owned.values_list("pk", "owner_id"))
    nobodys = [client for client in clients if client not in holders]
    holders |= share_out(nobodys, team, on=on, held=_loads_after(held, moves, values))
    return _Leaving(
        team=team,
        moves=moves,
        left=[client for client in own if client not in moves],
        holders=holders,
        promises=promises,
    )


def _loads_after(
    held: Mapping[int, tuple[int, int]], moves: Mapping[int, int], values: Mapping[int, int]
) -> dict[int, tuple[int, int]]:
    loads = dict(held)
    for client, to in moves.items():
        count, value = loads.get(to, (0, 0))
        loads[to] = (count + 1, value + values[client])
    return loads


def preview_leaver(employee: Employee, *, on: date) -> LeaverPreview:
    """Return what the leaving of an employee would do, by the rule that does it; nothing is written.

    Raises: NotInService.
    """
    require_service(employee, on=on)
    return _shown(employee, _decide(employee, on=on))


def _shown(employee: Employee, leaving: _Leaving) -> LeaverPreview:
    values = values_of([*leaving.moves, *leaving.left])
    tasks, closed = _tasks_of(employee, leaving)
    shown = LeaverPreview(
        employee_id=employee.pk,
        name=employee.name,
        receivers=_receivers(leaving, values=values, tasks=tasks),
        clients=len(values),
        value=sum(values.values()),
        ownerless=len(leaving.left),
        ownerless_value=sum(values[client] for client in leaving.left),
        promises_to_head=sum(client not in leaving.holders for _number, client in leaving.promises),
        tasks_closed=closed,
        digest="",
    )
    return replace(shown, digest=_digest(leaving, shown))


def _receivers(leaving: _Leaving, *, values: Mapping[int, int], tasks: Counter[int]) -> tuple[Receiver, ...]:
    """Return what each gets: the whole team, and whoever owns a client to whom the leaver promised a call."""
    clients, worth = Counter(leaving.moves.values()), Counter[int]()
    for client, to in leaving.moves.items():
        worth[to] += values[client]
    promised = Callback.objects.filter(client__in=list(leaving.moves), ended_at=None).values_list(
        "client_id", flat=True
    )
    promises = Counter(leaving.moves[client] for client in promised)
    promises.update(leaving.holders[client] for _number, client in leaving.promises if client in leaving.holders)
    names = {each.employee_id: each.name for each in leaving.team}
    names |= dict(Employee.objects.filter(pk__in=set(promises) - set(names)).values_list("pk", "name"))
    return tuple(
        Receiver(name=name, clients=clients[who], value=worth[who], promises=promises[who], tasks=tasks[who])
        for who, name in sorted(names.items(), key=lambda pair: (pair[1], pair[0]))
    )


def _tasks_of(employee: Employee, leaving: _Leaving) -> tuple[Counter[int], int]:
    """Return how many open tasks go to whom, and how many are closed for want of a list to stand on."""
    mine = CallTask.objects.filter(employee=employee, closed_at=None)
    promised = mine.filter(queue=Queue.CALLBACK.value).values_list("client_id", flat=True)
    holders = {client: leaving.holders[client] for client in promised if client in leaving.holders}
    places = destinations({**holders, **leaving.moves})
    moved = Counter(place.employee_id for task, place in places.items() if place and task.employee_id == employee.pk)
    return moved, mine.count() - moved.total()


def _digest(leaving: _Leaving, shown: LeaverPreview) -> str:
    told = (sorted(leaving.moves.items()), leaving.left, sorted(leaving.holders.items()), leaving.promises, shown)
    return blake2b(repr(told).encode(), digest_size=16).hexdigest()


@transaction.atomic
def employee_leaves(*, employee: Employee, on: date, by: Employee | None, now: datetime, seen: str = "") -> None:
    """Let an employee go: his clients, promises and open tasks move by rule, locks respected.

    Clients whom the whole team has lost stay without an owner on the head's list; what was promised them, and to
    clients of the pool, is kept by an unlocked colleague or the head. `seen` is the digest of the preview confirmed.
    Raises: OnlyTheHead, NotInService, PreviewOutOfDate.
    """
    if by is not None:
        require_head(by)
    require_service(Employee.objects.select_for_update().get(pk=employee.pk), on=on)
    list(Client.objects.select_for_update().filter(owner=employee).order_by("pk").values_list("pk"))
    leaving = _decide(employee, on=on)
    if seen and _shown(employee, leaving).digest != seen:
        raise PreviewOutOfDate
    staff.leave(employee=employee, on=on, by=by, now=now)
    move_clients(leaving.moves, why="leaver", by=by, on=on, now=now)
    for client, to in leaving.moves.items():
        audit("owner_changed", by=by, now=now, subject="client", subject_id=client, facts={"to": to, "why": "leaver"})
    ownership.take_from_owners(leaving.left, on=on, why="leaver")
    close_tasks(leaving.left, close="leaver", by=by, now=now)
    ownership.drop_reservations(employee.pk)
    _clear_desk(employee, leaving, close="leaver", by=by, on=on, now=now)


def _clear_desk(
    employee: Employee, leaving: _Leaving, *, close: str, by: Employee | None, on: date, now: datetime
) -> None:
    """Hand over what an employee still holds of clients who are not his own: to the owner, else to the team."""
    pass_promises(leaving.promises, leaving.holders, on=on)
    tasks = CallTask.objects.filter(employee=employee, closed_at=None)
    move_with_promise(tasks, leaving.holders, close=close, by=by, now=now)
    tasks.update(closed_at=now, closed_by=by, close=close)
