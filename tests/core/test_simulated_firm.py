"""A simulated firm: losses, the pool, orders that come, and what calls leave behind."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.outcomes import Counted, Effects, Promised
from budilnik.core.policy import Policy
from budilnik.core.simulated_firm import Person, clock_of, pooled, touched
from budilnik.core.terms import ClientStatus
from simulated import JUST_SPOKEN, SILENT_FOUR_MONTHS, alive, away, lost, person, town
from strategies import IVAN, MOSCOW, OLGA, PYOTR, TUESDAY, facts

LONG_SILENT = date(2026, 3, 1)
TALK = Effects(refusals_in_row=0, is_talk=True, resets_clock=True, wins=True, attempts=Counted(), keeps_promise=True)


def test_one_silent_for_over_six_months_leaves_his_owner_for_the_pool():
    firm = alive(town(facts(1, silent_since=LONG_SILENT, value=700)))

    assert firm.facts[1].owner_id is None
    assert firm.facts[1].in_pool_since == TUESDAY
    assert firm.losers[1] == {IVAN}
    assert [each.client_id for each in firm.placeable()] == [1]
    assert (firm.tally.lost, firm.tally.value_lost, firm.value_in_pool()) == (1, 700, 700)
    assert list(firm.owned(IVAN)) == []


def test_protected_and_stopped_clients_are_not_released():
    firm = alive(
        town(facts(1, silent_since=LONG_SILENT, protected=True), facts(2, silent_since=LONG_SILENT, stopped_on=TUESDAY))
    )

    assert [each.owner_id for each in firm.facts.values()] == [IVAN, IVAN]


def test_the_firms_own_lot_leaves_some_of_the_lost_without_calls_for_a_quarter():
    silent = [facts(number, silent_since=LONG_SILENT, value=number) for number in range(1, 301)]

    firm = alive(town(*silent), policy=Policy(hold_out_share=0.5))

    held = {client for client, until in firm.resting.items() if until == TUESDAY + timedelta(days=91)}
    assert 80 <= len(held) <= 160
    assert max(held) <= 240
    assert {each.client_id for each in firm.placeable()} == set(range(1, 301)) - held
    assert not alive(town(*silent), policy=Policy(hold_out_share=0.0)).resting


def test_an_ownerless_client_is_lost_without_blame():
    firm = alive(town(facts(1, silent_since=LONG_SILENT, owner_id=None)))

    assert firm.facts[1].in_pool_since == TUESDAY
    assert firm.tally.lost == 0


def test_the_alarm_makes_a_silent_client_forgotten_and_then_lost():
    firm = alive(town(facts(1, silent_since=JUST_SPOKEN)))

    for shift in range(1, 200):
        firm.dawn(TUESDAY + timedelta(days=shift))
        if firm.on == date(2026, 12, 10):
            assert firm.facts[1].status == ClientStatus.FORGOTTEN

    assert firm.facts[1].status == ClientStatus.LOST
    assert firm.facts[1].in_pool_since == date(2027, 3, 11)


def test_an_order_takes_a_client_out_of_the_pool_and_gives_him_to_who_did_not_lose_him():
    firm = alive(town(lost(1), facts(2, silent_since=JUST_SPOKEN), losers={1: [IVAN]}))

    firm.order_comes(1)

    assert firm.facts[1].owner_id == OLGA
    assert firm.facts[1].status == ClientStatus.REGULAR
    assert (firm.facts[1].silent_since, firm.facts[1].last_order_on) == (TUESDAY, TUESDAY)
    assert (firm.tally.came_back, len(firm.pool)) == (1, 0)


def test_one_whom_all_have_lost_comes_back_to_nobody():
    firm = alive(town(lost(1), losers={1: [IVAN, OLGA]}))

    firm.order_comes(1)

    assert firm.facts[1].owner_id is None
    assert firm.facts[1].in_pool_since is None


def test_an_order_counts_those_of_the_year_and_forgets_misses_and_threats():
    before = facts(
        1,
        silent_since=JUST_SPOKEN,
        last_order_on=TUESDAY - timedelta(days=73),
        first_order_on=date(2024, 1, 1),
        order_days_in_year=10,
        missed_attempts=2,
        leaving=True,
        phone_state="wrong",
    )
    firm = alive(town(before))

    firm.order_comes(1)

    after = firm.facts[1]
    assert after.order_days_in_year == 9
    assert (after.missed_attempts, after.leaving, after.phone_state) == (0, False, "usable")
    assert after.first_order_on == date(2024, 1, 1)


def test_a_first_order_is_the_first():
    firm = alive(town(facts(1, silent_since=JUST_SPOKEN)))

    firm.order_comes(1)

    assert (firm.facts[1].first_order_on, firm.facts[1].order_days_in_year) == (TUESDAY, 1)


def test_a_new_client_goes_to_who_holds_fewest_for_his_share():
    newcomer = person(PYOTR, shares=((TUESDAY, 0.25),))
    held = [facts(number, silent_since=JUST_SPOKEN, owner_id=IVAN) for number in range(1, 4)]
    firm = alive(town(*held, people=[person(IVAN), newcomer]))

    firm.arrives(facts(9, silent_since=TUESDAY, owner_id=None))

    assert firm.facts[9].owner_id == PYOTR
    assert firm.touched_on[9] == TUESDAY


def test_a_new_client_of_a_firm_without_owners_is_nobodys():
    firm = alive(town(people=[person(IVAN, owns=False)]))

    firm.arrives(facts(9, silent_since=TUESDAY, owner_id=None))

    assert firm.facts[9].owner_id is None


def test_a_talk_wins_a_client_of_the_pool():
    firm = alive(town(lost(1), losers={1: [IVAN]}))

    firm.follow(1, TALK, by=OLGA)

    assert firm.facts[1].owner_id == OLGA
    assert (firm.facts[1].silent_since, firm.facts[1].last_talk_on) == (TUESDAY, TUESDAY)
    assert (firm.tally.won, firm.tally.talks) == (1, 1)


def test_a_refusal_in_the_pool_is_a_talk_and_a_rest():
    firm = alive(town(lost(1)))
    rest = TUESDAY + timedelta(days=90)

    firm.follow(1, Effects(refusals_in_row=0, is_talk=True, rest_until=rest), by=OLGA)

    assert firm.facts[1].in_pool_since is not None
    assert firm.touched_on[1] == TUESDAY
    assert list(firm.placeable()) == []
    firm.dawn(rest)
    assert [each.client_id for each in firm.placeable()] == [1]


def test_a_promise_in_the_pool_reserves_the_client_for_who_gave_it():
    firm = alive(town(lost(1)))
    day = TUESDAY + timedelta(days=3)

    firm.follow(1, Effects(refusals_in_row=0, promise=Promised(on=day), reserve_until=day), by=OLGA)

    assert firm.promised[OLGA] == {1: day}
    assert (firm.reservations(OLGA), firm.reservations(IVAN)) == (1, 0)
    assert list(firm.placeable()) == []

    firm.follow(1, TALK, by=OLGA)

    assert firm.promised[OLGA] == {}
    assert firm.reservations(OLGA) == 0


def test_a_client_given_up_is_found_again():
    firm = alive(town(lost(1)))
    given_up = Counted(missed=6, to_repair=True, given_up=True)

    firm.follow(1, Effects(refusals_in_row=0, closes_task=True, attempts=given_up), by=OLGA)
    firm.repair(1, on=TUESDAY + timedelta(days=30))

    assert list(firm.placeable()) == []
    firm.dawn(TUESDAY + timedelta(days=30))
    assert [each.client_id for each in firm.placeable()] == [1]


def test_a_paused_client_of_the_pool_waits():
    firm = alive(town(lost(1)))
    until = TUESDAY + timedelta(days=14)

    firm.follow(1, Effects(refusals_in_row=0, attempts=Counted(missed=3, paused_until=until)), by=OLGA)

    assert list(firm.placeable()) == []


def test_a_date_agreed_holds_a_client_for_his_owner():
    firm = alive(town(facts(1, silent_since=SILENT_FOUR_MONTHS)))
    agreed = date(2027, 6, 1)

    firm.follow(1, Effects(refusals_in_row=1, is_talk=True, resets_clock=True, agreed_until=agreed), by=IVAN)
    firm.dawn(date(2027, 5, 30))

    assert firm.facts[1].owner_id == IVAN
    assert firm.refusals[1] == 1


def test_what_changes_nothing_leaves_a_client_as_he_was():
    firm = alive(town(facts(1, silent_since=SILENT_FOUR_MONTHS)))
    before = firm.facts[1]

    firm.follow(1, Effects(refusals_in_row=0), by=IVAN)

    assert firm.facts[1] is before


def test_a_protected_client_whose_silence_has_run_out_stays_lost_by_a_date_that_is_over():
    firm = alive(town(facts(1, silent_since=LONG_SILENT, protected=True)))

    firm.follow(1, Effects(refusals_in_row=0, agreed_until=date(2026, 4, 1)), by=IVAN)

    assert (firm.facts[1].status, firm.facts[1].next_status_on) == (ClientStatus.LOST, None)


def test_an_order_in_a_call_counts_as_a_deal():
    firm = alive(town(facts(1, silent_since=SILENT_FOUR_MONTHS)))

    firm.sells(1)

    assert firm.tally.deals == 1
    assert (firm.facts[1].last_order_on, firm.facts[1].order_days_in_year) == (TUESDAY, 1)


def test_insight_says_anew_how_likely_an_order_is():
    firm = alive(town(facts(1, silent_since=SILENT_FOUR_MONTHS)))

    firm.foresee(1, chance=123, expected=4500)

    assert (firm.facts[1].order_chance, firm.facts[1].expected_90) == (123, 4500)


def test_a_ramp_raises_what_a_newcomer_owes_and_absence_is_known():
    newcomer = person(shares=((TUESDAY, 0.25), (TUESDAY + timedelta(days=30), 1.0)), absences=(away(3),))

    assert [newcomer.capacity(TUESDAY + timedelta(days=shift)) for shift in (-1, 0, 29, 30)] == [0, 5, 5, 20]
    assert newcomer.away(TUESDAY + timedelta(days=2)) is not None
    assert newcomer.away(TUESDAY + timedelta(days=3)) is None


def test_one_who_lost_a_client_or_shares_no_hour_is_barred():
    told = pooled(lost(1, value=5), frozenset({IVAN}), frozenset({OLGA}))

    assert (told.losers, told.barred, told.value) == ({IVAN}, {IVAN, OLGA}, 5)


def test_a_prospect_was_never_touched():
    assert touched(facts(1, silent_since=TUESDAY, ever_contacted=False, talked=False)) == date.min
    assert touched(facts(1, silent_since=JUST_SPOKEN)) == JUST_SPOKEN


def test_promises_rests_and_refusals_of_today_are_taken_over():
    firm = alive(
        town(
            facts(1, silent_since=JUST_SPOKEN),
            lost(2),
            promises=[(IVAN, 1, TUESDAY)],
            resting={2: TUESDAY + timedelta(days=1)},
            refusals={1: 2},
        )
    )

    assert firm.promised[IVAN] == {1: TUESDAY}
    assert list(firm.placeable()) == []
    assert firm.refusals[1] == 2
    assert clock_of(firm.facts[2])[4] is True


EFFECTS = st.builds(
    Effects,
    refusals_in_row=st.integers(0, 3),
    is_talk=st.booleans(),
    resets_clock=st.booleans(),
    wins=st.booleans(),
    attempts=st.none() | st.builds(Counted, missed=st.integers(0, 5), given_up=st.booleans()),
    agreed_until=st.none() | st.dates(TUESDAY, date(2027, 9, 1)),
    rest_until=st.none() | st.dates(TUESDAY, date(2027, 1, 1)),
)
DEEDS = st.lists(
    st.tuples(st.sampled_from(["call", "order", "days"]), st.integers(1, 6), EFFECTS, st.integers(1, 120)), max_size=25
)


@given(deeds=DEEDS)
def test_whatever_happens_a_client_is_with_one_owner_or_in_the_pool(deeds):
    base = [facts(number, silent_since=SILENT_FOUR_MONTHS, value=number) for number in (1, 2, 3)]
    firm = alive(town(*base, lost(4, value=4), lost(5, value=4), lost(6, value=-3), losers={5: [IVAN, OLGA]}))

    for deed, client, effects, days in deeds:
        if deed == "call":
            firm.follow(client, effects, by=OLGA)
        elif deed == "order":
            firm.order_comes(client)
        else:
            for shift in range(1, days + 1):
                firm.dawn(firm.on + timedelta(days=1)) if shift else None

    held = [client for who in firm.held.values() for client in who]
    in_pool = [client for _, client in firm.pool]
    assert len(set(held)) == len(held)
    assert not set(held) & set(in_pool)
    assert set(in_pool) == {number for number, each in firm.facts.items() if each.in_pool_since is not None}
    assert firm.pool == sorted(firm.pool)
    assert all(firm.facts[client].owner_id == who for who, mine in firm.held.items() for client in mine)
    assert firm.policy == Policy()
    assert isinstance(firm.people[IVAN], Person)
    assert firm.people[IVAN].zone == MOSCOW
