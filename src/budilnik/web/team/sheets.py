"""The team today as a file."""

from django.utils.translation import gettext as _

from budilnik.calling.queries.team import TeamDay, TeamRow
from budilnik.web.sheets import Column, Sheet, Value


def today_sheet(day: TeamDay) -> Sheet:
    """Return what the table of today shows, the sum last."""
    return Sheet(
        name=_("The team today"),
        columns=(
            Column(title=_("Manager")),
            Column(title=_("Norm"), kind="count"),
            Column(title=_("Attempts"), kind="count"),
            Column(title=_("Tasks"), kind="count"),
            Column(title=_("Outcomes"), kind="count"),
            Column(title=_("Talks"), kind="count"),
            Column(title=_("Reach"), kind="share"),
            Column(title=_("Promises kept"), kind="count"),
            Column(title=_("Overdue"), kind="count"),
            Column(title=_("Skips"), kind="count"),
            Column(title=_("Unplanned"), kind="count"),
            Column(title=_("Will be lost"), kind="count"),
            Column(title=_("Calls a day to keep them"), kind="count"),
        ),
        rows=[*(_row(row.name, row) for row in day.rows), _row(_("In all"), day.total)],
    )


def _row(name: str, row: TeamRow) -> tuple[Value, ...]:
    return (
        name,
        row.norm,
        row.attempts,
        row.tasks,
        row.outcomes,
        row.talks,
        row.reached_share,
        row.kept,
        row.overdue,
        row.skipped,
        row.unplanned,
        row.left_out,
        row.calls_to_save,
    )
