"""The day."""

from django.http import HttpResponse
from django.shortcuts import render

from budilnik.web.access import BASE, allow
from budilnik.web.requests import Request


@allow(BASE)
def day(request: Request) -> HttpResponse:
    """Show the day."""
    return render(request, "layout/trouble.html", {"sentence": "day"})
