"""Who stands in today: for promises and for clients whose owner is away or has no hour in common with them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import batched
from typing import Any

from budilnik.calling.actions.office import Office
from budilnik.calling.queries.morning import OpenPromise, Placeable
from budilnik.clients.actions.renewal import Renewal
from budilnik.clients.queries import base
from budilnik.core.candidates import ClientFacts, OwnClient, Sieve, own_client
from budilnik.core.day import Task
from budilnik.core.reasons import promise_reasons
from budilnik.core.standing_in import Takers, cannot_wait
from budilnik.core.status import Verdict
from budilnik.core.terms import ClientStatus, Queue, Role
from budilnik.staff.queries import StaffMember

LOCKS_AT_ONCE = 5_000


@dataclass(slots=True, kw_only=True)
class Judged:
    """What reading the base has come to: renewals, the newly released, and who may be called by whom.

    `entering` are (client, value) of those who enter the pool with a number that may be called.
    """

    renewals: list[Renewal] = field(default_factory=list)
    released: list[Placeable] = field(default_factory=list)
    entering: list[tuple[int, int]] = field(default_factory=list)
    own: dict[int, list[OwnClient]] = field(default_factory=lambda: defaultdict(list))
    displaced: list[tuple[ClientFacts, Verdict]] = field(default_factory=list)
    stand_ins: dict[int, int] = field(default_factory=dict)
    inputs: Any = field(default_factory=lambda: blake2b(digest_size=32))


def _needs_stand_in(owner: StaffMember, verdict: Verdict, office: Office) -> bool:
    span = owner.away(office.on)
    return cannot_wait(
        verdict,
        away_until=span.until_on if span else None,
        calendar=office.calendar,
        tail_working_days=office.policy.absence_tail_working_days,
    )


def stand_in(judged: Judged, *, office: Office, sieve: Sieve) -> None:
    """Give clients whose owner is away or has no hour in common to a substitute, or level them over the team."""
    urgent = [
        (facts, verdict, office.staff[facts.owner_id or 0])
        for facts, verdict in judged.displaced
        if _needs_stand_in(office.staff[facts.owner_id or 0], verdict, office)
    ]
    locks: dict[int, frozenset[int]] = {}
    for some in batched(urgent, LOCKS_AT_ONCE, strict=False):
        locks |= base.locks_of([facts.client_id for facts, _, _ in some])
    takers = Takers({m.employee_id: m.zone for m in office.present()}, hours=office.hours, seed=office.seed)
    for facts, verdict, owner in urgent:
        span, lost_by = owner.away(office.on), locks.get(facts.client_id, frozenset())
        number = takers.of(
            facts.client_id,
            facts.zone,
            substitute=span.substitute_id if span else None,
            barred=lost_by | {owner.employee_id},
        )
        if number is None:
            continue
        taker = office.staff[number]
        client = own_client(facts, verdict, sieve=sieve, deadlines=office.deadlines_of(taker))
        if client is not None:
            takers.given[taker.employee_id] += 1
            judged.own[taker.employee_id].append(client)
            judged.stand_ins[facts.client_id] = owner.employee_id


def promised_today(promises: Iterable[OpenPromise], office: Office) -> dict[int, list[Task]]:
    """Return the promises due today or overdue as tasks of those at work; a client has one, with the nearest."""
    due: dict[int, OpenPromise] = {}
    for promise in promises:
        if promise.local_on <= office.on:
            due.setdefault(promise.client_id, promise)
    locks = base.locks_of(list(due))
    tasks: dict[int, list[Task]] = defaultdict(list)
    for promise in due.values():
        keeper = _keeper(promise, office, tasks, locks=locks.get(promise.client_id, frozenset()))
        if keeper is not None:
            tasks[keeper.employee_id].append(_promise_task(promise, keeper, office))
    return tasks


def _giver(promise: OpenPromise, office: Office) -> int:
    """Return whose promise it is: on the first day back it returns from the substitute to whose it was."""
    home = promise.facts.owner_id or promise.promised_by
    return home if home in office.back else promise.employee_id


def _keeper(
    promise: OpenPromise, office: Office, tasks: Mapping[int, list[Task]], *, locks: frozenset[int]
) -> StaffMember | None:
    """Return who keeps a promise today: who gave it, else his substitute, else the least burdened colleague.

    One who lost the client stands in for nobody there.
    """
    giver = office.staff.get(_giver(promise, office))
    span = giver.away(office.on) if giver else None
    if giver is not None and span is None:
        return giver if giver.role is Role.MANAGER else None
    able = {m.employee_id: m for m in office.present() if m.employee_id not in locks}
    if span is not None and span.substitute_id in able:
        return able[span.substitute_id]
    tie = office.seed.tie
    return min(
        able.values(),
        key=lambda m: (len(tasks.get(m.employee_id, ())), tie(promise.client_id, m.employee_id)),
        default=None,
    )


def _promise_task(promise: OpenPromise, keeper: StaffMember, office: Office) -> Task:
    giver = _giver(promise, office)
    stands_in = None if keeper.employee_id == giver else giver
    facts, verdict = promise.facts, office.verdict(promise.facts)
    unlosable = verdict.status in (ClientStatus.PROSPECT, ClientStatus.LOST)
    return Task(
        client_id=promise.client_id,
        queue=Queue.CALLBACK,
        status=verdict.status,
        silent_since=facts.silent_since,
        deadline=None if unlosable else office.deadlines_of(keeper).before(verdict.last_kept)[1],
        value=facts.value,
        zone=facts.zone,
        group_id=facts.group_id,
        callback_id=promise.callback_id,
        promised_at=promise.due_at,
        reasons=promise_reasons(
            local_time=promise.local_time,
            zone=promise.zone,
            about=promise.about,
            overdue=promise.local_on < office.on,
            stands_in_for=stands_in,
        ),
    )
