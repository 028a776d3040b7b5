"""Clients lost before the system came: who lost them, when, and what the department thought the reason was."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from budilnik.core.terms import LossReason
from budilnik.demo.dice import stream
from budilnik.demo.notes import LOSS_WEIGHTS
from budilnik.demo.stories import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLoss:
    """A loss of the past: it locks the client for `employee`."""

    client_key: str
    employee: str
    on: date
    reason: LossReason


def make_losses(stories: Iterable[Story], *, seed: int) -> Iterator[DemoLoss]:
    """Return the losses that were noticed at the time, by client."""
    for story in stories:
        if story.lost_on is not None:
            dice = stream(seed, "loss", story.number)
            reason = dice.choices(list(LOSS_WEIGHTS), list(LOSS_WEIGHTS.values()))[0]
            yield DemoLoss(client_key=story.key, employee=story.former, on=story.lost_on, reason=reason)
