"""The firm as a simulated year begins: the whole base, its people, its locks and promises, read once."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from django.db.models import Count, Q

from budilnik.calling.models import Call, Callback
from budilnik.calling.queries.morning import CHUNK, FACTS
from budilnik.clients.models import Client, Loss, PoolEntry
from budilnik.clients.queries.base import shared_numbers
from budilnik.core.candidates import ClientFacts
from budilnik.core.own_orders import Buyer
from budilnik.core.policy import Policy
from budilnik.core.simulated_firm import Away, FirmToday, Person
from budilnik.core.terms import Direction, Outcome, Role
from budilnik.core.value import orders_still_in_year
from budilnik.staff.queries import StaffMember, staff_in_service, work_calendar, zone_or

# Deadlines lie a year and a bit beyond the last day: a date that a client named may be twelve months away.
BEYOND = timedelta(days=500)
BEFORE = timedelta(days=150)
MEASURED_DAYS = 91
# Under so many answered calls a share says nothing yet.
ENOUGH = 200


def firm_today(*, on: date, policy: Policy, days: int) -> FirmToday:
    """Return the firm as it stands before the morning of `on`. Nine queries."""
    facts = map(ClientFacts._make, Client.objects.callable().values_list(*FACTS).iterator(chunk_size=CHUNK))
    people = [_person(m, policy) for m in staff_in_service(on) if m.role is Role.MANAGER or _calls_pool(m, policy)]
    return FirmToday(
        on=on,
        clients=sorted(facts),
        people=people,
        calendar=work_calendar(country=policy.calendar, first=on - BEFORE, last=on + timedelta(days=days) + BEYOND),
        zone_of=cache(lambda name: zone_or(name, policy.company_zone)),
        losers=_losers(),
        resting=dict(_resting(on)),
        promises=_promises(),
        refusals=dict(Client.objects.filter(refusals_in_row__gt=0).values_list("pk", "refusals_in_row")),
        shared_numbers=shared_numbers(),
    )


def _calls_pool(member: StaffMember, policy: Policy) -> bool:
    return member.role.value in policy.pool_roles


def _person(member: StaffMember, policy: Policy) -> Person:
    return Person(
        employee_id=member.employee_id,
        norm=member.own_norm or policy.norm,
        own_norm=member.own_norm,
        zone=member.zone,
        owns=member.role is Role.MANAGER,
        calls_pool=_calls_pool(member, policy),
        shares=((date.min, member.load_share),),
        absences=tuple(
            Away(from_on=span.from_on, until_on=span.until_on, substitute_id=span.substitute_id)
            for span in member.absences
        ),
    )


def _losers() -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    rows = Loss.objects.filter(voided_at=None, lifted_at=None).values_list("client_id", "employee_id")
    for client, employee in rows.iterator(chunk_size=CHUNK):
        found[client].add(employee)
    return {client: frozenset(losers) for client, losers in found.items()}


def _resting(on: date) -> Iterator[tuple[int, date]]:
    """Yield the clients of the pool who are left in peace with the first day on which they may be called."""
    columns = ("client_id", "rest_until", "held_out_until", "reserved_until")
    waiting = Q(rest_until__gt=on) | Q(held_out_until__gt=on) | Q(reserved_until__gte=on)
    for client, rest, held_out, reserved in PoolEntry.objects.filter(waiting, left_on=None).values_list(*columns):
        ends = [rest, held_out, reserved + timedelta(days=1) if reserved else None]
        yield client, max(day for day in ends if day is not None)


def _promises() -> list[tuple[int, int, date]]:
    open_ones = Callback.objects.filter(ended_at=None, client__archived_on=None, client__stopped_on=None)
    nearest: dict[int, tuple[int, int, date]] = {}
    for employee, client, day in open_ones.order_by("due_at", "pk").values_list("employee_id", "client_id", "local_on"):
        nearest.setdefault(client, (employee, client, day))
    return list(nearest.values())


def buyer_of(facts: ClientFacts, *, on: date) -> Buyer:
    """Return how a client has ordered until `on`. No query."""
    silent = None if facts.last_order_on is None else max(0, (on - facts.last_order_on).days)
    first = facts.first_order_on or facts.last_order_on or on
    return Buyer(
        client_id=facts.client_id,
        days_silent=silent,
        orders_365=0 if silent is None else orders_still_in_year(facts.order_days_in_year, days_silent=silent),
        age_days=max(0, (on - first).days),
        chance_30=None if facts.order_chance is None else facts.order_chance / 1000,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the calls of the last quarter say of clients. Units: shares in 0..1; None where too few say it."""

    attempts: int
    reach: float | None
    callback_share: float | None
    open_share: float | None


def measured_habits(*, now: datetime) -> Measured:
    """Return what the firm's own calls have shown lately. One query."""
    calls = Call.objects.filter(
        direction=Direction.OUT.value, voided_at=None, at__gt=now - timedelta(days=MEASURED_DAYS), at__lte=now
    )
    warm = [outcome.value for outcome in (Outcome.ORDER, Outcome.INTERESTED, Outcome.OPEN)]
    told = calls.aggregate(
        attempts=Count("pk"),
        answered=Count("pk", filter=Q(disposition="answered")),
        back=Count("pk", filter=Q(outcome=Outcome.CALLBACK.value)),
        warm=Count("pk", filter=Q(outcome__in=warm)),
        refused=Count("pk", filter=Q(outcome=Outcome.REFUSED.value)),
    )
    return Measured(
        attempts=told["attempts"],
        reach=_part(told["answered"], told["attempts"]),
        callback_share=_part(told["back"], told["answered"]),
        open_share=_part(told["warm"], told["warm"] + told["refused"]),
    )


def _part(some: int, of: int) -> float | None:
    return some / of if of >= ENOUGH else None
