"""What the letter of the morning tells: the last working day, broken promises first, and the one that begins."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, Sum

from budilnik.calling.models import CallTask, DayPlan, MorningRun
from budilnik.calling.queries import kept_order as orders
from budilnik.calling.queries.coverage import Covered, coverage_board
from budilnik.calling.queries.discipline import DisciplineLine, discipline
from budilnik.calling.queries.kept_order import Asked, Figure
from budilnik.clients.models import Loss, PoolEntry
from budilnik.core.coverage import Stretch
from budilnik.core.policy import Policy
from budilnik.core.terms import Queue

SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenPromise:
    """A promise whose time passed without an attempt. `local_time` None: any hour of its day."""

    client_id: int
    client: str
    employee: str
    local_on: date
    local_time: time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one employee did, or everybody when there is no name. `planned` and `done` are tasks of every queue.

    Attempts and talks are those of planned tasks; done is what ended with an outcome or by the client himself.
    """

    name: str
    attempts: int
    talks: int
    planned: int
    done: int
    skipped: int

    @property
    def reach(self) -> float | None:
        """The share of attempts that became talks; None of no attempts."""
        return self.talks / self.attempts if self.attempts else None

    @property
    def done_share(self) -> float | None:
        """How much of the list was done; None of no list."""
        return self.done / self.planned if self.planned else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBefore:
    """The last working day, with the days off after it. At most forty broken promises are named, `broken` counts all.

    `lost` were taken from their owners by the mornings of these days, `won_back` left the pool by a talk.
    """

    within: Stretch
    broken: int
    promises: tuple[BrokenPromise, ...]
    managers: tuple[Work, ...]
    total: Work
    won_back: int
    lost: int

    @property
    def others(self) -> int:
        """How many broken promises are not named."""
        return self.broken - len(self.promises)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAhead:
    """The day that begins. `deadlines` are tasks whose client is lost tomorrow unless he is talked to today.

    `left_out` clients will be lost whatever is done, `calls_to_save` more calls a day would keep them. Units: capacity
    in attempts; `released` clients went to the pool this morning.
    """

    people: int
    capacity: int
    tasks: int
    promises: int
    deadlines: int
    left_out: int
    calls_to_save: int
    released: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningLetter:
    """Both days and the coverage of the quarter. On the first morning of a firm the day before is yesterday."""

    on: date
    before: DayBefore
    ahead: DayAhead
    coverage: Covered
    expected_share: float | None


def letter_of(*, on: date, now: datetime, policy: Policy) -> MorningLetter:
    """Return the letter of a published morning. Twenty-seven queries, however many clients and managers."""
    previous = MorningRun.objects.filter(on__lt=on, works=True).exclude(published_at=None).order_by("-on").first()
    yesterday = on - timedelta(days=1)
    within = Stretch(first=previous.on if previous else yesterday, last=yesterday)
    total = coverage_board(on=on, policy=policy).total
    return MorningLetter(
        on=on,
        before=_before(Asked(within=within, now=now, policy=policy)),
        ahead=_ahead(on),
        coverage=total.covered,
        expected_share=total.ahead.outlook.expected_share,
    )


def _before(asked: Asked) -> DayBefore:
    told = discipline(asked)
    broken = orders.promises_of(asked).filter(orders.promises(asked)[Figure.BROKEN])
    columns = ("client_id", "client__name", "employee__name", "local_on", "local_time")
    named = broken.order_by("employee__name", "due_at", "pk").values_list(*columns)[:SHOWN]
    begins, ends = asked.moments
    days = Q(left_on__gte=asked.within.first, left_on__lte=asked.within.last)
    taken = Loss.objects.filter(recorded_at__gte=begins, recorded_at__lt=ends, voided_at=None, initial=False)
    return DayBefore(
        within=asked.within,
        broken=told.total.counts[Figure.BROKEN],
        promises=tuple(
            BrokenPromise(client_id=client_id, client=client, employee=employee, local_on=day, local_time=hour)
            for client_id, client, employee, day, hour in named
        ),
        managers=tuple(work for line in told.lines if (work := _work(line)).attempts or work.planned),
        total=_work(told.total),
        won_back=PoolEntry.objects.filter(days, why_left="won_back").count(),
        lost=taken.count(),
    )


def _work(line: DisciplineLine) -> Work:
    planned = (Figure.OWN_PLANNED, Figure.POOL_PLANNED, Figure.PROMISED_PLANNED)
    done = (Figure.OWN_DONE, Figure.POOL_DONE, Figure.PROMISED_DONE)
    return Work(
        name=line.name,
        attempts=line.counts[Figure.ATTEMPTS],
        talks=line.counts[Figure.TALKS],
        planned=sum(line.counts[each] for each in planned),
        done=sum(line.counts[each] for each in done),
        skipped=line.counts[Figure.SKIPPED],
    )


def _ahead(on: date) -> DayAhead:
    run = MorningRun.objects.filter(on=on).first()
    plans = DayPlan.objects.filter(run__on=on, run__published_at__isnull=False).aggregate(
        people=Count("pk"), capacity=Sum("capacity"), left_out=Sum("left_out"), calls_to_save=Sum("calls_to_save")
    )
    tasks = CallTask.objects.published().filter(on=on)
    counts = tasks.aggregate(
        tasks=Count("pk"),
        promises=Count("pk", filter=Q(queue=Queue.CALLBACK.value)),
        deadlines=Count("pk", filter=Q(deadline__lte=on)),
    )
    numbers = {name: count or 0 for name, count in (plans | counts).items()}
    return DayAhead(released=run.released if run else 0, **numbers)
