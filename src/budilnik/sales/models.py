"""What was bought: goods, documents and their lines, with exact money."""

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from budilnik.clients.models import Client
from budilnik.core.terms import OfferKind
from budilnik.staff.models import Employee


class Product(models.Model):
    """A good as one source names it."""

    source = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    name = models.CharField(max_length=500)
    group = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="product_key_once")]


class Order(models.Model):
    """A document of a source, replaced as a whole when its content changes. Units: net in kopecks."""

    source = models.CharField(max_length=40)
    key = models.CharField(max_length=240)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="orders", db_index=False)
    ordered_at = models.DateTimeField()
    ordered_on = models.DateField()
    net = models.BigIntegerField()
    counts = models.BooleanField()
    cancelled = models.BooleanField(default=False)
    digest = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="order_key_once")]
        indexes = [
            models.Index(fields=["client", "ordered_on"], name="order_by_client"),
            # What each day came to is summed in the index itself.
            models.Index(fields=["ordered_on", "cancelled", "net"], name="order_by_day"),
        ]


class OrderLine(models.Model):
    """A line of a document. Units: quantity in thousandths, price in 1/10,000, amount in kopecks."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, db_index=False)
    quantity = models.BigIntegerField()
    price = models.BigIntegerField()
    amount = models.BigIntegerField()


class InsightRunQuerySet(models.QuerySet["InsightRun"]):
    """Predicates over runs."""

    def open(self) -> "InsightRunQuerySet":
        """Runs at work: neither published nor called off."""
        return self.filter(published_at=None, cancelled_at=None)

    def in_force(self) -> "InsightRunQuerySet":
        """The latest published run alone, or none."""
        return self.exclude(published_at=None).order_by("-published_at", "-pk")[:1]


class InsightRun(models.Model):
    """One look at the whole base. Readers see the latest published one; the rows of the others are swept away.

    `findings` holds what is said of the base as a whole: limits by rhythm, seasons, classes and their movement,
    calibration, each with the rule and the period it was found by.
    """

    on = models.DateField()
    engine = models.CharField(max_length=200)
    holder = models.CharField(max_length=120)
    lease_until = models.DateTimeField()
    started_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=24, blank=True, default="")
    clients = models.PositiveIntegerField(default=0)
    offers = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=dict)

    objects = InsightRunQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["published_at"], name="insight_published")]


def _run_in_force() -> Subquery:
    return Subquery(InsightRun.objects.in_force().values("pk"))


class ClientProfileQuerySet(models.QuerySet["ClientProfile"]):
    """Predicates over profiles."""

    def in_force(self) -> "ClientProfileQuerySet":
        """Those of the latest published run."""
        return self.filter(run=_run_in_force())


class ClientProfile(models.Model):
    """What the sales say of one client on the day of the run. Empty means: not enough history.

    `season` is any good of the group whose season comes up and which the client buys; `by_potential` says that `abcd`
    rests on a known potential.

    Units: money in kopecks, intervals in days, chances in 0..1. A purchase is a day of purchase.
    """

    run = models.ForeignKey(InsightRun, on_delete=models.CASCADE, related_name="profiles", db_index=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="profiles", db_index=False)
    purchases = models.PositiveIntegerField(default=0)
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    rhythm_days = models.FloatField(null=True)
    rhythm_low = models.FloatField(null=True)
    rhythm_high = models.FloatField(null=True)
    back_by_days = models.FloatField(null=True)
    average_order = models.BigIntegerField(null=True)
    revenue_365 = models.BigIntegerField(default=0)
    revenue_before = models.BigIntegerField(default=0)
    chance_30 = models.FloatField(null=True)
    chance_60 = models.FloatField(null=True)
    chance_90 = models.FloatField(null=True)
    lost_chance = models.FloatField(null=True)
    expected_90 = models.BigIntegerField(null=True)
    breadth = models.FloatField(null=True)
    breadth_before = models.FloatField(null=True)
    leaving = models.BooleanField(default=False)
    narrowed = models.BooleanField(default=False)
    abc = models.CharField(max_length=1, blank=True, default="")
    abcd = models.CharField(max_length=1, blank=True, default="")
    regularity = models.CharField(max_length=1, blank=True, default="")
    recency = models.PositiveSmallIntegerField(null=True)
    frequency = models.PositiveSmallIntegerField(null=True)
    monetary = models.PositiveSmallIntegerField(null=True)
    by_potential = models.BooleanField(default=False)
    season = models.ForeignKey(Product, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    season_month = models.PositiveSmallIntegerField(null=True)
    stopped_items = models.PositiveIntegerField(default=0)
    stopped_amount = models.BigIntegerField(default=0)

    objects = ClientProfileQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "client"], name="profile_once_a_run")]


class OfferQuerySet(models.QuerySet["Offer"]):
    """Predicates over offers."""

    def in_force(self) -> "OfferQuerySet":
        """Those of the latest published run that nobody has called unsuitable, by kind and place."""
        latest = self.filter(run=_run_in_force())
        refused = OfferRefusal.objects.in_force().filter(client=OuterRef("client"), product=OuterRef("product"))
        return latest.exclude(Exists(refused)).order_by("kind", "place")


class Offer(models.Model):
    """A good to name in the call, with the numbers of its reason. Units: days, kopecks, shares in 0..1.

    `interval_days` and `last_on` stand for his own goods; `because`, `clients_with` and `share_also` for new ones.
    """

    run = models.ForeignKey(InsightRun, on_delete=models.CASCADE, related_name="rows", db_index=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="offers", db_index=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8)
    place = models.PositiveSmallIntegerField()
    score = models.FloatField()
    times = models.PositiveIntegerField(null=True)
    interval_days = models.FloatField(null=True)
    last_on = models.DateField(null=True)
    amount = models.BigIntegerField(null=True)
    because = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    clients_with = models.PositiveIntegerField(null=True)
    share_also = models.FloatField(null=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "client", "kind", "place"], name="offer_place_once"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in OfferKind]), name="offer_kind_known"),
        ]


class OfferRefusalQuerySet(models.QuerySet["OfferRefusal"]):
    """Predicates over refusals."""

    def in_force(self) -> "OfferRefusalQuerySet":
        """Those that nobody has taken back."""
        return self.filter(taken_back_at=None)


class OfferRefusal(models.Model):
    """«Не подходит»: this good is not offered to this client again. Taken back, the row stays."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="offer_refusals")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(Employee, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    objects = OfferRefusalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "product"], condition=Q(taken_back_at=None), name="offer_refused_once"
            ),
        ]
