"""Six segments over the fifths of recency and frequency."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.segments import Segment, segment_of

fifths = st.integers(1, 5)
BEST_FIRST = list(Segment)


@pytest.mark.parametrize(
    ("recency", "frequency", "segment"),
    [
        (5, 5, Segment.BEST),
        (4, 4, Segment.BEST),
        (3, 5, Segment.STEADY),
        (5, 3, Segment.STEADY),
        (3, 3, Segment.STEADY),
        (4, 2, Segment.RECENT),
        (2, 4, Segment.SLIPPING),
        (1, 5, Segment.SLIPPING),
        (3, 2, Segment.FADING),
        (2, 3, Segment.FADING),
        (1, 3, Segment.ASLEEP),
        (1, 1, Segment.ASLEEP),
    ],
)
def test_a_client_stands_where_his_fifths_say(recency, frequency, segment):
    assert segment_of(recency, frequency) is segment


@pytest.mark.parametrize("wrong", [0, 6])
def test_there_are_five_fifths(wrong):
    with pytest.raises(ValueError, match="no such fifths"):
        segment_of(wrong, 3)
    with pytest.raises(ValueError, match="no such fifths"):
        segment_of(3, wrong)


@given(fifths, fifths)
def test_who_buys_more_recently_or_more_often_never_falls_asleep_or_out_of_the_best(recency, frequency):
    here = segment_of(recency, frequency)

    later, oftener = segment_of(min(5, recency + 1), frequency), segment_of(recency, min(5, frequency + 1))

    if here is Segment.BEST:
        assert later is oftener is Segment.BEST
    if here is not Segment.ASLEEP:
        assert Segment.ASLEEP not in (later, oftener)
