"""What a typed query may mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.naming import search_key
from budilnik.core.search import Asked, read_query


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Болт-Сервис", ("болт", "сервис")),
        ("  ООО «ЁЛКА» ", ("елка",)),
        ("ип", ("ип",)),
        ("100%", ("100",)),
        ("болт_м12", ("болт", "м12")),
        ("", ()),
        ("«»", ()),
    ],
)
def test_a_name_is_looked_for_by_its_words(typed, words):
    assert read_query(typed).words == words


def test_a_query_of_signs_means_nothing():
    assert not read_query(" — ").means_something


@pytest.mark.parametrize("typed", ["+7 (495) 123-45-67", "8 495 123 45 67", "74951234567", "495 123-45-67"])
def test_a_whole_number_is_known_in_any_writing(typed):
    assert read_query(typed).whole_phone == "+74951234567"


@pytest.mark.parametrize(
    ("typed", "part", "start"),
    [
        ("123-45", "12345", ""),
        ("8 495", "8495", "+7495"),
        ("+7 495", "", "+7495"),
        ("+375 29", "", "+37529"),
        ("(495) 12", "49512", ""),
    ],
)
def test_part_of_a_number_is_looked_for_without_its_signs(typed, part, start):
    asked = read_query(typed)

    assert (asked.phone_part, asked.phone_start, asked.is_exact) == (part, start, False)


def test_a_number_from_abroad_is_whole_with_its_plus_only():
    assert read_query("+375 29 123-45-67").whole_phone == "+375291234567"
    assert read_query("375 29 123-45-67").whole_phone == ""
    assert read_query("+7 495 123").whole_phone == ""


def test_ten_digits_may_be_a_number_and_an_inn():
    asked = read_query("7707083893")

    assert (asked.whole_inn, asked.whole_phone) == ("7707083893", "+77707083893")


def test_twelve_digits_are_an_inn_and_a_beginning_of_one_is_looked_for():
    assert read_query("500100732259").whole_inn == "500100732259"
    assert read_query("5001").inn_start == "5001"
    assert read_query("5001007322591").inn_start == ""


def test_two_digits_are_only_part_of_a_name():
    assert read_query("12") == Asked(words=("12",))


def test_letters_make_no_number():
    assert read_query("завод 8495") == Asked(words=("завод", "8495"))


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read(typed):
    asked = read_query(typed)

    assert not asked.whole_phone or asked.whole_phone.startswith("+")
    assert not asked.is_exact or asked.means_something


# Without «о», of which the legal forms are made: typed alone they stand for nobody.
NAMES = st.text(alphabet="абвгдеёжзйклАБВЕЁЖЙcdXYZ019 -«»\"'.", min_size=1, max_size=30)


@given(name=NAMES, data=st.data())
def test_the_words_of_any_part_stand_in_the_key_of_the_name(name, data):
    first = data.draw(st.integers(0, len(name) - 1))
    last = data.draw(st.integers(first + 1, len(name)))
    part = data.draw(st.sampled_from([str.upper, str.lower, str.title]))(name[first:last])
    part = data.draw(st.sampled_from([part, part.replace("ё", "е").replace("Ё", "Е")]))

    assert all(word in search_key(f"ООО «{name}»") for word in read_query(part).words)
