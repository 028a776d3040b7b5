"""The effect of calls and the funnel as files."""

from django.utils.translation import gettext as _

from budilnik.calling.queries.effect import Compared, EffectOfCalls
from budilnik.calling.queries.funnel import FunnelPage, FunnelReport
from budilnik.web.sheets import Column, Sheet, Value
from budilnik.web.templatetags.effects import funnel_queue
from budilnik.web.templatetags.reporting import part_name


def effect_sheet(told: EffectOfCalls) -> Sheet:
    """Return both lots, what has ended and what still runs; a running comparison has no interval."""
    return Sheet(
        name=part_name("lots"),
        columns=(
            Column(title=_("Comparison")),
            Column(title=_("Called, clients"), kind="count"),
            Column(title=_("Held out, clients"), kind="count"),
            Column(title=_("Called: revenue per client"), kind="money"),
            Column(title=_("Held out: revenue per client"), kind="money"),
            Column(title=_("Called: ordered"), kind="share"),
            Column(title=_("Held out: ordered"), kind="share"),
            Column(title=_("Calls to the called"), kind="count"),
            Column(title=_("Revenue brought by calls"), kind="money"),
            Column(title=_("Interval, from"), kind="money"),
            Column(title=_("Interval, to"), kind="money"),
            Column(title=_("Margin brought by calls"), kind="money"),
        ),
        rows=[_compared(_("ended"), told.ended, ended=True), _compared(_("still running"), told.running, ended=False)],
    )


def _compared(name: str, told: Compared, *, ended: bool) -> tuple[Value, ...]:
    called, held = told.revenue.called, told.revenue.held
    between = told.brought_between if ended else None
    return (
        name,
        called.clients,
        held.clients,
        round(called.mean),
        round(held.mean),
        told.ordered.called.mean,
        told.ordered.held.mean,
        told.attempts,
        told.brought,
        between[0] if between else None,
        between[1] if between else None,
        told.margin if ended else None,
    )


def funnel_sheet(told: FunnelReport) -> Sheet:
    """Return the funnel by month and queue."""
    counts = (_("Called"), _("Reached"), _("Open to dialogue"), _("Deals"))
    return Sheet(
        name=part_name("funnel"),
        columns=(
            Column(title=_("Month")),
            Column(title=_("Queue")),
            *(Column(title=title, kind="count") for title in counts),
            Column(title=_("Open of the reached"), kind="share"),
            Column(title=_("Deals of the open"), kind="share"),
            Column(title=_("Deals of the reached"), kind="share"),
        ),
        rows=[
            (
                f"{line.month:%m.%Y}" if line.month else "",
                funnel_queue(line.queue),
                line.funnel.called,
                line.funnel.reached,
                line.funnel.opened,
                line.funnel.deals,
                line.funnel.openness.share,
                line.funnel.closing.share,
                line.funnel.yield_of_reached.share,
            )
            for line in told.lines
        ],
    )


def funnel_clients_sheet(shown: FunnelPage) -> Sheet:
    """Return the clients behind a figure of the funnel."""
    return Sheet(
        name=part_name("funnel"),
        columns=(
            Column(title=_("Client")),
            Column(title=_("City")),
            Column(title=_("Manager")),
            Column(title=_("Worth a year"), kind="money"),
        ),
        rows=[(line.name, line.city, line.owner, line.value) for line in shown.lines],
    )
