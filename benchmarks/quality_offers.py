"""How right the offers are: python benchmarks/quality_offers.py FILE [--cutoffs 2011-05-01,...] [--seconds] [--json]

FILE as in benchmarks/sales.py. The protocol of QUALITY §2: the truth is a client's first basket in the 90 days from the
cut-off, of clients with two baskets before it; goods sold to five clients in the last 90 days may be offered. Repeat:
only own goods, new: only goods never bought, and the truth is restricted alike. Every figure is the mean of the
cut-offs. Rows marked "QUALITY" are cited from there for Online Retail II; all others are computed from the file given.
"""

import argparse
import json
import time
from collections.abc import Sequence
from datetime import date, timedelta

import ibis
import numpy as np
import pandas as pd
from ibis import _
from ibis.expr.types import Table

import sales
from budilnik.analytics.baskets import baskets, goods
from budilnik.analytics.offers import due_again, neighbours, new_goods, stopped
from budilnik.analytics.tables import Base, purchases

SHOWN = 10
AHEAD = timedelta(days=90)
COLUMNS = ("recall", "NDCG", "hit")
AIMS = {"repeat": {"recall": 0.40, "NDCG": 0.43}, "new": {"recall": 0.095, "NDCG": 0.12, "hit": 0.50}}
CITED = {
    "repeat": {
        "QUALITY: TIFU-KNN": {"recall": 0.388, "NDCG": 0.419},
        "QUALITY: calendar decay x re-buy rate x recent demand": {"recall": 0.396, "NDCG": 0.426},
    },
    "new": {
        "QUALITY: item cosine": {"recall": 0.052, "NDCG": 0.064, "hit": 0.32},
        "QUALITY: cosine of 180 d x recent demand": {"recall": 0.088, "NDCG": 0.116, "hit": 0.44},
        "QUALITY: EASE x recent demand": {"recall": 0.091, "NDCG": 0.111, "hit": 0.48},
    },
}

type Figures = dict[str, dict[str, float]]


def judged_cuts(begins: date, ends: date) -> list[date]:
    """Return three cut-offs, two months between them, the last with 90 days after it.

    For Online Retail II these are the first of May, July and September 2011, as in QUALITY.
    """
    known = [cut for cut in sales.first_days(begins, ends) if cut + AHEAD <= ends]
    return known[-1::-2][:3][::-1]


def truth_of(base: Base, bought: Table, cut: date) -> pd.DataFrame:
    """Return the goods of each client's first basket from the cut-off on, and whether he had bought them before."""
    often = purchases(base.until(cut)).group_by("client_id").aggregate(days=_.count()).filter(_.days >= 2)
    after = base.lines.filter(_.quantity > 0, _.ordered_on >= cut, _.ordered_on < cut + AHEAD)
    first = after.group_by(first_id=_.client_id).aggregate(first_on=_.ordered_on.min())
    basket = after.join(first, [after.client_id == first.first_id, after.ordered_on == first.first_on])
    sold = goods(bought).filter(_.on_sale)
    told = basket.select("client_id", "item_id").distinct().semi_join(often, "client_id").semi_join(sold, "item_id")
    own = bought.select(own_id=bought.client_id, own_item=bought.item_id)
    joined = told.left_join(own, [told.client_id == own.own_id, told.item_id == own.own_item])
    return joined.select("client_id", "item_id", is_own=joined.own_id.notnull()).to_pandas()


def judge(truth: pd.DataFrame, ranking: Table) -> tuple[float, ...]:
    """Return recall, NDCG and hit rate of the first ten, mean over the clients of the truth."""
    offered = ranking.select("client_id", "item_id", place=ranking["rank"]).to_pandas()
    found = truth.merge(offered[offered["place"] <= SHOWN], on=["client_id", "item_id"])
    size = truth.groupby("client_id").size()
    gain = 1 / np.log2(np.arange(SHOWN) + 2)
    gained = found.assign(gain=gain[found["place"].astype(int) - 1]).groupby("client_id")["gain"].agg(["sum", "size"])
    by_client = gained.reindex(size.index).fillna(0.0)
    ideal = np.cumsum(gain)[np.minimum(size.to_numpy(), SHOWN) - 1]
    return (
        float((by_client["size"] / size).mean()),
        float((by_client["sum"] / ideal).mean()),
        float((by_client["size"] > 0).mean()),
    )


def ranked(scored: Table, *order: ibis.Value) -> Table:
    """Return a plain ranking of a baseline: greatest first, the smaller key of equals."""
    window = ibis.window(group_by="client_id", order_by=[*(ibis.desc(value) for value in order), scored.item_id])
    return scored.mutate(rank=ibis.row_number().over(window) + 1).filter(_["rank"] <= SHOWN)


def own_on_sale(bought: Table) -> Table:
    """Return the own goods that may be offered, beside how they sell."""
    return bought.join(goods(bought).filter(_.on_sale), "item_id")


def recent_demand(sold: Table) -> ibis.Value:
    """Return the recent demand of the baseline in QUALITY."""
    return (sold.clients_30 + 1) / (sold.clients_365 / 12 + 1)


def cosine(bought: Table, clients: Table) -> Table:
    """Return the baseline for some clients: cosine of the last 180 days x recent demand, without bounds."""
    sold = goods(bought).filter(_.on_sale)
    recent = bought.filter(_.days_since <= 180).select("client_id", "item_id")
    count = recent.group_by("item_id").aggregate(buyers=_.count())
    one = recent.join(count, "item_id").select("client_id", own_item=_.item_id, own_buyers=_.buyers)
    other = recent.join(count, "item_id").semi_join(sold, "item_id")
    there = other.select("item_id", "buyers", other_id=other.client_id)
    pairs = one.join(there, one.client_id == there.other_id)
    both = pairs.group_by("own_item", "item_id").aggregate(
        nearness=_.count() / (_.own_buyers.max() * _.buyers.max()).sqrt()
    )
    his = bought.semi_join(clients, "client_id").select("client_id", own_item=_.item_id)
    met = his.join(both, "own_item")
    scored = met.group_by("client_id", "item_id").aggregate(near=_.nearness.sum())
    unknown = scored.anti_join(bought, ["client_id", "item_id"]).join(sold, "item_id")
    return ranked(unknown, unknown.near * recent_demand(unknown))


def popular(bought: Table, clients: Table) -> Table:
    """Return the baseline that knows nobody, for some clients: what most took in the last 30 days."""
    top = goods(bought).filter(_.on_sale).order_by(ibis.desc("clients_30"), "item_id").limit(300)
    every = clients.select("client_id").cross_join(top).anti_join(bought, ["client_id", "item_id"])
    return ranked(every, every.clients_30)


def faded(own: Table) -> Table:
    """Return the baseline of QUALITY for own goods: calendar decay x re-buy rate x recent demand."""
    again = (own.clients_again + 1) / (own.clients + 5)
    return ranked(own, own.freshness * again * ((own.clients_30 + 1) / (own.clients_365 + 6)).sqrt())


def one_cut(base: Base, cut: date, *, quick: bool) -> dict[str, dict[str, tuple[float, ...]]]:
    """Return the figures of one cut-off."""
    bought = baskets(base.until(cut), cut).cache()
    truth = truth_of(base, bought, cut)
    own = own_on_sale(bought)
    repeat, new = (truth[truth["is_own"] == is_own] for is_own in (True, False))
    clients = ibis.memtable({"client_id": new["client_id"].unique()}, schema={"client_id": "int64"})
    nearby = neighbours(bought).cache()
    return {
        "repeat": {
            "own frequency": judge(repeat, ranked(own, own.times)),
            "own frequency, ties by popularity": judge(repeat, ranked(own, own.times, own.clients_90)),
            "calendar decay x re-buy rate x demand of 30 d": judge(repeat, faded(own)),
            "ours": judge(repeat, due_again(bought, limit=SHOWN)),
        },
        "new": {
            "popularity of 30 d": judge(new, popular(bought, clients)),
            **({} if quick else {"cosine of 180 d x recent demand": judge(new, cosine(bought, clients))}),
            "ours": judge(new, new_goods(bought, nearby, limit=SHOWN)),
        },
    }


def offers(
    base: Base, cuts: Sequence[date] | None = None, *, cited: bool = False, quick: bool = False
) -> dict[str, Figures]:
    """Return the figures of repeat and of new goods by rule, mean of the cut-offs, beside the aims."""
    cuts = cuts or judged_cuts(*sales.span(base))
    measured = [one_cut(base, cut, quick=quick) for cut in cuts]
    sections: dict[str, Figures] = {}
    for kind, aim in AIMS.items():
        rows: Figures = {}
        for name in measured[0][kind] if measured else ():
            mean = np.mean([found[kind][name] for found in measured], axis=0)
            rows[name] = {column: float(value) for column, value in zip(COLUMNS, mean, strict=True)}
        if cited:
            rows |= CITED[kind]
        sections[f"offers, {kind} goods, first {SHOWN}, mean of {len(cuts)} cut-offs"] = rows | {"aim": aim}
    return sections


def seconds(path: str, *, threads: int = 1) -> Figures:
    """Return the processor time that all offers of the last day of a file take, part by part, and for how many rows."""
    engine = sales.connect(threads=threads)
    base = sales.load(engine, path)
    on = sales.span(base)[1] + timedelta(days=1)
    days = base.lines.filter(_.quantity > 0).select("client_id", "item_id", "ordered_on").distinct()
    taken: dict[str, float] = {"client x item x day rows": float(days.count().to_pandas())}

    def timed(name: str, table: Table) -> Table:
        started = time.process_time()
        kept = engine.create_table(name, table)
        taken[name] = time.process_time() - started
        return kept

    bought = timed("baskets", baskets(base, on))
    timed("due_again", due_again(bought))
    timed("stopped", stopped(bought))
    nearby = timed("neighbours", neighbours(bought))
    timed("new_goods", new_goods(bought, nearby))
    taken["all"] = sum(taken[name] for name in ("baskets", "due_again", "stopped", "neighbours", "new_goods"))
    return {f"processor seconds, {threads} thread": taken}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--cutoffs", help="days, comma between them")
    parser.add_argument("--seconds", action="store_true", help="the speed on one thread too")
    parser.add_argument("--quick", action="store_true", help="without the baseline that takes longest")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    cuts = [date.fromisoformat(cut) for cut in asked.cutoffs.split(",")] if asked.cutoffs else None
    engine = sales.connect(threads=1)
    found = offers(
        sales.load(engine, asked.file), cuts, cited=asked.file.endswith("online_retail.parquet"), quick=asked.quick
    )
    if asked.seconds:
        found["speed of the offers"] = seconds(asked.file)
    print(json.dumps(found, indent=2)) if asked.json else show(found)


def show(found: dict[str, Figures]) -> None:
    """Print the sections as tables."""
    for section, rows in found.items():
        print(f"\n{section}")
        for name, row in rows.items():
            cells = "  ".join(f"{column} {value:,.3f}" for column, value in row.items())
            print(f"  {name:56}  {cells}")


if __name__ == "__main__":
    main()
