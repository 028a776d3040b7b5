"""The coefficients of a firm: fitted on its own months, kept unless the later months say the new ones are better."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from ibis.expr.types import Table
from numpy.typing import NDArray

from budilnik.analytics.alarm import ALARM_TERMS, LOST_DAYS, landmarks, silences
from budilnik.analytics.chances import TERMS, features_of, is_active, outcomes
from budilnik.core.scores import Coefficients, Score, Term, recalibrated

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]

NEVER = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class FittingPolicy:
    """When and how a firm's own months are believed.

    `ridge` is the penalty on each standardised weight, in clients; `base_days` the silence up to which a client is of
    the base. The level follows the last `level_months`, for a season moves all clients alike. Within the first
    `warm_up_days` of sales every client looks new, so nothing is learnt from them. A firm with fewer client-months, or
    fewer outcomes of the rarer kind, keeps what is shipped.
    """

    ridge: float = 20.0
    base_days: int = 365
    enough_rows: int = 2000
    enough_outcomes: int = 200
    held_out_months: int = 3
    level_months: int = 2
    warm_up_days: int = 180


FITTING = FittingPolicy()
HORIZONS = {"p30": 30, "p60": 60, "p90": 90, "silent90": 90}


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The base on one morning: the terms of each client, the days until his next purchase, and who was active."""

    on: date
    terms: Floats
    wait_days: Floats
    active: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenth:
    """A tenth of the clients by their chance: what was foretold and what was seen."""

    clients: int
    foretold: float
    seen: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What one score's walk forward has decided: `kept`, `levelled` or `refitted`, with the log losses behind it."""

    decision: str
    loss_kept: float
    loss_levelled: float
    loss_refitted: float


def cut_offs(begins: date, on: date, *, policy: FittingPolicy = FITTING) -> list[date]:
    """Return the first days of the months to learn from on the morning of `on`, sales having begun on `begins`.

    A month whose 30 days are not yet over is not among them.
    """
    opened, closed = begins + timedelta(days=policy.warm_up_days), on - timedelta(days=HORIZONS["p30"])
    months = range(opened.year * 12 + opened.month - 1, closed.year * 12 + closed.month)
    firsts = (date(month // 12, month % 12 + 1, 1) for month in months)
    return [first for first in firsts if opened <= first <= closed]


def month_of(days: Table, on: date, *, policy: FittingPolicy = FITTING) -> Month:
    """Return the base on the morning of `on`, with what came after as far as the table knows it.

    Clients silent for longer than the base allows, and those whose terms are not all known, are left out.

    Source: QUALITY §1, the base of a cut-off.
    """
    terms = features_of(days, on)
    base = terms.filter(terms.silent_days <= policy.base_days).mutate(active=is_active(terms))
    later = outcomes(days, on).rename(later_id="client_id")
    frame = base.left_join(later, base.client_id == later.later_id).select("client_id", *TERMS, "active", "wait_days")
    known = frame.to_pandas().dropna(subset=list(TERMS)).sort_values("client_id")
    return Month(
        on=on,
        terms=known[list(TERMS)].to_numpy(dtype=np.float64),
        wait_days=known["wait_days"].fillna(NEVER).to_numpy(dtype=np.float64),
        active=known["active"].to_numpy(dtype=np.bool_),
    )


def newton(x: Floats, y: Floats, *, ridge: Floats, steps: int = 25) -> Floats:
    """Return the logistic coefficients by Newton's method, the penalty holding each where the rows are silent.

    Source: McCullagh and Nelder, iteratively reweighted least squares; le Cessie and van Houwelingen (1992), ridge.
    """
    beta = np.zeros(x.shape[1])
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        hessian = (x * (chance * (1 - chance))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(hessian, x.T @ (y - chance) - ridge * beta)
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    return beta


def fit_score(terms: Floats, happened: Flags, *, names: Sequence[str] = TERMS, ridge: float = FITTING.ridge) -> Score:
    """Return the score fitted to rows of terms and what happened; a term that never varies weighs nothing.

    Source: QUALITY §1, a transparent score.
    """
    usual, spread = terms.mean(axis=0), terms.std(axis=0)
    unit = np.where(spread > 1e-9, spread, np.inf)
    x = np.column_stack([np.ones(len(terms)), (terms - usual) / unit])
    penalty = np.full(x.shape[1], ridge)
    penalty[0] = 1e-6
    beta = newton(x, happened.astype(np.float64), ridge=penalty)
    weights = beta[1:] / unit
    found = zip(names, weights, usual, strict=True)
    return Score(
        level=float(beta[0]),
        terms=tuple(Term(name=name, weight=float(weight), usual=float(mean)) for name, weight, mean in found),
    )


def rows_of(months: Sequence[Month], which: str) -> tuple[Floats, Flags]:
    """Return the terms and the outcomes one score learns from: `silent90` from the active, and of silence."""
    if which == "silent90":
        terms = np.vstack([month.terms[month.active] for month in months])
        return terms, np.concatenate([month.wait_days[month.active] >= HORIZONS[which] for month in months])
    waits = np.concatenate([month.wait_days for month in months])
    return np.vstack([month.terms for month in months]), waits < HORIZONS[which]


def known_by(months: Sequence[Month], on: date, which: str) -> list[Month]:
    """Return the months whose outcome was known on the morning of `on`."""
    return [month for month in months if month.on + timedelta(days=HORIZONS[which]) <= on]


def enough(happened: Flags, *, policy: FittingPolicy = FITTING) -> bool:
    """Return whether the rows suffice to learn from: many, and with enough of the rarer outcome."""
    rarer = min(int(happened.sum()), int((~happened).sum()))
    return len(happened) >= policy.enough_rows and rarer >= policy.enough_outcomes


def fit(months: Sequence[Month], *, policy: FittingPolicy = FITTING) -> Coefficients:
    """Return the coefficients of the months given, all their outcomes being known.

    Raises: ValueError if there are no months.
    Source: QUALITY §1, multi-slicing (Mirkovic et al. 2022).
    """
    if not months:
        raise ValueError("no months to learn from")
    return Coefficients(**{which: fit_score(*rows_of(months, which), ridge=policy.ridge) for which in HORIZONS})


def refitted(months: Sequence[Month], which: str, *, policy: FittingPolicy = FITTING) -> Score:
    """Return one score learnt from the months, its level set by the last of them."""
    score = fit_score(*rows_of(months, which), ridge=policy.ridge)
    return levelled(score, *rows_of(months[-policy.level_months :], which))


def foretold(score: Score, terms: Floats) -> Floats:
    """Return the chances of rows of terms, by the rule of `core.scores.chance`."""
    weights = np.array([term.weight for term in score.terms])
    usual = np.array([term.usual for term in score.terms])
    odds = score.level + (terms - usual) @ weights
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))))


def log_loss(chances: Floats, happened: Flags) -> float:
    """Return the mean surprise of what happened, in nats."""
    safe = np.clip(chances, 1e-9, 1 - 1e-9)
    return float(-np.where(happened, np.log(safe), np.log1p(-safe)).mean())


def levelled(score: Score, terms: Floats, happened: Flags) -> Score:
    """Return the score with its level and slope set by the rows; the ranking is kept.

    Rows that would turn the ranking round move the level alone.

    Source: QUALITY §1, recalibrate the level on the firm's own months; Cox (1958).
    """
    chances = foretold(score, terms)
    odds = np.log(chances) - np.log1p(-chances)
    x = np.column_stack([np.ones(len(odds)), odds])
    intercept, slope = newton(x, happened.astype(np.float64), ridge=np.full(2, 1e-6))
    if slope <= 0:
        seen, expected = happened.mean(), chances.mean()
        gap = np.log(seen / (1 - seen)) - np.log(expected / (1 - expected))
        return recalibrated(score, intercept=float(gap), slope=1.0)
    return recalibrated(score, intercept=float(intercept), slope=float(slope))


def _choose(old: Score, months: Sequence[Month], which: str, policy: FittingPolicy) -> tuple[Score, Choice | None]:
    held_out = months[-policy.held_out_months :]
    earlier = known_by(months, held_out[0].on, which)
    if not earlier or not enough(rows_of(earlier, which)[1], policy=policy):
        return old, None
    terms, happened = rows_of(held_out, which)
    candidates: dict[str, Callable[[Sequence[Month]], Score]] = {
        "kept": lambda known: old,
        "levelled": lambda known: levelled(old, *rows_of(known[-policy.level_months :], which)),
        "refitted": lambda known: refitted(known, which, policy=policy),
    }
    losses = {name: log_loss(foretold(learn(earlier), terms), happened) for name, learn in candidates.items()}
    decision = min(losses, key=lambda name: losses[name])
    choice = Choice(decision=decision, **{f"loss_{name}": loss for name, loss in losses.items()})
    return candidates[decision](months), choice


def renew(
    old: Coefficients, months: Sequence[Month], *, on: date, policy: FittingPolicy = FITTING
) -> tuple[Coefficients, dict[str, Choice]]:
    """Return the coefficients for the month to come, and for each score what the walk forward has decided.

    Old, levelled and refitted ones are judged by log loss on the last months with a known outcome, having learnt from
    months whose outcome was known before those; the winner then learns from all. With too little history the old ones
    stay and nothing is decided.

    Raises: ValueError if the months are not in order of time.
    Source: QUALITY §1, keep the old ones unless the walk-forward improves.
    """
    if any(later.on <= earlier.on for earlier, later in pairwise(months)):
        raise ValueError("the months are not in order of time")
    scores, choices = {}, {}
    for which in HORIZONS:
        known = known_by(months, on, which)
        score, choice = getattr(old, which), None
        if len(known) > policy.held_out_months:
            score, choice = _choose(score, known, which, policy)
        scores[which] = score
        if choice:
            choices[which] = choice
    return Coefficients(**scores), choices


def calibration(chances: Floats, happened: Flags, *, parts: int = 10) -> tuple[Tenth, ...]:
    """Return what was foretold and seen in each tenth of the clients, the least likely first; no tenth is empty.

    Source: QUALITY §1, calibration by decile.
    """
    order = np.argsort(chances, kind="stable")
    return tuple(
        Tenth(clients=len(tenth), foretold=float(chances[tenth].mean()), seen=float(happened[tenth].mean()))
        for tenth in np.array_split(order, parts)
        if len(tenth)
    )


def calibration_gap(tenths: Sequence[Tenth]) -> float:
    """Return the mean distance of foretold and seen over the tenths.

    Raises: ValueError if there are none.
    """
    if not tenths:
        raise ValueError("no tenths to compare")
    return sum(abs(tenth.foretold - tenth.seen) for tenth in tenths) / len(tenths)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silences:
    """Moments within past silences: the terms of the alarm, when the silence began, and whether it became a loss."""

    terms: Floats
    began_on: NDArray[np.datetime64]
    lost: Flags

    def begun(self, *, before: date | None = None, since: date | None = None) -> "Silences":
        """Return the moments of the silences begun before the one day and not before the other."""
        chosen = np.ones(len(self.lost), dtype=np.bool_)
        if before:
            chosen &= self.began_on < np.datetime64(before)
        if since:
            chosen &= self.began_on >= np.datetime64(since)
        return Silences(terms=self.terms[chosen], began_on=self.began_on[chosen], lost=self.lost[chosen])


def silences_of(days: Table, on: date) -> Silences:
    """Return the moments of all silences whose end, or whose 180 days, were known on the morning of `on`.

    Source: QUALITY §1, silences begun at least 180 days before the end.
    """
    seen = days.filter(days.on < on)
    begun = silences(seen, on)
    moments = landmarks(begun.filter(begun.began_on < on - timedelta(days=LOST_DAYS)))
    frame = moments.select("client_id", "began_on", "silent_days", "wait_days", *ALARM_TERMS).to_pandas()
    known = frame.dropna(subset=list(ALARM_TERMS)).sort_values(["client_id", "began_on", "silent_days"])
    return Silences(
        terms=known[list(ALARM_TERMS)].to_numpy(dtype=np.float64),
        began_on=known["began_on"].to_numpy(dtype="datetime64[D]"),
        lost=(known["wait_days"].fillna(NEVER) > LOST_DAYS).to_numpy(dtype=np.bool_),
    )


def fit_alarm(known: Silences, *, policy: FittingPolicy = FITTING) -> Score:
    """Return the score of the alarm learnt from past silences.

    Source: QUALITY §1; landmarking after van Houwelingen (2007).
    """
    return fit_score(known.terms, known.lost, names=ALARM_TERMS, ridge=policy.ridge)


def renew_alarm(
    old: Score, known: Silences, *, on: date, policy: FittingPolicy = FITTING
) -> tuple[Score, Choice | None]:
    """Return the score of the alarm for the month to come, and what its walk forward has decided.

    The old one and one that learnt from the silences known half a year ago are judged by log loss on those of the half
    year since; the winner learns from all. With too little history the old one stays and nothing is decided.

    Source: QUALITY §1, keep the old ones unless the walk-forward improves.
    """
    since = on - timedelta(days=2 * LOST_DAYS)
    earlier, later = known.begun(before=since - timedelta(days=LOST_DAYS)), known.begun(since=since)
    if not (enough(earlier.lost, policy=policy) and enough(later.lost, policy=policy)):
        return old, None
    kept = log_loss(foretold(old, later.terms), later.lost)
    level = levelled(old, earlier.terms, earlier.lost)
    again = log_loss(foretold(level, later.terms), later.lost)
    anew = log_loss(foretold(fit_alarm(earlier, policy=policy), later.terms), later.lost)
    losses = {"kept": kept, "levelled": again, "refitted": anew}
    decision = min(losses, key=lambda name: losses[name])
    choice = Choice(decision=decision, loss_kept=kept, loss_levelled=again, loss_refitted=anew)
    if decision == "refitted":
        return fit_alarm(known, policy=policy), choice
    return (levelled(old, known.terms, known.lost) if decision == "levelled" else old), choice
