"""A chance as a sum of facts, each of which can be told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.scores import Part, Score, Term, chance, parts, reasons, recalibrated

SCORE = Score(
    level=0.0,
    terms=(
        Term(name="silence", weight=-1.0, usual=2.0),
        Term(name="overdue", weight=-0.5, usual=0.0),
        Term(name="pace", weight=0.5, usual=1.0),
    ),
)
USUAL = {"silence": 2.0, "overdue": 0.0, "pace": 1.0}
FACTS = st.fixed_dictionaries({name: st.floats(-50, 50) for name in USUAL})


def test_a_usual_client_has_the_level_of_the_firm_and_nothing_to_tell():
    assert chance(SCORE, USUAL) == 0.5
    assert {part.adds for part in parts(SCORE, USUAL)} == {0.0}


def test_the_weightiest_fact_is_told_first():
    told = parts(SCORE, {"silence": 5.0, "overdue": 0.0, "pace": 2.0})

    assert [(part.name, part.adds) for part in told] == [("silence", -3.0), ("pace", 0.5), ("overdue", 0.0)]


def test_facts_of_one_theme_are_told_as_one():
    told = reasons(SCORE, {"silence": 3.0, "overdue": 2.0, "pace": 4.0})

    assert told == (Part(name="silence", adds=-2.0), Part(name="pace", adds=1.5))


def test_a_fact_without_a_theme_stands_for_itself():
    score = Score(level=0.0, terms=(Term(name="weather", weight=1.0, usual=0.0),))

    assert reasons(score, {"weather": 1.0}) == (Part(name="weather", adds=1.0),)


def test_no_chance_is_quite_nought_or_one():
    assert 0 < chance(SCORE, {"silence": 10**6, "overdue": 0.0, "pace": 1.0}) < 1e-9
    assert 1 - 1e-9 < chance(SCORE, {"silence": -(10**6), "overdue": 0.0, "pace": 1.0}) < 1


def test_a_missing_fact_is_the_callers_mistake():
    with pytest.raises(KeyError):
        chance(SCORE, {"silence": 1.0})


def test_a_slope_that_would_turn_the_ranking_round_is_refused():
    with pytest.raises(ValueError):
        recalibrated(SCORE, intercept=0.0, slope=0.0)


def test_an_intercept_of_nought_and_a_slope_of_one_change_nothing():
    assert recalibrated(SCORE, intercept=0.0, slope=1.0) == SCORE


@given(one=FACTS, other=FACTS, intercept=st.floats(-3, 3), slope=st.floats(0.1, 3))
def test_recalibrating_keeps_the_ranking(one, other, intercept: float, slope: float):
    again = recalibrated(SCORE, intercept=intercept, slope=slope)

    before, after = chance(SCORE, one) - chance(SCORE, other), chance(again, one) - chance(again, other)

    assert before * after >= 0 or abs(before) < 1e-9 or abs(after) < 1e-9
