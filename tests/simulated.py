"""A firm small enough to follow by eye through a simulated year, without a database."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from random import Random
from zoneinfo import ZoneInfo

from budilnik.core.candidates import ClientFacts
from budilnik.core.own_orders import Demand
from budilnik.core.policy import Policy
from budilnik.core.scenario import Habits, Scenario
from budilnik.core.simulated_firm import Away, FirmToday, Person, SimulatedFirm
from budilnik.core.simulated_world import SimulatedWorld, Workday
from budilnik.core.terms import ClientStatus
from strategies import IVAN, MOSCOW, OLGA, TUESDAY, facts, russian_calendar

SILENT_FIVE_MONTHS = date(2026, 4, 20)
SILENT_FOUR_MONTHS = date(2026, 5, 10)
JUST_SPOKEN = TUESDAY - timedelta(days=5)
NO_ORDERS = Demand(days=(), chances=(10,) * 60)
ALWAYS = Habits(reach=1.0, promise_reach=1.0, callback_share=0.0, open_share=1.0, deal_share=0.0)
NEVER = Habits(reach=1e-9, promise_reach=1e-9)


def person(number: int = IVAN, *, norm: int = 20, **other: object) -> Person:
    return Person(employee_id=number, norm=norm, zone=MOSCOW, **other)


def town(
    *clients: ClientFacts,
    people: Iterable[Person] = (),
    losers: Mapping[int, Iterable[int]] | None = None,
    **other: object,
) -> FirmToday:
    """A firm on a Tuesday: Ivan and Olga unless others are named."""
    return FirmToday(
        on=TUESDAY,
        clients=clients,
        people=list(people) or [person(IVAN), person(OLGA)],
        calendar=russian_calendar(2024, 2029),
        zone_of=ZoneInfo,
        losers={client: frozenset(who) for client, who in (losers or {}).items()},
        **other,
    )


def lost(client_id: int, *, value: int = 100, **other: object) -> ClientFacts:
    """A client of the pool for a month."""
    return facts(
        client_id,
        silent_since=date(2026, 2, 1),
        owner_id=None,
        in_pool_since=date(2026, 8, 10),
        value=value,
        status=ClientStatus.LOST,
        **other,
    )


def alive(today: FirmToday, *, policy: Policy | None = None, seed: int = 1) -> SimulatedFirm:
    """The firm on its first morning."""
    firm = SimulatedFirm(today, policy=policy or Policy(), luck=Random(seed))
    firm.dawn(today.on)
    return firm


def world_of(
    firm: SimulatedFirm, *, demand: Mapping[int, Demand] | None = None, growth_share: float = 0.0
) -> SimulatedWorld:
    known = dict.fromkeys(firm.facts, NO_ORDERS) | dict(demand or {})
    return SimulatedWorld(firm, scenario=Scenario(policy=firm.policy, growth_share=growth_share), demand=known)


def workday(firm: SimulatedFirm) -> Workday:
    return world_of(firm).workday(firm.on)


def away(days: int, *, substitute: int | None = None) -> Away:
    """Absent from today on."""
    return Away(from_on=TUESDAY, until_on=TUESDAY + timedelta(days=days - 1), substitute_id=substitute)
