"""Long work that people ask for: the loop starts a worker for it, so that the morning never waits behind it.

The worker is a process of its own. Killed, its lease runs out and the next one begins the work anew.
"""

import logging
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from budilnik.core.policy import Policy
from budilnik.core.refusal import Refusal
from budilnik.core.whatif import FORECAST, SIMULATION
from budilnik.jobs.clock import day_of, now
from budilnik.jobs.morning import is_gone, this_process
from budilnik.jobs.scheduled import Moment
from budilnik.jobs.simulation import simulation_job
from budilnik.staff.actions.jobs import claim_next, end_job, report
from budilnik.staff.queries import rules_on
from budilnik.staff.queries.jobs import JobState, holders_of_work, work_waits

type Step = Callable[[int, int], bool]
type Work = Callable[..., dict[str, Any] | None]

KINDS: Mapping[str, Work] = {SIMULATION: simulation_job, FORECAST: simulation_job}
COMMAND = (sys.executable, "-m", "budilnik.config.cli", "work")

log = logging.getLogger(__name__)
_workers: list[subprocess.Popen[bytes]] = []


class WorkFailed(Refusal):
    """A fault of the program: the sentence goes to the page, the rest to the log."""

    ru = "Расчёт прерван ошибкой программы; подробности в журнале сервера."
    en = "The work was broken off by a fault of the program; the server's log says more."


def start_asked_work(moment: Moment) -> None:
    """See to it that somebody does the work that was asked for: one worker at a time."""
    _workers[:] = [worker for worker in _workers if worker.poll() is None]
    if _workers:
        return
    if work_waits(now=moment.now) or any(map(is_gone, holders_of_work())):
        # In the group of this process: who kills the group of the jobs kills the worker too.
        _workers.append(subprocess.Popen(COMMAND, stdin=subprocess.DEVNULL))


def do_asked_work() -> int:
    """Do the work that waits, one piece after another, until none is left; return how much was done."""
    pieces = 0
    while claimed := claim_next(holder=this_process(), now=now(), is_gone=is_gone):
        _do(claimed)
        pieces += 1
    return pieces


def _do(claimed: JobState) -> None:
    holder = this_process()

    def step(done: int, total: int) -> bool:
        return report(claimed.job_id, holder=holder, done=done, total=total, now=now())

    try:
        on, policy = _today()
        told = KINDS[claimed.kind](claimed.asked, on=on, policy=policy, step=step)
    except Refusal as refusal:
        end_job(claimed.job_id, holder=holder, end="failed", now=now(), trouble=refusal)
    except Exception:
        log.exception(_("the work “%(kind)s” failed") % {"kind": claimed.kind})
        end_job(claimed.job_id, holder=holder, end="failed", now=now(), trouble=WorkFailed())
    else:
        end_job(claimed.job_id, holder=holder, end="stopped" if told is None else "done", now=now(), told=told)


def _today() -> tuple[date, Policy]:
    moment = now()
    on = day_of(moment, rules_on(moment.date()).policy.company_zone)
    return on, rules_on(on).policy
