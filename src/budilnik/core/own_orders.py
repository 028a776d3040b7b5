"""The orders that clients of a simulated year place by themselves, whoever calls them and whoever does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log
from random import Random

from budilnik.core.chance import order_chance_30
from budilnik.core.value import orders_still_in_year

WEEK_DAYS = 7
# No client is so sure or so hopeless that nothing he does could change it.
LEAST, MOST = 0.001, 0.999


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """How a client has ordered until today.

    `chance_30` is what insight says of an order within 30 days; None where it has not run: then the default chance.

    Units: days since the last order (None: he never ordered) and since the first, days with an order in 365.
    """

    client_id: int
    days_silent: int | None
    orders_365: int
    age_days: int
    chance_30: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """The orders of one client in the time to come, and what the firm would say of him week by week.

    Units: days from today, 0 being today; chances in thousandths of an order within 30 days, one for each week.
    """

    days: tuple[int, ...]
    chances: tuple[int, ...]


def demand_of(buyer: Buyer, *, days: int, luck: Random) -> Demand:
    """Return when a client orders by himself in the days to come.

    Each week he orders with the chance that his silence, his rate and his orders give, raised or lowered for good by
    as much as insight knows better today; an order makes the next one likelier, silence makes it rarer. One who never
    ordered places no order by himself, and nobody places two in a week.

    Units: days; chances in thousandths.
    Raises: ValueError as `order_chance_30`.
    Source: the default chance of `core.chance`, taken as the world's own; SPEC §12, the firm's own rhythm.
    """
    weeks = -(-days // WEEK_DAYS)
    if buyer.days_silent is None:
        return Demand(days=(), chances=(0,) * weeks)
    lift = _lift(buyer)
    placed: list[int] = []
    chances: list[int] = []
    for week in range(weeks):
        begins = week * WEEK_DAYS
        chance = _chance(buyer, begins, placed, lift)
        chances.append(round(1000 * chance))
        if luck.random() < 1 - (1 - chance) ** (WEEK_DAYS / 30):
            placed.append(begins + luck.randrange(WEEK_DAYS))
    return Demand(days=tuple(day for day in placed if day < days), chances=tuple(chances))


def _logit(chance: float) -> float:
    bounded = min(max(chance, LEAST), MOST)
    return log(bounded / (1 - bounded))


def _lift(buyer: Buyer) -> float:
    """Return by how much insight knows better than the default, on the scale of the score."""
    if buyer.chance_30 is None:
        return 0.0
    return _logit(buyer.chance_30) - _logit(_default(buyer, 0, ()))


def _default(buyer: Buyer, day: int, placed: Iterable[int]) -> float:
    silent_before = buyer.days_silent or 0
    recent = list(placed)
    still = orders_still_in_year(buyer.orders_365, days_silent=silent_before + day)
    return order_chance_30(
        days_silent=day - recent[-1] if recent else silent_before + day,
        orders_365=still + len(recent),
        age_days=max(buyer.age_days, silent_before) + day,
    )


def _chance(buyer: Buyer, day: int, placed: list[int], lift: float) -> float:
    chance = _default(buyer, day, placed)
    return 1 / (1 + exp(-_logit(chance) - lift)) if lift else chance
