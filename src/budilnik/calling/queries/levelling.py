"""What a levelling looks at: who owns whom, who can cover how many, who must not move; and levellings made before."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from budilnik.calling.models import Levelling
from budilnik.calling.queries.sight import Sight, seen_clients
from budilnik.clients.models import Client, Loss
from budilnik.core.balance import Aim, Owned, Seat
from budilnik.core.dates import WorkCalendar
from budilnik.core.hours import HoursBook
from budilnik.core.naming import sort_key
from budilnik.core.policy import Policy
from budilnik.core.room import room_for
from budilnik.core.terms import Role
from budilnik.sales.models import ClientProfile
from budilnik.staff.actions.workloads import LoadStep, planned_loads
from budilnik.staff.models import Employee
from budilnik.staff.queries import StaffMember, staff_in_service, work_calendar, zone_or

# Sixty-two working days never take longer, the holidays of January among them.
LOOK_AHEAD = timedelta(days=120)
LINES = 50
LATELY = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the head asks of a levelling. `out` takes no part, `leaver` gives everybody, `shares` are loads tried.

    Units: `at_most` in moves; shares in 0..1 of a full load.
    """

    aim: Aim = Aim.FEWEST
    by_value: bool = False
    keep_a: bool = False
    at_most: int | None = None
    leaver: int | None = None
    out: frozenset[int] = frozenset()
    shares: tuple[tuple[int, float], ...] = ()

    def facts(self) -> dict[str, object]:
        """Return it as plain values: so it is stored with the levelling."""
        return {
            "aim": self.aim.value,
            "by_value": self.by_value,
            "keep_a": self.keep_a,
            "at_most": self.at_most,
            "leaver": self.leaver,
            "out": sorted(self.out),
            "shares": [list(pair) for pair in self.shares],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A manager who owns clients. `days` he works of the window; `seat` is None for one who takes no part."""

    employee_id: int
    name: str
    days: int
    left_on: date | None
    share: float
    seat: Seat | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How many clients of those at the table must not move, and why; one who is so twice counts by the first."""

    pinned: int
    protected: int
    dear: int
    grouped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Everything a levelling is decided by. Units: `days` of the window; `full_room` of one with a full load."""

    people: tuple[Person, ...]
    clients: tuple[Owned, ...]
    kept: Kept
    days: int
    full_room: int

    @property
    def seats(self) -> list[Seat]:
        """The seats of those who take part."""
        return [person.seat for person in self.people if person.seat]


def table_of(asked: Asked, *, on: date, policy: Policy) -> Table:
    """Return what a levelling is decided by. Seven queries, one more when the dearest class stays."""
    calendar = work_calendar(country=policy.calendar, first=on, last=on + LOOK_AHEAD)
    window = calendar.window(on, count=policy.horizon_days)
    staff = {m.employee_id: m for m in staff_in_service(on) if m.role is Role.MANAGER}
    people = _people(asked, staff, calendar=calendar, window=window, policy=policy, on=on)
    at_table = [person.employee_id for person in people if person.seat]
    clients, kept = _clients(asked, [staff[who] for who in at_table], on=on, policy=policy)
    full = [1.0] * len(window)
    return Table(
        people=people,
        clients=clients,
        kept=kept,
        days=len(window),
        full_room=room_for(full, norm=policy.norm, reach=policy.reach_rate, pool_share=policy.pool_share),
    )


def _people(
    asked: Asked,
    staff: Mapping[int, StaffMember],
    *,
    calendar: WorkCalendar,
    window: Sequence[date],
    policy: Policy,
    on: date,
) -> tuple[Person, ...]:
    steps = defaultdict[int, list[LoadStep]](list)
    for step in planned_loads(on):
        steps[step.employee_id].append(step)
    leaving = dict(Employee.objects.filter(pk__in=list(staff), left_on__gt=on).values_list("pk", "left_on"))
    tried = dict(asked.shares)
    found = []
    for who, member in staff.items():
        own = calendar.without((span.from_on, span.until_on) for span in member.absences)
        left_on = leaving.get(who)
        days = [day for day in window if own.is_working(day) and (left_on is None or day < left_on)]
        shares = [tried[who]] * len(days) if who in tried else _shares(member, steps[who], days)
        pool_share = policy.pool_share if member.role.value in policy.pool_roles else 0.0
        room = room_for(shares, norm=member.norm, reach=policy.reach_rate, pool_share=pool_share)
        leaves = who == asked.leaver or not days or (left_on is not None and left_on <= window[-1])
        seat = Seat(employee_id=who, room=0 if leaves else room, takes=room > 0 and not leaves, leaves=leaves)
        found.append(
            Person(
                employee_id=who,
                name=member.name,
                days=len(days),
                left_on=left_on,
                share=sum(shares) / len(shares) if shares else 0.0,
                seat=None if who in asked.out else seat,
            )
        )
    return tuple(sorted(found, key=lambda each: (sort_key(each.name), each.employee_id)))


def _shares(member: StaffMember, steps: Sequence[LoadStep], days: Sequence[date]) -> list[float]:
    """Return the load share of each day: a newcomer's steps are counted day by day."""
    shares = []
    for day in days:
        begun = [step.share for step in steps if step.from_on <= day]
        shares.append(begun[-1] if begun else member.load_share)
    return shares


def _clients(
    asked: Asked, members: Sequence[StaffMember], *, on: date, policy: Policy
) -> tuple[tuple[Owned, ...], Kept]:
    owners = [member.employee_id for member in members]
    barred = _Barred(owners=members, on=on, policy=policy)
    dear = _dearest() if asked.keep_a else frozenset[int]()
    rows = list(
        Client.objects.callable()
        .filter(owner__in=owners)
        .values_list("pk", "owner_id", "value", "zone", "group_id", "pinned", "protected")
    )
    groups = Counter((owner, group) for _pk, owner, _value, _zone, group, *_marks in rows if group)
    kept: Counter[str] = Counter()
    clients = []
    for number, owner, value, zone, group, pinned, protected in rows:
        marks = {
            "pinned": pinned,
            "protected": protected,
            "dear": number in dear,
            "grouped": groups[owner, group] > 1,
        }
        why = next((mark for mark, holds in marks.items() if holds), "")
        kept[why] += 1
        clients.append(
            Owned(
                client_id=number,
                owner_id=owner or 0,
                value=value,
                barred=barred.of(number, zone),
                fixed=bool(why),
            )
        )
    counts = Kept(pinned=kept["pinned"], protected=kept["protected"], dear=kept["dear"], grouped=kept["grouped"])
    return tuple(clients), counts


def _dearest() -> frozenset[int]:
    return frozenset(ClientProfile.objects.in_force().filter(abc="A").values_list("client_id", flat=True))


class _Barred:
    """Who must not get a client: who lost him, and who has no hour in common with him."""

    def __init__(self, *, owners: Sequence[StaffMember], on: date, policy: Policy) -> None:
        numbers = [member.employee_id for member in owners]
        self._zones = [(member.employee_id, member.zone) for member in owners]
        self._hours = HoursBook(
            on=on,
            zone_of=lambda name: zone_or(name, policy.company_zone),
            clients=policy.hours_of_clients,
            employees=policy.hours_of_employees,
        )
        self._apart: dict[str, frozenset[int]] = {}
        self._locks = defaultdict[int, set[int]](set)
        locks = Loss.objects.filter(voided_at=None, lifted_at=None, client__owner__in=numbers)
        for client, loser in locks.values_list("client_id", "employee_id"):
            self._locks[client].add(loser)

    def of(self, client: int, zone: str) -> frozenset[int]:
        """Return the employees who must not get a client of a zone."""
        if zone not in self._apart:
            self._apart[zone] = self._hours.without_common(zone, self._zones)
        losers = self._locks.get(client)
        return self._apart[zone] | losers if losers else self._apart[zone]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedMove:
    """A client who would change hands, and why: the code of what is wrong with his owner. Units: value in kopecks."""

    client_id: int
    from_id: int
    to_id: int
    value: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLine:
    """A client of the list of moves. Units: value in kopecks."""

    client_id: int
    name: str
    city: str
    value: int
    giver: str
    taker: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MovesPage:
    """A page of the moves of a proposal, of one manager or of all, the dearest first."""

    lines: tuple[MoveLine, ...]
    whose: int | None
    page: int
    total: int

    @property
    def has_next(self) -> bool:
        """Say whether there are more."""
        return self.page * LINES < self.total


def moves_page(
    moves: Sequence[ProposedMove], *, people: Sequence[Person], whose: int | None, page: int, sight: Sight
) -> MovesPage:
    """Return a page of the moves with the names of clients and managers. One query."""
    called = {person.employee_id: person.name for person in people}
    wanted = [move for move in moves if whose is None or whose in (move.from_id, move.to_id)]
    shown = wanted[(page - 1) * LINES : page * LINES]
    rows = seen_clients(sight).filter(pk__in=[move.client_id for move in shown]).values_list("pk", "name", "city")
    names = {number: (name, city) for number, name, city in rows}
    lines = [
        MoveLine(
            client_id=move.client_id,
            name=names[move.client_id][0],
            city=names[move.client_id][1],
            value=move.value,
            giver=called[move.from_id],
            taker=called[move.to_id],
            why=move.why,
        )
        for move in shown
        if move.client_id in names
    ]
    return MovesPage(lines=tuple(lines), whose=whose, page=page, total=len(wanted))


@dataclass(frozen=True, slots=True, kw_only=True)
class LevellingSeen:
    """A levelling made before. `lines` tell how many went from whom to whom; `stayed` how many did not return by why.

    `may_undo` says that its day is not over and nobody has taken it back.
    """

    levelling_id: int
    on: date
    at: datetime
    by: str
    why: str
    moved: int
    undo_until: date
    undone_at: datetime | None
    undone_by: str
    may_undo: bool
    lines: tuple[tuple[str, str, int], ...]
    stayed: tuple[tuple[str, int], ...]

    @property
    def returned(self) -> int:
        """How many went back, once it is undone."""
        return self.moved - sum(count for _why, count in self.stayed) if self.undone_at else 0


def levellings(*, on: date, only: int | None = None) -> tuple[LevellingSeen, ...]:
    """Return the levellings of the last ninety days, the newest first, or the one asked for. Two queries."""
    rows = Levelling.objects.select_related("by", "undone_by").order_by("-pk")
    rows = rows.filter(on__gte=on - LATELY) if only is None else rows.filter(pk=only)
    names = dict(Employee.objects.values_list("pk", "name"))
    return tuple(_seen(row, names, on=on) for row in rows)


def _seen(row: Levelling, names: Mapping[int, str], *, on: date) -> LevellingSeen:
    lines = Counter((giver, taker) for _client, giver, taker in row.moves)
    return LevellingSeen(
        levelling_id=row.pk,
        on=row.on,
        at=row.at,
        by=row.by.name if row.by else "",
        why=row.why,
        moved=len(row.moves),
        undo_until=row.undo_until,
        undone_at=row.undone_at,
        undone_by=row.undone_by.name if row.undone_by else "",
        may_undo=row.undone_at is None and on <= row.undo_until,
        lines=tuple(sorted(_told(lines, names))),
        stayed=tuple(sorted(Counter(row.stayed.values()).items())),
    )


def _told(lines: Counter[tuple[int, int]], names: Mapping[int, str]) -> Iterator[tuple[str, str, int]]:
    for (giver, taker), count in lines.items():
        yield names.get(giver, ""), names.get(taker, ""), count
