"""What a cell may hold, when it is empty, and how names are compared: shared by the whole reader of files."""

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

type Cell = str | int | float | Decimal | date | datetime | bool | None

_DASHES = frozenset({"-", "–", "—"})


def is_blank(cells: Sequence[Cell]) -> bool:
    """Say whether a row holds nothing: None, empty texts and spaces of any kind; zero is something.

    Units: none.
    Raises: nothing.
    Source: SPEC §13, what is a data row.
    """
    for cell in cells:
        if cell is None or cell == "" or (isinstance(cell, str) and cell.isspace()):
            continue
        return False
    return True


def is_empty(cell: Cell) -> bool:
    """Say whether a cell gives no value: None, spaces, or the lone dash by which reports mark a gap.

    Units: none.
    Raises: nothing.
    Source: INTEGRATIONS §2.3.
    """
    if cell is None:
        return True
    if isinstance(cell, str):
        text = cell.strip()
        return not text or text in _DASHES
    return False


def plain_name(text: str) -> str:
    """Return a name as it is compared: letters and digits only, small, ё as е, № as n.

    Units: none.
    Raises: nothing.
    Source: INTEGRATIONS §2, headers as three systems write them.
    """
    flat = unicodedata.normalize("NFKC", text.replace("№", "n ")).casefold().replace("ё", "е")
    return "".join(sign for sign in flat if sign.isalnum())
