"""The numbers by which the state knows a company: ИНН and КПП."""

import re
from functools import lru_cache

from stdnum.ru import inn as taxpayer

from budilnik.integrations.files.cells import Cell, is_empty
from budilnik.integrations.files.problems import BadValue
from budilnik.integrations.files.values import key_text

_KPP = re.compile(r"\d{4}[0-9A-Z]{2}\d{3}", re.ASCII)
_LENGTHS = (10, 12)


def inn(cell: Cell) -> str:
    """Return the ИНН of a cell, "" for an empty one; of «ИНН/КПП» the part before the stroke.

    A number of 9 or 11 digits has lost its leading zero in Excel: with the zero its check digit must agree.
    All zeros and the region 00 are no ИНН, though their check digits agree.

    Units: none.
    Raises: BadValue.
    Source: INTEGRATIONS §4.1.
    """
    return _inn(_code(cell, "wrong_inn").split("/", 1)[0].strip())


def kpp(cell: Cell) -> str:
    """Return the КПП of a cell, "" for an empty one; of «ИНН/КПП» the part after the stroke.

    A numeric cell of 8 digits has lost its leading zero in Excel. There is no check digit.

    Units: none.
    Raises: BadValue.
    Source: INTEGRATIONS §4.1.
    """
    written = _code(cell, "wrong_kpp")
    text = written.rpartition("/")[2].replace(" ", "").upper()
    if not isinstance(cell, str) and len(text) == 8:
        text = f"0{text}"
    if text and not _KPP.fullmatch(text):
        raise BadValue("wrong_kpp", cell=written)
    return text


def kpp_of_pair(cell: Cell) -> str:
    """Return the КПП of a column «ИНН/КПП»: "" where the cell holds an ИНН alone.

    Units: none.
    Raises: BadValue.
    Source: INTEGRATIONS §4.1.
    """
    return kpp(cell) if isinstance(cell, str) and "/" in cell else ""


def _code(cell: Cell, code: str) -> str:
    if is_empty(cell) or (isinstance(cell, int | float) and cell == 0):
        return ""
    try:
        return key_text(cell)
    except BadValue as trouble:
        raise BadValue(code, cell=cell) from trouble


@lru_cache(maxsize=65_536)
def _inn(written: str) -> str:
    digits = "".join(written.upper().removeprefix("ИНН").split()).removeprefix(":")
    if not digits:
        return ""
    if not (digits.isascii() and digits.isdigit()):
        raise BadValue("wrong_inn", cell=written)
    if len(digits) + 1 in _LENGTHS:
        digits = f"0{digits}"
    if len(digits) not in _LENGTHS or digits.startswith("00") or not taxpayer.is_valid(digits):
        raise BadValue("wrong_inn", cell=written)
    return digits
