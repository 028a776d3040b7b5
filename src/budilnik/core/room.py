"""How many clients an employee can cover in the days ahead, and what is missing when they are more."""

from collections.abc import Iterable
from math import ceil, floor

ROUNDING = 1e-9


def room_for(shares: Iterable[float], *, norm: int, reach: float, pool_share: float) -> int:
    """Return how many clients an employee can talk to once in the days ahead, given his load share on each.

    A day of absence has a share of 0, a newcomer's days rise; half a conversation covers nobody.

    Units: clients; attempts a full day; shares in 0..1, one for each working day.
    Raises: ValueError if a share is negative.
    Source: SPEC §4, capacity and the own share of a day; «Клиентский будильник»: twenty calls a day.
    """
    days = list(shares)
    if any(share < 0 for share in days):
        raise ValueError("a load share is negative")
    return floor(sum(round(norm * share) for share in days) * reach * (1 - pool_share) + ROUNDING)


def people_missing(uncovered: int, *, room: int) -> int:
    """Return how many more people of that room would cover clients whom nobody can; none when there are none.

    Units: clients; people.
    Raises: ValueError if one covers nobody.
    Source: issue of the head's desk: a levelling that cannot reach the aim says what is missing.
    """
    if room < 1:
        raise ValueError("a new employee must cover somebody")
    return ceil(uncovered / room)


def calls_missing(uncovered: int, *, days: int, reach: float, pool_share: float) -> int:
    """Return how many more attempts a day of the whole team would cover clients whom nobody can.

    Without a day, or where all attempts go to the pool, no number of them does: that is 0.

    Units: clients; working days; shares in 0..1; attempts a day.
    Raises: nothing.
    Source: as `people_missing`.
    """
    talks = days * reach * (1 - pool_share)
    return ceil(uncovered / talks - ROUNDING) if talks else 0
