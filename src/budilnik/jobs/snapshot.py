"""The base as Parquet files: what insight reads, brought up to date month by month.

A month whose documents are the same as before keeps its file. The list of files is replaced last and at once, so
that a snapshot that was cut off is made again from the old list.
"""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from django.db import connection, transaction

from budilnik.clients.queries import snapshot as base_reads
from budilnik.sales.queries import snapshot as sales_reads

ROWS_AT_ONCE = 100_000
LIST = "snapshot.json"
# A hundred years of months may lie side by side; as many files at once as any system lets a process open.
MONTHS_AT_MOST = 1_200
MONTHS_OPEN = 200

_DAY, _NUMBER, _YES = pa.date32(), pa.int64(), pa.bool_()
SCHEMAS = {
    "clients": pa.schema([("client_id", _NUMBER), ("known_on", _DAY), ("owner_id", _NUMBER), ("potential", _NUMBER)]),
    "contacts": pa.schema([("client_id", _NUMBER), ("contacted_on", _DAY), ("talked", _YES)]),
    "items": pa.schema([("item_id", _NUMBER), ("group_id", _NUMBER)]),
    "orders": pa.schema(
        [("order_id", _NUMBER), ("client_id", _NUMBER), ("ordered_on", _DAY), ("net", _NUMBER), ("counts", _YES)]
    ),
    "lines": pa.schema(
        [
            ("order_id", _NUMBER),
            ("client_id", _NUMBER),
            ("ordered_on", _DAY),
            ("item_id", _NUMBER),
            ("quantity", _NUMBER),
            ("amount", _NUMBER),
        ]
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The files of each table, and how many months had to be read anew."""

    files: dict[str, list[Path]]
    months: int
    months_read: int


class Reader(Protocol):
    """Reads a statement from the database as Arrow batches."""

    def batches(self, statement: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield the rows, in the types of the schema."""
        ...


@dataclass(frozen=True, slots=True)
class CursorReader:
    """Reads through Django's own connection: slower, and always there."""

    def batches(self, statement: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield the rows, in the types of the schema."""
        with connection.chunked_cursor() as cursor:
            cursor.execute(statement)
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                columns = [pa.array(column) for column in zip(*rows, strict=True)]
                yield _typed(columns, schema)


def _typed(columns: Sequence[pa.Array], schema: pa.Schema) -> pa.RecordBatch:
    """Give columns their types: SQLite has days as text and truths as numbers."""
    cast = [pc.cast(column, kind.type) for column, kind in zip(columns, schema, strict=True)]
    return pa.record_batch(cast, schema=schema)


@dataclass(frozen=True, slots=True)
class ScannerReader:
    """Reads through DuckDB's scanner of the other database: ten times as fast."""

    con: Any
    call: str

    def batches(self, statement: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield the rows, in the types of the schema."""
        found = self.con.execute(f"SELECT * FROM {self.call}('base', {_literal(statement)})")
        for batch in found.to_arrow_reader(ROWS_AT_ONCE):
            yield _typed(batch.columns, schema)


@contextmanager
def open_reader() -> Iterator[Reader]:
    """Open the fastest reader that this installation has."""
    scanner = _scanner_file()
    if scanner is None:
        # One transaction, so that all tables are of one moment.
        with transaction.atomic():
            yield CursorReader()
        return
    import duckdb

    with duckdb.connect() as con:
        con.execute(f"LOAD {_literal(str(scanner))}")
        con.execute(
            f"ATTACH {_literal(address(connection.settings_dict, kind=_kind()))} AS base (TYPE {_kind()}, READ_ONLY)"
        )
        con.execute("SET preserve_insertion_order = false")
        con.execute("BEGIN")
        yield ScannerReader(con, f"{_kind()}_query")


def _kind() -> str:
    return "postgres" if connection.vendor == "postgresql" else "sqlite"


def _scanner_file() -> Path | None:
    try:
        import duckdb
        import duckdb_extension_postgres_scanner as on_postgres
        import duckdb_extension_sqlite_scanner as on_sqlite
    except ImportError:
        return None
    package = on_postgres if _kind() == "postgres" else on_sqlite
    name = f"{_kind()}_scanner.duckdb_extension"
    file = Path(package.__file__ or "").parent / "extensions" / f"v{duckdb.__version__}" / name
    return file if file.exists() else None


def _literal(text: str) -> str:
    """Write a text as the engine's own statements have it."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def address(found: Mapping[str, Any], *, kind: str) -> str:
    """Return where a database is: the file of SQLite, or the parts of a PostgreSQL connection, each in quotes."""
    if kind == "sqlite":
        return str(found["NAME"])
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    parts = {name: found[key] for name, key in named.items()} | found["OPTIONS"]
    told = {name: str(value).replace("\\", "\\\\").replace("'", "\\'") for name, value in parts.items() if value}
    return " ".join(f"{name}='{value}'" for name, value in told.items())


def take_snapshot(folder: Path) -> Snapshot:
    """Bring the files of the base in `folder` up to date and return them; months without a change are not read."""
    folder.mkdir(parents=True, exist_ok=True)
    known = _known(folder)
    with open_reader() as reader:
        marks = _marks(reader)
        changed = [month for month, mark in marks.items() if known["marks"].get(month) != mark]
        statements = {"clients": base_reads.CLIENTS, "contacts": base_reads.CONTACTS, "items": sales_reads.ITEMS}
        names = {
            table: {"": _write(folder / table, reader.batches(statement, SCHEMAS[table]), SCHEMAS[table])}
            for table, statement in statements.items()
        }
        for table, statement_of in (("orders", sales_reads.orders_of), ("lines", sales_reads.lines_of)):
            kept = {month: name for month, name in known[table].items() if month in marks and month not in changed}
            statement = statement_of(None if len(changed) == len(marks) else changed)
            fresh = _write_months(folder / table, reader, statement, SCHEMAS[table]) if changed else {}
            names[table] = kept | fresh
    _remember(folder, {"marks": marks, "orders": names["orders"], "lines": names["lines"]})
    _sweep(folder, names)
    return Snapshot(files=_files(folder, names), months=len(marks), months_read=len(changed))


def _known(folder: Path) -> dict[str, dict[str, str]]:
    """Return the list of the last snapshot; none, an unreadable one, or one whose files are gone is no snapshot."""
    nothing: dict[str, dict[str, str]] = {"marks": {}, "orders": {}, "lines": {}}
    try:
        known: dict[str, dict[str, str]] = json.loads((folder / LIST).read_text())
        whole = all((folder / table / name).exists() for table in ("orders", "lines") for name in known[table].values())
    except (FileNotFoundError, ValueError, KeyError):
        return nothing
    return known if whole else nothing


def _marks(reader: Reader) -> dict[str, str]:
    """Return the mark of each month: what changes when a document of it comes, goes or moves to another client."""
    text = pa.schema([(name, pa.string()) for name in ("month", "orders", "numbers", "net", "clients", "cancelled")])
    rows = [row for batch in reader.batches(sales_reads.MONTHS, text) for row in batch.to_pylist()]
    return {row.pop("month"): " ".join(row.values()) for row in rows}


def _write(folder: Path, batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> str:
    folder.mkdir(exist_ok=True)
    name = f"{uuid.uuid4().hex}.parquet"
    with pq.ParquetWriter(folder / name, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
    return name


def _write_months(folder: Path, reader: Reader, statement: str, schema: pa.Schema) -> dict[str, str]:
    """Write one file a month and return their names."""
    told_apart = pa.schema([("month", pa.string()), *schema])
    written: dict[str, str] = {}

    def note(file: ds.WrittenFile) -> None:
        name = Path(file.path).relative_to(folder)
        written[name.parts[0]] = str(name)

    folder.mkdir(exist_ok=True)
    ds.write_dataset(
        pa.RecordBatchReader.from_batches(told_apart, reader.batches(statement, told_apart)),
        folder,
        basename_template=f"{uuid.uuid4().hex}-{{i}}.parquet",
        format="parquet",
        partitioning=["month"],
        file_options=ds.ParquetFileFormat().make_write_options(compression="zstd"),
        existing_data_behavior="overwrite_or_ignore",
        max_rows_per_file=0,
        max_open_files=MONTHS_OPEN,
        max_partitions=MONTHS_AT_MOST,
        file_visitor=note,
    )
    return written


def _remember(folder: Path, known: dict[str, dict[str, str]]) -> None:
    fresh = folder / f".{LIST}.{uuid.uuid4().hex}"
    fresh.write_text(json.dumps(known))
    fresh.replace(folder / LIST)


def _sweep(folder: Path, names: dict[str, dict[str, str]]) -> None:
    """Delete the files that are in no list: of months that changed, of snapshots that were cut off."""
    for table, listed in names.items():
        wanted = {folder / table / name for name in listed.values()}
        for file in (folder / table).rglob("*.parquet"):
            if file not in wanted:
                file.unlink()


def _files(folder: Path, names: dict[str, dict[str, str]]) -> dict[str, list[Path]]:
    files = {table: [folder / table / name for name in listed.values()] for table, listed in names.items()}
    for table in ("orders", "lines"):
        files[table] = files[table] or [folder / table / _write(folder / table, iter(()), SCHEMAS[table])]
    return files
