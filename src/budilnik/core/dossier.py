"""What is written about a client by hand: people of the buying centre and notes, checked before they are kept."""

from dataclasses import dataclass, field

from budilnik.core.refusal import Refusal
from budilnik.core.terms import Attitude, BuyingRole, Channel

NAME_LENGTH, POST_LENGTH, HOURS_LENGTH, NOTE_LENGTH = 160, 160, 120, 2_000
MOST_PINNED = 3
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class PersonNameless(Refusal):
    """Somebody is asked for by name."""

    ru = "Напишите имя: по нему человека зовут к телефону."
    en = "Write the name: the person is asked for by it."


class TextTooLong(Refusal):
    """More than a card can show; nothing is cut off silently."""

    ru = "Текст длиннее {limit} знаков; сократите его."
    en = "The text is longer than {limit} characters; shorten it."


class NoteEmpty(Refusal):
    """A note without words."""

    ru = "Заметка пустая: напишите, что важно знать."
    en = "The note is empty: write what is worth knowing."


class BadBirthday(Refusal):
    """A birthday is a day and a month that the calendar has."""

    ru = "Дня рождения {day}.{month} не бывает; нужны день и месяц, например 29 и 2."
    en = "There is no birthday {day}.{month}; a day and a month are needed, such as 29 and 2."


class BadInfluence(Refusal):
    """Influence is weighed on a short scale."""

    ru = "Влияние {influence} не годится: нужно число от 1 до 5."
    en = "An influence of {influence} will not do: a number from 1 to 5 is needed."


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTold:
    """A person of the buying centre as somebody wrote him down. Units: influence 1..5; a birthday has no year."""

    name: str
    post: str = ""
    roles: frozenset[BuyingRole] = field(default_factory=frozenset)
    influence: int | None = None
    attitude: Attitude | None = None
    channel: Channel | None = None
    hours: str = ""
    birth_day: int | None = None
    birth_month: int | None = None


def check_person(person: PersonTold) -> None:
    """Refuse what cannot be kept about a person; 29 February is a birthday, a day without a month is none.

    Units: lengths in characters.
    Raises: PersonNameless, TextTooLong, BadInfluence, BadBirthday.
    Source: SPEC §10, people.
    """
    if not person.name.strip():
        raise PersonNameless
    for text, limit in ((person.name, NAME_LENGTH), (person.post, POST_LENGTH), (person.hours, HOURS_LENGTH)):
        if len(text) > limit:
            raise TextTooLong(limit=limit)
    if person.influence is not None and not 1 <= person.influence <= 5:
        raise BadInfluence(influence=person.influence)
    if (person.birth_day, person.birth_month) != (None, None) and not _is_birthday(person):
        raise BadBirthday(day=person.birth_day or "?", month=person.birth_month or "?")


def _is_birthday(person: PersonTold) -> bool:
    day, month = person.birth_day or 0, person.birth_month or 0
    return 1 <= month <= 12 and 1 <= day <= _LONGEST_MONTHS[month - 1]


def check_note(text: str) -> None:
    """Refuse a note without words, or one too long to be read before a call.

    Units: characters.
    Raises: NoteEmpty, TextTooLong.
    Source: SPEC §7, pinned notes; §14, redactable texts.
    """
    if not text.strip():
        raise NoteEmpty
    if len(text) > NOTE_LENGTH:
        raise TextTooLong(limit=NOTE_LENGTH)
