"""The world of the simulator: managers, their clients, orders that come by themselves, and what a call does."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from budilnik.core import chance as default
from budilnik.core.chance import order_chance_30

EPOCH = date(1970, 1, 1)
MANAGERS = 10
YEAR = 365
QUARTERS = ((0, 91), (91, 182), (182, 273), (273, 365))
FORGOTTEN_AFTER, LOST_AFTER = 90, 180
MISSES, PAUSE = 3, 14
CALLBACK_ASKED = 0.15
OPEN_TO_DIALOGUE, BUYS_THEN = 0.80, 0.07
JITTER = 10
# What the protocol leaves open, chosen so that the rows of QUALITY §4 come out: how soon a promised call falls due,
# how often it reaches, and how long a pool client who refused is left in peace.
CALLBACK_WITHIN, CALLBACK_REACHES = 5, 0.8
REST_AFTER_REFUSAL = 180

NEVER = 10**6
POOL = -1

type Ints = NDArray[np.int64]
type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A real base: per client his order days, 0 being the first day played, and what he spent in the year before."""

    on: date
    order_days: list[Ints]
    value: Floats

    @classmethod
    def read(cls, path: str, *, on: date) -> "Firm":
        """Read order lines (customer, ts, qty, price, sku, invoice), cleaned; clients known before `on`."""
        lines = pq.read_table(path, columns=["customer", "ts", "qty", "price", "sku", "invoice"])
        goods = pc.match_substring_regex(lines["sku"], "^[0-9]{5}[A-Za-z]{0,2}$")
        sold = pc.and_(pc.greater(lines["qty"], 0), pc.invert(pc.starts_with(lines["invoice"], "C")))
        known = pc.and_(pc.is_valid(lines["customer"]), pc.greater(lines["price"], 0))
        lines = lines.filter(pc.and_(known, pc.and_(goods, sold)))

        day = pc.cast(pc.cast(lines["ts"], "date32"), "int32").to_numpy().astype(np.int64) - (on - EPOCH).days
        client = lines["customer"].to_numpy().astype(np.int64)
        paid = lines["qty"].to_numpy() * pc.cast(lines["price"], "float64").to_numpy()
        by_client = np.lexsort((day, client))
        client, day, paid = client[by_client], day[by_client], paid[by_client]
        base = np.unique(client[day < 0])
        starts, ends = np.searchsorted(client, base), np.searchsorted(client, base, side="right")
        last_year = np.where((day < 0) & (day >= -YEAR), paid, 0)
        return cls(
            on=on,
            order_days=[np.unique(day[start:end]) for start, end in zip(starts, ends, strict=True)],
            value=np.array([last_year[start:end].sum() for start, end in zip(starts, ends, strict=True)]),
        )


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a year brought."""

    attempts: int = 0
    talks: int = 0
    deals: int = 0
    lost_value: float = 0.0
    covered: list[float] = field(default_factory=list)


class World:
    """The state of every client on the day played; a policy reads it and changes nothing."""

    def __init__(self, firm: Firm, *, size: int, answer: float, calls: int, seed: int) -> None:
        draw = np.random.default_rng(seed)
        self.luck = random.Random(seed)
        self.size, self.answer, self.calls, self.n = size, answer, calls, MANAGERS * size
        who = draw.integers(0, len(firm.value), self.n)
        self.value: Floats = firm.value[who]
        self.kopecks: Ints = np.round(self.value * 100).astype(np.int64)
        self.owner: Ints = np.repeat(np.arange(MANAGERS), size)
        self.lost_by: Flags = np.zeros((self.n, MANAGERS), dtype=bool)
        self.misses: Ints = np.zeros(self.n, dtype=np.int64)
        self.not_before: Ints = np.full(self.n, -1, dtype=np.int64)
        self.promised: Ints = np.full(self.n, NEVER, dtype=np.int64)
        self.promised_by: Ints = np.full(self.n, POOL, dtype=np.int64)
        self.last_talk: Ints = np.full(self.n, -NEVER, dtype=np.int64)
        self._lay_out(firm, who, draw)
        self.contact: Ints = self.last_order.copy()
        self.day = 0
        self.tally = Tally()
        works = [(firm.on + timedelta(days=day)).weekday() < 5 for day in range(YEAR + LOST_AFTER + 2)]
        self.works: Flags = np.array(works)
        self.worked: Ints = np.cumsum(self.works)
        self._compare_chances()

    def _lay_out(self, firm: Firm, who: Ints, draw: np.random.Generator) -> None:
        """Lay out each client's own orders of the year to come, and what is known of him on the first morning."""
        self.coming: list[list[int]] = [[] for _ in range(YEAR)]
        self.expiring: list[list[int]] = [[] for _ in range(YEAR + 1)]
        self.first_order, self.last_order, self.orders_365 = (np.zeros(self.n, dtype=np.int64) for _ in range(3))
        self.own_days: list[Ints] = []
        for client, real in enumerate(who):
            days = firm.order_days[real]
            past, ahead = days[days < 0], days[(days >= 0) & (days < YEAR)]
            self.first_order[client], self.last_order[client] = past[0], past[-1]
            for day in past[past >= -YEAR]:
                self.orders_365[client] += 1
                self.expiring[day + YEAR].append(client)
            moved = np.unique(np.clip(ahead + draw.integers(-JITTER, JITTER + 1, len(ahead)), 0, YEAR - 1))
            self.own_days.append(moved)
            for day in moved:
                self.coming[day].append(client)

    @property
    def silence(self) -> Ints:
        return self.day - self.contact

    @property
    def left(self) -> Ints:
        """The calendar days until the last one on which the client is not yet lost."""
        return np.clip(LOST_AFTER - self.silence, 0, LOST_AFTER)

    @property
    def touched(self) -> Ints:
        """The day of the last contact or talk: a refusal in the pool is a talk, though it moves no clock."""
        return np.maximum(self.contact, self.last_talk)

    def quarter(self) -> tuple[int, int]:
        """Return the first day of this quarter and the first of the next."""
        return next(quarter for quarter in QUARTERS if quarter[0] <= self.day < quarter[1])

    def chances_30(self, clients: Ints) -> Floats:
        """Return the product's default chance of an order within 30 days, for many clients at once."""
        silent, age = self.day - self.last_order[clients], self.day - self.first_order[clients]
        orders = self.orders_365[clients]
        rate = (orders + default.LENT_ORDERS) / (np.minimum(age, default.YEAR_DAYS) + default.LENT_DAYS)
        score = default.LEVEL + default.PER_SILENCE * np.log1p(silent) + default.PER_RATE * np.log(rate)
        return 1 / (1 + np.exp(-score - default.PER_ORDERS * np.log1p(orders)))

    def chances(self, clients: Ints, days: Ints) -> Floats:
        """Return the chance of an order within so many days, as `own_order_chance` of the product."""
        return 1 - (1 - self.chances_30(clients)) ** (days / 30)

    def _compare_chances(self) -> None:
        """See to it that the chances for many are those of the product for one."""
        some = np.arange(0, self.n, max(1, self.n // 50))
        for client, ours in zip(some, self.chances_30(some), strict=True):
            silent, age = -int(self.last_order[client]), -int(self.first_order[client])
            theirs = order_chance_30(days_silent=silent, orders_365=int(self.orders_365[client]), age_days=age)
            if abs(ours - theirs) > 1e-9:
                raise ValueError(f"the chance of client {client} is {theirs}, not {ours}")

    def working_days_until(self, days: Ints) -> Ints:
        """Return how many working days after today fall within so many calendar days."""
        return self.worked[self.day + days] - self.worked[self.day]

    def dawn(self, day: int) -> None:
        """Let the day begin: orders that come by themselves, then losses."""
        self.day = day
        for client in self.expiring[day]:
            self.orders_365[client] -= 1
        for client in self.coming[day]:
            self.orders_365[client] += 1
            self.last_order[client] = day
            self._reset(client)
            if self.owner[client] == POOL and len(free := np.flatnonzero(~self.lost_by[client])):
                self.owner[client] = self.luck.choice(free.tolist())
        lost = np.flatnonzero((self.owner != POOL) & (self.silence > LOST_AFTER))
        self.lost_by[lost, self.owner[lost]] = True
        self.owner[lost] = POOL
        self.promised[lost] = NEVER
        if day:
            self.tally.lost_value += float(self.value[lost].sum())

    def dusk(self) -> None:
        """Count who is covered when a quarter ends."""
        start, end = self.quarter()
        if self.day == end - 1:
            self.tally.covered.append(float((self.touched >= start).mean()))

    def promises(self, manager: int) -> list[int]:
        """Return the clients who wait for this manager's promised call today."""
        return np.flatnonzero((self.promised <= self.day) & (self.promised_by == manager)).tolist()

    def reachable(self) -> Flags:
        """Say who may be called today: no pause, no rest, no promise."""
        return (self.not_before <= self.day) & (self.promised == NEVER)

    def call(self, client: int, manager: int) -> None:
        """Make one attempt and do what follows from it."""
        self.tally.attempts += 1
        promised = self.promised[client] != NEVER
        if self.luck.random() >= (CALLBACK_REACHES if promised else self.answer):
            self._miss(client, promised=promised)
        elif self.luck.random() < CALLBACK_ASKED:
            self.misses[client] = 0
            self.promised[client] = self.day + self.luck.randint(1, CALLBACK_WITHIN)
            self.promised_by[client] = manager
        else:
            self._talk(client, manager)

    def _miss(self, client: int, *, promised: bool) -> None:
        if promised:
            self.promised[client] = self.day + 1
            return
        self.misses[client] += 1
        self.not_before[client] = self.day + 1
        if self.misses[client] >= MISSES:
            self.misses[client] = 0
            self.not_before[client] = self.day + PAUSE

    def _talk(self, client: int, manager: int) -> None:
        self.tally.talks += 1
        lost, forgotten = self.owner[client] == POOL, self.silence[client] >= FORGOTTEN_AFTER
        opened = self.luck.random() < OPEN_TO_DIALOGUE
        if (lost or forgotten) and opened and self.luck.random() < BUYS_THEN:
            self.tally.deals += 1
        self.last_talk[client] = self.day
        if lost and not opened:
            self.promised[client] = NEVER
            self.not_before[client] = self.day + REST_AFTER_REFUSAL
            return
        self._reset(client)
        if lost:
            self.owner[client] = manager

    def _reset(self, client: int) -> None:
        self.contact[client] = self.day
        self.misses[client] = 0
        self.not_before[client] = -1
        self.promised[client] = NEVER
