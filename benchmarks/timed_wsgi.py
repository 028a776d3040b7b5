"""The site with a watch: each answer says in its headers how long the server took and what it asked of the database.

    python benchmarks/timed_wsgi.py HOST PORT WORKERS

Served by granian with the settings of `budilnik serve`. `Server-Timing` holds milliseconds of wall clock, of this
thread's processor and of the database, and the number of queries; `Worker` is the process that answered.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

QUERIES = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


class Asked:
    """Counts the queries of a request and the seconds they took; BEGIN, COMMIT and savepoints are no queries."""

    def __init__(self) -> None:
        self.count, self.seconds = 0, 0.0

    def __call__(self, execute: Callable[..., object], sql: str, *rest: object) -> object:
        began = time.perf_counter()
        try:
            return execute(sql, *rest)
        finally:
            self.seconds += time.perf_counter() - began
            self.count += sql.lstrip(" (").upper().startswith(QUERIES)


def watched(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Return the application with a watch around it."""
    from django.db import connection

    def answer(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        started: list[Any] = []
        asked, began, cpu = Asked(), time.perf_counter(), time.thread_time()
        with connection.execute_wrapper(asked):
            body = application(environ, lambda *told: started.append(told))
        wall, cpu = time.perf_counter() - began, time.thread_time() - cpu
        status, headers, *rest = started[0]
        told = f"app;dur={wall * 1000:.3f}, cpu;dur={cpu * 1000:.3f}, db;dur={asked.seconds * 1000:.3f}"
        told += f", queries;dur={asked.count}"
        start_response(status, [*headers, ("Server-Timing", told), ("Worker", str(os.getpid()))], *rest)
        return body

    return answer


def _serve(host: str, port: int, workers: int) -> None:
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from budilnik.config.webserver import threads

    Server(
        "timed_wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        blocking_threads=threads(),
        log_level=LogLevels.warning,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
else:
    from budilnik.config.wsgi import application as site

    application = watched(site)
