"""Open tasks closed or moved by something other than their own call: parts of larger use cases."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from budilnik.calling.models import CallTask, DayPlan
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
    found = CallTask.objects.open().filter(client_id__in=list(holders))
    tasks = [task for task in found.select_related("plan") if holders[task.client_id] != task.employee_id]
    wanted = DayPlan.objects.filter(run__in={task.plan.run_id for task in tasks}, employee__in=set(holders.values()))
    plans = {(plan.run_id, plan.employee_id): plan.pk for plan in wanted}
    homeless = []
    for task in tasks:
        to = holders[task.client_id]
        if (plan := plans.get((task.plan.run_id, to))) is None:
            homeless.append(task.client_id)
        else:
            # Only while it is open: its own call may be saved at this very moment.
            CallTask.objects.filter(pk=task.pk, closed_at=None).update(employee_id=to, plan_id=plan)
    close_tasks(homeless, close=close, by=by, now=now)
