"""The team today: what each has done, which promises are late, how the morning stands."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from budilnik.calling.actions.morning import preview_morning
from budilnik.calling.actions.preview import taken_by_owner
from budilnik.calling.actions.promises import pass_to_substitute
from budilnik.calling.actions.schedule import allow_in_portions, allow_morning
from budilnik.calling.queries.promises import escalated
from budilnik.calling.queries.schedule import held_morning
from budilnik.calling.queries.sight import sight_of
from budilnik.calling.queries.team import base_today, client_of_promise, manager_day, morning_of_team, team_day
from budilnik.staff.queries import employee_number
from budilnik.web.access import HEAD, LEADERS, allow
from budilnik.web.requests import Request
from budilnik.web.sheets import sheet_response, wanted_format
from budilnik.web.team.forms import number_from
from budilnik.web.team.frame import done, page
from budilnik.web.team.sheets import today_sheet


@allow(LEADERS)
def team(request: Request) -> HttpResponse:
    """Show today by manager, every minute the table alone; or give it as a file."""
    late = escalated(request.on, request.now, escalates_after=request.policy.escalates_after)
    day = team_day(on=request.on, now=request.now, policy=request.policy, late=late)
    if wanted := wanted_format(request):
        return sheet_response(request, today_sheet(day), format=wanted)
    if request.htmx:
        return page(request, "team/team.html", room="today", part="today", day=day, late=late)
    sight = sight_of(request.user, on=request.on)
    return page(
        request,
        "team/team.html",
        room="today",
        day=day,
        late=late,
        base=base_today(sight=sight, on=request.on),
        morning=morning_of_team(on=request.on, now=request.now, policy=request.policy),
        hold=held_morning(request.on),
    )


@allow(LEADERS)
def manager(request: Request, employee_id: int) -> HttpResponse:
    """Show one employee's today: his list, his promises, his attempts."""
    employee = employee_number(employee_id)
    shown = manager_day(employee, on=request.on, now=request.now, policy=request.policy)
    return page(request, "team/manager.html", room="today", part="manager", shown=shown)


@allow(HEAD, "POST")
def take_promise(request: Request, callback_id: int) -> HttpResponse:
    """Let the head ring himself: the promise becomes his, and the client's page opens."""
    pass_to_substitute(callback_id=callback_id, to=request.user, by=request.user, now=request.now)
    client = client_of_promise(callback_id)
    return done(request, reverse("clients:client", args=[client]), _("The promise is yours now."))


@allow(HEAD, "GET", "POST")
def morning(request: Request) -> HttpResponse:
    """Show what the held morning would take from whom; let it run, at once or in daily portions."""
    if request.method != "POST":
        taken = taken_by_owner(preview_morning(on=request.on, step=lambda name: None))
        return render(request, "team/taken.html", {"taken": taken})
    if request.POST.get("way") == "portions":
        per_day = number_from(request.POST.get("per_day", "")) or 0
        allow_in_portions(per_day=per_day, on=request.on, by=request.user, now=request.now)
    else:
        allow_morning(on=request.on, by=request.user, now=request.now)
    return done(request, reverse("team:team"), _("The morning is allowed: in a minute or two the lists are there."))
