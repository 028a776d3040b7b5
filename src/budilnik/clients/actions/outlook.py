"""What the morning needs of insight, kept on the client: written only where it has changed."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from itertools import batched

from django.db import transaction

from budilnik.clients.actions.columns import give_way, save_columns
from budilnik.clients.models import Client

BATCH = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What is expected of a client. Units: chance in thousandths within 30 days, kopecks in 90 days, days."""

    order_chance: int | None = None
    expected_90: int | None = None
    rhythm_days: int | None = None
    leaving: bool = False
    narrowed: bool = False


COLUMNS = tuple(each.name for each in fields(Outlook))
NOTHING_KNOWN = Outlook()


def keep_outlooks(outlooks: Mapping[int, Outlook]) -> int:
    """Write the outlook of every client that differs from what stands, and return how many were written.

    A client who is not among them is one of whom nothing is known any more.
    """
    rows = Client.objects.order_by("pk").only("pk", *COLUMNS)
    written = 0
    for some in batched(rows.iterator(chunk_size=5_000), BATCH, strict=False):
        changed = [client for client in some if _renewed(client, outlooks.get(client.pk, NOTHING_KNOWN))]
        if not changed:
            continue
        with transaction.atomic():
            save_columns(changed, COLUMNS)
        written += len(changed)
        give_way()
    return written


def _renewed(client: Client, outlook: Outlook) -> bool:
    """Take the outlook over; say whether it differs from what stood."""
    if tuple(getattr(client, column) for column in COLUMNS) == astuple(outlook):
        return False
    for column in COLUMNS:
        setattr(client, column, getattr(outlook, column))
    return True
