"""Discipline: how a promise went, which talks came just before a loss, who is put off again and again."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from budilnik.core.callbacks import KEPT_ON_ITS_DAY
from budilnik.core.dates import WorkCalendar, add_months

LAST_WORKING_DAYS = 3
TOO_OFTEN = 3
POSTPONED_WITHIN = timedelta(days=30)


class PromiseWent(StrEnum):
    """How a promise to ring back went."""

    KEPT = "kept"
    MOVED_BY_CLIENT = "moved_by_client"
    MOVED_BY_US = "moved_by_us"
    DROPPED = "dropped"
    BROKEN = "broken"
    WAITING = "waiting"


_BY_END: Mapping[str, PromiseWent] = {
    "done": PromiseWent.KEPT,
    "moved_by_client": PromiseWent.MOVED_BY_CLIENT,
    "moved_by_us": PromiseWent.MOVED_BY_US,
    "stopped": PromiseWent.DROPPED,
}


def late_from(due: datetime, *, timed: bool, escalates_after: timedelta) -> datetime:
    """Return the moment after which a promise that nobody tried to keep is broken.

    One with an hour is broken when the head is told of it, a step without an hour at the end of its day: twelve hours
    after its noon.

    Units: instants with a zone.
    Raises: nothing.
    Source: SPEC §6, shown to the head after 15 minutes.
    """
    return due + (escalates_after if timed else KEPT_ON_ITS_DAY)


def how_it_went(*, late_at: datetime, ended_at: datetime | None, end: str, tried: bool, now: datetime) -> PromiseWent:
    """Return how a promise went.

    Not tried in time and still open, or ended, after the moment from which it is late, it is broken, whatever its end
    says; an end before that moment says how it went. One tried in time is kept though it may ring again.

    Units: instants with a zone.
    Raises: KeyError for an end that is not known.
    Source: SPEC §6, done, moved by the client or by us counted apart; SPEC §12, callbacks kept, moved, broken.
    """
    ended = ended_at if ended_at is not None else now
    if not tried and ended > late_at:
        return PromiseWent.BROKEN
    if ended_at is not None:
        return _BY_END[end]
    return PromiseWent.KEPT if tried else PromiseWent.WAITING


def just_before_the_loss(talk_on: date, *, silent_since: date, lost_after_months: int, calendar: WorkCalendar) -> bool:
    """Say whether a talk fell on one of the last three working days on which the client was not yet lost.

    The day on which the months of silence are complete is still such a day; a talk after it came too late to matter.

    Units: local calendar days; working days of the firm.
    Raises: ValueError if the last day is outside the calendar.
    Source: SPEC §12, bursts before deadlines.
    """
    last_kept = add_months(silent_since, lost_after_months)
    if talk_on > last_kept:
        return False
    calendar.is_working(last_kept)
    days = calendar.days[: bisect_right(calendar.days, last_kept)][-LAST_WORKING_DAYS:]
    return bool(days) and talk_on >= days[0]


def put_off_too_often(times: Iterable[tuple[int, int, int]]) -> dict[tuple[int, int], int]:
    """Return how often each employee put each client off, for those put off three times or more.

    Units: `times` as (employee, client, how often), the same pair any number of times.
    Raises: nothing.
    Source: SPEC §12; docs/rules/coverage.md, serial postponing: three times within thirty days.
    """
    found: Counter[tuple[int, int]] = Counter()
    for employee, client, often in times:
        found[employee, client] += often
    return {pair: often for pair, often in found.items() if often >= TOO_OFTEN}
