"""Clients and past contacts as files tell them, in batches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from budilnik.calling.actions.arrivals import Arrival, contacts_made, digest_of, ensure_clients
from budilnik.calling.models import Call, CallTask
from budilnik.clients.actions import marks, ownership, register
from budilnik.clients.actions.clock import NewContact
from budilnik.clients.queries import base
from budilnik.core.arrivals import ArrivedClient, ArrivedContact
from budilnik.core.terms import Disposition, Evidence, LossReason, Outcome
from budilnik.staff.queries import names_of_staff, staff_in_service

TALKS = frozenset({Outcome.ORDER, Outcome.INTERESTED, Outcome.OPEN, Outcome.REFUSED})
DISPOSITIONS = {
    Outcome.NO_ANSWER: Disposition.NO_ANSWER,
    Outcome.BUSY: Disposition.BUSY,
    Outcome.UNAVAILABLE: Disposition.UNAVAILABLE,
    Outcome.WRONG_NUMBER: Disposition.WRONG_NUMBER,
}
BATCH = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of a batch: keys that changed something, and why others were refused (code, facts)."""

    accepted: frozenset[str]
    refused: Mapping[str, tuple[str, Mapping[str, object]]]


@transaction.atomic
def clients_arrived(rows: Sequence[ArrivedClient], *, arrival: Arrival) -> Settled:
    """Add or describe clients; an owner that the file names anew is a real owner, within the locks.

    A row known word for word changes nothing; an owner who merely stands in the file as before does not undo what
    has happened to the client since.
    """
    known = base.known_rows(arrival.source, [row.key for row in rows])
    digests = {row.key: digest_of(row) for row in rows}
    staff = names_of_staff()
    refused = _refusals(rows, known=known, staff=staff, on=arrival.on)
    fresh = {
        row.key: row
        for row in rows
        if row.key not in refused and (row.key not in known or known[row.key].digest != digests[row.key])
    }
    numbers = ensure_clients(
        {key: (row.name, row.known_on or arrival.on) for key, row in fresh.items()}, arrival=arrival
    )
    _apply_owners(fresh, known=known, staff=staff, numbers=numbers, arrival=arrival)
    register.describe_clients(
        [register.Described(client_id=numbers[key], row=row, digest=digests[key]) for key, row in fresh.items()],
        source=arrival.source,
    )
    return Settled(accepted=frozenset(fresh), refused=refused)


def _renamed_owner(row: ArrivedClient, known: Mapping[str, base.KnownRow]) -> str | None:
    """Return the owner that the file names anew, or None when it says nothing new of him."""
    seen = known[row.key].owner_seen if row.key in known else ""
    return row.owner if row.owner and row.owner != seen else None


def _refusals(
    rows: Sequence[ArrivedClient], *, known: Mapping[str, base.KnownRow], staff: Mapping[str, int], on: date
) -> dict[str, tuple[str, Mapping[str, object]]]:
    named = {row.key: owner for row in rows if (owner := _renamed_owner(row, known))}
    standing = [known[key].client_id for key in named if key in known]
    locks, pooled = base.locks_of(standing), base.pooled_among(standing)
    working = {member.employee_id for member in staff_in_service(on)}
    refused: dict[str, tuple[str, Mapping[str, object]]] = {}
    for key, owner in named.items():
        client = known[key].client_id if key in known else 0
        if owner.casefold() not in staff:
            refused[key] = ("unknown_manager", {"owner": owner})
        elif staff[owner.casefold()] not in working:
            refused[key] = ("manager_has_left", {"owner": owner})
        elif client in pooled:
            refused[key] = ("owner_of_pool_client", {"owner": owner})
        elif staff[owner.casefold()] in locks.get(client, frozenset()):
            refused[key] = ("owner_lost_client", {"owner": owner})
    return refused


def _apply_owners(
    fresh: Mapping[str, ArrivedClient],
    *,
    known: Mapping[str, base.KnownRow],
    staff: Mapping[str, int],
    numbers: Mapping[str, int],
    arrival: Arrival,
) -> None:
    named = {
        numbers[key]: staff[owner.casefold()] for key, row in fresh.items() if (owner := _renamed_owner(row, known))
    }
    held = base.owners_of(list(named))
    moves = {client: who for client, who in named.items() if held.get(client) != who}
    CallTask.objects.open().filter(client_id__in=list(moves)).update(closed_at=arrival.now, close="owner_changed")
    ownership.give_owner(moves, on=arrival.on, why="imported")


@transaction.atomic
def contacts_arrived(rows: Sequence[ArrivedContact], *, arrival: Arrival) -> Settled:
    """Append past calls; the talks among them move the clocks. A row known by its key changes nothing."""
    source = f"past:{arrival.source}"[:40]
    known = set(Call.objects.filter(source=source, key__in=[row.key for row in rows]).values_list("key", flat=True))
    clients = base.numbers_of(arrival.source, [row.client_key for row in rows])
    staff = names_of_staff()
    refused = {row.key: ("unknown_client", {"client": row.client_key}) for row in rows if row.client_key not in clients}
    # Of rows with one key in a batch the first stands, as it does when they come in several.
    first = {row.key: row for row in reversed(rows)}
    fresh = [row for row in rows if row.key not in known and row.key not in refused and first[row.key] is row]
    Call.objects.bulk_create(
        [_call(row, client=clients[row.client_key], staff=staff, source=source, arrival=arrival) for row in fresh],
        batch_size=BATCH,
    )
    _follow(fresh, clients=clients, staff=staff, source=source, arrival=arrival)
    return Settled(accepted=frozenset(row.key for row in fresh), refused=refused)


def _call(row: ArrivedContact, *, client: int, staff: Mapping[str, int], source: str, arrival: Arrival) -> Call:
    return Call(
        client_id=client,
        employee_id=staff.get(row.employee.casefold()),
        author="" if row.employee.casefold() in staff else row.employee,
        at=row.at.replace(tzinfo=arrival.zone),
        direction=row.direction.value,
        disposition=DISPOSITIONS.get(row.outcome, Disposition.ANSWERED).value,
        outcome=row.outcome.value,
        talked=row.outcome in TALKS,
        note=row.note,
        source=source,
        key=row.key,
    )


def _follow(
    rows: Sequence[ArrivedContact],
    *,
    clients: Mapping[str, int],
    staff: Mapping[str, int],
    source: str,
    arrival: Arrival,
) -> None:
    stays = base.stays_in_pool([clients[row.client_key] for row in rows])
    talks = [
        NewContact(
            client_id=clients[row.client_key],
            at=row.at.replace(tzinfo=arrival.zone),
            on=row.at.date(),
            direction=row.direction,
            evidence=Evidence.MANUAL,
            outcome=row.outcome,
            is_talk=True,
            resets=row.outcome is not Outcome.REFUSED or not _in_pool(stays.get(clients[row.client_key]), row),
            employee_id=staff.get(row.employee.casefold()),
            source=source,
            key=row.key,
            note=row.note,
        )
        for row in rows
        if row.outcome in TALKS
    ]
    contacts_made(talks, seen=_seen(rows, clients), arrival=arrival, why="talk")
    for row in rows:
        if row.outcome is Outcome.STOP:
            marks.stop(clients[row.client_key], on=row.at.date())
            _end_everything(clients[row.client_key], now=arrival.now)


def _in_pool(stay: base.PoolStay | None, row: ArrivedContact) -> bool:
    """Say whether the client was in the pool at the talk: only then does a refusal not begin his silence anew."""
    return stay is not None and row.at.date() >= stay.entered_on


def _seen(rows: Sequence[ArrivedContact], clients: Mapping[str, int]) -> dict[int, date]:
    seen: dict[int, date] = {}
    for row in rows:
        client = clients[row.client_key]
        seen[client] = min(row.at.date(), seen.get(client, row.at.date()))
    return seen


def _end_everything(client: int, *, now: datetime) -> None:
    CallTask.objects.open().filter(client_id=client).update(closed_at=now, close="stopped")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLoss:
    """A loss from before: it locks the client for the employee (login or full name)."""

    client_key: str
    employee: str
    on: date
    reason: LossReason


@transaction.atomic
def losses_known(rows: Sequence[KnownLoss], *, arrival: Arrival) -> None:
    """Record losses from before the system came; the locks hold, blame and KPI ignore them."""
    clients = base.numbers_of(arrival.source, [row.client_key for row in rows])
    staff = names_of_staff()
    ownership.note_losses(
        [(clients[r.client_key], staff[r.employee.casefold()], r.on, r.on, r.reason.value) for r in rows],
        now=arrival.now,
    )
