"""The firm's own table of outcomes: which are offered on the card, in whose words, and what a refusal does."""

from collections.abc import Mapping
from dataclasses import dataclass

from budilnik.core.refusal import Refusal
from budilnik.core.terms import Outcome

# Without these the card could not tell a sale, the law on advertising by telephone, or an attempt.
ALWAYS_OFFERED = frozenset({Outcome.ORDER, Outcome.STOP, Outcome.NO_ANSWER})
LONGEST_NAME = 40


class OutcomeSwitchedOff(Refusal):
    """The head has taken this outcome off the card since the page was opened."""

    ru = "Такого итога в правилах больше нет; обновите страницу и выберите другой."
    en = "The rules have no such outcome any more; reload the page and choose another one."


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeName:
    """The firm's own words for an outcome, in both languages."""

    outcome: str
    ru: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeTable:
    """What the head may change of the outcomes. Codes stay: history and figures go by them.

    `refusal_resets_clock` is about own clients; a refusal in the pool never does.
    """

    off: tuple[str, ...] = ()
    names: tuple[OutcomeName, ...] = ()
    refusal_resets_clock: bool = True

    def offers(self, outcome: Outcome) -> bool:
        """Say whether the card offers an outcome.

        Units: none.
        Raises: nothing.
        Source: SPEC §5, defaults that are data.
        """
        return outcome in ALWAYS_OFFERED or outcome.value not in self.off

    def name_of(self, code: str, *, language: str) -> str:
        """Return the firm's own words for an outcome, "" when it has none.

        Units: `language` is ru or en.
        Raises: nothing.
        Source: SPEC §5, defaults that are data.
        """
        found = next((each for each in self.names if each.outcome == code), None)
        if found is None:
            return ""
        return found.en if language == "en" else found.ru


def table_from(stored: Mapping[str, object]) -> OutcomeTable:
    """Read a stored table; what is younger than the version has its default.

    Units: as in `OutcomeTable`.
    Raises: TypeError for a setting that does not exist.
    Source: decision 0004.
    """
    told = dict(stored)
    told["off"] = tuple(told.get("off", ()))  # type: ignore[arg-type]
    told["names"] = tuple(OutcomeName(**each) for each in told.get("names", ()))  # type: ignore[attr-defined]
    return OutcomeTable(**told)  # type: ignore[arg-type]
