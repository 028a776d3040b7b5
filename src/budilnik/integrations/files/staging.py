"""A staging file beside the database: rows read once wait here, sorted, so that a million never fill the memory."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from itertools import groupby
from pathlib import Path
from types import TracebackType

from budilnik.core.arrivals import ArrivedLine, ArrivedOrder
from budilnik.integrations.files.mapping import MappedLine

_TABLE = """
CREATE TABLE line (
    file INTEGER, row INTEGER, order_key TEXT, client_key TEXT, client_name TEXT, at TEXT,
    product_key TEXT, product_name TEXT, product_group TEXT, quantity INTEGER, price INTEGER, amount INTEGER,
    cancelled INTEGER
)
"""
BATCH = 10_000


@contextmanager
def trouble_as_that_of_a_file() -> Iterator[None]:
    """Let trouble with the staging file be what it is to people: a disk that is full or a folder not to be written."""
    try:
        yield
    except sqlite3.Error as trouble:
        raise OSError(str(trouble)) from trouble


class Staging(AbstractContextManager["Staging"]):
    """Order lines of all files of one import, gathered into orders and sorted by client."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: list[tuple[object, ...]] = []
        path.unlink(missing_ok=True)
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("PRAGMA journal_mode=OFF")
        self._base.execute("PRAGMA synchronous=OFF")
        self._base.execute("PRAGMA cache_size=-32768")
        self._base.execute(_TABLE)

    def __exit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()
        self._path.unlink(missing_ok=True)

    def add(self, file: int, line: MappedLine) -> None:
        """Put a line in; `file` numbers the files of the import."""
        self._waiting.append(
            (
                file,
                line.row,
                line.order_key,
                line.client_key,
                line.client_name,
                line.at.isoformat(),
                line.product_key,
                line.product_name,
                line.product_group,
                line.quantity,
                line.price,
                line.amount,
                line.cancelled,
            )
        )
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write the waiting lines down."""
        self._base.execute("BEGIN")
        self._base.executemany(f"INSERT INTO line VALUES ({', '.join('?' * 13)})", self._waiting)
        self._base.execute("COMMIT")
        self._waiting.clear()

    def orders_of_several(self) -> set[str]:
        """Return the keys of orders whose lines name more than one client: nobody can say whose they are."""
        rows = self._base.execute("SELECT order_key FROM line GROUP BY order_key HAVING count(DISTINCT client_key) > 1")
        return {key for (key,) in rows}

    def places_of(self, order_key: str) -> list[tuple[int, int]]:
        """Return (file, row) of the lines of an order."""
        return self._base.execute(
            "SELECT file, row FROM line WHERE order_key = ? ORDER BY file, row", [order_key]
        ).fetchall()

    def orders(self) -> Iterator[tuple[ArrivedOrder, int]]:
        """Return whole orders, client by client, each with the number of its rows."""
        self.flush()
        rows = self._base.execute(
            "SELECT order_key, client_key, client_name, at, product_key, product_name, product_group,"
            " quantity, price, amount, cancelled FROM line ORDER BY client_key, order_key, file, row"
        )
        for _, lines in groupby(rows, key=lambda row: (row[1], row[0])):
            yield _gather(list(lines))


def _gather(rows: list[tuple[str, str, str, str, str, str, str, int, int, int, int]]) -> tuple[ArrivedOrder, int]:
    first = rows[0]
    order = ArrivedOrder(
        key=first[0],
        client_key=first[1],
        client_name=next((row[2] for row in rows if row[2]), ""),
        ordered_at=datetime.fromisoformat(max(row[3] for row in rows)),
        cancelled=any(row[10] for row in rows),
        lines=tuple(
            ArrivedLine(
                product_key=row[4],
                product_name=row[5],
                product_group=row[6],
                quantity=row[7],
                price=row[8],
                amount=row[9],
            )
            for row in rows
        ),
    )
    return order, len(rows)
