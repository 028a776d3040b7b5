"""The clock, read here and passed down as an argument."""

import os
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from budilnik.core.refusal import Refusal

# Three centuries of seconds either way: no moment that they lead to is beyond what a date can hold.
_SECONDS = re.compile(r"[+-]?[0-9]{1,10}")


class BadToday(Refusal):
    """BUDILNIK_TODAY is not a date."""

    ru = "BUDILNIK_TODAY=«{value}» не дата; нужно вида 2026-03-11."
    en = "BUDILNIK_TODAY=“{value}” is not a date; write it like 2026-03-11."


class BadClockShift(Refusal):
    """BUDILNIK_CLOCK_SHIFT is not a number of seconds."""

    ru = "BUDILNIK_CLOCK_SHIFT=«{value}» не число секунд; нужно целое, не длиннее десяти цифр."
    en = "BUDILNIK_CLOCK_SHIFT=“{value}” is no number of seconds; a whole one of ten digits at most is needed."


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


def clock_shift(environment: Mapping[str, str] = os.environ) -> timedelta | None:
    """Return what BUDILNIK_CLOCK_SHIFT adds to the real clock, or None. It wins over BUDILNIK_TODAY.

    Raises: BadClockShift.
    """
    value = environment.get("BUDILNIK_CLOCK_SHIFT", "").strip()
    if not value:
        return None
    if not _SECONDS.fullmatch(value):
        raise BadClockShift(value=value)
    return timedelta(seconds=int(value))


def shift_to(moment: datetime) -> str:
    """Return the BUDILNIK_CLOCK_SHIFT under which it is `moment` now."""
    return str(round((moment - datetime.now(UTC)).total_seconds()))


def now() -> datetime:
    """Return the moment in UTC; on a fixed date the time of day runs on, on a shifted clock everything does."""
    moment = datetime.now(UTC)
    if (shift := clock_shift()) is not None:
        return moment + shift
    fixed = fixed_today()
    if fixed is None:
        return moment
    return moment + timedelta(days=(fixed - moment.date()).days)


def day_of(moment: datetime, zone: str) -> date:
    """Return the company's day at a moment that `now` gave: the fixed one, else that of its zone."""
    fixed = fixed_today() if clock_shift() is None else None
    return fixed or moment.astimezone(ZoneInfo(zone)).date()


def today(zone: str) -> date:
    """Return the company's day: the fixed one, else that of its zone."""
    return day_of(now(), zone)
