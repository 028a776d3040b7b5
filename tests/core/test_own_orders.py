"""Own orders of a simulated year: who orders by himself, and how sure the firm may be of it."""

from random import Random
from statistics import fmean

from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.own_orders import Buyer, Demand, demand_of


def buyer(*, silent: int | None = 10, orders: int = 12, age: int = 700, chance: float | None = None) -> Buyer:
    return Buyer(client_id=1, days_silent=silent, orders_365=orders, age_days=age, chance_30=chance)


def ordered_in_30_days(known: Buyer, *, times: int = 400) -> float:
    return fmean(any(day < 30 for day in demand_of(known, days=35, luck=Random(seed)).days) for seed in range(times))


def test_one_who_never_ordered_orders_nothing_by_himself():
    assert demand_of(buyer(silent=None, orders=0, age=0), days=20, luck=Random(1)) == Demand(days=(), chances=(0, 0, 0))


def test_the_first_chance_is_what_insight_says():
    known = demand_of(buyer(chance=0.3), days=365, luck=Random(1))

    assert known.chances[0] == 300
    assert len(known.chances) == 53


def test_clients_order_as_often_as_insight_says_they_do():
    for chance in (0.1, 0.4, 0.8):
        assert abs(ordered_in_30_days(buyer(chance=chance)) - chance) < 0.08


def test_without_insight_the_default_chance_decides():
    often, seldom = buyer(silent=5, orders=30), buyer(silent=300, orders=1)

    assert ordered_in_30_days(often) > 0.8
    assert ordered_in_30_days(seldom) < 0.1


def test_silence_makes_the_next_order_rarer_and_an_order_makes_it_likelier():
    silent = next(
        known for seed in range(99) if not (known := demand_of(buyer(chance=0.2), days=200, luck=Random(seed))).days
    )
    bought = next(
        known
        for seed in range(99)
        if (known := demand_of(buyer(chance=0.2), days=200, luck=Random(seed))).days[:1] and known.days[0] < 7
    )

    assert list(silent.chances) == sorted(silent.chances, reverse=True)
    assert bought.chances[1] > bought.chances[0]


@given(
    silent=st.none() | st.integers(0, 2000),
    orders=st.integers(0, 200),
    age=st.integers(0, 4000),
    chance=st.none() | st.floats(0, 1),
    days=st.integers(1, 400),
    seed=st.integers(0, 1000),
)
def test_orders_lie_within_the_days_one_a_week_and_the_same_luck_gives_the_same(
    silent, orders, age, chance, days, seed
):
    known = buyer(silent=silent, orders=orders, age=age, chance=chance)

    told = demand_of(known, days=days, luck=Random(seed))

    assert told == demand_of(known, days=days, luck=Random(seed))
    assert all(0 <= day < days for day in told.days)
    assert len({day // 7 for day in told.days}) == len(told.days)
    assert len(told.chances) == -(-days // 7)
    assert all(0 <= each <= 1000 for each in told.chances)
