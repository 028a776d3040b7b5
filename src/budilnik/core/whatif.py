"""What a head asks of a year: other rules, more people, absences, growth; and the firm made ready to live by them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from budilnik.core.balance import Owned, Seat, balance
from budilnik.core.policy import Policy, check
from budilnik.core.rivals import POLICIES
from budilnik.core.room import room_for
from budilnik.core.scenario import LONGEST_DAYS, YEAR_DAYS, Habits, Scenario, ScenarioContradiction, check_scenario
from budilnik.core.simulated_firm import Away, FirmToday, Person

# What long work of this kind is called: a year that is asked for, a quarter beside a trial of rules.
SIMULATION, FORECAST = "simulation", "forecast"
OURS = "of_the_product"
# A newcomer learns for a quarter: the day from which he carries each share of a full load.
RAMP = ((0, 0.25), (30, 0.5), (60, 0.75), (90, 1.0))
MOST_PEOPLE, MOST_SEEDS, MOST_AWAY_DAYS = 200, 20, 180
# A year's leave is taken in two parts.
LEAVES = 2
# What a client costs a day by each way of working, in millionths of a second, as benchmarks/simulate.py measured it.
COSTS = {"no_calls": 0.6, "managers_choice": 1.2, "two_queues": 2.3, OURS: 8.0}
# Longer than that is too long to be begun by a slip of the hand.
LONG_SECONDS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What is tried. `levelled` shares the base out by room before the first day, newcomers included.

    Units: attempts a day, people, calendar months and days, shares in 0..1; `away_days` are days off a person a year.
    """

    norm: int
    forgotten_after_months: int
    lost_after_months: int
    pool_share: float
    reach: float
    people: int = 0
    away_days: int = 28
    growth_share: float = 0.0
    levelled: bool = False
    callback_share: float = 0.15
    open_share: float = 0.8
    deal_share: float = 0.07
    days: int = YEAR_DAYS
    seeds: int = 3
    policies: tuple[str, ...] = tuple(POLICIES)

    @classmethod
    def of(cls, policy: Policy, **asked: Any) -> "WhatIf":  # noqa: ANN401
        """Return what the firm's own rules come to, with what is asked instead of them."""
        own: dict[str, Any] = {
            "norm": policy.norm,
            "forgotten_after_months": policy.forgotten_after_months,
            "lost_after_months": policy.lost_after_months,
            "pool_share": policy.pool_share,
            "reach": policy.reach_rate,
        }
        return cls(**(own | asked))

    @classmethod
    def from_asked(cls, asked: Mapping[str, Any]) -> "WhatIf":
        """Read back what was stored.

        Raises: TypeError for something that is not asked.
        """
        read: dict[str, Any] = {n: tuple(value) if isinstance(value, list) else value for n, value in asked.items()}
        return cls(**read)

    def to_asked(self) -> dict[str, Any]:
        """Return what is asked as plain values for storage."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


def rules_of(asked: WhatIf, policy: Policy) -> Policy:
    """Return the firm's rules with those that are tried.

    Units: as in `Policy`.
    Raises: PolicyContradiction.
    Source: SPEC §12, simulation.
    """
    tried = {each.name for each in fields(Policy)} & {each.name for each in fields(WhatIf)}
    changed = replace(policy, reach_rate=asked.reach, **{name: getattr(asked, name) for name in tried})
    check(changed)
    return changed


def scenario_of(asked: WhatIf, policy: Policy, *, seed: int) -> Scenario:
    """Return the scenario of one year of what is asked.

    Units: as in `Scenario`.
    Raises: PolicyContradiction, ScenarioContradiction.
    Source: SPEC §12, simulation.
    """
    habits = Habits(
        reach=asked.reach,
        callback_share=asked.callback_share,
        open_share=asked.open_share,
        deal_share=asked.deal_share,
    )
    found = Scenario(
        policy=rules_of(asked, policy), habits=habits, days=asked.days, seed=seed, growth_share=asked.growth_share
    )
    check_scenario(found)
    return found


_CONTRADICTIONS: Sequence[tuple[Callable[[WhatIf], bool], str, str]] = (
    (lambda a: not 0 <= a.people <= MOST_PEOPLE, "добавить можно от 0 до 200 человек", "0 to 200 people may be added"),
    (lambda a: not 1 <= a.seeds <= MOST_SEEDS, "повторов от 1 до 20", "1 to 20 repetitions are made"),
    (
        lambda a: not 0 <= a.away_days <= MOST_AWAY_DAYS,
        "дней отсутствия в году от 0 до 180",
        "a year has 0 to 180 days off",
    ),
    (lambda a: not a.policies, "выберите хотя бы один порядок работы", "choose at least one way of working"),
    (lambda a: bool(set(a.policies) - set(POLICIES)), "такого порядка работы нет", "there is no such way of working"),
)


def check_whatif(asked: WhatIf, policy: Policy) -> None:
    """Refuse what cannot be simulated, before anything is.

    Units: as in `WhatIf`.
    Raises: ScenarioContradiction, PolicyContradiction naming the first contradiction.
    Source: SPEC §12, simulation.
    """
    for contradicts, ru, en in _CONTRADICTIONS:
        if contradicts(asked):
            raise ScenarioContradiction(ru=ru, en=en)
    scenario_of(asked, policy, seed=1)


def expected_seconds(asked: WhatIf, *, clients: int, pace: float = 1.0) -> float:
    """Return how long the simulation will take, before it begins.

    `pace` is how much slower this machine was the last time than the one on which the costs were measured.

    Units: seconds.
    Raises: KeyError for an unknown way of working.
    Source: issue of the head's desk: one that is too large says how long it will take first.
    """
    grown = clients * (1 + asked.growth_share / 2)
    return grown * asked.days * asked.seeds * sum(COSTS[name] for name in asked.policies) / 1e6 * pace


def firm_for(asked: WhatIf, today: FirmToday, policy: Policy, *, seed: int) -> FirmToday:
    """Return the firm as the year that is asked for begins: norms, newcomers, absences, the base levelled.

    Who has a norm of his own keeps it. Absences that are known already stay; the rest of a year's leave is drawn.

    Units: as in `FirmToday`.
    Raises: nothing.
    Source: SPEC §12, simulation.
    """
    luck = Random(seed)
    people = [
        *(replace(person, norm=person.own_norm or asked.norm) for person in today.people),
        *_newcomers(asked, today),
    ]
    team = [replace(person, absences=_absences(person, asked, today, luck)) for person in people]
    ready = replace(today, people=team)
    return _levelled(ready, asked, policy) if asked.levelled else ready


def _newcomers(asked: WhatIf, today: FirmToday) -> Sequence[Person]:
    owners = [person for person in today.people if person.owns]
    first = max((person.employee_id for person in today.people), default=0) + 1
    zone = owners[0].zone if owners else ""
    ramp = tuple((today.on + timedelta(days=after), share) for after, share in RAMP)
    return [
        Person(employee_id=first + at, norm=asked.norm, own_norm=None, zone=zone, shares=ramp)
        for at in range(asked.people)
    ]


def _absences(person: Person, asked: WhatIf, today: FirmToday, luck: Random) -> tuple[Away, ...]:
    """Return the absences of somebody in the days to come: each part of the leave somewhere in its part of the year."""
    length = asked.away_days // LEAVES
    if not length:
        return person.absences
    part = YEAR_DAYS // LEAVES
    drawn = []
    for begins in range(0, LONGEST_DAYS, part):
        first = today.on + timedelta(days=begins + 1 + luck.randrange(max(1, part - length)))
        drawn.append(Away(from_on=first, until_on=first + timedelta(days=length - 1)))
    known = person.absences
    free = [one for one in drawn if not any(a.from_on <= one.until_on and one.from_on <= a.until_on for a in known)]
    return (*known, *free)


def _levelled(today: FirmToday, asked: WhatIf, policy: Policy) -> FirmToday:
    days = today.calendar.window(today.on, count=policy.horizon_days)
    seats = [
        Seat(employee_id=person.employee_id, room=_room(person, days, asked)) for person in today.people if person.owns
    ]
    owners = {seat.employee_id for seat in seats}
    owned = [
        Owned(
            client_id=facts.client_id,
            owner_id=facts.owner_id,
            value=facts.value,
            barred=today.losers.get(facts.client_id, frozenset()),
            fixed=facts.protected,
        )
        for facts in today.clients
        if facts.owner_id in owners and facts.owner_id is not None
    ]
    to = {move.client_id: move.to_id for move in balance(owned, seats=seats).moves}
    clients = [facts._replace(owner_id=to.get(facts.client_id, facts.owner_id)) for facts in today.clients]
    return replace(today, clients=clients)


def _room(person: Person, days: Sequence[date], asked: WhatIf) -> int:
    shares = [0.0 if person.away(day) else person.share(day) for day in days]
    return room_for(shares, norm=person.norm, reach=asked.reach, pool_share=asked.pool_share)
