"""Who may hold a client, until when, and who held him while he fell silent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from budilnik.core.dates import WorkCalendar, add_months
from budilnik.core.refusal import Refusal
from budilnik.core.status import SilencePolicy


class HeadMustChoose(Refusal):
    """Two cards of one client have different owners: only the head can say whose he is."""

    ru = "У двух карточек разные менеджеры; руководитель должен выбрать, чей это клиент."
    en = "The two cards have different owners; the head must choose whose client this is."


def may_receive(employee_id: int, locks: frozenset[int]) -> bool:
    """Say whether a client may be given to an employee: never to one who lost him.

    Units: none.
    Raises: nothing.
    Source: «Клиентский будильник»: «Он мог достаться любому другому менеджеру, но не тому, кто его потерял».
    """
    return employee_id not in locks


def deadline(last_kept: date, calendar: WorkCalendar) -> date | None:
    """Return the owner's last working day on which a call still saves the client, None if he has none left.

    The day the client is kept until counts itself. Absences are already out of the calendar.

    Units: local calendar days.
    Raises: ValueError outside the calendar.
    Source: SPEC §4, the deadline of the own queue.
    """
    return calendar.last_working_on_or_before(last_kept)


def release_was_wrong(contact_on: date, *, released_on: date, policy: SilencePolicy) -> bool:
    """Say whether late evidence voids a release: the contact came before it and still held on that day.

    A contact of the day of release itself came after it; one whose own six months had run out held nothing.

    Units: local calendar days; calendar months.
    Raises: nothing.
    Source: SPEC §2, late evidence.
    """
    return contact_on < released_on <= add_months(contact_on, policy.lost_after_months)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neglected:
    """A client of a backlog. Units: value in kopecks."""

    client_id: int
    silent_since: date
    value: int


def portions(backlog: Iterable[Neglected], *, per_day: int, working_days: Sequence[date]) -> dict[int, date]:
    """Return the day of grace of every client of a backlog, so many a working day.

    The longest silent go first; of equally silent ones the more valuable.

    Units: clients a working day.
    Raises: ValueError if a day takes nobody or the days do not suffice.
    Source: SPEC §2, `release_per_day`.
    """
    queue = sorted(backlog, key=lambda each: (each.silent_since, -each.value, each.client_id))
    if per_day < 1 or len(queue) > per_day * len(working_days):
        raise ValueError(f"{len(queue)} clients do not fit into {len(working_days)} days of {per_day}")
    return {each.client_id: working_days[place // per_day] for place, each in enumerate(queue)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Who holds a merged client, and whether he is in the pool."""

    owner: int | None
    in_pool: bool


def merge_owner(*, owners: tuple[int | None, int | None], pooled: tuple[bool, bool]) -> Holding:
    """Return who holds the client that two cards turn out to be.

    An owned card prevails over one in the pool or without an owner; the merged client is in the pool only if
    both cards were.

    Units: none.
    Raises: HeadMustChoose for two different owners; ValueError for a card that is owned and in the pool.
    Source: SPEC §3.8.
    """
    if any(owner is not None and waits for owner, waits in zip(owners, pooled, strict=True)):
        raise ValueError("a client in the pool has no owner")
    holders = {owner for owner in owners if owner is not None}
    if len(holders) > 1:
        raise HeadMustChoose
    return Holding(owner=next(iter(holders), None), in_pool=all(pooled))


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A stretch in which an employee owned a client: `until_on` is the first day he no longer did."""

    employee_id: int
    from_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Days on which an employee was absent, both ends included."""

    employee_id: int
    from_on: date
    until_on: date


def blame(tenures: Iterable[Held], *, silent_from: date, lost_on: date, absences: Sequence[Away] = ()) -> int | None:
    """Return who held the client for most of the silent time, None if nobody did.

    Days of absence do not count. Of two who held him equally long it is the later one.

    Units: calendar days of [silent_from, lost_on).
    Raises: nothing.
    Source: SPEC §3.6.
    """
    held: dict[int, tuple[int, date]] = {}
    for tenure in tenures:
        days = _days(tenure, silent_from, lost_on)
        present = [day for day in days if not any(_covers(away, tenure.employee_id, day) for away in absences)]
        if present:
            before, _ = held.get(tenure.employee_id, (0, date.min))
            held[tenure.employee_id] = (before + len(present), present[-1])
    return max(held, key=lambda employee: held[employee], default=None)


def _days(tenure: Held, silent_from: date, lost_on: date) -> list[date]:
    first = max(tenure.from_on, silent_from)
    end = lost_on if tenure.until_on is None else min(tenure.until_on, lost_on)
    return [first + timedelta(days=shift) for shift in range((end - first).days)]


def _covers(away: Away, employee_id: int, day: date) -> bool:
    return away.employee_id == employee_id and away.from_on <= day <= away.until_on


def falls_to_substitute(deadline_on: date, *, absence: Away, calendar: WorkCalendar, tail_working_days: int) -> bool:
    """Say whether an absent owner's client needs a substitute: his deadline falls into the absence or just after.

    The tail counts working days from the first day after the absence: the owner returns to a desk that is full.

    Units: local calendar days; the tail in working days.
    Raises: ValueError if the calendar ends before the tail does.
    Source: SPEC §3.9.
    """
    last = (
        calendar.next_working_after(absence.until_on, count=tail_working_days)
        if tail_working_days
        else absence.until_on
    )
    return absence.from_on <= deadline_on <= last


def substitute_for(*, substitute: int | None, present: frozenset[int], locks: frozenset[int]) -> int | None:
    """Return the substitute if he works that day and never lost the client, else None: the team is levelled.

    Units: none.
    Raises: nothing.
    Source: SPEC §3.9, locks respected.
    """
    if substitute is None or substitute not in present or not may_receive(substitute, locks):
        return None
    return substitute


def first_day_back(absence: Away, calendar: WorkCalendar) -> date:
    """Return the first working day after an absence: promises return to their giver on it.

    Units: working days.
    Raises: ValueError if the calendar ends earlier.
    Source: SPEC §3.9.
    """
    return calendar.next_working_after(absence.until_on)
