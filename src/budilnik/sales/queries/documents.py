"""Reads over documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Count, F, Max, Sum

from budilnik.core.value import DocumentDay, Worth, worth
from budilnik.sales.models import Order, OrderLine


def order_digests(source: str, keys: Sequence[str]) -> dict[str, str]:
    """Return the digests of known documents by key. One query."""
    return dict(Order.objects.filter(source=source, key__in=keys).values_list("key", "digest"))


def worth_of(clients: Sequence[int]) -> dict[int, Worth]:
    """Return what the documents of clients add up to; one without documents is worth nothing. One query."""
    rows = (
        Order.objects.filter(client_id__in=clients)
        .order_by("client_id", "ordered_on")
        .values_list("client_id", "ordered_on", "net", "counts")
    )
    found = {client: Worth() for client in clients}
    for client, documents in groupby(rows.iterator(chunk_size=5_000), key=lambda row: row[0]):
        found[client] = worth(DocumentDay(on=on, net=net, counts=counts) for _, on, net, counts in documents)
    return found


def monthly_net(client: int, *, on: date, months: int = 24) -> tuple[tuple[date, int], ...]:
    """Return what a client's documents came to in each of the last months, the month of `on` last. One query.

    Units: kopecks, returns taken off; a month is told by its first day.
    """
    first = _first_of_month(on, months - 1)
    totals = dict.fromkeys((_first_of_month(on, back) for back in range(months - 1, -1, -1)), 0)
    rows = Order.objects.filter(client_id=client, ordered_on__gte=first, ordered_on__lte=on, cancelled=False)
    for day, net in rows.values_list("ordered_on", "net"):
        totals[day.replace(day=1)] += net
    return tuple(totals.items())


def _first_of_month(on: date, back: int) -> date:
    year, month0 = divmod(on.year * 12 + on.month - 1 - back, 12)
    return date(year, month0 + 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSeen:
    """A document as a list shows it. Units: net in kopecks."""

    order_id: int
    key: str
    on: date
    net: int
    lines: int
    cancelled: bool
    goods: str


def last_orders(client: int, *, at_most: int = 5) -> tuple[OrderSeen, ...]:
    """Return a client's latest documents with what was dearest in each. Two queries."""
    orders = list(Order.objects.filter(client_id=client).order_by("-ordered_on", "-ordered_at", "-pk")[:at_most])
    goods: dict[int, list[str]] = {order.pk: [] for order in orders}
    lines = OrderLine.objects.filter(order__in=orders).order_by("-amount", "pk")
    for order, name in lines.values_list("order_id", "product__name"):
        goods[order].append(name)
    return tuple(
        OrderSeen(
            order_id=each.pk,
            key=each.key,
            on=each.ordered_on,
            net=each.net,
            lines=len(goods[each.pk]),
            cancelled=each.cancelled,
            goods=", ".join(dict.fromkeys(goods[each.pk][:3])),
        )
        for each in orders
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """A good that a client buys: in how many documents, when last. Units: kopecks, thousandths."""

    product_id: int
    name: str
    times: int
    last_on: date
    quantity: int
    amount: int


def most_bought(client: int, *, since: date, at_most: int = 6) -> tuple[Bought, ...]:
    """Return the goods a client bought most often since a day, without returns and cancelled documents. One query."""
    lines = OrderLine.objects.filter(
        order__client_id=client, order__ordered_on__gte=since, order__cancelled=False, quantity__gt=0
    )
    by_good = lines.values("product_id", name=F("product__name")).annotate(
        times=Count("order_id", distinct=True),
        last_on=Max("order__ordered_on"),
        total=Sum("quantity"),
        sum=Sum("amount"),
    )
    return tuple(
        Bought(
            product_id=row["product_id"],
            name=row["name"],
            times=row["times"],
            last_on=row["last_on"],
            quantity=row["total"],
            amount=row["sum"],
        )
        for row in by_good.order_by("-times", "-sum", "product_id")[:at_most]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSeen:
    """A line of a document. Units: quantity in thousandths, amount in kopecks."""

    good: str
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderInFull:
    """A document with its lines. Units: net in kopecks."""

    order_id: int
    key: str
    on: date
    net: int
    cancelled: bool
    lines: tuple[LineSeen, ...]


def orders_in_full(client: int, *, at_most: int) -> tuple[OrderInFull, ...]:
    """Return a client's latest documents with all their lines, the dearest first. Two queries."""
    orders = list(Order.objects.filter(client_id=client).order_by("-ordered_on", "-ordered_at", "-pk")[:at_most])
    lines: dict[int, list[LineSeen]] = {order.pk: [] for order in orders}
    rows = OrderLine.objects.filter(order__in=orders).order_by("-amount", "pk")
    for order, good, quantity, amount in rows.values_list("order_id", "product__name", "quantity", "amount"):
        lines[order].append(LineSeen(good=good, quantity=quantity, amount=amount))
    return tuple(
        OrderInFull(
            order_id=each.pk,
            key=each.key,
            on=each.ordered_on,
            net=each.net,
            cancelled=each.cancelled,
            lines=tuple(lines[each.pk]),
        )
        for each in orders
    )
