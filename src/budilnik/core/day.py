"""The day plan: what claims an employee's attempts, in which order, and how the list of the day stands."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from math import floor

from budilnik.core.candidates import OwnClient
from budilnik.core.horizon import Candidate, HorizonPolicy, OwnQueue, rank_own
from budilnik.core.pool import PoolClient, share_pool
from budilnik.core.reasons import Reasons, own_reasons, pool_reasons
from budilnik.core.seed import Seed
from budilnik.core.terms import ClientStatus, Queue


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """An employee at work today. Units: capacity in attempts; `offered` in conversations per working day ahead."""

    employee_id: int
    capacity: int
    offered: tuple[float, ...]
    zone: str
    calls_pool: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledClient:
    """A placeable client of the pool and those who may not have him: who lost him, who has no hour in common."""

    client_id: int
    value: int
    silent_since: date
    zone: str
    group_id: int | None
    losers: frozenset[int]
    barred: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One client to call today, with its reasons. Units: value in kopecks."""

    client_id: int
    queue: Queue
    status: ClientStatus
    silent_since: date
    deadline: date | None
    value: int
    zone: str
    group_id: int | None
    reasons: Reasons
    callback_id: int | None = None
    promised_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRules:
    """What the plan of one morning is made by."""

    on: date
    seed: Seed
    pool_share: float
    reach: float
    horizon: HorizonPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDay:
    """An employee's list for the day in the order of calling, with the forecast of the horizon."""

    employee_id: int
    capacity: int
    tasks: tuple[Task, ...]
    load: float
    left_out: int
    calls_to_save: int


class Taken:
    """Whom the company already calls today: never two clients of one group or of one number."""

    def __init__(self, shared_numbers: Mapping[int, frozenset[str]]) -> None:
        self._shared = shared_numbers
        self._clients: set[int] = set()
        self._groups: set[int] = set()
        self._numbers: set[str] = set()

    def copy(self) -> "Taken":
        """Return one who can be tried on without taking anybody for good."""
        twin = Taken(self._shared)
        twin._clients, twin._groups, twin._numbers = set(self._clients), set(self._groups), set(self._numbers)
        return twin

    def is_free(self, client_id: int, group_id: int | None) -> bool:
        """Say whether neither the client nor his group nor his number is called today.

        Units: none.
        Raises: nothing.
        Source: SPEC §4, nobody is pestered.
        """
        numbers = self._shared.get(client_id, frozenset())
        return client_id not in self._clients and group_id not in self._groups and self._numbers.isdisjoint(numbers)

    def take(self, client_id: int, group_id: int | None) -> bool:
        """Take a client for today, or say that he, his group or his number is taken.

        Units: none.
        Raises: nothing.
        Source: SPEC §4, nobody is pestered.
        """
        if not self.is_free(client_id, group_id):
            return False
        self.insist(client_id, group_id)
        return True

    def insist(self, client_id: int, group_id: int | None) -> None:
        """Take a client whatever else is taken: a promise is kept even to two clients of one group.

        Units: none.
        Raises: nothing.
        Source: SPEC §6.
        """
        self._clients.add(client_id)
        self._numbers |= self._shared.get(client_id, frozenset())
        if group_id is not None:
            self._groups.add(group_id)


def pool_slots(left: int, *, share: float, fraction: float) -> int:
    """Return how many of the attempts left go to the pool.

    The fraction of a slot is drawn anew each day, so that a quarter of three slots is one on three days of four.

    Units: attempts.
    Raises: nothing.
    Source: SPEC §4, pool slots = floor(pool_share x left + seeded fraction).
    """
    return min(max(left, 0), floor(share * max(left, 0) + fraction))


@dataclass(slots=True, kw_only=True)
class OpenDay:
    """One employee's day while it is being made: what is claimed, what is free, who waits."""

    caller: Caller
    queue: OwnQueue
    tasks: list[Task]
    waiting: list[OwnClient]
    free: int
    make: Callable[[OwnClient], Task]


def _rank(own: Sequence[OwnClient], caller: Caller, rules: DayRules) -> OwnQueue:
    return rank_own(
        [Candidate(c.client_id, c.due_in, c.stake, c.chance, c.covered, c.quarter_chance) for c in own],
        offered=caller.offered,
        reach=rules.reach,
        policy=rules.horizon,
        tie=lambda client: rules.seed.tie(client, caller.employee_id),
    )


def _maker(queue: OwnQueue, rules: DayRules, stand_ins: Mapping[int, int]) -> Callable[[OwnClient], Task]:
    def make(client: OwnClient) -> Task:
        return Task(
            client_id=client.client_id,
            queue=client.queue,
            status=client.status,
            silent_since=client.silent_since,
            deadline=client.deadline,
            value=client.value,
            zone=client.zone,
            group_id=client.group_id,
            reasons=own_reasons(
                client,
                on=rules.on,
                overloaded=queue.overloaded,
                near_days=rules.horizon.near_days,
                stands_in_for=stand_ins.get(client.client_id),
            ),
        )

    return make


def _claim(morning: OpenDay, ranked: Iterable[OwnClient], *, at_most: int, taken: Taken) -> None:
    """Move clients from the ranked ones to the tasks, the rest to those who wait."""
    for client in ranked:
        if at_most > 0 and taken.take(client.client_id, client.group_id):
            morning.tasks.append(morning.make(client))
            at_most -= 1
        else:
            morning.waiting.append(client)


def open_day(
    caller: Caller,
    *,
    own: Sequence[OwnClient],
    promised: Sequence[Task],
    rules: DayRules,
    taken: Taken,
    stand_ins: Mapping[int, int],
) -> OpenDay:
    """Let promises and the last days of own clients claim the employee's attempts, even beyond capacity.

    Whose last day is today comes before everybody else's ordinary clients: a day is opened for all employees before
    it is filled for one, so that a sister company of the last hour is not barred by one who can wait.

    Units: attempts.
    Raises: ValueError as `rank_own`.
    Source: SPEC §4, claims on capacity 1 and 2.
    """
    queue = _rank(own, caller, rules)
    by_id = {client.client_id: client for client in own}
    ranked = [by_id[number] for number in queue.order]
    morning = OpenDay(
        caller=caller, queue=queue, tasks=list(promised), waiting=[], free=0, make=_maker(queue, rules, stand_ins)
    )
    _claim(morning, (client for client in ranked if client.due_in == 0), at_most=len(ranked), taken=taken)
    morning.waiting = [client for client in ranked if client.due_in != 0]
    return morning


def fill_own(morning: OpenDay, *, rules: DayRules, taken: Taken) -> None:
    """Let retries and then the own queue claim what is left of the capacity, and leave the pool its part.

    Retries come only within capacity; what the own queue cannot use is free for the pool, and of those who must wait
    enough are remembered to fill what the pool cannot.

    Units: attempts.
    Raises: nothing.
    Source: SPEC §4, claims on capacity 3 and 4.
    """
    caller, ranked = morning.caller, morning.waiting
    morning.waiting = []
    retries = [client for client in ranked if client.queue is Queue.RETRY]
    _claim(morning, retries, at_most=caller.capacity - len(morning.tasks), taken=taken)
    left = max(0, caller.capacity - len(morning.tasks))
    to_pool = pool_slots(left, share=rules.pool_share, fraction=rules.seed.fraction(caller.employee_id))
    rest = [client for client in ranked if client.queue is not Queue.RETRY]
    _claim(morning, rest, at_most=left - (to_pool if caller.calls_pool else 0), taken=taken)
    morning.waiting = morning.waiting[: 3 * caller.capacity + 10]
    morning.free = max(0, caller.capacity - len(morning.tasks)) if caller.calls_pool else 0


def _offered(
    pool: Iterable[PooledClient],
    *,
    taken: Taken,
    slots: Mapping[int, int],
    seen: dict[int, PooledClient],
    passed: list[PooledClient],
) -> Iterator[PoolClient]:
    """Offer the pool's clients by falling value, one of a group or a number; the others of it are passed by."""
    calling = frozenset(employee for employee, free in slots.items() if free)
    offered = taken.copy()
    for client in pool:
        if calling <= client.barred or not taken.is_free(client.client_id, client.group_id):
            continue
        if offered.take(client.client_id, client.group_id):
            seen[client.client_id] = client
            yield PoolClient(client_id=client.client_id, value=client.value, barred=client.barred)
        else:
            passed.append(client)


def _from_pool(client: PooledClient, *, on: date) -> Task:
    return Task(
        client_id=client.client_id,
        queue=Queue.POOL,
        status=ClientStatus.LOST,
        silent_since=client.silent_since,
        deadline=None,
        value=client.value,
        zone=client.zone,
        group_id=client.group_id,
        reasons=pool_reasons(silent_since=client.silent_since, value=client.value, on=on, losers=len(client.losers)),
    )


def share_the_pool(mornings: Sequence[OpenDay], pool: Iterable[PooledClient], *, rules: DayRules, taken: Taken) -> None:
    """Fill the free slots from the pool, and what the pool cannot fill from the own clients who wait.

    Units: clients for one day.
    Raises: ValueError if the pool does not come by falling value.
    Source: SPEC §4, sharing the pool; what one queue cannot use goes to the other.
    """
    by_employee = {morning.caller.employee_id: morning for morning in mornings}
    slots = {employee: morning.free for employee, morning in by_employee.items()}
    while any(slots.values()):
        seen: dict[int, PooledClient] = {}
        passed: list[PooledClient] = []
        offered = _offered(pool, taken=taken, slots=slots, seen=seen, passed=passed)
        for employee, given in share_pool(offered, slots=slots, tie=rules.seed.tie).items():
            slots[employee] -= len(given)
            for client in map(seen.__getitem__, given):
                taken.insist(client.client_id, client.group_id)
                by_employee[employee].tasks.append(_from_pool(client, on=rules.on))
        # He who was offered for a group may have found no caller: then another of it has his turn. In every round
        # but the first somebody is placed, so the rounds end.
        if not passed:
            break
        pool = passed
    for morning in mornings:
        waiting, morning.waiting = morning.waiting, []
        _claim(morning, waiting, at_most=morning.caller.capacity - len(morning.tasks), taken=taken)


def in_order(
    tasks: Iterable[Task], *, on: date, closes: Callable[[Task], datetime], tie: Callable[[int], int]
) -> tuple[Task, ...]:
    """Return the tasks in the order of calling: promises by their hour, the rest by the window that closes first.

    Of windows that close together whose last day is today goes first; then own clients, by deadline, and those of the
    pool, who have none, take turns by their numbers, so that a day broken off early has given both their part.
    Of equals the dearer goes first, then the draw.

    Units: moments of time.
    Raises: nothing.
    Source: SPEC §4, order within the day, and pool slots: were the pool last, retries would take all its turns.
    """
    listed = list(tasks)
    promised = sorted((t for t in listed if t.promised_at), key=lambda t: (t.promised_at, tie(t.client_id)))
    rest = sorted(
        (t for t in listed if not t.promised_at),
        key=lambda t: (closes(t), t.deadline or date.max, -t.value, tie(t.client_id)),
    )
    ordered = list(promised)
    for _, together in groupby(rest, key=closes):
        ordered += _taking_turns(list(together), on=on)
    return tuple(ordered)


def _taking_turns(tasks: Sequence[Task], *, on: date) -> Iterator[Task]:
    """Yield last chances first, then two queues so mixed that any first part of them holds its share of both."""
    yield from (task for task in tasks if task.deadline == on)
    own = [task for task in tasks if task.deadline != on and task.queue is not Queue.POOL]
    pool = [task for task in tasks if task.queue is Queue.POOL]
    places = [((at + 0.5) / len(queue), task) for queue in (own, pool) for at, task in enumerate(queue)]
    yield from (task for _, task in sorted(places, key=lambda pair: pair[0]))


def close_day(morning: OpenDay, *, on: date, closes: Callable[[Task], datetime], seed: Seed) -> PlannedDay:
    """Return the finished plan of one employee.

    Units: as in `PlannedDay`.
    Raises: nothing.
    Source: SPEC §4, fixed when issued.
    """
    employee = morning.caller.employee_id
    return PlannedDay(
        employee_id=employee,
        capacity=morning.caller.capacity,
        tasks=in_order(morning.tasks, on=on, closes=closes, tie=lambda client: seed.tie(client, employee)),
        load=morning.queue.load,
        left_out=len(morning.queue.left_out),
        calls_to_save=morning.queue.calls_to_save,
    )
