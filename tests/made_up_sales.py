"""Small made-up sales as the tables of insight, in an engine of their own."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from budilnik.analytics.tables import COLUMNS, Base

ON = date(2026, 1, 1)
TYPES = {"int64": pa.int64(), "date": pa.date32(), "boolean": pa.bool_()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a document; quantity in thousandths, amount in kopecks, below zero for a return."""

    client_id: int
    item_id: int
    on: date
    quantity: int = 1000
    amount: int = 100


def ago(days: int) -> date:
    """Return the day so many days before the morning of the tests."""
    return ON - timedelta(days=days)


def bought(client_id: int, item_id: int, days_ago: Iterable[int], *, amount: int = 100) -> list[Line]:
    """Return purchases of one item by one client."""
    return [Line(client_id=client_id, item_id=item_id, on=ago(days), amount=amount) for days in days_ago]


def returned(client_id: int, item_id: int, days_ago: int, *, amount: int = 100) -> Line:
    """Return a line of a return."""
    return Line(client_id=client_id, item_id=item_id, on=ago(days_ago), quantity=-1000, amount=-amount)


def sales(
    lines: Sequence[Line],
    *,
    clients: Iterable[int] = (),
    potentials: Mapping[int, int] | None = None,
    groups: Mapping[int, int] | None = None,
) -> Base:
    """Return the tables: the lines of a client and day are one document, its returns another."""
    nets: dict[tuple[int, date, bool], int] = {}
    for line in lines:
        nets[document_of(line)] = nets.get(document_of(line), 0) + line.amount
    documents = sorted(nets)
    keys = {document: number for number, document in enumerate(documents, start=1)}
    known = {line.client_id for line in lines} | set(clients)
    return of_rows(
        clients=[(client, ago(3000), None, (potentials or {}).get(client)) for client in sorted(known)],
        contacts=[],
        orders=[(keys[document], document[0], document[1], nets[document], not document[2]) for document in documents],
        lines=[
            (keys[document_of(line)], line.client_id, line.on, line.item_id, line.quantity, line.amount)
            for line in lines
        ],
        items=[(item, (groups or {}).get(item)) for item in sorted({line.item_id for line in lines})],
    )


def document_of(line: Line) -> tuple[int, date, bool]:
    """Return the client and day of a line's document, and whether it is one of returns."""
    return line.client_id, line.on, line.quantity < 0


def of_rows(**rows: Sequence[tuple[object, ...]]) -> Base:
    """Return the tables of given rows, in an engine in memory."""
    engine = ibis.duckdb.connect()
    tables = {}
    for name, columns in COLUMNS.items():
        fields = [
            pa.array([row[place] for row in rows[name]], type=TYPES[kind])
            for place, kind in enumerate(columns.values())
        ]
        tables[name] = engine.create_table(name, pa.table(fields, names=list(columns)))
    return Base(**tables)


def rows(table: Table, *keys: str) -> list[dict[str, object]]:
    """Return the rows of a table in the order of the keys; what is missing is None."""
    return table.order_by(list(keys or table.columns)).to_pyarrow().to_pylist()


def random_lines(*, seed: int, clients: int = 40, items: int = 12) -> list[Line]:
    """Return the sales of a firm whose clients have their favourites; a client and item are one line a day."""
    dice = random.Random(seed)
    taken: dict[tuple[int, int, date], Line] = {}
    for client in range(1, clients + 1):
        favourites = dice.sample(range(1, items + 1), dice.randint(1, 7))
        for day in dice.sample(range(1, 700), dice.randint(1, 12)):
            for item in favourites[: dice.randint(1, len(favourites))]:
                line = Line(
                    client_id=client,
                    item_id=item,
                    on=ago(day),
                    quantity=1000 * dice.randint(1, 9),
                    amount=dice.randint(1, 90_000),
                )
                taken[client, item, line.on] = line
    return list(taken.values())
