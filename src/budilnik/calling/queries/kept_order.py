"""What each figure of discipline counts, for the database: one condition for the figure and for the list behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from budilnik.calling.models import Call, Callback, CallTask
from budilnik.calling.queries.promises import tried_in_time
from budilnik.clients.models import Contact
from budilnik.core.callbacks import KEPT_ON_ITS_DAY
from budilnik.core.coverage import Stretch, latest_start
from budilnik.core.discipline import POSTPONED_WITHIN, just_before_the_loss
from budilnik.core.outcomes import SkipReason
from budilnik.core.policy import Policy
from budilnik.core.terms import Direction, Evidence, Queue
from budilnik.staff.queries import work_calendar, zone_or


class Figure(StrEnum):
    """What is counted of an employee over a period."""

    OWN_PLANNED = "own_planned"
    OWN_DONE = "own_done"
    POOL_PLANNED = "pool_planned"
    POOL_DONE = "pool_done"
    PROMISED_PLANNED = "promised_planned"
    PROMISED_DONE = "promised_done"
    NOT_REACHED = "not_reached"
    SKIPPED = "skipped"
    SKIPPED_TALKED = "skipped_talked"
    SKIPPED_WRONG_HOUR = "skipped_wrong_hour"
    SKIPPED_CARD_WRONG = "skipped_card_wrong"
    SKIPPED_CONFLICT = "skipped_conflict"
    SKIPPED_DUPLICATE = "skipped_duplicate"
    ATTEMPTS = "attempts"
    TALKS = "talks"
    UNPLANNED = "unplanned"
    KEPT = "kept"
    BROKEN = "broken"
    MOVED_BY_CLIENT = "moved_by_client"
    MOVED_BY_US = "moved_by_us"
    CONTACTS = "contacts"
    MANUAL = "manual"
    LAST_DAYS = "last_days"
    POSTPONED = "postponed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The period, the moment and the rules that discipline is judged by."""

    within: Stretch
    now: datetime
    policy: Policy

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The period in the company zone: its beginning, and the moment after its end."""
        zone = zone_or("", self.policy.company_zone)
        begins = datetime.combine(self.within.first, datetime.min.time(), zone)
        return begins, datetime.combine(self.within.last + timedelta(days=1), datetime.min.time(), zone)


_OWN = Q(queue__in=(Queue.OWN.value, Queue.AT_RISK.value, Queue.RETRY.value))
_POOL, _PROMISED = Q(queue=Queue.POOL.value), Q(queue=Queue.CALLBACK.value)
# One who ordered or called himself needs no call: that is done as well.
_DONE = Q(close="outcome") | Q(close__startswith="client_")

TASKS: Mapping[Figure, Q] = {
    Figure.OWN_PLANNED: _OWN,
    Figure.OWN_DONE: _OWN & _DONE,
    Figure.POOL_PLANNED: _POOL,
    Figure.POOL_DONE: _POOL & _DONE,
    Figure.PROMISED_PLANNED: _PROMISED,
    Figure.PROMISED_DONE: _PROMISED & _DONE,
    Figure.NOT_REACHED: Q(close="not_reached"),
    Figure.SKIPPED: Q(close__startswith="skip_"),
    **{Figure(f"skipped_{reason.value}"): Q(close=f"skip_{reason.value}") for reason in SkipReason},
}
CALLS: Mapping[Figure, Q] = {
    Figure.ATTEMPTS: Q(task__isnull=False),
    Figure.TALKS: Q(task__isnull=False, talked=True),
    Figure.UNPLANNED: Q(task=None),
}
CONTACTS: Mapping[Figure, Q] = {Figure.CONTACTS: Q(), Figure.MANUAL: Q(evidence=Evidence.MANUAL.value)}


def promises(asked: Asked) -> Mapping[Figure, Q]:
    """Return `core.discipline.how_it_went` for the database; a test compares them. No query."""
    timed, step = Q(local_time__isnull=False), Q(local_time=None)
    by_minutes, by_day, tried = asked.policy.escalates_after, KEPT_ON_ITS_DAY, tried_in_time()
    # Adding to a moment is dear on SQLite, so it comes last and only where the plain comparison does not decide.
    too_late = Q(timed, ended_at__gt=F("due_at") + by_minutes) | Q(step, ended_at__gt=F("due_at") + by_day)
    not_late = Q(timed, ended_at__lte=F("due_at") + by_minutes) | Q(step, ended_at__lte=F("due_at") + by_day)
    open_late = Q(timed, due_at__lt=asked.now - by_minutes) | Q(step, due_at__lt=asked.now - by_day)
    late = (Q(ended_at=None) & open_late) | (Q(ended_at__gt=F("due_at")) & too_late)
    in_time = Q(ended_at__lte=F("due_at")) | tried | not_late
    return {
        Figure.KEPT: (Q(end="done") & in_time) | (Q(ended_at=None) & tried),
        Figure.BROKEN: late & ~tried,
        Figure.MOVED_BY_CLIENT: Q(end="moved_by_client") & in_time,
        Figure.MOVED_BY_US: Q(end="moved_by_us") & in_time,
    }


def tasks_of(asked: Asked) -> QuerySet[CallTask]:
    """Return the tasks of a period. No query yet."""
    return CallTask.objects.published().filter(on__gte=asked.within.first, on__lte=asked.within.last)


def calls_of(asked: Asked) -> QuerySet[Call]:
    """Return the attempts of a period. No query yet."""
    begins, ends = asked.moments
    return Call.objects.filter(at__gte=begins, at__lt=ends, voided_at=None, direction=Direction.OUT.value)


def promises_of(asked: Asked) -> QuerySet[Callback]:
    """Return the promises whose time fell into a period. No query yet."""
    begins, ends = asked.moments
    return Callback.objects.filter(due_at__gte=begins, due_at__lt=ends)


def contacts_of(asked: Asked) -> QuerySet[Contact]:
    """Return the contacts of a period. No query yet."""
    return Contact.objects.filter(on__gte=asked.within.first, on__lte=asked.within.last, voided_at=None)


def talks_at_the_last_moment(asked: Asked, employees: list[int]) -> list[tuple[int, int]]:
    """Return (contact, employee) of unconfirmed talks on the last three working days before a loss.

    Two queries, the calendar among them.
    """
    months, within = asked.policy.lost_after_months, asked.within
    earlier = Contact.objects.filter(client=OuterRef("client"), voided_at=None, resets=True, on__lt=OuterRef("on"))
    talks = contacts_of(asked).filter(employee_id__in=employees, evidence=Evidence.MANUAL.value, is_talk=True)
    silent = talks.annotate(since=Subquery(earlier.order_by("-on").values("on")[:1]))
    # Nobody silent for less can be on his last days: it is only so that fewer are looked at one by one.
    old = silent.filter(since__lte=latest_start(months, until=within.last + timedelta(days=31)))
    last = within.last + timedelta(days=366)
    calendar = work_calendar(country=asked.policy.calendar, first=within.first - timedelta(days=31), last=last)
    return [
        (contact, employee)
        for contact, employee, on, since in old.values_list("pk", "employee_id", "on", "since")
        if employee is not None
        and just_before_the_loss(on, silent_since=since, lost_after_months=months, calendar=calendar)
    ]


def postponements(asked: Asked, employees: list[int]) -> list[tuple[int, int, int]]:
    """Return (employee, client, how often) of skips and of promises moved by us, of the thirty days up to the end of
    the period. Two queries.
    """
    last = asked.within.last
    month = replace(asked, within=Stretch(first=last - POSTPONED_WITHIN + timedelta(days=1), last=last))
    begins, ends = month.moments
    skips = tasks_of(month).filter(TASKS[Figure.SKIPPED], employee_id__in=employees)
    moves = Callback.objects.filter(
        ended_at__gte=begins, ended_at__lt=ends, end="moved_by_us", employee_id__in=employees
    )
    return [
        row
        for rows in (skips, moves)
        for row in rows.values_list("employee_id", "client_id").annotate(n=Count("pk")).order_by()
    ]
