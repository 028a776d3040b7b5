"""The next portion: who is done early gets more clients by the same rules, and chooses none of them."""

from datetime import date, datetime
from typing import ClassVar

from django.db import transaction
from django.db.models import F

from budilnik.calling.actions.deciding import decide_portion
from budilnik.calling.actions.morning import still_valid, task_row
from budilnik.calling.actions.office import Office, open_office
from budilnik.calling.models import CallTask, DayPlan
from budilnik.core.day import PlannedDay
from budilnik.core.refusal import Refusal
from budilnik.staff.actions import audit
from budilnik.staff.models import Employee
from budilnik.staff.queries import rules_on


class ListNotDone(Refusal):
    """More is given to who has called everybody on his list once."""

    ru = "Сначала пройдите список: в нём ещё есть клиенты, которым сегодня не звонили."
    en = "Finish the list first: it still has clients who were not called today."
    status: ClassVar[int] = 409


class NoPlanToday(Refusal):
    """A portion is added to a list that the morning has made."""

    ru = "На сегодня списка нет: утро ещё не проведено или день нерабочий."
    en = "There is no list for today: the morning is not made yet, or it is a day off."
    status: ClassVar[int] = 409


def next_portion(*, by: Employee, now: datetime, on: date) -> int:
    """Add a portion of clients to an employee's list of the day; return how many were added.

    Computed first, written after. A client whom another list took meanwhile is left out; asked for twice at once,
    the second finds the list not done.
    Raises: NoPlanToday, ListNotDone.
    """
    _may_ask(by, on=on)
    rules = rules_on(on)
    office = open_office(on=on, rules=rules)
    planned = decide_portion(by.pk, office=office, version=rules.version, size=rules.policy.portion)
    if planned is None:
        raise NoPlanToday
    return _write(planned, office, by=by, now=now, on=on)


def _may_ask(by: Employee, *, on: date) -> DayPlan:
    found = DayPlan.objects.filter(employee=by, run__on=on, run__published_at__isnull=False).first()
    if found is None:
        raise NoPlanToday
    untouched = CallTask.objects.open().filter(plan=found, employee=by, attempts=0, callback=None)
    if untouched.exists():
        raise ListNotDone
    return found


@transaction.atomic
def _write(planned: PlannedDay, office: Office, *, by: Employee, now: datetime, on: date) -> int:
    plan = _may_ask(by, on=on)
    # Of two portions asked for at once one must lose: the count of what was added before is its ticket.
    if DayPlan.objects.filter(pk=plan.pk, extra=plan.extra).update(extra=F("extra") + len(planned.tasks)) != 1:
        raise ListNotDone
    valid = still_valid(planned.tasks)
    zone, last = by.zone or by.team.zone, CallTask.objects.filter(plan=plan).count()
    rows = [
        task_row(task, position, plan=plan, on=on, spans=office.hours.common(task.zone, zone))
        for position, task in enumerate((t for t in planned.tasks if t.client_id in valid), start=last + 1)
    ]
    # A pool client whom a colleague got in this very moment has an open task already: the constraint keeps one.
    CallTask.objects.bulk_create(rows, ignore_conflicts=True)
    added = CallTask.objects.filter(plan=plan, position__gt=last).count()
    DayPlan.objects.filter(pk=plan.pk).update(extra=plan.extra + added)
    audit("portion_given", by=by, now=now, subject="employee", subject_id=by.pk, facts={"added": added})
    return added
