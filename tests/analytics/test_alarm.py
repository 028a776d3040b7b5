"""The early alarm and the narrowing basket, from the tables of insight."""

from math import isfinite

import pytest

from budilnik.analytics.alarm import ALARM_TERMS, alarm_terms, landmarks, leaving, narrowing, silences
from budilnik.analytics.chances import features
from budilnik.analytics.rhythm import facts, purchase_days
from budilnik.analytics.shipped import LEAVING
from budilnik.core import scores
from made_up_sales import ON, ago, bought, random_lines, rows, sales

BOLT_SERVICE, STALKER, GAIKA = 1, 2, 3
BOLT = 1


def by_client(table):
    return {row["client_id"]: row for row in rows(table, "client_id")}


def many_items(client_id, days_ago, count):
    return [line for item in range(1, count + 1) for line in bought(client_id, item, days_ago)]


def test_the_chance_of_loss_is_that_of_the_rule_in_the_core():
    days = purchase_days(sales(random_lines(seed=4)))

    told, found = by_client(alarm_terms(facts(days, ON))), by_client(leaving(facts(days, ON), LEAVING))

    for client, row in found.items():
        over = told[client]["silent_days"] > 180
        assert row["p_lost"] == pytest.approx(1.0 if over else scores.chance(LEAVING, told[client]))


def test_the_features_of_the_chances_serve_as_well_as_the_facts():
    base = sales(random_lines(seed=4))

    from_facts = by_client(leaving(facts(purchase_days(base), ON), LEAVING))
    from_features = by_client(leaving(features(base, ON), LEAVING))

    assert from_facts == from_features


def test_the_longer_the_silence_the_likelier_the_loss_and_over_half_a_year_it_is_certain():
    steady = range(30, 300, 30)

    def lost_after(silent):
        lines = bought(BOLT_SERVICE, BOLT, [day + silent for day in steady]) + bought(STALKER, BOLT, [10, 5])
        return by_client(leaving(facts(purchase_days(sales(lines)), ON), LEAVING))[BOLT_SERVICE]["p_lost"]

    found = [lost_after(silent - 30) for silent in (30, 60, 90, 120, 150, 180, 181)]

    assert found == sorted(found)
    assert found[-2] < 1.0 == found[-1]


def test_while_nobody_has_bought_twice_the_alarm_is_silent():
    (row,) = rows(leaving(facts(purchase_days(sales(bought(BOLT_SERVICE, BOLT, [9]))), ON), LEAVING))

    assert row["p_lost"] is None


def test_a_past_silence_knows_only_what_was_known_when_it_began():
    days = purchase_days(sales(many_items(BOLT_SERVICE, [100], 4) + bought(BOLT_SERVICE, BOLT, [60, 10])))

    first, second, third = rows(silences(days, ON), "began_on")

    assert [row["wait_days"] for row in (first, second, third)] == [40, 50, None]
    assert (second["purchases"], second["gaps"], second["known_days"]) == (2, 1, 40)
    assert (second["all_items"], second["last_items"], second["revenue"]) == (5, 1, 500)
    assert (first["gaps"], first["log_gaps"]) == (0, 0.0)


def test_the_last_silence_looks_as_the_facts_of_today_do():
    days = purchase_days(sales(random_lines(seed=9)))
    today = by_client(alarm_terms(facts(days, ON)))

    last = landmarks(silences(days, ON), range(800)).filter(lambda t: t.wait_days.isnull())
    told = {(row["client_id"], row["silent_days"]): row for row in rows(last, "client_id", "silent_days")}

    for client, row in today.items():
        same = told[client, row["silent_days"]]
        assert [same[name] for name in ALARM_TERMS] == pytest.approx([row[name] for name in ALARM_TERMS])
        assert all(isfinite(row[name]) for name in ALARM_TERMS)


def test_a_silence_is_looked_at_only_while_it_lasts():
    days = purchase_days(sales(bought(BOLT_SERVICE, BOLT, [100, 60])))

    moments = landmarks(silences(days, ON), [7, 30, 40, 90])

    assert [(row["began_on"], row["silent_days"]) for row in rows(moments, "began_on", "silent_days")] == [
        (ago(100), 7),
        (ago(100), 30),
        *[(ago(60), day) for day in (7, 30, 40, 90)],
    ]


def test_who_used_to_buy_ten_items_and_now_buys_two_has_narrowed():
    narrowed = many_items(BOLT_SERVICE, range(40, 140, 10), 10) + many_items(BOLT_SERVICE, [30, 20, 10], 2)
    as_ever = many_items(STALKER, range(10, 140, 10), 5)

    found = by_client(narrowing(sales(narrowed + as_ever), ON))

    assert (found[BOLT_SERVICE]["breadth"], found[BOLT_SERVICE]["breadth_before"]) == (2.0, 10.0)
    assert (found[BOLT_SERVICE]["narrowed"], found[STALKER]["narrowed"]) == (True, False)


def test_with_few_purchases_before_nobody_can_say_whether_the_basket_has_narrowed():
    found = by_client(narrowing(sales(many_items(GAIKA, [60, 50, 40], 9) + bought(GAIKA, BOLT, [30, 20, 10])), ON))

    assert found[GAIKA]["breadth"] == 1.0
    assert (found[GAIKA]["breadth_before"], found[GAIKA]["narrowed"]) == (None, None)


def test_one_purchase_of_each_client_and_none_at_all_are_no_trouble():
    once = by_client(narrowing(sales(bought(BOLT_SERVICE, BOLT, [5]) + bought(STALKER, BOLT, [5])), ON))

    assert [row["narrowed"] for row in once.values()] == [None, None]
    assert rows(narrowing(sales([], clients=[BOLT_SERVICE]), ON)) == []
