"""Reads over the morning by schedule: what rings, what waits for the head, how far today's has come."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from budilnik.calling.models import MorningHold, MorningRun


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMorning:
    """A morning that waits for the head, or did until he allowed it. Units: `releases` and `owned` in clients."""

    on: date
    releases: int
    owned: int
    noted_at: datetime
    allowed: bool


class MorningStage(StrEnum):
    """How far the morning of a day has come."""

    PUBLISHED = "published"
    BEING_MADE = "being_made"
    HELD = "held"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningState:
    """The morning of a day; `published_at` only when it is published."""

    stage: MorningStage
    published_at: datetime | None = None


def held_morning(on: date) -> HeldMorning | None:
    """Return what was noted when the morning of a day was held, or None if it was not. One query."""
    row = MorningHold.objects.filter(on=on).first()
    if row is None:
        return None
    return HeldMorning(
        on=row.on, releases=row.releases, owned=row.owned, noted_at=row.noted_at, allowed=row.allowed_at is not None
    )


def morning_state(on: date) -> MorningState:
    """Return how far the morning of a day has come; one that the head has allowed is being made. Two queries."""
    run = MorningRun.objects.filter(on=on).first()
    if run is not None and run.published_at is not None:
        return MorningState(stage=MorningStage.PUBLISHED, published_at=run.published_at)
    hold = held_morning(on)
    if run is not None or (hold is not None and hold.allowed):
        return MorningState(stage=MorningStage.BEING_MADE)
    return MorningState(stage=MorningStage.HELD if hold else MorningStage.NOT_YET)


def morning_has_begun(on: date) -> bool:
    """Say whether somebody has begun to write the morning of a day, published or not. One query."""
    return MorningRun.objects.filter(on=on).exists()
