"""People and numbers of a client, written on his card."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from budilnik.calling.actions import cards
from budilnik.calling.queries.dossier import people_seen
from budilnik.calling.queries.sight import sight_of
from budilnik.web.access import allow
from budilnik.web.clients.forms import number_from, optional_number_from, person_from, told_from
from budilnik.web.clients.page import WRITERS, writing
from budilnik.web.requests import Request


def _written(request: Request, client_id: int) -> HttpResponse:
    """Show the people as they stand now."""
    if not request.htmx:
        return redirect("clients:client", client_id)
    seen = people_seen(client_id, sight=sight_of(request.user, on=request.on))
    return render(request, "clients/people.html#people", {"card": seen} | writing(request))


@allow(WRITERS, "POST")
def add(request: Request, client_id: int) -> HttpResponse:
    """Write down a person."""
    cards.add_person(
        client_id=client_id,
        told=told_from(request.POST),
        phone=optional_number_from(request.POST.get("number", "")),
        by=request.user,
        now=request.now,
        on=request.on,
    )
    return _written(request, client_id)


@allow(WRITERS, "POST")
def edit(request: Request, client_id: int, person_id: int) -> HttpResponse:
    """Write over what is known of a person."""
    told = told_from(request.POST)
    cards.edit_person(
        client_id=client_id, person_id=person_id, told=told, by=request.user, now=request.now, on=request.on
    )
    return _written(request, client_id)


@allow(WRITERS, "POST")
def left(request: Request, client_id: int, person_id: int) -> HttpResponse:
    """Note that a person works there no more, or does again."""
    gone = request.POST.get("left") != "0"
    cards.person_left(
        client_id=client_id, person_id=person_id, left=gone, by=request.user, now=request.now, on=request.on
    )
    return _written(request, client_id)


@allow(WRITERS, "POST")
def add_phone(request: Request, client_id: int) -> HttpResponse:
    """Write down a number."""
    cards.add_number(
        client_id=client_id,
        phone=number_from(request.POST.get("number", "")),
        person_id=person_from(request.POST),
        by=request.user,
        now=request.now,
        on=request.on,
    )
    return _written(request, client_id)


@allow(WRITERS, "POST")
def correct_phone(request: Request, client_id: int, number_id: int) -> HttpResponse:
    """Write a number as it should have been."""
    phone = number_from(request.POST.get("number", ""))
    cards.correct_number(
        client_id=client_id, number_id=number_id, phone=phone, by=request.user, now=request.now, on=request.on
    )
    return _written(request, client_id)


@allow(WRITERS, "POST")
def wrong_phone(request: Request, client_id: int, number_id: int) -> HttpResponse:
    """Mark a number wrong."""
    cards.mark_number_wrong(client_id=client_id, number_id=number_id, by=request.user, now=request.now, on=request.on)
    return _written(request, client_id)
