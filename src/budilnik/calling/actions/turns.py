"""The turn taken: the next client's card is opened, by rule and not by choice."""

from datetime import date, datetime

from budilnik.calling.actions.calls import NotYourTask, OutOfTurn
from budilnik.calling.models import CallTask
from budilnik.calling.queries.day import Day, DayLine, day_of
from budilnik.core.policy import Policy
from budilnik.staff.models import Employee


def take_turn(
    *, by: Employee, now: datetime, on: date, policy: Policy, task_id: int | None = None
) -> tuple[Day, DayLine | None]:
    """Open the card of the client whose turn it is, or of `task_id` if that one may be opened; return it with the day.

    A promise may be opened at any time, for the client may ask for it earlier; so may a card that was opened before.
    Opened again, nothing changes: a reload writes nothing.
    Raises: NotYourTask, OutOfTurn.
    """
    day = day_of(by, on=on, now=now, policy=policy)
    line = day.line(day.turn.task_id if task_id is None else task_id)
    if line is None:
        if task_id is not None:
            raise NotYourTask
        return day, None
    if not (line.opened or line.is_promise or line.task_id == day.turn.task_id):
        raise OutOfTurn
    if not line.opened and not line.closed:
        CallTask.objects.filter(pk=line.task_id, employee=by, opened_at=None).update(opened_at=now)
    return day, line
