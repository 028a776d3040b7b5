"""The chance of an order, from the tables of insight."""

from collections import defaultdict
from itertools import pairwise
from math import exp, isfinite, log, log1p
from statistics import mean

import ibis
import pytest

from budilnik.analytics.chances import TERMS, chances, contributions, expected_revenue, features, outcomes
from budilnik.analytics.rhythm import purchase_days
from budilnik.analytics.shipped import SHIPPED
from budilnik.core import scores
from made_up_sales import ON, bought, random_lines, returned, rows, sales

BOLT_SERVICE, STALKER, GAIKA = 1, 2, 3
BOLT, NUT = 1, 2


def by_client(table):
    return {row["client_id"]: row for row in rows(table, "client_id")}


def told_by_hand(lines):
    """The terms of each client, counted in plain Python."""
    nets, items = defaultdict(lambda: defaultdict(int)), defaultdict(lambda: defaultdict(set))
    for line in lines:
        nets[line.client_id][line.on] += line.amount
        items[line.client_id][line.on].add(line.item_id)
    usual_net = mean(log(net) for days in nets.values() for net in days.values())
    usual_items = mean(log(len(found)) for days in items.values() for found in days.values())
    told = {}
    for client, days in nets.items():
        dates = sorted(days)
        gaps = [(later - earlier).days for earlier, later in pairwise(dates)]
        silent, age, n = (ON - dates[-1]).days, (ON - dates[0]).days, len(dates)
        ago = [(ON - day).days for day in dates]
        rate = (sum(days <= 365 for days in ago) + 0.5) / (min(age, 365) + 45)
        lent = exp((sum(map(log, gaps)) + 3 * log(30)) / (len(gaps) + 3))
        overdue = ((age + 60) / (age - silent + 60)) ** (len(gaps) + 1)
        alive = 1 / (1 + (0.5 / (2 + len(gaps)) * overdue if gaps else 0))
        buys = alive * (1 - ((age + 60) / (age + 150)) ** (len(gaps) + 1))
        year = sum(net for day, net in days.items() if (ON - day).days <= 365)
        breadth = [len(items[client][day]) for day in dates]
        told[client] = {
            "silence": log1p(silent),
            "pace": log(rate),
            "orders": log(n),
            "recent": log1p(sum(days <= 90 for days in ago)),
            "overdue": log(silent / lent + 0.05),
            "silence_by_pace": log1p(silent) * log(rate),
            "longest": log1p(silent) - log1p(max(gaps)) if len(gaps) > 1 else 0.0,
            "expected": log(buys / (1 - buys)),
            "year_money": log(0.05 + year / exp(usual_net)),
            "last_money": log(days[dates[-1]]) - usual_net,
            "usual_breadth": log(mean(breadth)) - usual_items,
            "last_breadth": log(breadth[-1]) - usual_items,
        }
    return told


def test_the_terms_of_every_client_are_those_counted_by_hand():
    lines = random_lines(seed=5)

    found = by_client(features(sales(lines), ON))

    expected = told_by_hand(lines)
    assert found.keys() == expected.keys()
    for client, terms in expected.items():
        assert {name: found[client][name] for name in TERMS} == pytest.approx(terms)


def test_the_chances_are_those_of_the_rule_in_the_core_and_the_longer_span_is_never_less_likely():
    terms = features(sales(random_lines(seed=8)), ON)

    found, told = by_client(chances(terms, SHIPPED)), by_client(terms)

    for client, row in found.items():
        thirty, sixty, ninety = (scores.chance(getattr(SHIPPED, name), told[client]) for name in ("p30", "p60", "p90"))
        expected = (thirty, max(thirty, sixty), max(thirty, sixty, ninety))
        assert (row["p30"], row["p60"], row["p90"]) == pytest.approx(expected)
        assert 0 < row["p30"] <= row["p60"] <= row["p90"] < 1


def test_silence_is_foretold_for_active_clients_only():
    active = bought(BOLT_SERVICE, BOLT, [100, 60, 20])
    asleep, new = bought(STALKER, BOLT, [300, 200, 91]), bought(GAIKA, BOLT, [40, 10])

    found = by_client(chances(features(sales(active + asleep + new), ON), SHIPPED))

    assert 0 < found[BOLT_SERVICE]["p_silent90"] < 1
    assert (found[STALKER]["p_silent90"], found[GAIKA]["p_silent90"]) == (None, None)


def test_who_buys_weekly_is_likelier_than_who_has_long_been_silent():
    weekly, asleep = bought(BOLT_SERVICE, BOLT, range(7, 365, 7)), bought(STALKER, BOLT, [340, 330])

    found = by_client(chances(features(sales(weekly + asleep), ON), SHIPPED))

    assert found[BOLT_SERVICE]["p30"] > 0.9
    assert found[STALKER]["p30"] < 0.1


def test_what_each_fact_adds_is_told_as_the_core_tells_it():
    terms = features(sales(random_lines(seed=2)), ON)

    found, told = by_client(contributions(terms, SHIPPED.p30)), by_client(terms)

    for client, row in found.items():
        expected = {part.name: part.adds for part in scores.parts(SHIPPED.p30, told[client])}
        assert {name: row[name] for name in expected} == pytest.approx(expected)


@pytest.mark.parametrize(
    "lines",
    [
        bought(BOLT_SERVICE, BOLT, [1]),
        bought(BOLT_SERVICE, BOLT, [3000, 1]),
        bought(BOLT_SERVICE, BOLT, range(1, 1500)),
        bought(BOLT_SERVICE, BOLT, [5], amount=10**13),
        [*bought(BOLT_SERVICE, BOLT, [5]), returned(STALKER, BOLT, 3)],
        bought(BOLT_SERVICE, BOLT, [2, 0, -3]),
    ],
    ids=["once", "after years", "every day", "a fortune", "returns beside", "the future"],
)
def test_every_term_and_chance_is_a_number_however_odd_the_sales(lines):
    terms = features(sales(lines), ON)
    foretold = chances(terms, SHIPPED)

    (row,), (told,) = rows(foretold), rows(terms)
    (money,) = rows(expected_revenue(terms, foretold))

    assert all(isfinite(told[name]) for name in TERMS)
    assert all(0 < row[name] < 1 for name in ("p30", "p60", "p90"))
    assert money["expected_90"] >= 0


def test_without_sales_there_is_nobody_to_foretell():
    terms = features(sales([], clients=[BOLT_SERVICE]), ON)

    assert rows(chances(terms, SHIPPED)) == []


def test_expected_revenue_is_the_mean_of_a_stream_with_that_chance_times_the_average_order():
    terms = features(sales(bought(BOLT_SERVICE, BOLT, [30, 20], amount=1000)), ON)
    foretold = terms.select("client_id", p90=ibis.literal(0.75))

    (row,) = rows(expected_revenue(terms, foretold))

    assert row["expected_90"] == round(log(4) * 1000)


def test_the_wait_for_the_next_purchase_counts_from_the_morning():
    days = purchase_days(sales(bought(BOLT_SERVICE, BOLT, [9, 0, -4]) + bought(STALKER, BOLT, [9, -31])))

    found = {client: row["wait_days"] for client, row in by_client(outcomes(days, ON)).items()}

    assert found == {BOLT_SERVICE: 0, STALKER: 31}
