"""The price list as goods, and what each trade reaches for."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from budilnik.demo.catalogue import FAMILIES, Family
from budilnik.demo.dice import stream
from budilnik.demo.goods import LISTED, Listed
from budilnik.demo.trades import TASTES, Trade

STEEL_ROD = 6.165e-6  # kilograms of a steel rod of 1 mm diameter and 1 mm length
PRICE_UNIT = 10_000
KOPECK = 100
PACKS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000)
USUAL_LINE = 4_000  # roubles a line of an ordinary client comes to


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoProduct:
    """One position of the price list. `price` is 1/10,000 rouble; `pack` is pieces usually taken at once."""

    code: str
    name: str
    group: str
    price: int
    pack: int


def _size(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def _by_weight(family: Family) -> Iterator[tuple[str, float]]:
    for diameter, lengths in family.sizes:
        for length in lengths:
            weight = family.bulk * STEEL_ROD * diameter * diameter * length
            name = family.name.format(d=_size(diameter), l=_size(length))
            yield name, family.labour + family.per_kg * weight


def _one_by_one(listed: Listed) -> Iterator[tuple[str, float]]:
    for size, roubles in listed.prices:
        yield listed.name.format(size=size), roubles


def _rows() -> Iterator[tuple[str, str, float]]:
    for family in FAMILIES:
        yield from ((name, family.group, roubles) for name, roubles in _by_weight(family))
    for listed in LISTED:
        yield from ((name, listed.group, roubles) for name, roubles in _one_by_one(listed))


def make_products() -> tuple[DemoProduct, ...]:
    """Return the whole price list; it is the same for every seed."""
    return tuple(
        DemoProduct(
            code=f"НФ-{number:08d}",
            name=name,
            group=group,
            price=max(1, round(roubles * PRICE_UNIT / KOPECK)) * KOPECK,
            pack=max((pack for pack in PACKS if pack * roubles <= USUAL_LINE), default=1),
        )
        for number, (name, group, roubles) in enumerate(_rows(), 1)
    )


def make_tastes(products: tuple[DemoProduct, ...], seed: int) -> dict[Trade, list[float]]:
    """Return for each trade the running weights of `products`: taste for the group x luck of the position."""
    sizes = Counter(product.group for product in products)
    dice = stream(seed, "popularity")
    luck = [dice.lognormvariate(0.0, 0.9) for _ in products]
    return {
        trade: list(
            accumulate(
                taste.get(product.group, 1.0) / sizes[product.group] * chance
                for product, chance in zip(products, luck, strict=True)
            )
        )
        for trade, taste in TASTES.items()
    }
