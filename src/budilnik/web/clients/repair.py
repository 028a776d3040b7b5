"""Data repair: clients who cannot be called until somebody finds them a number."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from budilnik.calling.actions import cards
from budilnik.calling.queries.repair import NONE, WRONG, to_repair, to_repair_one
from budilnik.calling.queries.sight import sight_of
from budilnik.web.access import BASE, allow
from budilnik.web.clients.forms import number_from, page_from
from budilnik.web.clients.page import WRITERS
from budilnik.web.requests import Request


@allow(BASE)
def repair(request: Request) -> HttpResponse:
    """Show the clients without a usable number."""
    sight = sight_of(request.user, on=request.on)
    state = NONE if request.GET.get("tab") == NONE else WRONG
    ownerless = sight.everyone and request.GET.get("whose", "pool") == "pool"
    listed = to_repair(sight, state=state, ownerless=ownerless, page=page_from(request.GET))
    shown = {"listed": listed, "leads": sight.everyone, "may_write": request.user.role in WRITERS}
    return render(request, "clients/repair.html", shown)


@allow(WRITERS, "POST")
def mend(request: Request, client_id: int) -> HttpResponse:
    """Write down a new number in place."""
    cards.add_number(
        client_id=client_id,
        phone=number_from(request.POST.get("number", "")),
        person_id=None,
        by=request.user,
        now=request.now,
        on=request.on,
    )
    if not request.htmx:
        return redirect("clients:repair")
    line = to_repair_one(sight_of(request.user, on=request.on), client_id)
    return render(request, "clients/repair.html#mended", {"line": line})
