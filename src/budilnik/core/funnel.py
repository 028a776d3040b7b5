"""The funnel of calls: called, reached, open to dialogue, deal; beside the figures of the case it is compared with."""

from dataclasses import dataclass
from math import sqrt

# «Клиентский будильник»: of the reached 80% are open to dialogue, and 7% of these buy.
CASE_OPEN_SHARE = 0.8
CASE_DEAL_SHARE = 0.07
CASE_DEAL_OF_REACHED = CASE_OPEN_SHARE * CASE_DEAL_SHARE
DEAL_WITHIN_DAYS = 30
_Z_95 = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share with the interval in which it lies 95 times of 100. Units: 0..1."""

    hits: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        """The share found; None of nobody."""
        return self.hits / self.of if self.of else None


def wilson(hits: int, of: int) -> Share:
    """Return a share with its 95% interval; of nobody it may be anything.

    Units: 0..1.
    Raises: ValueError if there are more hits than tries.
    Source: Wilson (1927), the score interval.
    """
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of} is no share")
    if not of:
        return Share(hits=0, of=0, low=0.0, high=1.0)
    share, square = hits / of, _Z_95 * _Z_95
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z_95 / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return Share(hits=hits, of=of, low=max(0.0, min(share, middle - half)), high=min(1.0, max(share, middle + half)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """How many clients were called, reached, open to dialogue and bought; each step is part of the one before."""

    called: int = 0
    reached: int = 0
    opened: int = 0
    deals: int = 0

    def __add__(self, other: "Funnel") -> "Funnel":
        """Put two together."""
        return Funnel(
            called=self.called + other.called,
            reached=self.reached + other.reached,
            opened=self.opened + other.opened,
            deals=self.deals + other.deals,
        )

    @property
    def reach(self) -> Share:
        """The reached of the called."""
        return wilson(self.reached, self.called)

    @property
    def openness(self) -> Share:
        """The open to dialogue of the reached: 80% in the case."""
        return wilson(self.opened, self.reached)

    @property
    def closing(self) -> Share:
        """The deals of the open to dialogue: 7% in the case."""
        return wilson(self.deals, self.opened)

    @property
    def yield_of_reached(self) -> Share:
        """The deals of the reached: 5.6% in the case."""
        return wilson(self.deals, self.reached)
