"""A sales table of any firm as the tables insight reads.

FILE is Parquet or CSV with the columns client, order, date, item, quantity, price (a `_` or a capital letter in a name
does not matter), or Online Retail II with its own names. Lines without a client or with a price of nought or less are
dropped, and so are returns: lines with a quantity of nought or less and, in Online Retail II, orders that begin with C
and items that are postage, fees and manual lines.
"""

from datetime import date
from pathlib import Path

import ibis
from ibis import BaseBackend

from budilnik.analytics.tables import Base

NAMES = ("client", "order", "date", "item", "quantity", "price")
ONLINE_RETAIL = {
    "client": "customer",
    "order": "invoice",
    "date": "ts",
    "item": "sku",
    "quantity": "qty",
    "price": "price",
}
ITS_RULES = "regexp_matches(item, '^[0-9]{5}[A-Za-z]{0,2}$') AND NOT starts_with(\"order\", 'C')"


def connect(*, threads: int = 2, memory: str = "2GB") -> BaseBackend:
    """Return an engine in memory, held to what the product is given."""
    engine = ibis.duckdb.connect()
    engine.raw_sql(f"SET threads = {threads}")
    engine.raw_sql(f"SET memory_limit = '{memory}'")
    return engine


def load(engine: BaseBackend, path: str) -> Base:
    """Return the tables of the file, kept in the engine; documents and items get numbers of their own."""
    source = f"read_csv('{path}')" if Path(path).suffix.lower() == ".csv" else f"read_parquet('{path}')"
    found = [row[0] for row in engine.raw_sql(f"DESCRIBE SELECT * FROM {source}").fetchall()]
    plain = {name.lower().strip("_"): name for name in found}
    is_online_retail = set(ONLINE_RETAIL.values()) <= set(found)
    columns = ONLINE_RETAIL if is_online_retail else {name: plain.get(name, "") for name in NAMES}
    missing = [name for name, column in columns.items() if not column]
    if missing:
        raise SystemExit(f"{path}: no column {', '.join(missing)}; there are {', '.join(found)}")
    chosen = ", ".join(f'"{column}" AS "{name}"' for name, column in columns.items())
    engine.raw_sql(f"""
        CREATE TEMP TABLE sold AS SELECT
            dense_rank() OVER (ORDER BY client) AS client_id, dense_rank() OVER (ORDER BY "order") AS order_id,
            dense_rank() OVER (ORDER BY item) AS item_id, CAST("date" AS DATE) AS ordered_on,
            CAST(round(quantity * 1000) AS BIGINT) AS quantity,
            CAST(round(quantity * price * 100) AS BIGINT) AS amount
        FROM (SELECT {chosen} FROM {source})
        WHERE client IS NOT NULL AND price > 0 AND quantity > 0 AND {ITS_RULES if is_online_retail else "true"}
    """)
    for statement in TABLES:
        engine.raw_sql(statement)
    return Base(**{name: engine.table(name) for name in ("clients", "contacts", "orders", "lines", "items")})


TABLES = (
    "CREATE TABLE lines AS SELECT order_id, client_id, ordered_on, item_id, quantity, amount FROM sold",
    "CREATE TABLE orders AS SELECT order_id, client_id, ordered_on, CAST(sum(amount) AS BIGINT) AS net, true AS counts"
    " FROM sold GROUP BY ALL",
    "CREATE TABLE clients AS SELECT client_id, min(ordered_on) AS known_on, NULL::BIGINT AS owner_id,"
    " NULL::BIGINT AS potential FROM sold GROUP BY client_id",
    "CREATE TABLE contacts AS SELECT client_id, ordered_on AS contacted_on, true AS talked FROM sold LIMIT 0",
    "CREATE TABLE items AS SELECT DISTINCT item_id, NULL::BIGINT AS group_id FROM sold",
)


def span(base: Base) -> tuple[date, date]:
    """Return the days of the first and of the last purchase."""
    orders = base.orders.aggregate(begins=base.orders.ordered_on.min(), ends=base.orders.ordered_on.max())
    row = orders.to_pandas().iloc[0]
    return row["begins"].date(), row["ends"].date()


def first_days(begins: date, ends: date) -> list[date]:
    """Return the first days of the months that begin after the first purchase and not after the last."""
    months = range(begins.year * 12 + begins.month, ends.year * 12 + ends.month)
    return [date(month // 12, month % 12 + 1, 1) for month in months]
