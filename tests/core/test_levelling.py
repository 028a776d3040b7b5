"""Sharing ownerless clients out: a newcomer, a leaver, the first distribution."""

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.levelling import Allotment, Levelled, Load, draw, level

IVAN, OLGA, PYOTR = 101, 102, 103
BOLT_SERVICE, STALKER, GAIKA = 1, 2, 3


def drawn(seed: int):
    return lambda client_id, employee_id: random.Random(f"{seed}:{client_id}:{employee_id}").getrandbits(64)


def ownerless(client_id: int, *, value: int = 100, lost_by: tuple[int, ...] = ()) -> Levelled:
    return Levelled(client_id=client_id, value=value, barred=frozenset(lost_by))


def test_a_newcomer_without_clients_takes_all_until_he_is_level():
    team = [Load(employee_id=IVAN, clients=4), Load(employee_id=OLGA, clients=4), Load(employee_id=PYOTR)]

    owners = level([ownerless(number) for number in range(7)], loads=team, tie=drawn(0))

    got = list(owners.values())
    assert {who: got.count(who) for who in (IVAN, OLGA, PYOTR)} == {IVAN: 1, OLGA: 1, PYOTR: 5}


def test_a_locked_client_goes_to_somebody_else():
    owners = level(
        [ownerless(BOLT_SERVICE, lost_by=(PYOTR,))],
        loads=[Load(employee_id=PYOTR), Load(employee_id=IVAN, clients=1000)],
        tie=drawn(0),
    )

    assert owners == {BOLT_SERVICE: IVAN}


def test_a_client_whom_nobody_may_have_stays_without_an_owner():
    nobody_s = [ownerless(number, lost_by=(IVAN, OLGA)) for number in (BOLT_SERVICE, STALKER)]

    owners = level(
        [*nobody_s, ownerless(GAIKA, lost_by=(OLGA,))],
        loads=[Load(employee_id=IVAN), Load(employee_id=OLGA)],
        tie=drawn(0),
    )

    assert owners == {BOLT_SERVICE: None, STALKER: None, GAIKA: IVAN}


def test_a_team_of_nobody_owns_nothing():
    assert level([ownerless(BOLT_SERVICE)], loads=[], tie=drawn(0)) == {BOLT_SERVICE: None}


def test_a_leaver_s_dear_clients_are_not_all_given_to_one():
    clients = [ownerless(number, value=value) for number, value in enumerate([90, 80, 70, 60])]

    owners = level(clients, loads=[Load(employee_id=IVAN), Load(employee_id=OLGA)], tie=drawn(0))

    assert owners[0] == owners[3]
    assert owners[1] == owners[2]
    assert owners[0] != owners[1]


def test_he_who_holds_less_value_gets_the_dearer_of_a_round():
    team = [Load(employee_id=IVAN, clients=5, value=900), Load(employee_id=OLGA, clients=5, value=100)]

    owners = level([ownerless(1, value=50), ownerless(2, value=70)], loads=team, tie=drawn(0))

    assert owners == {1: IVAN, 2: OLGA}


def test_half_a_load_share_takes_half_the_clients_and_none_takes_nobody():
    team = [
        Load(employee_id=IVAN),
        Load(employee_id=OLGA, share=0.5),
        Load(employee_id=PYOTR, share=0.0),
    ]

    owners = level([ownerless(number) for number in range(30)], loads=team, tie=drawn(0))

    got = list(owners.values())
    assert {who: got.count(who) for who in (IVAN, OLGA, PYOTR)} == {IVAN: 20, OLGA: 10, PYOTR: 0}


def test_a_lock_met_late_moves_those_given_before():
    free, locked = ownerless(BOLT_SERVICE, value=900), ownerless(STALKER, value=1, lost_by=(OLGA,))

    for seed in range(10):
        owners = level([free, locked], loads=[Load(employee_id=IVAN), Load(employee_id=OLGA)], tie=drawn(seed))

        assert owners == {BOLT_SERVICE: OLGA, STALKER: IVAN}


def test_locks_are_met_by_a_chain_of_hand_overs():
    clients = [
        ownerless(1, value=9, lost_by=(PYOTR,)),
        ownerless(2, value=8, lost_by=(PYOTR,)),
        ownerless(3, value=7, lost_by=(IVAN,)),
        ownerless(4, value=6, lost_by=(IVAN,)),
        ownerless(5, value=5, lost_by=(IVAN, PYOTR)),
        ownerless(6, value=4, lost_by=(IVAN, PYOTR)),
    ]
    team = [Load(employee_id=who) for who in (IVAN, OLGA, PYOTR)]

    for seed in range(20):
        got = list(level(clients, loads=team, tie=drawn(seed)).values())

        assert {who: got.count(who) for who in (IVAN, OLGA, PYOTR)} == {IVAN: 2, OLGA: 2, PYOTR: 2}


def test_the_one_spare_client_is_not_always_the_eldest_s():
    team = [Load(employee_id=who) for who in (IVAN, OLGA, PYOTR)]

    first = [level([ownerless(BOLT_SERVICE)], loads=team, tie=drawn(day))[BOLT_SERVICE] for day in range(300)]

    assert all(70 <= first.count(who) <= 130 for who in (IVAN, OLGA, PYOTR))


def test_the_draw_is_the_same_however_the_team_is_listed():
    assert draw([IVAN, OLGA, PYOTR], tie=drawn(3)) == draw([PYOTR, OLGA, IVAN], tie=drawn(3))


@pytest.mark.parametrize(
    ("clients", "loads"),
    [
        ([ownerless(1), ownerless(1)], [Load(employee_id=IVAN)]),
        ([ownerless(1)], [Load(employee_id=IVAN), Load(employee_id=IVAN, clients=7)]),
        ([ownerless(1)], [Load(employee_id=IVAN, share=-1.0)]),
    ],
)
def test_a_team_that_cannot_be_is_refused(clients: list[Levelled], loads: list[Load]):
    with pytest.raises(ValueError):
        level(clients, loads=loads, tie=drawn(0))


def a_sheet(slots: dict[int, float]) -> Allotment[Levelled]:
    return Allotment(scale=slots, price=lambda count, scale: (count / scale, 0.0), limited=True)


def test_a_full_sheet_makes_room_by_a_chain_and_says_who_took_the_client():
    sheet = a_sheet({IVAN: 1.0, OLGA: 1.0, PYOTR: 1.0})
    anyone, not_olga = ownerless(BOLT_SERVICE), ownerless(STALKER, lost_by=(PYOTR,))

    assert sheet.place(anyone) == IVAN
    assert sheet.place(not_olga) == OLGA
    assert sheet.place(ownerless(GAIKA, lost_by=(OLGA, PYOTR))) == IVAN

    assert sheet.held == {
        IVAN: [ownerless(GAIKA, lost_by=(OLGA, PYOTR))],
        OLGA: [not_olga],
        PYOTR: [anyone],
    }
    assert not sheet.has_room


def test_who_is_beyond_help_is_passed_by_and_the_others_still_take():
    sheet = a_sheet({IVAN: 1.0, OLGA: 2.0})
    only_ivan = [ownerless(number, lost_by=(OLGA,)) for number in (1, 2, 3)]

    assert [sheet.place(client) for client in only_ivan] == [IVAN, None, None]
    assert sheet.place(ownerless(4)) == OLGA
    assert sheet.has_room


def unevenness(counts: dict[int, int], team: list[Load]) -> float:
    """Return how far the counts are from the load shares, in squares (what Sainte-Laguë makes least)."""
    return sum((counts[load.employee_id] + load.clients) ** 2 / load.share for load in team)


def test_a_hand_over_that_opens_the_way_to_another_is_followed_by_it():
    locks = ["234", "123", "", "2345", "234", "1234", "2345", "125", "125", "1345"]
    values = [4, 7, 5, 3, 6, 7, 6, 5, 7, 5]
    clients = [
        ownerless(number, value=value, lost_by=tuple(map(int, by)))
        for number, (value, by) in enumerate(zip(values, locks, strict=True), start=2)
    ]
    team = [Load(employee_id=who, clients=2 * (who > 2), share=1.0 if who > 2 else 0.5) for who in range(1, 6)]

    owners = list(level(clients, loads=team, tie=lambda one, who: (one * 7919 + who * 104729) % 1009).values())

    assert unevenness({who: owners.count(who) for who in range(1, 6)}, team) == 66


@pytest.mark.parametrize("seed", range(60))
def test_counts_are_as_even_as_any_way_the_locks_allow(seed: int):
    chance = random.Random(seed)
    team = [Load(employee_id=who, clients=chance.randrange(3), share=chance.choice([0.5, 1.0])) for who in (1, 2, 3)]
    clients = [
        ownerless(number, value=chance.randrange(9), lost_by=tuple(who for who in (1, 2) if chance.random() < 0.5))
        for number in range(6)
    ]
    best = min(
        unevenness({who: way.count(who) for who in (1, 2, 3)}, team)
        for way in product((1, 2, 3), repeat=6)
        if not any(who in client.barred for client, who in zip(clients, way, strict=True))
    )

    owners = list(level(clients, loads=team, tie=drawn(seed)).values())

    assert unevenness({who: owners.count(who) for who in (1, 2, 3)}, team) == pytest.approx(best)


@given(
    clients=st.lists(
        st.builds(
            Levelled,
            client_id=st.integers(1, 1000),
            value=st.integers(0, 9),
            barred=st.frozensets(st.integers(1, 5), max_size=3) | st.just(frozenset()),
        ),
        max_size=30,
        unique_by=lambda client: client.client_id,
    ),
    team=st.lists(
        st.builds(Load, employee_id=st.integers(1, 5), clients=st.integers(0, 5), value=st.integers(0, 50)),
        max_size=5,
        unique_by=lambda load: load.employee_id,
    ),
    seed=st.integers(0, 99),
)
def test_any_clients_are_shared_within_the_locks_and_no_move_makes_it_more_even(
    clients: list[Levelled], team: list[Load], seed: int
):
    owners = level(clients, loads=team, tie=drawn(seed))

    everyone = {load.employee_id for load in team}
    assert set(owners) == {client.client_id for client in clients}
    assert owners == level(clients[::-1], loads=team[::-1], tie=drawn(seed))
    counts = {load.employee_id: load.clients for load in team}
    for owner in owners.values():
        if owner is not None:
            counts[owner] += 1
    for client in clients:
        owner = owners[client.client_id]
        allowed = everyone - client.barred
        assert owner in allowed if allowed else owner is None
        assert owner is None or counts[owner] <= min(counts[who] for who in allowed) + 1
