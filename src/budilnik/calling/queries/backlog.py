"""The neglected backlog: owned clients whose silence has run out, and the portions in which they pass to the pool."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from budilnik.clients.models import Client, ClientQuerySet, PoolEntry
from budilnik.core.coverage import latest_start
from budilnik.core.ownership import Neglected, portions
from budilnik.core.policy import Policy
from budilnik.core.terms import ClientStatus
from budilnik.staff.queries import work_calendar

_WON = ("won_back", "order")


def _run_out(on: date, policy: Policy) -> ClientQuerySet:
    """Owned clients who would be lost on a day if they had no grace."""
    yesterday = on - timedelta(days=1)
    named = Q(agreed_until=None) | Q(agreed_until__lte=yesterday - timedelta(days=policy.agreed_slack_days))
    rows = Client.objects.callable().filter(ever_contacted=True, in_pool_since=None, protected=False)
    silent = Q(silent_since__lte=latest_start(policy.lost_after_months, until=yesterday))
    return rows.filter(named, silent, owner__isnull=False)


def neglected(*, on: date, policy: Policy) -> list[Neglected]:
    """Return the owned clients whose silence has run out and who were never given a day of grace. One query."""
    rows = _run_out(on, policy).filter(grace_until=None).values_list("pk", "silent_since", "value")
    return [Neglected(client_id=client, silent_since=since, value=value) for client, since, value in rows.order_by()]


def days_of_backlog(backlog: list[Neglected], *, per_day: int, on: date, policy: Policy) -> dict[int, date]:
    """Return the day of grace of each client, so many a working day from `on`. Two queries.

    Raises: ValueError if a day takes nobody.
    """
    needed = -(-len(backlog) // per_day) if per_day > 0 else 0
    calendar = work_calendar(country=policy.calendar, first=on, last=on + timedelta(days=2 * needed + 30))
    return portions(backlog, per_day=per_day, working_days=calendar.window(on, count=needed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """How many clients of a backlog pass to the pool after a day, unless somebody talks to them."""

    on: date
    clients: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What is left of a backlog: those with a day, by day; and how many have none yet."""

    portions: tuple[Portion, ...]
    waiting: int

    @property
    def left(self) -> int:
        """How many have a day and are still to pass."""
        return sum(each.clients for each in self.portions)

    @property
    def until(self) -> date | None:
        """The day of the last portion."""
        return self.portions[-1].on if self.portions else None


def backlog_of(*, on: date, policy: Policy) -> Backlog:
    """Return what is left of the backlog on a day. Two queries.

    Who was given out of the pool has a grace too, and is no backlog.
    """
    given = PoolEntry.objects.filter(client_id=OuterRef("pk"), left_on__gte=OuterRef("silent_since"))
    graced = _run_out(on, policy).filter(grace_until__gte=on, status=ClientStatus.FORGOTTEN.value)
    rows = graced.exclude(Exists(given.exclude(why_left__in=_WON))).values_list("grace_until").annotate(n=Count("pk"))
    return Backlog(
        portions=tuple(Portion(on=day, clients=many) for day, many in rows.order_by(F("grace_until")) if day),
        waiting=_run_out(on, policy).filter(grace_until=None).count(),
    )


def preview_portions(*, per_day: int, on: date, policy: Policy) -> tuple[Portion, ...]:
    """Return the portions in which the backlog without a day would pass. Three queries.

    Raises: ValueError if a day takes nobody.
    """
    found: dict[date, int] = {}
    for day in days_of_backlog(neglected(on=on, policy=policy), per_day=per_day, on=on, policy=policy).values():
        found[day] = found.get(day, 0) + 1
    return tuple(Portion(on=day, clients=many) for day, many in sorted(found.items()))
