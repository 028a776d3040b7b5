"""Clients kept from release."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from budilnik.calling.actions.head import protect_client
from budilnik.calling.queries.protected import may_be_protected, protected_clients
from budilnik.calling.queries.sight import require_seen, sight_of
from budilnik.web.access import HEAD, LEADERS, allow
from budilnik.web.requests import Request
from budilnik.web.team.forms import LONGEST
from budilnik.web.team.frame import done, page


@allow(LEADERS)
def protected(request: Request) -> HttpResponse:
    """Show the protected clients, and those found to be protected next."""
    sight, text = sight_of(request.user, on=request.on), request.GET.get("text", "")[:LONGEST].strip()
    return page(
        request,
        "team/protected.html",
        room="protected",
        guarded=protected_clients(sight=sight, on=request.on, policy=request.policy),
        text=text,
        found=may_be_protected(text, sight=sight, on=request.on, policy=request.policy),
    )


@allow(HEAD, "POST")
def protect(request: Request, client_id: int) -> HttpResponse:
    """Keep a client from release, or give him back to the common rule."""
    require_seen(sight_of(request.user, on=request.on), client_id)
    keep = request.POST.get("protected") == "1"
    protect_client(client_id=client_id, protected=keep, by=request.user, now=request.now)
    said = _("The client is protected.") if keep else _("The client is no longer protected.")
    return done(request, reverse("team:protected"), said)
