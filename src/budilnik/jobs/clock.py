"""The clock, read here and passed down as an argument."""

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from budilnik.core.refusal import Refusal


class BadToday(Refusal):
    """BUDILNIK_TODAY is not a date."""

    ru = "BUDILNIK_TODAY=«{value}» не дата; нужно вида 2026-03-11."
    en = "BUDILNIK_TODAY=“{value}” is not a date; write it like 2026-03-11."


def fixed_today(environment: Mapping[str, str] = os.environ) -> date | None:
    """Return the date that BUDILNIK_TODAY fixes for the whole process, or None.

    Raises: BadToday.
    """
    value = environment.get("BUDILNIK_TODAY", "").strip()
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadToday(value=value) from None


def now() -> datetime:
    """Return the moment in UTC; on a fixed date the time of day runs on."""
    moment = datetime.now(UTC)
    fixed = fixed_today()
    if fixed is None:
        return moment
    return moment + timedelta(days=(fixed - moment.date()).days)


def today(zone: str) -> date:
    """Return the company's day: the fixed one, else that of its zone."""
    return fixed_today() or datetime.now(UTC).astimezone(ZoneInfo(zone)).date()
