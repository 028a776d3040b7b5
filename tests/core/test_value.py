"""What a client is worth by his documents."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.value import DocumentDay, Worth, orders_still_in_year, worth

SEPTEMBER = date(2026, 9, 1)


def order(on: date, rubles: int = 100) -> DocumentDay:
    return DocumentDay(on=on, net=rubles * 100, counts=True)


def returned(on: date, rubles: int = 100) -> DocumentDay:
    return DocumentDay(on=on, net=-rubles * 100, counts=False)


def test_a_year_is_counted_back_from_the_last_order():
    a_year_before = SEPTEMBER - timedelta(days=365)

    found = worth([order(SEPTEMBER), order(a_year_before + timedelta(days=1), 20), order(a_year_before, 7)])

    assert found == Worth(value=120_00, first_order_on=a_year_before, last_order_on=SEPTEMBER, order_days_in_year=2)


def test_returns_are_taken_off():
    assert worth([order(SEPTEMBER, 100), returned(SEPTEMBER - timedelta(days=9), 30)]).value == 70_00


def test_a_return_after_the_last_order_is_left_out():
    assert worth([order(SEPTEMBER), returned(SEPTEMBER + timedelta(days=1))]).value == 100_00


def test_a_client_with_returns_only_is_worth_nothing_and_never_ordered():
    assert worth([returned(SEPTEMBER)]) == Worth()
    assert worth([]) == Worth()


def test_a_year_of_more_returns_than_orders_is_worth_less_than_nothing():
    assert worth([order(SEPTEMBER, 10), returned(SEPTEMBER, 25)]).value == -15_00


def test_a_day_that_was_returned_whole_is_no_day_of_purchase():
    day_before = SEPTEMBER - timedelta(days=1)

    found = worth([order(SEPTEMBER), order(SEPTEMBER, 5), order(day_before), returned(day_before)])

    assert found.order_days_in_year == 1


@pytest.mark.parametrize(("silent", "left"), [(0, 12), (30, 11), (182, 6), (365, 0), (900, 0)])
def test_of_twelve_days_with_orders_fewer_are_left_within_the_year_as_silence_grows(silent: int, left: int):
    assert orders_still_in_year(12, days_silent=silent) == left


DOCUMENTS = st.lists(
    st.builds(
        DocumentDay,
        on=st.dates(date(2024, 1, 1), date(2026, 9, 15)),
        net=st.integers(-1000, 1000),
        counts=st.booleans(),
    ),
    max_size=20,
)


@given(documents=DOCUMENTS, days_silent=st.integers(0, 800))
def test_any_documents_add_up_to_the_same_in_whatever_order_and_never_to_more_than_was_sold(
    documents: list[DocumentDay], days_silent: int
):
    found = worth(documents)

    assert found == worth(reversed(documents))
    assert found.value <= sum(one.net for one in documents if one.net > 0)
    assert (found.last_order_on is None) == (not any(one.counts for one in documents))
    assert 0 <= found.order_days_in_year <= len({one.on for one in documents})
    left = orders_still_in_year(found.order_days_in_year, days_silent=days_silent)
    assert 0 <= left <= found.order_days_in_year
