"""What waits for the head's decision, and what he has decided lately."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from budilnik.calling.models import HeadMatter
from budilnik.calling.queries.sight import Sight, seen_clients
from budilnik.core.matters import DECISIONS, Decision, MatterKind

_LATELY = timedelta(days=14)
MOST_SETTLED = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A matter before the head. `asked` counts the calls that ask the same; `owner` is "" in the pool.

    `open_ways` are the decisions still possible: a stop lifted elsewhere can only be confirmed.
    """

    matter_id: int
    kind: str
    client_id: int
    client: str
    owner: str
    in_pool: bool
    archived: bool
    number: str
    note: str
    loss_reason: str
    raised_by: str
    raised_at: datetime
    asked: int
    decision: str
    settled_by: str
    settled_at: datetime | None
    open_ways: frozenset[Decision]


def matters_waiting() -> int:
    """Count the questions that wait for the head; asked twice, they count once. One query."""
    return len({_question(matter) for matter in HeadMatter.objects.filter(settled_at=None)})


def _question(matter: HeadMatter) -> tuple[str, int, str]:
    """Return what a matter is about: a number is asked about once, whosever it is."""
    return matter.kind, 0 if matter.number else matter.client_id, matter.number


def open_matters(sight: Sight) -> tuple[Matter, ...]:
    """Return what waits for a decision, the longest waiting first. One query."""
    waiting = HeadMatter.objects.filter(settled_at=None, client__in=seen_clients(sight))
    by_question: dict[tuple[str, int, str], list[HeadMatter]] = {}
    for row in _with_all(waiting.order_by("raised_at", "pk")):
        by_question.setdefault(_question(row), []).append(row)
    return tuple(_matter(same[-1], asked=len(same)) for same in by_question.values())


def settled_matters(sight: Sight, *, now: datetime) -> tuple[Matter, ...]:
    """Return what was decided in the last fortnight, the latest first. One query."""
    settled = HeadMatter.objects.filter(settled_at__gte=now - _LATELY, client__in=seen_clients(sight))
    return tuple(_matter(row, asked=1) for row in _with_all(settled.order_by("-settled_at", "-pk"))[:MOST_SETTLED])


def _with_all(rows: QuerySet[HeadMatter]) -> QuerySet[HeadMatter]:
    return rows.select_related("client__owner", "call", "raised_by", "settled_by")


def _matter(row: HeadMatter, *, asked: int) -> Matter:
    client, call = row.client, row.call
    return Matter(
        matter_id=row.pk,
        kind=row.kind,
        client_id=client.pk,
        client=client.name,
        owner=client.owner.name if client.owner else "",
        in_pool=client.in_pool_since is not None,
        archived=client.archived_on is not None,
        number=row.number,
        note=call.note if call else "",
        loss_reason=call.loss_reason if call else "",
        raised_by=row.raised_by.name if row.raised_by else "",
        raised_at=row.raised_at,
        asked=asked,
        decision=row.decision,
        settled_by=row.settled_by.name if row.settled_by else "",
        settled_at=row.settled_at,
        open_ways=DECISIONS[MatterKind(row.kind)] - frozenset(_closed_ways(row)),
    )


def _closed_ways(row: HeadMatter) -> Iterable[Decision]:
    """Return the decisions that something else has made impossible meanwhile."""
    client = row.client
    if row.kind == MatterKind.STOP.value and not row.number and client.stopped_on is None:
        yield Decision.LIFTED
    if row.kind == MatterKind.CLOSED.value and client.archived_on is None:
        yield Decision.REOPENED
    if client.in_pool_since is None:
        yield Decision.GIVEN_BACK
    if client.archived_on is not None:
        yield from (Decision.GIVEN, Decision.GIVEN_BACK)
