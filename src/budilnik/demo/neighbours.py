"""Clients that belong together: holdings, and firms of one building behind one switchboard."""

from dataclasses import dataclass

from budilnik.core.arrivals import ArrivedPhone
from budilnik.demo.dice import stream
from budilnik.demo.firms import ROOTS
from budilnik.demo.places import CITIES, CITY_WEIGHTS, City
from budilnik.demo.registration import make_landline

# Every so many clients begins a holding; half way between, a few share a switchboard only.
EVERY = 125
LARGEST_HOLDING = 5
FULLEST_SWITCHBOARD = 4

# Has no common factor with the number of roots: no root comes twice before all have come.
ROOT_STEP = 37


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """What clients that belong together share: the city, a group with its root word, a switchboard."""

    city: City
    group: str = ""
    root: str = ""
    switchboard: ArrivedPhone | None = None


def neighbours_of(number: int, *, seed: int) -> Neighbours | None:
    """Return what client `number` shares with those beside him in the list, or None for one who stands alone."""
    block, place = divmod(number - 1, EVERY)
    dice = stream(seed, "neighbours", 2 * block + (place >= EVERY // 2))
    city = dice.choices(CITIES, CITY_WEIGHTS)[0]
    if place < dice.randint(2, LARGEST_HOLDING):
        turn, word = divmod(block, len(ROOTS))
        root = ROOTS[(word * ROOT_STEP + seed) % len(ROOTS)]
        shared = make_landline(dice, city) if dice.random() < 0.5 else None
        name = f"{root} {turn + 1}" if turn else root
        return Neighbours(city=city, group=f"ГК «{name}»", root=root, switchboard=shared)
    if 0 <= place - EVERY // 2 < dice.randint(2, FULLEST_SWITCHBOARD):
        return Neighbours(city=city, switchboard=make_landline(dice, city))
    return None
