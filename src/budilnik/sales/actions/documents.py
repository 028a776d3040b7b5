"""Writes over goods and documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from budilnik.clients.actions.columns import append_rows
from budilnik.core.arrivals import ArrivedOrder
from budilnik.sales.models import Order, OrderLine, Product

BATCH = 2_000


def add_products(wanted: Mapping[str, tuple[str, str]], *, source: str) -> dict[str, int]:
    """Add goods that are not yet known, with (name, group); return numbers by key. A known name stays."""
    known = dict(Product.objects.filter(source=source, key__in=list(wanted)).values_list("key", "pk"))
    fresh = [
        Product(source=source, key=key, name=name or key, group=group)
        for key, (name, group) in wanted.items()
        if key not in known
    ]
    added = Product.objects.bulk_create(fresh, batch_size=BATCH)
    return known | {product.key: product.pk for product in added}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedOrder:
    """An arrived order with the client it belongs to and the digest of its content."""

    order: ArrivedOrder
    client_id: int
    at: datetime
    digest: str


def store_orders(placed: Sequence[PlacedOrder], *, source: str, products: Mapping[str, int]) -> None:
    """Store documents with their lines; one whose key is known is replaced as a whole."""
    keys = [each.order.key for each in placed]
    Order.objects.filter(source=source, key__in=keys).delete()
    orders = Order.objects.bulk_create(
        [
            Order(
                source=source,
                key=each.order.key,
                client_id=each.client_id,
                ordered_at=each.at,
                ordered_on=each.order.ordered_on,
                net=each.order.net,
                counts=each.order.counts_for_the_clock,
                cancelled=each.order.cancelled,
                digest=each.digest,
            )
            for each in placed
        ],
        batch_size=BATCH,
    )
    lines = (
        (row.pk, products[line.product_key], line.quantity, line.price, line.amount)
        for row, each in zip(orders, placed, strict=True)
        for line in each.order.lines
    )
    append_rows(OrderLine, ("order", "product", "quantity", "price", "amount"), lines)


def move_orders(*, from_client: int, to_client: int) -> None:
    """Move the documents of a merged client to the one who stays."""
    Order.objects.filter(client_id=from_client).update(client_id=to_client)
