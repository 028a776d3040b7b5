"""The pool as files."""

from django.utils.translation import gettext as _

from budilnik.calling.queries.backlog import Portion
from budilnik.calling.queries.losers import Losers
from budilnik.calling.queries.pool_flow import WAYS, PoolFlow
from budilnik.web.sheets import Column, Sheet
from budilnik.web.templatetags.effects import way_name
from budilnik.web.templatetags.reporting import part_name


def pool_sheet(told: PoolFlow) -> Sheet:
    """Return the months of the pool."""
    ways = tuple(Column(title=way_name(way), kind="count") for way in WAYS)
    return Sheet(
        name=part_name("stock"),
        columns=(
            Column(title=_("Month")),
            Column(title=_("came in"), kind="count"),
            *ways,
            Column(title=_("at the month's end"), kind="count"),
        ),
        rows=[(f"{month.month:%m.%Y}", month.entered, *month.left, month.stock) for month in told.months],
    )


def losers_sheet(told: Losers) -> Sheet:
    """Return who lost clients."""
    return Sheet(
        name=part_name("losers"),
        columns=(
            Column(title=_("Manager")),
            Column(title=_("Lost while his"), kind="count"),
            Column(title=_("Worth a year"), kind="money"),
            Column(title=_("Silent mostly with him"), kind="count"),
            Column(title=_("Silent mostly with him, worth a year"), kind="money"),
            Column(title=_("Lost before the program"), kind="count"),
        ),
        rows=[
            (line.name, line.lost, line.lost_value, line.blamed, line.blamed_value, line.initial) for line in told.lines
        ],
    )


def backlog_sheet(portions: tuple[Portion, ...]) -> Sheet:
    """Return the portions that are still to pass."""
    return Sheet(
        name=part_name("backlog"),
        columns=(Column(title=_("Day"), kind="date"), Column(title=_("Clients"), kind="count")),
        rows=[(portion.on, portion.clients) for portion in portions],
    )
