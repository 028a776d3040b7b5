"""Sharing clients out evenly: ownerless ones over a team, and the working sheet that the pool is shared on."""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

type Price = tuple[float, float]


class Shareable(Protocol):
    """What the sheet must know of a client."""

    @property
    def client_id(self) -> int:
        """The client."""

    @property
    def value(self) -> int:
        """What he is worth, kopecks."""

    @property
    def barred(self) -> frozenset[int]:
        """Employees who must not get him."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Levelled:
    """A client without an owner, and the employees who must not get him: they lost him once."""

    client_id: int
    value: int
    barred: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What an employee holds already, and his load share; who has a share of 0 takes nobody."""

    employee_id: int
    clients: int = 0
    value: int = 0
    share: float = 1.0


class Allotment[C: Shareable]:
    """Who holds whom while clients are being shared out: the one thing here that changes.

    Every employee has a scale (his slots, his load share) and a price of one client more, which rises with every
    client: the next one goes where the price is least, then to him who holds least value for his scale, then by the
    draw, which is the order of `scale`. Final counts have the least total price the locks allow: counts that can be
    reached form an M-convex set, so when no single chain of hand-overs helps, nothing does.

    Source: Murota, Discrete Convex Analysis (2003), the M-optimality criterion.
    """

    def __init__(
        self,
        *,
        scale: Mapping[int, float],
        price: Callable[[int, float], Price],
        limited: bool,
        already: Mapping[int, tuple[int, int]] | None = None,
    ) -> None:
        """Begin with nobody placed; `already` is the (count, value) held before, `limited` caps counts by scale."""
        self.held: dict[int, list[C]] = {employee: [] for employee in scale}
        self._scale = scale
        self._price = price
        self._limited = limited
        self._draw = {employee: place for place, employee in enumerate(scale)}
        before = already or {}
        self._count = {employee: before.get(employee, (0, 0))[0] for employee in scale}
        self._value = {employee: before.get(employee, (0, 0))[1] for employee in scale}
        self._ladder = sorted(self._rung(employee) for employee in scale)
        self._open = dict.fromkeys(scale)
        self._hopeless: set[frozenset[int]] = set()

    @property
    def has_room(self) -> bool:
        """Say whether anybody can still take a client; on a sheet without limits always, unless there is no team.

        Units: none.
        Raises: nothing.
        Source: SPEC §4, no slot empty.
        """
        return bool(self._ladder)

    def place(self, client: C) -> int | None:
        """Give the client to someone and return to whom, or None if the locks leave nobody.

        When all who may have him are full, others hand over theirs along a chain until a slot is free. An
        employee once found to be beyond such help stays so, and later clients pass him by. Greedy by falling value
        this places the greatest value there is.

        Units: one client.
        Raises: nothing.
        Source: Edmonds and Fulkerson (1965), transversal matroids.
        """
        if client.barred in self._hopeless:
            return None
        for at, (_, _, _, employee) in enumerate(self._ladder):
            if employee not in client.barred:
                del self._ladder[at]
                self._hold(employee, client)
                self._climb(employee)
                return employee
        return self._place_by_chain(client)

    def even_out(self) -> None:
        """Hand clients over along chains until no chain makes the counts more even.

        Takers go from the emptiest; where one finds no help, nobody outside his reach who needs it less can. It comes
        after the last `place`. Without locks there is nothing left to do.

        Units: clients.
        Raises: nothing.
        Source: Murota (2003), as above.
        """
        moved = True
        while moved:
            moved = False
            settled: set[int] = set()
            for taker in sorted(self.held, key=self._next_price):
                while taker not in settled:
                    chain, seen = self._chain(self._givers(taker), among=self.held, goals={taker})
                    if chain:
                        self._hand_over(chain)
                        moved = True
                        continue
                    least = self._next_price(taker)
                    settled.update(
                        other for other in self.held if other not in seen and self._next_price(other) >= least
                    )

    def _next_price(self, employee: int) -> Price:
        return self._price(self._count[employee] + 1, self._scale[employee])

    def _rung(self, employee: int) -> tuple[Price, float, int, int]:
        weight = self._value[employee] / self._scale[employee]
        return (self._next_price(employee), weight, self._draw[employee], employee)

    def _climb(self, employee: int) -> None:
        if not self._limited or self._count[employee] < self._scale[employee]:
            insort(self._ladder, self._rung(employee))

    def _hold(self, employee: int, client: C) -> None:
        self.held[employee].append(client)
        self._count[employee] += 1
        self._value[employee] += client.value

    def _place_by_chain(self, client: C) -> int | None:
        sources = [employee for employee in self._open if employee not in client.barred]
        goals = {employee for _, _, _, employee in self._ladder}
        chain, seen = self._chain(sources, among=self._open, goals=goals)
        if not chain:
            self._hopeless.add(client.barred)
            for employee in seen:
                del self._open[employee]
            return None
        del self._ladder[bisect_left(self._ladder, self._rung(chain[-1]))]
        self._hand_over(chain)
        self._hold(chain[0], client)
        self._climb(chain[-1])
        return chain[0]

    def _givers(self, taker: int) -> list[int]:
        """Return those whose last client costs more than the taker's next one would, dearest first."""
        least = self._next_price(taker)
        prices = {
            employee: self._price(self._count[employee], self._scale[employee])
            for employee, clients in self.held.items()
            if clients
        }
        return sorted((one for one, price in prices.items() if price > least), key=prices.__getitem__, reverse=True)

    def _chain(
        self, sources: Iterable[int], *, among: Iterable[int], goals: set[int]
    ) -> tuple[list[int], Iterable[int]]:
        """Return the shortest chain of employees from a source to a goal, and all who were reached.

        Each in the chain holds a client whom the next one may have. Empty when there is none.
        """
        came_from: dict[int, int | None] = dict.fromkeys(sources)
        unseen = [employee for employee in among if employee not in came_from]
        queue = deque(came_from)
        while queue and unseen:
            giver = queue.popleft()
            if not self.held[giver]:
                continue
            refused = _barred_from_all(self.held[giver])
            for taker in (employee for employee in unseen if employee not in refused):
                came_from[taker] = giver
                queue.append(taker)
                if taker in goals:
                    return _trace(taker, came_from), came_from
            unseen = [employee for employee in unseen if employee in refused]
        return [], came_from

    def _hand_over(self, chain: list[int]) -> None:
        """Move one client along each step of the chain, the last step first."""
        for giver, taker in reversed(list(pairwise(chain))):
            at = next(at for at, client in enumerate(self.held[giver]) if taker not in client.barred)
            client = self.held[giver].pop(at)
            self._count[giver] -= 1
            self._value[giver] -= client.value
            self._hold(taker, client)


def _barred_from_all(clients: Iterable[Shareable]) -> frozenset[int]:
    """Return the employees who may have none of the clients."""
    common: frozenset[int] | None = None
    for client in clients:
        common = client.barred if common is None else common & client.barred
        if not common:
            break
    return common or frozenset()


def _trace(goal: int, came_from: Mapping[int, int | None]) -> list[int]:
    """Return the way to the goal, from its source."""
    way: list[int] = []
    at: int | None = goal
    while at is not None:
        way.append(at)
        at = came_from[at]
    return way[::-1]


def draw(employees: Iterable[int], *, tie: Callable[[int, int], int]) -> list[int]:
    """Return the employees in the order of the draw: no one is first for being first in the list.

    Units: none.
    Raises: nothing.
    Source: SPEC §4, no seniority bias.
    """
    return sorted(employees, key=lambda employee: (tie(0, employee), employee))


def _nearest(count: int, share: float) -> Price:
    """Price a client so that counts stay nearest to the shares (Sainte-Laguë, 1910)."""
    return ((2 * count - 1) / share, 0.0)


def level(
    clients: Iterable[Levelled], *, loads: Iterable[Load], tie: Callable[[int, int], int]
) -> dict[int, int | None]:
    """Return who gets each client so that counts per load share end as equal as can be, then value.

    Equal shares end at most one client apart unless locks or what they hold already forbid it. Within a round of
    equal counts he who holds least value gets the dearest. A client whom nobody may have gets None. Neither the
    order of the clients nor that of the loads matters.

    Units: kopecks.
    Raises: ValueError if a client or an employee comes twice, or a share is negative.
    Source: SPEC §3.8, assign; Graham (1969), the longest job first.
    """
    teams = _takers(list(loads))
    queue = sorted(clients, key=lambda client: (-client.value, tie(client.client_id, 0), client.client_id))
    sheet = Allotment[Levelled](
        scale={employee: teams[employee].share for employee in draw(teams, tie=tie)},
        price=_nearest,
        limited=False,
        already={employee: (load.clients, load.value) for employee, load in teams.items()},
    )

    owners: dict[int, int | None] = {client.client_id: None for client in queue}
    if len(owners) != len(queue):
        raise ValueError("a client comes twice")
    for client in queue:
        sheet.place(client)
    sheet.even_out()
    for employee, got in sheet.held.items():
        owners.update((client.client_id, employee) for client in got)
    return owners


def _takers(loads: list[Load]) -> dict[int, Load]:
    """Return those who take clients at all, by employee."""
    if any(load.share < 0 for load in loads):
        raise ValueError("a load share is negative")
    if len({load.employee_id for load in loads}) != len(loads):
        raise ValueError("an employee comes twice")
    return {load.employee_id: load for load in loads if load.share}
