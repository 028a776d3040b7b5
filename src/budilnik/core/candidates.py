"""Who of an employee's own clients may be called today, and with which reason."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from budilnik.core.chance import YEAR_DAYS, order_chance_30, own_order_chance
from budilnik.core.dates import WorkCalendar, add_months
from budilnik.core.policy import Policy
from budilnik.core.status import Verdict
from budilnik.core.terms import ClientStatus, Queue
from budilnik.core.value import orders_still_in_year


class ClientFacts(NamedTuple):
    """A client as the morning reads him; a tuple, because a million of them pass by.

    The last five are what insight has found, if it has run: `leaving` is its early alarm, `narrowed` that his last
    purchases hold fewer goods than he used to buy.

    Units: value, and revenue expected in 90 days, in kopecks; chance in thousandths within 30 days; dates in the
    company zone.
    """

    client_id: int
    owner_id: int | None
    status: str
    silent_since: date
    ever_contacted: bool
    agreed_until: date | None
    grace_until: date | None
    in_pool_since: date | None
    next_status_on: date | None
    policy_version: int
    first_known_on: date
    last_talk_on: date | None
    value: int
    first_order_on: date | None
    last_order_on: date | None
    order_days_in_year: int
    missed_attempts: int
    retry_on: date | None
    paused_until: date | None
    phone_state: str
    stopped_on: date | None
    protected: bool
    zone: str
    group_id: int | None
    order_chance: int | None = None
    expected_90: int | None = None
    rhythm_days: int | None = None
    leaving: bool = False
    narrowed: bool = False


class OwnClient(NamedTuple):
    """A client whom his owner may call today; a tuple, as `ClientFacts`. `due_in` counts the owner's working days.

    `stake` is what the order of the queue weighs: the revenue expected of him, until insight has run his value.
    `covered` is a contact in this calendar quarter, `quarter_chance` an own order in what is left of it.
    """

    client_id: int
    queue: Queue
    status: ClientStatus
    silent_since: date
    deadline: date | None
    due_in: int | None
    value: int
    stake: int
    chance: float
    zone: str
    group_id: int | None
    missed: int
    last_talk_on: date | None
    last_order_on: date | None = None
    rhythm_days: int | None = None
    leaving: bool = False
    narrowed: bool = False
    covered: bool = False
    quarter_chance: float | None = None


class Deadlines:
    """The last working days of one owner before losses, each looked up once."""

    def __init__(self, *, window: Sequence[date], calendar: WorkCalendar) -> None:
        self._window = window
        self._calendar = calendar
        self._known: dict[date, tuple[int, date | None]] = {}

    def before(self, last_kept: date) -> tuple[int, date | None]:
        """Return (working days from today, the day) of the owner's last chance for a client kept to `last_kept`.

        The days are the firm's, as those of the conversations offered: an absence in between is counted, but the
        last chance never falls into it. An owner who is away until then has no day (None), and today is as late as
        any other (0).

        Units: working days; local calendar days.
        Raises: nothing.
        Source: SPEC §4, each client has a deadline.
        """
        if (found := self._known.get(last_kept)) is None:
            found = self._known[last_kept] = self._find(last_kept)
        return found

    def _find(self, last_kept: date) -> tuple[int, date | None]:
        at = bisect_right(self._window, last_kept)
        if not at:
            return 0, None
        day = self._window[at - 1]
        if at == len(self._window):
            day = self._calendar.last_working_on_or_before(min(last_kept, self._calendar.last)) or day
        firm = self._calendar.days
        return bisect_left(firm, day) - bisect_left(firm, self._window[0]), day


@dataclass(frozen=True, slots=True, kw_only=True)
class Sieve:
    """The days that decide who may be called on the morning of `on`."""

    on: date
    quiet_from: date
    talk_window_from: date
    known_before: date

    @classmethod
    def of(cls, *, on: date, policy: Policy, window_starts: date) -> "Sieve":
        """Return the limits of one morning; `window_starts` opens the past window of the horizon's length."""
        known = on
        while add_months(known, policy.forgotten_after_months) > on:
            known -= timedelta(days=1)
        return cls(
            on=on,
            quiet_from=on - timedelta(days=policy.quiet_days_after_talk),
            talk_window_from=window_starts,
            known_before=known,
        )

    def belongs(self, facts: ClientFacts, status: ClientStatus) -> bool:
        """Say whether the client is of the own queue at all: forgotten, under threat, without a talk, old prospect.

        Exactly at the edge of the past window a talk is already too old; a prospect known three months to the day
        is called. A protected client found lost is the head's.

        Units: none.
        Raises: nothing.
        Source: SPEC §4, own queue.
        """
        if facts.retry_on is not None and facts.retry_on <= self.on and facts.missed_attempts:
            return status is not ClientStatus.LOST
        if status is ClientStatus.REGULAR:
            return (
                facts.leaving
                or facts.narrowed
                or facts.last_talk_on is None
                or facts.last_talk_on <= self.talk_window_from
            )
        if status is ClientStatus.PROSPECT:
            return facts.first_known_on <= self.known_before
        return status is ClientStatus.FORGOTTEN

    def must_wait(self, facts: ClientFacts) -> bool:
        """Say whether the client is to be left in peace: talked to lately, or agreed on a later date.

        Units: local calendar days; thirty days to the day after a talk he may be called again.
        Raises: nothing.
        Source: SPEC §4, nobody is pestered.
        """
        talked = facts.last_talk_on is not None and facts.last_talk_on > self.quiet_from
        return talked or (facts.agreed_until is not None and facts.agreed_until > self.on)

    def unreachable(self, facts: ClientFacts) -> bool:
        """Say whether nobody may or can ring: stopped, paused after misses, every number marked wrong.

        Units: none.
        Raises: nothing.
        Source: SPEC §4, data repair; SPEC §5, a pause of 14 days.
        """
        paused = facts.paused_until is not None and facts.paused_until > self.on
        return paused or facts.stopped_on is not None or facts.phone_state == "wrong"


def _queue(facts: ClientFacts, status: ClientStatus, *, on: date) -> Queue:
    if facts.missed_attempts and facts.retry_on is not None and facts.retry_on <= on:
        return Queue.RETRY
    return Queue.OWN if status is ClientStatus.FORGOTTEN else Queue.AT_RISK


@lru_cache(maxsize=8)
def _quarter(on: date) -> tuple[date, int]:
    """Return the first day of the calendar quarter and the days left until the next one."""
    starts = on.replace(month=on.month - (on.month - 1) % 3, day=1)
    return starts, (add_months(starts, 3) - on).days


def own_chance_30(
    *,
    order_chance: int | None,
    first_order_on: date | None,
    last_order_on: date | None,
    order_days_in_year: int,
    on: date,
) -> float:
    """Return the chance that a client orders by himself within 30 days: what insight has found, else the default one.

    Who has never ordered has none, until insight says otherwise.

    Units: `order_chance` in thousandths; days with an order in the year up to the last one; the chance in 0..1.
    Raises: ValueError as `order_chance_30`.
    Source: SPEC §4, a chance of ordering by himself (defaults until insight has run).
    """
    return _chance_30(order_chance, first_order_on, last_order_on, order_days_in_year, on)


def _chance_30(
    order_chance: int | None, first_order_on: date | None, last_order_on: date | None, order_days: int, on: date
) -> float:
    if order_chance is not None:
        return order_chance / 1000
    if last_order_on is None or first_order_on is None:
        return 0.0
    age_days = min(max(0, (on - first_order_on).days), YEAR_DAYS)
    return _default_chance(max(0, (on - last_order_on).days), order_days, age_days)


@lru_cache(maxsize=1 << 16)
def _default_chance(days_silent: int, order_days_in_year: int, age_days: int) -> float:
    """Return the default chance, looked up once: a large base shares few silences."""
    still = orders_still_in_year(order_days_in_year, days_silent=days_silent)
    return order_chance_30(days_silent=days_silent, orders_365=still, age_days=age_days)


def own_client(facts: ClientFacts, verdict: Verdict, *, sieve: Sieve, deadlines: Deadlines) -> OwnClient | None:
    """Return the client as a candidate of his owner's day, or None when he is not to be called.

    A client who asked for peace is still called on the very last day before he would be lost.

    Units: value in kopecks; chance that he orders by himself before the deadline, in 0..1.
    Raises: nothing.
    Source: SPEC §4, own queue.
    """
    if not sieve.belongs(facts, verdict.status):
        return None
    return candidate(facts, verdict, sieve=sieve, deadlines=deadlines)


def candidate(facts: ClientFacts, verdict: Verdict, *, sieve: Sieve, deadlines: Deadlines) -> OwnClient | None:
    """Return one who is known to be of the own queue as a candidate, or None when he is not to be called today.

    Units: as in `own_client`.
    Raises: nothing.
    Source: SPEC §4, own queue.
    """
    status, on = verdict.status, sieve.on
    if sieve.unreachable(facts):
        return None
    due_in, deadline = (None, None) if status is ClientStatus.PROSPECT else deadlines.before(verdict.last_kept)
    if due_in != 0 and sieve.must_wait(facts):
        return None
    days = 90 if status is ClientStatus.PROSPECT else max(1, (verdict.last_kept - on).days)
    chance_30 = _chance_30(facts.order_chance, facts.first_order_on, facts.last_order_on, facts.order_days_in_year, on)
    quarter_from, quarter_days = _quarter(on)
    # By place and not by name: half of a large base passes here each morning.
    return OwnClient(
        facts.client_id,
        _queue(facts, status, on=on),
        status,
        facts.silent_since,
        deadline,
        due_in,
        facts.value,
        facts.value if facts.expected_90 is None else facts.expected_90,
        own_order_chance(chance_30, days),
        facts.zone,
        facts.group_id,
        facts.missed_attempts,
        facts.last_talk_on,
        facts.last_order_on,
        facts.rhythm_days,
        facts.leaving,
        facts.narrowed,
        facts.ever_contacted and facts.silent_since >= quarter_from,
        own_order_chance(chance_30, quarter_days),
    )
