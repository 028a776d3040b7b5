"""Tables that leave the firm as files: by right only, each one written down."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Literal, cast
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from budilnik.staff.actions.exporting import note_export, require_export
from budilnik.web.requests import Request

type ColumnKind = Literal["text", "count", "number", "money", "share", "date", "moment"]
type Format = Literal["xlsx", "csv"]
type Value = str | int | float | Decimal | date | datetime | None

TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}
FORMATS = {
    "count": "#,##0",
    "number": "#,##0.0#",
    "money": "#,##0.00",
    "share": "0.0%",
    "date": "DD.MM.YYYY",
    "moment": "DD.MM.YYYY HH:MM",
}
NARROWEST, WIDEST = 10, 48
LONGEST_TEXT = 32_000
LONGEST_TITLE = 31
# What a spreadsheet would take for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# What was typed into a search may be a person's name or number: it does not go into the audit.
NOT_NOTED = frozenset({"format", "q", "page"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a file. Units: money in kopecks, a share of one; moments are aware."""

    title: str
    kind: ColumnKind = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table as a file holds it. `rows` may be read on the way, so that a long table is not built twice."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Value]]


def wanted_format(request: Request) -> Format | None:
    """Return in which format a page is asked for as a file; None when it is asked for as a page."""
    asked = request.GET.get("format", "")
    return cast(Format, asked) if asked in TYPES else None


def sheet_response(request: Request, sheet: Sheet, *, format: Format) -> HttpResponse:  # noqa: A002
    """Return a table as a file, and write down that it was taken.

    Raises: ExportNotAllowed, before any row is read.
    """
    require_export(request.user)
    file, zone = io.BytesIO(), ZoneInfo(request.policy.company_zone)
    count = (_write_xlsx if format == "xlsx" else _write_csv)(sheet, file, zone=zone)
    note_export(
        what=request.resolver_match.view_name if request.resolver_match else "",
        rows=count,
        asked={name: str(request.GET[name]) for name in request.GET if name not in NOT_NOTED},
        by=request.user,
        on=request.on,
        now=request.now,
    )
    response = HttpResponse(file.getvalue(), content_type=TYPES[format])
    name = f"{sheet.name} {request.on:%d.%m.%Y}.{format}".replace("/", "-")
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "no-store"
    return response


def _write_xlsx(sheet: Sheet, file: IO[bytes], *, zone: ZoneInfo) -> int:
    book = Workbook(write_only=True)
    # The stubs do not know what a page that is only written has.
    page: Any = book.create_sheet(_title(sheet.name))
    first, rest = _looked_ahead(sheet.rows)
    for place, width in enumerate(_widths(sheet.columns, first), start=1):
        page.column_dimensions[get_column_letter(place)].width = width
    page.freeze_panes = "A2"
    page.append([_head(page, column) for column in sheet.columns])
    # A row is written when it is appended, so each column has one cell for all of them: styles are dear to make.
    cells = [_styled(page, column.kind) for column in sheet.columns]
    count = 0
    for row in rest:
        page.append([_filled(cell, value, zone) for cell, value in zip(cells, row, strict=True)])
        count += 1
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{count + 1}"
    book.save(file)
    return count


def _looked_ahead(rows: Iterable[Sequence[Value]]) -> tuple[list[Sequence[Value]], Iterator[Sequence[Value]]]:
    """Return the first rows, by which the widths are chosen, and all of them: widths stand before rows in the file."""
    coming = iter(rows)
    first = [row for _place, row in zip(range(200), coming, strict=False)]

    def every() -> Iterator[Sequence[Value]]:
        yield from first
        yield from coming

    return first, every()


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[Value]]) -> list[int]:
    longest = [max((len(str(row[at])) for row in rows if row[at] is not None), default=0) for at in range(len(columns))]
    return [
        min(WIDEST, max(NARROWEST, len(column.title) + 2, found + 2))
        for column, found in zip(columns, longest, strict=True)
    ]


def _head(page: WriteOnlyWorksheet, column: Column) -> Cell:
    cell = WriteOnlyCell(page, value=_clean(column.title))
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


@dataclass(frozen=True, slots=True)
class _Styled:
    """The cell of a column, filled anew for each row."""

    kind: ColumnKind
    cell: Cell


def _styled(page: WriteOnlyWorksheet, kind: ColumnKind) -> _Styled:
    cell = WriteOnlyCell(page)
    cell.number_format = FORMATS.get(kind, "General")
    return _Styled(kind, cell)


def _filled(styled: _Styled, value: Value, zone: ZoneInfo) -> Cell | None:
    if value is None or value == "":
        return None
    styled.cell.value = _clean(value) if isinstance(value, str) else cast(float, _plain(value, styled.kind, zone))
    if isinstance(value, str):
        # A text that begins with = stays a text.
        styled.cell.data_type = "s"
    return styled.cell


def _plain(value: Value, kind: ColumnKind, zone: ZoneInfo) -> Value:
    """Return a value as spreadsheets count it: roubles, and the clock of the company without a zone."""
    if kind == "money":
        return Decimal(cast(int, value)) / 100
    return value.astimezone(zone).replace(tzinfo=None) if isinstance(value, datetime) else value


def _write_csv(sheet: Sheet, file: IO[bytes], *, zone: ZoneInfo) -> int:
    english = get_language() == "en"
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    lines = csv.writer(text, delimiter="," if english else ";")
    lines.writerow([_guarded(column.title) for column in sheet.columns])
    count = 0
    for row in sheet.rows:
        cells = zip(row, sheet.columns, strict=True)
        lines.writerow([_written(value, column.kind, zone, mark="." if english else ",") for value, column in cells])
        count += 1
    text.flush()
    text.detach()
    return count


def _written(value: Value, kind: ColumnKind, zone: ZoneInfo, *, mark: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _guarded(value)
    plain = _plain(value, kind, zone)
    if isinstance(plain, datetime):
        return f"{plain:%d.%m.%Y %H:%M}"
    if isinstance(plain, date):
        return f"{plain:%d.%m.%Y}"
    if kind == "share":
        return f"{cast(float, plain) * 100:.1f}%".replace(".", mark)
    return (f"{plain:.2f}" if kind == "money" else str(plain)).replace(".", mark)


def _guarded(value: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    clean = _clean(value)
    return f"'{clean}" if clean.startswith(FORMULA) else clean


def _clean(value: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_TEXT]


def _title(name: str) -> str:
    return "".join(" " if sign in r"[]:*?/\'" else sign for sign in name)[:LONGEST_TITLE].strip() or _("Table")
