"""`budilnik`: the command line. Exit codes: 0 done, 1 refused with a sentence, 2 wrong usage."""

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, _SubParsersAction
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from budilnik.core.refusal import Refusal

DEMO_HOME = "var/demo"
DEMO_DAY = "2026-03-11"

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
    morning.add_argument("--dry-run", action="store_true", help="show the effect, write nothing")
    morning.add_argument("--verbose", action="store_true", help="name every step on stderr")


def _house_commands(commands: _Commands) -> None:
    verify = commands.add_parser("verify", help="compare the cached state with history")
    verify.add_argument("--show", type=int, default=20, metavar="N", help="how many differences to print")
    _with_json(verify)
    _with_json(commands.add_parser("doctor", help="say what is wrong with the installation"))
    demo = commands.add_parser("demo", help="make a fastener supplier and show its first day")
    demo.add_argument("--clients", type=int, default=10_000)
    demo.add_argument("--seed", type=int, default=1)


def parser() -> ArgumentParser:
    """Return the parser of the command line."""
    top = ArgumentParser(prog="budilnik", description="Клиентский будильник / the client alarm clock")
    commands = top.add_subparsers(dest="command", required=True)
    _import(commands)
    _staff(commands)
    _day_commands(commands)
    _house_commands(commands)
    return top


def _banner() -> None:
    from django.utils.translation import gettext as _

    from budilnik.config.printing import people
    from budilnik.jobs.clock import fixed_today

    if (fixed := fixed_today()) is not None:
        people.print(_("The date of this process is fixed: %(day)s") % {"day": f"{fixed:%d.%m.%Y}"}, style="yellow")


def _run(args: Namespace) -> None:
    from django.db import DatabaseError, InterfaceError

    from budilnik.config import commands
    from budilnik.config.startup import ensure_database

    handlers = {
        "import": commands.import_command,
        "staff add": commands.staff_add_command,
        "staff away": commands.staff_away_command,
        "staff leave": commands.staff_leave_command,
        "portions": commands.portions_command,
        "assign": commands.assign_command,
        "base": commands.base_command,
        "morning": commands.morning_command,
        "verify": commands.verify_command,
        "doctor": commands.doctor_command,
        "demo": commands.demo_command,
    }
    try:
        if args.command not in ("demo", "doctor"):
            ensure_database()
        handlers[" ".join(filter(None, (args.command, getattr(args, "action", ""))))](args)
    except (DatabaseError, InterfaceError) as trouble:
        why = str(trouble).strip() or type(trouble).__name__
        raise DatabaseUnwilling(why=why.splitlines()[0]) from trouble
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
    language = "en" if os.environ.get("BUDILNIK_LANGUAGE", "ru").lower().startswith("en") else "ru"
    try:
        from budilnik.config.startup import start

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
