"""A process of its own for the tests: makes a base, or makes a morning and dies where it is told to."""

import os
import signal
import sys
from datetime import date, timedelta

os.environ["DJANGO_SETTINGS_MODULE"] = "budilnik.config.settings"
ON = date(2026, 3, 11)


def make() -> None:
    """Load a small company and make the morning of the day before: the next one is an ordinary day."""
    from budilnik.config.startup import ensure_database
    from budilnik.demo.company import make_company
    from budilnik.demo.load import load_company
    from budilnik.jobs.morning import make_morning

    ensure_database()
    load_company(make_company(clients=240, managers=4, years=2), progress=lambda *_: None)
    make_morning(ON - timedelta(days=1), step=lambda _: None)
    # A new version of the rules makes every client due, so that each step of the morning has something to write.
    stricter()


def stricter() -> None:
    from budilnik.core.policy import Policy
    from budilnik.jobs.clock import now
    from budilnik.staff.actions import set_policy

    set_policy(
        policy=Policy(forgotten_after_months=2, lost_after_months=5),
        starts_on=ON,
        on=ON - timedelta(days=1),
        why="stricter",
        by=None,
        now=now(),
    )


def morning(point: str) -> None:
    from budilnik.jobs.morning import make_morning

    def step(name: str) -> None:
        if name == point:
            os.kill(os.getpid(), signal.SIGKILL)

    make_morning(ON, step=step)


if __name__ == "__main__":
    from budilnik.config.startup import start

    start()
    make() if sys.argv[1] == "make" else morning(sys.argv[2])
