"""Reads over people, calendar and policy."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, ClassVar, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
from allauth.mfa.models import Authenticator
from django.db.models import F, FloatField, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from budilnik.core import policy as rules
from budilnik.core.dates import WorkCalendar
from budilnik.core.naming import sort_key
from budilnik.core.policy import Policy
from budilnik.core.refusal import Refusal
from budilnik.core.terms import Role
from budilnik.staff.models import Absence, AuditEntry, CalendarDay, Employee, PolicyVersion, Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesInForce:
    """A policy with the number of its version; 0 while none has been stored."""

    version: int
    policy: Policy


_READ: ContextVar[dict[Hashable, object] | None] = ContextVar("read", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Within it rules and calendars are read once, so that a request goes by one and the same from start to end."""
    token = _READ.set({})
    try:
        yield
    finally:
        _READ.reset(token)


def read_anew() -> None:
    """Forget what was read: the rules or the calendar have just been changed."""
    if (known := _READ.get()) is not None:
        known.clear()


def _once[T](what: Hashable, read: Callable[[], T]) -> T:
    known = _READ.get()
    if known is None:
        return read()
    if what not in known:
        known[what] = read()
    return known[what]  # type: ignore[return-value]


def rules_on(day: date) -> RulesInForce:
    """Return the rules in force on `day`; the defaults while none are stored. One query, once in a request."""
    return _once(("rules", day), lambda: _rules_on(day))


def _rules_on(day: date) -> RulesInForce:
    row = PolicyVersion.objects.standing().filter(starts_on__lte=day).order_by("-version").first()
    if row is None:
        return RulesInForce(version=0, policy=Policy())
    return RulesInForce(version=row.version, policy=rules.from_settings(row.settings))


def policy_is_stored() -> bool:
    """Say whether the firm has rules of its own. One query."""
    return PolicyVersion.objects.exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceSpan:
    """Days away, both ends included, and who stands in."""

    from_on: date
    until_on: date
    substitute_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """An employee in service as the morning sees him. Units: norm in attempts, load share in 0..1.

    `own_norm` is None for one who has the firm's.
    """

    employee_id: int
    login: str
    name: str
    role: Role
    norm: int
    load_share: float
    zone: str
    team_id: int
    calendar: str
    absences: tuple[AbsenceSpan, ...]
    own_norm: int | None = None

    def away(self, on: date) -> AbsenceSpan | None:
        """Return the absence that covers `on`, if any."""
        return next((span for span in self.absences if span.from_on <= on <= span.until_on), None)


def staff_in_service(on: date) -> tuple[StaffMember, ...]:
    """Return everybody in service on `on`, absent ones included, by number. Two queries."""
    absences = defaultdict(list)
    for row in Absence.objects.filter(until_on__gte=on - timedelta(days=14)).order_by("from_on", "pk"):
        span = AbsenceSpan(from_on=row.from_on, until_on=row.until_on, substitute_id=row.substitute_id)
        absences[row.employee_id].append(span)
    people = with_load(Employee.objects.working(on), on=on).select_related("team").order_by("pk")
    return tuple(
        StaffMember(
            employee_id=each.pk,
            login=each.login,
            name=each.name,
            role=Role(each.role),
            norm=norm_of(each),
            load_share=each.load_share,
            zone=each.zone or each.team.zone,
            team_id=each.team_id,
            calendar=each.team.calendar,
            absences=tuple(absences[each.pk]),
            own_norm=each.norm,
        )
        for each in people
    )


class Loaded(Protocol):
    """An employee as `with_load` reads him."""

    norm: int | None
    norm_of_firm: int | None


def with_load(people: QuerySet[Employee], *, on: date) -> QuerySet[Employee, Any]:
    """Add to employees the firm's norm and their load share as they are on `on`. No query of its own."""
    versions = PolicyVersion.objects.standing().filter(starts_on__lte=on).order_by("-version")
    norms = versions.annotate(n=Cast(KeyTextTransform("norm", "settings"), IntegerField())).values("n")[:1]
    loads = Workload.objects.filter(employee=OuterRef("pk"), from_on__lte=on).order_by("-from_on").values("share")[:1]
    return people.annotate(
        norm_of_firm=Subquery(norms),
        load_share=Coalesce(Subquery(loads), Value(1.0), output_field=FloatField()),
    )


def norm_of(employee: Loaded) -> int:
    """Return an employee's own norm, else the firm's. No query."""
    return employee.norm or employee.norm_of_firm or Policy().norm


def names_of_staff() -> dict[str, int]:
    """Return employee numbers by login and by full name, casefolded; leavers too. One query."""
    found: dict[str, int] = {}
    for number, login, name in Employee.objects.values_list("pk", "login", "name").order_by("-pk"):
        found[name.casefold()] = number
        found[login.casefold()] = number
    return found


@lru_cache(maxsize=16)
def _production_days(country: str, first: date, last: date) -> frozenset[date]:
    calendar = holidays.country_holidays(country, years=range(first.year, last.year + 1))
    span = (first + timedelta(days=shift) for shift in range((last - first).days + 1))
    return frozenset(day for day in span if calendar.is_working_day(day))


def work_calendar(*, country: str, first: date, last: date, team_id: int | None = None) -> WorkCalendar:
    """Return the working days of a stretch, overrides of the firm and of the team applied.

    One query, once in a request.
    """
    return _once(("calendar", country, first, last, team_id), lambda: _work_calendar(country, first, last, team_id))


def _work_calendar(country: str, first: date, last: date, team_id: int | None) -> WorkCalendar:
    days = set(_production_days(country, first, last))
    overrides = CalendarDay.objects.filter(on__range=(first, last)).order_by(F("team_id").asc(nulls_first=True))
    for row in overrides:
        if row.team_id in (None, team_id):
            (days.add if row.works else days.discard)(row.on)
    return WorkCalendar.of(days, first=first, last=last)


def zone_or(name: str, default: str) -> ZoneInfo:
    """Return the zone of that IANA name, or the default one when it is empty or unknown. No query."""
    try:
        return ZoneInfo(name or default)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(default)


def names_by_number() -> dict[int, str]:
    """Return the login of every employee by number. One query."""
    return dict(Employee.objects.values_list("pk", "login"))


def employees_by_login() -> dict[str, Employee]:
    """Return every employee by login, to act in his name. One query."""
    return {each.login: each for each in Employee.objects.all()}


class UnknownLogin(Refusal):
    """Nobody signs in under that name."""

    ru = "Сотрудника с логином «{login}» нет."
    en = "There is no employee with the login “{login}”."


def employee_with(login: str) -> Employee:
    """Return the employee who signs in under `login`. One query.

    Raises: UnknownLogin.
    """
    found = Employee.objects.filter(login=login).first()
    if found is None:
        raise UnknownLogin(login=login)
    return found


def who_signs_in(login: str) -> Employee | None:
    """Return the employee of that login in any letter case, or None. One query.

    Compared here and not by the database: SQLite knows no Cyrillic letter in two cases.
    """
    wanted = login.strip().casefold()
    return next((each for each in Employee.objects.order_by("pk") if each.login.casefold() == wanted), None)


def with_team(employee_id: int) -> Employee | None:
    """Return an employee with his team, or None. One query."""
    return Employee.objects.select_related("team").filter(pk=employee_id).first()


class NoSuchEmployee(Refusal):
    """There is no employee of that number."""

    ru = "Такого сотрудника нет."
    en = "There is no such employee."
    status: ClassVar[int] = 404


def employee_number(employee_id: int) -> Employee:
    """Return an employee by number, to act on him. One query.

    Raises: NoSuchEmployee.
    """
    found = Employee.objects.filter(pk=employee_id).first()
    if found is None:
        raise NoSuchEmployee
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """An employee as he and the administrator see him. `recovery_codes` is how many are left, None without any.

    Units: norm in attempts, load share in 0..1.
    """

    employee_id: int
    login: str
    name: str
    role: str
    norm: int
    own_norm: int | None
    load_share: float
    zone: str
    joined_on: date
    left_on: date | None
    may_sign_in: bool
    has_password: bool
    last_seen_at: datetime | None
    two_steps: bool
    recovery_codes: int | None
    email: str
    letter: bool
    may_export: bool


def profile_of(employee_id: int, *, on: date) -> Profile:
    """Return one employee's profile as of `on`. Two queries.

    Raises: NoSuchEmployee.
    """
    found = next(iter(_profiles(employee_id, on=on)), None)
    if found is None:
        raise NoSuchEmployee
    return found


def staff_list(*, on: date) -> list[Profile]:
    """Return everybody's profile as of `on`: those in service by the alphabet, then those who left. Two queries."""
    return sorted(_profiles(on=on), key=lambda each: (each.left_on is not None, sort_key(each.name), each.employee_id))


def _profiles(*only: int, on: date) -> list[Profile]:
    people = with_load(Employee.objects.all(), on=on).select_related("team")
    steps = Authenticator.objects.all()
    if only:
        people, steps = people.filter(pk__in=only), steps.filter(user_id__in=only)
    found = {(step.user_id, step.type): step for step in steps}
    return [
        Profile(
            employee_id=each.pk,
            login=each.login,
            name=each.name,
            role=each.role,
            norm=norm_of(each),
            own_norm=each.norm,
            load_share=each.load_share,
            zone=each.zone or each.team.zone,
            joined_on=each.joined_on,
            left_on=each.left_on,
            may_sign_in=each.is_active,
            has_password=bool(each.password) and each.has_usable_password(),
            last_seen_at=each.last_login,
            two_steps=(each.pk, Authenticator.Type.TOTP) in found,
            recovery_codes=_codes_left(found.get((each.pk, Authenticator.Type.RECOVERY_CODES))),
            email=each.email,
            letter=each.letter,
            may_export=each.may_export,
        )
        for each in people
    ]


def _codes_left(codes: Authenticator | None) -> int | None:
    return None if codes is None else len(codes.wrap().get_unused_codes())


ACTS_WITH_STAFF = (
    "signed_in",
    "sign_in_failed",
    "password_set",
    "totp_activated",
    "totp_deactivated",
    "recovery_codes_generated",
    "second_step_dropped",
    "signed_out_everywhere",
    "feed_key_renewed",
    "employee_added",
    "employee_left",
    "norm_set",
    "workload_set",
    "absence_noted",
    "absence_shortened",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One line of the audit about an employee; `by` and `about` are logins, empty for the system and for nobody."""

    at: datetime
    action: str
    by: str
    about: str
    facts: dict[str, object]


def audit_of_staff(limit: int = 200) -> list[AuditLine]:
    """Return the latest lines about who came, left and how they sign in, the newest first. Two queries."""
    logins = names_by_number()
    rows = AuditEntry.objects.filter(subject="employee", action__in=ACTS_WITH_STAFF).order_by("-pk")[:limit]
    return [
        AuditLine(
            at=row.at,
            action=row.action,
            by=logins.get(row.by_id or 0, ""),
            about=logins.get(row.subject_id or 0, ""),
            facts=row.facts,
        )
        for row in rows
    ]
