"""The list of clients as a file: all its pages at once, with the numbers by which they are called."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from budilnik.calling.queries.clients import ORDER, ClientLine, Sort, Wanted, lines_of, meant, narrowed_clients
from budilnik.calling.queries.sight import Sight, own_clients
from budilnik.clients.models import ClientQuerySet, Phone
from budilnik.core.policy import Policy
from budilnik.core.search import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientInFile:
    """A line of the list and the numbers of the client that are neither wrong nor stopped."""

    line: ClientLine
    phones: tuple[str, ...]


def clients_for_file(
    sight: Sight, *, wanted: Wanted, asked: Asked | None, on: date, policy: Policy
) -> tuple[ClientInFile, ...]:
    """Return the whole list in its order, or everybody whom a query may mean by name. Two queries."""
    if asked is not None and not asked.means_something:
        return ()
    if asked is None:
        rows, sort = narrowed_clients(sight, wanted, on=on, policy=policy), wanted.sort
    else:
        rows, sort = own_clients(sight).filter(meant(asked, sight)), Sort.NAME
    # By days left months are added in Python; whom no silence can lose come last, the longest silence first.
    lines = lines_of(rows.order_by(*ORDER.get(sort, ORDER[Sort.SILENCE])), on=on, policy=policy)
    if sort is Sort.LEFT:
        lines.sort(key=lambda line: (line.days_left is None, line.days_left or 0))
    phones = _phones_of(rows)
    return tuple(ClientInFile(line=line, phones=tuple(phones.get(line.client_id, ()))) for line in lines)


def _phones_of(rows: ClientQuerySet) -> dict[int, list[str]]:
    good = Phone.objects.filter(client__in=rows.order_by().values("pk"), wrong_on=None, stopped_on=None)
    found: dict[int, list[str]] = defaultdict(list)
    for client_id, number in good.order_by("client_id", "pk").values_list("client_id", "number"):
        if number not in found[client_id]:
            found[client_id].append(number)
    return found
