"""What came of a simulated year: sentences, pictures, a table, a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from budilnik.calling.wording import way_of_working
from budilnik.core.whatif import OURS
from budilnik.core.years import Band, Compared, Course, Point
from budilnik.web.pictures import Chart, Role, Series
from budilnik.web.sheets import Column, Sheet

ORDER = (OURS, "two_queues", "managers_choice", "no_calls")
ROLES: dict[str, Role] = {OURS: "good", "no_calls": "muted"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A way of working in the table."""

    code: str
    name: str
    course: Course


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """Where the coverage of one way of working goes. Units: shares in 0..1, weeks from 1."""

    first: float
    last: float
    most: float
    week: int
    lost: float
    won: float


def lines_of(told: Compared) -> tuple[Line, ...]:
    """Return the ways of working, the product's own first."""
    return tuple(
        Line(code=code, name=way_of_working(code), course=told.courses[code]) for code in ORDER if code in told.courses
    )


def peak_of(told: Compared) -> Peak | None:
    """Return where the coverage goes by the product's own way, or None where it was not simulated."""
    course = told.courses.get(OURS)
    if course is None:
        return None
    weeks = [point.covered_91.mean for point in course.points]
    most = max(weeks)
    return Peak(
        first=weeks[0],
        last=weeks[-1],
        most=most,
        week=weeks.index(most) + 1,
        lost=course.sums.lost.mean,
        won=course.sums.won.mean,
    )


def charts_of(told: Compared) -> tuple[Chart, ...]:
    """Return the pictures: coverage with its band, the lost, the pool."""
    return (
        _chart(told, "covered_91", _("Coverage of the last 91 days"), unit_share=True),
        _chart(told, "lost", _("Lost since the first day, clients")),
        _chart(told, "pool", _("In the pool, clients")),
    )


def _chart(told: Compared, name: str, title: str, *, unit_share: bool = False) -> Chart:
    lines = lines_of(told)
    points: Sequence[Point] = lines[0].course.points if lines else ()

    def bands(line: Line) -> Iterator[Band]:
        return (getattr(point, name) for point in line.course.points)

    return Chart(
        kind="band",
        title=title,
        labels=tuple(point.ends_on for point in points),
        series=tuple(
            Series(
                name=line.name,
                values=tuple(band.mean for band in bands(line)),
                low=tuple(band.low for band in bands(line)),
                high=tuple(band.high for band in bands(line)),
                role=ROLES.get(line.code, ""),
            )
            for line in lines
        ),
        unit="share" if unit_share else "count",
        along=_("week ends"),
    )


SUMS = (
    ("coverage", "share"),
    ("covered_91", "share"),
    ("lost", "number"),
    ("won", "number"),
    ("came_back", "number"),
    ("pool", "number"),
    ("value_kept", "share"),
    ("value_lost", "money"),
    ("attempts", "number"),
    ("talks", "number"),
    ("deals", "number"),
)


def sheet_of(told: Compared) -> Sheet:
    """Return every sum of every way of working as a file holds it: the mean and its ends."""
    titles = {
        "coverage": _("coverage a quarter"),
        "covered_91": _("coverage of 91 days at the end"),
        "lost": _("lost"),
        "won": _("clients won back"),
        "came_back": _("came back by themselves"),
        "pool": _("in the pool"),
        "value_kept": _("value kept"),
        "value_lost": _("value lost"),
        "attempts": _("attempts"),
        "talks": _("talks"),
        "deals": _("deals"),
    }
    columns = [Column(title=_("way of working"))]
    for name, kind in SUMS:
        for end in ("", f" ({_('least')})", f" ({_('most')})"):
            columns.append(Column(title=titles[name] + end, kind=kind))  # type: ignore[arg-type]
    return Sheet(name=_("Simulation"), columns=tuple(columns), rows=[_row(line) for line in lines_of(told)])


def _row(line: Line) -> list[str | float]:
    cells: list[str | float] = [line.name]
    for name, _kind in SUMS:
        band: Band = getattr(line.course.sums, name)
        cells += [band.mean, band.low, band.high]
    return cells
