"""What follows from what the client said: the whole table of outcomes as one value of effects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from budilnik.core.dates import WorkCalendar, add_months
from budilnik.core.outcome_table import OutcomeSwitchedOff
from budilnik.core.policy import Policy
from budilnik.core.refusal import Refusal
from budilnik.core.terms import Disposition, LossReason, Outcome


class DetailMissing(Refusal):
    """The outcome needs something that was not told; nothing is saved, nothing is lost."""

    ru = "Не хватает подробностей."
    en = "Details are missing."


class GoodsMissing(DetailMissing):
    """An order without goods or a sum is no order."""

    ru = "Заказ: укажите товары или сумму."
    en = "Order: name the goods or the sum."


class StepMissing(DetailMissing):
    """Interest without a dated step is forgotten."""

    ru = "Интерес: укажите следующий шаг и его дату."
    en = "Interested: name the next step and its date."


class TimeMissing(DetailMissing):
    """A callback needs the day and the hour, in the client's own time."""

    ru = "Перезвон: укажите дату и время клиента."
    en = "Callback: name the date and the client's time."


class ReasonMissing(DetailMissing):
    """A refusal without a reason teaches nothing."""

    ru = "Отказ: выберите причину."
    en = "Refused: choose the reason."


class NumberMissing(DetailMissing):
    """A stop and a wrong number are about one number, unless the stop is for the whole company."""

    ru = "Укажите номер, о котором речь."
    en = "Name the number in question."


class NotConfirmed(DetailMissing):
    """What cannot be undone by the next call needs a second key."""

    ru = "Подтвердите второй клавишей: клиенту больше не позвонят."
    en = "Confirm with a second key: the client will not be called any more."


class DateOutOfReach(Refusal):
    """A date named by the client lies between today and a year ahead."""

    ru = "Дата {day} не подходит: нужна от {first} до {last}."
    en = "The date {day} will not do: it must lie between {first} and {last}."


class SkipReason(StrEnum):
    """Why a task of the day is put off till the next working day. Counted and shown to the head."""

    TALKED = "talked"
    WRONG_HOUR = "wrong_hour"
    CARD_WRONG = "card_wrong"
    CONFLICT = "conflict"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the caller wrote down. `zone` is an IANA name, "" for the client's own; local times are wall times."""

    next_on: date | None = None
    next_step: str = ""
    callback_local: datetime | None = None
    zone: str = ""
    reason: LossReason | None = None
    competitor: str = ""
    person_name: str = ""
    number: str = ""
    whole_company: bool = False
    confirmed: bool = False
    talked: bool = True
    goods: str = ""
    note: str = ""
    person_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How the client stands before the call. `reservations` are those the caller holds already.

    `promised` says that the call is made to keep a promise.
    """

    in_pool: bool = False
    promised: bool = False
    refusals_in_row: int = 0
    missed_attempts: int = 0
    reservations: int = 0
    reserved_before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """A promise to call; without an hour it is a dated next step."""

    on: date
    at: time | None = None
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Attempts without a talk as they stand after the call. `to_repair`: the numbers need looking into."""

    missed: int = 0
    retry_on: date | None = None
    paused_until: date | None = None
    to_repair: bool = False
    given_up: bool = False


class Stop(StrEnum):
    """How far a stop reaches."""

    NONE = "none"
    NUMBER = "number"
    COMPANY = "company"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """All that follows from a call. Dates are company days; None and False mean that nothing changes.

    `attempts` None leaves the counters as they are. A task that stays open waits until `not_before`.
    """

    refusals_in_row: int
    is_talk: bool = False
    resets_clock: bool = False
    wins: bool = False
    closes_task: bool = True
    keeps_promise: bool = False
    agreed_until: date | None = None
    promise: Promised | None = None
    reserve_until: date | None = None
    rest_until: date | None = None
    to_head: bool = False
    stop: Stop = Stop.NONE
    number_wrong: bool = False
    archive: bool = False
    attempts: Counted | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When and under which rules a call is made."""

    on: date
    now: datetime
    policy: Policy
    calendar: WorkCalendar

    @property
    def tomorrow(self) -> date:
        """The next working day."""
        return self.calendar.next_working_after(self.on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of the table: what an outcome demands and what the telephone said meanwhile."""

    demands: Callable[[Said], DetailMissing | None]
    effects: Callable[[Said, Case, Moment], Effects]
    disposition: Disposition = Disposition.ANSWERED


def consequences(outcome: Outcome, *, said: Said, case: Case, at: Moment) -> Effects:
    """Return everything that follows from an outcome, refusing one that lacks its details.

    Only a talk with dialogue accepted makes a pool client the caller's own; a refusal in the pool and an attempt
    without an answer leave the clock as it was.

    Units: company days; the next working day by the caller's calendar.
    Raises: DetailMissing, DateOutOfReach, OutcomeSwitchedOff; ValueError if the calendar ends before the dates it is
        asked for.
    Source: SPEC §5, the table; «Клиентский будильник» for the pool and for calling back.
    """
    if not at.policy.outcomes.offers(outcome):
        raise OutcomeSwitchedOff
    entry = OUTCOMES[outcome]
    if missing := entry.demands(said):
        raise missing
    return entry.effects(said, case, at)


def proposed_next_on(at: Moment) -> date:
    """Return the date the program proposes when the client has no need now and names none himself.

    The first working day on which he would count as forgotten.

    Units: calendar months, then working days.
    Raises: ValueError if the calendar ends earlier.
    Source: SPEC §5, «next date (proposed)».
    """
    forgotten_on = add_months(at.on, at.policy.forgotten_after_months)
    return at.calendar.window(forgotten_on, count=1)[0]


def _within_reach(day: date, at: Moment) -> date:
    last = add_months(at.on, at.policy.agreed_at_most_months)
    if not at.on <= day <= last:
        raise DateOutOfReach(day=day, first=at.on, last=last)
    return day


def _accepted(at: Moment) -> Effects:
    """Say what any talk with dialogue accepted brings: the clock anew, the client won, the counters at nought."""
    return Effects(
        is_talk=True, resets_clock=True, wins=True, keeps_promise=True, refusals_in_row=0, attempts=Counted()
    )


def _order(_said: Said, _case: Case, at: Moment) -> Effects:
    return _accepted(at)


def _interested(said: Said, _case: Case, at: Moment) -> Effects:
    day = _within_reach(said.next_on or at.on, at)
    promise = Promised(on=day, about=said.next_step)
    return replace(_accepted(at), agreed_until=_beyond_the_clock(day, at), promise=promise)


def _beyond_the_clock(day: date, at: Moment) -> date | None:
    """Return a day that the client named if his silence would run out before it: then it holds him for his owner."""
    return day if day > add_months(at.on, at.policy.lost_after_months) else None


def _open(said: Said, _case: Case, at: Moment) -> Effects:
    named = None if said.next_on is None else _within_reach(said.next_on, at)
    return replace(_accepted(at), agreed_until=named)


def _callback(said: Said, case: Case, at: Moment) -> Effects:
    local = said.callback_local or at.now
    day = _within_reach(local.date(), at)
    promise = Promised(on=day, at=local.time(), about=said.next_step)
    last = at.calendar.next_working_after(at.on, count=at.policy.callback_reserve_working_days)
    if case.in_pool and day > last and said.talked:
        return replace(_accepted(at), agreed_until=day, promise=promise)
    may_reserve = not case.reserved_before and case.reservations < at.policy.callback_reserve_per_person
    return Effects(
        is_talk=said.talked,
        resets_clock=said.talked,
        keeps_promise=True,
        promise=promise,
        agreed_until=_beyond_the_clock(day, at) if said.talked else None,
        reserve_until=day if case.in_pool and day <= last and may_reserve else None,
        refusals_in_row=case.refusals_in_row,
        attempts=Counted(),
    )


def _wrong_person(said: Said, case: Case, at: Moment) -> Effects:
    retry_on = at.tomorrow if said.next_on is None else _within_reach(said.next_on, at)
    counted = Counted(missed=case.missed_attempts, retry_on=retry_on)
    return Effects(refusals_in_row=case.refusals_in_row, attempts=counted)


def _refused(_said: Said, case: Case, at: Moment) -> Effects:
    if case.in_pool:
        rest_until = at.on + timedelta(days=at.policy.refusal_rest_days)
        return Effects(
            is_talk=True,
            keeps_promise=True,
            rest_until=rest_until,
            refusals_in_row=case.refusals_in_row,
            attempts=Counted(),
        )
    refusals = case.refusals_in_row + 1
    return Effects(
        is_talk=True,
        resets_clock=at.policy.outcomes.refusal_resets_clock,
        keeps_promise=True,
        refusals_in_row=refusals,
        to_head=refusals >= at.policy.refusals_to_head,
        attempts=Counted(),
    )


def _stop(said: Said, case: Case, _at: Moment) -> Effects:
    reach = Stop.COMPANY if said.whole_company else Stop.NUMBER
    return Effects(refusals_in_row=case.refusals_in_row, stop=reach, to_head=True)


def _wrong_number(_said: Said, case: Case, at: Moment) -> Effects:
    counted = Counted(missed=case.missed_attempts, retry_on=at.tomorrow)
    return Effects(refusals_in_row=case.refusals_in_row, number_wrong=True, attempts=counted)


def _closed(_said: Said, case: Case, _at: Moment) -> Effects:
    return Effects(refusals_in_row=case.refusals_in_row, archive=True, to_head=True)


def _missed(_said: Said, case: Case, at: Moment) -> Effects:
    """Put the task back for another hour; a round that ends with this miss ends the task, but never a promise."""
    counted = after_a_miss(case.missed_attempts, at=at)
    ends = counted.to_repair and not case.promised
    return Effects(
        refusals_in_row=case.refusals_in_row,
        closes_task=ends,
        attempts=counted,
        not_before=None if ends else at.now + timedelta(hours=at.policy.retry_after_hours),
    )


def after_a_miss(missed_before: int, *, at: Moment) -> Counted:
    """Return the counters after one more attempt without an answer, whoever made it.

    The last one of a round, by default the third, sends the client to data repair; he rests for a fortnight and has
    one round more, after the last round he is given up until a new number or his own call.

    Units: attempts; working days for the retry, calendar days for the pause.
    Raises: ValueError if the calendar ends before the next working day.
    Source: SPEC §5, the row «no answer, busy, unavailable».
    """
    missed, of_round = missed_before + 1, at.policy.attempts_before_pause
    if missed % of_round:
        retry_on = at.calendar.next_working_after(at.on, count=at.policy.retry_after_working_days)
        return Counted(missed=missed, retry_on=retry_on)
    if missed >= at.policy.rounds * of_round:
        return Counted(missed=missed, to_repair=True, given_up=True)
    return Counted(missed=missed, paused_until=at.on + timedelta(days=at.policy.pause_days), to_repair=True)


def _nothing(_said: Said) -> None:
    return None


def _goods(said: Said) -> DetailMissing | None:
    return None if said.goods.strip() else GoodsMissing()


def _step(said: Said) -> DetailMissing | None:
    return None if said.next_step.strip() and said.next_on else StepMissing()


def _time(said: Said) -> DetailMissing | None:
    return None if said.callback_local else TimeMissing()


def _reason(said: Said) -> DetailMissing | None:
    return None if said.reason else ReasonMissing()


def _number(said: Said) -> DetailMissing | None:
    return None if said.number else NumberMissing()


def _second_key(said: Said) -> DetailMissing | None:
    return None if said.confirmed else NotConfirmed()


def _stop_details(said: Said) -> DetailMissing | None:
    return _second_key(said) or (None if said.whole_company else _number(said))


OUTCOMES: Mapping[Outcome, Entry] = {
    Outcome.ORDER: Entry(demands=_goods, effects=_order),
    Outcome.INTERESTED: Entry(demands=_step, effects=_interested),
    Outcome.OPEN: Entry(demands=_nothing, effects=_open),
    Outcome.CALLBACK: Entry(demands=_time, effects=_callback),
    Outcome.WRONG_PERSON: Entry(demands=_nothing, effects=_wrong_person),
    Outcome.REFUSED: Entry(demands=_reason, effects=_refused),
    Outcome.STOP: Entry(demands=_stop_details, effects=_stop),
    Outcome.WRONG_NUMBER: Entry(demands=_number, effects=_wrong_number, disposition=Disposition.WRONG_NUMBER),
    Outcome.CLOSED: Entry(demands=_second_key, effects=_closed),
    Outcome.NO_ANSWER: Entry(demands=_nothing, effects=_missed, disposition=Disposition.NO_ANSWER),
    Outcome.BUSY: Entry(demands=_nothing, effects=_missed, disposition=Disposition.BUSY),
    Outcome.UNAVAILABLE: Entry(demands=_nothing, effects=_missed, disposition=Disposition.UNAVAILABLE),
}
