"""What is offered to a client: by which rules goods count as due again, as stopped, as worth trying."""

from dataclasses import dataclass
from math import exp, log

# An interval known from one gap is as much chance as habit: so many gaps of the firm's goods are added to it.
BORROWED_GAPS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandWeights:
    """How much the present trade in an item counts: powers of its clients in a week, a month and a year."""

    week: float
    month: float
    year: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatPolicy:
    """By what the goods a client buys already are put in order.

    A purchase fades with e-fold time `fading_days`. `again` is the power of the share of an item's clients who took it
    a second time. Below `due_from` usual intervals since the last purchase an item is not offered again.
    """

    fading_days: float = 400.0
    again: float = 0.45
    demand: DemandWeights = DemandWeights(week=0.16, month=0.58, year=0.5)
    due_from: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPolicy:
    """When an item a client used to buy counts as stopped."""

    at_least_times: int = 3
    silent_intervals: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyPolicy:
    """By what the goods a client never bought are put in order: goods bought by the clients of his own goods.

    Only the year's trade is looked at, and of each client the `goods_of_a_client` he bought last; a client of many
    goods says less about each pair, by the power `breadth`. Only the `goods_in_play` that are asked for most and that
    many take are led to, and every item leads to `neighbours` of them at most, each bought beside it by
    `clients_of_both` clients or more: fewer are no reason. Of a client's own goods the `own_goods` that weigh most are
    asked; a purchase halves its weight in `halving_days`, their number counts by `repeats`.
    """

    goods_of_a_client: int = 1000
    breadth: float = 0.75
    goods_in_play: int = 500
    own_goods: int = 50
    halving_days: float = 120.0
    repeats: float = 0.25
    neighbours: int = 30
    clients_of_both: int = 3
    demand: DemandWeights = DemandWeights(week=0.13, month=0.2, year=0.45)


REPEAT = RepeatPolicy()
STOP = StopPolicy()
COMPANY = CompanyPolicy()
# An item is offered only while so many clients took it in the last 90 days.
SOLD_TO_AT_LEAST = 5
SHOWN = 5


def item_interval(times: int, span_days: int, firm_log_gap: float) -> float | None:
    """Return the usual interval between purchases of one item by one client.

    It is unknown while he took it once; a span of zero days cannot be, as times are different days.

    Units: days; firm_log_gap is the mean natural logarithm of such gaps over the firm.
    Raises: ValueError if the purchases do not fit into the span.
    Source: QUALITY §1, shrunk geometric mean; here over the mean gap, which needs no sorting of the lines.
    """
    if times < 2:
        return None
    if span_days < times - 1:
        raise ValueError(f"{times} different days do not fit into {span_days}")
    gaps = times - 1
    return exp((gaps * log(span_days / gaps) + BORROWED_GAPS * firm_log_gap) / (gaps + BORROWED_GAPS))


def has_stopped(times: int, interval_days: float | None, days_since: int, *, policy: StopPolicy = STOP) -> bool:
    """Tell whether a client has stopped taking an item.

    Twice the interval to the day already counts; an item without an interval never stops.

    Units: days.
    Raises: nothing.
    Source: SPEC §8, bought at least 3 times, silent for twice the own interval.
    """
    if interval_days is None or times < policy.at_least_times:
        return False
    return days_since >= policy.silent_intervals * interval_days


def demand(weights: DemandWeights, *, week: int, month: int, year: int) -> float:
    """Return how much an item is asked for now against the year; half a client is added, so nothing is zero.

    Units: clients who took it within 7, 30 and 365 days.
    Raises: nothing.
    Source: QUALITY §2, recent demand; the powers are fitted on the tuning cut-off it names.
    """
    asked: float = (week + 0.5) ** weights.week * (month + 0.5) ** weights.month
    return asked / float((year + 0.5) ** weights.year)
