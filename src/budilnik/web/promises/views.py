"""Promises."""

from django.http import HttpResponse, JsonResponse

from budilnik.web.access import BASE, allow
from budilnik.web.requests import Request


@allow(BASE)
def alarm(request: Request) -> HttpResponse:
    """Tell the page which promises ring soon."""
    return JsonResponse({"promises": []})
