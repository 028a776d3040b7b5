"""Status flows: how many clients, of what value, went from which state to which over a period."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, Sum

from budilnik.clients.models import Client, ClientQuerySet, StatusChange, Tenure
from budilnik.core.coverage import Stretch
from budilnik.core.flows import State, status_course, way

BEFORE = (State.PROSPECT, State.REGULAR, State.FORGOTTEN, State.LOST, State.NEW)
AFTER = (State.PROSPECT, State.REGULAR, State.FORGOTTEN, State.LOST, State.ARCHIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Some clients, and their value of now. Units: kopecks a year."""

    clients: int = 0
    value: int = 0

    def __add__(self, other: "Flow") -> "Flow":
        """Put two together."""
        return Flow(clients=self.clients + other.clients, value=self.value + other.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowCell:
    """Clients who were `before` and are `after`; the same of both have stayed."""

    before: State
    after: State
    flow: Flow

    @property
    def stayed(self) -> bool:
        """Say whether they are what they were."""
        return self.before == self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRow:
    """Where the clients of one state went."""

    before: State
    cells: tuple[FlowCell, ...]
    flow: Flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """Who moved from where to where over a period. `feet` are the sums of the columns."""

    within: Stretch
    rows: tuple[FlowRow, ...]
    feet: tuple[Flow, ...]
    total: Flow

    @property
    def cells(self) -> tuple[FlowCell, ...]:
        """Every cell, row by row."""
        return tuple(cell for row in self.rows for cell in row.cells)


def status_flows(*, within: Stretch, employee_id: int | None = None) -> Flows:
    """Return the flows of a period; of an employee, those of clients who were his on any day of it. Two queries."""
    clients = _clients(within, employee_id)
    gone = ExpressionWrapper(Q(archived_on__isnull=False, archived_on__lte=within.last), output_field=BooleanField())
    come = ExpressionWrapper(Q(first_known_on__gte=within.first), output_field=BooleanField())
    found: Counter[tuple[State, State]] = Counter()
    value: Counter[tuple[State, State]] = Counter()

    grouped = clients.annotate(gone=gone, come=come).values_list("status", "come", "gone")
    for status, is_new, is_gone, many, worth in grouped.annotate(n=Count("pk"), v=Sum("value")).order_by():
        ends = (State.NEW if is_new else State(status), State.ARCHIVED if is_gone else State(status))
        found[ends] += many
        value[ends] += worth
    for row in _changed(clients, within):
        # Counted above as if nothing had changed.
        for ends, sign in ((row.unchanged, -1), (row.ends, 1)):
            found[ends] += sign
            value[ends] += sign * row.value
    return _table(within, {ends: Flow(clients=many, value=value[ends]) for ends, many in found.items() if many})


def _clients(within: Stretch, employee_id: int | None) -> ClientQuerySet:
    known = Client.objects.filter(first_known_on__lte=within.last)
    present = known.filter(Q(archived_on=None) | Q(archived_on__gte=within.first))
    if employee_id is None:
        return present
    held = Tenure.objects.filter(Q(until_on=None) | Q(until_on__gte=within.first), employee_id=employee_id)
    return present.filter(pk__in=held.filter(from_on__lte=within.last).values("client_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changed:
    ends: tuple[State, State]
    unchanged: tuple[State, State]
    value: int


def _changed(clients: ClientQuerySet, within: Stretch) -> list[_Changed]:
    """Return the clients with a change since the period began: where they went, and where they stand without it."""
    changes = StatusChange.objects.filter(on__gte=within.first, client__in=clients).order_by("client_id", "on", "pk")
    rows: Any = changes.values_list(
        "client_id",
        "on",
        "from_status",
        "to_status",
        "client__status",
        "client__first_known_on",
        "client__archived_on",
        "client__value",
    )
    found = []
    for _, own in groupby(rows.iterator(chunk_size=5_000), key=lambda row: row[0]):
        steps = list(own)
        *_, status, known_on, archived_on, value = steps[0]
        course = status_course([(on, was, now) for _, on, was, now, *_ in steps], now=status, within=within)
        found.append(
            _Changed(
                ends=_way(course, known_on, archived_on, within),
                unchanged=_way((status, status), known_on, archived_on, within),
                value=value,
            )
        )
    return found


def _way(course: tuple[str, str], known_on: date, archived_on: date | None, within: Stretch) -> tuple[State, State]:
    return way(course, known_on=known_on, archived_on=archived_on, within=within)


def _table(within: Stretch, found: dict[tuple[State, State], Flow]) -> Flows:
    rows = []
    feet: dict[State, Flow] = defaultdict(Flow)
    for before in BEFORE:
        cells = tuple(FlowCell(before=before, after=to, flow=found.get((before, to), Flow())) for to in AFTER)
        rows.append(FlowRow(before=before, cells=cells, flow=sum((cell.flow for cell in cells), Flow())))
        for cell in cells:
            feet[cell.after] += cell.flow
    return Flows(
        within=within,
        rows=tuple(rows),
        feet=tuple(feet[to] for to in AFTER),
        total=sum(feet.values(), Flow()),
    )
