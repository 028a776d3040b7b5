"""The period that a report is asked for, read from its address: what cannot be read is the default one."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.dateparse import parse_date

from budilnik.core.coverage import Stretch
from budilnik.core.refusal import Refusal
from budilnik.web.team.forms import number_from

LONGEST = timedelta(days=366)


class PeriodBackwards(Refusal):
    """A period that ends before it begins."""

    ru = "Период кончается ({last}) раньше, чем начинается ({first}). Поменяйте даты местами."
    en = "The period ends ({last}) before it begins ({first}). Change the dates over."


class PeriodTooLong(Refusal):
    """More than a year of calls is not read at once."""

    ru = "Период длиннее года. Возьмите не больше 366 дней."
    en = "The period is longer than a year. Take at most 366 days."


def period_from(query: Mapping[str, str], *, on: date) -> Stretch:
    """Read a period; by default the month of `on` so far.

    Raises: PeriodBackwards, PeriodTooLong.
    """
    first, last = _day(query.get("from", "")) or on.replace(day=1), _day(query.get("until", "")) or on
    if last < first:
        raise PeriodBackwards(first=f"{first:%d.%m.%Y}", last=f"{last:%d.%m.%Y}")
    if last - first >= LONGEST:
        raise PeriodTooLong
    return Stretch(first=first, last=last)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def page_from(text: str) -> int:
    """Read the number of a page; the first one for anything else."""
    return min(10_000, max(1, number_from(text) or 1))
