"""A year lived before it is lived: week by week, by the rules of the product."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from budilnik.core.bounds import upper_bound
from budilnik.core.own_orders import Buyer, demand_of
from budilnik.core.policy import Policy
from budilnik.core.rivals import managers_choice, no_calls, of_the_product, two_queues
from budilnik.core.scenario import Scenario
from budilnik.core.simulate import simulate
from simulated import ALWAYS, JUST_SPOKEN, NEVER, NO_ORDERS, SILENT_FOUR_MONTHS, person, town
from strategies import IVAN, OLGA, facts

YEAR = Scenario(policy=Policy())
BASE = [facts(number, silent_since=JUST_SPOKEN, value=number) for number in range(1, 41)]
SMALL = town(*BASE, people=[person(IVAN, norm=3), person(OLGA, norm=3)])
QUIET = {each.client_id: NO_ORDERS for each in BASE}


def lived(plan, *, today=SMALL, scenario=YEAR, demand=QUIET):
    return list(simulate(today, scenario, demand=demand, plan=plan))


def test_a_firm_that_calls_nobody_loses_everybody_in_half_a_year():
    weeks = lived(no_calls)

    assert sum(week.lost for week in weeks) == 40
    assert weeks[-1].pool == 40
    assert weeks[-1].value_in_pool == weeks[-1].value == sum(range(1, 41))
    assert weeks[-1].covered_91 == 0
    assert sum(week.value_lost for week in weeks) == sum(range(1, 41))


def test_a_firm_that_reaches_everybody_it_calls_loses_nobody():
    weeks = lived(of_the_product, scenario=replace(YEAR, habits=ALWAYS))

    assert sum(week.lost for week in weeks) == 0
    assert all(week.pool == 0 for week in weeks)
    assert weeks[-1].covered_91 > 0.9


def test_a_firm_that_reaches_nobody_talks_to_nobody():
    weeks = lived(of_the_product, scenario=replace(YEAR, habits=NEVER))

    assert sum(week.talks for week in weeks) == 0
    assert sum(week.attempts for week in weeks) > 0


def test_the_ways_of_working_stand_in_the_order_of_the_case():
    silent = [facts(number, silent_since=SILENT_FOUR_MONTHS, value=number) for number in range(1, 301)]
    today = town(*silent, people=[person(IVAN, norm=6)])
    quiet = {each.client_id: NO_ORDERS for each in silent}

    pools = [lived(plan, today=today, demand=quiet)[-1].pool for plan in (two_queues, managers_choice, no_calls)]

    assert pools == sorted(pools)
    assert pools[0] < pools[-1] == 300


def test_weeks_end_after_seven_days_and_the_last_with_the_year():
    weeks = lived(no_calls, scenario=replace(YEAR, days=10))

    assert [week.ends_on for week in weeks] == [date(2026, 9, 21), date(2026, 9, 24)]


def test_coverage_of_a_quarter_is_told_in_the_week_in_which_it_ends():
    weeks = lived(no_calls, scenario=replace(YEAR, days=30))

    told = {week.ends_on: week.quarter_ended for week in weeks if week.quarter_ended is not None}
    assert told == {date(2026, 10, 5): 1.0}
    assert weeks[-1].covered == 0.0


def test_one_who_stops_asking_stops_the_firm():
    weeks = simulate(SMALL, YEAR, demand=QUIET, plan=of_the_product)

    assert len(list(islice(weeks, 2))) == 2
    weeks.close()


def test_the_same_luck_gives_the_same_year_and_another_gives_another():
    again = [lived(of_the_product), lived(of_the_product), lived(of_the_product, scenario=replace(YEAR, seed=2))]

    assert again[0] == again[1] != again[2]


def test_a_base_that_grows_is_larger_at_the_end():
    demand = {
        each.client_id: demand_of(
            Buyer(client_id=each.client_id, days_silent=5, orders_365=20, age_days=500), days=365, luck=Random(1)
        )
        for each in BASE
    }

    weeks = lived(of_the_product, demand=demand, scenario=replace(YEAR, growth_share=0.5))

    assert 50 <= weeks[-1].clients <= 70


def test_an_empty_firm_lives_too():
    weeks = lived(of_the_product, today=town(), demand={}, scenario=replace(YEAR, days=20))

    assert [week.covered for week in weeks] == [0, 0, 0]


@settings(deadline=None, max_examples=25)
@given(
    reach=st.floats(0.1, 1),
    norm=st.integers(1, 5),
    clients=st.integers(1, 25),
    seed=st.integers(0, 99),
    days=st.integers(60, 120),
)
def test_no_way_of_working_passes_the_bound_by_more_than_luck_and_nobody_vanishes(reach, norm, clients, seed, days):
    base = [facts(number, silent_since=SILENT_FOUR_MONTHS, value=number) for number in range(1, clients + 1)]
    today = town(*base, people=[person(IVAN, norm=norm)])
    scenario = Scenario(policy=Policy(), habits=replace(ALWAYS, reach=reach), seed=seed, days=days)
    demand = {each.client_id: NO_ORDERS for each in base}

    weeks = lived(of_the_product, today=today, scenario=scenario, demand=demand)

    bound = upper_bound(today, replace(scenario, habits=ALWAYS), demand=demand)
    told = [week.quarter_ended for week in weeks if week.quarter_ended is not None]
    assert all(covered <= best for covered, best in zip(told, bound.quarters, strict=True))
    for week in weeks:
        assert week.clients == clients
        assert 0 <= week.value_in_pool <= week.value
        assert week.talks <= week.attempts
    assert sum(w.lost for w in weeks) - sum(w.won for w in weeks) == weeks[-1].pool
    assert weeks[-1].ends_on == today.on + timedelta(days=days - 1)
