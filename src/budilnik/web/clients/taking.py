"""A talk outside the list: the client calls in, or his manager calls him without a task."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from budilnik.calling.actions.calls import AlreadyRecorded, client_answered
from budilnik.calling.actions.promises import keep_callback
from budilnik.calling.queries.card import Card, card_of
from budilnik.calling.queries.clients import Stranger, may_see, stranger
from budilnik.calling.queries.dossier import promises_to_ask
from budilnik.calling.queries.proposals import proposals_for
from budilnik.calling.queries.sight import ClientNotSeen, require_seen, sight_of
from budilnik.calling.queries.talk import talk_of
from budilnik.calling.wording import outcome_name
from budilnik.core.terms import Direction, Outcome
from budilnik.web.access import allow
from budilnik.web.clients.page import WRITERS
from budilnik.web.clients.passes import number_of_pass
from budilnik.web.day.forms import OutcomeForm, keys_offered, said_from
from budilnik.web.errors import said
from budilnik.web.requests import Request

# Who calls in was reached: what the telephone says of an attempt does not fit.
OF_INBOUND = frozenset(
    {
        Outcome.ORDER,
        Outcome.INTERESTED,
        Outcome.OPEN,
        Outcome.CALLBACK,
        Outcome.WRONG_PERSON,
        Outcome.REFUSED,
        Outcome.STOP,
        Outcome.CLOSED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """The number by which a stranger was found."""

    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangerCard:
    """What the form of an outcome may know of a client of somebody else."""

    client_id: int
    numbers: tuple[Number, ...]
    zone: str
    people: tuple[()] = ()


def _direction(request: Request) -> Direction:
    return Direction.OUT if request.GET.get("direction") == Direction.OUT.value else Direction.IN


@allow(WRITERS)
def call(request: Request, client_id: int) -> HttpResponse:
    """Ask what was said in a talk outside the list."""
    sight = sight_of(request.user, on=request.on)
    if may_see(sight, client_id):
        card = card_of(client_id, sight=sight, on=request.on, policy=request.policy)
        own = card.owner_id == request.user.pk or sight.everyone
        direction = _direction(request) if own else Direction.IN
        shown = {"name": card.name, "card": card, "own": own, "form": _form(request, card, direction, token="")}
        talk = talk_of(
            card,
            by=request.user,
            on=request.on,
            now=request.now,
            language=get_language() or "ru",
            inbound=direction is Direction.IN,
        )
        return render(request, "clients/call.html", shown | {"direction": direction.value, "talk": talk})
    token = request.GET.get("pass", "")
    number = number_of_pass(token, client_id, request.user)
    found = stranger(client_id)
    if found is None:
        raise ClientNotSeen
    little = _stranger_card(request, found, number)
    form = _form(request, little, Direction.IN, token=token)
    shown = {"name": found.name, "stranger": found, "card": little, "form": form}
    return render(request, "clients/call.html", shown | {"direction": Direction.IN.value})


def _stranger_card(request: Request, found: Stranger, number: str) -> StrangerCard:
    numbers = (Number(number=number),) if number else ()
    return StrangerCard(client_id=found.client_id, numbers=numbers, zone=found.zone or request.policy.company_zone)


def _form(request: Request, card: Card | StrangerCard, direction: Direction, *, token: str) -> OutcomeForm:
    offered = keys_offered(request.policy.outcomes)
    asked = {"direction": direction.value} | ({"pass": token} if token else {})
    return OutcomeForm(
        action=reverse("clients:save_call", args=[card.client_id], query=asked),
        draft=f"call-{card.client_id}-{direction.value}",
        proposals=proposals_for(request.user, zone=card.zone, on=request.on, now=request.now, policy=request.policy),
        key=str(uuid4()),
        keys=offered if direction is Direction.OUT else tuple(key for key in offered if key.outcome in OF_INBOUND),
        words=request.policy.outcomes.names,
    )


@allow(WRITERS, "POST")
def save(request: Request, client_id: int) -> HttpResponse:
    """Save a talk outside the list; then ask about the promises it may have kept."""
    sight, direction = sight_of(request.user, on=request.on), _direction(request)
    if not may_see(sight, client_id):
        number_of_pass(request.GET.get("pass", ""), client_id, request.user)
        direction = Direction.IN
    outcome, words = said_from(request.POST)
    status = 200
    try:
        client_answered(
            client_id=client_id,
            outcome=outcome,
            said=words,
            by=request.user,
            direction=direction,
            now=request.now,
            on=request.on,
            key=request.POST.get("key", "")[:64],
        )
        messages.success(request, _("Saved: %(outcome)s.") % {"outcome": outcome_name(outcome.value)})
    except AlreadyRecorded as refusal:
        status = refusal.status
        messages.warning(request, said(refusal))
    return _on(request, client_id, status=status)


def _on(request: Request, client_id: int, *, status: int) -> HttpResponse:
    """Go on to what comes after a talk: the promises to ask about, the client's page, or the list."""
    sight = sight_of(request.user, on=request.on)
    if not may_see(sight, client_id):
        messages.info(request, _("The client stays with his manager, or the head decides."))
        address = reverse("clients:clients")
    elif promises_to_ask(client_id, sight=sight):
        address = reverse("clients:kept", args=[client_id])
    else:
        address = reverse("clients:client", args=[client_id])
    return _go(request, address, status=status)


def _go(request: Request, address: str, *, status: int = 200) -> HttpResponse:
    response = HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    response.status_code = status if request.htmx else response.status_code
    return response


def _asked(request: Request, client_id: int) -> dict[str, Any]:
    return {"promises": promises_to_ask(client_id, sight=sight_of(request.user, on=request.on)), "client_id": client_id}


@allow(WRITERS)
def kept(request: Request, client_id: int) -> HttpResponse:
    """Ask of each open promise whether the talk kept it."""
    require_seen(sight_of(request.user, on=request.on), client_id)
    return render(request, "clients/kept.html", _asked(request, client_id))


@allow(WRITERS, "POST")
def keep(request: Request, client_id: int, promise_id: int) -> HttpResponse:
    """Note that a promise was kept by the talk."""
    require_seen(sight_of(request.user, on=request.on), client_id)
    keep_callback(callback_id=promise_id, by=request.user, now=request.now)
    shown = _asked(request, client_id)
    if not shown["promises"]:
        messages.success(request, _("The promise is kept."))
        return _go(request, reverse("clients:client", args=[client_id]))
    return render(request, "clients/kept.html#kept", shown) if request.htmx else redirect("clients:kept", client_id)
