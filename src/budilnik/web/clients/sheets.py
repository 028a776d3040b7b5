"""The list of clients as a file."""

from django.utils.translation import gettext as _

from budilnik.calling.queries.client_file import ClientInFile
from budilnik.calling.wording import status_of_one
from budilnik.web.sheets import Column, Sheet, Value


def client_sheet(clients: tuple[ClientInFile, ...]) -> Sheet:
    """Return the list with what the page shows, and the numbers."""
    return Sheet(
        name=_("Clients"),
        columns=(
            Column(title=_("Client")),
            Column(title=_("City")),
            Column(title=_("Status")),
            Column(title=_("Days silent"), kind="count"),
            Column(title=_("Class")),
            Column(title=_("Days until lost"), kind="count"),
            Column(title=_("A year, ₽"), kind="money"),
            Column(title=_("Last order"), kind="date"),
            Column(title=_("Last talk"), kind="date"),
            Column(title=_("Owner")),
            Column(title=_("In the pool")),
            Column(title=_("Do not call")),
            Column(title=_("Phones")),
        ),
        rows=(_row(each) for each in clients),
    )


def _row(client: ClientInFile) -> tuple[Value, ...]:
    line = client.line
    return (
        line.name,
        line.city,
        status_of_one(line.status),
        line.days_silent,
        line.abc,
        line.days_left,
        line.value,
        line.last_order_on,
        line.last_talk_on,
        line.owner,
        _yes(line.in_pool),
        _yes(line.stopped),
        ", ".join(client.phones),
    )


def _yes(said: bool) -> str:
    return _("yes") if said else ""
