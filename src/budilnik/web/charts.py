"""Small charts drawn by the server: no script, printed as seen, read aloud as a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

WIDTH, HEIGHT, BASE = 480, 96, 80
# How far beyond this month the chart goes where the next order is looked for.
MONTHS_AHEAD = 4


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
class Band:
    """The days within which the next order is looked for, on the same axis. `late` when today is past them."""

    x: float
    width: float
    begins_on: date
    ends_on: date
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthBars:
    """Bars of months, dearest as high as the chart, the year under its first month.

    `band` is where the next order is looked for, `today_x` where today is; both only where a rhythm is known.
    """

    width: int
    height: int
    base: int
    bars: tuple[Bar, ...]
    top: int
    band: Band | None = None
    today_x: float | None = None


def month_bars(
    months: Sequence[tuple[date, int]], *, on: date | None = None, window: tuple[date, date] | None = None
) -> MonthBars | None:
    """Return the chart of what each month came to, or None when there is nothing to draw.

    With a `window`, in which the next order is looked for, the axis goes on for some months after today.
    """
    top = max((net for _, net in months), default=0)
    if top <= 0:
        return None
    ahead = MONTHS_AHEAD if window and on else 0
    step = WIDTH / (len(months) + ahead)
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
    drawn = MonthBars(width=WIDTH, height=HEIGHT, base=BASE, bars=bars, top=top)
    if window is None or on is None:
        return drawn

    def place(day: date) -> float:
        first = months[0][0]
        month = (day.year - first.year) * 12 + day.month - first.month
        return round(min(max((month + (day.day - 1) / 31) * step, 0.0), float(WIDTH)), 1)

    begins, ends = place(window[0]), place(window[1])
    band = Band(
        x=begins,
        width=max(2.0, round(ends - begins, 1)),
        begins_on=window[0],
        ends_on=window[1],
        late=on > window[1],
    )
    return replace(drawn, band=band, today_x=place(on))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A month of two years, one bar behind the other, in the coordinates of its chart. Units: sums in kopecks."""

    x: float
    width: float
    middle: float
    later_y: float
    later_height: float
    earlier_x: float
    earlier_y: float
    earlier_height: float
    month: date
    later: int
    earlier: int


@dataclass(frozen=True, slots=True, kw_only=True)
class YearBars:
    """Twelve months of two years, dearest as high as the chart."""

    width: int
    height: int
    base: int
    pairs: tuple[Pair, ...]
    top: int


def year_bars(months: Sequence[tuple[date, int, int]]) -> YearBars | None:
    """Return the chart of months with what they came to and did a year before; None when there is nothing to draw."""
    top = max((max(later, earlier) for _, later, earlier in months), default=0)
    if top <= 0:
        return None
    step = WIDTH / len(months)
    pairs = tuple(
        Pair(
            x=round(at * step + step * 0.36, 1),
            width=round(step * 0.46, 1),
            middle=round(at * step + step * 0.5, 1),
            later_y=round(BASE - _height(later, top), 1),
            later_height=round(_height(later, top), 1),
            earlier_x=round(at * step + step * 0.12, 1),
            earlier_y=round(BASE - _height(earlier, top), 1),
            earlier_height=round(_height(earlier, top), 1),
            month=month,
            later=later,
            earlier=earlier,
        )
        for at, (month, later, earlier) in enumerate(months)
    )
    return YearBars(width=WIDTH, height=HEIGHT, base=BASE, pairs=pairs, top=top)


def _height(net: int, top: int) -> float:
    # A month with any sale is seen, however small beside the dearest.
    return max(2.0, (BASE - 6) * net / top) if net > 0 else 0.0
