"""The pool: what came in and went out, who lost whom, and the neglected backlog with its daily portions."""

from datetime import date
from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budilnik.calling.actions.head import spread_backlog
from budilnik.calling.actions.sharing import pool_callers
from budilnik.calling.queries.backlog import Backlog, backlog_of, preview_portions
from budilnik.calling.queries.losers import losers_of
from budilnik.calling.queries.pool import PoolState
from budilnik.calling.queries.pool_flow import WAYS, PoolFlow, pool_flow
from budilnik.core.coverage import Stretch
from budilnik.core.terms import Role
from budilnik.web.access import HEAD, LEADERS, allow
from budilnik.web.pictures import Chart, Series
from budilnik.web.reports.frame import page
from budilnik.web.reports.period import period_from
from budilnik.web.reports.pool_sheets import backlog_sheet, losers_sheet, pool_sheet
from budilnik.web.requests import Request
from budilnik.web.team.forms import number_from
from budilnik.web.team.frame import done
from budilnik.web.templatetags.effects import way_name

MONTHS, PORTION = 6, 100


def _days(request: Request) -> Stretch:
    """Read the days asked for; by default six months up to today."""
    months = request.on.year * 12 + request.on.month - MONTHS
    first = request.GET.get("from") or f"{date(months // 12, months % 12 + 1, 1)}"
    return period_from({"from": first, "until": request.GET.get("until", "")}, on=request.on)


@allow(LEADERS)
def flow(request: Request) -> HttpResponse:
    """Show who waits in the pool, and what came in and went out by month."""
    within = _days(request)
    callers = pool_callers(on=request.on, policy=request.policy)
    told = pool_flow(within=within, on=request.on, callers=callers)
    return page(
        request,
        "reports/pool.html",
        tab="pool",
        part="stock",
        sheet=partial(pool_sheet, told),
        told=told,
        within=within,
        states=[(state, told.stock[state]) for state in PoolState],
        ways=WAYS,
        chart=_flow_chart(told),
    )


@allow(LEADERS)
def losers(request: Request) -> HttpResponse:
    """Show who lost clients, and who held them most of the silent time."""
    within = _days(request)
    told = losers_of(within=within)
    sheet = partial(losers_sheet, told)
    return page(request, "reports/losers.html", tab="pool", part="losers", sheet=sheet, told=told, within=within)


@allow(LEADERS)
def backlog(request: Request) -> HttpResponse:
    """Show what is left of the neglected backlog, and which daily portions it would make."""
    told = backlog_of(on=request.on, policy=request.policy)
    per_day = number_from(request.GET.get("per_day", ""))
    shown = preview_portions(per_day=per_day, on=request.on, policy=request.policy) if per_day else ()
    return page(
        request,
        "reports/backlog.html",
        tab="pool",
        part="backlog",
        sheet=partial(backlog_sheet, told.portions),
        told=told,
        per_day=per_day or request.policy.release_per_day or PORTION,
        preview=shown,
        leads=request.user.role == Role.HEAD,
        chart=_backlog_chart(told),
    )


@allow(HEAD, "POST")
def set_portions(request: Request) -> HttpResponse:
    """Give the neglected backlog its days."""
    per_day = number_from(request.POST.get("per_day", "")) or 0
    spread = spread_backlog(per_day=per_day, on=request.on, by=request.user, now=request.now)
    said = ngettext("%(count)d client has his day.", "%(count)d clients have their day.", spread) % {"count": spread}
    return done(request, reverse("reports:backlog"), said)


def _flow_chart(told: PoolFlow) -> Chart:
    ways = [at for at, _way in enumerate(WAYS) if any(month.left[at] for month in told.months)]
    return Chart(
        kind="bars",
        title=_("Into the pool and out of it"),
        labels=tuple(f"{month.month:%m.%Y}" for month in told.months),
        series=(
            Series(name=_("came in"), values=tuple(month.entered for month in told.months), role="bad"),
            *(
                Series(
                    name=way_name(WAYS[at]),
                    values=tuple(month.left[at] for month in told.months),
                    role="good" if WAYS[at] == "won_back" else "",
                )
                for at in ways
            ),
        ),
        along=_("Month"),
    )


def _backlog_chart(told: Backlog) -> Chart:
    left, line = told.left, []
    for portion in told.portions:
        left -= portion.clients
        line.append(left)
    return Chart(
        kind="lines",
        title=_("What is left of the backlog after each day"),
        labels=tuple(portion.on for portion in told.portions),
        series=(Series(name=_("left"), values=tuple(line), role="forecast"),) if line else (),
        along=_("Day"),
    )
