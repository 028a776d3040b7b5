"""Promises written as iCalendar (RFC 5545): what a phone shows and rings by. It carries no telephone numbers."""

from collections.abc import Iterable
from datetime import timedelta

import icalendar
import phonenumbers
from django.utils.translation import gettext as _

from budilnik.calling.queries.alarm import FeedEvent

LASTS = timedelta(minutes=15)
RINGS_BEFORE = timedelta(minutes=-5)
# A step for the whole day begins at midnight; the phone reminds of it at nine.
RINGS_ON_THE_DAY = timedelta(hours=9)
ASK_AGAIN_IN = timedelta(minutes=15)
WRITTEN_BY = "-//Budilnik//Promises//"


def calendar(events: Iterable[FeedEvent]) -> bytes:
    """Return the calendar of promises. The same promises give the same bytes."""
    book = icalendar.Calendar()
    book.add("prodid", WRITTEN_BY)
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("name", _("Promises to ring back"))
    book.add("x-wr-calname", _("Promises to ring back"))
    book.add("refresh-interval", ASK_AGAIN_IN, parameters={"VALUE": "DURATION"})
    book.add("x-published-ttl", icalendar.vDuration(ASK_AGAIN_IN))
    for event in events:
        book.add_component(_event(event))
    return bytes(book.to_ical())


def _event(event: FeedEvent) -> icalendar.Event:
    entry = icalendar.Event()
    entry.add("uid", f"promise-{event.callback_id}@budilnik")
    entry.add("dtstamp", event.recorded_at)
    entry.add("last-modified", event.recorded_at)
    if event.timed:
        entry.add("dtstart", event.due_at)
        entry.add("duration", LASTS)
    else:
        entry.add("dtstart", event.local_on)
        entry.add("transp", "TRANSPARENT")
    entry.add("summary", _("Ring back: %(client)s") % {"client": without_numbers(event.client)})
    told = "\n".join(filter(None, (without_numbers(event.about), without_numbers(event.person))))
    if told:
        entry.add("description", told)
    entry.add_component(_reminder(event))
    return entry


def _reminder(event: FeedEvent) -> icalendar.Alarm:
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _("Ring back: %(client)s") % {"client": without_numbers(event.client)})
    alarm.add("trigger", RINGS_BEFORE if event.timed else RINGS_ON_THE_DAY)
    return alarm


def without_numbers(text: str) -> str:
    """Return a text without the telephone numbers typed into it: a calendar lies on somebody else's server."""
    for match in reversed(list(phonenumbers.PhoneNumberMatcher(text, "RU"))):
        text = text[: match.start] + "…" + text[match.end :]
    return text
