"""The pages as a browser asks for them: a server on loopback, and one who is signed in and reads what he is shown."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

HOST, PATIENCE = "127.0.0.1", 60.0
CSRF = "b" * 32
FORM = re.compile(r'<form id="outcome".*?</form>', re.S)
ACTION, SEEN = re.compile(r'hx-post="([^"]+)"'), re.compile(r'name="seen" value="(\d+)"')
CARDS = re.compile(r'hx-get="(/day/\?task=\d+)"')


@contextmanager
def serving(environment: Mapping[str, str], *, workers: int) -> Iterator[int]:
    """Serve the site with a watch; give its port."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    program = Path(__file__).with_name("timed_wsgi.py")
    server = subprocess.Popen(
        [sys.executable, program, HOST, str(port), str(workers)],
        env={**os.environ, **environment, "BUDILNIK_SUPERVISOR": str(os.getpid())},
        start_new_session=True,
    )
    try:
        _wait(server, port)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)


def _wait(server: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        connection = HTTPConnection(HOST, port, timeout=PATIENCE)
        try:
            connection.request("GET", "/health/")
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.2)
        finally:
            connection.close()
    sys.exit("the site does not answer")


@dataclass(slots=True, kw_only=True)
class Answer:
    """What came back, and what the server says of it. Units: milliseconds."""

    status: int
    text: str
    worker: int
    seconds: float
    wall: float
    cpu: float
    database: float
    queries: int


@dataclass(slots=True, kw_only=True)
class Browser:
    """One who is signed in, with one connection that is kept."""

    port: int
    session: str
    connection: HTTPConnection | None = None

    def get(self, address: str, *, htmx: bool = False) -> Answer:
        """Ask for a page, or for a part of it."""
        return self._ask("GET", address, None, htmx=htmx)

    def post(self, address: str, form: Mapping[str, str]) -> Answer:
        """Send a form as htmx does."""
        return self._ask("POST", address, urlencode(form), htmx=True)

    def _ask(self, method: str, address: str, body: str | None, *, htmx: bool) -> Answer:
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={CSRF}", "Accept-Encoding": "identity"}
        if htmx:
            headers |= {"HX-Request": "true", "X-CSRFToken": CSRF}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self.connection is None:
            self.connection = HTTPConnection(HOST, self.port, timeout=PATIENCE)
        began = time.perf_counter()
        self.connection.request(method, address, body=body, headers=headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        seconds = time.perf_counter() - began
        told = _timing(response.getheader("Server-Timing", ""))
        return Answer(
            status=response.status,
            text=text,
            worker=int(response.getheader("Worker", "0")),
            seconds=seconds,
            wall=told.get("app", 0.0),
            cpu=told.get("cpu", 0.0),
            database=told.get("db", 0.0),
            queries=int(told.get("queries", 0)),
        )

    def close(self) -> None:
        """Hang up."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def _timing(header: str) -> dict[str, float]:
    parts = (each.strip().partition(";dur=") for each in header.split(",") if each)
    return {name: float(value) for name, _, value in parts}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page of the day offers: where the outcome goes and what it has seen, the cards that may be opened."""

    action: str
    seen: str
    cards: tuple[str, ...]


def shown_on(text: str) -> Shown:
    """Read a page of the day; `action` is empty when there is nobody to call."""
    form = FORM.search(text)
    inside = form.group() if form else ""
    action, seen = ACTION.search(inside), SEEN.search(inside)
    own = re.match(r"/day/(\d+)/outcome/", action.group(1)) if action else None
    opened = (f"/day/?task={own.group(1)}",) if own else ()
    return Shown(
        action=action.group(1) if action else "",
        seen=seen.group(1) if seen else "",
        cards=tuple(dict.fromkeys((*opened, *CARDS.findall(text)))),
    )


# Of a hundred calls by outcome, and what each needs besides; {day} and {soon} are dates.
OUTCOMES: tuple[tuple[int, str, dict[str, str]], ...] = (
    (42, "no_answer", {}),
    (5, "busy", {}),
    (20, "open", {"next_on": "{day}"}),
    (10, "callback", {"callback_on": "{soon}", "callback_at": "11:30", "next_step": "прайс на крепёж"}),
    (8, "interested", {"next_step": "отправить предложение", "next_on": "{soon}"}),
    (6, "order", {"goods": "болты М8, 40 кг"}),
    (5, "refused", {"reason": "price"}),
    (4, "wrong_person", {"person_name": "Сергей"}),
)
DAY, SOON = "2026-04-15", "2026-03-16"


def outcome_at(number: int) -> dict[str, str]:
    """Return the form of the call of that number; a hundred of them have every outcome in its share."""
    place = number * 37 % 100
    for share, code, details in OUTCOMES:
        if place < share:
            return {"outcome": code} | {name: text.format(day=DAY, soon=SOON) for name, text in details.items()}
        place -= share
    raise AssertionError("the shares of the outcomes are not a hundred")
