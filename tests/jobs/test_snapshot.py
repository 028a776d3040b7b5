"""The base as files: months that have changed are read anew, the others keep their files."""

from datetime import date

import psycopg.conninfo
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from budilnik.jobs import snapshot
from budilnik.jobs.snapshot import take_snapshot
from budilnik.sales.actions.documents import move_orders
from cast import buys, client, ivan

pytestmark = pytest.mark.django_db(transaction=True)

JANUARY, FEBRUARY, MARCH = date(2026, 1, 15), date(2026, 2, 10), date(2026, 3, 5)


def rows(taken: snapshot.Snapshot, table: str) -> list[dict]:
    read = pa.concat_tables([pq.ParquetFile(file).read() for file in taken.files[table]]).to_pylist()
    return sorted(read, key=lambda row: tuple(map(str, row.values())))


def test_an_empty_base_has_files_with_the_right_columns_and_no_rows(tmp_path):
    taken = take_snapshot(tmp_path)

    assert (taken.months, taken.months_read) == (0, 0)
    assert {table: rows(taken, table) for table in taken.files} == {table: [] for table in snapshot.SCHEMAS}
    assert pq.read_schema(taken.files["lines"][0]).names == snapshot.SCHEMAS["lines"].names


def test_documents_lines_and_clients_come_as_they_stand_and_cancelled_ones_do_not(tmp_path):
    bolt = client(owner=ivan())
    buys(bolt, JANUARY, М8=100_00, М10=50_00)
    buys(bolt, FEBRUARY, М8=-30_00)
    buys(bolt, FEBRUARY, key="cancelled", cancelled=True, М8=70_00)

    taken = take_snapshot(tmp_path)

    orders, lines = rows(taken, "orders"), rows(taken, "lines")
    assert sorted((row["client_id"], row["ordered_on"], row["net"], row["counts"]) for row in orders) == [
        (bolt.pk, JANUARY, 150_00, True),
        (bolt.pk, FEBRUARY, -30_00, False),
    ]
    assert sorted((row["ordered_on"], row["quantity"], row["amount"]) for row in lines) == [
        (JANUARY, 1_000, 50_00),
        (JANUARY, 1_000, 100_00),
        (FEBRUARY, -1_000, -30_00),
    ]
    assert [row["owner_id"] for row in rows(taken, "clients")] == [bolt.owner_id]
    assert [row["talked"] for row in rows(taken, "contacts")] == [True]


def test_only_a_month_whose_documents_have_changed_is_read_anew(tmp_path):
    bolt, screw = client("Болт"), client("Винт", phones=())
    buys(bolt, JANUARY, М8=100_00)
    buys(bolt, FEBRUARY, М8=100_00)
    first = take_snapshot(tmp_path)

    same = take_snapshot(tmp_path)
    buys(bolt, MARCH, М8=100_00)
    buys(bolt, FEBRUARY, М8=120_00)
    changed = take_snapshot(tmp_path)
    nets = sorted(row["net"] for row in rows(changed, "orders"))
    move_orders(from_client=bolt.pk, to_client=screw.pk)
    merged = take_snapshot(tmp_path)

    assert [each.months_read for each in (first, same, changed, merged)] == [2, 0, 2, 3]
    assert nets == [100_00, 100_00, 120_00]
    assert {row["client_id"] for row in rows(merged, "orders")} == {screw.pk}
    assert len(list((tmp_path / "orders").rglob("*.parquet"))) == 3


def test_both_ways_to_read_the_database_give_the_same_rows(tmp_path, monkeypatch):
    bolt = client(owner=ivan())
    buys(bolt, JANUARY, М8=100_00, М10=50_00)
    buys(bolt, FEBRUARY, М8=-30_00)
    fast = take_snapshot(tmp_path / "fast")
    monkeypatch.setattr(snapshot, "_scanner_file", lambda: None)

    slow = take_snapshot(tmp_path / "slow")

    assert {table: rows(fast, table) for table in fast.files} == {table: rows(slow, table) for table in slow.files}


def test_a_list_that_is_torn_or_whose_files_are_gone_is_no_list(tmp_path):
    bolt = client()
    buys(bolt, JANUARY, М8=100_00)
    take_snapshot(tmp_path)
    for file in (tmp_path / "lines").rglob("*.parquet"):
        file.unlink()

    without_files = take_snapshot(tmp_path)
    (tmp_path / snapshot.LIST).write_text("{")
    with_a_torn_list = take_snapshot(tmp_path)

    assert (without_files.months_read, with_a_torn_list.months_read) == (1, 1)
    assert len(rows(with_a_torn_list, "lines")) == 1


def test_an_address_with_blanks_and_quotes_in_it_is_told_whole():
    parts = {"NAME": "base", "USER": "", "PASSWORD": r"o'clock \o/", "HOST": "db", "PORT": ""}

    told = snapshot.address(parts | {"OPTIONS": {"sslmode": "require"}}, kind="postgres")

    expected = {"dbname": "base", "password": r"o'clock \o/", "host": "db", "sslmode": "require"}
    assert psycopg.conninfo.conninfo_to_dict(told) == expected
