"""When the year sells: the months of the whole base, the season of a group of goods, and whose season comes up."""

from dataclasses import dataclass
from datetime import date, timedelta

import ibis
from ibis import _
from ibis.expr.types import Table

from budilnik.analytics.tables import Base

MONTHS = 12
# A base that begins within the first days of a year has that year whole: it may begin with holidays.
HOLIDAYS = 15
# Why a group has no season.
FEW_YEARS, FEW_ORDERS, UNLIKE_YEARS = "few_years", "few_orders", "unlike_years"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonPolicy:
    """When a season of a group is shown, and from which month index on a month is high."""

    at_least_orders: int = 120
    least_correlation: float = 0.6
    high_from: float = 1.2


SEASON = SeasonPolicy()


def months(base: Base, on: date) -> Table:
    """Return the months of the base before `on`: year, month, orders, clients, revenue.

    The month of `on` holds its days so far. A month without documents is not here; returns are taken off the revenue,
    and are neither orders nor clients.

    Units: revenue in kopecks; `clients` are the different ones who ordered.
    Source: SPEC §8, seasonality by month.
    """
    seen = base.orders.filter(_.ordered_on < on)
    dated = seen.mutate(
        year=seen.ordered_on.year().cast("int64"),
        month=seen.ordered_on.month().cast("int64"),
        buyer_id=ibis.ifelse(seen.counts, seen.client_id, ibis.null("int64")),
    )
    return dated.group_by("year", "month").aggregate(
        orders=_.counts.cast("int64").sum(), clients=_.buyer_id.nunique(), revenue=_.net.sum().cast("int64")
    )


def seasons(base: Base, on: date, *, policy: SeasonPolicy = SEASON) -> Table:
    """Return the season of each group of goods: group_id, month, month_index, orders, correlation, reason.

    The two years that end with the last full month before `on` are asked. The index is the month's part of a year's
    orders, mean of the two, against an even year: 1 is usual, 2 twice that. Where the base or the group has not both
    years, the group has too few orders in them, or its years do not resemble each other, the index is missing and
    `reason` is few_years, few_orders or unlike_years, else it is empty. Goods without a group have no season; a month
    in which the whole firm sold nothing has no row.

    Units: `orders` of the group in both years; the correlation of its monthly orders of one year with the other's.
    Source: QUALITY §3.
    """
    ends = on.replace(day=1)
    monthly = _group_months(base, ends)
    sums = monthly.group_by(sums_id=_.group_id).aggregate(
        late=_.late.sum(),
        early=_.early.sum(),
        late_late=(_.late * _.late).sum(),
        early_early=(_.early * _.early).sum(),
        late_early=(_.late * _.early).sum(),
    )
    begins = base.orders.aggregate(begins=_.ordered_on.min())
    joined = _every_month(monthly).join(sums.rename(late_sum="late", early_sum="early"), _.group_id == sums.sums_id)
    return _judged(joined.cross_join(begins), ends, policy)


def coming(season: Table, bought: Table, items: Table, on: date, *, policy: SeasonPolicy = SEASON) -> Table:
    """Return the groups a client buys whose season is up this month or the next.

    Columns: client_id, group_id, month, month_index, times, amount_365. `bought` is the table of `baskets`, `season`
    that of `seasons`. A group without a season, or with an even year, gives no hint.

    Units: `times` counts item x day; amount_365 in kopecks.
    Source: QUALITY §3, the company curve x the groups he buys.
    """
    soon = [on.month, on.month % MONTHS + 1]
    up = season.filter((season.reason == "") & season.month.isin(soon) & (season.month_index >= policy.high_from))
    up = up.select("month", "month_index", season_id=up.group_id)
    grouped = items.filter(_.group_id.notnull()).select("group_id", grouped_id=_.item_id)
    owned = bought.join(grouped, bought.item_id == grouped.grouped_id)
    his = owned.group_by("client_id", "group_id").aggregate(
        times=_.times.sum().cast("int64"), amount_365=_.amount_365.sum().cast("int64")
    )
    hinted = his.join(up, his.group_id == up.season_id)
    return hinted.select("client_id", "group_id", "month", "month_index", "times", "amount_365")


def _group_months(base: Base, ends: date) -> Table:
    """The orders of each group and month: `late` in the year before `ends`, `early` in the one before it."""
    middle, first = (ends.replace(year=ends.year - years) for years in (1, 2))
    grouped = base.items.filter(_.group_id.notnull()).select("group_id", grouped_id=_.item_id)
    bought = base.lines.filter(_.quantity > 0, _.ordered_on >= first, _.ordered_on < ends)
    joined = bought.join(grouped, bought.item_id == grouped.grouped_id)
    orders = joined.select("group_id", "order_id", "ordered_on").distinct()
    dated = orders.mutate(month=orders.ordered_on.month().cast("int64"), is_late=orders.ordered_on >= middle)
    return dated.group_by("group_id", "month").aggregate(
        late=_.is_late.cast("int64").sum(), early=(~_.is_late).cast("int64").sum()
    )


def _every_month(monthly: Table) -> Table:
    """The same with the months in which a group sold nothing and others did."""
    calendar = monthly.select("month").distinct().cross_join(monthly.select("group_id").distinct())
    sold = monthly.select("late", "early", sold_id=monthly.group_id, sold_month=monthly.month)
    joined = calendar.left_join(sold, [calendar.group_id == sold.sold_id, calendar.month == sold.sold_month])
    return joined.select("group_id", "month", late=ibis.coalesce(joined.late, 0), early=ibis.coalesce(joined.early, 0))


def _judged(joined: Table, ends: date, policy: SeasonPolicy) -> Table:
    """The rows with index, correlation and reason. A month without orders adds nothing to the sums over twelve."""
    spread = (MONTHS * joined.late_late - joined.late_sum * joined.late_sum).cast("float64") * (
        MONTHS * joined.early_early - joined.early_sum * joined.early_sum
    ).cast("float64")
    likeness = (MONTHS * joined.late_early - joined.late_sum * joined.early_sum) / spread.sqrt().nullif(0.0)
    index = (joined.late / joined.late_sum.nullif(0) + joined.early / joined.early_sum.nullif(0)) * MONTHS / 2
    by_then = ends.replace(year=ends.year - 2) + timedelta(days=HOLIDAYS)
    whole = (joined.begins < by_then) & (joined.late_sum > 0) & (joined.early_sum > 0)
    reason = ibis.cases(
        (~ibis.coalesce(whole, False), FEW_YEARS),
        (joined.late_sum + joined.early_sum < policy.at_least_orders, FEW_ORDERS),
        (ibis.coalesce(likeness, 0.0) < policy.least_correlation, UNLIKE_YEARS),
        else_="",
    )
    told = joined.mutate(correlation=likeness, orders=joined.late_sum + joined.early_sum, reason=reason, index_=index)
    return told.select(
        "group_id",
        "month",
        "orders",
        "correlation",
        "reason",
        month_index=ibis.ifelse(told.reason == "", told.index_, ibis.null("float64")),
    )
