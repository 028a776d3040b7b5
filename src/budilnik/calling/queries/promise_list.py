"""One's promises by day: overdue, today, ahead, and how the last ones ended."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from budilnik.calling.models import Callback
from budilnik.calling.queries.alarm import kept_by
from budilnik.calling.queries.promises import open_callbacks, tried_in_time
from budilnik.calling.queries.sight import Sight, own_clients
from budilnik.clients.models import Contact, ContactPerson
from budilnik.core.callbacks import bell
from budilnik.core.policy import Policy
from budilnik.staff.models import Employee
from budilnik.staff.queries import zone_or

AHEAD = timedelta(days=14)
LATELY = timedelta(days=14)
MOST_ENDED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLine:
    """A promise as its keeper reads it. `local_at` is the client's wall time, `here_at` the reader's.

    `day` is when it is to be called; `rings_here`: it is the reader at whom it rings; `rings_again_at` is set after
    a call without an answer or a putting off.
    """

    callback_id: int
    client_id: int
    client: str
    person: str
    about: str
    timed: bool
    day: date
    local_at: datetime
    here_at: datetime
    zone_assumed: bool
    keeper: str
    giver: str
    passed: bool
    rings_here: bool
    overdue: bool
    tried: bool
    rings_again_at: datetime | None
    talked_since: bool
    end: str
    ended_at: datetime | None
    moved_by_client: int = 0
    moved_by_us: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseList:
    """Open promises by when they are due, and those that ended lately, the latest first."""

    overdue: tuple[PromiseLine, ...]
    today: tuple[PromiseLine, ...]
    ahead: tuple[PromiseLine, ...]
    later: tuple[PromiseLine, ...]
    ended: tuple[PromiseLine, ...]

    @property
    def waiting(self) -> int:
        """How many are open."""
        return len(self.overdue) + len(self.today) + len(self.ahead) + len(self.later)


def own_promises(sight: Sight) -> Q:
    """Return whose promises are one's own: to keep, to one's own clients, given by oneself to ownerless ones. No query.

    The same rule as of those who may move one, a head aside.
    """
    me = sight.employee_id
    return kept_by(me) | Q(client__owner_id=me) | Q(client__owner=None, promised_by_id=me)


def promise_list(
    employee: Employee, *, sight: Sight, on: date, now: datetime, policy: Policy, of_team: bool = False
) -> PromiseList:
    """Return one's own promises, or everybody's for those who see all. Three queries, the employee's team aside."""
    whose = Q() if of_team and sight.everyone else own_promises(sight)
    reader = _Reader(
        me=employee.pk,
        on=on,
        now=now,
        company_zone=policy.company_zone,
        here=zone_or(employee.zone or employee.team.zone, policy.company_zone),
    )
    waiting = reader.lines(open_callbacks().filter(whose).order_by("due_at", "pk"))
    ended = Callback.objects.filter(whose, ended_at__gte=now - LATELY).order_by("-ended_at", "-pk")
    lately = reader.lines(ended, most=MOST_ENDED)
    moves = _moves({line.client_id for line in (*waiting, *lately)})
    waiting, lately = _counted(waiting, moves), _counted(lately, moves)
    overdue = [line for line in waiting if line.overdue]
    in_time = [line for line in waiting if not line.overdue]
    return PromiseList(
        overdue=tuple(overdue),
        today=tuple(sorted((line for line in in_time if line.day <= on), key=_by_hour)),
        ahead=tuple(line for line in in_time if on < line.day <= on + AHEAD),
        later=tuple(line for line in in_time if line.day > on + AHEAD),
        ended=tuple(lately),
    )


def _by_hour(line: PromiseLine) -> tuple[bool, datetime]:
    """Sort the promises of a day by their hour; those without one come last."""
    return not line.timed and line.rings_again_at is None, line.rings_again_at or line.here_at


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    me: int
    on: date
    now: datetime
    company_zone: str
    here: ZoneInfo

    def lines(self, rows: QuerySet[Callback], *, most: int | None = None) -> list[PromiseLine]:
        talks = Contact.objects.filter(client_id=OuterRef("client_id"), at__gt=OuterRef("recorded_at"), voided_at=None)
        found = rows.select_related("client", "person", "employee", "promised_by").annotate(
            tried=ExpressionWrapper(tried_in_time(), output_field=BooleanField()),
            mine=ExpressionWrapper(kept_by(self.me), output_field=BooleanField()),
            talked=Exists(talks),
        )
        return [self._line(row, tried=row.tried, talked=row.talked, mine=row.mine) for row in found[:most]]

    def _line(self, row: Callback, *, tried: bool, talked: bool, mine: bool) -> PromiseLine:
        timed = row.local_time is not None
        moments = bell(row.due_at, rings_at=row.rings_at, tried=tried)
        rings = moments.rings_at.astimezone(self.here)
        return PromiseLine(
            callback_id=row.pk,
            client_id=row.client_id,
            client=row.client.name,
            person=row.person.name if row.person else "",
            about=row.about,
            timed=timed,
            day=rings.date() if timed or row.rings_at else row.local_on,
            local_at=row.due_at.astimezone(zone_or(row.zone, self.company_zone)),
            here_at=row.due_at.astimezone(self.here),
            zone_assumed=not row.client.zone,
            keeper=row.employee.name,
            giver=row.promised_by.name,
            passed=row.employee_id != row.promised_by_id,
            rings_here=mine,
            overdue=self.now >= moments.late_at if timed else row.local_on < self.on and not tried,
            tried=tried,
            rings_again_at=rings if row.rings_at and row.rings_at > row.due_at else None,
            talked_since=talked,
            end=row.end,
            ended_at=row.ended_at,
        )


def _moves(clients: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Return from which promise each moved one came, and who moved it."""
    moved = Callback.objects.filter(client_id__in=clients, moved_to__isnull=False)
    return {to: (pk, end) for pk, to, end in moved.values_list("pk", "moved_to_id", "end") if to is not None}


def _counted(lines: Sequence[PromiseLine], moves: dict[int, tuple[int, str]]) -> list[PromiseLine]:
    """Count how often each promise was moved before it came to where it stands, and by whom."""
    counted = []
    for line in lines:
        by: Counter[str] = Counter()
        number = line.callback_id
        while number in moves:
            number, end = moves[number]
            by[end] += 1
        counted.append(replace(line, moved_by_client=by["moved_by_client"], moved_by_us=by["moved_by_us"]))
    return counted


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseAtHand:
    """One promise to be moved or passed on. `local_at` is the client's wall time, `local_now` his clock at present."""

    callback_id: int
    client_id: int
    client: str
    person: str
    about: str
    timed: bool
    zone: str
    local_at: datetime
    local_now: datetime
    zone_assumed: bool
    keeper_id: int
    ended: bool


def promise_at_hand(callback_id: int, *, sight: Sight, now: datetime, policy: Policy) -> PromiseAtHand | None:
    """Return one's own promise, or anybody's for those who see all; None if there is none. One query."""
    whose = Q() if sight.everyone else own_promises(sight)
    row = Callback.objects.filter(whose, pk=callback_id).select_related("client", "person").first()
    if row is None:
        return None
    zone = zone_or(row.zone, policy.company_zone)
    return PromiseAtHand(
        callback_id=row.pk,
        client_id=row.client_id,
        client=row.client.name,
        person=row.person.name if row.person else "",
        about=row.about,
        timed=row.local_time is not None,
        zone=zone.key,
        local_at=row.due_at.astimezone(zone),
        local_now=now.astimezone(zone),
        zone_assumed=not row.client.zone,
        keeper_id=row.employee_id,
        ended=row.ended_at is not None,
    )


def local_moment(callback_id: int, *, policy: Policy) -> tuple[datetime, bool]:
    """Return when a promise rings by the client's clock, and whether it has an hour. One query."""
    row = Callback.objects.only("due_at", "zone", "local_time").get(pk=callback_id)
    return row.due_at.astimezone(zone_or(row.zone, policy.company_zone)), row.local_time is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAtHand:
    """A client to whom a call may be promised. `people` are those still there, number and name."""

    client_id: int
    name: str
    zone: str
    zone_assumed: bool
    local_now: datetime
    people: tuple[tuple[int, str], ...]


def client_at_hand(client_id: int, *, sight: Sight, now: datetime, policy: Policy) -> ClientAtHand | None:
    """Return one's own client, or any for those who see all; None if there is none. Two queries."""
    row = own_clients(sight).filter(pk=client_id).only("pk", "name", "zone").first()
    if row is None:
        return None
    people = ContactPerson.objects.filter(client=row, left_on=None).order_by("name")
    zone = zone_or(row.zone, policy.company_zone)
    return ClientAtHand(
        client_id=row.pk,
        name=row.name,
        zone=zone.key,
        zone_assumed=not row.zone,
        local_now=now.astimezone(zone),
        people=tuple(people.values_list("pk", "name")),
    )
