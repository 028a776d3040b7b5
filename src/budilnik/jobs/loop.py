"""The loop of the jobs process: looks at the clock every few seconds and does what is due.

It may be stopped or killed at any point: every job repeats as a no-op.
"""

import logging
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from django.utils.translation import gettext as _

from budilnik.core.refusal import Refusal
from budilnik.jobs.asked_work import start_asked_work
from budilnik.jobs.letter import letters_by_schedule
from budilnik.jobs.outbox import send_waiting
from budilnik.jobs.scheduled import (
    Moment,
    insight_by_schedule,
    look_at_the_clock,
    morning_by_schedule,
    refresh_stale_sales,
)

POLL_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 300.0
COMPLAIN_EVERY_SECONDS = 60.0

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Job:
    """A piece of work that is tried at every tick; after an error it rests, longer each time."""

    name: str
    do: Callable[[Moment], None]
    pause_seconds: float = 0.0
    rests_until: float = 0.0

    def rest(self, elapsed: float) -> None:
        """Let the job be for a while."""
        self.pause_seconds = min(max(POLL_SECONDS, self.pause_seconds * 2), LONGEST_PAUSE_SECONDS)
        self.rests_until = elapsed + self.pause_seconds


@dataclass(slots=True, kw_only=True)
class Complaints:
    """Says that the database is away, once a minute and not at every tick."""

    next_at: float = 0.0

    def say(self, trouble: Exception, elapsed: float) -> None:
        """Log one sentence, unless one was logged a moment ago."""
        if elapsed >= self.next_at:
            self.next_at = elapsed + COMPLAIN_EVERY_SECONDS
            why = (str(trouble).strip() or type(trouble).__name__).splitlines()[0]
            log.error(_("the database does not answer: %(why)s; trying again") % {"why": why})


@dataclass(slots=True)
class Ending:
    """Ends the process by an exception, and remembers it: SQLite turns one raised in its callbacks into its own."""

    asked: bool = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        """Be told by a signal."""
        self.asked = True
        raise SystemExit(0)


def all_jobs() -> list[Job]:
    """Return everything that the loop does, in the order of a tick."""
    return [
        Job(name="asked work", do=start_asked_work),
        Job(name="insight", do=insight_by_schedule),
        Job(name="morning", do=morning_by_schedule),
        Job(name="letter", do=letters_by_schedule),
        Job(name="outbox", do=send_waiting),
        Job(name="sales", do=refresh_stale_sales),
    ]


def run_loop() -> None:
    """Do what is due until the process is told to end; it ends at once, in the middle of a job too."""
    ending = Ending()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, ending)
    jobs, complaints = all_jobs(), Complaints()
    while not ending.asked:
        tick(jobs, complaints, elapsed=time.monotonic())
        connections.close_all()
        if not ending.asked:
            time.sleep(POLL_SECONDS)


def tick(jobs: Sequence[Job], complaints: Complaints, *, elapsed: float) -> None:
    """Look at the clock once and try every job that does not rest. `elapsed` only measures pauses."""
    try:
        moment = look_at_the_clock()
    except (OperationalError, InterfaceError) as trouble:
        complaints.say(trouble, elapsed)
        return
    for job in jobs:
        if elapsed >= job.rests_until:
            _try(job, moment, complaints, elapsed=elapsed)


def _try(job: Job, moment: Moment, complaints: Complaints, *, elapsed: float) -> None:
    """Do one job; whatever happens to it, the others and the next tick go on."""
    try:
        job.do(moment)
    except (OperationalError, InterfaceError) as trouble:
        complaints.say(trouble, elapsed)
    except Refusal as refusal:
        log.warning(refusal.text(settings.LANGUAGE_CODE))
        job.rest(elapsed)
    except Exception:
        log.exception(_("the job “%(name)s” failed; it will be tried again") % {"name": job.name})
        job.rest(elapsed)
    else:
        job.pause_seconds = 0.0
