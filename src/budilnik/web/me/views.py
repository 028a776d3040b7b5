"""The me."""

from django.http import HttpResponse
from django.shortcuts import render

from budilnik.web.access import BASE, allow
from budilnik.web.requests import Request


@allow(BASE)
def me(request: Request) -> HttpResponse:
    """Show the me."""
    return render(request, "layout/trouble.html", {"sentence": "me"})
