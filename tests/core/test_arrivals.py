"""An order that arrives: whether it resets the clock and how much it brought."""

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.arrivals import ArrivedLine, ArrivedOrder

NOON = datetime(2026, 3, 2, 12)
AMOUNTS = st.integers(-(10**12), 10**12)
LINES = st.builds(
    ArrivedLine,
    product_key=st.just("M8"),
    product_name=st.just("Болт М8"),
    quantity=st.integers(-(10**9), 10**9),
    price=st.just(0),
    amount=AMOUNTS,
)


def line(*, quantity: int, amount: int) -> ArrivedLine:
    return ArrivedLine(product_key="M8", product_name="Болт М8", quantity=quantity, price=0, amount=amount)


def order(*lines: ArrivedLine, cancelled: bool = False) -> ArrivedOrder:
    return ArrivedOrder(key="1", client_key="bolt", ordered_at=NOON, lines=lines, cancelled=cancelled)


def test_a_free_sample_resets_the_clock_and_a_return_does_not():
    sample = order(line(quantity=1000, amount=0))
    returned = order(line(quantity=-1000, amount=-50_00))

    assert sample.counts_for_the_clock and sample.net == 0
    assert not returned.counts_for_the_clock and returned.net == -50_00


def test_a_cancelled_order_is_no_contact_and_brings_nothing():
    cancelled = order(line(quantity=1000, amount=50_00), cancelled=True)

    assert not cancelled.counts_for_the_clock
    assert cancelled.net == 0


def test_the_day_of_an_order_is_the_day_it_was_written():
    assert order().ordered_on == date(2026, 3, 2)


@given(st.lists(LINES, max_size=8))
def test_one_line_sold_is_enough_whatever_else_was_returned(lines):
    mixed = order(line(quantity=1, amount=1), *lines)

    assert mixed.counts_for_the_clock
    assert mixed.net == 1 + sum(each.amount for each in lines)
