"""`budilnik backup` and `restore`: a copy made while people write is whole, and nothing is lost by bringing it back."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from budilnik.config.backup import NotOnPostgres, back_up
from budilnik.config.lock import HomeIsServed, serve_home

# Each pair of rows is one transaction: a copy that holds half of one has an odd number.
WRITER = """
import sqlite3, sys
base = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
number = 0
while True:
    base.execute("BEGIN IMMEDIATE")
    for half in "ab":
        base.execute("INSERT INTO staff_team (name, zone, calendar) VALUES (?, 'UTC', 'RU')", (f"{number}{half}",))
    base.execute("COMMIT")
    number += 1
"""


def budilnik(home: Path, *arguments: str, language: str = "ru") -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("BUDILNIK_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "budilnik.config.cli", *arguments],
        env=inherited | {"BUDILNIK_HOME": str(home), "BUDILNIK_LANGUAGE": language},
        text=True,
        capture_output=True,
        check=False,
    )


def refused(done: subprocess.CompletedProcess[str]) -> str:
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    return done.stderr


def teams(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as base:
        return [name for (name,) in base.execute("SELECT name FROM staff_team ORDER BY id")]


def content(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as base:
        return list(base.iterdump())


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Path:
    """An installation where Ivan works."""
    home = tmp_path_factory.mktemp("office")
    assert budilnik(home, "staff", "add", "ivan").returncode == 0
    return home


@pytest.fixture
def home(office, tmp_path) -> Path:
    return Path(shutil.copytree(office, tmp_path / "home"))


@pytest.fixture(scope="module")
def copied(office, tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("copies") / "copy.sqlite3"
    assert budilnik(office, "backup", str(file)).returncode == 0
    return file


@pytest.fixture
def copy(copied, tmp_path) -> Path:
    """A copy of the office, made before the test."""
    return Path(shutil.copy(copied, tmp_path))


def test_a_copy_made_while_somebody_writes_is_whole_and_brings_back_the_same(home, tmp_path):
    base, file = home / "budilnik.sqlite3", tmp_path / "copy.sqlite3"
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(base)])
    try:
        while len(teams(base)) < 20:
            time.sleep(0.05)
        done = budilnik(home, "backup", str(file))
    finally:
        writer.terminate()
        writer.wait(5)

    copied = content(file)
    back = budilnik(tmp_path / "elsewhere", "restore", str(file))

    assert (done.returncode, done.stderr) == (0, f"Копия сделана: {file}\n")
    assert 20 < len(teams(file)) < len(teams(base))
    assert len(teams(file)) % 2 == 1  # the firm's first team, and pairs
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    assert sorted(each.name for each in tmp_path.glob("*copy*")) == ["copy.sqlite3"]
    assert (back.returncode, back.stderr) == (0, f"База восстановлена из {file}\n")
    assert content(tmp_path / "elsewhere" / "budilnik.sqlite3") == copied
    assert budilnik(tmp_path / "elsewhere", "verify").returncode == 0


@pytest.mark.parametrize(
    ("language", "sentence"), [("ru", "уже есть; назовите другой.\n"), ("en", "exists already; name another one.\n")]
)
def test_a_copy_overwrites_nothing(home, copy, language, sentence):
    before = copy.read_bytes()

    done = budilnik(home, "backup", str(copy), language=language)

    assert refused(done).endswith(sentence)
    assert copy.read_bytes() == before


def test_a_copy_that_cannot_be_written_leaves_no_half_of_one(home, tmp_path):
    done = budilnik(home, "backup", str(tmp_path / "nowhere" / "copy.sqlite3"))

    assert refused(done).startswith("Не удаётся записать файл")
    assert list(tmp_path.iterdir()) == [home]


def test_a_base_with_people_is_replaced_only_when_that_is_meant_and_then_kept(home, copy):
    budilnik(home, "staff", "add", "olga")
    base = home / "budilnik.sqlite3"
    before = content(base)

    assert "добавьте --replace" in refused(budilnik(home, "restore", str(copy)))
    assert content(base) == before
    done = budilnik(home, "restore", str(copy), "--replace")

    [kept] = home.glob("budilnik.sqlite3.before-*")
    assert done.returncode == 0
    assert f"Прежняя база сохранена: {kept}\n" in done.stderr
    assert content(kept) == before
    assert content(base) == content(copy)


def test_a_program_that_has_the_base_open_sees_it_replaced_and_nothing_is_damaged(home, copy):
    budilnik(home, "staff", "add", "olga")
    with closing(sqlite3.connect(home / "budilnik.sqlite3")) as reader:
        assert reader.execute("SELECT count(*) FROM staff_employee").fetchone() == (2,)

        budilnik(home, "restore", str(copy), "--replace")

        assert reader.execute("SELECT count(*) FROM staff_employee").fetchone() == (1,)
        assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_nothing_is_restored_under_a_running_server(home, copy):
    with serve_home(home, alone=False) as note_address:
        note_address("http://127.0.0.1:8000")

        done = budilnik(home, "restore", str(copy), "--replace")

    assert "уже работает сервер: http://127.0.0.1:8000." in refused(done)
    assert not list(home.glob("*.before-*"))


def damaged(file: Path) -> None:
    body = bytearray(file.read_bytes())
    body[4096 * 3 : 4096 * 9] = b"\x55" * (4096 * 6)
    file.write_bytes(body)


def of_another_program(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as base:
        base.execute("CREATE TABLE notes (text)")


def newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as base, base:
        base.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('clients', '0999_wings', '2030-01-01')"
        )


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (damaged, "не база Будильника или повреждён"),
        (of_another_program, "не база Будильника или повреждён: no such table"),
        (
            lambda file: file.write_text("client;name\n" * 100),
            "не база Будильника или повреждён: file is not a database",
        ),
        (newer, "сделан более новой версией Будильника (clients.0999_wings здесь неизвестно)"),
        (lambda file: file.unlink(), "copy.sqlite3 нет."),
    ],
    ids=["damaged", "another program", "no base", "newer", "no file"],
)
def test_a_file_that_is_no_copy_is_refused_before_anything_is_touched(home, copy, spoil, sentence):
    before = content(home / "budilnik.sqlite3")
    spoil(copy)

    done = budilnik(home, "restore", str(copy), "--replace")

    assert sentence in refused(done)
    assert content(home / "budilnik.sqlite3") == before
    assert not list(home.glob("*.before-*"))


def test_an_unreadable_base_is_not_thrown_away(home, copy):
    base = home / "budilnik.sqlite3"
    base.write_text("no base at all")

    done = budilnik(home, "restore", str(copy), "--replace")

    assert "не читается: file is not a database" in refused(done)
    assert base.read_text() == "no base at all"


def test_a_copy_made_before_an_upgrade_is_brought_back_and_upgraded(home, tmp_path):
    environment = os.environ | {"BUDILNIK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "budilnik.config.settings"}
    environment.pop("BUDILNIK_DATABASE_URL")
    down = [sys.executable, "-m", "django", "migrate", "calling", "0001", "--verbosity", "0"]
    subprocess.run(down, env=environment, check=True)
    older = tmp_path / "older.sqlite3"
    (home / "budilnik.sqlite3").rename(older)

    done = budilnik(home, "restore", str(older))

    assert done.returncode == 0
    with closing(sqlite3.connect(home / "budilnik.sqlite3")) as base:
        assert base.execute("SELECT count(*) FROM calling_morninghold").fetchone() == (0,)
        assert base.execute("SELECT login FROM staff_employee").fetchall() == [("ivan",)]


def test_of_two_who_want_a_home_alone_one_gets_it(tmp_path):
    with serve_home(tmp_path, alone=True), pytest.raises(HomeIsServed) as caught, serve_home(tmp_path, alone=False):
        pass

    assert "no address yet" in caught.value.text("en")
    with serve_home(tmp_path, alone=False), serve_home(tmp_path, alone=False):
        pass


@pytest.mark.django_db
def test_a_base_on_postgresql_is_left_to_its_own_tools(tmp_path):
    if connection.vendor != "postgresql":
        pytest.skip("about PostgreSQL")

    with pytest.raises(NotOnPostgres) as caught:
        back_up(tmp_path / "copy")

    assert "pg_dump" in caught.value.text("ru")
