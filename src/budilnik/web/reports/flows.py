"""Status flows over a period, and money: the base at risk, new and existing clients' revenue."""

from functools import partial

from django.http import HttpResponse
from django.utils.translation import gettext as _

from budilnik.calling.queries.coverage import in_order, places_of_staff
from budilnik.calling.queries.flows import AFTER, Flows, status_flows
from budilnik.calling.queries.revenue import MonthMoney, base_at_risk, revenue_by_month
from budilnik.core.flows import State
from budilnik.web.access import LEADERS, allow
from budilnik.web.pictures import Chart, Link, Node, Role, Series
from budilnik.web.reports.frame import page
from budilnik.web.reports.period import period_from
from budilnik.web.reports.sheets import flows_sheet, revenue_sheet, risk_sheet
from budilnik.web.requests import Request
from budilnik.web.team.forms import number_from
from budilnik.web.templatetags.reporting import state_name

_ROLES: dict[State, Role] = {State.REGULAR: "good", State.FORGOTTEN: "warning", State.LOST: "bad"}


@allow(LEADERS)
def flows(request: Request) -> HttpResponse:
    """Show who moved from where to where over a period."""
    within, employee = period_from(request.GET, on=request.on), number_from(request.GET.get("employee", ""))
    told = status_flows(within=within, employee_id=employee)
    names = places_of_staff()
    return page(
        request,
        "reports/flows.html",
        tab="flows",
        sheet=partial(flows_sheet, told),
        told=told,
        states=AFTER,
        within=within,
        people=[(int(place), name) for place, name in in_order(set(names), names)],
        employee_id=employee,
        chart=_flows_chart(told),
    )


@allow(LEADERS)
def money(request: Request) -> HttpResponse:
    """Show the base at risk by manager."""
    risk = base_at_risk(on=request.on, policy=request.policy)
    return page(request, "reports/risk.html", tab="money", part="risk", sheet=partial(risk_sheet, risk), risk=risk)


@allow(LEADERS)
def revenue(request: Request) -> HttpResponse:
    """Show the revenue of new and existing clients by month."""
    months = revenue_by_month(on=request.on)
    facts = {"months": months, "chart": _money_chart(months)}
    return page(
        request, "reports/revenue.html", tab="money", part="revenue", sheet=partial(revenue_sheet, months), **facts
    )


def _flows_chart(told: Flows) -> Chart:
    moved = [cell for cell in told.cells if cell.flow.clients]
    ends = {(0, cell.before) for cell in moved} | {(1, cell.after) for cell in moved}
    return Chart(
        kind="sankey",
        title=_("From where to where clients went"),
        nodes=tuple(
            Node(code=f"{column}-{state}", name=state_name(state), column=column, role=_ROLES.get(state, ""))
            for column, state in sorted(ends)
        ),
        links=tuple(
            Link(source=f"0-{cell.before}", target=f"1-{cell.after}", value=cell.flow.clients) for cell in moved
        ),
        unit="count",
    )


def _money_chart(months: tuple[MonthMoney, ...]) -> Chart:
    return Chart(
        kind="stacked",
        title=_("Revenue by month: existing and new clients"),
        labels=tuple(f"{each.month:%m.%Y}" for each in months),
        series=(
            Series(name=_("existing clients"), values=tuple(each.existing for each in months)),
            Series(name=_("new clients"), values=tuple(each.new for each in months)),
        ),
        unit="money",
        along=_("Month"),
    )
