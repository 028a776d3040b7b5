"""Notes about a client, three of them «важно знать»."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from budilnik.calling.actions import cards
from budilnik.calling.queries.dossier import notes_seen
from budilnik.calling.queries.sight import sight_of
from budilnik.web.access import allow
from budilnik.web.clients.page import WRITERS, writing
from budilnik.web.requests import Request


def _written(request: Request, client_id: int) -> HttpResponse:
    """Show the notes as they stand now."""
    if not request.htmx:
        return redirect("clients:client", client_id)
    notes = notes_seen(client_id, sight=sight_of(request.user, on=request.on))
    shown = {"notes": notes, "client_id": client_id} | writing(request)
    return render(request, "clients/notes.html#notes", shown)


@allow(WRITERS, "POST")
def write(request: Request, client_id: int) -> HttpResponse:
    """Write a note."""
    cards.write_note(
        client_id=client_id,
        text=request.POST.get("text", ""),
        pinned=request.POST.get("pinned") == "1",
        key=request.POST.get("key", "")[:64],
        by=request.user,
        now=request.now,
        on=request.on,
    )
    return _written(request, client_id)


@allow(WRITERS, "POST")
def pin(request: Request, client_id: int, note_id: int) -> HttpResponse:
    """Make a note «важно знать»."""
    cards.pin_note(client_id=client_id, note_id=note_id, by=request.user, now=request.now, on=request.on)
    return _written(request, client_id)


@allow(WRITERS, "POST")
def unpin(request: Request, client_id: int, note_id: int) -> HttpResponse:
    """Make a note an ordinary one again."""
    cards.unpin_note(client_id=client_id, note_id=note_id, by=request.user, now=request.now, on=request.on)
    return _written(request, client_id)


@allow(WRITERS, "POST")
def remove(request: Request, client_id: int, note_id: int) -> HttpResponse:
    """Take one's own note of today off."""
    cards.remove_note(client_id=client_id, note_id=note_id, by=request.user, now=request.now, on=request.on)
    return _written(request, client_id)
