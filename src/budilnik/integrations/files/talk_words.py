"""The words by which files tell who called and what came of it."""

from collections.abc import Mapping

from budilnik.core.terms import Direction, Outcome
from budilnik.integrations.files.cells import Cell, is_empty, plain_name
from budilnik.integrations.files.problems import BadValue
from budilnik.integrations.files.values import text_of

_DIRECTIONS: Mapping[Direction, str] = {
    Direction.IN: "in, inbound, incoming, входящий, входящая, входящее, вх, входящий звонок, принят",
    Direction.OUT: "out, outbound, outgoing, исходящий, исходящая, исходящее, исх, исходящий звонок",
}
_OUTCOMES: Mapping[Outcome, str] = {
    Outcome.ORDER: "order, ordered, заказ, заказал, сделал заказ, оформлен заказ, оформил заказ, продажа, sale",
    Outcome.INTERESTED: (
        "interested, interest, интерес, заинтересован, заинтересовался, интересно, отправил КП, отправлено КП, "
        "КП, выслать КП, запросил КП, offer, quote, встреча, образец"
    ),
    Outcome.OPEN: (
        "open, talk, talked, answered, reached, conversation, success, дозвонились, дозвонился, дозвон, разговор, "
        "поговорили, состоялся, состоялся разговор, успешно, отвечен, ответил, диалог, пока не нужно, "
        "нет потребности"
    ),
    Outcome.CALLBACK: (
        "callback, call back, перезвонить, перезвонить позже, перезвон, просил перезвонить, попросил перезвонить"
    ),
    Outcome.WRONG_PERSON: (
        "wrong person, wrong_person, не тот человек, не лпр, не то лицо, ошиблись человеком, другой человек"
    ),
    Outcome.REFUSED: "refused, refusal, rejected, отказ, отказался, отказано, не интересно, неинтересно",
    Outcome.STOP: "stop, do not call, don't call, не звонить, больше не звонить, просил не звонить, стоп",
    Outcome.WRONG_NUMBER: (
        "wrong number, wrong_number, неверный номер, неправильный номер, не тот номер, ошибочный номер, "
        "номер не существует, номер не обслуживается"
    ),
    Outcome.CLOSED: (
        "closed, liquidated, закрылись, закрылся, ликвидирован, ликвидирована, ликвидация, компания закрыта, банкрот"
    ),
    Outcome.NO_ANSWER: (
        "no answer, no_answer, not reached, missed, not answered, недозвон, не дозвонились, не дозвонился, "
        "нет ответа, не отвечает, не ответил, не берет трубку, пропущен, пропущенный, без ответа"
    ),
    Outcome.BUSY: "busy, занято, занят, линия занята",
    Outcome.UNAVAILABLE: (
        "unavailable, not available, недоступен, недоступна, абонент недоступен, вне зоны, выключен, "
        "телефон выключен, вне зоны доступа"
    ),
}


def _by_word[Code](written: Mapping[Code, str]) -> Mapping[str, Code]:
    return {plain_name(word): code for code, words in written.items() for word in words.split(", ")}


DIRECTION_WORDS: Mapping[str, Direction] = _by_word(_DIRECTIONS)
OUTCOME_WORDS: Mapping[str, Outcome] = _by_word(_OUTCOMES)


def direction(cell: Cell, own: Mapping[str, Direction] | None = None) -> Direction:
    """Return who began the conversation; an empty cell is an outgoing call. `own` words come first.

    Units: none.
    Raises: BadValue that lists what is understood.
    Source: SPEC §5.
    """
    if is_empty(cell):
        return Direction.OUT
    word = plain_name(text_of(cell))
    found = (own or {}).get(word) or DIRECTION_WORDS.get(word)
    if found is None:
        raise BadValue("unknown_direction", cell=cell, known=_first_words(_DIRECTIONS))
    return found


def outcome(cell: Cell, own: Mapping[str, Outcome] | None = None) -> Outcome:
    """Return what came of a call. `own` words, from the mapping file, come first.

    Units: none.
    Raises: BadValue for an empty cell, and for an unknown word with the list of what is understood.
    Source: SPEC §5.
    """
    if is_empty(cell):
        raise BadValue("missing_result")
    word = plain_name(text_of(cell))
    found = (own or {}).get(word) or OUTCOME_WORDS.get(word)
    if found is None:
        raise BadValue("unknown_result", cell=cell, known=_first_words(_OUTCOMES))
    return found


def _first_words[Code](written: Mapping[Code, str]) -> str:
    russian = (next(word for word in words.split(", ") if not word.isascii()) for words in written.values())
    return ", ".join(f"{code} ({word})" for code, word in zip(written, russian, strict=True))
