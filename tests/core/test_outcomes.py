"""What follows from what the client said: every row of the table."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.outcome_table import OutcomeSwitchedOff, OutcomeTable
from budilnik.core.outcomes import (
    OUTCOMES,
    Case,
    Counted,
    DateOutOfReach,
    DetailMissing,
    GoodsMissing,
    Moment,
    NotConfirmed,
    NumberMissing,
    Promised,
    ReasonMissing,
    Said,
    StepMissing,
    Stop,
    TimeMissing,
    after_a_miss,
    consequences,
    proposed_next_on,
)
from budilnik.core.policy import Policy
from budilnik.core.terms import LossReason, Outcome
from cast import NOW, ORDERED, REFUSED, TODAY, TOMORROW, WARM, weekdays

AT = Moment(on=TODAY, now=NOW, policy=Policy(), calendar=weekdays())
NOTHING = Said()
OWN, POOLED = Case(), Case(in_pool=True)
NEXT_WEEK = datetime(2026, 9, 22, 11, 30)
FRIDAY = TODAY + timedelta(days=3)


def follows(outcome: Outcome, said: Said = NOTHING, case: Case = OWN, at: Moment = AT):
    return consequences(outcome, said=said, case=case, at=at)


@pytest.mark.parametrize(
    ("outcome", "said", "refusal"),
    [
        (Outcome.ORDER, Said(goods=" "), GoodsMissing),
        (Outcome.INTERESTED, Said(next_on=FRIDAY), StepMissing),
        (Outcome.INTERESTED, Said(next_step="образец"), StepMissing),
        (Outcome.CALLBACK, Said(next_on=FRIDAY), TimeMissing),
        (Outcome.REFUSED, Said(note="дорого"), ReasonMissing),
        (Outcome.STOP, Said(number="+74951234567"), NotConfirmed),
        (Outcome.STOP, Said(confirmed=True), NumberMissing),
        (Outcome.WRONG_NUMBER, Said(), NumberMissing),
        (Outcome.CLOSED, Said(), NotConfirmed),
    ],
)
def test_an_outcome_without_its_details_is_refused_with_a_clear_sentence(outcome, said, refusal):
    with pytest.raises(DetailMissing) as refused:
        follows(outcome, said)

    assert type(refused.value) is refusal
    assert refused.value.text("ru").endswith(".")


@pytest.mark.parametrize(
    ("outcome", "said"), [(Outcome.ORDER, ORDERED), (Outcome.INTERESTED, WARM), (Outcome.OPEN, Said(next_on=FRIDAY))]
)
def test_dialogue_accepted_resets_the_clock_and_makes_a_pool_client_the_callers_own(outcome, said):
    effects = follows(outcome, said, replace(POOLED, refusals_in_row=2, missed_attempts=2))

    assert effects.wins and effects.resets_clock and effects.is_talk and effects.closes_task
    assert (effects.refusals_in_row, effects.attempts) == (0, Counted())


def test_interest_makes_a_dated_next_step_without_an_hour():
    assert follows(Outcome.INTERESTED, WARM).promise == Promised(
        on=TODAY + timedelta(days=7), about="отправить предложение"
    )


def test_no_need_now_keeps_the_date_the_client_named():
    assert follows(Outcome.OPEN, Said(next_on=FRIDAY)).agreed_until == FRIDAY
    assert follows(Outcome.OPEN).agreed_until is None


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), date(2027, 9, 16)])
def test_a_date_lies_between_today_and_a_year_ahead(day):
    with pytest.raises(DateOutOfReach):
        follows(Outcome.OPEN, Said(next_on=day))


def test_the_last_day_of_the_year_ahead_is_still_taken():
    assert follows(Outcome.OPEN, Said(next_on=date(2027, 9, 15))).agreed_until == date(2027, 9, 15)


def test_a_callback_to_an_own_client_is_a_promise_at_his_hour():
    effects = follows(Outcome.CALLBACK, Said(callback_local=NEXT_WEEK))

    assert effects.promise == Promised(on=NEXT_WEEK.date(), at=NEXT_WEEK.time())
    assert effects.reserve_until is None and not effects.wins


@pytest.mark.parametrize(("day", "held"), [(date(2027, 3, 15), None), (date(2027, 3, 16), date(2027, 3, 16))])
def test_a_day_named_beyond_six_months_holds_the_client_for_his_owner(day, held):
    callback = follows(Outcome.CALLBACK, Said(callback_local=datetime.combine(day, NEXT_WEEK.time())))
    step = follows(Outcome.INTERESTED, replace(WARM, next_on=day))
    secretary = follows(Outcome.CALLBACK, Said(callback_local=datetime.combine(day, NEXT_WEEK.time()), talked=False))

    assert callback.agreed_until == step.agreed_until == held
    assert secretary.agreed_until is None


def test_a_callback_asked_by_a_secretary_is_no_talk():
    effects = follows(Outcome.CALLBACK, Said(callback_local=NEXT_WEEK, talked=False))

    assert not effects.is_talk and not effects.resets_clock


def test_a_pool_client_who_asks_to_ring_back_is_kept_for_the_caller():
    assert follows(Outcome.CALLBACK, Said(callback_local=NEXT_WEEK), POOLED).reserve_until == NEXT_WEEK.date()


@pytest.mark.parametrize("case", [replace(POOLED, reservations=15), replace(POOLED, reserved_before=True)])
def test_a_caller_reserves_fifteen_clients_at_most_and_each_only_once(case):
    effects = follows(Outcome.CALLBACK, Said(callback_local=NEXT_WEEK), case)

    assert effects.reserve_until is None
    assert effects.promise is not None


def test_a_callback_further_away_than_ten_working_days_is_a_dialogue_accepted():
    tenth, eleventh = datetime(2026, 9, 29, 10), datetime(2026, 9, 30, 10)

    near = follows(Outcome.CALLBACK, Said(callback_local=tenth), POOLED)
    far = follows(Outcome.CALLBACK, Said(callback_local=eleventh), POOLED)

    assert near.reserve_until == tenth.date() and not near.wins
    assert far.wins and far.agreed_until == eleventh.date() and far.promise is not None


def test_a_far_callback_without_a_talk_wins_nobody():
    effects = follows(Outcome.CALLBACK, Said(callback_local=datetime(2026, 10, 30, 10), talked=False), POOLED)

    assert not effects.wins and effects.reserve_until is None
    assert effects.promise is not None


def test_the_wrong_person_is_tried_again_next_working_day_with_another_contact():
    assert follows(Outcome.WRONG_PERSON).attempts == Counted(retry_on=TOMORROW)
    assert follows(Outcome.WRONG_PERSON, Said(next_on=FRIDAY)).attempts == Counted(retry_on=FRIDAY)


def test_a_refusal_in_the_pool_rests_and_neither_resets_nor_assigns():
    effects = follows(Outcome.REFUSED, REFUSED, POOLED)

    assert effects.rest_until == TODAY + timedelta(days=90)
    assert effects.is_talk and not effects.resets_clock and not effects.wins


@pytest.mark.parametrize(("before", "to_head"), [(0, False), (1, False), (2, True), (3, True)])
def test_the_third_refusal_in_a_row_by_an_own_client_goes_to_the_head(before, to_head):
    effects = follows(Outcome.REFUSED, REFUSED, replace(OWN, refusals_in_row=before))

    assert effects.resets_clock
    assert (effects.refusals_in_row, effects.to_head) == (before + 1, to_head)


def test_a_stop_is_for_the_number_or_by_a_second_choice_for_the_whole_company():
    number = follows(Outcome.STOP, Said(confirmed=True, number="+74951234567"))
    company = follows(Outcome.STOP, Said(confirmed=True, whole_company=True))

    assert (number.stop, company.stop) == (Stop.NUMBER, Stop.COMPANY)
    assert number.to_head and not number.is_talk


def test_a_wrong_number_is_marked_and_another_one_tried_tomorrow():
    effects = follows(Outcome.WRONG_NUMBER, Said(number="+74951234567"))

    assert effects.number_wrong and effects.attempts == Counted(retry_on=TOMORROW)


def test_a_closed_firm_is_archived_and_the_head_is_told():
    effects = follows(Outcome.CLOSED, Said(confirmed=True))

    assert effects.archive and effects.to_head and not effects.resets_clock


@pytest.mark.parametrize("outcome", [Outcome.NO_ANSWER, Outcome.BUSY, Outcome.UNAVAILABLE])
def test_no_answer_keeps_the_task_open_for_another_hour(outcome):
    effects = follows(outcome)

    assert not effects.closes_task and not effects.resets_clock and not effects.is_talk
    assert effects.not_before == NOW + timedelta(hours=2)


def test_the_last_miss_of_a_round_ends_the_task_but_never_a_promise():
    task_of_the_day = follows(Outcome.NO_ANSWER, case=replace(OWN, missed_attempts=2))
    promise = follows(Outcome.NO_ANSWER, case=replace(OWN, missed_attempts=2, promised=True))

    assert task_of_the_day.closes_task and task_of_the_day.not_before is None
    assert not promise.closes_task and promise.not_before is not None


def test_a_promise_beyond_the_six_months_holds_the_client_for_his_owner():
    kept, after = datetime(2027, 3, 15, 10), datetime(2027, 3, 16, 10)

    assert follows(Outcome.CALLBACK, Said(callback_local=kept)).agreed_until is None
    assert follows(Outcome.CALLBACK, Said(callback_local=after)).agreed_until == after.date()
    assert follows(Outcome.CALLBACK, Said(callback_local=after, talked=False)).agreed_until is None
    assert follows(Outcome.INTERESTED, replace(WARM, next_on=after.date())).agreed_until == after.date()


@pytest.mark.parametrize("missed", [2, 5])
def test_the_miss_that_ends_a_round_ends_the_task_but_never_a_promise(missed):
    queue = follows(Outcome.NO_ANSWER, case=replace(OWN, missed_attempts=missed))
    promised = follows(Outcome.NO_ANSWER, case=replace(OWN, missed_attempts=missed, promised=True))

    assert queue.closes_task and not queue.resets_clock and queue.not_before is None
    assert not promised.closes_task and promised.attempts == queue.attempts


def test_three_misses_bring_a_fortnights_pause_and_one_more_round():
    counted, seen = Counted(), []
    for _ in range(6):
        counted = after_a_miss(counted.missed, at=AT)
        seen.append((counted.retry_on, counted.paused_until, counted.to_repair, counted.given_up))

    again, pause = (TOMORROW, None, False, False), (None, TODAY + timedelta(days=14), True, False)
    assert seen == [again, again, pause, again, again, (None, None, True, True)]


def test_the_proposed_date_is_the_working_day_on_which_he_would_be_forgotten():
    from_sunday = replace(AT, on=date(2026, 9, 20))

    assert proposed_next_on(AT) == date(2026, 12, 15)
    assert proposed_next_on(from_sunday) == date(2026, 12, 21)


def test_every_outcome_has_its_row():
    assert OUTCOMES.keys() == set(Outcome)


@given(
    outcome=st.sampled_from(list(Outcome)),
    in_pool=st.booleans(),
    promised=st.booleans(),
    talked=st.booleans(),
    refusals=st.integers(0, 9),
    missed=st.integers(0, 9),
    reservations=st.integers(0, 20),
    days=st.integers(0, 365),
)
def test_whatever_is_said_the_effects_do_not_contradict_each_other(
    outcome, in_pool, promised, talked, refusals, missed, reservations, days
):
    day = TODAY + timedelta(days=days)
    said = Said(
        next_on=day,
        next_step="шаг",
        callback_local=datetime.combine(day, NEXT_WEEK.time()),
        reason=LossReason.PRICE,
        number="+74951234567",
        confirmed=True,
        talked=talked,
        goods="болт",
    )
    case = Case(
        in_pool=in_pool,
        promised=promised,
        refusals_in_row=refusals,
        missed_attempts=missed,
        reservations=reservations,
    )

    effects = follows(outcome, said, case)

    assert not effects.resets_clock or effects.is_talk
    assert not effects.wins or effects.resets_clock
    assert (effects.not_before is None) is effects.closes_task
    assert effects.rest_until is None or (in_pool and not effects.wins)
    assert effects.reserve_until is None or (in_pool and not effects.wins and effects.promise is not None)
    assert not effects.is_talk or effects.attempts == Counted()
    assert effects.agreed_until is None or effects.resets_clock
    assert effects.closes_task or not (effects.is_talk or effects.promise or effects.stop is not Stop.NONE)


def test_the_head_sets_how_soon_and_how_often_a_client_is_tried_again():
    rules = Policy(attempts_before_pause=2, rounds=3, retry_after_hours=4, retry_after_working_days=3, pause_days=7)
    at = replace(AT, policy=rules)

    first = follows(Outcome.NO_ANSWER, at=at)

    assert first.not_before == NOW + timedelta(hours=4)
    assert first.attempts == Counted(missed=1, retry_on=FRIDAY)
    assert after_a_miss(1, at=at) == Counted(missed=2, paused_until=TODAY + timedelta(days=7), to_repair=True)
    assert not after_a_miss(3, at=at).given_up
    assert after_a_miss(5, at=at).given_up


def test_a_refusal_leaves_the_clock_alone_where_the_firm_wants_it_so():
    table = OutcomeTable(refusal_resets_clock=False)

    effects = follows(Outcome.REFUSED, REFUSED, at=replace(AT, policy=Policy(outcomes=table)))

    assert effects.is_talk and not effects.resets_clock
    assert follows(Outcome.REFUSED, REFUSED).resets_clock


def test_an_outcome_switched_off_meanwhile_is_refused():
    at = replace(AT, policy=Policy(outcomes=OutcomeTable(off=("busy",))))

    with pytest.raises(OutcomeSwitchedOff):
        follows(Outcome.BUSY, at=at)

    assert follows(Outcome.UNAVAILABLE, at=at).attempts is not None
