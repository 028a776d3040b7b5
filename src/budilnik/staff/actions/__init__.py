"""Writes over people, calendar, policy and the audit."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import ClassVar
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from budilnik.core import policy as rules
from budilnik.core.policy import Policy, PolicyContradiction
from budilnik.core.refusal import Refusal
from budilnik.core.terms import Role
from budilnik.staff.models import Absence, AuditEntry, Employee, PolicyVersion, Tally, Team
from budilnik.staff.queries import names_of_staff, read_anew, rules_on
from budilnik.staff.queries.versions import contradictions_of_firm

FIRST_TEAM = "Компания"
LOGIN_LENGTH, NAME_LENGTH = 64, 160
PASSWORD_LENGTH = 8


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


class PasswordTooShort(Refusal):
    """A password that is guessed in an hour opens the whole base."""

    ru = "Пароль слишком короткий: нужно не меньше {least} знаков."
    en = "The password is too short: at least {least} characters are needed."


class TooManyCards(Refusal):
    """A base is not carried away card by card."""

    ru = "За день открыто карточек: {cap}, больше сегодня нельзя. Если это нужно для работы, скажите руководителю."
    en = "{cap} cards were opened today, which is the limit. If your work needs more, tell the head."
    status: ClassVar[int] = 429


class TooManyLookups(Refusal):
    """Clients of others are found for one who calls in, not to read the base through."""

    ru = "За день найдено чужих клиентов: {cap}, больше сегодня нельзя. Переведите звонок руководителю."
    en = "{cap} clients of others were found today, which is the limit. Put the call through to the head."
    status: ClassVar[int] = 429


class PolicyStartsInThePast(Refusal):
    """A version starts today or later: what was planned stays as it was."""

    ru = "Правила не могут начать действовать {starts_on}: это раньше, чем {on}."
    en = "The rules cannot start on {starts_on}: that is before {on}."


class PlannedVersionWaits(Refusal):
    """A version that starts before a planned one would be silently undone by it, or undo it."""

    ru = "Правила № {version} уже запланированы с {starts_on}: отзовите их или начните не раньше этого дня."
    en = "The rules no. {version} are planned from {starts_on}: take them back, or start no earlier."


class PolicyChangedMeanwhile(Refusal):
    """Two heads change the rules at once: the second looks at what the first has done."""

    ru = "Пока вы смотрели, правила изменил другой: теперь это № {version}. Проверьте свои изменения ещё раз."
    en = "Somebody else changed the rules while you looked: they are no. {version} now. Check your changes again."
    status: ClassVar[int] = 409


class VersionInForce(Refusal):
    """What is in force is changed by a new version, not taken back."""

    ru = "Отозвать можно только правила, которые ещё не начались. Эти уже действуют или отозваны."
    en = "Only rules that have not begun may be taken back. These are in force, or taken back already."
    status: ClassVar[int] = 409


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


def audit_many(
    action: str, *, by: Employee | None, now: datetime, subject: str, facts: Mapping[int, dict[str, object]]
) -> None:
    """Append a line to the audit for each of many subjects, `facts` by their numbers."""
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(at=now, by=by, action=action, subject=subject, subject_id=number, facts=told)
            for number, told in facts.items()
        ],
        batch_size=500,
    )


_CAPPED: Mapping[str, type[Refusal]] = {"card": TooManyCards, "lookup": TooManyLookups}


def count_view(*, employee: Employee, on: date, what: str, cap: int | None) -> None:
    """Count a card opened or a stranger looked up; `cap` None counts without a limit.

    Raises: TooManyCards for "card", TooManyLookups for "lookup", once the day's cap is reached.
    """
    row, _ = Tally.objects.get_or_create(employee=employee, on=on, what=what)
    within = Tally.objects.filter(pk=row.pk) if cap is None else Tally.objects.filter(pk=row.pk, count__lt=cap)
    # Two pages opened at once count two: the condition is the count itself.
    if within.update(count=F("count") + 1) != 1:
        raise _CAPPED[what](cap=cap)


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
                # Who is asked no more and no less than the firm's norm follows it when it changes.
                norm=None if norm == rules_on(on).policy.norm else norm,
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
def set_password(*, employee: Employee, password: str, by: Employee | None, now: datetime) -> None:
    """Give an employee a new password to sign in with.

    Raises: PasswordTooShort.
    """
    if len(password) < PASSWORD_LENGTH:
        raise PasswordTooShort(least=PASSWORD_LENGTH)
    employee.set_password(password)
    Employee.objects.filter(pk=employee.pk).update(password=employee.password)
    audit("password_set", by=by, now=now, subject="employee", subject_id=employee.pk)


@transaction.atomic
def leave(*, employee: Employee, on: date, by: Employee | None, now: datetime) -> None:
    """Note that someone no longer works from `on` and may not sign in any more.

    His clients are moved by calling.actions.employee_leaves.
    """
    Employee.objects.filter(pk=employee.pk).update(left_on=on, is_active=False)
    audit("employee_left", by=by, now=now, subject="employee", subject_id=employee.pk, facts={"on": str(on)})


@transaction.atomic
def set_policy(
    *,
    policy: Policy,
    starts_on: date,
    on: date,
    why: str,
    by: Employee | None,
    now: datetime,
    based_on: int | None = None,
) -> int:
    """Store a new version of the rules and return its number. `based_on` is the newest one that its author saw.

    Raises: PolicyContradiction, PolicyStartsInThePast (the very first version may start on any day),
    PlannedVersionWaits, PolicyChangedMeanwhile.
    """
    rules.check(policy)
    for each in contradictions_of_firm(policy, on=on):
        raise PolicyContradiction(ru=each.ru, en=each.en)
    latest = PolicyVersion.objects.aggregate(latest=Max("version"))["latest"] or 0
    if based_on is not None and based_on != latest:
        raise PolicyChangedMeanwhile(version=latest)
    if latest and starts_on < on:
        raise PolicyStartsInThePast(starts_on=starts_on, on=on)
    planned = PolicyVersion.objects.standing().filter(starts_on__gt=max(on, starts_on)).order_by("starts_on").first()
    if planned is not None:
        raise PlannedVersionWaits(version=planned.version, starts_on=planned.starts_on)
    new = PolicyVersion(
        version=latest + 1, starts_on=starts_on, settings=rules.to_settings(policy), why=why[:240], by=by, at=now
    )
    row = _stored(new)
    read_anew()
    audit("policy_set", by=by, now=now, subject="policy", subject_id=row.pk, facts={"starts_on": str(starts_on)})
    return row.version


def _stored(new: PolicyVersion) -> PolicyVersion:
    # Of two who store the next number at once one must lose; the number is unique.
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        raise PolicyChangedMeanwhile(version=new.version) from None
    return new


@transaction.atomic
def withdraw_policy(*, version: int, on: date, by: Employee | None, now: datetime) -> None:
    """Take back a version whose day has not come; its row stays in the history.

    Raises: VersionInForce.
    """
    planned = PolicyVersion.objects.standing().filter(version=version, starts_on__gt=on)
    if planned.update(withdrawn_at=now, withdrawn_by=by) != 1:
        raise VersionInForce
    read_anew()
    audit("policy_withdrawn", by=by, now=now, subject="policy", facts={"version": version})


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
