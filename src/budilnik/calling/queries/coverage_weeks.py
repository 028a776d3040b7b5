"""Coverage at the end of each week of a quarter, beside that of the quarter before."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from django.db.models import Count, OuterRef, Subquery

from budilnik.calling.queries.covered import place_of, whose
from budilnik.clients.models import Client, Contact
from budilnik.core.coverage import Stretch, quarter_before, quarter_of, week_ends


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLine:
    """The clients of a place who had been contacted by the end of each week; weeks to come are not told.

    `before` are the same clients in the quarter before, of whom `known_before` were known by its end.
    """

    place: str
    clients: int
    contacted: tuple[int, ...]
    known_before: int
    before: tuple[int, ...]

    @property
    def shares(self) -> tuple[float, ...]:
        """The coverage at the end of each week so far."""
        return tuple(count / self.clients for count in self.contacted) if self.clients else ()

    @property
    def shares_before(self) -> tuple[float, ...]:
        """The coverage at the end of each week of the quarter before."""
        return tuple(count / self.known_before for count in self.before) if self.known_before else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """The weeks of a quarter by the days they end on, those of the quarter before, a line for each place and all."""

    ends: tuple[date, ...]
    ends_before: tuple[date, ...]
    lines: tuple[WeekLine, ...]
    total: WeekLine

    def of(self, place: str) -> WeekLine:
        """Return the line of a place; the total for one that has none."""
        return next((line for line in self.lines if line.place == place), self.total)


def coverage_weeks(*, on: date) -> Weeks:
    """Return how the coverage of the clients of today grew week by week, and did a quarter before. Two queries."""
    quarter, previous = quarter_of(on), quarter_before(on)
    ends, ends_before = week_ends(quarter), week_ends(previous)
    so_far = bisect_left(ends, on) + 1
    now = _first_contacts(Stretch(first=quarter.first, last=on))
    before = _first_contacts(previous)
    places = sorted({*now, *before})
    lines = tuple(
        WeekLine(
            place=place,
            clients=now[place].total(),
            contacted=_grown(now[place], ends=ends)[:so_far],
            known_before=before[place].total(),
            before=_grown(before[place], ends=ends_before),
        )
        for place in places
    )
    return Weeks(ends=ends, ends_before=ends_before, lines=lines, total=_total(lines, weeks=so_far, ends=ends_before))


def _first_contacts(within: Stretch) -> dict[str, Counter[date | None]]:
    """Return the clients of today known by the end of a stretch, by place and the day of their first contact in it."""
    contacts = Contact.objects.filter(client=OuterRef("pk"), voided_at=None, on__gte=within.first, on__lte=within.last)
    first = Subquery(contacts.order_by("on").values("on")[:1])
    known = Client.objects.callable().filter(first_known_on__lte=within.last)
    rows = known.annotate(whose=whose(), first=first).values_list("whose", "first")
    found: dict[str, Counter[date | None]] = defaultdict(Counter)
    for number, day, clients in rows.annotate(n=Count("pk")).order_by():
        found[place_of(number)][day] += clients
    return found


def _grown(found: Counter[date | None], *, ends: Sequence[date]) -> tuple[int, ...]:
    by_week: Counter[int] = Counter()
    for day, clients in found.items():
        if day is not None:
            by_week[bisect_left(ends, day)] += clients
    return tuple(accumulate(by_week[week] for week in range(len(ends))))


def _total(lines: Sequence[WeekLine], *, weeks: int, ends: Sequence[date]) -> WeekLine:
    return WeekLine(
        place="",
        clients=sum(line.clients for line in lines),
        contacted=tuple(sum(line.contacted[week] for line in lines) for week in range(weeks)),
        known_before=sum(line.known_before for line in lines),
        before=tuple(sum(line.before[week] for line in lines) for week in range(len(ends))),
    )
