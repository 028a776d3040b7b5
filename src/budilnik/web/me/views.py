"""One's own page: how one signs in, how the pages look, the calendar of one's promises."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from budilnik.staff import queries
from budilnik.staff.actions import signing_in
from budilnik.staff.actions.letters import set_address
from budilnik.web.access import EVERYONE, allow
from budilnik.web.requests import Request


@allow(EVERYONE)
def me(request: Request) -> HttpResponse:
    """Show an employee what is known of him and what he may choose."""
    return render(request, "me/me.html", _facts(request))


@allow(EVERYONE, "POST")
def renew_feed(request: Request) -> HttpResponse:
    """Make a new secret address of the calendar."""
    signing_in.renew_feed_key(employee=request.user, now=request.now)
    if not request.htmx:
        return redirect("me:me")
    request.user.refresh_from_db(fields=["feed_key"])
    return render(request, "me/me.html#feed", _facts(request))


@allow(EVERYONE, "POST")
def address(request: Request) -> HttpResponse:
    """Note where an employee wants his letters, and whether he wants the morning's."""
    wanted = request.POST.get("email", ""), bool(request.POST.get("letter"))
    set_address(employee=request.user, address=wanted[0], letter=wanted[1], by=request.user, now=request.now)
    if not request.htmx:
        return redirect("me:me")
    return render(request, "me/me.html#letters", _facts(request) | {"saved": True})


@allow(EVERYONE)
def back_to_me(request: Request) -> HttpResponse:
    """Lead from where allauth keeps its list of steps to one's own page, where ours is."""
    return redirect("me:me")


def _facts(request: Request) -> dict[str, object]:
    key = request.user.feed_key
    return {
        "profile": queries.profile_of(request.user.pk, on=request.on),
        "feed": request.build_absolute_uri(reverse("feed:promises", args=[key])) if key else "",
    }
