"""Writes over the calendar of the firm: days that differ from the production calendar."""

from datetime import date, datetime

from django.db import transaction

from budilnik.core.refusal import Refusal
from budilnik.staff.actions import audit
from budilnik.staff.models import CalendarDay, Employee
from budilnik.staff.queries import read_anew


class DayHasCome(Refusal):
    """The calendar is changed for days to come: a list that is out is not taken back."""

    ru = "{on} уже наступило: менять можно только будущие дни."
    en = "{on} has come: only days to come may be changed."


@transaction.atomic
def override_day(
    *, on: date, works: bool, note: str, by: Employee | None, now: datetime, today: date | None = None
) -> None:
    """Say that a day differs from the production calendar for every team; `today` None lets it be any day.

    Raises: DayHasCome.
    """
    if today is not None and on <= today:
        raise DayHasCome(on=on)
    CalendarDay.objects.update_or_create(team=None, on=on, defaults={"works": works, "note": note})
    read_anew()
    audit("calendar_day_set", by=by, now=now, subject="calendar", facts={"on": str(on), "works": works})


@transaction.atomic
def forget_override(*, on: date, by: Employee | None, now: datetime, today: date) -> None:
    """Let a day follow the production calendar again.

    Raises: DayHasCome.
    """
    if on <= today:
        raise DayHasCome(on=on)
    CalendarDay.objects.filter(team=None, on=on).delete()
    read_anew()
    audit("calendar_day_forgotten", by=by, now=now, subject="calendar", facts={"on": str(on)})
