"""The page of one client: who he is, what he bought, his whole history."""

from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render

from budilnik.calling.actions import cards
from budilnik.calling.actions.levelling import pin_client
from budilnik.calling.queries.dossier import dossier_of
from budilnik.calling.queries.history import Kind, history_of
from budilnik.calling.queries.offers import insight_of
from budilnik.calling.queries.sight import Sight, require_seen, sight_of
from budilnik.core.terms import Attitude, BuyingRole, Channel
from budilnik.staff.actions import count_view
from budilnik.staff.queries import zone_or
from budilnik.web.access import BASE, CALLERS, HEAD, allow
from budilnik.web.charts import month_bars
from budilnik.web.clients.forms import ZONES, kind_from, start_from
from budilnik.web.requests import Request

WRITERS = CALLERS | HEAD


@allow(BASE)
def client(request: Request, client_id: int) -> HttpResponse:
    """Show a client; opening one is counted."""
    sight = sight_of(request.user, on=request.on)
    require_seen(sight, client_id)
    cap = None if sight.everyone else request.policy.cards_per_day
    count_view(employee=request.user, on=request.on, what="card", cap=cap)
    dossier = dossier_of(client_id, sight=sight, on=request.on, policy=request.policy)
    insight = insight_of(client_id, on=request.on)
    chart = month_bars(dossier.card.months, on=request.on, window=insight.window if insight else None)
    told = {"dossier": dossier, "card": dossier.card, "chart": chart, "insight": insight, "zones": ZONES}
    return render(request, "clients/client.html", told | writing(request) | _history(request, client_id, sight))


def writing(request: Request) -> dict[str, Any]:
    """Return what the forms of a card need: whether one may write, the choices, the number of a note's form."""
    return {
        "may_write": request.user.role in WRITERS,
        "roles": tuple(BuyingRole),
        "attitudes": tuple(Attitude),
        "channels": tuple(Channel),
        "form_key": str(uuid4()),
        "company_zone": request.policy.company_zone,
        "today": request.on,
    }


def _history(request: Request, client_id: int, sight: Sight) -> dict[str, Any]:
    zone, kind = zone_or("", request.policy.company_zone), kind_from(request.GET)
    page = history_of(client_id, sight=sight, zone=zone, kind=kind, start=start_from(request.GET))
    return {"history": page, "kind": kind, "kinds": tuple(Kind), "client_id": client_id, "history_zone": zone.key}


@allow(BASE)
def history(request: Request, client_id: int) -> HttpResponse:
    """Show more of the history, or another kind of it."""
    part = "more" if "start" in request.GET else "history"
    shown = _history(request, client_id, sight_of(request.user, on=request.on))
    return render(request, f"clients/history.html#{part}", shown)


@allow(WRITERS, "POST")
def zone(request: Request, client_id: int) -> HttpResponse:
    """Say by which clock the client lives."""
    told = request.POST.get("zone", "")
    cards.set_zone(client_id=client_id, zone=told, by=request.user, now=request.now, on=request.on)
    return redirect("clients:client", client_id)


@allow(WRITERS, "POST")
def potential(request: Request, client_id: int) -> HttpResponse:
    """Write down what the client buys in a year of all suppliers."""
    told = request.POST.get("potential", "")[:40]
    cards.set_potential(client_id=client_id, told=told, by=request.user, now=request.now, on=request.on)
    return redirect("clients:client", client_id)


@allow(HEAD, "POST")
def pin(request: Request, client_id: int) -> HttpResponse:
    """Keep a client with his manager when the base is levelled, or let him be moved again."""
    require_seen(sight_of(request.user, on=request.on), client_id)
    pinned = request.POST.get("pinned") == "1"
    pin_client(client_id=client_id, pinned=pinned, by=request.user, now=request.now)
    return redirect("clients:client", client_id)
