"""Discipline over a period: figures of each employee, and the clients behind each figure."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from budilnik.calling.queries import kept_order as orders
from budilnik.calling.queries.kept_order import Asked, Figure
from budilnik.clients.models import Client, Contact
from budilnik.core.discipline import put_off_too_often
from budilnik.core.naming import sort_key
from budilnik.core.terms import Evidence
from budilnik.staff.models import Employee

PAGE = 100
_PARTS = {
    "own": (Figure.OWN_DONE, Figure.OWN_PLANNED),
    "pool": (Figure.POOL_DONE, Figure.POOL_PLANNED),
    "promised": (Figure.PROMISED_DONE, Figure.PROMISED_PLANNED),
    "reached": (Figure.TALKS, Figure.ATTEMPTS),
    "manual": (Figure.MANUAL, Figure.CONTACTS),
    "last_days": (Figure.LAST_DAYS, Figure.MANUAL),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DisciplineLine:
    """The figures of one employee; no name for all together."""

    employee_id: int
    name: str
    counts: Mapping[Figure, int]

    def share(self, what: str) -> float | None:
        """Return what part of what is asked was done; None where nothing was asked."""
        done, asked = (self.counts[each] for each in _PARTS[what])
        return done / asked if asked else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discipline:
    """The figures of everybody over a period. `confirmed` says whether any talk of it is known from the telephony."""

    lines: tuple[DisciplineLine, ...]
    total: DisciplineLine
    confirmed: bool


def discipline(asked: Asked) -> Discipline:
    """Return the discipline of a period by employee. Ten queries, however many employees."""
    names = dict(Employee.objects.values_list("pk", "name"))
    found = _counted(asked, list(names))
    lines = tuple(
        DisciplineLine(employee_id=who, name=names[who], counts=_whole(found[who]))
        for who in sorted((who for who in found if any(found[who].values())), key=lambda who: sort_key(names[who]))
    )
    total = _whole(sum((Counter(line.counts) for line in lines), Counter()))
    by_telephony = orders.contacts_of(asked).filter(evidence=Evidence.PBX.value, employee_id__in=list(names))
    return Discipline(
        lines=lines,
        total=DisciplineLine(employee_id=0, name="", counts=total),
        confirmed=by_telephony.exists(),
    )


def _whole(counts: Counter[Figure]) -> dict[Figure, int]:
    return {figure: counts[figure] for figure in Figure}


def _counted(asked: Asked, employees: list[int]) -> dict[int, Counter[Figure]]:
    found: dict[int, Counter[Figure]] = defaultdict(Counter)
    parts: Sequence[tuple[QuerySet[Any], Mapping[Figure, Q]]] = (
        (orders.tasks_of(asked), orders.TASKS),
        (orders.calls_of(asked), orders.CALLS),
        (orders.promises_of(asked), orders.promises(asked)),
        (orders.contacts_of(asked), orders.CONTACTS),
    )
    for rows, figures in parts:
        counts = {figure.value: Count("pk", filter=condition or None) for figure, condition in figures.items()}
        for row in rows.filter(employee_id__in=employees).values("employee_id").annotate(**counts).order_by():
            found[row["employee_id"]].update({figure: row[figure.value] for figure in figures})
    for _, who in orders.talks_at_the_last_moment(asked, employees):
        found[who][Figure.LAST_DAYS] += 1
    for who, _ in _postponed(asked, employees):
        found[who][Figure.POSTPONED] += 1
    return found


def _postponed(asked: Asked, employees: list[int]) -> dict[tuple[int, int], int]:
    return put_off_too_often(orders.postponements(asked, employees))


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """One thing that a figure counts: whose client, when. `note` is a code: how a task ended, an outcome, an end.

    `often` is how many times the client was put off.
    """

    client_id: int
    client: str
    employee: str
    on: date | None = None
    at: datetime | None = None
    note: str = ""
    often: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindPage:
    """A page of what a figure counts; `total` is the figure. `kind` says what the notes are."""

    kind: str
    lines: tuple[Behind, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE))


def behind(figure: Figure, *, asked: Asked, employee_id: int | None, page: int, size: int = PAGE) -> BehindPage:
    """Return a page of what a figure of discipline counts, of one employee or of all. Six queries at most."""
    employees = list(Employee.objects.values_list("pk", flat=True)) if employee_id is None else [employee_id]
    first = (page - 1) * size
    if figure is Figure.POSTPONED:
        return _put_off(_postponed(asked, employees), page=page, size=size)
    kind, rows, when, note = _rows_of(figure, asked, employees)
    mine = rows.filter(employee_id__in=employees)
    columns = ("client_id", "client__name", "employee__name", when, note)
    told = mine.order_by(when, "pk").values_list(*columns)[first : first + size]
    lines = tuple(
        Behind(
            client_id=client,
            client=name,
            employee=employee or "",
            on=moment if not isinstance(moment, datetime) else None,
            at=moment if isinstance(moment, datetime) else None,
            note=note,
        )
        for client, name, employee, moment, note in told
    )
    return BehindPage(kind=kind, lines=lines, total=mine.count(), page=page)


def _rows_of(figure: Figure, asked: Asked, employees: list[int]) -> tuple[str, QuerySet[Any], str, str]:
    """Return what the notes are, the rows that a figure counts, the columns of their moment and of their note."""
    if figure in orders.TASKS:
        return "close", orders.tasks_of(asked).filter(orders.TASKS[figure]), "on", "close"
    if figure in orders.CALLS:
        return "outcome", orders.calls_of(asked).filter(orders.CALLS[figure]), "at", "outcome"
    if figure in (promised := orders.promises(asked)):
        return "end", orders.promises_of(asked).filter(promised[figure]), "due_at", "end"
    if figure is Figure.LAST_DAYS:
        numbers = [contact for contact, _ in orders.talks_at_the_last_moment(asked, employees)]
        return "outcome", Contact.objects.filter(pk__in=numbers), "at", "outcome"
    return "outcome", orders.contacts_of(asked).filter(orders.CONTACTS[figure]), "at", "outcome"


def _put_off(found: Mapping[tuple[int, int], int], *, page: int, size: int) -> BehindPage:
    first = (page - 1) * size
    some = sorted(found.items(), key=lambda each: (-each[1], each[0]))[first : first + size]
    names = dict(Client.objects.filter(pk__in=[client for (_, client), _ in some]).values_list("pk", "name"))
    staff = dict(Employee.objects.values_list("pk", "name"))
    lines = tuple(
        Behind(client_id=client, client=names[client], employee=staff[who], often=often)
        for (who, client), often in some
    )
    return BehindPage(kind="often", lines=lines, total=len(found), page=page)
