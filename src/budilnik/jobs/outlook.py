"""Insight before the morning: lists rest on a look at the sales, and are made without one when it cannot be had."""

import os
from datetime import date, datetime

from budilnik.core.refusal import Refusal
from budilnik.jobs.morning import is_gone
from budilnik.sales.queries.insight import has_sales, holders_at_work, latest_run


class InsightNotInstalled(Refusal):
    """The packages of insight are an extra of the installation."""

    ru = "Аналитика не установлена ({why}); списки составлены без неё. Поставьте дополнение analytics."
    en = "Insight is not installed ({why}); the lists are made without it. Install the extra called analytics."


# The engine's name by which an installation does without insight.
OFF = "off"


def engine_in_force() -> str:
    """Return the engine that BUDILNIK_ENGINE names; nothing means the one inside this process."""
    return os.environ.get("BUDILNIK_ENGINE", "").strip()


def insight_is_due(on: date) -> bool:
    """Say whether there are sales that nobody has looked at for the morning of `on`. Two queries, none if off.

    A look at another day, earlier or later, is no look at this one.
    """
    if engine_in_force() == OFF:
        return False
    known = latest_run()
    return (known is None or known.on != on) and has_sales()


def somebody_looks(now: datetime) -> bool:
    """Say whether a living process looks at the base now. One query."""
    return any(not is_gone(holder) for holder in holders_at_work(now))


def look_before_morning(on: date) -> None:
    """Look at the whole base when that is due.

    Raises: InsightNotInstalled, EngineUnwilling, UnknownEngine, InsightIsBeingMade, InsightTakenOver.
    """
    if not insight_is_due(on):
        return
    # Its engines take a second to load and a process that never looks need not wait for them.
    try:
        from budilnik.jobs.insight import make_insight
    except ImportError as missing:
        raise InsightNotInstalled(why=missing.name or str(missing)) from missing
    make_insight(on, engine=engine_in_force(), step=lambda stage: None)
