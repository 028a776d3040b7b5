"""Finding the table in a sheet: the header row under a title block, the data rows, the final total."""

from collections.abc import Iterable, Iterator, Sequence

from budilnik.integrations.files.cells import Cell, is_blank, is_empty, plain_name
from budilnik.integrations.files.names import is_known

HEADER_REGION = 30
_TITLES = ("отбор", "параметры", "период:", "sep=")
_TOTALS = ("итого", "всего", "grand total", "total")


def header_score(cells: Sequence[Cell], expected: frozenset[str] = frozenset()) -> int:
    """Count the distinct header names of a row that are known or `expected` (compared names).

    The lines «Отбор:» and «Параметры:» of a report's title block count nothing, whatever they quote.

    Units: headers.
    Raises: nothing.
    Source: INTEGRATIONS §2.3.
    """
    first = next((cell for cell in cells if not is_empty(cell)), None)
    if isinstance(first, str) and first.strip().casefold().startswith(_TITLES):
        return 0
    texts = {plain_name(cell): cell for cell in cells if isinstance(cell, str) and not is_empty(cell)}
    return sum(name in expected or is_known(text) for name, text in texts.items())


def find_header(rows: Sequence[Sequence[Cell]], expected: frozenset[str] = frozenset()) -> int | None:
    """Return the index of the header row among the first rows of a sheet, None when there is none.

    The row with most known names wins, the upper one of equals. Without a known name it is the first row
    of at least two texts, if it holds no number: a file that begins with data has no header.

    Units: index from 0.
    Raises: nothing.
    Source: INTEGRATIONS §2.3.
    """
    region = rows[:HEADER_REGION]
    scores = [header_score(cells, expected) for cells in region]
    best = max(scores, default=0)
    if best:
        return scores.index(best)
    for at, cells in enumerate(region):
        filled = [cell for cell in cells if not is_empty(cell)]
        if len(filled) > 1:
            return at if all(isinstance(cell, str) and not cell.strip()[:1].isdigit() for cell in filled) else None
    return None


def header_texts(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Return the header names as written, without the empty columns that follow the last name.

    Units: none.
    Raises: nothing.
    Source: INTEGRATIONS §2.1, the empty last column of Bitrix24.
    """
    texts = ["" if cell is None else " ".join(str(cell).split()) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def is_total(cells: Sequence[Cell]) -> bool:
    """Say whether a row is a total: its first filled cell is «Итого» or "Total", alone or with a number or «по …».

    «Всего хорошего» is the name of a client and no total.

    Units: none.
    Raises: nothing.
    Source: INTEGRATIONS §2.3.
    """
    first = next((cell for cell in cells if cell is not None and cell != ""), None)
    if not isinstance(first, str):
        return False
    text = first.strip().casefold()
    word = next((total for total in _TOTALS if text.startswith(total)), None)
    if word is None:
        return False
    rest = text.removeprefix(word)
    tail = rest.strip(" \u00a0:.,-")
    return not tail or (not rest[0].isalnum() and (tail[0].isdigit() or tail.startswith(("по ", "руб"))))


def data_rows(rows: Iterable[tuple[int, Sequence[Cell]]], *, width: int) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """Yield the rows below the header that hold something, `width` cells wide, without a final total.

    Cells beyond `width` stay if they hold something: such a row is out of step and its reader must see it.

    Units: row numbers as they come.
    Raises: nothing of its own.
    Source: SPEC §13, no row dropped silently.
    """
    held: tuple[int, tuple[Cell, ...]] | None = None
    for number, cells in rows:
        if is_blank(cells):
            continue
        if held is not None:
            yield held
            held = None
        row = (number, tuple(cells) if len(cells) == width else _fitted(cells, width))
        if is_total(cells):
            held = row
        else:
            yield row


def _fitted(cells: Sequence[Cell], width: int) -> tuple[Cell, ...]:
    if len(cells) < width:
        return (*cells, *(None,) * (width - len(cells)))
    return tuple(cells[:width]) if is_blank(cells[width:]) else tuple(cells)
