"""The lot that leaves some of the pool without calls, and what the comparison with them allows to say."""

from datetime import date
from math import sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.effect import DEALT_SINGLY, Drawn, Effect, Group, HoldOut, Verdict, compare, draw_lots, held_out
from strategies import DAYS, TUESDAY

RULE = HoldOut(share=0.05, days=91, spares_share=0.2)
HALF = HoldOut(share=0.5, days=91, spares_share=0.2)


def test_the_lot_is_the_same_on_every_machine():
    drawn = [client for client in range(1, 101) if held_out(client, entered_on=date(2026, 9, 15), share=0.05)]

    assert drawn == [6, 40, 89]


@given(on=DAYS, client=st.integers(1, 2**62), share=st.floats(0, 1))
def test_a_larger_share_holds_out_whoever_a_smaller_one_does(on: date, client: int, share: float):
    assert not held_out(client, entered_on=on, share=0.0)
    assert held_out(client, entered_on=on, share=1.0)
    assert not held_out(client, entered_on=on, share=share / 2) or held_out(client, entered_on=on, share=share)


@given(on=DAYS, first=st.integers(0, 2**40), share=st.sampled_from([0.05, 0.2, 0.5]))
def test_the_share_held_out_lies_within_binomial_bounds(on: date, first: int, share: float):
    clients = range(first, first + 1_000)

    drawn = sum(held_out(client, entered_on=on, share=share) for client in clients)

    assert abs(drawn - 1_000 * share) < 6 * sqrt(1_000 * share * (1 - share))


def test_the_dearest_fifth_is_never_drawn():
    entering = [(client, client * 100) for client in range(1, 201)]

    lots = draw_lots(entering, pooled=[], entered_on=TUESDAY, rule=HALF)

    assert set(lots) == set(range(1, 161))
    assert set(lots.values()) == {Drawn.IN, Drawn.OUT}


def test_who_is_dear_is_told_by_the_whole_pool():
    entering = [(client, 5_000) for client in range(1, 11)]

    spared = draw_lots(entering, pooled=[100] * 190, entered_on=TUESDAY, rule=HALF)
    drawn = draw_lots(entering, pooled=[10_000] * 60 + [100] * 130, entered_on=TUESDAY, rule=HALF)

    assert spared == {}
    assert len(drawn) == 10


def test_clients_worth_nothing_are_not_dear_though_all_are_alike():
    entering = [(client, 0) for client in range(1, 151)]

    assert len(draw_lots(entering, pooled=[], entered_on=TUESDAY, rule=HALF)) == 150


def test_when_all_are_spared_nobody_is_drawn():
    entering = [(client, 0) for client in range(1, 151)]
    everybody = HoldOut(share=0.5, days=91, spares_share=1.0)

    assert draw_lots(entering, pooled=[], entered_on=TUESDAY, rule=everybody) == {}


def test_when_nobody_is_spared_the_dearest_are_drawn_too():
    entering = [(client, client) for client in range(1, 151)]
    nobody = HoldOut(share=0.5, days=91, spares_share=0.0)

    assert len(draw_lots(entering, pooled=[], entered_on=TUESDAY, rule=nobody)) == 150


def test_a_pool_of_fewer_than_a_hundred_teaches_nothing_and_is_not_drawn():
    entering = [(client, 0) for client in range(1, 100)]

    assert draw_lots(entering, pooled=[], entered_on=TUESDAY, rule=HALF) == {}
    assert len(draw_lots(entering, pooled=[0], entered_on=TUESDAY, rule=HALF)) == 99


def test_a_share_of_nothing_draws_nobody():
    entering = [(client, 0) for client in range(1, 300)]
    off = HoldOut(share=0.0, days=91, spares_share=0.2)

    assert draw_lots(entering, pooled=[], entered_on=TUESDAY, rule=off) == {}


def test_who_was_promised_a_call_is_not_drawn():
    entering = [(client, 0) for client in range(1, 151)]

    assert 7 not in draw_lots(entering, pooled=[], never={7}, entered_on=TUESDAY, rule=HALF)


@given(
    values=st.lists(st.integers(0, 50), min_size=90, max_size=260),
    pooled=st.lists(st.integers(0, 50), max_size=60),
    cut=st.integers(0, 260),
    on=DAYS,
)
def test_a_draw_cut_short_goes_on_as_it_began(values: list[int], pooled: list[int], cut: int, on: date):
    entering = list(enumerate(values, start=1))
    whole = draw_lots(entering, pooled=pooled, never={3}, entered_on=on, rule=HALF)

    written = [value for _, value in entering[:cut]]
    rest = draw_lots(entering[cut:], pooled=[*pooled, *written], never={3}, entered_on=on, rule=HALF)

    assert rest == {client: lot for client, lot in whole.items() if client > cut}


def _group(dice: Random, clients: int, *, chance: float, typical: float = 10.0) -> Group:
    """Clients of whom a few buy, for very unlike sums."""
    buyers = sum(dice.random() < chance for _ in range(clients))
    return Group(clients=clients, brought=tuple(round(100 * dice.lognormvariate(typical, 1.2)) for _ in range(buyers)))


MEAN = 100 * 2.718281828459045 ** (10 + 1.2**2 / 2)


def test_without_an_effect_the_interval_holds_zero_in_95_of_100():
    dice = Random(20260915)
    firms = [(_group(dice, 1_900, chance=0.06), _group(dice, 100, chance=0.06)) for _ in range(200)]

    covered = sum(
        compare(called, held, seed=at, draws=500).verdict is Verdict.BY_CHANCE
        for at, (called, held) in enumerate(firms)
    )

    # Of 200 runs 190 are expected; less than 182 would happen once in several hundred.
    assert 182 <= covered <= 199


@pytest.mark.parametrize("chance", [0.09, 0.18])
def test_a_known_effect_lies_within_the_interval(chance: float):
    dice, effect = Random(7), (chance - 0.06) * MEAN
    firms = [(_group(dice, 3_800, chance=chance), _group(dice, 200, chance=0.06)) for _ in range(100)]

    found = [compare(called, held, seed=at, draws=500) for at, (called, held) in enumerate(firms)]

    assert sum(each.low <= effect <= each.high for each in found if each.low is not None and each.high) >= 89


def test_a_large_effect_is_told_from_chance():
    dice = Random(3)

    found = compare(_group(dice, 9_500, chance=0.3), _group(dice, 500, chance=0.05))

    assert found.verdict is Verdict.MORE
    assert found.low is not None
    assert 0 < found.low < found.difference


def test_calls_that_drive_clients_away_are_told_too():
    dice = Random(3)

    found = compare(_group(dice, 9_500, chance=0.05), _group(dice, 500, chance=0.3))

    assert found.verdict is Verdict.LESS


def test_many_small_sums_are_as_good_as_normal():
    dice = Random(5)
    called, held = _group(dice, 9_500, chance=0.2), _group(dice, 500, chance=0.2)
    sums = [*called.brought, *held.brought]
    mean = sum(sums) / 10_000
    spread = sqrt((sum(each * each for each in sums) / 10_000 - mean * mean) * (1 / 9_500 + 1 / 500))

    found = compare(called, held)

    assert len(sums) > 5 * DEALT_SINGLY
    assert found.low is not None and found.high is not None
    assert found.high - found.low == pytest.approx(2 * 1.96 * spread, rel=0.12)


def test_the_share_that_ordered_has_the_interval_of_its_counts():
    called, held = Group(clients=1_900, brought=(1,) * 190), Group(clients=100, brought=(1,) * 4)

    found = compare(called, held)

    assert found.difference == pytest.approx(0.06)
    assert found.low == pytest.approx(0.06 - 1.96 * sqrt(0.097 * 0.903 * (1 / 1_900 + 1 / 100)), abs=0.02)


def test_twenty_nine_held_out_are_too_few_to_say():
    found = compare(Group(clients=900, brought=(5,) * 90), Group(clients=29, brought=()))

    assert found.verdict is Verdict.TOO_FEW
    assert found.low is None


def test_when_nobody_bought_there_is_nothing_to_tell():
    found = compare(Group(clients=900, brought=()), Group(clients=50, brought=()))

    assert (found.low, found.high, found.verdict) == (0, 0, Verdict.BY_CHANCE)


def test_a_group_of_nobody_brought_nothing():
    assert Group(clients=0, brought=()).mean == 0


@given(
    called=st.lists(st.integers(-1_000, 100_000), max_size=40),
    held=st.lists(st.integers(-1_000, 100_000), max_size=10),
    silent=st.integers(30, 400),
)
def test_the_same_groups_always_have_the_same_interval_around_the_difference(
    called: list[int], held: list[int], silent: int
):
    groups = (
        Group(clients=len(called) + 5 * silent, brought=tuple(called)),
        Group(clients=len(held) + silent, brought=tuple(held)),
    )

    found = compare(*groups)

    assert isinstance(found, Effect)
    assert found == compare(*groups)
    assert found.low is not None and found.high is not None
    assert found.low <= found.high
