"""What happened to each client before the alarm clock: who held him, his rhythm, when he was last heard of."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from budilnik.core.dates import ONE_DAY, add_months
from budilnik.demo.dice import spread, stream
from budilnik.demo.neighbours import neighbours_of
from budilnik.demo.places import CITIES, CITY_WEIGHTS, City
from budilnik.demo.staffing import Desks
from budilnik.demo.trades import TRADE_WEIGHTS, Trade
from budilnik.demo.workdays import Workdays, years_before

# The base of the case before the alarm clock: in touch, silent three to six months, lost; the rest are prospects.
REGULAR_SHARE = 0.30
FORGOTTEN_SHARE = 0.30
LOST_SHARE = 0.37

# The silence of the lost falls as a power from where the forgotten end, so that the drift has no step.
LOST_TAIL = 1.2
LOST_SCALE_DAYS = 135.0

FIRM_AGE_YEARS = 16
LOSS_CHANCE = 0.245
OWNERLESS_AFTER_LOSS = 0.5
OWNERLESS_CHANCE = 0.01
FORMER_CHANCE = 0.18
NOTICED_AFTER_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How clients of one status buy: median days between orders, mean years with us, share of orders at the end."""

    rhythm_days: float
    tenure_years: float
    order_last: float


REGULAR_HABIT = Habit(rhythm_days=76, tenure_years=4.5, order_last=0.62)
FORGOTTEN_HABIT = Habit(rhythm_days=104, tenure_years=3.2, order_last=0.60)
LOST_HABIT = Habit(rhythm_days=118, tenure_years=2.2, order_last=0.66)
RHYTHM_SPREAD = 0.75
SHORTEST_RHYTHM = 4.0
SCALE_SPREAD = 1.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One client's past. `last_on` is the last contact, None for a prospect; `since_on` the first day of data.

    `former` held the client until `changed_on`, then `owner` ("" = nobody); `lost_on` is a loss noticed in time.
    """

    number: int
    key: str
    trade: Trade
    city: City
    owner: str
    former: str
    changed_on: date
    known_on: date
    since_on: date
    last_on: date | None
    order_last: bool
    rhythm_days: float
    scale: float
    lost_on: date | None = None

    def held_by(self, day: date) -> str:
        """Return who answered for the client on `day`."""
        return self.former if self.former and (day < self.changed_on or not self.owner) else self.owner


@dataclass(frozen=True, slots=True, kw_only=True)
class LastHeard:
    """The days on which clients of the three categories were last heard of, each stretch latest first."""

    recent: tuple[date, ...]
    middle: tuple[date, ...]
    old: tuple[date, ...]
    old_days: int

    @classmethod
    def before(cls, on: date, workdays: Workdays, *, first: date) -> "LastHeard":
        """Cut the working days before `on` into the three stretches of silence, from `first` on."""
        past = workdays.within(first, on - ONE_DAY)[::-1]
        recent = tuple(day for day in past if on < add_months(day, 3))
        middle = tuple(day for day in past if add_months(day, 3) <= on <= add_months(day, 6))
        old = past[len(recent) + len(middle) :]
        return cls(recent=recent, middle=middle, old=old, old_days=(old[0] - first).days)

    def at(self, share: float) -> tuple[Habit, date] | None:
        """Return the habit and the last contact of the client at `share` of the base, or None for a prospect."""
        if share < REGULAR_SHARE:
            return REGULAR_HABIT, self.recent[int(share / REGULAR_SHARE * len(self.recent))]
        share -= REGULAR_SHARE
        if share < FORGOTTEN_SHARE:
            return FORGOTTEN_HABIT, self.middle[int(share / FORGOTTEN_SHARE * len(self.middle))]
        share -= FORGOTTEN_SHARE
        if share < LOST_SHARE:
            return LOST_HABIT, self.old[int(self._old_age(share / LOST_SHARE) * len(self.old))]
        return None

    def _old_age(self, share: float) -> float:
        longest = 1 - (1 + self.old_days / LOST_SCALE_DAYS) ** -LOST_TAIL
        days: float = LOST_SCALE_DAYS * ((1 - share * longest) ** (-1 / LOST_TAIL) - 1)
        return min(days / self.old_days, 0.9999)


def _known_on(dice: Random, habit: Habit, last_on: date, on: date) -> date:
    days = int(dice.expovariate(1 / (habit.tenure_years * 365)))
    return max(last_on - timedelta(days=days), years_before(on, FIRM_AGE_YEARS))


def _lost_on(dice: Random, last_on: date, on: date) -> date | None:
    crossed = add_months(last_on, 6) + ONE_DAY
    noticed = crossed + timedelta(days=dice.randrange(NOTICED_AFTER_DAYS))
    return noticed if noticed < on and dice.random() < LOSS_CHANCE else None


class Hands(NamedTuple):
    """Who holds the client now ("" = nobody), who held him before `changed_on` ("" = nobody else)."""

    owner: str
    former: str
    changed_on: date


def _hands(dice: Random, desks: Desks, city: City, *, since: date, lost_on: date | None, on: date) -> Hands:
    owner = desks.choose(dice, city)
    former = desks.other_than(dice, owner)
    chance = dice.random()
    if lost_on is not None:
        passed_on = former and chance >= OWNERLESS_AFTER_LOSS
        return Hands(owner, former, lost_on) if passed_on else Hands("", owner, lost_on)
    if chance < OWNERLESS_CHANCE:
        return Hands("", owner, on)
    if former and chance < OWNERLESS_CHANCE + FORMER_CHANCE:
        return Hands(owner, former, since + timedelta(days=dice.randrange((on - since).days + 1)))
    return Hands(owner, "", on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """All that the stories are told from."""

    seed: int
    on: date
    first: date
    workdays: Workdays
    desks: Desks
    last_heard: LastHeard

    def story(self, number: int) -> Story:
        """Return the story of client `number`; it does not depend on how many clients there are."""
        dice = stream(self.seed, "story", number)
        trade = dice.choices(list(TRADE_WEIGHTS), list(TRADE_WEIGHTS.values()))[0]
        shared = neighbours_of(number, seed=self.seed)
        city = shared.city if shared else dice.choices(CITIES, CITY_WEIGHTS)[0]
        habit, last_on = self.last_heard.at(spread(self.seed, number)) or (REGULAR_HABIT, None)
        known_on = _known_on(dice, habit, last_on, self.on) if last_on else self._met_on(dice)
        since_on = max(known_on, self.first)
        lost_on = _lost_on(dice, last_on, self.on) if last_on else None
        hands = _hands(dice, self.desks, city, since=since_on, lost_on=lost_on, on=self.on)
        return Story(
            number=number,
            key=f"00-{number:08d}",
            trade=trade,
            city=city,
            owner=hands.owner,
            former=hands.former,
            changed_on=hands.changed_on,
            known_on=known_on,
            since_on=since_on,
            last_on=last_on,
            order_last=dice.random() < habit.order_last,
            rhythm_days=max(SHORTEST_RHYTHM, habit.rhythm_days * dice.lognormvariate(0.0, RHYTHM_SPREAD)),
            scale=dice.lognormvariate(0.0, SCALE_SPREAD),
            lost_on=lost_on,
        )

    def _met_on(self, dice: Random) -> date:
        met = self.workdays.within(self.first, self.on - ONE_DAY)
        return met[-1 - int(dice.random() ** 2 * min(len(met), 400))]


def make_past(*, seed: int, on: date, years: int, desks: Desks) -> Past:
    """Return the ground of all stories: the working days of `years` years before `on` and a month after.

    Raises: ValueError for less than one year: the lost need room.
    """
    if years < 1:
        raise ValueError(f"the lost need at least one year of past, got {years}")
    first = years_before(on, years)
    workdays = Workdays.between(first - timedelta(days=14), on + timedelta(days=60))
    last_heard = LastHeard.before(on, workdays, first=first)
    return Past(seed=seed, on=on, first=first, workdays=workdays, desks=desks, last_heard=last_heard)
