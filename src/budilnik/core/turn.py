"""Whose turn it is: the one client to call now, out of the open tasks of a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from budilnik.core.callbacks import AT_TOP_BEFORE


class Claim(StrEnum):
    """Why a task has its turn, strongest claim first."""

    PROMISE = "promise"
    BEGUN = "begun"
    STEP = "step"
    RETRY = "retry"
    QUEUE = "queue"
    OUT_OF_HOURS = "out_of_hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """An open task as the turn sees it.

    `promised_at` is the moment of a promise with an hour, `is_step` a promise without one. `hours` are the stretches
    of today in which both sides may talk. `begun`: its card was opened and nothing is written down yet.
    """

    task_id: int
    position: int
    promised_at: datetime | None = None
    is_step: bool = False
    not_before: datetime | None = None
    attempts: int = 0
    begun: bool = False
    hours: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Who is called now and by which claim; with nobody to call, `next_at` says when somebody will be."""

    task_id: int | None
    claim: Claim | None = None
    next_at: datetime | None = None


def _ready_at(task: OpenTask) -> datetime | None:
    """Return the moment before which the task is not called, or None when it may be called any time."""
    promised = task.promised_at - AT_TOP_BEFORE if task.promised_at and not task.attempts else None
    return max((moment for moment in (promised, task.not_before) if moment), default=None)


def _open_now(task: OpenTask, now: datetime) -> bool:
    return any(start <= now < end for start, end in task.hours)


def _claim(task: OpenTask, now: datetime) -> Claim:
    if task.promised_at is not None:
        return Claim.PROMISE
    if task.begun:
        return Claim.BEGUN
    if not _open_now(task, now):
        return Claim.OUT_OF_HOURS
    if task.is_step:
        return Claim.STEP
    return Claim.RETRY if task.attempts else Claim.QUEUE


_STRENGTH = {claim: strength for strength, claim in enumerate(Claim)}


def _opens_at(task: OpenTask, now: datetime) -> datetime:
    """Return when an hour for both comes next today; past all of them the task is as good as any other."""
    return min((start for start, _ in task.hours if start > now), default=now)


def whose_turn(tasks: Iterable[OpenTask], *, now: datetime) -> Turn:
    """Return the task to call now: nobody chooses, and the answer is the same until something happens.

    A promise comes from five minutes before its hour; then the card already begun, next steps promised for today,
    retries whose time has come, the list in its order. Clients whose hours are closed come last, whose hour opens
    soonest first: better a call at lunch than none. A retry before its time and a promise before its hour are not
    called, whatever else is left.

    Units: instants with a zone.
    Raises: nothing.
    Source: SPEC §4, order within the day and no self-picking; SPEC §5, a no-answer puts the task back.
    """
    waiting = list(tasks)
    times = {task.task_id: _ready_at(task) for task in waiting}
    ready = [task for task in waiting if (at := times[task.task_id]) is None or at <= now]
    if not ready:
        return Turn(task_id=None, next_at=min((at for at in times.values() if at), default=None))

    def order(task: OpenTask) -> tuple[int, datetime, int]:
        claim = _claim(task, now)
        moment = now
        if claim is Claim.PROMISE:
            moment = task.promised_at or now
        elif claim is Claim.RETRY:
            moment = task.not_before or now
        elif claim is Claim.OUT_OF_HOURS:
            moment = _opens_at(task, now)
        return _STRENGTH[claim], moment, task.position

    first = min(ready, key=order)
    return Turn(task_id=first.task_id, claim=_claim(first, now))
