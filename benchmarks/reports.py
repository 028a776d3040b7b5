"""How long the server thinks about each report of the head, and how much it asks of the database.

    python benchmarks/reports.py [--clients 100000] [--database sqlite|postgres|both] [--requests 5] [--json]

One worker, one visitor, a request at a time, after one that is not counted. Times are the server's own, see
`timed_wsgi.py`. The firm is that of `firm.py`; its calls and tasks lie in the thirty days before its morning.
"""

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from statistics import median
from typing import Any

from firm import AT_WORK, clock, firm, stage
from pages import Browser, serving

MONTH = "from=2026-02-11&until=2026-03-11"
PLACES = {
    "coverage by manager": "/reports/coverage/",
    "coverage by week": "/reports/coverage/weeks/",
    "coverage by class": "/reports/coverage/classes/",
    "coverage by days owned": "/reports/coverage/days/",
    "discipline, a month": f"/reports/discipline/?{MONTH}",
    "calls behind a figure": f"/reports/discipline/unplanned/?{MONTH}",
    "clients behind a figure": "/clients/?coverage=overdue&sort=value",
    "status flows, a quarter": "/reports/flows/?from=2026-01-01&until=2026-03-11",
    "base at risk": "/reports/money/",
    "new and existing revenue": "/reports/money/revenue/",
    "pool: in and out": "/reports/pool/",
    "pool: who lost whom": "/reports/pool/losers/",
    "pool: neglected backlog": "/reports/pool/backlog/?per_day=500",
    "effect of calls": "/reports/effect/",
    "funnel, three months": "/reports/effect/funnel/",
    "clients behind the funnel": "/reports/effect/funnel/pool/reached/",
}
COLUMNS = (
    ("database", "{database}"),
    ("report", "{report}"),
    ("median, ms", "{middle:.0f}"),
    ("longest, ms", "{longest:.0f}"),
    ("CPU median, ms", "{cpu:.0f}"),
    ("queries", "{queries}"),
)


def measure(environment: dict[str, str], *, requests: int) -> Iterator[dict[str, Any]]:
    """Open every report so many times as the head."""
    head = stage("staff", environment)["head"]
    with serving(environment | clock(AT_WORK), workers=1) as port:
        browser = Browser(port=port, session=head["session"])
        for report, address in PLACES.items():
            answers = [browser.get(address) for _ in range(requests + 1)][1:]
            if any(answer.status != 200 for answer in answers):
                sys.exit(f"{address} answered {answers[0].status}: {answers[0].text[:2000]}")
            yield {
                "report": report,
                "middle": median(answer.wall for answer in answers),
                "longest": max(answer.wall for answer in answers),
                "cpu": median(answer.cpu for answer in answers),
                "queries": max(answer.queries for answer in answers),
            }
        browser.close()


def _arguments() -> Namespace:
    parser = ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="sqlite")
    parser.add_argument("--requests", type=int, default=5, help="of each report")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def main() -> int:
    args = _arguments()
    found: list[dict[str, Any]] = []
    if not args.json:
        print(" | ".join(name for name, _ in COLUMNS))
    for kind in ("sqlite", "postgres") if args.database == "both" else (args.database,):
        with firm(kind, clients=args.clients) as environment:
            for figures in measure(environment, requests=args.requests):
                found.append({"database": kind, "clients": args.clients} | figures)
                if not args.json:
                    print(" | ".join(form.format(**found[-1]) for _, form in COLUMNS), flush=True)
    print(json.dumps(found, indent=1) if args.json else f"load average: {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
