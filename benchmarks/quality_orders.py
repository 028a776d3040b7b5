"""Next order and silent leaving, by the protocol of QUALITY §1: features strictly before each cut-off, labels after it.

Methods that learn learn from earlier monthly cut-offs whose outcome was known on the day of the cut-off.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import numpy as np
from ibis.expr.types import Table

from budilnik.analytics.chances import LENT_MONEY, TERMS
from budilnik.analytics.fitting import (
    HORIZONS,
    Month,
    calibration,
    calibration_gap,
    enough,
    fit_score,
    foretold,
    known_by,
    month_of,
    refitted,
    rows_of,
)
from budilnik.analytics.shipped import SHIPPED
from measures import Flags, Floats, auc, average_precision, held_by, precision_at, quintiles

type Rows = dict[str, dict[str, float]]

CALLS = 200
SURE = 20
FIGURES = ("auc_30", "auc_60", "auc_90", "p20_30", "gap_30", "silent_auc", "silent_pr", "value_200")
CHANCES = ("six features", "shipped coefficients", "Budilnik")
SIX = ("silence", "pace", "overdue", "orders", "recent", "overdue squared")
CITED = {
    "BG/NBD P(order in H) (QUALITY)": {
        "auc_30": 0.790, "auc_60": 0.789, "auc_90": 0.786, "p20_30": 0.97, "silent_auc": 0.752, "silent_pr": 0.571,
    },
    "gradient boosting (QUALITY)": {
        "auc_30": 0.795, "auc_60": 0.793, "auc_90": 0.788, "p20_30": 0.99, "silent_auc": 0.752, "silent_pr": 0.565,
        "value_200": 0.348,
    },
    "six features (QUALITY)": {
        "auc_30": 0.789, "auc_60": 0.786, "auc_90": 0.781, "p20_30": 0.98, "silent_auc": 0.763, "silent_pr": 0.580,
        "value_200": 0.364, "gap_30": 0.018,
    },
    "aim": {
        "auc_30": 0.795, "auc_60": 0.793, "auc_90": 0.788, "p20_30": 0.98, "silent_auc": 0.775, "silent_pr": 0.59,
        "value_200": 0.40, "gap_30": 0.015,
    },
}  # fmt: skip


def column(terms: Floats, name: str) -> Floats:
    """Return one term of the rows."""
    return terms[:, TERMS.index(name)]


def worth(terms: Floats) -> Floats:
    """Return the revenue of twelve months, in the firm's usual purchases."""
    return np.exp(column(terms, "year_money")) - LENT_MONEY


def six_features(terms: Floats) -> Floats:
    """Return the six features of QUALITY, with the geometric mean for the own rhythm."""
    return np.column_stack([*(column(terms, name) for name in SIX[:5]), column(terms, "overdue") ** 2])


def recency(terms: Floats) -> Floats:
    """Return minus the silence."""
    return -column(terms, "silence")


def own_rhythm(terms: Floats) -> Floats:
    """Return minus the silence in usual intervals."""
    return -column(terms, "overdue")


def rfm(terms: Floats) -> Floats:
    """Return the sum of quintiles by silence, frequency and revenue."""
    return quintiles(recency(terms)) + quintiles(column(terms, "pace")) + quintiles(worth(terms))


def learnt(known: list[Month], which: str, terms: Floats, *, six: bool) -> Floats:
    """Return the chances of the rows by a score learnt from the months known; with too few, ours is as shipped."""
    seen, happened = rows_of(known, which)
    if not six:
        return foretold(refitted(known, which) if enough(happened) else getattr(SHIPPED, which), terms)
    score = fit_score(six_features(seen), happened, names=SIX, ridge=1.0)
    return foretold(score, six_features(terms))


def predictions(known: list[Month], which: str, terms: Floats) -> dict[str, Floats]:
    """Return what each method says of one cut-off: of an order, or for `silent90` of silence."""
    sign = -1.0 if which == "silent90" else 1.0
    said = {
        "recency": sign * recency(terms),
        "own-rhythm ratio": sign * own_rhythm(terms),
        "RFM sum of quintiles": sign * rfm(terms),
        "shipped coefficients": foretold(getattr(SHIPPED, which), terms),
    }
    if known and both(rows_of(known, which)[1]):
        said["six features"] = learnt(known, which, terms, six=True)
        said["Budilnik"] = learnt(known, which, terms, six=False)
    return said


def both(happened: Flags) -> bool:
    """Return whether there are some of either kind, without which nothing can be learnt or judged."""
    return bool(happened.any() and not happened.all())


def measured(which: str, name: str, said: Floats, happened: Flags, terms: Floats) -> dict[str, float]:
    """Return the figures of one method on one cut-off."""
    if which != "silent90":
        found = {f"auc_{HORIZONS[which]}": auc(said, happened)}
        return found | ({"p20_30": precision_at(said, happened, SURE)} if which == "p30" else {})
    found = {"silent_auc": auc(said, happened), "silent_pr": average_precision(said, happened)}
    if name in CHANCES:
        found["value_200"] = held_by(said * worth(terms), worth(terms) * happened, CALLS)
    return found


def by_value(terms: Floats, happened: Flags) -> dict[str, dict[str, float]]:
    """Return the value about to fall silent that simple orders of calls hold, and that of one who knows."""
    value = worth(terms)
    orders = {
        "value alone": value,
        "own rhythm x value": value * np.exp(column(terms, "overdue")),
        "perfect": value * happened,
    }
    return {name: {"value_200": held_by(order, value * happened, CALLS)} for name, order in orders.items()}


def at_cut(
    months: Sequence[Month], cut: date, which: str
) -> tuple[dict[str, dict[str, float]], dict[str, Floats], Flags]:
    """Return the figures of one label on one cut-off, what each method said, and what happened."""
    month = next(month for month in months if month.on == cut)
    terms, happened = rows_of([month], which)
    if not both(happened):
        return {}, {}, happened
    said = predictions(known_by([past for past in months if past.on < cut], cut, which), which, terms)
    figures = {name: measured(which, name, chances, happened, terms) for name, chances in said.items()}
    return figures | (by_value(terms, happened) if which == "silent90" else {}), said, happened


def next_order(days: Table, cuts: Sequence[date], learn_from: Sequence[date]) -> dict[str, dict[str, float]]:
    """Return the figures of every method: means over the cut-offs, the calibration gap over all of them at once."""
    months = [month_of(days, cut) for cut in sorted({*cuts, *learn_from})]
    collected: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    pooled: dict[str, list[tuple[Floats, Flags]]] = defaultdict(list)
    for cut in cuts:
        for which in HORIZONS:
            figures, said, happened = at_cut(months, cut, which)
            for name, row in figures.items():
                for figure, value in row.items():
                    collected[name][figure].append(value)
            for name in CHANCES if which == "p30" else ():
                pooled[name] += [(said[name], happened)] if name in said else []
    found = {name: {figure: float(np.mean(seen)) for figure, seen in row.items()} for name, row in collected.items()}
    for name, pairs in pooled.items():
        if pairs:
            tenths = calibration(
                np.concatenate([pair[0] for pair in pairs]), np.concatenate([pair[1] for pair in pairs])
            )
            found[name]["gap_30"] = calibration_gap(tenths)
    return found
