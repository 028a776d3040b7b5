"""A firm that lives through a simulated year: its base, its pool, its people, and what each call does to them."""

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta, tzinfo
from random import Random

from budilnik.core.candidates import ClientFacts
from budilnik.core.dates import WorkCalendar
from budilnik.core.day import PooledClient
from budilnik.core.effect import Drawn, HoldOut, draw_lots
from budilnik.core.outcomes import Effects
from budilnik.core.policy import Policy
from budilnik.core.status import StatusBook
from budilnik.core.terms import ClientStatus
from budilnik.core.value import orders_still_in_year

REGULAR, LOST = ClientStatus.REGULAR.value, ClientStatus.LOST.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Days on which somebody does not work, both ends included."""

    from_on: date
    until_on: date
    substitute_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An employee who calls. `shares` are his load shares, each from its day on: a newcomer's ramp is several.

    `own_norm` is one that differs from the firm's. Units: norm in attempts a full working day, shares in 0..1.
    """

    employee_id: int
    norm: int
    zone: str
    own_norm: int | None = None
    owns: bool = True
    calls_pool: bool = True
    shares: tuple[tuple[date, float], ...] = ()
    absences: tuple[Away, ...] = ()

    def away(self, on: date) -> Away | None:
        """Return the absence that covers a day, if any."""
        return next((span for span in self.absences if span.from_on <= on <= span.until_on), None)

    def share(self, on: date) -> float:
        """Return the load share in force on a day; one who has not begun yet carries nothing."""
        if not self.shares:
            return 1.0
        return next((share for since, share in reversed(self.shares) if since <= on), 0.0)

    def capacity(self, on: date) -> int:
        """Return the attempts owed on a day when he works."""
        return round(self.norm * self.share(on))


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmToday:
    """Everything that a simulated year begins with.

    `losers` are the locks, `resting` the days until which clients of the pool are left in peace (rest, reservation,
    hold-out), `promises` the (employee, client, day) of calls promised; `refusals` how often each refused in a row.
    `calendar` covers the year and the deadlines beyond it.
    """

    on: date
    clients: Sequence[ClientFacts]
    people: Sequence[Person]
    calendar: WorkCalendar
    zone_of: Callable[[str], tzinfo]
    losers: Mapping[int, frozenset[int]] = field(default_factory=dict)
    resting: Mapping[int, date] = field(default_factory=dict)
    promises: Sequence[tuple[int, int, date]] = ()
    refusals: Mapping[int, int] = field(default_factory=dict)
    shared_numbers: Mapping[int, frozenset[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Tally:
    """What has happened since it was last looked at. Units: value in kopecks."""

    attempts: int = 0
    talks: int = 0
    deals: int = 0
    lost: int = 0
    value_lost: int = 0
    won: int = 0
    came_back: int = 0


class SimulatedFirm:
    """The state of the base on the day played; a plan reads it, calls and orders change it."""

    def __init__(self, today: FirmToday, *, policy: Policy, luck: Random) -> None:
        self.policy, self.luck, self.today = policy, luck, today
        self.on = today.on
        self.people = {person.employee_id: person for person in today.people}
        self.facts = {facts.client_id: facts for facts in today.clients}
        self.refusals: Counter[int] = Counter(today.refusals)
        self.losers: defaultdict[int, frozenset[int]] = defaultdict(frozenset, today.losers)
        self.resting = dict(today.resting)
        self.reserved: dict[int, int] = {}
        self.promised: defaultdict[int, dict[int, date]] = defaultdict(dict)
        self.touched_on = {each.client_id: touched(each) for each in today.clients}
        self.tally = Tally()
        self.held: defaultdict[int, dict[int, None]] = defaultdict(dict)
        self.pool: list[tuple[int, int]] = []
        self._alarms: defaultdict[date, list[int]] = defaultdict(list)
        self._released: list[tuple[int, int]] = []
        self._repaired: defaultdict[date, list[int]] = defaultdict(list)
        self.book = StatusBook(on=self.on, policy=policy.silence)
        for employee, client, day in today.promises:
            self.promised[employee][client] = day
        for facts in sorted(today.clients):
            self._place(facts)

    def _place(self, facts: ClientFacts) -> None:
        if facts.in_pool_since is not None:
            insort(self.pool, (-facts.value, facts.client_id))
        elif facts.owner_id is not None:
            self.held[facts.owner_id][facts.client_id] = None
        # The rules may be new: the first morning judges everybody, as it does after every new version.
        self._alarms[self.on].append(facts.client_id)

    # ── The day begins ───────────────────────────────────────────────────────────────────────────────────────────

    def dawn(self, on: date) -> None:
        """Let a day begin: numbers repaired, statuses renewed, the lost released to the pool."""
        self.on = on
        self.book = StatusBook(on=on, policy=self.policy.silence)
        for client in self._repaired.pop(on, ()):
            self._change(client, phone_state="usable", missed_attempts=0, retry_on=None, paused_until=None)
        pooled = [-price for price, _ in self.pool]
        self._released.clear()
        for client in self._alarms.pop(on, ()):
            self._renew(client)
        self._draw_lots(pooled)

    def _draw_lots(self, pooled: list[int]) -> None:
        """Leave some of those released today without calls for a while, by the firm's own lot."""
        policy = self.policy
        rule = HoldOut(
            share=policy.hold_out_share, days=policy.hold_out_days, spares_share=policy.hold_out_spares_share
        )
        lots = draw_lots(self._released, pooled=pooled, entered_on=self.on, rule=rule)
        for client in (client for client, lot in lots.items() if lot is Drawn.OUT):
            self.resting[client] = self.on + timedelta(days=rule.days)

    def _renew(self, client: int) -> None:
        facts = self.facts[client]
        verdict = self.book.verdict(*clock_of(facts))
        stays = facts.protected or facts.stopped_on is not None or facts.in_pool_since is not None
        if verdict.status is ClientStatus.LOST and not stays:
            self._release(facts)
            return
        self._change(client, status=verdict.status.value, next_status_on=verdict.next_on)
        if verdict.next_on is not None:
            self._alarms[max(verdict.next_on, self.on + timedelta(days=1))].append(client)

    def _release(self, facts: ClientFacts) -> None:
        client, owner = facts.client_id, facts.owner_id
        if owner is not None:
            self.losers[client] |= {owner}
            self.held[owner].pop(client, None)
            self.tally.lost += 1
            self.tally.value_lost += facts.value
            self.promised[owner].pop(client, None)
        self._change(client, owner_id=None, in_pool_since=self.on, status=LOST, next_status_on=None)
        insort(self.pool, (-facts.value, client))
        self._released.append((client, facts.value))

    # ── What clients do by themselves ────────────────────────────────────────────────────────────────────────────

    def order_comes(self, client: int) -> None:
        """Let an order arrive by itself: it resets the clock, and takes a client out of the pool.

        He goes to the unlocked employee who holds fewest clients for his share; locked for all, to nobody yet.
        """
        facts = self.facts[client]
        if facts.in_pool_since is not None:
            self._leave_pool(facts, to=self._next_owner(client))
            self.tally.came_back += 1
        self.refusals.pop(client, None)
        self._change(
            client,
            silent_since=self.on,
            ever_contacted=True,
            first_order_on=facts.first_order_on or self.on,
            last_order_on=self.on,
            order_days_in_year=self._orders_in_year(facts) + 1,
            phone_state="usable" if facts.phone_state == "wrong" else facts.phone_state,
            missed_attempts=0,
            retry_on=None,
            paused_until=None,
            leaving=False,
            narrowed=False,
        )
        self._wind(client)

    def _orders_in_year(self, facts: ClientFacts) -> int:
        """Return the days with an order of the year that ends today."""
        if facts.last_order_on is None:
            return 0
        silent = max(0, (self.on - facts.last_order_on).days)
        return orders_still_in_year(facts.order_days_in_year, days_silent=silent)

    def arrives(self, facts: ClientFacts) -> None:
        """Take a new client into the base: he has just ordered, and goes to who holds fewest."""
        owned = facts._replace(owner_id=self._next_owner(facts.client_id))
        self.facts[facts.client_id] = owned
        self.touched_on[facts.client_id] = self.on
        if owned.owner_id is not None:
            self.held[owned.owner_id][facts.client_id] = None
        self._wind(facts.client_id)

    def _next_owner(self, client: int) -> int | None:
        able = [p for p in self.people.values() if p.owns and p.capacity(self.on) and self._may_have(p, client)]
        load = {p.employee_id: len(self.held[p.employee_id]) / p.capacity(self.on) for p in able}
        return min(load, key=lambda one: (load[one], one), default=None)

    def _may_have(self, person: Person, client: int) -> bool:
        return person.employee_id not in self.losers[client]

    def foresee(self, client: int, *, chance: int, expected: int | None) -> None:
        """Let insight say anew how likely a client is to order by himself."""
        self._change(client, order_chance=chance, expected_90=expected)

    # ── What a call does ─────────────────────────────────────────────────────────────────────────────────────────

    def follow(self, client: int, effects: Effects, *, by: int) -> None:
        """Do what follows from a call, as the outcome table says."""
        facts = self.facts[client]
        if effects.is_talk:
            self.tally.talks += 1
            self.touched_on[client] = self.on
        if effects.wins and facts.in_pool_since is not None:
            self._leave_pool(facts, to=by)
            self.tally.won += 1
        self._change(client, **self._columns(client, effects))
        self.refusals[client] = effects.refusals_in_row
        self._note_dates(client, effects, by=by)
        if effects.resets_clock or effects.agreed_until is not None:
            self._wind(client)

    def _columns(self, client: int, effects: Effects) -> dict[str, object]:
        changed: dict[str, object] = {}
        if effects.is_talk:
            changed["last_talk_on"] = self.on
        if effects.resets_clock and self.facts[client].in_pool_since is None:
            changed |= {"silent_since": self.on, "ever_contacted": True}
        if effects.agreed_until is not None:
            changed["agreed_until"] = effects.agreed_until
        if (counted := effects.attempts) is not None:
            changed["missed_attempts"], changed["retry_on"] = counted.missed, counted.retry_on
            changed["paused_until"] = counted.paused_until
            if counted.given_up:
                changed["phone_state"] = "wrong"
        return changed

    def sells(self, client: int) -> None:
        """Note that a call ended with an order."""
        facts = self.facts[client]
        self.tally.deals += 1
        self._change(
            client,
            first_order_on=facts.first_order_on or self.on,
            last_order_on=self.on,
            order_days_in_year=self._orders_in_year(facts) + 1,
        )

    def _note_dates(self, client: int, effects: Effects, *, by: int) -> None:
        keeper = self.facts[client].owner_id or by
        if effects.keeps_promise:
            for desk in {by, keeper}:
                self.promised[desk].pop(client, None)
        if effects.promise is not None:
            self.promised[keeper][client] = effects.promise.on
        if effects.rest_until is not None:
            self.resting[client] = effects.rest_until
        if effects.reserve_until is not None:
            self.reserved[client] = by
            self.resting[client] = effects.reserve_until + timedelta(days=1)

    def repair(self, client: int, *, on: date) -> None:
        """Note the day on which somebody finds a number that answers."""
        self._repaired[on].append(client)

    def _leave_pool(self, facts: ClientFacts, *, to: int | None) -> None:
        client = facts.client_id
        at = bisect_left(self.pool, (-facts.value, client))
        del self.pool[at]
        self.resting.pop(client, None)
        self.reserved.pop(client, None)
        self._change(client, owner_id=to, in_pool_since=None, status=REGULAR)
        if to is not None:
            self.held[to][client] = None

    def _wind(self, client: int) -> None:
        """Set status and alarm to what the clock says now."""
        facts = self.facts[client]
        self.touched_on[client] = max(self.touched_on[client], facts.silent_since)
        if facts.in_pool_since is not None:
            return
        verdict = self.book.verdict(*clock_of(facts))
        self._change(client, status=verdict.status.value, next_status_on=verdict.next_on)
        if verdict.next_on is not None:
            self._alarms[max(verdict.next_on, self.on + timedelta(days=1))].append(client)

    def _change(self, client: int, **columns: object) -> None:
        if columns:
            self.facts[client] = self.facts[client]._replace(**columns)  # type: ignore[arg-type]

    # ── What a plan reads ────────────────────────────────────────────────────────────────────────────────────────

    def owned(self, employee: int) -> Iterator[ClientFacts]:
        """Return an employee's own clients by number."""
        return (self.facts[client] for client in sorted(self.held[employee]))

    def placeable(self) -> Iterator[ClientFacts]:
        """Return the clients of the pool who may be called today, by falling value."""
        for _price, client in list(self.pool):
            facts = self.facts[client]
            until, paused = self.resting.get(client), facts.paused_until
            waits = (until is not None and until > self.on) or (paused is not None and paused > self.on)
            if not waits and facts.stopped_on is None and facts.phone_state != "wrong":
                yield facts

    def reservations(self, employee: int) -> int:
        """Return how many clients of the pool somebody has reserved by a promise."""
        return sum(who == employee for who in self.reserved.values())

    def covered_since(self, day: date) -> int:
        """Return how many clients were talked to or ordered on that day or later."""
        return sum(touched >= day for touched in self.touched_on.values())

    def value_in_pool(self) -> int:
        """Return what the clients of the pool are worth, in kopecks."""
        return -sum(price for price, _ in self.pool if price < 0)


def pooled(facts: ClientFacts, losers: frozenset[int], no_hours: frozenset[int]) -> PooledClient:
    """Return a client of the pool as the plan takes him.

    Units: value in kopecks.
    Raises: nothing.
    Source: SPEC §4, sharing the pool.
    """
    return PooledClient(
        client_id=facts.client_id,
        value=facts.value,
        silent_since=facts.silent_since,
        zone=facts.zone,
        group_id=facts.group_id,
        losers=losers,
        barred=losers | no_hours,
    )


def clock_of(facts: ClientFacts) -> tuple[date, bool, date | None, date | None, bool, str]:
    """Return what the status of a client depends on, as `StatusBook.verdict` takes it.

    Units: local calendar days.
    Raises: nothing.
    Source: SPEC §2.
    """
    return (
        facts.silent_since,
        facts.ever_contacted,
        facts.agreed_until,
        facts.grace_until,
        facts.in_pool_since is not None,
        facts.status,
    )


def touched(facts: ClientFacts) -> date:
    """Return the day of the last contact or talk; a refusal in the pool is a talk, though it moves no clock.

    Units: local calendar days; the beginning of time for one who was never spoken to.
    Raises: nothing.
    Source: SPEC §4, coverage by any contact and by talk.
    """
    contacted = facts.silent_since if facts.ever_contacted else date.min
    return max(contacted, facts.last_talk_on or date.min)
