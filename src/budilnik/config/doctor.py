"""`budilnik doctor`: what is wrong with an installation, each with what to do."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from budilnik.calling.actions.sharing import owners_in_service
from budilnik.calling.queries.morning import last_published
from budilnik.clients.queries.base import clients_of_leavers
from budilnik.config import printing
from budilnik.config.printing import people
from budilnik.core.refusal import Refusal
from budilnik.jobs.clock import now, today
from budilnik.staff.queries import policy_is_stored, rules_on, work_calendar
from budilnik.staff.queries.outbox import mail_is_on, mail_state

LEAST_FREE_BYTES = 500 * 1024 * 1024


class SomethingIsWrong(Refusal):
    """The installation needs a hand."""

    ru = "Требует внимания: {count}."
    en = "Needs attention: {count}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at."""

    what: str
    good: bool
    remedy: str = ""


def run_doctor(*, as_json: bool) -> None:
    """Look at everything and say what to do.

    Raises: SomethingIsWrong if anything is.
    """
    findings = list(_look())
    for each in findings:
        mark = "[green]✓[/green]" if each.good else "[red]✗[/red]"
        people.print(f"{mark} {each.what}" + (f" — {each.remedy}" if not each.good else ""))
    bad = sum(not each.good for each in findings)
    if as_json:
        printing.json_out({"findings": [{"what": f.what, "good": f.good, "remedy": f.remedy} for f in findings]})
    if bad:
        raise SomethingIsWrong(count=bad)


def _look() -> Iterator[Finding]:
    yield _disk()
    try:
        connection.ensure_connection()
    except DatabaseError as trouble:
        why = str(trouble).strip().splitlines()[0]
        yield Finding(what=_("database: %(why)s") % {"why": why}, good=False, remedy=_("check BUDILNIK_DATABASE_URL"))
        return
    yield Finding(what=_("database answers: %(kind)s") % {"kind": connection.vendor}, good=True)
    executor = MigrationExecutor(connection)
    behind = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    yield Finding(
        what=_("tables are up to date"), good=not behind, remedy=_("run any other command: it upgrades the tables")
    )
    if not behind:
        yield from _look_inside()


def _disk() -> Finding:
    settings.HOME.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.HOME).free
    return Finding(
        what=_("free disk space: %(free)d MB") % {"free": free // 1024**2},
        good=free >= LEAST_FREE_BYTES,
        remedy=_("free some space: an import of a million lines takes about 400 MB"),
    )


def _look_inside() -> Iterator[Finding]:
    yield Finding(what=_("rules are stored"), good=policy_is_stored(), remedy=_("run any other command once"))
    policy = rules_on(now().date()).policy
    day = today(policy.company_zone)
    days = work_calendar(country=policy.calendar, first=day, last=day + timedelta(days=365)).days
    yield Finding(
        what=_("working days of the coming year: %(days)d") % {"days": len(days)},
        good=200 < len(days) < 300,
        remedy=_("check the calendar of the rules and its overrides"),
    )
    managers = len(owners_in_service(day))
    yield Finding(
        what=_("managers in service: %(managers)d") % {"managers": managers},
        good=managers > 0,
        remedy=_("add one: budilnik staff add LOGIN"),
    )
    orphans = clients_of_leavers(day)
    yield Finding(
        what=_("clients whose owner has left: %(count)d") % {"count": orphans},
        good=not orphans,
        remedy=_("move them: the leaver's clients need new owners"),
    )
    yield from _mail()
    last = last_published()
    yield Finding(
        what=_("last published morning: %(day)s") % {"day": printing.shown(last) if last else "—"},
        good=last is None or last <= day,
        remedy=_("the last morning lies in the future: check the clock and BUDILNIK_TODAY"),
    )


def _mail() -> Iterator[Finding]:
    if not mail_is_on():
        yield Finding(what=_("mail is not set up: there is no letter of the morning"), good=True)
        return
    where = settings.MAILERS["default"].get("OPTIONS", {}).get("host", "")
    yield Finding(
        what=_("mail goes out by %(host)s") % {"host": where},
        good=bool(settings.MAIL_FROM and settings.SITE_URL),
        remedy=_("set BUDILNIK_MAIL_FROM and BUDILNIK_SITE_URL: from whom the letters come, where their links lead"),
    )
    mail = mail_state()
    yield Finding(
        what=_("letters that wait: %(waiting)d, that did not go out: %(given_up)d")
        % {"waiting": mail.waiting, "given_up": mail.given_up},
        good=not mail.trouble,
        remedy=mail.trouble,
    )
