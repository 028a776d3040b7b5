"""Long work as it stands: waiting, running, done, and what came of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Q

from budilnik.core.refusal import Refusal
from budilnik.staff.models import JobRun


class NoSuchJob(Refusal):
    """There is no work of that number."""

    ru = "Такого расчёта нет."
    en = "There is no such piece of work."
    status: ClassVar[int] = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """How a piece of work stands. `stage` is waiting, running, done, stopped or failed; `told` what came of it."""

    job_id: int
    kind: str
    stage: str
    asked_by: str
    asked_at: datetime
    asked: dict[str, Any] = field(default_factory=dict)
    started_at: datetime | None = None
    ended_at: datetime | None = None
    done: int = 0
    total: int = 0
    stopping: bool = False
    told: dict[str, Any] = field(default_factory=dict)
    trouble_ru: str = ""
    trouble_en: str = ""

    @property
    def is_over(self) -> bool:
        """Say whether nothing more will come of it."""
        return self.ended_at is not None

    @property
    def part(self) -> float:
        """How much of it is done, in 0..1."""
        return self.done / self.total if self.total else 0.0


def job(job_id: int) -> JobState:
    """Return how a piece of work stands. One query.

    Raises: NoSuchJob.
    """
    row = JobRun.objects.select_related("asked_by").filter(pk=job_id).first()
    if row is None:
        raise NoSuchJob
    return _state(row)


def jobs_of(kind: str, *, at_most: int = 20) -> list[JobState]:
    """Return the latest pieces of work of a kind, the newest first, without what came of them. One query."""
    rows = JobRun.objects.select_related("asked_by").defer("told").filter(kind=kind).order_by("-asked_at", "-pk")
    return [_state(row, told=False) for row in rows[:at_most]]


def last_told(kind: str) -> dict[str, Any]:
    """Return what the latest finished work of a kind has told, nothing before the first one. One query."""
    done = JobRun.objects.filter(kind=kind, end="done").order_by("-ended_at", "-pk")
    return done.values_list("told", flat=True).first() or {}


def work_waits(*, now: datetime) -> bool:
    """Say whether some work has no worker, or one that has been silent for too long. One query."""
    return JobRun.objects.filter(Q(lease_until=None) | Q(lease_until__lte=now), ended_at=None).exists()


def holders_of_work() -> list[str]:
    """Return the names of the processes that hold work. One query."""
    return list(JobRun.objects.filter(ended_at=None).exclude(holder="").values_list("holder", flat=True))


def _state(row: JobRun, *, told: bool = True) -> JobState:
    return JobState(
        job_id=row.pk,
        kind=row.kind,
        stage=row.end or ("running" if row.holder else "waiting"),
        asked_by=row.asked_by.name if row.asked_by else "",
        asked_at=row.asked_at,
        asked=row.asked,
        started_at=row.started_at,
        ended_at=row.ended_at,
        done=row.done,
        total=row.total,
        stopping=row.stop_asked_at is not None and row.ended_at is None,
        told=row.told if told else {},
        trouble_ru=row.trouble_ru,
        trouble_en=row.trouble_en,
    )
