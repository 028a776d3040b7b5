"""What was typed into the search box: part of a name, of a taxpayer number (ИНН) or of a telephone."""

import re
from dataclasses import dataclass

from budilnik.core.naming import search_key

LEAST_DIGITS = 3
_NUMBER = re.compile(r"[+]?[\d\s().\-/]+", re.ASCII)
_RUSSIA = "+7"
_INN_LENGTHS = (10, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a query may mean; what it cannot mean is empty.

    `words` must all stand in the search key of a name. `phone_part` stands anywhere in a number in E.164,
    `phone_start` at its beginning. A whole number or ИНН finds a client of somebody else too.
    """

    words: tuple[str, ...] = ()
    inn_start: str = ""
    phone_part: str = ""
    phone_start: str = ""
    whole_phone: str = ""
    whole_inn: str = ""

    @property
    def is_exact(self) -> bool:
        """Say whether a whole telephone or ИНН was given."""
        return bool(self.whole_phone or self.whole_inn)

    @property
    def means_something(self) -> bool:
        """Say whether there is anything to look for."""
        return bool(self.words or self.inn_start or self.phone_part or self.phone_start)


def read_query(text: str) -> Asked:
    """Return what a typed query may mean.

    Case, ё, quotes, signs and the legal form do not matter in a name; spaces, hyphens, brackets and the +7 or 8 before
    a Russian number do not matter in a telephone. Fewer than three digits are only part of a name.

    Units: none.
    Raises: nothing.
    Source: SPEC §14, an exact full phone or ИНН answers for any client; issue 3, search.
    """
    text = text.strip()
    words = tuple(search_key(text).split())
    digits = "".join(re.findall(r"\d", text, re.ASCII))
    if not _NUMBER.fullmatch(text) or len(digits) < LEAST_DIGITS:
        return Asked(words=words)
    abroad = text.startswith("+")
    return Asked(
        words=words,
        inn_start="" if abroad or len(digits) > max(_INN_LENGTHS) else digits,
        phone_part="" if abroad else digits,
        phone_start=_start(digits, abroad=abroad),
        whole_phone=_whole_phone(digits, abroad=abroad),
        whole_inn=digits if len(digits) in _INN_LENGTHS and not abroad else "",
    )


def _start(digits: str, *, abroad: bool) -> str:
    if abroad:
        return f"+{digits}"
    # 8 is how one dials within Russia; a number that merely holds an 8 is found as a part.
    return f"{_RUSSIA}{digits[1:]}" if digits.startswith("8") else ""


def _whole_phone(digits: str, *, abroad: bool) -> str:
    if len(digits) == 11 and digits[0] in "78":
        return f"{_RUSSIA}{digits[1:]}"
    if abroad:
        return f"+{digits}" if digits[0] != "7" and 9 <= len(digits) <= 15 else ""
    return f"{_RUSSIA}{digits}" if len(digits) == 10 else ""
