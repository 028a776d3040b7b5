"""The commands: each parses nothing and decides nothing; it calls one action or query and prints."""

import logging
import os
import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import date
from getpass import getpass

from django.conf import settings
from django.utils.translation import gettext as _

from budilnik.calling.actions.assign import assign
from budilnik.calling.actions.head import spread_backlog
from budilnik.calling.actions.leaving import employee_leaves
from budilnik.calling.actions.morning import preview_morning
from budilnik.calling.actions.people import absence_begins
from budilnik.calling.actions.preview import as_published
from budilnik.calling.actions.sharing import pool_callers
from budilnik.calling.queries.morning import last_published, morning_of
from budilnik.clients.queries.base import count_base, differences
from budilnik.config import printing
from budilnik.config.backup import back_up, restore
from budilnik.config.lock import serve_home
from budilnik.config.printing import people
from budilnik.config.startup import ensure_database
from budilnik.config.supervised import SUPERVISOR, is_supervised, leave_with
from budilnik.core.refusal import Refusal
from budilnik.core.terms import Role
from budilnik.jobs.clock import now, today
from budilnik.jobs.loop import run_loop
from budilnik.jobs.morning import make_morning
from budilnik.jobs.outlook import look_before_morning
from budilnik.staff.actions import add_employee, set_password
from budilnik.staff.queries import employee_with, names_by_number, rules_on


def company_day(asked: date | None) -> date:
    """Return the day asked for, else today in the company zone."""
    if asked is not None:
        return asked
    return today(rules_on(now().date()).policy.company_zone)


def staff_add_command(args: Namespace) -> None:
    """Take an employee on."""
    add_employee(
        login=args.login,
        name=args.name,
        role=Role(args.role),
        norm=args.norm,
        on=date(2000, 1, 1),
        by=None,
        now=now(),
        zone=args.zone,
    )
    people.print(_("Added: %(login)s") % {"login": args.login}, markup=False)


def staff_away_command(args: Namespace) -> None:
    """Note an absence: promises pass on, what cannot wait is called by others."""
    absence_begins(
        employee=employee_with(args.login),
        from_on=args.from_on,
        until_on=args.until_on,
        substitute=employee_with(args.substitute) if args.substitute else None,
        by=None,
        now=now(),
        on=company_day(None),
    )
    span = {"login": args.login, "from": printing.shown(args.from_on), "until": printing.shown(args.until_on)}
    people.print(_("Away: %(login)s, %(from)s to %(until)s") % span, markup=False)


def staff_leave_command(args: Namespace) -> None:
    """Let an employee go: his clients and promises move by rule."""
    employee_leaves(employee=employee_with(args.login), on=company_day(args.on), by=None, now=now())
    people.print(_("Left, clients and promises are moved: %(login)s") % {"login": args.login}, markup=False)


class PasswordsDiffer(Refusal):
    """What was typed twice was not the same."""

    ru = "Пароли не совпали; повторите команду."
    en = "The passwords differ; repeat the command."


def staff_password_command(args: Namespace) -> None:
    """Set the password of an employee: typed twice on a terminal, else one line of stdin."""
    employee = employee_with(args.login)
    if sys.stdin.isatty():
        password = getpass(_("New password: "))
        if getpass(_("Once more: ")) != password:
            raise PasswordsDiffer
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    set_password(employee=employee, password=password, by=None, now=now())
    people.print(_("The password is set: %(login)s") % {"login": args.login}, markup=False)


def portions_command(args: Namespace) -> None:
    """Let a neglected backlog pass to the pool in daily portions."""
    count = spread_backlog(per_day=args.per_day, on=company_day(args.on), by=None, now=now())
    people.print(_("%(count)d clients have a day of grace") % {"count": count})


def assign_command(args: Namespace) -> None:
    """Give ownerless clients their owners and put those already lost into the pool."""
    result = assign(on=company_day(args.on), by=None, now=now())
    names = names_by_number()
    for employee, count in result.by_employee.items():
        people.print(f"  {names[employee]}: {count}", markup=False)
    people.print(
        _("into the pool %(pooled)d, nobody may have %(left)d")
        % {"pooled": result.pooled, "left": result.left_ownerless}
    )
    if args.json:
        by_login = {names[employee]: count for employee, count in result.by_employee.items()}
        printing.json_out({"assigned": by_login, "pooled": result.pooled, "ownerless": result.left_ownerless})


def base_command(args: Namespace) -> None:
    """Count the base by status."""
    on = company_day(args.on)
    rules = rules_on(on)
    count = count_base(on=on, policy=rules.policy, callers=pool_callers(on=on, policy=rules.policy))
    if args.json:
        printing.json_out(printing.base_json(count))
    else:
        printing.show_base(count)


def morning_command(args: Namespace) -> None:
    """Make the morning, or show what it would do."""
    on = company_day(args.on)
    step = _steps(args.verbose)
    if args.dry_run:
        morning = as_published(preview_morning(on=on, step=step))
        title = _("Dry run for %(day)s, nothing is written") % {"day": printing.shown(on)}
    else:
        look_first(on)
        make_morning(on, step=step)
        found = morning_of(on)
        if found is None:
            raise AssertionError("a published morning cannot be found")
        morning = found
        title = _("Morning of %(day)s") % {"day": printing.shown(on)}
    printing.show_plans(morning, title=title)
    if args.json:
        printing.json_out(printing.morning_json(morning))


def look_first(on: date) -> None:
    """Look at the sales before the lists are made; what prevents it is told and prevents nothing else."""
    try:
        look_before_morning(on)
    except Refusal as refusal:
        people.print(refusal.text(settings.LANGUAGE_CODE), style="yellow", markup=False)


def _steps(verbose: bool) -> Callable[[str], None]:
    return (lambda name: people.print(f"  {name}", style="dim")) if verbose else (lambda name: None)


class BaseDiffers(Refusal):
    """The cached state is not what history says."""

    ru = "Расхождений: {count}. Кэш состояния не совпадает с историей; список выше."
    en = "Differences: {count}. The cached state is not what history says; the list is above."


def verify_command(args: Namespace) -> None:
    """Rebuild the cached state from history and compare."""
    found = 0
    last = last_published()
    policy = rules_on(last).policy if last else None
    for each in differences(on=last, policy=policy):
        found += 1
        if found <= args.show:
            people.print(f"  {each.client_id}: {each.what}: {each.cached} ≠ {each.rebuilt}", markup=False)
    if args.json:
        printing.json_out({"differences": found})
    if found:
        raise BaseDiffers(count=found)
    people.print(_("The cached state is what history says."))


def demo_command(args: Namespace) -> None:
    """Make the demo company and show its first day."""
    from budilnik.config.demo import run_demo

    run_demo(clients=args.clients, seed=args.seed, serve=not args.no_serve)


def serve_command(args: Namespace) -> None:
    """Serve the pages and keep the jobs until told to end."""
    from budilnik.config.serve import serve

    serve(host=args.host, port=args.port, workers=args.workers, jobs=not args.no_jobs)


def jobs_command(args: Namespace) -> None:
    """Do what is due until told to end."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    if is_supervised():
        leave_with(int(os.environ[SUPERVISOR]))
        run_loop()
    else:
        with serve_home(settings.HOME, alone=False):
            run_loop()


def backup_command(args: Namespace) -> None:
    """Copy the base into a file."""
    back_up(args.file)
    people.print(_("The copy is made: %(file)s") % {"file": args.file}, markup=False, soft_wrap=True)


def restore_command(args: Namespace) -> None:
    """Bring the base back from a file and upgrade its tables."""
    kept = restore(args.file, replace=args.replace, now=now())
    if kept is not None:
        people.print(_("The base of before is kept: %(file)s") % {"file": kept}, markup=False, soft_wrap=True)
    ensure_database()
    people.print(_("The base is restored from %(file)s") % {"file": args.file}, markup=False, soft_wrap=True)


def doctor_command(args: Namespace) -> None:
    """Say what is wrong with the installation."""
    from budilnik.config.doctor import run_doctor

    run_doctor(as_json=args.json)
