"""What is asked of the list and typed on a card, read into values."""

from collections.abc import Mapping

from django.http import QueryDict

from budilnik.calling.queries.clients import ARCHIVED, UNKNOWN, Sort, Wanted
from budilnik.calling.queries.covered import Coverage
from budilnik.calling.queries.history import Kind
from budilnik.core.arrivals import ArrivedPhone
from budilnik.core.dossier import PersonTold
from budilnik.core.refusal import Refusal
from budilnik.core.terms import Attitude, BuyingRole, Channel, ClientStatus
from budilnik.integrations.files.phones import phones
from budilnik.integrations.files.problems import BadValue

LAST_PAGE = 10_000
STATUSES = (
    "",
    ClientStatus.FORGOTTEN.value,
    ClientStatus.REGULAR.value,
    ClientStatus.LOST.value,
    ClientStatus.PROSPECT.value,
    ARCHIVED,
)
# What a list may be narrowed to by classes: the name in the profile, its values.
LETTERS = ("A", "B", "C", "D")
FIFTHS = ("1", "2", "3", "4", "5")
CLASSES = {
    "abc": (*LETTERS, UNKNOWN),
    "abcd": (*LETTERS, UNKNOWN),
    "regularity": ("X", "Y", "Z", "?"),
    "recency": FIFTHS,
    "frequency": FIFTHS,
    "monetary": FIFTHS,
}
# The clocks of Russia from west to east, then those of its neighbours.
ZONES = (
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Novosibirsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
    "Asia/Magadan",
    "Asia/Kamchatka",
    "Europe/Minsk",
    "Asia/Almaty",
    "Asia/Tashkent",
    "Asia/Yerevan",
    "Asia/Tbilisi",
    "Asia/Baku",
    "Asia/Bishkek",
)


class NumberUnreadable(Refusal):
    """Nothing that could be dialled."""

    ru = "«{typed}» не похоже на номер телефона; нужен номер с кодом города, например 8 495 123-45-67."
    en = "“{typed}” is not a telephone number; it needs its area code, such as 8 495 123-45-67."


class OneNumberAtATime(Refusal):
    """Two numbers in one field would lose whose they are."""

    ru = "Здесь несколько номеров; записывайте их по одному."
    en = "There are several numbers here; write them one by one."


class UnreadableForm(Refusal):
    """A field that no page of ours sends."""

    ru = "Форма не прочитана; обновите страницу и повторите."
    en = "The form could not be read; reload the page and repeat."


def wanted_from(query: Mapping[str, str]) -> Wanted:
    """Read which part of the list is asked for; what is not known is left out."""
    status, sort = query.get("status", ""), query.get("sort", "")
    return Wanted(
        status=status if status in STATUSES else "",
        owner=query.get("owner", ""),
        sort=Sort(sort) if sort in tuple(Sort) else Sort.LEFT,
        page=page_from(query),
        classes=tuple((name, query[name]) for name, values in CLASSES.items() if query.get(name, "") in values),
        threatened=query.get("threat", "") == "1",
        coverage=Coverage(figure) if (figure := query.get("coverage", "")) in tuple(Coverage) else None,
    )


def page_from(query: Mapping[str, str]) -> int:
    """Read the number of a page; the first one for anything else."""
    text = query.get("page", "")
    return min(LAST_PAGE, max(1, int(text))) if text.isdecimal() and len(text) < 18 else 1


def kind_from(query: Mapping[str, str]) -> Kind | None:
    """Read which lines of the history are asked for."""
    kind = query.get("kind", "")
    return Kind(kind) if kind in tuple(Kind) else None


def start_from(query: Mapping[str, str]) -> int:
    """Read from which line on the history is asked for."""
    text = query.get("start", "")
    return min(50 * LAST_PAGE, int(text)) if text.isdecimal() and len(text) < 18 else 0


def number_from(typed: str) -> ArrivedPhone:
    """Read one telephone number with its extension.

    Raises: NumberUnreadable, OneNumberAtATime.
    """
    try:
        found = phones(typed.strip())
    except BadValue:
        raise NumberUnreadable(typed=typed.strip()[:30]) from None
    if not found:
        raise NumberUnreadable(typed="")
    if len(found) > 1:
        raise OneNumberAtATime
    return found[0]


def optional_number_from(typed: str) -> ArrivedPhone | None:
    """Read one telephone number, or None from an empty field.

    Raises: NumberUnreadable, OneNumberAtATime.
    """
    return number_from(typed) if typed.strip() else None


def told_from(post: QueryDict) -> PersonTold:
    """Read what was written of a person; the core judges it.

    Raises: UnreadableForm.
    """
    try:
        return PersonTold(
            name=post.get("name", ""),
            post=post.get("post", ""),
            roles=frozenset(BuyingRole(code) for code in post.getlist("roles")),
            influence=_number(post.get("influence", "")),
            attitude=Attitude(attitude) if (attitude := post.get("attitude", "")) else None,
            channel=Channel(channel) if (channel := post.get("channel", "")) else None,
            hours=post.get("hours", ""),
            birth_day=_number(post.get("birth_day", "")),
            birth_month=_number(post.get("birth_month", "")),
        )
    except ValueError:
        raise UnreadableForm from None


def _number(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 4:
        raise ValueError(text)
    return int(text)


def person_from(post: Mapping[str, str]) -> int | None:
    """Read whose number it is; None for nobody's in particular."""
    person = post.get("person", "")
    return int(person) if person.isdecimal() and len(person) < 18 else None
