"""Writes over how much an employee carries: his own norm, his load share from a day on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from budilnik.core.refusal import Refusal
from budilnik.staff.actions import BadNorm, audit
from budilnik.staff.models import Employee, Workload
from budilnik.staff.queries import rules_on

MOST_STEPS = 24


class LoadInThePast(Refusal):
    """A load changes from today at the earliest: what was planned stays as it was."""

    ru = "Нагрузку нельзя менять задним числом: {from_on} уже прошло."
    en = "A load is not changed backwards: {from_on} is over."


class BadLoad(Refusal):
    """A load is a share of the norm."""

    ru = "Нагрузка {percent} % не годится: нужно от 0 до 100 %."
    en = "A load of {percent}% will not do: between 0 and 100% are needed."


class LoadTwiceADay(Refusal):
    """One day has one load."""

    ru = "Для {from_on} указаны две разные нагрузки."
    en = "Two loads are named for {from_on}."


@transaction.atomic
def set_workload(
    *,
    employee: Employee,
    shares: Sequence[tuple[date, float]],
    why: str,
    by: Employee | None,
    on: date,
    now: datetime,
) -> None:
    """Let an employee carry other shares of a full load from today or later; of what was planned nothing else stays.

    Raises: LoadInThePast, BadLoad, LoadTwiceADay.
    """
    steps = sorted(shares)[:MOST_STEPS]
    for from_on, share in steps:
        if from_on < on:
            raise LoadInThePast(from_on=from_on)
        if not 0 <= share <= 1:
            raise BadLoad(percent=round(share * 100))
    if len({from_on for from_on, _share in steps}) < len(steps):
        raise LoadTwiceADay(from_on=steps[0][0])
    # Two heads at once: the second waits for the row of the employee and replaces the plan of the first.
    Employee.objects.select_for_update().get(pk=employee.pk)
    written = Q(from_on__gt=on) | Q(from_on__in=[from_on for from_on, _share in steps])
    Workload.objects.filter(written, employee=employee).delete()
    Workload.objects.bulk_create(
        Workload(employee=employee, from_on=from_on, share=share, why=why[:240], by=by, at=now)
        for from_on, share in steps
    )
    told: dict[str, object] = {"shares": [[str(from_on), share] for from_on, share in steps]}
    audit("workload_set", by=by, now=now, subject="employee", subject_id=employee.pk, facts=told)


@transaction.atomic
def set_norm(*, employee: Employee, norm: int | None, by: Employee | None, on: date, now: datetime) -> None:
    """Give an employee a norm of his own, or the firm's again.

    Raises: BadNorm.
    """
    if norm is not None and not 1 <= norm <= 500:
        raise BadNorm(norm=norm)
    own = None if norm == rules_on(on).policy.norm else norm
    Employee.objects.filter(pk=employee.pk).update(norm=own)
    audit("norm_set", by=by, now=now, subject="employee", subject_id=employee.pk, facts={"norm": own})


@transaction.atomic
def set_terms(
    *,
    employee: Employee,
    norm: int | None,
    shares: Sequence[tuple[date, float]],
    why: str,
    by: Employee | None,
    on: date,
    now: datetime,
) -> None:
    """Give an employee a norm and the loads of days to come; both or neither.

    Raises: BadNorm, LoadInThePast, BadLoad, LoadTwiceADay.
    """
    set_norm(employee=employee, norm=norm, by=by, on=on, now=now)
    set_workload(employee=employee, shares=shares, why=why, by=by, on=on, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadStep:
    """A share of a full load from a day on."""

    employee_id: int
    from_on: date
    share: float
    why: str


def planned_loads(on: date) -> tuple[LoadStep, ...]:
    """Return the loads whose day has not come, the nearest first. One query."""
    rows = Workload.objects.filter(from_on__gt=on).order_by("employee_id", "from_on")
    return tuple(
        LoadStep(employee_id=row.employee_id, from_on=row.from_on, share=row.share, why=row.why) for row in rows
    )
