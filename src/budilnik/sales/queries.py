"""Reads over documents."""

from collections.abc import Sequence
from itertools import groupby

from budilnik.core.value import DocumentDay, Worth, worth
from budilnik.sales.models import Order


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
