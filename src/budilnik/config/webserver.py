"""The web process: granian with the site; `budilnik serve` starts it as `python -m budilnik.config.webserver`."""

import os
import sys

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from budilnik.config.supervised import SUPERVISOR, leave_with

WORKER_GRACE_SECONDS = 2


def threads() -> int:
    """Return how many requests a worker answers at once: pages wait for the database more than they compute."""
    return min(16, 2 * (os.cpu_count() or 1) + 1)


def main(host: str, port: int, workers: int) -> None:
    """Answer requests until told to end."""
    leave_with(int(os.environ.get(SUPERVISOR, os.getppid())))
    Server(
        "budilnik.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        blocking_threads=threads(),
        log_level=LogLevels.warning,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=WORKER_GRACE_SECONDS,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
