"""All settings of the firm as one value: what the head may change, with the reasons why a change is refused."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import time

from budilnik.core.dates import CallingHours
from budilnik.core.refusal import Refusal
from budilnik.core.status import SilencePolicy
from budilnik.core.terms import Role


class PolicyContradiction(Refusal):
    """The settings contradict each other; nothing is saved."""

    ru = "Правила противоречат себе: {ru}."
    en = "The policy contradicts itself: {en}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of the firm's rules. Months are calendar months, shares lie in 0..1, norms count attempts."""

    forgotten_after_months: int = 3
    lost_after_months: int = 6
    agreed_slack_days: int = 7
    agreed_at_most_months: int = 12
    norm: int = 20
    pool_share: float = 0.25
    pool_roles: tuple[str, ...] = (Role.MANAGER.value,)
    reach_rate: float = 0.5
    horizon_days: int = 62
    value_weight: float = 0.5
    near_days: int = 22
    overload_from: float = 1.3
    quiet_days_after_talk: int = 30
    refusal_rest_days: int = 90
    refusals_to_head: int = 3
    attempts_before_pause: int = 3
    pause_days: int = 14
    callback_reserve_working_days: int = 10
    callback_reserve_per_person: int = 15
    absence_tail_working_days: int = 5
    protected_warning_days: int = 7
    release_per_day: int = 0
    hold_out_share: float = 0.05
    hold_out_days: int = 91
    hold_out_spares_share: float = 0.2
    margin_share: float = 0.25
    first_release_share: float = 0.1
    talk_from_seconds: int = 20
    morning_at: str = "06:00"
    portion: int = 5
    cards_per_day: int = 300
    lookups_per_day: int = 60
    company_zone: str = "Europe/Moscow"
    calendar: str = "RU"
    client_hours: tuple[str, str] = ("09:00", "18:00")
    client_lunch: tuple[str, str] | None = ("13:00", "14:00")
    employee_hours: tuple[str, str] = ("09:00", "18:00")
    employee_lunch: tuple[str, str] | None = field(default=None)

    @property
    def silence(self) -> SilencePolicy:
        """The part that status depends on."""
        return SilencePolicy(
            forgotten_after_months=self.forgotten_after_months,
            lost_after_months=self.lost_after_months,
            agreed_slack_days=self.agreed_slack_days,
        )

    @property
    def hours_of_clients(self) -> CallingHours:
        """When a client may be called, in his own zone."""
        return _hours(self.client_hours, self.client_lunch)

    @property
    def hours_of_employees(self) -> CallingHours:
        """When an employee calls, in his own zone."""
        return _hours(self.employee_hours, self.employee_lunch)


def _hours(day: tuple[str, str], lunch: tuple[str, str] | None) -> CallingHours:
    return CallingHours(
        opens=time.fromisoformat(day[0]),
        closes=time.fromisoformat(day[1]),
        lunch_from=time.fromisoformat(lunch[0]) if lunch else None,
        lunch_until=time.fromisoformat(lunch[1]) if lunch else None,
    )


def _negative(policy: Policy) -> bool:
    return any(isinstance(value, int | float) and value < 0 for value in asdict(policy).values())


def _readable(policy: Policy) -> bool:
    spans = (policy.client_hours, policy.client_lunch, policy.employee_hours, policy.employee_lunch)
    hours = [policy.morning_at, *(hour for span in spans if span for hour in span)]
    return all(_CLOCK.fullmatch(hour) for hour in hours)


_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_CONTRADICTIONS = (
    (lambda p: p.forgotten_after_months < 1, "срок «забыт» меньше месяца", "forgotten comes after less than a month"),
    (
        lambda p: p.lost_after_months <= p.forgotten_after_months,
        "клиент потерян не позже, чем забыт",
        "a client is lost no later than forgotten",
    ),
    (lambda p: not 0 <= p.pool_share <= 1, "доля пула вне 0..1", "the pool share is outside 0..1"),
    (lambda p: not 0 < p.reach_rate <= 1, "доля дозвонов вне 0..1", "the reach rate is outside 0..1"),
    (lambda p: not 0 <= p.value_weight <= 1, "вес ценности вне 0..1", "the weight of value is outside 0..1"),
    (
        lambda p: not 0 <= p.hold_out_share <= 0.5,
        "без звонков оставляют 0..50 % пула",
        "0..50 % of the pool is held out",
    ),
    (lambda p: p.hold_out_days < 1, "без звонков держат хотя бы день", "a client is held out for a day at least"),
    (
        lambda p: not 0 <= p.hold_out_spares_share <= 1,
        "доля дорогих, которым звонят всегда, вне 0..1",
        "the share of dear clients who are always called is outside 0..1",
    ),
    (lambda p: not 0 <= p.margin_share <= 1, "доля маржи вне 0..1", "the share of margin is outside 0..1"),
    (lambda p: p.norm < 1, "норма меньше одного звонка", "the norm is under one call"),
    (lambda p: p.portion < 1, "порция меньше одного звонка", "a portion is under one call"),
    (lambda p: not p.pool_roles, "некому звонить клиентам пула", "nobody is left to call the pool"),
    (lambda p: p.horizon_days != 62, "горизонт всегда 62 рабочих дня", "the horizon is always 62 working days"),
    (lambda p: _negative(p), "срок или число меньше нуля", "a term or a count is below zero"),
    (lambda p: not _readable(p), "часы пишутся как 09:00", "hours are written like 09:00"),
    (
        lambda p: p.client_hours[0] >= p.client_hours[1] or p.employee_hours[0] >= p.employee_hours[1],
        "часы звонков кончаются раньше, чем начались",
        "the calling hours end before they begin",
    ),
)


def check(policy: Policy) -> None:
    """Refuse a policy that contradicts itself, before anything is saved.

    Units: as in `Policy`.
    Raises: PolicyContradiction naming the first contradiction.
    Source: SPEC §12, policy is data with versions.
    """
    for contradicts, ru, en in _CONTRADICTIONS:
        if contradicts(policy):
            raise PolicyContradiction(ru=ru, en=en)


def from_settings(settings: Mapping[str, object]) -> Policy:
    """Read a stored version; a setting younger than the version has its default.

    Units: as in `Policy`.
    Raises: ValueError for a setting that does not exist.
    Source: decision 0004.
    """
    known = {each.name for each in fields(Policy)}
    if strange := sorted(set(settings) - known):
        raise ValueError(f"unknown settings: {', '.join(strange)}")
    return Policy(**{name: tuple(v) if isinstance(v, list) else v for name, v in settings.items()})  # type: ignore[arg-type]


def to_settings(policy: Policy) -> dict[str, object]:
    """Return the body of a version as plain values for storage.

    Units: as in `Policy`.
    Raises: nothing.
    Source: decision 0004.
    """
    return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(policy).items()}
