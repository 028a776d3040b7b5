"""Reads over what insight has found: always those of the latest published run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from budilnik.sales.models import InsightRun, Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A published look at the base: by when, by which engine, and what it says of the base as a whole."""

    run_id: int
    on: date
    engine: str
    published_at: datetime
    clients: int
    offers: int
    findings: Mapping[str, Any]


def has_sales() -> bool:
    """Say whether there is any document. One query."""
    return Order.objects.exists()


def holders_at_work(now: datetime) -> list[str]:
    """Return who looks at the base now: the holders of open runs whose lease has not run out. One query."""
    runs = InsightRun.objects.open().filter(lease_until__gt=now).order_by("pk")
    return list(runs.values_list("holder", flat=True))


def latest_run() -> Run | None:
    """Return the run whose findings are in force, or None before the first. One query."""
    found = InsightRun.objects.in_force().first()
    if found is None or found.published_at is None:
        return None
    return Run(
        run_id=found.pk,
        on=found.on,
        engine=found.engine,
        published_at=found.published_at,
        clients=found.clients,
        offers=found.offers,
        findings=found.findings,
    )
