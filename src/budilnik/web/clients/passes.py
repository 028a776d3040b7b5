"""A pass: who found a client of somebody else by his whole number or ИНН may take that one's call for an hour."""

from typing import TYPE_CHECKING

from django.core import signing

from budilnik.calling.queries.clients import Stranger
from budilnik.calling.queries.sight import ClientNotSeen

if TYPE_CHECKING:
    from budilnik.staff.models import Employee

SALT = "clients.pass"
VALID_SECONDS = 3600


def pass_for(found: Stranger, employee: "Employee") -> str:
    """Return a pass for one client, one employee, with the number by which the client was found."""
    return signing.dumps([found.client_id, employee.pk, found.number], salt=SALT)


def number_of_pass(token: str, client_id: int, employee: "Employee") -> str:
    """Return the number by which the client was found; "" when it was his ИНН.

    Raises: ClientNotSeen when the pass is old, somebody else's or of another client.
    """
    try:
        client, holder, number = signing.loads(token, salt=SALT, max_age=VALID_SECONDS)
    except (signing.BadSignature, ValueError):
        raise ClientNotSeen from None
    if (client, holder) != (client_id, employee.pk):
        raise ClientNotSeen
    return str(number)
