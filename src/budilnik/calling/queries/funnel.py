"""The funnel of outgoing calls by month and queue: called, reached, open to dialogue, deal; and the clients behind."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When

from budilnik.calling.models import Call
from budilnik.clients.models import Client
from budilnik.core.coverage import Stretch
from budilnik.core.dates import add_months
from budilnik.core.funnel import DEAL_WITHIN_DAYS, Funnel
from budilnik.core.terms import Direction, Outcome, Queue
from budilnik.sales.models import Order

OPEN = (Outcome.ORDER.value, Outcome.INTERESTED.value, Outcome.OPEN.value)
UNPLANNED = "unplanned"
QUEUES = (Queue.OWN.value, Queue.AT_RISK.value, Queue.POOL.value, Queue.CALLBACK.value, Queue.RETRY.value, UNPLANNED)
PAGE = 50


class Step(StrEnum):
    """A step of the funnel."""

    CALLED = "called"
    REACHED = "reached"
    OPENED = "opened"
    DEALS = "deals"


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelLine:
    """The funnel of one queue in one month, or of all queues or months together."""

    month: date | None
    queue: str
    funnel: Funnel


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelReport:
    """The funnel by month and queue; each client counts once a month and queue."""

    within: Stretch
    lines: tuple[FunnelLine, ...]
    queues: tuple[FunnelLine, ...]
    months: tuple[FunnelLine, ...]
    total: Funnel


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelAsked:
    """The days whose calls are looked at, in the company zone."""

    within: Stretch
    zone: ZoneInfo

    @property
    def months(self) -> tuple[Stretch, ...]:
        """The months of these days, the first and the last as far as they go."""
        found, first = [], self.within.first
        while first <= self.within.last:
            ends = add_months(first.replace(day=1), 1) - timedelta(days=1)
            found.append(Stretch(first=first, last=min(ends, self.within.last)))
            first = ends + timedelta(days=1)
        return tuple(found)

    def moments(self, days: Stretch) -> tuple[datetime, datetime]:
        """Return when some days begin, and the moment after they end."""
        ends = datetime.combine(days.last + timedelta(days=1), time.min, self.zone)
        return datetime.combine(days.first, time.min, self.zone), ends


def funnel_report(asked: FunnelAsked) -> FunnelReport:
    """Return the funnel of some days by month and queue. Three queries."""
    found: dict[tuple[date, str], Funnel] = {}
    deals = _deals(asked)
    counted = (
        _calls(asked)
        .values_list("month", "queue")
        .annotate(
            called=Count("client", distinct=True),
            reached=Count("client", distinct=True, filter=Q(talked=True)),
            opened=Count("client", distinct=True, filter=_opened()),
        )
    )
    for month, queue, called, reached, opened in counted.order_by():
        key = (date.fromisoformat(month), queue)
        found[key] = Funnel(called=called, reached=reached, opened=opened, deals=len(deals.get(key, ())))
    lines = [
        FunnelLine(month=month, queue=queue, funnel=found[month, queue])
        for month, queue in sorted(found, key=lambda key: (key[0], QUEUES.index(key[1])))
    ]
    return FunnelReport(
        within=asked.within,
        lines=tuple(lines),
        queues=tuple(_sum(lines, queue=queue) for queue in QUEUES if any(line.queue == queue for line in lines)),
        months=tuple(_sum(lines, month=month) for month in sorted({month for month, _ in found})),
        total=sum((line.funnel for line in lines), Funnel()),
    )


def _sum(lines: list[FunnelLine], *, month: date | None = None, queue: str = "") -> FunnelLine:
    ours = (line.funnel for line in lines if queue in ("", line.queue) and month in (None, line.month))
    return FunnelLine(month=month, queue=queue, funnel=sum(ours, Funnel()))


def _opened() -> Q:
    return Q(talked=True, outcome__in=OPEN)


def _calls(asked: FunnelAsked) -> QuerySet[Any]:
    """Return the outgoing calls of the days with their month and queue."""
    begins, ends = asked.moments(asked.within)
    cases = []
    for days in asked.months:
        first, last = asked.moments(days)
        cases.append(When(at__gte=first, at__lt=last, then=Value(days.first.replace(day=1).isoformat())))
    calls = Call.objects.filter(direction=Direction.OUT.value, voided_at=None, at__gte=begins, at__lt=ends)
    return calls.annotate(
        month=Case(*cases, output_field=CharField()),
        queue=Case(When(task=None, then=Value(UNPLANNED)), default=F("task__queue"), output_field=CharField()),
    )


def _deals(asked: FunnelAsked) -> dict[tuple[date, str], set[int]]:
    """Return the clients who bought, by month and queue: at the call, or within thirty days after it. Two queries."""
    opened = _calls(asked).filter(_opened())
    last = asked.within.last + timedelta(days=DEAL_WITHIN_DAYS)
    orders = Order.objects.filter(client__in=opened.values("client"), cancelled=False, net__gt=0)
    bought: dict[int, list[date]] = defaultdict(list)
    days = orders.filter(ordered_on__gte=asked.within.first, ordered_on__lte=last)
    for client, ordered_on in days.order_by("ordered_on").values_list("client_id", "ordered_on"):
        bought[client].append(ordered_on)
    found: dict[tuple[date, str], set[int]] = defaultdict(set)
    for client, month, queue, at, outcome in opened.values_list("client_id", "month", "queue", "at", "outcome"):
        called_on = at.astimezone(asked.zone).date()
        if outcome == Outcome.ORDER.value or _buys_after(called_on, bought.get(client, [])):
            found[date.fromisoformat(month), queue].add(client)
    return found


def _buys_after(called_on: date, bought: list[date]) -> bool:
    at = bisect_left(bought, called_on)
    return at < len(bought) and bought[at] <= called_on + timedelta(days=DEAL_WITHIN_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelClient:
    """A client behind a figure of the funnel. Units: value in kopecks."""

    client_id: int
    name: str
    city: str
    value: int
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelPage:
    """A page of the clients behind a figure, the dearest first."""

    total: int
    lines: tuple[FunnelClient, ...]
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // self.size))


def behind_funnel(asked: FunnelAsked, *, queue: str, step: Step, page: int, size: int = PAGE) -> FunnelPage:
    """Return who stands behind a figure of some days, in one queue. Four queries at most."""
    calls = _calls(asked).filter(queue=queue)
    if step is Step.DEALS:
        numbers: Any = set().union(*(some for (_, its), some in _deals(asked).items() if its == queue))
    else:
        fits = {Step.CALLED: Q(), Step.REACHED: Q(talked=True), Step.OPENED: _opened()}[step]
        numbers = calls.filter(fits).values("client")
    rows = Client.objects.filter(pk__in=numbers)
    first = (page - 1) * size
    columns = ("pk", "name", "city", "value", "owner__name")
    lines = rows.order_by(F("value").desc(), "pk").values_list(*columns)[first : first + size]
    return FunnelPage(
        total=rows.count(),
        lines=tuple(
            FunnelClient(client_id=number, name=name, city=city, value=value, owner=owner or "")
            for number, name, city, value, owner in lines
        ),
        page=page,
        size=size,
    )
