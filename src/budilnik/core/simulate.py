"""A year lived before it is lived: the firm's own base, its people and its rules, day by day.

What is planned, who stands in, whose turn it is and what follows from a call are the rules of the product itself; only
what clients and telephones do is drawn by lot.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from budilnik.core.coverage import quarter_of
from budilnik.core.own_orders import WEEK_DAYS, Demand
from budilnik.core.rivals import Planner
from budilnik.core.scenario import Scenario
from budilnik.core.simulated_calls import call_through
from budilnik.core.simulated_firm import FirmToday, SimulatedFirm, Tally
from budilnik.core.simulated_world import SimulatedWorld

COVERED_DAYS = 91


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A week of the simulated firm, as it stands when the week ends. Units: shares in 0..1, value in kopecks.

    `covered` counts from the beginning of the calendar quarter, `covered_91` in the last 91 days; `quarter_ended` is
    the coverage of a quarter that ended within the week. `lost` left their owners for the pool, `won` came out of it
    by a talk and `came_back` by an order of their own.
    """

    ends_on: date
    clients: int
    covered: float
    covered_91: float
    quarter_ended: float | None
    pool: int
    value: int
    value_in_pool: int
    attempts: int
    talks: int
    deals: int
    lost: int
    value_lost: int
    won: int
    came_back: int


def simulate(today: FirmToday, scenario: Scenario, *, demand: Mapping[int, Demand], plan: Planner) -> Iterator[Week]:
    """Live through the days to come and yield each week as it ends; stop asking, and the firm stops living.

    A last week that is not whole is yielded too. The same seed and the same demand give the same year: rival plans
    are compared under the same own orders of the clients.

    Units: as in `Week`.
    Raises: ValueError if the calendar ends before the deadlines of the last day.
    Source: SPEC §12, simulation; QUALITY §4.
    """
    firm = SimulatedFirm(today, policy=scenario.policy, luck=Random(scenario.seed))
    world = SimulatedWorld(firm, scenario=scenario, demand=demand)
    quarter_ended: float | None = None
    for day in range(scenario.days):
        on = today.on + timedelta(days=day)
        firm.dawn(on)
        world.morning(day)
        if today.calendar.is_working(on):
            workday = world.workday(on)
            call_through(plan(firm, workday), firm=firm, day=workday, habits=scenario.habits)
        quarter = quarter_of(on)
        if on == quarter.last:
            quarter_ended = _share(firm.covered_since(quarter.first), firm)
        if day % WEEK_DAYS == WEEK_DAYS - 1 or day == scenario.days - 1:
            yield _week(firm, on, quarter_ended)
            firm.tally, quarter_ended = Tally(), None


def _share(clients: int, firm: SimulatedFirm) -> float:
    return clients / max(1, len(firm.facts))


def _week(firm: SimulatedFirm, on: date, quarter_ended: float | None) -> Week:
    tally = firm.tally
    return Week(
        ends_on=on,
        clients=len(firm.facts),
        covered=_share(firm.covered_since(quarter_of(on).first), firm),
        covered_91=_share(firm.covered_since(on - timedelta(days=COVERED_DAYS - 1)), firm),
        quarter_ended=quarter_ended,
        pool=len(firm.pool),
        value=sum(facts.value for facts in firm.facts.values() if facts.value > 0),
        value_in_pool=firm.value_in_pool(),
        attempts=tally.attempts,
        talks=tally.talks,
        deals=tally.deals,
        lost=tally.lost,
        value_lost=tally.value_lost,
        won=tally.won,
        came_back=tally.came_back,
    )
