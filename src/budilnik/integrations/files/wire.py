"""Bytes to rows of cells: what kind of file it is by its content, where its table begins, its rows one by one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from budilnik.core.refusal import Refusal
from budilnik.integrations.files.cells import Cell, is_blank, plain_name
from budilnik.integrations.files.delimited import find_encoding, find_separator, read_records, read_start
from budilnik.integrations.files.html_table import read_html
from budilnik.integrations.files.sheet import HEADER_REGION, data_rows, find_header, header_texts
from budilnik.integrations.files.workbook import read_sheet

type TableKind = Literal["csv", "xlsx", "xls", "parquet", "html"]
type NumberedRow = tuple[int, tuple[Cell, ...]]

_BATCH = 20_000
_SNIFFED = 1 << 16
_HTML_SIGNS = (b"<html", b"<table", b"<meta", b"<!doctype html")
_BINARY_SIGNS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf")


class FileAbsent(Refusal):
    """There is no file at the path, or it may not be read."""

    ru = "Файл «{path}» не открывается: {reason}. Проверьте путь и права на чтение."
    en = "The file “{path}” cannot be opened: {reason}. Check the path and the right to read it."


class FileEmpty(Refusal):
    """The file, or its sheet, holds nothing."""

    ru = "Файл «{name}» пуст: в нём нет ни заголовка, ни строк. Выгрузите его заново."
    en = "The file “{name}” is empty: there is neither a header nor a row. Export it again."


class NoHeader(Refusal):
    """No row looks like a header."""

    ru = "В файле «{name}» нет строки с названиями столбцов в первых {rows} строках. Добавьте её и загрузите снова."
    en = "The file “{name}” has no row of column names within its first {rows} rows. Add it and import again."


class NotATable(Refusal):
    """The content is of a kind that holds no table we read."""

    ru = "Файл «{name}» не таблица. Годятся XLSX, XLS, CSV, Parquet и таблица HTML; сохраните как XLSX или CSV."
    en = "The file “{name}” is no table. XLSX, XLS, CSV, Parquet and an HTML table will do; save it as XLSX or CSV."


class ParquetDamaged(Refusal):
    """The Parquet file is cut short or broken."""

    ru = "Файл Parquet «{name}» повреждён или загружен не до конца. Выгрузите его заново."
    en = "The Parquet file “{name}” is damaged or cut short. Export it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table found in a file. Rows come once, one by one; reading them may still raise a Refusal.

    `header_row` and the row numbers count from 1 as a spreadsheet shows them; Parquet has no header row (0).
    `size_hint` is the number of rows where the file tells it, empty ones included; None where it does not.
    """

    kind: TableKind
    header_row: int
    headers: tuple[str, ...]
    rows: Iterator[NumberedRow]
    size_hint: int | None


def read_table(path: Path, *, sheet: str | None = None, expected: Iterable[str] = ()) -> Table:
    """Open a file as a table, its kind told by its content and never by its name.

    `expected` are headers that a mapping names: they count as known ones when the header row is looked for.
    Empty rows and a final total are no data rows and do not come.

    Units: row numbers from 1.
    Raises: a Refusal: FileAbsent, FileEmpty, NoHeader, NotATable, or the one of the kind of file.
    Source: SPEC §13; INTEGRATIONS §2.
    """
    known = frozenset(plain_name(header) for header in expected)
    try:
        kind = _kind_of(path)
        if kind == "parquet":
            return _parquet(path)
        if kind == "csv":
            return _csv(path, known)
        if kind == "html":
            return _html(path, known)
        return _workbook(path, kind, sheet, known)
    except OSError as trouble:
        raise FileAbsent(path=path.name, reason=trouble.strerror or trouble) from trouble


def _kind_of(path: Path) -> TableKind:
    with path.open("rb") as file:
        start = file.read(_SNIFFED)
    if not start:
        raise FileEmpty(name=path.name)
    if start.startswith(b"PK"):
        return "xlsx"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(_BINARY_SIGNS):
        raise NotATable(name=path.name)
    return _kind_of_text(path, start)


def _kind_of_text(path: Path, start: bytes) -> TableKind:
    # NULs out: UTF-16 reads as ASCII then, near enough to see a tag.
    text = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if text.startswith(_HTML_SIGNS) or (text.startswith(b"<") and b"<table" in text):
        return "html"
    if text.startswith((b"<?xml", b"<")):
        raise NotATable(name=path.name)
    return "csv"


def _parquet(path: Path) -> Table:
    try:
        file = pq.ParquetFile(path)
    except pa.ArrowException as trouble:
        raise ParquetDamaged(name=path.name) from trouble
    headers = tuple(file.schema_arrow.names)
    if not headers:
        raise NoHeader(name=path.name, rows=HEADER_REGION)
    return Table(
        kind="parquet",
        header_row=0,
        headers=headers,
        rows=data_rows(_parquet_rows(file, path), width=len(headers)),
        size_hint=file.metadata.num_rows,
    )


def _parquet_rows(file: pq.ParquetFile, path: Path) -> Iterator[NumberedRow]:
    number = 0
    try:
        for batch in file.iter_batches(batch_size=_BATCH):
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield number, cells
    except (pa.ArrowException, OSError) as trouble:
        raise ParquetDamaged(name=path.name) from trouble
    finally:
        file.close()


def _csv(path: Path, known: frozenset[str]) -> Table:
    encoding = find_encoding(path)
    separator = find_separator(read_start(path, encoding), known)
    records = read_records(path, encoding=encoding, separator=separator)
    return _below_header(path, "csv", records, known, height=None)


def _html(path: Path, known: frozenset[str]) -> Table:
    rows = read_html(path, expected=known)
    return _below_header(path, "html", enumerate(rows, 1), known, height=len(rows))


def _workbook(path: Path, kind: TableKind, sheet: str | None, known: frozenset[str]) -> Table:
    found = read_sheet(path, sheet=sheet, expected=known)
    if found is None:
        raise FileEmpty(name=path.name)
    return _below_header(path, kind, found.rows, known, height=found.height)


def _below_header(
    path: Path,
    kind: TableKind,
    rows: Iterable[tuple[int, Sequence[Cell]]],
    known: frozenset[str],
    *,
    height: int | None,
) -> Table:
    stream = iter(rows)
    start = list(islice(stream, HEADER_REGION))
    at = find_header([cells for _, cells in start], known)
    if at is None and all(is_blank(cells) for _, cells in chain(start, stream)):
        raise FileEmpty(name=path.name)
    if at is None:
        raise NoHeader(name=path.name, rows=HEADER_REGION)
    headers = header_texts(start[at][1])
    return Table(
        kind=kind,
        header_row=start[at][0],
        headers=headers,
        rows=data_rows(chain(start[at + 1 :], stream), width=len(headers)),
        size_hint=None if height is None else max(height - start[at][0], 0),
    )
