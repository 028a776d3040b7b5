"""People come and go: absences, a leaver, a client given by hand."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from budilnik.calling.actions.leaving import PreviewOutOfDate, employee_leaves, preview_leaver
from budilnik.calling.actions.people import LockedClient, absence_begins, absence_ends_early, change_owner
from budilnik.calling.queries.sight import sight_of
from budilnik.calling.queries.teammates import absences as absences_on
from budilnik.calling.queries.teammates import given_client, moved_by_absence, staff_but, teammates
from budilnik.web.access import HEAD, LEADERS, allow
from budilnik.web.errors import said
from budilnik.web.requests import Request
from budilnik.web.team.forms import DayUnreadable, day_from, employee_from, number_from, somebody_from
from budilnik.web.team.frame import done, page


@allow(LEADERS)
def absences(request: Request) -> HttpResponse:
    """Show who is away and who stands in."""
    shown = absences_on(request.on)
    people = staff_but(request.user.pk, on=request.on)
    return page(request, "team/absences.html", room="absences", absences=shown, people=people)


@allow(HEAD, "POST")
def note_absence(request: Request) -> HttpResponse:
    """Note an absence: what falls into it passes on."""
    employee = employee_from(request.POST, "employee")
    absence_begins(
        employee=employee,
        from_on=day_from(request.POST, "from_on"),
        until_on=day_from(request.POST, "until_on"),
        substitute=somebody_from(request.POST, "substitute"),
        by=request.user,
        now=request.now,
        on=request.on,
    )
    return done(request, reverse("team:absences"), _("The absence is noted: %(name)s") % {"name": employee.name})


@allow(HEAD)
def absence_moves(request: Request) -> HttpResponse:
    """Show what an absence would move, while its form is being filled."""
    number = number_from(request.GET.get("employee", ""))
    try:
        days = {"from_on": day_from(request.GET, "from_on"), "until_on": day_from(request.GET, "until_on")}
    except DayUnreadable:
        number = None
    moves = None if number is None else moved_by_absence(number, on=request.on, **days)
    return render(request, "team/moves.html", {"moves": moves})


@allow(HEAD, "POST")
def end_absence(request: Request, absence_id: int) -> HttpResponse:
    """End an absence before its time."""
    back_on = day_from(request.POST, "back_on")
    absence_ends_early(absence_id=absence_id, back_on=back_on, by=request.user, on=request.on, now=request.now)
    return done(request, reverse("team:absences"), _("The absence ends earlier; the promises return."))


@allow(HEAD, "GET", "POST")
def leaver(request: Request) -> HttpResponse:
    """Show what the leaving of an employee would do, and do it when that is still true."""
    if request.method == "POST":
        return _let_go(request)
    employee = somebody_from(request.GET, "employee")
    preview = preview_leaver(employee, on=request.on) if employee else None
    return _leaver(request, preview=preview)


def _leaver(request: Request, *, status: int = 200, **facts: object) -> HttpResponse:
    people = staff_but(request.user.pk, on=request.on)
    return page(request, "team/leaver.html", room="leaver", part="preview", status=status, people=people, **facts)


def _let_go(request: Request) -> HttpResponse:
    employee = employee_from(request.POST, "employee")
    seen = request.POST.get("seen") or "never looked"
    try:
        employee_leaves(employee=employee, on=request.on, by=request.user, now=request.now, seen=seen)
    except PreviewOutOfDate as refusal:
        preview = preview_leaver(employee, on=request.on)
        return _leaver(request, status=409, preview=preview, refused=said(refusal))
    told = _("%(name)s has left; clients, promises and calls are handed over.") % {"name": employee.name}
    return done(request, reverse("team:team"), told)


@allow(HEAD, "GET", "POST")
def give(request: Request) -> HttpResponse:
    """Give a client to an employee by hand; to one who lost him only with the lock lifted and a reason."""
    sent = request.POST if request.method == "POST" else request.GET
    client_id = number_from(sent.get("client_id", "")) or 0
    client = given_client(client_id, sight=sight_of(request.user, on=request.on))
    if request.method != "POST":
        return _give_form(request, client=client, client_id=client_id)
    to, why = employee_from(sent, "employee"), sent.get("why", "")
    lift = sent.get("lift") == "1"
    try:
        change_owner(client_ids=[client_id], to=to, by=request.user, why=why, on=request.on, now=request.now, lift=lift)
    except LockedClient:
        refused = _("%(name)s has lost this client before. Lift the lock and write why.") % {"name": to.name}
        return _give_form(
            request, status=409, client=client, client_id=client_id, chosen=to.pk, locked=True, refused=refused
        )
    return done(request, _back(request, client_id), _("The client is given: %(name)s") % {"name": to.name})


def _give_form(request: Request, *, client_id: int, status: int = 200, **facts: object) -> HttpResponse:
    people = teammates(on=request.on, policy=request.policy, client_id=client_id)
    return page(
        request, "team/give.html", room="", part="give", status=status, client_id=client_id, teammates=people, **facts
    )


def _back(request: Request, client_id: int) -> str:
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if safe else reverse("clients:client", args=[client_id])
