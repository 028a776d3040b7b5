"""The coverage board: how much of the base is contacted, by owner and by class."""

from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Count, FilteredRelation, Q

from budilnik.calling.queries.coverage_ahead import Ahead, coverage_ahead
from budilnik.calling.queries.covered import BOARD, NOBODY, POOL, Coverage, counted_as, place_of, whose
from budilnik.clients.models import Client
from budilnik.core.coverage import Stretch, quarter_of
from budilnik.core.naming import sort_key
from budilnik.core.policy import Policy
from budilnik.sales.queries.insight import latest_run
from budilnik.staff.models import Employee

LETTERS = ("A", "B", "C", "D")
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """Some clients, and how many of them are counted as what; see `covered.Coverage`."""

    base: int = 0
    contacted: int = 0
    talked: int = 0
    contacted_91: int = 0
    talked_91: int = 0
    uncovered: int = 0
    due: int = 0
    overdue: int = 0
    never: int = 0
    tried: int = 0

    def part(self, count: int) -> float | None:
        """Return the share of these clients; None where there are none."""
        return count / self.base if self.base else None

    @property
    def contacted_share(self) -> float | None:
        """Coverage of the quarter by any contact."""
        return self.part(self.contacted)

    @property
    def talked_share(self) -> float | None:
        """Coverage of the quarter by talks."""
        return self.part(self.talked)

    @property
    def contacted_91_share(self) -> float | None:
        """Coverage of the last 91 days by any contact."""
        return self.part(self.contacted_91)

    @property
    def talked_91_share(self) -> float | None:
        """Coverage of the last 91 days by talks."""
        return self.part(self.talked_91)

    def __add__(self, other: "Covered") -> "Covered":
        """Put two parts of the base together."""
        return Covered(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardLine:
    """Whose clients: a number of an employee, the pool, nobody; "" for all together."""

    place: str
    name: str
    covered: Covered
    ahead: Ahead

    @property
    def is_person(self) -> bool:
        """Say whether an employee owns these clients."""
        return self.place.isdecimal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The coverage of the quarter of a day by owner."""

    on: date
    quarter: Stretch
    lines: tuple[BoardLine, ...]
    total: BoardLine


def coverage_board(*, on: date, policy: Policy) -> Board:
    """Return the board of the quarter of a day. Ten queries, however many clients and managers."""
    counts = {what.value: Count("pk", filter=counted_as(what, on=on, policy=policy)) for what in BOARD}
    rows: Any = Client.objects.callable().annotate(whose=whose()).values("whose").annotate(**counts).order_by()
    found = {place_of(row["whose"]): Covered(**{what: row[what] for what in counts}) for row in rows}
    names = places_of_staff()
    ahead = coverage_ahead(on=on, policy=policy)
    lines = tuple(
        BoardLine(place=place, name=name, covered=found[place], ahead=ahead.of(place, found[place].contacted))
        for place, name in in_order(found, names)
    )
    total = BoardLine(
        place="",
        name="",
        covered=sum((line.covered for line in lines), Covered()),
        ahead=sum((line.ahead for line in lines), Ahead()),
    )
    return Board(on=on, quarter=quarter_of(on), lines=lines, total=total)


def places_of_staff() -> dict[str, str]:
    """Return the name of every employee by the place of his clients. One query."""
    return {str(pk): name for pk, name in Employee.objects.values_list("pk", "name")}


def in_order(places: "dict[str, Any] | set[str]", names: dict[str, str]) -> list[tuple[str, str]]:
    """Return places with their names, employees by the alphabet, then the pool, then nobody's. No query."""

    def standing(place: str) -> tuple[bool, bool, str, str]:
        return (place in (POOL, NOBODY), place == NOBODY, sort_key(names.get(place, "")), place)

    return [(place, names.get(place, "")) for place in sorted(places, key=standing)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassLine:
    """The clients of one class; a class that is not known is kept apart."""

    code: str
    covered: Covered


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """The coverage by class; `abcd` holds whose potential is known, the rest are unknown in it."""

    quarter: Stretch
    abc: tuple[ClassLine, ...]
    abcd: tuple[ClassLine, ...]
    looked: bool


_OF_CLASS = (Coverage.BASE, Coverage.CONTACTED, Coverage.TALKED, Coverage.DUE, Coverage.OVERDUE)


def coverage_classes(*, on: date, policy: Policy) -> Classes:
    """Return the coverage by the classes of the latest look. Two queries."""
    run = latest_run()
    profile = FilteredRelation("profiles", condition=Q(profiles__run=run.run_id if run else 0))
    counts = {what.value: Count("pk", filter=counted_as(what, on=on, policy=policy)) for what in _OF_CLASS}
    classed = Client.objects.callable().annotate(profile=profile)
    rows: Any = classed.values("profile__abc", "profile__abcd", "profile__by_potential").annotate(**counts)
    abc: dict[str, Covered] = defaultdict(Covered)
    abcd: dict[str, Covered] = defaultdict(Covered)
    for row in rows.order_by():
        covered = Covered(**{what: row[what] for what in counts})
        abc[row["profile__abc"] or UNKNOWN] += covered
        abcd[(row["profile__by_potential"] and row["profile__abcd"]) or UNKNOWN] += covered
    return Classes(quarter=quarter_of(on), abc=_lines(abc), abcd=_lines(abcd), looked=run is not None)


def _lines(found: dict[str, Covered]) -> tuple[ClassLine, ...]:
    return tuple(ClassLine(code=code, covered=found.get(code, Covered())) for code in (*LETTERS, UNKNOWN))
