"""Who carries how much from which day, and the days on which the firm differs from the calendar."""

import re
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from budilnik.core.refusal import Refusal
from budilnik.staff.actions.calendar import forget_override, override_day
from budilnik.staff.actions.workloads import planned_loads, set_terms
from budilnik.staff.queries import employee_number, profile_of
from budilnik.staff.queries.versions import overrides_from
from budilnik.web.access import HEAD, LEADERS, allow
from budilnik.web.errors import said
from budilnik.web.policy.frame import callers, page
from budilnik.web.requests import Request
from budilnik.web.team.forms import DayUnreadable, day_from, number_from

_LONGEST = 120
_SPARE_STEPS = 3


class ShareUnreadable(Refusal):
    """A load is written as a percentage."""

    ru = "Нагрузка «{text}» не читается: пишите проценты, например 50."
    en = "The load “{text}” cannot be read: write a percentage, for example 50."


@allow(LEADERS)
def loads(request: Request) -> HttpResponse:
    """Show who carries how much now and from which days."""
    planned = planned_loads(request.on)
    people = [(each, [step for step in planned if step.employee_id == each.employee_id]) for each in callers(request)]
    return page(request, "policy/loads.html", tab="loads", people=people)


@allow(HEAD, "GET", "POST")
def load(request: Request, employee_id: int) -> HttpResponse:
    """Ask for one employee's own norm and load by days, or save them."""
    profile = profile_of(employee_id, on=request.on)
    steps = [
        (each.from_on.isoformat(), f"{each.share:.0%}"[:-1])
        for each in planned_loads(request.on)
        if each.employee_id == employee_id
    ]
    spare = [("", "")] * _SPARE_STEPS
    facts: dict[str, Any] = {"profile": profile, "norm": profile.own_norm or "", "steps": [*steps, *spare]}
    if request.method != "POST":
        return page(request, "policy/load.html", tab="loads", **facts)
    try:
        _save(request, employee_id)
    except Refusal as refusal:
        typed = list(zip(request.POST.getlist("from_on"), request.POST.getlist("share"), strict=False))
        facts |= {"refused": said(refusal), "steps": typed, "norm": request.POST.get("norm", "")[:10]}
        return page(request, "policy/load.html", tab="loads", status=422, why=request.POST.get("why", ""), **facts)
    messages.success(request, _("Saved."))
    return redirect("policy:loads")


def _save(request: Request, employee_id: int) -> None:
    employee = employee_number(employee_id)
    norm = request.POST.get("norm", "").strip()
    own = None if not norm else number_from(norm) or 0
    set_terms(
        employee=employee,
        norm=own,
        shares=_steps(request.POST),
        why=request.POST.get("why", ""),
        by=request.user,
        on=request.on,
        now=request.now,
    )


def _steps(sent: QueryDict) -> list[tuple[date, float]]:
    found = []
    for day, share in zip(sent.getlist("from_on"), sent.getlist("share"), strict=False):
        if not day.strip() and not share.strip():
            continue
        text = share.strip().removesuffix("%").strip().replace(",", ".")
        if not re.fullmatch(r"\d{1,3}(\.\d{1,2})?", text):
            raise ShareUnreadable(text=share[:20])
        try:
            from_on = date.fromisoformat(day)
        except ValueError:
            raise DayUnreadable from None
        found.append((from_on, float(text) / 100))
    return found


@allow(LEADERS)
def calendar(request: Request) -> HttpResponse:
    """Show the days on which the firm differs from the calendar."""
    return page(request, "policy/calendar.html", tab="calendar", overrides=overrides_from(request.on))


@allow(HEAD, "POST")
def override(request: Request) -> HttpResponse:
    """Note that a day to come differs from the calendar."""
    try:
        override_day(
            on=day_from(request.POST, "day"),
            works=request.POST.get("works") == "1",
            note=request.POST.get("note", "")[:_LONGEST],
            by=request.user,
            now=request.now,
            today=request.on,
        )
    except Refusal as refusal:
        typed = {name: request.POST.get(name, "")[:_LONGEST] for name in ("day", "works", "note")}
        facts = {"overrides": overrides_from(request.on), "refused": said(refusal), "typed": typed}
        return page(request, "policy/calendar.html", tab="calendar", status=422, **facts)
    messages.success(request, _("The day is noted."))
    return redirect("policy:calendar")


@allow(HEAD, "POST")
def forget(request: Request) -> HttpResponse:
    """Let a day follow the production calendar again."""
    forget_override(on=day_from(request.POST, "day"), by=request.user, now=request.now, today=request.on)
    messages.success(request, _("The day follows the calendar again."))
    return redirect("policy:calendar")
