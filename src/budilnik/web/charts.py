"""Small charts drawn by the server: no script, printed as seen, read aloud as a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT, BASE = 480, 96, 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A month of a chart in its own coordinates. Units: net in kopecks."""

    x: float
    y: float
    width: float
    height: float
    month: date
    net: int
    starts_year: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthBars:
    """Bars of months, dearest as high as the chart; `ticks` are the years under it."""

    width: int
    height: int
    base: int
    bars: tuple[Bar, ...]
    top: int


def month_bars(months: Sequence[tuple[date, int]]) -> MonthBars | None:
    """Return the chart of what each month came to, or None when there is nothing to draw."""
    top = max((net for _, net in months), default=0)
    if top <= 0:
        return None
    step = WIDTH / len(months)
    bars = tuple(
        Bar(
            x=round(at * step + step * 0.14, 1),
            y=round(BASE - _height(net, top), 1),
            width=round(step * 0.72, 1),
            height=round(_height(net, top), 1),
            month=month,
            net=net,
            starts_year=month.month == 1 or at == 0,
        )
        for at, (month, net) in enumerate(months)
    )
    return MonthBars(width=WIDTH, height=HEIGHT, base=BASE, bars=bars, top=top)


def _height(net: int, top: int) -> float:
    # A month with any sale is seen, however small beside the dearest.
    return max(2.0, (BASE - 6) * net / top) if net > 0 else 0.0
