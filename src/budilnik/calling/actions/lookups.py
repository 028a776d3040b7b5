"""A client of somebody else found by a whole number or ИНН: served, counted, audited."""

from datetime import date, datetime, time

from django.db import transaction

from budilnik.calling.queries.clients import Stranger, strangers
from budilnik.calling.queries.sight import sight_of
from budilnik.core.search import Asked
from budilnik.staff.actions import audit, count_view
from budilnik.staff.models import AuditEntry, Employee, Tally
from budilnik.staff.queries import rules_on, zone_or

FOUND = "stranger_found"


@transaction.atomic
def look_up_strangers(*, asked: Asked, by: Employee, now: datetime, on: date) -> tuple[Stranger, ...]:
    """Return clients of others by a whole number or ИНН, so that one who calls in is served.

    Found and counted are one step, or what is shown could go uncounted. A client found again on the same day counts
    once; with the day's cap reached nothing more is told, not even that there is nobody.
    Raises: TooManyLookups.
    """
    sight = sight_of(by, on=on)
    if sight.everyone or not asked.is_exact:
        return ()
    rules = rules_on(on).policy
    found = strangers(sight, asked=asked)
    unknown = [each.client_id for each in found if not each.mine_today]
    known = _found_before(unknown, by=by, since=datetime.combine(on, time(), zone_or("", rules.company_zone)))
    fresh = [client for client in unknown if client not in known]
    if fresh or (not found and _spent(by, on=on) >= rules.lookups_per_day):
        count_view(employee=by, on=on, what="lookup", cap=rules.lookups_per_day)
    for client in fresh:
        audit(FOUND, by=by, now=now, subject="client", subject_id=client)
    return found


def _found_before(clients: list[int], *, by: Employee, since: datetime) -> frozenset[int]:
    rows = AuditEntry.objects.filter(subject="client", subject_id__in=clients, by=by, action=FOUND, at__gte=since)
    return frozenset(number for number in rows.values_list("subject_id", flat=True) if number is not None)


def _spent(by: Employee, *, on: date) -> int:
    return Tally.objects.filter(employee=by, on=on, what="lookup").values_list("count", flat=True).first() or 0
