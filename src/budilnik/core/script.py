"""The language of scripts: sentences with variables in {braces}, parts in [brackets] that may be left out."""

import re
from collections.abc import Mapping

from budilnik.core.dossier import TextTooLong
from budilnik.core.refusal import Refusal

LONGEST_SCRIPT = 400
VARIABLES = (
    "person",
    "client",
    "me",
    "firm",
    "owner",
    "manager_before",
    "days",
    "silence",
    "last_talk",
    "last_order",
    "since_order",
    "rhythm",
    "promise",
    "goods",
    "stopped",
    "new_goods",
)

_VARIABLE = re.compile(r"\{\s*(\w+)\s*\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_SENTENCE_END = re.compile(r"(?<=[.?!…])\s+|\n+")
_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
_SIGNS = str.maketrans("", "", "{}[]")


class ScriptEmpty(Refusal):
    """A block without words says nothing."""

    ru = "Текст пустой: напишите, что сказать, или выключите блок."
    en = "The text is empty: write what to say, or switch the block off."


class UnknownVariable(Refusal):
    """A name in braces that nothing fills would be read aloud as it stands."""

    ru = "Переменной «{name}» нет. Есть: {known}."
    en = "There is no variable “{name}”. There are: {known}."


class BracketsOdd(Refusal):
    """Braces and brackets come in pairs, brackets not inside each other."""

    ru = "Скобка без пары или одна в другой. Переменная: {open}client{close}; часть, которой может не быть: [такая]."
    en = "A bracket has no pair, or is inside another. A variable: {open}client{close}; an optional part: [this]."


def variables_of(text: str) -> tuple[str, ...]:
    """Return the variables that a text names, each once, in the order they come.

    Units: none.
    Raises: nothing.
    Source: SPEC §7, script blocks.
    """
    return tuple(dict.fromkeys(_VARIABLE.findall(text)))


def check_script(text: str) -> None:
    """Refuse a text that cannot be said: without words, too long, with an unknown variable or a lone bracket.

    A text of exactly the longest length will do.

    Units: characters.
    Raises: ScriptEmpty, TextTooLong, UnknownVariable, BracketsOdd.
    Source: issue of the card: script blocks editable by the head with variables.
    """
    if not text.strip():
        raise ScriptEmpty
    if len(text) > LONGEST_SCRIPT:
        raise TextTooLong(limit=LONGEST_SCRIPT)
    for name in variables_of(text):
        if name not in VARIABLES:
            raise UnknownVariable(name=name, known=", ".join(VARIABLES))
    bare = _OPTIONAL.sub(r"\1", _VARIABLE.sub("", text))
    if bare != bare.translate(_SIGNS):
        raise BracketsOdd(open="{", close="}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return a text as it is said: values in place of variables, without what has no value.

    An optional part goes by itself, otherwise the whole sentence goes; when every sentence goes, nothing is left. A
    value never brings a brace or a bracket with it.

    Units: none.
    Raises: nothing; a variable nobody knows has no value.
    Source: issue of the card: nobody reads a variable's name aloud.
    """
    known = {name: " ".join(value.translate(_SIGNS).split()) for name, value in values.items()}
    whole = _OPTIONAL.sub(lambda part: part[1] if _has_all(part[1], known) else "", text)
    kept = [sentence for sentence in _SENTENCE_END.split(whole) if _has_all(sentence, known)]
    spoken = _VARIABLE.sub(lambda name: known[name[1]], " ".join(kept))
    # A value may end with a full stop of its own, «оц.»; one is enough.
    return " ".join(_TWO_STOPS.sub(".", spoken.translate(_SIGNS)).split())


def _has_all(part: str, known: Mapping[str, str]) -> bool:
    return all(known.get(name) for name in variables_of(part))
