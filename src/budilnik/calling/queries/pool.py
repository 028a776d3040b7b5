"""The common pool as the head reads it: how many wait and why, the dearest first, who lost them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from budilnik.calling.models import Call
from budilnik.calling.queries.sight import Sight, seen_clients
from budilnik.clients.models import Client, Loss, PoolEntry
from budilnik.core.naming import search_key
from budilnik.core.terms import Outcome
from budilnik.staff.models import AuditEntry

AT_ONCE = 50
_LATELY = timedelta(days=30)


class PoolState(StrEnum):
    """Why a client of the pool is not given to anybody today; the first that fits. `FREE` waits for a slot."""

    EXHAUSTED = "exhausted"
    STOPPED = "stopped"
    NO_NUMBER = "no_number"
    RESERVED = "reserved"
    HELD_OUT = "held_out"
    RESTING = "resting"
    PAUSED = "paused"
    FREE = "free"


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolFilter:
    """What of the pool is asked for: a part of the name, who lost him, a state. Units: `page` from 1."""

    text: str = ""
    loser_id: int | None = None
    state: PoolState | None = None
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LostBy:
    """One loss of a client; `locks` while it bars him from the employee. `reason` is a code, "" if unknown."""

    employee_id: int
    name: str
    on: date
    reason: str
    initial: bool
    locks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledLine:
    """A client of the pool. `refusal` is the reason of his last refusal, a code. Units: value in kopecks."""

    client_id: int
    name: str
    city: str
    value: int
    silent_since: date
    entered_on: date
    state: PoolState
    until: date | None
    losses: tuple[LostBy, ...]
    refusal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolPage:
    """The pool by state, and the page asked for; `found` counts what the filter leaves."""

    counts: dict[PoolState, int]
    found: int
    lines: tuple[PooledLine, ...]
    page: int
    has_next: bool

    @property
    def in_all(self) -> int:
        """How many are in the pool."""
        return sum(self.counts.values())


_COLUMNS = (
    *("pk", "name", "city", "value", "silent_since", "in_pool_since", "paused_until"),
    *("state", "rest_until", "held_out_until", "reserved_until"),
)


def pool_page(*, sight: Sight, on: date, callers: frozenset[int], asked: PoolFilter) -> PoolPage:
    """Return the pool with the dearest clients asked for. Five queries."""
    pooled = _with_state(seen_clients(sight).alive().filter(in_pool_since__isnull=False), on=on, callers=callers)
    counted = dict(pooled.values_list("state").annotate(n=Count("pk")).order_by())
    wanted = _asked_for(pooled, asked)
    first = (asked.page - 1) * AT_ONCE
    rows: list[dict[str, Any]] = list(
        wanted.order_by(F("value").desc(), "pk").values(*_COLUMNS)[first : first + AT_ONCE + 1]
    )
    numbers = [row["pk"] for row in rows[:AT_ONCE]]
    losses, refusals = _losses_of(numbers), _refusals_of(numbers)
    return PoolPage(
        counts={state: counted.get(state.value, 0) for state in PoolState},
        found=wanted.count(),
        lines=tuple(_line(row, losses.get(row["pk"], ()), refusals.get(row["pk"], "")) for row in rows[:AT_ONCE]),
        page=asked.page,
        has_next=len(rows) > AT_ONCE,
    )


def counted_by_state(*, on: date, callers: frozenset[int]) -> dict[PoolState, int]:
    """Return how many clients of the pool are in each state. One query."""
    pooled = _with_state(Client.objects.alive().filter(in_pool_since__isnull=False), on=on, callers=callers)
    counted = dict(pooled.values_list("state").annotate(n=Count("pk")).order_by())
    return {state: counted.get(state.value, 0) for state in PoolState}


def _with_state(pooled: QuerySet[Client], *, on: date, callers: frozenset[int]) -> QuerySet[Any]:
    stay = PoolEntry.objects.filter(client_id=OuterRef("pk"), left_on=None)
    states = {
        PoolState.EXHAUSTED: Q(losers__gte=len(callers)),
        PoolState.STOPPED: Q(stopped_on__isnull=False),
        PoolState.NO_NUMBER: Q(phone_state="wrong"),
        PoolState.RESERVED: Q(Exists(stay.filter(reserved_until__gte=on))),
        PoolState.HELD_OUT: Q(Exists(stay.filter(held_out_until__gt=on))),
        PoolState.RESTING: Q(Exists(stay.filter(rest_until__gt=on))),
        PoolState.PAUSED: Q(paused_until__gt=on),
    }
    cases = [When(fits, then=Value(state.value)) for state, fits in states.items()]
    return pooled.annotate(
        losers=_losers(callers),
        state=Case(*cases, default=Value(PoolState.FREE.value), output_field=CharField()),
    )


def _losers(callers: frozenset[int]) -> Coalesce:
    """Count the callers of the pool who may not have a client; without callers that is everybody."""
    locks = Loss.objects.filter(client_id=OuterRef("pk"), voided_at=None, lifted_at=None, employee_id__in=callers)
    counted = locks.order_by().values("client_id").annotate(n=Count("employee_id", distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _asked_for(pooled: QuerySet[Any], asked: PoolFilter) -> QuerySet[Any]:
    if asked.text:
        pooled = pooled.filter(search_key__contains=search_key(asked.text))
    if asked.loser_id is not None:
        locks = Loss.objects.filter(client_id=OuterRef("pk"), voided_at=None, lifted_at=None)
        pooled = pooled.filter(Exists(locks.filter(employee_id=asked.loser_id)))
    if asked.state is not None:
        pooled = pooled.filter(state=asked.state.value)
    stay = PoolEntry.objects.filter(client_id=OuterRef("pk"), left_on=None)
    with_stay: QuerySet[Any] = pooled.annotate(
        rest_until=Subquery(stay.values("rest_until")[:1]),
        held_out_until=Subquery(stay.values("held_out_until")[:1]),
        reserved_until=Subquery(stay.values("reserved_until")[:1]),
    )
    return with_stay


def _losses_of(clients: Sequence[int]) -> dict[int, tuple[LostBy, ...]]:
    found: dict[int, tuple[LostBy, ...]] = defaultdict(tuple)
    rows = Loss.objects.filter(client_id__in=clients, voided_at=None).select_related("employee")
    for row in rows.order_by("-on", "-pk"):
        found[row.client_id] += (
            LostBy(
                employee_id=row.employee_id,
                name=row.employee.name,
                on=row.on,
                reason=row.reason,
                initial=row.initial,
                locks=row.lifted_at is None,
            ),
        )
    return found


def _refusals_of(clients: Sequence[int]) -> dict[int, str]:
    calls = Call.objects.filter(client_id__in=clients, outcome=Outcome.REFUSED.value, voided_at=None)
    return dict(calls.exclude(loss_reason="").order_by("at", "pk").values_list("client_id", "loss_reason"))


def _line(row: dict[str, Any], losses: tuple[LostBy, ...], refusal: str) -> PooledLine:
    state = PoolState(row["state"])
    until = {
        PoolState.RESERVED: row["reserved_until"],
        PoolState.HELD_OUT: row["held_out_until"],
        PoolState.RESTING: row["rest_until"],
        PoolState.PAUSED: row["paused_until"],
    }
    return PooledLine(
        client_id=row["pk"],
        name=row["name"],
        city=row["city"],
        value=row["value"],
        silent_since=row["silent_since"],
        entered_on=row["in_pool_since"],
        state=state,
        until=until.get(state),
        losses=losses,
        refusal=refusal,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """A client archived lately. Units: value in kopecks; `why` is a code."""

    client_id: int
    name: str
    value: int
    archived_at: datetime
    by: str
    why: str


def archived_lately(*, sight: Sight, now: datetime) -> tuple[Archived, ...]:
    """Return those whom the head archived in the last month and who still are, the latest first. Two queries."""
    told = AuditEntry.objects.filter(action="client_archived", at__gte=now - _LATELY).select_related("by")
    entries = {entry.subject_id: entry for entry in told.order_by("pk")}
    rows = seen_clients(sight).filter(pk__in=list(entries)).exclude(archived_on=None)
    found = [(row, entries[row.pk]) for row in rows]
    return tuple(
        Archived(
            client_id=row.pk,
            name=row.name,
            value=row.value,
            archived_at=entry.at,
            by=entry.by.name if entry.by else "",
            why=str(entry.facts.get("why", "")),
        )
        for row, entry in sorted(found, key=lambda pair: pair[1].pk, reverse=True)
    )
