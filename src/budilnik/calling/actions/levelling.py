"""Levelling the base: looked at first, done in one transaction, taken back within a day."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import blake2b
from itertools import batched
from typing import ClassVar

from django.db import transaction

from budilnik.calling.actions.leaving import PreviewOutOfDate
from budilnik.calling.actions.people import move_clients, require_head
from budilnik.calling.models import Levelling
from budilnik.calling.queries.levelling import Asked, Kept, Person, ProposedMove, Table, table_of
from budilnik.clients.actions import marks
from budilnik.clients.models import Client, Tenure
from budilnik.clients.queries.base import locks_of
from budilnik.core.balance import Aim, Balance, Missing, balance, what_is_missing
from budilnik.core.policy import Policy
from budilnik.core.refusal import Refusal
from budilnik.core.room import calls_missing, people_missing
from budilnik.core.terms import Role
from budilnik.staff.actions import audit, audit_many
from budilnik.staff.models import AuditEntry, Employee
from budilnik.staff.queries import rules_on, work_calendar

BATCH = 2_000
LEVELLED, UNDONE = "levelled", "level_undone"
_CALENDAR_AHEAD = timedelta(days=30)


class NothingToLevel(Refusal):
    """No move would cover a client more."""

    ru = "Передавать некого: ни одна передача не поможет."
    en = "There is nobody to move: no move would help."


class WhyLevel(Refusal):
    """A levelling is made for a reason that others can read later."""

    ru = "Напишите, почему выравниваете базу."
    en = "Write why the base is levelled."


class NoSuchLevelling(Refusal):
    """There is no levelling of that number."""

    ru = "Такого выравнивания нет."
    en = "There is no such levelling."
    status: ClassVar[int] = 404


class UndoneAlready(Refusal):
    """Somebody has taken the levelling back."""

    ru = "Это выравнивание уже отменено."
    en = "This levelling has been undone already."
    status: ClassVar[int] = 409


class TooLateToUndo(Refusal):
    """The day within which a levelling may be taken back is over."""

    ru = "Отменить можно было до конца дня {until}. Передайте клиентов новым выравниванием или вручную."
    en = "It could be undone until the end of {until}. Move the clients by a new levelling or by hand."
    status: ClassVar[int] = 409


class NobodyToPinTo(Refusal):
    """A client without a manager cannot be pinned to him."""

    ru = "У клиента нет менеджера: закреплять не за кем."
    en = "The client has no manager to be pinned to."


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """How many clients a manager has, and what they are worth. Units: value in kopecks."""

    clients: int
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedRow:
    """One manager before and after. Units: `room` in clients he can cover; `days` he works of the window."""

    employee_id: int
    name: str
    room: int
    days: int
    share: float
    leaves: bool
    before: Side
    after: Side
    given: int
    taken: int

    @property
    def covered_before(self) -> float | None:
        """The share of his clients that he can reach now; None without clients."""
        return _covered(self.room, self.before.clients)

    @property
    def covered_after(self) -> float | None:
        """The share of his clients that he could reach then."""
        return _covered(self.room, self.after.clients)


def _covered(room: int, clients: int) -> float | None:
    return min(1.0, room / clients) if clients else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a levelling would do. `digest` stands for all of it: it is refused when that is no longer the same.

    `uncovered_before` and `uncovered` are clients nobody can cover; `more_people` or `more_calls` a day would.
    """

    asked: Asked
    people: tuple[Person, ...]
    rows: tuple[ProposedRow, ...]
    total: ProposedRow
    moves: tuple[ProposedMove, ...]
    kept: Kept
    days: int
    full_room: int
    uncovered_before: int
    uncovered: int
    stranded: int
    limited: bool
    missing: Missing | None
    more_people: int
    more_calls: int
    digest: str = ""

    @property
    def moved_value(self) -> int:
        """What the clients who would move are worth. Units: kopecks."""
        return sum(move.value for move in self.moves)


def propose(asked: Asked, *, on: date, policy: Policy) -> Proposal:
    """Return what a levelling would do, by the rule that does it; nothing is written."""
    table = table_of(asked, on=on, policy=policy)
    told = balance(table.clients, seats=table.seats, aim=asked.aim, at_most=asked.at_most, by_value=asked.by_value)
    rows = _rows(table, told)
    missing = None
    if told.uncovered and not told.limited:
        missing = what_is_missing(table.clients, seats=table.seats, uncovered=told.uncovered)
    proposal = Proposal(
        asked=asked,
        people=table.people,
        rows=rows,
        total=_sum(rows),
        moves=_moves(table, told, rows, aim=asked.aim),
        kept=table.kept,
        days=table.days,
        full_room=table.full_room,
        uncovered_before=sum(max(0, row.before.clients - row.room) for row in rows),
        uncovered=told.uncovered,
        stranded=told.stranded,
        limited=told.limited,
        missing=missing,
        more_people=people_missing(told.uncovered, room=table.full_room) if table.full_room else 0,
        more_calls=calls_missing(
            told.uncovered, days=table.days, reach=policy.reach_rate, pool_share=policy.pool_share
        ),
    )
    return replace(proposal, digest=_digest(proposal))


def _rows(table: Table, told: Balance) -> tuple[ProposedRow, ...]:
    values = {each.client_id: each.value for each in table.clients}
    count, worth = Counter[int](), Counter[int]()
    for each in table.clients:
        count[each.owner_id] += 1
        worth[each.owner_id] += each.value
    given, taken, change = Counter[int](), Counter[int](), Counter[int]()
    for move in told.moves:
        given[move.from_id] += 1
        taken[move.to_id] += 1
        change[move.from_id] -= values[move.client_id]
        change[move.to_id] += values[move.client_id]
    return tuple(
        ProposedRow(
            employee_id=who,
            name=person.name,
            room=person.seat.room,
            days=person.days,
            share=person.share,
            leaves=person.seat.leaves,
            before=Side(clients=count[who], value=worth[who]),
            after=Side(clients=count[who] - given[who] + taken[who], value=worth[who] + change[who]),
            given=given[who],
            taken=taken[who],
        )
        for person in table.people
        if person.seat and (who := person.employee_id)
    )


def _sum(rows: Sequence[ProposedRow]) -> ProposedRow:
    return ProposedRow(
        employee_id=0,
        name="",
        room=sum(row.room for row in rows),
        days=sum(row.days for row in rows),
        share=0.0,
        leaves=False,
        before=_side([row.before for row in rows]),
        after=_side([row.after for row in rows]),
        given=sum(row.given for row in rows),
        taken=sum(row.taken for row in rows),
    )


def _side(sides: Sequence[Side]) -> Side:
    return Side(clients=sum(side.clients for side in sides), value=sum(side.value for side in sides))


def _moves(table: Table, told: Balance, rows: Sequence[ProposedRow], *, aim: Aim) -> tuple[ProposedMove, ...]:
    """Return the moves, the dearest first, each with the reason why its owner gives somebody."""
    values = {each.client_id: each.value for each in table.clients}
    known = {row.employee_id: row for row in rows}
    moves = [
        ProposedMove(
            client_id=move.client_id,
            from_id=move.from_id,
            to_id=move.to_id,
            value=values[move.client_id],
            why=_why(known[move.from_id], known[move.to_id], aim),
        )
        for move in told.moves
    ]
    return tuple(sorted(moves, key=lambda move: (-move.value, move.client_id)))


def _why(giver: ProposedRow, taker: ProposedRow, aim: Aim) -> str:
    if giver.leaves:
        return "leaves"
    if giver.before.clients > giver.room and (aim is Aim.FEWEST or taker.before.clients < taker.room):
        return "above"
    return "even" if aim is Aim.EVEN else "chain"


def _digest(proposal: Proposal) -> str:
    told = (proposal.asked.facts(), proposal.rows, proposal.moves, proposal.uncovered)
    return blake2b(repr(told).encode(), digest_size=16).hexdigest()


@transaction.atomic
def level_base(*, asked: Asked, seen: str, why: str, by: Employee | None, on: date, now: datetime) -> int:
    """Move the clients of a proposal that was looked at, all of them or none; return the number of the levelling.

    Open tasks and promises go along. `seen` is the digest of the proposal confirmed.
    Raises: OnlyTheHead, WhyLevel, PreviewOutOfDate, NothingToLevel.
    """
    head = require_head(by)
    if not why.strip():
        raise WhyLevel
    # Of two heads at once the second waits here, and then sees that the base is no longer what he looked at.
    managers = Employee.objects.select_for_update(no_key=True).filter(role=Role.MANAGER.value)
    list(managers.order_by("pk").values_list("pk"))
    policy = rules_on(on).policy
    proposal = propose(asked, on=on, policy=policy)
    if proposal.digest != seen or not _still_theirs({move.client_id: move.from_id for move in proposal.moves}):
        raise PreviewOutOfDate
    if not proposal.moves:
        raise NothingToLevel
    moves = {move.client_id: move.to_id for move in proposal.moves}
    _move(moves, why=LEVELLED, by=head, on=on, now=now)
    row = Levelling.objects.create(
        on=on,
        at=now,
        by=head,
        why=why.strip()[:240],
        asked=asked.facts(),
        moves=[[move.client_id, move.from_id, move.to_id] for move in proposal.moves],
        undo_until=_undo_until(on, policy),
    )
    facts: dict[str, object] = {"clients": len(moves), "asked": asked.facts()}
    audit("base_levelled", by=head, now=now, subject="levelling", subject_id=row.pk, facts=facts)
    return row.pk


def _still_theirs(owners: Mapping[int, int]) -> bool:
    """Lock the clients and say whether they still have these owners: a call or a colleague may have been quicker."""
    for some in batched(sorted(owners), BATCH, strict=False):
        rows = Client.objects.select_for_update().filter(pk__in=some, archived_on=None, stopped_on=None)
        found = dict(rows.order_by("pk").values_list("pk", "owner_id"))
        if found != {client: owners[client] for client in some}:
            return False
    return True


def _move(moves: Mapping[int, int], *, why: str, by: Employee, on: date, now: datetime) -> None:
    for some in batched(sorted(moves.items()), BATCH, strict=False):
        move_clients(dict(some), why=why, by=by, on=on, now=now)
    facts: dict[int, dict[str, object]] = {client: {"to": to, "why": why} for client, to in moves.items()}
    audit_many("owner_changed", by=by, now=now, subject="client", facts=facts)


def _undo_until(on: date, policy: Policy) -> date:
    calendar = work_calendar(country=policy.calendar, first=on, last=on + _CALENDAR_AHEAD)
    return calendar.next_working_after(on)


@transaction.atomic
def undo_levelling(*, levelling_id: int, by: Employee | None, on: date, now: datetime) -> int:
    """Give back every client who is still where the levelling put him; return how many went back.

    One whose owner has changed since, whose former owner has left or lost him meanwhile, who was pinned since, or who
    is archived stays; the levelling keeps who and why.
    Raises: OnlyTheHead, NoSuchLevelling, UndoneAlready, TooLateToUndo.
    """
    head = require_head(by)
    row = Levelling.objects.select_for_update(of=("self",)).filter(pk=levelling_id).first()
    if row is None:
        raise NoSuchLevelling
    if row.undone_at is None and on > row.undo_until:
        raise TooLateToUndo(until=row.undo_until)
    if Levelling.objects.filter(pk=levelling_id, undone_at=None).update(undone_at=now, undone_by=head) != 1:
        raise UndoneAlready
    stayed = _stay(row, on=on)
    back = {client: giver for client, giver, _taker in row.moves if client not in stayed}
    _move(back, why=UNDONE, by=head, on=on, now=now)
    Levelling.objects.filter(pk=levelling_id).update(stayed={str(client): why for client, why in stayed.items()})
    facts: dict[str, object] = {"returned": len(back), "stayed": len(stayed)}
    audit("levelling_undone", by=head, now=now, subject="levelling", subject_id=levelling_id, facts=facts)
    return len(back)


def _stay(row: Levelling, *, on: date) -> dict[int, str]:
    """Return the clients who do not go back, with the code why."""
    working = set(Employee.objects.working(on).values_list("pk", flat=True))
    stayed: dict[int, str] = {}
    for some in batched(row.moves, BATCH, strict=False):
        clients = [client for client, _giver, _taker in some]
        now_held = _held(clients, since=row)
        pinned, locks = _pinned_since(clients, row.at), locks_of(clients)
        for client, giver, taker in some:
            doubts = {
                "owner": now_held.get(client) != taker,
                "gone": giver not in working,
                "locked": giver in locks.get(client, ()),
                "pinned": client in pinned,
            }
            if why := next((doubt for doubt, holds in doubts.items() if holds), ""):
                stayed[client] = why
    return stayed


def _held(clients: Sequence[int], *, since: Levelling) -> dict[int, int]:
    """Lock the clients and return whose they are by that levelling; whoever went another way since is left out."""
    rows = Client.objects.select_for_update().filter(pk__in=clients, archived_on=None)
    list(rows.order_by("pk").values_list("pk"))
    own = Tenure.objects.filter(until_on=None, why_from=LEVELLED, from_on=since.on, client__in=rows.order_by())
    return dict(own.values_list("client_id", "employee_id"))


def _pinned_since(clients: Sequence[int], moment: datetime) -> set[int]:
    entries = AuditEntry.objects.filter(subject="client", subject_id__in=clients, action="client_pinned")
    since = [number for number in entries.filter(at__gt=moment).values_list("subject_id", flat=True) if number]
    return set(Client.objects.filter(pk__in=since, pinned=True).values_list("pk", flat=True))


@transaction.atomic
def pin_client(*, client_id: int, pinned: bool, by: Employee | None, now: datetime) -> None:
    """Keep a client with his manager when the base is levelled, or let him be moved again.

    Raises: OnlyTheHead, NobodyToPinTo.
    """
    head = require_head(by)
    if pinned and not Client.objects.filter(pk=client_id).exclude(owner=None).exists():
        raise NobodyToPinTo
    marks.pin(client_id, pinned=pinned)
    facts: dict[str, object] = {"pinned": pinned}
    audit("client_pinned", by=head, now=now, subject="client", subject_id=client_id, facts=facts)
