"""What a client is worth until insight has run: a year of his own revenue, ending where his orders end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

YEAR_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDay:
    """A document of a client. Units: net in kopecks; `counts` is false for returns and cancelled orders."""

    on: date
    net: int
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What the documents add up to. Units: value in kopecks; days on which something was really bought."""

    value: int = 0
    first_order_on: date | None = None
    last_order_on: date | None = None
    order_days_in_year: int = 0


def _a_year_before(day: date) -> date:
    """Return the same day of the year before; of 29 February, the 28th."""
    return date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def worth(documents: Iterable[DocumentDay]) -> Worth:
    """Return the revenue net of returns of the 12 months that end at the client's last order.

    A purchase of the same date a year before is out, one of the day after it is in.
    A client with returns only is worth nothing and has no last order; a return after the last order is left out;
    a year of returns above orders is worth less than nothing.

    Units: kopecks; a day whose net is zero or less is no day of purchase.
    Raises: nothing.
    Source: SPEC §2, the value of a client; SPEC §8, one purchase = client x company day.
    """
    rows = list(documents)
    ordered = [row.on for row in rows if row.counts]
    if not ordered:
        return Worth()
    last = max(ordered)
    year_from = _a_year_before(last)
    by_day: dict[date, int] = {}
    for row in rows:
        if year_from < row.on <= last:
            by_day[row.on] = by_day.get(row.on, 0) + row.net
    return Worth(
        value=sum(by_day.values()),
        first_order_on=min(ordered),
        last_order_on=last,
        order_days_in_year=sum(net > 0 for net in by_day.values()),
    )


def orders_still_in_year(order_days_in_year: int, *, days_silent: int) -> int:
    """Return how many of the days counted back from the last order still lie within a year of today.

    The days are taken as spread evenly; after a year of silence none is left.

    Units: days with an order; days since the last order.
    Raises: nothing.
    Source: QUALITY §1, orders in 365 days, from the snapshot of SPEC §2.
    """
    left = max(0, YEAR_DAYS - days_silent)
    return round(order_days_in_year * left / YEAR_DAYS)
