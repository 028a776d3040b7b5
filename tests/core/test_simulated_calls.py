"""The telephone of a simulated firm: turns, attempts and answers."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.scenario import Habits
from budilnik.core.simulated_calls import Listed, call_through
from budilnik.core.terms import ClientStatus
from simulated import ALWAYS, NEVER, SILENT_FOUR_MONTHS, alive, lost, person, town, workday
from strategies import IVAN, MOSCOW, OLGA, TUESDAY, facts


def silent(how_many: int):
    return [facts(number, silent_since=SILENT_FOUR_MONTHS) for number in range(1, how_many + 1)]


def listed(*clients: int, promised_at: datetime | None = None) -> list[Listed]:
    return [Listed(client_id=client, zone=MOSCOW, promised_at=promised_at) for client in clients]


def call(firm, lists, habits=ALWAYS):
    call_through(lists, firm=firm, day=workday(firm), habits=habits)
    return firm.tally


def test_everybody_who_answers_is_talked_to_once():
    firm = alive(town(*silent(3)))

    tally = call(firm, {IVAN: listed(1, 2, 3)})

    assert (tally.attempts, tally.talks, tally.deals) == (3, 3, 0)
    assert all(each.silent_since == TUESDAY for each in firm.facts.values())
    assert firm.facts[1].agreed_until is not None


def test_one_who_does_not_answer_is_tried_again_that_day_within_the_norm():
    firm = alive(town(*silent(2), people=[person(IVAN, norm=5)]))

    tally = call(firm, {IVAN: listed(1, 2)}, NEVER)

    assert tally.attempts == 5
    assert tally.talks == 0
    assert {each.missed_attempts for each in firm.facts.values()} == {2, 3}


def test_a_round_of_misses_ends_the_task_and_the_second_one_the_calls():
    firm = alive(town(*silent(1), people=[person(IVAN, norm=20)]))

    tally = call(firm, {IVAN: listed(1)}, NEVER)

    assert tally.attempts == 3
    assert firm.facts[1].paused_until == TUESDAY + timedelta(days=14)

    firm.facts[1] = firm.facts[1]._replace(paused_until=None)
    call(firm, {IVAN: listed(1)}, replace(NEVER, repair_days=9))
    assert firm.facts[1].phone_state == "wrong"
    firm.dawn(TUESDAY + timedelta(days=9))
    assert firm.facts[1].phone_state == "usable"


def test_a_list_longer_than_the_norm_is_called_through():
    firm = alive(town(*silent(4), people=[person(IVAN, norm=1)]))

    assert call(firm, {IVAN: listed(1, 2, 3, 4)}).attempts == 4


def test_a_promised_call_waits_for_its_hour_and_a_list_without_more_ends():
    noon = datetime(TUESDAY.year, TUESDAY.month, TUESDAY.day, 12, tzinfo=ZoneInfo(MOSCOW))
    evening = noon.replace(hour=20)
    firm = alive(town(*silent(2)))

    tally = call(firm, {IVAN: [*listed(1, promised_at=noon), *listed(2, promised_at=evening)]})

    assert tally.attempts == 1
    assert firm.facts[1].silent_since == TUESDAY
    assert firm.facts[2].silent_since == SILENT_FOUR_MONTHS


def test_a_promise_unkept_for_want_of_an_answer_stays():
    ten = datetime(TUESDAY.year, TUESDAY.month, TUESDAY.day, 10, tzinfo=ZoneInfo(MOSCOW))
    firm = alive(town(*silent(1), promises=[(IVAN, 1, TUESDAY)]))

    call(firm, {IVAN: listed(1, promised_at=ten)}, NEVER)

    assert firm.promised[IVAN] == {1: TUESDAY}


def test_a_client_asks_to_be_called_back():
    firm = alive(town(*silent(1)))

    call(firm, {IVAN: listed(1)}, replace(ALWAYS, callback_share=0.999999))

    assert TUESDAY < firm.promised[IVAN][1] <= TUESDAY + timedelta(days=7)
    assert firm.facts[1].silent_since == SILENT_FOUR_MONTHS


def test_one_who_refuses_in_the_pool_stays_and_rests():
    firm = alive(town(lost(1)))

    call(firm, {OLGA: listed(1)}, replace(ALWAYS, open_share=0.0))

    assert firm.facts[1].in_pool_since is not None
    assert firm.resting[1] == TUESDAY + timedelta(days=90)


def test_the_forgotten_and_the_lost_may_order_at_once_and_regular_clients_talk():
    regular = facts(3, silent_since=TUESDAY - timedelta(days=60))
    firm = alive(town(*silent(1), lost(2), regular))

    tally = call(firm, {IVAN: listed(1, 2, 3)}, replace(ALWAYS, deal_share=1.0))

    assert tally.deals == 2
    assert firm.facts[3].status == ClientStatus.REGULAR


def test_nobody_on_a_list_makes_no_calls():
    firm = alive(town(*silent(1)))

    assert call(firm, {IVAN: []}).attempts == 0


@given(
    norm=st.integers(1, 8),
    clients=st.integers(0, 10),
    reach=st.floats(0.01, 1),
    back=st.floats(0, 0.9),
    seed=st.integers(0, 500),
)
def test_attempts_never_pass_the_norm_or_the_list_and_talks_never_pass_attempts(norm, clients, reach, back, seed):
    firm = alive(town(*silent(clients), people=[person(IVAN, norm=norm)]), seed=seed)

    tally = call(firm, {IVAN: listed(*range(1, clients + 1))}, Habits(reach=reach, callback_share=back))

    assert tally.attempts <= max(norm, clients)
    assert tally.deals <= tally.talks <= tally.attempts
