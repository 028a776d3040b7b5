"""A year asked for, lived beside the pages, looked at."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from budilnik.calling.queries.simulation import measured_habits
from budilnik.calling.wording import way_of_working
from budilnik.clients.queries.base import count_clients
from budilnik.core.refusal import Refusal
from budilnik.core.whatif import LONG_SECONDS, SIMULATION, check_whatif, expected_seconds
from budilnik.core.years import Compared
from budilnik.staff.actions.jobs import ask_for, ask_to_stop
from budilnik.staff.queries.jobs import JobState, job, jobs_of, last_told
from budilnik.web.access import LEADERS, allow
from budilnik.web.errors import said
from budilnik.web.policy.frame import page
from budilnik.web.requests import Request
from budilnik.web.sheets import sheet_response, wanted_format
from budilnik.web.simulation.forms import LENGTHS, SEEDS, SimulationForm, fresh_form, sent_form
from budilnik.web.simulation.told import ORDER, charts_of, lines_of, peak_of, sheet_of


@allow(LEADERS, "GET", "POST")
def simulation(request: Request) -> HttpResponse:
    """Show what may be asked, and ask for it; one that takes long is asked about twice."""
    measured = measured_habits(now=request.now)
    if request.method != "POST":
        return _form(request, fresh_form(request.policy, measured))
    form = sent_form(request.POST, policy=request.policy, measured=measured)
    if form.asked is None:
        return _form(request, form, status=422)
    try:
        check_whatif(form.asked, request.policy)
        if _seconds(form) > LONG_SECONDS and not request.POST.get("confirmed"):
            return _form(request, form, status=422, long=True)
        number = ask_for(SIMULATION, form.asked.to_asked(), by=request.user, now=request.now)
    except Refusal as refusal:
        return _form(request, form, status=422, refused=said(refusal))
    return redirect("simulation:year", job_id=number)


def _form(request: Request, form: SimulationForm, *, status: int = 200, **facts: object) -> HttpResponse:
    return page(
        request,
        "simulation/simulation.html",
        tab="simulation",
        status=status,
        form=form,
        lengths=LENGTHS,
        seeds=SEEDS,
        seconds=_seconds(form),
        ways=[(code, way_of_working(code)) for code in ORDER],
        past=jobs_of(SIMULATION),
        **facts,
    )


def _seconds(form: SimulationForm) -> float:
    if form.asked is None:
        return 0
    pace = last_told(SIMULATION).get("pace", 1.0)
    return expected_seconds(form.asked, clients=count_clients(), pace=pace)


@allow(LEADERS)
def estimate(request: Request) -> HttpResponse:
    """Say how long what stands in the form would take."""
    form = sent_form(request.GET, policy=request.policy, measured=measured_habits(now=request.now))
    return render(request, "simulation/simulation.html#estimate", {"seconds": _seconds(form)})


@allow(LEADERS)
def year(request: Request, job_id: int) -> HttpResponse:
    """Show how far a simulation is, and what came of it."""
    state = job(job_id)
    told = _told(state)
    if told is not None and (wanted := wanted_format(request)):
        return sheet_response(request, sheet_of(told), format=wanted)
    facts: dict[str, Any] = {"state": state, "asked": state.asked, "trouble": _trouble(request, state)}
    if request.htmx:
        # Ended meanwhile: the whole page is told, with its pictures.
        if state.is_over:
            return HttpResponseClientRedirect(reverse("simulation:year", args=[job_id]))
        return render(request, "simulation/year.html#progress", facts)
    if told is not None:
        facts |= {"told": told, "lines": lines_of(told), "peak": peak_of(told), "charts": charts_of(told)}
    return page(request, "simulation/year.html", tab="simulation", **facts)


def _told(state: JobState) -> Compared | None:
    return Compared.from_told(state.told) if state.stage == "done" else None


def _trouble(request: Request, state: JobState) -> str:
    return state.trouble_en if request.user.language == "en" else state.trouble_ru


@allow(LEADERS, "POST")
def stop(request: Request, job_id: int) -> HttpResponse:
    """Stop a simulation."""
    ask_to_stop(job_id, by=request.user, now=request.now)
    return redirect("simulation:year", job_id=job_id)
