"""How long the morning takes, what it holds in memory and for how long it keeps others from saving.

    python benchmarks/morning.py [--sizes 10000,100000] [--large] [--databases sqlite,postgres]
        [--shapes neglected,ordinary] [--json] [--profile]

Every case has a fresh database and processes of its own: one makes the base, one runs the morning, one saves a
client every 50 ms meanwhile and notes how long it waited.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).parent))

LARGE = "1000000"
PROBE_EVERY = 0.05
COLUMNS = (
    ("database", "{database}"),
    ("clients", "{clients:,}"),
    ("shape", "{shape}"),
    ("seconds", "{seconds:.1f}"),
    ("CPU", "{cpu:.1f}"),
    ("MiB", "{peak_mib:.0f}"),
    ("longest write, s", "{longest_write:.2f}"),
    ("longest save, s", "{longest_save:.2f}"),
    ("raw scan, s", "{scan:.2f}"),
    ("morning / scan", "{times_scan:.1f}"),
    ("changed", "{changed:,}"),
    ("released", "{released:,}"),
    ("planned", "{planned:,}"),
)


def _arguments() -> Namespace:
    parser = ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--large", action="store_true", help="a million clients and a thousand managers")
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--shapes", default="neglected,ordinary")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--profile", action="store_true", help="print where the morning spends its time")
    parser.add_argument("--child", nargs=2, metavar=("STAGE", "CASE"), help="used by the benchmark itself")
    return parser.parse_args()


def main() -> int:
    args = _arguments()
    if args.child:
        from budilnik.config.startup import start

        start()
        stage, case = args.child
        print(json.dumps(STAGES[stage](json.loads(case))))
        return 0
    found = []
    if not args.json:
        print(" | ".join(name for name, _ in COLUMNS))
    for size in (LARGE if args.large else args.sizes).split(","):
        for kind in args.databases.split(","):
            for shape in args.shapes.split(","):
                figures = measure(kind, shape, int(size), profile=args.profile)
                found.append(figures)
                if not args.json:
                    print(" | ".join(form.format(**figures) for _, form in COLUMNS), flush=True)
    if args.json:
        print(json.dumps(found, indent=1))
    return 0


def measure(kind: str, shape: str, clients: int, *, profile: bool = False) -> dict[str, Any]:
    """Make a base, run its morning while somebody saves, and return the figures."""
    case = {"shape": shape, "clients": clients, "profile": profile}
    with database(kind) as environment:
        began = time.monotonic()
        read(child("build", case, environment))
        built = time.monotonic() - began
        stop = Path(environment["BUDILNIK_HOME"]) / "stop"
        saver = child("save", case | {"stop": str(stop)}, environment)
        try:
            morning = read(child("morning", case, environment))
        finally:
            stop.touch()
            saves = read(saver)
        return {"database": kind, "clients": clients, "shape": shape, "built": built} | morning | saves


@contextmanager
def database(kind: str) -> Iterator[dict[str, str]]:
    """Give the environment of a new database, and remove it afterwards."""
    from postgres import cluster

    home = Path(tempfile.mkdtemp(prefix="budilnik-bench-"))
    here = {"BUDILNIK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "budilnik.config.settings"}
    try:
        if kind == "sqlite":
            yield here | {"BUDILNIK_DATABASE_URL": f"sqlite://{home / 'budilnik.sqlite3'}"}
        else:
            with cluster() as there:
                yield here | there
    finally:
        shutil.rmtree(home, ignore_errors=True)


def child(
    stage: str, case: Mapping[str, Any], environment: Mapping[str, str], *, program: str = __file__
) -> "subprocess.Popen[str]":
    """Begin a stage of a case in a process of its own."""
    command = [sys.executable, program, "--child", stage, json.dumps(case)]
    return subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.PIPE, text=True)


def read(child: "subprocess.Popen[str]") -> dict[str, Any]:
    """Wait for a process and return the figures it told."""
    told, _ = child.communicate()
    if child.returncode:
        sys.exit(f"a child process failed with {child.returncode}")
    return dict(json.loads(told.splitlines()[-1]))


def _build(case: dict[str, Any]) -> dict[str, Any]:
    import base
    from budilnik.config.startup import ensure_database

    ensure_database()
    base.build(case["shape"], clients=case["clients"])
    return {}


class Writes:
    """Watches how long write transactions are open; one statement outside of any counts as one."""

    VERBS = ("INSERT", "UPDATE", "DELETE")

    def __init__(self) -> None:
        from django.db import connection

        self.longest, self.count = 0.0, 0
        self._began = 0.0
        self._inside = False
        self._set_autocommit = connection.set_autocommit
        connection.set_autocommit = self._watch
        connection.execute_wrappers.append(self._statement)

    def _watch(self, autocommit: bool, **rest: bool) -> None:
        if not autocommit:
            self._began, self._inside = time.monotonic(), True
        self._set_autocommit(autocommit, **rest)
        if autocommit and self._inside:
            self._note(time.monotonic() - self._began)
            self._inside = False

    def _statement(
        self, execute: Callable[..., object], sql: str, params: object, many: bool, context: dict[str, object]
    ) -> object:
        began = time.monotonic()
        try:
            return execute(sql, params, many, context)
        finally:
            if not self._inside and sql.lstrip().startswith(self.VERBS):
                self._note(time.monotonic() - began)

    def _note(self, seconds: float) -> None:
        self.count += 1
        self.longest = max(self.longest, seconds)


def _scan() -> float:
    """Read the columns of the morning from every client and count the contacts, with the bare driver."""
    from django.db import connection

    from budilnik.calling.queries.morning import FACTS
    from budilnik.clients.models import Client

    columns = ", ".join(f'"{Client._meta.get_field("id" if f == "pk" else f).column}"' for f in FACTS)
    connection.ensure_connection()
    raw = connection.connection
    began = time.monotonic()
    if connection.vendor == "sqlite":
        cursor = raw.cursor()
        cursor.execute(f"SELECT {columns} FROM clients_client")
        while cursor.fetchmany(5_000):
            pass
    else:
        with raw.transaction(), raw.cursor(name="scan") as cursor:
            cursor.execute(f"SELECT {columns} FROM clients_client")
            while cursor.fetchmany(5_000):
                pass
    with connection.cursor() as counting:
        counting.execute("SELECT count(*) FROM clients_contact")
        counting.fetchall()
    return time.monotonic() - began


@contextmanager
def watch(*, profile: bool) -> Iterator[dict[str, Any]]:
    """Measure what is done within: seconds, processor seconds, write transactions; print a profile if asked."""
    import cProfile
    import pstats

    writes, figures = Writes(), dict[str, Any]()
    watching = cProfile.Profile() if profile else None
    if watching:
        watching.enable()
    began, cpu = time.monotonic(), time.process_time()
    yield figures
    figures |= {
        "seconds": time.monotonic() - began,
        "cpu": time.process_time() - cpu,
        "longest_write": writes.longest,
        "writes": writes.count,
    }
    if watching:
        watching.disable()
        for order in ("tottime", "cumtime"):
            pstats.Stats(watching, stream=sys.stderr).sort_stats(order).print_stats(45)


def _morning(case: dict[str, Any]) -> dict[str, Any]:
    import base
    from budilnik.calling.models import CallTask, MorningRun
    from budilnik.jobs.morning import make_morning

    scan = _scan()
    steps: dict[str, float] = {}
    began = time.monotonic()
    with watch(profile=case["profile"]) as figures:
        make_morning(base.MORNING, step=lambda name: steps.__setitem__(name, round(time.monotonic() - began, 2)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    run = MorningRun.objects.get(on=base.MORNING)
    return figures | {
        "peak_mib": peak,
        "scan": scan,
        "times_scan": figures["seconds"] / scan,
        "changed": run.changed,
        "released": run.released,
        "planned": CallTask.objects.filter(plan__run=run).count(),
        "steps": steps,
    }


def _save(case: dict[str, Any]) -> dict[str, Any]:
    """Save some client or other every 50 ms until told to stop; return the longest wait."""
    import random

    from django.db.models import F

    from budilnik.clients.models import Client

    dice, stop = random.Random(2), Path(case["stop"])
    waits = []
    while not stop.exists():
        began = time.monotonic()
        Client.objects.filter(pk=dice.randrange(case["clients"]) + 1).update(city=F("city"))
        waits.append(time.monotonic() - began)
        time.sleep(PROBE_EVERY)
    return {"saves": len(waits), "longest_save": max(waits[1:], default=0.0)}


STAGES = {"build": _build, "morning": _morning, "save": _save}

if __name__ == "__main__":
    sys.exit(main())
