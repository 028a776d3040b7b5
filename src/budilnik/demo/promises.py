"""Calls promised for the working day and the days after; two are overdue since the working day before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from budilnik.core.dates import CallingHours, common_hours
from budilnik.demo.dice import stream
from budilnik.demo.notes import PROMISED_ABOUT
from budilnik.demo.stories import Past, Story

PROMISES = 25
FEWEST = 4
CLIENTS_A_PROMISE = 40
OVERDUE = 2
TALKED_WITHIN_WORKDAYS = 15
STEP = timedelta(minutes=15)

# How many working days from the working day on; the first two places of the list are the overdue.
DAYS_AHEAD = (0, 0, 1, 0, 1, 2, 0, 0, 3, 0, 1, 4, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPromise:
    """A call promised to a client. `at` is wall time where the client is, without a zone; `zone` is its name."""

    client_key: str
    employee: str
    at: datetime
    zone: str
    about: str


def _common_quarters(zone: ZoneInfo, employee_zone: ZoneInfo, day: date) -> list[datetime]:
    """Return the quarters of an hour in which both sides work, as the client's wall time on `day`."""
    hours = CallingHours()
    spans = common_hours(on=day, client_zone=zone, client=hours, employee_zone=employee_zone, employee=hours)
    quarters = []
    for start, end in spans:
        at = start.astimezone(zone)
        while at < end:
            quarters.append(at.replace(tzinfo=None))
            at += STEP
    return quarters


def _candidates(past: Past, stories: Sequence[Story]) -> list[Story]:
    """Return owned clients talked to lately, but not on the last working day: it may be the day promised."""
    first = past.workdays.before(past.on, TALKED_WITHIN_WORKDAYS)
    last = past.workdays.before(past.on, 2)
    return [
        story
        for story in stories
        if story.last_on is not None and first <= story.last_on <= last and story.held_by(story.last_on) == story.owner
    ]


def _day(past: Past, place: int) -> date:
    if place < OVERDUE:
        return past.workdays.before(past.on)
    return past.workdays.from_on(past.on, DAYS_AHEAD[(place - OVERDUE) % len(DAYS_AHEAD)])


def _promised(past: Past, chosen: Sequence[Story], zones: dict[str, str], dice: Random) -> Iterator[DemoPromise]:
    subjects = dice.sample(PROMISED_ABOUT, len(PROMISED_ABOUT))
    place = 0
    for story in chosen:
        day = _day(past, place)
        quarters = _common_quarters(ZoneInfo(story.city.zone), ZoneInfo(zones[story.owner]), day)
        if not quarters:
            continue
        yield DemoPromise(
            client_key=story.key,
            employee=story.owner,
            at=dice.choice(quarters),
            zone=story.city.zone,
            about=subjects[place % len(subjects)],
        )
        place += 1


def make_promises(past: Past, stories: Sequence[Story], zones: dict[str, str]) -> tuple[DemoPromise, ...]:
    """Return about 25 promises, fewer in a small company, in order of time; `zones` are the employees'.

    Nobody is promised a call at an hour when one of the two sides does not work.
    """
    dice = stream(past.seed, "promises")
    wanted = min(PROMISES, max(FEWEST, len(stories) // CLIENTS_A_PROMISE))
    candidates = _candidates(past, stories)
    chosen = dice.sample(candidates, min(wanted, len(candidates)))
    promises = _promised(past, chosen, zones, dice)
    return tuple(sorted(promises, key=lambda one: (one.at, one.client_key)))
