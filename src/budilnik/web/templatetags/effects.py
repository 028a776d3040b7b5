"""How the reports word the funnel and what calling brings."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django import template
from django.utils.translation import gettext as _

from budilnik.calling.queries.funnel import UNPLANNED, Step
from budilnik.calling.wording import loss_reason_name, money, queue_name
from budilnik.core.coverage import Stretch
from budilnik.core.dates import add_months
from budilnik.core.effect import Verdict
from budilnik.core.funnel import Share
from budilnik.web.templatetags.findings import percent

register = template.Library()


@register.filter
def mean_money(value: float) -> str:
    """Write what one client brought on the average."""
    return money(round(value))


@register.simple_tag
def between_money(low: float | None, high: float | None) -> str:
    """Write an interval of money."""
    return "—" if low is None or high is None else f"{money(round(low))} … {money(round(high))}"


@register.filter
def span_money(between: tuple[int, int] | None) -> str:
    """Write an interval of money that is there or not."""
    return between_money(*between) if between else "—"


@register.simple_tag
def between_shares(low: float | None, high: float | None) -> str:
    """Write an interval of shares."""
    return "—" if low is None or high is None else f"{percent(low)} … {percent(high)}"


@register.simple_tag
def month_days(month: date, within: Stretch) -> str:
    """Write the days of a month within some days, as an address asks for them."""
    ends = add_months(month, 1) - timedelta(days=1)
    return urlencode({"from": max(month, within.first), "until": min(ends, within.last)})


@register.filter
def told_by(found: Share) -> str:
    """Write the interval of a share; of nobody there is none."""
    return f"{percent(found.low)} … {percent(found.high)}" if found.of else ""


@register.filter
def verdict_words(verdict: Verdict) -> str:
    """Say in plain words what a comparison allows to say."""
    return {
        Verdict.TOO_FEW: _("Too few clients to say anything: at least 30 are needed on either side."),
        Verdict.BY_CHANCE: _("So far it cannot be told from chance."),
        Verdict.MORE: _("Calls bring money: this is more than chance does."),
        Verdict.LESS: _("The called brought less than those left alone, and that is more than chance does."),
    }[verdict]


@register.filter
def funnel_queue(code: str) -> str:
    """Name a queue of the funnel."""
    return _("outside the queues") if code == UNPLANNED else queue_name(code)


@register.filter
def step_name(step: Step) -> str:
    """Name a step of the funnel."""
    return {
        Step.CALLED: _("Called"),
        Step.REACHED: _("Reached"),
        Step.OPENED: _("Open to dialogue"),
        Step.DEALS: _("Deals"),
    }[step]


@register.filter
def way_name(way: str) -> str:
    """Name a way out of the pool."""
    return {
        "won_back": _("won back"),
        "order": _("ordered himself"),
        "given": _("given by the head"),
        "archived": _("archived, of the pool"),
        "late_evidence": _("were not lost after all"),
        "merged": _("merged cards"),
    }[way]


@register.filter
def lost_because(code: str) -> str:
    """Name a reason of a loss."""
    return loss_reason_name(code)
