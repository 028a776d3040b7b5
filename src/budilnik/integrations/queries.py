"""Reads over imports: what is being loaded, and since when the base has been loaded at all."""

from datetime import datetime, timedelta

from django.db.models import Min

from budilnik.integrations.models import ImportRun

# An import that was killed never ends; the largest one takes far less than this.
LONGEST_IMPORT = timedelta(hours=1)


def import_is_running(now: datetime) -> bool:
    """Say whether files are being loaded at this moment. One query."""
    return ImportRun.objects.filter(ended_at=None, started_at__gt=now - LONGEST_IMPORT, started_at__lte=now).exists()


def first_loaded_at() -> datetime | None:
    """Return when the first file of the firm began to be loaded, or None. One query."""
    first: datetime | None = ImportRun.objects.aggregate(first=Min("started_at"))["first"]
    return first
