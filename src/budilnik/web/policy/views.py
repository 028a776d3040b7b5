"""Rules changed: the form, what the next morning would do by it, and a new version in force."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from budilnik.calling.actions.leaving import PreviewOutOfDate
from budilnik.calling.actions.trial import PAGE, Difference, Trial, apply_policy, different_page, try_policy
from budilnik.core.refusal import Refusal
from budilnik.staff.actions import PolicyChangedMeanwhile
from budilnik.staff.queries.versions import Version, changes_between, latest_version, versions
from budilnik.web.access import HEAD, allow
from budilnik.web.errors import said
from budilnik.web.policy.frame import callers, page
from budilnik.web.policy.reading import Proposal, Raw, fields_of, load_fields, outcome_fields, proposed, sent, written
from budilnik.web.requests import Request
from budilnik.web.team.forms import number_from


def _newest(request: Request) -> Version | None:
    """Return the newest version that nobody took back: what a change starts from, planned or in force."""
    return next((each for each in versions() if each.withdrawn_at is None), None)


@allow(HEAD, "GET", "POST")
def edit(request: Request) -> HttpResponse:
    """Show the form: as the rules are, or as it was typed before the trial."""
    if request.method == "POST":
        return _form(request, sent(request.POST), based_on=_seen_version(request))
    newest = _newest(request)
    policy = newest.policy if newest else request.policy
    tomorrow = request.on + timedelta(days=1)
    starts_on = max(tomorrow, newest.starts_on) if newest else tomorrow
    return _form(request, written(policy, team=callers(request), starts_on=starts_on), based_on=latest_version())


def _seen_version(request: Request) -> int:
    return number_from(request.POST.get("based_on", "")) or 0


def _form(
    request: Request,
    raw: Raw,
    *,
    based_on: int,
    errors: dict[str, tuple[str, ...]] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    told = errors or {}
    newest = _newest(request)
    return page(
        request,
        "policy/edit.html",
        tab="rules",
        status=status,
        sections=fields_of(raw, told),
        outcomes=outcome_fields(raw),
        resets=bool(raw.get("refusal_resets_clock")),
        loads=load_fields(raw, told, team=callers(request)),
        starts_on=(raw.get("starts_on") or [""])[0],
        starts_error=" ".join(told.get("starts_on", ())),
        troubles=len(told),
        refused=refused,
        based_on=based_on,
        planned=newest if newest and newest.planned(request.on) else None,
        why=(raw.get("why") or [""])[0],
    )


def _proposal(request: Request, raw: Raw) -> Proposal:
    newest = _newest(request)
    base = newest.policy if newest else request.policy
    return proposed(raw, base=base, team=callers(request), on=request.on)


@allow(HEAD, "POST")
def trial(request: Request) -> HttpResponse:
    """Show what the next morning would do; a form that contradicts itself comes back with every trouble told."""
    raw = sent(request.POST)
    proposal = _proposal(request, raw)
    if proposal.errors:
        return _form(request, raw, based_on=_seen_version(request), errors=dict(proposal.errors), status=422)
    return _tried(request, raw, proposal)


def _tried(request: Request, raw: Raw, proposal: Proposal, *, refused: str = "", status: int = 200) -> HttpResponse:
    tried = try_policy(
        policy=proposal.policy,
        workloads=proposal.workloads,
        starts_on=proposal.starts_on,
        on=request.on,
        now=request.now,
    )
    newest = _newest(request)
    loads = {each.employee_id: each.load_share for each in callers(request)}
    return page(
        request,
        "policy/trial.html",
        tab="rules",
        status=status,
        raw=[(name, values) for name, values in raw.items() if name not in ("why", "based_on")],
        trial=tried,
        based_on=_seen_version(request),
        starts_on=proposal.starts_on,
        changes=changes_between(newest.policy if newest else request.policy, proposal.policy),
        load_changes=[
            (each.name, loads[each.employee_id], proposal.workloads[each.employee_id])
            for each in callers(request)
            if each.employee_id in proposal.workloads and proposal.workloads[each.employee_id] != each.load_share
        ],
        refused=refused,
        why=(raw.get("why") or [""])[0],
        **_list_of(request, tried),
    )


def _list_of(request: Request, tried: Trial) -> dict[str, object]:
    asked = request.POST.get("what", "")
    what = Difference(asked) if asked in Difference else None
    counts = {each: sum(1 for one in tried.different if one.what is each) for each in Difference}
    matching = counts[what] if what else len(tried.different)
    pages = max(1, -(-matching // PAGE))
    number = min(number_from(request.POST.get("page", "")) or 1, pages)
    return {
        "different": different_page(tried, what=what, page=number),
        "what": what.value if what else "",
        "counts": [(each.value, count) for each, count in counts.items()],
        "page_number": number,
        "pages": pages,
        "matching": matching,
    }


@allow(HEAD, "POST")
def apply(request: Request) -> HttpResponse:
    """Put tried rules in force; what has changed since the trial is tried again and told."""
    raw = sent(request.POST)
    proposal = _proposal(request, raw)
    if proposal.errors:
        return _form(request, raw, based_on=_seen_version(request), errors=dict(proposal.errors), status=422)
    try:
        version = apply_policy(
            policy=proposal.policy,
            workloads=proposal.workloads,
            starts_on=proposal.starts_on,
            seen=request.POST.get("seen", ""),
            based_on=_seen_version(request),
            why=request.POST.get("why", ""),
            by=request.user,
            on=request.on,
            now=request.now,
        )
    except PolicyChangedMeanwhile as refusal:
        return _form(request, raw, based_on=latest_version(), refused=said(refusal), status=409)
    except Refusal as refusal:
        status = 409 if isinstance(refusal, PreviewOutOfDate) else 422
        return _tried(request, raw, proposal, refused=said(refusal), status=status)
    messages.success(request, _("Saved: the rules no. %(number)d.") % {"number": version})
    return redirect("policy:policy")
