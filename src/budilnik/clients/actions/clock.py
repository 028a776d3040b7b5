"""The clock: contacts are appended, silence begins anew, sales are summed up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q

from budilnik.clients.actions.columns import BATCH, save_columns
from budilnik.clients.models import Client, Contact, StatusChange
from budilnik.core.status import Silence, SilencePolicy, classify, next_change_on
from budilnik.core.terms import ClientStatus, Direction, Evidence, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    """A conversation or an order to be appended. `resets` is false for a refusal in the pool."""

    client_id: int
    at: datetime
    on: date
    direction: Direction
    evidence: Evidence
    outcome: Outcome
    is_talk: bool
    resets: bool = True
    employee_id: int | None = None
    source: str = ""
    key: str = ""
    note: str = ""


def record_contacts(entries: Sequence[NewContact]) -> None:
    """Append contacts; one with a known (source, key) is already there and stays as it was."""
    rows = [
        Contact(
            client_id=each.client_id,
            at=each.at,
            on=each.on,
            direction=each.direction.value,
            evidence=each.evidence.value,
            outcome=each.outcome.value,
            is_talk=each.is_talk,
            resets=each.resets,
            employee_id=each.employee_id,
            source=each.source,
            key=each.key,
            note=each.note,
        )
        for each in entries
    ]
    Contact.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFact:
    """The latest days of evidence for one client; None where there was none of the kind."""

    contact_on: date | None = None
    talk_on: date | None = None
    first_seen_on: date | None = None


_CLOCK_COLUMNS = [
    "silent_since",
    "first_known_on",
    "ever_contacted",
    "last_talk_on",
    "status",
    "next_status_on",
]


def advance_clocks(
    facts: Mapping[int, ClockFact],
    *,
    now: datetime,
    why: str,
    silence: SilencePolicy,
    locked: Sequence[Client] = (),
) -> None:
    """Move the clocks of clients forward; evidence never moves a clock backwards.

    Whoever was contacted is regular from that day; what silence has taken since is told by the next morning,
    for whom the alarm is set. A client in the pool keeps his status until he is taken out. `locked` are the clients
    themselves where the caller has read and locked them.
    """
    clients = list(locked) or list(Client.objects.select_for_update().filter(pk__in=list(facts)).order_by("pk"))
    changes = []
    for client in clients:
        before = client.status
        if _wind(client, facts[client.pk]) and client.in_pool_since is None:
            client.status = ClientStatus.REGULAR.value
            client.next_status_on = next_change_on(silence_of(client), on=client.silent_since, policy=silence)
        if client.status != before:
            changes.append(change_of(client, before, on=client.silent_since, now=now, why=why))
    save_columns(clients, _CLOCK_COLUMNS)
    StatusChange.objects.bulk_create(changes, batch_size=BATCH)


def _wind(client: Client, fact: ClockFact) -> bool:
    """Apply evidence to one client in memory; say whether his silence begins anew."""
    first = min(filter(None, (client.first_known_on, fact.first_seen_on, fact.contact_on)))
    client.first_known_on = first
    if fact.talk_on and (client.last_talk_on is None or fact.talk_on > client.last_talk_on):
        client.last_talk_on = fact.talk_on
    if fact.contact_on and (not client.ever_contacted or fact.contact_on > client.silent_since):
        client.silent_since, client.ever_contacted = fact.contact_on, True
        return True
    if not client.ever_contacted:
        client.silent_since = first
    return False


def void_contact(*, source: str, key: str, now: datetime) -> None:
    """Take a contact back: it stays in the history and counts no more."""
    Contact.objects.filter(source=source, key=key, voided_at=None).update(voided_at=now)


def rebuild_clock(client: int, *, on: date, now: datetime, why: str, silence: SilencePolicy) -> None:
    """Set the clock of a client to what his history says, after a contact was voided or two histories became one."""
    row = Client.objects.select_for_update().get(pk=client)
    counted = Contact.objects.filter(client=client, voided_at=None).aggregate(
        contact_on=Max("on", filter=Q(resets=True)), talk_on=Max("on", filter=Q(is_talk=True))
    )
    row.ever_contacted, row.last_talk_on = counted["contact_on"] is not None, counted["talk_on"]
    row.silent_since = counted["contact_on"] or row.first_known_on
    if not row.ever_contacted and row.status != ClientStatus.PROSPECT.value:
        before, row.status = row.status, ClientStatus.PROSPECT.value
        change_of(row, before, on=on, now=now, why=why).save()
    save_columns([row], ["silent_since", "ever_contacted", "last_talk_on", "status"])
    restate([client], on=on, now=now, why=why, silence=silence)


def restate(clients: Sequence[int], *, on: date, now: datetime, why: str, silence: SilencePolicy) -> None:
    """Give clients the status that silence, agreed date, grace and pool say on `on`, and set the next alarm."""
    rows = list(Client.objects.select_for_update().filter(pk__in=clients).order_by("pk"))
    changes = _restated(rows, on=on, now=now, why=why, silence=silence)
    save_columns(rows, ["status", "next_status_on"])
    StatusChange.objects.bulk_create(changes, batch_size=BATCH)


def agree(client: Client, until: date, *, on: date, now: datetime, silence: SilencePolicy) -> None:
    """Note the date that a client named in a talk, with the status and the alarm that follow.

    The client is read and locked by the caller and is as he stands.
    """
    client.agreed_until = until
    changes = _restated([client], on=on, now=now, why="agreed", silence=silence)
    save_columns([client], ["agreed_until", "status", "next_status_on"])
    StatusChange.objects.bulk_create(changes, batch_size=BATCH)


def _restated(
    rows: Sequence[Client], *, on: date, now: datetime, why: str, silence: SilencePolicy
) -> list[StatusChange]:
    """Set status and alarm of clients in memory; return the unsaved steps."""
    changes = []
    for client in rows:
        before, asked = client.status, silence_of(client)
        client.status = classify(asked, on=on, policy=silence).value
        client.next_status_on = next_change_on(asked, on=on, policy=silence)
        if client.status == ClientStatus.LOST.value and client.in_pool_since is None:
            # Silence has run out and nobody has released him yet: the next morning decides.
            client.next_status_on = on
        if client.status != before:
            changes.append(change_of(client, before, on=on, now=now, why=why))
    return changes


def silence_of(client: Client) -> Silence:
    """Return what the status of a client depends on."""
    return Silence(
        silent_since=client.silent_since,
        ever_contacted=client.ever_contacted,
        agreed_until=client.agreed_until,
        grace_until=client.grace_until,
        in_pool=client.in_pool_since is not None,
    )


def change_of(client: Client, was: str, *, on: date, now: datetime, why: str) -> StatusChange:
    """Return the unsaved step of a client from `was` to the status he has now."""
    return StatusChange(client_id=client.pk, from_status=was, to_status=client.status, on=on, recorded_at=now, why=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales:
    """What the orders of a client add up to. Units: value in kopecks."""

    value: int
    first_order_on: date | None
    last_order_on: date | None
    order_days_in_year: int


def record_sales(snapshot: Mapping[int, Sales], *, on: date) -> None:
    """Store the value of clients with its date."""
    clients = [
        Client(
            pk=number,
            value=sales.value,
            value_on=on,
            first_order_on=sales.first_order_on,
            last_order_on=sales.last_order_on,
            order_days_in_year=sales.order_days_in_year,
        )
        for number, sales in snapshot.items()
    ]
    save_columns(clients, ["value", "value_on", "first_order_on", "last_order_on", "order_days_in_year"])


def mark_sales_stale(numbers: Iterable[int]) -> None:
    """Say that the value of clients must be counted anew."""
    Client.objects.filter(pk__in=list(numbers)).update(value_on=None)


def stale_sales(at_most: int) -> list[int]:
    """Return clients whose value must be counted anew, locked for the rest of the transaction."""
    stale = Client.objects.select_for_update().filter(value_on=None).order_by("pk")
    return list(stale.values_list("pk", flat=True)[:at_most])
