"""Potential: how much a client buys in a year of all suppliers, as somebody writes it down."""

import re
from decimal import Decimal

from budilnik.core.refusal import Refusal

_SUM = re.compile(r"(\d{1,15}(?:[.,]\d{1,3})?)\s*(тыс|млн|млрд|k|m|bn)?\.?\s*(?:руб\w*|р|₽|rub)?\.?", re.IGNORECASE)
_TIMES = {"": 1, "тыс": 10**3, "k": 10**3, "млн": 10**6, "m": 10**6, "млрд": 10**9, "bn": 10**9}
MOST_ROUBLES = 10**12


class BadPotential(Refusal):
    """What a client buys in a year is a sum of money."""

    ru = "Потенциал — сумма за год в рублях: 1 200 000 или 1,2 млн. Пустое поле значит «не знаем»."
    en = "A potential is a sum a year in roubles: 1 200 000 or 1.2m. An empty field means that it is not known."


def read_potential(text: str) -> int | None:
    """Return a sum as it was typed, in kopecks; nothing typed means that it is not known.

    Spaces part thousands; «тыс», «млн», «млрд» multiply. Nought is no potential.

    Units: kopecks a year.
    Raises: BadPotential for what is no sum, for nought, and for over a thousand milliard.
    Source: SPEC §8, ABCD by potential and share of wallet.
    """
    told = "".join(text.split())
    if not told:
        return None
    read = _SUM.fullmatch(told)
    if read is None:
        raise BadPotential
    roubles = Decimal(read[1].replace(",", ".")) * _TIMES[(read[2] or "").lower()]
    if not 1 <= roubles <= MOST_ROUBLES:
        raise BadPotential
    return int(roubles * 100)
