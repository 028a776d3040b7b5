"""Levelling: the proposal counted anew with every choice, confirmed with a reason, taken back within a day."""

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budilnik.calling.actions.leaving import PreviewOutOfDate
from budilnik.calling.actions.levelling import (
    NoSuchLevelling,
    NothingToLevel,
    WhyLevel,
    level_base,
    propose,
    undo_levelling,
)
from budilnik.calling.queries.levelling import levellings, moves_page
from budilnik.calling.queries.sight import sight_of
from budilnik.core.balance import Aim
from budilnik.core.refusal import Refusal
from budilnik.web.access import HEAD, LEADERS, allow
from budilnik.web.errors import said
from budilnik.web.levelling.forms import SHARES, asked_from, page_from, query_of, whose_from
from budilnik.web.requests import Request
from budilnik.web.team.frame import done, page


@allow(LEADERS)
def levelling(request: Request) -> HttpResponse:
    """Show what a levelling would do; with every choice the proposal alone."""
    return _proposed(request, request.GET)


def _proposed(request: Request, sent: QueryDict, *, status: int = 200, **facts: object) -> HttpResponse:
    asked = asked_from(sent)
    proposal = propose(asked, on=request.on, policy=request.policy)
    sight = sight_of(request.user, on=request.on)
    moves = moves_page(
        proposal.moves, people=proposal.people, whose=whose_from(sent), page=page_from(sent), sight=sight
    )
    return page(
        request,
        "levelling/levelling.html",
        room="levelling",
        part="proposal",
        status=status,
        proposal=proposal,
        asked=asked,
        shares=SHARES,
        tried=dict(asked.shares),
        aims=tuple(Aim),
        moves=moves,
        query=query_of(sent),
        past=levellings(on=request.on),
        **facts,
    )


@allow(HEAD, "POST")
def apply(request: Request) -> HttpResponse:
    """Move the clients of the proposal that was looked at."""
    sent = QueryDict(request.POST.get("asked", ""))
    try:
        number = level_base(
            asked=asked_from(sent),
            seen=request.POST.get("seen", ""),
            why=request.POST.get("why", ""),
            by=request.user,
            on=request.on,
            now=request.now,
        )
    except (PreviewOutOfDate, WhyLevel, NothingToLevel) as refusal:
        status = 409 if isinstance(refusal, PreviewOutOfDate) else 422
        return _proposed(request, sent, status=status, refused=said(refusal), why=request.POST.get("why", ""))
    return done(request, reverse("levelling:made", args=[number]), _("The base is levelled."))


@allow(LEADERS)
def made(request: Request, levelling_id: int) -> HttpResponse:
    """Show a levelling that was made, and until when it may be taken back."""
    return _made(request, levelling_id)


def _made(request: Request, levelling_id: int, *, status: int = 200, **facts: object) -> HttpResponse:
    found = levellings(on=request.on, only=levelling_id)
    if not found:
        raise NoSuchLevelling
    return page(
        request, "levelling/made.html", room="levelling", part="made", status=status, levelled=found[0], **facts
    )


@allow(HEAD, "POST")
def undo(request: Request, levelling_id: int) -> HttpResponse:
    """Take a levelling back."""
    try:
        back = undo_levelling(levelling_id=levelling_id, by=request.user, on=request.on, now=request.now)
    except NoSuchLevelling:
        raise
    except Refusal as refusal:
        return _made(request, levelling_id, status=getattr(refusal, "status", 422), refused=said(refusal))
    told = ngettext("%(count)d client went back.", "%(count)d clients went back.", back) % {"count": back}
    return done(request, reverse("levelling:made", args=[levelling_id]), told)
