"""What a call leaves for the head: raised with the call, withdrawn when the call is corrected."""

from datetime import datetime

from budilnik.calling.models import HeadMatter
from budilnik.core.matters import Decision, MatterKind


def raise_matter(*, call_id: int, client_id: int, kind: MatterKind, number: str, raised_by: int, now: datetime) -> None:
    """Put a matter before the head, without an audit row: part of a larger use case."""
    HeadMatter.objects.create(
        client_id=client_id, kind=kind.value, call_id=call_id, number=number, raised_by_id=raised_by, raised_at=now
    )


def withdraw_matters(call_id: int, *, now: datetime) -> None:
    """Take back what a corrected call had put before the head, if he has not decided yet."""
    matters = HeadMatter.objects.filter(call=call_id, settled_at=None)
    matters.update(settled_at=now, decision=Decision.AMENDED.value)
