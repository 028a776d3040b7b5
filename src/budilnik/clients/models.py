"""The base: clients with their clock, people and phones, and the history that the cached state is rebuilt from."""

from django.db import models
from django.db.models import F, Q

from budilnik.core.effect import Drawn
from budilnik.core.terms import ClientStatus, Direction, Evidence, Outcome
from budilnik.staff.models import Employee

PHONE_STATES = ("none", "usable", "wrong")


def _one_of(field: str, codes: type[ClientStatus] | type[Evidence] | type[Direction] | type[Outcome]) -> Q:
    return Q(**{f"{field}__in": [code.value for code in codes]})


class ClientGroup(models.Model):
    """A holding: its clients are not called twice on one day."""

    key = models.CharField(max_length=500, unique=True)


class ClientQuerySet(models.QuerySet["Client"]):
    """Predicates over clients."""

    def alive(self) -> "ClientQuerySet":
        """Clients of the base: not archived."""
        return self.filter(archived_on=None)

    def callable(self) -> "ClientQuerySet":
        """Clients whom the firm may call at all: neither archived nor stopped for the whole company."""
        return self.alive().filter(stopped_on=None)


class Client(models.Model):
    """A company that buys. Archived, never deleted.

    Units: value in kopecks; dates are days of the company zone.
    """

    name = models.CharField(max_length=500)
    search_key = models.CharField(max_length=500, db_index=True)
    sort_key = models.CharField(max_length=500)
    inn = models.CharField(max_length=12, blank=True, default="", db_index=True)
    kpp = models.CharField(max_length=9, blank=True, default="")
    city = models.CharField(max_length=500, blank=True, default="")
    region = models.CharField(max_length=500, blank=True, default="")
    zone = models.CharField(max_length=64, blank=True, default="")
    group = models.ForeignKey(ClientGroup, null=True, on_delete=models.SET_NULL)
    owner = models.ForeignKey(Employee, null=True, on_delete=models.PROTECT, related_name="clients", db_index=False)
    protected = models.BooleanField(default=False)
    # Stays with his manager when the base is levelled.
    pinned = models.BooleanField(default=False)

    # The clock.
    silent_since = models.DateField()
    first_known_on = models.DateField()
    ever_contacted = models.BooleanField(default=False)
    last_talk_on = models.DateField(null=True)
    agreed_until = models.DateField(null=True)
    grace_until = models.DateField(null=True)

    # The state cached from the clock; `budilnik verify` compares it with what history says.
    status = models.CharField(max_length=12)
    next_status_on = models.DateField(null=True)
    policy_version = models.PositiveIntegerField(default=0)
    in_pool_since = models.DateField(null=True)

    # A snapshot from sales, dated; refreshed by import, not by the morning. An empty date means stale.
    value = models.BigIntegerField(default=0)
    value_on = models.DateField(null=True)
    first_order_on = models.DateField(null=True)
    last_order_on = models.DateField(null=True)
    order_days_in_year = models.PositiveIntegerField(default=0)

    # What the morning needs of insight; empty until it has run. `order_chance` is in thousandths, within 30 days;
    # `potential` is what he buys in a year of all suppliers, as somebody wrote it down.
    order_chance = models.PositiveSmallIntegerField(null=True)
    expected_90 = models.BigIntegerField(null=True)
    rhythm_days = models.PositiveIntegerField(null=True)
    leaving = models.BooleanField(default=False)
    narrowed = models.BooleanField(default=False)
    potential = models.BigIntegerField(null=True)
    potential_on = models.DateField(null=True)

    # Attempts and refusals that are counted on the client, whoever calls.
    missed_attempts = models.PositiveSmallIntegerField(default=0)
    retry_on = models.DateField(null=True)
    paused_until = models.DateField(null=True)
    refusals_in_row = models.PositiveSmallIntegerField(default=0)
    phone_state = models.CharField(max_length=8, default="none")
    stopped_on = models.DateField(null=True)
    archived_on = models.DateField(null=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_one_of("status", ClientStatus), name="client_status_known"),
            models.CheckConstraint(condition=Q(phone_state__in=PHONE_STATES), name="client_phone_state_known"),
            models.CheckConstraint(
                condition=Q(in_pool_since=None) | Q(owner=None, status=ClientStatus.LOST.value),
                name="client_in_pool_is_lost_and_ownerless",
            ),
            models.CheckConstraint(
                condition=Q(ever_contacted=True) | Q(status=ClientStatus.PROSPECT.value),
                name="client_never_contacted_is_prospect",
            ),
            models.CheckConstraint(
                condition=Q(order_chance=None) | Q(order_chance__lte=1000), name="client_order_chance_in_thousandths"
            ),
            models.CheckConstraint(condition=Q(potential=None) | Q(potential__gt=0), name="client_potential_positive"),
        ]
        indexes = [
            models.Index(fields=["next_status_on"], name="client_alarm"),
            models.Index(fields=["policy_version"], name="client_policy"),
            models.Index(fields=["owner", "status"], name="client_by_owner"),
            # Read in the order of the alphabet until a page is full, names looked at in the index itself.
            models.Index(fields=["sort_key", "search_key"], condition=Q(archived_on=None), name="client_by_name"),
            models.Index(F("value").desc(), condition=Q(in_pool_since__isnull=False), name="client_pool_by_value"),
            models.Index(fields=["id"], condition=Q(value_on=None), name="client_value_stale"),
            # All that the coverage board asks of a client, in the order of owners: the table itself is not read.
            models.Index(
                fields=[
                    "owner",
                    "in_pool_since",
                    "silent_since",
                    "last_talk_on",
                    "ever_contacted",
                    "agreed_until",
                    "grace_until",
                    "archived_on",
                    "stopped_on",
                ],
                name="client_coverage",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ExternalKey(models.Model):
    """The name under which another system knows a client; text as written."""

    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=16, default="client")
    key = models.CharField(max_length=200)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="keys")
    row_digest = models.CharField(max_length=32, blank=True, default="")
    owner_seen = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "kind", "key"], name="external_key_once")]


class ContactPerson(models.Model):
    """A person at the client. Personal data live here, in phones and in notes only.

    `roles` are codes of `core.terms.BuyingRole`; influence runs from 1 to 5; a birthday has no year.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="people")
    name = models.CharField(max_length=500)
    post = models.CharField(max_length=500, blank=True, default="")
    roles = models.JSONField(default=list)
    influence = models.PositiveSmallIntegerField(null=True)
    attitude = models.CharField(max_length=12, blank=True, default="")
    channel = models.CharField(max_length=12, blank=True, default="")
    hours = models.CharField(max_length=120, blank=True, default="")
    birth_day = models.PositiveSmallIntegerField(null=True)
    birth_month = models.PositiveSmallIntegerField(null=True)
    left_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "name"], name="person_once_a_client"),
            models.CheckConstraint(
                condition=Q(influence=None) | Q(influence__gte=1, influence__lte=5), name="person_influence_1_to_5"
            ),
        ]


class Phone(models.Model):
    """A number of a client in E.164. `shared` means that another client has the same number."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="phones")
    person = models.ForeignKey(ContactPerson, null=True, on_delete=models.CASCADE)
    number = models.CharField(max_length=16, db_index=True)
    extension = models.CharField(max_length=24, blank=True, default="")
    zone = models.CharField(max_length=64, blank=True, default="")
    shared = models.BooleanField(default=False)
    wrong_on = models.DateField(null=True)
    stopped_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "number", "extension"], name="phone_once_a_client")]
        indexes = [models.Index(fields=["client"], condition=Q(shared=True), name="phone_shared")]


class Note(models.Model):
    """What somebody wrote about a client; a pinned one is «важно знать» and survives every change of owner.

    `key` is the number of the form it came from: sent twice, it is written once. Taken off, the row stays.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(Employee, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()
    text = models.TextField()
    pinned = models.BooleanField(default=False)
    key = models.CharField(max_length=64, blank=True, default="")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "key"], condition=~Q(key=""), name="note_key_once"),
        ]


class Contact(models.Model):
    """A two-way conversation or an order: what resets the clock. Append-only."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="contacts")
    at = models.DateTimeField()
    on = models.DateField()
    direction = models.CharField(max_length=3)
    evidence = models.CharField(max_length=8)
    outcome = models.CharField(max_length=16)
    is_talk = models.BooleanField()
    resets = models.BooleanField(default=True)
    employee = models.ForeignKey(Employee, null=True, on_delete=models.PROTECT)
    source = models.CharField(max_length=40, blank=True, default="")
    key = models.CharField(max_length=240, blank=True, default="")
    voided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], condition=~Q(key=""), name="contact_key_once"),
            models.CheckConstraint(condition=_one_of("evidence", Evidence), name="contact_evidence_known"),
            models.CheckConstraint(condition=_one_of("direction", Direction), name="contact_direction_known"),
            models.CheckConstraint(condition=_one_of("outcome", Outcome), name="contact_outcome_known"),
        ]
        indexes = [
            models.Index(fields=["client", "on", "voided_at"], name="contact_of_client"),
            models.Index(fields=["employee", "on"], name="contact_by_employee"),
        ]


class Tenure(models.Model):
    """Who owned a client, from when to when, and why it began and ended."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="tenures")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    why_from = models.CharField(max_length=24)
    why_until = models.CharField(max_length=24, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client"], condition=Q(until_on=None), name="tenure_one_owner")]


class PoolEntry(models.Model):
    """A stay in the common pool of lost clients.

    `drawn` is what the lot said when it began; `held_out_until` is the first day on which a held out client is called.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="pool_entries")
    entered_on = models.DateField()
    left_on = models.DateField(null=True)
    why_left = models.CharField(max_length=24, blank=True, default="")
    rest_until = models.DateField(null=True)
    held_out_until = models.DateField(null=True)
    drawn = models.CharField(max_length=8, blank=True, default="")
    reserved_for = models.ForeignKey(Employee, null=True, on_delete=models.SET_NULL)
    reserved_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client"], condition=Q(left_on=None), name="pool_entry_one_open"),
            models.CheckConstraint(condition=Q(drawn__in=[d.value for d in Drawn]), name="pool_entry_drawn_known"),
        ]
        indexes = [
            models.Index(fields=["entered_on", "drawn"], name="pool_entry_by_day"),
            models.Index(fields=["left_on"], condition=Q(left_on__isnull=False), name="pool_entry_left_by_day"),
        ]


class Loss(models.Model):
    """The lock: `employee` lost the client on that day and never gets him back automatically."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="losses")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT)
    on = models.DateField()
    silent_since = models.DateField()
    initial = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    reason = models.CharField(max_length=24, blank=True, default="")
    voided_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(Employee, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_why = models.CharField(max_length=240, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "employee", "on"], name="loss_once")]
        indexes = [
            models.Index(
                fields=["client", "employee"],
                condition=Q(voided_at=None, lifted_at=None),
                name="loss_in_force",
            ),
            models.Index(fields=["on"], name="loss_by_day"),
        ]


class StatusChange(models.Model):
    """One step of a client's status. Append-only: `on` the limit was crossed, `recorded_at` it was seen."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="status_changes")
    from_status = models.CharField(max_length=12)
    to_status = models.CharField(max_length=12)
    on = models.DateField()
    recorded_at = models.DateTimeField()
    why = models.CharField(max_length=24)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(from_status=F("to_status")), name="status_change_is_a_change"),
        ]
        indexes = [models.Index(fields=["on"], name="status_change_by_day")]
