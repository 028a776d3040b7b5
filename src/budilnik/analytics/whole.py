"""The whole look at the base: every part of insight put together, each computed once.

`keep` computes a table and holds it for those built upon it; it belongs to the engine, which is not known here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import ibis
from ibis import _
from ibis.expr.types import Table

from budilnik.analytics import alarm, chances, rhythm
from budilnik.analytics.baskets import counted, with_intervals
from budilnik.analytics.classes import abc, abcd, regularity, rfm
from budilnik.analytics.offers import DIGITS, due_again, neighbours, new_goods, stopped
from budilnik.analytics.seasons import coming
from budilnik.analytics.tables import YEAR_DAYS, Base
from budilnik.core.offers import SHOWN
from budilnik.core.scores import Coefficients, Score
from budilnik.core.terms import OfferKind

type Keep = Callable[[Table], Table]

# One of whom the alarm says so is likelier lost than not; with a single purchase there is no habit to break.
LEAVING_FROM = 0.5
LEAVING_PURCHASES = 2
# Rows of client and good for which new goods are looked for at once; more would not fit the memory.
BASKETS_AT_ONCE = 400_000
QUARTER_DAYS = 91
# Lines that are counted by client and good at once: more would not fit the memory.
LINES_AT_ONCE = 15_000_000


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
    foretold = chances.chances(look.facts, coefficients)
    parts = [
        rhythm.ranged(look.days, look.facts).drop("revenue_365"),
        foretold,
        chances.expected_revenue(look.facts, foretold),
        alarm.leaving(look.facts, losing),
        alarm.narrowing_of(look.days, look.on),
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


def baskets_of(look: Look, *, keep: Keep, lines: int) -> Table:
    """Return the baskets of the base, counted for a part of the clients at a time where there are many `lines`.

    Source: `baskets.baskets`.
    """
    parts = 1 + lines // LINES_AT_ONCE
    if parts == 1:
        return keep(with_intervals(counted(look.seen.lines, look.on), look.on))
    all_lines = look.seen.lines
    told = [keep(counted(all_lines.filter(all_lines.client_id % parts == part), look.on)) for part in range(parts)]
    return keep(with_intervals(ibis.union(*told), look.on))


def classes(look: Look, *, days_ago: int = 0) -> Table:
    """Return the classes of every client of the base, as they stand or stood some days ago.

    Columns: client_id, revenue_365, abc, abcd, by_potential, regularity, recency, frequency, monetary.

    Units: kopecks, net of returns; fifths from 1 to 5, 5 is best.
    Source: SPEC §8, QUALITY §3.
    """
    on = look.on - timedelta(days=days_ago)
    potential = abcd(look.seen, on).select("client_id", "abcd", "by_potential")
    steady = regularity(look.seen, on).select("client_id", "regularity")
    fifths = rfm(look.seen, on).select("client_id", "recency", "frequency", monetary=_.money)
    table = abc(look.seen, on)
    for part in (potential, steady, fifths):
        table = _beside(table, part)
    return table


def before(look: Look) -> Table:
    """Return client_id and revenue_before: the net of the year before the last one. Units: kopecks."""
    earlier = abc(look.seen, look.on - timedelta(days=YEAR_DAYS))
    return earlier.select("client_id", revenue_before=_.revenue_365)


def season_hints(look: Look, season: Table, bought: Table) -> Table:
    """Return client_id, season_id and season_month: of the groups a client buys, the one whose season is highest.

    Source: QUALITY §3, the company curve x the groups he buys.
    """
    up = coming(season, bought, look.seen.items, look.on)
    highest = ibis.window(
        group_by="client_id", order_by=[ibis.desc(up.month_index.round(DIGITS)), up.group_id, up.month]
    )
    ranked = up.mutate(place=ibis.row_number().over(highest))
    return ranked.filter(ranked.place == 0).select("client_id", season_id=_.group_id, season_month=_.month)


def matrix(classed: Table, *columns: str) -> Table:
    """Return how many clients, and how much of the year, fall into each cell of some classes. Units: kopecks."""
    cells = classed.group_by(*columns).aggregate(
        clients=_.count().cast("int64"), money=_.revenue_365.sum().cast("int64")
    )
    return cells.order_by(*columns)


def stopped_in_base(look: Look, bought: Table, *, at_most: int = 200) -> Table:
    """Return the goods that clients of the base take no more, dearest first: item_id, clients, amount, on_sale.

    Units: kopecks a year.
    Source: SPEC §8, items stopped.
    """
    gone = _of_base(look, stopped(bought, limit=None))
    summed = gone.group_by("item_id", "on_sale").aggregate(
        clients=_.count().cast("int64"), amount=_.amount_yearly.sum().cast("int64")
    )
    return summed.order_by([ibis.desc("amount"), "item_id"]).limit(at_most)


def offers(
    look: Look, *, keep: Keep, bought: Table, refused: Table | None = None, limit: int = SHOWN, parts: int = 1
) -> tuple[Table, ...]:
    """Return the goods to offer to the clients of the base, a table for each kind (`parts` for the new ones).

    Columns: client_id, product_id, kind, place, score, times, interval_days, last_on, amount, because_id,
    clients_with, share_also; what does not belong to a kind is missing. `refused` (client_id, item_id) is left out,
    and of what has stopped a good is not told again as due.

    Units: days, kopecks (a year's worth of what has stopped), shares in 0..1.
    Source: SPEC §8, offers.
    """
    gone = keep(_of_base(look, stopped(bought, limit=limit)))
    due = _of_base(look, due_again(bought, limit=limit, refused=_both(refused, gone)))
    nearby = keep(neighbours(bought))
    new = [_of_base(look, new_goods(part, nearby, limit=limit, refused=refused)) for part in _parts(bought, parts)]
    dated = bought.select("last_on", dated_client=_.client_id, dated_item=_.item_id)
    told = [(OfferKind.DUE, _dated(due, dated)), (OfferKind.STOPPED, _dated(gone, dated))]
    told += [(OfferKind.NEW, table) for table in new]
    return tuple(_as_offers(table, kind=kind) for kind, table in told)


def _parts(bought: Table, parts: int) -> list[Table]:
    """Part the baskets by clients: what their goods lead to is held in memory for a part, not for the base."""
    return [bought.filter(bought.client_id % parts == part) for part in range(parts)] if parts > 1 else [bought]


def _of_base(look: Look, table: Table) -> Table:
    """Leave the clients of the base: archived ones have sales too."""
    alive = look.seen.clients.select(alive_id=_.client_id)
    return table.semi_join(alive, table.client_id == alive.alive_id)


def _both(refused: Table | None, told: Table) -> Table:
    pairs = told.select("client_id", "item_id")
    return pairs if refused is None else ibis.union(pairs, refused.select("client_id", "item_id"))


def _dated(table: Table, dated: Table) -> Table:
    same = [table.client_id == dated.dated_client, table.item_id == dated.dated_item]
    return table.join(dated, same)


def _as_offers(table: Table, *, kind: OfferKind) -> Table:
    """Give a table of goods the columns of all kinds."""

    def column(name: str, type_: str) -> ibis.Value:
        return table[name].cast(type_) if name in table.columns else ibis.null(type_)

    return table.select(
        client_id=table.client_id,
        product_id=table.item_id,
        kind=ibis.literal(kind.value),
        place=table["rank"],
        score=ibis.coalesce(column("score", "float64"), 0.0),
        times=column("times", "int64"),
        interval_days=column("interval_days", "float64"),
        last_on=column("last_on", "date"),
        amount=column("amount_yearly", "int64"),
        because_id=column("because_item_id", "int64"),
        clients_with=column("clients_with", "int64"),
        share_also=column("share_also", "float64"),
    )


def stopped_goods(look: Look, bought: Table) -> Table:
    """Return client_id, stopped_items and stopped_amount: all goods each client takes no more, and a year of them.

    Units: kopecks.
    Source: SPEC §8, items stopped.
    """
    gone = _of_base(look, stopped(bought, limit=None))
    return gone.group_by("client_id").aggregate(
        stopped_items=_.count().cast("int64"), stopped_amount=_.amount_yearly.sum().cast("int64")
    )


def limits(look: Look) -> Table:
    """Return the limits by class of rhythm: the firm's own quantiles of intervals."""
    return rhythm.class_ranges(look.days, rhythm.firm_of(look.facts))
