"""The team."""

from django.http import HttpResponse
from django.shortcuts import render

from budilnik.web.access import BASE, allow
from budilnik.web.requests import Request


@allow(BASE)
def team(request: Request) -> HttpResponse:
    """Show the team."""
    return render(request, "layout/trouble.html", {"sentence": "team"})
