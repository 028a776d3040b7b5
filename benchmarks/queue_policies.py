"""The orders of the queue that are compared: from no calls at all to the rule of the product."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import compress

import numpy as np

from budilnik.core.day import pool_slots
from budilnik.core.horizon import DEFAULT_HORIZON, Candidate, HorizonPolicy, OwnQueue, rank_own
from budilnik.core.pool import PoolClient, share_pool
from queue_world import FORGOTTEN_AFTER, MANAGERS, NEVER, POOL, Flags, Floats, Ints, World

NEAR_DAYS = 30
OVERLOADED_FROM = 1.3
TRIES = 3
POOL_SHARE = 0.25
QUIET_DAYS = 30
WINDOW_DAYS = 86

type Plan = list[list[int]]
type Policy = Callable[[World], Plan]


def no_calls(world: World) -> Plan:
    """Call nobody."""
    return [[] for _ in range(MANAGERS)]


def managers_choice(world: World) -> Plan:
    """Call three or four own clients a day, by taste: the dearer, the likelier."""
    plan = []
    taste = world.value * np.array([world.luck.random() for _ in range(world.n)])
    for manager in range(MANAGERS):
        own = np.flatnonzero((world.owner == manager) & world.reachable() & (world.silence > QUIET_DAYS))
        plan.append(own[np.argsort(-taste[own])][: world.luck.randint(3, 4)].tolist())
    return plan


def two_queues(world: World, *, own_key: Floats, pool_key: Floats, callable_own: Flags | None = None) -> Plan:
    """Half the attempts for own forgotten clients, half for the pool; what one cannot use goes to the other."""
    eligible = world.silence >= FORGOTTEN_AFTER if callable_own is None else callable_own
    reachable = world.reachable()
    pool = np.flatnonzero((world.owner == POOL) & reachable)
    pool = pool[np.argsort(pool_key[pool], kind="stable")]
    taken = np.zeros(world.n, dtype=bool)
    plan = no_calls(world)
    for manager in world.luck.sample(range(MANAGERS), MANAGERS):
        left = max(0, world.calls - len(world.promises(manager)))
        own = np.flatnonzero((world.owner == manager) & reachable & eligible)
        own = own[np.argsort(own_key[own], kind="stable")]
        lost = pool[~taken[pool] & ~world.lost_by[pool, manager]][: max(left // 2, left - len(own))]
        taken[lost] = True
        plan[manager] = [*own[: left - len(lost)].tolist(), *lost.tolist()]
    return plan


def the_case(world: World) -> Plan:
    """First in, first out: the longest silent own clients and the longest silent of the pool."""
    return two_queues(world, own_key=-world.silence.astype(float), pool_key=world.contact.astype(float))


def at_random(world: World) -> Plan:
    """The same two queues shuffled."""
    luck = np.array([world.luck.random() for _ in range(world.n)])
    return two_queues(world, own_key=luck, pool_key=luck)


def value_then_deadline(world: World) -> Plan:
    """The dearest set that can be served in time, earliest deadline first; the pool by value."""
    key = world.left.astype(float)
    offered = [world.calls * world.answer / 2 * works for works in _working_window(world)]
    for manager in range(MANAGERS):
        own = np.flatnonzero((world.owner == manager) & world.reachable() & (world.silence >= FORGOTTEN_AFTER))
        left_out = _queue(world, own, offered=offered, policy=DEFAULT_HORIZON).left_out
        key[list(left_out)] += NEVER
    return two_queues(world, own_key=key, pool_key=-world.value)


def by_index(world: World) -> Plan:
    """Value x P(no own order) x P(later tries fail); the pool by value."""
    everyone = np.arange(world.n)
    silent = 1 - world.chances(everyone, world.left)
    fails = (1 - world.answer) ** np.minimum(world.working_days_until(world.left), TRIES)
    return two_queues(world, own_key=-world.value * silent * fails, pool_key=-world.value)


def by_coverage(world: World) -> Plan:
    """Deadlines within thirty days, then whoever is not covered this quarter, likeliest to stay silent first."""
    start, end = world.quarter()
    near = (world.left <= NEAR_DAYS) & (world.owner != POOL)
    uncovered = world.touched < start
    chance = world.chances(np.arange(world.n), np.full(world.n, end - world.day))
    key = np.where(near, world.left - float(NEVER), chance)
    return two_queues(world, own_key=key, pool_key=world.contact.astype(float), callable_own=near | uncovered)


def adaptive(world: World) -> Plan:
    """Coverage while a quarter of 65 days can be covered, else the index; a third of the base orders by itself."""
    load = world.size * (1 - 0.354) / (65 * world.calls * world.answer)
    return by_coverage(world) if load <= OVERLOADED_FROM else by_index(world)


def of_the_product(
    world: World, *, policy: HorizonPolicy = DEFAULT_HORIZON, knowing: bool = False, wide: bool = False
) -> Plan:
    """The day as the morning makes it: last chances, retries, a quarter of the rest for the pool, the own queue.

    One who is `knowing` is told who will order by himself before the quarter ends: what better chances could bring.
    A `wide` queue holds everybody who is not covered in this quarter.
    """
    eligible = world.reachable() & _belongs(world, wide=wide)
    due = world.working_days_until(world.left)
    plan, waiting, slots = no_calls(world), no_calls(world), {}
    for manager in range(MANAGERS):
        own = np.flatnonzero((world.owner == manager) & eligible)
        offered = _offered(world, manager)
        order = np.array(_queue(world, own, offered=offered, policy=policy, knowing=knowing).order, dtype=np.int64)
        claims = np.where(due[order] == 0, 0, np.where(world.misses[order] > 0, 1, 2))
        first, retries, rest = (order[claims == claim].tolist() for claim in (0, 1, 2))
        capacity = max(0, world.calls - len(world.promises(manager)))
        tasks = [*first, *retries][:capacity]
        left = capacity - len(tasks)
        to_pool = pool_slots(left, share=POOL_SHARE, fraction=world.luck.random())
        plan[manager], waiting[manager] = [*tasks, *rest[: left - to_pool]], rest[left - to_pool :]
        slots[manager] = capacity - len(plan[manager])
    for manager, lost in share_pool(_pool(world), slots=slots, tie=partial(_tie, world.day)).items():
        plan[manager] += lost + waiting[manager][: slots[manager] - len(lost)]
    return plan


def _belongs(world: World, *, wide: bool) -> Flags:
    """Say who is of the own queue: forgotten or long without a talk, and not talked to within a month."""
    talked = world.day - world.last_talk
    belongs = (world.silence >= FORGOTTEN_AFTER) | (talked >= WINDOW_DAYS)
    if wide:
        belongs |= world.touched < world.quarter()[0]
    return belongs & ((talked >= QUIET_DAYS) | (world.left == 0))


def _queue(world: World, own: Ints, *, offered: list[float], policy: HorizonPolicy, knowing: bool = False) -> OwnQueue:
    start, end = world.quarter()
    in_quarter = world.chances(own, np.full(len(own), end - world.day))
    if knowing:
        in_quarter = np.array([((days > world.day) & (days < end)).any() for days in (world.own_days[c] for c in own)])
    candidates = [
        Candidate(
            client_id=client, due_in=due, value=value, own_order_chance=chance, covered=covered, quarter_chance=quarter
        )
        for client, due, value, chance, covered, quarter in zip(
            own.tolist(),
            world.working_days_until(world.left[own]).tolist(),
            world.kopecks[own].tolist(),
            world.chances(own, np.maximum(world.left[own], 1)).tolist(),
            (world.touched[own] >= start).tolist(),
            in_quarter.astype(float).tolist(),
            strict=True,
        )
    ]
    return rank_own(
        candidates, offered=offered, reach=world.answer, policy=policy, tie=lambda client: _tie(world.day, client, 0)
    )


def _working_window(world: World) -> list[bool]:
    """Return one True for each working day of the horizon."""
    return list(compress(world.works[world.day :].tolist(), world.works[world.day :]))[: DEFAULT_HORIZON.days]


def _offered(world: World, manager: int) -> list[float]:
    """Return the conversations of each working day ahead, less what is promised."""
    promised = (world.promised_by == manager) & (world.promised < NEVER)
    ahead = world.working_days_until(np.clip(world.promised[promised] - world.day, 0, QUIET_DAYS))
    taken = np.bincount(ahead, minlength=DEFAULT_HORIZON.days)[: DEFAULT_HORIZON.days]
    return np.maximum(0.0, world.calls * world.answer - taken).tolist()


def _pool(world: World) -> Iterator[PoolClient]:
    """Offer the pool by falling value; it is read no further than the slots are full."""
    pool = np.flatnonzero((world.owner == POOL) & world.reachable())
    for client in pool[np.lexsort((pool, -world.kopecks[pool]))].tolist():
        losers = frozenset(np.flatnonzero(world.lost_by[client]).tolist())
        yield PoolClient(client_id=client, value=int(world.kopecks[client]), barred=losers)


def _tie(day: int, client: int, employee: int) -> int:
    return (client * 2654435761 + employee * 40503 + day * 97) % 2**32


POLICIES: dict[str, Policy] = {
    "no calls": no_calls,
    "manager's choice": managers_choice,
    "the case": the_case,
    "random": at_random,
    "value, then deadline": value_then_deadline,
    "index": by_index,
    "coverage": by_coverage,
    "adaptive": adaptive,
    "ours": of_the_product,
}
PRICE: dict[str, Policy] = {
    "ours: always for coverage": partial(of_the_product, policy=HorizonPolicy(overload_from=float("inf"))),
    "ours: always for value": partial(
        of_the_product, policy=HorizonPolicy(overload_from=-1, value_weight_permille=1000)
    ),
    "ours: always for value, half weight": partial(of_the_product, policy=HorizonPolicy(overload_from=-1)),
    "ours: always for risk alone": partial(
        of_the_product, policy=HorizonPolicy(overload_from=-1, value_weight_permille=0)
    ),
    "ours: wide queue": partial(of_the_product, wide=True),
    "ours: told who will order": partial(of_the_product, knowing=True),
}
