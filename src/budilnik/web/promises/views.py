"""Promises: the alarm in any page, one's own promises by day, and what is done about them."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from budilnik.calling.actions.promises import (
    NotYourPromise,
    PromiseEnded,
    keep_callback,
    move_callback,
    pass_to_substitute,
    promise_callback,
    snooze_callback,
)
from budilnik.calling.queries.alarm import alarm_of
from budilnik.calling.queries.promise_list import (
    PromiseAtHand,
    client_at_hand,
    local_moment,
    promise_at_hand,
    promise_list,
)
from budilnik.calling.queries.promises import colleagues
from budilnik.calling.queries.proposals import proposals_for
from budilnik.calling.queries.sight import ClientNotSeen, sight_of
from budilnik.core.refusal import Refusal
from budilnik.staff.queries import employee_number
from budilnik.web.access import BASE, CALLERS, HEAD, allow
from budilnik.web.errors import said
from budilnik.web.promises.forms import MoveForm, PassForm, PromiseForm
from budilnik.web.promises.ringing import told
from budilnik.web.requests import Request

KEEPERS = CALLERS | HEAD


@allow(BASE)
def promises(request: Request) -> HttpResponse:
    """Show one's promises by day; a head may look at those of all."""
    sight = sight_of(request.user, on=request.on)
    keeps = request.user.role in KEEPERS
    of_team = sight.everyone and (request.GET.get("whose") == "team" or not keeps)
    found = promise_list(
        request.user, sight=sight, on=request.on, now=request.now, policy=request.policy, of_team=of_team
    )
    template = "promises/promises.html#promises" if request.htmx else "promises/promises.html"
    return render(request, template, {"list": found, "of_team": of_team, "everyone": sight.everyone, "keeps": keeps})


@allow(BASE)
def alarm(request: Request) -> HttpResponse:
    """Tell the page which promises ring soon."""
    found = alarm_of(request.user, on=request.on, now=request.now, policy=request.policy)
    response = JsonResponse(told(found, now=request.now))
    response["Cache-Control"] = "no-store"
    return response


@allow(KEEPERS, "POST")
def snooze(request: Request, callback_id: int) -> HttpResponse:
    """Let a promise ring again in five minutes."""
    seen = request.POST.get("seen", "")
    snooze_callback(
        callback_id=callback_id, by=request.user, now=request.now, seen=int(seen) if seen.isdecimal() else 0
    )
    # The bar says by itself when it rings again.
    return _done(request, "")


@allow(KEEPERS, "POST")
def keep(request: Request, callback_id: int) -> HttpResponse:
    """Note a promise as kept after the client was talked to otherwise."""
    keep_callback(callback_id=callback_id, by=request.user, now=request.now)
    return _done(request, _("The promise is kept."))


@allow(KEEPERS, "GET", "POST")
def move(request: Request, callback_id: int) -> HttpResponse:
    """Move a promise to another day or hour of the client's clock."""
    promise = _at_hand(request, callback_id)
    start = {"on": promise.local_at.date(), "at": promise.local_at.time() if promise.timed else None}
    form = MoveForm(request.POST or None, today=request.on, initial=start)

    def save() -> str:
        number = move_callback(
            callback_id=callback_id,
            local_on=form.cleaned_data["on"],
            local_time=form.cleaned_data["at"],
            by_client=form.cleaned_data["who"] == "client",
            by=request.user,
            now=request.now,
        )
        return _promised(request, number)

    return _form(request, "promises/move.html", form, save, {"promise": promise, **_presets(request, promise.zone)})


@allow(KEEPERS, "GET", "POST")
def hand_over(request: Request, callback_id: int) -> HttpResponse:
    """Pass a promise to a colleague who is at work."""
    promise = _at_hand(request, callback_id)
    able = [each for each in colleagues(now=request.now) if each.employee_id != promise.keeper_id]
    form = PassForm(request.POST or None, able=[(each.employee_id, each.name) for each in able])

    def save() -> str:
        to = employee_number(form.cleaned_data["to"])
        pass_to_substitute(callback_id=callback_id, to=to, by=request.user, now=request.now)
        return _("%(name)s keeps the promise now.") % {"name": to.name}

    return _form(request, "promises/pass.html", form, save, {"promise": promise, "able": able})


@allow(KEEPERS, "GET", "POST")
def new(request: Request) -> HttpResponse:
    """Promise a call to a client of one's own."""
    number = (request.POST or request.GET).get("client_id", "")
    sight = sight_of(request.user, on=request.on)
    found = number.isdecimal() and len(number) < 18
    client = client_at_hand(int(number), sight=sight, now=request.now, policy=request.policy) if found else None
    if client is None:
        raise ClientNotSeen
    start = {"key": uuid4().hex}
    form = PromiseForm(request.POST or None, today=request.on, initial=start, people=client.people)

    def save() -> str:
        promised = promise_callback(
            client_id=client.client_id,
            local_on=form.cleaned_data["on"],
            local_time=form.cleaned_data["at"],
            about=form.cleaned_data["about"],
            person_id=form.person_id,
            key=form.cleaned_data["key"],
            by=request.user,
            now=request.now,
        )
        return _promised(request, promised)

    return _form(request, "promises/new.html", form, save, {"client": client, **_presets(request, client.zone)})


def _at_hand(request: Request, callback_id: int) -> PromiseAtHand:
    sight = sight_of(request.user, on=request.on)
    promise = promise_at_hand(callback_id, sight=sight, now=request.now, policy=request.policy)
    if promise is None:
        raise NotYourPromise
    if promise.ended:
        raise PromiseEnded
    return promise


def _presets(request: Request, zone: str) -> dict[str, Any]:
    offered = proposals_for(request.user, zone=zone, on=request.on, now=request.now, policy=request.policy)
    return {"presets": offered.presets, "first": offered.first, "last": offered.last}


def _promised(request: Request, number: int) -> str:
    """Say when a promise rings really: an hour that the clocks skip is not what was typed."""
    local_at, timed = local_moment(number, policy=request.policy)
    if not timed:
        return _("Promised for %(day)s.") % {"day": f"{local_at:%d.%m.%Y}"}
    return _("Promised for %(moment)s of the client's time.") % {"moment": f"{local_at:%d.%m.%Y %H:%M}"}


def _form(
    request: Request, template: str, form: forms.Form, save: Callable[[], str], facts: dict[str, Any]
) -> HttpResponse:
    """Show a form, or save it; what was refused stands in it, for over an open dialog no message is seen."""
    status, refused = 200, ""
    if form.is_bound:
        try:
            if form.is_valid():
                return _done(request, save())
            status = 422
        except Refusal as refusal:
            status, refused = getattr(refusal, "status", 422), said(refusal)
    part = f"{template}#form" if request.htmx else template
    return render(request, part, {"form": form, "refused": refused, **facts}, status=status)


def _done(request: Request, sentence: str) -> HttpResponse:
    """Say that it is done; the page learns that the promises have changed."""
    if not request.htmx:
        if sentence:
            messages.success(request, sentence)
        return redirect("promises:promises")
    if sentence:
        response = render(request, "layout/message.html", {"sentence": sentence, "kind": "success", "fades": True})
        response["HX-Retarget"] = "#messages"
        response["HX-Reswap"] = "innerHTML"
    else:
        response = HttpResponse(status=204)
    response["HX-Trigger"] = '{"promises-changed": {"target": "body"}}'
    return response
