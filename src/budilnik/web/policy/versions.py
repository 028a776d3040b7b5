"""Rules read: those in force, those planned, and who changed what, when, from which day and why."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from budilnik.staff.actions import withdraw_policy
from budilnik.staff.queries import rules_on
from budilnik.staff.queries.versions import changes_between, version_numbered, versions
from budilnik.web.access import HEAD, LEADERS, allow
from budilnik.web.policy.frame import callers, page
from budilnik.web.policy.settings import SECTIONS
from budilnik.web.requests import Request
from budilnik.web.team.forms import number_from


@allow(LEADERS)
def overview(request: Request) -> HttpResponse:
    """Show the rules in force section by section, and those that are planned."""
    found = versions()
    rules = rules_on(request.on)
    return page(
        request,
        "policy/policy.html",
        tab="rules",
        version=next((each for each in found if each.version == rules.version), None),
        planned=[each for each in found if each.planned(request.on)],
        sections=_sections(rules.policy),
        people=callers(request),
    )


def _sections(policy: object) -> list[tuple[object, list[tuple[object, object]]]]:
    return [
        (section, [(setting, getattr(policy, setting.name)) for setting in section.settings]) for section in SECTIONS
    ]


@allow(LEADERS)
def history(request: Request) -> HttpResponse:
    """Show every version, the newest first, with what it changed."""
    found = versions()
    in_force = rules_on(request.on).version
    return page(request, "policy/history.html", tab="history", versions=found, in_force=in_force)


@allow(LEADERS)
def version(request: Request, number: int) -> HttpResponse:
    """Show one version whole."""
    shown = version_numbered(number, among=versions())
    return page(
        request,
        "policy/version.html",
        tab="history",
        version=shown,
        planned=shown.planned(request.on),
        in_force=rules_on(request.on).version == number,
        sections=_sections(shown.policy),
    )


@allow(LEADERS)
def compare(request: Request) -> HttpResponse:
    """Show how two versions differ."""
    found = versions()
    first, second = (version_numbered(number_from(request.GET.get(name, "")) or 0, among=found) for name in "ab")
    changes = changes_between(first.policy, second.policy)
    return page(
        request, "policy/compare.html", tab="history", versions=found, first=first, second=second, changes=changes
    )


@allow(HEAD, "POST")
def withdraw(request: Request, number: int) -> HttpResponse:
    """Take back planned rules before their day."""
    withdraw_policy(version=number, on=request.on, by=request.user, now=request.now)
    messages.success(request, _("The planned rules are taken back."))
    return redirect("policy:policy")
