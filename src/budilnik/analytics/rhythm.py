"""How often a client buys: his usual interval with its range, and the day by which such clients are back."""

from dataclasses import dataclass
from datetime import date, timedelta

import ibis
from ibis import _
from ibis.expr.types import FloatingValue, IntegerValue, Table

from budilnik.analytics.tables import YEAR_DAYS, Base, days_before, purchases
from budilnik.core.rhythm import BORROWED_GAPS, BRISK_DAYS, STEADY_DAYS

QUARTER_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class RangePolicy:
    """The range shown around a rhythm: from the lower to the upper part of the gaps of its class.

    Clients with fewer than `own_gaps` gaps are not asked: their rhythm is still mostly the firm's. A class with fewer
    gaps than `enough_gaps` says nothing.
    """

    lower: float = 0.1
    upper: float = 0.9
    own_gaps: int = 3
    enough_gaps: int = 20


RANGES = RangePolicy()
# The means of the whole firm, which stand beside every client.
FIRM = ("firm_log_gap", "firm_log_net", "firm_log_items")


def purchase_days(base: Base) -> Table:
    """Return the purchases with their breadth: client_id, on, net, items.

    A purchase without lines counts as one item: what is not known must not look narrow. Breadth is the number of lines
    bought: an item on two lines of a day counts twice, which is rare, and to tell it apart costs four times as much.

    Units: net in kopecks, items = lines bought on the day.
    Source: SPEC §8, one purchase = client x company day.
    """
    bought = base.lines.filter(_.quantity > 0).group_by(line_client_id=_.client_id, bought_on=_.ordered_on)
    breadth = bought.aggregate(positions=_.count())
    days = purchases(base)
    joined = days.left_join(breadth, [days.client_id == breadth.line_client_id, days.on == breadth.bought_on])
    return joined.select("client_id", "on", "net", items=ibis.coalesce(_.positions, 1).cast("int64"))


def facts(days: Table, on: date) -> Table:
    """Return one row a client with at least one purchase before `on`: what can be counted about him in one pass.

    Purchases of `on` itself and later are not seen. `firm_log_gap`, `firm_log_net` and `firm_log_items` are the means
    over the whole firm, the same in every row; the first is missing while nobody has bought twice.

    Units: net and revenue in kopecks, days, log_* in natural logarithms.
    Source: QUALITY §1, features strictly before the cut-off.
    """
    sequence = ibis.window(group_by="client_id", order_by="on")
    seen = days.filter(_.on < on).mutate(gap=_.on.delta(_.on.lag().over(sequence), unit="day").cast("int64"))
    year, quarter = (_.on >= on - timedelta(days=span) for span in (YEAR_DAYS, QUARTER_DAYS))
    counted = seen.group_by("client_id").aggregate(
        purchases=_.count(),
        first_on=_.on.min(),
        last_on=_.on.max(),
        gaps=_.gap.count(),
        log_gaps=ibis.coalesce(_.gap.ln().sum(), 0.0),
        longest_gap=ibis.coalesce(_.gap.max(), 0),
        orders_365=year.cast("int64").sum(),
        orders_90=quarter.cast("int64").sum(),
        revenue=_.net.sum().cast("int64"),
        revenue_365=ibis.coalesce(_.net.sum(where=year), 0).cast("int64"),
        log_nets=_.net.ln().sum(),
        all_items=_.items.sum().cast("int64"),
        log_items=_.items.ln().sum(),
        last_net=_.net.argmax(_.on),
        last_items=_.items.argmax(_.on),
    )
    firm = counted.aggregate(
        firm_log_gap=_.log_gaps.sum() / _.gaps.sum().nullif(0),
        firm_log_net=_.log_nets.sum() / _.purchases.sum().nullif(0),
        firm_log_items=_.log_items.sum() / _.purchases.sum().nullif(0),
    )
    beside = counted.cross_join(firm)
    return beside.mutate(
        silent_days=days_before(on, beside.last_on),
        age_days=days_before(on, beside.first_on),
        rhythm_days=usual_interval(beside),
    )


def firm_of(counted: Table) -> Table:
    """Return the means of the firm in one row, or no row while nobody has bought."""
    return counted.select(*FIRM).distinct()


def usual_interval(counted: Table) -> FloatingValue:
    """Return the usual interval of each row with log_gaps, gaps and firm_log_gap, by the rule of `core.rhythm`."""
    return ((counted.log_gaps + BORROWED_GAPS * counted.firm_log_gap) / (counted.gaps + BORROWED_GAPS)).exp()


def class_by(rhythm_days: FloatingValue) -> IntegerValue:
    """Return the class of a rhythm: 1, 2, 3, or nothing where the rhythm is not known."""
    return ibis.cases((rhythm_days <= BRISK_DAYS, 1), (rhythm_days <= STEADY_DAYS, 2), (rhythm_days.notnull(), 3))


def known_gaps(days: Table, firm: Table) -> Table:
    """Return one row a gap: client_id, gap, gaps and rhythm_days, the last two as they were known when it began.

    `firm` holds the firm's means in one row (`firm_log_gap`).

    Units: days.
    """
    sequence = ibis.window(group_by="client_id", order_by="on")
    before = ibis.window(group_by="client_id", order_by="on", preceding=None, following=0)
    told = days.mutate(gap=_.on.delta(_.on.lag().over(sequence), unit="day").cast("int64"))
    counted = told.mutate(
        gaps=ibis.coalesce(_.gap.count().over(before) - 1, 0),
        log_gaps=ibis.coalesce(_.gap.ln().sum().over(before) - _.gap.ln(), 0.0),
    )
    beside = counted.filter(_.gap.notnull()).cross_join(firm)
    return beside.select("client_id", "gap", "gaps", rhythm_days=usual_interval(beside))


def class_ranges(days: Table, firm: Table, *, policy: RangePolicy = RANGES) -> Table:
    """Return one row a class of rhythm: interval_class, low_ratio, high_ratio, back_by_days.

    Each gap is held against the rhythm known when it began, so the range is that of what comes next. The ratios are
    those of a gap to that rhythm, `back_by_days` is the gap that nine of ten do not exceed. A class with too few gaps
    has no row.

    Units: days.
    Source: QUALITY §1, the firm's own 90% quantiles.
    """
    told = known_gaps(days, firm).filter(_.gaps >= policy.own_gaps)
    classed = told.mutate(interval_class=class_by(told.rhythm_days), ratio=told.gap / told.rhythm_days)
    ranges = classed.group_by("interval_class").aggregate(
        class_gaps=_.count(),
        low_ratio=_.ratio.quantile(policy.lower),
        high_ratio=_.ratio.quantile(policy.upper),
        back_by_days=_.gap.quantile(policy.upper).round().cast("int64"),
    )
    return ranges.filter(_.class_gaps >= policy.enough_gaps).drop("class_gaps")


def rhythm(base: Base, on: date, *, policy: RangePolicy = RANGES) -> Table:
    """Return the rhythm of every client who has bought before `on`.

    Columns: client_id, purchases, first_on, last_on, silent_days, gaps, rhythm_days, interval_class, rhythm_low,
    rhythm_high, back_by_days, average_order, revenue_365. While nobody has bought twice the rhythm is missing; a class
    of rhythm with too few gaps has no range.

    Units: days; money in kopecks; the average order is over all purchases.
    Source: QUALITY §1, shrunk geometric mean of intervals, shown with its range.
    """
    days = purchases(base)
    return rhythm_of(days.mutate(items=ibis.literal(1, "int64")), on, policy=policy)


def rhythm_of(days: Table, on: date, *, policy: RangePolicy = RANGES) -> Table:
    """Return the same from `purchase_days`, for those who have them at hand."""
    seen = days.filter(_.on < on)
    return ranged(seen, facts(seen, on), policy=policy)


def ranged(seen: Table, counted: Table, *, policy: RangePolicy = RANGES) -> Table:
    """Return the same from the purchases before the day and their `facts`, for those who have both at hand."""
    ranges = class_ranges(seen, firm_of(counted), policy=policy).rename(range_class="interval_class")
    classed = counted.mutate(interval_class=class_by(_.rhythm_days))
    beside = classed.left_join(ranges, classed.interval_class == ranges.range_class)
    return beside.select(
        "client_id",
        "purchases",
        "first_on",
        "last_on",
        "silent_days",
        "gaps",
        "rhythm_days",
        "interval_class",
        "back_by_days",
        "revenue_365",
        rhythm_low=_.rhythm_days * _.low_ratio,
        rhythm_high=_.rhythm_days * _.high_ratio,
        average_order=(_.revenue / _.purchases).round().cast("int64"),
    )
