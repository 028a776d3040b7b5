"""Flows: from which state to which each client went over a period, and what new and existing clients bring."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from budilnik.core.coverage import Stretch
from budilnik.core.dates import add_months
from budilnik.core.terms import ClientStatus

NEW_FOR_MONTHS = 12


class State(StrEnum):
    """Where a client is before or after a period: a status, not yet known, or archived."""

    NEW = "new"
    PROSPECT = ClientStatus.PROSPECT.value
    REGULAR = ClientStatus.REGULAR.value
    FORGOTTEN = ClientStatus.FORGOTTEN.value
    LOST = ClientStatus.LOST.value
    ARCHIVED = "archived"


def status_course(steps: Sequence[tuple[date, str, str]], *, now: str, within: Stretch) -> tuple[str, str]:
    """Return the statuses of a client on the morning of the first day of a period and after its last day.

    `steps` are his changes since the first day, in their order: the first one says what he was, the last one within
    the period what he became; without one within it he is after it what he was before.

    Units: (day, from, to); `now` is the status of today, for a client without a change.
    Raises: nothing.
    Source: SPEC §12, status flows; SPEC §2, `StatusChange`.
    """
    before = steps[0][1] if steps else now
    after = before
    for day, _, to_status in steps:
        if day <= within.last:
            after = to_status
    return before, after


def way(course: tuple[str, str], *, known_on: date, archived_on: date | None, within: Stretch) -> tuple[State, State]:
    """Return where a client came from and where he went over a period.

    One first known on a day of the period is new in it, one archived on a day of it is archived after it, be it the
    last one.

    Units: local calendar days; the client was known by the end of the period and not archived before it.
    Raises: ValueError for an unknown status code.
    Source: SPEC §12, who came from where to where.
    """
    before, after = course
    gone = archived_on is not None and archived_on <= within.last
    return (
        State.NEW if known_on >= within.first else State(before),
        State.ARCHIVED if gone else State(after),
    )


def new_until(first_order_on: date) -> date:
    """Return the day from which a client is new no more: the first one of the twelfth month after his first order's.

    So he is new in the month of his first order and in the eleven after it.

    Units: local calendar days; calendar months.
    Raises: nothing.
    Source: SPEC §9, new and existing clients' revenue are always shown apart; docs/rules/coverage.md.
    """
    return add_months(first_order_on.replace(day=1), NEW_FOR_MONTHS)
