"""The day: mornings, plans, tasks, attempts and promises."""

from django.db import models
from django.db.models import F, Q

from budilnik.clients.models import Client, ContactPerson
from budilnik.core.talk import NEWS
from budilnik.core.terms import ClientStatus, Disposition, Outcome, Queue
from budilnik.staff.models import Employee

CALLBACK_ENDS = ("", "done", "moved_by_client", "moved_by_us", "stopped")
MATTERS = ("stop", "closed", "refused", "not_his_to_win")


class MorningRun(models.Model):
    """One morning of the firm. It is visible when `published_at` is set, by the last UPDATE of the run.

    `holder` names the process that makes it and `lease_until` the moment after which another may take it over;
    `fence` grows with each holder, so that one who overslept can write nothing more.
    """

    on = models.DateField(unique=True)
    policy_version = models.PositiveIntegerField()
    seed = models.CharField(max_length=32)
    digest = models.CharField(max_length=64, blank=True, default="")
    first = models.BooleanField(default=False)
    changed = models.PositiveIntegerField(default=0)
    released = models.PositiveIntegerField(default=0)
    works = models.BooleanField(default=True)
    holder = models.CharField(max_length=120)
    fence = models.PositiveIntegerField(default=1)
    lease_until = models.DateTimeField()
    started_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)


class DayPlan(models.Model):
    """An employee's list for one day. Units: capacity in attempts; `extra` are tasks of portions asked for later."""

    run = models.ForeignKey(MorningRun, on_delete=models.CASCADE, related_name="plans")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT)
    capacity = models.PositiveSmallIntegerField()
    load = models.FloatField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    calls_to_save = models.PositiveIntegerField(default=0)
    extra = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "employee"], name="plan_once_a_day")]


class Callback(models.Model):
    """A call promised for a date and time of the client's zone. Never deleted: done, moved or passed on.

    `rings_at` is the alarm of one put off by minutes or not reached; the promise itself stays at `due_at`. `key` is
    the number of the form it came from: sent twice, it is promised once.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="callbacks")
    person = models.ForeignKey(ContactPerson, null=True, on_delete=models.SET_NULL)
    promised_by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="promised")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="callbacks")
    local_on = models.DateField()
    local_time = models.TimeField(null=True)
    zone = models.CharField(max_length=64)
    due_at = models.DateTimeField()
    about = models.CharField(max_length=240, blank=True, default="")
    recorded_at = models.DateTimeField()
    rings_at = models.DateTimeField(null=True)
    snoozes = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=16, blank=True, default="")
    moved_to = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="moved_from")
    key = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="callback_key_once"),
            models.CheckConstraint(condition=Q(end__in=CALLBACK_ENDS), name="callback_end_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None, end="") | (Q(ended_at__isnull=False) & ~Q(end="")),
                name="callback_ends_with_a_word",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(ended_at=None), name="callback_open"),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="callback_ended"),
            models.Index(fields=["employee", "due_at"], name="callback_by_employee"),
        ]


class CallTaskQuerySet(models.QuerySet["CallTask"]):
    """Predicates over tasks."""

    def published(self) -> "CallTaskQuerySet":
        """Tasks that a manager may see: those of a published morning."""
        return self.filter(plan__run__published_at__isnull=False)

    def open(self) -> "CallTaskQuerySet":
        """Tasks that wait for a call."""
        return self.filter(closed_at=None)


class CallTask(models.Model):
    """One client to call on one day: many attempts, at most one outcome in force. Units: value in kopecks.

    `opened_at` is when its turn first came; `attempts` counts those made, so that a page that has not seen the last
    one saves nothing.
    """

    plan = models.ForeignKey(DayPlan, on_delete=models.CASCADE, related_name="tasks")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="tasks")
    on = models.DateField()
    position = models.PositiveSmallIntegerField()
    queue = models.CharField(max_length=8)
    status = models.CharField(max_length=12)
    silent_since = models.DateField()
    deadline = models.DateField(null=True)
    value = models.BigIntegerField()
    why = models.JSONField(default=dict)
    callback = models.ForeignKey(Callback, null=True, on_delete=models.PROTECT)
    call_from = models.DateTimeField(null=True)
    call_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Employee, null=True, on_delete=models.PROTECT, related_name="+")
    close = models.CharField(max_length=16, blank=True, default="")

    objects = CallTaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client"], condition=Q(closed_at=None), name="task_one_open_a_client"),
            models.CheckConstraint(condition=Q(queue__in=[q.value for q in Queue]), name="task_queue_known"),
            models.CheckConstraint(condition=Q(status__in=[s.value for s in ClientStatus]), name="task_status_known"),
        ]
        indexes = [models.Index(fields=["employee", "on"], name="task_by_day")]


class Call(models.Model):
    """One attempt to talk, or an inbound talk. At most one outcome of a task is in force; a corrected one is void.

    `talked` says that a two-way conversation took place: attempts, talks and covered clients are three measures.
    """

    task = models.ForeignKey(CallTask, null=True, on_delete=models.PROTECT, related_name="calls")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="calls")
    person = models.ForeignKey(ContactPerson, null=True, on_delete=models.SET_NULL)
    employee = models.ForeignKey(Employee, null=True, on_delete=models.PROTECT)
    author = models.CharField(max_length=500, blank=True, default="")
    at = models.DateTimeField()
    direction = models.CharField(max_length=3)
    disposition = models.CharField(max_length=16)
    outcome = models.CharField(max_length=16)
    loss_reason = models.CharField(max_length=24, blank=True, default="")
    note = models.TextField(blank=True, default="")
    talked = models.BooleanField(default=False)
    in_force = models.BooleanField(default=False)
    voided_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=40, blank=True, default="")
    key = models.CharField(max_length=240, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task"], condition=Q(in_force=True), name="call_one_outcome_in_force"),
            models.UniqueConstraint(fields=["source", "key"], condition=~Q(key=""), name="call_key_once"),
            models.CheckConstraint(condition=Q(outcome__in=[o.value for o in Outcome]), name="call_outcome_known"),
            models.CheckConstraint(
                condition=Q(disposition__in=[d.value for d in Disposition]), name="call_disposition_known"
            ),
        ]
        indexes = [models.Index(fields=["employee", "at"], name="call_by_employee")]


class MorningHold(models.Model):
    """A scheduled morning that would take too many clients from their owners and waits for the head's word.

    Units: `releases` and `owned` in clients.
    """

    on = models.DateField(unique=True)
    releases = models.PositiveIntegerField()
    owned = models.PositiveIntegerField()
    noted_at = models.DateTimeField()
    allowed_at = models.DateTimeField(null=True)
    allowed_by = models.ForeignKey(Employee, null=True, on_delete=models.PROTECT)


class HeadMatter(models.Model):
    """What a call left for the head to decide: a stop or a closed firm to confirm, a third refusal, a locked winner.

    `number` is the phone that a stop is about, empty for the whole company.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="matters")
    kind = models.CharField(max_length=16)
    call = models.ForeignKey(Call, null=True, on_delete=models.PROTECT)
    number = models.CharField(max_length=16, blank=True, default="")
    raised_by = models.ForeignKey(Employee, null=True, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    settled_by = models.ForeignKey(Employee, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=16, blank=True, default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=MATTERS), name="head_matter_kind_known")]
        indexes = [models.Index(fields=["raised_at"], condition=Q(settled_at=None), name="head_matter_open")]


class Script(models.Model):
    """What the head wrote for the talk: other words for a block, the firm's name, a piece of news with its days.

    The blocks themselves and their words stand in `core.blocks`; a row overrides, an empty text does not. `version`
    grows with each change, so that of two who edit at once one is told; `key` is the number of the form of news.
    """

    code = models.CharField(max_length=32)
    text_ru = models.TextField(blank=True, default="")
    text_en = models.TextField(blank=True, default="")
    enabled = models.BooleanField(default=True)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    sort = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    key = models.CharField(max_length=64, blank=True, default="")
    by = models.ForeignKey(Employee, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~Q(code=NEWS), name="script_block_once"),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="script_key_once"),
            models.CheckConstraint(
                condition=Q(from_on=None) | Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="script_ends_after_it_begins",
            ),
        ]


class Levelling(models.Model):
    """One levelling of the base: who was moved from whom to whom, and until which day it may be taken back.

    `moves` are [client, from, to]; `stayed`, once it is undone, maps clients who did not return to the code why.
    """

    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(Employee, null=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=240)
    asked = models.JSONField(default=dict)
    moves = models.JSONField()
    undo_until = models.DateField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Employee, null=True, on_delete=models.PROTECT, related_name="+")
    stayed = models.JSONField(default=dict)
