"""A chance as a sum of facts: what each fact adds or takes, so that a person can be told why."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What one fact weighs: `weight` for each unit above or below the `usual` client of the firm."""

    name: str
    weight: float
    usual: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A logistic score: `level` is that of the usual client, the terms say how the facts move it."""

    level: float
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficients:
    """The four scores of a firm: an order within 30, 60, 90 days, and none for 90 days from an active client."""

    p30: Score
    p60: Score
    p90: Score
    silent90: Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one fact adds to the score of one client (below zero: takes from it)."""

    name: str
    adds: float


# Terms of one theme say nearly the same and may pull against each other: a person is told the theme.
THEMES = {
    "silence": "silence",
    "overdue": "silence",
    "longest": "silence",
    "silence_by_pace": "silence",
    "pace": "pace",
    "orders": "pace",
    "recent": "pace",
    "expected": "pace",
    "year_money": "money",
    "last_money": "money",
    "usual_breadth": "breadth",
    "last_breadth": "breadth",
}


def parts(score: Score, facts: Mapping[str, float]) -> tuple[Part, ...]:
    """Return what each fact adds to the score, the weightiest first; equals stand by name.

    A client who is usual in everything has nothing but zeros.

    Units: log odds.
    Raises: KeyError if a fact of the score is missing.
    Source: SPEC §8; the logistic of QUALITY §1 read term by term.
    """
    found = (Part(name=term.name, adds=term.weight * (facts[term.name] - term.usual)) for term in score.terms)
    return tuple(sorted(found, key=lambda part: (-abs(part.adds), part.name)))


def chance(score: Score, facts: Mapping[str, float]) -> float:
    """Return the chance the score gives; beyond odds of e to the 30th it stays there, and is never quite 0 or 1.

    Units: facts as the terms name them; the result in 0..1.
    Raises: KeyError if a fact of the score is missing.
    Source: QUALITY §1, a transparent score.
    """
    odds = score.level + sum(part.adds for part in parts(score, facts))
    return 1 / (1 + exp(-max(-30.0, min(30.0, odds))))


def reasons(score: Score, facts: Mapping[str, float]) -> tuple[Part, ...]:
    """Return what each theme adds to the score, the weightiest first: silence, pace, money, breadth.

    A term that belongs to no theme is a theme of its own.

    Units: log odds.
    Raises: KeyError if a fact of the score is missing.
    Source: SPEC §7, why today.
    """
    themes: dict[str, float] = {}
    for part in parts(score, facts):
        theme = THEMES.get(part.name, part.name)
        themes[theme] = themes.get(theme, 0.0) + part.adds
    found = (Part(name=name, adds=adds) for name, adds in themes.items())
    return tuple(sorted(found, key=lambda part: (-abs(part.adds), part.name)))


def recalibrated(score: Score, *, intercept: float, slope: float) -> Score:
    """Return the score with its level and steepness set right and its ranking kept.

    An intercept of nought and a slope of one change nothing.

    Units: log odds; the slope is a factor.
    Raises: ValueError if the slope is not above zero, for it would turn the ranking round.
    Source: QUALITY §1, the level is set by the firm's own months; Cox (1958) on calibration by intercept and slope.
    """
    if not slope > 0:
        raise ValueError(f"a slope of {slope}")
    steeper = (Term(name=term.name, weight=term.weight * slope, usual=term.usual) for term in score.terms)
    return Score(level=intercept + slope * score.level, terms=tuple(steeper))
