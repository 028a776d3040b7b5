"""Pages over the whole base as files: the longest table of each."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from budilnik.sales.queries.findings import Classes, Fifths, LeftOff, Seasons
from budilnik.sales.queries.grids import Grid
from budilnik.sales.queries.threat import Threat
from budilnik.sales.queries.wallet import Wallet
from budilnik.web.sheets import Column, Sheet, Value
from budilnik.web.templatetags.findings import month_mark, tab_name

MONTHS = range(1, 13)


def insight_sheet(tab: str, told: Classes | Fifths | LeftOff | Seasons | Threat | Wallet) -> Sheet:
    """Return the table of a page, named as its tab."""
    columns, rows = _TABLES[type(told)](told)  # type: ignore[operator]
    return Sheet(name=tab_name(tab), columns=columns, rows=rows)


type Parts = tuple[tuple[Column, ...], Sequence[Sequence[Value]]]


def _grid(grid: Grid, row: str, column: str) -> Parts:
    columns = (
        Column(title=row),
        Column(title=column),
        Column(title=_("Clients"), kind="count"),
        Column(title=_("A year, ₽"), kind="money"),
    )
    cells = (cell for line in grid.rows for cell in line.cells)
    return columns, [(cell.row, cell.column, cell.sum.clients, cell.sum.money) for cell in cells]


def _classes(told: Classes) -> Parts:
    return _grid(told.by_regularity, _("Class by revenue"), _("Regularity"))


def _fifths(told: Fifths) -> Parts:
    return _grid(told.grid, _("Recency"), _("Frequency"))


def _left_off(told: LeftOff) -> Parts:
    columns = (
        Column(title=_("Goods")),
        Column(title=_("Group")),
        Column(title=_("On sale")),
        Column(title=_("Clients"), kind="count"),
        Column(title=_("A year, ₽"), kind="money"),
    )
    sold = {True: _("yes"), False: _("no")}
    return columns, [(each.name, each.group, sold[each.on_sale], each.clients, each.amount) for each in told.goods]


def _seasons(told: Seasons) -> Parts:
    months = (Column(title=month_mark(month), kind="number") for month in MONTHS)
    columns = (Column(title=_("Group")), Column(title=_("Orders"), kind="count"), *months)
    return columns, [
        (group.name, group.orders, *(dict(group.indexes).get(month) for month in MONTHS)) for group in told.groups
    ]


def _threat(told: Threat) -> Parts:
    columns = (
        Column(title=_("Manager")),
        Column(title=_("Own clients"), kind="count"),
        Column(title=_("Under threat"), kind="count"),
        Column(title=_("Share"), kind="share"),
        Column(title=_("May be leaving"), kind="count"),
        Column(title=_("Basket narrows"), kind="count"),
        Column(title=_("They brought in a year, ₽"), kind="money"),
        Column(title=_("Expected in 90 days, ₽"), kind="money"),
    )
    lines = [*((line.owner, line) for line in told.lines), (_("In all"), told.total)]
    return columns, [
        (name, line.own, line.threatened, line.part, line.leaving, line.narrowed, line.year, line.expected)
        for name, line in lines
    ]


def _wallet(told: Wallet) -> Parts:
    columns = (
        Column(title=_("Client")),
        Column(title=_("Owner")),
        Column(title=_("Class")),
        Column(title=_("Potential, ₽"), kind="money"),
        Column(title=_("Ours, ₽"), kind="money"),
        Column(title=_("Share"), kind="share"),
        Column(title=_("From others, ₽"), kind="money"),
    )
    return columns, [
        (each.name, each.owner, each.letter, each.potential, each.revenue, each.wallet_share, each.room)
        for each in told.rooms
    ]


_TABLES = {Classes: _classes, Fifths: _fifths, LeftOff: _left_off, Seasons: _seasons, Threat: _threat, Wallet: _wallet}
