"""Promises to ring back: when they are due, when they ring, what keeps them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from budilnik.core.refusal import Refusal

AT_TOP_BEFORE = timedelta(minutes=5)
RINGS_FOR = timedelta(minutes=5)
KEPT_WITHIN = timedelta(minutes=15)
KEPT_ON_ITS_DAY = timedelta(hours=12)
RINGS_AGAIN_IN = timedelta(hours=1)
SNOOZE = timedelta(minutes=5)
SNOOZES = 3

# A step without an hour stands at noon: in every zone of the country that is the same date as in the company's.
MIDDLE_OF_THE_DAY = time(12)


class SnoozedEnough(Refusal):
    """A promise may be put off by five minutes three times, then one rings or moves it."""

    ru = "Перезвон уже отложен {times} раза по 5 минут; позвоните или перенесите его."
    en = "The callback has been put off by 5 minutes {times} times; call now or move it."


class Stage(StrEnum):
    """How near a promise is."""

    WAITING = "waiting"
    AT_TOP = "at_top"
    RINGING = "ringing"
    OVERDUE = "overdue"
    TO_HEAD = "to_head"


def due_at(local_on: date, local_time: time | None, zone: tzinfo) -> datetime:
    """Return the instant of a promise made in the client's wall time.

    An hour that the clocks skip is read as if they had not been moved yet, so it falls later by the skipped
    stretch; an hour that comes twice means its first coming. A step without an hour stands at noon.

    Units: local wall time in, UTC out.
    Raises: ValueError if the time carries a zone of its own.
    Source: SPEC §6, local wall time + IANA zone + derived UTC; PEP 495 for skipped and doubled hours.
    """
    hour = MIDDLE_OF_THE_DAY if local_time is None else local_time
    if hour.tzinfo is not None:
        raise ValueError(f"the wall time {hour} already has a zone")
    return datetime.combine(local_on, hour.replace(fold=0), zone).astimezone(UTC)


def stage(due: datetime, *, now: datetime, escalates_after: timedelta = KEPT_WITHIN) -> Stage:
    """Return how near a timed promise is: at the top from 5 minutes before, with the head after 15 minutes.

    It rings for the first five minutes from its time and is overdue from then on; fifteen minutes to the second
    are not yet the head's. How many minutes they are is the firm's to say.

    Units: instants with a zone.
    Raises: nothing.
    Source: SPEC §6.
    """
    if now < due - AT_TOP_BEFORE:
        return Stage.WAITING
    if now < due:
        return Stage.AT_TOP
    if now < due + RINGS_FOR:
        return Stage.RINGING
    return Stage.OVERDUE if now <= due + escalates_after else Stage.TO_HEAD


def stage_of_step(local_on: date, *, on: date) -> Stage:
    """Return how near a next step without an hour is: it is due all day long and overdue from the next day.

    Units: local calendar days.
    Raises: nothing.
    Source: SPEC §5, a dated next step is a promise without an hour.
    """
    if on < local_on:
        return Stage.WAITING
    return Stage.AT_TOP if on == local_on else Stage.TO_HEAD


def keeps(attempt_at: datetime, due: datetime, *, timed: bool = True) -> bool:
    """Say whether an attempt keeps a promise: within fifteen minutes of its time, before or after.

    A step without an hour is kept by an attempt on its day: within twelve hours of its noon.

    Units: instants with a zone.
    Raises: nothing.
    Source: SPEC §6, «an attempt within 15 minutes of the time keeps it».
    """
    return abs(attempt_at - due) <= (KEPT_WITHIN if timed else KEPT_ON_ITS_DAY)


def kept(due: datetime, *, made_at: datetime, attempts: Iterable[datetime], timed: bool = True) -> bool:
    """Say whether any attempt after a promise was made keeps it.

    The call in which it was made does not, even if the promise is for ten minutes later.

    Units: instants with a zone.
    Raises: nothing.
    Source: SPEC §6.
    """
    return any(keeps(attempt, due, timed=timed) for attempt in attempts if attempt > made_at)


def escalated(
    due: datetime,
    *,
    made_at: datetime,
    attempts: Iterable[datetime],
    now: datetime,
    escalates_after: timedelta = KEPT_WITHIN,
) -> bool:
    """Say whether a timed promise is shown to the head: over fifteen minutes late, and nobody tried in time.

    One tried in time rings again but is not broken, however late that ring.

    Units: instants with a zone; attempts at this client in any order.
    Raises: nothing.
    Source: SPEC §6, shown to the head after 15 minutes; an attempt within 15 minutes of the time keeps it.
    """
    late = stage(due, now=now, escalates_after=escalates_after) is Stage.TO_HEAD
    return late and not kept(due, made_at=made_at, attempts=attempts)


def step_escalated(local_on: date, due: datetime, *, made_at: datetime, attempts: Iterable[datetime], on: date) -> bool:
    """Say whether a step without an hour is shown to the head: its day is over, and nobody tried on that day.

    Units: local calendar days, instants with a zone.
    Raises: nothing.
    Source: SPEC §5 and §6, a dated next step is a promise without an hour.
    """
    over = stage_of_step(local_on, on=on) is Stage.TO_HEAD
    return over and not kept(due, made_at=made_at, attempts=attempts, timed=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """The moments of a promise on a page: shown quietly, rings, red. One put off by minutes may be red before."""

    shows_at: datetime
    rings_at: datetime
    late_at: datetime


def bell(due: datetime, *, rings_at: datetime | None, tried: bool) -> Bell:
    """Return when a promise is shown, rings and turns red.

    Put off by minutes it rings later and is late by its own time; tried in time it is late by its next ring.

    Units: instants with a zone; `rings_at` is None while it rings at its own time.
    Raises: nothing.
    Source: SPEC §6, at the top from 5 minutes before, red when overdue, the promise unchanged by «через 5 минут».
    """
    rings = due if rings_at is None else rings_at
    return Bell(shows_at=rings - AT_TOP_BEFORE, rings_at=rings, late_at=(rings if tried else due) + RINGS_FOR)


def rings_after(due: datetime, *, tried_at: datetime, again: datetime) -> datetime:
    """Return when a promise rings after a call without an answer: again, but at its own time if that was too early.

    Units: instants with a zone.
    Raises: nothing.
    Source: SPEC §6; an attempt over fifteen minutes before the time keeps nothing.
    """
    return due if tried_at < due - KEPT_WITHIN else again


def ring_again(misses: int, *, now: datetime, day_ends_at: datetime, next_morning: datetime) -> datetime:
    """Return when a promise rings again after a call without an answer: in an hour, then next morning.

    An hour that would fall after the working day is next morning too. `misses` counts this one.

    Units: instants with a zone.
    Raises: ValueError if nobody has missed yet.
    Source: SPEC §6.
    """
    if misses < 1:
        raise ValueError("nobody has missed a call yet")
    again = now + RINGS_AGAIN_IN
    return again if misses == 1 and again < day_ends_at else next_morning


def snooze(times: int, *, now: datetime) -> datetime:
    """Return when a promise put off `times` times before rings again: five minutes later.

    The promise itself stays as it was.

    Units: instants with a zone.
    Raises: SnoozedEnough the fourth time.
    Source: SPEC §6, «через 5 минут» up to 3 times.
    """
    if times >= SNOOZES:
        raise SnoozedEnough(times=SNOOZES)
    return now + SNOOZE
