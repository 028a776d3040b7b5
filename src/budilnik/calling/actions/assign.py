"""The first distribution: ownerless clients get owners, those already lost enter the pool."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from itertools import batched

from django.db import transaction

from budilnik.calling.actions.lots import held_out_until, lots_of
from budilnik.calling.actions.sharing import choose_owners, owners_in_service
from budilnik.clients.actions import ownership
from budilnik.clients.queries import base
from budilnik.core.effect import Drawn
from budilnik.core.refusal import Refusal
from budilnik.core.terms import ClientStatus
from budilnik.staff.actions import audit
from budilnik.staff.models import Employee
from budilnik.staff.queries import rules_on

BATCH = 2_000


class NobodyToAssignTo(Refusal):
    """There is no manager in service."""

    ru = "Некому раздать клиентов: на {on} нет ни одного менеджера. Добавьте: budilnik staff add ЛОГИН."
    en = "There is nobody to give clients to: no manager works on {on}. Add one: budilnik staff add LOGIN."


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """Who got how many clients, how many entered the pool, how many nobody may have."""

    by_employee: dict[int, int]
    pooled: int
    left_ownerless: int


def assign(*, on: date, by: Employee | None, now: datetime) -> Assigned:
    """Level ownerless clients over the team by count and value; those lost on `on` enter the pool without a loss.

    Raises: NobodyToAssignTo. Repeated, it finds nothing to do; killed, the next run does the rest by the same rule.
    """
    shares = owners_in_service(on)
    if not shares:
        raise NobodyToAssignTo(on=on)
    policy = rules_on(on).policy
    people = list(base.ownerless_on(on=on, policy=policy))
    lost = [each for each in people if each.status is ClientStatus.LOST]
    kept = [each for each in people if each.status is not ClientStatus.LOST]
    lots = lots_of(((each.client_id, each.value) for each in lost if each.phone_state != "wrong"), on=on, policy=policy)
    pooled = _write_pool(lost, lots=lots, held_until=held_out_until(on, policy), on=on, now=now)
    moves = choose_owners({each.client_id: each.value for each in kept}, on=on, salt=0)
    given = _write_owners(moves, on=on)
    facts: dict[str, object] = {"assigned": len(given), "pooled": pooled, "on": str(on)}
    audit("base_assigned", by=by, now=now, subject="base", facts=facts)
    counts = Counter(given.values())
    return Assigned(
        by_employee={who: counts.get(who, 0) for who in shares},
        pooled=pooled,
        left_ownerless=len(kept) - len(moves),
    )


def _write_owners(moves: dict[int, int], *, on: date) -> dict[int, int]:
    """Give clients to their owners; one who got an owner or entered the pool meanwhile is left as he is."""
    given: dict[int, int] = {}
    for some in batched(sorted(moves.items()), BATCH, strict=False):
        with transaction.atomic():
            free = ownership.still_ownerless([client for client, _ in some])
            batch = {client: who for client, who in some if client in free}
            ownership.give_owner(batch, on=on, why="assigned")
        given |= batch
    return given


def _write_pool(
    lost: list[base.Ownerless], *, lots: dict[int, Drawn], held_until: date, on: date, now: datetime
) -> int:
    """Put the lost into the pool; one who ordered, or was taken by somebody, since he was read stays out of it."""
    pooled = 0
    for some in batched(lost, BATCH, strict=False):
        with transaction.atomic():
            free = ownership.still_ownerless([each.client_id for each in some])
            batch = [each for each in some if free.get(each.client_id) == each.silent_since]
            ownership.note_steps([(each.client_id, each.steps) for each in batch], now=now, why="silence")
            entering = [each.client_id for each in batch]
            ownership.enter_pool(entering, on=on, lots=lots, held_out_until=held_until)
        pooled += len(batch)
    return pooled
