"""The first page by role, the language, and the sign of life."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from budilnik.core.terms import Role
from budilnik.staff import actions as staff
from budilnik.web.access import CALLERS, EVERYONE, LEADERS, allow
from budilnik.web.middleware import LANGUAGE_COOKIE
from budilnik.web.requests import Request

YEAR = 365 * 24 * 3600


@allow(EVERYONE)
def home(request: Request) -> HttpResponse:
    """Lead everybody to the page of his work."""
    role = Role(request.user.role)
    if role in LEADERS:
        return redirect("team:team")
    return redirect("day:day" if role in CALLERS else "setup:setup")


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Say that the process and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@require_POST
def language(request: Request) -> HttpResponse:
    """Speak another language from now on: kept with the employee, and in a cookie for the door."""
    chosen = "en" if request.POST.get("language") == "en" else "ru"
    if request.user.is_authenticated:
        staff.choose_language(employee=request.user, language=chosen)
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    response = HttpResponseRedirect(back if safe else "/")
    response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=YEAR, samesite="Lax")
    return response
