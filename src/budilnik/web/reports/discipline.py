"""Discipline over a period, and the clients behind each figure of it."""

from functools import partial

from django.http import Http404, HttpResponse

from budilnik.calling.queries.discipline import BehindPage, behind, discipline
from budilnik.calling.queries.kept_order import Asked, Figure
from budilnik.staff.queries import employee_number
from budilnik.web.access import LEADERS, allow
from budilnik.web.reports.frame import page
from budilnik.web.reports.period import page_from, period_from
from budilnik.web.reports.sheets import behind_sheet, discipline_sheet
from budilnik.web.requests import Request
from budilnik.web.team.forms import number_from

# A sheet of a workbook has so many rows, less its head.
LONGEST_SHEET = 1_048_575


def _asked(request: Request) -> Asked:
    within = period_from(request.GET, on=request.on)
    return Asked(within=within, now=request.now, policy=request.policy)


@allow(LEADERS)
def figures(request: Request) -> HttpResponse:
    """Show what everybody was asked to do over a period, and did."""
    asked = _asked(request)
    told = discipline(asked)
    sheet = partial(discipline_sheet, told)
    return page(request, "reports/discipline.html", tab="discipline", sheet=sheet, told=told, within=asked.within)


@allow(LEADERS)
def clients(request: Request, what: str) -> HttpResponse:
    """Show the clients behind a figure."""
    if what not in tuple(Figure):
        raise Http404(what)
    asked, employee = _asked(request), number_from(request.GET.get("employee", ""))
    shown = behind(Figure(what), asked=asked, employee_id=employee, page=page_from(request.GET.get("page", "")))
    return page(
        request,
        "reports/behind.html",
        tab="discipline",
        sheet=lambda: behind_sheet(_all_behind(Figure(what), asked, employee), Figure(what)),
        figure=Figure(what),
        shown=shown,
        within=asked.within,
        employee=employee_number(employee) if employee else None,
    )


def _all_behind(figure: Figure, asked: Asked, employee: int | None) -> BehindPage:
    """A file holds everything that the figure counts, as far as a sheet of a workbook holds it."""
    return behind(figure, asked=asked, employee_id=employee, page=1, size=LONGEST_SHEET)
