"""One cell to one value: keys, texts, dates, exact numbers. A cell that cannot be taken raises BadValue.

Nothing is guessed: what Excel destroyed is returned, not mended.
"""

import re
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Context, Decimal, Inexact, InvalidOperation
from math import isfinite

from budilnik.integrations.files.cells import Cell, is_empty
from budilnik.integrations.files.problems import BadValue

KEY_LENGTH = 200
TEXT_LENGTH = 500
NOTE_LENGTH = 10_000
FIRST_DAY = date(1990, 1, 1)
QUANTITY_DECIMALS, PRICE_DECIMALS, AMOUNT_DECIMALS = 3, 4, 2

_LARGEST = 10**9
_LARGEST_KOPECKS = 10**15
_EXCEL_DIGITS = 10**15
_LARGEST_KEY = 10**38
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - company time has no zone here
_EXCEL_FIRST, _EXCEL_LAST = 32_874, 73_050  # 1990-01-01 .. 2099-12-31
_NUMBER_LENGTH = 40
_EXACT = Context(prec=80, traps=[Inexact, InvalidOperation])

_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?[eE]\+\d+", re.ASCII)
_DUMPED_FLOAT = re.compile(r"[1-9]\d{2,}\.0", re.ASCII)
_CLOCK = r"(?:(?:\s+|\s*,\s*|T)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?"
_DAY_FIRST = re.compile(rf"(\d{{1,2}})([./-])(\d{{1,2}})\2(\d{{4}})(?:\s*г\.?)?{_CLOCK}", re.ASCII)
_YEAR_FIRST = re.compile(rf"(\d{{4}})([./-])(\d{{1,2}})\2(\d{{1,2}}){_CLOCK}", re.ASCII)
_SHORT_YEAR = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2}(?!\d)", re.ASCII)
_PLAIN = re.compile(r"[+-]?(?:\d+|\d{1,3}(?: \d{3})+)(?:[.,]\d+)?", re.ASCII)
_COMMA_GROUPS = re.compile(r"[+-]?\d{1,3}(?:,\d{3}(?:(?:,\d{3})+(?:\.\d+)?|\.\d+))", re.ASCII)
_DOT_GROUPS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3}(?:(?:\.\d{3})+(?:,\d+)?|,\d+))", re.ASCII)
_MONEY_SIGNS = re.compile(r"\s*(?:₽|руб(?:лей|ля|ль)?\.?|р\.|rub\.?)$", re.IGNORECASE)
_PIECES = re.compile(r"\s*(?:штук[аи]?|шт\.?|pcs\.?)$", re.IGNORECASE)
_SPACES = re.compile(r"\s")
_YES = frozenset({"да", "истина", "true", "yes", "y", "д", "1", "+", "отменен", "отменён", "cancelled", "canceled"})
_NO = frozenset({"нет", "ложь", "false", "no", "n", "н", "0"})


def is_scientific(text: str) -> bool:
    """Say whether a text is a number in Excel's scientific form, whose last digits are lost.

    Units: none.
    Raises: nothing.
    Source: INTEGRATIONS §2.4.
    """
    return ("E+" in text or "e+" in text) and _SCIENTIFIC.fullmatch(text.replace(" ", "")) is not None


def bare_text(text: str) -> str:
    """Return a text without the spaces, the byte-order mark and the leading apostrophe that programs put on.

    Units: none.
    Raises: nothing.
    Source: INTEGRATIONS §2.2.
    """
    stripped = text.strip().strip("\ufeff\u200b").strip()
    return stripped[1:].lstrip() if stripped.startswith("'") else stripped


def is_finite(cell: float | Decimal) -> bool:
    """Say whether a number is one: neither infinite nor the mark of no number.

    Units: none.
    Raises: nothing.
    Source: SPEC §13.
    """
    return cell.is_finite() if isinstance(cell, Decimal) else isfinite(cell)


def key_text(cell: Cell) -> str:
    """Return a key as text as written, "" for an empty cell.

    `00001` stays; a number loses its `.0`, and so does a text of three or more digits that a program wrote as
    a float; `9.22E+09`, a date made of a code, and a number past Excel's 15 digits are returned as destroyed.

    Units: none.
    Raises: BadValue.
    Source: SPEC §13.
    """
    if isinstance(cell, str):
        return _key_of_text(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        raise BadValue("key_destroyed", cell=cell)
    if isinstance(cell, date):
        raise BadValue("key_is_a_date", cell=cell)
    if isinstance(cell, int):
        return str(cell)
    largest = _EXCEL_DIGITS if isinstance(cell, float) else _LARGEST_KEY
    if not (is_finite(cell) and -largest < cell < largest):
        raise BadValue("key_destroyed", cell=cell)
    return str(int(cell)) if cell == int(cell) else str(cell)


def _key_of_text(cell: str) -> str:
    text = bare_text(cell)
    if is_scientific(text):
        raise BadValue("key_destroyed", cell=text)
    if len(text) > KEY_LENGTH:
        raise BadValue("text_too_long", cell=text, limit=KEY_LENGTH)
    if text.endswith(".0") and _DUMPED_FLOAT.fullmatch(text):
        return text[:-2]
    return text.replace("\x00", "")


def text_of(cell: Cell, *, limit: int = TEXT_LENGTH) -> str:
    """Return a cell as one line of text, its spaces made single; "" for an empty cell or a lone dash.

    Units: `limit` in characters.
    Raises: BadValue if it is longer than `limit`.
    Source: INTEGRATIONS §2.
    """
    if is_empty(cell):
        return ""
    if isinstance(cell, str):
        text = " ".join(cell.replace("\x00", "").split())
    elif isinstance(cell, date):
        text = cell.isoformat()
    else:
        text = str(cell).removesuffix(".0")
    if len(text) > limit:
        raise BadValue("text_too_long", cell=text, limit=limit)
    return text


def moment(cell: Cell, *, on: date, zone: tzinfo | None = None) -> datetime:
    """Return a moment in company time, without a zone; a date alone is its midnight.

    Day-first and ISO texts are read, and serial numbers of Excel from numeric cells. A moment that carries
    its own zone is brought to `zone`, the company's. `on` itself is not yet the future.

    Units: local company time.
    Raises: BadValue if it is empty, no date, after `on`, before 1990, or zoned while `zone` is None.
    Source: SPEC §13; INTEGRATIONS §2.
    """
    if is_empty(cell):
        raise BadValue("missing_date")
    found = _moment_of(cell)
    if found.tzinfo is not None:
        if zone is None:
            raise BadValue("moment_with_zone", cell=cell)
        try:
            found = found.astimezone(zone).replace(tzinfo=None)
        except OverflowError as trouble:
            raise BadValue("not_a_date", cell=cell) from trouble
    day = found.date()
    if day > on:
        raise BadValue("future_date", cell=_shown(found))
    if day < FIRST_DAY:
        raise BadValue("old_date", cell=_shown(found))
    return found


def day(cell: Cell, *, on: date, zone: tzinfo | None = None) -> date:
    """Return the company day of a cell; see `moment`.

    Units: local calendar days.
    Raises: BadValue as `moment` does.
    Source: SPEC §13.
    """
    return moment(cell, on=on, zone=zone).date()


def _shown(found: datetime) -> str:
    return found.strftime("%d.%m.%Y")


def _moment_of(cell: Cell) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if isinstance(cell, str):
        return _moment_of_text(bare_text(cell))
    if isinstance(cell, bool) or cell is None or not (is_finite(cell) and _EXCEL_FIRST <= cell <= _EXCEL_LAST):
        raise BadValue("not_a_date", cell=cell)
    return _EXCEL_EPOCH + timedelta(seconds=round(float(cell) * 86_400))


def _moment_of_text(text: str) -> datetime:
    found = _DAY_FIRST.fullmatch(text)
    if found:
        day_of_month, _, month, year, *clock = found.groups()
    else:
        found = _YEAR_FIRST.fullmatch(text)
        if not found:
            raise BadValue("two_digit_year" if _SHORT_YEAR.match(text) else "not_a_date", cell=text)
        year, _, month, day_of_month, *clock = found.groups()
    hour, minute, second, offset = clock
    try:
        plain = datetime(  # noqa: DTZ001 - company time has no zone here
            int(year), int(month), int(day_of_month), int(hour or 0), int(minute or 0), int(second or 0)
        )
        return datetime.fromisoformat(plain.isoformat() + offset) if offset else plain
    except ValueError as trouble:
        raise BadValue("not_a_date", cell=text) from trouble


def number(cell: Cell) -> Decimal:
    """Return a number exactly as written: `1 234,56`, `1,234.56`, `1.234,56`, −5.

    A lone comma is a decimal one, as 1C writes `1,000`; several equal separators are thousands. A binary number
    counts to 15 digits, the precision that Excel itself shows.

    Units: none.
    Raises: BadValue for no number, for infinity and for what is not a number.
    Source: INTEGRATIONS §2.3.
    """
    if isinstance(cell, bool) or cell is None or isinstance(cell, date):
        raise BadValue("not_a_number", cell=cell)
    if isinstance(cell, str):
        return _number_of_text(cell)
    if not is_finite(cell):
        raise BadValue("not_a_number", cell=cell)
    return Decimal(format(cell, ".15g")) if isinstance(cell, float) else Decimal(cell)


def _number_of_text(cell: str) -> Decimal:
    text = _SPACES.sub(" ", bare_text(cell)).replace("\u2212", "-")
    if len(text) > _NUMBER_LENGTH:
        raise BadValue("not_a_number", cell=text)
    if _PLAIN.fullmatch(text):
        return Decimal(text.replace(" ", "").replace(",", "."))
    if _COMMA_GROUPS.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if _DOT_GROUPS.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    raise BadValue("not_a_number", cell=text)


def _scaled(cell: Cell, found: Decimal, decimals: int, largest: int) -> int:
    if abs(found) > largest:
        raise BadValue("number_too_large", cell=cell)
    scaled = _EXACT.scaleb(found, decimals)
    whole = int(scaled)
    if whole != scaled:
        raise BadValue("too_many_decimals", cell=cell, limit=decimals)
    return whole


def quantity(cell: Cell) -> int:
    """Return a quantity exactly; a return is negative. «12 шт» is 12; other units are not understood.

    Units: thousandths of a unit of sale.
    Raises: BadValue if it is empty, no number, over 10^9 or finer than 3 decimals.
    Source: STYLE §2, values in tables.
    """
    if is_empty(cell):
        raise BadValue("missing_quantity")
    plain = _PIECES.sub("", cell.rstrip()) if isinstance(cell, str) else cell
    return _scaled(cell, number(plain), QUANTITY_DECIMALS, _LARGEST)


def price(cell: Cell) -> int:
    """Return a unit price exactly; zero and below zero are prices too, an empty cell is not.

    Units: 1/10,000 of the currency.
    Raises: BadValue if it is empty, no number, over 10^9 or finer than 4 decimals.
    Source: STYLE §2, values in tables.
    """
    return _money(cell, PRICE_DECIMALS, _LARGEST)


def amount(cell: Cell) -> int:
    """Return a sum of money exactly.

    Units: kopecks.
    Raises: BadValue if it is empty, no number, over 10^13 or finer than a kopeck.
    Source: STYLE §2, values in tables.
    """
    return _money(cell, AMOUNT_DECIMALS, _LARGEST_KOPECKS // 100)


def _money(cell: Cell, decimals: int, largest: int) -> int:
    if is_empty(cell):
        raise BadValue("missing_price")
    plain = _MONEY_SIGNS.sub("", cell.rstrip()) if isinstance(cell, str) else cell
    return _scaled(cell, number(plain), decimals, largest)


def rounded(numerator: int, denominator: int) -> int:
    """Divide and round half up away from zero: 0.5 is 1 and −0.5 is −1.

    Units: those of the numerator over those of the denominator.
    Raises: ZeroDivisionError.
    Source: core.arrivals, ArrivedLine.
    """
    whole = (2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator))
    return whole if (numerator < 0) == (denominator < 0) else -whole


def line_amount(quantity: int, price: int) -> int:
    """Return quantity x price, rounded half up away from zero.

    Units: thousandths x 1/10,000 → kopecks.
    Raises: BadValue if the sum is past 10^13 of the currency.
    Source: core.arrivals, ArrivedLine.
    """
    kopecks = rounded(quantity * price, 100_000)
    if abs(kopecks) > _LARGEST_KOPECKS:
        raise BadValue("number_too_large", cell=kopecks // 100)
    return kopecks


def price_of(amount: int, quantity: int) -> int:
    """Return the unit price that an amount makes, rounded half up away from zero.

    Units: kopecks / thousandths → 1/10,000.
    Raises: BadValue if the quantity is zero and the amount is not.
    Source: SPEC §13.
    """
    if quantity == 0:
        if amount:
            raise BadValue("price_unknowable")
        return 0
    return rounded(amount * 100_000, quantity)


def flag(cell: Cell) -> bool:
    """Return a yes or a no; an empty cell is a no.

    Units: none.
    Raises: BadValue for any other word.
    Source: INTEGRATIONS §3.1, the mark «Отменен».
    """
    if isinstance(cell, bool):
        return cell
    if is_empty(cell):
        return False
    word = text_of(cell).casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise BadValue("not_yes_or_no", cell=word)
