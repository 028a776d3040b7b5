"""Excel workbooks, new and old: which sheet is the table, and its rows."""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from itertools import islice
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    XmlError,
    ZipError,
)

from budilnik.core.refusal import Refusal
from budilnik.integrations.files.cells import Cell
from budilnik.integrations.files.sheet import HEADER_REGION, find_header, header_score

_WORKBOOK_PARTS = ("xl/workbook.xml", "xl/workbook.bin")


class WorkbookDamaged(Refusal):
    """The file is cut short or otherwise broken."""

    ru = "Книга «{name}» повреждена или загружена не до конца. Откройте её в Excel, сохраните и загрузите снова."
    en = "The workbook “{name}” is damaged or cut short. Open it in Excel, save it and import it again."


class NotAWorkbook(Refusal):
    """An archive or an OLE document of another kind."""

    ru = "Файл «{name}» не книга Excel, хотя и похож на неё. Сохраните таблицу как XLSX или CSV."
    en = "The file “{name}” is no Excel workbook, though it looks like one. Save the table as XLSX or CSV."


class WorkbookProtected(Refusal):
    """The workbook needs a password."""

    ru = "Книга «{name}» закрыта паролем. Снимите пароль и загрузите её снова."
    en = "The workbook “{name}” is protected by a password. Remove the password and import it again."


class SheetAbsent(Refusal):
    """The sheet that was asked for is not in the workbook."""

    ru = "В книге «{name}» нет листа «{sheet}». Листы книги: {sheets}."
    en = "The workbook “{name}” has no sheet “{sheet}”. Its sheets: {sheets}."


class ManySheets(Refusal):
    """Several sheets look like tables; reading one alone would drop the rest in silence."""

    ru = "В книге «{name}» несколько листов с таблицами: {sheets}. Назовите лист и загрузите каждый отдельно."
    en = "The workbook “{name}” has several sheets with tables: {sheets}. Name a sheet and import each by itself."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet: its height with leading empty rows, and its numbered rows (from 1)."""

    height: int
    rows: Iterator[tuple[int, Sequence[Cell]]]


def read_sheet(path: Path, *, sheet: str | None, expected: frozenset[str]) -> Sheet | None:
    """Return the sheet of that name, or the only one that holds a table; None when every sheet is empty.

    Hidden sheets are read only by name. Cells merged downwards are filled down.

    Units: none.
    Raises: WorkbookDamaged, NotAWorkbook, WorkbookProtected, SheetAbsent, ManySheets; OSError.
    Source: INTEGRATIONS §2.3.
    """
    if path.read_bytes()[:2] == b"PK":
        _check_archive(path)
    try:
        with path.open("rb") as file:
            workbook = CalamineWorkbook.from_filelike(file)
        found = _named(workbook, path, sheet) if sheet else _only_table(workbook, path, expected)
    except PasswordError as trouble:
        raise WorkbookProtected(name=path.name) from trouble
    except (CalamineError, XmlError, ZipError) as trouble:
        raise _explained(path, trouble) from trouble
    if found is None:
        return None
    return Sheet(height=_height(found), rows=_rows(found))


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile as trouble:
        raise WorkbookDamaged(name=path.name) from trouble
    if not names.intersection(_WORKBOOK_PARTS):
        raise NotAWorkbook(name=path.name)


def _explained(path: Path, trouble: Exception) -> Refusal:
    if "password" in str(trouble).casefold():
        return WorkbookProtected(name=path.name)
    if "detect file format" in str(trouble):
        return NotAWorkbook(name=path.name)
    return WorkbookDamaged(name=path.name)


def _named(workbook: CalamineWorkbook, path: Path, sheet: str) -> CalamineSheet:
    wanted = sheet.strip().casefold()
    for name in workbook.sheet_names:
        if name.strip().casefold() == wanted:
            return workbook.get_sheet_by_name(name)
    raise SheetAbsent(name=path.name, sheet=sheet, sheets=", ".join(workbook.sheet_names))


def _only_table(workbook: CalamineWorkbook, path: Path, expected: frozenset[str]) -> CalamineSheet | None:
    visible = [
        workbook.get_sheet_by_name(known.name)
        for known in workbook.sheets_metadata
        if known.visible == SheetVisibleEnum.Visible and known.typ == SheetTypeEnum.WorkSheet
    ]
    filled = [sheet for sheet in visible if sheet.height]
    if len(filled) < 2:
        return next(iter(filled), None)
    scores = [_table_score(sheet, expected) for sheet in filled]
    tables = [sheet for sheet, score in zip(filled, scores, strict=True) if score > 1]
    if len(tables) > 1:
        raise ManySheets(name=path.name, sheets=", ".join(sheet.name for sheet in tables))
    return filled[scores.index(max(scores))]


def _table_score(sheet: CalamineSheet, expected: frozenset[str]) -> int:
    start = [[_plain(cell) for cell in cells] for cells in islice(sheet.iter_rows(), HEADER_REGION)]
    at = find_header(start, expected)
    # A header without a row under it is an empty form, not a table.
    if at is None or _height(sheet) <= at + 1:
        return 0
    return header_score(start[at], expected)


def _height(sheet: CalamineSheet) -> int:
    return sheet.end[0] + 1 if sheet.end else 0


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, Sequence[Cell]]]:
    fills = _fills(sheet)
    kept: dict[tuple[int, int], Cell] = {}
    for at, cells in enumerate(sheet.iter_rows()):
        row: list[Cell] = [_plain(cell) for cell in cells]
        for column, top in fills.get(at, ()):
            if at == top:
                kept[top, column] = row[column]
            else:
                row[column] = kept[top, column]
        yield at + 1, row


def _fills(sheet: CalamineSheet) -> dict[int, list[tuple[int, int]]]:
    """Return row → (column, top row) of the cells merged downwards."""
    fills: dict[int, list[tuple[int, int]]] = {}
    start, end = sheet.start, sheet.end
    if start is None or end is None:
        return fills
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        if bottom > top and start[1] <= left <= end[1]:
            for at in range(top, min(bottom, end[0]) + 1):
                fills.setdefault(at, []).append((left - start[1], top))
    return fills


def _plain(cell: Cell | time | timedelta) -> Cell:
    return str(cell) if isinstance(cell, time | timedelta) else cell
