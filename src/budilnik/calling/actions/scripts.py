"""The words of the talk as the head writes them: blocks, the firm's name, news with its days."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.db import IntegrityError, transaction
from django.db.models import F

from budilnik.calling.models import Script
from budilnik.core.blocks import BLOCKS, QUESTIONS
from budilnik.core.refusal import Refusal
from budilnik.core.script import check_script
from budilnik.core.talk import FIRM, NEWS
from budilnik.staff.actions import audit
from budilnik.staff.models import Employee

_DEFAULTS = {block.code: block for block in (*BLOCKS, *QUESTIONS)}


class NoSuchScript(Refusal):
    """The page is older than the script."""

    ru = "Такого блока нет; вернитесь к списку."
    en = "There is no such block; go back to the list."
    status: ClassVar[int] = 404


class ScriptChanged(Refusal):
    """Of two who edit at once the second sees first what the first wrote."""

    ru = "Этот текст уже изменили на другой странице. Откройте его заново: ваш текст пока остаётся в полях."
    en = "This text has been changed on another page. Open it anew: what you wrote is still in the fields."
    status: ClassVar[int] = 409


class NewsEndsEarly(Refusal):
    """News is told from its first day to its last."""

    ru = "Новость кончается {until}, раньше чем начинается {start}."
    en = "The news ends on {until}, before it begins on {start}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text as the head wrote it. An empty English one falls back, see `core.talk.Written`."""

    ru: str
    en: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Airing:
    """When a piece of news is told, both days included, and its place among the others."""

    from_on: date | None = None
    until_on: date | None = None
    sort: int = 0


def _checked(words: Words) -> Words:
    ru, en = words.ru.strip().replace("\r\n", "\n"), words.en.strip().replace("\r\n", "\n")
    check_script(ru)
    if en:
        check_script(en)
    return Words(ru=ru, en=en, enabled=words.enabled)


def _check_days(airing: Airing) -> None:
    if airing.from_on and airing.until_on and airing.until_on < airing.from_on:
        raise NewsEndsEarly(until=airing.until_on, start=airing.from_on)


def _note_in_audit(action: str, script: int | None, *, by: Employee, now: datetime, **facts: object) -> None:
    audit(action, by=by, now=now, subject="script", subject_id=script, facts=facts)


@transaction.atomic
def edit_block(*, code: str, words: Words, seen: int, by: Employee, now: datetime) -> None:
    """Give a block other words, or switch it off; a text that is the default stays the default.

    `seen` is the version the page has shown, 0 for a block nobody has changed.

    Raises: NoSuchScript, ScriptEmpty, TextTooLong, UnknownVariable, BracketsOdd, ScriptChanged.
    """
    default = _DEFAULTS.get(code)
    if default is None and code != FIRM:
        raise NoSuchScript
    words = _checked(words)
    if default is not None:
        as_it_was = Words(ru=default.ru, en=default.en)
        words = Words(ru=_unless(words.ru, as_it_was.ru), en=_unless(words.en, as_it_was.en), enabled=words.enabled)
    row = _written_over(code, words, seen=seen, by=by, now=now)
    _note_in_audit("script_edited", row, by=by, now=now, code=code, enabled=words.enabled)


def _unless(text: str, default: str) -> str:
    return "" if text == default else text


def _written_over(code: str, words: Words, *, seen: int, by: Employee, now: datetime) -> int:
    columns = {"text_ru": words.ru, "text_en": words.en, "enabled": words.enabled, "by": by, "at": now}
    if seen == 0:
        try:
            with transaction.atomic():
                return Script.objects.create(code=code, **columns).pk
        except IntegrityError:
            raise ScriptChanged from None
    # Of two who saved the same version one must lose: the version is in the condition.
    rows = Script.objects.filter(code=code, version=seen)
    if rows.update(**columns, version=F("version") + 1) != 1:
        raise ScriptChanged
    return Script.objects.get(code=code).pk


@transaction.atomic
def restore_block(*, code: str, by: Employee, now: datetime) -> None:
    """Give a block its default words again, switched on; done twice, it is done once.

    Raises: NoSuchScript.
    """
    if code not in _DEFAULTS and code != FIRM:
        raise NoSuchScript
    if Script.objects.filter(code=code).delete()[0]:
        _note_in_audit("script_restored", None, by=by, now=now, code=code)


@transaction.atomic
def add_news(*, words: Words, airing: Airing, key: str, by: Employee, now: datetime) -> int:
    """Add a piece of news; return its number. The same form adds one.

    Raises: ScriptEmpty, TextTooLong, UnknownVariable, BracketsOdd, NewsEndsEarly.
    """
    words = _checked(words)
    _check_days(airing)
    known = Script.objects.filter(key=key).exclude(key="").first()
    if known is not None:
        return known.pk
    row = Script.objects.create(
        code=NEWS,
        text_ru=words.ru,
        text_en=words.en,
        enabled=words.enabled,
        from_on=airing.from_on,
        until_on=airing.until_on,
        sort=airing.sort,
        key=key,
        by=by,
        at=now,
    )
    _note_in_audit("news_added", row.pk, by=by, now=now, code=NEWS)
    return row.pk


@transaction.atomic
def edit_news(*, news_id: int, words: Words, airing: Airing, seen: int, by: Employee, now: datetime) -> None:
    """Write a piece of news over.

    Raises: NoSuchScript, ScriptEmpty, TextTooLong, UnknownVariable, BracketsOdd, NewsEndsEarly, ScriptChanged.
    """
    rows = Script.objects.filter(pk=news_id, code=NEWS)
    if not rows.exists():
        raise NoSuchScript
    words = _checked(words)
    _check_days(airing)
    changed = rows.filter(version=seen).update(
        text_ru=words.ru,
        text_en=words.en,
        enabled=words.enabled,
        from_on=airing.from_on,
        until_on=airing.until_on,
        sort=airing.sort,
        version=F("version") + 1,
        by=by,
        at=now,
    )
    if changed != 1:
        raise ScriptChanged
    _note_in_audit("news_edited", news_id, by=by, now=now, code=NEWS, enabled=words.enabled)


@transaction.atomic
def end_news(*, news_id: int, by: Employee, now: datetime) -> None:
    """Tell a piece of news no more; ended already, it stays so. The row remains and may be told again.

    Raises: NoSuchScript.
    """
    rows = Script.objects.filter(pk=news_id, code=NEWS)
    if not rows.exists():
        raise NoSuchScript
    if rows.filter(enabled=True).update(enabled=False, version=F("version") + 1, by=by, at=now):
        _note_in_audit("news_ended", news_id, by=by, now=now, code=NEWS)
