"""Past calls of one client: mostly he called us; we called seldom, and often in vain."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from budilnik.core.arrivals import ArrivedContact
from budilnik.core.terms import Direction, LossReason, Outcome
from budilnik.demo.dice import stream
from budilnik.demo.notes import ATTEMPT_NOTES, REFUSAL_WEIGHTS, REFUSALS, TALK_NOTES
from budilnik.demo.orders import Shop, moment, order_days
from budilnik.demo.promises import DemoPromise
from budilnik.demo.stories import FORGOTTEN_HABIT, Story

# The journal of calls was kept better from year to year: what share of talks it has, the last year first.
KEPT_BY_AGE = (1.0, 0.68, 0.45, 0.3, 0.2)
ORDER_CALL_CHANCE = 0.42
INBOUND_A_YEAR = 0.55
OUTBOUND_A_YEAR = 1.15
QUIET_AFTER_DAYS = 25
WORKDAYS_A_YEAR = 247

INBOUND = {Outcome.INTERESTED: 50, Outcome.OPEN: 42, Outcome.CALLBACK: 8}
REACHED = {Outcome.OPEN: 50, Outcome.INTERESTED: 22, Outcome.REFUSED: 20, Outcome.CALLBACK: 8}
MISSED = {Outcome.NO_ANSWER: 66, Outcome.BUSY: 12, Outcome.UNAVAILABLE: 12, Outcome.WRONG_PERSON: 10}
REACH = 0.55


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class _Call:
    """A call before it gets its number."""

    at: datetime
    direction: Direction
    outcome: Outcome


def _drawn[Code](dice: Random, weights: dict[Code, int]) -> Code:
    return dice.choices(list(weights), list(weights.values()))[0]


def _kept(dice: Random, day: date, on: date) -> bool:
    age = min((on - day).days // 365, len(KEPT_BY_AGE) - 1)
    return dice.random() < KEPT_BY_AGE[age]


def _random_days(dice: Random, shop: Shop, *, first: date, last: date, a_year: float) -> Iterator[date]:
    """Return working days from `first` to `last`, at a mean rate, thinned out as the journal was kept."""
    days = shop.workdays.within(first, last)
    place = int(dice.expovariate(a_year / WORKDAYS_A_YEAR))
    while place < len(days):
        if _kept(dice, days[place], shop.on):
            yield days[place]
        place += 1 + int(dice.expovariate(a_year / WORKDAYS_A_YEAR))


def _inbound(dice: Random, story: Story, shop: Shop, last_on: date) -> Iterator[_Call]:
    for day in order_days(story, shop):
        if dice.random() < ORDER_CALL_CHANCE and _kept(dice, day, shop.on):
            yield _Call(at=moment(dice, day), direction=Direction.IN, outcome=Outcome.ORDER)
    for day in _random_days(dice, shop, first=story.since_on, last=last_on, a_year=INBOUND_A_YEAR):
        yield _Call(at=moment(dice, day), direction=Direction.IN, outcome=_drawn(dice, INBOUND))


def _outbound(dice: Random, story: Story, shop: Shop, last_on: date) -> Iterator[_Call]:
    # Those who order often come to a manager's mind more often.
    a_year = OUTBOUND_A_YEAR * (FORGOTTEN_HABIT.rhythm_days / story.rhythm_days) ** 0.5
    silent_from = last_on + timedelta(days=QUIET_AFTER_DAYS)
    last = shop.workdays.before(shop.on)
    for day in _random_days(dice, shop, first=story.since_on, last=last, a_year=a_year):
        reached = dice.random() < REACH
        if day <= last_on:
            outcome = _drawn(dice, REACHED if reached else MISSED)
            yield _Call(at=moment(dice, day), direction=Direction.OUT, outcome=outcome)
        elif day > silent_from and not reached:
            yield _Call(at=moment(dice, day), direction=Direction.OUT, outcome=_drawn(dice, MISSED))


def _last_talk(dice: Random, last_on: date, *, promised: bool) -> _Call:
    inbound = dice.random() < 0.7
    outcome = Outcome.CALLBACK if promised else _drawn(dice, INBOUND if inbound else REACHED)
    return _Call(
        at=moment(dice, last_on),
        direction=Direction.IN if inbound else Direction.OUT,
        outcome=outcome,
    )


def _refusal(dice: Random) -> str:
    reason: LossReason = _drawn(dice, REFUSAL_WEIGHTS)
    return dice.choice(REFUSALS[reason])


def _note(dice: Random, outcome: Outcome) -> str:
    if outcome is Outcome.REFUSED:
        return _refusal(dice)
    return dice.choice(TALK_NOTES.get(outcome) or ATTEMPT_NOTES[outcome])


def _calls(dice: Random, story: Story, shop: Shop, promise: DemoPromise | None) -> list[_Call]:
    if story.last_on is None:
        return []
    calls = [
        *_inbound(dice, story, shop, story.last_on),
        *_outbound(dice, story, shop, story.last_on),
    ]
    if promise is not None:
        calls = [call for call in calls if call.at.date() < story.last_on]
    if not story.order_last:
        calls.append(_last_talk(dice, story.last_on, promised=promise is not None))
    return sorted(calls)


def contacts_of(story: Story, shop: Shop, promise: DemoPromise | None) -> Iterator[ArrivedContact]:
    """Return the client's calls, earliest first; the last talk of one with a `promise` is where it was given."""
    dice = stream(shop.seed, "calls", story.number)
    calls = _calls(dice, story, shop, promise)
    for number, call in enumerate(calls, 1):
        given = promise is not None and number == len(calls)
        yield ArrivedContact(
            key=f"ЗВ-{story.number:06d}-{number:04d}",
            client_key=story.key,
            at=call.at,
            direction=call.direction,
            outcome=call.outcome,
            employee=story.held_by(call.at.date()),
            note=f"Просил перезвонить: {promise.about}" if promise and given else _note(dice, call.outcome),
        )
