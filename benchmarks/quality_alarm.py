"""Rhythm and the early alarm, by the protocol of QUALITY §1: one silence = one unit, lost = silence over 180 days."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
from ibis import BaseBackend, _
from ibis.expr.types import Table

from budilnik.analytics.alarm import ALARM_TERMS, LOST_DAYS, landmarks, loss_chance, silences
from budilnik.analytics.fitting import Silences, fit_alarm, fit_score, silences_of
from budilnik.analytics.rhythm import class_by, class_ranges, facts, firm_of
from budilnik.analytics.shipped import LEAVING
from budilnik.core.scores import Score
from measures import Floats

FALSE_ALARMS = (0.1, 0.2)
BARE = ("wait", "usual_wait", "orders", "wait_by_usual", "wait_by_orders", "wait_squared")
CITED = {
    "fixed days (QUALITY)": (112, 73),
    "k x own median (QUALITY)": (148, 130),
    "posterior of silence, rhythm, orders (QUALITY)": (99, 53),
    "aim": (95, 50),
}


def mean_day(alarm: Floats, lasted: Floats, lost: np.ndarray, allowed: float) -> float:
    """Return the mean day of the alarm on lost silences when `allowed` of the others ring falsely.

    `alarm` holds a score for each silence and day of silence. An alarm that never rings rings on the last day.
    """
    highest = np.maximum.accumulate(alarm, axis=1)
    reached = highest[np.arange(len(lasted)), np.minimum(lasted, LOST_DAYS + 1).astype(int) - 1]
    limit = np.quantile(reached[~lost], 1 - allowed)
    rings = highest[lost] > limit
    return float(np.where(rings.any(axis=1), rings.argmax(axis=1), LOST_DAYS).mean())


def learnt(known: Silences) -> tuple[Score, Score]:
    """Return the product's score and a bare one of silence, rhythm and orders."""
    places = [ALARM_TERMS.index(name) for name in BARE]
    return fit_alarm(known), fit_score(known.terms[:, places], known.lost, names=BARE)


def scored(begun: Table, score: Score) -> Floats:
    """Return the chance of loss for each silence, in order of key, and each day of it up to the 180th."""
    moments = landmarks(begun, range(LOST_DAYS + 1))
    told = moments.select("client_id", "began_on", "silent_days", chance=loss_chance(moments, score))
    frame = told.order_by("client_id", "began_on", "silent_days").to_pandas()
    wide = frame.pivot(index=["client_id", "began_on"], columns="silent_days", values="chance")
    return wide.to_numpy(dtype=np.float64, na_value=0.0)


def alarm(engine: BaseBackend, days: Table, split: date, end: date) -> dict[str, dict[str, float]]:
    """Return the mean day of each alarm at equal false alarms, on silences of clients with two orders and more."""
    last = end - timedelta(days=LOST_DAYS)
    told = silences(days, split).filter(_.began_on >= split, _.began_on <= last, _.purchases >= 2)
    begun = engine.create_table("judged_silences", told)
    frame = begun.order_by("client_id", "began_on").to_pandas()
    lasted = frame["wait_days"].fillna(10**6).to_numpy(dtype=np.float64)
    lost = lasted > LOST_DAYS
    judged = {"judged silences": {"number": float(len(frame)), "lost": float(lost.sum())}}
    known = silences_of(days, end + timedelta(days=1)).begun(before=split)
    if not all(flags.any() and not flags.all() for flags in (lost, known.lost)):
        return judged
    ours, bare = learnt(known)
    silent = np.arange(LOST_DAYS + 1, dtype=np.float64)[None, :]
    own = np.exp(frame["log_gaps"] / frame["gaps"]).to_numpy()[:, None]
    shrunk = frame["rhythm_days"].to_numpy()[:, None]
    methods = {
        "fixed days": np.repeat(silent, len(frame), axis=0),
        "k x own interval": silent / own,
        "k x shrunk interval": silent / shrunk,
        "posterior of silence, rhythm, orders": scored(begun, bare),
        "shipped coefficients": scored(begun, LEAVING),
        "Budilnik": scored(begun, ours),
    }
    found = {
        name: {f"day_at_{allowed:.0%}": mean_day(score, lasted, lost, allowed) for allowed in FALSE_ALARMS}
        for name, score in methods.items()
    }
    return found | judged


def rhythm_errors(days: Table, split: date) -> dict[str, dict[str, float]]:
    """Return the median error of the usual interval and the share of next gaps within its range, after the split.

    Only what was known at the beginning of each gap is used; the range is that of gaps before the split.
    """
    told = silences(days, split).filter(_.began_on >= split, _.wait_days.notnull())
    seen = days.filter(_.on < split)
    ranges = class_ranges(seen, firm_of(facts(days, split))).rename(range_class="interval_class")
    classed = told.mutate(interval_class=class_by(told.rhythm_days))
    frame: pd.DataFrame = classed.left_join(ranges, classed.interval_class == ranges.range_class).to_pandas()
    ratio = frame["wait_days"] / frame["rhythm_days"]
    within = (ratio >= frame["low_ratio"]) & (ratio <= frame["high_ratio"])
    found = {}
    for least in (1, 3, 5):
        known = frame[frame["gaps"] >= least]
        errors = {
            "own_mean": (known["known_days"] / known["gaps"] - known["wait_days"]).abs().median(),
            "usual_interval": (known["rhythm_days"] - known["wait_days"]).abs().median(),
        }
        found[f"clients with {least} gaps and more"] = {
            **{name: float(value) for name, value in errors.items()},
            "within_range": float(within[known.index][known["low_ratio"].notna()].mean()),
            "gaps": float(len(known)),
        }
    return found


def back_by(days: Table, on: date) -> dict[str, dict[str, float]]:
    """Return the day by which nine of ten clients of each class of rhythm are back."""
    frame = class_ranges(days, firm_of(facts(days, on))).order_by("interval_class").to_pandas()
    return {
        f"class {row.interval_class}": {
            "back_by_days": float(row.back_by_days), "low_ratio": row.low_ratio, "high_ratio": row.high_ratio,
        }
        for row in frame.itertuples()
    }  # fmt: skip
