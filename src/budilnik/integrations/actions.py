"""Writes over imports: when a run began, how it ended, why rows were returned."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from budilnik.integrations.models import ImportProblem, ImportRun


def begin_run(*, source: str, kinds: Sequence[str], files: Sequence[str], on: date, now: datetime) -> int:
    """Note that an import began and return its number."""
    run = ImportRun.objects.create(source=source, kind="+".join(kinds), files=list(files), on=on, started_at=now)
    return run.pk


@transaction.atomic
def end_run(
    run: int,
    *,
    accepted: int,
    unchanged: int,
    rejected: int,
    rejected_file: str,
    reasons: Mapping[tuple[str, str], tuple[int, str, int]],
    now: datetime,
) -> None:
    """Note how an import ended: its counts, and each reason with its count and first place."""
    ImportRun.objects.filter(pk=run).update(
        accepted=accepted, unchanged=unchanged, rejected=rejected, rejected_file=rejected_file, ended_at=now
    )
    ImportProblem.objects.bulk_create(
        [
            ImportProblem(run_id=run, code=code, column=column[:160], rows=count, first_file=name[:240], first_row=row)
            for (code, column), (count, name, row) in reasons.items()
        ]
    )
