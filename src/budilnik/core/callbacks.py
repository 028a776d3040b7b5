"""Promises to ring back: when they are due, when they ring, what keeps them."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from budilnik.core.refusal import Refusal

AT_TOP_BEFORE = timedelta(minutes=5)
RINGS_FOR = timedelta(minutes=5)
KEPT_WITHIN = timedelta(minutes=15)
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


def stage(due: datetime, *, now: datetime) -> Stage:
    """Return how near a timed promise is: at the top from 5 minutes before, with the head after 15 minutes.

    It rings for the first five minutes from its time and is overdue from then on; fifteen minutes to the second
    are not yet the head's.

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
    return Stage.OVERDUE if now <= due + KEPT_WITHIN else Stage.TO_HEAD


def stage_of_step(local_on: date, *, on: date) -> Stage:
    """Return how near a next step without an hour is: it is due all day long and overdue from the next day.

    Units: local calendar days.
    Raises: nothing.
    Source: SPEC §5, a dated next step is a promise without an hour.
    """
    if on < local_on:
        return Stage.WAITING
    return Stage.AT_TOP if on == local_on else Stage.TO_HEAD


def keeps(attempt_at: datetime, due: datetime) -> bool:
    """Say whether an attempt keeps a promise: within fifteen minutes of its time, before or after.

    Units: instants with a zone.
    Raises: nothing.
    Source: SPEC §6, «an attempt within 15 minutes of the time keeps it».
    """
    return abs(attempt_at - due) <= KEPT_WITHIN


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
