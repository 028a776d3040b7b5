"""Promises to ring back: those that ring soon, one's own by day, those shown to the head, those carried to a phone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from budilnik.calling.models import Call, Callback
from budilnik.core import callbacks as rules
from budilnik.core.terms import Role
from budilnik.staff.queries import rules_on, staff_in_service, zone_or


def _tried_within(reach: timedelta) -> Exists:
    return Exists(
        Call.objects.filter(
            client_id=OuterRef("client_id"),
            at__gt=OuterRef("recorded_at"),
            at__gte=OuterRef("due_at") - reach,
            at__lte=OuterRef("due_at") + reach,
        )
    )


def tried_in_time() -> Q:
    """Return what `core.callbacks.kept` says of a promise, for the database; a property test compares them."""
    timed, step = Q(local_time__isnull=False), Q(local_time__isnull=True)
    return (timed & _tried_within(rules.KEPT_WITHIN)) | (step & _tried_within(rules.KEPT_ON_ITS_DAY))


def open_callbacks() -> QuerySet[Callback]:
    """Return promises not yet ended, to clients who may be called. No query yet."""
    return Callback.objects.filter(ended_at=None, client__archived_on=None, client__stopped_on=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePromise:
    """A promise that the head should see: its time is over, and nobody tried in time. `local_time` None: all day."""

    callback_id: int
    client_id: int
    client: str
    person: str
    employee_id: int
    employee: str
    promised_by: str
    about: str
    local_on: date
    local_time: time | None
    zone: str
    due_at: datetime
    snoozes: int


def late_callbacks(*, on: date, now: datetime, escalates_after: timedelta = rules.KEPT_WITHIN) -> QuerySet[Callback]:
    """Return the promises that `core.callbacks.escalated` and `step_escalated` show to the head. No query yet."""
    late = Q(local_time__isnull=False, due_at__lt=now - escalates_after) | Q(local_time=None, local_on__lt=on)
    return open_callbacks().filter(late).exclude(tried_in_time())


def escalated(on: date, now: datetime, *, escalates_after: timedelta = rules.KEPT_WITHIN) -> tuple[LatePromise, ...]:
    """Return the promises shown to the head, the longest overdue first. One query."""
    rows = late_callbacks(on=on, now=now, escalates_after=escalates_after).select_related(
        "client", "person", "employee", "promised_by"
    )
    return tuple(
        LatePromise(
            callback_id=row.pk,
            client_id=row.client_id,
            client=row.client.name,
            person=row.person.name if row.person else "",
            employee_id=row.employee_id,
            employee=row.employee.name,
            promised_by=row.promised_by.name,
            about=row.about,
            local_on=row.local_on,
            local_time=row.local_time,
            zone=row.zone,
            due_at=row.due_at,
            snoozes=row.snoozes,
        )
        for row in rows.order_by("due_at", "pk")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody at work today who may keep a promise."""

    employee_id: int
    name: str


def colleagues(*, now: datetime) -> tuple[Colleague, ...]:
    """Return those at work today who call clients, the head among them, by name. Three queries."""
    policy = rules_on(now.date()).policy
    on = now.astimezone(zone_or("", policy.company_zone)).date()
    callers = {Role.MANAGER, Role.HEAD, *policy.pool_roles}
    present = [each for each in staff_in_service(on) if each.role in callers and not each.away(on)]
    return tuple(
        Colleague(employee_id=each.employee_id, name=each.name) for each in sorted(present, key=lambda one: one.name)
    )
