"""`budilnik backup` and `budilnik restore`: the base on SQLite as one file, copied while people work."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from budilnik.config.lock import serve_home
from budilnik.core.refusal import Refusal

# A base is ours when it has these, and empty while they are.
OURS = ("staff_employee", "clients_client")

# How long somebody else's write is waited for.
PATIENCE_SECONDS = 60.0


class NotOnPostgres(Refusal):
    """The server has better means of its own."""

    ru = "База на PostgreSQL: копию делает pg_dump --format=custom, возвращает pg_restore --clean."
    en = "The base is on PostgreSQL: pg_dump --format=custom makes a copy, pg_restore --clean brings it back."


class FileExists(Refusal):
    """A copy never overwrites another one."""

    ru = "Файл {file} уже есть; назовите другой."
    en = "The file {file} exists already; name another one."


class CopyFailed(Refusal):
    """A base could not be read or written; nothing has changed."""

    ru = "Скопировать базу не удалось: {why}. Прежнее цело; устраните причину и повторите команду."
    en = "The base could not be copied: {why}. What was there is whole; mend the cause and repeat the command."


class NoSuchCopy(Refusal):
    """There is no file to restore from."""

    ru = "Файла {file} нет."
    en = "There is no file {file}."


class NotABudilnikBase(Refusal):
    """The file is something else, or damaged."""

    ru = "Файл {file} не база Будильника или повреждён: {why}."
    en = "The file {file} is no base of Budilnik, or it is damaged: {why}."


class BaseIsNewer(Refusal):
    """The file was made by a later version of the program."""

    ru = "Файл {file} сделан более новой версией Будильника ({migration} здесь неизвестно); обновите программу."
    en = "The file {file} was made by a later Budilnik ({migration} is unknown here); upgrade the program."


class BaseStandsThere(Refusal):
    """A base with people or clients is replaced only when that is meant."""

    ru = "В {base} уже есть данные. Чтобы заменить их, добавьте --replace: прежняя база останется рядом."
    en = "There are data in {base} already. To replace them add --replace: the base of before stays beside."


class BaseUnreadable(Refusal):
    """What stands there cannot be kept aside, because it cannot be read."""

    ru = "База {base} не читается: {why}. Уберите этот файл и файлы рядом с тем же именем и повторите команду."
    en = "The base {base} cannot be read: {why}. Move it and the files named like it away and repeat the command."


def back_up(file: Path) -> None:
    """Write a consistent copy of the base to `file` while people go on working.

    Raises: NotOnPostgres, FileExists, CopyFailed.
    """
    base = _base_file()
    if file.exists():
        raise FileExists(file=file)
    with _whole_or_nothing(file) as made, _failures_told():
        _copy(base, made)
        _in_one_file(made)


def restore(file: Path, *, replace: bool, now: datetime) -> Path | None:
    """Make the base what it was in `file`; return where the base of before is kept, if there was one.

    The base is overwritten inside, in one transaction, never pulled away: a program that has it open sees either the
    one or the other.

    Raises: NotOnPostgres, NoSuchCopy, NotABudilnikBase, BaseIsNewer, HomeIsServed, BaseUnreadable, BaseStandsThere,
    CopyFailed.
    """
    base = _base_file()
    check_copy(file)
    with serve_home(settings.HOME, alone=True):
        kept = None
        if base.exists() and _has_people_or_clients(base):
            if not replace:
                raise BaseStandsThere(base=base)
            kept = base.with_name(f"{base.name}.before-{now:%Y%m%d-%H%M%S}")
            back_up(kept)
        with _failures_told():
            _copy(file, base)
    return kept


def _base_file() -> Path:
    if connection.vendor != "sqlite":
        raise NotOnPostgres
    return Path(connection.settings_dict["NAME"])


@contextmanager
def _whole_or_nothing(file: Path) -> Iterator[Path]:
    """Give a name to write under; the file appears under its own when all is written."""
    made = file.with_name(f".{file.name}.{os.getpid()}.part")
    # Names and phones of people are in it.
    made.touch(mode=0o600)
    try:
        yield made
        made.rename(file)
    finally:
        for rest in made.parent.glob(made.name + "*"):
            rest.unlink()


@contextmanager
def _failures_told() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as trouble:
        raise CopyFailed(why=trouble) from trouble


def _copy(source: Path, target: Path) -> None:
    """Copy a base as it is at one moment; the target changes as a whole or not at all."""
    until = time.monotonic() + PATIENCE_SECONDS

    def look(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise sqlite3.OperationalError("database is locked")

    with closing(_open_to_read(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written, progress=look)


def _open_to_read(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=20)


def _in_one_file(made: Path) -> None:
    """Fold the journal in: a copy is moved and mailed as one file, and reaches the disk before it has its name."""
    with closing(sqlite3.connect(made)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")
    with made.open("rb") as written:
        os.fsync(written.fileno())


def check_copy(file: Path) -> None:
    """See that a file is a whole base of Budilnik whose every change this program knows.

    Raises: NoSuchCopy, NotABudilnikBase, BaseIsNewer.
    """
    if not file.is_file():
        raise NoSuchCopy(file=file)
    try:
        with closing(_open_to_read(file)) as copy:
            [(sound,)] = copy.execute("PRAGMA quick_check(1)").fetchall()
            done = set(copy.execute("SELECT app, name FROM django_migrations").fetchall())
            for table in OURS:
                copy.execute(f"SELECT 1 FROM {table} LIMIT 1")
    except sqlite3.Error as trouble:
        raise NotABudilnikBase(file=file, why=trouble) from None
    if sound != "ok":
        raise NotABudilnikBase(file=file, why=sound.splitlines()[-1])
    known = set(MigrationLoader(None).disk_migrations or ())
    for app, name in sorted(done - known):
        raise BaseIsNewer(file=file, migration=f"{app}.{name}")


def _has_people_or_clients(base: Path) -> bool:
    try:
        with closing(_open_to_read(base)) as standing:
            tables = {name for (name,) in standing.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            asked = (f"SELECT 1 FROM {table} LIMIT 1" for table in OURS if table in tables)
            return any(standing.execute(question).fetchone() for question in asked)
    except sqlite3.Error as trouble:
        raise BaseUnreadable(base=base, why=trouble) from None
