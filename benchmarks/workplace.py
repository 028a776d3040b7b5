"""How long the server thinks about each page of the workplace, and how much it asks of the database.

    python benchmarks/workplace.py [--clients 100000] [--database sqlite|postgres|both] [--workers 1,2]
        [--requests 200] [--json]

Each worker has one visitor who sends it a request at a time; every round holds one request of each kind, so that
whatever else goes on on the machine hits all kinds alike. Times are the server's own, see `timed_wsgi.py`.
"""

import json
import os
import sys
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

from firm import AT_WORK, clock, firm, stage
from pages import Answer, Browser, Shown, outcome_at, serving, shown_on

WARM_UP = 10
COLUMNS = (
    ("database", "{database}"),
    ("workers", "{workers}"),
    ("page", "{page}"),
    ("p50, ms", "{p50:.1f}"),
    ("p95, ms", "{p95:.1f}"),
    ("longest, ms", "{longest:.1f}"),
    ("CPU p50, ms", "{cpu:.1f}"),
    ("database p50, ms", "{database_ms:.1f}"),
    ("queries", "{queries}"),
    ("x empty page", "{times_empty:.1f}"),
)
EMPTY = "one's own page"


class Visitor:
    """Visits one worker in the name of many; the names are given to him alone."""

    def __init__(self, browser: Browser, *, staff: dict[str, Any], savers: Iterator[dict[str, Any]]) -> None:
        self.browser, self.savers = browser, savers
        self.readers, self.head = staff["callers"], staff["head"]
        self.saves, self.saver = 0, dict[str, Any]()
        self.page = Shown(action="", seen="", cards=())
        self.opened = self.page

    def ask(self, who: dict[str, Any], address: str, *, htmx: bool = False) -> Answer:
        """Ask for a page in somebody's name; anything but the page ends the benchmark."""
        self.browser.session = who["session"]
        return _good(self.browser.get(address, htmx=htmx), address)

    def reader(self, number: int) -> dict[str, Any]:
        """Return who reads in that round."""
        return dict(self.readers[number % len(self.readers)])

    def day(self, number: int) -> Answer:
        """Open the day."""
        answer = self.ask(self.reader(number), "/day/")
        self.opened = shown_on(answer.text)
        return answer

    def card(self, number: int) -> Answer:
        """Open a card of the same day: the one in turn, or one that was promised."""
        cards = self.opened.cards
        return self.ask(self.reader(number), cards[number % len(cards)], htmx=True)

    def save(self, number: int) -> Answer:
        """Write down the outcome of the next call of a whole working day."""
        while not self.page.action:
            self.saver = next(self.savers, {}) or sys.exit("too few managers for so many saves: raise --clients")
            self.page = shown_on(self.ask(self.saver, "/day/").text)
        self.browser.session = self.saver["session"]
        form = {"seen": self.page.seen, "note": "Разговор записан."} | outcome_at(self.saves)
        answer = _good(self.browser.post(self.page.action, form), self.page.action)
        self.saves += 1
        self.page = shown_on(answer.text)
        return answer

    def search(self, number: int, *, who: str, what: str) -> Answer:
        """Look for a client by part of his name or of his telephone."""
        seeker = self.head if who == "head" else self.reader(number)
        client = seeker["clients"][number * 7 % len(seeker["clients"])]
        query = {"name": f"КЛИЕНТ {client % 1_000:03}", "phone": f"{client:06}"[:3] + "-" + f"{client:06}"[3:]}[what]
        return self.ask(seeker, f"/clients/?{urlencode({'q': query})}")

    def client(self, number: int) -> Answer:
        """Open the page of one's own client."""
        who = self.reader(number)
        return self.ask(who, f"/clients/{who['clients'][number % len(who['clients'])]}/")


KINDS: dict[str, Callable[[Visitor, int], Answer]] = {
    EMPTY: lambda v, n: v.ask(v.reader(n), "/me/"),
    "day": Visitor.day,
    "card": Visitor.card,
    "save and next": Visitor.save,
    "list of clients": lambda v, n: v.ask(v.reader(n), "/clients/"),
    "list of clients, head": lambda v, n: v.ask(v.head, "/clients/"),
    "search by name": lambda v, n: v.search(n, who="manager", what="name"),
    "search by name, head": lambda v, n: v.search(n, who="head", what="name"),
    "search by phone": lambda v, n: v.search(n, who="manager", what="phone"),
    "search by phone, head": lambda v, n: v.search(n, who="head", what="phone"),
    "page of a client": Visitor.client,
    "team, head": lambda v, n: v.ask(v.head, "/team/"),
    "alarm": lambda v, n: v.ask(v.reader(n), "/promises/alarm/"),
}


def _good(answer: Answer, address: str) -> Answer:
    if answer.status != 200:
        sys.exit(f"{address} answered {answer.status}: {answer.text[:2000]}")
    return answer


def _arguments() -> Namespace:
    parser = ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--requests", type=int, default=200, help="of each kind")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def main() -> int:
    args = _arguments()
    found: list[dict[str, Any]] = []
    if not args.json:
        print(" | ".join(name for name, _ in COLUMNS))
    for kind in ("sqlite", "postgres") if args.database == "both" else (args.database,):
        with firm(kind, clients=args.clients) as environment:
            for figures in measure(environment, workers=map(int, args.workers.split(",")), requests=args.requests):
                found.append({"database": kind, "clients": args.clients} | figures)
                if not args.json:
                    print(" | ".join(form.format(**found[-1]) for _, form in COLUMNS), flush=True)
    if args.json:
        print(json.dumps(found, indent=1))
    else:
        print("load average:", *(f"{load:.1f}" for load in os.getloadavg()))
    return 0


def measure(environment: dict[str, str], *, workers: Iterator[int], requests: int) -> Iterator[dict[str, Any]]:
    """Visit every kind of page with each number of workers; nobody's day is worked twice."""
    staff = stage("staff", environment)
    savers = _Shared(iter(staff["callers"]))
    for count in workers:
        with serving(environment | clock(AT_WORK), workers=count) as port:
            answers = _visit(port, workers=count, staff=staff, savers=savers, requests=requests)
        empty = median(answer.wall for answer in answers[EMPTY])
        for page, of_kind in answers.items():
            yield {"workers": count, "page": page, "load": os.getloadavg()[0]} | _figures(of_kind, empty)


class _Shared(Iterator[dict[str, Any]]):
    """An iterator that several threads take from."""

    def __init__(self, rest: Iterator[dict[str, Any]]) -> None:
        self._rest, self._lock = rest, threading.Lock()

    def __next__(self) -> dict[str, Any]:
        with self._lock:
            return next(self._rest)


def _visit(
    port: int, *, workers: int, staff: dict[str, Any], savers: Iterator[dict[str, Any]], requests: int
) -> dict[str, list[Answer]]:
    visitors = [Visitor(browser, staff=staff, savers=savers) for browser in _one_each(port, workers, staff["head"])]
    answers: dict[str, list[Answer]] = {name: [] for name in KINDS}
    warm_up = WARM_UP * workers

    def rounds(first: int) -> None:
        for number in range(first, requests + warm_up, workers):
            for name, request in KINDS.items():
                answer = request(visitors[first], number)
                if number >= warm_up:
                    answers[name].append(answer)

    with ThreadPoolExecutor(max_workers=workers) as lanes:
        list(lanes.map(rounds, range(workers)))
    for visitor in visitors:
        visitor.browser.close()
    return answers


def _one_each(port: int, workers: int, who: dict[str, Any]) -> list[Browser]:
    """Return a connection to every worker; the kernel picks one for each connection, so try until all are met."""
    met: dict[int, Browser] = {}
    for _ in range(200 * workers):
        browser = Browser(port=port, session=who["session"])
        worker = browser.get("/health/").worker
        if worker in met:
            browser.close()
        met.setdefault(worker, browser)
        if len(met) == workers:
            return list(met.values())
    sys.exit(f"of {workers} workers only {len(met)} answer")


def _figures(answers: list[Answer], empty: float) -> dict[str, Any]:
    walls = [answer.wall for answer in answers]
    asked = sorted(answer.queries for answer in answers)
    middle, most = asked[len(asked) // 2], asked[-1]
    return {
        "requests": len(answers),
        "p50": median(walls),
        "p95": quantiles(walls, n=20, method="inclusive")[-1],
        "longest": max(walls),
        "cpu": median(answer.cpu for answer in answers),
        "database_ms": median(answer.database for answer in answers),
        "queries": f"{middle}" if middle == most else f"{middle}, at most {most}",
        "times_empty": median(walls) / empty,
    }


if __name__ == "__main__":
    sys.exit(main())
