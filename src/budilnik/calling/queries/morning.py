"""Reads over the day: what the morning judges, and what it has published."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from heapq import merge
from itertools import batched

from django.db.models import Exists, F, OuterRef, Q

from budilnik.calling.models import Callback, CallTask, DayPlan, MorningRun
from budilnik.clients.models import Client, PoolEntry
from budilnik.clients.queries import base
from budilnik.core.candidates import ClientFacts, Sieve
from budilnik.core.reasons import Reasons
from budilnik.core.terms import ClientStatus

CHUNK = 5_000
FACTS = ("pk", *ClientFacts._fields[1:])


def _due(on: date, version: int) -> Q:
    return Q(next_status_on__lte=on) | Q(policy_version__lt=version)


def _may_be_called(sieve: Sieve) -> Q:
    """The same rule as `Sieve.belongs`, for the database; a property test compares them."""
    never_or_long_ago = Q(last_talk_on=None) | Q(last_talk_on__lte=sieve.talk_window_from)
    return (
        Q(status=ClientStatus.FORGOTTEN.value)
        | (Q(status=ClientStatus.REGULAR.value) & never_or_long_ago)
        | Q(status=ClientStatus.PROSPECT.value, first_known_on__lte=sieve.known_before)
        | Q(retry_on__lte=sieve.on, missed_attempts__gt=0)
    )


def owned_to_judge(*, sieve: Sieve, version: int, owner_id: int | None = None) -> Iterator[ClientFacts]:
    """Return owned clients, or those of one owner, whose alarm rings or who may be called today. One query."""
    rows = Client.objects.alive().exclude(owner=None).filter(_due(sieve.on, version) | _may_be_called(sieve))
    if owner_id is not None:
        rows = rows.filter(owner_id=owner_id)
    return map(ClientFacts._make, rows.order_by("owner_id").values_list(*FACTS).iterator(chunk_size=CHUNK))


def ownerless_to_judge(*, on: date, version: int) -> Iterator[ClientFacts]:
    """Return clients without an owner whose alarm rings, those in the pool included. One query."""
    rows = Client.objects.alive().filter(owner=None).filter(_due(on, version)).order_by("pk")
    return map(ClientFacts._make, rows.values_list(*FACTS).iterator(chunk_size=CHUNK))


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Placeable:
    """A client of the pool who may be called, sorted dearest first."""

    price: int
    client_id: int
    silent_since: date
    zone: str
    group_id: int | None
    losers: frozenset[int] = frozenset()


def _placeable_rows(on: date) -> Iterator[Placeable]:
    resting = PoolEntry.objects.filter(client_id=OuterRef("pk"), left_on=None).filter(
        Q(rest_until__gt=on) | Q(held_out_until__gt=on) | Q(reserved_until__gte=on)
    )
    rows = (
        Client.objects.callable()
        .filter(in_pool_since__isnull=False)
        .exclude(phone_state="wrong")
        .exclude(paused_until__gt=on)
        .exclude(Exists(resting))
        .order_by(F("value").desc(), "pk")
        .values_list("value", "pk", "silent_since", "zone", "group_id")
    )
    for value, client, since, zone, group in rows.iterator(chunk_size=CHUNK):
        yield Placeable(price=-value, client_id=client, silent_since=since, zone=zone, group_id=group)


def pooled_values() -> list[int]:
    """Return what each client of the pool is worth who has a number to call. One query."""
    rows = Client.objects.callable().filter(in_pool_since__isnull=False).exclude(phone_state="wrong")
    return list(rows.order_by().values_list("value", flat=True))


def promised_clients() -> frozenset[int]:
    """Return the clients to whom a call is promised. One query."""
    return frozenset(Callback.objects.filter(ended_at=None).values_list("client_id", flat=True))


def placeable(*, on: date, released: list[Placeable]) -> Iterator[Placeable]:
    """Return placeable clients by falling value with their locks, those released this morning among them.

    Reads no further than it is asked: one query, and one for the locks of every thousand.
    """
    fresh = {each.client_id: each.losers for each in released}
    everyone = merge(_placeable_rows(on), sorted(released))
    for some in batched((each for each in everyone), 1_000, strict=False):
        locks = base.locks_of([each.client_id for each in some])
        for each in some:
            losers = locks.get(each.client_id, frozenset()) | fresh.get(each.client_id, frozenset())
            yield Placeable(
                price=each.price,
                client_id=each.client_id,
                silent_since=each.silent_since,
                zone=each.zone,
                group_id=each.group_id,
                losers=losers,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPromise:
    """A promise to call back that is not yet kept."""

    callback_id: int
    client_id: int
    employee_id: int
    promised_by: int
    local_on: date
    local_time: str
    zone: str
    due_at: datetime
    about: str
    facts: ClientFacts


def open_promises() -> list[OpenPromise]:
    """Return every promise not yet kept to a client who may be called, the nearest first. One query."""
    rows = Callback.objects.filter(ended_at=None, client__archived_on=None, client__stopped_on=None)
    return [
        OpenPromise(
            callback_id=row.pk,
            client_id=row.client_id,
            employee_id=row.employee_id,
            promised_by=row.promised_by_id,
            local_on=row.local_on,
            local_time=row.local_time.strftime("%H:%M") if row.local_time else "",
            zone=row.zone,
            due_at=row.due_at,
            about=row.about,
            facts=ClientFacts._make(
                row.client.pk if name == "client_id" else getattr(row.client, name) for name in ClientFacts._fields
            ),
        )
        for row in rows.select_related("client").order_by("due_at", "pk")
    ]


def promises_ahead(promises: list[OpenPromise], *, after: date) -> dict[int, Counter[date]]:
    """Return how many promises each employee has on each later day. No query."""
    ahead: dict[int, Counter[date]] = defaultdict(Counter)
    for each in promises:
        if each.local_on > after:
            ahead[each.employee_id][each.local_on] += 1
    return ahead


def called_today(on: date) -> list[tuple[int, int | None]]:
    """Return (client, group) of every task of a day, open or closed. One query."""
    return list(CallTask.objects.filter(on=on).values_list("client_id", "client__group_id"))


def last_published() -> date | None:
    """Return the day of the last published morning. One query."""
    run = MorningRun.objects.exclude(published_at=None).order_by("-on").first()
    return run.on if run else None


def morning_works(on: date) -> bool:
    """Say whether the morning of a day was that of a working day, with lists. One query."""
    return MorningRun.objects.filter(on=on, works=True).exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedTask:
    """A task as it was issued. Units: value in roubles."""

    client_id: int
    client: str
    name: str
    queue: str
    status: str
    silent_since: date
    deadline: date | None
    value: Decimal
    reasons: Reasons
    city: str
    zone: str
    call_from: datetime | None
    call_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPlan:
    """A plan as it was issued."""

    employee: str
    name: str
    capacity: int
    left_out: int
    calls_to_save: int
    tasks: tuple[PublishedTask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedMorning:
    """A published morning with all its plans."""

    on: date
    policy: int
    changed: int
    released: int
    works: bool
    plans: tuple[PublishedPlan, ...]


def morning_of(on: date) -> PublishedMorning | None:
    """Return the published morning of a day, or None. Six queries while a day has under 5,000 tasks."""
    run = MorningRun.objects.filter(on=on).exclude(published_at=None).first()
    if run is None:
        return None
    tasks = list(CallTask.objects.filter(plan__run=run).order_by("position"))
    clients = base.called([task.client_id for task in tasks])
    by_plan: dict[int, list[CallTask]] = defaultdict(list)
    for task in tasks:
        by_plan[task.plan_id].append(task)
    plans = DayPlan.objects.filter(run=run).select_related("employee").order_by("employee__login")
    return PublishedMorning(
        on=run.on,
        policy=run.policy_version,
        changed=run.changed,
        released=run.released,
        works=run.works,
        plans=tuple(
            PublishedPlan(
                employee=plan.employee.login,
                name=plan.employee.name,
                capacity=plan.capacity,
                left_out=plan.left_out,
                calls_to_save=plan.calls_to_save,
                tasks=tuple(_published(task, clients[task.client_id]) for task in by_plan[plan.pk]),
            )
            for plan in plans
        ),
    )


def _published(task: CallTask, client: base.Called) -> PublishedTask:
    return PublishedTask(
        client_id=task.client_id,
        client=client.key,
        name=client.name,
        queue=task.queue,
        status=task.status,
        silent_since=task.silent_since,
        deadline=task.deadline,
        value=Decimal(task.value) / 100,
        reasons=task.why,
        city=client.city,
        zone=client.zone,
        call_from=task.call_from,
        call_until=task.call_until,
    )
