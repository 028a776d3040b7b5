"""What documents add up to, and how they are stored: exact money, whole documents."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budilnik.core.arrivals import ArrivedLine, ArrivedOrder
from budilnik.core.value import DocumentDay, Worth, worth
from budilnik.sales.actions.documents import PlacedOrder, add_products, move_orders, store_orders
from budilnik.sales.models import Order, OrderLine, Product
from budilnik.sales.queries.documents import order_digests, worth_of
from cast import client

pytestmark = pytest.mark.django_db


def sold(key: str, on: date, *amounts: int, to, cancelled: bool = False, digest: str = "d") -> PlacedOrder:
    """A document with a line for each amount: a negative one is a return."""
    lines = tuple(
        ArrivedLine(
            product_key="М8",
            product_name="Болт",
            quantity=1_000 if amount > 0 else -1_000,
            price=abs(amount) * 100,
            amount=amount,
        )
        for amount in amounts
    )
    moment = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    order = ArrivedOrder(key=key, client_key="1", ordered_at=moment, lines=lines, cancelled=cancelled)
    return PlacedOrder(order=order, client_id=to.pk, at=moment, digest=digest)


def store(*placed: PlacedOrder) -> None:
    store_orders(placed, source="1c", products=add_products({"М8": ("Болт М8", "")}, source="1c"))


def test_value_is_a_year_net_of_returns_that_ends_at_the_last_order():
    bolt = client()
    store(
        sold("out of the year", date(2024, 3, 10), 7_00, to=bolt),
        sold("first day of the year", date(2024, 3, 11), 100_00, to=bolt),
        sold("return", date(2024, 12, 1), -30_00, to=bolt),
        sold("last", date(2025, 3, 10), 50_00, to=bolt),
        sold("return after the last", date(2025, 4, 1), -20_00, to=bolt),
    )

    found = worth_of([bolt.pk])[bolt.pk]

    assert found.value == 120_00
    assert (found.first_order_on, found.last_order_on) == (date(2024, 3, 10), date(2025, 3, 10))
    assert found.order_days_in_year == 2


def test_a_client_without_documents_and_one_with_returns_only_are_worth_nothing():
    nobody, returning = client("А"), client("Б")
    store(sold("В-1", date(2025, 3, 10), -20_00, to=returning))

    assert worth_of([nobody.pk, returning.pk]) == {nobody.pk: Worth(), returning.pk: Worth()}


def test_a_cancelled_order_is_worth_nothing_and_ends_no_year():
    bolt = client()
    bought = sold("А-1", date(2025, 3, 10), 20_00, to=bolt)
    store(bought, sold("А-2", date(2026, 3, 10), 90_00, to=bolt, cancelled=True))

    found = worth_of([bolt.pk])[bolt.pk]

    assert (found.value, found.last_order_on) == (20_00, date(2025, 3, 10))


def test_a_return_within_an_order_lowers_its_worth():
    bolt = client()
    store(sold("А-1", date(2025, 3, 10), 20_00, -5_00, to=bolt))

    assert worth_of([bolt.pk])[bolt.pk].value == 15_00


def test_all_clients_are_counted_by_one_query(django_assert_num_queries):
    people = [client(f"Клиент {number}").pk for number in range(3)]

    with django_assert_num_queries(1):
        worth_of(people)


def test_a_known_document_is_replaced_whole_and_its_neighbours_stay():
    bolt = client()
    store(sold("А-1", date(2025, 3, 10), 1_00, 2_00, to=bolt), sold("А-2", date(2025, 3, 11), 4_00, to=bolt))

    store(sold("А-1", date(2025, 3, 12), 9_00, to=bolt, digest="new"))

    assert order_digests("1c", ["А-1", "А-2", "А-3"]) == {"А-1": "new", "А-2": "d"}
    assert sorted(OrderLine.objects.values_list("order__key", "amount")) == [("А-1", 9_00), ("А-2", 4_00)]


def test_a_number_of_another_source_is_another_document():
    bolt = client()
    store(sold("А-1", date(2025, 3, 10), 1_00, to=bolt))

    store_orders(
        [sold("А-1", date(2025, 3, 10), 2_00, to=bolt)],
        source="amo",
        products=add_products({"М8": ("Болт", "")}, source="amo"),
    )

    assert (Order.objects.count(), Product.objects.count()) == (2, 2)


def test_a_good_keeps_the_name_under_which_it_came_first():
    first = add_products({"М8": ("Болт М8", "Болты"), "М6": ("", "")}, source="1c")

    again = add_products({"М8": ("Болт другой", "")}, source="1c")

    assert again == {"М8": first["М8"]}
    assert sorted(Product.objects.values_list("key", "name", "group")) == [("М6", "М6", ""), ("М8", "Болт М8", "Болты")]


def test_documents_of_a_merged_card_move_to_the_one_who_stays():
    keep, other = client("А"), client("Б")
    store(sold("А-1", date(2025, 3, 10), 5_00, to=other))

    move_orders(from_client=other.pk, to_client=keep.pk)

    assert worth_of([keep.pk, other.pk])[keep.pk].value == 5_00


DAYS, AMOUNTS = st.dates(date(2023, 1, 1), date(2026, 1, 1)), st.integers(-(10**12), 10**12).filter(bool)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents=st.lists(st.tuples(DAYS, AMOUNTS, st.booleans()), max_size=8))
def test_the_base_counts_what_the_rule_counts(db, documents):
    bolt = client()
    store(
        *(sold(f"А-{n}", on, amount, to=bolt, cancelled=off) for n, (on, amount, off) in enumerate(documents)),
    )
    told = [
        DocumentDay(on=on, net=0 if off else amount, counts=amount > 0 and not off) for on, amount, off in documents
    ]

    assert worth_of([bolt.pk])[bolt.pk] == worth(told)
    Order.objects.all().delete()
