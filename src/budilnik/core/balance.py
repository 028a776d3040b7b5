"""Levelling a base that has owners: the fewest clients change hands so that every manager can cover his."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from heapq import heappop, heappush
from itertools import accumulate

# Loads are compared to a millionth of a room.
LOAD_UNIT = 1_000_000


class Aim(StrEnum):
    """What comes first once nobody can be made able to cover more: few moves, or loads as even as can be."""

    FEWEST = "fewest"
    EVEN = "even"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """A client with an owner. `barred` must not get him; `fixed` says that he stays unless his owner leaves.

    Units: value in kopecks, below zero counts as nothing.
    """

    client_id: int
    owner_id: int
    value: int
    barred: frozenset[int] = frozenset()
    fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """An employee who owns clients: `room` is how many he can cover, `takes` whether he may get more.

    Of one who leaves everybody must go, whatever room the others have.
    """

    employee_id: int
    room: int
    takes: bool = True
    leaves: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A client who changes hands."""

    client_id: int
    from_id: int
    to_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What a levelling does. `stranded` stay with those who leave, `above` are above the room of their owner.

    `limited` says that the allowed number of moves ended it before its aim. Units: clients.
    """

    moves: tuple[Move, ...]
    stranded: int
    above: int
    limited: bool = False

    @property
    def uncovered(self) -> int:
        """How many nobody can cover."""
        return self.stranded + self.above


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Why clients stay uncovered: too little room in the team, locks, and clients who must not move.

    `by_locks` and `by_fixed`: how many fewer would stay without locks, or if nobody were fixed. Units: clients.
    """

    by_room: int
    by_locks: int
    by_fixed: int


def balance(
    clients: Iterable[Owned],
    *,
    seats: Iterable[Seat],
    aim: Aim = Aim.FEWEST,
    at_most: int | None = None,
    by_value: bool = False,
) -> Balance:
    """Return the moves after which the fewest clients stay uncovered, exactly.

    One after another: fewest clients left with those who leave; fewest above the room of their owner; fewest moves;
    loads (clients to room) as even as these moves allow, in squares; least value moved. `Aim.EVEN` asks for even
    loads before few moves. With a limit the moves that help most come first. `by_value` keeps who gives how many to
    whom, and gives up the least value: dearer clients go where value for the room is short, as near as a stretch of
    neighbours by value comes. Neither the order of clients nor that of employees matters.

    Units: kopecks; clients.
    Raises: ValueError if a client or an employee comes twice, an owner has no seat, or a room is negative.
    Source: SPEC §12, levelling; Ahuja, Magnanti, Orlin, Network Flows (1993), §9.7 and §14.5: successive shortest
        paths, convex costs.
    """
    owned = sorted(clients, key=lambda each: (max(each.value, 0), each.client_id))
    people = sorted(seats, key=lambda each: each.employee_id)
    _check(owned, people)
    sheet = _Sheet(owned, people, aim=aim)
    limited = sheet.improve(at_most)
    return Balance(
        moves=tuple(sorted(sheet.moves(by_value=by_value), key=lambda move: move.client_id)),
        stranded=sheet.stranded,
        above=sheet.above,
        limited=limited,
    )


def what_is_missing(clients: Sequence[Owned], *, seats: Sequence[Seat], uncovered: int) -> Missing:
    """Return why `uncovered` clients stay so when every move is made that may be.

    The parts need not add up: a client may be both locked and fixed.

    Units: clients.
    Raises: as `balance`.
    Source: issue of the head's desk: a levelling that cannot reach the aim says what is missing.
    """
    held = Counter(each.owner_id for each in clients)
    usable = (seat.room if seat.takes else min(seat.room, held[seat.employee_id]) for seat in seats if not seat.leaves)
    by_room = max(0, len(clients) - sum(usable))
    if uncovered <= by_room:
        return Missing(by_room=by_room, by_locks=0, by_fixed=0)
    unlocked = balance([replace(each, barred=frozenset()) for each in clients], seats=seats)
    loose = balance([replace(each, fixed=False) for each in clients], seats=seats)
    return Missing(by_room=by_room, by_locks=uncovered - unlocked.uncovered, by_fixed=uncovered - loose.uncovered)


def _check(clients: Sequence[Owned], seats: Sequence[Seat]) -> None:
    known = {seat.employee_id for seat in seats}
    if len(known) != len(seats) or len({each.client_id for each in clients}) != len(clients):
        raise ValueError("a client or an employee comes twice")
    if any(each.owner_id not in known for each in clients):
        raise ValueError("the owner of a client has no seat")
    if any(seat.room < 0 for seat in seats):
        raise ValueError("a room is negative")


@dataclass(slots=True, kw_only=True)
class _Cluster:
    """Clients of one owner whom the same employees may get, the cheapest first; the first `gone` have moved."""

    owner: int
    may: int
    ids: list[int]
    prices: list[int]
    gone: int = 0

    def nearest_to(self, worth: int) -> int:
        """Return where the stretch of as many neighbours as have gone begins whose value is nearest to `worth`."""
        until = [0, *accumulate(self.prices)]
        starts = range(len(self.ids) - self.gone + 1)
        return min(starts, key=lambda start: (abs(until[start + self.gone] - until[start] - worth), start))


type _Step = tuple[int, int, int]


class _Sheet:
    """Who is where while the base is being levelled: a flow of least cost in a graph of employees.

    A step hands one client from an employee to another: one who is at home at a price, one who has moved already for
    nothing, one who returns home at the price regained. The cheapest chain from who is relieved to who gets one more
    is taken until none gains anything; then nothing does. `height` are the potentials that keep every step above
    zero, so that the search ends at the first chain found; a chain lowers only those nearer to its start than its end.
    """

    def __init__(self, clients: Sequence[Owned], seats: Sequence[Seat], *, aim: Aim) -> None:
        self._seats = seats
        self._place = {seat.employee_id: at for at, seat in enumerate(seats)}
        self._clusters = self._group(clients)
        self._count = [0] * len(seats)
        for owner, count in Counter(each.owner_id for each in clients).items():
            self._count[self._place[owner]] = count
        self._moved = 0
        self._homes: list[list[int]] = [[] for _ in seats]
        for number, cluster in enumerate(self._clusters):
            self._homes[cluster.owner].append(number)
        self._away: list[dict[int, int]] = [{} for _ in seats]
        self._value = [0] * len(seats)
        for each in clients:
            self._value[self._place[each.owner_id]] += max(each.value, 0)
        self._total = sum(self._value)
        self._units(aim=aim)
        self._height = [self._first_height(at) for at in range(len(seats))]

    def _group(self, clients: Sequence[Owned]) -> list[_Cluster]:
        takers = sum(1 << at for at, seat in enumerate(self._seats) if seat.takes and not seat.leaves)
        found: dict[tuple[int, int], _Cluster] = {}
        for each in clients:
            owner = self._place[each.owner_id]
            if each.fixed and not self._seats[owner].leaves:
                continue
            may = takers & ~(1 << owner)
            for who in each.barred:
                if (at := self._place.get(who)) is not None:
                    may &= ~(1 << at)
            if may:
                cluster = found.setdefault((owner, may), _Cluster(owner=owner, may=may, ids=[], prices=[]))
                cluster.ids.append(each.client_id)
                cluster.prices.append(max(each.value, 0))
        return list(found.values())

    def _units(self, *, aim: Aim) -> None:
        """Set what a move, an uneven load, a client above the room and a stranded one cost: each outweighs the next."""
        people = sum(self._count) + 1
        most_uneven = 2 * LOAD_UNIT * people * people
        smallest = self._total + 1
        if aim is Aim.FEWEST:
            self._uneven, self._move = smallest, smallest * most_uneven
            self._over = self._move * people
        else:
            self._move, self._uneven = smallest, smallest * people
            self._over = self._uneven * most_uneven
        self._lost = self._over * people

    def _cost(self, at: int, count: int) -> int:
        """Return what the `count`-th client of an employee costs; it never falls with the count."""
        seat = self._seats[at]
        if seat.leaves:
            return self._lost
        uneven = (2 * count - 1) * LOAD_UNIT // max(seat.room, 1)
        return self._uneven * uneven + (self._over if count > seat.room else 0)

    def _first_height(self, at: int) -> int:
        """Return a potential that tells the search from the start who gives: any between this and 0 would do."""
        prices = [self._clusters[number].prices[0] for number in self._homes[at]]
        gives = self._seats[at].leaves or self._count[at] > self._seats[at].room
        return -(self._move + min(prices)) if gives and prices else 0

    def improve(self, at_most: int | None) -> bool:
        """Take the cheapest chain until none gains anything; say whether the limit of moves ended it."""
        while found := self._cheapest():
            chain, length = found
            if at_most is not None and self._moved + sum(self._adds(step) for step in chain) > at_most:
                return True
            self._level_heights(chain[0][0], length)
            for step in chain:
                self._hand(step)
            self._count[chain[0][0]] -= 1
            self._count[chain[-1][1]] += 1
        return False

    def _adds(self, step: _Step) -> int:
        """Return by how many moves a step changes their number: one who leaves home, one who returns, or neither."""
        start, end, cluster = step
        owner = self._clusters[cluster].owner
        return (start == owner) - (end == owner)

    def _cheapest(self) -> tuple[list[_Step], int] | None:
        """Return the cheapest chain of steps that gains something with its length by height, or nothing."""
        people = range(len(self._seats))
        ends = [self._cost(at, self._count[at] + 1) + self._height[at] for at in people]
        near = {at: -self._cost(at, self._count[at]) - self._height[at] for at in people if self._count[at]}
        came: dict[int, _Step] = {}
        waiting = sorted((distance, at) for at, distance in near.items())
        lowest, best, goal = min(ends, default=0), 0, -1
        while waiting:
            distance, at = heappop(waiting)
            if distance + lowest >= best:
                break
            if distance > near[at]:
                continue
            for step, price in self._steps(at):
                end = step[1]
                there = distance + price + self._height[at] - self._height[end]
                if end not in near or there < near[end]:
                    near[end], came[end] = there, step
                    heappush(waiting, (there, end))
                    if there + ends[end] < best:
                        best, goal = there + ends[end], end
        chain = self._trace(goal, came)
        return (chain, near[goal] - near[chain[0][0]]) if chain else None

    def _trace(self, goal: int, came: Mapping[int, _Step]) -> list[_Step]:
        chain: list[_Step] = []
        while goal in came:
            chain.append(came[goal])
            goal = chain[-1][0]
        return chain[::-1]

    def _steps(self, at: int) -> list[tuple[_Step, int]]:
        """Return the cheapest step from an employee to each other one: with a guest, or with a client of his own."""
        steps: list[tuple[_Step, int]] = []
        reached = 1 << at
        for number in self._away[at]:
            cluster = self._clusters[number]
            steps.append(((at, cluster.owner, number), -self._move - cluster.prices[cluster.gone - 1]))
            reached |= self._reach(cluster.may & ~reached, at, number, 0, steps)
        own = [(cluster.prices[cluster.gone], number) for number, cluster in self._at_home(at)]
        for price, number in sorted(own):
            reached |= self._reach(self._clusters[number].may & ~reached, at, number, self._move + price, steps)
        return steps

    def _at_home(self, at: int) -> Iterator[tuple[int, _Cluster]]:
        for number in self._homes[at]:
            cluster = self._clusters[number]
            if cluster.gone < len(cluster.ids):
                yield number, cluster

    @staticmethod
    def _reach(ends: int, at: int, number: int, price: int, steps: list[tuple[_Step, int]]) -> int:
        """Add a step to each end that nobody cheaper has reached."""
        left = ends
        while left:
            bit = left & -left
            steps.append(((at, bit.bit_length() - 1, number), price))
            left ^= bit
        return ends

    def _level_heights(self, start: int, length: int) -> None:
        """Lower the potentials of those nearer to the start of a chain than its end, so that no step falls below 0."""
        near = {start: 0}
        waiting = [(0, start)] if length else []
        while waiting:
            distance, at = heappop(waiting)
            for (_, end, _), price in self._steps(at):
                there = distance + price + self._height[at] - self._height[end]
                if there < min(length, near.get(end, length)):
                    near[end] = there
                    heappush(waiting, (there, end))
        for at, distance in near.items():
            self._height[at] += distance - length

    def _hand(self, step: _Step) -> None:
        """Hand one client of a cluster over."""
        start, end, number = step
        cluster = self._clusters[number]
        cluster.gone += self._adds(step)
        self._moved += self._adds(step)
        for at, change in ((start, -1), (end, 1)):
            if at != cluster.owner:
                self._away[at][number] = self._away[at].get(number, 0) + change
                if not self._away[at][number]:
                    del self._away[at][number]

    @property
    def stranded(self) -> int:
        """How many are left with those who leave."""
        return sum(count for seat, count in zip(self._seats, self._count, strict=True) if seat.leaves)

    @property
    def above(self) -> int:
        """How many are above the room of their owner."""
        return sum(
            max(0, count - seat.room) for seat, count in zip(self._seats, self._count, strict=True) if not seat.leaves
        )

    def moves(self, *, by_value: bool) -> Iterator[Move]:
        """Say who goes to whom: of those whom one cluster gives, the dearest to who has least value for his room."""
        for cluster in self._clusters:
            self._value[cluster.owner] -= sum(cluster.prices[: cluster.gone])
        gone = [number for number, cluster in enumerate(self._clusters) if cluster.gone]
        for number in sorted(gone, key=lambda number: (-self._clusters[number].gone, number)):
            cluster = self._clusters[number]
            takers = {at: away[number] for at, away in enumerate(self._away) if number in away}
            first = cluster.nearest_to(self._wanted(cluster, takers)) if by_value else 0
            self._value[cluster.owner] += sum(cluster.prices[: cluster.gone])
            for place in reversed(range(first, first + cluster.gone)):
                to = min(takers, key=lambda at: (self._value[at] / max(self._seats[at].room, 1), at))
                takers[to] -= 1
                if not takers[to]:
                    del takers[to]
                self._value[to] += cluster.prices[place]
                self._value[cluster.owner] -= cluster.prices[place]
                yield Move(
                    client_id=cluster.ids[place],
                    from_id=self._seats[cluster.owner].employee_id,
                    to_id=self._seats[to].employee_id,
                )

    def _wanted(self, cluster: _Cluster, takers: Mapping[int, int]) -> int:
        """Return the value to move so that giver and takers come nearest to the value of their rooms."""
        at_home = self._value[cluster.owner] + sum(cluster.prices[: cluster.gone])
        lack = sum(count * (self._fair(at) - self._value[at]) for at, count in takers.items()) // cluster.gone
        return (at_home - self._fair(cluster.owner) + lack) // 2

    def _fair(self, at: int) -> int:
        """Return the value that an employee would have, were all of it shared out by room."""
        rooms = [0 if seat.leaves else seat.room for seat in self._seats]
        return self._total * rooms[at] // max(sum(rooms), 1)
