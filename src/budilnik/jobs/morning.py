"""The morning as a job: one process makes it, the others wait for what it publishes."""

import os
import platform
import time
from collections.abc import Callable
from datetime import date

from budilnik.calling.actions.morning import MorningIsBeingMade, run_morning
from budilnik.jobs.clock import now
from budilnik.jobs.statistics import renew_statistics

WAIT_SECONDS = 600.0
POLL_SECONDS = 0.2


def this_process() -> str:
    """Return a name by which another process can tell whether this one still lives."""
    return f"{platform.node()}:{os.getpid()}"


def is_gone(holder: str) -> bool:
    """Say whether a holder is a process of this machine that no longer lives; of others nothing is known."""
    node, _, number = holder.rpartition(":")
    if node != platform.node() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return int(number) == os.getpid()


def make_morning(on: date, *, step: Callable[[str], None]) -> None:
    """Make the morning of `on`, or wait until the process that makes it has published it.

    Raises: MorningInThePast, MorningTakenOver; MorningIsBeingMade after ten minutes of waiting.
    """
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            run_morning(on=on, holder=this_process(), clock=now, step=step, is_gone=is_gone)
        except MorningIsBeingMade:
            if time.monotonic() > until:
                raise
            time.sleep(POLL_SECONDS)
        else:
            renew_statistics()
            return
