"""My day: the next client's card, the outcome by one key, the list, the norm."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from budilnik.calling.actions.calls import (
    AttemptAlreadySaved,
    NothingToAmend,
    NotYourTask,
    OutOfTurn,
    TaskAlreadyClosed,
    amend_call,
    record_call,
    skip_task,
)
from budilnik.calling.actions.portion import next_portion
from budilnik.calling.actions.turns import take_turn
from budilnik.calling.queries.card import card_of
from budilnik.calling.queries.day import DayLine, call_to_amend, task_of_promise
from budilnik.calling.queries.offers import insight_of
from budilnik.calling.queries.proposals import proposals_for
from budilnik.calling.queries.sight import sight_of
from budilnik.calling.queries.talk import talk_of
from budilnik.calling.wording import outcome_name
from budilnik.core.outcomes import SkipReason
from budilnik.core.terms import Role
from budilnik.web.access import CALLERS, allow
from budilnik.web.charts import month_bars
from budilnik.web.day.forms import OutcomeForm, UnreadableOutcome, keys_offered, said_from, seen_from
from budilnik.web.errors import said
from budilnik.web.requests import Request

WORKERS = CALLERS | {Role.HEAD}

# The page is behind the world: pressed twice, written in another tab, passed to somebody else meanwhile.
STALE = (TaskAlreadyClosed, AttemptAlreadySaved, NotYourTask, OutOfTurn, NothingToAmend)


@allow(WORKERS)
def day(request: Request) -> HttpResponse:
    """Show the day with the card of the client whose turn it is."""
    if (promise := request.GET.get("promise", "")).isdecimal():
        task = task_of_promise(int(promise), employee=request.user, on=request.on)
        return redirect(f"{reverse('day:day')}?task={task}" if task else reverse("promises:promises"))
    amend, task = _number(request, "amend"), _number(request, "task")
    return render(request, _template(request), _screen(request, task_id=amend or task, amend=amend is not None))


def _number(request: Request, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 18 else None


def _template(request: Request) -> str:
    return "day/day.html#day" if request.htmx else "day/day.html"


def _screen(request: Request, *, task_id: int | None = None, amend: bool = False) -> dict[str, Any]:
    """Return what the page shows: the day, and the card with its form when there is somebody to call."""
    turn, line = take_turn(by=request.user, now=request.now, on=request.on, policy=request.policy, task_id=task_id)
    screen: dict[str, Any] = {"day": turn, "line": line, "amend": amend, "skip_reasons": tuple(SkipReason)}
    if line is None:
        return screen
    if line.closed and not amend:
        # An address kept from before: the day has gone on since.
        return _screen(request)
    card = card_of(line.client_id, sight=sight_of(request.user, on=request.on), on=request.on, policy=request.policy)
    insight = insight_of(line.client_id, on=request.on)
    chart = month_bars(card.months, on=request.on, window=insight.window if insight else None)
    form = _form(request, line, card.zone, amend)
    offers = insight.offers if insight else ()
    talk = talk_of(
        card, by=request.user, on=request.on, now=request.now, language=get_language() or "ru", offers=offers
    )
    return screen | {"card": card, "talk": talk, "insight": insight, "chart": chart, "form": form}


def _form(request: Request, line: DayLine, zone: str, amend: bool) -> OutcomeForm:
    proposals = proposals_for(request.user, zone=zone, on=request.on, now=request.now, policy=request.policy)
    outcomes = request.policy.outcomes
    table: dict[str, Any] = {"keys": keys_offered(outcomes), "words": outcomes.names}
    if not amend:
        address = reverse("day:outcome", args=[line.task_id])
        draft = f"task-{line.task_id}-{line.attempts}"
        return OutcomeForm(action=address, draft=draft, proposals=proposals, seen=line.attempts, **table)
    wrong = call_to_amend(line.task_id, employee=request.user)
    return OutcomeForm(
        action=reverse("day:amend", args=[line.task_id]),
        draft=f"amend-{line.task_id}",
        proposals=proposals,
        seen=wrong.call_id if wrong else 0,
        note=wrong.note if wrong else "",
        **table,
    )


@allow(WORKERS, "POST")
def outcome(request: Request, task_id: int) -> HttpResponse:
    """Save the outcome of a call and open the next client."""
    code, words = said_from(request.POST)

    def save() -> None:
        record_call(
            task_id=task_id,
            outcome=code,
            said=words,
            by=request.user,
            now=request.now,
            on=request.on,
            seen=seen_from(request.POST),
        )

    return _written(request, save, told=outcome_name(code.value), task_id=task_id)


@allow(WORKERS, "POST")
def amend(request: Request, task_id: int) -> HttpResponse:
    """Correct what was written of a client today."""
    code, words = said_from(request.POST)

    def save() -> None:
        amend_call(
            task_id=task_id,
            outcome=code,
            said=words,
            by=request.user,
            now=request.now,
            on=request.on,
            seen=seen_from(request.POST),
        )

    return _written(request, save, told=_("corrected: %(outcome)s") % {"outcome": outcome_name(code.value)}, task_id=0)


@allow(WORKERS, "POST")
def skip(request: Request, task_id: int) -> HttpResponse:
    """Put a client off till the next working day, for a reason."""
    try:
        reason = SkipReason(request.POST.get("reason", ""))
    except ValueError:
        raise UnreadableOutcome from None

    def save() -> None:
        skip_task(task_id=task_id, reason=reason, by=request.user, now=request.now, on=request.on)

    return _written(request, save, told=_("skipped till the next working day"), task_id=0)


def _written(request: Request, save: Callable[[], None], *, told: str, task_id: int) -> HttpResponse:
    """Save, then show the next client; a page that was behind is told so and brought up to date."""
    status = 200
    try:
        save()
        note = {"sentence": told, "kind": "success", "amend": task_id, "name": request.POST.get("name", "")}
    except STALE as refusal:
        status, note = 409, {"sentence": said(refusal), "kind": "warning", "typed": request.POST.get("note", "")}
    if not request.htmx:
        messages.add_message(request, messages.SUCCESS if status == 200 else messages.WARNING, str(note["sentence"]))
        return redirect("day:day")
    response = render(request, "day/day.html#day", _screen(request) | {"written": note}, status=status)
    response["HX-Replace-Url"] = reverse("day:day")
    return response


@allow(WORKERS, "POST")
def portion(request: Request) -> HttpResponse:
    """Give the next portion of clients by the same rules."""
    given = next_portion(by=request.user, now=request.now, on=request.on)
    told = _("added to the list: %(count)d") % {"count": given} if given else _("there is nobody left to add today")
    return _written(request, lambda: None, told=told, task_id=0)
