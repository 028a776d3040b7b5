"""What to offer to a client, and why: goods due again, goods he stopped, goods his own goods lead to.

All read the table of `baskets`, which the caller keeps: the lines are not touched again.
"""

import ibis
from ibis import _
from ibis.expr.types import Table

from budilnik.analytics.baskets import asked_for, goods
from budilnik.analytics.tables import YEAR_DAYS
from budilnik.core.offers import COMPANY, REPEAT, SHOWN, STOP, CompanyPolicy, RepeatPolicy, StopPolicy

# Sums of fractions differ in their last digits from run to run; a rank must not.
DIGITS = 9
# Values are counted by size first, so many sizes to a factor of e.
SIZES = 8


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
    return _ranked(scored, by="client_id", value="score", limit=limit).select(
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
    bought the item it follows from, share_also bought this one too. `nearby` is the table of `neighbours`; `bought` may
    hold some of the clients only, so that a large base fits into memory part by part. Pairs of `refused` (client_id,
    item_id) are left out.

    Units: share_also in 0..1.
    Source: QUALITY §2, item cosine x recent demand.
    """
    asked = _asked(bought, policy)
    met = asked.join(nearby, asked.own_id == nearby.because_item_id)
    scored = met.group_by("client_id", "item_id").aggregate(score=(met.weight * met.nearness).sum())
    unknown = _without(scored.anti_join(bought, ["client_id", "item_id"]), refused)
    best = _ranked(unknown, by="client_id", value="score", limit=limit)
    return _reasoned(best, asked, nearby)


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
    other = listed.semi_join(_in_play(sold, policy), "item_id").select("item_id", other_id=_.client_id)
    pairs = one.join(other, [one.client_id == other.other_id, one.because_item_id != other.item_id])
    counted = pairs.group_by("because_item_id", "item_id").aggregate(
        together=_.weight.sum(), clients_both=_.count().cast("int64")
    )
    enough = counted.filter(_.clients_both >= policy.clients_of_both)
    return _nearest(enough, norms, sold.mutate(pull=asked_for(sold, policy.demand)), policy)


def _in_play(sold: Table, policy: CompanyPolicy) -> Table:
    """The goods on sale that are asked for most now and that many take."""
    hot = asked_for(sold, policy.demand) * sold.clients_365.cast("float64").sqrt()
    weighed = sold.select("item_id", "on_sale", hot=hot.ln().round(DIGITS)).filter(_.on_sale)
    order = ibis.window(order_by=[ibis.desc("hot"), weighed.item_id])
    return weighed.mutate(place=ibis.row_number().over(order)).filter(_.place < policy.goods_in_play)


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
    to = norms.join(sold, "item_id").select(to_id=_.item_id, to_norm=_.norm, pull=_.pull)
    known = pairs.join(of, pairs.because_item_id == of.of_id)
    known = known.join(to, known.item_id == to.to_id)
    near = known.mutate(nearness=known.together / (known.of_norm * known.to_norm).sqrt() * known.pull)
    return _ranked(near, by="because_item_id", value="nearness", limit=policy.neighbours).select(
        "because_item_id", "item_id", "nearness", "clients_with", "clients_both"
    )


def _asked(bought: Table, policy: CompanyPolicy) -> Table:
    weight = bought.times.cast("float64") ** policy.repeats * (
        2.0 ** (-bought.days_since / ibis.literal(policy.halving_days))
    )
    weighed = bought.select("client_id", own_id=bought.item_id, weight=weight)
    heaviest = ibis.window(group_by="client_id", order_by=[ibis.desc("weight"), weighed.own_id])
    ranked = weighed.mutate(place=ibis.row_number().over(heaviest))
    return ranked.filter(ranked.place < policy.own_goods).drop("place")


def _reasoned(best: Table, asked: Table, nearby: Table) -> Table:
    """The offers with the own item each follows from most; of equals the one with the smaller key."""
    own = asked.select("own_id", "weight", asked_id=asked.client_id)
    mine = best.join(own, best.client_id == own.asked_id)
    told = nearby.select("because_item_id", "nearness", "clients_with", "clients_both", to_id=nearby.item_id)
    reasons = mine.join(told, [mine.own_id == told.because_item_id, mine.item_id == told.to_id])
    reasons = reasons.mutate(part=reasons.weight * reasons.nearness)
    strongest = reasons.group_by(best_id=_.client_id, best_item_id=_.item_id).aggregate(best_part=_.part.max())
    same = [
        reasons.client_id == strongest.best_id,
        reasons.item_id == strongest.best_item_id,
        reasons.part == strongest.best_part,
    ]
    one = reasons.join(strongest, same).group_by("client_id", "item_id", "rank", "score")
    picked = one.aggregate(own_id=_.own_id.min())
    known = picked.join(told, [picked.own_id == told.because_item_id, picked.item_id == told.to_id])
    return known.select(
        "client_id",
        "item_id",
        "rank",
        "score",
        "because_item_id",
        "clients_with",
        share_also=known.clients_both / known.clients_with,
    )


def _without(pairs: Table, refused: Table | None) -> Table:
    return pairs if refused is None else pairs.anti_join(refused, ["client_id", "item_id"])


def _ranked(scored: Table, *, by: str, value: str, limit: int) -> Table:
    """The rows of greatest value of each key, with their rank; of equals the item with the smaller key comes first.

    Sorting every row is what would cost: the rows are counted by the size of the value first, and only those that can
    be among the best are sorted.
    """
    sized = scored.mutate(order_value=scored[value].ln().round(DIGITS))
    sized = sized.mutate(size=(sized.order_value * SIZES).floor().cast("int64"))
    counted = sized.group_by(size_key=sized[by], size=sized["size"]).aggregate(rows=_.count())
    larger = ibis.window(group_by="size_key", order_by=ibis.desc("size"), preceding=(None, 0))
    fitting = counted.mutate(so_far=_.rows.sum().over(larger)).filter(_.so_far - _.rows < limit)
    # One size more, for an engine that sums the values anew and gets another last digit.
    least = fitting.group_by("size_key").aggregate(least=fitting["size"].min() - 1)
    few = sized.join(least, [sized[by] == least.size_key, sized["size"] >= least.least])
    order = ibis.window(group_by=by, order_by=[ibis.desc("order_value"), few.item_id])
    ranked = few.mutate(rank=ibis.row_number().over(order) + 1)
    return ranked.filter(ranked["rank"] <= limit)
