"""What a quarter by tried rules would bring: two simulations beside the page, the rules tried and those in force."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from budilnik.core.policy import Policy, to_settings
from budilnik.core.refusal import Refusal
from budilnik.core.whatif import FORECAST, OURS, WhatIf
from budilnik.core.years import Compared, Course
from budilnik.staff.actions.jobs import ask_for, stop_mine
from budilnik.staff.queries.jobs import JobState, job
from budilnik.web.access import HEAD, allow
from budilnik.web.errors import said
from budilnik.web.policy.frame import callers
from budilnik.web.policy.reading import Proposal, proposed, sent
from budilnik.web.requests import Request
from budilnik.web.team.forms import number_from

QUARTER_DAYS = 91


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What a quarter brings by some rules. Units: shares in 0..1, clients."""

    first: float
    last: float
    lost: float
    won: float
    pool: float

    @classmethod
    def of(cls, course: Course) -> "Side":
        """Return what a course comes to."""
        sums = course.sums
        first = course.points[0].covered_91.mean
        return cls(first=first, last=sums.covered_91.mean, lost=sums.lost.mean, won=sums.won.mean, pool=sums.pool.mean)


@allow(HEAD, "GET", "POST")
def forecast(request: Request) -> HttpResponse:
    """Ask for the two simulations of a trial, and tell them when they are done."""
    if request.method == "POST":
        return _asked(request)
    then, now = (job(number_from(request.GET.get(name, "")) or 0) for name in ("then", "now"))
    facts: dict[str, Any] = {"then": then, "now": now, "days": QUARTER_DAYS}
    if then.stage == now.stage == "done":
        facts |= {"tried": _side(then), "present": _side(now)}
    return render(request, "policy/forecast.html", facts)


def _side(state: JobState) -> Side:
    return Side.of(Compared.from_told(state.told).courses[OURS])


def _asked(request: Request) -> HttpResponse:
    proposal = _proposal(request, request.POST)
    if proposal.errors:
        return render(request, "policy/forecast.html", {"refused": _("Correct the rules first.")})
    stop_mine(FORECAST, by=request.user, now=request.now)
    try:
        then = _ask(request, proposal.policy, workloads=dict(proposal.workloads))
        now = _ask(request, request.policy, workloads={})
    except Refusal as refusal:
        return render(request, "policy/forecast.html", {"refused": said(refusal)})
    return render(request, "policy/forecast.html", {"then": job(then), "now": job(now), "days": QUARTER_DAYS})


def _proposal(request: Request, posted: QueryDict) -> Proposal:
    return proposed(sent(posted), base=request.policy, team=callers(request), on=request.on)


def _ask(request: Request, policy: Policy, *, workloads: dict[int, float]) -> int:
    asked = WhatIf.of(policy, days=QUARTER_DAYS, seeds=1, policies=(OURS,))
    body = asked.to_asked() | {"settings": to_settings(policy)}
    body["workloads"] = {str(number): share for number, share in workloads.items()}
    return ask_for(FORECAST, body, by=request.user, now=request.now)
