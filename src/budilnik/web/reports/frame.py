"""What every report shows around itself: the tabs of the room and the day it was counted on."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render

from budilnik.web.requests import Request
from budilnik.web.sheets import Sheet, sheet_response, wanted_format

# A report by its code, where it is and its sign; its name stands in the filter `report_name`.
TABS: tuple[tuple[str, str, str], ...] = (
    ("coverage", "reports:coverage", "target"),
    ("discipline", "reports:discipline", "clipboard-list"),
    ("flows", "reports:flows", "arrows-exchange"),
    ("money", "reports:money", "cash"),
    ("pool", "reports:pool", "users"),
    ("effect", "reports:effect", "filter"),
)
# The pages of a report that has several, by its tab; their names stand in the filter `part_name`.
PARTS: dict[str, tuple[tuple[str, str], ...]] = {
    "coverage": (
        ("managers", "reports:coverage"),
        ("weeks", "reports:weeks"),
        ("classes", "reports:classes"),
        ("days", "reports:days"),
    ),
    "money": (("risk", "reports:money"), ("revenue", "reports:revenue")),
    "pool": (("stock", "reports:pool"), ("losers", "reports:losers"), ("backlog", "reports:backlog")),
    "effect": (("lots", "reports:effect"), ("funnel", "reports:funnel")),
}


def page(
    request: Request, template: str, *, tab: str, part: str = "", sheet: Callable[[], Sheet], **facts: object
) -> HttpResponse:
    """Show a page of a report, or hand its table over as a file when it is asked for as one.

    Raises: ExportNotAllowed.
    """
    if wanted := wanted_format(request):
        return sheet_response(request, sheet(), format=wanted)
    around = {"tab": tab, "part": part, "tabs": TABS, "parts": PARTS.get(tab, ())}
    return render(request, template, {**around, "on": request.on, "company_zone": request.policy.company_zone, **facts})
