"""What every page of the rules shows around itself."""

from django.http import HttpResponse
from django.shortcuts import render

from budilnik.calling.queries.team import is_caller
from budilnik.core.terms import Role
from budilnik.staff.queries import StaffMember, staff_in_service
from budilnik.web.requests import Request


def page(request: Request, template: str, *, tab: str, status: int = 200, **facts: object) -> HttpResponse:
    """Show a page of the rules."""
    told = {
        "tab": tab,
        "acts": request.user.role == Role.HEAD.value,
        "company_zone": request.policy.company_zone,
        "on": request.on,
        **facts,
    }
    return render(request, template, told, status=status)


def callers(request: Request) -> tuple[StaffMember, ...]:
    """Return those in service who call clients, by name."""
    team = (each for each in staff_in_service(request.on) if is_caller(each, request.policy))
    return tuple(sorted(team, key=lambda each: (each.name, each.employee_id)))
