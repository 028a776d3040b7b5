"""The card of one client: who, why, what they bought, what was said, whom to ask for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F

from budilnik.calling.models import Call, Callback
from budilnik.calling.queries.sight import ClientNotSeen, Sight, seen_clients, sees_phones_of
from budilnik.clients.models import Client
from budilnik.clients.queries.people import NoteSeen, PersonSeen, PhoneSeen, notes_of, people_of
from budilnik.core.policy import Policy
from budilnik.core.status import Silence, last_day_kept
from budilnik.core.terms import ClientStatus
from budilnik.sales.queries.documents import Bought, OrderSeen, last_orders, monthly_net, most_bought

GOODS_OF = timedelta(days=730)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSeen:
    """An attempt or a talk as the card tells it."""

    call_id: int
    at: datetime
    direction: str
    outcome: str
    loss_reason: str
    note: str
    author: str
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseSeen:
    """An open promise as the card tells it; the time is the client's. `moved_at`: when we moved it here ourselves."""

    callback_id: int
    local_on: date
    local_time: str
    zone: str
    due_at: datetime
    about: str
    person_id: int | None
    person: str
    employee_id: int
    employee: str
    recorded_at: datetime
    moved_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything a call needs. `leaving` and `rhythm_days` come from insight; `potential` from whoever learnt it.

    Units: value and potential in kopecks a year; days of silence; days until lost, None in the pool.
    """

    client_id: int
    name: str
    inn: str
    city: str
    zone: str
    zone_assumed: bool
    owner_id: int | None
    owner: str
    status: str
    silent_since: date
    days_silent: int
    days_until_lost: int | None
    last_talk_on: date | None
    agreed_until: date | None
    value: int
    last_order_on: date | None
    orders_in_year: int
    leaving: bool
    rhythm_days: int | None
    potential: int | None
    missed_attempts: int
    refusals_in_row: int
    protected: bool
    in_pool: bool
    stopped: bool
    archived: bool
    phones_hidden: bool
    people: tuple[PersonSeen, ...]
    notes: tuple[NoteSeen, ...]
    calls: tuple[CallSeen, ...]
    promises: tuple[PromiseSeen, ...]
    months: tuple[tuple[date, int], ...]
    orders: tuple[OrderSeen, ...]
    goods: tuple[Bought, ...]

    @property
    def pinned(self) -> tuple[NoteSeen, ...]:
        """«Важно знать»."""
        return tuple(note for note in self.notes if note.pinned)

    @property
    def numbers(self) -> tuple[PhoneSeen, ...]:
        """The numbers that may be called, in the order of the people; one number of two people once."""
        usable = (phone for person in self.people for phone in person.phones if phone.usable)
        return tuple({phone.number: phone for phone in usable}.values())


def days_until_lost(client: Client, *, on: date, policy: Policy) -> int | None:
    """Return the days a client is still kept, 0 on the last one; None for whom no silence can lose. No query."""
    if not client.ever_contacted or client.in_pool_since is not None or client.status == ClientStatus.LOST.value:
        return None
    silence = Silence(
        silent_since=client.silent_since,
        ever_contacted=client.ever_contacted,
        agreed_until=client.agreed_until,
        grace_until=client.grace_until,
        in_pool=False,
    )
    return max(0, (last_day_kept(silence, policy=policy.silence) - on).days)


def card_of(client_id: int, *, sight: Sight, on: date, policy: Policy) -> Card:
    """Return the card of a client. Ten queries, one more of a client who is not one's own.

    Raises: ClientNotSeen.
    """
    client = seen_clients(sight).filter(pk=client_id).select_related("owner").first()
    if client is None:
        raise ClientNotSeen
    with_phones = sees_phones_of(sight, client)
    return Card(
        client_id=client.pk,
        name=client.name,
        inn=client.inn,
        city=client.city,
        zone=client.zone or policy.company_zone,
        zone_assumed=not client.zone,
        owner_id=client.owner_id,
        owner=client.owner.name if client.owner else "",
        status=client.status,
        silent_since=client.silent_since,
        days_silent=max(0, (on - client.silent_since).days),
        days_until_lost=days_until_lost(client, on=on, policy=policy),
        last_talk_on=client.last_talk_on,
        agreed_until=client.agreed_until,
        value=client.value,
        last_order_on=client.last_order_on,
        orders_in_year=client.order_days_in_year,
        leaving=client.leaving,
        rhythm_days=client.rhythm_days,
        potential=client.potential,
        missed_attempts=client.missed_attempts,
        refusals_in_row=client.refusals_in_row,
        protected=client.protected,
        in_pool=client.in_pool_since is not None,
        stopped=client.stopped_on is not None,
        archived=client.archived_on is not None,
        phones_hidden=not with_phones,
        people=people_of(client_id, with_phones=with_phones),
        notes=notes_of(client_id),
        calls=calls_of(client_id),
        promises=promises_of(client_id),
        months=monthly_net(client_id, on=on),
        orders=last_orders(client_id, at_most=4),
        goods=most_bought(client_id, since=on - GOODS_OF),
    )


def calls_of(client_id: int, *, at_most: int = 6) -> tuple[CallSeen, ...]:
    """Return the latest attempts and talks of a client. One query."""
    rows = Call.objects.filter(client_id=client_id, voided_at=None).order_by("-at", "-pk")
    columns = ("pk", "at", "direction", "outcome", "loss_reason", "note", "author")
    named = rows.values(*columns, who=F("employee__name"), whom=F("person__name"))[:at_most]
    return tuple(
        CallSeen(
            call_id=row["pk"],
            at=row["at"],
            direction=row["direction"],
            outcome=row["outcome"],
            loss_reason=row["loss_reason"],
            note=row["note"],
            author=row["who"] or row["author"],
            person=row["whom"] or "",
        )
        for row in named
    )


def promises_of(client_id: int) -> tuple[PromiseSeen, ...]:
    """Return the open promises to a client, the nearest first. One query."""
    rows = Callback.objects.filter(client_id=client_id, ended_at=None).order_by("due_at", "pk")
    columns = ("pk", "local_on", "local_time", "zone", "due_at", "about", "person_id", "employee_id", "recorded_at")
    came = {"moved_by": F("moved_from__end"), "moved_at": F("moved_from__ended_at")}
    return tuple(
        PromiseSeen(
            callback_id=row["pk"],
            local_on=row["local_on"],
            local_time=f"{row['local_time']:%H:%M}" if row["local_time"] else "",
            zone=row["zone"],
            due_at=row["due_at"],
            about=row["about"],
            person_id=row["person_id"],
            person=row["whom"] or "",
            employee_id=row["employee_id"],
            employee=row["who"],
            recorded_at=row["recorded_at"],
            moved_at=row["moved_at"] if row["moved_by"] == "moved_by_us" else None,
        )
        for row in rows.values(*columns, whom=F("person__name"), who=F("employee__name"), **came)
    )
