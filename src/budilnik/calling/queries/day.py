"""A manager's day as his page shows it: the list, whose turn it is, what is done, how far the norm has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q

from budilnik.calling.models import Call, CallTask, DayPlan
from budilnik.core.hours import HoursBook
from budilnik.core.policy import Policy
from budilnik.core.reasons import Reasons
from budilnik.core.terms import Queue
from budilnik.core.turn import OpenTask, Turn, whose_turn
from budilnik.staff.models import Employee
from budilnik.staff.queries import zone_or


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """A task of the list. `hours` are today's stretches for both; `outcome` is what was written down last."""

    task_id: int
    client_id: int
    name: str
    city: str
    zone: str
    zone_assumed: bool
    queue: str
    status: str
    silent_since: date
    deadline: date | None
    value: int
    reasons: Reasons
    promised: str
    promised_at: datetime | None
    callback_id: int | None
    rings_at: datetime | None
    not_before: datetime | None
    attempts: int
    opened: bool
    closed: bool
    close: str
    closed_at: datetime | None
    outcome: str
    position: int
    hours: tuple[tuple[datetime, datetime], ...]

    @property
    def is_promise(self) -> bool:
        """Say whether the task carries a promise."""
        return self.callback_id is not None

    @property
    def waits(self) -> bool:
        """Say whether it was tried and comes up again."""
        return not self.closed and self.attempts > 0

    @property
    def correctable(self) -> bool:
        """Say whether an outcome written today may be corrected."""
        return self.close == "outcome" or self.waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the day has come. Units: attempts, talks, clients; `unplanned` calls are shown apart."""

    norm: int
    extra: int
    attempts: int
    talks: int
    unplanned: int
    promises_kept: int

    @property
    def left(self) -> int:
        """Attempts still owed."""
        return max(0, self.norm - self.attempts)

    @property
    def done(self) -> bool:
        """Say whether the norm is fulfilled."""
        return self.attempts >= self.norm


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A manager's day. `issued` is false while the morning has not published a list for him."""

    on: date
    issued: bool
    absent: bool
    progress: Progress
    lines: tuple[DayLine, ...]
    turn: Turn

    @property
    def waiting(self) -> tuple[DayLine, ...]:
        """The open lines in the order of the list."""
        return tuple(line for line in self.lines if not line.closed)

    @property
    def finished(self) -> tuple[DayLine, ...]:
        """What is written down, the latest first."""
        done = (line for line in self.lines if line.closed)
        return tuple(sorted(done, key=lambda line: (str(line.closed_at), line.task_id), reverse=True))

    def line(self, task_id: int | None) -> DayLine | None:
        """Return a line of the list."""
        return next((line for line in self.lines if line.task_id == task_id), None)


def hours_book(*, on: date, policy: Policy) -> HoursBook:
    """Return the common hours of a day by the firm's rules. No query."""
    return HoursBook(
        on=on,
        zone_of=lambda name: zone_or(name, policy.company_zone),
        clients=policy.hours_of_clients,
        employees=policy.hours_of_employees,
    )


def day_of(employee: Employee, *, on: date, now: datetime, policy: Policy) -> Day:
    """Return an employee's day. Two queries, three of an empty one, the employee's team aside."""
    calls, tasks = _calls_of(employee, on=on, policy=policy), _tasks_of(employee, on=on)
    plan = _plan_of(employee, on=on, tasks=tasks)
    lines = _lines(tasks, employee, on=on, policy=policy, calls=calls)
    return Day(
        on=on,
        issued=plan is not None,
        absent=plan is not None and plan.capacity == 0 and not lines,
        progress=_progress(plan, calls, lines),
        lines=lines,
        turn=whose_turn(map(_as_open, (line for line in lines if not line.closed)), now=now),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    capacity: int
    extra: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    task_id: int | None
    outcome: str
    talked: bool


def _calls_of(employee: Employee, *, on: date, policy: Policy) -> list[_Made]:
    starts = datetime.combine(on, datetime.min.time(), zone_or("", policy.company_zone))
    today = Call.objects.filter(employee=employee, at__gte=starts, at__lt=starts + timedelta(days=1), voided_at=None)
    rows = today.order_by("pk").values_list("task_id", "outcome", "talked")
    return [_Made(task_id=task, outcome=outcome, talked=talked) for task, outcome, talked in rows]


def _progress(plan: _Plan | None, calls: list[_Made], lines: Iterable[DayLine]) -> Progress:
    planned = [call for call in calls if call.task_id is not None]
    return Progress(
        norm=plan.capacity if plan else 0,
        extra=plan.extra if plan else 0,
        attempts=len(planned),
        talks=sum(call.talked for call in calls),
        unplanned=len(calls) - len(planned),
        promises_kept=sum(line.is_promise and line.close == "outcome" for line in lines),
    )


_COLUMNS = (
    "pk",
    "client_id",
    "position",
    "queue",
    "status",
    "silent_since",
    "deadline",
    "value",
    "why",
    "callback_id",
    "not_before",
    "opened_at",
    "attempts",
    "closed_at",
    "close",
)


def _plan_of(employee: Employee, *, on: date, tasks: list[dict[str, Any]]) -> _Plan | None:
    """Return the plan, of which every task tells; without tasks it is asked for."""
    if tasks:
        return _Plan(capacity=tasks[0]["capacity"], extra=tasks[0]["extra"])
    plans = DayPlan.objects.filter(employee=employee, run__on=on, run__published_at__isnull=False)
    found = plans.values("capacity", "extra").first()
    return _Plan(**found) if found else None


def _tasks_of(employee: Employee, *, on: date) -> list[dict[str, Any]]:
    rows = (
        CallTask.objects.published()
        .filter(employee=employee, on=on)
        .order_by("position", "pk")
        .values(
            *_COLUMNS,
            name=F("client__name"),
            city=F("client__city"),
            zone=F("client__zone"),
            due_at=F("callback__due_at"),
            local_time=F("callback__local_time"),
            rings_at=F("callback__rings_at"),
            capacity=F("plan__capacity"),
            extra=F("plan__extra"),
        )
    )
    return list(rows)


def _lines(
    tasks: list[dict[str, Any]], employee: Employee, *, on: date, policy: Policy, calls: list[_Made]
) -> tuple[DayLine, ...]:
    book = hours_book(on=on, policy=policy)
    own_zone = employee.zone or employee.team.zone
    last = {call.task_id: call.outcome for call in calls}
    return tuple(
        DayLine(
            task_id=row["pk"],
            client_id=row["client_id"],
            name=row["name"],
            city=row["city"],
            zone=row["zone"] or policy.company_zone,
            zone_assumed=not row["zone"],
            queue=row["queue"],
            status=row["status"],
            silent_since=row["silent_since"],
            deadline=row["deadline"],
            value=row["value"],
            reasons=row["why"],
            promised=f"{row['local_time']:%H:%M}" if row["local_time"] else "",
            promised_at=row["due_at"] if row["local_time"] else None,
            callback_id=row["callback_id"],
            rings_at=row["rings_at"],
            not_before=row["not_before"],
            attempts=row["attempts"],
            opened=row["opened_at"] is not None,
            closed=row["closed_at"] is not None,
            close=row["close"],
            closed_at=row["closed_at"],
            outcome=last.get(row["pk"], ""),
            position=row["position"],
            hours=book.common(row["zone"], own_zone),
        )
        for row in tasks
    )


def _as_open(line: DayLine) -> OpenTask:
    return OpenTask(
        task_id=line.task_id,
        position=line.position,
        promised_at=line.promised_at,
        is_step=line.queue == Queue.CALLBACK.value and line.promised_at is None,
        not_before=line.not_before,
        attempts=line.attempts,
        begun=line.opened and not line.attempts,
        hours=line.hours,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendable:
    """The call that a correction replaces."""

    call_id: int
    outcome: str
    note: str


def call_to_amend(task_id: int, *, employee: Employee) -> Amendable | None:
    """Return the call of a task that its author may correct. One query."""
    made = Call.objects.filter(task_id=task_id, employee=employee, voided_at=None).order_by("-in_force", "-pk").first()
    return Amendable(call_id=made.pk, outcome=made.outcome, note=made.note) if made else None


def task_of_promise(callback_id: int, *, employee: Employee, on: date) -> int | None:
    """Return the open task of an employee that carries a promise, or is about the same client. One query."""
    tasks = CallTask.objects.published().open().filter(employee=employee, on=on)
    carrying = tasks.filter(Q(callback_id=callback_id) | Q(client__callbacks__pk=callback_id, callback=None))
    return carrying.values_list("pk", flat=True).first()
