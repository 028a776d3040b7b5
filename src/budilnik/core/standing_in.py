"""Who stands in for an owner who is away, or who shares no hour of the day with his client."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from budilnik.core.dates import WorkCalendar
from budilnik.core.hours import HoursBook
from budilnik.core.seed import Seed
from budilnik.core.status import Verdict
from budilnik.core.terms import ClientStatus


def cannot_wait(verdict: Verdict, *, away_until: date | None, calendar: WorkCalendar, tail_working_days: int) -> bool:
    """Say whether a client needs a stand-in today: his deadline falls into the owner's absence or right after it.

    An owner who is at work but has no hour in common with the client (None) is no help to him on any day.

    Units: local calendar days; the tail in working days, one at least.
    Raises: ValueError if the calendar ends before the tail does.
    Source: SPEC §3.9.
    """
    if away_until is None:
        return True
    tail = calendar.next_working_after(away_until, count=max(1, tail_working_days))
    return verdict.status is ClientStatus.FORGOTTEN and verdict.last_kept <= tail


class Takers:
    """Those at work today by the zones of clients they share an hour with, and how many stood-in clients each got."""

    def __init__(self, zones: Mapping[int, str], *, hours: HoursBook, seed: Seed) -> None:
        """Begin with nobody given; `zones` are the zones of those at work, by number."""
        self.given: Counter[int] = Counter()
        self._zones = zones
        self._hours = hours
        self._seed = seed
        self._by_zone: dict[str, list[int]] = {}

    def of(self, client_id: int, zone: str, *, substitute: int | None, barred: frozenset[int]) -> int | None:
        """Return the substitute if he may have the client, else the least burdened colleague, if any may.

        `barred` are the owner himself and those who lost the client.

        Units: none.
        Raises: nothing.
        Source: SPEC §3.9, levelled over the team.
        """
        able = [number for number in self._with_hours(zone) if number not in barred]
        if substitute in able:
            return substitute
        least = min(map(self.given.__getitem__, able), default=0)
        tie = self._seed.tie
        return min((n for n in able if self.given[n] == least), key=lambda n: tie(client_id, n), default=None)

    def _with_hours(self, zone: str) -> list[int]:
        if zone not in self._by_zone:
            self._by_zone[zone] = [number for number, own in self._zones.items() if self._hours.common(zone, own)]
        return self._by_zone[zone]
