"""All settings of the firm as one value: what the head may change, with the reasons why a change is refused."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import time, timedelta

from budilnik.core.dates import CallingHours
from budilnik.core.outcome_table import ALWAYS_OFFERED, LONGEST_NAME, OutcomeTable, table_from
from budilnik.core.refusal import Refusal
from budilnik.core.status import SilencePolicy
from budilnik.core.terms import Outcome, Role


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
    retry_after_hours: int = 2
    retry_after_working_days: int = 1
    pause_days: int = 14
    rounds: int = 2
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
    escalate_after_minutes: int = 15
    lock_lifters: tuple[str, ...] = (Role.HEAD.value,)
    outcomes: OutcomeTable = field(default_factory=OutcomeTable)
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
    def escalates_after(self) -> timedelta:
        """How late a promise is when the head is told of it."""
        return timedelta(minutes=self.escalate_after_minutes)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Why a policy is refused, in both languages, and the settings beside which it is told."""

    fields: tuple[str, ...]
    ru: str
    en: str


# Who rings is of use in a queue; these lead, deliver or keep the program, and no queue is made for them.
CALLING_ROLES = tuple(
    role.value
    for role in (
        Role.MANAGER,
        Role.DEVELOPER,
        Role.TELEMARKETER,
        Role.PROJECT_MANAGER,
        Role.SPECIALIST,
        Role.ORDER_DESK,
    )
)
LEADING_ROLES = (Role.HEAD.value, Role.DIRECTOR.value)
_MOST_ATTEMPTS = 30
_LEAST_DAYS_IN_MONTH = 28
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_SPANS = ("client_hours", "client_lunch", "employee_hours", "employee_lunch")

# Least and most of every number, and what it is called when it is refused.
LIMITS: Mapping[str, tuple[int, int, str, str]] = {
    "forgotten_after_months": (1, 36, "срок «забыт», месяцев", "months until forgotten"),
    "lost_after_months": (2, 60, "срок «потерян», месяцев", "months until lost"),
    "agreed_slack_days": (0, 90, "запас после названной даты, дней", "days kept after the date named"),
    "agreed_at_most_months": (1, 12, "насколько вперёд клиент называет дату, месяцев", "months ahead a date is named"),
    "norm": (1, 500, "норма, звонков", "the norm, calls"),
    "near_days": (0, 62, "«скоро потеряется», рабочих дней", "working days that count as near"),
    "quiet_days_after_talk": (0, 365, "тишина после разговора, дней", "days of peace after a talk"),
    "refusal_rest_days": (0, 730, "отдых после отказа, дней", "days of rest after a refusal"),
    "refusals_to_head": (1, 20, "отказов до руководителя", "refusals until the head is told"),
    "attempts_before_pause": (1, 20, "попыток в круге", "attempts in a round"),
    "retry_after_hours": (1, 8, "часов до повтора", "hours until the retry"),
    "retry_after_working_days": (1, 10, "рабочих дней до повтора", "working days until the retry"),
    "pause_days": (1, 365, "пауза между кругами, дней", "days of pause between rounds"),
    "rounds": (1, 10, "кругов", "rounds"),
    "callback_reserve_working_days": (1, 20, "бронь под перезвон, рабочих дней", "working days of a reservation"),
    "callback_reserve_per_person": (0, 500, "броней на человека", "reservations a person"),
    "absence_tail_working_days": (0, 30, "запас после отсутствия, рабочих дней", "working days after an absence"),
    "protected_warning_days": (0, 90, "предупреждение о защищённом, дней", "days of warning of a protected client"),
    "release_per_day": (0, 100_000, "отпускать в день, клиентов", "clients released a day"),
    "hold_out_days": (1, 366, "без звонков держат, дней", "days held out"),
    "talk_from_seconds": (0, 600, "разговор длится от, секунд", "seconds that make a talk"),
    "escalate_after_minutes": (5, 1_440, "просрочка до руководителя, минут", "minutes until the head is told"),
    "portion": (1, 100, "порция, звонков", "a portion, calls"),
    "cards_per_day": (1, 100_000, "карточек в день", "cards a day"),
    "lookups_per_day": (0, 100_000, "чужих клиентов в день", "strangers looked up a day"),
}
# The same for shares, in percent.
SHARES: Mapping[str, tuple[int, int, str, str]] = {
    "pool_share": (0, 100, "доля пула", "the pool share"),
    "reach_rate": (1, 100, "доля дозвонов", "the reach rate"),
    "value_weight": (0, 100, "вес ценности", "the weight of value"),
    "hold_out_share": (0, 50, "без звонков оставляют, доля пула", "the share of the pool held out"),
    "hold_out_spares_share": (0, 100, "доля дорогих, которым звонят всегда", "the share of dear clients always called"),
    "margin_share": (0, 100, "доля маржи", "the share of margin"),
    "first_release_share": (0, 100, "доля базы, о которой спрашивают", "the share of the base that is asked about"),
}


def _readable(policy: Policy) -> bool:
    spans = [getattr(policy, name) for name in _SPANS]
    return all(_CLOCK.fullmatch(hour) for span in spans if span for hour in span)


def _backwards(span: tuple[str, str] | None) -> bool:
    return span is not None and span[0] >= span[1]


def _never_together(policy: Policy) -> bool:
    """Say whether a client and an employee of one zone have no hour in common."""
    if not _readable(policy) or any(_backwards(getattr(policy, name)) for name in _SPANS):
        return False
    ours, theirs = policy.hours_of_employees.spans(), policy.hours_of_clients.spans()
    return not any(max(a, c) < min(b, d) for a, b in ours for c, d in theirs)


def _unknown(named: tuple[str, ...], known: tuple[str, ...]) -> bool:
    return not set(named) <= set(known)


def _may_be_off(code: str) -> bool:
    return code in Outcome and Outcome(code) not in ALWAYS_OFFERED


def _named_badly(table: OutcomeTable) -> bool:
    named = [each.outcome for each in table.names]
    words = [word.strip() for each in table.names for word in (each.ru, each.en)]
    known = len(set(named)) == len(named) and all(code in Outcome for code in named)
    return not known or any(not 0 < len(word) <= LONGEST_NAME for word in words)


type _Rule = tuple[Callable[[Policy], bool], tuple[str, ...], str, str]

_RULES: tuple[_Rule, ...] = (
    (
        lambda p: p.lost_after_months <= p.forgotten_after_months,
        ("forgotten_after_months", "lost_after_months"),
        "клиент потерян не позже, чем забыт",
        "a client is lost no later than forgotten",
    ),
    (
        lambda p: p.quiet_days_after_talk >= p.lost_after_months * _LEAST_DAYS_IN_MONTH,
        ("quiet_days_after_talk", "lost_after_months"),
        "клиента нельзя беспокоить дольше, чем он считается своим: его потеряют, не позвонив",
        "a client is left in peace for longer than he is kept: he would be lost without a call",
    ),
    (
        lambda p: p.horizon_days != 62,
        ("horizon_days",),
        "горизонт всегда 62 рабочих дня",
        "the horizon is always 62 working days",
    ),
    (
        lambda p: not 1 <= p.overload_from <= 10,
        ("overload_from",),
        "перегрузка: нужно от 1 до 10",
        "overload must lie between 1 and 10",
    ),
    (lambda p: not p.pool_roles, ("pool_roles",), "некому звонить клиентам пула", "nobody is left to call the pool"),
    (
        lambda p: _unknown(p.pool_roles, CALLING_ROLES),
        ("pool_roles",),
        "клиентам пула звонят только те, чья работа — звонить",
        "the pool is called only by those whose work is to call",
    ),
    (
        lambda p: not p.lock_lifters or _unknown(p.lock_lifters, LEADING_ROLES),
        ("lock_lifters",),
        "запрет снимает руководитель, директор или оба; никто — нельзя",
        "locks are lifted by the head, the director or both; nobody will not do",
    ),
    (
        lambda p: p.attempts_before_pause * p.rounds > _MOST_ATTEMPTS,
        ("attempts_before_pause", "rounds"),
        "повторы не кончаются: больше 30 попыток без ответа",
        "the retries never end: more than 30 attempts without an answer",
    ),
    (
        lambda p: p.cards_per_day < p.norm,
        ("cards_per_day", "norm"),
        "карточек в день меньше, чем звонков в норме",
        "fewer cards a day than calls in the norm",
    ),
    (lambda p: not _readable(p), _SPANS, "часы пишутся как 09:00", "hours are written like 09:00"),
    (
        lambda p: not _CLOCK.fullmatch(p.morning_at),
        ("morning_at",),
        "час утра: часы пишутся как 06:00",
        "the hour of the morning: hours are written like 06:00",
    ),
    (
        lambda p: _backwards(p.client_hours) or _backwards(p.employee_hours),
        ("client_hours", "employee_hours"),
        "часы звонков кончаются раньше, чем начались",
        "the calling hours end before they begin",
    ),
    (
        lambda p: _backwards(p.client_lunch) or _backwards(p.employee_lunch),
        ("client_lunch", "employee_lunch"),
        "обед кончается раньше, чем начался",
        "the lunch ends before it begins",
    ),
    (
        _never_together,
        _SPANS,
        "у клиентов и сотрудников нет общего часа: позвонить нельзя никому",
        "clients and employees have no hour in common: nobody can be called",
    ),
    (
        lambda p: p.morning_at >= p.employee_hours[0],
        ("morning_at", "employee_hours"),
        "утро готовится после начала работы, а списки нужны до неё",
        "the morning is made after work has begun, and the lists are needed before",
    ),
    (
        lambda p: not all(map(_may_be_off, p.outcomes.off)),
        ("outcomes",),
        "заказ, «не звонить» и «нет ответа» не выключаются",
        "order, do not call and no answer cannot be switched off",
    ),
    (
        lambda p: {Outcome.INTERESTED.value, Outcome.OPEN.value} <= set(p.outcomes.off),
        ("outcomes",),
        "разговор без заказа нечем записать: оставьте «интерес» или «нет потребности»",
        "a talk without an order could not be written down: keep interested or no need now",
    ),
    (
        lambda p: _named_badly(p.outcomes),
        ("outcomes",),
        "свой итог назван на обоих языках, не длиннее 40 знаков",
        "an outcome of your own words is named in both languages, 40 characters at most",
    ),
)


def contradictions(policy: Policy) -> tuple[Contradiction, ...]:
    """Return all that contradicts itself in a policy; none means that it may be saved.

    A number at its limit is still taken. What depends on the people of the firm is asked where they are known.

    Units: as in `Policy`.
    Raises: nothing.
    Source: SPEC §12, policy is data with versions.
    """
    found = [
        Contradiction(
            fields=(name,),
            ru=f"{ru}: нужно от {least} до {most}",
            en=f"{en}: between {least} and {most} are needed",
        )
        for name, (least, most, ru, en) in LIMITS.items()
        if not least <= getattr(policy, name) <= most
    ]
    found += [
        Contradiction(
            fields=(name,),
            ru=f"{ru}: нужно от {least} до {most} %",
            en=f"{en}: between {least} and {most}% are needed",
        )
        for name, (least, most, ru, en) in SHARES.items()
        if not least <= round(getattr(policy, name) * 100, 6) <= most
    ]
    found += [Contradiction(fields=names, ru=ru, en=en) for wrong, names, ru, en in _RULES if wrong(policy)]
    return tuple(found)


def check(policy: Policy) -> None:
    """Refuse a policy that contradicts itself, before anything is saved.

    Units: as in `Policy`.
    Raises: PolicyContradiction naming the first contradiction.
    Source: SPEC §12, policy is data with versions.
    """
    for each in contradictions(policy):
        raise PolicyContradiction(ru=each.ru, en=each.en)


def from_settings(settings: Mapping[str, object]) -> Policy:
    """Read a stored version; a setting younger than the version has its default.

    Units: as in `Policy`.
    Raises: ValueError for a setting that does not exist.
    Source: decision 0004.
    """
    known = {each.name for each in fields(Policy)}
    if strange := sorted(set(settings) - known):
        raise ValueError(f"unknown settings: {', '.join(strange)}")
    told: dict[str, object] = {name: tuple(v) if isinstance(v, list) else v for name, v in settings.items()}
    if "outcomes" in told:
        told["outcomes"] = table_from(told["outcomes"])  # type: ignore[arg-type]
    return Policy(**told)  # type: ignore[arg-type]


def to_settings(policy: Policy) -> dict[str, object]:
    """Return the body of a version as plain values for storage.

    Units: as in `Policy`.
    Raises: nothing.
    Source: decision 0004.
    """
    return {name: _plain(value) for name, value in asdict(policy).items()}


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
