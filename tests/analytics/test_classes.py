"""Classes of clients: by revenue, potential, regularity and RFM, and how clients move between them."""

from collections import defaultdict
from itertools import pairwise
from math import log
from statistics import stdev

import pytest

from budilnik.analytics.classes import WalletPolicy, abc, abcd, movement, regularity, rfm
from made_up_sales import ON, ago, bought, random_lines, returned, rows, sales

BOLT_SERVICE, STALKER, GAIKA, KREPMASTER, METIZ = 1, 2, 3, 4, 5
BOLT = 1


def classes(table, column):
    return {row["client_id"]: row[column] for row in rows(table, "client_id")}


def revenues(**amounts):
    """Sales of the given totals a hundred days ago: c1=80 is client 1 for 80."""
    return [line for name, amount in amounts.items() for line in bought(int(name[1:]), BOLT, [100], amount=amount)]


def test_who_crosses_eighty_percent_is_still_a_and_who_crosses_ninety_five_still_b():
    base = sales(revenues(c1=79, c2=2, c3=13, c4=2, c5=4), clients=[6])

    assert classes(abc(base, ON), "abc") == {1: "A", 2: "C", 3: "A", 4: "C", 5: "B", 6: "D"}


def test_of_equal_clients_the_smaller_key_comes_first():
    base = sales(revenues(c1=10, c2=10, c3=10, c4=10, c5=10))

    assert classes(abc(base, ON), "abc") == {1: "A", 2: "A", 3: "A", 4: "A", 5: "B"}


def test_returns_are_taken_off_and_returns_alone_are_no_order():
    lines = bought(BOLT_SERVICE, BOLT, [10], amount=100) + bought(STALKER, BOLT, [10], amount=100)
    lines += [returned(STALKER, BOLT, 5, amount=300), returned(GAIKA, BOLT, 5)]

    base = sales(lines)

    assert classes(abc(base, ON), "abc") == {BOLT_SERVICE: "A", STALKER: "C", GAIKA: "D"}
    assert classes(abc(base, ON), "revenue_365") == {BOLT_SERVICE: 100, STALKER: -200, GAIKA: -100}


def test_the_year_begins_365_days_before_and_ends_on_the_eve():
    lines = [*bought(1, BOLT, [365]), *bought(2, BOLT, [366]), *bought(3, BOLT, [0]), *bought(4, BOLT, [1])]

    assert classes(abc(sales(lines), ON), "abc") == {1: "A", 2: "D", 3: "D", 4: "A"}


@pytest.mark.parametrize("seed", [1, 2])
def test_abc_is_that_of_the_running_sum(seed):
    lines = random_lines(seed=seed)

    found = classes(abc(sales(lines), ON), "abc")

    totals = defaultdict(int)
    for line in lines:
        totals[line.client_id] += line.amount if line.on >= ago(365) else 0
    so_far, whole = 0, sum(totals.values())
    for client in sorted(totals, key=lambda client: (-totals[client], client)):
        expected = "D" if not totals[client] else "A" if so_far < 0.8 * whole else "B" if so_far < 0.95 * whole else "C"
        assert found[client] == expected
        so_far += totals[client]


def test_potential_and_our_share_of_it_give_the_class_and_without_it_revenue_does():
    lines = revenues(c1=600, c2=100, c3=60, c4=10, c5=5_000)
    potentials = {BOLT_SERVICE: 1_000, STALKER: 1_000, GAIKA: 100, KREPMASTER: 100}

    base = sales(lines, clients=[6], potentials=potentials)

    assert classes(abcd(base, ON), "abcd") == {1: "A", 2: "B", 3: "C", 4: "D", 5: "A", 6: "D"}
    assert classes(abcd(base, ON), "by_potential") == {1: True, 2: True, 3: True, 4: True, 5: False, 6: False}
    assert classes(abcd(base, ON), "wallet_share") == {1: 0.6, 2: 0.1, 3: 0.6, 4: 0.1, 5: None, 6: None}


def test_a_potential_of_nought_is_unknown_and_more_than_all_is_all():
    base = sales(revenues(c1=300, c2=50), potentials={BOLT_SERVICE: 100, STALKER: 0})

    assert classes(abcd(base, ON, policy=WalletPolicy()), "wallet_share") == {BOLT_SERVICE: 1.0, STALKER: None}


@pytest.mark.parametrize(
    ("days", "letter"),
    [([30, 60, 90, 121], "X"), ([1, 5, 90, 130], "Z"), ([10, 40, 130, 160], "Y"), ([10, 40, 70], "?")],
)
def test_regularity_is_the_spread_of_the_gaps_and_needs_three_of_them(days, letter):
    base = sales(bought(BOLT_SERVICE, BOLT, days))

    (row,) = rows(regularity(base, ON))

    gaps = [log(later - earlier) for earlier, later in pairwise(days)]
    assert (row["gaps"], row["regularity"]) == (len(gaps), letter)
    assert row["spread"] == (pytest.approx(stdev(gaps)) if letter != "?" else None)


def test_who_has_not_bought_has_no_regularity():
    (row,) = rows(regularity(sales([], clients=[BOLT_SERVICE]), ON))

    assert (row["gaps"], row["spread"], row["regularity"]) == (0, None, "?")


def test_equal_gaps_have_no_spread():
    (row,) = rows(regularity(sales(bought(BOLT_SERVICE, BOLT, range(1, 300, 7))), ON))

    assert row["spread"] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("seed", [1, 2])
def test_rfm_puts_a_fifth_of_the_clients_into_each_place(seed):
    lines = random_lines(seed=seed)
    base = sales(lines)

    found = {row["client_id"]: row for row in rows(rfm(base, ON))}

    days, spent = defaultdict(set), defaultdict(int)
    for line in lines:
        days[line.client_id].add((ON - line.on).days)
        spent[line.client_id] += line.amount if line.on >= ago(365) else 0
    worst_first = {
        "recency": sorted(days, key=lambda c: (-min(days[c]), -c)),
        "frequency": sorted(days, key=lambda c: (sum(day <= 365 for day in days[c]), -c)),
        "money": sorted(days, key=lambda c: (spent[c], -c)),
    }
    for name, order in worst_first.items():
        assert {c: found[c][name] for c in order} == {c: place * 5 // len(order) + 1 for place, c in enumerate(order)}
    assert all(row["rfm"] == row["recency"] + row["frequency"] + row["money"] for row in found.values())


def test_movement_counts_who_went_from_class_to_class_with_the_money():
    lines = [*bought(1, BOLT, [500, 400], amount=900), *bought(2, BOLT, [300], amount=40), *bought(3, BOLT, [10])]
    base = sales(lines)

    found = rows(movement(abc(base, ago(200)), abc(base, ON), column="abc"), "from_class", "to_class")

    assert [(row["from_class"], row["to_class"], row["clients"], row["money"]) for row in found] == [
        ("A", "D", 1, 0),
        ("C", "A", 1, 40),
        ("D", "A", 1, 100),
    ]


def test_who_is_in_one_classing_only_comes_from_nowhere():
    base = sales([*bought(BOLT_SERVICE, BOLT, [300]), *bought(STALKER, BOLT, [10])])

    found = rows(movement(rfm(base, ago(100)), rfm(base, ON), column="recency"), "from_class", "to_class")

    assert [(row["from_class"], row["to_class"], row["clients"], row["money"]) for row in found] == [
        ("", "2", 1, None),
        ("1", "1", 1, None),
    ]


def test_without_sales_every_table_is_there_and_empty_or_d():
    base = sales([], clients=[BOLT_SERVICE])

    assert classes(abc(base, ON), "abc") == classes(abcd(base, ON), "abcd") == {BOLT_SERVICE: "D"}
    assert rows(rfm(base, ON)) == []
