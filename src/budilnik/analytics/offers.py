"""What to offer to a client, and why: goods due again, goods he stopped, goods his own goods lead to.

All read the table of `baskets`, which the caller keeps: the lines are not touched again.
"""

import ibis
from ibis import _
from ibis.expr.types import Table

from budilnik.analytics.baskets import YEAR_DAYS, asked_for, goods
from budilnik.core.offers import COMPANY, REPEAT, SHOWN, STOP, CompanyPolicy, RepeatPolicy, StopPolicy

# Sums of fractions differ in their last digits from run to run; a rank must not.
DIGITS = 9


def due_again(
    bought: Table, *, limit: int = SHOWN, refused: Table | None = None, policy: RepeatPolicy = REPEAT
) -> Table:
    """Return the goods each client will most likely take again, best first.

    Columns: client_id, item_id, rank, score, interval_days, days_since, times, quantity. Goods no longer sold to
    enough clients and pairs of `refused` (client_id, item_id) are left out; an item bought once has no interval.

    Units: days, quantity in thousandths.
    Source: QUALITY §2, calendar decay x share who take it again x recent demand.
    """
    sold = goods(bought).filter(_.on_sale)
    sold = sold.select(
        sold_id=sold.item_id,
        pull=((sold.clients_again + 1) / (sold.clients + 5)) ** policy.again * asked_for(sold, policy.demand),
    )
    own = _without(bought, refused)
    if policy.due_from:
        own = own.filter(own.days_since >= policy.due_from * ibis.coalesce(own.interval_days, 0.0))
    scored = own.join(sold, own.item_id == sold.sold_id).mutate(score=_.freshness * _.pull)
    return _best(scored, limit).select(
        "client_id", "item_id", "rank", "score", "interval_days", "days_since", "times", "quantity"
    )


def stopped(bought: Table, *, limit: int | None = SHOWN, policy: StopPolicy = STOP) -> Table:
    """Return the goods each client used to take and takes no more, dearest first.

    Columns: client_id, item_id, rank, times, interval_days, days_since, amount_yearly, on_sale. Goods that hardly
    anybody buys now come after the others: they may be gone from the shelf. Without a limit all are returned.

    Units: days; amount_yearly in kopecks, what a year of the item was worth while it was taken.
    Source: SPEC §8, bought at least 3 times, silent for twice the own interval; `core.offers.has_stopped`.
    """
    sold = goods(bought).select("on_sale", sold_id=_.item_id)
    silent = bought.filter(
        bought.times >= policy.at_least_times, bought.days_since >= policy.silent_intervals * bought.interval_days
    )
    joined = silent.join(sold, silent.item_id == sold.sold_id)
    dearest = ibis.window(
        group_by="client_id",
        order_by=[ibis.desc(joined.on_sale.cast("int64")), ibis.desc("amount_yearly"), joined.item_id],
    )
    ranked = joined.mutate(rank=ibis.row_number().over(dearest) + 1)
    if limit is not None:
        ranked = ranked.filter(ranked["rank"] <= limit)
    return ranked.select(
        "client_id", "item_id", "rank", "times", "interval_days", "days_since", "amount_yearly", "on_sale"
    )


def new_goods(
    bought: Table,
    nearby: Table,
    *,
    limit: int = SHOWN,
    refused: Table | None = None,
    policy: CompanyPolicy = COMPANY,
) -> Table:
    """Return the goods each client never bought that his own goods lead to, best first, each with its reason.

    Columns: client_id, item_id, rank, score, because_item_id, clients_with, share_also: of `clients_with` clients who
    bought the item it follows from, share_also bought this one too. `nearby` is the table of `neighbours`. Pairs of
    `refused` (client_id, item_id) are left out.

    Units: share_also in 0..1.
    Source: QUALITY §2, item cosine x recent demand.
    """
    asked = _asked(bought, policy)
    met = asked.join(nearby, asked.own_id == nearby.because_item_id)
    met = met.select("client_id", "item_id", "own_id", part=met.weight * met.nearness)
    # Of equal reasons the smaller key is told, on every engine.
    reason = met.part * (1 - (met.own_id % 1_000_003) * 1e-12)
    led_to = met.mutate(reason=reason).group_by("client_id", "item_id")
    scored = led_to.aggregate(score=_.part.sum(), because_item_id=_.own_id.argmax(_.reason))
    unknown = scored.anti_join(bought, ["client_id", "item_id"])
    best = _best(_without(unknown, refused), limit)
    told = nearby.select(from_id=nearby.because_item_id, to_id=nearby.item_id, **_evidence(nearby))
    return best.join(told, [best.because_item_id == told.from_id, best.item_id == told.to_id]).select(
        "client_id", "item_id", "rank", "score", "because_item_id", "clients_with", "share_also"
    )


def neighbours(bought: Table, *, policy: CompanyPolicy = COMPANY) -> Table:
    """Return which goods the clients of an item buy too, nearest first kept.

    Columns: because_item_id, item_id, nearness, clients_with, clients_both.

    Clients are counted over the year and the goods that the policy looks at; goods that are not on sale lead to others
    and are not led to.

    Units: nearness is a weighted cosine times recent demand.
    Source: QUALITY §2.
    """
    sold = goods(bought)
    asked = sold.filter(_.clients_365 >= 2).select(sold_id=_.item_id)
    listed = _listed(bought.semi_join(asked, bought.item_id == asked.sold_id), policy)
    norms = listed.group_by("item_id").aggregate(norm=_.weight.sum(), clients_with=_.count().cast("int64"))
    one = listed.select("client_id", "weight", because_item_id=_.item_id)
    other = listed.select("item_id", other_id=_.client_id)
    pairs = one.join(other, [one.client_id == other.other_id, one.because_item_id < other.item_id])
    half = pairs.group_by("because_item_id", "item_id").aggregate(
        together=_.weight.sum(), clients_both=_.count().cast("int64")
    )
    mirrored = half.select("together", "clients_both", because_item_id=half.item_id, item_id=half.because_item_id)
    both = ibis.union(half.select("together", "clients_both", "because_item_id", "item_id"), mirrored)
    return _nearest(both, norms, sold.mutate(pull=asked_for(sold, policy.demand)), policy)


def _listed(bought: Table, policy: CompanyPolicy) -> Table:
    """The year's goods of each client, the last bought of those who buy very many, with the client's weight."""
    recent = bought.filter(bought.days_since <= YEAR_DAYS)
    last_bought = ibis.window(group_by="client_id", order_by=[recent.days_since, ibis.desc("times"), recent.item_id])
    ranked = recent.select("client_id", "item_id", place=ibis.row_number().over(last_bought))
    few = ranked.filter(ranked.place < policy.goods_of_a_client).drop("place")
    breadth = few.group_by(breadth_id=_.client_id).aggregate(weight=_.count().cast("float64") ** -policy.breadth)
    return few.join(breadth, few.client_id == breadth.breadth_id).select("client_id", "item_id", "weight")


def _nearest(pairs: Table, norms: Table, sold: Table, policy: CompanyPolicy) -> Table:
    of = norms.select(of_id=norms.item_id, of_norm=norms.norm, clients_with=norms.clients_with)
    to = norms.join(sold.filter(sold.on_sale), "item_id").select(to_id=_.item_id, to_norm=_.norm, pull=_.pull)
    known = pairs.join(of, pairs.because_item_id == of.of_id)
    known = known.join(to, known.item_id == to.to_id)
    near = known.mutate(nearness=known.together / (known.of_norm * known.to_norm).sqrt() * known.pull)
    nearest = ibis.window(
        group_by="because_item_id", order_by=[ibis.desc(near.nearness.ln().round(DIGITS)), near.item_id]
    )
    ranked = near.mutate(place=ibis.row_number().over(nearest))
    return ranked.filter(ranked.place < policy.neighbours).select(
        "because_item_id", "item_id", "nearness", "clients_with", "clients_both"
    )


def _asked(bought: Table, policy: CompanyPolicy) -> Table:
    weight = bought.times.cast("float64") ** policy.repeats * (
        2.0 ** (-bought.days_since / ibis.literal(policy.halving_days))
    )
    weighed = bought.select("client_id", own_id=bought.item_id, weight=weight)
    heaviest = ibis.window(
        group_by="client_id", order_by=[ibis.desc(weighed.weight.ln().round(DIGITS)), weighed.own_id]
    )
    ranked = weighed.mutate(place=ibis.row_number().over(heaviest))
    return ranked.filter(ranked.place < policy.own_goods).drop("place")


def _evidence(nearby: Table) -> dict[str, ibis.Value]:
    return {"clients_with": nearby.clients_with, "share_also": nearby.clients_both / nearby.clients_with}


def _without(pairs: Table, refused: Table | None) -> Table:
    return pairs if refused is None else pairs.anti_join(refused, ["client_id", "item_id"])


def _best(scored: Table, limit: int) -> Table:
    order = [ibis.desc(scored.score.ln().round(DIGITS)), scored.item_id]
    ranked = scored.mutate(rank=ibis.row_number().over(ibis.window(group_by="client_id", order_by=order)) + 1)
    return ranked.filter(ranked["rank"] <= limit)
