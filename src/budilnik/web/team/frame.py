"""What every page of the team shows around itself, and how a page answers when something was done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect

from budilnik.calling.queries.matters import matters_waiting
from budilnik.core.terms import Role
from budilnik.web.requests import Request


def page(
    request: Request, template: str, *, room: str, part: str = "", status: int = 200, **facts: object
) -> HttpResponse:
    """Show a page of the team, or the part of it that htmx asked for."""
    place = f"{template}#{part}" if part and request.htmx else template
    told = {
        "tab": room,
        "acts": request.user.role == Role.HEAD.value,
        "waiting": matters_waiting(),
        "company_zone": request.policy.company_zone,
        "on": request.on,
        **facts,
    }
    return render(request, place, told, status=status)


def done(request: Request, address: str, sentence: str) -> HttpResponse:
    """Say what was done on the page that shows it now."""
    messages.success(request, sentence)
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
