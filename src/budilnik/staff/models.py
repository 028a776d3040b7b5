"""People who call, the calendar and the rules they work by, the trace they leave, the work done for them."""

from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import F, Q

from budilnik.core.terms import Role

JOB_ENDS = ("", "done", "stopped", "failed")


class Team(models.Model):
    """A branch with its own zone and production calendar."""

    name = models.CharField(max_length=120, unique=True)
    zone = models.CharField(max_length=64, default="Europe/Moscow")
    calendar = models.CharField(max_length=8, default="RU")

    def __str__(self) -> str:
        return self.name


class EmployeeQuerySet(models.QuerySet["Employee"]):
    """Predicates over employees."""

    def working(self, on: date) -> "EmployeeQuerySet":
        """Those in service on `on`; the absent count, leavers do not."""
        return self.filter(Q(left_on=None) | Q(left_on__gt=on))

    def get_by_natural_key(self, login: str) -> "Employee":
        """Find the one who signs in under `login`."""
        return self.get(login=login)


class Employee(AbstractBaseUser):
    """Someone of the firm with a role. Never called a manager in code: that is Django's word."""

    login = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=160)
    role = models.CharField(max_length=24, choices=[(role.value, role.value) for role in Role])
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="employees")
    norm = models.PositiveSmallIntegerField(null=True)
    zone = models.CharField(max_length=64, blank=True, default="")
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=2, blank=True, default="")
    feed_key = models.CharField(max_length=64, null=True, unique=True)
    email = models.EmailField(blank=True, default="")
    letter = models.BooleanField(default=True)
    may_export = models.BooleanField(default=False)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = EmployeeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=[r.value for r in Role]), name="employee_role_known"),
            models.CheckConstraint(condition=Q(language__in=("", "ru", "en")), name="employee_language_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Absence(models.Model):
    """Days on which an employee does not work; both ends are absent."""

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="absences")
    from_on = models.DateField()
    until_on = models.DateField()
    substitute = models.ForeignKey(Employee, null=True, blank=True, on_delete=models.SET_NULL, related_name="stands_in")
    why = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="absence_ends_after_it_begins"),
        ]


class Workload(models.Model):
    """From which day an employee carries which share of a full load; a newcomer's ramp is several such days.

    The latest day that has come is in force; who has none carries all of it.
    """

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="workloads")
    from_on = models.DateField()
    share = models.FloatField()
    why = models.CharField(max_length=240, blank=True, default="")
    by = models.ForeignKey(Employee, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["employee", "from_on"], name="workload_once_a_day"),
            models.CheckConstraint(condition=Q(share__gte=0, share__lte=1), name="workload_share"),
        ]


class CalendarDay(models.Model):
    """A day that differs from the production calendar, for one team or for all."""

    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE)
    on = models.DateField()
    works = models.BooleanField()
    note = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "on"], name="calendar_day_once_a_team"),
            models.UniqueConstraint(fields=["on"], condition=Q(team=None), name="calendar_day_once"),
        ]


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    """Predicates over versions of the rules."""

    def standing(self) -> "PolicyVersionQuerySet":
        """Those that nobody took back before they began."""
        return self.filter(withdrawn_at=None)


class PolicyVersion(models.Model):
    """One version of the rules: a whole body, in force from a day until the next one.

    A planned one may be taken back before its day; the row stays. A later version begins no earlier than those before.
    """

    version = models.PositiveIntegerField(unique=True)
    starts_on = models.DateField()
    settings = models.JSONField()
    why = models.CharField(max_length=240)
    by = models.ForeignKey(Employee, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Employee, null=True, on_delete=models.PROTECT, related_name="+")

    objects = PolicyVersionQuerySet.as_manager()


class AuditEntry(models.Model):
    """Who did what to whom, when. Append-only; holds ids and codes, never personal data."""

    at = models.DateTimeField()
    by = models.ForeignKey(Employee, null=True, on_delete=models.PROTECT)
    action = models.CharField(max_length=48)
    subject = models.CharField(max_length=24)
    subject_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject", "subject_id"], name="audit_by_subject")]


class Tally(models.Model):
    """How often an employee did on a day what is counted and capped: cards opened, strangers looked up."""

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE)
    on = models.DateField()
    what = models.CharField(max_length=16)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["employee", "on", "what"], name="tally_once_a_day")]


class JobRun(models.Model):
    """A long piece of work that somebody asked for: it runs beside the pages, says how far it is, may be stopped.

    `holder` names the process that does it and `lease_until` the moment after which another may take it over. `done`
    of `total` are steps of its own kind; `told` is what came of it, `trouble_*` the sentence why nothing did.
    """

    kind = models.CharField(max_length=24)
    asked_by = models.ForeignKey(Employee, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked = models.JSONField(default=dict)
    holder = models.CharField(max_length=120, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    stop_asked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=8, blank=True, default="")
    told = models.JSONField(default=dict)
    trouble_ru = models.TextField(blank=True, default="")
    trouble_en = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end__in=JOB_ENDS), name="job_end_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None, end="") | (Q(ended_at__isnull=False) & ~Q(end="")),
                name="job_ends_with_a_word",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(ended_at=None), name="job_open"),
            models.Index(fields=["kind", "-asked_at"], name="job_by_kind"),
        ]


class OutboxMessage(models.Model):
    """What must leave the firm: written with the fact it tells of, taken away by `jobs.outbox`.

    `key` says what it is about, so that it is written once; `not_before` puts off the next attempt after a failure.
    """

    kind = models.CharField(max_length=24)
    key = models.CharField(max_length=160, unique=True)
    address = models.CharField(max_length=254)
    facts = models.JSONField(default=dict)
    written_at = models.DateTimeField()
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["not_before"], condition=Q(sent_at=None, given_up_at=None), name="outbox_waiting"),
        ]
