"""Changes among our own people: a client changes hands, an employee leaves, falls ill, comes back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import ClassVar

from django.db import transaction
from django.db.models import Q, QuerySet

from budilnik.calling.actions.effects import head_in_service
from budilnik.calling.actions.promises import hand_promises
from budilnik.calling.actions.tasks import move_tasks
from budilnik.calling.models import Callback, CallTask, DayPlan
from budilnik.calling.queries.teammates import promises_during
from budilnik.clients.actions import clock, marks, ownership
from budilnik.clients.models import Client
from budilnik.clients.queries.base import loads_of_owners, locks_of
from budilnik.core.levelling import Levelled, Load, level
from budilnik.core.ownership import Away, deadline, falls_to_substitute, may_receive, substitute_for
from budilnik.core.policy import Policy
from budilnik.core.refusal import Refusal
from budilnik.core.seed import Seed
from budilnik.core.status import last_day_kept
from budilnik.core.terms import Queue, Role
from budilnik.staff import actions as staff
from budilnik.staff.actions import audit
from budilnik.staff.models import Employee
from budilnik.staff.queries import StaffMember, rules_on, staff_in_service, work_calendar

_CALENDAR_AHEAD = timedelta(days=60)


class LockedClient(Refusal):
    """A client is not given to one who lost him, unless a head lifts the lock."""

    ru = "{name}: этот сотрудник уже потерял клиентов из списка: {count}. Передать их ему может только руководитель."
    en = "{name}: this employee has lost clients of the list before: {count}. Only a head may give them to him."


class NotInService(Refusal):
    """Clients are given to people who work here."""

    ru = "{name}: сотрудник не работает с {left_on}; выберите другого."
    en = "{name}: this employee has not worked here since {left_on}; choose another one."


class ClientArchived(Refusal):
    """Nobody calls an archived client; he is taken back first."""

    ru = "Клиент в архиве; сначала верните его в базу."
    en = "The client is archived; take him back into the base first."
    status: ClassVar[int] = 409


class ReasonNeeded(Refusal):
    """A lock is lifted for a reason that others can read later."""

    ru = "Напишите, почему снимается запрет."
    en = "Write why the lock is lifted."


class OnlyTheHead(Refusal):
    """Owners, locks, protection and the backlog are the head's to decide."""

    ru = "Это может сделать только руководитель отдела продаж."
    en = "Only the head of sales may do this."


class NotYoursToLift(Refusal):
    """The rules of the firm say who lifts the lock of one who lost a client."""

    ru = "По правилам фирмы запрет снимает другой: посмотрите «Правила», раздел «Пул»."
    en = "By the rules of the firm somebody else lifts locks: see the rules, the section of the pool."


def require_head(by: Employee | None) -> Employee:
    """Return the head who acts.

    Raises: OnlyTheHead.
    """
    if by is None or by.role != Role.HEAD.value:
        raise OnlyTheHead
    return by


def require_lifter(by: Employee | None, *, now: datetime) -> Employee:
    """Return the one who lifts a lock, if the rules of the day let his role do so.

    Raises: NotYoursToLift.
    """
    if by is None or by.role not in rules_on(now.date()).policy.lock_lifters:
        raise NotYoursToLift
    return by


def require_service(employee: Employee, *, on: date) -> None:
    """See that an employee still works here.

    Raises: NotInService.
    """
    if employee.left_on is not None and employee.left_on <= on:
        raise NotInService(name=employee.name, left_on=employee.left_on)


@transaction.atomic
def change_owner(
    *,
    client_ids: Sequence[int],
    to: Employee,
    by: Employee | None,
    why: str,
    on: date,
    now: datetime,
    lift: bool = False,
) -> None:
    """Give clients to an employee; the open task and the promises go along. All of them or none.

    A client taken from the pool is held ten working days, or the next morning would lose him again. `by` is None
    where a rule gives them; a lock is lifted by a head only.
    Raises: OnlyTheHead, LockedClient, NotInService, ReasonNeeded, ClientArchived, NotYoursToLift.
    """
    if by is not None or lift:
        require_head(by)
    if lift and not why.strip():
        raise ReasonNeeded
    require_service(to, on=on)
    clients = list(Client.objects.select_for_update().filter(pk__in=client_ids).order_by("pk"))
    if any(each.archived_on for each in clients):
        raise ClientArchived
    locks = locks_of(client_ids)
    locked = [each.pk for each in clients if not may_receive(to.pk, locks.get(each.pk, frozenset()))]
    if locked and not lift:
        raise LockedClient(name=to.name, count=len(locked))
    if locked:
        lift_for(locked, employee=to.pk, why=why, by=require_lifter(by, now=now), now=now)
    moves = {each.pk: to.pk for each in clients if each.owner_id != to.pk}
    # What a person writes stands beside the lock he lifted; history and audit hold codes only.
    code = "given" if by is not None else why
    move_clients(moves, why=code, by=by, on=on, now=now)
    for client in moves:
        facts: dict[str, object] = {"to": to.pk, "why": code, "lifted": client in locked}
        audit("owner_changed", by=by, now=now, subject="client", subject_id=client, facts=facts)


def lift_for(clients: Sequence[int], *, employee: int | None, why: str, by: Employee, now: datetime) -> None:
    """Lift the locks of clients, for one employee or for all: one audit row each. Part of a larger use case."""
    ownership.lift_losses(clients, employee=employee, by=by.pk, why=why, now=now)
    for client in clients:
        audit("lock_lifted", by=by, now=now, subject="client", subject_id=client, facts={"employee": employee})


def move_clients(moves: Mapping[int, int], *, why: str, by: Employee | None, on: date, now: datetime) -> None:
    """Make employees the owners of clients with all that is open."""
    policy = rules_on(on).policy
    pooled = list(Client.objects.filter(pk__in=list(moves), in_pool_since__isnull=False).values_list("pk", flat=True))
    ownership.give_owner(moves, on=on, why=why[:24])
    if pooled:
        marks.grant_grace(dict.fromkeys(pooled, _held_until(on, policy)))
        clock.restate(pooled, on=on, now=now, why="given", silence=policy.silence)
    hand_promises(moves)
    move_tasks(moves, close="owner_changed", by=by, now=now)


def _held_until(on: date, policy: Policy) -> date:
    calendar = work_calendar(country=policy.calendar, first=on, last=on + _CALENDAR_AHEAD)
    return calendar.next_working_after(on, count=policy.callback_reserve_working_days)


def team_of(employee: Employee, on: date, *, present_only: bool) -> list[StaffMember]:
    """Return the colleagues who do the same work in the same team, on a day, without the employee himself."""
    return [
        each
        for each in staff_in_service(on)
        if each.team_id == employee.team_id
        and each.role == employee.role
        and each.employee_id != employee.pk
        and not (present_only and each.away(on))
    ]


def share_out(
    clients: Sequence[int],
    team: Sequence[StaffMember],
    *,
    on: date,
    held: Mapping[int, tuple[int, int]] | None = None,
) -> dict[int, int]:
    """Share clients over a team as level as locks allow; a client whom all have lost is left out.

    `held` is what each of the team has already, (clients, value); what is so at the moment unless it is told.
    """
    locks, held = locks_of(clients), loads_of_owners() if held is None else held
    waiting = [
        Levelled(client_id=number, value=value, barred=locks.get(number, frozenset()))
        for number, value in Client.objects.filter(pk__in=clients).values_list("pk", "value")
    ]
    loads = []
    for each in team:
        count, value = held.get(each.employee_id, (0, 0))
        loads.append(Load(employee_id=each.employee_id, clients=count, value=value, share=each.load_share))
    shared = level(waiting, loads=loads, tie=Seed.of(on).tie)
    return {client: employee for client, employee in shared.items() if employee is not None}


def move_with_promise(
    tasks: QuerySet[CallTask], holders: Mapping[int, int], *, close: str, by: Employee | None, now: datetime
) -> None:
    """Let tasks that carry a promise follow it to who keeps it now."""
    clients = tasks.filter(queue=Queue.CALLBACK.value).values_list("client_id", flat=True)
    move_tasks({client: holders[client] for client in clients if client in holders}, close=close, by=by, now=now)


@transaction.atomic
def absence_begins(
    *,
    employee: Employee,
    from_on: date,
    until_on: date,
    substitute: Employee | None,
    by: Employee | None,
    now: datetime,
    on: date,
) -> int:
    """Note an absence: promises that fall into it pass on, today's open tasks move at once. Ownership stays.

    The substitute takes whom he never lost; what cannot wait is levelled over those present, and a promise that fits
    nobody is the head's. Returns the number of the absence.
    Raises: AbsenceEndsEarly.
    """
    number = staff.note_absence(
        employee=employee, from_on=from_on, until_on=until_on, substitute=substitute, by=by, now=now
    )
    team = team_of(employee, max(on, from_on), present_only=True)
    promises = promises_during(employee.pk, from_on=from_on, until_on=until_on, on=on)
    clients = sorted(set(promises.values_list("client_id", flat=True)))
    holders = _stand_ins(clients, substitute, team, on=max(on, from_on))
    pass_promises(list(promises.values_list("pk", "client_id")), holders, on=on)
    if from_on <= on <= until_on:
        away = Away(employee_id=employee.pk, from_on=from_on, until_on=until_on)
        _clear_day(away, substitute, team, holders, by=by, on=on, now=now)
    return number


def pass_promises(promises: Sequence[tuple[int, int]], holders: Mapping[int, int], *, on: date) -> None:
    """Hand promises, (promise, client), to who keeps them now; those that fit nobody are the head's."""
    head = head_in_service(on)
    for number, client in promises:
        if (to := holders.get(client, head)) is not None:
            Callback.objects.filter(pk=number, ended_at=None).update(employee=to)


def _clear_day(
    away: Away,
    substitute: Employee | None,
    team: Sequence[StaffMember],
    holders: Mapping[int, int],
    *,
    by: Employee | None,
    on: date,
    now: datetime,
) -> None:
    """Move what is open today: tasks with a promise go where it went, own clients to the substitute.

    Those who would be lost before the owner has caught up go beyond his capacity, and to the team where he may not
    have them; the others only while his list has room. Pool clients return to the pool.
    """
    tasks = CallTask.objects.filter(employee=away.employee_id, on=on, closed_at=None)
    move_with_promise(tasks, holders, close="absence", by=by, now=now)
    own = list(tasks.exclude(queue__in=(Queue.POOL.value, Queue.CALLBACK.value)).order_by("position"))
    urgent = _cannot_wait([task.client_id for task in own], away, on=on)
    waiting = [task.client_id for task in own if task.client_id not in urgent]
    move_tasks(_stand_ins(sorted(urgent), substitute, team, on=on), close="absence", by=by, now=now)
    willing = _by_substitute(waiting, substitute, on=on)
    fits = islice(willing.items(), _room(substitute, on=on))
    move_tasks(dict(fits), close="absence", by=by, now=now)
    tasks.update(closed_at=now, closed_by=by, close="absence")


def _cannot_wait(clients: Sequence[int], away: Away, *, on: date) -> set[int]:
    """Return those whose last chance falls into the absence or just after it."""
    policy = rules_on(on).policy
    calendar = work_calendar(country=policy.calendar, first=on, last=away.until_on + _CALENDAR_AHEAD)
    tail = policy.absence_tail_working_days
    urgent = set()
    for client in Client.objects.filter(pk__in=clients, ever_contacted=True):
        last = last_day_kept(clock.silence_of(client), policy=policy.silence)
        chance = deadline(min(last, calendar.last), calendar) if last >= on else None
        if chance and falls_to_substitute(chance, absence=away, calendar=calendar, tail_working_days=tail):
            urgent.add(client.pk)
    return urgent


def _room(substitute: Employee | None, *, on: date) -> int:
    """Return how many tasks more a substitute's list of the day takes."""
    day = DayPlan.objects.filter(employee=substitute, run__on=on).first() if substitute else None
    return max(0, day.capacity - day.tasks.count()) if day else 0


def _by_substitute(clients: Sequence[int], substitute: Employee | None, *, on: date) -> dict[int, int]:
    present = frozenset(each.employee_id for each in staff_in_service(on) if not each.away(on))
    number, locks = substitute.pk if substitute else None, locks_of(clients)
    chosen = {
        client: substitute_for(substitute=number, present=present, locks=locks.get(client, frozenset()))
        for client in clients
    }
    return {client: who for client, who in chosen.items() if who is not None}


def _stand_ins(
    clients: Sequence[int], substitute: Employee | None, team: Sequence[StaffMember], *, on: date
) -> dict[int, int]:
    """Return who stands in for each client: the substitute, else a colleague; a client that fits nobody is left out."""
    taken = _by_substitute(clients, substitute, on=on)
    return taken | share_out([client for client in clients if client not in taken], team, on=on)


@transaction.atomic
def absence_ends(*, employee: Employee, by: Employee | None, now: datetime) -> int:
    """Return to an employee, on his first day back, the promises that others kept for him; say how many.

    What was promised to a client whom he has lost meanwhile stays where it is. Repeated, it does nothing.
    """
    own = Q(client__owner=employee) | Q(client__owner=None, promised_by=employee)
    waiting = Callback.objects.filter(own, ended_at=None).exclude(employee=employee)
    locks = locks_of(sorted(set(waiting.values_list("client_id", flat=True))))
    lost = [client for client, losers in locks.items() if not may_receive(employee.pk, losers)]
    returned = waiting.exclude(client__in=lost).update(employee=employee)
    if returned:
        audit(
            "promises_returned",
            by=by,
            now=now,
            subject="employee",
            subject_id=employee.pk,
            facts={"promises": returned},
        )
    return returned


@transaction.atomic
def absence_ends_early(*, absence_id: int, back_on: date, by: Employee | None, on: date, now: datetime) -> int:
    """Bring an employee back to work on `back_on`, before his absence was to end; return the promises returned now.

    One who is back today, or whose absence is taken back before it began, gets his promises at once; who comes back
    later gets them on that morning.
    Raises: OnlyTheHead, AbsenceOver.
    """
    if by is not None:
        require_head(by)
    employee, cancelled = staff.shorten_absence(absence_id=absence_id, back_on=back_on, by=by, now=now)
    away = any(each.employee_id == employee.pk and each.away(on) for each in staff_in_service(on))
    if away or (back_on > on and not cancelled):
        return 0
    return absence_ends(employee=employee, by=by, now=now)
