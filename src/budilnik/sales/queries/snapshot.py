"""What insight reads of the documents: plain statements, the same on both databases, told apart by months.

A document that changes is replaced under a new number, so the numbers of a month say whether it is the same as before.
"""

from collections.abc import Sequence

from budilnik.sales.models import OfferRefusal, Order, OrderLine, Product

_ORDER, _LINE, _PRODUCT = Order._meta.db_table, OrderLine._meta.db_table, Product._meta.db_table
_MONTH = 'SUBSTR(CAST(o."ordered_on" AS VARCHAR(10)), 1, 7)'

# A merge moves documents between clients and leaves their numbers, hence the product of the two.
MONTHS = (
    f'SELECT {_MONTH} AS month, COUNT(*) AS orders, SUM(o."id") AS numbers, SUM(o."net") AS net, '
    f'SUM((o."id" % 65537) * (o."client_id" % 65537)) AS clients, '
    f'SUM(CASE WHEN o."cancelled" THEN o."id" ELSE 0 END) AS cancelled '
    f'FROM "{_ORDER}" o GROUP BY 1 ORDER BY 1'
)
ITEMS = (
    'SELECT "id" AS item_id, CASE WHEN "group" = \'\' THEN NULL ELSE MIN("id") OVER (PARTITION BY "group") END '
    f'AS group_id FROM "{_PRODUCT}"'
)


def orders_of(months: Sequence[str] | None) -> str:
    """Return the statement that reads the documents of some months, or of all (None)."""
    return (
        f'SELECT {_MONTH} AS month, o."id" AS order_id, o."client_id" AS client_id, o."ordered_on" AS ordered_on, '
        f'o."net" AS net, o."counts" AS counts FROM "{_ORDER}" o WHERE NOT o."cancelled"{_within(months)}'
    )


def lines_of(months: Sequence[str] | None) -> str:
    """Return the statement that reads the lines of the documents of some months, or of all (None)."""
    return (
        f'SELECT {_MONTH} AS month, o."id" AS order_id, o."client_id" AS client_id, o."ordered_on" AS ordered_on, '
        f'l."product_id" AS item_id, l."quantity" AS quantity, l."amount" AS amount '
        f'FROM "{_ORDER}" o JOIN "{_LINE}" l ON l."order_id" = o."id" WHERE NOT o."cancelled"{_within(months)}'
    )


def _within(months: Sequence[str] | None) -> str:
    if months is None:
        return ""
    named = ", ".join(f"'{month}'" for month in months)
    return f" AND {_MONTH} IN ({named})"


def refused_goods() -> list[tuple[int, int]]:
    """Return (client, good) for what is not to be offered again. One query."""
    rows = OfferRefusal.objects.in_force().order_by("pk")
    return list(rows.values_list("client_id", "product_id"))
