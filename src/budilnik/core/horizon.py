"""The order of an employee's own queue: whom he calls today so that the fewest are lost over the window."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import floor, inf, log1p
from typing import NamedTuple

# Sums of fractions such as ten times 0.1 must not lose a whole conversation to rounding.
ROUNDING = 1e-9
# An order that is certain would make the rate of orders infinite.
NEARLY_SURE = 1 - 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class HorizonPolicy:
    """How far ahead the queue looks and what it weighs; days are working days, always.

    `own_share` of the conversations is left to the own queue, the rest goes to the pool. `talk_lasts_days` is the
    silence that a talk buys: put off by a day, one part in so many of it is not spent too early.
    """

    days: int = 62
    value_weight_permille: int = 500
    near_days: int = 22
    overload_from: float = 1.3
    own_share: float = 0.75
    talk_lasts_days: int = 126


DEFAULT_HORIZON = HorizonPolicy()


class Candidate(NamedTuple):
    """A client who may be called today; a tuple, because half of a large base passes by each morning.

    `due_in` is the number of working days until the owner's last working day before the loss: 0 is the last chance
    today, None no deadline. `own_order_chance` is that he orders by himself before it, or within the window.
    `covered` is a contact in this quarter: he counts already; `quarter_chance` is that he orders by himself in what
    is left of it, None when nobody asks about quarters.
    """

    client_id: int
    due_in: int | None
    value: int
    own_order_chance: float
    covered: bool = False
    quarter_chance: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnQueue:
    """The queue, most urgent first, and what the window holds.

    `kept` can all be talked to before their deadlines, `left_out` will be lost whatever we do, dearest first;
    `calls_to_save` are the call attempts a day, on every day worked, that would keep these too.
    """

    order: tuple[int, ...]
    kept: frozenset[int]
    left_out: tuple[int, ...]
    load: float
    overloaded: bool
    calls_to_save: int


class _Job(NamedTuple):
    """A candidate made ready for sorting: `standing` decides between equals, dearest first."""

    standing: tuple[int, int, int, int]
    due: int
    weight: int
    chance: float
    client_id: int
    uncovered_chance: float


def rank_own(
    candidates: Iterable[Candidate],
    *,
    offered: Sequence[float],
    reach: float,
    policy: HorizonPolicy,
    tie: Callable[[int], int],
) -> OwnQueue:
    """Return the own queue of one employee: whom to keep before their deadlines, and in which order to call.

    Of those with a deadline in the window the set of greatest weight that the conversations offered can serve in
    time is kept, exactly. Whose last chance is today comes first in every mode. While the window can be covered,
    near deadlines follow, then those of the quarter's uncovered who are likeliest to stay silent, the covered last;
    under overload, those who would cost most to put off. Overload begins above a load, or when the uncovered who will
    not order by themselves pass the own share of the conversations; a limit of infinity never lets it begin.
    Nothing offered and somebody due is an infinite load; nobody due is none.

    Units: working days from today (0); conversations a day, may be fractions; kopecks.
    Raises: ValueError if a client comes twice, a deadline is past, an offer negative, or `reach` not in (0, 1].
    Source: SPEC §4, own queue; Lawler (1976), unit jobs with deadlines; Whittle (1988), restless bandits.
    """
    people = list(candidates)
    _check(people, offered=offered, reach=reach)
    window = [*offered[: policy.days], *[0.0] * (policy.days - len(offered))]
    jobs = _weigh(people, policy=policy, tie=tie)
    due = [job for job in jobs if job.due < policy.days]

    kept, left_out = _keep(due, slots=_whole(window))
    load = _load(len(due), offered=sum(window))
    overloaded = load > policy.overload_from or not _can_cover(people, offered=sum(window), policy=policy)
    if overloaded:
        order = _costliest_to_put_off(jobs, kept=kept, window=window, reach=reach, policy=policy)
    else:
        order = _nearest_then_silent(jobs, kept=kept, near_days=policy.near_days)
    return OwnQueue(
        order=tuple(job.client_id for job in order),
        kept=frozenset(kept),
        left_out=tuple(job.client_id for job in left_out),
        load=load,
        overloaded=overloaded,
        calls_to_save=_calls_to_save(due, window=window, reach=reach) if left_out else 0,
    )


def _check(people: list[Candidate], *, offered: Sequence[float], reach: float) -> None:
    if not 0 < reach <= 1:
        raise ValueError(f"the reach must be above 0 and at most 1, got {reach}")
    if min(offered, default=0) < 0:
        raise ValueError("a day cannot offer fewer than no conversations")
    if len({one.client_id for one in people}) != len(people):
        raise ValueError("a client comes twice")
    if any(one.due_in is not None and one.due_in < 0 for one in people):
        raise ValueError("a deadline is past: the client is lost already")


def _weigh(people: list[Candidate], *, policy: HorizonPolicy, tie: Callable[[int], int]) -> list[_Job]:
    """Return the candidates with their weights, λ·value + (1-λ)·mean value, in whole numbers.

    All is multiplied by 1,000 and by the number of clients due, so that nothing is rounded. When all who are due
    are worth nothing, coverage alone counts, and each weighs one.
    """
    days = policy.days
    values = [max(one.value, 0) for one in people if one.due_in is not None and one.due_in < days]
    total = sum(values)
    per_kopeck = policy.value_weight_permille * max(len(values), 1)
    coverage = (1000 - policy.value_weight_permille) * total if total else 1

    jobs = []
    for client_id, due_in, value, chance, covered, quarter_chance in people:
        due = days if due_in is None or due_in > days else due_in
        weight = per_kopeck * value + coverage if value > 0 else coverage
        standing = (-weight, due, tie(client_id), client_id)
        in_quarter = chance if quarter_chance is None else quarter_chance
        jobs.append(_Job(standing, due, weight, chance, client_id, in_quarter + covered))
    jobs.sort()
    return jobs


def _whole(offered: Iterable[float]) -> list[int]:
    """Return the whole conversations of each day; fractions add up until they make one."""
    ends = [floor(until + ROUNDING) for until in accumulate(offered)]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _keep(due: list[_Job], *, slots: list[int]) -> tuple[set[int], list[_Job]]:
    """Return the ids of the heaviest set that can be served in time, and the jobs left out.

    Each job, heaviest first, takes the latest free slot before its deadline; a day that is full points to the day
    before it, and the pointers are shortened as they are followed.
    """
    free = [0, *slots]
    before = list(range(len(free)))
    kept: set[int] = set()
    left_out: list[_Job] = []
    for job in due:
        day = _latest_free(job.due + 1, free=free, before=before)
        if day:
            free[day] -= 1
            kept.add(job.client_id)
        else:
            left_out.append(job)
    return kept, left_out


def _latest_free(day: int, *, free: list[int], before: list[int]) -> int:
    """Return the latest day not after `day` with a free slot, or 0: days count from 1 here."""
    while day and not free[day]:
        if before[day] == day:
            before[day] = day - 1
        else:
            before[day] = before[before[day]]
        day = before[day]
    return day


def _load(jobs: int, *, offered: float) -> float:
    if not jobs:
        return 0.0
    return jobs / offered if offered else inf


def _can_cover(people: list[Candidate], *, offered: float, policy: HorizonPolicy) -> bool:
    """Say whether clients who are not covered and will not order by themselves find a conversation each.

    Prospects, who have no deadline, wait for slots that are left and make nobody overloaded.
    """
    if policy.overload_from == inf:
        return True
    asked = [one for one in people if one.quarter_chance is not None and one.due_in is not None and not one.covered]
    return sum(1 - (one.quarter_chance or 0) for one in asked) <= policy.own_share * offered


def _nearest_then_silent(jobs: list[_Job], *, kept: set[int], near_days: int) -> list[_Job]:
    """Order a window that can be covered: today's last chances, near deadlines, then the likeliest to stay silent."""

    def urgency(job: _Job) -> tuple[int, float]:
        if job.due == 0:
            return (0, job.client_id not in kept)
        if job.due < near_days and job.client_id in kept:
            return (1, job.due)
        return (2, job.uncovered_chance)

    # The jobs stand by weight and tie already, and sorting keeps that between equals.
    return sorted(jobs, key=urgency)


def _costliest_to_put_off(
    jobs: list[_Job], *, kept: set[int], window: list[float], reach: float, policy: HorizonPolicy
) -> list[_Job]:
    """Order a window that cannot be covered by the price at which calling today is worth no more than waiting.

    Waiting a day may save the call, for he may order by himself, and does not shorten the peace that a talk buys; it
    costs one of the tries that are left before the deadline. With chance a of an answer, n later tries on days that
    offer conversations, and daily rate g of what waiting saves, the price is weight x P(no own order) x s / (s + g),
    where s = a (1 - a)^n: near the deadline the whole weight, far from it less and less.
    """
    days = len(window)
    later = accumulate((day > 0 for day in window[1:]), initial=0)
    fails = [(1 - reach) ** tries for tries in later]

    def urgency(job: _Job) -> tuple[int, float]:
        if job.due == days:
            return (4, job.chance)
        left_out = job.client_id not in kept
        group = left_out if job.due == 0 else 2 + left_out
        saved_by_waiting = -log1p(-min(job.chance, NEARLY_SURE)) / (job.due + 1) + 1 / policy.talk_lasts_days
        last_try_counts = reach * fails[job.due]
        share = last_try_counts / (last_try_counts + saved_by_waiting)
        return (group, -job.weight * (1 - job.chance) * share)

    return sorted(jobs, key=urgency)


def _calls_to_save(due: list[_Job], *, window: list[float], reach: float) -> int:
    """Return the fewest extra attempts a day with which nobody due is left out.

    They are made on the days he works: those that offer conversations, and those that are somebody's deadline,
    be they filled by promises, for a deadline never falls into an absence.
    """
    falling = [0] * len(window)
    for job in due:
        falling[job.due] += 1
    worked = [day > 0 or ending > 0 for day, ending in zip(window, falling, strict=True)]
    owed = list(accumulate(falling))

    def enough(extra: int) -> bool:
        slots = _whole(day + extra * reach * works for day, works in zip(window, worked, strict=True))
        return all(given >= wanted for given, wanted in zip(accumulate(slots), owed, strict=True))

    return bisect_left(range(floor(len(due) / reach) + 2), True, key=enough)
