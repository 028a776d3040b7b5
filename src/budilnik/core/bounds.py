"""What no order of the queue can pass: a year told in advance who will order by himself and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from budilnik.core.coverage import quarter_of
from budilnik.core.dates import ONE_DAY, add_months
from budilnik.core.own_orders import Demand
from budilnik.core.scenario import Scenario
from budilnik.core.simulated_firm import FirmToday, touched


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The best that calls could do. Units: shares in 0..1.

    `quarters` are the coverage of every calendar quarter that ends within the year; `value_kept` is the share of the
    value of the base that need not be in the pool at the end.
    """

    quarters: tuple[float, ...]
    value_kept: float


def upper_bound(today: FirmToday, scenario: Scenario, *, demand: Mapping[int, Demand]) -> Bound:
    """Return the greatest coverage and the greatest value kept, each by itself, with every own order known.

    A talk costs the attempts that it takes on the average; talks may be split. A client is covered by a contact or a
    talk of the quarter and kept by either within the months before the end; new clients are left out of it.

    Units: as in `Bound`.
    Raises: nothing.
    Source: QUALITY §4, upper bound; a continuous knapsack of equal sizes is filled by value (Dantzig 1957).
    """
    last = today.on + timedelta(days=scenario.days - 1)
    clients = {facts.client_id: facts for facts in today.clients}
    ordered = {c: [today.on + timedelta(days=day) for day in demand[c].days] for c in clients}
    quarters = []
    for begins, ends in _quarters(today.on, last):
        free = sum(
            touched(facts) >= begins or any(begins <= on <= ends for on in ordered[client])
            for client, facts in clients.items()
        )
        talks = _talks(today, scenario, max(begins, today.on), ends)
        quarters.append(min(1.0, (free + min(talks, len(clients) - free)) / max(1, len(clients))))
    since = _months_before(last, scenario.policy.lost_after_months)
    lost = [
        facts.value
        for client, facts in clients.items()
        if facts.value > 0 and touched(facts) < since and not any(on >= since for on in ordered[client])
    ]
    value = sum(facts.value for facts in clients.values() if facts.value > 0)
    saved = most_worth(lost, talks=_talks(today, scenario, max(since, today.on), last))
    return Bound(quarters=tuple(quarters), value_kept=1 - (sum(lost) - saved) / value if value else 1.0)


def most_worth(worth: Sequence[int], *, talks: float) -> float:
    """Return the greatest worth that so many talks can hold, one a client, the last one perhaps in part.

    Units: kopecks.
    Raises: nothing.
    Source: Dantzig (1957).
    """
    falling, whole = sorted(worth, reverse=True), int(talks)
    part = (talks - whole) * falling[whole] if whole < len(falling) else 0.0
    return sum(falling[:whole]) + part


def _quarters(first: date, last: date) -> list[tuple[date, date]]:
    """Return the calendar quarters that end within the days, each with its ends."""
    quarter, found = quarter_of(first), []
    while quarter.last <= last:
        found.append((quarter.first, quarter.last))
        quarter = quarter_of(quarter.last + ONE_DAY)
    return found


def _months_before(day: date, months: int) -> date:
    """Return the first day whose silence of so many months has not run out on `day`."""
    found = day
    while add_months(found - ONE_DAY, months) >= day:
        found -= ONE_DAY
    return found


def _talks(today: FirmToday, scenario: Scenario, first: date, last: date) -> float:
    """Return the talks that all attempts of these days bring on the average."""
    days = [day for day in today.calendar.days if first <= day <= last]
    attempts = sum(person.capacity(day) for person in today.people for day in days if not person.away(day))
    return attempts / scenario.habits.attempts_a_talk
