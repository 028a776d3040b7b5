"""Names of companies as people search for them: case, ё, quotes and the legal form do not matter."""

import re
from unicodedata import normalize

_LEGAL_FORMS = frozenset(
    "ооо оао зао пао ао ип нао нпао чп тоо гуп муп фгуп нко llc ltd inc gmbh ooo zao oao".split()  # noqa: SIM905
)
_WORDS = re.compile(r"[^\W_]+", re.UNICODE)


def _words(name: str) -> list[str]:
    # ё and й may come as two signs each, a letter and its mark; a mark would split the word.
    words = _WORDS.findall(normalize("NFC", name.casefold()))
    return [word for word in words if word not in _LEGAL_FORMS] or words


def search_key(name: str) -> str:
    """Return the words of a name for searching: folded, ё as е, legal form and signs left out.

    A name that is nothing but a legal form keeps it.

    Units: none.
    Raises: nothing.
    Source: STYLE §2, `search_key` is computed here because databases fold Cyrillic differently.
    """
    return " ".join(_words(name)).replace("ё", "е")


def sort_key(name: str) -> str:
    """Return a key by which names stand in the order of the alphabet on every database.

    ё keeps its place right after е.

    Units: none.
    Raises: nothing.
    Source: STYLE §2.
    """
    return " ".join(_words(name)).replace("ё", "е\uffff")
