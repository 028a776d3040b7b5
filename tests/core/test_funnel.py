"""The funnel of calls, and how sure its shares are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.funnel import CASE_DEAL_OF_REACHED, Funnel, wilson

COUNTS = st.lists(st.integers(0, 10_000), min_size=4, max_size=4).map(lambda some: sorted(some, reverse=True))


def test_the_case_sells_to_5_6_of_a_hundred_reached():
    assert pytest.approx(0.056) == CASE_DEAL_OF_REACHED


def test_the_interval_of_wilson_is_that_of_the_book():
    found = wilson(7, 100)

    assert (found.share, found.low, found.high) == (
        0.07,
        pytest.approx(0.0343, abs=1e-4),
        pytest.approx(0.1375, abs=1e-4),
    )


def test_of_nobody_a_share_may_be_anything():
    found = wilson(0, 0)

    assert (found.share, found.low, found.high) == (None, 0, 1)


def test_more_hits_than_tries_are_refused():
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)


def test_each_step_is_a_share_of_the_one_before_it():
    funnel = Funnel(called=200, reached=100, opened=80, deals=6)

    shares = [funnel.reach.share, funnel.openness.share, funnel.closing.share, funnel.yield_of_reached.share]

    assert shares == [0.5, 0.8, 0.075, 0.06]


@given(COUNTS, COUNTS)
def test_shares_lie_within_their_intervals_and_funnels_add_up(one: list[int], other: list[int]):
    first, second = (Funnel(called=a, reached=b, opened=c, deals=d) for a, b, c, d in (one, other))

    both = first + second

    assert [both.called, both.reached, both.opened, both.deals] == [a + b for a, b in zip(one, other, strict=True)]
    for found in (both.reach, both.openness, both.closing, both.yield_of_reached):
        assert 0 <= found.low <= (found.share or 0) <= found.high <= 1
