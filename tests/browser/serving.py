"""The browser and the site before it: in a thread of the tests, or as a process that may be killed."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import closing, nullcontext
from http.client import HTTPConnection
from pathlib import Path
from threading import Barrier, Condition
from time import monotonic, sleep
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import BrowserContext

from bases import ROOT
from budilnik.staff.models import Employee

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
MISSING = "Chromium is missing. `make test` installs it on Debian; elsewhere put `chromium` on the PATH."
LOCALHOST = "127.0.0.1"
PATIENCE_SECONDS = 20

type Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def chromium() -> dict[str, Any]:
    """Return how Playwright starts the machine's Chromium.

    Raises: FileNotFoundError.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise FileNotFoundError(MISSING)
    # In a container there is no second sandbox to make, and little shared memory. Calendars and clocks of fields speak
    # the language of the browser and not of the page.
    args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=ru"]
    return {"executable_path": program, "args": args, "env": {**os.environ, "LANGUAGE": "ru"}}


def sit_down(context: BrowserContext, employee: Employee, url: str) -> None:
    """Put the session of an employee into a browser, as if he had just signed in."""
    visitor = Client()
    visitor.force_login(employee)
    request = HttpRequest()
    request.session = visitor.session
    record_authentication(request, employee, method="password", reauthenticated=True)
    request.session.save()
    context.add_cookies([{"name": "sessionid", "value": visitor.cookies["sessionid"].value, "url": url}])


class Traffic:
    """Counts the requests under way, and lets some of them in only together."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._changed = Condition()
        self._running = 0
        self._meeting: tuple[str, Barrier] | None = None

    def __call__(self, environment: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        self._count(+1)
        try:
            self._wait_for_the_others(environment)
            answer = self._application(environment, start)
            with closing(answer) if hasattr(answer, "close") else nullcontext():
                yield from answer
        finally:
            self._count(-1)

    def _count(self, change: int) -> None:
        with self._changed:
            self._running += change
            self._changed.notify_all()

    def _wait_for_the_others(self, environment: dict[str, Any]) -> None:
        if self._meeting and environment["REQUEST_METHOD"] == "POST" and self._meeting[0] in environment["PATH_INFO"]:
            self._meeting[1].wait(PATIENCE_SECONDS)

    def meet(self, count: int, part: str) -> None:
        """Hold the next `count` requests that write under an address with `part` until all have come."""
        self._meeting = (part, Barrier(count, action=self.part))

    def part(self) -> None:
        """Hold nobody any more."""
        self._meeting = None

    def calm(self) -> None:
        """Wait until no request is under way."""
        with self._changed:
            assert self._changed.wait_for(lambda: not self._running, PATIENCE_SECONDS), "a request never ends"


class Site:
    """The site in a thread, on a free port; it shares the database and the clock with the tests."""

    def __init__(self) -> None:
        self.traffic: Traffic
        self._thread = LiveServerThread(LOCALHOST, static_handler=self._counted)
        self._thread.daemon = True
        self._thread.start()
        self._thread.is_ready.wait()
        if self._thread.error:
            raise self._thread.error
        self.url = f"http://{LOCALHOST}:{self._thread.port}"

    def _counted(self, application: Application) -> Application:
        self.traffic = Traffic(application)
        return self.traffic

    def end(self) -> None:
        """Stop answering."""
        self._thread.terminate()


class ServerProcess:
    """The web process of an installation on a port of its own, to be killed and started again there."""

    def __init__(self, port: int, *, database_url: str, environment: dict[str, str]) -> None:
        self.url = f"http://{LOCALHOST}:{port}"
        self._port = port
        self._environment = os.environ | {
            "BUDILNIK_DATABASE_URL": database_url,
            "PYTHONPATH": str(Path(ROOT) / "src"),
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until the pages answer."""
        command = [sys.executable, "-m", "budilnik.config.webserver", LOCALHOST, str(self._port), "1"]
        self._process = subprocess.Popen(command, env=self._environment, start_new_session=True)
        until = monotonic() + PATIENCE_SECONDS
        while not self._answers():
            assert monotonic() < until, "the server does not start"
            sleep(0.05)

    def _answers(self) -> bool:
        connection = HTTPConnection(LOCALHOST, self._port, timeout=5)
        try:
            connection.request("GET", "/health/")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """Kill it and its workers without a word."""
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(PATIENCE_SECONDS)
