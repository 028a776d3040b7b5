"""Clients, callers and whole mornings without a database: builders and the strategies of the property tests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from hypothesis import strategies as st

from budilnik.core.candidates import ClientFacts, Deadlines, OwnClient, Sieve, own_client
from budilnik.core.dates import WorkCalendar
from budilnik.core.day import (
    Caller,
    DayRules,
    PlannedDay,
    PooledClient,
    Taken,
    Task,
    close_day,
)
from budilnik.core.horizon import HorizonPolicy
from budilnik.core.hours import HoursBook
from budilnik.core.plan import Desk as DeskOfDay
from budilnik.core.plan import plan_team
from budilnik.core.policy import Policy
from budilnik.core.reasons import promise_reasons
from budilnik.core.seed import Seed
from budilnik.core.status import StatusBook
from budilnik.core.terms import ClientStatus, Queue

IVAN, OLGA, PYOTR = 101, 102, 103
BOLT_SERVICE, STALKER, GAIKA, KREPMASTER = 1, 2, 3, 4
MOSCOW = "Europe/Moscow"

# A Tuesday without holidays around it.
TUESDAY = date(2026, 9, 15)
HALF_A_YEAR_AGO = date(2026, 3, 1)


@lru_cache
def russian_calendar(first_year: int = 2024, last_year: int = 2027) -> WorkCalendar:
    """The production calendar with its transferred days."""
    first, last = date(first_year, 1, 1), date(last_year, 12, 31)
    known = holidays.country_holidays("RU", years=range(first_year, last_year + 1))
    span = (first + timedelta(days=shift) for shift in range((last - first).days + 1))
    return WorkCalendar.of([day for day in span if known.is_working_day(day)], first=first, last=last)


def own(
    client_id: int,
    *,
    due_in: int | None = 30,
    queue: Queue = Queue.OWN,
    status: ClientStatus = ClientStatus.FORGOTTEN,
    value: int = 100,
    chance: float = 0.1,
    group_id: int | None = None,
    last_talk_on: date | None = None,
    missed: int = 0,
) -> OwnClient:
    """A client whom his owner may call today; he is due in as many days as the test says."""
    return OwnClient(
        client_id=client_id,
        queue=queue,
        status=status,
        silent_since=date(2026, 5, 1),
        deadline=None if due_in is None else TUESDAY + timedelta(days=due_in),
        due_in=due_in,
        value=value,
        stake=value,
        chance=chance,
        zone=MOSCOW,
        group_id=group_id,
        missed=missed,
        last_talk_on=last_talk_on,
    )


def pooled(
    client_id: int,
    *,
    value: int = 100,
    lost_by: Iterable[int] = (),
    no_hours: Iterable[int] = (),
    group_id: int | None = None,
) -> PooledClient:
    """A lost client, locked for those who lost him and out of the hours of some others."""
    losers = frozenset(lost_by)
    return PooledClient(
        client_id=client_id,
        value=value,
        silent_since=HALF_A_YEAR_AGO,
        zone=MOSCOW,
        group_id=group_id,
        losers=losers,
        barred=losers | frozenset(no_hours),
    )


def promise(client_id: int, *, hour: int = 12, group_id: int | None = None) -> Task:
    """A call promised for an hour of today."""
    return Task(
        client_id=client_id,
        queue=Queue.CALLBACK,
        status=ClientStatus.REGULAR,
        silent_since=date(2026, 9, 1),
        deadline=None,
        value=100,
        zone=MOSCOW,
        group_id=group_id,
        callback_id=client_id,
        promised_at=datetime(2026, 9, 15, hour, tzinfo=UTC),
        reasons=promise_reasons(local_time=f"{hour}:00", zone=MOSCOW, about="тросы", overdue=False, stands_in_for=None),
    )


def caller(employee_id: int, *, capacity: int = 20, calls_pool: bool = True, reach: float = 0.5) -> Caller:
    """An employee at work today and on every day of the window."""
    return Caller(
        employee_id=employee_id,
        capacity=capacity,
        offered=(capacity * reach,) * 62,
        zone=MOSCOW,
        calls_pool=calls_pool,
    )


def rules(*, on: date = TUESDAY, pool_share: float = 0.25, salt: int = 0) -> DayRules:
    return DayRules(on=on, seed=Seed.of(on, salt=salt), pool_share=pool_share, reach=0.5, horizon=HorizonPolicy())


def at_six(task: Task) -> datetime:
    """The end of the common hours when all sit in one city."""
    return datetime(2026, 9, 15, 15, tzinfo=UTC)


def plan_day(
    callers: Sequence[Caller],
    *,
    base: Mapping[int, Sequence[OwnClient]] | None = None,
    pool: Iterable[PooledClient] = (),
    promised: Mapping[int, Sequence[Task]] | None = None,
    by: DayRules | None = None,
    shared_numbers: Mapping[int, frozenset[str]] | None = None,
    stand_ins: Mapping[int, int] | None = None,
) -> dict[int, PlannedDay]:
    """One morning from open desks to finished lists, by the rule of the real one."""
    by = by or rules()
    base, promised = base or {}, promised or {}
    mornings = plan_team(
        [
            DeskOfDay(caller=each, own=base.get(each.employee_id, ()), promised=promised.get(each.employee_id, ()))
            for each in sorted(callers, key=lambda one: by.seed.tie(0, one.employee_id))
        ],
        sorted(pool, key=lambda client: -client.value),
        rules=by,
        taken=Taken(shared_numbers or {}),
        stand_ins=stand_ins or {},
    )
    return {m.caller.employee_id: close_day(m, on=by.on, closes=at_six, seed=by.seed) for m in mornings}


def ids(day: PlannedDay, *queues: Queue) -> list[int]:
    """The clients of a list, of the named queues only if any is named."""
    return [task.client_id for task in day.tasks if not queues or task.queue in queues]


# ── The base as a whole ──────────────────────────────────────────────────────────────────────────────────────────────


def facts(
    client_id: int,
    *,
    silent_since: date,
    owner_id: int | None = IVAN,
    status: ClientStatus = ClientStatus.REGULAR,
    talked: bool = True,
    value: int = 100,
    **other: object,
) -> ClientFacts:
    """A client whose last contact was a talk, unless the test says otherwise."""
    known = {
        "ever_contacted": True,
        "agreed_until": None,
        "grace_until": None,
        "in_pool_since": None,
        "next_status_on": None,
        "policy_version": 0,
        "first_known_on": silent_since,
        "last_talk_on": silent_since if talked else None,
        "first_order_on": None,
        "last_order_on": None,
        "order_days_in_year": 0,
        "missed_attempts": 0,
        "retry_on": None,
        "paused_until": None,
        "phone_state": "usable",
        "stopped_on": None,
        "protected": False,
        "zone": MOSCOW,
        "group_id": None,
    }
    return ClientFacts(
        client_id=client_id,
        owner_id=owner_id,
        status=status.value,
        silent_since=silent_since,
        value=value,
        **{**known, **other},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Somebody's place in the office. Absences have both ends absent."""

    employee_id: int
    norm: int = 20
    absences: tuple[tuple[date, date], ...] = ()

    def away(self, on: date) -> bool:
        return any(start <= on <= end for start, end in self.absences)


@dataclass(slots=True, kw_only=True)
class Firm:
    """A base and a team without a database; it lives through working days one by one."""

    desks: Sequence[Desk]
    base: dict[int, ClientFacts]
    calendar: WorkCalendar = field(default_factory=russian_calendar)
    policy: Policy = field(default_factory=Policy)
    losers: dict[int, frozenset[int]] = field(default_factory=dict)
    lost: list[tuple[int, int, date]] = field(default_factory=list)

    def morning(self, on: date) -> dict[int, PlannedDay]:
        """Renew statuses, release the lost, plan the day of everybody who is at work."""
        at_work = {desk.employee_id: desk for desk in self.desks if not desk.away(on)}
        deadlines = {number: self._deadlines(desk, on) for number, desk in at_work.items()}
        starts = [day for day in self.calendar.days if day < on][-self.policy.horizon_days :]
        sieve = Sieve.of(on=on, policy=self.policy, window_starts=starts[0])
        book = StatusBook(on=on, policy=self.policy.silence)
        queues: dict[int, list[OwnClient]] = {number: [] for number in at_work}
        for one in list(self.base.values()):
            verdict = book.verdict(
                one.silent_since,
                one.ever_contacted,
                one.agreed_until,
                one.grace_until,
                one.in_pool_since is not None,
                one.status,
            )
            self.base[one.client_id] = one._replace(status=verdict.status.value)
            if one.owner_id is not None and verdict.status is ClientStatus.LOST:
                self._release(one, on)
            elif one.owner_id in at_work:
                found = own_client(one, verdict, sieve=sieve, deadlines=deadlines[one.owner_id])
                queues[one.owner_id] += [found] if found else []
        return plan_day(
            [self._caller(desk, on) for desk in at_work.values()],
            base=queues,
            pool=self._pool(),
            by=rules(on=on, pool_share=self.policy.pool_share),
        )

    def talked(self, client_id: int, *, on: date, with_: int) -> None:
        """A conversation: the clock starts anew, and a pool client has an owner again."""
        self.base[client_id] = self.base[client_id]._replace(
            owner_id=self.base[client_id].owner_id or with_,
            status=ClientStatus.REGULAR.value,
            silent_since=on,
            last_talk_on=on,
            in_pool_since=None,
            missed_attempts=0,
            retry_on=None,
        )

    def of_status(self, status: ClientStatus) -> int:
        return sum(one.status == status for one in self.base.values())

    def _release(self, one: ClientFacts, on: date) -> None:
        owner = one.owner_id or 0
        self.losers[one.client_id] = self.losers.get(one.client_id, frozenset()) | {owner}
        self.lost.append((one.client_id, owner, on))
        self.base[one.client_id] = one._replace(owner_id=None, in_pool_since=on, status=ClientStatus.LOST.value)

    def _pool(self) -> list[PooledClient]:
        return [
            pooled(one.client_id, value=one.value, lost_by=self.losers.get(one.client_id, ()), group_id=one.group_id)
            for one in self.base.values()
            if one.in_pool_since
        ]

    def _window(self, desk: Desk, on: date) -> tuple[date, ...]:
        days = self.calendar.window(on, count=self.policy.horizon_days)
        return tuple(day for day in days if not desk.away(day))

    def _deadlines(self, desk: Desk, on: date) -> Deadlines:
        return Deadlines(window=self._window(desk, on), calendar=self.calendar)

    def _caller(self, desk: Desk, on: date) -> Caller:
        works = set(self._window(desk, on))
        days = self.calendar.window(on, count=self.policy.horizon_days)
        talks = desk.norm * self.policy.reach_rate
        return Caller(
            employee_id=desk.employee_id,
            capacity=desk.norm,
            offered=tuple(talks if day in works else 0.0 for day in days),
            zone=MOSCOW,
        )


def hours_of(on: date, policy: Policy | None = None) -> HoursBook:
    """The common hours of a day by the names of zones."""
    policy = policy or Policy()
    return HoursBook(on=on, zone_of=ZoneInfo, clients=policy.hours_of_clients, employees=policy.hours_of_employees)


# ── Strategies ───────────────────────────────────────────────────────────────────────────────────────────────────────

DAYS = st.dates(date(2023, 1, 1), date(2029, 12, 31))
EMPLOYEES = (IVAN, OLGA, PYOTR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A whole morning's input."""

    callers: list[Caller]
    base: dict[int, list[OwnClient]]
    pool: list[PooledClient]
    promised: dict[int, list[Task]]
    shared_numbers: dict[int, frozenset[str]]
    by: DayRules


@st.composite
def offices(draw: st.DrawFn) -> Office:
    """Any small office: norms, own clients with deadlines and groups, locks, promises, shared numbers."""
    team = draw(st.lists(st.sampled_from(EMPLOYEES), min_size=1, max_size=3, unique=True))
    numbers = iter(range(1, 1000))
    groups = st.none() | st.none() | st.integers(1, 4)
    callers = [caller(one, capacity=draw(st.integers(0, 6)), calls_pool=draw(st.integers(0, 4)) > 0) for one in team]
    clients = st.builds(
        own,
        st.builds(lambda: next(numbers)),
        due_in=st.sampled_from([None, 0, 0, 1, 5, 40, 80]),
        queue=st.sampled_from([Queue.OWN, Queue.AT_RISK, Queue.RETRY]),
        value=st.integers(-3, 9),
        group_id=groups,
    )
    lost = st.builds(
        pooled,
        st.builds(lambda: next(numbers)),
        value=st.integers(-3, 9),
        lost_by=st.sets(st.sampled_from(EMPLOYEES), max_size=3),
        no_hours=st.sets(st.sampled_from(EMPLOYEES), max_size=1),
        group_id=groups,
    )
    promises = st.builds(promise, st.builds(lambda: next(numbers)), hour=st.integers(6, 15), group_id=groups)
    base = {one: draw(st.lists(clients, max_size=9)) for one in team}
    pool = draw(st.lists(lost, max_size=12))
    promised = {one: draw(st.lists(promises, max_size=3)) for one in team}
    everyone = [c.client_id for each in (*base.values(), pool, *promised.values()) for c in each]
    some = draw(st.sets(st.sampled_from(everyone), max_size=4)) if everyone else set()
    return Office(
        callers=callers,
        base=base,
        pool=pool,
        promised=promised,
        shared_numbers={number: frozenset({"+74951112233"}) for number in some},
        by=rules(pool_share=draw(st.sampled_from([0.0, 0.25, 0.5, 1.0])), salt=draw(st.integers(0, 50))),
    )
