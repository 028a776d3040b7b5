"""Fit the constants of `core/chance.py` and measure their ranking: python benchmarks/fit_chance.py FILE.parquet

FILE is "Online Retail II (UCI)" with columns customer, ts, qty. The constants are fitted on twelve monthly cut-offs,
December 2010 to November 2011, so that every season weighs the same. The ranking of the form is judged apart, walking
forward: for January to September 2011 with constants fitted on earlier cut-offs only.
"""

import sys
from datetime import date

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

EPOCH = date(1970, 1, 1)
CUTS = [*(date(2010, month, 1) for month in range(6, 13)), *(date(2011, month, 1) for month in range(1, 12))]
FIT_ON = CUTS[6:]
JUDGE_ON = CUTS[7:16]

type Floats = NDArray[np.float64]
type Days = NDArray[np.int64]


def order_days(path: str) -> tuple[Days, Days]:
    """Return (client, day) of every day with a sale, once each, in order."""
    table = pq.read_table(path, columns=["customer", "ts", "qty"])
    table = table.filter(pc.and_(pc.is_valid(table["customer"]), pc.greater(table["qty"], 0)))
    day = pc.cast(pc.cast(table["ts"], "date32"), "int32").to_numpy()
    pairs = np.unique(np.stack([table["customer"].to_numpy(), day], axis=1).astype(np.int64), axis=0)
    return pairs[:, 0], pairs[:, 1]


def facts(clients: Days, days: Days, cut: int) -> tuple[Floats, Days]:
    """Return the features on the morning of `cut` and the days until the next order (a million if none)."""
    before = days < cut
    who, first, counts = np.unique(clients[before], return_index=True, return_counts=True)
    last = days[before][first + counts - 1]
    recent = before & (days >= cut - 365)
    orders = np.zeros(len(who))
    np.add.at(orders, np.searchsorted(who, clients[recent]), 1)
    age, silent = cut - days[before][first], cut - last

    wait = np.full(len(who), 10**6)
    coming = ~before & np.isin(clients, who)
    np.minimum.at(wait, np.searchsorted(who, clients[coming]), days[coming] - cut)

    rate = (orders + 0.5) / (np.minimum(age, 365) + 45)
    features = np.stack([np.ones(len(who)), np.log1p(silent), np.log(rate), np.log1p(orders)], axis=1)
    base = silent <= 365
    return features[base], wait[base]


def fit(x: Floats, y: Floats) -> Floats:
    """Return the logistic coefficients by Newton's method."""
    beta = np.zeros(x.shape[1])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-x @ beta))
        hessian = (x * (chance * (1 - chance))[:, None]).T @ x
        beta += np.linalg.solve(hessian, x.T @ (y - chance))
    return beta


def auc(score: Floats, label: NDArray[np.bool_]) -> float:
    """Return the share of (buyer, other) pairs ranked rightly; equal scores count a half."""
    _, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[place]
    ones = label.sum()
    return float((rank[label].sum() - ones * (ones + 1) / 2) / (ones * (len(label) - ones)))


def fit_on(known: dict[date, tuple[Floats, Days]], cuts: list[date], *, horizon: int) -> Floats:
    """Return the coefficients for an order within `horizon` days, fitted on the cut-offs given."""
    bought = np.concatenate([known[cut][1] < horizon for cut in cuts])
    return fit(np.vstack([known[cut][0] for cut in cuts]), bought.astype(float))


def walk_forward(known: dict[date, tuple[Floats, Days]], *, horizon: int) -> float:
    """Return the mean AUC over the judged cut-offs, each with constants that knew only the past."""
    scores = []
    for cut in JUDGE_ON:
        beta = fit_on(known, [past for past in CUTS if (cut - past).days >= horizon], horizon=horizon)
        scores.append(auc(known[cut][0] @ beta, known[cut][1] < horizon))
    return float(np.mean(scores))


def main(path: str) -> None:
    """Print the constants and what they achieve."""
    clients, days = order_days(path)
    known = {cut: facts(clients, days, (cut - EPOCH).days) for cut in CUTS}
    beta = fit_on(known, FIT_ON, horizon=30).round(2)
    print("constants: one, ln(1+silent), ln(rate), ln(1+orders):", beta)
    for horizon in (30, 60, 90):
        shipped = np.mean([auc(known[cut][0] @ beta, known[cut][1] < horizon) for cut in JUDGE_ON])
        print(f"AUC {horizon}: walking forward {walk_forward(known, horizon=horizon):.3f}, shipped {shipped:.3f}")
    x, wait = np.vstack([known[cut][0] for cut in FIT_ON]), np.concatenate([known[cut][1] for cut in FIT_ON])
    chance = 1 / (1 + np.exp(-x @ beta))
    tenths = np.array_split(np.argsort(chance), 10)
    gap = np.mean([abs(chance[part].mean() - (wait[part] < 30).mean()) for part in tenths])
    print(f"mean chance {chance.mean():.3f}, seen {np.mean(wait < 30):.3f}, gap by tenths {gap:.3f}")


if __name__ == "__main__":
    main(sys.argv[1])
