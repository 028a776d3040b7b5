"""The cached state rebuilt from history, client by client, and where the two differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import batched

from django.db.models import Max, Q

from budilnik.clients.models import Client, Contact, PoolEntry, Tenure

CHUNK = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One cached fact of one client that history does not confirm."""

    client_id: int
    what: str
    cached: object
    rebuilt: object


def differences() -> Iterator[Difference]:
    """Return every difference between the cached state and history. Four queries for every two thousand clients."""
    numbers = Client.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=CHUNK)
    for some in batched(numbers, CHUNK, strict=False):
        yield from _compare(list(some))


def _compare(numbers: list[int]) -> Iterator[Difference]:
    within = Q(client_id__in=numbers)
    contacts = Contact.objects.filter(within, voided_at=None).order_by().values("client_id")
    resets = dict(contacts.filter(resets=True).annotate(last=Max("on")).values_list("client_id", "last"))
    talks = dict(contacts.filter(is_talk=True).annotate(last=Max("on")).values_list("client_id", "last"))
    owners = dict(Tenure.objects.filter(within, until_on=None).values_list("client_id", "employee_id"))
    pool = dict(PoolEntry.objects.filter(within, left_on=None).values_list("client_id", "entered_on"))
    for client in Client.objects.filter(pk__in=numbers).order_by("pk"):
        rebuilt = {
            "silent_since": resets.get(client.pk, client.first_known_on),
            "ever_contacted": client.pk in resets,
            "last_talk_on": talks.get(client.pk),
            "owner_id": owners.get(client.pk),
            "in_pool_since": pool.get(client.pk),
        }
        for what, value in rebuilt.items():
            cached = getattr(client, what)
            if cached != value:
                yield Difference(client_id=client.pk, what=what, cached=cached, rebuilt=value)
