"""Names of companies: found whatever the case and the legal form, sorted as in the alphabet."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.naming import search_key, sort_key

ALPHABET = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
WORDS = st.text("деёжйя", max_size=4)
NAMES = st.text(ALPHABET + ALPHABET.upper() + 'abcXYZ0189 «»"-.,_№', max_size=30)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("ООО «Болт-Сервис»", "болт сервис"),
        ('болт-сервис, ооо "', "болт сервис"),
        ("АО Артём_2000", "артем 2000"),
        ("ИП Ёлкин И. И.", "елкин и и"),
        ("Fasteners LLC", "fasteners"),
        ("", ""),
    ],
)
def test_a_client_is_found_without_case_quotes_and_legal_form(written: str, key: str):
    assert search_key(written) == key


def test_a_name_that_is_nothing_but_a_legal_form_keeps_it():
    assert search_key("ООО") == "ооо"
    assert sort_key("АО ООО") == "ао ооо"


def test_a_letter_written_as_two_signs_does_not_split_a_word():
    in_two_signs = normalize("NFD", "Йод Артём")

    assert search_key(in_two_signs) == "йод артем"
    assert sort_key(in_two_signs) == sort_key("Йод Артём")


def test_names_with_yo_stand_right_after_all_with_ye():
    names = ["ООО «Ёлка»", "АО Ежевика", "Жгут", "Ель", "Ея"]

    assert sorted(names, key=sort_key) == ["АО Ежевика", "Ель", "Ея", "ООО «Ёлка»", "Жгут"]


@given(one=WORDS, other=WORDS)
def test_any_two_names_stand_in_the_order_of_the_alphabet(one: str, other: str):
    by_alphabet = sorted([one, other], key=lambda name: [ALPHABET.index(letter) for letter in name])

    # A prefix keeps the two from being legal forms.
    assert sorted([f"я{one}", f"я{other}"], key=sort_key) == [f"я{name}" for name in by_alphabet]


@given(name=NAMES)
def test_any_name_and_its_key_are_found_by_the_same_words(name: str):
    key = search_key(name)

    assert search_key(key) == key
    assert search_key(name.upper()) == key
    assert search_key(f"ООО «болт {name}»") == search_key(f"болт {name}")
