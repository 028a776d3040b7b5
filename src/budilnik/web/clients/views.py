"""The clients."""

from django.http import HttpResponse
from django.shortcuts import render

from budilnik.web.access import BASE, allow
from budilnik.web.requests import Request


@allow(BASE)
def clients(request: Request) -> HttpResponse:
    """Show the clients."""
    return render(request, "layout/trouble.html", {"sentence": "clients"})
