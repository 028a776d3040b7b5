"""How many clients one person can cover, and what is missing when they are more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.room import calls_missing, people_missing, room_for

shares_of_days = st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), max_size=62)


def test_twenty_calls_a_day_cover_four_hundred_and_sixty_five_clients_a_quarter():
    assert room_for([1.0] * 62, norm=20, reach=0.5, pool_share=0.25) == 465


def test_a_day_of_absence_covers_nobody():
    assert room_for([1.0, 0.0, 1.0], norm=20, reach=0.5, pool_share=0) == 20


def test_a_newcomer_s_days_rise_one_by_one():
    assert room_for([0.25, 0.5, 1.0], norm=20, reach=1, pool_share=0) == 5 + 10 + 20


def test_half_a_conversation_covers_nobody():
    assert room_for([1.0], norm=3, reach=0.5, pool_share=0) == 1


def test_a_negative_share_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="negative"):
        room_for([-0.1], norm=20, reach=0.5, pool_share=0)


def test_one_client_too_many_asks_for_a_whole_person():
    assert (people_missing(0, room=465), people_missing(1, room=465), people_missing(466, room=465)) == (0, 1, 2)


def test_one_who_covers_nobody_is_no_help():
    with pytest.raises(ValueError, match="cover somebody"):
        people_missing(1, room=0)


def test_so_many_calls_a_day_more_cover_those_who_are_left():
    assert calls_missing(62, days=62, reach=0.5, pool_share=0) == 2
    assert calls_missing(63, days=62, reach=0.5, pool_share=0) == 3
    assert calls_missing(0, days=62, reach=0.5, pool_share=0) == 0


def test_without_a_day_no_number_of_calls_helps():
    assert calls_missing(5, days=0, reach=0.5, pool_share=0.25) == 0
    assert calls_missing(5, days=10, reach=0.5, pool_share=1) == 0


@given(shares_of_days, st.integers(1, 40), st.floats(0.1, 1), st.floats(0, 1))
def test_a_day_more_never_makes_the_room_smaller(shares, norm, reach, pool_share):
    room = room_for(shares, norm=norm, reach=reach, pool_share=pool_share)

    assert 0 <= room <= room_for([*shares, 1.0], norm=norm, reach=reach, pool_share=pool_share)
    assert room <= norm * len(shares)
