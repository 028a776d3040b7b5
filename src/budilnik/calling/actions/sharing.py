"""The sharing rule: who gets clients that nobody owns, levelled over the team with locks respected."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import batched

from budilnik.clients.actions import ownership
from budilnik.clients.queries import base
from budilnik.core.levelling import Levelled, Load, level
from budilnik.core.policy import Policy
from budilnik.core.seed import Seed
from budilnik.core.terms import Role
from budilnik.staff.queries import staff_in_service

BATCH = 2_000


def owners_in_service(on: date) -> dict[int, float]:
    """Return the load share of each employee who may own clients, absent ones included."""
    return {m.employee_id: m.load_share for m in staff_in_service(on) if m.role is Role.MANAGER and m.load_share > 0}


def choose_owners(values: Mapping[int, int], *, on: date, salt: int) -> dict[int, int]:
    """Return who gets which client by the sharing rule; `values` maps clients to kopecks.

    A client whom everyone has lost is given to nobody: he is on the head's list.
    """
    held = base.loads_of_owners()
    locks: dict[int, frozenset[int]] = {}
    for some in batched(values, BATCH, strict=False):
        locks |= base.locks_of(some)
    given = level(
        [Levelled(client_id=c, value=value, barred=locks.get(c, frozenset())) for c, value in values.items()],
        loads=[
            Load(employee_id=who, clients=held.get(who, (0, 0))[0], value=held.get(who, (0, 0))[1], share=share)
            for who, share in owners_in_service(on).items()
        ],
        tie=Seed.of(on, salt=salt).tie,
    )
    return {client: who for client, who in given.items() if who is not None}


def give_by_rule(clients: Sequence[int], *, on: date, why: str) -> None:
    """Give a few ownerless clients to the managers who have fewest."""
    if clients:
        moves = choose_owners(base.values_of(clients), on=on, salt=clients[0])
        ownership.give_owner(moves, on=on, why=why)


def pool_callers(*, on: date, policy: Policy) -> frozenset[int]:
    """Return everybody in service whose role calls the pool; absent ones count."""
    return frozenset(m.employee_id for m in staff_in_service(on) if m.role.value in policy.pool_roles)
