"""What a call changed on a client, remembered so that an amendment can put it back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from budilnik.clients.actions.marks import trust_numbers
from budilnik.clients.models import Client, Phone, PoolEntry

_CLIENT = (
    "agreed_until",
    "missed_attempts",
    "retry_on",
    "paused_until",
    "refusals_in_row",
    "phone_state",
    "stopped_on",
    "archived_on",
)
_POOL = ("rest_until", "reserved_for_id", "reserved_until")
_PHONE = ("wrong_on", "stopped_on")

type Marks = dict[str, Any]
type Difference = dict[str, list[Any]]


def marks_of(client: Client, *, stay: bool, numbers: bool) -> Marks:
    """Return the marks of a client that a call may change: plain values under names, no personal data.

    Those of his stay in the pool and of his numbers are read only where the call may touch them.
    """
    marks: Marks = {f"client.{client.pk}.{name}": _plain(getattr(client, name)) for name in _CLIENT}
    if stay:
        for row in PoolEntry.objects.filter(client=client).order_by("-pk").values("pk", *_POOL)[:1]:
            marks |= {f"pool.{row['pk']}.{name}": _plain(row[name]) for name in _POOL}
    if numbers:
        his = Phone.objects.filter(client=client).values("number")
        for row in Phone.objects.filter(number__in=his).values("pk", *_PHONE):
            marks |= {f"phone.{row['pk']}.{name}": _plain(row[name]) for name in _PHONE}
    return marks


def marks_now(client: int, *, stay: bool, numbers: bool) -> Marks:
    """Return the marks of a client as the database has them by now."""
    return marks_of(Client.objects.only(*_CLIENT).get(pk=client), stay=stay, numbers=numbers)


def difference(before: Marks, after: Marks) -> Difference:
    """Return what changed: the value before and the value after, by name."""
    return {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}


def put_back(changed: Mapping[str, list[Any]]) -> None:
    """Restore the values of before where nothing has touched them since; a later fact stays."""
    tables = {"client": Client.objects, "pool": PoolEntry.objects, "phone": Phone.objects}
    phones = set()
    for name, (before, after) in changed.items():
        table, number, column = name.split(".")
        restored = tables[table].filter(**{"pk": int(number), column: after}).update(**{column: before})
        if restored and table == "phone":
            phones.add(int(number))
    # The same number stood on other cards too, whose own marks the difference does not tell.
    for client in set(Phone.objects.filter(pk__in=phones).values_list("client_id", flat=True)):
        trust_numbers(client)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
