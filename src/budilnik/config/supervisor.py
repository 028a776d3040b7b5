"""Keeps processes running: starts again what has died, ends all of them when told to."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

from django.utils.translation import gettext as _

from budilnik.config.printing import people
from budilnik.config.supervised import SUPERVISOR

LOOK_EVERY_SECONDS = 0.1
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
# Who has lived that long did not die of what killed him before.
HEALTHY_AFTER_SECONDS = 60.0
GRACE_SECONDS = 4.0
STDERR = 2


@dataclass(slots=True, kw_only=True)
class Child:
    """A process to keep. It leads a group of its own: Ctrl-C in the terminal reaches the supervisor alone."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    pause_seconds: float = FIRST_PAUSE_SECONDS
    start_at: float = 0.0
    started_at: float = 0.0

    def keep(self, elapsed: float) -> None:
        """Start the process when it is time to, and see whether it still runs."""
        if self.process is None:
            if elapsed >= self.start_at:
                self._start(elapsed)
        elif (code := self.process.poll()) is not None:
            self._has_ended(code, elapsed)

    def _start(self, elapsed: float) -> None:
        self.started_at = elapsed
        self.process = subprocess.Popen(
            self.command,
            env={**self.environment, SUPERVISOR: str(os.getpid())},
            stdin=subprocess.DEVNULL,
            stdout=STDERR,
            start_new_session=True,
        )

    def _has_ended(self, code: int, elapsed: float) -> None:
        self.kill()
        if elapsed - self.started_at >= HEALTHY_AFTER_SECONDS:
            self.pause_seconds = FIRST_PAUSE_SECONDS
        told = {"name": self.name, "code": code, "pause": self.pause_seconds}
        people.print(_("The %(name)s process ended (%(code)d); it starts again in %(pause)d s.") % told)
        self.process, self.start_at = None, elapsed + self.pause_seconds
        self.pause_seconds = min(self.pause_seconds * 2, LONGEST_PAUSE_SECONDS)

    def ask_to_end(self) -> None:
        """Ask the process to end by itself."""
        if self.process is not None:
            self.process.terminate()

    def kill(self) -> None:
        """Kill what is left of the process and of those it started."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass(slots=True)
class Ending:
    """Remembers that a signal told the process to end."""

    asked: bool = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        """Be told."""
        self.asked = True


def supervise(children: Sequence[Child], *, meanwhile: Callable[[], None]) -> None:
    """Keep the processes running until a signal says to end; none of them is left then."""
    ending = Ending()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # `nohup` means it; a shell that starts something in the background ignores Ctrl-C for it, and does not.
        if each is not signal.SIGHUP or signal.getsignal(each) is not signal.SIG_IGN:
            signal.signal(each, ending)
    try:
        while not ending.asked:
            for child in children:
                child.keep(time.monotonic())
            meanwhile()
            time.sleep(LOOK_EVERY_SECONDS)
    finally:
        _end(children)


def _end(children: Sequence[Child]) -> None:
    for child in children:
        child.ask_to_end()
    until = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < until and any(c.process is not None and c.process.poll() is None for c in children):
        time.sleep(LOOK_EVERY_SECONDS / 2)
    for child in children:
        child.kill()
