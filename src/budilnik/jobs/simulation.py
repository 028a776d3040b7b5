"""A simulated year as a job: the base is read once, the years are lived one after another, week by week."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any

from budilnik.calling.queries.simulation import buyer_of, firm_today
from budilnik.core.bounds import upper_bound
from budilnik.core.own_orders import Demand, demand_of
from budilnik.core.policy import Policy, from_settings
from budilnik.core.rivals import POLICIES
from budilnik.core.simulate import Week, simulate
from budilnik.core.simulated_firm import FirmToday
from budilnik.core.whatif import WhatIf, check_whatif, expected_seconds, firm_for, rules_of, scenario_of
from budilnik.core.years import Band, Compared, course

type Step = Callable[[int, int], bool]


def compare(
    asked: WhatIf, *, on: date, policy: Policy, step: Step, workloads: Mapping[int, float] | None = None
) -> Compared | None:
    """Live through the years that are asked for, and say what each way of working brings; None when told to stop.

    Every way of working meets the same own orders of the clients, year by year. `step` hears how far it is;
    `workloads` are load shares that are tried.

    Raises: ScenarioContradiction, PolicyContradiction.
    """
    check_whatif(asked, policy)
    began = time.perf_counter()
    rules = rules_of(asked, policy)
    today = _carrying(firm_today(on=on, policy=rules, days=asked.days), workloads or {})
    weeks = -(-asked.days // 7)
    steps = Steps(total=weeks * asked.seeds * len(asked.policies), step=step)
    years: dict[str, list[list[Week]]] = {name: [] for name in asked.policies}
    bounds = []
    for seed in range(1, asked.seeds + 1):
        firm = firm_for(asked, today, rules, seed=seed)
        scenario, demand = scenario_of(asked, policy, seed=seed), demand_for(today, days=asked.days, seed=seed)
        bounds.append(upper_bound(firm, scenario, demand=demand))
        for name in asked.policies:
            year: list[Week] = []
            for week in simulate(firm, scenario, demand=demand, plan=POLICIES[name]):
                year.append(week)
                if not steps.go_on():
                    return None
            years[name].append(year)
    seconds = time.perf_counter() - began
    return Compared(
        courses={name: course(lived) for name, lived in years.items()},
        bound_coverage=Band.of([_mean(bound.quarters) for bound in bounds]),
        bound_value_kept=Band.of([bound.value_kept for bound in bounds]),
        clients=len(today.clients),
        people=len(today.people) + asked.people,
        seconds=seconds,
        pace=seconds / max(0.001, expected_seconds(asked, clients=len(today.clients))),
    )


def _carrying(today: FirmToday, workloads: Mapping[int, float]) -> FirmToday:
    people = [
        replace(each, shares=((date.min, workloads[each.employee_id]),)) if each.employee_id in workloads else each
        for each in today.people
    ]
    return replace(today, people=people)


def _mean(quarters: Sequence[float]) -> float:
    return sum(quarters) / len(quarters) if quarters else 1.0


def demand_for(today: FirmToday, *, days: int, seed: int) -> dict[int, Demand]:
    """Return what each client orders by himself in the days to come; the same for every way of working."""
    luck = Random(seed)
    return {facts.client_id: demand_of(buyer_of(facts, on=today.on), days=days, luck=luck) for facts in today.clients}


@dataclass(slots=True, kw_only=True)
class Steps:
    """How far the work is; asks whether it is to go on no more often than every half second."""

    total: int
    step: Step
    done: int = 0
    asked_at: float = 0.0

    def go_on(self) -> bool:
        """Count a week and say whether the next one is to be lived."""
        self.done += 1
        if self.done < self.total and time.monotonic() - self.asked_at < 0.5:
            return True
        self.asked_at = time.monotonic()
        return self.step(self.done, self.total)


def simulation_job(asked: dict[str, Any], *, on: date, policy: Policy, step: Step) -> dict[str, Any] | None:
    """Do the work of a stored request: what is asked, and the rules it is asked of if they are not those in force."""
    body = dict(asked)
    settings, workloads = body.pop("settings", None), body.pop("workloads", {})
    rules = from_settings(settings) if settings else policy
    tried = {int(number): share for number, share in workloads.items()}
    found = compare(WhatIf.from_asked(body), on=on, policy=rules, step=step, workloads=tried)
    return found.to_told() if found else None
