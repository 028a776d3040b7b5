"""Pages over the whole base: classes, fifths, seasons, goods left off, who may be leaving, potential."""

from django.http import HttpResponse
from django.shortcuts import render

from budilnik.sales.queries.findings import (
    Classes,
    Fifths,
    LeftOff,
    Seasons,
    classes_of_base,
    fifths_of_base,
    goods_left_off,
    seasons_of_base,
)
from budilnik.sales.queries.threat import Threat, under_threat
from budilnik.sales.queries.wallet import Wallet, wallet_of_base
from budilnik.web.access import LEADERS, allow
from budilnik.web.charts import year_bars
from budilnik.web.insight.sheets import insight_sheet
from budilnik.web.requests import Request
from budilnik.web.sheets import sheet_response, wanted_format

type Told = Classes | Fifths | Seasons | LeftOff | Threat | Wallet


@allow(LEADERS)
def classes(request: Request) -> HttpResponse:
    """Show the classes by revenue and regularity, and how they moved."""
    return _page(request, "classes", classes_of_base())


@allow(LEADERS)
def fifths(request: Request) -> HttpResponse:
    """Show how recently, how often and for how much clients buy."""
    return _page(request, "fifths", fifths_of_base())


@allow(LEADERS)
def seasons(request: Request) -> HttpResponse:
    """Show when the base buys, and which groups of goods have a season."""
    told = seasons_of_base()
    months = [(pair.month, pair.later.revenue, pair.earlier.revenue) for pair in told.months] if told else []
    return _page(request, "seasons", told, chart=year_bars(months))


@allow(LEADERS)
def stopped(request: Request) -> HttpResponse:
    """Show the goods that clients take no more."""
    return _page(request, "stopped", goods_left_off())


@allow(LEADERS)
def threat(request: Request) -> HttpResponse:
    """Show who may be leaving, and how the chances came true."""
    return _page(request, "threat", under_threat())


@allow(LEADERS)
def wallet(request: Request) -> HttpResponse:
    """Show how much of what clients buy they buy from us."""
    return _page(request, "wallet", wallet_of_base())


def _page(request: Request, tab: str, told: Told | None, **more: object) -> HttpResponse:
    """Show a page, or what to do before the first look; or give its table as a file."""
    if told and (wanted := wanted_format(request)):
        return sheet_response(request, insight_sheet(tab, told), format=wanted)
    template = f"insight/{tab}.html" if told else "insight/nothing.html"
    return render(request, template, {"tab": tab, "told": told, "company_zone": request.policy.company_zone} | more)
