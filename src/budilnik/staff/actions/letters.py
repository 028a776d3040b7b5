"""Where an employee gets his letter, and whether he wants it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from budilnik.core.refusal import Refusal
from budilnik.core.terms import Role
from budilnik.staff.actions import audit
from budilnik.staff.models import Employee

ADDRESS_LENGTH = 254


class BadAddress(Refusal):
    """An address to which no letter goes."""

    ru = "Адрес почты «{address}» не годится; нужен вида ivan@firma.ru."
    en = "The mail address “{address}” will not do; write it like ivan@firm.com."


class NotYourAddress(Refusal):
    """Letters about the firm go where the one they are for, or the administrator, wants them."""

    ru = "Адрес почты меняет сам сотрудник или администратор."
    en = "A mail address is changed by the employee himself or by the administrator."


@transaction.atomic
def set_address(*, employee: Employee, address: str, letter: bool, by: Employee, now: datetime) -> None:
    """Note where an employee gets letters, nowhere when empty, and whether he wants the morning's.

    The address itself is personal and does not go into the audit.
    Raises: NotYourAddress, BadAddress.
    """
    if by.pk != employee.pk and by.role != Role.ADMINISTRATOR:
        raise NotYourAddress
    address = address.strip()
    if address:
        _see(address)
    changed = Employee.objects.filter(pk=employee.pk).exclude(email=address, letter=letter)
    if changed.update(email=address, letter=letter) == 1:
        facts: dict[str, object] = {"address": bool(address), "letter": letter}
        audit("address_set", by=by, now=now, subject="employee", subject_id=employee.pk, facts=facts)


def _see(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        raise BadAddress(address=address[:80]) from None
    if len(address) > ADDRESS_LENGTH:
        raise BadAddress(address=address[:80])
