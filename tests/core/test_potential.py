"""A potential is read as people type it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.potential import MOST_ROUBLES, BadPotential, read_potential


@pytest.mark.parametrize(
    ("text", "kopecks"),
    [
        ("", None),
        ("  ", None),
        ("1 200 000", 1_200_000_00),
        ("1\u202f200\xa0000 ₽", 1_200_000_00),
        ("1,2 млн", 1_200_000_00),
        ("1.2M", 1_200_000_00),
        ("300 тыс. руб.", 300_000_00),
        ("2 млрд", 2_000_000_000_00),
        ("99,50 р.", 99_50),
        ("1000000000000", MOST_ROUBLES * 100),
    ],
)
def test_a_sum_is_read_as_it_was_typed(text, kopecks):
    assert read_potential(text) == kopecks


@pytest.mark.parametrize("text", ["0", "-5", "много", "1.2.3", "0,5", "1000000000001", "1" * 40, "12 шт", "1e9"])
def test_what_is_no_sum_is_refused(text):
    with pytest.raises(BadPotential):
        read_potential(text)


@given(roubles=st.integers(1, MOST_ROUBLES))
def test_what_is_shown_is_read_back(roubles):
    assert read_potential(f"{roubles:,}".replace(",", "\u202f") + " ₽") == roubles * 100


@given(text=st.text(max_size=30))
def test_any_text_is_a_positive_sum_nothing_or_refused(text):
    try:
        told = read_potential(text)
    except BadPotential:
        return

    assert told is None or 100 <= told <= MOST_ROUBLES * 100
