"""Sharing the pool of lost clients out to the employees who have calls to spare this morning."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop
from itertools import groupby

from budilnik.core.levelling import Allotment, draw

SWAP_PASSES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolClient:
    """A lost client, and the employees who never get him automatically.

    Barred are those who lost him, and those who share no calling hour with him.
    """

    client_id: int
    value: int
    barred: frozenset[int] = frozenset()


def share_pool(
    clients: Iterable[PoolClient], *, slots: Mapping[int, int], tie: Callable[[int, int], int]
) -> dict[int, list[int]]:
    """Return for each employee the pool clients he calls today, dearest first.

    The greatest total value that locks and slots allow is placed, and no slot stays empty while someone placeable
    for it is left, though he be worth nothing; then the shares of given to free slots are as level as they can be
    (leximin); then pairs are swapped to bring the mean values together. The clients come by falling value and are
    read no further than the value at which the slots are full: of equals at that border the tie chooses, not the
    order. An employee without slots gets an empty list.

    Units: kopecks; slots are clients for one day.
    Raises: ValueError if slots are negative, the clients do not fall in value, or one comes twice before all is full.
    Source: SPEC §4, sharing the pool; Edmonds and Fulkerson (1965), transversal matroids.
    """
    if any(free < 0 for free in slots.values()):
        raise ValueError(f"slots cannot be negative: {dict(slots)}")
    calling = draw((employee for employee, free in slots.items() if free), tie=tie)
    sheet = Allotment[PoolClient](
        scale={employee: float(slots[employee]) for employee in calling}, price=_share_after, limited=True
    )

    if sheet.has_room:
        _fill(sheet, _by_falling_value(clients, tie=tie))
    if sheet.has_room:
        sheet.even_out()
    _narrow(sheet.held)

    given = {employee: _dearest_first(got, employee, tie=tie) for employee, got in sheet.held.items()}
    return {employee: given.get(employee, []) for employee in slots}


def exhausted(barred: frozenset[int], *, callers: frozenset[int]) -> bool:
    """Say whether nobody is left to call the client: every employee who calls the pool is barred.

    A team of nobody makes every client exhausted; a newcomer makes him callable again.

    Units: none.
    Raises: nothing.
    Source: SPEC §3.4.
    """
    return callers <= barred


def _share_after(count: int, slots: float) -> tuple[float, float]:
    """Price the `count`-th client so that the least price overall is the leximin of count / slots.

    The one with the lower share comes first; of equal shares, the one whom a client raises higher.
    """
    return ((count - 1) / slots, -count / slots)


def _by_falling_value(clients: Iterable[PoolClient], *, tie: Callable[[int, int], int]) -> Iterator[PoolClient]:
    """Yield the clients by falling value, equals by the tie, reading one group of equals at a time."""
    last: int | None = None
    for value, group in groupby(clients, key=lambda client: client.value):
        if last is not None and value > last:
            raise ValueError(f"the clients must fall in value: {value} comes after {last}")
        last = value
        # A heap, for the group of clients worth nothing may be half the base and only its head is wanted.
        equals = [(tie(client.client_id, 0), client.client_id, at, client) for at, client in enumerate(group)]
        heapify(equals)
        while equals:
            yield heappop(equals)[-1]


def _fill(sheet: Allotment[PoolClient], clients: Iterator[PoolClient]) -> None:
    """Place clients until every slot is taken or none is left."""
    read: set[int] = set()
    for client in clients:
        if client.client_id in read:
            raise ValueError(f"client {client.client_id} comes twice")
        read.add(client.client_id)
        sheet.place(client)
        if not sheet.has_room:
            return


def _dearest_first(clients: list[PoolClient], employee: int, *, tie: Callable[[int, int], int]) -> list[int]:
    key = {client.client_id: (-client.value, tie(client.client_id, employee), client.client_id) for client in clients}
    return sorted(key, key=key.__getitem__)


def _narrow(held: Mapping[int, list[PoolClient]]) -> None:
    """Swap pairs between the rich and the poor to bring the mean values together, a bounded number of times.

    Each pass turns the partners by one, so that a lock between two does not end the matter.
    """

    def mean(employee: int) -> float:
        return sum(client.value for client in held[employee]) / len(held[employee])

    ranked = [employee for employee, got in held.items() if got]
    half = len(ranked) // 2
    for turn in range(SWAP_PASSES):
        ranked.sort(key=mean)
        for at in range(half):
            _swap(held, rich=ranked[-1 - at], poor=ranked[(at + turn) % half])


def _swap(held: Mapping[int, list[PoolClient]], *, rich: int, poor: int) -> None:
    """Swap the one pair that brings two mean values nearest; leave both as they are if none does.

    With `both` clients between them a swap of difference d moves the gap of the means, made whole by
    multiplying, by d x both: the best partner is the one nearest to value - gap / both.
    """
    high, low = held[rich], held[poor]
    both = len(high) + len(low)
    gap = sum(client.value for client in high) * len(low) - sum(client.value for client in low) * len(high)
    away = [(client.value, at) for at, client in enumerate(high) if poor not in client.barred]
    back = sorted((client.value, at) for at, client in enumerate(low) if rich not in client.barred)

    best, swapped = abs(gap), (-1, -1)
    for value, i in away:
        nearest = bisect_left(back, (value - gap // both, -1))
        for other, j in back[max(nearest - 1, 0) : nearest + 1]:
            left = abs(gap - (value - other) * both)
            if left < best:
                best, swapped = left, (i, j)
    if best < abs(gap):
        i, j = swapped
        high[i], low[j] = low[j], high[i]
