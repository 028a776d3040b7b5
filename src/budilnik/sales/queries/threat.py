"""Who is under threat, by manager, and how far the chances behind it can be trusted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum

from budilnik.sales.models import ClientProfile
from budilnik.sales.queries.findings import Looked, looked
from budilnik.sales.queries.insight import latest_run


@dataclass(frozen=True, slots=True, kw_only=True)
class Threatened:
    """The own clients of a manager and those of them under threat: leaving, or with a narrowed basket. Units: kopecks.

    `expected` is what those under threat bring in the next 90 days by their chances, `year` what they brought in the
    last one. Who is both leaving and narrowed is counted once.
    """

    owner_id: int | None
    owner: str
    own: int
    threatened: int
    leaving: int
    narrowed: int
    expected: int
    year: int

    @property
    def part(self) -> float | None:
        """The part of the own clients who are under threat."""
        return self.threatened / self.own if self.own else None


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
    """Who is under threat, by manager, and how the chances were chosen and came true.

    `learnt_on` is the month of the choice; None where what is shipped works.
    """

    look: Looked
    lines: tuple[Threatened, ...]
    total: Threatened
    tenths: tuple[Tenth, ...]
    gap: float | None
    choices: tuple[Choice, ...]
    learnt_on: date | None

    @property
    def highest(self) -> float:
        """The highest share of the tenths, foretold or seen."""
        return max((max(tenth.foretold, tenth.seen) for tenth in self.tenths), default=0.0)


def under_threat() -> Threat | None:
    """Return the own clients under threat, or None before the first look. Two queries.

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
        total=Threatened(
            owner_id=None,
            owner="",
            own=sum(line.own for line in lines),
            threatened=sum(line.threatened for line in lines),
            leaving=sum(line.leaving for line in lines),
            narrowed=sum(line.narrowed for line in lines),
            expected=sum(line.expected for line in lines),
            year=sum(line.year for line in lines),
        ),
        tenths=tuple(Tenth(**tenth) for tenth in learnt.get("calibration", ())),
        gap=learnt.get("calibration_gap"),
        choices=choices,
        learnt_on=date.fromisoformat(month) if month and choices else None,
    )


def _lines(run_id: int) -> tuple[Threatened, ...]:
    leaving, narrowed = Q(client__leaving=True), Q(client__narrowed=True)
    threatened = leaving | narrowed
    owned = ClientProfile.objects.filter(run=run_id, client__archived_on=None, client__owner__isnull=False)
    rows = (
        owned.values("client__owner", "client__owner__name")
        .annotate(
            own=Count("pk"),
            threatened=Count("pk", filter=threatened),
            leaving=Count("pk", filter=leaving),
            narrowed=Count("pk", filter=narrowed),
            expected=Sum("client__expected_90", filter=threatened),
            year=Sum("revenue_365", filter=threatened),
        )
        .order_by("-threatened", "client__owner__name", "client__owner")
    )
    return tuple(
        Threatened(
            owner_id=row["client__owner"],
            owner=row["client__owner__name"],
            own=row["own"],
            threatened=row["threatened"],
            leaving=row["leaving"],
            narrowed=row["narrowed"],
            expected=row["expected"] or 0,
            year=row["year"] or 0,
        )
        for row in rows
    )
