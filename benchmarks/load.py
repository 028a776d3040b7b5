"""Fifty managers at work at once, each faster than any person, and whether every call they saved is there once.

    python benchmarks/load.py [--managers 50] [--seconds 300] [--pace 10] [--clients 100000]
        [--database sqlite|postgres|both] [--workers 2] [--json]

Each goes through his own list: reads the card, saves the outcome, gets the next client; now and then he opens another
card, looks for a client, asks for the next portion when the list is done; every page asks for its alarm. `--pace` is
the mean of seconds between two calls. Anything but the expected page is an error. At the end the calls in the database
are compared with the saves that were acknowledged, and the cached state with history.
"""

import json
import os
import random
import sys
import threading
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

from firm import AT_WORK, clock, firm, stage
from pages import Answer, Browser, Shown, outcome_at, serving, shown_on

ALARM_EVERY = 25.0
SEARCHES, CARDS, CLIENTS = 0.15, 0.20, 0.10
MOST_MANAGERS, LONGEST_SECONDS = 200, 3_600
COLUMNS = (
    ("database", "{database}"),
    ("request", "{request}"),
    ("requests", "{requests}"),
    ("errors", "{errors}"),
    ("p50, ms", "{p50:.0f}"),
    ("p95, ms", "{p95:.0f}"),
    ("longest, ms", "{longest:.0f}"),
    ("server p50, ms", "{server_p50:.0f}"),
    ("server p95, ms", "{server_p95:.0f}"),
    ("CPU p50, ms", "{cpu:.0f}"),
)


@dataclass(slots=True, kw_only=True)
class Log:
    """What all have seen: answers by kind, errors with what was answered, saves acknowledged by task."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)
    saved: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, answer: Answer) -> None:
        """Keep an answer; one that is no page is an error."""
        with self.lock:
            self.answers.setdefault(kind, []).append(answer)
            if answer.status != 200:
                self.errors.append((kind, f"{answer.status}: {answer.text[:300]}"))

    def fail(self, kind: str, trouble: Exception) -> None:
        """Keep a request that got no answer at all."""
        with self.lock:
            self.errors.append((kind, f"{type(trouble).__name__}: {trouble}"))


class Manager:
    """One who works his list until the time is over."""

    def __init__(self, who: dict[str, Any], *, port: int, pace: float, until: float, log: Log) -> None:
        self.who, self.pace, self.until, self.log = who, pace, until, log
        self.browser = Browser(port=port, session=who["session"])
        self.dice = random.Random(who["employee"])
        self.page = Shown(action="", seen="", cards=())
        self.calls, self.alarm_at = who["employee"], 0.0

    def work(self) -> None:
        """Work from the first card to the end of the time."""
        self._rest(self.dice.uniform(0, self.pace))
        self.alarm_at = time.monotonic() + self.dice.uniform(0, ALARM_EVERY)
        self._open_day()
        while time.monotonic() < self.until:
            self._look_around()
            self._rest(self.dice.uniform(0.5, 1.5) * self.pace)
            if time.monotonic() < self.until:
                self._call() if self.page.action else self._ask_for_more()
        self.browser.close()

    def _call(self) -> None:
        form = {"seen": self.page.seen, "note": "Разговор записан."} | outcome_at(self.calls)
        self.calls += 1
        action = self.page.action
        answer = self._try("save and next", lambda: self.browser.post(action, form))
        if answer is not None and answer.status == 200:
            with self.log.lock:
                self.log.saved[action.split("/")[2]] += 1
        self._turn_to(answer)

    def _ask_for_more(self) -> None:
        self._turn_to(self._try("portion", lambda: self.browser.post("/day/portion/", {})))
        if not self.page.action:
            self._open_day()

    def _look_around(self) -> None:
        luck = self.dice.random()
        client = self.dice.choice(self.who["clients"])
        if luck < SEARCHES:
            query = urlencode({"q": f"клиент {client % 1_000:03}"})
            self._try("search", lambda: self.browser.get(f"/clients/?{query}"))
            self._open_day()
        elif luck < SEARCHES + CARDS and self.page.cards:
            card = self.dice.choice(self.page.cards)
            self._try("card", lambda: self.browser.get(card, htmx=True))
        elif luck < SEARCHES + CARDS + CLIENTS:
            self._try("page of a client", lambda: self.browser.get(f"/clients/{client}/"))
            self._open_day()

    def _open_day(self) -> None:
        self._turn_to(self._try("day", lambda: self.browser.get("/day/")))

    def _turn_to(self, answer: Answer | None) -> None:
        """Go on with the page that came; after trouble open the day anew, as a person would."""
        if answer is not None and answer.status == 200:
            self.page = shown_on(answer.text)
        elif time.monotonic() < self.until:
            self._rest(self.pace / 4)
            self._open_day()

    def _try(self, kind: str, request: Callable[[], Answer]) -> Answer | None:
        try:
            answer = request()
        except (OSError, HTTPException) as trouble:
            self.browser.close()
            self.log.fail(kind, trouble)
            return None
        self.log.note(kind, answer)
        return answer

    def _rest(self, seconds: float) -> None:
        """Think, while the open page asks for its alarm."""
        until = time.monotonic() + seconds
        while (now := time.monotonic()) < until:
            if self.alarm_at and now >= self.alarm_at:
                self._try("alarm", lambda: self.browser.get("/promises/alarm/", htmx=True))
                self.alarm_at = now + ALARM_EVERY
            time.sleep(min(0.2, until - now))


def _arguments() -> Namespace:
    parser = ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--managers", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--pace", type=float, default=10.0, help="mean seconds between two calls of one manager")
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    args.managers, args.seconds = min(args.managers, MOST_MANAGERS), min(args.seconds, LONGEST_SECONDS)
    return args


def main() -> int:
    args = _arguments()
    found, good = [], True
    for kind in ("sqlite", "postgres") if args.database == "both" else (args.database,):
        with firm(kind, clients=args.clients) as environment:
            found.append({"database": kind} | measure(environment, args))
        good &= _tell(found[-1], quiet=args.json)
    if args.json:
        print(json.dumps(found, indent=1))
    return 0 if good else 1


def measure(environment: dict[str, str], args: Namespace) -> dict[str, Any]:
    """Let all work at once, then take stock."""
    staff = stage("staff", environment)
    log, at_work = Log(), staff["callers"][: args.managers]
    with serving(environment | clock(AT_WORK), workers=args.workers) as port:
        until = time.monotonic() + args.seconds
        managers = [Manager(who, port=port, pace=args.pace, until=until, log=log) for who in at_work]
        threads = [threading.Thread(target=each.work) for each in managers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    stock = stage("account", environment)
    return {
        "clients": args.clients,
        "managers": len(at_work),
        "seconds": args.seconds,
        "pace": args.pace,
        "workers": args.workers,
        "load": os.getloadavg()[0],
        "saved": log.saved.total(),
        "calls": sum(stock["calls"].values()),
        "tasks_that_differ": len((log.saved - Counter(stock["calls"])) + (Counter(stock["calls"]) - log.saved)),
        "differences": stock["differences"],
        "errors": log.errors[:20],
        "requests": [_figures(kind, log) for kind in log.answers],
    }


def _figures(kind: str, log: Log) -> dict[str, Any]:
    answers = log.answers[kind]
    seen, server = [each.seconds * 1000 for each in answers], [each.wall for each in answers]
    return {
        "request": kind,
        "requests": len(answers),
        "errors": sum(each == kind for each, _ in log.errors),
        "p50": median(seen),
        "p95": _p95(seen),
        "longest": max(seen),
        "server_p50": median(server),
        "server_p95": _p95(server),
        "cpu": median(each.cpu for each in answers),
    }


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def _tell(found: dict[str, Any], *, quiet: bool) -> bool:
    """Print what was found; say whether nothing went wrong."""
    good = not found["errors"] and not found["tasks_that_differ"] and not found["differences"]
    if not quiet:
        print(" | ".join(name for name, _ in COLUMNS))
        for row in sorted(found["requests"], key=lambda row: -row["requests"]):
            print(" | ".join(form.format(database=found["database"], **row) for _, form in COLUMNS))
        print(
            f"{found['managers']} managers, {found['seconds']} s: {found['saved']} saves acknowledged, "
            f"{found['calls']} calls in the database, tasks that differ: {found['tasks_that_differ']}; "
            f"differences between the cached state and history: {found['differences']}; "
            f"errors: {len(found['errors'])}; load average {found['load']:.1f}",
            flush=True,
        )
        for kind, what in found["errors"]:
            print(f"  {kind}: {what}")
    return good


if __name__ == "__main__":
    sys.exit(main())
