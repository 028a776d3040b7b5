"""What insight learns of the firm once a month, and how it is remembered until the next."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from ibis import _
from ibis.expr.types import Table

from budilnik.analytics.fitting import (
    FITTING,
    HORIZONS,
    Tenth,
    calibration,
    calibration_gap,
    cut_offs,
    foretold,
    known_by,
    month_of,
    renew,
    renew_alarm,
    rows_of,
    silences_of,
)
from budilnik.analytics.shipped import LEAVING, SHIPPED
from budilnik.core.scores import Coefficients, Score, Term

MONTHS_LOOKED_AT = 15
# Of a larger base every so manyth client is asked: a dozen numbers are learnt, and a hundred thousand tell them.
CLIENTS_ASKED = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """The coefficients in force, the month they were chosen in, and how that was decided.

    `calibration` are the tenths of the clients by their chance within 30 days, as it turned out in the last months.
    """

    coefficients: Coefficients
    losing: Score
    month: date | None = None
    choices: Mapping[str, Mapping[str, Any]]
    calibration: tuple[Mapping[str, float], ...] = ()
    calibration_gap: float | None = None


SHIPPED_ONES = Learnt(coefficients=SHIPPED, losing=LEAVING, choices={})


def learn(days: Table, on: date, *, known: Learnt) -> Learnt:
    """Return what is known, learnt anew when a month has begun since.

    The firm's own months are the last fifteen whose outcome is known; with too little history what is shipped stays.

    Source: QUALITY §1, refit on the firm's own months, kept unless better.
    """
    month = on.replace(day=1)
    if known.month == month:
        return known
    told = days.aggregate(first_on=_.on.min(), clients=_.client_id.nunique()).to_pandas().iloc[0]
    if told["clients"] * MONTHS_LOOKED_AT < FITTING.enough_rows:
        return replace(known, month=month, choices={}, calibration=(), calibration_gap=None)
    asked = days.filter(days.client_id % -(-int(told["clients"]) // CLIENTS_ASKED) == 0)
    begun = date.fromisoformat(str(told["first_on"])[:10])
    months = [month_of(asked, cut) for cut in cut_offs(begun, on)[-MONTHS_LOOKED_AT:]]
    coefficients, choices = renew(known.coefficients, months, on=on)
    losing, choice = renew_alarm(known.losing, silences_of(asked, on), on=on)
    decided = {name: asdict(each) for name, each in choices.items()} | ({"losing": asdict(choice)} if choice else {})
    tenths: tuple[Tenth, ...] = ()
    if seen := known_by(months, on, "p30"):
        terms, happened = rows_of(seen[-3:], "p30")
        tenths = calibration(foretold(coefficients.p30, terms), happened) if len(happened) else ()
    return Learnt(
        coefficients=coefficients,
        losing=losing,
        month=month,
        choices=decided,
        calibration=tuple(asdict(tenth) for tenth in tenths),
        calibration_gap=calibration_gap(tenths) if tenths else None,
    )


def to_findings(learnt: Learnt) -> dict[str, Any]:
    """Return what was learnt as JSON."""
    return {
        "learnt": {
            "month": learnt.month.isoformat() if learnt.month else None,
            "coefficients": asdict(learnt.coefficients),
            "losing": asdict(learnt.losing),
            "choices": dict(learnt.choices),
            "calibration": list(learnt.calibration),
            "calibration_gap": learnt.calibration_gap,
        }
    }


def from_findings(findings: Mapping[str, Any]) -> Learnt:
    """Return what the run before had learnt; before the first run, what is shipped.

    Coefficients of other terms than today's are of an older version, and are not taken over.
    """
    kept = findings.get("learnt")
    if not kept or not kept.get("month"):
        return SHIPPED_ONES
    coefficients = Coefficients(**{name: _score(kept["coefficients"][name]) for name in HORIZONS})
    losing = _score(kept["losing"])
    if _names(losing) != _names(LEAVING) or _names(coefficients.p30) != _names(SHIPPED.p30):
        return SHIPPED_ONES
    return Learnt(
        coefficients=coefficients,
        losing=losing,
        month=date.fromisoformat(kept["month"]),
        choices=kept["choices"],
        calibration=tuple(kept["calibration"]),
        calibration_gap=kept["calibration_gap"],
    )


def _score(told: Mapping[str, Any]) -> Score:
    return Score(level=told["level"], terms=tuple(Term(**term) for term in told["terms"]))


def _names(score: Score) -> list[str]:
    return [term.name for term in score.terms]
