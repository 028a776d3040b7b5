"""Where the coverage of the quarter will end, and who will be lost whatever is done."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, Subquery, Sum

from budilnik.calling.models import Call, CallTask, DayPlan, MorningRun
from budilnik.calling.queries.covered import POOL, not_contacted_since, place_of, whose
from budilnik.calling.queries.team import is_caller
from budilnik.clients.models import Client
from budilnik.core.candidates import own_chance_30
from budilnik.core.chance import own_order_chance
from budilnik.core.coverage import (
    ENOUGH_ATTEMPTS,
    Outlook,
    Reach,
    outlook,
    people_to_save,
    quarter_before,
    quarter_of,
    reach_of,
)
from budilnik.core.dates import WorkCalendar
from budilnik.core.policy import Policy
from budilnik.core.terms import Direction, Queue
from budilnik.staff.queries import StaffMember, staff_in_service, work_calendar, zone_or

MEASURED_DAYS = 30
LOOK_BACK = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What is ahead of the clients of a place. Units: attempts, talks; `people` by the norm of the policy.

    `attempts` and `talks` are those of the last thirty working days, by which the reach is measured; `attempts_left`
    what the days after today offer. `left_out` clients will be lost whatever is done by the last plans.
    """

    outlook: Outlook = field(default_factory=Outlook)
    reach: Reach | None = None
    attempts: int = 0
    talks: int = 0
    attempts_left: int = 0
    left_out: int = 0
    calls_to_save: int = 0
    people: float = 0.0

    @property
    def measured_share(self) -> float | None:
        """The share of attempts that became talks; None of no attempts."""
        return self.talks / self.attempts if self.attempts else None

    def __add__(self, other: "Ahead") -> "Ahead":
        """Put two places together."""
        return Ahead(
            outlook=self.outlook + other.outlook,
            attempts=self.attempts + other.attempts,
            talks=self.talks + other.talks,
            attempts_left=self.attempts_left + other.attempts_left,
            left_out=self.left_out + other.left_out,
            calls_to_save=self.calls_to_save + other.calls_to_save,
            people=self.people + other.people,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Working:
    """An employee at work: what he has done lately and what is left of his quarter."""

    attempts: int
    talks: int
    reach: Reach
    attempts_left: int
    own_share: float
    pool_share: float

    def talks_left(self, share: float) -> float:
        """Return the talks that are left for a share of his attempts."""
        return self.attempts_left * self.reach.share * share


@dataclass(frozen=True, slots=True, kw_only=True)
class AheadOfAll:
    """What is ahead of everybody: the uncovered by their chances, who works, the last plans."""

    uncovered: Mapping[str, Sequence[tuple[float, int]]]
    working: Mapping[int, _Working]
    plans: Mapping[int, tuple[int, int]]
    norm: int

    def of(self, place: str, contacted: int) -> Ahead:
        """Return what is ahead of a place: an employee by number, the pool, nobody."""
        uncovered = self.uncovered.get(place, ())
        if not place.isdecimal():
            pool = sum(each.talks_left(each.pool_share) for each in self.working.values()) if place == POOL else 0
            return Ahead(outlook=outlook(contacted=contacted, uncovered=uncovered, talks=pool))
        who = self.working.get(int(place))
        left_out, calls = self.plans.get(int(place), (0, 0))
        return Ahead(
            outlook=outlook(
                contacted=contacted, uncovered=uncovered, talks=who.talks_left(who.own_share) if who else 0
            ),
            reach=who.reach if who else None,
            attempts=who.attempts if who else 0,
            talks=who.talks if who else 0,
            attempts_left=who.attempts_left if who else 0,
            left_out=left_out,
            calls_to_save=calls,
            people=people_to_save(calls_a_day=calls, norm=self.norm),
        )


def coverage_ahead(*, on: date, policy: Policy) -> AheadOfAll:
    """Return what is ahead of every place until the end of the quarter of a day. Eight queries."""
    plans = DayPlan.objects.filter(run=_last_plans()).values_list("employee_id", "left_out", "calls_to_save")
    return AheadOfAll(
        uncovered=_uncovered(on=on),
        working=_working(on=on, policy=policy),
        plans={who: (left_out, calls) for who, left_out, calls in plans},
        norm=policy.norm,
    )


def _last_plans() -> Subquery:
    worked = MorningRun.objects.filter(published_at__isnull=False, works=True)
    return Subquery(worked.order_by("-on").values("pk")[:1])


def _uncovered(*, on: date) -> dict[str, list[tuple[float, int]]]:
    """Return the uncovered clients of each place by the chance that they order by themselves in what is left."""
    quarter = quarter_of(on)
    days = (quarter.last - on).days + 1
    rows = Client.objects.callable().filter(not_contacted_since(quarter.first)).annotate(whose=whose()).order_by()
    told = Q(order_chance__isnull=False) | Q(last_order_on=None)
    found: dict[str, Counter[float]] = defaultdict(Counter)
    for number, chance, clients in rows.filter(told).values_list("whose", "order_chance").annotate(n=Count("pk")):
        found[place_of(number)][own_order_chance((chance or 0) / 1000, days)] += clients
    columns = ("order_chance", "first_order_on", "last_order_on", "order_days_in_year")
    for number, *facts in rows.exclude(told).values_list("whose", *columns):
        chance_30 = own_chance_30(**dict(zip(columns, facts, strict=True)), on=on)
        found[place_of(number)][own_order_chance(chance_30, days)] += 1
    return {place: sorted(chances.items()) for place, chances in found.items()}


def _working(*, on: date, policy: Policy) -> dict[int, _Working]:
    staff = [member for member in staff_in_service(on) if is_caller(member, policy)]
    calendar = work_calendar(country=policy.calendar, first=on - LOOK_BACK, last=quarter_of(on).last)
    lately = calendar.days[: bisect_left(calendar.days, on)][-MEASURED_DAYS:]
    since = lately[0] if lately else on
    made = _calls_made(staff, since=since, on=on, policy=policy)
    spent = _attempts_spent(staff, since=since, on=on)
    return {
        member.employee_id: _of_member(
            member,
            made=made.get(member.employee_id, (0, 0)),
            spent=spent.get(member.employee_id, (0, 0, 0)),
            days_left=_days_left(member, calendar=calendar, on=on),
            policy=policy,
        )
        for member in staff
    }


def _of_member(
    member: StaffMember, *, made: tuple[int, int], spent: tuple[int, int, int], days_left: int, policy: Policy
) -> _Working:
    attempts, talks = made
    planned, own, pool = spent
    pool_share = policy.pool_share if member.role.value in policy.pool_roles else 0.0
    measured = planned >= ENOUGH_ATTEMPTS
    return _Working(
        attempts=attempts,
        talks=talks,
        reach=reach_of(attempts=attempts, talks=talks, default=policy.reach_rate),
        attempts_left=round((member.own_norm or policy.norm) * member.load_share) * days_left,
        own_share=own / planned if measured else 1 - pool_share,
        pool_share=pool / planned if measured else pool_share,
    )


def _days_left(member: StaffMember, *, calendar: WorkCalendar, on: date) -> int:
    own = calendar.without((away.from_on, away.until_on) for away in member.absences)
    return len(own.days) - bisect_right(own.days, on)


def _calls_made(staff: Iterable[StaffMember], *, since: date, on: date, policy: Policy) -> dict[int, tuple[int, int]]:
    zone = zone_or("", policy.company_zone)
    begins, ends = (datetime.combine(day, datetime.min.time(), zone) for day in (since, on))
    calls = Call.objects.filter(
        employee_id__in=[member.employee_id for member in staff],
        at__gte=begins,
        at__lt=ends,
        direction=Direction.OUT.value,
        voided_at=None,
    )
    counted = calls.values_list("employee_id").annotate(n=Count("pk"), talks=Count("pk", filter=Q(talked=True)))
    return {who: (attempts, talks) for who, attempts, talks in counted.order_by() if who is not None}


def _attempts_spent(staff: Iterable[StaffMember], *, since: date, on: date) -> dict[int, tuple[int, int, int]]:
    """Return the planned attempts of each employee: all, on own uncovered clients, on those of the pool."""
    this, last = quarter_of(on).first, quarter_before(on).first
    uncovered = Q(on__gte=this, silent_since__lt=this) | Q(on__lt=this, silent_since__lt=last)
    pool = Q(queue=Queue.POOL.value)
    tasks = CallTask.objects.published().filter(
        employee_id__in=[member.employee_id for member in staff], on__gte=since, on__lt=on
    )
    spent = tasks.values_list("employee_id").annotate(
        planned=Sum("attempts", default=0),
        own=Sum("attempts", filter=uncovered & ~pool, default=0),
        pool=Sum("attempts", filter=uncovered & pool, default=0),
    )
    return {who: (planned, own, pooled) for who, planned, own, pooled in spent.order_by()}
