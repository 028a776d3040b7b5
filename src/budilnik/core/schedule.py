"""When the morning is made without anybody asking, and when it waits for the head's word."""

from datetime import date, datetime, time
from fractions import Fraction


def morning_is_due(*, on: date, at: time, morning_at: time, last: date | None) -> bool:
    """Say whether the morning of `on` should be made now.

    It is due from `morning_at` on, to the minute, until it is published; so a morning slept through is caught up
    later the same day, once, and days that are over are never made. After a published morning of a later day
    nothing is due. An hour that the change to summer time skips has passed when the clock stands beyond it.

    Units: `on` is the company's day, `at` the time of day in its zone, `last` the day of the last published morning.
    Raises: nothing.
    Source: SPEC §2 and §4, the morning runs before work starts; after downtime one morning is run, for today.
    """
    return at >= morning_at and (last is None or last < on)


def was_missed(*, loaded_at: datetime | None, rang_at: datetime) -> bool:
    """Say whether a firm that has never had a morning missed the one that rang at `rang_at`.

    A base first loaded after that had nothing to miss: its first morning is the next one, or comes by command.

    Units: moments with a zone; `loaded_at` is when the first file began to be loaded, None if none ever was.
    Raises: nothing.
    Source: SPEC §2, first run: its effect is looked at first.
    """
    return loaded_at is None or loaded_at <= rang_at


def waits_for_the_head(*, releases: int, owned: int, share: float) -> bool:
    """Say whether a morning by schedule would take too many clients from their owners to run without a word.

    Exactly the share is not yet too many; where nobody owns a client nothing can be taken.

    Units: `releases` and `owned` in clients, `share` in 0..1 as it is written: 0.29 of 100 is 29.
    Raises: nothing.
    Source: SPEC §2, first run.
    """
    return releases > Fraction(str(share)) * owned
