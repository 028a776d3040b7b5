"""What calls bring: the effect against those left without calls, and the funnel of calls."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from budilnik.calling.queries.effect import EffectOfCalls, effect_of_calls
from budilnik.calling.queries.funnel import (
    PAGE,
    QUEUES,
    FunnelAsked,
    FunnelReport,
    Step,
    behind_funnel,
    funnel_report,
)
from budilnik.core.coverage import Stretch
from budilnik.core.funnel import CASE_DEAL_OF_REACHED, CASE_DEAL_SHARE, CASE_OPEN_SHARE
from budilnik.staff.queries import zone_or
from budilnik.web.access import LEADERS, allow
from budilnik.web.pictures import Chart, Series
from budilnik.web.reports.effect_sheets import effect_sheet, funnel_clients_sheet, funnel_sheet
from budilnik.web.reports.frame import page
from budilnik.web.reports.period import page_from, period_from
from budilnik.web.requests import Request
from budilnik.web.templatetags.effects import funnel_queue

A_YEAR, THREE_MONTHS = timedelta(days=365), 3
LONGEST_SHEET = 1_048_575
CASE = {"opened": CASE_OPEN_SHARE, "deals": CASE_DEAL_SHARE, "of_reached": CASE_DEAL_OF_REACHED}


def _days(query: Mapping[str, str], *, first: date, on: date) -> Stretch:
    """Read the days asked for; by default those from `first` on."""
    return period_from({"from": query.get("from") or f"{first}", "until": query.get("until") or f"{on}"}, on=on)


@allow(LEADERS)
def effect(request: Request) -> HttpResponse:
    """Show what the called brought against those whom the lot left without calls."""
    within = _days(request.GET, first=request.on - A_YEAR, on=request.on)
    told = effect_of_calls(within=within, on=request.on, policy=request.policy)
    return page(
        request,
        "reports/effect.html",
        tab="effect",
        part="lots",
        sheet=partial(effect_sheet, told),
        told=told,
        within=within,
        chart=_months_chart(told),
    )


def _asked(request: Request) -> FunnelAsked:
    months = request.on.year * 12 + request.on.month - THREE_MONTHS
    first = date(months // 12, months % 12 + 1, 1)
    zone = zone_or("", request.policy.company_zone)
    return FunnelAsked(within=_days(request.GET, first=first, on=request.on), zone=zone)


@allow(LEADERS)
def funnel(request: Request) -> HttpResponse:
    """Show how many of the called were reached, open to dialogue, and bought."""
    asked = _asked(request)
    told = funnel_report(asked)
    return page(
        request,
        "reports/funnel.html",
        tab="effect",
        part="funnel",
        sheet=partial(funnel_sheet, told),
        told=told,
        case=CASE,
        within=asked.within,
        steps=tuple(Step),
        chart=_funnel_chart(told),
    )


@allow(LEADERS)
def funnel_clients(request: Request, queue: str, step: str) -> HttpResponse:
    """Show the clients behind a figure of the funnel."""
    if queue not in QUEUES or step not in tuple(Step):
        raise Http404(step)
    asked, wanted = _asked(request), page_from(request.GET.get("page", ""))
    shown = behind_funnel(asked, queue=queue, step=Step(step), page=wanted, size=PAGE)
    return page(
        request,
        "reports/funnel_clients.html",
        tab="effect",
        part="funnel",
        sheet=lambda: funnel_clients_sheet(
            behind_funnel(asked, queue=queue, step=Step(step), page=1, size=LONGEST_SHEET)
        ),
        shown=shown,
        queue=queue,
        step=Step(step),
        within=asked.within,
    )


def _months_chart(told: EffectOfCalls) -> Chart:
    months = told.ended.months
    return Chart(
        kind="bars",
        title=_("Revenue per client by the month of entry into the pool"),
        labels=tuple(f"{each.month:%m.%Y}" for each in months),
        series=(
            Series(name=_("called"), values=tuple(each.called.mean for each in months)),
            Series(name=_("held out"), values=tuple(each.held.mean for each in months), role="muted"),
        ),
        unit="money",
        along=_("Month of entry"),
    )


def _funnel_chart(told: FunnelReport) -> Chart:
    return Chart(
        kind="bars",
        title=_("The funnel by queue"),
        labels=tuple(funnel_queue(each.queue) for each in told.queues),
        series=(
            Series(name=_("called"), values=tuple(each.funnel.called for each in told.queues), role="muted"),
            Series(name=_("reached"), values=tuple(each.funnel.reached for each in told.queues)),
            Series(name=_("open to dialogue"), values=tuple(each.funnel.opened for each in told.queues)),
            Series(name=_("deals"), values=tuple(each.funnel.deals for each in told.queues)),
        ),
        along=_("Queue"),
    )
