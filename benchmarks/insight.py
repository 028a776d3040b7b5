"""How fast insight looks at a whole base: seconds and peak memory, beside the bare scan of the same files.

    python benchmarks/insight.py [--lines 10000000] [--engine duckdb] [--threads 2] [--memory 2GB] [--json]

The sales are made up and the same on every machine. Each engine runs in a process of its own, so that its peak is its
own; an engine apart (spark://…) keeps its memory elsewhere, and no peak is told.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ibis.expr.types import Table

import generated_sales
from budilnik.analytics import whole
from budilnik.analytics.classes import movement
from budilnik.analytics.engines import EMBEDDED, Engine, base_of, open_engine
from budilnik.analytics.seasons import months, seasons
from budilnik.analytics.shipped import LEAVING, SHIPPED
from budilnik.analytics.tables import COLUMNS

SCANS = 3


def _drain(engine: Engine, table: Table) -> int:
    """Take every row of a table as the database would get it."""
    return sum(batch.num_rows for batch in engine.batches(table))


def scan(engine: Engine, files: dict[str, list[Path]]) -> float:
    """Return the seconds of reading every column of the lines once, best of three."""
    lines = base_of(engine, files).lines
    best = float("inf")
    for _ in range(SCANS):
        began = time.perf_counter()
        # Sums, for the greatest of a column stands in the file beside it.
        numbers = [lines[name] for name in lines.columns if name != "ordered_on"] + [lines.ordered_on.year()]
        engine.rows(lines.aggregate([number.sum().name(f"sum_{at}") for at, number in enumerate(numbers)]))
        best = min(best, time.perf_counter() - began)
    return best


def look(engine: Engine, files: dict[str, list[Path]]) -> dict[str, float]:
    """Make everything that insight makes and return the seconds of each part."""
    told: dict[str, float] = {}

    def timed[T](part: str, make: Callable[[], T]) -> T:
        began = time.perf_counter()
        made = make()
        told[part] = round(time.perf_counter() - began, 2)
        return made

    on, keep = generated_sales.MORNING, engine.keep
    seen = timed("purchases and facts", lambda: whole.begin(base_of(engine, files), on, keep=keep))
    lines = engine.count(seen.seen.lines)
    bought = timed("baskets", lambda: whole.baskets_of(seen, keep=keep, lines=lines))
    classed = timed("classes", lambda: keep(whole.classes(seen)))
    season = timed("seasons", lambda: keep(seasons(seen.seen, on)))
    more = [classed, whole.before(seen), whole.season_hints(seen, season, bought), whole.stopped_goods(seen, bought)]
    profiles = whole.profiles(seen, coefficients=SHIPPED, losing=LEAVING, more=more)
    timed("profiles", lambda: _drain(engine, profiles))
    parts = 1 + engine.count(bought) // whole.BASKETS_AT_ONCE
    kinds = timed("what goods lead to", lambda: whole.offers(seen, keep=keep, bought=bought, parts=parts))
    timed("offers", lambda: sum(_drain(engine, table) for table in kinds))
    earlier = whole.classes(seen, days_ago=whole.QUARTER_DAYS)
    base = [whole.limits(seen), months(seen.seen, on), whole.stopped_in_base(seen, bought)]
    base += [movement(earlier, classed, column="abc")]
    timed("the base as a whole", lambda: [engine.rows(table) for table in base])
    return told


def measure(folder: Path, *, engine: str, threads: int, memory: str) -> dict[str, Any]:
    """Measure one engine in this process."""
    files = {table: [folder / f"{table}.parquet"] for table in COLUMNS}
    with open_engine(engine, folder=folder / "work", threads=threads, memory=memory) as opened:
        scanned = scan(opened, files)
        parts = look(opened, files)
    whole_ = sum(parts.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20 if engine == EMBEDDED else None
    return {
        "engine": engine,
        "scan_seconds": round(scanned, 2),
        "seconds": round(whole_, 1),
        "times_the_scan": round(whole_ / scanned, 1),
        "cpu_seconds": round(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]), 1) if engine == EMBEDDED else None,
        "peak_gib": round(peak, 2) if peak else None,
        "parts": parts,
    }


def _apart(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-W", "ignore", __file__, "--measure", str(folder), "--engine", arguments.engine]
    command += ["--threads", str(arguments.threads), "--memory", arguments.memory]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr[-3000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Make the sales, look at them, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--clients", type=int, default=50_000)
    parser.add_argument("--engine", default=EMBEDDED)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="2GB")
    parser.add_argument("--folder", type=Path, help="keep the made-up sales here, for the next run")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        measured = measure(
            arguments.measure, engine=arguments.engine, threads=arguments.threads, memory=arguments.memory
        )
        print(json.dumps(measured))
        return
    with tempfile.TemporaryDirectory(prefix="budilnik-insight-") as made:
        folder = arguments.folder or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "lines.parquet").exists():
            generated_sales.write(folder, lines=arguments.lines, clients=arguments.clients, threads=arguments.threads)
        found = {"lines": arguments.lines, "clients": arguments.clients} | _apart(arguments, folder)
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    print(f"{found['lines']:,} lines, {found['clients']:,} clients, {found['engine']}, {arguments.threads} threads")
    print(f"  scan of the lines   {found['scan_seconds']:8.2f} s")
    for part, seconds in found["parts"].items():
        print(f"  {part:<19} {seconds:8.2f} s")
    print(f"  everything          {found['seconds']:8.1f} s = {found['times_the_scan']} x the scan")
    print(f"  processor           {found['cpu_seconds'] or '—':>8} s, peak {found['peak_gib'] or '—'} GiB")


if __name__ == "__main__":
    main()
