"""Reports as files: the longest table of each."""

from django.utils.translation import gettext as _

from budilnik.calling.queries.coverage import Board, Classes, ClassLine
from budilnik.calling.queries.coverage_days import DaysOfAll
from budilnik.calling.queries.coverage_weeks import WeekLine, Weeks
from budilnik.calling.queries.discipline import BehindPage, Discipline
from budilnik.calling.queries.flows import Flows
from budilnik.calling.queries.kept_order import Figure
from budilnik.calling.queries.revenue import MonthMoney, Risk
from budilnik.web.sheets import Column, Sheet
from budilnik.web.templatetags.disciplined import figure_name, note_words
from budilnik.web.templatetags.findings import class_letter
from budilnik.web.templatetags.reporting import part_name, place_name, report_name, state_name


def _counts(*titles: str) -> tuple[Column, ...]:
    return tuple(Column(title=title, kind="count") for title in titles)


def board_sheet(board: Board) -> Sheet:
    """Return the coverage by manager with what is ahead."""
    counts = _counts(
        _("Clients"),
        _("Contacted"),
        _("By a talk"),
        _("91 days"),
        _("91 days, by a talk"),
        _("Forgotten, not contacted"),
        _("Due by the quarter's end"),
        _("Never reached"),
        _("tried in vain"),
        _("Attempts left"),
        _("Will be lost whatever we do"),
        _("Calls a day to save them"),
    )
    return Sheet(
        name=report_name("coverage"),
        columns=(Column(title=_("Manager")), *counts, Column(title=_("Expected by the quarter's end"), kind="share")),
        rows=[
            (
                place_name(line.place, line.name),
                line.covered.base,
                line.covered.contacted,
                line.covered.talked,
                line.covered.contacted_91,
                line.covered.talked_91,
                line.covered.overdue,
                line.covered.due,
                line.covered.never,
                line.covered.tried,
                line.ahead.attempts_left,
                line.ahead.left_out,
                line.ahead.calls_to_save,
                line.ahead.outlook.expected_share,
            )
            for line in (*board.lines, board.total)
        ],
    )


def weeks_sheet(weeks: Weeks, lines: list[tuple[str, WeekLine]]) -> Sheet:
    """Return the coverage of each manager by week."""
    ends = tuple(Column(title=f"{end:%d.%m.%Y}", kind="share") for end in weeks.ends[: len(weeks.total.contacted)])
    return Sheet(
        name=part_name("weeks"),
        columns=(Column(title=_("Manager")), *_counts(_("Clients")), *ends),
        rows=[(place_name(line.place, name), line.clients, *line.shares) for name, line in (*lines, ("", weeks.total))],
    )


def classes_sheet(told: Classes) -> Sheet:
    """Return the coverage by both classes, one under the other."""

    def rows(name: str, lines: tuple[ClassLine, ...]) -> list[tuple[str | int, ...]]:
        return [
            (
                name,
                class_letter(line.code),
                line.covered.base,
                line.covered.contacted,
                line.covered.talked,
                line.covered.overdue,
                line.covered.due,
            )
            for line in lines
        ]

    counts = _counts(
        _("Clients"),
        _("Contacted"),
        _("By a talk"),
        _("Forgotten, not contacted"),
        _("Due by the quarter's end"),
    )
    return Sheet(
        name=part_name("classes"),
        columns=(Column(title=_("By what")), Column(title=_("Class")), *counts),
        rows=[*rows(_("By class of revenue"), told.abc), *rows(_("By class of potential"), told.abcd)],
    )


def days_sheet(told: DaysOfAll) -> Sheet:
    """Return the coverage by days owned."""
    lines = [*((line.name, line.owned) for line in told.lines), (_("In all"), told.total)]
    return Sheet(
        name=part_name("days"),
        columns=(
            Column(title=_("Manager")),
            *_counts(_("Client-days owned"), _("Of them of contacted clients"), _("Left uncontacted")),
            Column(title=_("By days owned"), kind="share"),
        ),
        rows=[(name, each.held.days, each.held.covered, each.gone, each.covered_share) for name, each in lines],
    )


def discipline_sheet(told: Discipline) -> Sheet:
    """Return every figure of discipline of each employee."""
    return Sheet(
        name=report_name("discipline"),
        columns=(Column(title=_("Manager")), *_counts(*(figure_name(figure) for figure in Figure))),
        rows=[
            (line.name or _("In all"), *(line.counts[figure] for figure in Figure))
            for line in (*told.lines, told.total)
        ],
    )


def behind_sheet(shown: BehindPage, figure: Figure) -> Sheet:
    """Return what a figure of discipline counts, the page that is shown."""
    return Sheet(
        name=figure_name(figure),
        columns=(
            Column(title=_("Client")),
            Column(title=_("Manager")),
            Column(title=_("When"), kind="date"),
            Column(title=_("Times"), kind="count"),
            Column(title=_("How it ended")),
        ),
        rows=[
            (
                line.client,
                line.employee,
                line.at.date() if line.at else line.on,
                line.often or None,
                "" if shown.kind == "often" else note_words(line.note, shown.kind),
            )
            for line in shown.lines
        ],
    )


def flows_sheet(told: Flows) -> Sheet:
    """Return who went from where to where."""
    return Sheet(
        name=report_name("flows"),
        columns=(
            Column(title=_("Were")),
            Column(title=_("Are")),
            *_counts(_("Clients")),
            Column(title=_("A year, ₽"), kind="money"),
        ),
        rows=[
            (state_name(cell.before), state_name(cell.after), cell.flow.clients, cell.flow.value)
            for cell in told.cells
            if cell.flow.clients
        ],
    )


def risk_sheet(risk: Risk) -> Sheet:
    """Return the base at risk by manager."""
    titles = (_("Own clients"), _("Lost within 30 days"), _("Under threat"), _("Lost by him, in the pool"))
    sums = (column for title in titles for column in (*_counts(title), Column(title=f"{title}, ₽", kind="money")))
    return Sheet(
        name=part_name("risk"),
        columns=(Column(title=_("Manager")), *sums),
        rows=[
            (
                place_name(line.place, line.name),
                line.own,
                line.own_value,
                line.near,
                line.near_value,
                line.threatened,
                line.threatened_value,
                line.lost,
                line.lost_value,
            )
            for line in (*risk.lines, risk.total)
        ],
    )


def revenue_sheet(months: tuple[MonthMoney, ...]) -> Sheet:
    """Return the revenue of new and existing clients by month."""
    titles = (_("Revenue"), _("Existing clients"), _("New clients"))
    return Sheet(
        name=part_name("revenue"),
        columns=(Column(title=_("Month")), *(Column(title=title, kind="money") for title in titles)),
        rows=[(f"{each.month:%m.%Y}", each.total, each.existing, each.new) for each in months],
    )
