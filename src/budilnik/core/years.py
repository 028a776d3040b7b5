"""What several simulated years say together: a mean and a band for each week, and what the year comes to."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from statistics import fmean
from typing import Any

from budilnik.core.simulate import Week


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A figure of one week over several years played: the least, the mean, the greatest."""

    low: float
    mean: float
    high: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> "Band":
        """Return the band of some figures."""
        return cls(low=min(figures), mean=fmean(figures), high=max(figures))


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A week over several years played. Units: shares in 0..1; clients; `lost` and `won` since the first day."""

    ends_on: date
    covered: Band
    covered_91: Band
    pool: Band
    lost: Band
    won: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What a year comes to. Units: shares in 0..1, clients, attempts, kopecks.

    `coverage` is the mean of the quarters that ended, `value_kept` the share of the value of the base that is not in
    the pool at the end.
    """

    coverage: Band
    covered_91: Band
    pool: Band
    lost: Band
    won: Band
    came_back: Band
    attempts: Band
    talks: Band
    deals: Band
    value_kept: Band
    value_lost: Band
    value_in_pool: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The years of one way of working together."""

    points: tuple[Point, ...]
    sums: Sums

    def reaches(self, share: float) -> date | None:
        """Return the end of the first week whose mean coverage of 91 days reaches a share, or None."""
        return next((point.ends_on for point in self.points if point.covered_91.mean >= share), None)


def course(years: Sequence[Sequence[Week]]) -> Course:
    """Return what years of one way of working say together.

    Where no quarter ended, coverage is that of the last 91 days.

    Units: as in `Course`.
    Raises: ValueError if there are no years, or they are of different lengths.
    Source: SPEC §12, several seeds and a band.
    """
    if not years or not years[0]:
        raise ValueError("there is no year to speak of")
    running = [_running(year) for year in years]
    points = [
        Point(
            ends_on=weeks[0].ends_on,
            covered=Band.of([week.covered for week in weeks]),
            covered_91=Band.of([week.covered_91 for week in weeks]),
            pool=Band.of([week.pool for week in weeks]),
            lost=Band.of([lost for lost, _ in sums]),
            won=Band.of([won for _, won in sums]),
        )
        for weeks, sums in zip(zip(*years, strict=True), zip(*running, strict=True), strict=True)
    ]
    return Course(points=tuple(points), sums=_sums(years))


def _running(year: Sequence[Week]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    lost = won = 0
    for week in year:
        lost, won = lost + week.lost, won + week.won
        found.append((lost, won))
    return found


def _sums(years: Sequence[Sequence[Week]]) -> Sums:
    def total(name: str) -> Band:
        return Band.of([sum(getattr(week, name) for week in year) for year in years])

    ends = [year[-1] for year in years]
    quarters = [[week.quarter_ended for week in year if week.quarter_ended is not None] for year in years]
    return Sums(
        coverage=Band.of([fmean(q) if q else end.covered_91 for q, end in zip(quarters, ends, strict=True)]),
        covered_91=Band.of([end.covered_91 for end in ends]),
        pool=Band.of([end.pool for end in ends]),
        lost=total("lost"),
        won=total("won"),
        came_back=total("came_back"),
        attempts=total("attempts"),
        talks=total("talks"),
        deals=total("deals"),
        value_kept=Band.of([1 - end.value_in_pool / end.value if end.value else 1.0 for end in ends]),
        value_lost=total("value_lost"),
        value_in_pool=Band.of([end.value_in_pool for end in ends]),
    )


def to_told(found: Course) -> dict[str, Any]:
    """Return a course as plain values for storage.

    Units: as in `Course`.
    Raises: nothing.
    Source: decision 0016.
    """
    told = asdict(found)
    for point in told["points"]:
        point["ends_on"] = point["ends_on"].isoformat()
    return told


def from_told(told: dict[str, Any]) -> Course:
    """Read back a stored course.

    Units: as in `Course`.
    Raises: KeyError for something that is no course.
    Source: decision 0016.
    """
    points = tuple(
        Point(
            ends_on=date.fromisoformat(point["ends_on"]),
            **{name: Band(**point[name]) for name in ("covered", "covered_91", "pool", "lost", "won")},
        )
        for point in told["points"]
    )
    return Course(points=points, sums=Sums(**{name: Band(**band) for name, band in told["sums"].items()}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What was simulated: a course for each way of working, and what no order could pass.

    `pace` is how much slower the years were lived than foreseen. Units: shares in 0..1, seconds.
    """

    courses: dict[str, Course]
    bound_coverage: Band
    bound_value_kept: Band
    clients: int
    people: int
    seconds: float
    pace: float

    def to_told(self) -> dict[str, Any]:
        """Return it as plain values for storage."""
        return {
            "courses": {name: to_told(each) for name, each in self.courses.items()},
            "bound_coverage": asdict(self.bound_coverage),
            "bound_value_kept": asdict(self.bound_value_kept),
            "clients": self.clients,
            "people": self.people,
            "seconds": self.seconds,
            "pace": self.pace,
        }

    @classmethod
    def from_told(cls, told: dict[str, Any]) -> "Compared":
        """Read it back as it was stored.

        Raises: KeyError for something else.
        """
        return cls(
            courses={name: from_told(each) for name, each in told["courses"].items()},
            bound_coverage=Band(**told["bound_coverage"]),
            bound_value_kept=Band(**told["bound_value_kept"]),
            clients=told["clients"],
            people=told["people"],
            seconds=told["seconds"],
            pace=told["pace"],
        )
