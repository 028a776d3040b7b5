"""How long a trial of other rules takes: the next morning decided twice, nothing written.

    python benchmarks/trial.py [--sizes 10000,100000] [--databases sqlite,postgres] [--shapes ordinary,neglected]

The trial: norm 25, lost after five months. The middle of five trials in one process, as a page would make them.
"""

import json
import sys
import time
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from morning import child, database, read

TIMES = 5


def _build(case: dict[str, Any]) -> dict[str, Any]:
    import base
    from budilnik.config.startup import ensure_database

    ensure_database()
    base.build(case["shape"], clients=case["clients"])
    return {}


def _try(_case: dict[str, Any]) -> dict[str, Any]:
    import base
    from budilnik.calling.actions.trial import try_policy
    from budilnik.core.policy import Policy
    from budilnik.staff.queries import read_once

    on = base.MORNING - timedelta(days=1)
    now = datetime.combine(on, datetime.min.time(), UTC)
    policy = Policy(norm=25, lost_after_months=5)
    taken, busy = [], []
    for _ in range(TIMES):
        begun, cpu = time.perf_counter(), time.process_time()
        with read_once():
            trial = try_policy(policy=policy, workloads={}, starts_on=base.MORNING, on=on, now=now)
        taken.append(time.perf_counter() - begun)
        busy.append(time.process_time() - cpu)
    return {
        "seconds": median(taken),
        "cpu": median(busy),
        "to_pool": trial.then.loses,
        "to_pool_now": trial.now.loses,
        "different": len(trial.different),
    }


STAGES = {"build": _build, "try": _try}


def main() -> int:
    """Print a line for every database, shape and size."""
    parser = ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--shapes", default="ordinary,neglected")
    parser.add_argument("--child", nargs=2, metavar=("STAGE", "CASE"), help="used by the benchmark itself")
    args = parser.parse_args()
    if args.child:
        from budilnik.config.startup import start

        start()
        stage, case = args.child
        print(json.dumps(STAGES[stage](json.loads(case))))
        return 0
    for kind in args.databases.split(","):
        for shape in args.shapes.split(","):
            for clients in map(int, args.sizes.split(",")):
                _one(kind, shape, clients)
    return 0


def _one(kind: str, shape: str, clients: int) -> None:
    with database(kind) as environment:
        read(child("build", {"shape": shape, "clients": clients}, environment, program=__file__))
        told = read(child("try", {}, environment, program=__file__))
    print(
        f"{kind} {shape} {clients:,}: {told['seconds']:.2f} s, processor {told['cpu']:.2f} s; to the pool "
        f"{told['to_pool']:,} (now {told['to_pool_now']:,}), different {told['different']:,}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
