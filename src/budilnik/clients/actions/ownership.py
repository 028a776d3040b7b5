"""Who owns a client, the pool of those whom nobody does, and the locks of those who lost them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from budilnik.clients.actions.clock import change_of, silence_of
from budilnik.clients.actions.columns import BATCH, save_columns
from budilnik.clients.models import Client, Loss, PoolEntry, StatusChange, Tenure
from budilnik.core.effect import Drawn
from budilnik.core.status import SilencePolicy, next_change_on
from budilnik.core.terms import ClientStatus


def give_owner(moves: Mapping[int, int], *, on: date, why: str) -> None:
    """Make employees the owners of clients; whoever owned one before no longer does, and a pool stay ends.

    The caller says who may: locks are judged in calling.actions. `moves` maps client to employee. One who was held out
    of calling is so no longer, which his stay in the pool remembers.
    """
    end_tenures(list(moves), on=on, why=why)
    broken = PoolEntry.objects.filter(client_id__in=list(moves), left_on=None, drawn=Drawn.OUT, held_out_until__gt=on)
    broken.update(drawn=Drawn.BROKEN)
    PoolEntry.objects.filter(client_id__in=list(moves), left_on=None).update(left_on=on, why_left=why)
    Tenure.objects.bulk_create(
        [Tenure(client_id=client, employee_id=who, from_on=on, why_from=why) for client, who in moves.items()],
        batch_size=BATCH,
    )
    by_employee: dict[int, list[int]] = {}
    for client, who in moves.items():
        by_employee.setdefault(who, []).append(client)
    for who, clients in by_employee.items():
        Client.objects.filter(pk__in=clients).update(owner=who, in_pool_since=None)


def end_tenures(clients: Sequence[int], *, on: date, why: str) -> None:
    """Close the open tenures of clients."""
    Tenure.objects.filter(client_id__in=clients, until_on=None).update(until_on=on, why_until=why)


def take_from_owners(clients: Sequence[int], *, on: date, why: str) -> None:
    """Leave clients without an owner, outside the pool: the head's list shows them."""
    end_tenures(clients, on=on, why=why)
    Client.objects.filter(pk__in=clients).update(owner=None)


def enter_pool(clients: Sequence[int], *, on: date, lots: Mapping[int, Drawn], held_out_until: date) -> None:
    """Put ownerless lost clients into the pool without a loss on anybody; `lots` is what was drawn for them."""
    drawn = [(client, lots.get(client, Drawn.NOT)) for client in clients]
    PoolEntry.objects.bulk_create(
        [
            PoolEntry(
                client_id=client,
                entered_on=on,
                drawn=lot,
                held_out_until=held_out_until if lot is Drawn.OUT else None,
            )
            for client, lot in drawn
        ],
        batch_size=BATCH,
    )
    Client.objects.filter(pk__in=clients).update(
        status=ClientStatus.LOST.value, next_status_on=None, in_pool_since=on, owner=None
    )


def claim_from_pool(client: int, *, on: date, why: str) -> bool:
    """End the pool stay of a client; of two who would win him at once only one is told True."""
    return PoolEntry.objects.filter(client_id=client, left_on=None).update(left_on=on, why_left=why) == 1


def return_to_pool(client: int, *, won_by: int, on: date, now: datetime, why: str) -> bool:
    """Undo a win: the pool stay goes on as if it had never ended. False if he is no longer the winner's."""
    stay = PoolEntry.objects.filter(client_id=client, why_left="won_back").order_by("-pk").first()
    row = Client.objects.select_for_update().filter(pk=client, owner=won_by, in_pool_since=None).first()
    if stay is None or row is None:
        return False
    end_tenures([client], on=on, why=why)
    PoolEntry.objects.filter(pk=stay.pk).update(left_on=None, why_left="")
    before, row.status, row.owner, row.in_pool_since = row.status, ClientStatus.LOST.value, None, stay.entered_on
    row.next_status_on = None
    save_columns([row], ["status", "owner", "in_pool_since", "next_status_on"])
    if before != row.status:
        change_of(row, before, on=on, now=now, why=why).save()
    return True


def drop_reservations(employee: int) -> None:
    """Let the pool clients kept for an employee who is gone be given to others."""
    PoolEntry.objects.filter(reserved_for=employee, left_on=None).update(reserved_for=None, reserved_until=None)


def drop_reservation(client: int, employees: Collection[int]) -> None:
    """Let a pool client kept for one of these employees be given to others."""
    stay = PoolEntry.objects.filter(client_id=client, left_on=None, reserved_for__in=employees)
    stay.update(reserved_for=None, reserved_until=None)


def void_losses(clients: Sequence[int], *, now: datetime) -> None:
    """Take back the latest loss of clients: late evidence showed that there was a contact in time."""
    latest: dict[int, int] = {}
    losses = Loss.objects.filter(client_id__in=clients, voided_at=None).order_by("on", "pk")
    for number, client in losses.values_list("pk", "client_id"):
        latest[client] = number
    Loss.objects.filter(pk__in=latest.values()).update(voided_at=now)


def leave_pool(clients: Sequence[int], *, on: date, why: str, now: datetime, silence: SilencePolicy) -> None:
    """Take clients out of the pool and give them the status of their clock: regular from their last contact."""
    PoolEntry.objects.filter(client_id__in=clients, left_on=None).update(left_on=on, why_left=why)
    rows = list(Client.objects.select_for_update().filter(pk__in=clients).order_by("pk"))
    changes = []
    for client in rows:
        before, client.in_pool_since = client.status, None
        client.status = (ClientStatus.REGULAR if client.ever_contacted else ClientStatus.PROSPECT).value
        client.next_status_on = next_change_on(silence_of(client), on=client.silent_since, policy=silence)
        if before != client.status:
            changes.append(change_of(client, before, on=client.silent_since, now=now, why=why))
    save_columns(rows, ["status", "next_status_on", "in_pool_since"])
    StatusChange.objects.bulk_create(changes, batch_size=BATCH)


def note_losses(entries: Sequence[tuple[int, int, date, date, str]], *, now: datetime) -> None:
    """Record losses known from before: (client, employee, on, silent since, reason code). Each one locks."""
    Loss.objects.bulk_create(
        [
            Loss(
                client_id=client,
                employee_id=who,
                on=on,
                silent_since=since,
                reason=why,
                initial=True,
                recorded_at=now,
            )
            for client, who, on, since, why in entries
        ],
        ignore_conflicts=True,
        batch_size=BATCH,
    )


def lift_losses(clients: Sequence[int], *, employee: int | None, by: int, why: str, now: datetime) -> None:
    """Lift the locks of clients, for one employee or for all."""
    losses = Loss.objects.filter(client_id__in=clients, voided_at=None, lifted_at=None)
    if employee is not None:
        losses = losses.filter(employee_id=employee)
    losses.update(lifted_at=now, lifted_by=by, lifted_why=why[:240])


def note_steps(
    taken: Sequence[tuple[int, tuple[tuple[ClientStatus, ClientStatus, date], ...]]], *, now: datetime, why: str
) -> None:
    """Append the status steps (from, to, day crossed) of clients."""
    StatusChange.objects.bulk_create(
        [
            StatusChange(
                client_id=client, from_status=was.value, to_status=became.value, on=on, recorded_at=now, why=why
            )
            for client, steps in taken
            for was, became, on in steps
        ],
        batch_size=BATCH,
    )


def still_ownerless(clients: Sequence[int]) -> dict[int, date]:
    """Return those whom nobody owns and who are not in the pool, with the start of their silence.

    Their rows are locked for the rest of the transaction, so that what is decided by it holds.
    """
    rows = Client.objects.select_for_update().filter(pk__in=clients, owner=None, in_pool_since=None).order_by("pk")
    return dict(rows.values_list("pk", "silent_since"))
