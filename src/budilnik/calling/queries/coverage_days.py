"""Coverage weighted by the days owned, and the clients who left an owner without having been contacted."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Case, Count, DateField, Exists, F, OuterRef, Q, Value, When

from budilnik.clients.models import Contact, Tenure
from budilnik.core.coverage import DaysHeld, Held, Stretch, days_held
from budilnik.core.dates import ONE_DAY
from budilnik.core.naming import sort_key
from budilnik.staff.models import Employee


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedDays:
    """What an employee owned over a period. `gone` are the clients who left him in it without a contact in it."""

    held: DaysHeld = field(default_factory=DaysHeld)
    gone: int = 0

    @property
    def covered_share(self) -> float | None:
        """Coverage weighted by the days owned."""
        return self.held.covered_share

    def __add__(self, other: "OwnedDays") -> "OwnedDays":
        """Put two together."""
        return OwnedDays(held=self.held + other.held, gone=self.gone + other.gone)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysLine:
    """What one employee owned; no name for all together."""

    employee_id: int
    name: str
    owned: OwnedDays


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysOfAll:
    """What everybody owned over a period."""

    within: Stretch
    lines: tuple[DaysLine, ...]
    total: OwnedDays


def coverage_by_days(*, within: Stretch) -> DaysOfAll:
    """Return what each employee owned within a period, of the clients who may be called now. Three queries."""
    held, gone = _held(within), _gone(within)
    owned = {who: OwnedDays(held=held.get(who, DaysHeld()), gone=gone.get(who, 0)) for who in {*held, *gone}}
    names = dict(Employee.objects.filter(pk__in=list(owned)).values_list("pk", "name"))
    return DaysOfAll(
        within=within,
        lines=tuple(
            DaysLine(employee_id=who, name=names[who], owned=owned[who])
            for who in sorted(owned, key=lambda who: (sort_key(names[who]), who))
        ),
        total=sum(owned.values(), OwnedDays()),
    )


def _held(within: Stretch) -> dict[int, DaysHeld]:
    overlaps = Q(from_on__lt=within.last) & (Q(until_on=None) | Q(until_on__gte=within.first))
    tenures = Tenure.objects.filter(overlaps, client__archived_on=None, client__stopped_on=None)
    contacted = Contact.objects.filter(
        client=OuterRef("client"), voided_at=None, on__gte=within.first, on__lte=within.last
    )
    # Cut to the period first: then those who were his all along are one row.
    begins = Case(When(from_on__lt=within.first, then=Value(within.first - ONE_DAY)), default=F("from_on"))
    ends = Case(When(until_on__lt=within.last, then=F("until_on")), default=Value(None, output_field=DateField()))
    rows = (
        tenures.annotate(begins=begins, ends=ends)
        .values_list("employee_id", "begins", "ends")
        .annotate(clients=Count("pk"), covered=Count("pk", filter=Q(Exists(contacted))))
    )
    return days_held(
        (
            Held(employee_id=who, from_on=since, until_on=until, clients=clients, covered=covered)
            for who, since, until, clients, covered in rows.order_by()
        ),
        within=within,
    )


def _gone(within: Stretch) -> dict[int, int]:
    before = Contact.objects.filter(
        client=OuterRef("client"), voided_at=None, on__gte=within.first, on__lte=OuterRef("until_on")
    )
    ended = Tenure.objects.filter(
        until_on__gte=within.first, until_on__lte=within.last, client__archived_on=None, client__stopped_on=None
    )
    # Given and taken back on one day he was nobody's a day longer.
    left = ended.filter(from_on__lt=F("until_on")).exclude(Exists(before))
    found: dict[int, int] = defaultdict(int)
    for who, clients in left.values_list("employee_id").annotate(n=Count("client", distinct=True)).order_by():
        found[who] += clients
    return dict(found)
