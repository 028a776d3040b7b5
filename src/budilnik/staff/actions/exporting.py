"""Taking tables out of the firm: who may, and the trace that it leaves."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from django.db import transaction

from budilnik.core.refusal import Refusal
from budilnik.core.terms import Role
from budilnik.staff.actions import audit, count_view
from budilnik.staff.models import Employee

LEADERS = frozenset({Role.HEAD.value, Role.DIRECTOR.value})
EXPORT = "export"
LONGEST_FACT = 60


class ExportNotAllowed(Refusal):
    """The base is not carried away without a right to."""

    ru = "Выгружать таблицы вам не разрешено. Если это нужно для работы, попросите администратора дать право."
    en = "You may not take tables out. If your work needs it, ask the administrator for the right."
    status: ClassVar[int] = 403


class OnlyTheAdministratorGrants(Refusal):
    """A right is not given to oneself or to a colleague."""

    ru = "Право на выгрузку даёт только администратор."
    en = "Only the administrator gives the right to take tables out."
    status: ClassVar[int] = 403


def may_export(employee: Employee) -> bool:
    """Say whether an employee may take tables out: by his role, or by a right of his own. No query."""
    return employee.role in LEADERS or employee.may_export


def require_export(employee: Employee) -> None:
    """See that an employee may take tables out.

    Raises: ExportNotAllowed.
    """
    if not may_export(employee):
        raise ExportNotAllowed


@transaction.atomic
def note_export(*, what: str, rows: int, asked: Mapping[str, str], by: Employee, on: date, now: datetime) -> None:
    """Write down that a table leaves the firm: which, how many rows, narrowed to what; count it for the day.

    Raises: ExportNotAllowed.
    """
    require_export(by)
    count_view(employee=by, on=on, what=EXPORT, cap=None)
    narrowed = {name: value[:LONGEST_FACT] for name, value in sorted(asked.items())}
    audit(
        "exported",
        by=by,
        now=now,
        subject="employee",
        subject_id=by.pk,
        facts={"what": what, "rows": rows} | narrowed,
    )


@transaction.atomic
def allow_export(*, employee: Employee, allowed: bool, by: Employee, now: datetime) -> None:
    """Give an employee the right to take tables out, or take it back; said twice, it is said once.

    Raises: OnlyTheAdministratorGrants.
    """
    if by.role != Role.ADMINISTRATOR:
        raise OnlyTheAdministratorGrants
    if Employee.objects.filter(pk=employee.pk).exclude(may_export=allowed).update(may_export=allowed) == 1:
        what = "export_allowed" if allowed else "export_forbidden"
        audit(what, by=by, now=now, subject="employee", subject_id=employee.pk)
