"""What is assumed of a simulated year: the rules, the habits of clients, the luck, the growth."""

from dataclasses import dataclass, field

from budilnik.core.policy import Policy
from budilnik.core.refusal import Refusal

YEAR_DAYS = 365
LONGEST_DAYS = 3 * YEAR_DAYS


class ScenarioContradiction(Refusal):
    """The assumptions of a simulated year contradict each other; nothing is simulated."""

    ru = "Так смоделировать нельзя: {ru}."
    en = "This cannot be simulated: {en}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What clients do when they are called. Units: shares in 0..1, days.

    `reach` is the share of attempts that are answered, `promise_reach` of calls made at an hour the client named. Of
    the answered some ask to be called back within `callback_days`; of the rest some are open to dialogue, and of those
    who were forgotten or lost some order at once. A client whose numbers were given up is found again in time.

    Source: QUALITY §4; «Клиентский будильник» for the 80% and the 7%.
    """

    reach: float = 0.5
    promise_reach: float = 0.8
    callback_share: float = 0.15
    callback_days: int = 5
    open_share: float = 0.8
    deal_share: float = 0.07
    repair_days: int = 30

    @property
    def attempts_a_talk(self) -> float:
        """The attempts that a talk costs on the average, with the calls back that clients ask for."""
        return 1 / self.reach + self.callback_share / (1 - self.callback_share) / self.promise_reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """The rules and the luck of one year. Units: calendar days; `growth_share` are the new clients of a year."""

    policy: Policy
    habits: Habits = field(default_factory=Habits)
    days: int = YEAR_DAYS
    seed: int = 1
    growth_share: float = 0.0


_CONTRADICTIONS = (
    (lambda s: not 1 <= s.days <= LONGEST_DAYS, "нужно от одного дня до трёх лет", "one day to three years are needed"),
    (
        lambda s: not 0 < s.habits.reach <= 1 or not 0 < s.habits.promise_reach <= 1,
        "доля дозвонов должна быть больше нуля и не больше единицы",
        "the reach must be above zero and at most one",
    ),
    (
        lambda s: not 0 <= s.habits.callback_share < 1,
        "просить перезвонить могут не все клиенты",
        "not every client may ask to be called back",
    ),
    (
        lambda s: not (0 <= s.habits.open_share <= 1 and 0 <= s.habits.deal_share <= 1),
        "доли диалогов и сделок лежат от нуля до единицы",
        "shares of dialogues and deals lie between zero and one",
    ),
    (
        lambda s: s.habits.callback_days < 1 or s.habits.repair_days < 1,
        "перезвон и поиск номера длятся хотя бы день",
        "a call back and the search for a number take a day at least",
    ),
    (
        lambda s: not 0 <= s.growth_share <= 1,
        "прирост базы от нуля до ста процентов в год",
        "the base grows by nothing to a hundred percent a year",
    ),
)


def check_scenario(scenario: Scenario) -> None:
    """Refuse assumptions that cannot be lived through, before anything is simulated.

    Units: as in `Scenario`.
    Raises: ScenarioContradiction naming the first contradiction.
    Source: SPEC §12, simulation.
    """
    for contradicts, ru, en in _CONTRADICTIONS:
        if contradicts(scenario):
            raise ScenarioContradiction(ru=ru, en=en)
