"""Rules tried before they are in force: the next morning decided twice, by what stands and by what is proposed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from itertools import batched

from django.db import transaction

from budilnik.calling.actions.deciding import Decided, decide_morning
from budilnik.calling.actions.leaving import PreviewOutOfDate
from budilnik.calling.actions.people import require_head
from budilnik.calling.queries.morning import last_published
from budilnik.clients.queries.base import alive_by_status, called, loads_of_owners, owners_of, values_of
from budilnik.core.day import PlannedDay
from budilnik.core.policy import Policy, PolicyContradiction, to_settings
from budilnik.core.refusal import Refusal
from budilnik.core.terms import ClientStatus, Queue
from budilnik.staff.actions import PolicyChangedMeanwhile, set_policy
from budilnik.staff.actions.workloads import planned_loads, set_workload
from budilnik.staff.models import Employee
from budilnik.staff.queries import RulesInForce, rules_on, staff_in_service, work_calendar
from budilnik.staff.queries.versions import all_contradictions, latest_version

_CALENDAR_AHEAD = timedelta(days=60)
AT_ONCE = 5_000
PAGE = 50


class NothingChanges(Refusal):
    """A version equal to the one before would only hide when the rules last changed."""

    ru = "Ничего не изменено: эти правила и эта нагрузка уже действуют."
    en = "Nothing is changed: these rules and loads are in force already."


class ChangeNeedsReason(Refusal):
    """Who reads the history a year later asks why."""

    ru = "Напишите, зачем меняются правила."
    en = "Write why the rules are changed."


class Difference(StrEnum):
    """What is different for a client on the morning tried."""

    TO_POOL = "to_pool"
    KEPT = "kept"
    CALLED = "called"
    NOT_CALLED = "not_called"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one set of rules does with one employee, or with all. Units: value in kopecks; load in shares of capacity.

    `tasks` are by queue. `calls_to_save` are the calls a day that are missing, so that nobody is left out.
    """

    owned: int = 0
    loses: int = 0
    loses_value: int = 0
    tasks: Mapping[str, int]
    capacity: int = 0
    load: float = 0.0
    left_out: int = 0
    calls_to_save: int = 0

    @property
    def planned(self) -> int:
        """How many clients stand on the list."""
        return sum(self.tasks.values())

    @property
    def needs_calls(self) -> int:
        """How many calls a day he needs so that nobody is left out."""
        return self.capacity + self.calls_to_save


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One employee by the rules in force and by those proposed."""

    employee_id: int
    name: str
    now: Side
    then: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusCount:
    """How many clients have a status after the morning, by the rules in force and by those proposed."""

    status: str
    now: int
    then: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Different:
    """A client for whom the morning differs. Units: value in kopecks."""

    client_id: int
    value: int
    what: Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A morning by two sets of rules. `on` is its day, `based_on` the newest version there is.

    `tonight` says that it is the very next morning. `digest` stands for the proposal and for whom it takes from whom:
    calls made meanwhile do not change it.
    """

    on: date
    tonight: bool
    based_on: int
    now: Side
    then: Side
    statuses: tuple[StatusCount, ...]
    managers: tuple[Tried, ...]
    different: tuple[Different, ...]
    digest: str

    @property
    def neediest(self) -> Tried | None:
        """Who needs most calls a day by the rules proposed; None if nobody calls."""
        return max(self.managers, key=lambda each: (each.then.needs_calls, -each.employee_id), default=None)


def try_policy(*, policy: Policy, workloads: Mapping[int, float], starts_on: date, on: date, now: datetime) -> Trial:
    """Decide the next morning by the rules in force and by those proposed; nothing is written.

    The morning is the first working one on which the proposal would be in force and that has no lists yet.
    Raises: PolicyContradiction.
    """
    for each in all_contradictions(policy, on=on):
        raise PolicyContradiction(ru=each.ru, en=each.en)
    day = _morning_of(starts_on, on=on)
    version = latest_version()
    before = decide_morning(on=day, step=_silently)
    proposed = RulesInForce(version=version + 1, policy=policy)
    after = decide_morning(on=day, step=_silently, rules=proposed, workloads=workloads)
    values = _values([*_released(before), *_released(after)])
    managers = _managers(before, after, values)
    return Trial(
        on=day,
        tonight=day == _morning_of(on, on=on),
        based_on=version,
        now=_total([each.now for each in managers], before, values),
        then=_total([each.then for each in managers], after, values),
        statuses=_statuses(before, after),
        managers=managers,
        different=_different(before, after, values),
        digest=_digest(after, policy=policy, workloads=workloads, starts_on=starts_on, version=version),
    )


def _silently(_step: str) -> None:
    return None


def _morning_of(starts_on: date, *, on: date) -> date:
    last = last_published()
    first = max(starts_on, on, last + timedelta(days=1) if last else on)
    country = rules_on(on).policy.calendar
    calendar = work_calendar(country=country, first=first, last=first + _CALENDAR_AHEAD)
    return calendar.window(first, count=1)[0]


def _released(decided: Decided) -> dict[int, int]:
    """Return whom the morning takes from whom."""
    return {each.client_id: each.lost_by for each in decided.renewals if each.lost_by is not None}


def _values(clients: Iterable[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for some in batched(sorted(set(clients)), AT_ONCE, strict=False):
        found |= values_of(some)
    return found


def _managers(before: Decided, after: Decided, values: Mapping[int, int]) -> tuple[Tried, ...]:
    held = loads_of_owners()
    now, then = (_sides(decided, held=held, values=values) for decided in (before, after))
    names = {member.employee_id: member.name for member in staff_in_service(before.on)}
    shown = sorted({*now, *then} & set(names), key=lambda who: (names[who], who))
    nothing = Side(tasks={})
    return tuple(
        Tried(employee_id=who, name=names[who], now=now.get(who, nothing), then=then.get(who, nothing)) for who in shown
    )


def _sides(decided: Decided, *, held: Mapping[int, tuple[int, int]], values: Mapping[int, int]) -> dict[int, Side]:
    released = _released(decided)
    loses, worth = Counter(released.values()), Counter[int]()
    for client, owner in released.items():
        worth[owner] += values.get(client, 0)
    days = {day.employee_id: day for day in decided.days}
    return {
        who: _side(days.get(who), owned=held.get(who, (0, 0))[0], loses=loses[who], worth=worth[who])
        for who in {*days, *held}
    }


def _side(day: PlannedDay | None, *, owned: int, loses: int, worth: int) -> Side:
    if day is None:
        return Side(owned=owned, loses=loses, loses_value=worth, tasks={})
    queues = Counter(task.queue.value for task in day.tasks)
    return Side(
        owned=owned,
        loses=loses,
        loses_value=worth,
        tasks={queue.value: queues[queue.value] for queue in Queue},
        capacity=day.capacity,
        load=day.load,
        left_out=day.left_out,
        calls_to_save=day.calls_to_save,
    )


def _total(sides: Iterable[Side], decided: Decided, values: Mapping[int, int]) -> Side:
    shown = list(sides)
    tasks: Counter[str] = Counter()
    for each in shown:
        tasks.update(each.tasks)
    released = _released(decided)
    capacity = sum(each.capacity for each in shown)
    wanted = sum(each.load * each.capacity for each in shown if each.capacity)
    return Side(
        owned=sum(each.owned for each in shown),
        loses=len(released),
        loses_value=sum(values.get(client, 0) for client in released),
        tasks=dict(tasks),
        capacity=capacity,
        load=wanted / capacity if capacity else 0.0,
        left_out=sum(each.left_out for each in shown),
        calls_to_save=sum(each.calls_to_save for each in shown),
    )


def _statuses(before: Decided, after: Decided) -> tuple[StatusCount, ...]:
    stored = alive_by_status()
    now, then = (_after(stored, decided) for decided in (before, after))
    return tuple(StatusCount(status=each.value, now=now[each.value], then=then[each.value]) for each in ClientStatus)


def _after(stored: Mapping[str, int], decided: Decided) -> Counter[str]:
    counts = Counter(stored)
    for each in decided.renewals:
        if each.steps:
            counts[each.steps[0][0].value] -= 1
            counts[each.status.value] += 1
    return counts


def _different(before: Decided, after: Decided, values: Mapping[int, int]) -> tuple[Different, ...]:
    """Return for whom the morning differs, the dearest first; one released is not told as one not called as well."""
    gone, kept = _released(after).keys(), _released(before).keys()
    now, then = ({task.client_id: task.value for day in each.days for task in day.tasks} for each in (before, after))
    moved = gone ^ kept
    found = [(client, Difference.TO_POOL, values.get(client, 0)) for client in gone - kept]
    found += [(client, Difference.KEPT, values.get(client, 0)) for client in kept - gone]
    found += [(client, Difference.CALLED, then[client]) for client in then.keys() - now.keys() - moved]
    found += [(client, Difference.NOT_CALLED, now[client]) for client in now.keys() - then.keys() - moved]
    found.sort(key=lambda each: (-each[2], each[0]))
    return tuple(Different(client_id=client, what=what, value=value) for client, what, value in found)


def _digest(after: Decided, *, policy: Policy, workloads: Mapping[int, float], starts_on: date, version: int) -> str:
    rules = (to_settings(policy), sorted(workloads.items()), starts_on, version, after.on)
    capacities = [(day.employee_id, day.capacity) for day in after.days]
    told = (rules, sorted(_released(after).items()), capacities)
    return blake2b(repr(told).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferentRow:
    """A client for whom the morning differs, as a list shows him. Units: value in kopecks."""

    client_id: int
    name: str
    owner: str
    value: int
    what: str


def different_page(trial: Trial, *, what: Difference | None, page: int) -> tuple[DifferentRow, ...]:
    """Return a page of the clients for whom a morning differs. Five queries at most."""
    rows = [each for each in trial.different if what in (None, each.what)][(page - 1) * PAGE : page * PAGE]
    numbers = [each.client_id for each in rows]
    clients, owners = called(numbers), owners_of(numbers)
    held = {owner for owner in owners.values() if owner is not None}
    names = dict(Employee.objects.filter(pk__in=held).values_list("pk", "name"))
    return tuple(
        DifferentRow(
            client_id=each.client_id,
            name=clients[each.client_id].name,
            owner=names.get(owners.get(each.client_id) or 0, ""),
            value=each.value,
            what=each.what.value,
        )
        for each in rows
    )


@transaction.atomic
def apply_policy(
    *,
    policy: Policy,
    workloads: Mapping[int, float],
    starts_on: date,
    seen: str,
    based_on: int,
    why: str,
    by: Employee | None,
    on: date,
    now: datetime,
) -> int:
    """Put rules and loads in force that were tried before; return the version in force then.

    `seen` is the digest of the trial that its author looked at.
    Raises: OnlyTheHead, ChangeNeedsReason, NothingChanges, PolicyChangedMeanwhile, PreviewOutOfDate and whatever
    `set_policy` and `set_workload` refuse.
    """
    require_head(by)
    if not why.strip():
        raise ChangeNeedsReason
    latest = latest_version()
    if latest != based_on:
        raise PolicyChangedMeanwhile(version=latest)
    changes = {who: share for who, share in workloads.items() if share != _loads_on(starts_on).get(who)}
    base = rules_on(max(starts_on, on))
    if policy == base.policy and not changes:
        raise NothingChanges
    if _morning_digest(policy, workloads, starts_on=starts_on, on=on, version=latest) != seen:
        raise PreviewOutOfDate
    if policy != base.policy:
        set_policy(policy=policy, starts_on=starts_on, on=on, why=why, by=by, now=now, based_on=based_on)
    for who, share in sorted(changes.items()):
        _carry(who, share, starts_on=starts_on, why=why, by=by, on=on, now=now)
    return latest_version()


def _morning_digest(policy: Policy, workloads: Mapping[int, float], *, starts_on: date, on: date, version: int) -> str:
    proposed = RulesInForce(version=version + 1, policy=policy)
    day = _morning_of(starts_on, on=on)
    after = decide_morning(on=day, step=_silently, rules=proposed, workloads=workloads)
    return _digest(after, policy=policy, workloads=workloads, starts_on=starts_on, version=version)


def _loads_on(day: date) -> dict[int, float]:
    return {member.employee_id: member.load_share for member in staff_in_service(day)}


def _carry(who: int, share: float, *, starts_on: date, why: str, by: Employee | None, on: date, now: datetime) -> None:
    """Write a load from a day on; other days already planned for him stay."""
    others = [each for each in planned_loads(on) if each.employee_id == who and each.from_on != starts_on]
    steps = [(starts_on, share), *((each.from_on, each.share) for each in others)]
    employee = Employee.objects.get(pk=who)
    set_workload(employee=employee, shares=steps, why=why, by=by, on=on, now=now)
