"""The command that looks at the whole base; apart from the others, for its engines are slow to load."""

from argparse import Namespace

from django.utils.translation import gettext as _
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from budilnik.config import printing
from budilnik.config.commands import company_day
from budilnik.config.printing import people
from budilnik.jobs.insight import make_insight
from budilnik.jobs.outlook import engine_in_force
from budilnik.sales.queries.insight import latest_run


def stage_name(stage: str) -> str:
    """Return a stage of insight as people say it."""
    names = {
        "base_read": _("the base is read"),
        "purchases_counted": _("purchases are counted"),
        "learnt": _("the firm's own months are learnt from"),
        "baskets_counted": _("baskets are counted"),
        "profiles_kept": _("clients are described"),
        "offers_kept": _("goods to offer are chosen"),
        "published": _("everything is in force"),
    }
    return names.get(stage, stage)


def insight_command(args: Namespace) -> None:
    """Look at the whole base and say what came of it."""
    on = company_day(args.on)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=people, transient=not args.verbose) as progress:
        shown = progress.add_task(_("reading the base"), total=None)

        def step(stage: str) -> None:
            progress.update(shown, description=stage_name(stage))
            if args.verbose:
                progress.console.print(f"  {stage_name(stage)}", style="dim")

        make_insight(on, engine=args.engine or engine_in_force(), step=step)
    found = latest_run()
    if found is None:
        raise AssertionError("a published run cannot be found")
    people.print(
        _("Insight of %(day)s by %(engine)s: %(clients)d clients, %(offers)d goods to offer")
        % {"day": printing.shown(found.on), "engine": found.engine, "clients": found.clients, "offers": found.offers}
    )
    if args.json:
        printing.json_out(
            {"on": found.on.isoformat(), "engine": found.engine, "clients": found.clients, "offers": found.offers}
        )
