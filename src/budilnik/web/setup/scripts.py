"""The words of the talk: blocks, questions, the firm's name and news, each heard before it is saved."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from budilnik.calling.actions import scripts
from budilnik.calling.actions.scripts import Airing, NoSuchScript, Words
from budilnik.calling.queries.script_preview import preview_of
from budilnik.calling.queries.sight import sight_of
from budilnik.calling.queries.talk import ScriptSeen, scripts_seen
from budilnik.core.blocks import BLOCKS, QUESTIONS, Block
from budilnik.core.refusal import Refusal
from budilnik.core.script import LONGEST_SCRIPT, VARIABLES
from budilnik.core.talk import FIRM, NEWS, Written
from budilnik.web.access import SETTERS, allow
from budilnik.web.errors import said
from budilnik.web.requests import Request
from budilnik.web.team.forms import DayUnreadable

_DEFAULTS = {block.code: block for block in (*BLOCKS, *QUESTIONS)}
_LONGEST_QUERY, _MOST_PLACE = 100, 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A block as the list shows it: the words in force in the language of the page."""

    code: str
    text: str
    enabled: bool
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptForm:
    """A text being written. `version` is 0 for what nobody has changed; `news_id` is empty for blocks."""

    code: str
    action: str
    ru: str = ""
    en: str = ""
    enabled: bool = True
    version: int = 0
    news_id: int | None = None
    from_on: date | None = None
    until_on: date | None = None
    sort: int = 0
    key: str = ""

    @property
    def is_news(self) -> bool:
        """Say whether it has days and a place."""
        return self.code == NEWS


def _language() -> str:
    return get_language() or "ru"


@allow(SETTERS)
def listed(request: Request) -> HttpResponse:
    """Show the blocks in the order they are said, the questions, and the news."""
    rows = scripts_seen()
    own = {row.code: row for row in rows if row.code != NEWS}
    told = {
        "page": "scripts",
        "firm": _in_language(own[FIRM]) if FIRM in own else "",
        "blocks": [_shown(block, own.get(block.code)) for block in BLOCKS],
        "questions": [_shown(block, own.get(block.code)) for block in QUESTIONS],
        "news": [(row, _in_language(row), _on_air(row, request.on)) for row in rows if row.code == NEWS],
    }
    return render(request, "setup/scripts.html", told)


def _in_language(row: ScriptSeen) -> str:
    return (row.en if _language() == "en" else "") or row.ru


def _shown(block: Block, row: ScriptSeen | None) -> Shown:
    english = _language() == "en"
    default = block.en if english else block.ru
    if row is None:
        return Shown(code=block.code, text=default, enabled=True, changed=False)
    text = (row.en if english else row.ru) or default
    return Shown(code=block.code, text=text, enabled=row.enabled, changed=bool(row.ru or row.en))


def _on_air(row: ScriptSeen, on: date) -> bool:
    return Written(code=NEWS, ru=row.ru, enabled=row.enabled, from_on=row.from_on, until_on=row.until_on).on_air(on)


def _page(request: Request, form: ScriptForm, *, error: str = "", status: int = 200) -> HttpResponse:
    template = "setup/script.html#script" if request.htmx else "setup/script.html"
    told = {
        "page": "scripts",
        "form": form,
        "error": error,
        "variables": () if form.code == FIRM else VARIABLES,
        "longest": LONGEST_SCRIPT,
        "picks": sight_of(request.user, on=request.on).everyone,
    }
    return render(request, template, told, status=status)


def _saved(request: Request, form: ScriptForm, save: Callable[[ScriptForm], object]) -> HttpResponse:
    """Save what was written and go back to the list; refused, it stays in the fields."""
    try:
        save(_typed(form, request.POST))
    except NoSuchScript:
        raise
    except Refusal as refusal:
        typed = _typed(form, request.POST, strict=False)
        return _page(request, typed, error=said(refusal), status=getattr(refusal, "status", 422))
    messages.success(request, _("Saved."))
    address = reverse("setup:scripts")
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _typed(form: ScriptForm, post: QueryDict, *, strict: bool = True) -> ScriptForm:
    return ScriptForm(
        code=form.code,
        action=form.action,
        ru=post.get("ru", ""),
        en=post.get("en", ""),
        enabled=post.get("enabled") == "1" or form.code == FIRM,
        version=_number(post.get("version", ""), most=2**31 - 1),
        news_id=form.news_id,
        from_on=_day(post.get("from_on", ""), strict=strict),
        until_on=_day(post.get("until_on", ""), strict=strict),
        sort=_number(post.get("sort", ""), most=_MOST_PLACE),
        key=post.get("key", "")[:64],
    )


def _number(text: str, *, most: int) -> int:
    return min(int(text), most) if text.isascii() and text.isdecimal() and len(text) < 12 else 0


def _day(text: str, *, strict: bool) -> date | None:
    try:
        day = parse_date(text) if text else None
    except ValueError:
        day = None
    if day is None and text and strict:
        raise DayUnreadable
    return day


def _words(form: ScriptForm) -> Words:
    return Words(ru=form.ru, en=form.en, enabled=form.enabled)


def _airing(form: ScriptForm) -> Airing:
    return Airing(from_on=form.from_on, until_on=form.until_on, sort=form.sort)


def _block_form(code: str) -> ScriptForm:
    block = _DEFAULTS.get(code)
    if block is None and code != FIRM:
        raise NoSuchScript
    row = next((row for row in scripts_seen() if row.code == code), None)
    return ScriptForm(
        code=code,
        action=reverse("setup:script", args=[code]),
        ru=(row.ru if row else "") or (block.ru if block else ""),
        en=(row.en if row else "") or (block.en if block else ""),
        enabled=row.enabled if row else True,
        version=row.version if row else 0,
    )


@allow(SETTERS, "GET", "POST")
def block(request: Request, code: str) -> HttpResponse:
    """Show a block with its words, or save others."""
    form = _block_form(code)
    if request.method != "POST":
        return _page(request, form)

    def save(typed: ScriptForm) -> None:
        scripts.edit_block(code=code, words=_words(typed), seen=typed.version, by=request.user, now=request.now)

    return _saved(request, form, save)


@allow(SETTERS, "POST")
def restore(request: Request, code: str) -> HttpResponse:
    """Give a block its default words again."""
    scripts.restore_block(code=code, by=request.user, now=request.now)
    messages.success(request, _("The default words are back."))
    return _to_list(request)


def _to_list(request: Request) -> HttpResponse:
    address = reverse("setup:scripts")
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


@allow(SETTERS, "GET", "POST")
def add_news(request: Request) -> HttpResponse:
    """Ask for a piece of news, or add it."""
    form = ScriptForm(code=NEWS, action=reverse("setup:add_news"), from_on=request.on, key=str(uuid4()))
    if request.method != "POST":
        return _page(request, form)

    def save(typed: ScriptForm) -> None:
        scripts.add_news(words=_words(typed), airing=_airing(typed), key=typed.key, by=request.user, now=request.now)

    return _saved(request, form, save)


@allow(SETTERS, "GET", "POST")
def news(request: Request, news_id: int) -> HttpResponse:
    """Show a piece of news, or write it over."""
    row = next((row for row in scripts_seen() if row.code == NEWS and row.script_id == news_id), None)
    if row is None:
        raise NoSuchScript
    form = ScriptForm(
        code=NEWS,
        action=reverse("setup:news", args=[news_id]),
        ru=row.ru,
        en=row.en,
        enabled=row.enabled,
        version=row.version,
        news_id=news_id,
        from_on=row.from_on,
        until_on=row.until_on,
        sort=row.sort,
    )
    if request.method != "POST":
        return _page(request, form)

    def save(typed: ScriptForm) -> None:
        scripts.edit_news(
            news_id=news_id,
            words=_words(typed),
            airing=_airing(typed),
            seen=typed.version,
            by=request.user,
            now=request.now,
        )

    return _saved(request, form, save)


@allow(SETTERS, "POST")
def end_news(request: Request, news_id: int) -> HttpResponse:
    """Tell a piece of news no more."""
    scripts.end_news(news_id=news_id, by=request.user, now=request.now)
    messages.success(request, _("The news is told no more."))
    return _to_list(request)


@allow(SETTERS, "POST")
def preview(request: Request) -> HttpResponse:
    """Say how a text sounds before it is saved."""
    post = request.POST
    code = post.get("code", "")
    if code not in _DEFAULTS and code not in (FIRM, NEWS):
        raise NoSuchScript
    typed = _typed(ScriptForm(code=code, action=""), post, strict=False)
    written = Written(
        code=code,
        ru=typed.ru.strip(),
        en=typed.en.strip(),
        enabled=typed.enabled,
        from_on=typed.from_on,
        until_on=typed.until_on,
    )
    asked = post.get("client", "")[:_LONGEST_QUERY].strip()
    shown: dict[str, object] = {"asked": asked, "code": code}
    if not written.ru:
        return render(request, "setup/heard.html", shown)
    try:
        shown["preview"] = preview_of(
            written,
            news_id=_number(post.get("news_id", ""), most=2**31 - 1) or None,
            asked=asked,
            sight=sight_of(request.user, on=request.on),
            by=request.user,
            on=request.on,
            now=request.now,
            policy=request.policy,
            language=_language(),
        )
    except Refusal as refusal:
        shown["error"] = said(refusal)
    return render(request, "setup/heard.html", shown)
