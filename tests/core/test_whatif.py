"""What a head asks of a year: checked, priced in seconds, and turned into a firm that begins to live."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.policy import Policy, PolicyContradiction
from budilnik.core.scenario import ScenarioContradiction
from budilnik.core.whatif import (
    COSTS,
    WhatIf,
    check_whatif,
    expected_seconds,
    firm_for,
    rules_of,
    scenario_of,
)
from simulated import JUST_SPOKEN, away, lost, person, town
from strategies import IVAN, OLGA, TUESDAY, facts

POLICY = Policy()
ASKED = WhatIf.of(POLICY, away_days=0)


def owned(number: int, owner: int = IVAN, **other: object):
    return facts(number, silent_since=JUST_SPOKEN, owner_id=owner, **other)


def test_what_is_not_asked_is_as_the_firm_has_it():
    asked = WhatIf.of(Policy(norm=17, pool_share=0.4, reach_rate=0.3), people=2)

    assert (asked.norm, asked.pool_share, asked.reach, asked.people) == (17, 0.4, 0.3, 2)


def test_what_is_asked_is_stored_and_read_back():
    assert WhatIf.from_asked(ASKED.to_asked()) == ASKED


def test_the_rules_tried_are_the_firms_but_for_what_is_asked():
    tried = rules_of(replace(ASKED, norm=25, lost_after_months=9, reach=0.4), Policy(near_days=11))

    assert (tried.norm, tried.lost_after_months, tried.reach_rate, tried.near_days) == (25, 9, 0.4, 11)


def test_rules_that_contradict_themselves_are_refused():
    with pytest.raises(PolicyContradiction):
        check_whatif(replace(ASKED, lost_after_months=2), POLICY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"people": -1},
        {"people": 500},
        {"seeds": 0},
        {"away_days": 300},
        {"policies": ()},
        {"policies": ("by_stars",)},
        {"days": 0},
        {"growth_share": 7.0},
    ],
)
def test_what_cannot_be_simulated_is_refused(wrong):
    with pytest.raises(ScenarioContradiction):
        check_whatif(replace(ASKED, **wrong), POLICY)


def test_a_scenario_carries_the_habits_asked_for():
    scenario = scenario_of(replace(ASKED, open_share=0.6, days=90), POLICY, seed=7)

    assert (scenario.habits.open_share, scenario.days, scenario.seed) == (0.6, 90, 7)


def test_time_grows_with_clients_days_years_and_ways_of_working():
    one = replace(ASKED, seeds=1, policies=("no_calls",))

    assert expected_seconds(one, clients=10_000) == pytest.approx(10_000 * 365 * COSTS["no_calls"] / 1e6)
    assert expected_seconds(replace(one, seeds=3), clients=10_000, pace=2) == pytest.approx(
        6 * expected_seconds(one, clients=10_000)
    )


def test_the_norm_is_the_firms_unless_somebody_has_his_own():
    today = town(people=[person(IVAN), person(OLGA, own_norm=8)])

    firm = firm_for(replace(ASKED, norm=25), today, POLICY, seed=1)

    assert [each.norm for each in firm.people] == [25, 8]


def test_newcomers_learn_for_a_quarter():
    firm = firm_for(replace(ASKED, people=2), town(people=[person(IVAN)]), POLICY, seed=1)

    newcomer = firm.people[-1]
    assert len({each.employee_id for each in firm.people}) == 3
    assert [newcomer.capacity(TUESDAY + timedelta(days=days)) for days in (0, 30, 60, 90)] == [5, 10, 15, 20]


def test_newcomers_of_a_firm_without_owners_sit_where_the_company_does():
    assert (
        firm_for(replace(ASKED, people=1), town(people=[person(IVAN, owns=False)]), POLICY, seed=1).people[1].zone == ""
    )


def test_leave_is_drawn_beside_the_absences_that_are_known():
    known = away(30)
    today = town(people=[person(IVAN, absences=(known,))])

    firm = firm_for(replace(ASKED, away_days=28), today, POLICY, seed=1)

    absences = firm.people[0].absences
    year = [each for each in absences[1:] if each.from_on < TUESDAY + timedelta(days=365)]
    assert absences[0] == known
    assert all((each.until_on - each.from_on).days == 13 for each in absences[1:])
    assert all(each.from_on > known.until_on for each in absences[1:])
    assert len(year) <= 2


def test_a_levelled_base_is_shared_by_room_and_locks_and_protection_hold():
    base = [owned(number, value=number) for number in range(1, 700)]
    kept = [owned(900, protected=True, value=1), owned(901, value=1)]
    today = town(
        *base, *kept, lost(990), people=[person(IVAN), person(OLGA), person(3, owns=False)], losers={901: [OLGA]}
    )

    firm = firm_for(replace(ASKED, levelled=True), today, POLICY, seed=1)

    owners = {each.client_id: each.owner_id for each in firm.clients}
    held = [list(owners.values()).count(who) for who in (IVAN, OLGA)]
    assert held == [465, 236]
    assert owners[900] == owners[901] == IVAN
    assert owners[990] is None


@given(people=st.integers(0, 5), off=st.integers(0, 60), seed=st.integers(0, 50), levelled=st.booleans())
def test_no_client_and_nobody_vanishes_on_the_way_into_the_year(people, off, seed, levelled):
    today = town(*(owned(number) for number in range(1, 30)), lost(40))
    asked = replace(ASKED, people=people, away_days=off, levelled=levelled)

    firm = firm_for(asked, today, POLICY, seed=seed)

    assert sorted(each.client_id for each in firm.clients) == sorted(each.client_id for each in today.clients)
    assert len(firm.people) == 2 + people
    assert sum(each.owner_id is None for each in firm.clients) == 1
