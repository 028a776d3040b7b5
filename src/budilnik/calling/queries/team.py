"""The head's view of today: what each manager has planned, called, talked, promised; how the base stands."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet

from budilnik.calling.models import Call, Callback, CallTask, DayPlan, MorningRun
from budilnik.calling.queries.day import Day, day_of
from budilnik.calling.queries.promises import LatePromise, late_callbacks, open_callbacks, tried_in_time
from budilnik.calling.queries.schedule import morning_state
from budilnik.calling.queries.sight import Sight, seen_clients
from budilnik.core import callbacks as rules
from budilnik.core.naming import sort_key
from budilnik.core.policy import Policy
from budilnik.core.terms import ClientStatus, Role
from budilnik.staff.models import Employee
from budilnik.staff.queries import StaffMember, staff_in_service, zone_or

WINDOW_DAYS = 91
_SKIP = "skip_"
_KEPT = ("done", "moved_by_client")


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRow:
    """A manager's today. `reached` are the talks of planned attempts, `talks` those of unplanned calls too.

    `overdue` promises are past their time and not tried, `escalated` of them over fifteen minutes. Units: `left_out`
    in clients whom the forecast gives up, `calls_to_save` in calls a day that would keep them.
    """

    employee_id: int
    name: str
    role: str
    issued: bool = False
    absent_until: date | None = None
    tasks: int = 0
    norm: int = 0
    attempts: int = 0
    talks: int = 0
    reached: int = 0
    outcomes: int = 0
    kept: int = 0
    overdue: int = 0
    escalated: int = 0
    skips: tuple[tuple[str, int], ...] = ()
    unplanned: int = 0
    left_out: int = 0
    calls_to_save: int = 0

    @property
    def reached_share(self) -> float | None:
        """The share of planned attempts that became talks; None before the first one."""
        return self.reached / self.attempts if self.attempts else None

    @property
    def skipped(self) -> int:
        """How many clients were put off, whatever the reason."""
        return sum(count for _reason, count in self.skips)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamDay:
    """Today of the whole team: a row each, and the sum."""

    rows: tuple[TeamRow, ...]
    total: TeamRow


def team_day(*, on: date, now: datetime, policy: Policy, late: Sequence[LatePromise]) -> TeamDay:
    """Return today by manager; `late` are the promises shown to the head. Seven queries, however many managers."""
    facts = _Facts.read(on=on, now=now, policy=policy)
    escalated = Counter(each.employee_id for each in late)
    people = {m.employee_id: (m.name, m.role.value) for m in facts.staff if is_caller(m, policy)}
    people |= {who: (plan.employee.name, plan.employee.role) for who, plan in facts.plans.items()}
    people |= {m.employee_id: (m.name, m.role.value) for m in facts.staff if facts.has_work(m.employee_id, escalated)}
    away = {m.employee_id: span.until_on for m in facts.staff if (span := m.away(on))}
    rows = [
        facts.row(who, name=name, role=role, absent_until=away.get(who), escalated=escalated[who])
        for who, (name, role) in people.items()
    ]
    rows.sort(key=lambda row: (sort_key(row.name), row.employee_id))
    return TeamDay(rows=tuple(rows), total=_sum(rows))


def is_caller(member: StaffMember, policy: Policy) -> bool:
    """Say whether an employee's work is to call clients: managers, and other roles that call the pool. No query."""
    return member.role is Role.MANAGER or member.role.value in policy.pool_roles


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What the tables say of one day, by employee; calls as (attempts, talks)."""

    staff: tuple[StaffMember, ...]
    plans: Mapping[int, DayPlan]
    closes: Mapping[int, Counter[str]]
    planned: Mapping[int, tuple[int, int]]
    unplanned: Mapping[int, tuple[int, int]]
    kept: Mapping[int, int]
    overdue: Mapping[int, int]

    @classmethod
    def read(cls, *, on: date, now: datetime, policy: Policy) -> "_Facts":
        today = _today(on, policy, "at")
        plans = DayPlan.objects.filter(run__on=on, run__published_at__isnull=False).select_related("employee")
        tasks = CallTask.objects.published().filter(on=on).values_list("employee_id", "close")
        made = Call.objects.filter(today, voided_at=None).exclude(employee=None)
        grouped = made.annotate(unplanned=ExpressionWrapper(Q(task=None), output_field=BooleanField()))
        counted = grouped.values("employee_id", "unplanned").annotate(
            n=Count("pk"), talks=Count("pk", filter=Q(talked=True))
        )
        calls = list(counted.order_by())
        ended = Callback.objects.filter(_today(on, policy, "ended_at"), end__in=_KEPT)
        return cls(
            staff=staff_in_service(on),
            plans={plan.employee_id: plan for plan in plans},
            closes=_by_employee(tasks.annotate(n=Count("pk")).order_by()),
            planned={row["employee_id"]: (row["n"], row["talks"]) for row in calls if not row["unplanned"]},
            unplanned={row["employee_id"]: (row["n"], row["talks"]) for row in calls if row["unplanned"]},
            kept=dict(ended.values_list("employee_id").annotate(n=Count("pk")).order_by()),
            overdue=dict(_overdue(on=on, now=now).values_list("employee_id").annotate(n=Count("pk")).order_by()),
        )

    def has_work(self, who: int, escalated: Mapping[int, int]) -> bool:
        """Say whether an employee of any role has done or owes something today."""
        return any(who in each for each in (self.closes, self.planned, self.unplanned, self.overdue, escalated))

    def row(self, who: int, *, name: str, role: str, absent_until: date | None, escalated: int) -> TeamRow:
        """Return the row of one employee."""
        plan, closes = self.plans.get(who), self.closes.get(who, Counter())
        attempts, reached = self.planned.get(who, (0, 0))
        unplanned, talks = self.unplanned.get(who, (0, 0))
        skips = ((close.removeprefix(_SKIP), count) for close, count in closes.items() if close.startswith(_SKIP))
        return TeamRow(
            employee_id=who,
            name=name,
            role=role,
            issued=plan is not None,
            absent_until=absent_until,
            tasks=closes.total(),
            norm=plan.capacity if plan else 0,
            attempts=attempts,
            talks=reached + talks,
            reached=reached,
            outcomes=closes["outcome"],
            kept=self.kept.get(who, 0),
            overdue=self.overdue.get(who, 0),
            escalated=escalated,
            skips=tuple(sorted(skips)),
            unplanned=unplanned,
            left_out=plan.left_out if plan else 0,
            calls_to_save=plan.calls_to_save if plan else 0,
        )


def _today(on: date, policy: Policy, column: str) -> Q:
    begins = datetime.combine(on, datetime.min.time(), zone_or("", policy.company_zone))
    return Q(**{f"{column}__gte": begins, f"{column}__lt": begins + timedelta(days=1)})


def _overdue(*, on: date, now: datetime) -> QuerySet[Callback]:
    late = Q(local_time__isnull=False, due_at__lt=now - rules.RINGS_FOR) | Q(local_time=None, local_on__lt=on)
    return open_callbacks().filter(late).exclude(tried_in_time())


def _by_employee(rows: Iterable[tuple[int | None, str, int]]) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for who, what, count in rows:
        found[who or 0][what] += count
    return found


_SUMMED = ("tasks", "norm", "attempts", "reached", "talks", "outcomes", "kept", "overdue", "escalated", "unplanned")
_FORECAST = ("left_out", "calls_to_save")


def _sum(rows: Sequence[TeamRow]) -> TeamRow:
    skips: Counter[str] = Counter()
    for row in rows:
        skips.update(dict(row.skips))
    sums = {name: sum(getattr(row, name) for row in rows) for name in (*_SUMMED, *_FORECAST)}
    return TeamRow(employee_id=0, name="", role="", skips=tuple(sorted(skips.items())), **sums)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusLine:
    """The clients of one status and how many of them were talked to, or contacted in any way, in the last 91 days."""

    status: str
    clients: int
    talked: int
    contacted: int

    @property
    def talked_share(self) -> float | None:
        """Coverage by talks; None where there are no clients."""
        return self.talked / self.clients if self.clients else None

    @property
    def contacted_share(self) -> float | None:
        """Coverage by any contact; None where there are no clients."""
        return self.contacted / self.clients if self.clients else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseToday:
    """The base by the status that the last morning gave, and all of it together."""

    lines: tuple[StatusLine, ...]
    total: StatusLine
    pool: int


def base_today(*, sight: Sight, on: date) -> BaseToday:
    """Return the base by status with its coverage. One query."""
    since = on - timedelta(days=WINDOW_DAYS - 1)
    counted = seen_clients(sight).alive().values("status").annotate(clients=Count("pk")).order_by()
    rows = counted.annotate(
        talked=Count("pk", filter=Q(last_talk_on__gte=since)),
        contacted=Count("pk", filter=Q(ever_contacted=True, silent_since__gte=since)),
        pool=Count("pk", filter=Q(in_pool_since__isnull=False)),
    )
    found = {status: counts for status, *counts in rows.values_list("status", "clients", "talked", "contacted", "pool")}
    nobody = (0, 0, 0, 0)
    lines = tuple(_line(status.value, found.get(status.value, nobody)) for status in ClientStatus)
    sums = [sum(counts) for counts in zip(nobody, *found.values(), strict=True)]
    return BaseToday(lines=lines, total=_line("", sums), pool=sums[-1])


def _line(status: str, counts: Sequence[int]) -> StatusLine:
    clients, talked, contacted, _pool = counts
    return StatusLine(status=status, clients=clients, talked=talked, contacted=contacted)


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningToday:
    """How today's morning stands. `works` is false on a day off; `due` once its hour has come.

    `policy_version` names the rules that its lists were made by, 0 before that and while none are stored.
    """

    stage: str
    published_at: datetime | None
    works: bool
    due: bool
    morning_at: str
    policy_version: int = 0


def morning_of_team(*, on: date, now: datetime, policy: Policy) -> MorningToday:
    """Return how the morning of a day stands. Two queries once it is published, three before."""
    state = morning_state(on)
    works, version = MorningRun.objects.filter(on=on).values_list("works", "policy_version").first() or (None, 0)
    here = now.astimezone(zone_or("", policy.company_zone))
    return MorningToday(
        stage=state.stage.value,
        published_at=state.published_at,
        works=works is not False,
        due=here.time() >= time.fromisoformat(policy.morning_at),
        morning_at=policy.morning_at,
        policy_version=version if state.published_at else 0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One call of a day."""

    at: datetime
    client_id: int
    client: str
    direction: str
    outcome: str
    loss_reason: str
    planned: bool
    voided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """A promise of a day: `late` is over its time and not tried, `to_head` over fifteen minutes."""

    client_id: int
    client: str
    local_on: date
    local_time: time | None
    zone: str
    due_at: datetime
    about: str
    end: str
    late: bool
    to_head: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerDay:
    """One employee's today as the head reads it."""

    employee_id: int
    name: str
    role: str
    zone: str
    day: Day
    promises: tuple[Promised, ...]
    attempts: tuple[Attempt, ...]


def manager_day(employee: Employee, *, on: date, now: datetime, policy: Policy) -> ManagerDay:
    """Return one employee's tasks, promises and attempts of today. Four queries, five of an empty day."""
    calls = Call.objects.filter(_today(on, policy, "at"), employee=employee).select_related("client")
    return ManagerDay(
        employee_id=employee.pk,
        name=employee.name,
        role=employee.role,
        zone=employee.zone or employee.team.zone,
        day=day_of(employee, on=on, now=now, policy=policy),
        promises=_promises_of(employee, on=on, now=now, policy=policy),
        attempts=tuple(
            Attempt(
                at=call.at,
                client_id=call.client_id,
                client=call.client.name,
                direction=call.direction,
                outcome=call.outcome,
                loss_reason=call.loss_reason,
                planned=call.task_id is not None,
                voided=call.voided_at is not None,
            )
            for call in calls.order_by("at", "pk")
        ),
    )


def _promises_of(employee: Employee, *, on: date, now: datetime, policy: Policy) -> tuple[Promised, ...]:
    due = Q(ended_at=None, local_on__lte=on) & Q(pk__in=open_callbacks().values("pk"))
    late = late_callbacks(on=on, now=now, escalates_after=policy.escalates_after)
    rows = Callback.objects.filter(due | _today(on, policy, "ended_at"), employee=employee).annotate(
        late=ExpressionWrapper(Q(pk__in=_overdue(on=on, now=now).values("pk")), output_field=BooleanField()),
        to_head=ExpressionWrapper(Q(pk__in=late.values("pk")), output_field=BooleanField()),
    )
    return tuple(
        Promised(
            client_id=row.client_id,
            client=row.client.name,
            local_on=row.local_on,
            local_time=row.local_time,
            zone=row.zone,
            due_at=row.due_at,
            about=row.about,
            end=row.end,
            late=row.late,
            to_head=row.to_head,
        )
        for row in rows.select_related("client").order_by("due_at", "pk")
    )


def client_of_promise(callback_id: int) -> int:
    """Return to whom a promise was given. One query."""
    return Callback.objects.values_list("client_id", flat=True).get(pk=callback_id)
