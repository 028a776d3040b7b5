"""Segments of clients by the fifths of recency and frequency: six words for twenty-five cells."""

from enum import StrEnum

FIFTHS = range(1, 6)
HIGH, MIDDLE = 4, 3


class Segment(StrEnum):
    """Where a client stands by how recently and how often he buys, best first."""

    BEST = "best"
    STEADY = "steady"
    RECENT = "recent"
    SLIPPING = "slipping"
    FADING = "fading"
    ASLEEP = "asleep"


def segment_of(recency: int, frequency: int) -> Segment:
    """Return the segment of a client by the fifths he stands in, 5 is best.

    Fifths 4 and 5 are high. The middle one counts with the better side as long as the other fifth is at least middle.

    Units: fifths, 1 to 5.
    Raises: ValueError if there is no such fifth.
    Source: our reading of RFM, docs/rules/classes.md; for words and filters, it steers nothing.
    """
    if recency not in FIFTHS or frequency not in FIFTHS:
        raise ValueError(f"no such fifths: {recency}, {frequency}")
    if recency >= MIDDLE and frequency >= MIDDLE:
        return Segment.BEST if min(recency, frequency) >= HIGH else Segment.STEADY
    if recency >= HIGH:
        return Segment.RECENT
    if frequency >= HIGH:
        return Segment.SLIPPING
    return Segment.ASLEEP if recency == min(FIFTHS) else Segment.FADING
