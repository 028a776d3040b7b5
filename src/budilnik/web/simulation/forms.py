"""What is asked of a simulated year, read strictly; what was typed stays in its field."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from budilnik.calling.queries.simulation import Measured
from budilnik.core.policy import Policy
from budilnik.core.rivals import POLICIES
from budilnik.core.whatif import WhatIf

_WRITTEN = re.compile(r"\d{1,5}([.,]\d{1,3})?")
LENGTHS = (91, 182, 365)
SEEDS = (1, 3, 5, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A number that is asked for. A share is written in percent; `least` and `most` as it is written."""

    name: str
    label: Promise
    hint: Promise
    least: float
    most: float
    share: bool = False
    unit: Promise | str = ""


_MONTHS, _DAYS = gettext_lazy("months"), pgettext_lazy("unit", "days")
ASKED = (
    Asked(
        name="norm",
        label=gettext_lazy("Calls a day"),
        hint=gettext_lazy("The norm of a manager; who has a norm of his own keeps it."),
        least=1,
        most=500,
    ),
    Asked(
        name="people",
        label=gettext_lazy("New managers"),
        hint=gettext_lazy("They learn for a quarter: a quarter of the norm, a half, three quarters, all of it."),
        least=0,
        most=200,
    ),
    Asked(
        name="reach",
        label=gettext_lazy("Answered calls"),
        hint=gettext_lazy("The share of attempts that end with a talk."),
        least=1,
        most=100,
        share=True,
    ),
    Asked(
        name="pool_share",
        label=gettext_lazy("Calls to the pool"),
        hint=gettext_lazy("The part of the day given to lost clients of everybody."),
        least=0,
        most=100,
        share=True,
    ),
    Asked(
        name="forgotten_after_months",
        label=gettext_lazy("Forgotten after"),
        hint=gettext_lazy("Months of silence until a client is called as forgotten."),
        least=1,
        most=35,
        unit=_MONTHS,
    ),
    Asked(
        name="lost_after_months",
        label=gettext_lazy("Lost after"),
        hint=gettext_lazy("Months of silence until a client goes to the pool."),
        least=2,
        most=36,
        unit=_MONTHS,
    ),
    Asked(
        name="away_days",
        label=gettext_lazy("Days off a year"),
        hint=gettext_lazy("Leave of each manager, in two parts; absences that are noted already stay."),
        least=0,
        most=180,
        unit=_DAYS,
    ),
    Asked(
        name="growth_share",
        label=gettext_lazy("New clients a year"),
        hint=gettext_lazy("Of the base of today; they order as its clients do."),
        least=0,
        most=100,
        share=True,
    ),
    Asked(
        name="open_share",
        label=gettext_lazy("Open to dialogue"),
        hint=gettext_lazy("Of those who talk; the case tells of 80%."),
        least=0,
        most=100,
        share=True,
    ),
    Asked(
        name="deal_share",
        label=gettext_lazy("Deals"),
        hint=gettext_lazy("Of the forgotten and lost who are open to dialogue; the case tells of 7%."),
        least=0,
        most=100,
        share=True,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A number in the form as it was typed, and why it will not do."""

    asked: Asked
    value: str
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationForm:
    """The form: its numbers, choices as they were made, and what is asked if all of it can be read."""

    fields: tuple[Field, ...]
    days: int
    seeds: int
    policies: tuple[str, ...]
    levelled: bool
    asked: WhatIf | None


def fresh_form(policy: Policy, measured: Measured) -> SimulationForm:
    """Return the form as it opens: the rules in force, and what the firm's own calls have shown."""
    told = {
        name: value
        for name, value in (
            ("reach", measured.reach),
            ("callback_share", measured.callback_share),
            ("open_share", measured.open_share),
        )
        if value is not None
    }
    asked = WhatIf.of(policy, **told)
    return SimulationForm(
        fields=tuple(Field(asked=each, value=_written(getattr(asked, each.name), each)) for each in ASKED),
        days=asked.days,
        seeds=asked.seeds,
        policies=asked.policies,
        levelled=asked.levelled,
        asked=asked,
    )


def _written(value: float, asked: Asked) -> str:
    shown = value * 100 if asked.share else value
    return f"{shown:.1f}".rstrip("0").rstrip(".")


def sent_form(sent: QueryDict, *, policy: Policy, measured: Measured) -> SimulationForm:
    """Return the form as it was sent; `asked` is None while a field cannot be read."""
    fields = tuple(_field(each, sent.get(each.name, "").strip()) for each in ASKED)
    policies = tuple(name for name in POLICIES if name in sent.getlist("policies"))
    days, seeds = _choice(sent, "days", LENGTHS), _choice(sent, "seeds", SEEDS)
    levelled = bool(sent.get("levelled"))
    asked = None
    if not any(field.error for field in fields):
        told: Mapping[str, Any] = {field.asked.name: _number(field) for field in fields}
        back = {} if measured.callback_share is None else {"callback_share": measured.callback_share}
        asked = WhatIf.of(policy, **told, **back, days=days, seeds=seeds, policies=policies, levelled=levelled)
    return SimulationForm(fields=fields, days=days, seeds=seeds, policies=policies, levelled=levelled, asked=asked)


def _field(asked: Asked, typed: str) -> Field:
    if not _WRITTEN.fullmatch(typed):
        return Field(asked=asked, value=typed[:12], error=_("Write a number."))
    value = float(typed.replace(",", "."))
    if not asked.least <= value <= asked.most or (not asked.share and value != int(value)):
        told = {"least": f"{asked.least:g}", "most": f"{asked.most:g}"}
        return Field(asked=asked, value=typed, error=_("From %(least)s to %(most)s.") % told)
    return Field(asked=asked, value=typed)


def _number(field: Field) -> float:
    value = float(field.value.replace(",", "."))
    return value / 100 if field.asked.share else int(value)


def _choice(sent: QueryDict, name: str, choices: Sequence[int]) -> int:
    typed = sent.get(name, "")
    return int(typed) if typed in {str(choice) for choice in choices} else choices[-1]
