"""What calling the pool brings: the called against those whom the lot left without calls, as they were drawn."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, QuerySet, Sum

from budilnik.clients.models import PoolEntry
from budilnik.core.coverage import Stretch
from budilnik.core.effect import Drawn, Effect, Group, Verdict, compare
from budilnik.core.policy import Policy

_LOTS = (Drawn.IN.value, Drawn.OUT.value, Drawn.BROKEN.value)
NAMED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfEntry:
    """What the clients of both lots brought who entered the pool in a month."""

    month: date
    called: Group
    held: Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Both lots of the days of entry, by what each client brought within the days of the lot. Units: kopecks.

    `attempts` and `attempts_held` are the calls made to each lot in those days.
    """

    days: Stretch | None
    revenue: Effect
    ordered: Effect
    attempts: int
    attempts_held: int
    months: tuple[MonthOfEntry, ...]
    margin_share: float

    @property
    def brought(self) -> int:
        """What calling brought in all: the difference times the called."""
        return round(self.revenue.difference * self.revenue.called.clients)

    @property
    def is_told(self) -> bool:
        """Say whether the difference in revenue is told from chance."""
        return self.revenue.verdict in (Verdict.MORE, Verdict.LESS)

    @property
    def brought_between(self) -> tuple[int, int] | None:
        """The interval of what calling brought; None of too few."""
        if self.revenue.low is None or self.revenue.high is None:
            return None
        many = self.revenue.called.clients
        return round(self.revenue.low * many), round(self.revenue.high * many)

    @property
    def margin(self) -> int:
        """The margin of what calling brought, by the share that the policy assumes."""
        return round(self.brought * self.margin_share)

    @property
    def margin_between(self) -> tuple[int, int] | None:
        """The interval of the margin."""
        between = self.brought_between
        return between and (round(between[0] * self.margin_share), round(between[1] * self.margin_share))

    @property
    def per_attempt(self) -> int | None:
        """The margin of one call; None without calls."""
        return round(self.margin / self.attempts) if self.attempts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A client held out whom somebody was given before the end."""

    client_id: int
    name: str
    on: date | None
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectOfCalls:
    """The comparison over the days of entry: what has ended, what still runs, and who was broken out of it."""

    within: Stretch
    window_days: int
    ended: Compared
    running: Compared
    runs_until: date | None
    held_now: int
    broken: int
    named: tuple[Broken, ...]


def effect_of_calls(*, within: Stretch, on: date, policy: Policy) -> EffectOfCalls:
    """Return what calling brought of those who entered the pool within some days. Five queries.

    Everybody drawn counts where the lot put him: reached or not, given away or not. Cards merged into others are left
    out, for they are no clients any more.
    """
    days = policy.hold_out_days
    last_ended = on - timedelta(days=days)
    stays = PoolEntry.objects.filter(drawn__in=_LOTS, entered_on__gte=within.first, entered_on__lte=within.last)
    stays = stays.exclude(why_left="merged")
    counts = {
        (day, lot): n for day, lot, n in stays.values_list("entered_on", "drawn").annotate(n=Count("pk")).order_by()
    }
    window = _Window(counts=counts, brought=_brought(stays, days=days, on=on), tried=_tried(stays, days=days, on=on))
    broken = stays.filter(drawn=Drawn.BROKEN)
    running = [day for day, _ in counts if day > last_ended]
    held_now = PoolEntry.objects.filter(drawn=Drawn.OUT, left_on=None, held_out_until__gt=on)
    return EffectOfCalls(
        within=within,
        window_days=days,
        ended=window.compared([day for day, _ in counts if day <= last_ended], policy=policy),
        running=window.compared(running, policy=policy),
        runs_until=max(running) + timedelta(days=days) if running else None,
        held_now=held_now.filter(client__in_pool_since__isnull=False, client__archived_on=None).count(),
        broken=sum(many for (_, lot), many in counts.items() if lot == Drawn.BROKEN),
        named=tuple(
            Broken(client_id=number, name=name, on=left_on, owner=owner or "")
            for number, name, left_on, owner in broken.order_by("-left_on", "pk").values_list(
                "client_id", "client__name", "left_on", "client__owner__name"
            )[:NAMED]
        ),
    )


type _Brought = dict[int, tuple[date, str, int, bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """What was read: clients by day of entry and lot, what each stay brought, attempts by day of entry and lot."""

    counts: dict[tuple[date, str], int]
    brought: _Brought
    tried: Counter[tuple[date, str]]

    def compared(self, entered: Iterable[date], *, policy: Policy) -> Compared:
        days = set(entered)
        return Compared(
            days=Stretch(first=min(days), last=max(days)) if days else None,
            revenue=compare(self._group(days, held=False), self._group(days, held=True)),
            ordered=compare(self._group(days, held=False, count=True), self._group(days, held=True, count=True)),
            attempts=sum(n for (day, lot), n in self.tried.items() if day in days and lot == Drawn.IN),
            attempts_held=sum(n for (day, lot), n in self.tried.items() if day in days and lot != Drawn.IN),
            months=self._months(days),
            margin_share=policy.margin_share,
        )

    def _group(self, days: set[date], *, held: bool, count: bool = False) -> Group:
        ours = [each for each in self.brought.values() if each[0] in days and (each[1] != Drawn.IN) is held]
        return Group(
            clients=sum(n for (day, lot), n in self.counts.items() if day in days and (lot != Drawn.IN) is held),
            brought=tuple(int(bought) if count else net for _, _, net, bought in ours if (bought if count else net)),
        )

    def _months(self, days: set[date]) -> tuple[MonthOfEntry, ...]:
        months: dict[date, set[date]] = defaultdict(set)
        for day in days:
            months[day.replace(day=1)].add(day)
        return tuple(
            MonthOfEntry(month=month, called=self._group(some, held=False), held=self._group(some, held=True))
            for month, some in sorted(months.items())
        )


def _brought(stays: QuerySet[PoolEntry], *, days: int, on: date) -> _Brought:
    """Return of each stay that brought an order within its days: its day, its lot, the sum, whether he bought."""
    bought: Any = stays.filter(
        client__orders__cancelled=False,
        client__orders__ordered_on__gte=F("entered_on"),
        client__orders__ordered_on__lt=on,
    )
    columns = ("pk", "entered_on", "drawn", "client__orders__ordered_on", "client__orders__net")
    found: _Brought = {}
    for number, entered_on, lot, ordered_on, net in bought.values_list(*columns).order_by().iterator(chunk_size=5_000):
        if ordered_on < entered_on + timedelta(days=days):
            _, _, sum_before, before = found.get(number, (entered_on, lot, 0, False))
            found[number] = (entered_on, lot, sum_before + net, before or net > 0)
    return found


def _tried(stays: QuerySet[PoolEntry], *, days: int, on: date) -> Counter[tuple[date, str]]:
    made: Any = stays.filter(client__tasks__on__gte=F("entered_on"), client__tasks__on__lt=on)
    rows = made.values_list("entered_on", "drawn", "client__tasks__on").annotate(n=Sum("client__tasks__attempts"))
    found: Counter[tuple[date, str]] = Counter()
    for entered_on, lot, called_on, many in rows.order_by():
        if called_on < entered_on + timedelta(days=days):
            found[entered_on, lot] += many
    return found
