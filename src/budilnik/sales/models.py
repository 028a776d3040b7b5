"""What was bought: goods, documents and their lines, with exact money."""

from django.db import models

from budilnik.clients.models import Client


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
        indexes = [models.Index(fields=["client", "ordered_on"], name="order_by_client")]


class OrderLine(models.Model):
    """A line of a document. Units: quantity in thousandths, price in 1/10,000, amount in kopecks."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, db_index=False)
    quantity = models.BigIntegerField()
    price = models.BigIntegerField()
    amount = models.BigIntegerField()
