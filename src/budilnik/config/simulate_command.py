"""The command that lives through a year before it is lived; apart from the others, for few need it."""

from argparse import Namespace
from dataclasses import asdict
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from budilnik.calling.wording import money, way_of_working
from budilnik.clients.queries.base import count_clients
from budilnik.config import printing
from budilnik.config.commands import company_day
from budilnik.config.printing import people
from budilnik.config.simulate_arguments import NUMBERS, SHARES
from budilnik.core.refusal import Refusal
from budilnik.core.whatif import LONG_SECONDS, WhatIf, check_whatif, expected_seconds
from budilnik.core.years import Band, Compared
from budilnik.jobs.simulation import compare
from budilnik.staff.queries import rules_on

COLUMNS = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


class TakesLong(Refusal):
    """A simulation that nobody would wait for by accident."""

    ru = "Расчёт займёт около {minutes} мин. Уменьшите его или повторите с ключом --yes."
    en = "It will take about {minutes} min. Make it smaller, or repeat with --yes."


def simulate_command(args: Namespace) -> None:
    """Simulate what is asked and print what each way of working brings.

    Raises: TakesLong, ScenarioContradiction, PolicyContradiction.
    """
    on = company_day(args.on)
    policy = rules_on(on).policy
    given = {name: getattr(args, name) for name in (*NUMBERS, *SHARES, "levelled", "policies")}
    asked = WhatIf.of(policy, **{name: value for name, value in given.items() if value is not None})
    check_whatif(asked, policy)
    seconds = expected_seconds(asked, clients=count_clients())
    if seconds > LONG_SECONDS and not args.yes:
        raise TakesLong(minutes=round(seconds / 60))
    people.print(_("It will take about %(seconds)d s.") % {"seconds": max(1, round(seconds))}, style="dim")
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=people, transient=True) as progress:
        shown = progress.add_task(_("weeks lived"), total=None)

        def step(done: int, total: int) -> bool:
            progress.update(shown, completed=done, total=total)
            return True

        found = compare(asked, on=on, policy=policy, step=step)
    if found is None:
        raise AssertionError("nobody asked to stop")
    _show(found, asked, on=on)
    if args.json:
        printing.json_out({"on": on.isoformat(), "asked": asdict(asked)} | found.to_told())


def _band(band: Band, *, whole: bool) -> str:
    def told(figure: float) -> str:
        return f"{figure:,.0f}".replace(",", " ") if whole else f"{figure:.1%}"

    middle = told(band.mean)
    return middle if band.low == band.high else f"{middle} ({told(band.low)}–{told(band.high)})"


def _show(found: Compared, asked: WhatIf, *, on: date) -> None:
    years = ngettext("%(count)d year played", "%(count)d years played", asked.seeds) % {"count": asked.seeds}
    people.print(
        _("From %(day)s, %(days)d days, %(people)d people, %(clients)d clients; %(years)s, %(seconds)d s")
        % {
            "day": printing.shown(on),
            "days": asked.days,
            "people": found.people,
            "clients": found.clients,
            "years": years,
            "seconds": round(found.seconds),
        }
    )
    table = printing.table(
        (_("way of working"), "left"),
        (_("coverage a quarter"), "right"),
        (_("lost"), "right"),
        (_("clients won back"), "right"),
        (_("in the pool"), "right"),
        (_("value kept"), "right"),
        (_("value lost"), "right"),
    )
    for name, each in found.courses.items():
        sums = each.sums
        table.add_row(
            way_of_working(name),
            _band(sums.coverage, whole=False),
            _band(sums.lost, whole=True),
            _band(sums.won, whole=True),
            _band(sums.pool, whole=True),
            _band(sums.value_kept, whole=False),
            money(round(sums.value_lost.mean)).removesuffix("₽").strip(),
        )
    bounds = (_band(found.bound_coverage, whole=False), "", "", "", _band(found.bound_value_kept, whole=False), "")
    table.add_row(_("upper bound"), *bounds)
    people.print(table)
