"""The morning's decisions about status, written in batches that do nothing when repeated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from budilnik.clients.actions.columns import append_rows
from budilnik.clients.actions.ownership import end_tenures
from budilnik.clients.models import Client, Loss, PoolEntry, StatusChange
from budilnik.core.effect import Drawn
from budilnik.core.terms import ClientStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What the morning decided of one client from what it had read.

    `steps` are (from, to, day crossed); `read` is what must still stand for the decision to hold. `drawn` is what the
    lot says of one who enters the pool.
    """

    client_id: int
    read: tuple[object, ...]
    steps: tuple[tuple[ClientStatus, ClientStatus, date], ...]
    status: ClientStatus
    next_status_on: date | None
    to_pool: bool = False
    lost_by: int | None = None
    silent_since: date
    drawn: Drawn = Drawn.NOT
    held_out_until: date | None = None


RENEWAL_READS = (
    "status",
    "silent_since",
    "ever_contacted",
    "agreed_until",
    "grace_until",
    "owner_id",
    "in_pool_since",
)


def apply_renewals(
    renewals: Sequence[Renewal], *, on: date, now: datetime, policy_version: int, initial: bool, why: str
) -> list[Renewal]:
    """Write a batch of the morning's decisions and return those written.

    A client who changed since he was read is left for the next run. Repeated, it does nothing: what was written no
    longer matches what was read.
    """
    numbers = [each.client_id for each in renewals]
    rows = Client.objects.select_for_update().filter(pk__in=numbers).order_by("pk")
    standing = {row[0]: row[1:] for row in rows.values_list("pk", *RENEWAL_READS)}
    valid = [each for each in renewals if standing.get(each.client_id) == each.read]
    pooled = [each for each in valid if each.to_pool]
    steps = [
        (each.client_id, was.value, became.value, crossed, now, why)
        for each in valid
        for was, became, crossed in each.steps
    ]
    append_rows(StatusChange, ("client", "from_status", "to_status", "on", "recorded_at", "why"), steps)
    _release(pooled, on=on, now=now, initial=initial)
    _cache_status(valid, pooled={each.client_id for each in pooled}, on=on, policy_version=policy_version)
    return valid


def _release(pooled: Sequence[Renewal], *, on: date, now: datetime, initial: bool) -> None:
    end_tenures([each.client_id for each in pooled], on=on, why="lost")
    stays = [(each.client_id, on, each.drawn.value, each.held_out_until) for each in pooled]
    append_rows(PoolEntry, ("client", "entered_on", "drawn", "held_out_until"), stays)
    losses = [
        (each.client_id, each.lost_by, on, each.silent_since, initial, now)
        for each in pooled
        if each.lost_by is not None
    ]
    append_rows(Loss, ("client", "employee", "on", "silent_since", "initial", "recorded_at"), losses)


def _cache_status(renewals: Sequence[Renewal], *, pooled: set[int], on: date, policy_version: int) -> None:
    alike: dict[tuple[ClientStatus, date | None, bool], list[int]] = {}
    for each in renewals:
        alike.setdefault((each.status, each.next_status_on, each.client_id in pooled), []).append(each.client_id)
    for (status, next_on, enters), numbers in alike.items():
        change: dict[str, object] = {
            "status": status.value,
            "next_status_on": next_on,
            "policy_version": policy_version,
        }
        if enters:
            change |= {"owner": None, "in_pool_since": on}
        Client.objects.filter(pk__in=numbers).update(**change)
