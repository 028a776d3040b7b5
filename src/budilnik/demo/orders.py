"""The orders of one client: days by his own rhythm and the season, baskets from what he usually takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from budilnik.core.arrivals import ArrivedLine, ArrivedOrder
from budilnik.demo.assortment import KOPECK, DemoProduct
from budilnik.demo.dice import stream
from budilnik.demo.staffing import COMPANY_ZONE
from budilnik.demo.stories import Story
from budilnik.demo.trades import SEASONS, Trade
from budilnik.demo.workdays import SATURDAY, WORKDAY_SHARE, Workdays

ZONE = ZoneInfo(COMPANY_ZONE)
PIECE = 1000  # quantities are thousandths
SATURDAY_CHANCE = 0.06  # of Friday's orders that were sent a day later
LINES = (1, 2, 3, 4, 5, 7, 10)
LINE_WEIGHTS = (16, 20, 20, 15, 12, 11, 6)
USUAL_KINDS = 9
NEW_KIND_CHANCE = 0.12
RETURN_CHANCE = 0.012
YEARLY_RISE = 0.09
PERSONAL_PRICE = (0.84, 1.02)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What orders are made from: the price list with each trade's running weights, the days, the seed."""

    seed: int
    on: date
    products: tuple[DemoProduct, ...]
    tastes: dict[Trade, list[float]]
    workdays: Workdays


def order_days(story: Story, shop: Shop) -> list[date]:
    """Return the company days on which the client ordered, earliest first."""
    if story.last_on is None:
        return []
    dice = stream(shop.seed, "order days", story.number)
    days = [story.last_on] if story.order_last else []
    season, bound = SEASONS[story.trade], story.last_on
    place = shop.workdays.place(bound)
    while True:
        place -= _interval(dice, story, season[bound.month - 1])
        day = shop.workdays.days[place] if place >= 0 else shop.workdays.first
        if day < story.since_on:
            return days[::-1]
        days.append(_or_saturday(dice, day))
        bound = day


def _or_saturday(dice: Random, day: date) -> date:
    saturday = day + timedelta(days=SATURDAY - day.weekday())
    return saturday if day.weekday() == SATURDAY - 1 and dice.random() < SATURDAY_CHANCE else day


def _interval(dice: Random, story: Story, pace: float) -> int:
    """Return the working days to the order before, fewer where the season is brisk."""
    return max(1, round(story.rhythm_days * WORKDAY_SHARE * dice.gammavariate(2.5, 0.4) / pace))


@dataclass(slots=True, kw_only=True)
class _Buyer:
    """A client at the counter: his usual goods change a little with every order."""

    dice: Random
    shop: Shop
    story: Story
    usual: list[DemoProduct]
    discount: float

    @classmethod
    def of(cls, story: Story, shop: Shop) -> "_Buyer":
        dice = stream(shop.seed, "baskets", story.number)
        buyer = cls(dice=dice, shop=shop, story=story, usual=[], discount=dice.uniform(*PERSONAL_PRICE))
        kinds = 3 + min(36, int(dice.expovariate(1 / USUAL_KINDS)))
        buyer.usual.extend(dict.fromkeys(buyer._pick() for _ in range(kinds)))
        return buyer

    def _pick(self) -> DemoProduct:
        return self.dice.choices(self.shop.products, cum_weights=self.shop.tastes[self.story.trade])[0]

    def _basket(self) -> list[DemoProduct]:
        if self.dice.random() < NEW_KIND_CHANCE:
            self.usual[self.dice.randrange(len(self.usual))] = self._pick()
        kinds = self.dice.choices(LINES, LINE_WEIGHTS)[0]
        places = len(self.usual)
        # Squaring prefers the head of the list: some goods come in every order, others now and then.
        return list(dict.fromkeys(self.usual[int(self.dice.random() ** 2 * places)] for _ in range(kinds)))

    def order(self, at: datetime, number: int) -> ArrivedOrder:
        rise: float = (1 + YEARLY_RISE) ** ((at.date() - self.shop.on).days / 365)
        return ArrivedOrder(
            key=f"ЗК-{self.story.number:06d}-{number:04d}",
            client_key=self.story.key,
            ordered_at=at,
            lines=tuple(self._line(product, self.discount * rise) for product in self._basket()),
        )

    def _line(self, product: DemoProduct, factor: float) -> ArrivedLine:
        packs = max(1, round(self.story.scale * self.dice.lognormvariate(0.0, 0.8)))
        price = max(1, round(product.price * factor / KOPECK)) * KOPECK
        return make_line(product, pieces=packs * product.pack, price=price)


def make_line(product: DemoProduct, *, pieces: int, price: int) -> ArrivedLine:
    """Return a line of whole pieces. Units: `price` in 1/10,000 rouble, so that pieces x price / 100 are kopecks."""
    return ArrivedLine(
        product_key=product.code,
        product_name=product.name,
        quantity=pieces * PIECE,
        price=price,
        amount=pieces * price // KOPECK,
        product_group=product.group,
    )


def moment(dice: Random, day: date) -> datetime:
    """Return a time within working hours of the company, seldom in the lunch break."""
    hour = dice.choice((9, 9, 10, 10, 10, 11, 11, 11, 12, 12, 13, 14, 14, 15, 15, 15, 16, 16, 17))
    return datetime.combine(day, time(hour, dice.randrange(60), dice.randrange(60)), ZONE)


def _return_of(order: ArrivedOrder, dice: Random, shop: Shop) -> ArrivedOrder | None:
    day = shop.workdays.from_on(order.ordered_on, dice.randrange(3, 16))
    if day >= shop.on:
        return None
    line = dice.choice(order.lines)
    pieces = max(1, line.quantity // PIECE // dice.choice((1, 2, 4)))
    back = ArrivedLine(
        product_key=line.product_key,
        product_name=line.product_name,
        quantity=-pieces * PIECE,
        price=line.price,
        amount=-(pieces * line.price // KOPECK),
        product_group=line.product_group,
    )
    key = order.key.replace("ЗК", "ВЗ")
    return ArrivedOrder(key=key, client_key=order.client_key, ordered_at=moment(dice, day), lines=(back,))


def orders_of(story: Story, shop: Shop) -> Iterator[ArrivedOrder]:
    """Return the client's orders and returns, each return after the order it belongs to."""
    days = order_days(story, shop)
    if not days:
        return
    buyer = _Buyer.of(story, shop)
    for number, day in enumerate(days, 1):
        order = buyer.order(moment(buyer.dice, day), number)
        yield order
        if buyer.dice.random() < RETURN_CHANCE:
            back = _return_of(order, buyer.dice, shop)
            if back is not None:
                yield back
