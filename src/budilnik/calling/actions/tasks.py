"""Open tasks closed or moved by something other than their own call: parts of larger use cases."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from budilnik.calling.models import Callback, CallTask, DayPlan
from budilnik.core.reasons import promise_reasons
from budilnik.core.terms import Queue
from budilnik.staff.models import Employee


def close_tasks(clients: Sequence[int], *, close: str, by: Employee | None, now: datetime) -> int:
    """Close the open tasks of clients with a word; return how many there were."""
    tasks = CallTask.objects.open().filter(client_id__in=clients)
    return tasks.update(closed_at=now, closed_by=by, close=close)


def close_queue_tasks(clients: Sequence[int], *, close: str, by: Employee | None, now: datetime) -> int:
    """Close the open tasks of clients who were dealt with otherwise; a task that carries a promise stays."""
    tasks = CallTask.objects.open().filter(client_id__in=clients)
    return tasks.exclude(queue=Queue.CALLBACK.value).update(closed_at=now, closed_by=by, close=close)


def move_tasks(holders: Mapping[int, int], *, close: str, by: Employee | None, now: datetime) -> None:
    """Move the open tasks of clients to other employees, `holders` maps client to employee.

    Where the new holder has no plan of that morning the task is closed with a word: the next morning plans anew.
    """
    places = destinations(holders)
    for task, place in places.items():
        if place is not None:
            # Only while it is open: its own call may be saved at this very moment.
            CallTask.objects.filter(pk=task.pk, closed_at=None).update(employee_id=place.employee_id, plan_id=place.pk)
    close_tasks([task.client_id for task, place in places.items() if place is None], close=close, by=by, now=now)


def destinations(holders: Mapping[int, int]) -> dict[CallTask, DayPlan | None]:
    """Return the plan to which each open task of clients would move; None where the new holder has none that morning.

    Tasks that the holder has already are left out.
    """
    found = CallTask.objects.open().filter(client_id__in=list(holders)).select_related("plan")
    tasks = [task for task in found if holders[task.client_id] != task.employee_id]
    wanted = DayPlan.objects.filter(run__in={task.plan.run_id for task in tasks}, employee__in=set(holders.values()))
    plans = {(plan.run_id, plan.employee_id): plan for plan in wanted}
    return {task: plans.get((task.plan.run_id, holders[task.client_id])) for task in tasks}


def plan_promise(promise: Callback) -> None:
    """Give a promise its place on the list of the day it falls on, when that list is issued already.

    The client's open task carries it; without one he gets a task of his keeper. A promise of a later day is planned
    by its morning.
    """
    issued = DayPlan.objects.filter(run__published_at__isnull=False, run__on=promise.local_on)
    plan = issued.filter(employee=promise.employee_id).first()
    if plan is None:
        return
    waiting = CallTask.objects.open().filter(client=promise.client_id)
    if waiting.filter(callback=None).update(callback=promise.pk, queue=Queue.CALLBACK.value) or waiting.exists():
        return
    client, time = promise.client, promise.local_time
    CallTask.objects.create(
        plan=plan,
        employee_id=promise.employee_id,
        client=client,
        on=promise.local_on,
        position=CallTask.objects.filter(plan=plan).count() + 1,
        queue=Queue.CALLBACK.value,
        status=client.status,
        silent_since=client.silent_since,
        value=client.value,
        callback=promise,
        why=promise_reasons(
            local_time=f"{time:%H:%M}" if time else "",
            zone=promise.zone,
            about=promise.about,
            overdue=False,
            stands_in_for=None if promise.employee_id == promise.promised_by_id else promise.promised_by_id,
        ),
    )
