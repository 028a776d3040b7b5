"""One set of expressions, several engines: every value of insight is the same on DuckDB and on Spark.

Sail speaks the language of Spark without Java and is asked in every run; `make test-spark` asks Apache Spark itself.
"""

import os
import sys
from datetime import date, timedelta
from decimal import Decimal
from math import isclose
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from budilnik.analytics import whole
from budilnik.analytics.baskets import baskets
from budilnik.analytics.classes import movement
from budilnik.analytics.engines import EMBEDDED, SAIL, base_of, open_engine
from budilnik.analytics.seasons import months, seasons
from budilnik.analytics.shipped import LEAVING, SHIPPED
from budilnik.jobs.snapshot import SCHEMAS

ON = date(2026, 3, 11)
OTHER = os.environ.get("BUDILNIK_TEST_ENGINE", SAIL)
# The server of Apache Spark runs apart and must see the files.
SHARED = os.environ.get("BUDILNIK_TEST_ENGINE_FOLDER")
CLIENTS, ITEMS, DAYS = 160, 40, 900


def made_up(folder: Path) -> dict[str, list[Path]]:
    """A firm with steady and chance buyers, returns, goods without a group, a single order, nothing at all."""
    dice = Random(20260311)
    orders, lines = [], []
    for client in range(1, CLIENTS):
        usual = [dice.randrange(ITEMS) for _ in range(dice.randint(1, 8))]
        day, until = dice.randrange(DAYS), 0 if client % 7 else 90
        while day > until and (client % 10 or not orders or orders[-1]["client_id"] != client):
            order, on = len(orders) + 1, ON - timedelta(days=day)
            back = dice.random() < 0.05
            spring = on.month in (3, 4)
            bought = {item for item in dice.choices(usual, k=dice.randint(1, 5)) if spring or item % 4 != 1} or {0}
            amounts = {item: dice.randint(10, 9_000) * 100 * (-1 if back else 1) for item in sorted(bought)}
            lines += [
                {
                    "order_id": order,
                    "client_id": client,
                    "ordered_on": on,
                    "item_id": item,
                    "quantity": -1000 if back else 1000 * dice.randint(1, 9),
                    "amount": amount,
                }
                for item, amount in amounts.items()
            ]
            orders.append(
                {
                    "order_id": order,
                    "client_id": client,
                    "ordered_on": on,
                    "net": sum(amounts.values()),
                    "counts": not back,
                }
            )
            day -= dice.randint(0, 20 + client % 60)
    rows = {
        "clients": [
            {
                "client_id": client,
                "known_on": ON - timedelta(days=DAYS),
                "owner_id": client % 5 or None,
                "potential": dice.randint(1, 500) * 100_000 if client % 3 == 0 else None,
            }
            for client in range(CLIENTS)
        ],
        "contacts": [{"client_id": 1, "contacted_on": ON - timedelta(days=9), "talked": True}],
        "items": [{"item_id": item, "group_id": item % 4 if item % 9 else None} for item in range(ITEMS)],
        "orders": orders,
        "lines": lines,
    }
    files = {}
    for table, told in rows.items():
        file = folder / f"{table}.parquet"
        pq.write_table(pa.Table.from_pylist(told, schema=SCHEMAS[table]), file)
        files[table] = [file]
    return files


def everything(name: str, files: dict[str, list[Path]], folder: Path) -> dict[str, list[dict]]:
    """Every table of insight by one engine, rows in an order of their own."""
    with open_engine(name, folder=folder) as engine:
        look = whole.begin(base_of(engine, files), ON, keep=engine.keep)
        bought = engine.keep(baskets(look.seen, ON))
        classed = engine.keep(whole.classes(look))
        season = engine.keep(seasons(look.seen, ON))
        more = [
            classed,
            whole.before(look),
            whole.season_hints(look, season, bought),
            whole.stopped_goods(look, bought),
        ]
        in_parts = whole.baskets_of(look, keep=engine.keep, lines=2 * whole.LINES_AT_ONCE)
        due, gone, new, more_new = whole.offers(look, keep=engine.keep, bought=in_parts, parts=2)
        tables = {
            "purchases": look.days,
            "profiles": whole.profiles(look, coefficients=SHIPPED, losing=LEAVING, more=more),
            "baskets": bought,
            "baskets in parts": in_parts,
            "due": due,
            "stopped": gone,
            "new": new.union(more_new),
            "seasons": season,
            "months": months(look.seen, ON),
            "limits": whole.limits(look),
            "moved": movement(whole.classes(look, days_ago=whole.QUARTER_DAYS), classed, column="abc"),
            "stopped in the base": whole.stopped_in_base(look, bought),
        }
        return {table: in_order(engine.rows(told).to_pylist()) for table, told in tables.items()}


def in_order(rows: list[dict]) -> list[dict]:
    plain = [{name: int(v) if isinstance(v, Decimal) else v for name, v in row.items()} for row in rows]
    exact = [name for name in (plain[0] if plain else ()) if not isinstance(plain[0][name], float)]
    return sorted(plain, key=lambda row: [str(row[name]) for name in exact])


def same(one: object, other: object) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        return one is not None and other is not None and isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return one == other


def same_row(one: dict, other: dict) -> bool:
    return all(same(one[name], other[name]) for name in one)


@pytest.fixture
def main_module_with_a_file(monkeypatch):
    """The client of Spark takes a process whose main module has no file, as a worker of the tests, for its own."""
    monkeypatch.setattr(sys.modules["__main__"], "__file__", __file__, raising=False)


def test_both_engines_say_the_same_value_by_value(tmp_path, main_module_with_a_file):
    folder = Path(SHARED) if SHARED else tmp_path
    files = made_up(folder)

    ours, theirs = (everything(name, files, folder / name.partition(":")[0]) for name in (EMBEDDED, OTHER))

    assert has_something_of_everything(ours["profiles"])
    assert {table: len(rows) for table, rows in theirs.items()} == {table: len(rows) for table, rows in ours.items()}
    assert all(ours.values())
    assert all(map(same_row, ours["baskets"], ours["baskets in parts"]))
    different = [
        (table, name, one[name], other[name])
        for table, rows in ours.items()
        for one, other in zip(rows, theirs[table], strict=True)
        for name in one
        if not same(one[name], other[name])
    ]
    assert different == []


def has_something_of_everything(profiles: list[dict]) -> bool:
    return (
        {row["purchases"] is None for row in profiles} == {True, False}
        and {row["season_id"] is None for row in profiles} == {True, False}
        and {row["abc"] for row in profiles} == {"A", "B", "C", "D"}
        and any(row["abcd"] != row["abc"] for row in profiles)
        and any(row["leaving"] for row in profiles)
    )
