"""The draw: equals come in another order every day, the same on every machine."""

from datetime import date, timedelta
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.seed import Seed
from strategies import DAYS, IVAN, OLGA, TUESDAY

NUMBERS = st.integers(0, 2**62)


def test_the_draw_of_a_day_is_the_same_on_every_machine():
    assert Seed.of(date(2026, 9, 15)).number == 15756430753430001003
    assert Seed.of(date(2026, 9, 15)).tie(1, IVAN) == 2900689653962542967


def test_another_day_another_salt_and_another_employee_draw_otherwise():
    today = Seed.of(TUESDAY)

    assert today != Seed.of(TUESDAY + timedelta(days=1))
    assert today != Seed.of(TUESDAY, salt=1)
    assert today.tie(1, IVAN) != today.tie(1, OLGA)


def test_over_many_days_each_of_two_goes_first_half_of_the_time():
    days = [Seed.of(TUESDAY + timedelta(days=shift)) for shift in range(1000)]

    ivan_first = sum(seed.tie(0, IVAN) < seed.tie(0, OLGA) for seed in days)

    assert 430 < ivan_first < 570


def test_over_many_days_the_fraction_is_a_half_on_the_average():
    fractions = [Seed.of(TUESDAY + timedelta(days=shift)).fraction(IVAN) for shift in range(1000)]

    assert mean(fractions) == pytest.approx(0.5, abs=0.03)


@given(on=DAYS, salt=NUMBERS, client=NUMBERS, other=NUMBERS, employee=NUMBERS)
def test_any_draw_is_repeated_stays_in_bounds_and_tells_clients_apart(
    on: date, salt: int, client: int, other: int, employee: int
):
    seed = Seed.of(on, salt=salt)

    assert seed == Seed.of(on, salt=salt)
    assert 0 <= seed.tie(client, employee) < 2**64
    assert 0 <= seed.fraction(employee) <= 1
    assert (seed.tie(client, employee) == seed.tie(other, employee)) == (client == other)
