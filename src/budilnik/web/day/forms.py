"""The form of an outcome: which keys there are, and what was typed read into the words of the core."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from budilnik.calling.queries.proposals import Proposals
from budilnik.core.outcome_table import OutcomeName, OutcomeTable
from budilnik.core.outcomes import Said
from budilnik.core.refusal import Refusal
from budilnik.core.terms import LossReason, Outcome

LONGEST = 2_000


class UnreadableOutcome(Refusal):
    """The form came without an outcome that we know."""

    ru = "Выберите итог звонка."
    en = "Choose the outcome of the call."


class UnreadableDate(Refusal):
    """A date or an hour that is none."""

    ru = "«{text}» не похоже на дату или время; выберите их в календаре."
    en = "“{text}” is not a date or a time; choose it in the calendar."


class TooLong(Refusal):
    """A text that no card could show."""

    ru = "Слишком длинно: больше {limit} знаков. Сократите."
    en = "Too long: over {limit} characters. Shorten it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An outcome with its key: the code of the place on the keyboard, and the sign printed on it.

    `instant` ones are saved by that key alone; `grave` ones by pressing it twice.
    """

    outcome: Outcome
    code: str
    sign: str
    colour: str
    icon: str
    instant: bool = False
    grave: bool = False


KEYS = (
    Key(outcome=Outcome.ORDER, code="Digit1", sign="1", colour="green", icon="shopping-cart"),
    Key(outcome=Outcome.INTERESTED, code="Digit2", sign="2", colour="green", icon="thumb-up"),
    Key(outcome=Outcome.OPEN, code="Digit3", sign="3", colour="green", icon="mood-smile"),
    Key(outcome=Outcome.CALLBACK, code="Digit4", sign="4", colour="azure", icon="clock"),
    Key(outcome=Outcome.NO_ANSWER, code="Digit5", sign="5", colour="yellow", icon="phone-off", instant=True),
    Key(outcome=Outcome.BUSY, code="Digit6", sign="6", colour="yellow", icon="hourglass", instant=True),
    Key(outcome=Outcome.UNAVAILABLE, code="Digit7", sign="7", colour="yellow", icon="device-mobile", instant=True),
    Key(outcome=Outcome.WRONG_PERSON, code="Digit8", sign="8", colour="azure", icon="user"),
    Key(outcome=Outcome.REFUSED, code="Digit9", sign="9", colour="red", icon="thumb-down"),
    Key(outcome=Outcome.WRONG_NUMBER, code="Digit0", sign="0", colour="red", icon="phone-x"),
    Key(outcome=Outcome.STOP, code="KeyX", sign="X", colour="red", icon="hand-stop", grave=True),
    Key(outcome=Outcome.CLOSED, code="KeyZ", sign="Z", colour="red", icon="archive", grave=True),
)


def keys_offered(table: OutcomeTable) -> tuple[Key, ...]:
    """Return the keys of the outcomes that the firm offers."""
    return tuple(key for key in KEYS if table.offers(key.outcome))


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeForm:
    """What the page needs to ask for an outcome. `seen` is what the page knows of the task, `key` its one-time number.

    `draft` names what is typed, so that a page opened anew finds it again; `note` stands there from before.
    `words` are the firm's own names of outcomes.
    """

    action: str
    draft: str
    proposals: Proposals
    seen: int | None = None
    key: str = ""
    note: str = ""
    keys: tuple[Key, ...] = KEYS
    words: tuple[OutcomeName, ...] = ()
    reasons: tuple[LossReason, ...] = tuple(LossReason)


def said_from(post: Mapping[str, str]) -> tuple[Outcome, Said]:
    """Read a sent form: the outcome and what was said.

    Raises: UnreadableOutcome, UnreadableDate, TooLong.
    """
    try:
        outcome = Outcome(post.get("outcome", ""))
        reason = LossReason(post["reason"]) if post.get("reason") else None
    except ValueError:
        raise UnreadableOutcome from None
    texts = {name: post.get(name, "").strip() for name in ("next_step", "competitor", "person_name", "goods", "note")}
    if any(len(text) > LONGEST for text in texts.values()):
        raise TooLong(limit=LONGEST)
    person = post.get("person", "")
    return outcome, Said(
        **texts,
        next_on=_date(post.get("next_on", "")),
        callback_local=_moment(post.get("callback_on", ""), post.get("callback_at", "")),
        reason=reason,
        number=post.get("number", ""),
        whole_company=post.get("number") == "" and post.get("whole_company") == "1",
        confirmed=post.get("confirmed") == "1",
        talked=post.get("talked", "1") == "1",
        person_id=int(person) if person.isdecimal() and len(person) < 18 else None,
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text.strip() else None
    except ValueError:
        raise UnreadableDate(text=text[:30]) from None


def _moment(day: str, hour: str) -> datetime | None:
    if not (day.strip() and hour.strip()):
        return None
    try:
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(hour).replace(tzinfo=None))
    except ValueError:
        raise UnreadableDate(text=f"{day} {hour}"[:30]) from None


def seen_from(post: Mapping[str, str]) -> int | None:
    """Return what the page knew of the task."""
    seen = post.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 18 else None
