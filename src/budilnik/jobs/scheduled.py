"""What runs without anybody asking: the morning at its hour, and the worth of clients whose sales have changed."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from budilnik.calling.actions.arrivals import refresh_sales
from budilnik.calling.actions.morning import MorningIsBeingMade
from budilnik.calling.actions.schedule import run_by_schedule
from budilnik.calling.queries.morning import last_published
from budilnik.calling.queries.schedule import MorningStage, morning_state
from budilnik.clients.queries.base import base_is_empty
from budilnik.core.policy import Policy
from budilnik.core.schedule import morning_is_due, was_missed
from budilnik.integrations.queries import first_loaded_at, import_is_running
from budilnik.jobs.clock import day_of, now
from budilnik.jobs.morning import is_gone, this_process
from budilnik.jobs.outlook import insight_is_due, look_before_morning, somebody_looks
from budilnik.jobs.statistics import renew_statistics
from budilnik.staff.queries import rules_on

CLIENTS_AT_ONCE = 1_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What one look at the clock says: the moment in UTC, the company's day, the rules in force on it."""

    now: datetime
    on: date
    policy: Policy


def look_at_the_clock() -> Moment:
    """Read the clock once, for everything that one tick does."""
    moment = now()
    on = day_of(moment, rules_on(moment.date()).policy.company_zone)
    return Moment(now=moment, on=on, policy=rules_on(on).policy)


def insight_by_schedule(moment: Moment) -> None:
    """Look at the whole base once a day, when the hour of the morning has come."""
    zone, morning_at = ZoneInfo(moment.policy.company_zone), time.fromisoformat(moment.policy.morning_at)
    if moment.now.astimezone(zone).time() < morning_at or not insight_is_due(moment.on):
        return
    if not import_is_running(moment.now):
        look_before_morning(moment.on)


def morning_by_schedule(moment: Moment) -> None:
    """Make the morning of the day when it is due; log what came of it."""
    # The lists rest on a look at the sales: while another server makes it, they wait; where it failed, they do not.
    if not _is_due(moment) or somebody_looks(moment.now):
        return
    try:
        published = run_by_schedule(
            on=moment.on, holder=this_process(), clock=now, step=lambda name: None, is_gone=is_gone
        )
    except MorningIsBeingMade:
        # Another server has it; when that one fails, its lease runs out and a later tick finishes the work.
        return
    day = {"day": moment.on}
    if published:
        renew_statistics()
        log.info(_("the morning of %(day)s is published") % day)
    else:
        log.warning(_("the morning of %(day)s waits for the head: it would release too many clients") % day)


def _is_due(moment: Moment) -> bool:
    zone, morning_at = ZoneInfo(moment.policy.company_zone), time.fromisoformat(moment.policy.morning_at)
    last = last_published()
    if not morning_is_due(on=moment.on, at=moment.now.astimezone(zone).time(), morning_at=morning_at, last=last):
        return False
    if morning_state(moment.on).stage is MorningStage.HELD:
        return False
    # Half a file is no base to judge by: whose order stands in the other half would be lost wrongly.
    if base_is_empty() or import_is_running(moment.now):
        return False
    rang_at = datetime.combine(moment.on, morning_at, zone)
    return last is not None or was_missed(loaded_at=first_loaded_at(), rang_at=rang_at)


def refresh_stale_sales(moment: Moment) -> None:
    """Count anew what a batch of clients is worth, those whose sales have changed since it was counted."""
    refresh_sales(on=moment.on, at_most=CLIENTS_AT_ONCE)
