"""The lot over those who enter the pool: a few are left without calls for a while, so that calls can be judged."""

from collections.abc import Iterable
from datetime import date, timedelta

from budilnik.calling.queries.morning import pooled_values, promised_clients
from budilnik.core.effect import Drawn, HoldOut, draw_lots
from budilnik.core.policy import Policy


def lots_of(entering: Iterable[tuple[int, int]], *, on: date, policy: Policy) -> dict[int, Drawn]:
    """Return what the lot says of each (client, value) who enters the pool that day.

    Who was promised a call is never drawn: a promise is kept.
    """
    coming = list(entering)
    if not coming or not policy.hold_out_share:
        return {}
    rule = HoldOut(share=policy.hold_out_share, days=policy.hold_out_days, spares_share=policy.hold_out_spares_share)
    return draw_lots(coming, pooled=pooled_values(), never=promised_clients(), entered_on=on, rule=rule)


def held_out_until(on: date, policy: Policy) -> date:
    """Return the first day on which a client held out on a day is called."""
    return on + timedelta(days=policy.hold_out_days)
