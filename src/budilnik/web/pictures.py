"""Pictures of figures: what is drawn, told apart from how it is drawn; the same figures stand in a table beneath."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from budilnik.calling.wording import THOUSANDS, decimal_mark, money

type Kind = Literal["lines", "bars", "stacked", "band", "sankey", "heat"]
type Unit = Literal["count", "share", "money", "days"]
type Role = Literal["", "goal", "forecast", "muted", "good", "warning", "bad"]
type Figure = float | None
type Label = str | date

NOTHING = "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A row of figures, one for each label; None where there is none.

    A `goal` is a dashed line over anything, a `forecast` a dotted one, `muted` stays behind the others; `good`,
    `warning` and `bad` choose the colour. `low` and `high` are the ends of a band around the line.
    """

    name: str
    values: tuple[Figure, ...]
    role: Role = ""
    low: tuple[Figure, ...] = ()
    high: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A state that flows leave or reach; `code` is known to the links, `column` counts from the left."""

    code: str
    name: str
    column: int
    role: Role = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """How much went from one node to another, by their codes."""

    source: str
    target: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture before it is drawn.

    Lines, bars, stacked bars and bands have labels along the axis and a value of each series for every label; a heat
    has a series for every row and a label for every column; a sankey has nodes and links. Dates among the labels are
    written by the custom of the language. Units: money in kopecks, a share of one, days whole.
    Raises: ValueError if a series is not as long as the labels, or a link leads to no node.
    """

    kind: Kind
    title: str
    labels: tuple[Label, ...] = ()
    series: tuple[Series, ...] = ()
    unit: Unit = "count"
    nodes: tuple[Node, ...] = ()
    links: tuple[Link, ...] = ()
    # What the labels are, over their column of the table: the week, the manager.
    along: str = ""

    def __post_init__(self) -> None:
        wanted = len(self.labels)
        for row in self.series:
            if len(row.values) != wanted or {len(row.low), len(row.high)} - {0, wanted}:
                raise ValueError(f"series “{row.name}” has {len(row.values)} values for {wanted} labels")
        known = {node.code for node in self.nodes}
        for link in self.links:
            if not {link.source, link.target} <= known:
                raise ValueError(f"a link from {link.source} to {link.target} leads to no node")

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to draw: no figure, or no flow."""
        if self.kind == "sankey":
            return not any(link.value for link in self.links)
        return all(value is None for row in self.series for value in row.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The figures of a picture as they are written: `heads` over the columns, each row begins with its name."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def figures(chart: Chart) -> Table:
    """Return every figure of a picture, written out."""
    if chart.kind == "sankey":
        names = {node.code: node.name for node in chart.nodes}
        return Table(
            heads=(pgettext("flow", "From"), pgettext("flow", "To"), _unit_head(chart.unit)),
            rows=tuple(
                (names[each.source], names[each.target], written(each.value, chart.unit)) for each in chart.links
            ),
        )
    if chart.kind == "heat":
        return Table(
            heads=(chart.along, *(_full(label) for label in chart.labels)),
            rows=tuple((row.name, *(written(value, chart.unit) for value in row.values)) for row in chart.series),
        )
    return Table(
        heads=(chart.along, *(row.name for row in chart.series)),
        rows=tuple(
            (_full(label), *(_cell(row, at, chart.unit) for row in chart.series))
            for at, label in enumerate(chart.labels)
        ),
    )


def written(value: Figure, unit: Unit) -> str:
    """Write a figure in full, by the custom of the language; what is unknown is a dash."""
    if value is None:
        return NOTHING
    if unit == "money":
        return money(round(value))
    if unit == "share":
        return f"{_exact(value * 100, 1):.1f}%".replace(".", decimal_mark())
    places = 0 if value == round(value) else 1
    return f"{_exact(value, places):,.{places}f}".replace(",", THOUSANDS).replace(".", decimal_mark())


def spoken(chart: Chart) -> str:
    """Say a picture in a sentence for whom it is read aloud."""
    if chart.kind in ("sankey", "heat"):
        return _("%(title)s. The figures are in the table below.") % {"title": chart.title}
    told = (_course(row, chart) for row in chart.series if any(value is not None for value in row.values))
    return ". ".join((chart.title, *told)) + "."


def drawn(chart: Chart) -> dict[str, Any]:
    """Return what the script of the pages draws from: plain values and the words around them."""
    return {
        "kind": chart.kind,
        "unit": chart.unit,
        "labels": [_short(label) for label in chart.labels],
        "days": [_full(label) for label in chart.labels],
        "series": [
            {"name": row.name, "values": row.values, "role": row.role, "low": row.low, "high": row.high}
            for row in chart.series
        ],
        "nodes": [
            {"code": node.code, "name": node.name, "column": node.column, "role": node.role} for node in chart.nodes
        ],
        "links": [{"source": link.source, "target": link.target, "value": link.value} for link in chart.links],
    }


def _cell(row: Series, at: int, unit: Unit) -> str:
    value = written(row.values[at], unit)
    if not row.low or row.low[at] is None or row.high[at] is None:
        return value
    return f"{value} ({written(row.low[at], unit)} … {written(row.high[at], unit)})"


def _course(row: Series, chart: Chart) -> str:
    known = [value for value in row.values if value is not None]
    first, last = written(known[0], chart.unit), written(known[-1], chart.unit)
    if chart.kind in ("lines", "band") and len(known) > 1:
        return _("%(name)s: from %(first)s to %(last)s") % {"name": row.name, "first": first, "last": last}
    low, high = written(min(known), chart.unit), written(max(known), chart.unit)
    return f"{row.name}: {low} … {high}"


def _unit_head(unit: Unit) -> str:
    return {"count": _("Count"), "share": _("Share"), "money": _("Sum"), "days": _("Days")}[unit]


def _short(label: Label) -> str:
    return label if isinstance(label, str) else f"{label:%d.%m}"


def _full(label: Label) -> str:
    return label if isinstance(label, str) else f"{label:%d.%m.%Y}"


def _exact(value: float, places: int) -> Decimal:
    # A whole of less than nothing would be written as less than nought.
    return round(Decimal(repr(value)) if isinstance(value, float) else Decimal(value), places) or Decimal(0)
