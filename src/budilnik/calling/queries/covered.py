"""What the coverage board counts a client as, for the database: one condition for a figure and for the list behind it.

The client's clock says it: `silent_since` is his last contact, `last_talk_on` his last talk; no history is read.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import BigIntegerField, Case, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

from budilnik.calling.models import Call
from budilnik.core.coverage import latest_start, quarter_of
from budilnik.core.policy import Policy
from budilnik.core.terms import ClientStatus, Direction

WINDOW_DAYS = 91
NEAR_DAYS = 30
POOL, NOBODY = "pool", "nobody"
_POOL, _NOBODY = -1, 0


class Coverage(StrEnum):
    """What a figure of the board counts."""

    BASE = "base"
    CONTACTED = "contacted"
    TALKED = "talked"
    CONTACTED_91 = "contacted_91"
    TALKED_91 = "talked_91"
    UNCOVERED = "uncovered"
    DUE = "due"
    OVERDUE = "overdue"
    NEVER = "never"
    TRIED = "tried"
    NEAR_LOSS = "near_loss"


# The figures of the board; what is near its loss belongs to the report on money.
BOARD = tuple(figure for figure in Coverage if figure is not Coverage.NEAR_LOSS)


def whose() -> Case:
    """Return whose client he is as one number to group by; `place_of` names it. No query."""
    return Case(
        When(in_pool_since__isnull=False, then=Value(_POOL)),
        default=Coalesce("owner_id", _NOBODY, output_field=BigIntegerField()),
        output_field=BigIntegerField(),
    )


def place_of(number: int) -> str:
    """Return the place of a client: the number of an employee, the pool, nobody."""
    return {_POOL: POOL, _NOBODY: NOBODY}.get(number, str(number))


def counted_as(what: Coverage, *, on: date, policy: Policy) -> Q:
    """Return the condition of a figure, for clients who may be called at all. No query."""
    return _CONDITIONS[what](on, policy)


def contacted_since(day: date) -> Q:
    """Return the condition of any contact since a day: what reset the clock, or a talk that did not."""
    return Q(ever_contacted=True, silent_since__gte=day) | Q(last_talk_on__gte=day)


def not_contacted_since(day: date) -> Q:
    """Return the opposite; written out, because an empty date is neither."""
    return (Q(ever_contacted=False) | Q(silent_since__lt=day)) & (Q(last_talk_on=None) | Q(last_talk_on__lt=day))


def ends_by(day: date, *, policy: Policy) -> Q:
    """Return the condition that the last day on which a client is kept is not after a day.

    `core.status.last_day_kept` for the database; a test compares them.
    """
    agreed = day - timedelta(days=policy.agreed_slack_days)
    return (
        Q(ever_contacted=True, silent_since__lte=latest_start(policy.lost_after_months, until=day))
        & (Q(agreed_until=None) | Q(agreed_until__lte=agreed))
        & (Q(grace_until=None) | Q(grace_until__lte=day))
    )


def _owed(quarter_from: date) -> Q:
    """A client whom his owner owes a contact in this quarter."""
    return Q(owner__isnull=False) & not_contacted_since(quarter_from)


def _forgotten(on: date, *, policy: Policy) -> Q:
    """Silent for the months of a forgotten client, and no later date agreed on."""
    silent = Q(ever_contacted=True, silent_since__lte=latest_start(policy.forgotten_after_months, until=on))
    return silent & (Q(agreed_until=None) | Q(agreed_until__lte=on))


def _near_loss(on: date, policy: Policy) -> Q:
    """Owned, forgotten, and lost within thirty days unless somebody talks to him."""
    owned = Q(owner__isnull=False, status=ClientStatus.FORGOTTEN.value)
    return owned & ends_by(on + timedelta(days=NEAR_DAYS), policy=policy)


def _tried_in_vain() -> Exists:
    attempts = Call.objects.filter(client=OuterRef("pk"), voided_at=None, direction=Direction.OUT.value, talked=False)
    return Exists(attempts)


def _quarter_from(on: date) -> date:
    return quarter_of(on).first


def _window_from(on: date) -> date:
    return on - timedelta(days=WINDOW_DAYS - 1)


_CONDITIONS: Mapping[Coverage, Callable[[date, Policy], Q]] = {
    Coverage.BASE: lambda on, policy: Q(stopped_on=None),
    Coverage.CONTACTED: lambda on, policy: contacted_since(_quarter_from(on)),
    Coverage.TALKED: lambda on, policy: Q(last_talk_on__gte=_quarter_from(on)),
    Coverage.CONTACTED_91: lambda on, policy: contacted_since(_window_from(on)),
    Coverage.TALKED_91: lambda on, policy: Q(last_talk_on__gte=_window_from(on)),
    Coverage.UNCOVERED: lambda on, policy: not_contacted_since(_quarter_from(on)),
    Coverage.DUE: lambda on, policy: _owed(_quarter_from(on)) & ends_by(quarter_of(on).last, policy=policy),
    Coverage.OVERDUE: lambda on, policy: _owed(_quarter_from(on)) & _forgotten(on, policy=policy),
    Coverage.NEVER: lambda on, policy: Q(last_talk_on=None),
    Coverage.TRIED: lambda on, policy: Q(last_talk_on=None) & Q(_tried_in_vain()),
    Coverage.NEAR_LOSS: _near_loss,
}
