"""The HTML table that Bitrix24 saves as .xls: a web page, not a workbook."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from lxml import etree

from budilnik.core.refusal import Refusal
from budilnik.integrations.files.cells import Cell
from budilnik.integrations.files.delimited import decode_all
from budilnik.integrations.files.sheet import HEADER_REGION, header_score

_HEAD = 4096
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_SPAN_LIMIT = 1000


class HtmlDamaged(Refusal):
    """The page has no table, or ends before the table does."""

    ru = "Файл «{name}» записан как веб-страница, но таблица в нём не закончена. Выгрузите его заново."
    en = "The file “{name}” is a web page whose table is not complete. Export it again."


def read_html(path: Path, *, expected: frozenset[str]) -> list[Sequence[Cell]]:
    """Return the rows of the table with most known header names; all cells are texts.

    A line break within a cell stays one, so that two telephones do not run together.

    Units: none.
    Raises: HtmlDamaged; OSError.
    Source: INTEGRATIONS §2.1.
    """
    data = path.read_bytes()
    declared = _CHARSET.search(data[:_HEAD])
    text = decode_all(data, declared.group(1).decode("ascii") if declared else None)
    if "</table" not in text[text.casefold().rfind("<table") :].casefold():
        raise HtmlDamaged(name=path.name)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True)
    root = etree.fromstring(text.lstrip("\ufeff").encode("utf-8", "replace"), parser)
    if root is None:
        raise HtmlDamaged(name=path.name)
    tables: list[list[Sequence[Cell]]] = [list(_grid(table)) for table in root.iter("table")]
    return max(tables, key=lambda rows: (_best_score(rows, expected), len(rows)))


def _best_score(rows: Sequence[Sequence[Cell]], expected: frozenset[str]) -> int:
    return max((header_score(row, expected) for row in rows[:HEADER_REGION]), default=0)


def _grid(table: etree._Element) -> Iterator[list[Cell]]:
    """Yield the rows of a table with its spans laid out: a cell spanning rows is filled down."""
    below: dict[int, tuple[int, str]] = {}
    for line in table.iter("tr"):
        if next(line.iterancestors("table"), None) is not table:
            continue
        row: list[Cell] = []
        for cell in line.iterchildren("td", "th"):
            _fill_down(row, below)
            text = _text(cell)
            for shift in range(_span(cell, "colspan")):
                below[len(row)] = (_span(cell, "rowspan") - 1, text if shift == 0 else "")
                row.append(text if shift == 0 else "")
        _fill_down(row, below)
        yield row


def _fill_down(row: list[Cell], below: dict[int, tuple[int, str]]) -> None:
    while below.get(len(row), (0, ""))[0]:
        left, text = below[len(row)]
        below[len(row)] = (left - 1, text)
        row.append(text)


def _span(cell: etree._Element, name: str) -> int:
    written = str(cell.get(name) or "1")
    return min(max(int(written), 1), _SPAN_LIMIT) if written.isdecimal() else 1


def _text(cell: etree._Element) -> str:
    for line_break in cell.iter("br"):
        line_break.text = "\n"
    return "".join(str(part) for part in cell.itertext()).strip()
