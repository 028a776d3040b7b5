"""What is written by hand is checked before it is kept."""

from calendar import monthrange

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.dossier import (
    BadBirthday,
    BadInfluence,
    NoteEmpty,
    PersonNameless,
    PersonTold,
    TextTooLong,
    check_note,
    check_person,
)


def test_a_person_with_a_name_is_enough():
    check_person(PersonTold(name="Анна"))


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        (PersonTold(name=" "), PersonNameless),
        (PersonTold(name="А" * 161), TextTooLong),
        (PersonTold(name="Анна", post="ы" * 161), TextTooLong),
        (PersonTold(name="Анна", hours="ы" * 121), TextTooLong),
        (PersonTold(name="Анна", influence=0), BadInfluence),
        (PersonTold(name="Анна", influence=6), BadInfluence),
        (PersonTold(name="Анна", birth_day=5), BadBirthday),
        (PersonTold(name="Анна", birth_month=5), BadBirthday),
        (PersonTold(name="Анна", birth_day=30, birth_month=2), BadBirthday),
        (PersonTold(name="Анна", birth_day=0, birth_month=0), BadBirthday),
    ],
)
def test_what_cannot_be_kept_of_a_person_is_refused(told, refusal):
    with pytest.raises(refusal):
        check_person(told)


def test_somebody_is_born_on_29_february():
    check_person(PersonTold(name="Анна", birth_day=29, birth_month=2))


@given(day=st.integers(-1, 33), month=st.integers(-1, 14))
def test_a_birthday_is_a_day_of_a_leap_year(day, month):
    exists = 1 <= month <= 12 and 1 <= day <= monthrange(2024, month)[1]

    try:
        check_person(PersonTold(name="Анна", birth_day=day, birth_month=month))
    except BadBirthday:
        assert not exists
    else:
        assert exists


def test_a_note_has_words_and_an_end():
    check_note("звонить после обеда")

    with pytest.raises(NoteEmpty):
        check_note(" \n ")
    with pytest.raises(TextTooLong):
        check_note("ы" * 2_001)
