"""A decided morning shown as if it were published: what a dry run prints, what the head sees before his word."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from itertools import batched

from budilnik.calling.actions.deciding import Decided
from budilnik.calling.queries.morning import PublishedMorning, PublishedPlan, PublishedTask
from budilnik.clients.queries.base import Called, called, loads_of_owners, values_of
from budilnik.core.day import PlannedDay, Task
from budilnik.staff.queries import StaffMember, staff_in_service


def as_published(decided: Decided) -> PublishedMorning:
    """Return the plans of a morning that nobody has written."""
    clients = called([task.client_id for day in decided.days for task in day.tasks])
    staff = {member.employee_id: member for member in staff_in_service(decided.on)}
    plans = (_plan(day, staff[day.employee_id], clients, decided) for day in decided.days)
    return PublishedMorning(
        on=decided.on,
        policy=decided.rules.version,
        changed=decided.changed,
        released=decided.released,
        works=decided.works,
        plans=tuple(sorted(plans, key=lambda plan: plan.employee)),
    )


def _plan(day: PlannedDay, member: StaffMember, clients: dict[int, Called], decided: Decided) -> PublishedPlan:
    return PublishedPlan(
        employee=member.login,
        name=member.name,
        capacity=day.capacity,
        left_out=day.left_out,
        calls_to_save=day.calls_to_save,
        tasks=tuple(_task(task, clients[task.client_id], member.zone, decided) for task in day.tasks),
    )


def _task(task: Task, client: Called, zone: str, decided: Decided) -> PublishedTask:
    spans = decided.hours.common(task.zone, zone)
    return PublishedTask(
        client_id=task.client_id,
        client=client.key,
        name=client.name,
        queue=task.queue.value,
        status=task.status.value,
        silent_since=task.silent_since,
        deadline=task.deadline,
        value=Decimal(task.value) / 100,
        reasons=task.reasons,
        city=client.city,
        zone=task.zone,
        call_from=spans[0][0] if spans else None,
        call_until=spans[-1][1] if spans else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a morning would take from one owner. Units: clients; value in kopecks."""

    name: str
    owned: int
    taken: int
    value: int


def taken_by_owner(decided: Decided) -> tuple[Taken, ...]:
    """Return whom the morning would take from whom, those who lose most first."""
    losers = {each.client_id: each.lost_by for each in decided.renewals if each.lost_by is not None}
    taken, worth = Counter(losers.values()), Counter[int]()
    for some in batched(losers, 5_000, strict=False):
        for client, value in values_of(some).items():
            worth[losers[client]] += value
    held = loads_of_owners()
    owners = [(each.employee_id, each.name) for each in staff_in_service(decided.on) if each.employee_id in held]
    rows = [Taken(name=name, owned=held[who][0], taken=taken[who], value=worth[who]) for who, name in owners]
    return tuple(sorted(rows, key=lambda row: (-row.taken, row.name)))
