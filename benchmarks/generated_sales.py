"""Made-up sales of any size as Parquet, the five tables of insight: the same rows on every machine and every run.

A firm in its stride: few clients and few items hold much of the trade, a client comes and leaves, keeps to his own
items of a few groups, and returns something now and then. Two of a hundred documents are returns.

    python benchmarks/generated_sales.py FOLDER [--lines 10000000] [--clients 50000] [--items 5000]
"""

import argparse
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from budilnik.analytics.tables import COLUMNS, Base

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

LINES_PER_ORDER = 5
# The morning after the last day of the sales.
MORNING = date(2026, 1, 1)
DAYS = 4 * 365
# Dice: a number in 0..1 of a key and a salt. Multiplying and mixing by hand keeps it the same in every engine version.
MACROS = """
CREATE MACRO mixed(x) AS ((x & 2147483647) * 2654435761 + 40503) % 4294967291;
CREATE MACRO dice(key, salt) AS
    mixed(xor(mixed(key % 1073741824 + salt * 7919), (key // 1024) % 1048576)) % 1000003 / 1000003.0;
CREATE MACRO skewed(n, spread, u) AS CAST(floor(n / spread * (pow(1 + spread, u) - 1)) AS BIGINT);
CREATE MACRO client_of(o) AS skewed({clients}, 100.0, dice(o, 1));
CREATE MACRO came_on(c) AS CAST(floor({days} * 0.75 * pow(dice(c, 2), 2)) AS BIGINT);
CREATE MACRO days_with_us(c) AS
    1 + CAST(floor(({days} - 1 - came_on(c)) * least(1, 0.1 + 1.5 * dice(c, 3))) AS BIGINT);
CREATE MACRO day_of(o) AS DATE '{first}'
    + CAST(came_on(client_of(o)) + floor(days_with_us(client_of(o)) * dice(o, 4)) AS INTEGER);
CREATE MACRO is_return(o) AS dice(o, 5) < 0.02;
CREATE MACRO usual_item(c, k) AS
    skewed({groups}, 10.0, dice(c * 8 + k % 4, 6)) + {groups} * skewed({depth}, 20.0, dice(c * 64 + k, 7));
CREATE MACRO item_of(o, n) AS CASE WHEN dice(o * 8 + n, 8) < 0.7
    THEN usual_item(client_of(o), CAST(floor(24 * pow(dice(o * 8 + n, 9), 2)) AS BIGINT))
    ELSE skewed({groups} * {depth}, 50.0, dice(o * 8 + n, 10)) END;
CREATE MACRO quantity_of(o, n) AS
    1000 * CAST(1 + floor(20 * pow(dice(o * 8 + n, 11), 3)) AS BIGINT) * CASE WHEN is_return(o) THEN -1 ELSE 1 END;
CREATE MACRO price_of(i) AS CAST(1000 + floor(200000 * pow(dice(i, 12), 4)) AS BIGINT);
CREATE MACRO amount_of(o, n) AS quantity_of(o, n) // 1000 * price_of(item_of(o, n));
"""
TABLES = {
    "clients": """
        SELECT c AS client_id, DATE '{first}' + CAST(came_on(c) AS INTEGER) AS known_on,
            CASE WHEN dice(c, 13) < 0.9 THEN c % 50 END AS owner_id,
            CASE WHEN dice(c, 14) < 0.4 THEN CAST(floor(1e9 * pow(dice(c, 15), 4)) AS BIGINT) END AS potential
        FROM range({clients}) AS t(c)""",
    "contacts": """
        SELECT k % {clients} AS client_id,
            DATE '{first}' + CAST(floor({days} * dice(k, 16)) AS INTEGER) AS contacted_on,
            dice(k, 17) < 0.5 AS talked
        FROM range({clients} * 8) AS t(k)""",
    "orders": """
        SELECT o AS order_id, client_of(o) AS client_id, day_of(o) AS ordered_on,
            amount_of(o, 0) + amount_of(o, 1) + amount_of(o, 2) + amount_of(o, 3) + amount_of(o, 4) AS net,
            NOT is_return(o) AS counts
        FROM range({orders}) AS t(o)""",
    "lines": """
        SELECT order_id, client_id, ordered_on, item_id, quantity, quantity // 1000 * price_of(item_id) AS amount FROM (
            SELECT o AS order_id, client_of(o) AS client_id, day_of(o) AS ordered_on, item_of(o, n) AS item_id,
                quantity_of(o, n) AS quantity
            FROM range({orders}) AS t(o), range({per_order}) AS u(n))""",
    "items": """
        SELECT i AS item_id, CASE WHEN i % 97 != 0 THEN i % {groups} END AS group_id
        FROM range({groups} * {depth}) AS t(i)""",
}


def write(folder: Path, *, lines: int, clients: int = 50_000, items: int = 5_000, threads: int = 2) -> None:
    """Write clients, contacts, orders, lines and items as Parquet files of these names into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    groups = max(items // 100, 1)
    sizes = {
        "clients": clients,
        "orders": lines // LINES_PER_ORDER,
        "per_order": LINES_PER_ORDER,
        "groups": groups,
        "depth": items // groups,
        "days": DAYS,
        "first": date.fromordinal(MORNING.toordinal() - DAYS),
    }
    with duckdb.connect(config={"threads": threads}) as connection:
        connection.execute(MACROS.format(**sizes))
        for name, query in TABLES.items():
            columns = ", ".join(
                f"CAST({column} AS {kind.replace('int64', 'bigint')}) AS {column}"
                for column, kind in COLUMNS[name].items()
            )
            connection.execute(
                f"COPY (SELECT {columns} FROM ({query.format(**sizes)})) "
                f"TO '{folder / name}.parquet' (FORMAT parquet, COMPRESSION zstd)"
            )


def read(engine: "BaseBackend", folder: Path) -> Base:
    """Return the tables of such a folder as tables of an engine that reads Parquet."""
    return Base(**{name: engine.read_parquet(folder / f"{name}.parquet", table_name=name) for name in COLUMNS})


def main() -> None:
    """Write the sales and say how long it took."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--lines", type=int, default=10_000_000)
    options.add_argument("--clients", type=int, default=50_000)
    options.add_argument("--items", type=int, default=5_000)
    given = options.parse_args()
    started = time.perf_counter()
    write(given.folder, lines=given.lines, clients=given.clients, items=given.items)
    print(f"{given.lines} lines in {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
