"""What calls have left for the head to decide."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from budilnik.calling.actions.settling import settle_matter
from budilnik.calling.queries.matters import open_matters, settled_matters
from budilnik.calling.queries.sight import sight_of
from budilnik.calling.queries.teammates import teammates
from budilnik.web.access import HEAD, LEADERS, allow
from budilnik.web.requests import Request
from budilnik.web.team.forms import decision_from, somebody_from
from budilnik.web.team.frame import done, page


@allow(LEADERS)
def matters(request: Request) -> HttpResponse:
    """Show what waits and what was decided lately."""
    sight = sight_of(request.user, on=request.on)
    return page(
        request,
        "team/matters.html",
        room="matters",
        matters=open_matters(sight),
        settled=settled_matters(sight, now=request.now),
        teammates=teammates(on=request.on, policy=request.policy),
    )


@allow(HEAD, "POST")
def settle(request: Request, matter_id: int) -> HttpResponse:
    """Decide one matter."""
    settle_matter(
        matter_id=matter_id,
        decision=decision_from(request.POST),
        to=somebody_from(request.POST, "to"),
        why=request.POST.get("why", ""),
        by=request.user,
        on=request.on,
        now=request.now,
    )
    return done(request, reverse("team:matters"), _("Decided."))
