"""What insight reads: the firm's sales as tables of one engine, and what one day of them may see.

Every expression of this room takes a `Base` and a date and returns an Ibis table; none knows which engine runs it.
Units throughout: money in kopecks, quantities in thousandths, days as dates of the company zone.
"""

from dataclasses import dataclass, replace
from datetime import date

import ibis
from ibis import _
from ibis.expr.types import Table

YEAR_DAYS = 365

COLUMNS = {
    "clients": {"client_id": "int64", "known_on": "date", "owner_id": "int64", "potential": "int64"},
    "contacts": {"client_id": "int64", "contacted_on": "date", "talked": "boolean"},
    "orders": {"order_id": "int64", "client_id": "int64", "ordered_on": "date", "net": "int64", "counts": "boolean"},
    "lines": {
        "order_id": "int64",
        "client_id": "int64",
        "ordered_on": "date",
        "item_id": "int64",
        "quantity": "int64",
        "amount": "int64",
    },
    "items": {"item_id": "int64", "group_id": "int64"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The tables of one firm, all of one engine.

    `owner_id`, `potential` (a year's purchases of all suppliers, in kopecks) and `group_id` may be missing. Cancelled
    documents and their lines are not here; `counts` is false for returns. A line with quantity below zero is a return.
    """

    clients: Table
    contacts: Table
    orders: Table
    lines: Table
    items: Table

    def until(self, on: date) -> "Base":
        """Return what was known on the morning of `on`: documents and talks of `on` itself and later are not seen.

        Source: QUALITY §1, features strictly before the cut-off.
        """
        return replace(
            self,
            contacts=self.contacts.filter(_.contacted_on < on),
            orders=self.orders.filter(_.ordered_on < on),
            lines=self.lines.filter(_.ordered_on < on),
        )


def purchases(base: Base) -> Table:
    """Return the purchases: client_id, on, net, one row a client and day.

    Documents of one day are one purchase; a day whose net is zero or less, or that saw returns only, is none.

    Units: net in kopecks.
    Source: SPEC §8, one purchase = client x company day.
    """
    days = base.orders.group_by(client_id=_.client_id, on=_.ordered_on).aggregate(
        net=_.net.sum().cast("int64"), orders=_.counts.cast("int64").sum()
    )
    return days.filter(_.net > 0, _.orders > 0).select("client_id", "on", "net")


def days_before(on: date, column: ibis.expr.types.DateValue) -> ibis.expr.types.IntegerValue:
    """Return the whole days from a date column to `on`."""
    return ibis.literal(on).delta(column, unit="day").cast("int64")
