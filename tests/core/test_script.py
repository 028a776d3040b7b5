"""The language of scripts: nobody reads the name of a variable aloud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.dossier import TextTooLong
from budilnik.core.script import (
    LONGEST_SCRIPT,
    VARIABLES,
    BracketsOdd,
    ScriptEmpty,
    UnknownVariable,
    check_script,
    fill,
    variables_of,
)

PIECES = st.sampled_from(
    [*(f"{{{name}}}" for name in VARIABLES), "{ghost}", "[", "]", "{", "}", ". ", "? ", "\n", "да "]
)
VALUES = st.dictionaries(st.sampled_from(VARIABLES), st.text(st.sampled_from("аб {}[].\n"), max_size=6))


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (" \n", ScriptEmpty),
        ("а" * (LONGEST_SCRIPT + 1), TextTooLong),
        ("Это {mе}.", UnknownVariable),
        ("Это {me.", BracketsOdd),
        ("Это me}.", BracketsOdd),
        ("Это { }.", BracketsOdd),
        ("Это [{me}.", BracketsOdd),
        ("Это [он [{me}]].", BracketsOdd),
    ],
)
def test_a_text_that_cannot_be_said_is_refused(text, refusal):
    with pytest.raises(refusal) as refused:
        check_script(text)

    assert refused.value.text("ru")
    assert refused.value.text("en")


def test_the_longest_text_with_every_variable_will_do():
    named = " ".join(f"{{{name}}}" for name in VARIABLES)

    check_script(named + "а" * (LONGEST_SCRIPT - len(named)))


def test_an_unknown_variable_is_named_with_those_there_are():
    with pytest.raises(UnknownVariable) as refused:
        check_script("Здравствуйте, {имя}.")

    assert "«имя»" in refused.value.text("ru")
    assert "person" in refused.value.text("ru")


def test_an_optional_part_goes_by_itself():
    text = "Здравствуйте[, {person}]. Это {me}[, {firm}]."

    assert fill(text, {"me": "Иван", "person": "Анна"}) == "Здравствуйте, Анна. Это Иван."


def test_a_sentence_without_its_value_goes_and_the_rest_stays():
    assert (
        fill("Пора взять {goods}. Записать?\nВы брали {stopped}!", {"stopped": "анкер"}) == "Записать? Вы брали анкер!"
    )


def test_a_full_stop_inside_a_value_ends_no_sentence():
    assert fill("Пора: {goods}. Записать?", {"goods": "болт М12. оцинк."}) == "Пора: болт М12. оцинк. Записать?"


def test_when_nothing_is_known_nothing_is_said():
    assert fill("Это {me}.", {"me": " "}) == ""


def test_variables_are_named_once_in_their_order():
    assert variables_of("{me}, {firm} и {me}") == ("me", "firm")


@given(text=st.lists(PIECES, max_size=30).map("".join), values=VALUES)
def test_no_brace_and_no_variable_is_ever_left(text, values):
    said = fill(text, values)

    assert not set(said) & set("{}[]")
    assert said == fill(text, values)
    assert said == " ".join(said.split())
