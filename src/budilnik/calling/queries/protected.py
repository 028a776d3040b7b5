"""Clients kept from release: how long each still has, and whom to keep next."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet

from budilnik.calling.queries.sight import Sight, seen_clients
from budilnik.clients.models import Client
from budilnik.core.naming import search_key
from budilnik.core.policy import Policy
from budilnik.core.status import StatusBook
from budilnik.core.terms import ClientStatus

MOST_FOUND = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """A client kept from release, or who may be. `days_left` until his silence runs out, negative after that.

    Units: value in kopecks; `days_left` None for one never contacted: he cannot be lost.
    """

    client_id: int
    name: str
    city: str
    owner: str
    status: str
    silent_since: date
    days_left: int | None
    value: int
    near: bool


def protected_clients(*, sight: Sight, on: date, policy: Policy) -> tuple[Guarded, ...]:
    """Return the protected clients, those soonest out of time first. One query."""
    rows = seen_clients(sight).alive().filter(protected=True)
    guarded = (_guarded(row, on=on, policy=policy) for row in rows.select_related("owner"))
    return tuple(sorted(guarded, key=lambda each: (each.days_left is None, each.days_left or 0, each.name)))


def may_be_protected(text: str, *, sight: Sight, on: date, policy: Policy) -> tuple[Guarded, ...]:
    """Return owned clients whose name contains the text, the dearest first. One query, none for an empty text."""
    key = search_key(text)
    if not key:
        return ()
    rows: QuerySet[Client] = seen_clients(sight).alive().filter(protected=False, search_key__contains=key)
    found = rows.exclude(owner=None).select_related("owner").order_by(F("value").desc(), "pk")[:MOST_FOUND]
    return tuple(_guarded(row, on=on, policy=policy) for row in found)


def _guarded(row: Client, *, on: date, policy: Policy) -> Guarded:
    book = StatusBook(on=on, policy=policy.silence)
    verdict = book.verdict(
        row.silent_since,
        row.ever_contacted,
        row.agreed_until,
        row.grace_until,
        row.in_pool_since is not None,
        row.status,
    )
    left = None if verdict.status is ClientStatus.PROSPECT else (verdict.last_kept - on).days
    return Guarded(
        client_id=row.pk,
        name=row.name,
        city=row.city,
        owner=row.owner.name if row.owner else "",
        status=verdict.status.value,
        silent_since=row.silent_since,
        days_left=left,
        value=row.value,
        near=left is not None and left <= policy.protected_warning_days,
    )
