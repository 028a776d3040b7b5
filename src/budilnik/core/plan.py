"""The day of a whole team planned at once: what the morning publishes, and what a simulated year lives through."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from budilnik.core.candidates import OwnClient
from budilnik.core.day import (
    Caller,
    DayRules,
    OpenDay,
    PooledClient,
    Taken,
    Task,
    fill_own,
    open_day,
    share_the_pool,
)
from budilnik.core.horizon import HorizonPolicy
from budilnik.core.policy import Policy
from budilnik.core.seed import Seed

WORKING_DAYS_A_MONTH = 21


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Somebody at work today: what he can do, which own clients he may call, whom he has promised to."""

    caller: Caller
    own: Sequence[OwnClient]
    promised: Sequence[Task]


def rules_of_day(policy: Policy, *, on: date, seed: Seed) -> DayRules:
    """Return what the plans of one morning are made by, out of the firm's rules.

    Units: as in `Policy`; a month of a loss is twenty-one working days.
    Raises: nothing.
    Source: SPEC §4.
    """
    return DayRules(
        on=on,
        seed=seed,
        pool_share=policy.pool_share,
        reach=policy.reach_rate,
        horizon=HorizonPolicy(
            days=policy.horizon_days,
            value_weight_permille=round(policy.value_weight * 1000),
            near_days=policy.near_days,
            overload_from=policy.overload_from,
            own_share=1 - policy.pool_share,
            talk_lasts_days=policy.lost_after_months * WORKING_DAYS_A_MONTH,
        ),
    )


def conversations(
    days: Iterable[date], *, capacity: int, reach: float, works: Collection[date], promised: Mapping[date, int]
) -> tuple[float, ...]:
    """Return the conversations that each working day of the firm still offers somebody.

    A day on which he is away offers none; one that is full of promises offers none either.

    Units: capacity in attempts a day, reach in 0..1.
    Raises: nothing.
    Source: SPEC §4, capacity x reach rate less promises.
    """
    talks = capacity * reach
    return tuple(max(0.0, talks - promised.get(day, 0)) if day in works else 0.0 for day in days)


def plan_team(
    desks: Iterable[Desk],
    pool: Iterable[PooledClient],
    *,
    rules: DayRules,
    taken: Taken,
    stand_ins: Mapping[int, int],
    ranked: Callable[[], None] = lambda: None,
) -> list[OpenDay]:
    """Return the day of everybody at work: promises and last chances, retries, own queues, then the pool.

    Promises of all are taken before anybody's queue is filled. `pool` comes by falling value and is read as far as
    it is needed; `ranked` is told when the own queues stand.

    Units: attempts.
    Raises: ValueError as `rank_own` and `share_pool`.
    Source: SPEC §4, claims on capacity in order.
    """
    team = list(desks)
    for desk in team:
        for task in desk.promised:
            taken.insist(task.client_id, task.group_id)
    mornings = [
        open_day(desk.caller, own=desk.own, promised=desk.promised, rules=rules, taken=taken, stand_ins=stand_ins)
        for desk in team
    ]
    for morning in mornings:
        fill_own(morning, rules=rules, taken=taken)
    ranked()
    share_the_pool(mornings, pool, rules=rules, taken=taken)
    return mornings
