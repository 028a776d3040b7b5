"""How many order lines a second are imported, and how soon the same file is seen to hold nothing new.

    python benchmarks/imports.py [FILE] [--lines 1000000] [--large] [--kinds csv,parquet]
        [--databases sqlite,postgres] [--json] [--profile]

Without FILE a year of made-up orders is written first: 25 lines an order, each client an order a month.
"""

import csv
import json
import random
import resource
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from morning import child, database, read, watch

LINES = 1_000_000
LARGE = 10_000_000
LINES_AN_ORDER = 25
PRODUCTS = 5_000
HEADERS = ("Номер документа", "Код клиента", "Клиент", "Дата", "Артикул", "Номенклатура", "Количество", "Цена")
ON = date(2026, 3, 11)
COLUMNS = (
    ("database", "{database}"),
    ("file", "{file}"),
    ("rows", "{rows:,}"),
    ("seconds", "{seconds:.1f}"),
    ("rows a second", "{speed:,.0f}"),
    ("CPU", "{cpu:.1f}"),
    ("MiB", "{peak_mib:.0f}"),
    ("longest write, s", "{longest_write:.2f}"),
    ("again, s", "{again:.1f}"),
)


def _arguments() -> Namespace:
    parser = ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--large", action="store_true", help="ten million lines")
    parser.add_argument("--kinds", default="csv,parquet")
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--profile", action="store_true", help="print where the import spends its time")
    parser.add_argument("--child", nargs=2, metavar=("STAGE", "CASE"), help="used by the benchmark itself")
    return parser.parse_args()


def main() -> int:
    args = _arguments()
    if args.child:
        from budilnik.config.startup import start

        start()
        print(json.dumps(_import(json.loads(args.child[1]))))
        return 0
    found = []
    if not args.json:
        print(" | ".join(name for name, _ in COLUMNS))
    with tempfile.TemporaryDirectory(prefix="budilnik-bench-") as folder:
        for path in _files(args, Path(folder)):
            for kind in args.databases.split(","):
                found.append(measure(kind, path, profile=args.profile))
                if not args.json:
                    print(" | ".join(form.format(**found[-1]) for _, form in COLUMNS), flush=True)
    if args.json:
        print(json.dumps(found, indent=1))
    return 0


def _files(args: Namespace, folder: Path) -> Iterator[Path]:
    if args.file:
        yield args.file
        return
    for kind in args.kinds.split(","):
        path = folder / f"orders.{kind}"
        (_write_csv if kind == "csv" else _write_parquet)(path, LARGE if args.large else args.lines)
        yield path
        path.unlink()


def lines(count: int) -> Iterator[tuple[str, ...]]:
    """Return the rows of a file as 1C would write them."""
    dice = random.Random(3)
    orders = count // LINES_AN_ORDER + 1
    clients = orders // 12 + 1
    for order in range(orders):
        client = dice.randrange(clients)
        at = datetime(2025, 3, 10, 9, tzinfo=UTC) + timedelta(days=365 * order // orders, minutes=order % 480)
        head = (f"ЗК-{order:07}", f"{client:06}", f"ООО Клиент {client}", f"{at:%d.%m.%Y %H:%M:%S}")
        for _ in range(min(LINES_AN_ORDER, count - order * LINES_AN_ORDER)):
            product = dice.randrange(PRODUCTS)
            price = f"{(product * 37 % 9_000 + 100) / 100:.2f}"
            yield (
                *head,
                f"А{product:05}",
                f"Болт М{product % 30} партия {product}",
                str(dice.randrange(1, 200)),
                price,
            )


def _write_csv(path: Path, count: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADERS)
        writer.writerows(lines(count))


def _write_parquet(path: Path, count: int) -> None:
    from itertools import batched

    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.string()) for name in HEADERS])
    with pq.ParquetWriter(path, schema) as writer:
        for some in batched(lines(count), 100_000, strict=False):
            writer.write_table(pa.table([list(column) for column in zip(*some, strict=True)], schema=schema))


def measure(kind: str, path: Path, *, profile: bool = False) -> dict[str, Any]:
    """Import a file into an empty database twice, each time in a process of its own."""
    case = {"file": str(path.resolve()), "profile": profile}
    with database(kind) as environment:
        first = read(child("import", case, environment, program=__file__))
        again = read(child("import", case | {"profile": False}, environment, program=__file__))
    if again["accepted"]:
        sys.exit(f"the second import took {again['accepted']} rows for new")
    return {"database": kind, "file": path.suffix[1:], "again": again["seconds"]} | first


def _import(case: dict[str, Any]) -> dict[str, Any]:
    from django.conf import settings

    from budilnik.config.startup import ensure_database
    from budilnik.integrations.files.ingest import Wish, import_files
    from budilnik.jobs.clock import now

    ensure_database()
    wish = Wish(files=[Path(case["file"])], source="bench", on=ON, language="en", home=settings.HOME)
    with watch(profile=case["profile"]) as figures:
        report = import_files(wish, now=now(), progress=lambda name, done, of: None)
    rows = report.accepted + report.unchanged + report.rejected
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures | {
        "rows": rows,
        "accepted": report.accepted,
        "rejected": report.rejected,
        "speed": rows / figures["seconds"],
        "peak_mib": peak,
    }


if __name__ == "__main__":
    sys.exit(main())
