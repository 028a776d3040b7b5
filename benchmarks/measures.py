"""How good a ranking is: the measures of the protocols in QUALITY."""

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]


def auc(score: Floats, label: Flags) -> float:
    """Return the share of (one who did, one who did not) pairs ranked rightly; equal scores count a half."""
    _, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[place]
    ones = label.sum()
    return float((rank[label].sum() - ones * (ones + 1) / 2) / (ones * (len(label) - ones)))


def average_precision(score: Floats, label: Flags) -> float:
    """Return the area under precision and recall; equal scores are one step, as nobody can tell them apart."""
    values, place = np.unique(-score, return_inverse=True)
    hits = np.cumsum(np.bincount(place, weights=label, minlength=len(values)))
    chosen = np.cumsum(np.bincount(place, minlength=len(values)))
    gained = np.diff(hits, prepend=0.0)
    return float((gained * hits / chosen).sum() / label.sum())


def precision_at(score: Floats, label: Flags, first: int) -> float:
    """Return the share of those who did among the first by score."""
    return float(label[np.argsort(-score, kind="stable")[:first]].mean())


def quintiles(values: Floats) -> Floats:
    """Return 1 to 5 by rank, ties by place."""
    rank = np.empty(len(values))
    rank[np.argsort(values, kind="stable")] = np.arange(len(values))
    return np.floor(rank * 5 / len(values)) + 1


def held_by(score: Floats, worth: Floats, first: int) -> float:
    """Return the share of the worth that the first by score hold."""
    return float(worth[np.argsort(-score, kind="stable")[:first]].sum() / worth.sum())
