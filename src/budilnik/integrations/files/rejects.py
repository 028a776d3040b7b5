"""The file of returned rows: each as it came, with the place it came from and the reason."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from budilnik.integrations.files.cells import Cell
from budilnik.integrations.files.problems import Problem, sentence

TITLES = {"ru": ("Файл", "Строка", "Столбец", "Причина"), "en": ("File", "Row", "Column", "Reason")}


def _named(headers: Sequence[str]) -> list[tuple[str, int]]:
    """Return headers with their ordinal among equals, for names may repeat."""
    seen: Counter[str] = Counter()
    named = []
    for header in headers:
        seen[header] += 1
        named.append((header, seen[header]))
    return named


@dataclass(slots=True, kw_only=True)
class Rejects:
    """Writes rejected rows and counts them by reason; the file appears with the first row.

    Rows of several files stand under the union of their headers; cells beyond the headers follow at the end.
    `examples` keeps for each reason the sentence of its first row.
    """

    path: Path
    language: str
    headers: Sequence[Sequence[str]]
    names: Sequence[str]
    count: int = 0
    reasons: dict[tuple[str, str], tuple[int, str, int]] = field(default_factory=dict)
    examples: dict[tuple[str, str], str] = field(default_factory=dict)
    _file: TextIO | None = None
    _columns: dict[tuple[str, int], int] = field(default_factory=dict)

    def add(self, file: int, cells: Sequence[Cell], problem: Problem) -> None:
        """Return a row of the file numbered `file` with its problem."""
        if self._file is None:
            self._open()
        self.count += 1
        key = (problem.code, problem.column)
        count, name, row = self.reasons.get(key, (0, self.names[file], problem.row))
        self.reasons[key] = (count + 1, name, row)
        places = [self._columns[named] for named in _named(self.headers[file])]
        placed: list[object] = [""] * len(self._columns)
        for place, cell in zip(places, cells, strict=False):
            placed[place] = "" if cell is None else cell
        placed += ["" if cell is None else cell for cell in cells[len(places) :]]
        why = sentence(problem.code, problem.facts, self.language)
        self.examples.setdefault(key, why)
        csv.writer(self._file, delimiter=";").writerow(  # type: ignore[arg-type]
            [self.names[file], problem.row, problem.column, why, *placed]
        )

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self) -> None:
        for headers in self.headers:
            for named in _named(headers):
                self._columns.setdefault(named, len(self._columns))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # With a byte order mark, so that a spreadsheet program reads Cyrillic at once.
        self._file = self.path.open("w", encoding="utf-8-sig", newline="")
        header = [*TITLES[self.language], *(name for name, _ in self._columns)]
        csv.writer(self._file, delimiter=";").writerow(header)
