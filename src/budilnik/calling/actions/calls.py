"""Calls: recorded, corrected, taken from outside, put off, forbidden."""

from dataclasses import replace
from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from budilnik.calling.actions.effects import (
    CONTACT_SOURCE,
    FORM_SOURCE,
    Talk,
    add_call,
    decide,
    follow,
    moment,
    stop_company,
    stop_number,
)
from budilnik.calling.actions.matters import withdraw_matters
from budilnik.calling.actions.promises import ring_later
from budilnik.calling.actions.tasks import close_queue_tasks
from budilnik.calling.models import Call, Callback, CallTask
from budilnik.clients.actions import clock, marks, ownership, undoing
from budilnik.clients.models import Client
from budilnik.core.callbacks import ring_again
from budilnik.core.dates import CallingHours
from budilnik.core.outcomes import Moment, NumberMissing, Said, SkipReason
from budilnik.core.refusal import Refusal
from budilnik.core.terms import Direction, Outcome, Role
from budilnik.staff.actions import audit
from budilnik.staff.models import AuditEntry, Employee


class TaskAlreadyClosed(Refusal):
    """The task has an outcome; a second one would count the call twice."""

    ru = "Задание уже закрыто: итог звонка записан раньше."
    en = "The task is closed already: its outcome was saved before."
    status: ClassVar[int] = 409


class NotYourTask(Refusal):
    """A task belongs to one employee; besides him only a head may close it."""

    ru = "Это задание не ваше: его передали или закрыли."
    en = "This task is not yours: it was passed on or closed."
    status: ClassVar[int] = 404


class NotYourClient(Refusal):
    """An unplanned call goes to one's own client: nobody picks clients of the pool or of others for himself."""

    ru = "Звонить без задания можно только своему клиенту."
    en = "Only your own client may be called without a task."


class OutOfTurn(Refusal):
    """Nobody picks his clients: a card is written down when its turn has come and it was opened."""

    ru = "До этого клиента ещё не дошла очередь. Откройте «Мой день»: там следующий."
    en = "This client's turn has not come yet. Open “My day”: the next one is there."
    status: ClassVar[int] = 409


class AttemptAlreadySaved(Refusal):
    """The page had not seen the last attempt: pressed twice, or written in another tab. Nothing is counted twice."""

    ru = "Эта попытка уже записана; второй раз она не считается."
    en = "This attempt is saved already; it is not counted a second time."
    status: ClassVar[int] = 409


class AlreadyRecorded(Refusal):
    """The form of this talk was saved before: pressed twice, or sent again by the browser."""

    ru = "Этот разговор уже записан; второй раз он не считается."
    en = "This talk is saved already; it is not counted a second time."
    status: ClassVar[int] = 409


class NothingToAmend(Refusal):
    """There is no outcome of this author in force."""

    ru = "Исправлять нечего: у задания нет вашего действующего итога."
    en = "There is nothing to correct: the task has no outcome of yours in force."


class TooLateToAmend(Refusal):
    """An outcome is corrected on its own day; later it is history."""

    ru = "Исправить итог можно только в день звонка."
    en = "An outcome may be corrected only on the day of the call."


@transaction.atomic
def record_call(
    *, task_id: int, outcome: Outcome, said: Said, by: Employee, now: datetime, on: date, seen: int | None = None
) -> None:
    """Close a task with what the client said and do what follows from it.

    `seen` is how many attempts of the task the page knew of: saved twice, the second save is refused.
    Raises: TaskAlreadyClosed, AttemptAlreadySaved, NotYourTask, OutOfTurn, DetailMissing, DateOutOfReach,
    PromiseInThePast.
    """
    task = _task_of(task_id, by)
    at = moment(by, on=on, now=now)
    talk = decide(task.client_id, outcome, said=said, by=by, at=at, carried=task.callback_id)
    change: dict[str, object] = {"closed_at": now, "closed_by": by, "close": "outcome"}
    if not talk.effects.closes_task:
        change = {"not_before": _ring_again(task, talk, misses=task.attempts + 1)}

    # Of two simultaneous clicks one must lose. The condition on closed_at and attempts sees to it
    # on SQLite and PostgreSQL alike, without a row lock.
    seen = task.attempts if seen is None else seen
    mine = CallTask.objects.filter(pk=task_id, closed_at=None, attempts=seen)
    if mine.update(attempts=F("attempts") + 1, **change) != 1:
        raise TaskAlreadyClosed if CallTask.objects.exclude(closed_at=None).filter(pk=task_id) else AttemptAlreadySaved
    _write(talk, task_id=task_id, in_force=talk.effects.closes_task, action="call_recorded")


def _task_of(task_id: int, by: Employee) -> CallTask:
    task = CallTask.objects.filter(pk=task_id).first()
    if task is None or (task.employee_id != by.pk and by.role != Role.HEAD.value):
        raise NotYourTask
    if task.closed_at is not None:
        raise TaskAlreadyClosed
    if task.opened_at is None and task.callback_id is None and task.employee_id == by.pk:
        raise OutOfTurn
    return task


def _ring_again(task: CallTask, talk: Talk, *, misses: int) -> datetime | None:
    """Return when a task without an answer comes up again: a promise in an hour, then next morning."""
    if task.callback_id is None:
        return talk.effects.not_before
    at, hours = talk.at, talk.at.policy.hours_of_employees
    zone = ZoneInfo(talk.by.zone or talk.by.team.zone)
    again = ring_again(
        misses,
        now=at.now,
        day_ends_at=_clock_time(at.on, hours, zone, opens=False),
        next_morning=_clock_time(at.tomorrow, hours, zone, opens=True),
    )
    return ring_later(task.callback_id, again, now=at.now)


def _clock_time(day: date, hours: CallingHours, zone: ZoneInfo, *, opens: bool) -> datetime:
    return datetime.combine(day, hours.opens if opens else hours.closes, zone)


def _write(talk: Talk, *, task_id: int | None, in_force: bool, action: str) -> None:
    """Append the call with its effects; the audit remembers what stood before, for an amendment to put it back."""
    touched = {"stay": talk.client.in_pool_since is not None, "numbers": talk.touches_numbers}
    before = undoing.marks_of(talk.client, **touched)
    call = add_call(talk, task_id=task_id, in_force=in_force)
    won = follow(talk, call)
    facts: dict[str, object] = {
        "client": talk.client.pk,
        "task": task_id,
        "outcome": talk.outcome.value,
        "won": won,
        "to_head": talk.effects.to_head,
        "undo": undoing.difference(before, undoing.marks_now(talk.client.pk, **touched)),
    }
    audit(action, by=talk.by, now=talk.at.now, subject="call", subject_id=call.pk, facts=facts)


@transaction.atomic
def amend_call(
    *, task_id: int, outcome: Outcome, said: Said, by: Employee, now: datetime, on: date, seen: int | None = None
) -> None:
    """Correct what was written of a task on its day: what followed from it is replaced.

    It is the outcome in force, or the last attempt without an answer while the task is open. `seen` is the number of
    the call that the page showed.
    Raises: NothingToAmend, TooLateToAmend, DetailMissing, DateOutOfReach, PromiseInThePast.
    """
    at = moment(by, on=on, now=now)
    wrong = _to_amend(task_id, by)
    if wrong is None or (seen is not None and wrong.pk != seen):
        raise NothingToAmend
    closed = wrong.in_force
    standing = Call.objects.filter(pk=wrong.pk, voided_at=None, in_force=closed)
    if standing.update(in_force=False, voided_at=now) != 1:
        raise NothingToAmend
    if wrong.at.astimezone(ZoneInfo(at.policy.company_zone)).date() != on:
        raise TooLateToAmend
    carried = wrong.task.callback_id if wrong.task else None
    undone = _undo(wrong, carried=carried, by=by, at=at)
    talk = decide(wrong.client_id, outcome, said=said, by=by, at=at, carried=carried)
    if not closed:
        closed = _settle_open_task(wrong.task, talk)
    _write(talk, task_id=task_id, in_force=closed, action="call_amended")
    _link_moved(wrong.client_id, undone, now=now)


def _to_amend(task_id: int, by: Employee) -> Call | None:
    made = Call.objects.filter(task_id=task_id, employee=by, voided_at=None).select_related("task")
    wrong = made.order_by("-in_force", "-pk").first()
    still_open = wrong is not None and wrong.task is not None and wrong.task.closed_at is None
    return wrong if wrong is not None and (wrong.in_force or still_open) else None


def _settle_open_task(task: CallTask | None, talk: Talk) -> bool:
    """Close or put back the task of a corrected attempt; say whether it is closed now."""
    if task is None:
        return False
    change: dict[str, object] = {"closed_at": talk.at.now, "closed_by": talk.by, "close": "outcome"}
    if not talk.effects.closes_task:
        change = {"not_before": _ring_again(task, talk, misses=task.attempts)}
    if CallTask.objects.filter(pk=task.pk, closed_at=None).update(**change) != 1:
        raise TaskAlreadyClosed
    return talk.effects.closes_task


def _undo(wrong: Call, *, carried: int | None, by: Employee, at: Moment) -> list[int]:
    """Take back what followed from a call; return the promises it had made."""
    client = wrong.client_id
    entry = AuditEntry.objects.filter(
        action__in=("call_recorded", "call_amended"), subject="call", subject_id=wrong.pk
    ).get()
    clock.void_contact(source=CONTACT_SOURCE, key=str(wrong.pk), now=at.now)
    withdraw_matters(wrong.pk, now=at.now)
    if entry.facts["won"]:
        ownership.return_to_pool(client, won_by=by.pk, on=at.on, now=at.now, why="amended")
    undoing.put_back(entry.facts["undo"])
    made = Callback.objects.filter(client_id=client, promised_by=by, recorded_at=wrong.at, ended_at=None)
    numbers = list(made.values_list("pk", flat=True))
    Callback.objects.filter(pk__in=numbers).update(ended_at=at.now, end="moved_by_us")
    CallTask.objects.open().filter(callback__in=numbers).update(closed_at=at.now, closed_by=by, close="amended")
    ended = Callback.objects.filter(client_id=client, ended_at=wrong.at)
    ended.filter(end="stopped").update(ended_at=None, end="")
    if carried is not None:
        ended.filter(pk=carried).update(ended_at=None, end="", moved_to=None)
    clock.rebuild_clock(client, on=at.on, now=at.now, why="amended", silence=at.policy.silence)
    return numbers


def _link_moved(client: int, undone: list[int], *, now: datetime) -> None:
    """Say of a promise made by mistake which one stands in its place, if the correction made one."""
    fresh = Callback.objects.filter(client_id=client, recorded_at=now, moved_from=None).first()
    if fresh is not None:
        Callback.objects.filter(pk__in=undone[:1]).update(moved_to=fresh)


@transaction.atomic
def client_answered(
    *,
    client_id: int,
    outcome: Outcome,
    said: Said,
    by: Employee,
    direction: Direction,
    now: datetime,
    on: date,
    key: str = "",
) -> None:
    """Record a talk outside the queue: the client called in, or his manager called him without a task.

    The open queue task is closed; promises stay until somebody says they are kept. `key` is the one-time number of
    the form.
    Raises: AlreadyRecorded, NotYourClient, DetailMissing, DateOutOfReach, PromiseInThePast.
    """
    talk = decide(client_id, outcome, said=said, by=by, at=moment(by, on=on, now=now), direction=direction)
    # The client is locked by now, so the same form sent twice at once waits here and finds its twin.
    if key and Call.objects.filter(source=FORM_SOURCE, key=key).exists():
        raise AlreadyRecorded
    if direction is Direction.OUT and talk.client.owner_id != by.pk and by.role != Role.HEAD.value:
        raise NotYourClient
    if talk.effects.closes_task:
        close_queue_tasks([client_id], close="client_called", by=by, now=now)
    talk = replace(talk, form_key=key)
    _write(talk, task_id=None, in_force=talk.effects.closes_task, action="client_answered")


@transaction.atomic
def skip_task(*, task_id: int, reason: SkipReason, by: Employee, now: datetime, on: date) -> None:
    """Put a client off till the next working day, for a reason that is counted.

    Raises: TaskAlreadyClosed, NotYourTask.
    """
    task = _task_of(task_id, by)
    # The client first and his task after, as in every use case: two that lock crosswise would wait for each other.
    client = Client.objects.select_for_update().get(pk=task.client_id)
    change = {"closed_at": now, "closed_by": by, "close": f"skip_{reason.value}"}
    if CallTask.objects.filter(pk=task_id, closed_at=None).update(**change) != 1:
        raise TaskAlreadyClosed
    tomorrow = moment(by, on=on, now=now).tomorrow
    attempts = marks.Attempts(missed=client.missed_attempts, retry_on=tomorrow, paused_until=client.paused_until)
    marks.count_attempts(client.pk, attempts)
    audit(
        "task_skipped",
        by=by,
        now=now,
        subject="client",
        subject_id=client.pk,
        facts={"task": task_id, "reason": reason.value},
    )


@transaction.atomic
def stop_client(
    *, client_id: int, number: str | None, whole_company: bool, by: Employee | None, now: datetime, on: date
) -> None:
    """Stop calls at once: in every queue and every promise, for one number or the whole company.

    Raises: NumberMissing.
    """
    if whole_company:
        stop_company(client_id, by=by, on=on, now=now)
    elif number:
        stop_number(client_id, number, by=by, on=on, now=now)
    else:
        raise NumberMissing
    audit(
        "client_stopped",
        by=by,
        now=now,
        subject="client",
        subject_id=client_id,
        facts={"whole_company": whole_company},
    )
