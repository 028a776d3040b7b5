"""Months of the base, seasons of groups of goods, and whose season comes up."""

from datetime import date

import pytest

from budilnik.analytics.baskets import baskets
from budilnik.analytics.seasons import coming, months, seasons
from made_up_sales import ON, Line, ago, bought, returned, rows, sales

BOLT_SERVICE, STALKER = 1, 2
ROOF, NAIL, LOOSE = 1, 2, 3
SUMMER, EVEN = 10, 20
GROUPS = {ROOF: SUMMER, NAIL: EVEN}


def orders_of(item, by_month, *, years=(2024, 2025), clients=range(1, 200)):
    """One order a client of an item in the months given: {6: 20} is twenty clients in June of each year."""
    return [
        Line(client_id=client, item_id=item, on=date(year, month, 1 + client % 28))
        for year in years
        for month, count in by_month.items()
        for client in list(clients)[:count]
    ]


def roofs_in_summer(**more):
    even = orders_of(NAIL, dict.fromkeys(range(1, 13), 10))
    return sales(even + orders_of(ROOF, {5: 10, 6: 40, 7: 40, 8: 10}), groups=GROUPS, **more)


def test_a_month_counts_orders_clients_and_revenue_net_of_returns():
    lines = [*bought(BOLT_SERVICE, ROOF, [31, 30], amount=500), *bought(STALKER, ROOF, [30, 0], amount=200)]
    lines += [returned(STALKER, ROOF, 29, amount=50), returned(BOLT_SERVICE, ROOF, 200)]

    found = rows(months(sales(lines), ON), "year", "month")

    assert [(row["year"], row["month"], row["orders"], row["clients"], row["revenue"]) for row in found] == [
        (2025, 6, 0, 0, -100),
        (2025, 12, 3, 2, 1150),
    ]


def test_goods_sold_in_two_like_summers_have_a_season():
    found = rows(seasons(roofs_in_summer(), ON), "group_id", "month")

    summer = {row["month"]: row["month_index"] for row in found if row["group_id"] == SUMMER}
    assert summer == {month: pytest.approx({5: 1.2, 6: 4.8, 7: 4.8, 8: 1.2}.get(month, 0.0)) for month in range(1, 13)}
    assert {row["orders"] for row in found if row["group_id"] == SUMMER} == {200}
    assert all(row["correlation"] == pytest.approx(1.0) for row in found if row["group_id"] == SUMMER)


def test_an_even_year_has_no_season_and_nothing_is_divided_by_nought():
    even = [row for row in rows(seasons(roofs_in_summer(), ON)) if row["group_id"] == EVEN]

    assert {(row["reason"], row["month_index"], row["correlation"]) for row in even} == {("unlike_years", None, None)}


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (orders_of(ROOF, {6: 200}, years=[2025]), "few_years"),
        (orders_of(NAIL, {1: 1}, years=[2024]) + orders_of(ROOF, {6: 200}, years=[2025]), "few_years"),
        (orders_of(ROOF, {1: 1, 6: 50}), "few_orders"),
        (
            orders_of(NAIL, {1: 1}, years=[2024])
            + orders_of(ROOF, {6: 90}, years=[2024])
            + orders_of(ROOF, {11: 90}, years=[2025]),
            "unlike_years",
        ),
    ],
)
def test_a_season_that_cannot_be_told_says_why(lines, reason):
    base = sales([*lines, *orders_of(NAIL, {1: 1}, years=[2024])], groups=GROUPS)

    found = [row for row in rows(seasons(base, ON)) if row["group_id"] == SUMMER]

    assert {(row["reason"], row["month_index"]) for row in found} == {(reason, None)}


def test_a_base_younger_than_two_years_has_no_seasons():
    late = sales(orders_of(ROOF, {2: 40, 6: 90}), groups=GROUPS)

    assert {row["reason"] for row in rows(seasons(late, ON))} == {"few_years"}


def test_the_season_knows_whole_months_only():
    base = roofs_in_summer()

    in_the_middle = rows(seasons(base, date(2026, 1, 20)), "group_id", "month")

    assert in_the_middle == rows(seasons(base, ON), "group_id", "month")


def test_goods_without_a_group_and_a_base_without_sales_have_no_season():
    assert rows(seasons(sales(orders_of(LOOSE, {6: 90})), ON)) == []
    assert rows(seasons(sales([]), ON)) == []
    assert rows(months(sales([]), ON)) == []


@pytest.mark.parametrize(("month", "hinted"), [(4, [5]), (5, [5, 6]), (6, [6, 7]), (8, [8]), (12, [])])
def test_whose_season_is_up_this_month_or_the_next_is_hinted(month, hinted):
    base = roofs_in_summer()
    on = date(2026, month, 10)
    season, table = seasons(base, ON), baskets(base, on)

    found = rows(coming(season, table, base.items, on), "client_id", "month")

    assert [row["month"] for row in found if row["client_id"] == BOLT_SERVICE] == hinted
    assert {row["group_id"] for row in found} <= {SUMMER}
    assert not [row for row in found if row["client_id"] > 40]


def test_december_looks_to_january():
    lines = [*orders_of(ROOF, {1: 90, 7: 5}), Line(client_id=BOLT_SERVICE, item_id=ROOF, on=ago(20), amount=700)]
    base = sales(lines, groups=GROUPS)
    on = date(2025, 12, 15)

    found = rows(coming(seasons(base, ON), baskets(base, on), base.items, on), "client_id", "month")

    (row,) = [row for row in found if row["client_id"] == BOLT_SERVICE]
    assert (row["month"], row["times"], row["amount_365"]) == (1, 5, 100 + 100 + 700)
