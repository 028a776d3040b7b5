"""The working days of the made-up company: weekends and public holidays, without transferred Saturdays."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta

from budilnik.core.dates import ONE_DAY

HOLIDAYS = frozenset([(1, day) for day in range(1, 9)] + [(2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)])
SATURDAY = 5
WORKDAY_SHARE = 247 / 365


def is_workday(day: date) -> bool:
    """Say whether the company works on `day`; a holiday on a weekend frees the Monday after, but for January."""
    if day.weekday() >= SATURDAY or (day.month, day.day) in HOLIDAYS:
        return False
    weekend = (day - ONE_DAY, day - 2 * ONE_DAY) if day.weekday() == 0 else ()
    return not any(past.month > 1 and (past.month, past.day) in HOLIDAYS for past in weekend)


def years_before(day: date, years: int) -> date:
    """Return the same day `years` earlier; 29 February becomes 28."""
    return date(day.year - years, day.month, min(day.day, 28) if day.month == 2 else day.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workdays:
    """All working days from `first` to `last`."""

    first: date
    last: date
    days: tuple[date, ...]

    @classmethod
    def between(cls, first: date, last: date) -> "Workdays":
        """Find the working days of a stretch, both ends included."""
        every = (first + timedelta(days=shift) for shift in range((last - first).days + 1))
        return cls(first=first, last=last, days=tuple(filter(is_workday, every)))

    def place(self, day: date) -> int:
        """Return how many working days lie before `day`."""
        return bisect_left(self.days, day)

    def before(self, day: date, count: int = 1) -> date:
        """Return the `count`-th working day before `day`."""
        return self.days[self.place(day) - count]

    def from_on(self, day: date, count: int = 0) -> date:
        """Return the working day `count` places after the first one not before `day`."""
        return self.days[self.place(day) + count]

    def within(self, first: date, last: date) -> tuple[date, ...]:
        """Return the working days from `first` to `last`, both included."""
        return self.days[self.place(first) : self.place(last + ONE_DAY)]
