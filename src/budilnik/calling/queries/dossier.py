"""The page of one client: his card, his papers, his documents in full."""

from dataclasses import dataclass
from datetime import date

from budilnik.calling.queries.card import Card, PromiseSeen, card_of, promises_of
from budilnik.calling.queries.sight import ClientNotSeen, Sight, seen_clients, sees_phones
from budilnik.clients.queries.people import NoteSeen, PersonSeen, notes_of, people_of
from budilnik.core.policy import Policy
from budilnik.sales.queries.documents import OrderInFull, orders_in_full

ORDERS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """What the page of a client tells besides its card. `own`: who looks is the owner; `pinned`: he stays with him.

    Units: potential in kopecks.
    """

    card: Card
    own: bool
    kpp: str
    region: str
    group: str
    pinned: bool
    first_known_on: date
    in_pool_since: date | None
    stopped_on: date | None
    archived_on: date | None
    phone_state: str
    potential: int | None
    potential_on: date | None
    orders: tuple[OrderInFull, ...]


def dossier_of(client_id: int, *, sight: Sight, on: date, policy: Policy) -> Dossier:
    """Return the page of a client. Thirteen queries, one more of a client who is not one's own.

    Raises: ClientNotSeen.
    """
    card = card_of(client_id, sight=sight, on=on, policy=policy)
    papers = seen_clients(sight).filter(pk=client_id).select_related("group").first()
    if papers is None:
        raise ClientNotSeen
    return Dossier(
        card=card,
        own=card.owner_id == sight.employee_id,
        kpp=papers.kpp,
        region=papers.region,
        group=papers.group.key if papers.group else "",
        pinned=papers.pinned,
        first_known_on=papers.first_known_on,
        in_pool_since=papers.in_pool_since,
        stopped_on=papers.stopped_on,
        archived_on=papers.archived_on,
        phone_state=papers.phone_state,
        potential=papers.potential,
        potential_on=papers.potential_on,
        orders=orders_in_full(client_id, at_most=ORDERS),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleSeen:
    """The people of a client with their numbers, or without where the numbers are not shown."""

    client_id: int
    phones_hidden: bool
    people: tuple[PersonSeen, ...]


def people_seen(client_id: int, *, sight: Sight) -> PeopleSeen:
    """Return the people of a client anew after a change. Five queries; four for one's own, three for those who see all.

    Raises: ClientNotSeen.
    """
    if not seen_clients(sight).filter(pk=client_id).exists():
        raise ClientNotSeen
    with_phones = sees_phones(sight, client_id)
    return PeopleSeen(
        client_id=client_id,
        phones_hidden=not with_phones,
        people=people_of(client_id, with_phones=with_phones),
    )


def notes_seen(client_id: int, *, sight: Sight) -> tuple[NoteSeen, ...]:
    """Return the notes of a client anew after a change. Two queries.

    Raises: ClientNotSeen.
    """
    if not seen_clients(sight).filter(pk=client_id).exists():
        raise ClientNotSeen
    return notes_of(client_id)


def promises_to_ask(client_id: int, *, sight: Sight) -> tuple[PromiseSeen, ...]:
    """Return the open promises that one may say are kept: to one's own client, or his to keep. Two queries."""
    own = seen_clients(sight).filter(pk=client_id, owner_id=sight.employee_id).exists()
    promises = promises_of(client_id)
    if own or sight.everyone:
        return promises
    return tuple(each for each in promises if each.employee_id == sight.employee_id)
