"""The morning written: what was decided goes to the database in short transactions, and one UPDATE publishes it.

Every step repeats as a no-op, so that a run killed anywhere and started again ends as one that was not.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import batched

from django.db import IntegrityError, transaction
from django.db.models import F

from budilnik.calling.actions.deciding import Decided, Step, decide_morning
from budilnik.calling.actions.people import absence_ends
from budilnik.calling.models import Callback, CallTask, DayPlan, MorningRun
from budilnik.calling.queries.morning import last_published
from budilnik.clients.actions.columns import give_way
from budilnik.clients.actions.renewal import Renewal, apply_renewals
from budilnik.clients.queries.base import standing_of
from budilnik.core.day import PlannedDay, Task
from budilnik.core.refusal import Refusal
from budilnik.core.terms import Queue
from budilnik.staff.models import Employee

# Longer than any morning decides: a million neglected clients take a minute or two. A holder that died on this machine
# is seen at once, so the wait is only for another machine that went away.
LEASE = timedelta(minutes=10)
# Five hundred changed clients take about a tenth of a second: saves slip in between.
BATCH = 500
PLANS_AT_ONCE = 25

type Clock = Callable[[], datetime]
type Spans = Sequence[tuple[datetime, datetime]]


class MorningInThePast(Refusal):
    """A later morning is already published; plans are not made backwards."""

    ru = "Утро {on} не проводится: уже опубликовано утро {last}."
    en = "The morning of {on} is not run: the morning of {last} is already published."


class MorningIsBeingMade(Refusal):
    """Another process makes this morning now; it is done once."""

    ru = "Утро {on} уже проводит другой процесс ({holder})."
    en = "The morning of {on} is being made by another process ({holder})."


class MorningTakenOver(Refusal):
    """This process was silent for too long, and another one took the morning over."""

    ru = "Утро {on} перехватил другой процесс: этот слишком долго молчал."
    en = "Another process took over the morning of {on}: this one was silent for too long."


def preview_morning(*, on: date, step: Step) -> Decided:
    """Decide a morning and write nothing.

    Raises: MorningInThePast.
    """
    _not_in_the_past(on)
    return decide_morning(on=on, step=step)


def run_morning(
    *,
    on: date,
    holder: str,
    clock: Clock,
    step: Step,
    is_gone: Callable[[str], bool],
    decided: Decided | None = None,
) -> None:
    """Make and publish the morning of `on`; one already published is left as it is.

    `holder` names this process; `is_gone` says whether another holder is known to be dead, so that its lease need
    not be waited for. `step` hears the name of every point passed. `decided` is what was decided a moment ago, so
    that it is not decided twice: each write states the condition it was computed under, as ever.

    Raises: MorningInThePast, MorningIsBeingMade, MorningTakenOver.
    """
    _not_in_the_past(on)
    if MorningRun.objects.filter(on=on).exclude(published_at=None).exists():
        return
    run = _claim(on, holder=holder, now=clock(), is_gone=is_gone)
    step("claimed")
    decided = decided or decide_morning(on=on, step=step)
    _close_yesterday(run, clock=clock)
    step("yesterday_closed")
    _write_renewals(run, decided, clock=clock, step=step)
    step("renewals_written")
    _clear_unpublished(run, clock=clock)
    step("leftovers_cleared")
    _return_promises(run, decided, clock=clock)
    _write_plans(run, decided, clock=clock, step=step)
    step("plans_written")
    _publish(run, decided, clock=clock)
    step("published")


def _not_in_the_past(on: date) -> None:
    last = last_published()
    if last is not None and on < last:
        raise MorningInThePast(on=on, last=last)


def _claim(on: date, *, holder: str, now: datetime, is_gone: Callable[[str], bool]) -> MorningRun:
    """Take the run of the day: by inserting it, or by a conditional UPDATE when its holder is dead or asleep."""
    first = last_published() is None
    new = MorningRun(
        on=on, policy_version=0, seed="", holder=holder, lease_until=now + LEASE, started_at=now, first=first
    )
    try:
        with transaction.atomic():
            new.save(force_insert=True)
        return new
    except IntegrityError:
        run = MorningRun.objects.get(on=on)
    if run.lease_until > now and not is_gone(run.holder):
        raise MorningIsBeingMade(on=on, holder=run.holder)
    mine = MorningRun.objects.filter(pk=run.pk, fence=run.fence, published_at=None)
    if mine.update(fence=run.fence + 1, holder=holder, lease_until=now + LEASE) != 1:
        raise MorningIsBeingMade(on=on, holder=run.holder)
    return MorningRun.objects.get(pk=run.pk)


def _hold(run: MorningRun, *, now: datetime, changed: int = 0, released: int = 0) -> None:
    """Renew the lease within a write, count what it changes, and stop a process that was taken over."""
    mine = MorningRun.objects.filter(pk=run.pk, fence=run.fence, published_at=None)
    held = mine.update(lease_until=now + LEASE, changed=F("changed") + changed, released=F("released") + released)
    if held != 1:
        raise MorningTakenOver(on=run.on)


def _close_yesterday(run: MorningRun, *, clock: Clock) -> None:
    """The day's end closes what was not reached; nobody's clock moves by it."""
    stale = CallTask.objects.open().filter(on__lt=run.on).order_by("pk").values_list("pk", flat=True)
    while some := list(stale[:BATCH]):
        with transaction.atomic():
            _hold(run, now=clock())
            CallTask.objects.open().filter(pk__in=some).update(closed_at=clock(), close="not_reached")
        give_way()


def _write_renewals(run: MorningRun, decided: Decided, *, clock: Clock, step: Step) -> None:
    why = "silence"
    for number, some in enumerate(batched(decided.renewals, BATCH, strict=False)):
        with transaction.atomic():
            _write_batch(run, some, decided=decided, now=clock(), why=why)
            if number == 0:
                step("first_renewals_inside")
        give_way()
        if number == 0:
            step("first_renewals_written")


def _write_batch(run: MorningRun, renewals: Sequence[Renewal], *, decided: Decided, now: datetime, why: str) -> None:
    written = apply_renewals(
        renewals, on=decided.on, now=now, policy_version=decided.rules.version, initial=run.first, why=why
    )
    changed = sum(bool(each.steps) for each in written)
    _hold(run, now=now, changed=changed, released=sum(each.lost_by is not None for each in written))


def _clear_unpublished(run: MorningRun, *, clock: Clock) -> None:
    """Throw away the plans of a killed attempt; nobody has seen them."""
    while some := list(DayPlan.objects.filter(run=run).order_by("pk").values_list("pk", flat=True)[:50]):
        with transaction.atomic():
            _hold(run, now=clock())
            CallTask.objects.filter(plan_id__in=some).delete()
            DayPlan.objects.filter(pk__in=some).delete()


def _return_promises(run: MorningRun, decided: Decided, *, clock: Clock) -> None:
    """Give those who are back at work the promises that others kept for them."""
    for employee in Employee.objects.filter(pk__in=decided.back).order_by("pk"):
        with transaction.atomic():
            _hold(run, now=clock())
            absence_ends(employee=employee, by=None, now=clock())


def _write_plans(run: MorningRun, decided: Decided, *, clock: Clock, step: Step) -> None:
    for number, some in enumerate(batched(decided.days, PLANS_AT_ONCE, strict=False)):
        with transaction.atomic():
            _hold(run, now=clock())
            _write_days(run, some, decided=decided)
            if number == 0:
                step("first_plans_inside")
        give_way()
        if number == 0:
            step("first_plans_written")


def _write_days(run: MorningRun, days: Sequence[PlannedDay], *, decided: Decided) -> None:
    plans = DayPlan.objects.bulk_create(
        [
            DayPlan(
                run=run,
                employee_id=day.employee_id,
                capacity=day.capacity,
                load=min(day.load, 1e6),
                left_out=day.left_out,
                calls_to_save=day.calls_to_save,
            )
            for day in days
        ]
    )
    _hand_over_promises(days)
    valid = still_valid([task for day in days for task in day.tasks])
    CallTask.objects.bulk_create(
        [
            task_row(task, position, plan=plan, on=decided.on, spans=_spans(task, plan, decided))
            for plan, day in zip(plans, days, strict=True)
            for position, task in enumerate((t for t in day.tasks if t.client_id in valid), start=1)
        ],
        batch_size=BATCH,
    )


def _hand_over_promises(days: Sequence[PlannedDay]) -> None:
    """Let a promise that a stand-in is to keep today ring at his desk; on the first day back it returns."""
    for day in days:
        carried = [task.callback_id for task in day.tasks if task.callback_id is not None]
        others = Callback.objects.filter(pk__in=carried, ended_at=None).exclude(employee=day.employee_id)
        if carried:
            others.update(employee=day.employee_id)


def still_valid(tasks: Iterable[Task]) -> set[int]:
    """Return whom the plan may still call: an order or a call that came while it was made takes a client off it."""
    wanted = {task.client_id: task for task in tasks}
    busy = set(CallTask.objects.open().filter(client_id__in=list(wanted)).values_list("client_id", flat=True))
    return {
        each.client_id
        for each in standing_of(list(wanted))
        if each.client_id not in busy
        and (
            wanted[each.client_id].queue is Queue.CALLBACK
            or (
                each.silent_since == wanted[each.client_id].silent_since
                and each.in_pool is (wanted[each.client_id].queue is Queue.POOL)
            )
        )
    }


def _spans(task: Task, plan: DayPlan, decided: Decided) -> Spans:
    return decided.hours.common(task.zone, decided.zones[plan.employee_id])


def task_row(task: Task, position: int, *, plan: DayPlan, on: date, spans: Spans) -> CallTask:
    """Return the unsaved row of a planned task; `spans` are the hours in which both sides may talk."""
    return CallTask(
        plan=plan,
        employee_id=plan.employee_id,
        client_id=task.client_id,
        on=on,
        position=position,
        queue=task.queue.value,
        status=task.status.value,
        silent_since=task.silent_since,
        deadline=task.deadline,
        value=task.value,
        why=task.reasons,
        callback_id=task.callback_id,
        call_from=spans[0][0] if spans else None,
        call_until=spans[-1][1] if spans else None,
    )


def _publish(run: MorningRun, decided: Decided, *, clock: Clock) -> None:
    """Show the morning to everybody: one UPDATE, after which the run is never touched again."""
    now = clock()
    mine = MorningRun.objects.filter(pk=run.pk, fence=run.fence, published_at=None)
    published = mine.update(
        published_at=now,
        policy_version=decided.rules.version,
        seed=str(decided.seed.number),
        digest=decided.digest,
        works=decided.works,
    )
    if published != 1:
        raise MorningTakenOver(on=run.on)
