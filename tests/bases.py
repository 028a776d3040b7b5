"""Whole bases in files and clusters of their own: made once, copied for each run, dumped to be compared."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.db import connections

from budilnik.config.settings import database

ROOT = Path(__file__).parent.parent
CHILD = Path(__file__).parent / "jobs" / "morning_child.py"

# What differs from run to run without meaning anything: numbers of rows and moments of the clock.
MEANINGLESS = {"recorded_at", "started_at", "published_at", "lease_until", "holder", "fence", "closed_at", "at"}
TABLES = {
    "clients_client": (),
    "clients_tenure": ("id",),
    "clients_poolentry": ("id",),
    "clients_loss": ("id",),
    "clients_statuschange": ("id",),
    "clients_contact": ("id",),
    "calling_morningrun": ("id",),
    "calling_dayplan": ("id", "run_id"),
    "calling_calltask": ("id", "plan_id"),
    "calling_callback": ("id",),
}


class Bases:
    """A maker of databases beside the test's own, on the same kind of server."""

    def __init__(self, folder: Path, worker: str) -> None:
        self._folder = folder
        self._worker = worker
        self._made = 0
        self._postgres = connections["default"].vendor == "postgresql"

    def fresh(self, template: str | None = None) -> str:
        """Return the address of a new database: empty, or a copy of `template`."""
        self._made += 1
        name = f"base_{self._worker}_{self._made}"
        if not self._postgres:
            path = self._folder / f"{name}.sqlite3"
            if template:
                shutil.copy(template.removeprefix("sqlite://"), path)
            return f"sqlite://{path}"
        source = f' TEMPLATE "{database(template)["NAME"]}"' if template else ""
        self._admin(f'DROP DATABASE IF EXISTS "{name}"')
        self._admin(f'CREATE DATABASE "{name}"{source}')
        return self._address(name)

    def drop(self, url: str) -> None:
        """Throw a database away."""
        if self._postgres:
            self._admin(f'DROP DATABASE IF EXISTS "{database(url)["NAME"]}" WITH (FORCE)')
        else:
            for path in self._folder.glob(Path(url.removeprefix("sqlite://")).name + "*"):
                path.unlink()

    def _facts(self) -> dict[str, Any]:
        return connections["default"].settings_dict

    def _address(self, name: str) -> str:
        facts = self._facts()
        return f"postgres:///{name}?{urlencode({k.lower(): facts[k] for k in ('HOST', 'USER', 'PORT') if facts[k]})}"

    def _admin(self, statement: str) -> None:
        import psycopg

        facts = self._facts()
        keys = {"host": "HOST", "user": "USER", "port": "PORT"}
        given = {key: facts[name] for key, name in keys.items() if facts[name]}
        with psycopg.connect(dbname="postgres", autocommit=True, **given) as admin:
            admin.execute(statement)


def child(url: str, *arguments: str, home: Path) -> subprocess.Popen[str]:
    """Start a process that works on the database at `url`."""
    environment = os.environ | {
        "BUDILNIK_DATABASE_URL": url,
        "BUDILNIK_HOME": str(home),
        "BUDILNIK_TODAY": "2026-03-11",
        "PYTHONPATH": str(ROOT / "src"),
    }
    return subprocess.Popen(
        [sys.executable, str(CHILD), *arguments],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@contextmanager
def connected(url: str) -> Iterator[Any]:
    """Open a cursor on the database at `url` with its plain driver."""
    facts = database(url)
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(facts["NAME"])) as base, closing(base.cursor()) as cursor:
            yield cursor
    else:
        import psycopg

        given = {key: facts[key.upper()] for key in ("host", "user", "port") if facts[key.upper()]}
        with psycopg.connect(dbname=facts["NAME"], **given) as base, base.cursor() as cursor:
            yield cursor


def dump(url: str) -> dict[str, list[tuple[str, ...]]]:
    """Return what is in the tables that a morning writes, without what has no meaning."""
    found = {}
    with connected(url) as cursor:
        for table, numbers in TABLES.items():
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            kept = [at for at, name in enumerate(names) if name not in MEANINGLESS and name not in numbers]
            found[table] = sorted(tuple(str(row[at]) for at in kept) for row in cursor.fetchall())
    return found
