"""A row to what it means: an order line, a client, a past contact, or the problem for which it is returned.

A row is taken whole or returned whole. Each kind has a reader made once for a file, for a file may have a million rows.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any

from budilnik.core.arrivals import ArrivedClient, ArrivedContact, ArrivedPhone
from budilnik.core.terms import Direction
from budilnik.integrations.files import companies, places, values
from budilnik.integrations.files.cells import Cell, is_blank, is_empty
from budilnik.integrations.files.headers import Columns
from budilnik.integrations.files.names import FileKind
from budilnik.integrations.files.phones import phones
from budilnik.integrations.files.problems import BadValue, Problem
from budilnik.integrations.files.talk_words import direction, outcome

_REMEMBERED = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedLine:
    """One line of an order, not yet gathered into its order.

    Units: quantity in thousandths, price in 1/10,000, amount in kopecks; `at` in company time.
    """

    row: int
    order_key: str
    client_key: str
    client_name: str
    at: datetime
    product_key: str
    product_name: str
    product_group: str
    quantity: int
    price: int
    amount: int
    cancelled: bool


type Mapped = MappedLine | ArrivedClient | ArrivedContact
type RowMapper = Callable[[int, Sequence[Cell]], Mapped | Problem]
type _Reader = Callable[[Cell], object]


def row_mapper(columns: Columns, *, on: date, zone: tzinfo | None = None) -> RowMapper:
    """Return the function that maps the rows of one file; it remembers values that repeat.

    `on` is the last day that is not the future; `zone` is the company's, for moments that carry their own.

    Units: none.
    Raises: nothing; the function returns a Problem for a row that cannot be taken.
    Source: SPEC §13.
    """
    if columns.kind is FileKind.ORDERS:
        return _line_mapper(columns, on, zone)
    if columns.kind is FileKind.CLIENTS:
        return _client_mapper(columns, on, zone)
    return _contact_mapper(columns, on, zone)


def map_row(
    row_number: int, cells: Sequence[Cell], columns: Columns, *, on: date, zone: tzinfo | None = None
) -> Mapped | Problem:
    """Map one row; for many rows of one file take `row_mapper` once.

    Units: row numbers from 1.
    Raises: nothing; a row that cannot be taken comes back as a Problem.
    Source: SPEC §13.
    """
    return row_mapper(columns, on=on, zone=zone)(row_number, cells)


def _remembering(reader: _Reader) -> _Reader:
    return lru_cache(maxsize=_REMEMBERED, typed=True)(reader)


def _required(reader: _Reader, code: str) -> _Reader:
    def read(cell: Cell) -> object:
        if is_empty(cell):
            raise BadValue(code)
        return reader(cell)

    return read


def _optional(reader: _Reader) -> _Reader:
    return lambda cell: None if is_empty(cell) else reader(cell)


def _key(cell: Cell) -> str:
    return "" if is_empty(cell) else values.key_text(cell)


class _Row:
    """Reads the fields of a row in order and remembers which one stopped it."""

    __slots__ = ("_columns", "_readers")

    def __init__(self, columns: Columns, readers: Iterable[tuple[int | None, _Reader, object]]) -> None:
        self._columns = columns
        self._readers = tuple(
            (-1, _constant(default)) if at is None else (at, reader) for at, reader, default in readers
        )

    def read(self, number: int, cells: Sequence[Cell]) -> list[Any] | Problem:
        """Return the values of the fields, or the first of them that is bad."""
        width = len(self._columns.headers)
        if len(cells) != width:
            if not is_blank(cells[width:]):
                return _out_of_step(number, len(cells), width)
            cells = (*cells[:width], *(None,) * (width - len(cells)))
        found: list[Any] = []
        at = -1
        try:
            for at, reader in self._readers:
                found.append(reader(cells[at]))
        except BadValue as bad:
            return self.problem(number, at, bad)
        return found

    def problem(self, number: int, at: int | None, bad: BadValue) -> Problem:
        """Return a row for the sake of its cell in column `at`."""
        column = "" if at is None or at < 0 else self._columns.headers[at]
        return Problem(row=number, column=column, code=bad.code, facts=bad.facts)


def _constant(value: object) -> _Reader:
    return lambda _: value


def _out_of_step(number: int, count: int, expected: int) -> Problem:
    return Problem(row=number, column="", code="extra_cells", facts={"count": str(count), "expected": str(expected)})


def _line_mapper(columns: Columns, on: date, zone: tzinfo | None) -> RowMapper:
    index = columns.index
    at_item, at_name, at_price, at_amount = (index(name) for name in ("item", "item_name", "price", "amount"))
    blamed_item = at_item if at_item is not None else at_name
    blamed_price = at_price if at_price is not None else at_amount
    row = _Row(
        columns,
        (
            (index("client"), _remembering(_required(_key, "missing_client")), ""),
            (index("client_name"), _remembering(values.text_of), ""),
            (index("order"), _remembering(_required(_key, "missing_order")), ""),
            (index("date"), _remembering(lambda cell: values.moment(cell, on=on, zone=zone)), None),
            (at_item, _remembering(_key), ""),
            (at_name, _remembering(values.text_of), ""),
            (index("item_group"), _remembering(values.text_of), ""),
            (index("quantity"), _remembering(values.quantity), 0),
            (at_price, _remembering(_optional(values.price)), None),
            (at_amount, lambda cell: cell, None),
            (index("cancelled"), _remembering(values.flag), False),
        ),
    )

    def line(number: int, cells: Sequence[Cell]) -> Mapped | Problem:
        found = row.read(number, cells)
        if isinstance(found, Problem):
            return found
        client, client_name, order, at, item, name, group, quantity, price, sum_cell, cancelled = found
        blamed = blamed_item
        try:
            item = item or _item_by_name(name)
            blamed = blamed_price
            price, amount = _worth(quantity, price, sum_cell)
        except BadValue as bad:
            return row.problem(number, blamed, bad)
        return MappedLine(
            row=number,
            order_key=order or f"{client}/{at:%Y-%m-%d}",
            client_key=client,
            client_name=client_name,
            at=at,
            product_key=item,
            product_name=name or item,
            product_group=group,
            quantity=quantity,
            price=price,
            amount=amount,
            cancelled=cancelled,
        )

    return line


def _item_by_name(name: str) -> str:
    if not name:
        raise BadValue("missing_item")
    return values.key_text(name)


def _worth(quantity: int, price: int | None, sum_cell: Cell) -> tuple[int, int]:
    """Return price and amount of a line. Without a price the file's own amount stands, to the kopeck."""
    if price is not None:
        return price, values.line_amount(quantity, price)
    amount = values.amount(sum_cell)
    return values.price_of(amount, quantity), amount


def _client_mapper(columns: Columns, on: date, zone: tzinfo | None) -> RowMapper:
    index = columns.index
    read_kpp = companies.kpp_of_pair if index("kpp") == index("inn") else companies.kpp
    row = _Row(
        columns,
        (
            (index("client"), _key, ""),
            (index("name"), values.text_of, ""),
            (index("owner"), _remembering(values.text_of), None),
            (index("inn"), companies.inn, ""),
            (index("kpp"), read_kpp, ""),
            (index("group"), values.text_of, ""),
            (index("city"), _remembering(values.text_of), ""),
            (index("region"), _remembering(values.text_of), ""),
            (index("zone"), _remembering(places.zone_name), ""),
            (index("person"), values.text_of, ""),
            (index("post"), values.text_of, ""),
            (index("known_on"), _optional(lambda cell: values.day(cell, on=on, zone=zone)), None),
            *((at, phones, ()) for at in columns.indexes("phone")),
        ),
    )
    blamed = index("client") if index("client") is not None else index("name")

    def client(number: int, cells: Sequence[Cell]) -> Mapped | Problem:
        found = row.read(number, cells)
        if isinstance(found, Problem):
            return found
        code, name, owner, inn, kpp, group, city, region, named_zone, person, post, known_on, *numbers = found
        try:
            key = code or _client_by_name(name)
        except BadValue as bad:
            return row.problem(number, blamed, bad)
        return ArrivedClient(
            key=key,
            name=name or key,
            owner=owner,
            inn=inn,
            kpp=kpp,
            group=group,
            city=city,
            region=region,
            zone=named_zone or places.zone_of_place(city, region),
            person=person,
            post=post,
            phones=_each_once(numbers),
            known_on=known_on,
        )

    return client


def _client_by_name(name: str) -> str:
    if not name:
        raise BadValue("missing_client")
    return values.key_text(name)


def _each_once(columns: Iterable[tuple[ArrivedPhone, ...]]) -> tuple[ArrivedPhone, ...]:
    return tuple(dict.fromkeys(phone for numbers in columns for phone in numbers))


def _contact_mapper(columns: Columns, on: date, zone: tzinfo | None) -> RowMapper:
    index = columns.index
    row = _Row(
        columns,
        (
            (index("client"), _remembering(_required(_key, "missing_client")), ""),
            (index("at"), lambda cell: values.moment(cell, on=on, zone=zone), None),
            (index("direction"), _remembering(lambda cell: direction(cell, columns.directions)), Direction.OUT),
            (index("result"), _remembering(lambda cell: outcome(cell, columns.results)), None),
            (index("employee"), _remembering(values.text_of), ""),
            (index("note"), lambda cell: values.text_of(cell, limit=values.NOTE_LENGTH), ""),
            (index("id"), _key, ""),
        ),
    )

    def contact(number: int, cells: Sequence[Cell]) -> Mapped | Problem:
        found = row.read(number, cells)
        if isinstance(found, Problem):
            return found
        client, at, who_began, result, employee, note, key = found
        return ArrivedContact(
            key=key, client_key=client, at=at, direction=who_began, outcome=result, employee=employee, note=note
        )

    return contact
