"""Long work that somebody asks for: one process claims it, says how far it is, and stops when told to."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import transaction

from budilnik.core.refusal import Refusal
from budilnik.staff.actions import audit
from budilnik.staff.models import Employee, JobRun
from budilnik.staff.queries.jobs import JobState, job

# A worker says how far it is every second or so; one that is silent for so long is dead, or its machine is.
LEASE = timedelta(minutes=2)
WAITING_AT_MOST = 5


class JobOver(Refusal):
    """The work has ended already, or was stopped by somebody else."""

    ru = "Эта работа уже закончилась."
    en = "This work has ended already."
    status: ClassVar[int] = 409


class TooMuchWaits(Refusal):
    """A queue of long work that nobody would wait for."""

    ru = "Уже ждут своей очереди: {waiting}. Дождитесь их или остановите лишние."
    en = "Already waiting: {waiting}. Wait for them, or stop those you do not need."
    status: ClassVar[int] = 409


@transaction.atomic
def ask_for(kind: str, asked: dict[str, Any], *, by: Employee | None, now: datetime) -> int:
    """Ask for a piece of work and return its number.

    Raises: TooMuchWaits.
    """
    waiting = JobRun.objects.filter(ended_at=None).count()
    if waiting >= WAITING_AT_MOST:
        raise TooMuchWaits(waiting=waiting)
    row = JobRun.objects.create(kind=kind, asked=asked, asked_by=by, asked_at=now)
    audit("job_asked", by=by, now=now, subject="job", subject_id=row.pk, facts={"kind": kind})
    return row.pk


@transaction.atomic
def ask_to_stop(job_id: int, *, by: Employee | None, now: datetime) -> None:
    """Let a piece of work be stopped: one that waits ends at once, one that runs within a step.

    Raises: JobOver.
    """
    open_one = JobRun.objects.filter(pk=job_id, ended_at=None)
    waiting = open_one.filter(holder="").update(ended_at=now, end="stopped", stop_asked_at=now)
    if not waiting and open_one.update(stop_asked_at=now) != 1:
        raise JobOver
    audit("job_stopped", by=by, now=now, subject="job", subject_id=job_id)


@transaction.atomic
def stop_mine(kind: str, *, by: Employee, now: datetime) -> None:
    """Stop the work of a kind that somebody asked for and no longer waits for."""
    mine = JobRun.objects.filter(kind=kind, asked_by=by, ended_at=None)
    mine.filter(holder="").update(ended_at=now, end="stopped", stop_asked_at=now)
    mine.update(stop_asked_at=now)


def claim_next(*, holder: str, now: datetime, is_gone: Callable[[str], bool]) -> JobState | None:
    """Take the work that has waited longest, or None; one whose worker is gone is begun anew.

    Of two who take at once one gets it: the row says who held it before.
    """
    for row in JobRun.objects.filter(ended_at=None).order_by("asked_at", "pk"):
        held = row.holder and row.lease_until and row.lease_until > now and not is_gone(row.holder)
        if held:
            continue
        mine = JobRun.objects.filter(pk=row.pk, holder=row.holder, lease_until=row.lease_until, ended_at=None)
        if mine.update(holder=holder, lease_until=now + LEASE, started_at=now, done=0) == 1:
            return job(row.pk)
    return None


def report(job_id: int, *, holder: str, done: int, total: int, now: datetime) -> bool:
    """Say how far the work is; return whether it is to go on: not stopped, not taken over."""
    mine = JobRun.objects.filter(pk=job_id, holder=holder, ended_at=None)
    held = mine.filter(stop_asked_at=None).update(done=done, total=total, lease_until=now + LEASE)
    return held == 1


def end_job(
    job_id: int,
    *,
    holder: str,
    end: str,
    now: datetime,
    told: dict[str, Any] | None = None,
    trouble: Refusal | None = None,
) -> None:
    """End the work with what came of it; one that was taken over by another worker says nothing."""
    JobRun.objects.filter(pk=job_id, holder=holder, ended_at=None).update(
        ended_at=now,
        end=end,
        told=told or {},
        trouble_ru=trouble.text("ru") if trouble else "",
        trouble_en=trouble.text("en") if trouble else "",
    )
