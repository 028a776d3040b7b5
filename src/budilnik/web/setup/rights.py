"""What the administrator gives an employee: the right to take tables out, the address of his letters."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from budilnik.core.terms import Role
from budilnik.staff.actions.exporting import allow_export
from budilnik.staff.actions.letters import set_address
from budilnik.staff.queries import employee_number, profile_of
from budilnik.web.access import allow
from budilnik.web.requests import Request

ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})


@allow(ADMINISTRATOR, "POST")
def export(request: Request, employee_id: int) -> HttpResponse:
    """Give the right to take tables out, or take it back."""
    allowed = bool(request.POST.get("allowed"))
    allow_export(employee=employee_number(employee_id), allowed=allowed, by=request.user, now=request.now)
    return _rights_of(request, employee_id)


@allow(ADMINISTRATOR, "POST")
def address(request: Request, employee_id: int) -> HttpResponse:
    """Note where an employee gets letters, and whether he gets the morning's."""
    set_address(
        employee=employee_number(employee_id),
        address=request.POST.get("email", ""),
        letter=bool(request.POST.get("letter")),
        by=request.user,
        now=request.now,
    )
    return _rights_of(request, employee_id)


def _rights_of(request: Request, employee_id: int) -> HttpResponse:
    if not request.htmx:
        return redirect("setup:employee", employee_id)
    return render(
        request, "setup/rights.html", {"profile": profile_of(employee_id, on=request.on), "rights_saved": True}
    )
