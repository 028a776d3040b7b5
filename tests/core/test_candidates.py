"""Who of the own clients may be called this morning."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.candidates import ClientFacts, Deadlines, OwnClient, Sieve, own_chance_30, own_client
from budilnik.core.chance import order_chance_30, own_order_chance
from budilnik.core.dates import ONE_DAY, WorkCalendar, add_months
from budilnik.core.policy import Policy
from budilnik.core.status import StatusBook
from budilnik.core.terms import ClientStatus, Queue
from strategies import BOLT_SERVICE, TUESDAY, facts, russian_calendar

POLICY = Policy()
CALENDAR = russian_calendar()
WINDOW = CALENDAR.window(TUESDAY, count=62)
WINDOW_STARTS = [day for day in CALENDAR.days if day < TUESDAY][-62]
SIEVE = Sieve.of(on=TUESDAY, policy=POLICY, window_starts=WINDOW_STARTS)
FORGOTTEN_SINCE = date(2026, 5, 20)


def found(one: ClientFacts, *, window: tuple[date, ...] = WINDOW) -> OwnClient | None:
    verdict = StatusBook(on=TUESDAY, policy=POLICY.silence).verdict(
        one.silent_since,
        one.ever_contacted,
        one.agreed_until,
        one.grace_until,
        one.in_pool_since is not None,
        one.status,
    )
    return own_client(one, verdict, sieve=SIEVE, deadlines=Deadlines(window=window, calendar=CALENDAR))


def forgotten(**other) -> ClientFacts:
    return facts(BOLT_SERVICE, silent_since=FORGOTTEN_SINCE, **other)


def regular(*, last_talk_on: date | None, **other) -> ClientFacts:
    return facts(BOLT_SERVICE, silent_since=date(2026, 9, 1), **{"last_talk_on": last_talk_on, **other})


def prospect(known: date, **other) -> ClientFacts:
    return facts(BOLT_SERVICE, silent_since=known, talked=False, ever_contacted=False, **other)


def test_a_forgotten_client_is_called_until_the_last_working_day_before_his_loss():
    client = found(forgotten())

    assert client.queue is Queue.OWN
    assert client.status is ClientStatus.FORGOTTEN
    assert client.deadline == date(2026, 11, 20)
    assert client.due_in == CALENDAR.days.index(date(2026, 11, 20)) - CALENDAR.days.index(TUESDAY)


def test_a_regular_client_is_called_when_nobody_talked_to_him_for_the_whole_window():
    at_the_edge = found(regular(last_talk_on=WINDOW_STARTS))

    assert at_the_edge.queue is Queue.AT_RISK
    assert found(regular(last_talk_on=None)).queue is Queue.AT_RISK
    assert found(regular(last_talk_on=WINDOW_STARTS + ONE_DAY)) is None


def test_a_regular_client_who_may_be_leaving_is_called_though_somebody_talked_to_him_lately():
    talked_on = TUESDAY - timedelta(days=40)

    assert found(regular(last_talk_on=talked_on)) is None
    assert found(regular(last_talk_on=talked_on, leaving=True)).queue is Queue.AT_RISK
    assert found(regular(last_talk_on=talked_on, narrowed=True)).queue is Queue.AT_RISK
    assert found(regular(last_talk_on=TUESDAY - timedelta(days=5), leaving=True)) is None


def test_what_insight_expects_of_a_client_decides_his_place_once_it_is_known():
    unknown = found(forgotten(value=100_000))
    known = found(forgotten(value=100_000, expected_90=7_000, order_chance=250))

    assert (unknown.value, unknown.stake) == (100_000, 100_000)
    assert (known.value, known.stake) == (100_000, 7_000)
    assert known.chance == own_order_chance(0.25, (date(2026, 11, 20) - TUESDAY).days)


def test_a_contact_on_the_first_day_of_the_quarter_covers_it_and_the_day_before_does_not():
    quarter_from = date(2026, 7, 1)

    covered = found(regular(last_talk_on=None)._replace(silent_since=quarter_from))
    too_early = found(regular(last_talk_on=None)._replace(silent_since=quarter_from - ONE_DAY))
    never = found(prospect(date(2026, 5, 1)))

    assert (covered.covered, too_early.covered, never.covered) == (True, False, False)


def test_the_chance_that_covers_the_quarter_ends_with_the_quarter():
    client = found(forgotten(order_chance=400))

    assert client.quarter_chance == own_order_chance(0.4, (date(2026, 10, 1) - TUESDAY).days)


def test_a_prospect_is_called_when_known_three_months_to_the_day():
    old = found(prospect(date(2026, 6, 15)))

    assert (old.queue, old.due_in, old.deadline) == (Queue.AT_RISK, None, None)
    assert found(prospect(date(2026, 6, 16))) is None


def test_a_protected_client_found_lost_is_for_the_head():
    assert found(facts(BOLT_SERVICE, silent_since=date(2026, 3, 1), protected=True)) is None


@pytest.mark.parametrize("status", [ClientStatus.REGULAR, ClientStatus.FORGOTTEN])
def test_a_retry_comes_back_on_its_day(status: ClientStatus):
    silent_since = FORGOTTEN_SINCE if status is ClientStatus.FORGOTTEN else date(2026, 7, 20)
    missed = facts(BOLT_SERVICE, silent_since=silent_since, missed_attempts=1, retry_on=TUESDAY)

    client = found(missed)

    assert (client.queue, client.status, client.missed) == (Queue.RETRY, status, 1)


def test_a_retry_of_tomorrow_is_no_retry_today():
    later = found(forgotten(missed_attempts=1, retry_on=TUESDAY + ONE_DAY))

    assert later.queue is Queue.OWN
    assert found(facts(BOLT_SERVICE, silent_since=date(2026, 7, 20), missed_attempts=1, retry_on=None)) is None


def test_a_lost_client_has_no_retry():
    assert found(facts(BOLT_SERVICE, silent_since=date(2026, 3, 1), missed_attempts=1, retry_on=TUESDAY)) is None


def test_thirty_days_to_the_day_after_a_talk_a_client_may_be_called_again():
    on_the_day = regular(last_talk_on=TUESDAY - timedelta(days=30), missed_attempts=1, retry_on=TUESDAY)
    a_day_early = regular(last_talk_on=TUESDAY - timedelta(days=29), missed_attempts=1, retry_on=TUESDAY)

    assert found(on_the_day) is not None
    assert found(a_day_early) is None


def test_before_the_date_a_client_named_he_is_left_in_peace():
    assert found(forgotten(agreed_until=TUESDAY + ONE_DAY)) is None
    assert found(forgotten(agreed_until=TUESDAY)) is not None


def test_on_the_last_day_before_his_loss_even_he_is_called_who_asked_for_peace():
    talked_lately = facts(BOLT_SERVICE, silent_since=date(2026, 3, 15), last_talk_on=TUESDAY - ONE_DAY)

    client = found(talked_lately)

    assert client.due_in == 0
    assert client.deadline == TUESDAY


@pytest.mark.parametrize(
    "reason", [{"stopped_on": TUESDAY}, {"paused_until": TUESDAY + ONE_DAY}, {"phone_state": "wrong"}]
)
def test_a_client_stopped_paused_or_without_a_right_number_is_not_called(reason: dict):
    assert found(forgotten(**reason)) is None


def test_a_pause_is_over_on_its_day_and_a_client_without_a_number_is_asked_for_one():
    assert found(forgotten(paused_until=TUESDAY)) is not None
    assert found(forgotten(phone_state="none")) is not None


def test_one_who_buys_often_is_likelier_to_order_by_himself():
    bought = {"first_order_on": date(2024, 1, 1), "last_order_on": FORGOTTEN_SINCE}
    often, seldom = forgotten(order_days_in_year=40, **bought), forgotten(order_days_in_year=1, **bought)

    assert found(often).chance > found(seldom).chance > 0
    assert found(forgotten()).chance == 0


def test_a_prospect_without_orders_never_orders_by_himself():
    assert found(prospect(date(2026, 1, 1))).chance == 0


def test_a_last_chance_never_falls_into_an_absence():
    away = CALENDAR.without([(date(2026, 9, 21), date(2026, 9, 25))])
    deadlines = Deadlines(window=away.window(TUESDAY, count=57), calendar=CALENDAR)

    assert deadlines.before(date(2026, 9, 25)) == (3, date(2026, 9, 18))
    assert deadlines.before(date(2026, 9, 25)) == (3, date(2026, 9, 18))


def test_days_to_a_last_chance_count_the_absence_in_between_as_the_offers_do():
    away = CALENDAR.without([(date(2026, 9, 21), date(2026, 9, 25))])
    deadlines = Deadlines(window=away.window(TUESDAY, count=57), calendar=CALENDAR)

    assert deadlines.before(date(2026, 9, 29)) == (10, date(2026, 9, 29))


def test_a_loss_beyond_the_window_is_due_beyond_the_window_though_the_owner_be_away_in_it():
    away = CALENDAR.without([(date(2026, 9, 21), date(2026, 9, 25))])
    until = WINDOW[-1]
    deadlines = Deadlines(window=tuple(day for day in WINDOW if away.is_working(day)), calendar=CALENDAR)

    due_in, day = deadlines.before(until + timedelta(days=30))

    assert due_in >= 62
    assert day > until


def test_a_loss_beyond_the_calendar_is_as_late_as_the_calendar_ends():
    short = WorkCalendar.of(WINDOW, first=TUESDAY, last=WINDOW[-1])

    assert Deadlines(window=WINDOW, calendar=short).before(date(2030, 1, 1)) == (61, WINDOW[-1])


def test_an_owner_who_is_away_until_the_loss_has_no_day_left():
    assert Deadlines(window=WINDOW[5:], calendar=CALENDAR).before(WINDOW[3]) == (0, None)
    assert Deadlines(window=(), calendar=CALENDAR).before(WINDOW[3]) == (0, None)


@given(
    off=st.lists(st.integers(1, 61), max_size=20, unique=True),
    kept_for=st.integers(0, 300),
)
def test_any_deadline_is_the_owner_s_last_day_and_stands_where_the_firm_s_calendar_has_it(
    off: list[int], kept_for: int
):
    last_kept = TUESDAY + timedelta(days=kept_for)
    window = tuple(day for at, day in enumerate(WINDOW) if at not in off)

    due_in, day = Deadlines(window=window, calendar=CALENDAR).before(last_kept)

    assert day <= last_kept
    assert CALENDAR.window(TUESDAY, count=400)[due_in] == day
    if last_kept <= window[-1]:
        assert day == max(one for one in window if one <= last_kept)


DATES = st.none() | st.dates(TUESDAY - timedelta(days=250), TUESDAY + timedelta(days=60))


@given(
    age=st.integers(0, 250),
    status=st.sampled_from(list(ClientStatus)),
    talked=DATES,
    agreed=DATES,
    paused=DATES,
    retry=DATES,
    ordered=DATES,
    missed=st.integers(0, 3),
    contacted=st.booleans(),
)
def test_any_client_called_is_not_lost_not_pestered_and_has_a_chance_between_none_and_one(
    age: int, status: ClientStatus, talked, agreed, paused, retry, ordered, missed: int, contacted: bool
):
    one = facts(
        BOLT_SERVICE,
        silent_since=TUESDAY - timedelta(days=age),
        status=status,
        last_talk_on=talked if talked and talked <= TUESDAY else None,
        agreed_until=agreed,
        paused_until=paused,
        retry_on=retry,
        missed_attempts=missed,
        ever_contacted=contacted,
        first_order_on=ordered,
        last_order_on=ordered,
        order_days_in_year=3,
    )

    client = found(one)

    if client is not None:
        assert client.status is not ClientStatus.LOST
        assert 0 <= client.chance <= 1
        assert not paused or paused <= TUESDAY
        if client.due_in != 0:
            assert not one.last_talk_on or one.last_talk_on + timedelta(days=30) <= TUESDAY
            assert not agreed or agreed <= TUESDAY


def test_the_edge_for_prospects_is_the_last_day_that_three_months_have_passed_since():
    for shift in range(400):
        day = TUESDAY + timedelta(days=shift)

        known = Sieve.of(on=day, policy=POLICY, window_starts=day).known_before

        assert add_months(known, 3) <= day < add_months(known + ONE_DAY, 3)


def test_the_chance_of_an_order_is_what_insight_says_and_the_default_without_it():
    bought = {"first_order_on": date(2025, 9, 15), "last_order_on": date(2026, 9, 5), "order_days_in_year": 12}

    told = own_chance_30(order_chance=320, **bought, on=date(2026, 9, 15))
    default = own_chance_30(order_chance=None, **bought, on=date(2026, 9, 15))
    never = own_chance_30(
        order_chance=None, first_order_on=None, last_order_on=None, order_days_in_year=0, on=date(2026, 9, 15)
    )

    assert told == 0.32
    assert default == order_chance_30(days_silent=10, orders_365=12, age_days=365)
    assert never == 0.0
