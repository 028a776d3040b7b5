"""How a text of the script would sound, before it is saved: on a client the head names, or on a made-up one."""

from dataclasses import dataclass
from datetime import date, datetime

from budilnik.calling.queries.card import card_of
from budilnik.calling.queries.clients import found_clients
from budilnik.calling.queries.sight import Sight
from budilnik.calling.queries.talk import Caller, facts_of, scripts_seen
from budilnik.core.blocks import BLOCKS, QUESTIONS, TalkFacts
from budilnik.core.policy import Policy
from budilnik.core.script import check_script, fill, variables_of
from budilnik.core.search import read_query
from budilnik.core.talk import NEWS, Talk, Written, example, firm_of, talk, values_of, words_of
from budilnik.staff.models import Employee

_BLOCKS = {block.code: block for block in (*BLOCKS, *QUESTIONS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A text as it is said in one language, and the variables that have no value here."""

    language: str
    text: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """How a text sounds. `client` is empty for the made-up one; `fits` says that the block would be said to him."""

    client_id: int | None
    client: str
    fits: bool
    heard: tuple[Heard, ...]
    talk: Talk


def preview_of(
    written: Written,
    *,
    news_id: int | None,
    asked: str,
    sight: Sight,
    by: Employee,
    on: date,
    now: datetime,
    policy: Policy,
    language: str,
) -> Preview:
    """Return how a text sounds on the first client found by `asked`. One query on a made-up one, else fourteen at most.

    Only who sees the whole base finds a client by name here.

    Raises: ScriptEmpty, TextTooLong, UnknownVariable, BracketsOdd.
    """
    check_script(written.ru)
    if written.en:
        check_script(written.en)
    client_id, facts = _facts(asked, sight=sight, by=by, on=on, now=now, policy=policy)
    rows = _with(written, news_id=news_id)
    said = facts or example(on=on, language=language)
    block = _BLOCKS.get(written.code)
    return Preview(
        client_id=client_id,
        client=facts.client if facts else "",
        fits=written.enabled and (block.fits(said) if block else written.code != NEWS or written.on_air(on)),
        heard=tuple(_heard(written, facts, rows, on=on, language=each) for each in ("ru", "en")),
        talk=talk(said, written=rows, language=language),
    )


def _facts(
    asked: str, *, sight: Sight, by: Employee, on: date, now: datetime, policy: Policy
) -> tuple[int | None, TalkFacts | None]:
    query = read_query(asked)
    found = found_clients(sight, asked=query, page=1, on=on, policy=policy).lines if sight.everyone else ()
    if not found:
        return None, None
    card = card_of(found[0].client_id, sight=sight, on=on, policy=policy)
    # His own manager is heard, as he will be on the day.
    owner = Caller(employee_id=card.owner_id, name=card.owner) if card.owner_id else None
    caller = owner or Caller(employee_id=by.pk, name=by.name)
    return card.client_id, facts_of(card, by=caller, on=on, now=now)


def _with(written: Written, *, news_id: int | None) -> tuple[Written, ...]:
    others = tuple(
        Written(code=row.code, ru=row.ru, en=row.en, enabled=row.enabled, from_on=row.from_on, until_on=row.until_on)
        for row in scripts_seen()
        if row.script_id != news_id and (row.code == NEWS or row.code != written.code)
    )
    return (written, *others)


def _heard(written: Written, facts: TalkFacts | None, rows: tuple[Written, ...], *, on: date, language: str) -> Heard:
    block = _BLOCKS.get(written.code)
    own = written.en if language == "en" else written.ru
    text = words_of(block, written, language=language) if block else own or written.ru
    known = facts or example(on=on, language=language)
    values = values_of(known, firm=firm_of(rows, language=language), language=language)
    missing = tuple(name for name in variables_of(text) if not values.get(name))
    return Heard(language=language, text=fill(text, values), missing=missing)
