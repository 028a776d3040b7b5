"""The form of the rules: what stands in the fields, and what was typed read into a policy with every trouble told."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from budilnik.core.outcome_table import ALWAYS_OFFERED, LONGEST_NAME, OutcomeName, OutcomeTable
from budilnik.core.policy import Policy
from budilnik.core.terms import Outcome
from budilnik.staff.queries import StaffMember
from budilnik.staff.queries.versions import all_contradictions
from budilnik.web.policy.settings import SECTIONS, Section, Setting

type Raw = Mapping[str, Sequence[str]]

_COUNT, _RATIO = re.compile(r"\d{1,7}"), re.compile(r"\d{1,4}([.,]\d{1,4})?")
_LONGEST_TEXT = 64
_OWN_FIELDS = ("starts_on", "based_on", "why", "offered", "refusal_resets_clock", "outcomes_asked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A setting in the form: what stands in it as it was typed, and why it will not do."""

    setting: Setting
    values: tuple[str, ...]
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeField:
    """An outcome in the form. `fixed` ones are always offered."""

    code: str
    offered: bool
    fixed: bool
    ru: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadField:
    """An employee's load in the form, in percent as it was typed."""

    employee_id: int
    name: str
    value: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What was typed, understood; with `errors` by field it may not be tried."""

    policy: Policy
    workloads: Mapping[int, float]
    starts_on: date
    errors: Mapping[str, tuple[str, ...]]


def _percent(share: float) -> str:
    return f"{share * 100:.2f}".rstrip("0").rstrip(".")


def _span(value: tuple[str, str] | None) -> tuple[str, str]:
    return value or ("", "")


def _written(setting: Setting, policy: Policy) -> dict[str, tuple[str, ...]]:
    value = getattr(policy, setting.name)
    if setting.kind in ("hours", "lunch"):
        opens, closes = _span(value)
        return {f"{setting.name}_from": (opens,), f"{setting.name}_until": (closes,)}
    if setting.kind == "roles":
        return {setting.name: tuple(value)}
    if setting.kind == "outcomes":
        return _written_outcomes(value)
    return {setting.name: (_percent(value) if setting.kind == "share" else str(value),)}


def _written_outcomes(table: OutcomeTable) -> dict[str, tuple[str, ...]]:
    raw = {"outcomes_asked": ("1",), "offered": tuple(each.value for each in Outcome if table.offers(each))}
    if table.refusal_resets_clock:
        raw["refusal_resets_clock"] = ("1",)
    for each in table.names:
        raw |= {f"ru_{each.outcome}": (each.ru,), f"en_{each.outcome}": (each.en,)}
    return raw


def written(policy: Policy, *, team: Sequence[StaffMember], starts_on: date) -> Raw:
    """Return what stands in the fields of a form opened anew."""
    raw: dict[str, tuple[str, ...]] = {"starts_on": (starts_on.isoformat(),)}
    for section in SECTIONS:
        for setting in section.settings:
            raw |= _written(setting, policy)
    return raw | {f"load_{each.employee_id}": (_percent(each.load_share),) for each in team}


def sent(post: QueryDict) -> Raw:
    """Return what was typed, nothing but the fields of the form."""
    names = {"_from", "_until"}
    known = {setting.name for section in SECTIONS for setting in section.settings} | set(_OWN_FIELDS)
    known |= {setting.name + end for section in SECTIONS for setting in section.settings for end in names}
    known |= {f"{language}_{each.value}" for language in ("ru", "en") for each in Outcome}
    return {name: post.getlist(name) for name in post if name in known or re.fullmatch(r"load_\d{1,9}", name)}


def _one(raw: Raw, name: str) -> str:
    values = raw.get(name, ())
    return values[0].strip()[:_LONGEST_TEXT] if values else ""


class _Unreadable(ValueError):
    """What was typed is not what the field is for."""


def _number(text: str, pattern: re.Pattern[str]) -> str:
    if not pattern.fullmatch(text):
        raise _Unreadable(_("A number is needed."))
    return text.replace(",", ".")


def _read(setting: Setting, raw: Raw) -> object:
    text = _one(raw, setting.name)
    if setting.kind == "count":
        return int(_number(text, _COUNT))
    if setting.kind == "ratio":
        return float(_number(text, _RATIO))
    if setting.kind == "share":
        return round(float(_number(text.removesuffix("%").strip(), _RATIO)) / 100, 6)
    if setting.kind == "roles":
        return tuple(each for each in setting.choices if each in raw.get(setting.name, ()))
    if setting.kind in ("hours", "lunch"):
        span = _one(raw, f"{setting.name}_from"), _one(raw, f"{setting.name}_until")
        return None if setting.kind == "lunch" and span == ("", "") else span
    return _outcomes(raw) if setting.kind == "outcomes" else text


def _outcomes(raw: Raw) -> OutcomeTable:
    offered = set(raw.get("offered", ()))
    named = [(each.value, _one(raw, f"ru_{each.value}"), _one(raw, f"en_{each.value}")) for each in Outcome]
    return OutcomeTable(
        off=tuple(each.value for each in Outcome if each not in ALWAYS_OFFERED and each.value not in offered),
        names=tuple(OutcomeName(outcome=code, ru=ru, en=en) for code, ru, en in named if ru or en),
        refusal_resets_clock=_one(raw, "refusal_resets_clock") == "1",
    )


def proposed(raw: Raw, *, base: Policy, team: Sequence[StaffMember], on: date) -> Proposal:
    """Read what was typed; every trouble is told beside its field, not the first one only."""
    errors: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    for section in SECTIONS:
        for setting in section.settings:
            try:
                values[setting.name] = _read(setting, raw)
            except _Unreadable as trouble:
                errors.setdefault(setting.name, []).append(str(trouble))
    policy = replace(base, **values)
    english = get_language() == "en"
    for each in all_contradictions(policy, on=on):
        told = each.en if english else each.ru
        for name in each.fields:
            errors.setdefault(name, []).append(told[:1].upper() + told[1:] + ".")
    starts_on = _starts_on(raw, on=on, errors=errors)
    workloads = _workloads(raw, team=team, errors=errors)
    told_errors = {name: tuple(dict.fromkeys(sentences)) for name, sentences in errors.items()}
    return Proposal(policy=policy, workloads=workloads, starts_on=starts_on, errors=told_errors)


def _starts_on(raw: Raw, *, on: date, errors: dict[str, list[str]]) -> date:
    try:
        day = parse_date(_one(raw, "starts_on"))
    except ValueError:
        day = None
    if day is None:
        errors["starts_on"] = [_("Name the day from which the rules are in force.")]
    elif day < on:
        errors["starts_on"] = [_("The rules cannot start in the past.")]
    return max(day or on, on)


def _workloads(raw: Raw, *, team: Sequence[StaffMember], errors: dict[str, list[str]]) -> dict[int, float]:
    found = {}
    for each in team:
        name = f"load_{each.employee_id}"
        if name not in raw:
            continue
        text = _one(raw, name).removesuffix("%").strip()
        share = float(text.replace(",", ".")) / 100 if _RATIO.fullmatch(text) else -1.0
        if 0 <= share <= 1:
            found[each.employee_id] = round(share, 6)
        else:
            errors[name] = [_("From 0 to 100%.")]
    return found


def fields_of(raw: Raw, errors: Mapping[str, tuple[str, ...]]) -> list[tuple[Section, list[Field]]]:
    """Return the form section by section."""
    return [(section, [_field(each, raw, errors) for each in section.settings]) for section in SECTIONS]


def _field(setting: Setting, raw: Raw, errors: Mapping[str, tuple[str, ...]]) -> Field:
    if setting.kind in ("hours", "lunch"):
        values: tuple[str, ...] = (_one(raw, f"{setting.name}_from"), _one(raw, f"{setting.name}_until"))
    elif setting.kind == "roles":
        values = tuple(raw.get(setting.name, ()))
    else:
        values = (_one(raw, setting.name),)
    return Field(setting=setting, values=values, errors=errors.get(setting.name, ()))


def outcome_fields(raw: Raw) -> list[OutcomeField]:
    """Return the outcomes of the form."""
    return [
        OutcomeField(
            code=each.value,
            offered=each in ALWAYS_OFFERED or each.value in raw.get("offered", ()),
            fixed=each in ALWAYS_OFFERED,
            ru=_one(raw, f"ru_{each.value}")[:LONGEST_NAME],
            en=_one(raw, f"en_{each.value}")[:LONGEST_NAME],
        )
        for each in Outcome
    ]


def load_fields(raw: Raw, errors: Mapping[str, tuple[str, ...]], *, team: Sequence[StaffMember]) -> list[LoadField]:
    """Return the loads of the form."""
    return [
        LoadField(
            employee_id=each.employee_id,
            name=each.name,
            value=_one(raw, f"load_{each.employee_id}"),
            error=" ".join(errors.get(f"load_{each.employee_id}", ())),
        )
        for each in team
    ]
