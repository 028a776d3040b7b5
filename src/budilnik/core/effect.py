"""What calling the pool brings: a few of its clients are left without calls by lot and compared with the rest."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import exp, floor, lgamma, sqrt
from random import Random

from budilnik.core.seed import Seed

LEAST_TO_DRAW_FROM = 100
LEAST_TO_COMPARE = 30
CONFIDENCE = 0.95
DRAWS = 2_000
# The largest sums are dealt one by one; the many small ones below them are as good as normal.
DEALT_SINGLY = 300
_SALT = 0x48454C44
_ALL = 1 << 64


class Drawn(StrEnum):
    """What the lot said of a stay in the pool; `BROKEN` was held out and given to somebody before the end."""

    NOT = ""
    IN = "in"
    OUT = "out"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldOut:
    """The rule of the lot. Units: shares in 0..1, days of the calendar."""

    share: float
    days: int
    spares_share: float


def held_out(client_id: int, *, entered_on: date, share: float) -> bool:
    """Say whether the lot leaves a client who enters the pool that day without calls.

    A share of nothing holds nobody out, a share of one everybody.

    Units: share in 0..1.
    Raises: nothing.
    Source: SPEC §12, the random hold-out; the hash is that of `core.seed`.
    """
    return Seed.of(entered_on, salt=_SALT).tie(client_id) < share * _ALL


def draw_lots(
    entering: Iterable[tuple[int, int]],
    *,
    pooled: Sequence[int],
    never: Collection[int] = (),
    entered_on: date,
    rule: HoldOut,
) -> dict[int, Drawn]:
    """Return what the lot says of each (client, value) that enters the pool; who is not in it was not drawn.

    The dearest of the pool and of those who enter it are never drawn, nor is who stands in `never`. Of clients worth
    as much as the last of the dearest all are spared, unless they are worth nothing. While there are fewer than a
    hundred to draw from nobody is drawn: so few would teach nothing. Half of them entered already, the rest is drawn
    as if all entered now: a draw that was cut short goes on as it began.

    Units: kopecks; `pooled` are the values of those in the pool.
    Raises: nothing.
    Source: SPEC §3.4 and §12.
    """
    coming = list(entering)
    spared = _Spared.of([*pooled, *(value for _, value in coming)], share=rule.spares_share)
    drawable = sum(not spared.holds(value) for value in pooled) + sum(not spared.holds(value) for _, value in coming)
    if rule.share <= 0 or drawable < LEAST_TO_DRAW_FROM:
        return {}
    return {
        client: Drawn.OUT if held_out(client, entered_on=entered_on, share=rule.share) else Drawn.IN
        for client, value in coming
        if client not in never and not spared.holds(value)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spared:
    border: float
    with_border: bool

    @classmethod
    def of(cls, values: list[int], *, share: float) -> "_Spared":
        count = floor(share * len(values))
        if not count:
            return cls(border=float("inf"), with_border=False)
        border = sorted(values, reverse=True)[count - 1]
        return cls(border=border, with_border=border > 0 or count == len(values))

    def holds(self, value: int) -> bool:
        return value > self.border or (self.with_border and value == self.border)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Clients of one lot, and what each of those brought who brought anything. Units: kopecks, or ones to count."""

    clients: int
    brought: tuple[int, ...]

    @property
    def mean(self) -> float:
        """What a client of the group brought."""
        return sum(self.brought) / self.clients if self.clients else 0.0


class Verdict(StrEnum):
    """What a comparison allows to say."""

    TOO_FEW = "too_few"
    BY_CHANCE = "by_chance"
    MORE = "more"
    LESS = "less"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The called against the held out, for one client; `low` and `high` are None where there are too few."""

    called: Group
    held: Group
    low: float | None
    high: float | None

    @property
    def difference(self) -> float:
        """How much more a called client brought."""
        return self.called.mean - self.held.mean

    @property
    def verdict(self) -> Verdict:
        """Whether the difference can be told from chance."""
        if self.low is None or self.high is None:
            return Verdict.TOO_FEW
        if self.low <= 0 <= self.high:
            return Verdict.BY_CHANCE
        return Verdict.MORE if self.low > 0 else Verdict.LESS


def compare(called: Group, held: Group, *, seed: int = 0, draws: int = DRAWS) -> Effect:
    """Return the difference between the called and the held out, with the interval that chance leaves it.

    Everybody drawn counts, reached or not. Had the calls brought nothing, any other lot would have split the same
    sums: those lots are drawn anew, and the interval takes away from the difference what they come to. So it holds
    zero in 95 cases of 100 when there is no effect, however few the large sums are. Where fewer than thirty stand on
    either side there is no interval. Calls that bring orders make the sums of the called less even, and it a little
    too wide; were those held out the less even side, it would be too narrow.

    Units: those of the groups.
    Raises: nothing.
    Source: Fisher (1935), the randomisation test; Rosenbaum (2002), its inversion under a constant effect.
    """
    if min(called.clients, held.clients) < LEAST_TO_COMPARE:
        return Effect(called=called, held=held, low=None, high=None)
    everything = [*called.brought, *held.brought]
    whole = sum(everything)
    counts = _Counts(everyone=called.clients + held.clients, hand=held.clients, draws=draws, dice=Random(seed))
    by_chance = sorted((whole - dealt) / called.clients - dealt / held.clients for dealt in _dealt(everything, counts))
    cut = round((1 - CONFIDENCE) / 2 * len(by_chance))
    observed = called.mean - held.mean
    return Effect(called=called, held=held, low=observed - by_chance[-cut - 1], high=observed - by_chance[cut])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counts:
    """The lots drawn anew: a hand of so many out of everyone, so many times."""

    everyone: int
    hand: int
    draws: int
    dice: Random

    def of(self, marked: int) -> list[int]:
        """Return how many of the marked come to each hand (hypergeometric)."""
        others = self.everyone - marked
        span = range(max(0, self.hand - others), min(marked, self.hand) + 1)
        logs = [_choose(marked, count) + _choose(others, self.hand - count) for count in span]
        top = max(logs)
        return self.dice.choices(span, [exp(each - top) for each in logs], k=self.draws)


def _dealt(sums: list[int], counts: _Counts) -> list[float]:
    """Return what each hand holds when the sums are dealt to everyone at random."""
    if len(set(sums)) <= 1:
        return [count * sums[0] if sums else 0 for count in counts.of(len(sums))]
    ordered = sorted(sums, key=abs, reverse=True)
    single, rest = ordered[:DEALT_SINGLY], ordered[DEALT_SINGLY:]
    dealt = counts.of(len(single))
    large = [float(sum(counts.dice.sample(single, count))) for count in dealt]
    if not rest:
        return large
    left = counts.everyone - len(single)
    mean = sum(rest) / left
    spread = max(0.0, sum(value * value for value in rest) / left - mean * mean)
    free = [counts.hand - count for count in dealt]
    return [
        some + counts.dice.gauss(many * mean, sqrt(many * (1 - many / left) * spread))
        for some, many in zip(large, free, strict=True)
    ]


def _choose(of: int, some: int) -> float:
    return lgamma(of + 1) - lgamma(some + 1) - lgamma(of - some + 1)
