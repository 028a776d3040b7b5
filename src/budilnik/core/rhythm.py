"""The usual interval between a client's purchases, and the range the next one is looked for in."""

from dataclasses import dataclass
from math import exp

# A client with three known gaps weighs as much as all the firm's clients do.
BORROWED_GAPS = 3
# Limits of the classes by rhythm, in days: up to three weeks, up to two months, longer.
BRISK_DAYS = 21
STEADY_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """A usual interval with the range that holds the middle eight intervals of ten, in days."""

    days: float
    low_days: float
    high_days: float


def usual_interval(*, log_days: float, gaps: int, firm_log_days: float) -> float:
    """Return the usual interval: the geometric mean of the client's gaps, drawn towards that of the firm.

    With no gap known it is the firm's own; with three, half way between the two on the scale of ratios.

    Units: sum of natural logarithms of the client's gaps, mean of those of the firm; the result in days.
    Raises: ValueError if `gaps` is negative.
    Source: QUALITY §1; shrinkage towards the mean after Efron and Morris (1975).
    """
    if gaps < 0:
        raise ValueError(f"{gaps} gaps")
    return exp((log_days + BORROWED_GAPS * firm_log_days) / (gaps + BORROWED_GAPS))


def interval_class(days: float) -> int:
    """Return the class of a rhythm: 1 up to three weeks, 2 up to sixty days, 3 longer; a limit belongs to the lower.

    Units: days.
    Raises: ValueError if the interval is not above zero.
    Source: QUALITY §1, class limits for display.
    """
    if not days > 0:
        raise ValueError(f"an interval of {days} days")
    return 1 if days <= BRISK_DAYS else 2 if days <= STEADY_DAYS else 3


def interval_range(days: float, *, low_ratio: float, high_ratio: float) -> Rhythm:
    """Return the rhythm with its range, from how far the gaps of its class stray from it.

    A ratio of one is a range without width: such a class has never strayed.

    Units: days; ratios of a gap to the usual interval.
    Raises: ValueError if the interval is not above zero, or the ratios are not in order.
    Source: SPEC §8, the 10-90% range instead of a single date.
    """
    if not days > 0 or not 0 < low_ratio <= high_ratio:
        raise ValueError(f"no range around {days} days from {low_ratio} to {high_ratio}")
    return Rhythm(days=days, low_days=days * low_ratio, high_days=days * high_ratio)
