"""Who is in the base: clients, their names, people and numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from budilnik.clients.actions.columns import BATCH, save_columns
from budilnik.clients.models import Client, ClientGroup, ContactPerson, ExternalKey, Phone
from budilnik.core.arrivals import ArrivedClient, ArrivedPhone
from budilnik.core.naming import search_key, sort_key
from budilnik.core.terms import ClientStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClient:
    """A client to be added: known since a day, never contacted yet."""

    key: str
    name: str
    known_on: date


def add_clients(rows: Sequence[NewClient], *, source: str, policy_version: int) -> dict[str, int]:
    """Add clients with their external keys; return numbers by key. Until evidence comes they are prospects."""
    clients = Client.objects.bulk_create(
        [
            Client(
                name=row.name,
                search_key=search_key(row.name),
                sort_key=sort_key(row.name),
                silent_since=row.known_on,
                first_known_on=row.known_on,
                status=ClientStatus.PROSPECT.value,
                policy_version=policy_version,
            )
            for row in rows
        ],
        batch_size=BATCH,
    )
    keys = [ExternalKey(source=source, key=row.key, client=client) for row, client in zip(rows, clients, strict=True)]
    ExternalKey.objects.bulk_create(keys, batch_size=BATCH)
    return {row.key: client.pk for row, client in zip(rows, clients, strict=True)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A row of a file about a client that is in the base, with the digest by which the row is known again."""

    client_id: int
    row: ArrivedClient
    digest: str


_DESCRIBED = ["name", "search_key", "sort_key", "inn", "kpp", "city", "region", "zone", "group"]


def describe_clients(described: Sequence[Described], *, source: str) -> None:
    """Write what a file says of clients over what stood there; an empty cell erases nothing."""
    groups = _groups({each.row.group for each in described if each.row.group})
    clients = Client.objects.in_bulk([each.client_id for each in described])
    for each in described:
        client, row = clients[each.client_id], each.row
        client.name = row.name or client.name
        client.search_key, client.sort_key = search_key(client.name), sort_key(client.name)
        client.inn, client.kpp = row.inn or client.inn, row.kpp or client.kpp
        client.city, client.region = row.city or client.city, row.region or client.region
        client.zone = row.zone or client.zone
        client.group_id = groups.get(row.group, client.group_id)
    save_columns(clients.values(), _DESCRIBED)
    _add_people_and_phones(described)
    by_key = {each.row.key: each for each in described}
    keys = ExternalKey.objects.filter(source=source, kind="client", key__in=list(by_key))
    for key in keys:
        key.row_digest = by_key[key.key].digest
        key.owner_seen = by_key[key.key].row.owner or key.owner_seen
    save_columns(keys, ["row_digest", "owner_seen"])


def _groups(names: set[str]) -> dict[str, int]:
    ClientGroup.objects.bulk_create([ClientGroup(key=name) for name in sorted(names)], ignore_conflicts=True)
    return dict(ClientGroup.objects.filter(key__in=names).values_list("key", "pk"))


def _add_people_and_phones(described: Sequence[Described]) -> None:
    people = [
        ContactPerson(client_id=each.client_id, name=each.row.person, post=each.row.post)
        for each in described
        if each.row.person
    ]
    ContactPerson.objects.bulk_create(people, ignore_conflicts=True, batch_size=BATCH)
    numbers: dict[int, list[ArrivedPhone]] = {}
    for each in described:
        numbers.setdefault(each.client_id, []).extend(each.row.phones)
    add_phones({client: phones for client, phones in numbers.items() if phones})


def add_person(client: int, name: str) -> int:
    """Note a person at a client by name; one already known stays as he was. Return his number."""
    person, _ = ContactPerson.objects.get_or_create(client_id=client, name=name[:160])
    return person.pk


def add_phones(numbers: Mapping[int, Sequence[ArrivedPhone]]) -> None:
    """Add numbers to clients; a client with a new number leaves the data repair list the same day."""
    if not numbers:
        return
    before = set(Phone.objects.filter(client_id__in=list(numbers)).values_list("client_id", "number", "extension"))
    fresh = [
        Phone(client_id=client, number=each.number, extension=each.extension, zone=each.zone)
        for client, phones in numbers.items()
        for each in phones
        if (client, each.number, each.extension) not in before
    ]
    Phone.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=BATCH)
    Client.objects.filter(pk__in={phone.client_id for phone in fresh}).update(phone_state="usable")
    mark_shared({phone.number for phone in fresh})
    zones = {phone.client_id: phone.zone for phone in reversed(fresh) if phone.zone}
    _fill_zones(zones)


def mark_shared(numbers: set[str]) -> None:
    """Mark the numbers that several clients have."""
    holders: dict[str, set[int]] = {}
    for number, client in Phone.objects.filter(number__in=numbers).values_list("number", "client_id"):
        holders.setdefault(number, set()).add(client)
    shared = [number for number, clients in holders.items() if len(clients) > 1]
    Phone.objects.filter(number__in=shared).update(shared=True)


def _fill_zones(zones: Mapping[int, str]) -> None:
    by_zone: dict[str, list[int]] = {}
    for client, zone in zones.items():
        by_zone.setdefault(zone, []).append(client)
    for zone, clients in by_zone.items():
        Client.objects.filter(pk__in=clients, zone="").update(zone=zone)


def set_zone(client: int, zone: str) -> None:
    """Note by which clock a client lives."""
    Client.objects.filter(pk=client).update(zone=zone)
