"""Reads over what leaves the firm: whether mail is set up, who gets letters, what waits."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Q

from budilnik.core.terms import Role
from budilnik.staff.models import Employee, OutboxMessage

READERS = (Role.HEAD.value, Role.DIRECTOR.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailState:
    """How the outbox stands. `trouble` is what the last message that did not go out met; "" when all is well."""

    waiting: int
    given_up: int
    last_sent_at: datetime | None
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who gets letters, and in which language; "" when he has chosen none."""

    employee_id: int
    name: str
    address: str
    language: str


def mail_is_on() -> bool:
    """Say whether a server of mail is named. No query."""
    return bool(settings.MAILERS)


def readers(on: date) -> tuple[Reader, ...]:
    """Return who gets the letter of the morning: heads and directors in service with an address. One query."""
    people = Employee.objects.working(on).filter(is_active=True, letter=True, role__in=READERS).exclude(email="")
    return tuple(map(_reader, people.order_by("pk")))


def reader(employee_id: int) -> Reader | None:
    """Return one of those who get letters, or None. One query."""
    found = Employee.objects.filter(pk=employee_id, is_active=True).exclude(email="").first()
    return _reader(found) if found else None


def _reader(employee: Employee) -> Reader:
    return Reader(employee_id=employee.pk, name=employee.name, address=employee.email, language=employee.language)


def written(keys: list[str]) -> set[str]:
    """Return which of these messages are written already, sent or not. One query."""
    return set(OutboxMessage.objects.filter(key__in=keys).values_list("key", flat=True))


def mail_state() -> MailState:
    """Return how the outbox stands. Three queries."""
    rows = OutboxMessage.objects.all()
    waiting = rows.filter(sent_at=None, given_up_at=None).count()
    last = rows.exclude(sent_at=None).order_by("-sent_at").values_list("sent_at", flat=True).first()
    since = Q(sent_at=None) & ~Q(trouble="")
    failed = rows.filter(since, written_at__gt=last) if last else rows.filter(since)
    told = list(failed.order_by("-written_at").values_list("given_up_at", "trouble"))
    return MailState(
        waiting=waiting,
        given_up=sum(given_up is not None for given_up, _trouble in told),
        last_sent_at=last,
        trouble=told[0][1] if told else "",
    )
