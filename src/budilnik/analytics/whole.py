"""The whole look at the base: every part of insight put together, each computed once.

`keep` computes a table and holds it for those built upon it; it belongs to the engine, which is not known here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
from ibis import _
from ibis.expr.types import Table

from budilnik.analytics import alarm, chances, rhythm
from budilnik.analytics.tables import Base
from budilnik.core.scores import Coefficients, Score

type Keep = Callable[[Table], Table]

# One of whom the alarm says so is likelier lost than not; with a single purchase there is no habit to break.
LEAVING_FROM = 0.5
LEAVING_PURCHASES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at the base: what is seen of it before `on`, and the parts that others are built upon."""

    on: date
    seen: Base
    days: Table
    facts: Table


def begin(base: Base, on: date, *, keep: Keep) -> Look:
    """Return the purchases before `on` and the facts of every client who has bought, each computed once."""
    seen = base.until(on)
    days = keep(rhythm.purchase_days(seen))
    return Look(on=on, seen=seen, days=days, facts=keep(chances.features_of(days, on)))


def profiles(look: Look, *, coefficients: Coefficients, losing: Score, more: Sequence[Table] = ()) -> Table:
    """Return one row a client of the base; what there is not enough history for is missing.

    `more` are tables with a client_id whose columns stand in the profile too.

    Units: money in kopecks, days, chances in 0..1.
    Source: SPEC §8.
    """
    on = look.on
    foretold = chances.chances(look.facts, coefficients)
    parts = [
        rhythm.rhythm_of(look.days, on),
        foretold,
        chances.expected_revenue(look.facts, foretold),
        alarm.leaving(look.facts, losing),
        alarm.narrowing_of(look.days, on),
        *more,
    ]
    table = look.seen.clients.select("client_id")
    for part in parts:
        table = _beside(table, part)
    return table.mutate(leaving=_is_leaving(table))


def _beside(table: Table, part: Table) -> Table:
    """Put the columns of a part beside those of the table; a client who is not in the part has none."""
    told = part.rename(part_id="client_id")
    return table.left_join(told, table.client_id == told.part_id).drop("part_id")


def _is_leaving(table: Table) -> ibis.expr.types.BooleanValue:
    lasting = (table.silent_days <= alarm.LOST_DAYS) & (table.purchases >= LEAVING_PURCHASES)
    return ibis.coalesce(lasting & (table.p_lost >= LEAVING_FROM), False)


def limits(look: Look) -> Table:
    """Return the limits by class of rhythm: the firm's own quantiles of intervals."""
    return rhythm.class_ranges(look.days, look.facts)


def months(look: Look) -> Table:
    """Return the months of the base: month, orders, clients, net."""
    told = look.days.mutate(month=_.on.truncate("M"))
    return told.group_by("month").aggregate(orders=_.count(), clients=_.client_id.nunique(), net=_.net.sum())
