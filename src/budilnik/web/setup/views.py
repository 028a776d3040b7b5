"""The settings: people and how they sign in, the state of the installation, what was done with whom."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from budilnik.core.refusal import Refusal
from budilnik.core.terms import Role
from budilnik.staff import actions as staff
from budilnik.staff import queries
from budilnik.staff.actions import signing_in
from budilnik.staff.actions.outbox import ask_trial
from budilnik.staff.queries.outbox import mail_is_on, mail_state
from budilnik.web.access import SETTERS, allow
from budilnik.web.errors import said
from budilnik.web.requests import Request
from budilnik.web.setup.forms import NewEmployee, zones
from budilnik.web.setup.password import fresh_password
from budilnik.web.setup.state import state_on
from budilnik.web.setup.words import act_name


@allow(SETTERS)
def everybody(request: Request) -> HttpResponse:
    """Show who works here and who did."""
    return _page(request, "setup/staff.html", people=queries.staff_list(on=request.on))


@allow(SETTERS)
def installation(request: Request) -> HttpResponse:
    """Show how the installation stands."""
    return _page(request, "setup/state.html", room="state", state=state_on(request.on), **_mail())


@allow(SETTERS, "POST")
def trial(request: Request) -> HttpResponse:
    """Put a letter to oneself into the outbox, to see whether mail arrives."""
    ask_trial(by=request.user, now=request.now)
    if not request.htmx:
        return redirect("setup:state")
    return _page(request, "setup/state.html", room="state", part="mail", trial=True, **_mail())


def _mail() -> dict[str, Any]:
    return {"mail_on": mail_is_on(), "mail": mail_state() if mail_is_on() else None}


@allow(SETTERS)
def audit(request: Request) -> HttpResponse:
    """Show what was done with whom, the newest first."""
    lines = [(act_name(line.action), line) for line in queries.audit_of_staff()]
    return _page(request, "setup/audit.html", room="audit", lines=lines)


@allow(SETTERS, "GET", "POST")
@never_cache
def add(request: Request) -> HttpResponse:
    """Take someone on and show his first password, once."""
    form = NewEmployee(request.POST or None, initial={"norm": request.policy.norm})
    if request.method == "POST" and form.is_valid() and (number := _taken_on(request, form)):
        password = _new_password(request, number)
        profile = queries.profile_of(number, on=request.on)
        return _page(request, "setup/add.html", part="new", profile=profile, password=password)
    status = 422 if form.errors else 200
    return _page(request, "setup/add.html", part="new", status=status, form=form, zones=zones())


def _page(
    request: Request, template: str, *, room: str = "staff", part: str = "", status: int = 200, **facts: object
) -> HttpResponse:
    place = f"{template}#{part}" if part and request.htmx else template
    told = {"page": room, "company_zone": request.policy.company_zone, **facts}
    return render(request, place, told, status=status)


def _taken_on(request: Request, form: NewEmployee) -> int | None:
    told = form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
    try:
        return staff.add_employee(**told, on=request.on, by=request.user, now=request.now)
    except Refusal as refusal:
        form.add_error(None, said(refusal))
        return None


@allow(SETTERS)
def employee(request: Request, employee_id: int) -> HttpResponse:
    """Show one employee and what can be done when he cannot sign in."""
    return _page(request, "setup/employee.html", profile=queries.profile_of(employee_id, on=request.on))


@allow(SETTERS, "POST")
@never_cache
def reset_password(request: Request, employee_id: int) -> HttpResponse:
    """Give an employee a new password and show it, once: it is kept nowhere, so there is nothing to lead back to."""
    password = _new_password(request, employee_id)
    profile = queries.profile_of(employee_id, on=request.on)
    return _page(request, "setup/employee.html", part="door", profile=profile, password=password)


@allow(SETTERS, "POST")
def sign_out(request: Request, employee_id: int) -> HttpResponse:
    """End every session of an employee."""
    signing_in.sign_out_everywhere(employee=queries.employee_number(employee_id), by=request.user, now=request.now)
    return _door_of(request, employee_id, done="signed_out")


@allow(SETTERS, "POST")
def one_step(request: Request, employee_id: int) -> HttpResponse:
    """Let an employee who lost his phone sign in by his password alone."""
    signing_in.drop_second_step(employee=queries.employee_number(employee_id), by=request.user, now=request.now)
    return _door_of(request, employee_id, done="one_step")


def _door_of(request: Request, employee_id: int, *, done: str) -> HttpResponse:
    if not request.htmx:
        return redirect("setup:employee", employee_id)
    profile = queries.profile_of(employee_id, on=request.on)
    return _page(request, "setup/employee.html", part="door", profile=profile, done=done)


def _new_password(request: Request, employee_id: int) -> str:
    password = fresh_password()
    staff.set_password(
        employee=queries.employee_number(employee_id), password=password, by=request.user, now=request.now
    )
    return password
