"""To whom a client, a promise or an absent one's work may be given; who is away, and what that moves."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from budilnik.calling.models import Callback, CallTask
from budilnik.calling.queries.sight import ClientNotSeen, Sight, seen_clients
from budilnik.calling.queries.team import is_caller
from budilnik.clients.queries.base import loads_of_owners, locks_of
from budilnik.core.naming import sort_key
from budilnik.core.policy import Policy
from budilnik.core.terms import Queue, Role
from budilnik.staff.models import Absence, Employee
from budilnik.staff.queries import staff_in_service

_LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Teammate:
    """Somebody to whom a client or a promise may be given. Units: value in kopecks of the clients he has already."""

    employee_id: int
    name: str
    role: str
    absent: bool
    clients: int
    value: int
    locked: bool


def teammates(*, on: date, policy: Policy, client_id: int | None = None) -> tuple[Teammate, ...]:
    """Return those who may own clients or call them, the head too; `locked` lost the client named. Four queries."""
    held = loads_of_owners()
    losers = locks_of([client_id]).get(client_id, frozenset()) if client_id else frozenset[int]()
    found = [
        Teammate(
            employee_id=each.employee_id,
            name=each.name,
            role=each.role.value,
            absent=each.away(on) is not None,
            clients=held.get(each.employee_id, (0, 0))[0],
            value=held.get(each.employee_id, (0, 0))[1],
            locked=each.employee_id in losers,
        )
        for each in staff_in_service(on)
        if is_caller(each, policy) or each.role is Role.HEAD
    ]
    return tuple(sorted(found, key=lambda each: (each.role == Role.HEAD.value, sort_key(each.name))))


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceLine:
    """An absence, both ends included; `now` while it goes on, `over` once it has ended."""

    absence_id: int
    employee_id: int
    name: str
    substitute: str
    from_on: date
    until_on: date
    now: bool
    over: bool


def absences(on: date) -> tuple[AbsenceLine, ...]:
    """Return the absences of those in service that go on, come, or ended in the last month. One query."""
    in_service = Employee.objects.working(on)
    rows = Absence.objects.filter(until_on__gte=on - _LATELY, employee__in=in_service)
    lines = [
        AbsenceLine(
            absence_id=row.pk,
            employee_id=row.employee_id,
            name=row.employee.name,
            substitute=row.substitute.name if row.substitute else "",
            from_on=row.from_on,
            until_on=row.until_on,
            now=row.from_on <= on <= row.until_on,
            over=row.until_on < on,
        )
        for row in rows.select_related("employee", "substitute").order_by("from_on", "pk")
    ]
    return tuple(sorted(lines, key=lambda line: (line.over, not line.now)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What an absence would move today: promises that fall into it, and open calls by where they came from."""

    promises: int
    promised: int
    own: int
    pool: int

    @property
    def calls(self) -> int:
        """Open calls of today."""
        return self.promised + self.own + self.pool


def moved_by_absence(employee_id: int, *, from_on: date, until_on: date, on: date) -> Moves:
    """Return what an absence of those days would move, before it is noted. Two queries, one if it begins later."""
    promises = promises_during(employee_id, from_on=from_on, until_on=until_on, on=on)
    queues: Counter[str] = Counter()
    if from_on <= on <= until_on:
        tasks = CallTask.objects.filter(employee=employee_id, on=on, closed_at=None)
        queues.update(tasks.values_list("queue", flat=True))
    promised, pool = queues[Queue.CALLBACK.value], queues[Queue.POOL.value]
    return Moves(promises=promises.count(), promised=promised, own=queues.total() - promised - pool, pool=pool)


def promises_during(employee_id: int, *, from_on: date, until_on: date, on: date) -> QuerySet[Callback]:
    """Return the promises that fall into an absence: overdue ones too, if it has begun. No query yet."""
    promises = Callback.objects.filter(employee=employee_id, ended_at=None, local_on__lte=until_on)
    return promises.filter(local_on__gte=from_on) if from_on > on else promises


@dataclass(frozen=True, slots=True, kw_only=True)
class InService:
    """Somebody who works here."""

    employee_id: int
    name: str
    role: str


def staff_but(employee_id: int, *, on: date) -> tuple[InService, ...]:
    """Return everybody in service except one, by name. Two queries."""
    found = (
        InService(employee_id=each.employee_id, name=each.name, role=each.role.value)
        for each in staff_in_service(on)
        if each.employee_id != employee_id
    )
    return tuple(sorted(found, key=lambda each: sort_key(each.name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A client about to change hands; `owner` is "" when nobody owns him."""

    client_id: int
    name: str
    owner: str
    in_pool: bool


def given_client(client_id: int, *, sight: Sight) -> Given:
    """Return a client about to be given to somebody. One query.

    Raises: ClientNotSeen.
    """
    row = seen_clients(sight).select_related("owner").filter(pk=client_id).first()
    if row is None:
        raise ClientNotSeen
    owner = row.owner.name if row.owner else ""
    return Given(client_id=row.pk, name=row.name, owner=owner, in_pool=row.in_pool_since is not None)
