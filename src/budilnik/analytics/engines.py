"""The engines that run the expressions: DuckDB inside this process, Apache Spark behind an address, Sail in tests.

Nothing else in this room names an engine.
"""

import socket
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from budilnik.analytics.tables import COLUMNS, Base
from budilnik.core.refusal import Refusal

EMBEDDED = "duckdb"
SAIL = "sail"
SPARK_SCHEME = "spark"
SPARK_PORT = 15002
KNOCK_SECONDS = 10.0
BATCH_ROWS = 50_000

# Ibis tells no types of its own connections and compilers.
type _Ibis = Any


class UnknownEngine(Refusal):
    """The engine is none of those that are understood."""

    ru = "Неизвестный движок «{engine}»: понимаются duckdb, spark://УЗЕЛ:ПОРТ и off, то есть без аналитики."
    en = "The engine “{engine}” is unknown: duckdb, spark://HOST:PORT and off, without insight, are understood."


class EngineUnwilling(Refusal):
    """The engine cannot be reached, or its package is not installed."""

    ru = "Движок «{engine}» не отвечает: {why}. Без аналитики списки составляются по прежним данным."
    en = "The engine “{engine}” does not answer: {why}. Without insight the lists are made from what was known."


@dataclass(slots=True, kw_only=True)
class Engine:
    """An open engine. `folder` is where intermediate tables of an engine on Spark lie: its server must see it."""

    name: str
    con: Any
    folder: Path
    keeps_itself: bool
    _kept: list[Any] = field(default_factory=list)

    def read(self, *paths: Path) -> Table:
        """Return the rows of Parquet files as one table."""
        if self.keeps_itself:
            return self.con.read_parquet([str(path) for path in paths])
        read = [self.con.read_parquet(str(path)) for path in paths]
        return ibis.union(*read) if len(read) > 1 else read[0]

    def keep(self, table: Table) -> Table:
        """Compute a table once, for the expressions that are built upon it."""
        if self.keeps_itself:
            kept = table.cache()
            self._kept.append(kept)
            return kept
        path = self.folder / f"{uuid.uuid4().hex}.parquet"
        self.con.to_parquet(table, str(path))
        return self.con.read_parquet(str(path))

    def rows(self, table: Table) -> pa.Table:
        """Return a small table as Arrow."""
        return self.con.to_pyarrow(table)

    def count(self, table: Table) -> int:
        """Return how many rows a table has."""
        return int(self.con.to_pyarrow(table.count()).as_py())

    def batches(self, table: Table) -> Iterator[pa.RecordBatch]:
        """Return a large table as Arrow, some rows at a time."""
        yield from self.con.to_pyarrow_batches(table, chunk_size=BATCH_ROWS)


@contextmanager
def open_engine(name: str, *, folder: Path, threads: int | None = None, memory: str = "") -> Iterator[Engine]:
    """Open the engine called `name`; DuckDB spills what does not fit `memory` into `folder`.

    Raises: UnknownEngine, EngineUnwilling.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if name == EMBEDDED:
        opened = _duckdb(folder=folder, threads=threads, memory=memory)
    elif name == SAIL:
        opened = _sail(folder=folder)
    elif urlsplit(name).scheme == SPARK_SCHEME and urlsplit(name).hostname:
        opened = _spark(name, folder=folder)
    else:
        raise UnknownEngine(engine=name)
    with opened as engine:
        try:
            yield engine
        except _troubles() as trouble:
            raise EngineUnwilling(engine=name, why=_first_line(trouble)) from trouble
        finally:
            for kept in reversed(engine._kept):
                kept.release()


def _first_line(trouble: BaseException) -> str:
    return (str(trouble).strip() or type(trouble).__name__).splitlines()[0]


def _troubles() -> tuple[type[BaseException], ...]:
    """Return the errors by which the engines that are loaded say that they cannot."""
    told: list[type[BaseException]] = []
    if "duckdb" in sys.modules:
        told.append(sys.modules["duckdb"].Error)
    if "pyspark.errors" in sys.modules:
        told += [sys.modules["pyspark.errors"].PySparkException, sys.modules["grpc"].RpcError]
    return tuple(told)


def _with_doubles(con: _Ibis) -> _Ibis:
    """Let a fraction in an expression be a double: written plainly it is a decimal to these engines.

    Decimals overflow and are cut off after some digits, in each engine after others.
    """

    # The type of the compiler is known only once the engine is open.
    class Doubles(type(con.compiler)):  # type: ignore[misc]
        __slots__ = ()

        def visit_DefaultLiteral(self, op: _Ibis, *, value: _Ibis, dtype: _Ibis) -> _Ibis:  # noqa: N802 - the name is Ibis's own
            written = super().visit_DefaultLiteral(op, value=value, dtype=dtype)
            return self.cast(written, dtype) if dtype.is_floating() else written

    con.compiler = Doubles()
    return con


@contextmanager
def _duckdb(*, folder: Path, threads: int | None, memory: str) -> Iterator[Engine]:
    settings: dict[str, Any] = {"temp_directory": str(folder / "spill")}
    if threads:
        settings["threads"] = threads
    if memory:
        settings["memory_limit"] = memory
    con = _with_doubles(ibis.duckdb.connect(**settings))
    # Rows come back in any order: whoever wants one asks for it, and memory is saved.
    con.raw_sql("SET preserve_insertion_order = false")
    try:
        yield Engine(name=EMBEDDED, con=con, folder=folder, keeps_itself=True)
    finally:
        con.disconnect()


@contextmanager
def _sail(*, folder: Path) -> Iterator[Engine]:
    try:
        from pysail.spark import SparkConnectServer
    except ImportError as missing:
        raise EngineUnwilling(engine=SAIL, why=str(missing)) from missing
    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    try:
        port = server.listening_address[1]
        with _connected(f"sc://127.0.0.1:{port}", name=SAIL, folder=folder) as engine:
            yield engine
    finally:
        server.stop()


@contextmanager
def _spark(name: str, *, folder: Path) -> Iterator[Engine]:
    where = urlsplit(name)
    host, port = where.hostname or "", where.port or SPARK_PORT
    # The client of Spark knocks at a closed door for ten minutes.
    try:
        socket.create_connection((host, port), timeout=KNOCK_SECONDS).close()
    except OSError as closed:
        raise EngineUnwilling(engine=name, why=_first_line(closed)) from closed
    with _connected(f"sc://{host}:{port}", name=name, folder=folder) as engine:
        yield engine


@contextmanager
def _connected(address: str, *, name: str, folder: Path) -> Iterator[Engine]:
    try:
        from grpc import RpcError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession

        session = SparkSession.builder.remote(address).create()
        con = _with_doubles(ibis.pyspark.connect(session))
    except (ImportError, RpcError, PySparkException) as trouble:
        raise EngineUnwilling(engine=name, why=_first_line(trouble)) from trouble
    try:
        yield Engine(name=name, con=con, folder=folder, keeps_itself=False)
    finally:
        session.stop()


def base_of(engine: Engine, files: Mapping[str, Sequence[Path]]) -> Base:
    """Return the firm's tables from the Parquet files of a snapshot, one or more a table.

    Raises: ValueError when a table has no file.
    """
    missing = [table for table in COLUMNS if not files.get(table)]
    if missing:
        raise ValueError(f"a snapshot without {', '.join(missing)}")
    read = {table: engine.read(*files[table]).select(*COLUMNS[table]) for table in COLUMNS}
    return Base(**read)
