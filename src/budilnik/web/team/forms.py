"""What the forms of the team say, read strictly: a thing missing is a sentence, and nothing is done."""

from datetime import date
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.utils.dateparse import parse_date

from budilnik.calling.queries.pool import PoolFilter, PoolState
from budilnik.core.matters import Decision, NotItsDecision
from budilnik.core.refusal import Refusal
from budilnik.core.terms import LossReason
from budilnik.staff.queries import employee_number

if TYPE_CHECKING:
    from budilnik.staff.models import Employee

LONGEST = 100
_DIGITS = 15


class NothingChosen(Refusal):
    """A decision about many clients names at least one."""

    ru = "Отметьте хотя бы одного клиента."
    en = "Tick at least one client."


class NobodyChosen(Refusal):
    """The form asks who."""

    ru = "Выберите сотрудника."
    en = "Choose an employee."


class DayUnreadable(Refusal):
    """A day left out, or one that no calendar has."""

    ru = "Укажите дату, например 15.09.2026."
    en = "Name the date, for example 2026-09-15."


class NoReasonChosen(Refusal):
    """A client goes to the archive for a reason from the list."""

    ru = "Выберите, почему клиент уходит в архив."
    en = "Choose why the client is archived."


class NothingDecided(Refusal):
    """The form asks what is to be done."""

    ru = "Выберите, что сделать."
    en = "Choose what is to be done."


def number_from(text: str) -> int | None:
    """Return a number written in digits; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None


def clients_from(sent: QueryDict) -> list[int]:
    """Return the clients ticked.

    Raises: NothingChosen.
    """
    numbers = [number for text in sent.getlist("client") if (number := number_from(text)) is not None]
    if not numbers:
        raise NothingChosen
    return numbers


def somebody_from(sent: QueryDict, name: str) -> "Employee | None":
    """Return the employee chosen; None when the choice was left empty.

    Raises: NoSuchEmployee.
    """
    number = number_from(sent.get(name, ""))
    return None if number is None else employee_number(number)


def employee_from(sent: QueryDict, name: str) -> "Employee":
    """Return the employee chosen.

    Raises: NobodyChosen, NoSuchEmployee.
    """
    found = somebody_from(sent, name)
    if found is None:
        raise NobodyChosen
    return found


def day_from(sent: QueryDict, name: str) -> date:
    """Return a day.

    Raises: DayUnreadable.
    """
    try:
        found = parse_date(sent.get(name, ""))
    except ValueError:
        found = None
    if found is None:
        raise DayUnreadable
    return found


def loss_reason_from(sent: QueryDict) -> LossReason:
    """Return why a client is archived.

    Raises: NoReasonChosen.
    """
    try:
        return LossReason(sent.get("reason", ""))
    except ValueError:
        raise NoReasonChosen from None


def decision_from(sent: QueryDict) -> Decision:
    """Return what the head has decided about a matter.

    Raises: NotItsDecision.
    """
    try:
        return Decision(sent.get("decision", ""))
    except ValueError:
        raise NotItsDecision from None


def pool_filter_from(asked: QueryDict) -> PoolFilter:
    """Return what of the pool is asked for; what cannot be read is not asked for."""
    state = asked.get("state", "")
    return PoolFilter(
        text=asked.get("text", "")[:LONGEST].strip(),
        loser_id=number_from(asked.get("loser", "")),
        state=PoolState(state) if state in PoolState else None,
        page=max(1, number_from(asked.get("page", "")) or 1),
    )
