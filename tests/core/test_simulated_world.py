"""What comes to a simulated firm from outside: orders, new clients, insight, the working days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.own_orders import Demand
from simulated import JUST_SPOKEN, alive, away, person, town, workday, world_of
from strategies import IVAN, OLGA, TUESDAY, facts

ORDERS = Demand(days=(0, 9, 200), chances=tuple(range(500, 440, -1)))


def test_own_orders_come_on_their_days():
    firm = alive(town(facts(1, silent_since=JUST_SPOKEN)))
    world = world_of(firm, demand={1: ORDERS})

    world.morning(0)

    assert firm.facts[1].last_order_on == TUESDAY

    for day in range(1, 9):
        firm.dawn(TUESDAY + timedelta(days=day))
        world.morning(day)
    assert firm.facts[1].last_order_on == TUESDAY


def test_insight_looks_once_a_week_at_those_of_whom_it_has_spoken():
    told = facts(1, silent_since=JUST_SPOKEN, order_chance=500, expected_90=1000)
    unsaid = facts(2, silent_since=JUST_SPOKEN)
    without_sum = facts(3, silent_since=JUST_SPOKEN, order_chance=400)
    firm = alive(town(told, unsaid, without_sum))
    world = world_of(firm, demand={1: ORDERS, 2: ORDERS, 3: ORDERS})

    world.morning(6)

    assert firm.facts[1].order_chance == 500

    world.morning(7)

    assert firm.facts[1].order_chance == 499
    assert firm.facts[1].expected_90 == round(1000 * (1 - 0.501**3) / (1 - 0.5**3))
    assert firm.facts[2].order_chance is None
    assert (firm.facts[3].order_chance, firm.facts[3].expected_90) == (499, None)

    again = firm.facts[1]
    world.morning(7)
    assert firm.facts[1] is again


def test_new_clients_order_as_somebody_of_the_base_does():
    firm = alive(town(facts(1, silent_since=JUST_SPOKEN, value=900), facts(2, silent_since=JUST_SPOKEN)))
    world = world_of(firm, demand={1: ORDERS}, growth_share=365.0)

    world.morning(3)

    new = {number: each for number, each in firm.facts.items() if number > 2}
    assert new
    assert all(each.first_order_on == TUESDAY and each.value == 900 for each in new.values())
    assert {each.owner_id for each in new.values()} <= {IVAN, OLGA}


def test_a_base_that_never_orders_draws_no_new_clients():
    firm = alive(town(facts(1, silent_since=JUST_SPOKEN)))

    world_of(firm, growth_share=365.0).morning(3)

    assert list(firm.facts) == [1]


def test_a_working_day_knows_who_is_at_work_and_the_days_ahead_of_each():
    firm = alive(
        town(people=[person(IVAN), person(OLGA, absences=(away(5),)), person(9, shares=((date(2027, 1, 1), 1.0),))])
    )

    day = workday(firm)

    assert [each.employee_id for each in day.present] == [IVAN]
    assert day.ahead[0] == TUESDAY
    assert len(day.ahead) == 62
    assert day.windows[OLGA][0] > TUESDAY + timedelta(days=4)
    assert day.seed == workday(firm).seed


@given(share=st.floats(0, 1), days=st.integers(1, 30))
def test_a_base_grows_by_about_what_is_asked(share, days):
    firm = alive(town(*(facts(number, silent_since=JUST_SPOKEN) for number in range(1, 41))))
    world = world_of(firm, demand={1: ORDERS}, growth_share=share)

    for day in range(1, days + 1):
        world.morning(day)

    assert abs(len(firm.facts) - 40 - 40 * share * days / 365) < 6
