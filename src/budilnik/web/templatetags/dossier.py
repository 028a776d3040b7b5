"""How the page of a client words what is known of him: people, quantities, the lines of his history."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.translation import gettext as _

from budilnik.calling import wording
from budilnik.calling.queries.clients import ARCHIVED, Sort
from budilnik.calling.queries.history import Event, Kind
from budilnik.clients import wording as words
from budilnik.core.terms import ClientStatus

register = template.Library()

_ICONS = {
    Kind.TALK: "message",
    Kind.ORDER: "shopping-cart",
    Kind.NOTE: "note",
    Kind.OWNER: "user",
    Kind.STATUS: "flag",
    Kind.PROMISE: "bell",
    Kind.SKIP: "player-skip-forward",
}


@register.filter
def buying_role(code: str) -> str:
    """Name a role of the buying centre."""
    return words.buying_role_name(code)


@register.filter
def attitude(code: str) -> str:
    """Name how a person stands towards us."""
    return words.attitude_name(code)


@register.filter
def channel(code: str) -> str:
    """Name how a person is reached."""
    return words.channel_name(code)


@register.filter
def of_key(counts: Mapping[str, int], key: str) -> int:
    """Return a count by its code."""
    return counts.get(key, 0)


@register.filter
def status_tab(code: str) -> str:
    """Name the clients of a status, as a tab of the list does."""
    return {
        "": _("All"),
        ClientStatus.FORGOTTEN.value: _("Forgotten"),
        ClientStatus.REGULAR.value: _("Regular"),
        ClientStatus.LOST.value: _("Lost"),
        ClientStatus.PROSPECT.value: _("Prospects"),
        ARCHIVED: _("Archive"),
    }[code]


@register.filter
def sort_name(code: str) -> str:
    """Name what the list is ordered by."""
    return {
        Sort.LEFT.value: _("days until lost"),
        Sort.SILENCE.value: _("days of silence"),
        Sort.VALUE.value: _("value of the year"),
        Sort.NAME.value: _("name"),
    }[code]


@register.filter
def day_in(value: datetime, zone: str) -> date:
    """Return the day of a moment in a zone."""
    return value.astimezone(ZoneInfo(zone)).date()


@register.filter
def zone_name(zone: str, now: datetime) -> str:
    """Write a zone with the time its clocks show."""
    return f"{zone.split('/')[-1].replace('_', ' ')}, {now.astimezone(ZoneInfo(zone)):%H:%M}"


@register.filter
def quantity(thousandths: int) -> str:
    """Write thousandths as a number without needless zeros."""
    return f"{thousandths / 1000:,.3f}".rstrip("0").rstrip(".").replace(",", wording.THOUSANDS)


@register.filter
def kind(code: str) -> str:
    """Name a kind of lines of the history."""
    return {
        Kind.TALK.value: _("talks and attempts"),
        Kind.ORDER.value: _("orders"),
        Kind.NOTE.value: _("notes"),
        Kind.OWNER.value: _("owners and losses"),
        Kind.STATUS.value: _("statuses"),
        Kind.PROMISE.value: _("promises"),
        Kind.SKIP.value: _("skips"),
    }.get(code, code)


@register.filter
def repair_reason(code: str) -> str:
    """Say why a client is on the data repair list."""
    return {
        "wrong": _("every number is wrong"),
        "stopped": _("it was asked not to call any of the numbers"),
        "not_reached": _("not reached in two rounds"),
        "none": _("no number is recorded"),
        "usable": _("may be called again"),
    }.get(code, code)


@register.filter
def promise_end(code: str) -> str:
    """Say how a promise ended."""
    return {
        "": _("open"),
        "done": _("kept"),
        "moved_by_client": _("moved by the client"),
        "moved_by_us": _("moved by us"),
        "stopped": _("taken off: calls were stopped"),
    }.get(code, code)


@register.filter
def event_icon(event: Event) -> str:
    """Choose the sign of a line of the history."""
    if event.kind is Kind.TALK and event.what not in ("answered", "message"):
        return "phone-off"
    if event.kind is Kind.TALK and event.direction == "in":
        return "phone-incoming"
    return _ICONS[event.kind]


@register.filter
def event_title(event: Event) -> str:
    """Say in a few words what a line of the history is about."""
    return _TITLES[event.kind](event)


def _talk(event: Event) -> str:
    outcome = wording.outcome_name(event.outcome)
    reason = f" ({wording.loss_reason_name(event.reason)})" if event.reason else ""
    if event.what == "message":
        return _("Reply: %(outcome)s") % {"outcome": outcome} + reason
    if event.what != "answered":
        return _("Attempt: %(outcome)s") % {"outcome": outcome}
    if event.direction == "in":
        return _("The client called: %(outcome)s") % {"outcome": outcome} + reason
    return _("Talk: %(outcome)s") % {"outcome": outcome} + reason


def _order(event: Event) -> str:
    return {
        "cancelled": _("Cancelled order %(key)s"),
        "return": _("Return %(key)s"),
        "order": _("Order %(key)s"),
    }[event.what] % {"key": event.text}


def _owner(event: Event) -> str:
    who = wording.short_name(event.who)
    if event.what == "lifted":
        return _("Lock of %(name)s lifted") % {"name": wording.short_name(event.other)}
    if event.what in ("lost", "lost_before"):
        since = f"{event.until:%d.%m.%Y}" if event.until else "—"
        lost = _("Lost, the owner was %(name)s, silent since %(since)s") % {"name": who, "since": since}
        return f"{lost} ({wording.loss_reason_name(event.reason)})" if event.reason else lost
    why = words.tenure_reason_name(event.reason)
    began = _("Owner: %(name)s (%(why)s)") if event.what == "began" else _("No longer the owner: %(name)s (%(why)s)")
    return began % {"name": who, "why": why}


def _status(event: Event) -> str:
    before, after = wording.status_of_one(event.outcome), wording.status_of_one(event.what)
    return f"{before.capitalize()} → {after} ({words.status_reason_name(event.reason)})"


def _promise(event: Event) -> str:
    when = f"{event.until:%d.%m.%Y} {event.until_time}".strip()
    return _("Promised to call on %(when)s") % {"when": when}


def _note(event: Event) -> str:
    return _("Important note") if event.what == "pinned" else _("Note")


def _skip(event: Event) -> str:
    return _("Skipped: %(why)s") % {"why": wording.skip_reason_name(event.reason)}


_TITLES: Mapping[Kind, Callable[[Event], str]] = {
    Kind.TALK: _talk,
    Kind.ORDER: _order,
    Kind.NOTE: _note,
    Kind.OWNER: _owner,
    Kind.STATUS: _status,
    Kind.PROMISE: _promise,
    Kind.SKIP: _skip,
}
