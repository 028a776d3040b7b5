"""What to say in a call: blocks of a script chosen by facts, in the order they are said, and what to ask."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from budilnik.core.blocks import BLOCKS, QUESTIONS, Block, TalkFacts
from budilnik.core.script import fill
from budilnik.core.spoken import addressed, introduced, listed, spoken_count, spoken_day, spoken_span
from budilnik.core.terms import ClientStatus, LossReason

# A manager reads this while the telephone rings.
MOST_BLOCKS, MOST_NEWS, MOST_QUESTIONS = 6, 2, 3
GOODS_NAMED = 2
NEWS, FIRM = "news", "firm"

# What gives way when there is more than can be read: the last ones first. Anything not named stands before them.
_GIVE_WAY = ("offer_due", "forgotten", NEWS, "offer_stopped", "regular", "offer_new")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the head wrote: other words for a block, a block switched off, a piece of news with its days.

    An empty English text falls back to the default, of news to the Russian one. Both ends of the days are in force.
    """

    code: str
    ru: str
    en: str = ""
    enabled: bool = True
    from_on: date | None = None
    until_on: date | None = None

    def on_air(self, on: date) -> bool:
        """Say whether a piece of news is told on a day."""
        begun = self.from_on is None or self.from_on <= on
        return self.enabled and begun and (self.until_on is None or on <= self.until_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is said or asked, ready to be read aloud."""

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What to say, in its order, and what to ask."""

    blocks: tuple[Line, ...]
    questions: tuple[Line, ...]


def values_of(facts: TalkFacts, *, firm: str, language: str) -> dict[str, str]:
    """Return the variables of a script with their values; what is not known is an empty text.

    Units: spans with their word, days as they are said.
    Raises: ValueError if silence or the rhythm is negative.
    Source: SPEC §7, what to say.
    """

    def day(value: date | None) -> str:
        return spoken_day(value, on=facts.on, language=language) if value else ""

    def span(count: int | None) -> str:
        return spoken_count(count, "day", language=language) if count is not None else ""

    since_order = max(0, (facts.on - facts.last_order_on).days) if facts.last_order_on else None
    return {
        "person": addressed(facts.person),
        "client": facts.client,
        "me": introduced(facts.me),
        "firm": firm,
        "owner": introduced(facts.owner),
        "manager_before": introduced(facts.manager_before),
        "days": span(facts.days_silent),
        "silence": spoken_span(facts.days_silent, language=language),
        "last_talk": day(facts.last_talk_on),
        "last_order": day(facts.last_order_on),
        "since_order": span(since_order),
        "rhythm": span(facts.rhythm_days),
        "promise": facts.promise.rstrip(" ."),
        "goods": listed(facts.due, at_most=GOODS_NAMED),
        "stopped": listed(facts.stopped, at_most=GOODS_NAMED),
        "new_goods": listed(facts.new, at_most=GOODS_NAMED),
    }


def talk(facts: TalkFacts, *, written: Iterable[Written], language: str) -> Talk:
    """Return what to say to a client and what to ask, short enough to be read while it rings.

    A block whose every sentence lacks a value is left out; of too many the less needed give way, the order stays.

    Units: at most `MOST_BLOCKS` blocks, of them `MOST_NEWS` pieces of news; at most `MOST_QUESTIONS` questions.
    Raises: ValueError as `values_of`.
    Source: SPEC §7, what to say; dossier gaps to ask about.
    """
    rows = tuple(written)
    own = {row.code: row for row in rows if row.code != NEWS}
    values = values_of(facts, firm=firm_of(rows, language=language), language=language)
    *first, close = _fitting(BLOCKS, facts, own, values, language)
    told = [Line(code=NEWS, text=fill(_of_news(row, language), values)) for row in _on_air(rows, facts.on)]
    # Who ends a talk without a next step has called in vain: that block gives way to none.
    ending = (close,) if close.text else ()
    begun = [line for line in (*first, *told[:MOST_NEWS]) if line.text]
    questions = [line for line in _fitting(QUESTIONS, facts, own, values, language) if line.text]
    return Talk(
        blocks=(*_fewer(begun, at_most=MOST_BLOCKS - len(ending)), *ending),
        questions=tuple(questions[:MOST_QUESTIONS]),
    )


def example(*, on: date, language: str) -> TalkFacts:
    """Return a made-up client of whom everything is known, to hear how a text sounds.

    Units: as in `TalkFacts`.
    Raises: nothing.
    Source: issue of the card: script blocks with variables and a preview.
    """
    english = language == "en"
    return TalkFacts(
        on=on,
        client="Bolt-Service LLC" if english else "ООО «Болт-Сервис»",
        me="Ivan Petrov" if english else "Иван Петров",
        person="Anna Sergeyeva" if english else "Секретарёва Анна Сергеевна",
        status=ClientStatus.FORGOTTEN,
        days_silent=94,
        last_talk_on=on - timedelta(days=94),
        last_order_on=on - timedelta(days=120),
        manager_before="Olga Smirnova" if english else "Ольга Смирнова",
        last_refusal=LossReason.PRICE,
        promise="prices for ropes" if english else "цены на тросы",
        rhythm_days=34,
        due=("bolt M12x40", "nut M12") if english else ("болт М12х40", "гайка М12"),
        stopped=("anchor 10x100",) if english else ("анкер 10х100",),
        new=("washer 12",) if english else ("шайба 12",),
        potential_known=False,
        decision_maker_known=False,
    )


def firm_of(written: Iterable[Written], *, language: str) -> str:
    """Return the name of the firm as the head wrote it, "" until he has.

    Units: none.
    Raises: nothing.
    Source: SPEC §7, greeting.
    """
    row = next((row for row in written if row.code == FIRM and row.enabled), None)
    return _of_news(row, language) if row else ""


def _on_air(rows: Iterable[Written], on: date) -> list[Written]:
    return [row for row in rows if row.code == NEWS and row.on_air(on)]


def _of_news(row: Written, language: str) -> str:
    return (row.en or row.ru) if language == "en" else row.ru


def words_of(block: Block, written: Written | None, *, language: str) -> str:
    """Return the text of a block in a language: the head's, or the default where he wrote none.

    Units: none.
    Raises: nothing.
    Source: issue of the card: script blocks editable by the head.
    """
    default = block.en if language == "en" else block.ru
    if written is None:
        return default
    return (written.en if language == "en" else written.ru) or default


def _fitting(
    blocks: Iterable[Block], facts: TalkFacts, own: Mapping[str, Written], values: Mapping[str, str], language: str
) -> list[Line]:
    return [
        Line(code=block.code, text=_spoken(block, own.get(block.code), values, language))
        for block in blocks
        if block.fits(facts)
    ]


def _spoken(block: Block, written: Written | None, values: Mapping[str, str], language: str) -> str:
    if written is not None and not written.enabled:
        return ""
    return fill(words_of(block, written, language=language), values)


def _fewer(lines: list[Line], *, at_most: int) -> list[Line]:
    def need(at: int) -> tuple[int, int]:
        code = lines[at].code
        return (_GIVE_WAY.index(code) + 1 if code in _GIVE_WAY else 0, at)

    kept = sorted(range(len(lines)), key=need)[:at_most]
    return [lines[at] for at in sorted(kept)]
