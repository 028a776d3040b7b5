"""Money: the base at risk by manager, and the revenue of new and existing clients by month."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, DateField, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from budilnik.calling.queries.coverage import in_order, places_of_staff
from budilnik.calling.queries.covered import Coverage, counted_as
from budilnik.clients.models import Client, Loss
from budilnik.core.dates import add_months
from budilnik.core.flows import NEW_FOR_MONTHS, new_until
from budilnik.core.policy import Policy
from budilnik.sales.models import Order

MONTHS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskLine:
    """What a manager may lose and has lost, in clients and in their value. Units: kopecks a year.

    `near` are forgotten and within thirty days of their loss, `threatened` may be leaving or take fewer goods, `lost`
    are now in the pool and were lost by him. A client may be both near and threatened.
    """

    place: str
    name: str
    own: int = 0
    own_value: int = 0
    near: int = 0
    near_value: int = 0
    threatened: int = 0
    threatened_value: int = 0
    lost: int = 0
    lost_value: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """The base at risk by manager, and all of it."""

    lines: tuple[RiskLine, ...]
    total: RiskLine


_SUMMED = ("own", "own_value", "near", "near_value", "threatened", "threatened_value", "lost", "lost_value")


def base_at_risk(*, on: date, policy: Policy) -> Risk:
    """Return the base at risk of clients who may be called, by owner; the lost by who lost them. Three queries."""
    near = counted_as(Coverage.NEAR_LOSS, on=on, policy=policy)
    threatened = Q(leaving=True) | Q(narrowed=True)
    owned: Any = Client.objects.callable().filter(owner__isnull=False).values("owner_id")
    found: dict[str, dict[str, int]] = {
        str(row.pop("owner_id")): row
        for row in owned.annotate(
            own=Count("pk"),
            own_value=Sum("value", default=0),
            near=Count("pk", filter=near),
            near_value=Sum("value", filter=near, default=0),
            threatened=Count("pk", filter=threatened),
            threatened_value=Sum("value", filter=threatened, default=0),
        ).order_by()
    }
    in_pool = Q(client__archived_on=None, client__stopped_on=None, on=F("client__in_pool_since"), voided_at=None)
    losses: Any = Loss.objects.filter(in_pool).values("employee_id")
    for row in losses.annotate(lost=Count("pk"), lost_value=Sum("client__value", default=0)).order_by():
        found.setdefault(str(row.pop("employee_id")), {}).update(row)
    lines = tuple(
        RiskLine(place=place, name=name, **found[place]) for place, name in in_order(found, places_of_staff())
    )
    sums = {name: sum(getattr(line, name) for line in lines) for name in _SUMMED}
    return Risk(lines=lines, total=RiskLine(place="", name="", **sums))


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthMoney:
    """What a month came to. Units: kopecks, net of returns; cancelled documents left out."""

    month: date
    total: int
    new: int

    @property
    def existing(self) -> int:
        """The revenue of those who are not new."""
        return self.total - self.new

    @property
    def new_share(self) -> float | None:
        """The share of the new ones; None of a month that came to nothing."""
        return self.new / self.total if self.total > 0 else None


def revenue_by_month(*, on: date, months: int = MONTHS) -> tuple[MonthMoney, ...]:
    """Return the revenue of months up to that of `on`, the oldest first. Two queries.

    `core.flows.new_until` says who is new.
    """
    this = on.replace(day=1)
    stretch = [_months_back(this, back) for back in range(months - 1, -1, -1)]
    rows = Order.objects.filter(ordered_on__gte=stretch[0], ordered_on__lte=on, cancelled=False)
    total = _by_month(rows.values_list("ordered_on").annotate(net=Sum("net")).order_by())
    new = _new(stretch, on)
    return tuple(MonthMoney(month=month, total=total[month], new=new[month]) for month in stretch)


def _new(stretch: list[date], on: date) -> Counter[date]:
    """Return what those brought who were new at the time: a client is new until a day that his first order sets.

    Who came long before the months shown is new in none of them, and his documents are not looked at.
    """
    firsts = [_months_back(stretch[-1], back) for back in range(len(stretch) + NEW_FOR_MONTHS - 2, -1, -1)]
    until = Case(
        *(When(first_order_on__lt=add_months(month, 1), then=Value(new_until(month))) for month in firsts),
        default=Value(date.max),
        output_field=DateField(),
    )
    newer = Client.objects.filter(first_order_on__gte=firsts[0]).annotate(until=until)
    # Bounds of each client alone, and a day that is no column: else SQLite reads every document in the order of days.
    day = Coalesce("orders__ordered_on", "first_order_on")
    bought = newer.filter(
        orders__ordered_on__gte=F("first_order_on"), orders__ordered_on__lt=F("until"), orders__cancelled=False
    )
    days = bought.annotate(day=day).values_list("day").annotate(net=Sum("orders__net")).order_by()
    return _by_month((bought_on, net) for bought_on, net in days if stretch[0] <= bought_on <= on)


def _by_month(rows: Iterable[tuple[date, int]]) -> Counter[date]:
    # By day and then by month: the databases cut a date to its month in ways of their own, and SQLite slowly.
    found: Counter[date] = Counter()
    for day, net in rows:
        found[day.replace(day=1)] += net
    return found


def _months_back(month: date, count: int) -> date:
    months = month.year * 12 + month.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)
