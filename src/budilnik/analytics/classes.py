"""Classes of clients: by revenue, by regularity, by potential and share of wallet, by recency, frequency and money."""

from dataclasses import dataclass
from datetime import date, timedelta

import ibis
from ibis import _
from ibis.expr.types import NumericValue, StringValue, Table

from budilnik.analytics.tables import YEAR_DAYS, Base, days_before, purchases

QUINTILES = 5
# The class of clients without an order in the year, and of those of whom too little is known.
NO_ORDERS = "D"
NOT_ENOUGH = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class AbcPolicy:
    """Up to which share of the year's revenue a client is A and B, dearest first."""

    a_until: float = 0.80
    b_until: float = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class RegularityPolicy:
    """How widely a client's gaps may spread: the standard deviation of their natural logarithms.

    `steady` = 0.5: two gaps of three within a factor of 1.65 of the usual one; `loose` = 1.0: within 2.7. A client who
    buys on chance days has about 1.28, as gaps of a chance process have.
    """

    steady: float = 0.5
    loose: float = 1.0
    at_least_gaps: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletPolicy:
    """From which potential, of all known ones, a client's is high, and from which share of it ours is.

    The high ones are the dearest `high_part` of the clients whose potential is known.
    """

    high_part: float = 0.5
    high_share: float = 0.5


ABC = AbcPolicy()
REGULARITY = RegularityPolicy()
WALLET = WalletPolicy()


def _year(base: Base, on: date) -> Table:
    """Every client with his net of the sliding year and the purchases in it; a client without orders has noughts."""
    within = (base.orders.ordered_on >= on - timedelta(days=YEAR_DAYS)) & (base.orders.ordered_on < on)
    orders = base.orders.filter(within).group_by(order_client_id=_.client_id)
    totals = orders.aggregate(net=_.net.sum().cast("int64"), documents=_.counts.cast("int64").sum())
    known = base.clients.select("client_id", "potential")
    joined = known.left_join(totals, known.client_id == totals.order_client_id)
    return joined.select(
        "client_id",
        "potential",
        revenue_365=ibis.coalesce(_.net, 0),
        documents=ibis.coalesce(_.documents, 0),
    )


def abc(base: Base, on: date, *, policy: AbcPolicy = ABC) -> Table:
    """Return the class of every client by the revenue of the year before `on`: client_id, revenue_365, abc.

    Dearest first, clients are A until 80% of the revenue is reached: the one who crosses the line is still A. C are
    also those whose returns ate their purchases. D has no order in the year, returns alone are none.

    Units: kopecks, net of returns.
    Source: QUALITY §3, ABC 80/15/5 of a sliding year.
    """
    return _by_revenue(_year(base, on), policy).select("client_id", "revenue_365", "abc")


def _by_revenue(year: Table, policy: AbcPolicy) -> Table:
    earned = ibis.ifelse((year.documents > 0) & (year.revenue_365 > 0), year.revenue_365, 0)
    weighed = year.mutate(earned=earned)
    dearest = ibis.window(order_by=[ibis.desc("earned"), weighed.client_id], preceding=(None, 0))
    summed = weighed.mutate(so_far=weighed.earned.sum().over(dearest))
    total = weighed.aggregate(total=_.earned.sum())
    beside = summed.cross_join(total)
    before = (beside.so_far - beside.earned).cast("float64")
    letter = ibis.cases(
        (beside.documents == 0, NO_ORDERS),
        (beside.earned == 0, "C"),
        (before < policy.a_until * beside.total, "A"),
        (before < policy.b_until * beside.total, "B"),
        else_="C",
    )
    return beside.mutate(abc=letter)


def abcd(base: Base, on: date, *, abc_policy: AbcPolicy = ABC, policy: WalletPolicy = WALLET) -> Table:
    """Return the class by potential and share of wallet: client_id, potential, wallet_share, abcd, by_potential.

    A has a high potential and gives us a high share of it, B a high potential and a low share, C a low potential and a
    high share, D both low. Where the potential is unknown or nought the class is that of `abc` and `by_potential` is
    false. Who buys more than his potential has a share of one.

    Units: potential in kopecks a year, wallet_share in 0..1.
    Source: SPEC §8, ABCD.
    """
    year = _by_revenue(_year(base, on), abc_policy).select("client_id", "potential", "revenue_365", letter=_.abc)
    known = year.filter(_.potential > 0)
    limit = known.aggregate(high_from=_.potential.quantile(1 - policy.high_part))
    shared = year.cross_join(limit)
    # The least and the greatest of engines pass over what is missing; only a known potential has a share.
    known_one = ibis.ifelse(shared.potential > 0, shared.potential, ibis.null("int64"))
    part = ibis.least(ibis.greatest(shared.revenue_365 / known_one, 0.0), 1.0)
    wallet = shared.mutate(wallet_share=ibis.ifelse(known_one.notnull(), part, ibis.null("float64")))
    wide, full = wallet.potential >= wallet.high_from, wallet.wallet_share >= policy.high_share
    letter = ibis.cases(
        (wallet.wallet_share.isnull(), wallet.letter),
        (wide & full, "A"),
        (wide, "B"),
        (full, "C"),
        else_="D",
    )
    return wallet.select(
        "client_id", "potential", "wallet_share", abcd=letter, by_potential=wallet.wallet_share.notnull()
    )


def regularity(base: Base, on: date, *, policy: RegularityPolicy = REGULARITY) -> Table:
    """Return how evenly every client buys: client_id, gaps, spread, regularity.

    X is steady, Y looser, Z irregular by the spread of the logarithms of his gaps, "?" has too few gaps to tell. It is
    shown and steers nothing.

    Units: spread is the standard deviation of natural logarithms of gaps in days.
    Source: QUALITY §3; classic XYZ limits would call nearly every client Z.
    """
    sequence = ibis.window(group_by="client_id", order_by="on")
    days = purchases(base).filter(_.on < on)
    gaps = days.mutate(gap=_.on.delta(_.on.lag().over(sequence), unit="day").cast("float64").ln())
    counted = gaps.filter(_.gap.notnull()).group_by(gap_client_id=_.client_id)
    sums = counted.aggregate(gaps=_.count().cast("int64"), total=_.gap.sum(), squares=(_.gap * _.gap).sum())
    known = base.clients.select("client_id").left_join(sums, _.client_id == sums.gap_client_id)
    known = known.mutate(gaps=ibis.coalesce(known.gaps, 0))
    return known.select("client_id", "gaps", **_spread(known, policy))


def _spread(known: Table, policy: RegularityPolicy) -> dict[str, NumericValue | StringValue]:
    freedom = ibis.ifelse(known.gaps >= policy.at_least_gaps, known.gaps - 1, ibis.null("int64"))
    # The difference of two near sums may fall below zero by a last digit.
    variance = ibis.greatest(known.squares - known.total * known.total / known.gaps.nullif(0), 0.0) / freedom
    spread = variance.sqrt()
    letter = ibis.cases(
        (spread.isnull(), NOT_ENOUGH), (spread <= policy.steady, "X"), (spread <= policy.loose, "Y"), else_="Z"
    )
    return {"spread": spread, "regularity": letter}


def rfm(base: Base, on: date) -> Table:
    """Return the fifths of the clients who have bought: client_id, recency, frequency, money, rfm.

    Each is 1 to 5 and 5 is best: bought last, most often in the year, for most. Of equals the client with the smaller
    key stands higher. Who has never bought is not here; who bought before the year has noughts for it.

    Units: `rfm` is the sum of the three, 3 to 15.
    Source: QUALITY §3, RFM is for segments and filters, not for the queue.
    """
    days = purchases(base).filter(_.on < on)
    in_year = days.on >= on - timedelta(days=YEAR_DAYS)
    counted = days.group_by("client_id").aggregate(
        silent=days_before(on, days.on.max()),
        often=in_year.cast("int64").sum(),
        spent=ibis.coalesce(days.net.sum(where=in_year), 0),
    )
    worst_first = {
        "recency": [ibis.desc("silent"), ibis.desc("client_id")],
        "frequency": [counted.often, ibis.desc("client_id")],
        "money": [counted.spent, ibis.desc("client_id")],
    }
    fifths = {
        name: ibis.ntile(QUINTILES).over(ibis.window(order_by=order)).cast("int64") + 1
        for name, order in worst_first.items()
    }
    ranked = counted.select("client_id", **fifths)
    return ranked.mutate(rfm=ranked.recency + ranked.frequency + ranked.money)


def movement(before: Table, after: Table, *, column: str) -> Table:
    """Return how clients moved between two classings by one column: from_class, to_class, clients, money.

    Both are tables with client_id and the column. The money is `revenue_365` of `after`, missing if it has none. A
    client who is in one of them only comes from nowhere or goes to nowhere: an empty class.

    Units: money in kopecks, of the later year.
    Source: SPEC §8, classes renewed monthly; their movement is the difference of two dates.
    """
    money = _.revenue_365 if "revenue_365" in after.columns else ibis.null("int64")
    was = before.select(was_id=before.client_id, from_class=before[column].cast("string"))
    now = after.select(now_id=after.client_id, to_class=after[column].cast("string"), money=money)
    joined = was.outer_join(now, was.was_id == now.now_id)
    moved = joined.select(
        from_class=ibis.coalesce(joined.from_class, ""), to_class=ibis.coalesce(joined.to_class, ""), money=joined.money
    )
    return moved.group_by("from_class", "to_class").aggregate(
        clients=_.count().cast("int64"), money=_.money.sum().cast("int64")
    )
