"""Writes over people, calendar, policy and the audit."""

from datetime import date, datetime, timedelta
from typing import ClassVar
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction
from django.db.models import Max

from budilnik.core import policy as rules
from budilnik.core.policy import Policy
from budilnik.core.refusal import Refusal
from budilnik.core.terms import Role
from budilnik.staff.models import Absence, AuditEntry, CalendarDay, Employee, PolicyVersion, Team
from budilnik.staff.queries import names_of_staff

FIRST_TEAM = "Компания"
LOGIN_LENGTH, NAME_LENGTH = 64, 160


class LoginTaken(Refusal):
    """Two people cannot sign in under one name."""

    ru = "Сотрудник с логином «{login}» уже есть; выберите другой логин."
    en = "There is already an employee with the login “{login}”; choose another one."


class BadLogin(Refusal):
    """A login is one word without spaces."""

    ru = "Логин «{login}» не годится: нужно одно слово до 64 знаков из букв, цифр, точек и дефисов."
    en = "The login “{login}” will not do: one word of letters, digits, dots and hyphens, 64 at most, is needed."


class NameTooLong(Refusal):
    """A full name that no list could show."""

    ru = "Имя «{name}…» длиннее {limit} знаков; сократите его."
    en = "The name “{name}…” is longer than {limit} characters; shorten it."


class UnknownZone(Refusal):
    """A zone that the clock does not know."""

    ru = "Часовой пояс «{zone}» неизвестен; пишите Europe/Moscow или Asia/Yekaterinburg."
    en = "The time zone “{zone}” is unknown; write Europe/Moscow or Asia/Yekaterinburg."


class BadNorm(Refusal):
    """A norm is a whole number of attempts a day."""

    ru = "Норма {norm} не годится: нужно от 1 до 500 звонков в день."
    en = "A norm of {norm} will not do: between 1 and 500 calls a day are needed."


class PolicyStartsInThePast(Refusal):
    """A version starts today or later: what was planned stays as it was."""

    ru = "Правила не могут начать действовать {starts_on}: это раньше, чем {on}."
    en = "The rules cannot start on {starts_on}: that is before {on}."


class AbsenceEndsEarly(Refusal):
    """An absence ends no earlier than it begins."""

    ru = "Отсутствие не может закончиться {until_on}, раньше начала {from_on}."
    en = "An absence cannot end on {until_on}, before it begins on {from_on}."


class AbsenceOverlaps(Refusal):
    """The same days are noted once, or the second absence would return promises while the first goes on."""

    ru = "{name}: отсутствие с {from_on} по {until_on} уже записано; эти дни пересекаются."
    en = "{name}: an absence from {from_on} to {until_on} is noted already; these days overlap."


class OwnSubstitute(Refusal):
    """Nobody stands in for himself."""

    ru = "Сотрудник не может замещать сам себя; выберите другого."
    en = "Nobody stands in for himself; choose another employee."


class AbsenceOver(Refusal):
    """The absence has ended before that day, or was taken back."""

    ru = "Это отсутствие уже закончилось или снято."
    en = "This absence has ended already or was taken back."
    status: ClassVar[int] = 409


def audit(
    action: str,
    *,
    by: Employee | None,
    now: datetime,
    subject: str,
    subject_id: int | None = None,
    facts: dict[str, object] | None = None,
) -> None:
    """Append one line to the audit: ids and codes, never personal data."""
    AuditEntry.objects.create(at=now, by=by, action=action, subject=subject, subject_id=subject_id, facts=facts or {})


def first_team() -> Team:
    """Return the firm's first team, made on first need."""
    team, _ = Team.objects.get_or_create(pk=1, defaults={"name": FIRST_TEAM})
    return team


@transaction.atomic
def add_employee(
    *,
    login: str,
    name: str,
    role: Role,
    norm: int,
    on: date,
    by: Employee | None,
    now: datetime,
    zone: str = "",
) -> int:
    """Take someone on.

    Raises: BadLogin, NameTooLong, UnknownZone, BadNorm, LoginTaken (also by another case, or by someone's full name:
    files name people by either).
    """
    if not 0 < len(login) <= LOGIN_LENGTH or not all(sign.isalnum() or sign in "._-@" for sign in login):
        raise BadLogin(login=login[:LOGIN_LENGTH])
    if len(name) > NAME_LENGTH:
        raise NameTooLong(name=name[:LOGIN_LENGTH], limit=NAME_LENGTH)
    if zone and zone not in available_timezones():
        raise UnknownZone(zone=zone)
    if not 1 <= norm <= 500:
        raise BadNorm(norm=norm)
    if login.casefold() in names_of_staff():
        raise LoginTaken(login=login)
    try:
        with transaction.atomic():
            employee = Employee(
                login=login,
                name=name or login,
                role=role.value,
                norm=norm,
                team=first_team(),
                joined_on=on,
                zone=zone,
            )
            employee.set_unusable_password()
            employee.save()
    except IntegrityError:
        raise LoginTaken(login=login) from None
    audit(
        "employee_added",
        by=by,
        now=now,
        subject="employee",
        subject_id=employee.pk,
        facts={"role": role.value},
    )
    return employee.pk


def choose_language(*, employee: Employee, language: str) -> None:
    """Note the language in which an employee reads the pages: a taste, so nothing is audited."""
    Employee.objects.filter(pk=employee.pk).update(language=language)


@transaction.atomic
def leave(*, employee: Employee, on: date, by: Employee | None, now: datetime) -> None:
    """Note that someone no longer works from `on` and may not sign in any more.

    His clients are moved by calling.actions.employee_leaves.
    """
    Employee.objects.filter(pk=employee.pk).update(left_on=on, is_active=False)
    audit("employee_left", by=by, now=now, subject="employee", subject_id=employee.pk, facts={"on": str(on)})


@transaction.atomic
def set_policy(*, policy: Policy, starts_on: date, on: date, why: str, by: Employee | None, now: datetime) -> int:
    """Store a new version of the rules and return its number.

    Raises: PolicyContradiction, PolicyStartsInThePast (the very first version may start on any day).
    """
    rules.check(policy)
    latest = PolicyVersion.objects.aggregate(latest=Max("version"))["latest"] or 0
    if latest and starts_on < on:
        raise PolicyStartsInThePast(starts_on=starts_on, on=on)
    row = PolicyVersion.objects.create(
        version=latest + 1, starts_on=starts_on, settings=rules.to_settings(policy), why=why, by=by, at=now
    )
    audit("policy_set", by=by, now=now, subject="policy", subject_id=row.pk, facts={"starts_on": str(starts_on)})
    return row.version


@transaction.atomic
def note_absence(
    *,
    employee: Employee,
    from_on: date,
    until_on: date,
    substitute: Employee | None,
    by: Employee | None,
    now: datetime,
) -> int:
    """Record an absence; today's tasks are moved by calling.actions.absence_begins.

    Raises: AbsenceEndsEarly, AbsenceOverlaps, OwnSubstitute.
    """
    if until_on < from_on:
        raise AbsenceEndsEarly(from_on=from_on, until_on=until_on)
    if substitute == employee:
        raise OwnSubstitute
    # Two who note it at once: the second waits for the row of the employee and then sees the first.
    Employee.objects.select_for_update().get(pk=employee.pk)
    other = Absence.objects.filter(employee=employee, from_on__lte=until_on, until_on__gte=from_on).first()
    if other is not None:
        raise AbsenceOverlaps(name=employee.name, from_on=other.from_on, until_on=other.until_on)
    row = Absence.objects.create(employee=employee, from_on=from_on, until_on=until_on, substitute=substitute)
    audit("absence_noted", by=by, now=now, subject="employee", subject_id=employee.pk, facts={"absence": row.pk})
    return row.pk


@transaction.atomic
def shorten_absence(*, absence_id: int, back_on: date, by: Employee | None, now: datetime) -> tuple[Employee, bool]:
    """Let an absence end the day before `back_on`; return whose it is, and whether nothing is left of it.

    Raises: AbsenceOver.
    """
    row = Absence.objects.select_for_update(of=("self",)).select_related("employee").filter(pk=absence_id).first()
    if row is None or row.until_on < back_on:
        raise AbsenceOver
    cancelled = back_on <= row.from_on
    if cancelled:
        Absence.objects.filter(pk=absence_id).delete()
    else:
        Absence.objects.filter(pk=absence_id).update(until_on=back_on - timedelta(days=1))
    facts: dict[str, object] = {"absence": absence_id, "back_on": str(back_on), "until_on": str(row.until_on)}
    audit("absence_shortened", by=by, now=now, subject="employee", subject_id=row.employee_id, facts=facts)
    return row.employee, cancelled


@transaction.atomic
def override_day(*, on: date, works: bool, note: str, by: Employee | None, now: datetime) -> None:
    """Say that a day differs from the production calendar for every team."""
    CalendarDay.objects.update_or_create(team=None, on=on, defaults={"works": works, "note": note})
    audit("calendar_day_set", by=by, now=now, subject="calendar", facts={"on": str(on), "works": works})
