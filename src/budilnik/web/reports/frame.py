"""What every report shows around itself: the tabs of the room and the day it was counted on."""

from django.http import HttpResponse
from django.shortcuts import render

from budilnik.web.requests import Request

# A report by its code, where it is and its sign; its name stands in the filter `report_name`.
TABS: tuple[tuple[str, str, str], ...] = ()


def page(request: Request, template: str, *, tab: str, part: str = "", **facts: object) -> HttpResponse:
    """Show a report, or the part of it that htmx asked for."""
    place = f"{template}#{part}" if part and request.htmx else template
    told = {"tab": tab, "tabs": TABS, "on": request.on, "company_zone": request.policy.company_zone, **facts}
    return render(request, place, told)
