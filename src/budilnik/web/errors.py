"""Answers when something went wrong: one sentence each, whole pages and parts of pages alike."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from budilnik.core.refusal import Refusal

MESSAGES = "#messages"


def said(refusal: Refusal) -> str:
    """Return a refusal in the language of the page."""
    return refusal.text("en" if get_language() == "en" else "ru")


def answer(request: HttpRequest, sentence: str, *, status: int, title: str = "") -> HttpResponse:
    """Say a sentence: a part of a page gets it among its messages and stays as it was."""
    if getattr(request, "htmx", False):
        response = render(request, "layout/message.html", {"sentence": sentence, "kind": "danger"}, status=status)
        response["HX-Retarget"] = MESSAGES
        response["HX-Reswap"] = "innerHTML"
        return response
    return render(request, "layout/trouble.html", {"sentence": sentence, "title": title}, status=status)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Tell a refusal; what a role may not have is 403, what does not exist for it 404, the rest 422."""
    return answer(request, said(refusal), status=getattr(refusal, "status", 422))


def session_ended(request: HttpRequest) -> HttpResponse:
    """Tell a part of a page that its session is over: the page keeps what was typed and asks to sign in."""
    sentence = _("The session has ended. Sign in: what you typed is kept.")
    response = render(request, "layout/message.html", {"sentence": sentence, "kind": "warning", "sign_in": True})
    response.status_code = 401
    response["HX-Retarget"] = MESSAGES
    response["HX-Reswap"] = "innerHTML"
    return response


def _last_resort(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    """Say a sentence without asking the database anything, not even who is there; what was typed stays."""
    part = "HX-Request" in request.headers
    facts = {"sentence": sentence, "kind": "danger", "theme": request.COOKIES.get("theme", "")}
    response = HttpResponse(
        render_to_string("layout/message.html" if part else "layout/trouble.html", facts), status=status
    )
    if part:
        response["HX-Retarget"] = MESSAGES
        response["HX-Reswap"] = "innerHTML"
    return response


def database_away(request: HttpRequest) -> HttpResponse:
    """Say that the database does not answer."""
    sentence = _("The database does not answer just now. Nothing is lost: wait a moment and press again.")
    response = _last_resort(request, sentence, status=503)
    response["Retry-After"] = "5"
    return response


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a page is too old to send anything."""
    return answer(request, _("This page is out of date. Reload it and repeat; what you typed is kept."), status=403)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the request makes no sense: an address by which nobody comes here, a broken form."""
    return _last_resort(request, _("This request cannot be read. Open the page anew."), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that this may not be done now: a step was left out, or the page is another's."""
    return answer(request, _("This cannot be opened now. Go back to the first page and begin again."), status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page."""
    return answer(request, _("There is no such page."), status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    """Say that one address asks too often; only the door counts."""
    return answer(request, _("Too many attempts from this address. Wait a minute and try again."), status=429)


def fault(request: HttpRequest) -> HttpResponse:
    """Say that we are at fault, or that the database is: Django calls this for whatever nobody expected."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return database_away(request)
    sentence = _("A fault on our side. It is written down; nothing was saved. Try again.")
    return _last_resort(request, sentence, status=500)
