"""Marks on clients: agreed dates, rests, attempts, stops, wrong numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from budilnik.clients.models import Client, Phone, PoolEntry

TO_REPAIR = "wrong"


def grant_grace(days: Mapping[int, date]) -> None:
    """Give clients of a neglected backlog a day until which they are not lost."""
    by_day: dict[date, list[int]] = {}
    for client, day in days.items():
        by_day.setdefault(day, []).append(client)
    for day, clients in by_day.items():
        Client.objects.filter(pk__in=clients).update(grace_until=day, next_status_on=day)


def rest_in_pool(client: int, *, until: date) -> None:
    """Let a pool client rest after a refusal."""
    PoolEntry.objects.filter(client_id=client, left_on=None).update(rest_until=until)


def reserve_in_pool(client: int, *, employee: int, until: date) -> None:
    """Keep a pool client for the caller who promised to ring back."""
    PoolEntry.objects.filter(client_id=client, left_on=None).update(reserved_for=employee, reserved_until=until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """The counters that follow a client, whoever calls."""

    missed: int = 0
    retry_on: date | None = None
    paused_until: date | None = None


def attempts_of(client: Client) -> Attempts:
    """Return the counters as they stand on a client that was read."""
    return Attempts(missed=client.missed_attempts, retry_on=client.retry_on, paused_until=client.paused_until)


def count_attempts(client: int, attempts: Attempts) -> None:
    """Store the attempts without a talk since the last one."""
    Client.objects.filter(pk=client).update(
        missed_attempts=attempts.missed, retry_on=attempts.retry_on, paused_until=attempts.paused_until
    )


def count_refusals(client: int, count: int) -> None:
    """Store how many refusals in a row an own client gave without an order."""
    Client.objects.filter(pk=client).update(refusals_in_row=count)


def stop(client: int, *, on: date) -> None:
    """Stop calls to the whole company at once."""
    Client.objects.filter(pk=client).update(stopped_on=on)


def lift_stop(client: int) -> bool:
    """Let a company be called again; of two who lift the stop at once one is told False."""
    return Client.objects.filter(pk=client).exclude(stopped_on=None).update(stopped_on=None) == 1


def archive(client: int, *, on: date) -> bool:
    """Put a client out of the base, keeping all that is known; False if he is out of it already."""
    return Client.objects.filter(pk=client, archived_on=None).update(archived_on=on) == 1


def restore(client: int) -> bool:
    """Take a client back into the base; of two who do so at once one is told False."""
    return Client.objects.filter(pk=client).exclude(archived_on=None).update(archived_on=None) == 1


def mark_number(client: int, *, number: str, wrong_on: date | None = None, stopped_on: date | None = None) -> None:
    """Mark a number wrong or not to be called; a client without a usable one goes to data repair."""
    Phone.objects.filter(client_id=client, number=number).update(
        **({"wrong_on": wrong_on} if wrong_on else {"stopped_on": stopped_on})
    )
    Client.objects.filter(pk=client).update(phone_state="usable" if _has_usable_number(client) else TO_REPAIR)


def _has_usable_number(client: int) -> bool:
    return Phone.objects.filter(client_id=client, wrong_on=None, stopped_on=None).exists()


def stop_number(number: str, *, on: date) -> list[int]:
    """Stop a number wherever it is written; return the clients who have no usable number left."""
    clients = list(Phone.objects.filter(number=number).values_list("client_id", flat=True).distinct())
    for client in clients:
        mark_number(client, number=number, stopped_on=on)
    return list(Client.objects.filter(pk__in=clients, phone_state=TO_REPAIR).values_list("pk", flat=True))


def lift_number_stop(number: str) -> list[int]:
    """Let a number be called again wherever it is written; return the clients where it was stopped."""
    stopped = Phone.objects.filter(number=number).exclude(stopped_on=None)
    clients = sorted(set(stopped.values_list("client_id", flat=True)))
    without = [client for client in clients if not _has_usable_number(client)]
    stopped.update(stopped_on=None)
    for client in without:
        trust_numbers(client)
    return clients


def give_up_calling(client: int) -> None:
    """Send a client whom nobody reaches to data repair: in no queue until a new number or his own call."""
    Client.objects.filter(pk=client).update(phone_state=TO_REPAIR)


def trust_numbers(client: int) -> None:
    """Take a client who was reached after all out of data repair, if a number of his may be called."""
    if _has_usable_number(client):
        Client.objects.filter(pk=client, phone_state=TO_REPAIR).update(phone_state="usable")


def protect(client: int, *, protected: bool) -> None:
    """Keep a client from release: his loss is the head's decision."""
    Client.objects.filter(pk=client).update(protected=protected)


def pin(client: int, *, pinned: bool) -> None:
    """Keep a client with his manager when the base is levelled."""
    Client.objects.filter(pk=client).update(pinned=pinned)


def set_potential(client: int, kopecks: int | None, *, on: date) -> None:
    """Store what a client buys in a year of all suppliers and the day it was said; None when it is not known."""
    Client.objects.filter(pk=client).update(potential=kopecks, potential_on=None if kopecks is None else on)
