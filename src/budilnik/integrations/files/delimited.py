"""Delimited text: the encoding, the separator and the records of a CSV or TXT file."""

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from budilnik.core.refusal import Refusal
from budilnik.integrations.files.sheet import HEADER_REGION, header_score

SEPARATORS = (";", ",", "\t", "|")
_CHUNK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# So many right letters for a wrong byte: the file is damaged UTF-8, not windows-1251.
_DAMAGED_SHARE = 10
_SENTINEL = "\x00end\x00"


class TextDamaged(Refusal):
    """The bytes are text in no encoding that is known, or UTF-8 with broken places."""

    ru = (
        "Файл «{name}» не читается как текст: испорчена строка {row}. "
        "Сохраните его в UTF-8 или windows-1251 и загрузите снова."
    )
    en = (
        "The file “{name}” cannot be read as text: line {row} is damaged. "
        "Save it as UTF-8 or windows-1251 and import it again."
    )


class QuoteNotClosed(Refusal):
    """A quoted field has no end: the rows after it would be swallowed by one cell."""

    ru = "В файле «{name}» в строке {row} кавычка открыта и не закрыта. Исправьте строку и загрузите файл снова."
    en = "In the file “{name}” a quote opened in row {row} is never closed. Mend the row and import the file again."


def find_encoding(path: Path) -> str:
    """Return the encoding of a text file: its BOM, else UTF-8 if all of it is, else windows-1251.

    UTF-8 with a few broken bytes is refused, for read as windows-1251 it would be nonsense.

    Units: none.
    Raises: TextDamaged; OSError.
    Source: INTEGRATIONS §2.4.
    """
    with path.open("rb") as file:
        start = file.read(4)
    marked = next((encoding for bom, encoding in _BOMS if start.startswith(bom)), None)
    candidates = (marked,) if marked else ("utf-8", "windows-1251")
    found = next((encoding for encoding in candidates if _decodes(path, encoding)), None)
    if found is not None and found != "windows-1251":
        return found
    damaged_utf8 = marked is None and _is_damaged_utf8(path)
    if found is None or damaged_utf8:
        encoding = marked or ("utf-8" if damaged_utf8 else "windows-1251")
        raise TextDamaged(name=path.name, row=_damaged_row(path, encoding))
    return found


def _decodes(path: Path, encoding: str) -> bool:
    try:
        return not any("\x00" in text for text in _decoded(path, encoding, "strict"))
    except UnicodeDecodeError:
        return False


def _decoded(path: Path, encoding: str, errors: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield decoder.decode(chunk)
    yield decoder.decode(b"", True)


def _is_damaged_utf8(path: Path) -> bool:
    right = wrong = 0
    for text in _decoded(path, "utf-8", "replace"):
        bad = text.count("\ufffd")
        right += len(text) - len(text.encode("ascii", "ignore")) - bad
        wrong += bad
    return right > _DAMAGED_SHARE * wrong


def _damaged_row(path: Path, encoding: str) -> int:
    row = 1
    for text in _decoded(path, encoding, "replace"):
        places = [at for at in (text.find("\ufffd"), text.find("\x00")) if at >= 0]
        if places:
            return row + text.count("\n", 0, min(places))
        row += text.count("\n")
    return row


def find_separator(start: str, expected: frozenset[str] = frozenset()) -> str:
    """Return the separator under which the beginning of a file looks most like a table.

    First counts the number of known header names in one row, then how many rows are equally wide:
    a decimal comma makes a table of `;` no table of `,`.

    Units: none.
    Raises: nothing.
    Source: INTEGRATIONS §2.1-2.4.
    """

    def likeness(separator: str) -> tuple[int, int, int]:
        lines = io.StringIO(start, newline="")
        records = list(islice(csv.reader(lines, delimiter=separator), HEADER_REGION))
        widths = [len(record) for record in records if len(record) > 1]
        width = max(set(widths), key=widths.count, default=1)
        known = max((header_score(record, expected) for record in records), default=0)
        return known, widths.count(width), width

    return max(SEPARATORS, key=likeness)


def read_start(path: Path, encoding: str) -> str:
    """Return the first lines of a text file, enough to see its header.

    Units: none.
    Raises: OSError.
    Source: INTEGRATIONS §2.3, the header is within 30 rows.
    """
    with path.open(encoding=encoding, newline="") as file:
        text = file.read(_CHUNK // 8)
    lines = text.splitlines(True)
    return "".join(lines[:-1] if len(lines) > HEADER_REGION else lines)


def read_records(path: Path, *, encoding: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records of a delimited file with their numbers; an empty line is a record too.

    A quoted field may hold line ends: the number counts records, as a spreadsheet shows them.

    Units: numbers from 1.
    Raises: QuoteNotClosed when the reading comes to it; OSError.
    Source: INTEGRATIONS §2.
    """
    number = 0
    last: list[str] = []
    with path.open(encoding=encoding, newline="") as file:
        # The sentinel is a record of its own, unless an open quote has swallowed it.
        records = csv.reader(chain(file, ("\n", _SENTINEL)), delimiter=separator)
        try:
            for number, last in enumerate(records, 1):
                if last == [_SENTINEL]:
                    return
                if last and last[-1].endswith(_SENTINEL):
                    raise QuoteNotClosed(name=path.name, row=number)
                yield number, last
        except csv.Error as trouble:
            raise QuoteNotClosed(name=path.name, row=number + 1) from trouble


def decode_all(data: bytes, declared: str | None = None) -> str:
    """Return a whole small text by its BOM, its declared encoding, UTF-8 or windows-1251, in this order.

    Units: none.
    Raises: nothing: a byte that fits nothing becomes a replacement sign.
    Source: INTEGRATIONS §2.4.
    """
    marked = next((encoding for bom, encoding in _BOMS if data.startswith(bom)), None)
    for encoding in filter(None, (marked, declared, "utf-8")):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("windows-1251", "replace")
