"""Coverage: who of the base has been contacted in the quarter, whose days these were, where the quarter will end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from budilnik.core.dates import ONE_DAY, add_months

QUARTER_MONTHS = 3
WEEK = timedelta(days=7)
# Under so many attempts a share of talks is chance, and the policy's own is taken.
ENOUGH_ATTEMPTS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days in a row, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days these are."""
        return (self.last - self.first).days + 1


def quarter_of(on: date) -> Stretch:
    """Return the calendar quarter of a day; its first day begins it, its last one ends it.

    Units: local calendar days.
    Raises: nothing.
    Source: SPEC §4, coverage: calendar quarter on the board.
    """
    first = on.replace(month=on.month - (on.month - 1) % QUARTER_MONTHS, day=1)
    return Stretch(first=first, last=add_months(first, QUARTER_MONTHS) - ONE_DAY)


def quarter_before(on: date) -> Stretch:
    """Return the calendar quarter before that of a day.

    Units: local calendar days.
    Raises: nothing.
    Source: SPEC §12, the weeks of a quarter beside those of the one before.
    """
    return quarter_of(quarter_of(on).first - ONE_DAY)


def week_ends(stretch: Stretch) -> tuple[date, ...]:
    """Return the Sundays of a stretch and its last day, on which its last week ends whatever day it is.

    Units: local calendar days.
    Raises: nothing.
    Source: SPEC §12, coverage per week.
    """
    sunday = stretch.first + timedelta(days=6 - stretch.first.weekday())
    ends = []
    while sunday < stretch.last:
        ends.append(sunday)
        sunday += WEEK
    return (*ends, stretch.last)


def latest_start(months: int, *, until: date) -> date:
    """Return the latest day from which so many months are over by `until`.

    What began on that day is over on `until` at the latest; what began a day later is not. Months are clipped, so
    three months before 30 May is still 28 February, and 1 March is not.

    Units: calendar months, always added forwards.
    Raises: ValueError if `months` is negative.
    Source: SPEC §2, months are added forwards to the start of silence.
    """
    start = until - timedelta(days=31 * months + 4)
    while add_months(start + ONE_DAY, months) <= until:
        start += ONE_DAY
    return start


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Clients who were one employee's over the same days; `covered` of them were contacted within the period.

    The day of a hand-over is his who held the client that morning, so a tenure counts from the day after it began.
    """

    employee_id: int
    from_on: date
    until_on: date | None
    clients: int
    covered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysHeld:
    """What an employee held over a period. Units: client-days; `covered` are days of contacted clients."""

    days: int = 0
    covered: int = 0

    @property
    def covered_share(self) -> float | None:
        """Coverage weighted by the days owned; None for who owned nobody."""
        return self.covered / self.days if self.days else None

    def __add__(self, other: "DaysHeld") -> "DaysHeld":
        """Put two holdings together."""
        return DaysHeld(days=self.days + other.days, covered=self.covered + other.covered)


def days_held(held: Iterable[Held], *, within: Stretch) -> dict[int, DaysHeld]:
    """Return the client-days of each employee within a period, and those of them of clients contacted in it.

    A contact counts for the days of everybody who owned the client in the period, whoever made it, so transfers change
    whose the days are and never their sum: the firm's coverage cannot be raised by them. A client given away on the
    last day changes nothing, for that day is still the giver's; given away before, the days held until then stay his.

    Units: client-days.
    Raises: nothing.
    Source: SPEC §15, 15: coverage cannot be raised by transfers.
    """
    found: dict[int, DaysHeld] = {}
    for each in held:
        begins = max(each.from_on + ONE_DAY, within.first)
        ends = within.last if each.until_on is None else min(each.until_on, within.last)
        days = max(0, (ends - begins).days + 1)
        if days:
            more = DaysHeld(days=days * each.clients, covered=days * each.covered)
            found[each.employee_id] = found.get(each.employee_id, DaysHeld()) + more
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The share of attempts that become talks, and whether it was measured. Units: share in 0..1."""

    share: float
    measured: bool


def reach_of(*, attempts: int, talks: int, default: float) -> Reach:
    """Return the reach of an employee: measured from thirty attempts on, else the policy's.

    Units: attempts and talks; share in 0..1.
    Raises: ValueError if there are more talks than attempts.
    Source: SPEC §4, reach_rate is measured; docs/rules/coverage.md.
    """
    if talks > attempts:
        raise ValueError(f"{talks} talks of {attempts} attempts")
    if attempts < ENOUGH_ATTEMPTS:
        return Reach(share=default, measured=False)
    return Reach(share=talks / attempts, measured=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Where a base will stand at the end of the quarter. Units: clients, those expected may be fractions.

    `own_orders` are the uncovered who are expected to order by themselves, `by_talks` those whom only a talk covers.
    """

    clients: int = 0
    contacted: int = 0
    own_orders: float = 0.0
    by_talks: float = 0.0

    @property
    def expected(self) -> float:
        """How many will have been contacted by the end of the quarter."""
        return self.contacted + self.own_orders + self.by_talks

    @property
    def expected_share(self) -> float | None:
        """The coverage expected; None of no clients."""
        return self.expected / self.clients if self.clients else None

    def __add__(self, other: "Outlook") -> "Outlook":
        """Put two bases together."""
        return Outlook(
            clients=self.clients + other.clients,
            contacted=self.contacted + other.contacted,
            own_orders=self.own_orders + other.own_orders,
            by_talks=self.by_talks + other.by_talks,
        )


def outlook(*, contacted: int, uncovered: Sequence[tuple[float, int]], talks: float) -> Outlook:
    """Return where a base will stand when the talks that are left go to its uncovered clients.

    The talks go first to those likeliest to stay silent, each to another client, as the queue does while its window
    can be covered; one who would have ordered anyway is counted once. Talks beyond the last uncovered client add none.

    Units: `uncovered` as (chance of an own order by the end of the quarter in 0..1, clients); talks may be fractions.
    Raises: ValueError if a chance is outside 0..1 or talks are negative.
    Source: SPEC §4, the horizon rule; SPEC §12, the forecast to the quarter's end.
    """
    if talks < 0 or any(not 0 <= chance <= 1 for chance, _ in uncovered):
        raise ValueError("a chance lies in 0..1, and there are no fewer talks than none")
    told = Outlook(
        clients=contacted + sum(clients for _, clients in uncovered),
        contacted=contacted,
        own_orders=sum(chance * clients for chance, clients in uncovered),
    )
    left, by_talks = talks, 0.0
    for chance, clients in sorted(uncovered):
        spoken_to = min(left, clients)
        by_talks += (1 - chance) * spoken_to
        left -= spoken_to
    return replace(told, by_talks=by_talks)


def people_to_save(*, calls_a_day: int, norm: int) -> float:
    """Return how many people more the calls a day that would save the rest are; no calls are nobody.

    Units: calls a day; people, may be a fraction.
    Raises: ValueError if the norm is under one call.
    Source: SPEC §4, the calls a day that would save them; SPEC §12.
    """
    if norm < 1:
        raise ValueError(f"a norm of {norm} calls makes nobody")
    return calls_a_day / norm
