"""What each client buys: one row a client and item, from one pass over the lines."""

from datetime import date, timedelta

import ibis
from ibis import _
from ibis.expr.types import FloatingValue, Table

from budilnik.analytics.tables import YEAR_DAYS, Base, days_before
from budilnik.core.offers import BORROWED_GAPS, REPEAT, SOLD_TO_AT_LEAST, DemandWeights, RepeatPolicy


def baskets(base: Base, on: date, *, policy: RepeatPolicy = REPEAT) -> Table:
    """Return what each client has bought before `on`, one row a client and item.

    Columns: client_id, item_id, times, first_on, last_on, days_since, interval_days, quantity, amount_365,
    amount_yearly, freshness. Returns are left out; an item bought once has no interval. `times` counts different days,
    `quantity` is that of the last day, `amount_yearly` what a year of the item was worth while it was taken,
    `freshness` the sum of the purchases, each faded with time.

    Units: days, quantity in thousandths, money in kopecks.
    Source: QUALITY §2; the interval by `core.offers.item_interval`.
    """
    return with_intervals(counted(base.lines, on, policy=policy), on)


def counted(lines: Table, on: date, *, policy: RepeatPolicy = REPEAT) -> Table:
    """Return what can be counted of each client and item alone: for all lines, or for those of some clients.

    Units: days, quantity in thousandths, money in kopecks.
    Source: QUALITY §2.
    """
    bought = lines.filter(_.quantity > 0, _.ordered_on < on)
    days = bought.group_by("client_id", "item_id", on=_.ordered_on).aggregate(
        quantity=_.quantity.sum().cast("int64"), amount=_.amount.sum().cast("int64")
    )
    ago = days_before(on, days.on)
    return days.group_by("client_id", "item_id").aggregate(
        times=_.count().cast("int64"),
        first_on=_.on.min(),
        last_on=_.on.max(),
        quantity=_.quantity.argmax(_.on),
        amount=_.amount.sum().cast("int64"),
        amount_365=ibis.coalesce(_.amount.sum(where=_.on >= on - timedelta(days=YEAR_DAYS)), 0).cast("int64"),
        freshness=(-ago / policy.fading_days).exp().sum(),
    )


def with_intervals(counted: Table, on: date) -> Table:
    """Return the baskets of what was counted of every client: the firm's usual gap is that of all of them.

    Units: days.
    Source: `core.offers.item_interval`.
    """
    span = counted.last_on.delta(counted.first_on, unit="day").cast("int64")
    gaps = (counted.times - 1).nullif(0)
    spanned = counted.mutate(gaps=gaps, log_gaps=gaps * (span / gaps).ln(), span=span)
    firm = spanned.aggregate(firm_log_gap=_.log_gaps.sum() / _.gaps.sum().nullif(0))
    beside = spanned.cross_join(firm)
    interval = ((_.log_gaps + BORROWED_GAPS * _.firm_log_gap) / (_.gaps + BORROWED_GAPS)).exp()
    known = beside.mutate(interval_days=interval)
    taken_for = ibis.greatest(known.span + ibis.coalesce(known.interval_days, YEAR_DAYS), YEAR_DAYS)
    return known.select(
        "client_id",
        "item_id",
        "times",
        "first_on",
        "last_on",
        "interval_days",
        "quantity",
        "amount_365",
        "freshness",
        days_since=days_before(on, known.last_on),
        amount_yearly=(known.amount * YEAR_DAYS / taken_for).round().cast("int64"),
    )


def goods(bought: Table) -> Table:
    """Return how each item of the baskets sells: item_id, clients, clients_again, clients_7, _30, _90, _365, on_sale.

    `clients_again` took it on two days at least, `on_sale` means that it was sold to enough clients of late.

    Units: clients who took it within so many days.
    Source: QUALITY §2, candidates and recent demand.
    """
    within = {f"clients_{span}": (_.days_since <= span).cast("int64").sum() for span in (7, 30, 90, YEAR_DAYS)}
    counted = bought.group_by("item_id").aggregate(
        clients=_.count().cast("int64"), clients_again=(_.times >= 2).cast("int64").sum(), **within
    )
    return counted.mutate(on_sale=_.clients_90 >= SOLD_TO_AT_LEAST)


def asked_for(sold: Table, weights: DemandWeights) -> FloatingValue:
    """Return how much each item of `goods` is asked for now against the year, by the rule of `core.offers.demand`."""
    week, month, year = ((sold[f"clients_{span}"] + 0.5) for span in (7, 30, YEAR_DAYS))
    return week**weights.week * month**weights.month / year**weights.year
