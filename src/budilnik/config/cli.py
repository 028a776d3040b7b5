"""`budilnik`: the command line. Exit codes: 0 done, 1 refused with a sentence, 2 wrong usage."""

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, _SubParsersAction
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from budilnik.core.refusal import Refusal
from budilnik.jobs.clock import shift_to

DEMO_HOME = "var/demo"
DEMO_DAY = "2026-03-11"
# The demo is loaded and its morning is made at six o'clock in Moscow.
DEMO_NIGHT = f"{DEMO_DAY}T06:00+03:00"

type _Commands = "_SubParsersAction[ArgumentParser]"


class DatabaseUnwilling(Refusal):
    """The database does not answer, is full or is locked; what was written is whole."""

    ru = "База данных не отвечает: {why}. Записанное раньше цело; устраните причину и повторите команду."
    en = "The database does not answer: {why}. What was written is whole; mend the cause and repeat the command."


class DiskUnwilling(Refusal):
    """A file cannot be written."""

    ru = "Не удаётся записать файл: {why}. Освободите место или проверьте права и повторите команду."
    en = "A file cannot be written: {why}. Free some space or check the rights and repeat the command."


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"«{text}»: нужна дата вида 2026-03-11 / a date like 2026-03-11 is needed") from None


def _source(text: str) -> str:
    if not 0 < len(text) <= 30:
        raise ArgumentTypeError("от 1 до 30 знаков / 1 to 30 characters")
    return text


def _port(text: str) -> int:
    if not (text.isdecimal() and int(text) < 2**16):
        raise ArgumentTypeError(f"«{text}»: нужно число от 0 до 65535 / a number from 0 to 65535 is needed")
    return int(text)


def _at_least_one(text: str) -> int:
    if not (text.isdecimal() and int(text) > 0):
        raise ArgumentTypeError(f"«{text}»: нужно целое от 1 / a whole number from 1 is needed")
    return int(text)


def _with_day(parser: ArgumentParser) -> None:
    parser.add_argument("--on", type=_day, metavar="DATE", help="the day, instead of today")


def _with_json(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")


def _import(commands: _Commands) -> None:
    parser = commands.add_parser("import", help="load clients, order lines or past contacts from files")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--as", dest="kind", choices=["clients", "orders", "contacts"], help="what the rows are")
    parser.add_argument("--source", type=_source, default="files", metavar="NAME", help="whose keys these are")
    parser.add_argument("--mapping", type=Path, metavar="FILE", help="a TOML file that says what each column is")
    parser.add_argument("--dry-run", action="store_true", help="count and check, write nothing")
    _with_day(parser)
    _with_json(parser)


def _staff(commands: _Commands) -> None:
    parser = commands.add_parser("staff", help="employees")
    actions = parser.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="take an employee on")
    add.add_argument("login")
    add.add_argument("--name", default="")
    roles = ["manager", "head", "developer", "telemarketer", "order_desk", "director", "administrator"]
    add.add_argument("--role", choices=roles, default="manager")
    add.add_argument("--norm", type=int, default=20, help="call attempts a working day")
    add.add_argument("--zone", default="", help="IANA time zone, when it is not the company's")
    away = actions.add_parser("away", help="note an absence")
    away.add_argument("login")
    away.add_argument("--from", dest="from_on", type=_day, required=True, metavar="DATE")
    away.add_argument("--until", dest="until_on", type=_day, required=True, metavar="DATE", help="the last day away")
    away.add_argument("--substitute", default="", metavar="LOGIN")
    leave = actions.add_parser("leave", help="let an employee go and move his clients by rule")
    leave.add_argument("login")
    _with_day(leave)
    password = actions.add_parser("password", help="set the password of an employee: asked for, or a line of stdin")
    password.add_argument("login")


def _day_commands(commands: _Commands) -> None:
    assign = commands.add_parser("assign", help="give ownerless clients their owners")
    base = commands.add_parser("base", help="count the base by status")
    morning = commands.add_parser("morning", help="renew statuses, pass the lost to the pool, make the day's plans")
    for parser in (assign, base, morning):
        _with_day(parser)
        _with_json(parser)
    portions = commands.add_parser("portions", help="let a neglected backlog be lost in daily portions")
    portions.add_argument("--per-day", type=int, required=True, metavar="N", help="clients a working day")
    _with_day(portions)
    insight = commands.add_parser("insight", help="look at the whole base: rhythms, chances, classes, goods to offer")
    insight.add_argument("--engine", default="", metavar="NAME", help="duckdb, sail or spark://HOST:PORT")
    insight.add_argument("--verbose", action="store_true", help="name every stage on stderr")
    _with_day(insight)
    _with_json(insight)
    from budilnik.config.simulate_arguments import add_arguments

    simulate = commands.add_parser("simulate", help="live through a year by other rules, before it is lived")
    add_arguments(simulate)
    _with_day(simulate)
    _with_json(simulate)
    morning.add_argument("--dry-run", action="store_true", help="show the effect, write nothing")
    morning.add_argument("--verbose", action="store_true", help="name every step on stderr")


def _house_commands(commands: _Commands) -> None:
    commands.add_parser("work", help="do the long work that was asked for on the pages; the jobs start it themselves")
    verify = commands.add_parser("verify", help="compare the cached state with history")
    verify.add_argument("--show", type=int, default=20, metavar="N", help="how many differences to print")
    _with_json(verify)
    _with_json(commands.add_parser("doctor", help="say what is wrong with the installation"))
    demo = commands.add_parser("demo", help="make a fastener supplier and show its first day")
    demo.add_argument("--clients", type=int, default=10_000)
    demo.add_argument("--seed", type=int, default=1)
    demo.add_argument("--no-serve", action="store_true", help="load and show only, serve no pages")


def _server_commands(commands: _Commands) -> None:
    serve = commands.add_parser("serve", help="serve the pages and do what is due, until told to end")
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on; 0.0.0.0 is every one")
    serve.add_argument("--port", type=_port, default=8000)
    serve.add_argument("--workers", type=_at_least_one, default=1, metavar="N", help="web processes")
    serve.add_argument("--no-jobs", action="store_true", help="pages only; the jobs run elsewhere")
    commands.add_parser("jobs", help="do what is due without serving pages, until told to end")
    backup = commands.add_parser("backup", help="copy the base on SQLite into a file while people work")
    backup.add_argument("file", type=Path, metavar="FILE")
    restore = commands.add_parser("restore", help="bring the base on SQLite back from a file")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--replace", action="store_true", help="replace a base that has data; it is kept beside")


def parser() -> ArgumentParser:
    """Return the parser of the command line."""
    top = ArgumentParser(prog="budilnik", description="Клиентский будильник / the client alarm clock")
    commands = top.add_subparsers(dest="command", required=True)
    _import(commands)
    _staff(commands)
    _day_commands(commands)
    _house_commands(commands)
    _server_commands(commands)
    return top


def _banner() -> None:
    from django.utils.translation import gettext as _

    from budilnik.config.printing import people
    from budilnik.jobs.clock import fixed_today

    if (fixed := fixed_today()) is not None:
        people.print(_("The date of this process is fixed: %(day)s") % {"day": f"{fixed:%d.%m.%Y}"}, style="yellow")


def _import_files(args: Namespace) -> None:
    from budilnik.config.importing import import_command

    import_command(args)


def _insight(args: Namespace) -> None:
    from budilnik.config.insight_command import insight_command

    insight_command(args)


def _simulate(args: Namespace) -> None:
    from budilnik.config.simulate_command import simulate_command

    simulate_command(args)


def _work(_args: Namespace) -> None:
    from budilnik.config.supervised import leave_with
    from budilnik.jobs.asked_work import do_asked_work

    leave_with(os.getppid())
    do_asked_work()


def _run(args: Namespace) -> None:
    from django.db import DatabaseError, InterfaceError

    from budilnik.config import commands
    from budilnik.config.startup import ensure_database

    handlers = {
        "import": _import_files,
        "staff add": commands.staff_add_command,
        "staff away": commands.staff_away_command,
        "staff leave": commands.staff_leave_command,
        "staff password": commands.staff_password_command,
        "insight": _insight,
        "portions": commands.portions_command,
        "assign": commands.assign_command,
        "base": commands.base_command,
        "morning": commands.morning_command,
        "verify": commands.verify_command,
        "doctor": commands.doctor_command,
        "demo": commands.demo_command,
        "serve": commands.serve_command,
        "jobs": commands.jobs_command,
        "simulate": _simulate,
        "work": _work,
        "backup": commands.backup_command,
        "restore": commands.restore_command,
    }
    try:
        if args.command not in ("demo", "doctor", "restore"):
            ensure_database()
        handlers[" ".join(filter(None, (args.command, getattr(args, "action", ""))))](args)
    except (DatabaseError, InterfaceError) as trouble:
        why = str(trouble).strip() or type(trouble).__name__
        raise DatabaseUnwilling(why=why.splitlines()[0]) from trouble


@contextmanager
def _disk_told() -> Iterator[None]:
    """Turn a fault of the disk into a sentence, from the reading of the settings on."""
    try:
        yield
    except OSError as trouble:
        raise DiskUnwilling(why=f"{trouble.strerror or trouble} {trouble.filename or ''}".strip()) from trouble


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budilnik.config.settings")
    args = parser().parse_args(arguments)
    if args.command == "demo":
        # The demo has a house and a day of its own: it touches no real base and looks the same on any date.
        os.environ.setdefault("BUDILNIK_HOME", DEMO_HOME)
        os.environ["BUDILNIK_TODAY"] = DEMO_DAY
        os.environ["BUDILNIK_CLOCK_SHIFT"] = shift_to(datetime.fromisoformat(DEMO_NIGHT))
    language = "en" if os.environ.get("BUDILNIK_LANGUAGE", "ru").lower().startswith("en") else "ru"
    try:
        from budilnik.config.startup import start

        with _disk_told():
            start()
            _banner()
            _run(args)
    except Refusal as refusal:
        sys.stderr.write(refusal.text(language) + "\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
