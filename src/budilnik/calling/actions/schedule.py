"""The morning by schedule: made like any other, unless it takes so many clients that the head must say so first."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction

from budilnik.calling.actions.deciding import Decided, Step
from budilnik.calling.actions.head import spread_backlog
from budilnik.calling.actions.morning import Clock, preview_morning, run_morning
from budilnik.calling.actions.people import require_head
from budilnik.calling.models import MorningHold
from budilnik.calling.queries.schedule import HeldMorning, held_morning, morning_has_begun
from budilnik.clients.queries.base import loads_of_owners
from budilnik.core.refusal import Refusal
from budilnik.core.schedule import waits_for_the_head
from budilnik.staff.actions import audit
from budilnik.staff.models import Employee


class NothingIsHeld(Refusal):
    """No morning of that day waits for the head's word."""

    ru = "Утро {on} не ждёт решения: его никто не задерживал."
    en = "The morning of {on} waits for no decision: nobody has held it."


def run_by_schedule(*, on: date, holder: str, clock: Clock, step: Step, is_gone: Callable[[str], bool]) -> bool:
    """Make and publish the morning of `on`, or note that it waits for the head; say whether it is published.

    A held morning is decided once: then only the head's word is looked for. One that somebody has begun, by command
    or before this process died, is finished without asking.

    Raises: MorningInThePast, MorningIsBeingMade, MorningTakenOver.
    """
    decided = None
    if not morning_has_begun(on):
        hold = held_morning(on)
        if hold is None:
            decided = preview_morning(on=on, step=step)
            hold = _hold(decided, now=clock())
        if hold is not None and not hold.allowed:
            return False
    run_morning(on=on, holder=holder, clock=clock, step=step, is_gone=is_gone, decided=decided)
    return True


def _hold(decided: Decided, *, now: datetime) -> HeldMorning | None:
    """Note a morning that takes too many clients; of two processes that decided it at once one notes it."""
    owned = sum(clients for clients, _value in loads_of_owners().values())
    share = decided.rules.policy.first_release_share
    if not waits_for_the_head(releases=decided.released, owned=owned, share=share):
        return None
    row = {"releases": decided.released, "owned": owned, "noted_at": now}
    MorningHold.objects.get_or_create(on=decided.on, defaults=row)
    return held_morning(decided.on)


@transaction.atomic
def allow_morning(*, on: date, by: Employee | None, now: datetime) -> None:
    """Let a held morning run: the next look at the clock makes it. Said twice, it is said once.

    Raises: OnlyTheHead, NothingIsHeld.
    """
    head = require_head(by)
    if MorningHold.objects.filter(on=on, allowed_at=None).update(allowed_at=now, allowed_by=head) == 1:
        audit("morning_allowed", by=head, now=now, subject="morning", facts={"on": str(on)})
    elif held_morning(on) is None:
        raise NothingIsHeld(on=on)


@transaction.atomic
def allow_in_portions(*, per_day: int, on: date, by: Employee | None, now: datetime) -> int:
    """Let a held morning run after the neglected backlog has its days of grace; return how many clients got one.

    Both or neither: a morning allowed before the grace is written would take them all at once.
    Raises: OnlyTheHead, BadPortion, NothingIsHeld.
    """
    spread = spread_backlog(per_day=per_day, on=on, by=require_head(by), now=now)
    allow_morning(on=on, by=by, now=now)
    return spread
