"""How the report on discipline calls its figures, and where each leads."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from budilnik.calling import wording
from budilnik.calling.queries.discipline import DisciplineLine
from budilnik.calling.queries.kept_order import Figure
from budilnik.core.coverage import Stretch
from budilnik.core.outcomes import SkipReason
from budilnik.web.templatetags.findings import grouped

register = template.Library()


@register.simple_tag
def counted(line: DisciplineLine, code: str, within: Stretch) -> SafeString | str:
    """Write a figure of discipline; it opens what it counts."""
    count = line.counts[Figure(code)]
    if not count:
        return "0"
    asked: dict[str, object] = {"from": within.first, "until": within.last}
    if line.employee_id:
        asked["employee"] = line.employee_id
    address = reverse("reports:behind", args=[code])
    return format_html('<a href="{}?{}">{}</a>', address, urlencode(asked), grouped(count))


@register.filter
def part_of(line: DisciplineLine, what: str) -> float | None:
    """Return what part was done of what was asked."""
    return line.share(what)


@register.filter
def skips_of(line: DisciplineLine) -> list[tuple[str, str]]:
    """Return the reasons of skips that occur, each with its name."""
    codes = [(f"skipped_{reason.value}", wording.skip_reason_name(reason.value)) for reason in SkipReason]
    return [(code, name) for code, name in codes if line.counts[Figure(code)]]


@register.filter
def figure_name(figure: Figure) -> str:
    """Name a figure of discipline over the list behind it."""
    if figure.value.startswith("skipped_"):
        return wording.close_name(figure.value.replace("skipped_", "skip_")).capitalize()
    return {
        Figure.OWN_PLANNED: _("Own queue: planned"),
        Figure.OWN_DONE: _("Own queue: done"),
        Figure.POOL_PLANNED: _("Pool queue: planned"),
        Figure.POOL_DONE: _("Pool queue: done"),
        Figure.PROMISED_PLANNED: _("Promises of the day: planned"),
        Figure.PROMISED_DONE: _("Promises of the day: done"),
        Figure.NOT_REACHED: _("Not reached by the evening"),
        Figure.SKIPPED: _("Skipped"),
        Figure.ATTEMPTS: _("Attempts"),
        Figure.TALKS: _("Talks"),
        Figure.UNPLANNED: _("Unplanned calls"),
        Figure.KEPT: _("Promises kept"),
        Figure.BROKEN: _("Promises broken"),
        Figure.MOVED_BY_CLIENT: _("Promises moved by the client"),
        Figure.MOVED_BY_US: _("Promises moved by us"),
        Figure.CONTACTS: _("Contacts"),
        Figure.MANUAL: _("Unconfirmed contacts"),
        Figure.LAST_DAYS: _("Unconfirmed talks on the last days before a loss"),
        Figure.POSTPONED: _("Put off three times or more"),
    }[figure]


@register.filter
def note_words(code: str, kind: str) -> str:
    """Say how a thing behind a figure ended."""
    if kind == "outcome":
        return wording.outcome_name(code)
    if kind == "end":
        return {
            "": pgettext("promise", "open"),
            "done": pgettext("promise", "rung back"),
            "moved_by_client": pgettext("promise", "moved by the client"),
            "moved_by_us": pgettext("promise", "moved by us"),
            "stopped": pgettext("promise", "calls are stopped"),
        }[code]
    return _("outcome recorded") if code == "outcome" else wording.close_name(code) if code else _("still open")
