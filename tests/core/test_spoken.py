"""Days, spans and names sound as people say them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.spoken import addressed, introduced, listed, spoken_count, spoken_day, spoken_span

TODAY = date(2026, 9, 15)


@pytest.mark.parametrize(
    ("day", "language", "said"),
    [
        (date(2026, 3, 12), "ru", "12 марта"),
        (date(2026, 3, 12), "en", "12 March"),
        (date(2025, 12, 1), "ru", "1 декабря 2025 года"),
        (date(2025, 12, 1), "en", "1 December 2025"),
    ],
)
def test_a_day_is_said_with_its_year_only_when_it_is_another_one(day, language, said):
    assert spoken_day(day, on=TODAY, language=language) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 дней"), (1, "1 день"), (2, "2 дня"), (5, "5 дней"), (11, "11 дней"), (21, "21 день"), (112, "112 дней")],
)
def test_a_count_has_the_word_of_its_last_figures(count, said):
    assert spoken_count(count, "day", language="ru") == said


def test_english_has_one_and_many():
    assert [spoken_count(count, "month", language="en") for count in (0, 1, 2)] == ["0 months", "1 month", "2 months"]


def test_a_negative_span_is_a_bug_of_the_caller():
    with pytest.raises(ValueError, match="negative"):
        spoken_count(-1, "day", language="ru")


@pytest.mark.parametrize(
    ("days", "said"),
    [(60, "60 дней"), (61, "2 месяца"), (94, "3 месяца"), (730, "23 месяца"), (731, "2 года"), (2000, "5 лет")],
)
def test_a_long_span_is_told_in_months_and_years(days, said):
    assert spoken_span(days, language="ru") == said


@given(days=st.integers(0, 20_000), language=st.sampled_from(["ru", "en"]))
def test_a_span_is_never_told_longer_than_it_is(days, language):
    number, unit = spoken_span(days, language=language).split()

    least = {"д": 1, "м": 28, "г": 365, "л": 365, "y": 365}.get(unit[0], 1)
    if unit.startswith("month"):
        least = 28
    assert int(number) * least <= max(days, 0) + 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Горелов Иван Петрович", "Иван Петрович"),
        ("Анна Сергеевна Секретарёва", "Анна Сергеевна"),
        ("Анна  Секретарёва", "Анна Секретарёва"),
        ("Карлос Мария Перес", "Карлос Мария Перес"),
        ("", ""),
    ],
)
def test_a_person_is_spoken_to_without_the_surname(name, said):
    assert addressed(name) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Горелов Иван Петрович", "Иван Горелов"),
        ("Анна Сергеевна Секретарёва", "Анна Секретарёва"),
        ("Горелов И. П.", "Горелов И. П."),
        ("Иван Петров", "Иван Петров"),
    ],
)
def test_a_colleague_is_named_as_he_names_himself(name, said):
    assert introduced(name) == said


def test_the_first_goods_are_named_and_empty_ones_are_not():
    assert listed(["болт М12", "", "гайка М12", "шайба"], at_most=2) == "болт М12, гайка М12"
    assert listed([], at_most=3) == ""
