"""The rhythm of each client, from the tables of insight."""

from collections import defaultdict
from itertools import pairwise
from math import isnan, log
from statistics import mean

import pytest

from budilnik.analytics.rhythm import class_ranges, facts, firm_of, purchase_days, rhythm, rhythm_of
from budilnik.core.rhythm import interval_class, usual_interval
from made_up_sales import ON, ago, bought, random_lines, returned, rows, sales

BOLT_SERVICE, STALKER, GAIKA = 1, 2, 3
BOLT, NUT = 1, 2


def by_client(table):
    return {row["client_id"]: row for row in rows(table, "client_id")}


def purchase_dates(lines):
    days = defaultdict(set)
    for line in lines:
        if line.on < ON:
            days[line.client_id].add(line.on)
    return {client: sorted(dates) for client, dates in days.items()}


def gaps_of(dates):
    return [(later - earlier).days for earlier, later in pairwise(dates)]


def test_the_rhythm_of_every_client_is_that_of_the_rule_in_the_core():
    lines = random_lines(seed=3)
    dates = purchase_dates(lines)
    firm = mean(log(gap) for days in dates.values() for gap in gaps_of(days))

    found = by_client(rhythm(sales(lines), ON))

    assert found.keys() == dates.keys()
    for client, days in dates.items():
        gaps = gaps_of(days)
        expected = usual_interval(log_days=sum(map(log, gaps)), gaps=len(gaps), firm_log_days=firm)
        row = found[client]
        assert row["rhythm_days"] == pytest.approx(expected)
        assert (row["purchases"], row["gaps"]) == (len(days), len(gaps))
        assert (row["first_on"], row["last_on"], row["silent_days"]) == (days[0], days[-1], (ON - days[-1]).days)
        assert row["interval_class"] == interval_class(expected)


def test_money_is_that_of_the_purchases_and_of_the_last_year():
    lines = bought(BOLT_SERVICE, BOLT, [400, 300], amount=100) + bought(BOLT_SERVICE, NUT, [300], amount=60)

    row = by_client(rhythm(sales(lines), ON))[BOLT_SERVICE]

    assert (row["average_order"], row["revenue_365"]) == (130, 160)


def test_a_day_of_several_documents_and_goods_is_one_purchase():
    days = purchase_days(sales(bought(BOLT_SERVICE, BOLT, [9]) + bought(BOLT_SERVICE, NUT, [9, 8])))

    assert [(row["on"], row["net"], row["items"]) for row in rows(days, "on")] == [(ago(9), 200, 2), (ago(8), 100, 1)]


def test_nothing_bought_is_an_empty_table():
    assert rows(rhythm(sales([], clients=[BOLT_SERVICE]), ON)) == []


def test_while_nobody_has_bought_twice_the_rhythm_is_missing():
    row = by_client(rhythm(sales(bought(BOLT_SERVICE, BOLT, [9])), ON))[BOLT_SERVICE]

    assert row["purchases"] == 1
    assert [row[name] for name in ("rhythm_days", "interval_class", "rhythm_low", "back_by_days")] == [None] * 4


def test_returns_alone_and_days_of_negative_sums_are_no_purchases():
    lines = [returned(STALKER, BOLT, 5), *bought(GAIKA, BOLT, [20, 10]), returned(GAIKA, BOLT, 10, amount=500)]

    found = by_client(rhythm(sales(lines), ON))

    assert found.keys() == {GAIKA}
    assert (found[GAIKA]["purchases"], found[GAIKA]["last_on"]) == (1, ago(20))


def test_what_happens_on_the_morning_itself_and_later_is_not_seen():
    found = by_client(rhythm(sales(bought(BOLT_SERVICE, BOLT, [30, 10, 0, -5]) + bought(STALKER, BOLT, [-1])), ON))

    assert found.keys() == {BOLT_SERVICE}
    assert (found[BOLT_SERVICE]["purchases"], found[BOLT_SERVICE]["silent_days"]) == (2, 10)


def test_two_who_buy_like_clocks_are_back_by_their_day_and_a_class_with_few_gaps_says_nothing():
    weekly = bought(BOLT_SERVICE, BOLT, range(7, 7 * 40, 7))
    seldom = bought(STALKER, BOLT, [500, 400, 300, 200, 100])

    found = by_client(rhythm(sales(weekly + seldom), ON))

    assert found[BOLT_SERVICE]["back_by_days"] == 7
    assert found[BOLT_SERVICE]["rhythm_low"] == pytest.approx(7, abs=0.5)
    assert found[BOLT_SERVICE]["rhythm_high"] == pytest.approx(7, abs=0.5)
    assert (found[STALKER]["back_by_days"], found[STALKER]["rhythm_high"]) == (None, None)


def test_the_range_is_in_order_and_no_figure_is_nan():
    days = purchase_days(sales(random_lines(seed=11, clients=120)))

    found = rows(rhythm_of(days, ON), "client_id")
    ranges = rows(class_ranges(days, firm_of(facts(days, ON))), "interval_class")

    assert ranges and all(row["low_ratio"] <= row["high_ratio"] for row in ranges)
    assert not any(isinstance(value, float) and isnan(value) for row in found for value in row.values())
