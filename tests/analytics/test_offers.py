"""What is offered: the expressions beside the same rules written out, and bases where there is little to say."""

from collections import defaultdict
from math import exp, log, sqrt

import ibis
import pytest

from budilnik.analytics.baskets import baskets, goods
from budilnik.analytics.offers import due_again, neighbours, new_goods, stopped
from budilnik.core.offers import COMPANY, REPEAT, CompanyPolicy, RepeatPolicy, demand, has_stopped, item_interval
from made_up_sales import ON, Line, ago, bought, random_lines, returned, rows, sales

BOLT_SERVICE, STALKER, GAIKA = 1, 2, 3
BOLT, NUT, ANCHOR, CAP = 1, 2, 3, 4
OTHERS = range(11, 17)


def kept(lines, **more):
    return baskets(sales(lines, **more), ON).cache()


def as_tuples(table, *columns):
    return [tuple(row[column] for column in columns) for row in rows(table, "client_id", "rank")]


def plain_baskets(lines):
    """The same table by hand: client and item to what is counted of them."""
    days = defaultdict(list)
    for line in lines:
        days[line.client_id, line.item_id].append((ON - line.on).days)
    gaps = [(len(ago_) - 1, max(ago_) - min(ago_)) for ago_ in days.values() if len(ago_) > 1]
    firm = sum(n * log(span / n) for n, span in gaps) / sum(n for n, _ in gaps)
    return {
        key: {
            "times": len(ago_),
            "since": min(ago_),
            "interval": item_interval(len(ago_), max(ago_) - min(ago_), firm),
            "freshness": sum(exp(-day / REPEAT.fading_days) for day in ago_),
        }
        for key, ago_ in days.items()
    }


def plain_goods(plain):
    """How each item sells, by hand."""
    counted = defaultdict(lambda: defaultdict(int))
    for (_, item), facts in plain.items():
        counted[item]["clients"] += 1
        counted[item]["again"] += facts["times"] > 1
        for span in (7, 30, 90, 365):
            counted[item][span] += facts["since"] <= span
    return counted


def pull(sold, weights):
    return demand(weights, week=sold[7], month=sold[30], year=sold[365])


@pytest.fixture(scope="module", params=[1, 2, 3])
def firm(request):
    lines = random_lines(seed=request.param)
    return kept(lines), plain_baskets(lines)


def test_a_basket_counts_different_days_and_knows_the_usual_interval(firm):
    table, plain = firm

    found = {(row["client_id"], row["item_id"]): row for row in rows(table, "client_id", "item_id")}

    assert found.keys() == plain.keys()
    for key, facts in plain.items():
        assert (found[key]["times"], found[key]["days_since"]) == (facts["times"], facts["since"])
        assert found[key]["interval_days"] == pytest.approx(facts["interval"])
        assert found[key]["freshness"] == pytest.approx(facts["freshness"])


def test_goods_due_again_are_those_of_the_rule_in_its_order(firm):
    table, plain = firm
    sold = plain_goods(plain)

    found = rows(due_again(table, limit=3), "client_id", "rank")

    expected = defaultdict(list)
    for (client, item), facts in plain.items():
        if sold[item][90] >= 5:
            again = ((sold[item]["again"] + 1) / (sold[item]["clients"] + 5)) ** REPEAT.again
            expected[client].append((-facts["freshness"] * again * pull(sold[item], REPEAT.demand), item))
    best = [
        (client, item, rank, -score)
        for client in sorted(expected)
        for rank, (score, item) in enumerate(sorted(expected[client])[:3], start=1)
    ]
    assert [(row["client_id"], row["item_id"], row["rank"]) for row in found] == [row[:3] for row in best]
    assert [row["score"] for row in found] == pytest.approx([row[3] for row in best])


def test_goods_stopped_are_those_of_the_core_rule(firm):
    table, plain = firm

    found = {(row["client_id"], row["item_id"]) for row in rows(stopped(table, limit=None), "client_id", "item_id")}

    assert found == {
        key for key, facts in plain.items() if has_stopped(facts["times"], facts["interval"], facts["since"])
    }


def plain_neighbours(plain):
    """Which goods the clients of an item buy too, without bounds: pair to nearness, clients with, clients of both."""
    sold = plain_goods(plain)
    lists = defaultdict(set)
    for (client, item), facts in plain.items():
        if facts["since"] <= 365 and sold[item][365] >= 2:
            lists[client].add(item)
    weight = {client: len(items) ** -COMPANY.breadth for client, items in lists.items()}
    norm = {item: sum(weight[c] for c, items in lists.items() if item in items) for item in sold}
    pairs = {}
    for one in sold:
        for other in sold:
            both = [client for client, items in lists.items() if {one, other} <= items]
            if one != other and len(both) >= COMPANY.clients_of_both and sold[other][90] >= 5:
                near = sum(weight[client] for client in both) / sqrt(norm[one] * norm[other])
                clients = sum(one in items for items in lists.values())
                pairs[one, other] = (near * pull(sold[other], COMPANY.demand), clients, len(both))
    return pairs


def test_neighbours_are_the_goods_of_the_same_clients(firm):
    table, plain = firm

    found = rows(neighbours(table), "because_item_id", "item_id")

    expected = plain_neighbours(plain)
    assert [(row["because_item_id"], row["item_id"]) for row in found] == sorted(expected)
    for row in found:
        near, clients, both = expected[row["because_item_id"], row["item_id"]]
        assert row["nearness"] == pytest.approx(near)
        assert (row["clients_with"], row["clients_both"]) == (clients, both)


def test_new_goods_are_never_bought_and_follow_from_an_own_item(firm):
    table, plain = firm
    pairs = plain_neighbours(plain)

    found = rows(new_goods(table, neighbours(table), limit=4), "client_id", "rank")

    parts = defaultdict(dict)
    for (client, own), facts in plain.items():
        weight = facts["times"] ** COMPANY.repeats * 2 ** (-facts["since"] / COMPANY.halving_days)
        for (one, other), (near, _, _) in pairs.items():
            if one == own and (client, other) not in plain:
                parts[client, other][own] = weight * near
    scores = defaultdict(list)
    for (client, item), reasons in parts.items():
        scores[client].append((-sum(reasons.values()), item))
    best = [
        (client, item, rank)
        for client in sorted(scores)
        for rank, (_, item) in enumerate(sorted(scores[client])[:4], start=1)
    ]
    assert [(row["client_id"], row["item_id"], row["rank"]) for row in found] == best
    for row in found:
        reasons = parts[row["client_id"], row["item_id"]]
        _, clients, both = pairs[row["because_item_id"], row["item_id"]]
        assert row["score"] == pytest.approx(sum(reasons.values()))
        assert reasons[row["because_item_id"]] == max(reasons.values())
        assert (row["clients_with"], row["share_also"]) == (clients, pytest.approx(both / clients))


def bolts_and_anchors():
    """Six clients take bolts and anchors, «Болт-Сервис» takes bolts only."""
    lines = [line for client in OTHERS for item in (BOLT, ANCHOR) for line in bought(client, item, [10, 40, 70])]
    return lines + bought(BOLT_SERVICE, BOLT, [51, 85, 119])


def test_who_buys_bolts_is_offered_anchors_because_six_of_seven_buy_both():
    table = kept(bolts_and_anchors())

    offered = [
        row for row in rows(new_goods(table, neighbours(table)), "client_id") if row["client_id"] == BOLT_SERVICE
    ]

    assert [(row["item_id"], row["because_item_id"], row["clients_with"]) for row in offered] == [(ANCHOR, BOLT, 7)]
    assert offered[0]["share_also"] == pytest.approx(6 / 7)


def test_two_clients_are_no_reason():
    lines = [line for client in OTHERS for line in bought(client, ANCHOR, [10, 40])]
    lines += [line for client in (11, 12, BOLT_SERVICE) for line in bought(client, BOLT, [20])]
    third = bought(13, BOLT, [20])

    two, three = (kept(some) for some in (lines, lines + third))

    assert rows(new_goods(two, neighbours(two))) == []
    assert {row["client_id"] for row in rows(new_goods(three, neighbours(three)))} == {BOLT_SERVICE}


def test_what_does_not_suit_is_offered_neither_as_new_nor_as_due():
    table = kept(bolts_and_anchors())
    refused = ibis.memtable({"client_id": [BOLT_SERVICE] * 2, "item_id": [ANCHOR, BOLT]})

    new = rows(new_goods(table, neighbours(table), refused=refused))
    due = rows(due_again(table, refused=refused), "client_id", "rank")

    assert BOLT_SERVICE not in {row["client_id"] for row in new}
    assert BOLT_SERVICE not in {row["client_id"] for row in due}
    assert {row["client_id"] for row in due} == set(OTHERS)


def test_what_hardly_anybody_buys_now_is_not_offered_again():
    lines = bought(BOLT_SERVICE, CAP, [1, 30]) + [line for c in (2, 3, 4) for line in bought(c, CAP, [5, 95])]

    assert rows(due_again(kept(lines))) == []
    assert len(rows(due_again(kept(lines + bought(5, CAP, [90]))))) == 5


def test_goods_too_fresh_wait_when_the_head_says_so():
    lines = [line for client in OTHERS for line in bought(client, BOLT, [40, 70, 100])]
    lines += bought(BOLT_SERVICE, BOLT, [1, 31, 61])

    offered = due_again(kept(lines), policy=RepeatPolicy(due_from=0.5))

    assert {row["client_id"] for row in rows(offered)} == set(OTHERS)


def test_the_dearest_of_what_stopped_comes_first_and_what_left_the_shelf_last():
    lines = bought(BOLT_SERVICE, BOLT, [400, 410, 420], amount=1_000)
    lines += bought(BOLT_SERVICE, NUT, [300, 310, 320], amount=5_000)
    lines += bought(BOLT_SERVICE, CAP, [300, 310, 320], amount=90_000)
    lines += [line for client in OTHERS for item in (BOLT, NUT) for line in bought(client, item, [3])]

    found = stopped(kept(lines))

    assert as_tuples(found, "item_id", "rank", "times", "days_since", "on_sale") == [
        (NUT, 1, 3, 300, True),
        (BOLT, 2, 3, 400, True),
        (CAP, 3, 3, 300, False),
    ]
    assert [row["amount_yearly"] for row in rows(found, "rank")] == [15_000, 3_000, 270_000]
    assert as_tuples(stopped(kept(lines), limit=1), "item_id") == [(NUT,)]


def test_a_year_of_an_item_taken_for_two_years_is_half_of_what_it_brought():
    lines = bought(BOLT_SERVICE, BOLT, range(1, 730, 7), amount=700)

    (row,) = rows(kept(lines))

    assert row["amount_365"] == 53 * 700
    assert row["amount_yearly"] == pytest.approx(365 * 100, rel=0.01)


def test_without_sales_nothing_is_offered_and_nothing_fails():
    table = kept([], clients=[BOLT_SERVICE])

    assert rows(goods(table)) == rows(due_again(table)) == rows(stopped(table)) == []
    assert rows(new_goods(table, neighbours(table))) == []


def test_one_purchase_a_client_gives_no_interval_and_nothing_stops():
    table = kept([line for client in OTHERS for line in bought(client, BOLT, [20])])

    assert {row["interval_days"] for row in rows(due_again(table))} == {None}
    assert rows(stopped(table)) == []
    assert rows(new_goods(table, neighbours(table))) == []


def test_returns_and_what_comes_later_are_not_in_the_basket():
    lines = [
        *bought(BOLT_SERVICE, BOLT, [10, 20], amount=50),
        returned(BOLT_SERVICE, BOLT, 10, amount=900),
        returned(STALKER, BOLT, 5),
        *bought(GAIKA, NUT, [0, -3]),
    ]

    (row,) = rows(kept(lines))

    assert (row["client_id"], row["times"], row["amount_365"]) == (BOLT_SERVICE, 2, 100)
    assert (row["first_on"], row["last_on"], row["quantity"]) == (ago(20), ago(10), 1000)


def test_a_purchase_for_nothing_is_still_a_purchase():
    table = kept([line for client in OTHERS for line in bought(client, BOLT, [100, 110, 120], amount=-5)])

    assert {row["amount_yearly"] for row in rows(stopped(table))} == {-15}


def test_a_client_of_fifty_thousand_lines_is_bounded():
    everything = [Line(client_id=BOLT_SERVICE, item_id=n % 5_000, on=ago(1 + n // 500)) for n in range(50_000)]
    lines = everything + [line for client in OTHERS for item in range(40) for line in bought(client, item, [3])]
    policy = CompanyPolicy(goods_of_a_client=100)
    table = kept(lines, clients=[GAIKA])

    found = neighbours(table, policy=policy)

    assert table.count().to_pyarrow().as_py() == 5_000 + 240
    assert {row["clients_with"] for row in rows(found)} <= {6, 7}
    assert found.count().to_pyarrow().as_py() <= 40 * policy.neighbours
    assert all(row["client_id"] != BOLT_SERVICE for row in rows(new_goods(table, found)))
