"""Who may be leaving, by manager, and how far the chances behind it can be trusted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum

from budilnik.sales.models import ClientProfile
from budilnik.sales.queries.findings import Looked, looked
from budilnik.sales.queries.insight import latest_run


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """The own clients of a manager and those of them who may be leaving. Units: kopecks.

    `expected` is what they would bring in the next 90 days by their chances, `year` what they brought in the last year.
    """

    owner_id: int | None
    owner: str
    own: int
    leaving: int
    expected: int
    year: int

    @property
    def part(self) -> float | None:
        """The part of the own clients who may be leaving."""
        return self.leaving / self.own if self.own else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenth:
    """A tenth of the clients by their chance: foretold and seen. Units: shares in 0..1."""

    clients: int
    foretold: float
    seen: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a month has decided for one score. Units: log loss, less is better."""

    score: str
    decision: str
    loss_kept: float
    loss_levelled: float
    loss_refitted: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat:
    """Who may be leaving, by manager, and how the chances were chosen and came true.

    `learnt_on` is the month of the choice; None where what is shipped works.
    """

    look: Looked
    lines: tuple[Leaving, ...]
    total: Leaving
    tenths: tuple[Tenth, ...]
    gap: float | None
    choices: tuple[Choice, ...]
    learnt_on: date | None

    @property
    def highest(self) -> float:
        """The highest share of the tenths, foretold or seen."""
        return max((max(tenth.foretold, tenth.seen) for tenth in self.tenths), default=0.0)


def under_threat() -> Threat | None:
    """Return the own clients who may be leaving, or None before the first look. Two queries.

    A client without an owner is in nobody's line, nor is one who came into the base after the look.
    """
    run = latest_run()
    if run is None:
        return None
    lines = _lines(run.run_id)
    learnt: Mapping[str, Any] = run.findings.get("learnt", {})
    choices = tuple(Choice(score=score, **told) for score, told in learnt.get("choices", {}).items())
    month = learnt.get("month")
    return Threat(
        look=looked(run),
        lines=lines,
        total=Leaving(
            owner_id=None,
            owner="",
            own=sum(line.own for line in lines),
            leaving=sum(line.leaving for line in lines),
            expected=sum(line.expected for line in lines),
            year=sum(line.year for line in lines),
        ),
        tenths=tuple(Tenth(**tenth) for tenth in learnt.get("calibration", ())),
        gap=learnt.get("calibration_gap"),
        choices=choices,
        learnt_on=date.fromisoformat(month) if month and choices else None,
    )


def _lines(run_id: int) -> tuple[Leaving, ...]:
    leaving = Q(client__leaving=True)
    owned = ClientProfile.objects.filter(run=run_id, client__archived_on=None, client__owner__isnull=False)
    rows = (
        owned.values("client__owner", "client__owner__name")
        .annotate(
            own=Count("pk"),
            leaving=Count("pk", filter=leaving),
            expected=Sum("client__expected_90", filter=leaving),
            year=Sum("revenue_365", filter=leaving),
        )
        .order_by("-leaving", "client__owner__name", "client__owner")
    )
    return tuple(
        Leaving(
            owner_id=row["client__owner"],
            owner=row["client__owner__name"],
            own=row["own"],
            leaving=row["leaving"],
            expected=row["expected"] or 0,
            year=row["year"] or 0,
        )
        for row in rows
    )
