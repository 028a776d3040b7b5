"""What arrives from outside in batches: orders, past contacts, clients. Each can touch an open task or the pool."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from hashlib import blake2b
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from budilnik.calling.actions.sharing import give_by_rule
from budilnik.calling.models import CallTask
from budilnik.clients.actions import clock, ownership, register
from budilnik.clients.actions.clock import ClockFact, NewContact
from budilnik.clients.actions.columns import give_way
from budilnik.clients.models import Loss
from budilnik.clients.queries import base
from budilnik.core.arrivals import ArrivedOrder
from budilnik.core.ownership import release_was_wrong
from budilnik.core.terms import Direction, Evidence, Outcome, Queue
from budilnik.sales.actions import documents as sales
from budilnik.sales.models import Order
from budilnik.sales.queries import documents as sold
from budilnik.staff.queries import RulesInForce, rules_on, staff_in_service

ACCEPTED = frozenset({Outcome.ORDER, Outcome.INTERESTED, Outcome.OPEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """In whose name and when a batch arrives. `on` is the company day, `now` the moment in UTC."""

    source: str
    on: date
    now: datetime
    rules: RulesInForce

    @classmethod
    def at(cls, *, source: str, on: date, now: datetime) -> "Arrival":
        """Return an arrival under the rules in force on its day."""
        return cls(source=source, on=on, now=now, rules=rules_on(on))

    @property
    def zone(self) -> tzinfo:
        """The company zone, in which files tell the time."""
        return ZoneInfo(self.rules.policy.company_zone)

    def numbers_of(self, keys: Sequence[str]) -> dict[str, int]:
        """Return client numbers by the keys of the source."""
        return base.numbers_of(self.source, keys)


def digest_of(*parts: object) -> str:
    """Return a short digest by which content is known again."""
    return blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def _order_digest(order: ArrivedOrder) -> str:
    lines = [(line.product_key, line.quantity, line.price, line.amount) for line in order.lines]
    return digest_of(order.client_key, order.ordered_at.isoformat(), order.cancelled, sorted(lines))


def ensure_clients(first_seen: Mapping[str, tuple[str, date]], *, arrival: Arrival) -> dict[str, int]:
    """Return client numbers by key, adding those not yet known with (name, day first seen)."""
    known = base.numbers_of(arrival.source, list(first_seen))
    fresh = [
        register.NewClient(key=key, name=name or key, known_on=day)
        for key, (name, day) in first_seen.items()
        if key not in known
    ]
    return known | register.add_clients(fresh, source=arrival.source, policy_version=arrival.rules.version)


def _first_seen(orders: Iterable[ArrivedOrder]) -> dict[str, tuple[str, date]]:
    seen: dict[str, tuple[str, date]] = {}
    for order in orders:
        name, day = seen.get(order.client_key, (order.client_name, order.ordered_on))
        seen[order.client_key] = (name or order.client_name, min(day, order.ordered_on))
    return seen


def between_batches() -> None:
    """Let those who wait to save go first before the next batch of an import takes the database."""
    give_way()


@transaction.atomic
def orders_arrived(orders: Sequence[ArrivedOrder], *, arrival: Arrival) -> frozenset[str]:
    """Store documents that are new or changed and do what follows; return the keys of those that changed anything.

    An order resets the clock, closes the open queue task, takes a client out of the pool; a return does none of it.
    """
    digests = {order.key: _order_digest(order) for order in orders}
    known = sold.order_digests(arrival.source, list(digests))
    fresh = [order for order in orders if known.get(order.key) != digests[order.key]]
    if not fresh:
        return frozenset()
    clients = ensure_clients(_first_seen(fresh), arrival=arrival)
    goods = {line.product_key: (line.product_name, line.product_group) for o in fresh for line in o.lines}
    placed = [
        sales.PlacedOrder(
            order=order,
            client_id=clients[order.client_key],
            at=order.ordered_at.replace(tzinfo=arrival.zone),
            digest=digests[order.key],
        )
        for order in fresh
    ]
    moved = Order.objects.filter(source=arrival.source, key__in=[o.key for o in fresh if o.key in known])
    before = set(moved.values_list("client_id", flat=True))
    sales.store_orders(placed, source=arrival.source, products=sales.add_products(goods, source=arrival.source))
    contacts_made(
        [_contact(each, source=arrival.source) for each in placed if each.order.counts_for_the_clock],
        seen=_days_seen(placed),
        arrival=arrival,
        why="order",
    )
    clock.mark_sales_stale(before | {each.client_id for each in placed})
    return frozenset(order.key for order in fresh)


def _contact(placed: sales.PlacedOrder, *, source: str) -> NewContact:
    return NewContact(
        client_id=placed.client_id,
        at=placed.at,
        on=placed.order.ordered_on,
        direction=Direction.IN,
        evidence=Evidence.ORDER,
        outcome=Outcome.ORDER,
        is_talk=False,
        source=f"order:{source}"[:40],
        # A document moved to another day or client is new evidence; changed in its lines only, it is the old one.
        key=digest_of(placed.order.key, placed.order.client_key, placed.order.ordered_on),
    )


def _days_seen(placed: Iterable[sales.PlacedOrder]) -> dict[int, date]:
    seen: dict[int, date] = {}
    for each in placed:
        seen[each.client_id] = min(each.order.ordered_on, seen.get(each.client_id, each.order.ordered_on))
    return seen


def contacts_made(contacts: Sequence[NewContact], *, seen: Mapping[int, date], arrival: Arrival, why: str) -> None:
    """Append contacts and let the clock, the open tasks and the pool follow from them."""
    clock.record_contacts(contacts)
    facts = _facts(contacts, seen)
    _close_tasks(facts, arrival=arrival, why=why)
    clock.advance_clocks(facts, now=arrival.now, why=why, silence=arrival.rules.policy.silence)
    _mend_pool(contacts, arrival=arrival, why=why)


def _facts(contacts: Iterable[NewContact], seen: Mapping[int, date]) -> dict[int, ClockFact]:
    resets: dict[int, date] = {}
    talks: dict[int, date] = {}
    for each in contacts:
        if each.resets:
            resets[each.client_id] = max(each.on, resets.get(each.client_id, each.on))
        if each.is_talk:
            talks[each.client_id] = max(each.on, talks.get(each.client_id, each.on))
    return {
        client: ClockFact(contact_on=resets.get(client), talk_on=talks.get(client), first_seen_on=seen.get(client))
        for client in {*resets, *talks, *seen}
    }


def _close_tasks(facts: Mapping[int, ClockFact], *, arrival: Arrival, why: str) -> None:
    """A client who came by himself leaves today's queue; a promise made to him stays."""
    came = {client: fact.contact_on for client, fact in facts.items() if fact.contact_on is not None}
    tasks = CallTask.objects.open().filter(client_id__in=list(came)).exclude(queue=Queue.CALLBACK.value)
    late = [
        number for number, client, since in tasks.values_list("pk", "client_id", "silent_since") if came[client] > since
    ]
    CallTask.objects.open().filter(pk__in=late).update(closed_at=arrival.now, close=f"client_{why}")


def _mend_pool(contacts: Sequence[NewContact], *, arrival: Arrival, why: str) -> None:
    """Judge pool clients by what arrived: a void loss is undone, a talk wins, an order alone goes by the rule."""
    days: dict[int, list[NewContact]] = defaultdict(list)
    for each in contacts:
        if each.resets:
            days[each.client_id].append(each)
    stays = base.stays_in_pool(list(days))
    silence = arrival.rules.policy.silence
    void: list[base.PoolStay] = []
    since: dict[int, list[NewContact]] = {}
    for client, stay in stays.items():
        if any(release_was_wrong(c.on, released_on=stay.entered_on, policy=silence) for c in days[client]):
            void.append(stay)
        else:
            since[client] = [contact for contact in days[client] if contact.on >= stay.entered_on]
    _void(void, arrival=arrival)
    _unlock({client: made for client, made in days.items() if client not in stays}, arrival=arrival)
    winners = _winners(since, on=arrival.on)
    ordered = [c for c, made in since.items() if c not in winners and any(m.evidence is Evidence.ORDER for m in made)]
    ownership.leave_pool([*winners, *ordered], on=arrival.on, why=why, now=arrival.now, silence=silence)
    ownership.give_owner(winners, on=arrival.on, why="won_back")
    give_by_rule(ordered, on=arrival.on, why=why)


def _unlock(days: Mapping[int, Sequence[NewContact]], *, arrival: Arrival) -> None:
    """Void the last loss of clients whom somebody has won since: he keeps the client, the lock goes."""
    # A loss known from before has no silence of its own, so no contact of ours can disprove it.
    losses = Loss.objects.filter(client_id__in=list(days), voided_at=None, silent_since__lt=F("on"))
    last = dict(losses.order_by("on", "pk").values_list("client_id", "on"))
    silence = arrival.rules.policy.silence
    wrong = [
        client
        for client, on in last.items()
        if any(release_was_wrong(each.on, released_on=on, policy=silence) for each in days[client])
    ]
    ownership.void_losses(wrong, now=arrival.now)


def _winners(since: Mapping[int, Sequence[NewContact]], *, on: date) -> dict[int, int]:
    """Return whose talk, with dialogue accepted, won which client; one who lost him serves him and wins nothing."""
    working = {member.employee_id for member in staff_in_service(on)} if since else set()
    locks = base.locks_of(list(since))
    winners = {}
    for client, made in since.items():
        for contact in sorted(made, key=lambda each: each.at):
            who = contact.employee_id
            accepted = contact.outcome in ACCEPTED and who in working
            if who is not None and accepted and who not in locks.get(client, frozenset()):
                winners[client] = who
                break
    return winners


def _void(stays: Sequence[base.PoolStay], *, arrival: Arrival) -> None:
    """Void losses that late evidence disproves; the owner returns if he still works, else the rule gives one."""
    if not stays:
        return
    clients = [stay.client_id for stay in stays]
    ownership.leave_pool(
        clients, on=arrival.on, why="late_evidence", now=arrival.now, silence=arrival.rules.policy.silence
    )
    ownership.void_losses([s.client_id for s in stays if s.lost_by is not None], now=arrival.now)
    working = {member.employee_id for member in staff_in_service(arrival.on)}
    returns = {s.client_id: s.lost_by for s in stays if s.lost_by is not None and s.lost_by in working}
    ownership.give_owner(returns, on=arrival.on, why="late_evidence")
    give_by_rule([c for c in clients if c not in returns], on=arrival.on, why="late_evidence")


@transaction.atomic
def refresh_sales(*, on: date, at_most: int) -> int:
    """Count anew what clients with stale sales are worth, a batch at a time; return how many were counted."""
    numbers = clock.stale_sales(at_most)
    snapshot = {
        client: clock.Sales(
            value=each.value,
            first_order_on=each.first_order_on,
            last_order_on=each.last_order_on,
            order_days_in_year=each.order_days_in_year,
        )
        for client, each in sold.worth_of(numbers).items()
    }
    clock.record_sales(snapshot, on=on)
    return len(numbers)
