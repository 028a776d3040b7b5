"""What the program proposes when a client names no day himself: dates and hours in his own time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil

from budilnik.core.dates import ONE_DAY, WorkCalendar, add_months
from budilnik.core.outcomes import Moment, proposed_next_on
from budilnik.core.policy import Policy
from budilnik.staff.models import Employee
from budilnik.staff.queries import work_calendar, zone_or

MORNING, AFTERNOON = time(10), time(15)
# What follows from a call looks some weeks ahead, however near the dates that may be named.
LEAST_MONTHS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A moment offered for a callback, in the client's wall time."""

    code: str
    on: date
    at: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """Dates offered by the form of an outcome: the first and last that may be named, the proposed one, and hours."""

    first: date
    last: date
    next_on: date
    soon_on: date
    presets: tuple[Preset, ...]


def working_days_ahead(employee: Employee, *, on: date, policy: Policy) -> WorkCalendar:
    """Return the working days from `on` to the last date that a client may name. One query, his team aside."""
    last = add_months(on, max(policy.agreed_at_most_months, LEAST_MONTHS))
    return work_calendar(country=employee.team.calendar, first=on, last=last, team_id=employee.team_id)


def proposals_for(employee: Employee, *, zone: str, on: date, now: datetime, policy: Policy) -> Proposals:
    """Return what is proposed for a client who lives in `zone`. One query, the employee's team aside."""
    last = add_months(on, policy.agreed_at_most_months)
    calendar = working_days_ahead(employee, on=on, policy=policy)
    at = Moment(on=on, now=now, policy=policy, calendar=calendar)
    local = now.astimezone(zone_or(zone, policy.company_zone))
    presets = [Preset(code="in_an_hour", on=_in_an_hour(local).date(), at=_in_an_hour(local).time())]
    if local.time() < time(14, 30):
        presets.append(Preset(code="today", on=local.date(), at=AFTERNOON))
    tomorrow = calendar.next_working_after(on)
    presets += [Preset(code="next_day", on=tomorrow, at=MORNING), Preset(code="next_day", on=tomorrow, at=AFTERNOON)]
    monday = on + (7 - on.weekday()) * ONE_DAY
    if monday != tomorrow:
        presets.append(Preset(code="monday", on=calendar.window(monday, count=1)[0], at=MORNING))
    return Proposals(
        first=on,
        last=last,
        next_on=proposed_next_on(at),
        soon_on=calendar.next_working_after(on, count=3),
        presets=tuple(presets),
    )


def _in_an_hour(local: datetime) -> datetime:
    later = local + timedelta(hours=1)
    minutes = ceil(later.minute / 5) * 5
    return later.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=minutes)
