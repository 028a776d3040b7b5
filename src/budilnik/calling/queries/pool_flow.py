"""The pool as a store: who waits and why, what came in and went out by month, for which reasons, won back by whom."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from budilnik.calling.models import Call
from budilnik.calling.queries.coverage import in_order, places_of_staff
from budilnik.calling.queries.pool import PoolState, counted_by_state
from budilnik.clients.models import Loss, PoolEntry, Tenure
from budilnik.core.coverage import Stretch
from budilnik.core.terms import LossReason, Outcome

# Whoever left the pool in no other way was given to somebody: by the head, by a file that names an owner.
WAYS = ("won_back", "order", "given", "archived", "late_evidence", "merged")
_AS_IT_IS = frozenset(WAYS) - {"given", "archived"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfPool:
    """What came into the pool and went out of it in a month, and how many it held at its end."""

    month: date
    entered: int
    left: tuple[int, ...]
    stock: int

    @property
    def gone(self) -> int:
        """How many went out in all."""
        return sum(self.left)


@dataclass(frozen=True, slots=True, kw_only=True)
class WonBack:
    """Pool clients whom an employee won back. Units: value in kopecks a year."""

    name: str
    clients: int
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why clients were lost: a code of `LossReason`, "" where nobody asked."""

    code: str
    clients: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolFlow:
    """The pool on a day by state, its months, its winners, and the reasons of what was lost within some days."""

    within: Stretch
    stock: dict[PoolState, int]
    months: tuple[MonthOfPool, ...]
    won: tuple[WonBack, ...]
    reasons: tuple[Reason, ...]

    @property
    def in_all(self) -> int:
        """How many are in the pool."""
        return sum(self.stock.values())


def pool_flow(*, within: Stretch, on: date, callers: frozenset[int]) -> PoolFlow:
    """Return the stock of the pool on a day, and what came and went within some days that end by it. Ten queries."""
    return PoolFlow(
        within=within,
        stock=counted_by_state(on=on, callers=callers),
        months=_months(within),
        won=_won(within),
        reasons=_reasons(within),
    )


def _months(within: Stretch) -> tuple[MonthOfPool, ...]:
    came = _by_day(PoolEntry.objects.filter(entered_on__gte=within.first), "entered_on")
    went: dict[str, Counter[date]] = {way: Counter() for way in WAYS}
    ended = PoolEntry.objects.filter(left_on__gte=within.first)
    for day, why, many in ended.values_list("left_on", "why_left").annotate(n=Count("pk")).order_by():
        went[why if why in _AS_IT_IS else "given"][day] += many
    archived = PoolEntry.objects.filter(left_on=None, client__archived_on__gte=within.first)
    went["archived"] += _by_day(archived, "client__archived_on")
    held = PoolEntry.objects.filter(left_on=None, client__archived_on=None).count()
    found = []
    for days in reversed(list(_calendar(within))):
        later = [day for day in came if day > days.last]
        gone = sum(n for some in went.values() for day, n in some.items() if day > days.last)
        found.append(
            MonthOfPool(
                month=days.first.replace(day=1),
                entered=_within(came, days),
                left=tuple(_within(went[way], days) for way in WAYS),
                stock=held - sum(came[day] for day in later) + gone,
            )
        )
    return tuple(reversed(found))


def _by_day(rows: QuerySet[PoolEntry], column: str) -> Counter[date]:
    return Counter(dict(rows.values_list(column).annotate(n=Count("pk")).order_by()))


def _within(found: Counter[date], days: Stretch) -> int:
    return sum(many for day, many in found.items() if days.first <= day <= days.last)


def _calendar(within: Stretch) -> Iterable[Stretch]:
    first = within.first
    while first <= within.last:
        last = (first.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        yield Stretch(first=first, last=min(last, within.last))
        first = last + timedelta(days=1)


def _won(within: Stretch) -> tuple[WonBack, ...]:
    days = Q(from_on__gte=within.first, from_on__lte=within.last, why_from="won_back")
    rows: Any = Tenure.objects.filter(days).values("employee_id")
    told = {
        str(row["employee_id"]): (row["n"], row["worth"])
        for row in rows.annotate(n=Count("pk"), worth=Sum("client__value", default=0)).order_by()
    }
    return tuple(
        WonBack(name=name, clients=told[place][0], value=told[place][1])
        for place, name in in_order(told, places_of_staff())
    )


def _reasons(within: Stretch) -> tuple[Reason, ...]:
    """Count the clients lost within some days by the reason of the loss, or by that of their last refusal."""
    days = Q(on__gte=within.first, on__lte=within.last, voided_at=None)
    lost = Loss.objects.filter(days)
    told: Counter[str] = Counter()
    named = dict(lost.exclude(reason="").order_by("on", "pk").values_list("client_id", "reason"))
    refusals = Call.objects.filter(outcome=Outcome.REFUSED.value, voided_at=None).exclude(loss_reason="")
    refused = refusals.filter(client__in=lost.values("client"))
    reasons = dict(refused.order_by("at", "pk").values_list("client_id", "loss_reason")) | named
    told.update(reasons.values())
    told[""] = lost.aggregate(n=Count("client", distinct=True))["n"] - len(reasons)
    codes = [code.value for code in LossReason] + [""]
    return tuple(
        Reason(code=code, clients=told[code])
        for code in sorted(codes, key=lambda code: (not code, -told[code], code))
        if told[code]
    )
