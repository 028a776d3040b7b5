"""A process that another one keeps: it does not outlive the one that started it."""

import os
import signal
import threading
import time

SUPERVISOR = "BUDILNIK_SUPERVISOR"
LOOK_EVERY_SECONDS = 0.5
GRACE_SECONDS = 3.0


def is_supervised() -> bool:
    """Say whether `budilnik serve` started this process, or one above it."""
    return SUPERVISOR in os.environ


def leave_with(parent: int) -> None:
    """End this process when its parent is gone, however that ended; SIGKILL leaves a parent no time to say so."""
    threading.Thread(target=_watch, args=(parent,), name="leave with the parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)
