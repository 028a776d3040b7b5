"""The coverage board: how much of the base is contacted, week by week, by class, by days owned, and what is ahead."""

from functools import partial

from django.http import HttpResponse
from django.utils.translation import gettext as _

from budilnik.calling.queries.coverage import coverage_board, coverage_classes, in_order, places_of_staff
from budilnik.calling.queries.coverage_days import coverage_by_days
from budilnik.calling.queries.coverage_weeks import WeekLine, Weeks, coverage_weeks
from budilnik.core.coverage import Stretch, quarter_of
from budilnik.web.access import LEADERS, allow
from budilnik.web.pictures import Chart, Series
from budilnik.web.reports.frame import page
from budilnik.web.reports.sheets import board_sheet, classes_sheet, days_sheet, weeks_sheet
from budilnik.web.requests import Request
from budilnik.web.templatetags.reporting import place_name


@allow(LEADERS)
def coverage(request: Request) -> HttpResponse:
    """Show the coverage of the quarter by manager, and what is ahead."""
    board = coverage_board(on=request.on, policy=request.policy)
    sheet = partial(board_sheet, board)
    return page(request, "reports/coverage.html", tab="coverage", part="managers", sheet=sheet, board=board)


@allow(LEADERS)
def weeks(request: Request) -> HttpResponse:
    """Show how the coverage grew, week by week, beside the quarter before."""
    told = coverage_weeks(on=request.on)
    names, place = places_of_staff(), request.GET.get("place", "")
    lines = [(name, told.of(place)) for place, name in in_order({line.place for line in told.lines}, names)]
    chart = _weeks_chart(told, told.of(place), names)
    facts = {"weeks": told, "lines": lines, "place": place, "chart": chart}
    sheet = partial(weeks_sheet, told, lines)
    return page(request, "reports/weeks.html", tab="coverage", part="weeks", sheet=sheet, **facts)


@allow(LEADERS)
def classes(request: Request) -> HttpResponse:
    """Show the coverage by class."""
    told = coverage_classes(on=request.on, policy=request.policy)
    sheet = partial(classes_sheet, told)
    return page(request, "reports/classes.html", tab="coverage", part="classes", sheet=sheet, told=told)


@allow(LEADERS)
def days(request: Request) -> HttpResponse:
    """Show the coverage weighted by the days owned, which transfers cannot raise."""
    told = coverage_by_days(within=Stretch(first=quarter_of(request.on).first, last=request.on))
    sheet = partial(days_sheet, told)
    return page(request, "reports/days.html", tab="coverage", part="days", sheet=sheet, told=told)


def _weeks_chart(weeks: Weeks, line: WeekLine, names: dict[str, str]) -> Chart:
    count = max(len(weeks.ends), len(weeks.ends_before))
    return Chart(
        kind="lines",
        title=_("Coverage by the end of each week: %(whose)s")
        % {"whose": place_name(line.place, names.get(line.place, ""))},
        labels=tuple(_("week %(number)s") % {"number": number} for number in range(1, count + 1)),
        series=(
            Series(name=_("this quarter"), values=_padded(line.shares, count)),
            Series(name=_("the quarter before"), values=_padded(line.shares_before, count), role="muted"),
        ),
        unit="share",
        along=_("Week"),
    )


def _padded(shares: tuple[float, ...], count: int) -> tuple[float | None, ...]:
    return (*shares, *[None] * (count - len(shares)))
