"""The list of clients and the search over it, for one's own clients or the whole base."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from heapq import nsmallest
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery

from budilnik.calling.queries.card import days_until_lost
from budilnik.calling.queries.covered import Coverage, counted_as
from budilnik.calling.queries.sight import Sight, own_clients, seen_clients
from budilnik.clients.models import Client, ClientQuerySet, Phone
from budilnik.core.policy import Policy
from budilnik.core.search import Asked
from budilnik.core.status import Silence, last_day_kept
from budilnik.core.terms import ClientStatus
from budilnik.sales.models import ClientProfile
from budilnik.staff.models import Employee

PAGE = 50
MOST_STRANGERS = 10
ARCHIVED, POOL, NOBODY, UNKNOWN = "archived", "pool", "nobody", "unknown"


class Sort(StrEnum):
    """What the list is ordered by: fewest days left first, longest silence first, dearest first, A to Z."""

    LEFT = "left"
    SILENCE = "silence"
    VALUE = "value"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which part of the list is asked for. `owner` is a number, "pool" or "nobody"; only leaders may choose it.

    `classes` are names of classes of the profile with their wanted values, `threatened` those who may be leaving or
    whose basket narrows, `coverage` a figure of the coverage board.
    """

    status: str = ""
    owner: str = ""
    sort: Sort = Sort.LEFT
    page: int = 1
    classes: tuple[tuple[str, str], ...] = ()
    threatened: bool = False
    coverage: Coverage | None = None

    def wants(self, name: str) -> str:
        """Return the value that is asked for of one class, or nothing."""
        return dict(self.classes).get(name, "")

    @property
    def abc(self) -> str:
        """The class by revenue that is asked for."""
        return self.wants("abc")

    @property
    def narrower(self) -> tuple[tuple[str, str], ...]:
        """What is asked for besides the class by revenue; a link sets it, no field does."""
        return tuple((name, value) for name, value in self.classes if name != "abc")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLine:
    """A client of the list. Units: value in kopecks a year; `days_left` None for whom no silence can lose."""

    client_id: int
    name: str
    city: str
    status: str
    abc: str
    days_silent: int
    days_left: int | None
    value: int
    last_order_on: date | None
    last_talk_on: date | None
    owner: str
    in_pool: bool
    protected: bool
    stopped: bool
    archived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """One page of the list or of what was found. `counts` are clients by status, "" for all; empty for a search."""

    lines: tuple[ClientLine, ...]
    page: int
    more: bool
    counts: dict[str, int] = field(default_factory=dict)
    total: int = 0

    @property
    def pages(self) -> int:
        """How many pages the list has; 0 when nobody has counted."""
        return -(-self.total // PAGE)

    @property
    def previous(self) -> int:
        """The page before this one."""
        return self.page - 1

    @property
    def next(self) -> int:
        """The page after this one."""
        return self.page + 1


def clients_of(sight: Sight, *, wanted: Wanted, on: date, policy: Policy) -> ListPage:
    """Return a page of the list with the counts of its tabs.

    Two queries; three when ordered by days left, or four where the page reaches those whom no silence can lose.
    """
    counts = _counts(sight, wanted, on=on, policy=policy)
    rows = narrowed_clients(sight, wanted, on=on, policy=policy)
    first = (wanted.page - 1) * PAGE
    if wanted.sort is Sort.LEFT:
        numbers = _by_days_left(rows, policy=policy, upto=first + PAGE + 1)[first:]
        lines = lines_of(Client.objects.filter(pk__in=numbers), on=on, policy=policy)
        places = {number: place for place, number in enumerate(numbers)}
        lines.sort(key=lambda line: places[line.client_id])
    else:
        lines = lines_of(rows.order_by(*ORDER[wanted.sort])[first : first + PAGE + 1], on=on, policy=policy)
    return ListPage(
        lines=tuple(lines[:PAGE]),
        page=wanted.page,
        more=len(lines) > PAGE,
        counts=counts,
        total=counts.get(wanted.status, 0),
    )


ORDER: dict[Sort, tuple[str, ...]] = {
    Sort.SILENCE: ("silent_since", "pk"),
    Sort.VALUE: ("-value", "pk"),
    Sort.NAME: ("sort_key", "pk"),
}


def _owned_as(rows: ClientQuerySet, sight: Sight, owner: str) -> ClientQuerySet:
    if not (sight.everyone and owner):
        return rows
    if owner == POOL:
        return rows.filter(in_pool_since__isnull=False)
    if owner == NOBODY:
        return rows.filter(owner=None, in_pool_since=None)
    return rows.filter(owner_id=int(owner)) if owner.isdecimal() and len(owner) < 18 else rows.none()


def _scope(rows: ClientQuerySet, sight: Sight, wanted: Wanted) -> ClientQuerySet:
    """Leave whom the filters besides the status want."""
    owned = _owned_as(rows, sight, wanted.owner)
    if wanted.threatened:
        owned = owned.filter(Q(leaving=True) | Q(narrowed=True))
    for name, value in wanted.classes:
        owned = owned.filter(_of_class(name, value))
    return owned


def _of_class(name: str, value: str) -> Q:
    """A class by potential is that of a known one; whose class is unknown is in none."""
    known = Q(by_potential=True) if name == "abcd" else Q()
    if value == UNKNOWN:
        return ~Q(Exists(_profile().filter(known).exclude(**{name: ""})))
    return Q(Exists(_profile().filter(known, **{name: value})))


def _covered(rows: ClientQuerySet, wanted: Wanted, on: date, policy: Policy) -> ClientQuerySet:
    """Leave whom a figure of the coverage board counts."""
    return rows.filter(counted_as(wanted.coverage, on=on, policy=policy), stopped_on=None) if wanted.coverage else rows


def _profile() -> QuerySet[ClientProfile]:
    """Return what the latest look says of the client of a row."""
    return ClientProfile.objects.in_force().filter(client=OuterRef("pk"))


def narrowed_clients(sight: Sight, wanted: Wanted, *, on: date, policy: Policy) -> ClientQuerySet:
    """Return the clients of one's list that a filter leaves, in no order. No query yet."""
    return _covered(_with_status(_scope(own_clients(sight), sight, wanted), sight, wanted), wanted, on, policy)


def _with_status(rows: ClientQuerySet, sight: Sight, wanted: Wanted) -> ClientQuerySet:
    if wanted.status == ARCHIVED and sight.everyone:
        return _scope(seen_clients(sight).exclude(archived_on=None), sight, wanted)
    return rows.filter(status=wanted.status) if wanted.status else rows


def _counts(sight: Sight, wanted: Wanted, *, on: date, policy: Policy) -> dict[str, int]:
    asked = _scope(seen_clients(sight) if sight.everyone else own_clients(sight), sight, wanted)
    rows = _covered(asked, wanted, on, policy)
    gone = ExpressionWrapper(Q(archived_on__isnull=False), output_field=BooleanField())
    found = list(rows.order_by().values_list("status", gone).annotate(n=Count("pk")))
    counts = {status.value: sum(n for code, gone, n in found if code == status and not gone) for status in ClientStatus}
    counts[""] = sum(counts.values())
    return counts | ({ARCHIVED: sum(n for _, gone, n in found if gone)} if sight.everyone else {})


def _by_days_left(rows: ClientQuerySet, *, policy: Policy, upto: int) -> list[int]:
    """Return the first clients by the last day on which they are kept; whom no silence can lose come after.

    Months are added in Python: the databases differ about 31 August and six months. Nobody is lost before his
    silence has lasted its months, so the longest silences are read until no shorter one can come before them.
    """
    spared = Q(ever_contacted=False) | Q(in_pool_since__isnull=False) | Q(status=ClientStatus.LOST.value)
    columns = ("pk", "silent_since", "agreed_until", "grace_until")
    kept, read = rows.exclude(spared).order_by("silent_since", "pk").values_list(*columns), 4 * upto
    while True:
        some = list(kept[:read])
        first = nsmallest(upto, ((_last_kept(since, agreed, grace, policy), pk) for pk, since, agreed, grace in some))
        if len(some) < read or first[-1][0] < _last_kept(some[-1][1], None, None, policy):
            break
        read *= 4
    numbers = [number for _, number in first]
    if len(numbers) < upto:
        numbers += (
            rows.filter(spared).order_by("silent_since", "pk").values_list("pk", flat=True)[: upto - len(numbers)]
        )
    return numbers


def _last_kept(since: date, agreed: date | None, grace: date | None, policy: Policy) -> date:
    silence = Silence(silent_since=since, ever_contacted=True, agreed_until=agreed, grace_until=grace)
    return last_day_kept(silence, policy=policy.silence)


_SHOWN = (
    "name",
    "city",
    "status",
    "silent_since",
    "ever_contacted",
    "agreed_until",
    "grace_until",
    "in_pool_since",
    "value",
    "last_order_on",
    "last_talk_on",
    "protected",
    "stopped_on",
    "archived_on",
    "owner__name",
)


def lines_of(rows: ClientQuerySet, *, on: date, policy: Policy) -> list[ClientLine]:
    """Return the lines of some clients in their order. One query."""
    told: QuerySet[Client] = rows.select_related("owner").only(*_SHOWN)
    letter = Subquery(_profile().values("abc")[:1])
    return [
        ClientLine(
            client_id=row.pk,
            name=row.name,
            city=row.city,
            status=row.status,
            abc=row.abc or "",
            days_silent=max(0, (on - row.silent_since).days),
            days_left=days_until_lost(row, on=on, policy=policy),
            value=row.value,
            last_order_on=row.last_order_on,
            last_talk_on=row.last_talk_on,
            owner=row.owner.name if row.owner else "",
            in_pool=row.in_pool_since is not None,
            protected=row.protected,
            stopped=row.stopped_on is not None,
            archived=row.archived_on is not None,
        )
        for row in told.annotate(abc=letter)
    ]


def found_clients(sight: Sight, *, asked: Asked, page: int, on: date, policy: Policy) -> ListPage:
    """Return a page of one's clients whom a query may mean, by name. One query."""
    first = (page - 1) * PAGE
    if not asked.means_something:
        return ListPage(lines=(), page=page, more=False)
    rows = own_clients(sight).filter(meant(asked, sight)).order_by("sort_key", "pk")
    lines = lines_of(rows[first : first + PAGE + 1], on=on, policy=policy)
    return ListPage(lines=tuple(lines[:PAGE]), page=page, more=len(lines) > PAGE)


def meant(asked: Asked, sight: Sight) -> Q:
    """Return the condition that a client is one whom a query may mean."""
    named = Q(*(Q(search_key__contains=word) for word in asked.words))
    by_number = _by_number(asked, sight)
    if not by_number:
        return named
    # One list of numbers of clients and not three conditions side by side, or no index serves any of them.
    return Q(pk__in=_mine(sight).filter(named).values("pk").union(*by_number))


def _mine(sight: Sight) -> ClientQuerySet:
    """Return the clients to look among, archived ones too: the list itself leaves them out."""
    return Client.objects.all() if sight.everyone else Client.objects.filter(owner_id=sight.employee_id)


def _by_number(asked: Asked, sight: Sight) -> list[QuerySet[Any, Any]]:
    found: list[QuerySet[Any, Any]] = []
    if asked.inn_start:
        # The lower bound is for SQLite, which looks for no beginning in an index.
        within = _mine(sight).filter(inn__gte=asked.inn_start, inn__startswith=asked.inn_start)
        found.append(within.values("pk"))
    numbers = Q()
    if asked.phone_part:
        numbers |= Q(number__contains=asked.phone_part)
    if asked.phone_start:
        numbers |= Q(number__startswith=asked.phone_start)
    if numbers:
        phones = Phone.objects.filter(numbers)
        mine = phones if sight.everyone else phones.filter(client__owner_id=sight.employee_id)
        found.append(mine.values("client_id"))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A client of somebody else, found by a whole number or ИНН: only what SPEC §14 lets him be asked for.

    `mine_today` says that he stands in today's list, so that his card may be opened.
    """

    client_id: int
    name: str
    owner: str
    status: str
    number: str
    zone: str
    mine_today: bool


def strangers(sight: Sight, *, asked: Asked) -> tuple[Stranger, ...]:
    """Return clients of others who have exactly that number or ИНН. One query, none when nothing whole was given."""
    if sight.everyone or not asked.is_exact:
        return ()
    exact = Q(pk__in=())
    if asked.whole_inn:
        exact |= Q(inn=asked.whole_inn)
    if asked.whole_phone:
        exact |= Q(pk__in=Phone.objects.filter(number=asked.whole_phone).values("client_id"))
    others = Client.objects.alive().filter(exact).exclude(owner_id=sight.employee_id)
    today = Exists(seen_clients(sight).filter(pk=OuterRef("pk")))
    phoned = Exists(Phone.objects.filter(client_id=OuterRef("pk"), number=asked.whole_phone))
    rows = others.annotate(mine_today=today, phoned=phoned).order_by("sort_key", "pk")
    named = rows.values("pk", "name", "status", "zone", "mine_today", "phoned", holder=F("owner__name"))
    return tuple(
        Stranger(
            client_id=row["pk"],
            name=row["name"],
            owner=row["holder"] or "",
            status=row["status"],
            number=asked.whole_phone if row["phoned"] else "",
            zone=row["zone"],
            mine_today=row["mine_today"],
        )
        for row in named[:MOST_STRANGERS]
    )


def may_see(sight: Sight, client_id: int) -> bool:
    """Say whether the page of a client may be opened. One query."""
    return seen_clients(sight).filter(pk=client_id).exists()


def stranger(client_id: int) -> Stranger | None:
    """Return the little that is told of a client whom one was allowed to serve. One query."""
    row = Client.objects.alive().filter(pk=client_id).select_related("owner").first()
    if row is None:
        return None
    return Stranger(
        client_id=row.pk,
        name=row.name,
        owner=row.owner.name if row.owner else "",
        status=row.status,
        number="",
        zone=row.zone,
        mine_today=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Somebody who owns clients."""

    employee_id: int
    name: str


def owners(sight: Sight) -> Sequence[Owner]:
    """Return those who own clients, by name, for the filter of leaders. One query, none for others."""
    if not sight.everyone:
        return ()
    holders = Employee.objects.filter(Exists(Client.objects.filter(owner_id=OuterRef("pk")))).order_by("name", "pk")
    return [Owner(employee_id=pk, name=name) for pk, name in holders.values_list("pk", "name")]
