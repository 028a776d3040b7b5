"""Days, spans of time and names as they are said aloud, in Russian and in English."""

from collections.abc import Iterable
from datetime import date

_MONTHS_RU = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()  # noqa: SIM905
_MONTHS_EN = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_PATRONYMICS = ("вич", "ьич", "кич", "мич", "вна", "чна")
_DAYS_IN_MONTH, _DAYS_IN_YEAR = 30.44, 365.25
_WORDS = {
    ("day", "ru"): ("день", "дня", "дней"),
    ("month", "ru"): ("месяц", "месяца", "месяцев"),
    ("year", "ru"): ("год", "года", "лет"),
}


def spoken_day(day: date, *, on: date, language: str) -> str:
    """Return a day as it is said: 12 марта, 12 March; the year is named only when it is not that of `on`.

    Units: calendar days.
    Raises: nothing.
    Source: SPEC §7, what to say.
    """
    month = (_MONTHS_EN if language == "en" else _MONTHS_RU)[day.month - 1]
    year = "" if day.year == on.year else f" {day.year}" if language == "en" else f" {day.year} года"
    return f"{day.day} {month}{year}"


def spoken_count(count: int, unit: str, *, language: str) -> str:
    """Return a number of days, months or years with its word: 94 дня, 94 days; 11 takes the word of many.

    Units: `unit` is "day", "month" or "year".
    Raises: ValueError for a negative number.
    Source: SPEC §7, what to say.
    """
    if count < 0:
        raise ValueError(f"a span cannot be negative: {count}")
    if language == "en":
        return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    one, few, many = _WORDS[(unit, "ru")]
    if count % 100 // 10 != 1 and count % 10 == 1:
        return f"{count} {one}"
    if count % 100 // 10 != 1 and 2 <= count % 10 <= 4:
        return f"{count} {few}"
    return f"{count} {many}"


def spoken_span(days: int, *, language: str) -> str:
    """Return a span as people tell it: by days under two months, by months under two years, then by years.

    Sixty days are days still.

    Units: calendar days; months and years are whole and rounded down.
    Raises: ValueError for a negative number.
    Source: SPEC §7, what to say.
    """
    if days <= 2 * 30:
        return spoken_count(days, "day", language=language)
    if days < 2 * _DAYS_IN_YEAR:
        return spoken_count(max(2, int(days / _DAYS_IN_MONTH)), "month", language=language)
    return spoken_count(int(days / _DAYS_IN_YEAR), "year", language=language)


def addressed(name: str) -> str:
    """Return a person's name as he is spoken to: by name and patronymic without the surname, else as written.

    Units: none.
    Raises: nothing.
    Source: SPEC §7, greeting.
    """
    words = name.split()
    if len(words) == 3 and words[1].casefold().endswith(_PATRONYMICS):
        return " ".join(words[:2])
    if len(words) == 3 and words[2].casefold().endswith(_PATRONYMICS):
        return " ".join(words[1:])
    return " ".join(words)


def introduced(name: str) -> str:
    """Return a colleague's name as he gives it himself: first name and surname, without the patronymic.

    A name that is not of three words with a patronymic stays as written.

    Units: none.
    Raises: nothing.
    Source: SPEC §7, greeting.
    """
    words = name.split()
    if len(words) == 3 and words[1].casefold().endswith(_PATRONYMICS):
        return f"{words[0]} {words[2]}"
    if len(words) == 3 and words[2].casefold().endswith(_PATRONYMICS):
        return f"{words[1]} {words[0]}"
    return " ".join(words)


def listed(names: Iterable[str], *, at_most: int) -> str:
    """Return names one after another, the first few of them; of none, an empty text.

    Units: `at_most` in names.
    Raises: nothing.
    Source: SPEC §7, what to offer now.
    """
    return ", ".join([name for name in names if name][:at_most])
