"""The letter of the morning to heads and directors: put into the outbox once, worded when it goes out.

What it says is counted when it is sent, so the outbox keeps numbers of rows and no names. On a day off there is none,
unless the morning waits for the head's word.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from budilnik.calling.queries.letter import MorningLetter, letter_of
from budilnik.calling.queries.morning import morning_works
from budilnik.calling.queries.schedule import MorningStage, held_morning, morning_state
from budilnik.calling.wording import THOUSANDS, decimal_mark
from budilnik.core.policy import Policy
from budilnik.jobs.scheduled import Moment
from budilnik.staff.actions.outbox import Claimed, write_message
from budilnik.staff.queries.outbox import mail_is_on, reader, readers, written

LETTER, HELD = "letter", "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """A letter as it goes out."""

    subject: str
    text: str
    html: str


def letters_by_schedule(moment: Moment) -> None:
    """Put the letter of today's morning into the outbox for those who have none yet, as soon as there is one."""
    if not mail_is_on() or (kind := _due(moment.on)) is None:
        return
    keys = {f"{kind}:{moment.on}:{each.employee_id}": each for each in readers(moment.on)}
    there = written(list(keys))
    for key, each in keys.items():
        if key not in there:
            facts = {"on": str(moment.on), "employee": each.employee_id}
            write_message(kind=kind, key=key, address=each.address, facts=facts, now=moment.now)


def _due(on: date) -> str | None:
    stage = morning_state(on).stage
    if stage is MorningStage.HELD:
        return HELD
    return LETTER if stage is MorningStage.PUBLISHED and morning_works(on) else None


def worded(message: Claimed, *, on: date, now: datetime, policy: Policy) -> Worded | None:
    """Return a letter in the language of its reader; None when its day is over, or there is no reader any more."""
    him = reader(message.facts["employee"])
    if him is None or (message.kind in (LETTER, HELD) and message.facts["on"] != str(on)):
        return None
    with translation.override(him.language or settings.LANGUAGE_CODE):
        told = _told(message.kind, on=on, now=now, policy=policy)
        if told is None:
            return None
        told |= {"name": him.name, "on": on, "site": settings.SITE_URL, "company_zone": policy.company_zone}
        return Worded(
            subject=_subject(message.kind, told),
            text=render_to_string(f"letters/{message.kind}.txt", told),
            html=render_to_string(f"letters/{message.kind}.html", told),
        )


def _told(kind: str, *, on: date, now: datetime, policy: Policy) -> dict[str, Any] | None:
    if kind == LETTER:
        letter = letter_of(on=on, now=now, policy=policy)
        return {"letter": letter, "rows": _rows(letter)}
    if kind == HELD:
        hold = held_morning(on)
        return {"hold": hold} if hold is not None and not hold.allowed else None
    return {}


def _rows(letter: MorningLetter) -> list[tuple[str, str]]:
    """Return what is told of the day that begins, and of the coverage, each with its words."""
    ahead, covered = letter.ahead, letter.coverage
    rows = [
        (_("Managers with a list"), ahead.people),
        (_("Calls they can make"), ahead.capacity),
        (_("Clients in the lists"), ahead.tasks),
        (_("Promises among them"), ahead.promises),
        (_("Last day before the loss"), ahead.deadlines),
        (_("Went to the pool this morning"), ahead.released),
        (_("Will be lost whatever is done"), ahead.left_out),
        (_("More calls a day would keep them"), ahead.calls_to_save),
    ]
    shares = [
        (_("Coverage of the quarter, any contact"), covered.contacted_share),
        (_("Coverage of the quarter, talks"), covered.talked_share),
        (_("Coverage expected at the end of the quarter"), letter.expected_share),
    ]
    return [*((words, grouped(count)) for words, count in rows), *((words, percent(part)) for words, part in shares)]


def grouped(count: int) -> str:
    """Write a whole number with its thousands parted."""
    return f"{count:,}".replace(",", THOUSANDS)


def percent(value: float | None) -> str:
    """Write a share of one in percent with a tenth, by the custom of the language."""
    return "—" if value is None else f"{value * 100:.1f}%".replace(".", decimal_mark())


def _subject(kind: str, told: dict[str, Any]) -> str:
    day = f"{told['on']:%d.%m}"
    if kind == HELD:
        return _("Budilnik, %(day)s: the morning waits for your word") % {"day": day}
    if kind == LETTER:
        if broken := told["letter"].before.broken:
            return _("Budilnik, %(day)s: broken promises: %(count)d") % {"day": day, "count": broken}
        return _("Budilnik, %(day)s: the morning is ready") % {"day": day}
    return _("Budilnik: mail works")
