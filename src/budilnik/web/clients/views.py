"""The list of clients and the search: one's own, or a client of somebody else by a whole number or ИНН."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from budilnik.calling.actions.lookups import look_up_strangers
from budilnik.calling.queries.client_file import clients_for_file
from budilnik.calling.queries.clients import Sort, clients_of, found_clients, owners
from budilnik.calling.queries.sight import sight_of
from budilnik.core.refusal import Refusal
from budilnik.core.search import Asked, read_query
from budilnik.staff.actions.exporting import require_export
from budilnik.web.access import BASE, allow
from budilnik.web.clients.forms import CLASSES, STATUSES, page_from, wanted_from
from budilnik.web.clients.passes import pass_for
from budilnik.web.clients.sheets import client_sheet
from budilnik.web.errors import said
from budilnik.web.requests import Request
from budilnik.web.sheets import Sheet, sheet_response, wanted_format

LONGEST_QUERY = 100


@allow(BASE)
def clients(request: Request) -> HttpResponse:
    """Show the list, or what a query finds; or give all of it as a file."""
    query = request.GET.get("q", "")[:LONGEST_QUERY].strip()
    if wanted := wanted_format(request):
        return sheet_response(request, _sheet(request, query), format=wanted)
    shown = _found(request, query) if query else _listed(request)
    template = "clients/clients.html#list" if request.htmx else "clients/clients.html"
    return render(
        request, template, {"q": query, "sorts": tuple(Sort), "statuses": STATUSES, "letters": CLASSES["abc"]} | shown
    )


def _sheet(request: Request, query: str) -> Sheet:
    require_export(request.user)
    sight, asked = sight_of(request.user, on=request.on), read_query(query) if query else None
    wanted = wanted_from(request.GET)
    return client_sheet(clients_for_file(sight, wanted=wanted, asked=asked, on=request.on, policy=request.policy))


def _listed(request: Request) -> dict[str, Any]:
    sight, wanted = sight_of(request.user, on=request.on), wanted_from(request.GET)
    listed = clients_of(sight, wanted=wanted, on=request.on, policy=request.policy)
    return {"listed": listed, "wanted": wanted, "leads": sight.everyone, "owners": owners(sight)}


def _found(request: Request, query: str) -> dict[str, Any]:
    sight, asked = sight_of(request.user, on=request.on), read_query(query)
    page = page_from(request.GET)
    listed = found_clients(sight, asked=asked, page=page, on=request.on, policy=request.policy)
    return {"listed": listed, "leads": sight.everyone} | _strangers(request, asked)


def _strangers(request: Request, asked: Asked) -> dict[str, Any]:
    """Return clients of others with the pass to serve each; past the cap, what is said instead."""
    try:
        found = look_up_strangers(asked=asked, by=request.user, now=request.now, on=request.on)
    except Refusal as refusal:
        return {"capped": said(refusal)}
    return {"strangers": [(each, pass_for(each, request.user)) for each in found]}
