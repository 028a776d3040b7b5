"""What insight says of the base as a whole, page by page: classes, fifths, seasons, goods left off."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.db.models import Sum as Total

from budilnik.core.segments import FIFTHS, Segment, segment_of
from budilnik.sales.models import ClientProfile, Product
from budilnik.sales.queries.grids import Counted, Grid, Sum, grid_of
from budilnik.sales.queries.insight import Run, latest_run

LETTERS = ("A", "B", "C", "D")
REGULARITIES = ("X", "Y", "Z", "?")
MONTHS = range(1, 13)
AT_ONCE = 40
YEAR, QUARTER, DAY = timedelta(days=365), timedelta(days=91), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """The look that all figures of a page come from: of which morning, by which engine, over how many clients."""

    run_id: int
    on: date
    engine: str
    published_at: datetime
    clients: int

    @property
    def year_from(self) -> date:
        """The first day of the year that was looked at."""
        return self.on - YEAR

    @property
    def until(self) -> date:
        """The last day that was looked at: the one before the morning."""
        return self.on - DAY

    @property
    def last_month(self) -> date:
        """The first day of the last whole month that was looked at."""
        return (self.on.replace(day=1) - DAY).replace(day=1)

    @property
    def quarter_ago(self) -> date:
        """The morning with which the classes are compared."""
        return self.on - QUARTER


def looked(run: Run) -> Looked:
    """Return what a page says of the look itself. No query."""
    return Looked(run_id=run.run_id, on=run.on, engine=run.engine, published_at=run.published_at, clients=run.clients)


def _rows(run: Run, name: str) -> list[Mapping[str, Any]]:
    return list(run.findings.get(name, ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How clients of one class of rhythm come back. Units: ratios to the usual interval, days."""

    interval_class: int
    low_ratio: float
    high_ratio: float
    back_by_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """Clients by revenue and regularity, how they moved in a quarter, and the limits of their rhythm."""

    look: Looked
    by_regularity: Grid
    moved: Grid
    risen: Sum
    fallen: Sum
    stayed: Sum
    limits: tuple[Limit, ...]


def classes_of_base() -> Classes | None:
    """Return the classes of the base, or None before the first look. One query.

    Who came into the base since the earlier date was in no class then, and has neither risen nor fallen.
    """
    run = latest_run()
    if run is None:
        return None
    moved = Counted(_rows(run, "moved"))
    known = [row for row in moved if row["from_class"] in LETTERS and row["to_class"] in LETTERS]
    limits = [row for row in _rows(run, "limits") if row["back_by_days"] is not None]
    return Classes(
        look=looked(run),
        by_regularity=grid_of(
            Counted(_rows(run, "abc_by_regularity")), "abc", "regularity", rows=LETTERS, columns=REGULARITIES
        ),
        moved=grid_of(moved, "from_class", "to_class", rows=LETTERS, columns=LETTERS),
        risen=moved.of([row for row in known if row["to_class"] < row["from_class"]]),
        fallen=moved.of([row for row in known if row["to_class"] > row["from_class"]]),
        stayed=moved.of([row for row in known if row["to_class"] == row["from_class"]]),
        limits=tuple(Limit(**{name: row[name] for name in Limit.__slots__}) for row in limits),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fifths:
    """Clients by how recently and how often they bought, by money, and in words.

    `by_money` and `segments` hold a code and a sum each, best first. Units: fifths, 5 is best.
    """

    look: Looked
    grid: Grid
    by_money: tuple[tuple[str, Sum], ...]
    segments: tuple[tuple[str, Sum], ...]


def fifths_of_base() -> Fifths | None:
    """Return recency, frequency and money of all who have ever bought, or None before the first look. One query."""
    run = latest_run()
    if run is None:
        return None
    # Who has never bought stands in no fifth.
    bought = Counted(row for row in _rows(run, "rfm") if row["recency"] is not None)
    best_first = tuple(reversed(FIFTHS))
    parts: dict[Segment, list[Mapping[str, Any]]] = {segment: [] for segment in Segment}
    for row in bought:
        parts[segment_of(row["recency"], row["frequency"])].append(row)
    return Fifths(
        look=looked(run),
        grid=grid_of(bought, "recency", "frequency", rows=best_first, columns=best_first),
        by_money=tuple((str(fifth), bought.where(monetary=fifth)) for fifth in best_first),
        segments=tuple((segment.value, bought.of(rows)) for segment, rows in parts.items()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSum:
    """What a month came to. Units: revenue in kopecks, net of returns."""

    orders: int = 0
    clients: int = 0
    revenue: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPair:
    """A month of the last whole year beside the same a year before; `month` is its first day in the later year."""

    month: date
    later: MonthSum
    earlier: MonthSum


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSeason:
    """The season of a group of goods: an index for each month from January, or the reason why there is none."""

    name: str
    orders: int
    correlation: float | None
    reason: str
    indexes: tuple[tuple[int, float | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seasons:
    """When the base buys, and which groups have a season. `months` are the last twelve whole ones."""

    look: Looked
    months: tuple[MonthPair, ...]
    later: MonthSum
    earlier: MonthSum
    groups: tuple[GroupSeason, ...]
    without: tuple[GroupSeason, ...]

    @property
    def sells(self) -> bool:
        """Whether anything was sold in the two years."""
        return self.later.orders + self.earlier.orders > 0


def seasons_of_base() -> Seasons | None:
    """Return the months of the base and the seasons of its groups, or None before the first look.

    One query, and one for the names of groups where there are any.
    """
    run = latest_run()
    if run is None:
        return None
    months = _pairs(run)
    groups = _groups(_rows(run, "seasons"))
    return Seasons(
        look=looked(run),
        months=months,
        later=_summed(pair.later for pair in months),
        earlier=_summed(pair.earlier for pair in months),
        groups=tuple(group for group in groups if not group.reason),
        without=tuple(group for group in groups if group.reason),
    )


def _pairs(run: Run) -> tuple[MonthPair, ...]:
    counted = {
        (row["year"], row["month"]): MonthSum(orders=row["orders"], clients=row["clients"], revenue=row["revenue"])
        for row in _rows(run, "months")
    }
    this_month = run.on.year * 12 + run.on.month - 1
    firsts = [date(number // 12, number % 12 + 1, 1) for number in range(this_month - 12, this_month)]
    return tuple(
        MonthPair(
            month=first,
            later=counted.get((first.year, first.month), MonthSum()),
            earlier=counted.get((first.year - 1, first.month), MonthSum()),
        )
        for first in firsts
    )


def _summed(months: Iterable[MonthSum]) -> MonthSum:
    """The clients of months are not summed: the same one buys in several."""
    told = list(months)
    return MonthSum(orders=sum(month.orders for month in told), revenue=sum(month.revenue for month in told))


def _groups(rows: list[Mapping[str, Any]]) -> list[GroupSeason]:
    named = dict(Product.objects.filter(pk__in={row["group_id"] for row in rows}).values_list("pk", "group"))
    told: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        told.setdefault(row["group_id"], []).append(row)
    groups = [_group(named.get(group_id, ""), months) for group_id, months in told.items()]
    return sorted(groups, key=lambda group: (-group.orders, group.name))


def _group(name: str, rows: list[Mapping[str, Any]]) -> GroupSeason:
    by_month = {row["month"]: row["month_index"] for row in rows}
    one = rows[0]
    return GroupSeason(
        name=name,
        orders=one["orders"] or 0,
        correlation=one["correlation"],
        reason=one["reason"],
        indexes=tuple((month, by_month.get(month)) for month in MONTHS),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodLeftOff:
    """A good that clients take no more. Units: kopecks a year."""

    name: str
    group: str
    on_sale: bool
    clients: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOff:
    """The goods that clients take no more, dearest first, and what all of them come to. Units: kopecks a year.

    `shown` is what the goods listed come to, `off_sale` what of it is sold no more to anybody; `amount`, `items` and
    `clients` are of the whole base, an item being a good of one client.
    """

    look: Looked
    goods: tuple[GoodLeftOff, ...]
    shown: int
    off_sale: int
    amount: int
    items: int
    clients: int

    @property
    def dearest(self) -> tuple[GoodLeftOff, ...]:
        """The goods that are seen at once."""
        return self.goods[:AT_ONCE]

    @property
    def others(self) -> tuple[GoodLeftOff, ...]:
        """The goods that are seen when asked for."""
        return self.goods[AT_ONCE:]


def goods_left_off() -> LeftOff | None:
    """Return the goods that clients take no more, or None before the first look.

    Two queries, and one for the names of goods where there are any.
    """
    run = latest_run()
    if run is None:
        return None
    rows = _rows(run, "stopped")
    wanted = {row["item_id"] for row in rows}
    named = {pk: (name, group) for pk, name, group in _names(wanted)}
    goods = tuple(
        GoodLeftOff(
            name=named.get(row["item_id"], ("", ""))[0],
            group=named.get(row["item_id"], ("", ""))[1],
            on_sale=row["on_sale"],
            clients=row["clients"],
            amount=row["amount"],
        )
        for row in rows
    )
    left = Q(stopped_items__gt=0)
    base = ClientProfile.objects.filter(run=run.run_id).aggregate(
        amount=Total("stopped_amount"), items=Total("stopped_items"), clients=Count("pk", filter=left)
    )
    return LeftOff(
        look=looked(run),
        goods=goods,
        shown=sum(good.amount for good in goods),
        off_sale=sum(good.amount for good in goods if not good.on_sale),
        amount=base["amount"] or 0,
        items=base["items"] or 0,
        clients=base["clients"],
    )


def _names(wanted: set[int]) -> Iterable[tuple[int, str, str]]:
    return Product.objects.filter(pk__in=wanted).values_list("pk", "name", "group")
