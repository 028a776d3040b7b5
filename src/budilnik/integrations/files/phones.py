"""Telephones out of a cell: several numbers, extensions, and what Excel left of them."""

import re
from functools import lru_cache

from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberMatcher, format_number
from phonenumbers.timezone import time_zones_for_number

from budilnik.core.arrivals import ArrivedPhone
from budilnik.integrations.files.cells import Cell, is_empty
from budilnik.integrations.files.problems import BadValue
from budilnik.integrations.files.values import bare_text, is_scientific

_COUNTRY = "RU"
_RUSSIA = 7
# A mobile written plainly: the library would say the same, a hundred times slower.
_PLAIN_MOBILE = re.compile(r"(?:\+?7|8)(9[0-24-9]\d{8})", re.ASCII)
_LOST_DIGITS = 10**6
_EXACT_FLOAT = 10**15
# The library counts Kaliningrad among its neighbours in Europe, who change to summer time.
_MISTAKEN_ZONES = {"Europe/Bucharest": "Europe/Kaliningrad"}


def phones(cell: Cell) -> tuple[ArrivedPhone, ...]:
    """Return the telephones of a cell in the order written, each once; () for an empty cell.

    Separators, apostrophes, names and «WhatsApp» around a number do no harm. A number that Excel turned into
    9.22E+09, or rounded to six zeros at its end, is lost and never guessed; so is one without an area code.

    Units: E.164; a zone only where the number tells exactly one, mobiles tell none.
    Raises: BadValue for a filled cell that gives no number.
    Source: INTEGRATIONS §2.4, §4.2.
    """
    if is_empty(cell):
        return ()
    return _phones(cell if isinstance(cell, str) else _digits(cell))


def _digits(cell: Cell) -> str:
    if isinstance(cell, int) and not isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float) and abs(cell) < _EXACT_FLOAT and cell.is_integer() and cell % _LOST_DIGITS:
        return str(int(cell))
    raise BadValue("phone_destroyed", cell=cell)


@lru_cache(maxsize=65_536)
def _phones(written: str) -> tuple[ArrivedPhone, ...]:
    text = bare_text(written)
    plain = _PLAIN_MOBILE.fullmatch(text)
    if plain:
        return (ArrivedPhone(number=f"+7{plain.group(1)}"),)
    if is_scientific(text):
        raise BadValue("phone_destroyed", cell=text)
    found = dict.fromkeys(_arrived(match.number) for match in PhoneNumberMatcher(text, _COUNTRY))
    if not found:
        raise BadValue("no_phone", cell=text)
    return tuple(found)


def _arrived(found: PhoneNumber) -> ArrivedPhone:
    return ArrivedPhone(
        number=format_number(found, PhoneNumberFormat.E164),
        extension=found.extension or "",
        zone=_zone(found),
    )


def _zone(found: PhoneNumber) -> str:
    zones = time_zones_for_number(found)
    if len(zones) != 1 or zones[0] == "Etc/Unknown":
        return ""
    return _MISTAKEN_ZONES.get(zones[0], zones[0]) if found.country_code == _RUSSIA else zones[0]
