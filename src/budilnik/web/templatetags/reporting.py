"""How reports call things: tabs, figures of the coverage board, figures of discipline, states a client goes through."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from budilnik.calling.queries.covered import NOBODY, POOL, Coverage
from budilnik.calling.wording import short_name
from budilnik.core.flows import State
from budilnik.web.templatetags.findings import grouped
from budilnik.web.templatetags.leading import status_of_many

register = template.Library()


@register.filter
def report_name(code: str) -> str:
    """Name a report."""
    return {
        "coverage": _("Coverage"),
        "discipline": _("Discipline"),
        "flows": _("Status flows"),
        "money": _("Money"),
        "pool": _("Pool"),
        "effect": _("Funnel and effect"),
    }[code]


@register.filter
def part_name(code: str) -> str:
    """Name a page of a report."""
    return {
        "managers": _("By manager"),
        "weeks": _("Week by week"),
        "classes": _("By class"),
        "days": _("By days owned"),
        "risk": _("Base at risk"),
        "revenue": _("New and existing clients"),
        "stock": _("In and out"),
        "losers": _("Who lost whom"),
        "backlog": _("Neglected backlog"),
        "lots": _("Effect of calls"),
        "funnel": _("Funnel"),
    }[code]


@register.filter
def place_name(place: str, name: str = "") -> str:
    """Name whose clients these are."""
    if place in (POOL, NOBODY):
        return _("Pool") if place == POOL else _("Nobody's")
    return short_name(name) if name else _("In all")


@register.filter
def coverage_words(figure: Coverage) -> str:
    """Say what a figure of the coverage board counts."""
    return {
        Coverage.BASE: _("may be called"),
        Coverage.CONTACTED: _("contacted in the quarter"),
        Coverage.TALKED: _("talked to in the quarter"),
        Coverage.CONTACTED_91: _("contacted in 91 days"),
        Coverage.TALKED_91: _("talked to in 91 days"),
        Coverage.UNCOVERED: _("not contacted in the quarter"),
        Coverage.DUE: _("due by the quarter's end"),
        Coverage.OVERDUE: _("forgotten and not contacted"),
        Coverage.NEVER: _("never reached"),
        Coverage.TRIED: _("tried in vain"),
        Coverage.NEAR_LOSS: _("lost within 30 days"),
    }[figure]


@register.simple_tag
def behind(count: int, what: str, owner: str = "", abc: str = "", abcd: str = "", threat: str = "") -> SafeString | str:
    """Write a figure of the coverage board; it opens the list of the clients it counts."""
    if not count:
        return "0"
    asked = {"coverage": what, "threat": threat, "owner": owner, "abc": abc, "abcd": abcd, "sort": "value"}
    query = urlencode({name: value for name, value in asked.items() if value})
    return format_html('<a href="{}?{}">{}</a>', reverse("clients:clients"), query, grouped(count))


@register.filter
def reach_source(measured: bool) -> str:
    """Say where a reach comes from."""
    return pgettext("reach", "measured") if measured else pgettext("reach", "by the policy")


@register.filter
def at(row: Sequence[float], place: int) -> float | None:
    """Return a figure of a row by its place; None beyond its end."""
    return row[place] if place < len(row) else None


@register.filter
def state_name(state: str) -> str:
    """Name what clients are before or after a period."""
    if state == State.NEW:
        return _("Came new")
    return _("Archived") if state == State.ARCHIVED else status_of_many(state)


@register.filter
def whole(value: float) -> str:
    """Write an expected number of clients as a whole one."""
    return grouped(round(value))
