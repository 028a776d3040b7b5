"""The promises that an employee keeps: as the alarm of a page rings them, as the calendar of a phone carries them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from budilnik.calling.models import CallTask
from budilnik.calling.queries.promises import late_callbacks, open_callbacks, tried_in_time
from budilnik.core.callbacks import SNOOZES, Bell, Stage, bell, stage
from budilnik.core.policy import Policy
from budilnik.core.terms import Role
from budilnik.staff.models import Employee
from budilnik.staff.queries import zone_or

RINGS_WITHIN = timedelta(minutes=60)
MOST = 50
# A step stands at noon, but after a call without an answer it rings from the morning on.
BEFORE_ITS_NOON = timedelta(days=1)


def kept_by(employee_id: int) -> Q:
    """Return whose promises an employee keeps: those his open tasks carry, and his own that nobody's do. No query."""
    # A client has one open task at most, so by the client it is found at once among the tasks of years.
    carried = CallTask.objects.published().open().filter(client=OuterRef("client_id"), callback=OuterRef("pk"))
    return Exists(carried.filter(employee_id=employee_id)) | (Q(employee_id=employee_id) & ~Exists(carried))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    """A promise that rings within the hour or is overdue. `local_at` is the client's wall time."""

    callback_id: int
    client_id: int
    client: str
    person: str
    about: str
    due_at: datetime
    local_at: datetime
    zone_assumed: bool
    bell: Bell
    stage: Stage
    snoozes: int

    @property
    def snoozes_left(self) -> int:
        """How many times more it may be put off by five minutes."""
        return max(0, SNOOZES - self.snoozes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What a page needs to ring by itself, the latest first. `escalated` are shown to the head, 0 for others."""

    promises: tuple[Ringing, ...]
    escalated: int


def alarm_of(employee: Employee, *, on: date, now: datetime, policy: Policy) -> Alarm:
    """Return the promises of an employee that ring within the hour or are overdue. One query, two for a head."""
    horizon = now + RINGS_WITHIN
    soon = Q(rings_at=None, local_time__isnull=False, due_at__lte=horizon) | Q(rings_at__lte=horizon)
    rows = (
        open_callbacks()
        .filter(soon, kept_by(employee.pk), due_at__lte=horizon + BEFORE_ITS_NOON)
        .annotate(tried=ExpressionWrapper(tried_in_time(), output_field=BooleanField()))
        .select_related("client", "person")
        .order_by("-due_at", "-pk")
    )
    found = []
    for row in rows[:MOST]:
        moments = bell(row.due_at, rings_at=row.rings_at, tried=row.tried)
        found.append(
            Ringing(
                callback_id=row.pk,
                client_id=row.client_id,
                client=row.client.name,
                person=row.person.name if row.person else "",
                about=row.about,
                due_at=row.due_at,
                local_at=row.due_at.astimezone(zone_or(row.zone, policy.company_zone)),
                zone_assumed=not row.client.zone,
                bell=moments,
                stage=stage(moments.rings_at, now=now),
                snoozes=row.snoozes,
            )
        )
    is_head = employee.role == Role.HEAD.value
    shown = late_callbacks(on=on, now=now, escalates_after=policy.escalates_after)
    late = shown.count() if is_head else 0
    return Alarm(promises=tuple(found), escalated=late)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEvent:
    """An open promise for a calendar. Without an hour it takes the whole day `local_on`."""

    callback_id: int
    client: str
    person: str
    about: str
    timed: bool
    due_at: datetime
    local_on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The calendar of an employee's promises. `language` is the one he chose, if any."""

    language: str
    events: tuple[FeedEvent, ...]


def feed_of(key: str, *, on: date) -> Feed | None:
    """Return the promises of the employee with that secret key; None for a leaver or an unknown key. Two queries."""
    in_service = Employee.objects.working(on).filter(feed_key=key, is_active=True)
    found = in_service.values_list("pk", "language").first()
    if found is None:
        return None
    rows = open_callbacks().filter(kept_by(found[0])).select_related("client", "person").order_by("due_at", "pk")
    events = tuple(
        FeedEvent(
            callback_id=row.pk,
            client=row.client.name,
            person=row.person.name if row.person else "",
            about=row.about,
            timed=row.local_time is not None,
            due_at=row.due_at,
            local_on=row.local_on,
            recorded_at=row.recorded_at,
        )
        for row in rows
    )
    return Feed(language=found[1], events=events)
