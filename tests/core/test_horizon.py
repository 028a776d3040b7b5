"""The own queue: Ivan's thousand clients, and the conversations he has for them."""

import random
from math import floor, inf

import highspy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.horizon import DEFAULT_HORIZON, Candidate, HorizonPolicy, OwnQueue, rank_own

BOLT_SERVICE, STALKER, GAIKA, KREPMASTER = 1, 2, 3, 4


def seeded(client_id: int) -> int:
    return client_id * 2654435761 % 2**32


def client(
    client_id: int,
    *,
    due_in: int | None,
    value: int = 100,
    own: float = 0.0,
    covered: bool = False,
    quarter_chance: float | None = None,
) -> Candidate:
    return Candidate(
        client_id=client_id,
        due_in=due_in,
        value=value,
        own_order_chance=own,
        covered=covered,
        quarter_chance=quarter_chance,
    )


def queue_of(
    candidates: list[Candidate],
    *,
    offered: list[float],
    reach: float = 0.5,
    policy: HorizonPolicy = DEFAULT_HORIZON,
) -> OwnQueue:
    return rank_own(candidates, offered=offered, reach=reach, policy=policy, tie=seeded)


def test_with_calls_enough_near_deadlines_come_first_and_then_the_likeliest_to_stay_silent():
    faithful = client(BOLT_SERVICE, due_in=40, value=900, own=0.9)
    silent = client(STALKER, due_in=50, value=1, own=0.1)
    tomorrow = client(GAIKA, due_in=1, value=1, own=0.9)
    today = client(KREPMASTER, due_in=0, value=1, own=0.9)

    queue = queue_of([faithful, silent, tomorrow, today], offered=[10.0] * 62)

    assert queue.order == (KREPMASTER, GAIKA, STALKER, BOLT_SERVICE)
    assert queue.kept == {BOLT_SERVICE, STALKER, GAIKA, KREPMASTER}
    assert (queue.left_out, queue.overloaded, queue.calls_to_save) == ((), False, 0)
    assert queue.load == pytest.approx(4 / 620)


def test_a_prospect_without_a_deadline_waits_for_those_who_can_be_lost_soon():
    prospect = client(BOLT_SERVICE, due_in=None, value=10_000)
    far = client(STALKER, due_in=400, value=20_000)
    near = client(GAIKA, due_in=21, value=0, own=0.9)

    queue = queue_of([prospect, far, near], offered=[1.0] * 62)

    assert queue.order == (GAIKA, STALKER, BOLT_SERVICE)
    assert queue.kept == {GAIKA}
    assert queue.load == pytest.approx(1 / 62)


def test_at_the_month_end_the_dearest_are_kept_and_the_rest_is_said_to_be_lost():
    cheap, dear, middling = (
        client(GAIKA, due_in=1, value=10),
        client(BOLT_SERVICE, due_in=1, value=500),
        client(STALKER, due_in=1, value=90),
    )

    queue = queue_of([cheap, dear, middling], offered=[1.0, 1.0])

    assert queue.kept == {BOLT_SERVICE, STALKER}
    assert queue.left_out == (GAIKA,)
    assert queue.overloaded
    assert queue.calls_to_save == 1


def test_under_overload_the_client_who_can_wait_waits_even_when_he_is_worth_more():
    tomorrow = client(GAIKA, due_in=1, value=300)
    in_a_week = client(BOLT_SERVICE, due_in=5, value=400)
    orders_himself = client(STALKER, due_in=1, value=300, own=0.5)
    others = [client(100 + number, due_in=5, value=1) for number in range(20)]

    queue = queue_of([in_a_week, tomorrow, orders_himself, *others], offered=[1.0] * 6)

    assert queue.overloaded
    assert queue.order[:3] == (GAIKA, BOLT_SERVICE, STALKER)


def test_under_overload_the_kept_come_before_the_left_out_and_those_without_deadline_last():
    kept = client(GAIKA, due_in=1, value=300)
    left_out = client(BOLT_SERVICE, due_in=1, value=200)
    prospect = client(STALKER, due_in=None, value=900, own=0.2)
    silent_prospect = client(KREPMASTER, due_in=None, value=1, own=0.1)

    queue = queue_of([prospect, left_out, silent_prospect, kept], offered=[0.0, 1.0])

    assert queue.overloaded
    assert queue.order == (GAIKA, BOLT_SERVICE, KREPMASTER, STALKER)


def test_under_overload_every_try_that_is_left_makes_waiting_safer():
    second_try, third_try = client(GAIKA, due_in=2, value=100), client(STALKER, due_in=3, value=101)
    fourth_try = client(BOLT_SERVICE, due_in=4, value=102)
    others = [client(100 + number, due_in=5, value=1) for number in range(20)]

    queue = queue_of([third_try, second_try, fourth_try, *others], offered=[1.0] * 6)

    assert queue.order[:3] == (GAIKA, STALKER, BOLT_SERVICE)


def test_under_overload_a_dear_client_is_called_long_before_a_cheap_one_at_his_deadline():
    dear = client(BOLT_SERVICE, due_in=10, value=10_000)
    cheap = client(GAIKA, due_in=1, value=10)
    others = [client(100 + number, due_in=11, value=1) for number in range(20)]

    queue = queue_of(
        [cheap, dear, *others], offered=[1.0] * 12, policy=HorizonPolicy(days=12, value_weight_permille=1000)
    )

    assert queue.order[:2] == (BOLT_SERVICE, GAIKA)


def test_who_is_covered_in_this_quarter_comes_after_all_who_are_not():
    likely_to_order = client(GAIKA, due_in=40, own=0.9, quarter_chance=0.8)
    unlikely = client(STALKER, due_in=60, own=0.95, quarter_chance=0.1)
    covered = client(BOLT_SERVICE, due_in=50, own=0.0, quarter_chance=0.0, covered=True)

    queue = queue_of([covered, likely_to_order, unlikely], offered=[10.0] * 62)

    assert queue.order == (STALKER, GAIKA, BOLT_SERVICE)


def test_a_quarter_that_cannot_be_covered_is_overload_though_few_are_due():
    uncovered = [client(number, due_in=100, quarter_chance=0.5) for number in range(30)]
    covered = [client(100 + number, due_in=100, quarter_chance=0.5, covered=True) for number in range(9)]
    prospects = [client(200 + number, due_in=None, quarter_chance=0.0) for number in range(9)]

    just_enough = queue_of([*uncovered, *covered, *prospects], offered=[20.0])
    too_few = queue_of([*uncovered, *covered, *prospects], offered=[19.0])
    for_coverage = queue_of(uncovered, offered=[19.0], policy=HorizonPolicy(overload_from=inf))

    assert (just_enough.load, just_enough.overloaded) == (0, False)
    assert too_few.overloaded
    assert not for_coverage.overloaded
    assert not queue_of(uncovered, offered=[19.0], policy=HorizonPolicy(own_share=0.8)).overloaded


def test_the_longer_a_talk_lasts_the_less_is_wasted_by_calling_a_day_early():
    base = [client(BOLT_SERVICE, due_in=9, value=100, own=0.0), client(GAIKA, due_in=0, value=1, own=0.0)]
    near = [client(100 + number, due_in=6, value=10, own=0.0) for number in range(9)]

    brief, lasting = (
        queue_of([*base, *near], offered=[0.5] * 62, policy=HorizonPolicy(overload_from=0.1, talk_lasts_days=days))
        for days in (2, 2_000)
    )

    assert brief.order.index(BOLT_SERVICE) > lasting.order.index(BOLT_SERVICE)


def test_a_deadline_is_near_for_22_working_days_and_no_longer():
    near, far = client(GAIKA, due_in=21, own=0.9), client(STALKER, due_in=22, own=0.9)
    silent = client(BOLT_SERVICE, due_in=60, own=0.1)

    assert queue_of([far, silent, near], offered=[1.0] * 62).order == (GAIKA, BOLT_SERVICE, STALKER)


def test_a_load_of_exactly_the_limit_is_not_yet_overload():
    due = [client(number, due_in=4) for number in range(13)]

    at_the_limit, above = queue_of(due, offered=[2.0] * 5), queue_of([*due, client(99, due_in=4)], offered=[2.0] * 5)

    assert (at_the_limit.load, at_the_limit.overloaded) == (1.3, False)
    assert above.overloaded


def test_an_absence_before_the_deadline_is_no_later_chance():
    before_leave = client(GAIKA, due_in=3, value=100)
    after_leave = client(BOLT_SERVICE, due_in=5, value=100)
    others = [client(100 + number, due_in=5, value=1) for number in range(20)]

    queue = queue_of([after_leave, before_leave, *others], offered=[2.0, 0.0, 0.0, 0.0, 1.0, 1.0])

    assert queue.order[:2] == (GAIKA, BOLT_SERVICE)


def test_the_last_chance_is_today_and_goes_first_even_when_there_is_no_room_for_it():
    today = [client(number, due_in=0, value=number) for number in (1, 2, 3)]
    tomorrow = [client(number, due_in=1, value=1000) for number in (11, 12)]

    calm = queue_of([*tomorrow, *today], offered=[2.0, 2.0], policy=HorizonPolicy(overload_from=9.0))
    rush = queue_of([*tomorrow, *today], offered=[2.0, 0.0])

    assert calm.order[:3] == rush.order[:3] == (3, 2, 1)
    assert not calm.overloaded
    assert rush.overloaded


def test_when_everyone_is_due_today_the_dearest_fill_the_day():
    everyone = [client(number, due_in=0, value=number) for number in range(1, 31)]

    queue = queue_of(everyone, offered=[10.0] * 62)

    assert queue.kept == set(range(21, 31))
    assert queue.order == tuple(range(30, 0, -1))
    assert queue.calls_to_save == 40


def test_a_norm_larger_than_the_base_leaves_nobody_out():
    base = [client(number, due_in=number % 3, value=number) for number in range(9)]

    queue = queue_of(base, offered=[20.0] * 62)

    assert queue.kept == set(range(9))
    assert queue.calls_to_save == 0


def test_who_is_absent_all_the_time_keeps_nobody():
    queue = queue_of([client(BOLT_SERVICE, due_in=2), client(GAIKA, due_in=None)], offered=[0.0] * 62)

    assert queue.kept == frozenset()
    assert queue.left_out == (BOLT_SERVICE,)
    assert queue.load == inf
    assert queue.calls_to_save == 2


def test_calls_to_save_are_not_counted_on_days_of_absence():
    due = [client(number, due_in=10) for number in range(10)]

    queue = queue_of(due, offered=[1.0] + [0.0] * 9 + [1.0] * 52)

    assert queue.calls_to_save == 8


def test_nobody_due_is_no_load():
    queue = queue_of([client(BOLT_SERVICE, due_in=None), client(GAIKA, due_in=62)], offered=[0.0])

    assert queue.load == 0
    assert not queue.overloaded
    assert set(queue.order) == {BOLT_SERVICE, GAIKA}


def test_an_empty_base_is_an_empty_queue():
    assert queue_of([], offered=[]) == OwnQueue(
        order=(), kept=frozenset(), left_out=(), load=0.0, overloaded=False, calls_to_save=0
    )


def test_ten_tenths_of_a_conversation_are_one():
    queue = queue_of([client(BOLT_SERVICE, due_in=9)], offered=[0.1] * 10)

    assert queue.kept == {BOLT_SERVICE}


def test_a_base_worth_nothing_is_still_kept_by_deadline_and_ordered_by_the_risk_of_waiting():
    likely = client(BOLT_SERVICE, due_in=2, value=-500, own=0.8)
    unlikely = client(GAIKA, due_in=2, value=0, own=0.1)
    later = client(STALKER, due_in=40, value=0)

    queue = queue_of([likely, unlikely, later], offered=[1.0, 0.0, 1.0])

    assert queue.overloaded
    assert queue.kept == {BOLT_SERVICE, GAIKA}
    assert queue.order == (GAIKA, BOLT_SERVICE, STALKER)


def test_coverage_alone_keeps_as_many_and_prefers_the_earlier_deadline():
    dear_later = client(BOLT_SERVICE, due_in=1, value=900)
    cheap_sooner = client(GAIKA, due_in=0, value=1)

    queue = queue_of([dear_later, cheap_sooner], offered=[1.0], policy=HorizonPolicy(value_weight_permille=0))

    assert queue.kept == {GAIKA}


@pytest.mark.parametrize("permille", [1, 500, 1000])
def test_any_weight_of_value_keeps_the_same_clients_for_their_number_is_the_same(permille: int):
    base = [client(number, due_in=number % 4, value=number * 7 % 11) for number in range(20)]

    queue = queue_of(base, offered=[2.0] * 4, policy=HorizonPolicy(value_weight_permille=permille))

    assert queue.kept == queue_of(base, offered=[2.0] * 4).kept
    assert len(queue.kept) == 8


def test_the_order_does_not_depend_on_the_order_of_the_base():
    base = [client(number, due_in=number % 5, value=number % 2, own=0.5) for number in range(40)]

    assert queue_of(base, offered=[4.0] * 5) == queue_of(base[::-1], offered=[4.0] * 5)


@pytest.mark.parametrize(
    ("base", "offered", "reach"),
    [
        ([client(1, due_in=0)], [1.0], 0.0),
        ([client(1, due_in=0)], [1.0], 1.1),
        ([client(1, due_in=0)], [-1.0], 0.5),
        ([client(1, due_in=0), client(1, due_in=3)], [1.0], 0.5),
        ([client(1, due_in=-1)], [1.0], 0.5),
    ],
)
def test_a_question_without_an_answer_is_refused(base: list[Candidate], offered: list[float], reach: float):
    with pytest.raises(ValueError):
        queue_of(base, offered=offered, reach=reach)


def slots_of(offered: list[float]) -> list[int]:
    ends = [floor(sum(offered[: day + 1]) + 1e-9) for day in range(len(offered))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def servable(candidates: list[Candidate], offered: list[float]) -> bool:
    """Serve the earliest deadline first, day by day: possible if no one is passed."""
    waiting = sorted(one.due_in for one in candidates if one.due_in is not None)
    for day, slots in enumerate(slots_of(offered)):
        waiting = waiting[slots:]
        if waiting and waiting[0] <= day:
            return False
    return not waiting


def weights(due: list[Candidate], policy: HorizonPolicy) -> dict[int, float]:
    share = policy.value_weight_permille / 1000
    mean = sum(one.value for one in due) / max(len(due), 1)
    if not mean:
        return {one.client_id: 1.0 for one in due}
    return {one.client_id: share * one.value + (1 - share) * mean for one in due}


def optimum(due: list[Candidate], *, offered: list[float], weight: dict[int, float]) -> float:
    """Return the greatest weight of clients served in time, by HiGHS as an assignment to days."""
    model = highspy.Highs()
    model.silent()
    served = {
        (one.client_id, day): model.addBinary(obj=-weight[one.client_id])
        for one in due
        for day in range(min(one.due_in + 1, len(offered)))
    }
    for one in due:
        model.addConstr(sum(var for (who, _), var in served.items() if who == one.client_id) <= 1)
    for day, slots in enumerate(slots_of(offered)):
        on_day = [var for (_, when), var in served.items() if when == day]
        if on_day:
            model.addConstr(sum(on_day) <= slots)
    model.run()
    return -model.getObjectiveValue()


@pytest.mark.parametrize("seed", range(150))
def test_the_kept_set_weighs_as_much_as_the_optimum_of_an_independent_solver(seed: int):
    chance = random.Random(seed)
    policy = HorizonPolicy(days=6, value_weight_permille=chance.choice([0, 250, 500, 1000]))
    offered = [chance.choice([0, 0.5, 1, 1.3, 2]) for _ in range(6)]
    base = [
        client(number, due_in=chance.choice([None, 0, 1, 2, 3, 4, 5, 7]), value=chance.choice([0, 5, 20, 70]))
        for number in range(chance.randrange(1, 16))
    ]

    queue = queue_of(base, offered=offered, policy=policy)

    due = [one for one in base if one.due_in is not None and one.due_in < 6]
    weight = weights(due, policy)
    best = optimum(due, offered=offered, weight=weight) if due else 0.0
    assert sum(weight[one] for one in queue.kept) == pytest.approx(best)
    assert servable([one for one in due if one.client_id in queue.kept], offered)


CANDIDATES = st.lists(
    st.builds(
        Candidate,
        client_id=st.integers(1, 10**6),
        due_in=st.none() | st.integers(0, 12),
        value=st.integers(-5, 1000),
        own_order_chance=st.floats(0, 1),
        covered=st.booleans(),
        quarter_chance=st.none() | st.floats(0, 1),
    ),
    max_size=40,
    unique_by=lambda one: one.client_id,
)


@given(
    base=CANDIDATES,
    offered=st.lists(st.sampled_from([0.0, 0.35, 0.5, 1.0, 2.5]), min_size=10, max_size=10),
    reach=st.sampled_from([0.3, 0.5, 1.0]),
)
def test_any_base_is_queued_whole_and_kept_as_far_as_it_can_be(
    base: list[Candidate], offered: list[float], reach: float
):
    policy = HorizonPolicy(days=10)

    queue = queue_of(base, offered=offered, reach=reach, policy=policy)

    due = {one.client_id: one for one in base if one.due_in is not None and one.due_in < 10}
    assert sorted(queue.order) == sorted(one.client_id for one in base)
    assert queue.kept | set(queue.left_out) == set(due)
    assert not queue.kept & set(queue.left_out)
    assert servable([due[one] for one in queue.kept], offered)
    for one in queue.left_out:
        assert not servable([due[one], *(due[other] for other in queue.kept)], offered)

    last_chance = {one.client_id for one in due.values() if one.due_in == 0}
    assert set(queue.order[: len(last_chance)]) == last_chance

    worked = [bool(day) or any(one.due_in == at for one in due.values()) for at, day in enumerate(offered)]
    more = [
        [day + (queue.calls_to_save - less) * reach * works for day, works in zip(offered, worked, strict=True)]
        for less in (0, 1)
    ]
    assert servable(list(due.values()), more[0])
    assert queue.calls_to_save == 0 or not servable(list(due.values()), more[1])
