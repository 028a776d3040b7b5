"""A refusal tells a person what went wrong, in his language."""

from datetime import date, datetime
from typing import ClassVar

from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.refusal import Refusal


class TaskTaken(Refusal):
    ru: ClassVar[str] = "Задание {task} уже взял {who}."
    en: ClassVar[str] = "Task {task} has been taken by {who}."


def test_a_refusal_speaks_both_languages():
    refusal = TaskTaken(task=7, who="Ольга")

    assert refusal.text("ru") == "Задание 7 уже взял Ольга."
    assert refusal.text("en") == "Task 7 has been taken by Ольга."
    assert str(refusal) == refusal.text("en")


@given(who=st.text())
def test_no_name_of_a_client_breaks_the_sentence(who):
    assert who in TaskTaken(task=1, who=who).text("ru")


def test_a_day_is_written_as_the_reader_writes_it():
    refusal = TaskTaken(task=date(2026, 3, 11), who=datetime(2026, 3, 11, 9, 30))

    assert refusal.text("ru") == "Задание 11.03.2026 уже взял 2026-03-11 09:30:00."
    assert refusal.text("en") == "Task 2026-03-11 has been taken by 2026-03-11 09:30:00."
