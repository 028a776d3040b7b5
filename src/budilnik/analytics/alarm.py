"""The early alarm: who is likely to be leaving, judged by the posterior of his silence, and whose basket narrows.

A multiple of one's own interval is a bad alarm: losses sit among slow clients, whose rhythm is the worst known. So the
chance that a silence will become a loss is learnt from all silences of the firm, on landmarks within each of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import ibis
from ibis import _
from ibis.expr.types import FloatingValue, Table

from budilnik.analytics.chances import LENT_DAYS, LENT_ORDERS, probability
from budilnik.analytics.rhythm import facts, firm_of, purchase_days, usual_interval
from budilnik.analytics.tables import Base
from budilnik.core.scores import Score

LOST_DAYS = 180
# The first week says nothing yet: a silence of a day is taken as one of a week.
FIRST_DAYS = 7
LANDMARKS = (7, 14, 21, 30, 45, 60, 75, 90, 105, 120, 150, 175)

ALARM_TERMS = (
    "wait",
    "wait_squared",
    "usual_wait",
    "orders",
    "pace",
    "wait_by_usual",
    "wait_by_orders",
    "wait_by_pace",
    "all_money",
    "last_money",
    "usual_breadth",
    "last_breadth",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrowingPolicy:
    """When a basket has narrowed: the last `recent` purchases hold at most `at_most` of the usual number of items.

    There must be `enough_before` purchases to know the usual number by, and the difference must be `deviations`
    standard errors of the client's own ups and downs, in which the firm's weigh as much as `borrowed` purchases.
    """

    recent: int = 3
    enough_before: int = 4
    at_most: float = 0.67
    deviations: float = 1.64
    borrowed: int = 3


NARROWING = NarrowingPolicy()


def alarm_terms(counted: Table) -> Table:
    """Return the table with the twelve terms of the alarm beside each row.

    The facts are those of `rhythm.facts`, of today or of the beginning of a past silence (`silences`). While nobody
    has bought twice the terms that need a rhythm are missing.

    Units: pure numbers, most of them natural logarithms; `usual_wait` is that of days.
    Source: QUALITY §1, P(lost | silence, rhythm, orders).
    """
    wait = (1 + ibis.greatest(counted.silent_days, FIRST_DAYS).cast("float64")).ln()
    usual, orders = counted.rhythm_days.ln(), counted.purchases.ln()
    known_days = counted.age_days - counted.silent_days
    pace = ((counted.purchases.cast("float64") + LENT_ORDERS) / (known_days + LENT_DAYS)).ln()
    return counted.mutate(
        wait=wait,
        wait_squared=wait * wait,
        usual_wait=usual,
        orders=orders,
        pace=pace,
        wait_by_usual=wait * usual,
        wait_by_orders=wait * orders,
        wait_by_pace=wait * pace,
        all_money=counted.revenue.ln() - counted.firm_log_net,
        last_money=counted.last_net.ln() - counted.firm_log_net,
        usual_breadth=(counted.all_items / counted.purchases).ln() - counted.firm_log_items,
        last_breadth=counted.last_items.ln() - counted.firm_log_items,
    )


def loss_chance(terms: Table, score: Score) -> FloatingValue:
    """Return P(the silence of each row will exceed 180 days); one that has is certain."""
    return ibis.ifelse(terms.silent_days > LOST_DAYS, 1.0, probability(terms, score))


def leaving(counted: Table, score: Score) -> Table:
    """Return client_id and p_lost of every client who has bought, from `rhythm.facts` or `chances.features`.

    Missing while nobody of the firm has bought twice; certain once the silence exceeds 180 days.

    Units: a chance in 0..1.
    Source: QUALITY §1, the posterior; landmarking after van Houwelingen (2007).
    """
    names = [name for name in ALARM_TERMS if name in counted.columns]
    terms = alarm_terms(counted.drop(*names))
    return terms.select("client_id", p_lost=loss_chance(terms, score))


def silences(days: Table, on: date) -> Table:
    """Return one row a purchase: the facts of its client on that day, and how many days he was silent after it.

    `wait_days` is missing where he has not bought again. The means of the firm are those before `on`.

    Source: QUALITY §1, one silence = one unit.
    """
    sequence = ibis.window(group_by="client_id", order_by="on")
    past = ibis.window(group_by="client_id", order_by="on", preceding=None, following=0)
    told = days.mutate(
        gap=_.on.delta(_.on.lag().over(sequence), unit="day").cast("int64"),
        wait_days=_.on.lead().over(sequence).delta(_.on, unit="day").cast("int64"),
    )
    begun = told.select(
        "client_id",
        "wait_days",
        began_on=_.on,
        purchases=_.count().over(past),
        gaps=_.gap.count().over(past),
        log_gaps=ibis.coalesce(_.gap.ln().sum().over(past), 0.0),
        known_days=_.on.delta(_.on.min().over(past), unit="day").cast("int64"),
        revenue=_.net.sum().over(past).cast("int64"),
        all_items=_["items"].sum().over(past).cast("int64"),
        last_net=_.net,
        last_items=_["items"],
    )
    beside = begun.cross_join(firm_of(facts(days, on)))
    return beside.mutate(rhythm_days=usual_interval(beside))


def landmarks(begun: Table, at: Sequence[int] = LANDMARKS) -> Table:
    """Return one row for each silence and day of `at` on which it still lasted, with the terms of that day.

    Source: van Houwelingen, dynamic prediction by landmarking (2007).
    """
    moments = begun.mutate(silent_days=ibis.array([int(day) for day in at]).unnest().cast("int64"))
    lasting = moments.filter(_.wait_days.isnull() | (_.wait_days > _.silent_days))
    return alarm_terms(lasting.mutate(age_days=_.known_days + _.silent_days))


def narrowing(base: Base, on: date, *, policy: NarrowingPolicy = NARROWING) -> Table:
    """Return the breadth of every client's last purchases against those before: who buys fewer items than he used to.

    Columns: client_id, breadth (mean number of lines in the last three), breadth_before, narrowed. With too
    few purchases before, breadth_before and narrowed are missing.

    Units: lines a purchase.
    Source: SPEC §8, breadth of assortment; a two-sample comparison of logarithms with a shrunk variance.
    """
    return narrowing_of(purchase_days(base), on, policy=policy)


def narrowing_of(days: Table, on: date, *, policy: NarrowingPolicy = NARROWING) -> Table:
    """Return the same from `rhythm.purchase_days`, for those who have them at hand."""
    backwards = ibis.window(group_by="client_id", order_by=ibis.desc("on"))
    seen = days.filter(_.on < on).mutate(place=ibis.row_number().over(backwards), log_items=_["items"].ln())
    is_recent = seen.place < policy.recent
    counted = seen.group_by("client_id").aggregate(
        recent=is_recent.cast("int64").sum(),
        before=(~is_recent).cast("int64").sum(),
        breadth=seen["items"].mean(where=is_recent),
        breadth_before=seen["items"].mean(where=~is_recent),
        log_recent=seen.log_items.mean(where=is_recent),
        log_before=seen.log_items.mean(where=~is_recent),
        squares=ibis.coalesce((seen.log_items * seen.log_items).sum(where=~is_recent), 0.0),
    )
    spread = counted.mutate(strayed=ibis.greatest(_.squares - _.before * _.log_before * _.log_before, 0.0))
    firm = spread.aggregate(firm_variance=spread.strayed.sum() / (spread.before - 1).sum(where=_.before > 1).nullif(0))
    told = spread.cross_join(firm).mutate(is_known=_.before >= policy.enough_before)
    variance = (ibis.coalesce(told.strayed, 0.0) + policy.borrowed * told.firm_variance) / (
        ibis.greatest(told.before - 1, 0) + policy.borrowed
    )
    error = (variance * (1 / told.recent + 1 / told.before.nullif(0))).sqrt()
    drop = told.log_before - told.log_recent
    is_narrow = (told.breadth <= policy.at_most * told.breadth_before) & (drop >= policy.deviations * error)
    return told.select(
        "client_id",
        "breadth",
        breadth_before=ibis.ifelse(told.is_known, told.breadth_before, ibis.null("float64")),
        narrowed=ibis.ifelse(told.is_known, is_narrow, ibis.null("boolean")),
    )
