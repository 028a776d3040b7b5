"""Words of a simulated year for the templates."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budilnik.calling.wording import money
from budilnik.core.years import Band
from budilnik.web.templatetags.findings import grouped, percent

register = template.Library()

MINUTE = 60


@register.filter
def length_name(days: int) -> str:
    """Say how long a simulation is."""
    names = {91: _("a quarter"), 182: _("half a year"), 365: _("a year")}
    return names.get(days) or ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


@register.filter
def lasts(seconds: float) -> str:
    """Say how long the counting takes."""
    if seconds < MINUTE:
        return _("%(count)d s") % {"count": max(1, round(seconds))}
    return _("%(count)d min") % {"count": round(seconds / MINUTE)}


@register.filter
def stage_name(stage: str) -> str:
    """Say how a piece of work stands."""
    names = {
        "waiting": _("waits"),
        "running": _("is being counted"),
        "done": _("done"),
        "stopped": _("stopped"),
        "failed": _("did not succeed"),
    }
    return names.get(stage, stage)


@register.filter
def asked_words(asked: dict[str, Any]) -> str:
    """Say in short what was asked."""
    norm, people = asked.get("norm", 0), asked.get("people", 0)
    told = [ngettext("norm %(count)d call", "norm %(count)d calls", norm) % {"count": norm}]
    if people:
        told.append(ngettext("%(count)d newcomer", "%(count)d newcomers", people) % {"count": people})
    told.append(_("answered %(share)s") % {"share": percent(asked.get("reach", 0))})
    told.append(_("to the pool %(share)s") % {"share": percent(asked.get("pool_share", 0))})
    months = {"forgotten": asked.get("forgotten_after_months"), "lost": asked.get("lost_after_months")}
    told.append(_("%(forgotten)s and %(lost)s months") % months)
    if asked.get("levelled"):
        told.append(_("the base levelled"))
    return " · ".join(told)


@register.filter
def whole_percent(part: float) -> int:
    """Return a share in whole percent."""
    return round(part * 100)


@register.filter
def in_whole(count: float) -> str:
    """Write a mean as a whole number."""
    return grouped(round(count))


@register.filter
def in_money(kopecks: float) -> str:
    """Write a mean sum."""
    return money(round(kopecks))


@register.filter
def share_band(band: Band) -> SafeString:
    """Write a share with its ends."""
    return _with_ends(percent(band.mean), percent(band.low), percent(band.high))


@register.filter
def count_band(band: Band) -> SafeString:
    """Write a number with its ends."""
    return _with_ends(*(grouped(round(figure)) for figure in (band.mean, band.low, band.high)))


def _with_ends(mean: str, low: str, high: str) -> SafeString:
    if low == high:
        return format_html("{}", mean)
    return format_html("{} <small class='text-secondary text-nowrap'>{}–{}</small>", mean, low, high)
