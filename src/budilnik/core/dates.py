"""Dates of the trade: calendar months, the working calendar, hours in which one may call.

The clock is never read here: the day and the time are arguments.
"""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache

ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=8192)
def add_months(day: date, months: int) -> date:
    """Return the same day `months` calendar months later, clipped to the month's end.

    30 November + 3 is 28 February; always added forwards to the start of silence, never backwards from today.

    Units: calendar months.
    Raises: ValueError if `months` is negative.
    Source: SPEC §2.
    """
    if months < 0:
        raise ValueError(f"months are added forwards, got {months}")
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """The working days of a stretch of time, as a value: transferred days already applied.

    `days` are sorted and distinct; `first` and `last` are the ends of the stretch that is known.
    """

    days: tuple[date, ...]
    first: date
    last: date

    @classmethod
    def of(cls, days: Iterable[date], *, first: date, last: date) -> "WorkCalendar":
        """Build a calendar from working days in any order."""
        return cls(days=tuple(sorted(set(days))), first=first, last=last)

    def _known(self, day: date) -> None:
        if not self.first <= day <= self.last:
            raise ValueError(f"{day} is outside the calendar {self.first} .. {self.last}")

    def is_working(self, day: date) -> bool:
        """Say whether `day` is a working day; a transferred working Saturday is one.

        Units: local calendar days.
        Raises: ValueError outside the known stretch.
        Source: production calendar of Russia (Labour Code, art. 112).
        """
        self._known(day)
        at = bisect_left(self.days, day)
        return at < len(self.days) and self.days[at] == day

    def last_working_on_or_before(self, day: date) -> date | None:
        """Return the latest working day not after `day`, or None when the stretch holds none.

        Units: local calendar days.
        Raises: ValueError outside the known stretch.
        Source: SPEC §4, the deadline.
        """
        self._known(day)
        at = bisect_right(self.days, day)
        return self.days[at - 1] if at else None

    def next_working_after(self, day: date, *, count: int = 1) -> date:
        """Return the `count`-th working day strictly after `day`.

        Units: working days.
        Raises: ValueError if the stretch ends earlier.
        Source: SPEC §3.9 and §5, terms in working days.
        """
        self._known(day)
        at = bisect_right(self.days, day) + count - 1
        if at >= len(self.days):
            raise ValueError(f"the calendar ends on {self.last}, before {count} working days after {day}")
        return self.days[at]

    def window(self, day: date, *, count: int) -> tuple[date, ...]:
        """Return the next `count` working days beginning with `day` itself if it works.

        Units: working days.
        Raises: ValueError outside the known stretch.
        Source: SPEC §4, the horizon of 62 working days.
        """
        self._known(day)
        at = bisect_left(self.days, day)
        return self.days[at : at + count]

    def without(self, spans: Iterable[tuple[date, date]]) -> "WorkCalendar":
        """Return the calendar of someone absent in `spans` (both ends absent).

        Units: local calendar days.
        Raises: nothing.
        Source: SPEC §3.9.
        """
        gaps = list(spans)
        if not gaps:
            return self
        kept = tuple(day for day in self.days if not any(start <= day <= end for start, end in gaps))
        return WorkCalendar(days=kept, first=self.first, last=self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallingHours:
    """Hours of the day in which a call is polite: [opens, closes) less [lunch_from, lunch_until)."""

    opens: time = time(9)
    closes: time = time(18)
    lunch_from: time | None = time(13)
    lunch_until: time | None = time(14)

    def spans(self) -> tuple[tuple[time, time], ...]:
        """Return the open stretches of a day, lunch cut out."""
        if self.lunch_from is None or self.lunch_until is None:
            return ((self.opens, self.closes),)
        return ((self.opens, self.lunch_from), (self.lunch_until, self.closes))


def _moments(hours: CallingHours, *, on: date, zone: tzinfo) -> list[tuple[datetime, datetime]]:
    return [
        (datetime.combine(on, start, zone), datetime.combine(on, end, zone))
        for start, end in hours.spans()
        if start < end
    ]


def common_hours(
    *, on: date, client_zone: tzinfo, client: CallingHours, employee_zone: tzinfo, employee: CallingHours
) -> tuple[tuple[datetime, datetime], ...]:
    """Return the stretches of the employee's day `on` in which both may talk, in the employee's zone.

    A stretch is half-open: at its end the call is already too late. The client's neighbouring dates count,
    for a client twelve hours east starts his working day on what is still yesterday here.

    Units: local wall time of each side.
    Raises: nothing.
    Source: SPEC §4, the order within the day; local hours 9-18 less lunch 13-14.
    """
    theirs = [span for shift in (-1, 0, 1) for span in _moments(client, on=on + shift * ONE_DAY, zone=client_zone)]
    both = [
        (max(ours_from, from_at), min(ours_until, until_at))
        for ours_from, ours_until in _moments(employee, on=on, zone=employee_zone)
        for from_at, until_at in theirs
    ]
    return tuple(
        sorted((start.astimezone(employee_zone), end.astimezone(employee_zone)) for start, end in both if start < end)
    )
