"""Learning from the firm's own months, and keeping what is shipped unless that is better."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from budilnik.analytics.alarm import ALARM_TERMS
from budilnik.analytics.chances import TERMS
from budilnik.analytics.fitting import (
    FITTING,
    NEVER,
    Month,
    Silences,
    Tenth,
    calibration,
    calibration_gap,
    cut_offs,
    fit,
    fit_alarm,
    fit_score,
    foretold,
    known_by,
    levelled,
    log_loss,
    month_of,
    newton,
    refitted,
    renew,
    renew_alarm,
    rows_of,
    silences_of,
)
from budilnik.analytics.rhythm import purchase_days
from budilnik.analytics.shipped import LEAVING, SHIPPED
from budilnik.core.scores import Coefficients, Score, Term, chance
from made_up_sales import ON, ago, bought, random_lines, returned, sales

FIRSTS = [date(2025, month, 1) for month in range(1, 13)]
SMALL = replace(FITTING, enough_rows=50, enough_outcomes=5)


def made_up_month(on, *, clients=400, level=0.0, weight=1.0, seed=0):
    """A month in which the first term alone decides, with a chance of logistic(level + weight x term)."""
    dice = np.random.default_rng((seed, on.toordinal()))
    terms = dice.normal(size=(clients, len(TERMS)))
    buys = dice.random(clients) < 1 / (1 + np.exp(-(level + weight * terms[:, 0])))
    waits = np.where(buys, dice.integers(0, 30, clients), NEVER)
    return Month(on=on, terms=terms, wait_days=waits.astype(float), active=np.ones(clients, dtype=bool))


def flat(weight=0.0, level=0.0):
    return Score(
        level=level,
        terms=tuple(Term(name=name, weight=weight if name == TERMS[0] else 0.0, usual=0.0) for name in TERMS),
    )


def four(score):
    return Coefficients(p30=score, p60=score, p90=score, silent90=score)


def test_what_decides_is_found_and_the_rest_weighs_next_to_nothing():
    month = made_up_month(FIRSTS[0], clients=20_000, level=-1.0, weight=0.8)

    score = fit_score(*rows_of([month], "p30"))

    weights = {term.name: term.weight for term in score.terms}
    assert weights.pop(TERMS[0]) == pytest.approx(0.8, abs=0.06)
    assert max(map(abs, weights.values())) < 0.06


def test_a_term_that_never_varies_weighs_nothing():
    terms = np.column_stack([np.full(100, 7.0), np.arange(100.0)])

    steady, _ = fit_score(terms, np.arange(100) % 3 == 0, names=("steady", "moving")).terms

    assert (steady.weight, steady.usual) == (0.0, 7.0)


def test_the_penalty_holds_weights_that_would_run_away():
    x = np.column_stack([np.ones(10), np.arange(10.0)])

    beta = newton(x, (np.arange(10) > 4).astype(float), ridge=np.array([1e-6, 1.0]))

    assert np.isfinite(beta).all() and 0 < beta[1] < 5


def test_rows_are_foretold_by_the_rule_of_the_core():
    terms = np.random.default_rng(1).normal(size=(5, len(TERMS)))

    found = foretold(SHIPPED.p30, terms)

    assert found == pytest.approx([chance(SHIPPED.p30, dict(zip(TERMS, row, strict=True))) for row in terms])


def test_silence_is_learnt_from_the_active_alone_and_orders_from_everybody():
    month = replace(made_up_month(FIRSTS[0], clients=4), wait_days=np.array([5.0, 45.0, 89.0, 90.0]))
    month = replace(month, active=np.array([True, False, True, True]))

    assert rows_of([month], "p30")[1].tolist() == [True, False, False, False]
    assert rows_of([month], "p60")[1].tolist() == [True, True, False, False]
    assert rows_of([month], "silent90")[1].tolist() == [False, False, True]


def test_only_months_whose_outcome_is_known_teach():
    months = [made_up_month(first, clients=1) for first in FIRSTS]

    assert known_by(months, date(2025, 3, 2), "p30")[-1].on == date(2025, 1, 1)
    assert known_by(months, date(2025, 4, 1), "p90")[-1].on == date(2025, 1, 1)
    assert known_by(months, date(2025, 3, 31), "p90") == []


def test_the_first_half_year_of_sales_and_months_not_yet_over_teach_nothing():
    found = cut_offs(date(2024, 12, 20), date(2025, 12, 31))

    assert (found[0], found[-1], len(found)) == (date(2025, 7, 1), date(2025, 12, 1), 6)
    assert cut_offs(date(2025, 12, 1), ON) == []


def test_the_level_is_set_right_and_the_ranking_kept():
    month = made_up_month(FIRSTS[0], clients=20_000, level=-2.0, weight=1.0)
    terms, happened = rows_of([month], "p30")
    old = flat(weight=1.0, level=1.0)

    new = levelled(old, terms, happened)

    assert foretold(new, terms).mean() == pytest.approx(happened.mean(), abs=1e-3)
    assert (np.argsort(foretold(new, terms)) == np.argsort(foretold(old, terms))).all()


def test_where_the_months_contradict_the_ranking_the_level_alone_is_moved():
    terms, happened = rows_of([made_up_month(FIRSTS[0], clients=5000, level=-1.0, weight=-1.0)], "p30")

    new = levelled(flat(weight=1.0), terms, happened)

    assert new.terms == flat(weight=1.0).terms
    assert foretold(new, terms).mean() < 0.5


def test_better_coefficients_are_taken_and_learn_from_every_known_month():
    months = [made_up_month(first, level=-0.5, weight=1.5) for first in FIRSTS]

    new, choices = renew(four(flat()), months, on=ON, policy=SMALL)

    assert choices["p30"].decision == "refitted"
    assert choices["p30"].loss_refitted < choices["p30"].loss_levelled <= choices["p30"].loss_kept
    assert new.p30 == refitted(known_by(months, ON, "p30"), "p30", policy=SMALL)


def test_right_coefficients_of_a_wrong_level_are_levelled():
    months = [made_up_month(first, clients=100, level=-2.0, weight=1.5) for first in FIRSTS]

    _, choices = renew(four(flat(weight=1.5)), months, on=ON, policy=SMALL)

    assert choices["p30"].decision == "levelled"


def test_coefficients_that_are_right_are_kept():
    months = [made_up_month(first, clients=60, level=-0.5, weight=1.5) for first in FIRSTS]
    old = four(flat(weight=1.5, level=-0.5))

    new, choices = renew(old, months, on=ON, policy=SMALL)

    assert choices["p30"].decision == "kept"
    assert new.p30 == old.p30


@pytest.mark.parametrize("months", [0, 1, 3, 4], ids=str)
def test_with_too_few_months_what_is_shipped_stays(months: int):
    found, choices = renew(SHIPPED, [made_up_month(first) for first in FIRSTS[:months]], on=ON)

    assert (found, choices) == (SHIPPED, {})


def test_with_too_few_clients_what_is_shipped_stays():
    assert renew(SHIPPED, [made_up_month(first, clients=20) for first in FIRSTS], on=ON) == (SHIPPED, {})


def test_months_out_of_order_and_no_months_are_refused():
    months = [made_up_month(first, clients=2) for first in (FIRSTS[1], FIRSTS[0])]

    with pytest.raises(ValueError):
        renew(SHIPPED, months, on=ON)
    with pytest.raises(ValueError):
        fit([])


def test_all_four_scores_are_fitted():
    found = fit([made_up_month(first) for first in FIRSTS])

    assert {term.name for term in found.silent90.terms} == set(TERMS)


def test_a_month_of_the_tables_has_the_base_of_its_morning():
    lines = bought(1, 1, [400, 370]) + bought(2, 1, [90, 60, 30, -5]) + bought(3, 1, [10, -100]) + [returned(4, 1, 9)]

    month = month_of(purchase_days(sales(lines)), ON)

    assert month.terms.shape == (2, len(TERMS))
    assert month.wait_days.tolist() == [5, 100]
    assert month.active.tolist() == [True, False]


def test_what_is_foretold_and_seen_is_shown_by_tenths():
    chances = np.repeat([0.25, 0.75], 64)
    happened = np.concatenate([np.arange(64) < 24, np.arange(64) < 48])

    found = calibration(chances, happened, parts=2)

    assert found == (Tenth(clients=64, foretold=0.25, seen=0.375), Tenth(clients=64, foretold=0.75, seen=0.75))
    assert calibration_gap(found) == 0.0625


def test_fewer_clients_than_tenths_and_none_at_all():
    assert len(calibration(np.array([0.5]), np.array([True]))) == 1
    with pytest.raises(ValueError):
        calibration_gap(())


def test_surprise_is_least_for_who_knew():
    happened = np.array([True, False])

    assert log_loss(np.array([0.9, 0.1]), happened) < log_loss(np.array([0.5, 0.5]), happened)
    assert np.isfinite(log_loss(np.array([0.0, 1.0]), happened))


def test_silences_are_learnt_from_once_half_a_year_has_passed():
    days = purchase_days(sales(bought(1, 1, [500, 400, 190]) + bought(2, 1, [300, 181, 100, 10])))

    known = silences_of(days, ON)

    began = {client.item() for client in known.began_on}
    assert began == {ago(500), ago(400), ago(190), ago(300), ago(181)}
    assert known.begun(before=ago(350)).lost.tolist().count(True) > 0
    assert not known.begun(since=ago(181)).lost.any()


def made_up_silences(count, *, weight):
    dice = np.random.default_rng(5)
    terms = dice.normal(size=(count, len(ALARM_TERMS)))
    began = np.array([np.datetime64(ON) - np.timedelta64(int(days), "D") for days in dice.integers(181, 900, count)])
    return Silences(terms=terms, began_on=began, lost=dice.random(count) < 1 / (1 + np.exp(-weight * terms[:, 0])))


def test_a_better_alarm_is_taken_and_with_few_silences_the_old_one_stays():
    known = made_up_silences(20_000, weight=2.0)

    new, choice = renew_alarm(LEAVING, known, on=ON)

    assert choice is not None and choice.decision == "refitted"
    assert new == fit_alarm(known)
    assert renew_alarm(LEAVING, made_up_silences(300, weight=2.0), on=ON) == (LEAVING, None)


def test_an_alarm_that_is_right_is_kept_and_one_of_a_wrong_level_is_levelled():
    known = made_up_silences(4000, weight=2.0)
    right = fit_alarm(known.begun(since=ago(360)), policy=replace(FITTING, ridge=1e-6))

    kept, first = renew_alarm(right, known, on=ON, policy=SMALL)
    _, second = renew_alarm(replace(right, level=right.level + 2), known, on=ON, policy=SMALL)

    assert first is not None and (first.decision, kept) == ("kept", right)
    assert second is not None and second.decision == "levelled"


def test_the_whole_way_from_sales_to_coefficients():
    days = purchase_days(sales(random_lines(seed=6, clients=150)))
    months = [month_of(days, cut) for cut in cut_offs(ago(700), ON)]

    found, choices = renew(SHIPPED, months, on=ON, policy=SMALL)

    assert months[-1].on + timedelta(days=30) <= ON
    assert set(choices) >= {"p30", "p60"}
    assert all(np.isfinite(term.weight) for term in found.p30.terms)
