"""The telephone of a simulated firm: whose turn it is by the product's rule, what the client says by lot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from budilnik.core.outcomes import Case, Moment, Said, consequences, proposed_next_on
from budilnik.core.scenario import Habits
from budilnik.core.simulated_firm import Person, SimulatedFirm
from budilnik.core.simulated_world import Workday
from budilnik.core.terms import ClientStatus, LossReason, Outcome
from budilnik.core.turn import OpenTask, whose_turn

REFUSED = Said(reason=LossReason.NO_NEED)
ORDERED = Said(goods="заказ")
NOTHING = Said()
_COLD = (ClientStatus.FORGOTTEN.value, ClientStatus.LOST.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A client on somebody's list; `promised_at` is the hour of a call that he was promised."""

    client_id: int
    zone: str
    promised_at: datetime | None = None


def call_through(lists: Mapping[int, Sequence[Listed]], *, firm: SimulatedFirm, day: Workday, habits: Habits) -> None:
    """Let everybody at work call through his list.

    As many attempts as the norm asks are made, more only where promises and last days make the list longer; they are
    spread evenly over the day. Who was not reached gets his turn again two hours later, and is tomorrow's after that.

    Units: attempts.
    Raises: nothing.
    Source: SPEC §4 and §5, by `core.turn` and `core.outcomes`.
    """
    proposed: date | None = None
    for person in day.present:
        if listed := lists.get(person.employee_id, ()):
            desk = _Desk(firm, person, day=day, habits=habits)
            proposed = proposed or proposed_next_on(desk.at)
            desk.work(listed, open_until=proposed)


class _Desk:
    """Somebody at his telephone for a day."""

    def __init__(self, firm: SimulatedFirm, person: Person, *, day: Workday, habits: Habits) -> None:
        zone = firm.today.zone_of(person.zone)
        hours = day.policy.hours_of_employees
        self._opens = datetime.combine(day.on, hours.opens, zone)
        self._closes = datetime.combine(day.on, hours.closes, zone)
        self.at = Moment(on=day.on, now=self._opens, policy=day.policy, calendar=day.calendar)
        self._firm, self._person, self._day, self._habits = firm, person, day, habits

    def work(self, listed: Sequence[Listed], *, open_until: date) -> None:
        """Make the attempts of the day; a client with no need now names the day `open_until`."""
        open_tasks = {task.task_id: task for task in map(self._task, range(len(listed)), listed)}
        attempts = max(self._person.capacity(self._day.on), len(listed))
        step = (self._closes - self._opens) / attempts
        now = self._opens
        for _ in range(attempts):
            turn = whose_turn(open_tasks.values(), now=now)
            if turn.task_id is None:
                if turn.next_at is None or turn.next_at >= self._closes:
                    return
                now = turn.next_at
                turn = whose_turn(open_tasks.values(), now=now)
            task = open_tasks[turn.task_id or 0]
            left = self._call(task, now=now, open_until=open_until)
            if left is None:
                del open_tasks[task.task_id]
            else:
                open_tasks[task.task_id] = replace(task, not_before=left, attempts=task.attempts + 1)
            now = min(now + step, self._closes)

    def _task(self, position: int, listed: Listed) -> OpenTask:
        return OpenTask(
            task_id=listed.client_id,
            position=position,
            promised_at=listed.promised_at,
            hours=self._day.hours.common(listed.zone, self._person.zone),
        )

    def _call(self, task: OpenTask, *, now: datetime, open_until: date) -> datetime | None:
        """Make one attempt and do what follows; return when his turn comes again today, None if it does not."""
        firm, client = self._firm, task.task_id
        facts = firm.facts[client]
        case = Case(
            in_pool=facts.in_pool_since is not None,
            promised=task.promised_at is not None,
            refusals_in_row=firm.refusals[client],
            missed_attempts=facts.missed_attempts,
            reservations=firm.reservations(self._person.employee_id),
            reserved_before=client in firm.reserved,
        )
        outcome, said = self._says(facts.status, promised=case.promised, open_until=open_until)
        effects = consequences(outcome, said=said, case=case, at=replace(self.at, now=now))
        firm.tally.attempts += 1
        firm.follow(client, effects, by=self._person.employee_id)
        if outcome is Outcome.ORDER:
            firm.sells(client)
        if effects.attempts is not None and effects.attempts.given_up:
            firm.repair(client, on=self._day.on + timedelta(days=self._habits.repair_days))
        return None if effects.closes_task else effects.not_before

    def _says(self, status: str, *, promised: bool, open_until: date) -> tuple[Outcome, Said]:
        """Draw what the telephone and the client say."""
        luck, habits = self._firm.luck.random, self._habits
        if luck() >= (habits.promise_reach if promised else habits.reach):
            return Outcome.NO_ANSWER, NOTHING
        if luck() < habits.callback_share and not promised:
            return Outcome.CALLBACK, Said(callback_local=self._named_hour(), talked=False)
        if luck() >= habits.open_share:
            return Outcome.REFUSED, REFUSED
        if status in _COLD and luck() < habits.deal_share:
            return Outcome.ORDER, ORDERED
        return Outcome.OPEN, Said(next_on=open_until)

    def _named_hour(self) -> datetime:
        """Return the working day and hour at which a client asks to be called back."""
        days = self._firm.luck.randint(1, self._habits.callback_days)
        on = self._day.calendar.next_working_after(self._day.on, count=days)
        return datetime.combine(on, self._opens.timetz())
