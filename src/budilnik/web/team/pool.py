"""The pool: who waits in it and why, locks lifted, and clients whom everybody has lost."""

from typing import TypedDict

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from budilnik.calling.actions.head import archive_clients, lift_locks, restore_client
from budilnik.calling.actions.people import change_owner
from budilnik.calling.actions.sharing import pool_callers
from budilnik.calling.queries.pool import PoolFilter, PoolPage, PoolState, archived_lately, pool_page
from budilnik.calling.queries.sight import require_seen, sight_of
from budilnik.calling.queries.teammates import Teammate, teammates
from budilnik.core.terms import LossReason
from budilnik.web.access import HEAD, LEADERS, allow
from budilnik.web.requests import Request
from budilnik.web.team.forms import (
    NothingDecided,
    clients_from,
    employee_from,
    loss_reason_from,
    pool_filter_from,
    somebody_from,
)
from budilnik.web.team.frame import done, page


class _Pooled(TypedDict):
    """What both lists of the pool show."""

    pool: PoolPage
    asked: PoolFilter
    teammates: tuple[Teammate, ...]


@allow(LEADERS)
def pool(request: Request) -> HttpResponse:
    """Show the pool by state, and the dearest of those asked for."""
    asked = pool_filter_from(request.GET)
    return page(
        request,
        "team/pool.html",
        room="pool",
        states=tuple(PoolState),
        lifts=_lifts(request),
        **_pooled(request, asked),
    )


def _lifts(request: Request) -> bool:
    """Say whether the rules let him who looks lift locks."""
    return request.user.role in request.policy.lock_lifters


def _pooled(request: Request, asked: PoolFilter) -> _Pooled:
    shown = pool_page(
        sight=sight_of(request.user, on=request.on),
        on=request.on,
        callers=pool_callers(on=request.on, policy=request.policy),
        asked=asked,
    )
    return {"pool": shown, "asked": asked, "teammates": teammates(on=request.on, policy=request.policy)}


@allow(LEADERS, "POST")
def lift(request: Request) -> HttpResponse:
    """Lift the locks of the clients ticked, for one employee or for all."""
    lift_locks(
        client_ids=clients_from(request.POST),
        employee=somebody_from(request.POST, "employee"),
        why=request.POST.get("why", ""),
        by=request.user,
        now=request.now,
    )
    return done(request, reverse("team:pool"), _("The locks are lifted: the next morning may give these clients."))


@allow(LEADERS)
def exhausted(request: Request) -> HttpResponse:
    """Show the clients whom every caller of the pool has lost, and those archived lately."""
    asked = PoolFilter(state=PoolState.EXHAUSTED, page=pool_filter_from(request.GET).page)
    archived = archived_lately(sight=sight_of(request.user, on=request.on), now=request.now)
    return page(
        request,
        "team/exhausted.html",
        room="exhausted",
        archived=archived,
        reasons=tuple(LossReason),
        **_pooled(request, asked),
    )


@allow(HEAD, "POST")
def decide(request: Request) -> HttpResponse:
    """Give the clients ticked to somebody, take them oneself, or archive them."""
    acts = {"give": _give, "take": _take, "archive": _archive}
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        raise NothingDecided
    return done(request, reverse("team:exhausted"), act(request, clients_from(request.POST)))


def _give(request: Request, clients: list[int]) -> str:
    why = request.POST.get("why", "")
    to = employee_from(request.POST, "employee")
    change_owner(client_ids=clients, to=to, by=request.user, why=why, on=request.on, now=request.now, lift=True)
    return _("The clients are given: %(name)s") % {"name": to.name}


def _take(request: Request, clients: list[int]) -> str:
    why = request.POST.get("why", "")
    change_owner(
        client_ids=clients,
        to=request.user,
        by=request.user,
        why=why,
        on=request.on,
        now=request.now,
        lift=bool(why.strip()),
    )
    return _("The clients are yours.")


def _archive(request: Request, clients: list[int]) -> str:
    why = loss_reason_from(request.POST)
    archive_clients(client_ids=clients, why=why, by=request.user, on=request.on, now=request.now)
    return _("The clients are archived; they can be taken back below.")


@allow(HEAD, "POST")
def restore(request: Request, client_id: int) -> HttpResponse:
    """Take an archived client back into the base."""
    require_seen(sight_of(request.user, on=request.on), client_id)
    restore_client(client_id=client_id, by=request.user, on=request.on, now=request.now)
    return done(request, reverse("team:exhausted"), _("The client is back in the base."))
