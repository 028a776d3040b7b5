"""The command line from inside: what it understands and how it fails."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.db import OperationalError

from budilnik.config import cli, commands
from budilnik.config.commands import PasswordsDiffer
from budilnik.config.importing import FilesOfOneKind, import_command
from budilnik.config.settings import UnknownDatabase, database
from budilnik.staff.actions import PasswordTooShort
from budilnik.staff.queries import UnknownLogin, employee_with, staff_in_service


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["wake"],
        ["import"],
        ["import", "x.csv", "--as", "goods"],
        ["import", "x.csv", "--source", ""],
        ["import", "x.csv", "--source", "x" * 31],
        ["staff"],
        ["staff", "add"],
        ["staff", "add", "ivan", "--role", "king"],
        ["staff", "add", "ivan", "--norm", "many"],
        ["morning", "--on", "2026-02-30"],
        ["serve", "--port", "65536"],
        ["serve", "--port", "-1"],
        ["serve", "--workers", "0"],
        ["backup"],
        ["restore"],
    ],
)
def test_wrong_usage_leaves_with_two(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)

    assert left.value.code == 2
    assert capsys.readouterr().out == ""


def test_an_import_takes_several_files_and_says_whose_keys_they_hold():
    args = cli.parser().parse_args(["import", "a.csv", "b.xlsx", "--as", "orders", "--source", "1c", "--dry-run"])

    assert args.files == [Path("a.csv"), Path("b.xlsx")]
    assert (args.kind, args.source, args.dry_run, args.json, args.on) == ("orders", "1c", True, False, None)


def test_the_defaults_are_those_of_the_contract():
    args = cli.parser().parse_args(["staff", "add", "ivan"])

    assert (args.role, args.norm, args.name) == ("manager", 20, "")
    assert cli.parser().parse_args(["import", "a.csv"]).source == "files"
    assert cli.parser().parse_args(["base", "--on", "2026-03-11"]).on == date(2026, 3, 11)


def test_a_mapping_and_a_kind_that_contradict_each_other_are_refused(tmp_path):
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('kind = "clients"\n')
    args = cli.parser().parse_args(["import", "a.csv", "--as", "orders", "--mapping", str(mapping)])

    with pytest.raises(FilesOfOneKind) as caught:
        import_command(args)

    assert "clients" in caught.value.text("ru")
    assert "--as orders" in caught.value.text("en")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (OperationalError("database or disk is full"), "База данных не отвечает: database or disk is full."),
        (OperationalError(), "База данных не отвечает: OperationalError."),
        (OSError(28, "No space left on device", "/x"), "Не удаётся записать файл: No space left on device /x."),
    ],
)
def test_trouble_with_the_database_or_the_disk_is_one_sentence(monkeypatch, capsys, trouble, sentence):
    def fail(args):
        raise trouble

    monkeypatch.setattr(commands, "base_command", fail)

    assert cli.main(["base"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(sentence)
    assert told.err.count("\n") == 1


def test_a_command_that_is_interrupted_says_so_by_its_code(monkeypatch):
    def interrupt(args):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_run", interrupt)

    assert cli.main(["base"]) == 130


@pytest.mark.parametrize(
    ("url", "engine", "name"),
    [
        ("sqlite:///srv/base.sqlite3", "sqlite3", "/srv/base.sqlite3"),
        ("postgres://ivan:secret@db:5433/firm", "postgresql", "firm"),
        ("postgresql:///firm?host=/run/pg&user=ivan", "postgresql", "firm"),
    ],
)
def test_the_address_of_a_database_is_read_as_people_write_it(url, engine, name):
    facts = database(url)

    assert facts["ENGINE"] == f"django.db.backends.{engine}"
    assert facts["NAME"] == name


def test_a_database_of_another_kind_is_refused():
    with pytest.raises(UnknownDatabase):
        database("mysql://localhost/base")


@pytest.mark.django_db
def test_an_absence_a_leaver_and_daily_portions_are_told_from_the_command_line(monkeypatch):
    monkeypatch.setenv("BUDILNIK_TODAY", "2026-09-15")
    for login in ("ivan", "olga"):
        commands.staff_add_command(cli.parser().parse_args(["staff", "add", login]))

    span = ["--from", "2026-09-15", "--until", "2026-09-20", "--substitute", "olga"]
    commands.staff_away_command(cli.parser().parse_args(["staff", "away", "ivan", *span]))
    commands.staff_leave_command(cli.parser().parse_args(["staff", "leave", "olga"]))
    commands.portions_command(cli.parser().parse_args(["portions", "--per-day", "5"]))

    ivan, *others = staff_in_service(date(2026, 9, 15))
    assert (ivan.login, others) == ("ivan", [])
    assert ivan.away(date(2026, 9, 15)) is not None


class Terminal(StringIO):
    """A stdin at which somebody sits."""

    def isatty(self) -> bool:
        return True


def set_password(monkeypatch, stdin: StringIO) -> None:
    monkeypatch.setattr("sys.stdin", stdin)
    commands.staff_password_command(cli.parser().parse_args(["staff", "password", "ivan"]))


@pytest.mark.django_db
def test_a_password_is_a_line_of_stdin_or_typed_twice(monkeypatch):
    commands.staff_add_command(cli.parser().parse_args(["staff", "add", "ivan"]))

    set_password(monkeypatch, StringIO(" болт м12 \nвторая строка\n"))
    assert employee_with("ivan").check_password(" болт м12 ")
    monkeypatch.setattr(commands, "getpass", lambda prompt: "гайка м12")
    set_password(monkeypatch, Terminal())
    assert employee_with("ivan").check_password("гайка м12")


@pytest.mark.django_db
def test_a_short_password_and_one_typed_two_ways_change_nothing(monkeypatch):
    commands.staff_add_command(cli.parser().parse_args(["staff", "add", "ivan"]))
    set_password(monkeypatch, StringIO("гайка м12\n"))
    typed = iter(["гайка м14", "гайка м16"])
    monkeypatch.setattr(commands, "getpass", lambda prompt: next(typed))

    with pytest.raises(PasswordTooShort) as short:
        set_password(monkeypatch, StringIO("1234567\n"))
    with pytest.raises(PasswordsDiffer):
        set_password(monkeypatch, Terminal())

    assert short.value.text("ru") == "Пароль слишком короткий: нужно не меньше 8 знаков."
    assert employee_with("ivan").check_password("гайка м12")


@pytest.mark.django_db
def test_nobody_can_be_away_whom_nobody_knows():
    args = cli.parser().parse_args(["staff", "away", "nobody", "--from", "2026-09-15", "--until", "2026-09-20"])

    with pytest.raises(UnknownLogin):
        commands.staff_away_command(args)
