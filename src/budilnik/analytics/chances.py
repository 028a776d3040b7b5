"""The chance that a client orders by himself within 30, 60 and 90 days, and what he is expected to bring.

Every chance is a logistic sum of twelve terms, so a person can be told which facts raise and which lower it. The terms
carry no currency and no size of firm: money and breadth are measured against the firm's own usual purchase.
"""

from collections.abc import Mapping
from datetime import date
from math import log

import ibis
from ibis import _
from ibis.expr.types import FloatingValue, Table

from budilnik.analytics.rhythm import QUARTER_DAYS, facts, purchase_days
from budilnik.analytics.tables import YEAR_DAYS, Base, days_before
from budilnik.core.rhythm import BORROWED_GAPS
from budilnik.core.scores import Coefficients, Score

# A half order and 45 days are lent to everybody, lest two orders in the first week look like a hundred a year.
LENT_ORDERS = 0.5
LENT_DAYS = 45
# Silence of a day against a rhythm of weeks is next to nothing, and its logarithm must say so too.
LENT_RATIO = 0.05
# Here a month is lent, not the rhythm of the firm: that one drifts while the firm's history is young.
LENT_GAP_DAYS = 30.0
# Who has spent nothing for a year has still spent something.
LENT_MONEY = 0.05
# The chance to be still alive and to buy, by the two curves of the BG/NBD model; beyond e^30 nothing is told apart.
GAMMA_SHAPE = 1.0
GAMMA_DAYS = 60.0
BETA_LEAVES = 0.5
BETA_STAYS = 3.0
FAR = 30.0
# Who is active enough for his silence to be a loss: an order within a quarter and at least three in all.
ACTIVE_DAYS = 90
ACTIVE_PURCHASES = 3

TERMS = (
    "silence",
    "pace",
    "orders",
    "recent",
    "overdue",
    "silence_by_pace",
    "longest",
    "expected",
    "year_money",
    "last_money",
    "usual_breadth",
    "last_breadth",
)


def _likely_to_buy(gaps: FloatingValue, age: FloatingValue, bought_at: FloatingValue) -> FloatingValue:
    """Return the log odds of a purchase within a quarter by BG/NBD with fixed constants.

    Source: Fader, Hardie and Lee, "Counting your customers" the easy way (2005), P(alive) and the Gamma-Poisson tail.
    """
    shape, days = gaps + GAMMA_SHAPE, age + GAMMA_DAYS
    left = BETA_LEAVES / (BETA_STAYS + gaps - 1)
    overdue = ibis.least(shape * (days.ln() - (bought_at + GAMMA_DAYS).ln()), FAR).exp()
    alive = 1 / (1 + ibis.ifelse(gaps > 0, left * overdue, 0.0))
    buys = 1 - (-ibis.least(shape * ((days + QUARTER_DAYS).ln() - days.ln()), FAR)).exp()
    chance = ibis.greatest(ibis.least(alive * buys, 1 - 1e-6), 1e-6)
    return chance.ln() - (1 - chance).ln()


def features(base: Base, on: date) -> Table:
    """Return one row a client with a purchase before `on`: his facts (see `rhythm.facts`) and the twelve terms.

    All terms are known of everybody who has bought once.

    Units: as the facts; the terms are pure numbers, most of them natural logarithms.
    Source: QUALITY §1, the six features; BG/NBD; breadth and money against the firm's usual purchase.
    """
    return features_of(purchase_days(base), on)


def features_of(days: Table, on: date) -> Table:
    """Return the same from `rhythm.purchase_days`, for those who have them at hand."""
    counted = facts(days, on)
    silent, age = counted.silent_days.cast("float64"), counted.age_days.cast("float64")
    rate = (counted.orders_365.cast("float64") + LENT_ORDERS) / (ibis.least(age, float(YEAR_DAYS)) + LENT_DAYS)
    usual_gap = (counted.log_gaps + BORROWED_GAPS * log(LENT_GAP_DAYS)) / (counted.gaps + BORROWED_GAPS)
    usual_net = counted.firm_log_net
    return counted.mutate(
        silence=(1 + silent).ln(),
        silence_by_pace=(1 + silent).ln() * rate.ln(),
        longest=ibis.ifelse(counted.gaps > 1, (1 + silent).ln() - (1 + counted.longest_gap).ln(), 0.0),
        pace=rate.ln(),
        orders=counted.purchases.ln(),
        recent=(1 + counted.orders_90).ln(),
        overdue=(silent / usual_gap.exp() + LENT_RATIO).ln(),
        expected=_likely_to_buy(counted.gaps.cast("float64"), age, age - silent),
        year_money=(LENT_MONEY + counted.revenue_365 / usual_net.exp()).ln(),
        last_money=counted.last_net.ln() - usual_net,
        usual_breadth=(counted.all_items / counted.purchases).ln() - counted.firm_log_items,
        last_breadth=counted.last_items.ln() - counted.firm_log_items,
    )


def _odds(terms: Table, score: Score) -> FloatingValue:
    odds: FloatingValue = ibis.literal(score.level)
    for term in score.terms:
        odds = odds + term.weight * (terms[term.name] - term.usual)
    return odds


def probability(terms: Table, score: Score) -> FloatingValue:
    """Return the chance a score gives to each row of a table with its terms; missing where a term is missing.

    Source: QUALITY §1, a transparent score; the same rule as `core.scores.chance`.
    """
    odds = ibis.greatest(ibis.least(_odds(terms, score), FAR), -FAR)
    return ibis.ifelse(_odds(terms, score).isnull(), ibis.null("float64"), 1 / (1 + (-odds).exp()))


def is_active(counted: Table) -> ibis.expr.types.BooleanValue:
    """Return whether a client is active: his silence would be a loss to be seen."""
    return (counted.silent_days <= ACTIVE_DAYS) & (counted.purchases >= ACTIVE_PURCHASES)


def chances(terms: Table, coefficients: Coefficients) -> Table:
    """Return client_id, p30, p60, p90 and p_silent90, the chance of no order for 90 days.

    The longer span is never the less likely. `p_silent90` is for active clients only and missing for the rest.

    Units: chances in 0..1.
    Source: QUALITY §1.
    """
    p30, p60, p90 = (probability(terms, score) for score in (coefficients.p30, coefficients.p60, coefficients.p90))
    return terms.select(
        "client_id",
        p30=p30,
        p60=ibis.greatest(p30, p60),
        p90=ibis.greatest(p30, p60, p90),
        p_silent90=ibis.ifelse(is_active(terms), probability(terms, coefficients.silent90), ibis.null("float64")),
    )


def contributions(terms: Table, score: Score) -> Table:
    """Return client_id and what each term adds to the score of each client, one column a term.

    Units: log odds against the usual client of the firm.
    Source: SPEC §8; the same rule as `core.scores.parts`.
    """
    parts: Mapping[str, FloatingValue] = {
        term.name: term.weight * (terms[term.name] - term.usual) for term in score.terms
    }
    return terms.select("client_id", **parts)


def expected_revenue(terms: Table, chances: Table) -> Table:
    """Return client_id and expected_90: what he is expected to bring within 90 days.

    The chance of at least one order is read as that of a Poisson stream, its mean times the average order.

    Units: kopecks.
    Source: SPEC §8, expected revenue of the next 90 days.
    """
    known = chances.select("p90", chance_id=_.client_id)
    joined = terms.join(known, terms.client_id == known.chance_id)
    orders = -(1 - ibis.least(joined.p90, 1 - 1e-6)).ln()
    money = (orders * joined.revenue / joined.purchases).round().cast("int64")
    return joined.select("client_id", expected_90=money)


def outcomes(days: Table, on: date) -> Table:
    """Return client_id and wait_days: the days from `on` to his next purchase, for those who did buy again.

    A purchase on the very day waits nought days.

    Source: QUALITY §1, the label of a cut-off.
    """
    later = days.filter(_.on >= on).group_by("client_id").aggregate(next_on=_.on.min())
    return later.select("client_id", wait_days=-days_before(on, later.next_on))
