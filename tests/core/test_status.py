"""Status by silence, day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.status import (
    DEFAULT_SILENCE,
    Silence,
    SilencePolicy,
    StatusBook,
    changes_between,
    classify,
    last_day_kept,
    next_change_on,
)
from budilnik.core.terms import ClientStatus

PROSPECT, REGULAR = ClientStatus.PROSPECT, ClientStatus.REGULAR
FORGOTTEN, LOST = ClientStatus.FORGOTTEN, ClientStatus.LOST
IN_MARCH = Silence(silent_since=date(2026, 3, 15), ever_contacted=True)


def on(day: date, silence: Silence = IN_MARCH) -> ClientStatus:
    return classify(silence, on=day, policy=DEFAULT_SILENCE)


def since(day: date, **other) -> Silence:
    return Silence(silent_since=day, ever_contacted=True, **other)


def test_three_months_to_the_day_already_mean_forgotten():
    assert on(date(2026, 6, 14)) is REGULAR
    assert on(date(2026, 6, 15)) is FORGOTTEN


def test_six_months_to_the_day_do_not_yet_mean_lost():
    assert on(date(2026, 9, 15)) is FORGOTTEN
    assert on(date(2026, 9, 16)) is LOST


@pytest.mark.parametrize(
    ("talked_on", "forgotten_on"),
    [(date(2026, 11, 30), date(2027, 2, 28)), (date(2027, 11, 30), date(2028, 2, 29))],
)
def test_a_talk_at_the_end_of_november_is_forgotten_at_the_end_of_february(talked_on: date, forgotten_on: date):
    assert on(forgotten_on - timedelta(days=1), since(talked_on)) is REGULAR
    assert on(forgotten_on, since(talked_on)) is FORGOTTEN


def test_a_talk_on_the_last_of_august_is_lost_on_the_first_of_march():
    assert on(date(2027, 2, 28), since(date(2026, 8, 31))) is FORGOTTEN
    assert on(date(2027, 3, 1), since(date(2026, 8, 31))) is LOST
    assert on(date(2028, 2, 29), since(date(2027, 8, 31))) is FORGOTTEN
    assert on(date(2028, 3, 1), since(date(2027, 8, 31))) is LOST


def test_a_date_the_client_named_holds_off_the_loss_until_a_week_after():
    call_in_october = since(date(2026, 3, 15), agreed_until=date(2026, 10, 1))

    assert on(date(2026, 10, 8), call_in_october) is FORGOTTEN
    assert on(date(2026, 10, 9), call_in_october) is LOST


def test_a_date_named_long_before_shortens_nothing():
    assert last_day_kept(since(date(2026, 3, 15), agreed_until=date(2026, 4, 1)), policy=DEFAULT_SILENCE) == date(
        2026, 9, 15
    )


def test_a_grace_holds_to_its_day():
    with_grace = since(date(2025, 1, 1), grace_until=date(2026, 9, 20))

    assert on(date(2026, 9, 20), with_grace) is FORGOTTEN
    assert on(date(2026, 9, 21), with_grace) is LOST


def test_of_a_grace_and_an_agreed_date_the_later_holds():
    both = since(date(2025, 1, 1), grace_until=date(2026, 9, 20), agreed_until=date(2026, 9, 14))

    assert last_day_kept(both, policy=DEFAULT_SILENCE) == date(2026, 9, 21)


def test_a_client_in_the_pool_stays_lost_though_the_months_be_raised():
    pooled = since(date(2026, 3, 15), in_pool=True)

    assert classify(pooled, on=date(2026, 9, 16), policy=SilencePolicy(lost_after_months=12)) is LOST
    assert next_change_on(pooled, on=date(2026, 9, 16), policy=SilencePolicy(lost_after_months=12)) is None


def test_one_never_talked_to_is_a_prospect_however_old():
    returns_only = Silence(silent_since=date(2020, 1, 1), ever_contacted=False)

    assert on(date(2026, 9, 15), returns_only) is PROSPECT
    assert next_change_on(returns_only, on=date(2026, 9, 15), policy=DEFAULT_SILENCE) is None


def test_silence_cannot_begin_tomorrow():
    with pytest.raises(ValueError):
        on(date(2026, 3, 14))
    with pytest.raises(ValueError):
        next_change_on(IN_MARCH, on=date(2026, 3, 14), policy=DEFAULT_SILENCE)
    with pytest.raises(ValueError):
        changes_between(IN_MARCH, since=REGULAR, on=date(2026, 3, 14), policy=DEFAULT_SILENCE)


def test_the_alarm_of_a_client_rings_at_three_months_then_after_six():
    assert next_change_on(IN_MARCH, on=date(2026, 3, 15), policy=DEFAULT_SILENCE) == date(2026, 6, 15)
    assert next_change_on(IN_MARCH, on=date(2026, 6, 15), policy=DEFAULT_SILENCE) == date(2026, 9, 16)
    assert next_change_on(IN_MARCH, on=date(2026, 9, 16), policy=DEFAULT_SILENCE) is None


def test_after_downtime_both_steps_are_told_on_the_days_they_were_crossed():
    steps = changes_between(IN_MARCH, since=REGULAR, on=date(2026, 11, 1), policy=DEFAULT_SILENCE)

    assert steps == ((REGULAR, FORGOTTEN, date(2026, 6, 15)), (FORGOTTEN, LOST, date(2026, 9, 16)))


def test_what_did_not_change_is_not_told():
    assert changes_between(IN_MARCH, since=FORGOTTEN, on=date(2026, 9, 15), policy=DEFAULT_SILENCE) == ()


def test_a_status_that_comes_back_is_told_on_the_day_it_was_seen():
    steps = changes_between(IN_MARCH, since=LOST, on=date(2026, 4, 1), policy=DEFAULT_SILENCE)

    assert steps == ((LOST, REGULAR, date(2026, 4, 1)),)


def test_a_client_put_into_the_pool_before_his_day_is_lost_on_the_day_it_was_seen():
    put = since(date(2026, 3, 15), in_pool=True)

    assert changes_between(put, since=REGULAR, on=date(2026, 4, 1), policy=DEFAULT_SILENCE) == (
        (REGULAR, LOST, date(2026, 4, 1)),
    )


def test_data_newer_than_the_morning_are_judged_on_their_first_day():
    book = StatusBook(on=date(2026, 9, 15), policy=DEFAULT_SILENCE)

    verdict = book.verdict(date(2026, 9, 20), True, None, None, False, "forgotten")

    assert verdict.status is REGULAR
    assert verdict.steps == ((FORGOTTEN, REGULAR, date(2026, 9, 20)),)


def test_an_unknown_status_is_refused():
    with pytest.raises(ValueError):
        StatusBook(on=date(2026, 9, 15), policy=DEFAULT_SILENCE).verdict(
            date(2026, 9, 1), True, None, None, False, "asleep"
        )


DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
SILENCES = st.builds(
    Silence,
    silent_since=DAYS,
    ever_contacted=st.booleans() | st.just(True),
    agreed_until=st.none() | DAYS,
    grace_until=st.none() | DAYS,
    in_pool=st.just(False) | st.booleans(),
)
POLICIES = st.builds(
    lambda forgotten, more, slack: SilencePolicy(
        forgotten_after_months=forgotten, lost_after_months=forgotten + more, agreed_slack_days=slack
    ),
    st.integers(1, 6),
    st.integers(1, 6),
    st.integers(0, 14),
)


@given(silence=SILENCES, policy=POLICIES, age=st.integers(0, 500))
def test_any_status_holds_until_its_alarm_rings_and_changes_on_that_day(
    silence: Silence, policy: SilencePolicy, age: int
):
    day = silence.silent_since + timedelta(days=age)

    rings_on = next_change_on(silence, on=day, policy=policy)

    status = classify(silence, on=day, policy=policy)
    ends = rings_on or day + timedelta(days=800)
    between = [day + timedelta(days=shift) for shift in range((ends - day).days)]
    assert {classify(silence, on=one, policy=policy) for one in between} == {status}
    if rings_on:
        assert rings_on > day
        assert classify(silence, on=rings_on, policy=policy) is not status


@given(silence=SILENCES, policy=POLICIES, ages=st.tuples(*[st.integers(0, 700)] * 3))
def test_any_steps_seen_at_once_are_the_steps_seen_one_by_one(
    silence: Silence, policy: SilencePolicy, ages: tuple[int, int, int]
):
    first, middle, last = (silence.silent_since + timedelta(days=age) for age in sorted(ages))
    before = classify(silence, on=first, policy=policy)
    then = classify(silence, on=middle, policy=policy)

    at_once = changes_between(silence, since=before, on=last, policy=policy)

    one_by_one = (
        *changes_between(silence, since=before, on=middle, policy=policy),
        *changes_between(silence, since=then, on=last, policy=policy),
    )
    assert at_once == one_by_one


@given(silence=SILENCES, policy=POLICIES, ages=st.tuples(*[st.integers(0, 700)] * 2))
def test_any_step_is_dated_with_the_day_its_status_began(silence: Silence, policy: SilencePolicy, ages: tuple):
    first, last = (silence.silent_since + timedelta(days=age) for age in sorted(ages))
    before = classify(silence, on=first, policy=policy)

    for left, came, day in changes_between(silence, since=before, on=last, policy=policy):
        assert classify(silence, on=day - timedelta(days=1), policy=policy) is left
        assert classify(silence, on=day, policy=policy) is came


@given(silences=st.lists(SILENCES, max_size=8), policy=POLICIES, day=DAYS, stored=st.sampled_from(list(ClientStatus)))
def test_any_verdict_of_the_book_is_that_of_the_rule(
    silences: list[Silence], policy: SilencePolicy, day: date, stored: ClientStatus
):
    book = StatusBook(on=day, policy=policy)

    for one in [*silences, *silences]:
        seen = max(day, one.silent_since)
        verdict = book.verdict(
            one.silent_since, one.ever_contacted, one.agreed_until, one.grace_until, one.in_pool, stored.value
        )

        assert verdict.status is classify(one, on=seen, policy=policy)
        assert verdict.steps == changes_between(one, since=stored, on=seen, policy=policy)
        assert verdict.next_on == next_change_on(one, on=seen, policy=policy)
        assert verdict.last_kept == last_day_kept(one, policy=policy)
