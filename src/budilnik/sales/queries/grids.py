"""A table of clients by two classes: each cell with its clients and their money, with sums both ways."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Some clients and a year of their money, with their shares of all. Units: kopecks, shares in 0..1."""

    clients: int
    money: int
    clients_share: float
    money_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The clients of a row and a column."""

    row: str
    column: str
    sum: Sum


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The cells of one class, and what they come to."""

    code: str
    cells: tuple[Cell, ...]
    sum: Sum


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table by two classes. `feet` are the sums of the columns, `most` the dearest cell. Units: kopecks."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    feet: tuple[Sum, ...]
    sum: Sum
    most: int


class Counted:
    """Rows of findings, to be summed under any condition."""

    def __init__(self, found: Iterable[Mapping[str, Any]]) -> None:
        """Take the rows; each has clients and money."""
        self._rows = list(found)
        self._clients = sum(row["clients"] for row in self._rows)
        self._money = sum(row["money"] or 0 for row in self._rows)

    def where(self, **wanted: str | int | bool) -> Sum:
        """Return the sum of the rows that have these values; all rows for none."""
        return self.of([row for row in self._rows if all(row[name] == value for name, value in wanted.items())])

    def of(self, rows: Sequence[Mapping[str, Any]]) -> Sum:
        """Return the sum of some of the rows."""
        clients, money = sum(row["clients"] for row in rows), sum(row["money"] or 0 for row in rows)
        return Sum(
            clients=clients,
            money=money,
            clients_share=clients / self._clients if self._clients else 0.0,
            money_share=money / self._money if self._money > 0 else 0.0,
        )

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        """Go through the rows."""
        return iter(self._rows)


def grid_of(
    counted: Counted, row: str, column: str, *, rows: Sequence[str | int], columns: Sequence[str | int]
) -> Grid:
    """Return the table of the rows of findings by two of their columns, in the order given."""
    lines = tuple(
        Row(
            code=str(one),
            cells=tuple(
                Cell(row=str(one), column=str(other), sum=counted.where(**{row: one, column: other}))
                for other in columns
            ),
            sum=counted.where(**{row: one}),
        )
        for one in rows
    )
    return Grid(
        columns=tuple(map(str, columns)),
        rows=lines,
        feet=tuple(counted.where(**{column: other}) for other in columns),
        sum=counted.where(),
        most=max((cell.sum.money for line in lines for cell in line.cells), default=0),
    )
