"""Reads over the base."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import batched

from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Min, Q, Sum

from budilnik.clients.models import Client, Contact, ExternalKey, Loss, Phone, PoolEntry, Tenure
from budilnik.core.policy import Policy
from budilnik.core.status import StatusBook
from budilnik.core.terms import ClientStatus


def numbers_of(source: str, keys: Sequence[str]) -> dict[str, int]:
    """Return client numbers by external key. One query."""
    rows = ExternalKey.objects.filter(source=source, kind="client", key__in=keys)
    return dict(rows.values_list("key", "client_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRow:
    """What the last import of a client's row left behind."""

    client_id: int
    digest: str
    owner_seen: str


def known_rows(source: str, keys: Sequence[str]) -> dict[str, KnownRow]:
    """Return what is known of imported rows by external key. One query."""
    rows = ExternalKey.objects.filter(source=source, kind="client", key__in=keys)
    return {
        key: KnownRow(client_id=client, digest=digest, owner_seen=seen)
        for key, client, digest, seen in rows.values_list("key", "client_id", "row_digest", "owner_seen")
    }


def first_keys(clients: Sequence[int]) -> dict[int, str]:
    """Return the first external key of each client. Two queries."""
    first = ExternalKey.objects.filter(client_id__in=clients).values("client_id").annotate(first=Min("pk"))
    rows = ExternalKey.objects.filter(pk__in=[row["first"] for row in first])
    return dict(rows.values_list("client_id", "key"))


def locks_of(clients: Sequence[int]) -> dict[int, frozenset[int]]:
    """Return the employees who may not get each client, for those clients whom somebody lost. One query."""
    rows = Loss.objects.filter(client_id__in=clients, voided_at=None, lifted_at=None)
    found: dict[int, set[int]] = defaultdict(set)
    for client, employee in rows.values_list("client_id", "employee_id"):
        found[client].add(employee)
    return {client: frozenset(losers) for client, losers in found.items()}


def shared_numbers() -> dict[int, frozenset[str]]:
    """Return the numbers that several clients have, by client. One query."""
    found: dict[int, set[str]] = defaultdict(set)
    for client, number in Phone.objects.filter(shared=True).values_list("client_id", "number"):
        found[client].add(number)
    return {client: frozenset(numbers) for client, numbers in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolStay:
    """An open stay in the pool with what late evidence is judged by."""

    client_id: int
    entered_on: date
    lost_by: int | None


def stays_in_pool(clients: Sequence[int]) -> dict[int, PoolStay]:
    """Return the open pool stays of clients, with who lost them on entering. Two queries."""
    stays = PoolEntry.objects.filter(client_id__in=clients, left_on=None).values_list("client_id", "entered_on")
    losses = Loss.objects.filter(client_id__in=clients, voided_at=None).order_by("on", "pk")
    by_day = {(client, on): who for client, on, who in losses.values_list("client_id", "on", "employee_id")}
    return {
        client: PoolStay(client_id=client, entered_on=entered, lost_by=by_day.get((client, entered)))
        for client, entered in stays
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseCount:
    """The base on a day by status; `ownerless` leaves the pool out."""

    on: date
    clients: int
    status: dict[ClientStatus, int]
    pool: int
    ownerless: int
    exhausted: int


_JUDGED = ("silent_since", "ever_contacted", "agreed_until", "grace_until", "in_pool_since", "status", "no_owner")


def count_base(*, on: date, policy: Policy, callers: frozenset[int]) -> BaseCount:
    """Count the base by the status that its clocks give on `on`, whatever the morning has cached. Two queries."""
    book = StatusBook(on=on, policy=policy.silence)
    by_status = dict.fromkeys(ClientStatus, 0)
    pool = ownerless = 0
    no_owner = ExpressionWrapper(Q(owner=None), output_field=BooleanField())
    judged = Client.objects.alive().annotate(no_owner=no_owner).values_list(*_JUDGED)
    rows = judged.annotate(how_many=Count("pk")).order_by()
    for silent_since, ever, agreed, grace, in_pool, stored, no_owner, how_many in rows.iterator(chunk_size=5_000):
        verdict = book.verdict(silent_since, ever, agreed, grace, in_pool is not None, stored)
        by_status[verdict.status] += how_many
        pool += how_many if in_pool else 0
        ownerless += how_many if no_owner and not in_pool else 0
    return BaseCount(
        on=on,
        clients=sum(by_status.values()),
        status=by_status,
        pool=pool,
        ownerless=ownerless,
        exhausted=count_exhausted(callers),
    )


def count_exhausted(callers: frozenset[int]) -> int:
    """Count pool clients whom every caller of the pool has lost; without callers that is everyone. One query."""
    pooled = Client.objects.alive().filter(in_pool_since__isnull=False)
    if not callers:
        return pooled.count()
    lost = Loss.objects.filter(voided_at=None, lifted_at=None, employee_id__in=callers, client__in=pooled)
    by_client = lost.values("client_id").annotate(losers=Count("employee_id", distinct=True))
    return by_client.filter(losers=len(callers)).count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownerless:
    """A client outside the pool whom nobody owns."""

    client_id: int
    status: ClientStatus
    steps: tuple[tuple[ClientStatus, ClientStatus, date], ...]
    silent_since: date
    value: int
    phone_state: str = "none"


def ownerless_on(*, on: date, policy: Policy) -> Iterator[Ownerless]:
    """Return the clients without an owner outside the pool with their status on `on`. One query."""
    book = StatusBook(on=on, policy=policy.silence)
    rows = Client.objects.callable().filter(owner=None, in_pool_since=None).order_by("pk")
    columns = ("pk", "silent_since", "ever_contacted", "agreed_until", "grace_until", "status", "value", "phone_state")
    for number, since, ever, agreed, grace, stored, value, phone in rows.values_list(*columns).iterator(
        chunk_size=5_000
    ):
        verdict = book.verdict(since, ever, agreed, grace, False, stored)
        yield Ownerless(
            client_id=number,
            status=verdict.status,
            steps=verdict.steps,
            silent_since=since,
            value=value,
            phone_state=phone,
        )


def loads_of_owners() -> dict[int, tuple[int, int]]:
    """Return (clients, their value in kopecks) of each owner. One query."""
    rows = Client.objects.alive().exclude(owner=None).values("owner_id").annotate(n=Count("pk"), total=Sum("value"))
    return {row["owner_id"]: (row["n"], row["total"]) for row in rows.order_by()}


def alive_by_status() -> dict[str, int]:
    """Return how many clients of each status there are, archived ones left out. One query."""
    return dict(Client.objects.alive().values_list("status").annotate(n=Count("pk")).order_by())


def values_of(clients: Sequence[int]) -> dict[int, int]:
    """Return the value of clients in kopecks. One query."""
    return dict(Client.objects.filter(pk__in=clients).values_list("pk", "value"))


def pooled_among(clients: Sequence[int]) -> frozenset[int]:
    """Return those of the clients who are in the pool. One query."""
    pooled = Client.objects.filter(pk__in=clients, in_pool_since__isnull=False)
    return frozenset(pooled.values_list("pk", flat=True))


def owners_of(clients: Sequence[int]) -> dict[int, int | None]:
    """Return who owns each client. One query."""
    return dict(Client.objects.filter(pk__in=clients).values_list("pk", "owner_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What of a client must still be true for a plan to call him."""

    client_id: int
    silent_since: date
    in_pool: bool


def standing_of(clients: Sequence[int]) -> list[Standing]:
    """Return those of the clients who may be called at all, as they stand now. One query."""
    rows = Client.objects.callable().filter(pk__in=clients).values_list("pk", "silent_since", "in_pool_since")
    return [Standing(client_id=number, silent_since=since, in_pool=pool is not None) for number, since, pool in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """How a client is called on a list; `key` is his first external key, or his number where he has none."""

    key: str
    name: str
    city: str
    zone: str


def called(clients: Sequence[int]) -> dict[int, Called]:
    """Return how clients are called. Three queries for every five thousand."""
    found: dict[int, Called] = {}
    for some in batched(clients, 5_000, strict=False):
        keys = first_keys(some)
        for number, name, city, zone in Client.objects.filter(pk__in=some).values_list("pk", "name", "city", "zone"):
            found[number] = Called(key=keys.get(number, str(number)), name=name, city=city, zone=zone)
    return found


VERIFIED_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One cached fact of one client that history does not confirm."""

    client_id: int
    what: str
    cached: object
    rebuilt: object


def differences(*, on: date | None = None, policy: Policy | None = None) -> Iterator[Difference]:
    """Return every difference between the cached state and history. One query, and five for every 2,000 clients.

    Statuses are judged too when the day of the last morning and its policy are given; a client for whom the next
    morning rings is not, for it will say what he is.
    """
    book = StatusBook(on=on, policy=policy.silence) if on and policy else None
    numbers = Client.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=VERIFIED_AT_ONCE)
    for some in batched(numbers, VERIFIED_AT_ONCE, strict=False):
        yield from _compare(list(some), book=book, on=on)


def _compare(numbers: list[int], *, book: StatusBook | None, on: date | None) -> Iterator[Difference]:
    within = Q(client_id__in=numbers)
    contacts = Contact.objects.filter(within, voided_at=None).order_by().values("client_id")
    resets = dict(contacts.filter(resets=True).annotate(last=Max("on")).values_list("client_id", "last"))
    talks = dict(contacts.filter(is_talk=True).annotate(last=Max("on")).values_list("client_id", "last"))
    owners = dict(Tenure.objects.filter(within, until_on=None).values_list("client_id", "employee_id"))
    pool = dict(PoolEntry.objects.filter(within, left_on=None).values_list("client_id", "entered_on"))
    for client in Client.objects.filter(pk__in=numbers).order_by("pk"):
        rebuilt: dict[str, object] = {
            "silent_since": resets.get(client.pk, client.first_known_on),
            "ever_contacted": client.pk in resets,
            "last_talk_on": talks.get(client.pk),
            "owner_id": owners.get(client.pk),
            "in_pool_since": pool.get(client.pk),
        }
        settled = client.next_status_on is None or (on is not None and client.next_status_on > on)
        if book is not None and settled and client.archived_on is None:
            since, ever = resets.get(client.pk, client.first_known_on), client.pk in resets
            verdict = book.verdict(
                since, ever, client.agreed_until, client.grace_until, client.pk in pool, client.status
            )
            rebuilt["status"] = verdict.status.value
        for what, value in rebuilt.items():
            if (cached := getattr(client, what)) != value:
                yield Difference(client_id=client.pk, what=what, cached=cached, rebuilt=value)


def base_is_empty() -> bool:
    """Say whether there is no client at all. One query."""
    return not Client.objects.exists()


def count_clients() -> int:
    """Count the clients that are not archived. One query."""
    return Client.objects.alive().count()


def clients_of_leavers(on: date) -> int:
    """Count clients whose owner no longer works on `on`. One query."""
    return Client.objects.alive().filter(owner__left_on__lte=on).count()
