"""The cards of the clients: name, numbers, city, person who decides, telephones."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from random import Random

from budilnik.core.arrivals import ArrivedClient, ArrivedPhone
from budilnik.demo.dice import stream
from budilnik.demo.firms import ROOTS, invent_new_name
from budilnik.demo.people import make_person
from budilnik.demo.places import City
from budilnik.demo.registration import (
    make_firm_inn,
    make_landline,
    make_mobile,
    make_office,
    make_person_inn,
)
from budilnik.demo.stories import Story
from budilnik.demo.trades import POSTS, Trade

SOLE_TRADERS = {Trade.PRODUCTION: 0.05, Trade.CONSTRUCTION: 0.12, Trade.ASSEMBLY: 0.08, Trade.TRADE: 0.34}
SOLE_TRADER_POST = "индивидуальный предприниматель"
MOBILE_ONLY = 0.22
SECOND_PHONE = 0.45

# Every so many clients a few neighbours of the list form a holding; half way between, some share a switchboard.
HOLDING_EVERY = 125
LARGEST_HOLDING = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Clients that belong together: a holding with its root word, or only a common switchboard."""

    group: str
    root: str
    switchboard: ArrivedPhone | None


ALONE = Neighbours(group="", root="", switchboard=None)


def _neighbours(story: Story, *, seed: int, city: City) -> Neighbours:
    block, place = divmod(story.number, HOLDING_EVERY)
    dice = stream(seed, "holding", block)
    half = HOLDING_EVERY // 2
    root = dice.choice(ROOTS)
    if place < dice.randint(2, LARGEST_HOLDING):
        shared = make_landline(dice, city) if dice.random() < 0.5 else None
        return Neighbours(group=f"ГК «{root}»", root=root, switchboard=shared)
    if half <= place < half + dice.randint(2, LARGEST_HOLDING - 1):
        return Neighbours(group="", root="", switchboard=make_landline(dice, city))
    return ALONE


def _home(story: Story, stories: dict[int, Story]) -> City:
    """Return the city of the block's first client for those who belong together."""
    block, place = divmod(story.number, HOLDING_EVERY)
    half = HOLDING_EVERY // 2
    head = block * HOLDING_EVERY + (half if place >= half else 0)
    return stories[head].city if head in stories and place % half < LARGEST_HOLDING else story.city


def _phones(dice: Random, city: City, switchboard: ArrivedPhone | None) -> tuple[ArrivedPhone, ...]:
    if switchboard is not None:
        extension = str(dice.randrange(100, 1000))
        first = replace(switchboard, extension=extension)
    else:
        first = make_mobile(dice) if dice.random() < MOBILE_ONLY else make_landline(dice, city)
    return (first, make_mobile(dice)) if dice.random() < SECOND_PHONE else (first,)


def _sole_trader(dice: Random, story: Story, *, seed: int) -> ArrivedClient:
    person = make_person(dice)
    office = make_office(dice, story.city)
    return ArrivedClient(
        key=story.key,
        name=f"ИП {person}",
        inn=make_person_inn(office, number=story.number, seed=seed),
        person=person,
        post=SOLE_TRADER_POST,
    )


def _firm(dice: Random, story: Story, *, seed: int, city: City, group: Neighbours, taken: set[str]) -> ArrivedClient:
    office = make_office(dice, city)
    return ArrivedClient(
        key=story.key,
        name=invent_new_name(dice, trade=story.trade, land=city.land, root=group.root, taken=taken),
        inn=make_firm_inn(office, number=story.number, seed=seed),
        kpp=f"{office}01001",
        group=group.group,
        person=make_person(dice),
        post=dice.choice(POSTS[story.trade]),
    )


def _card(story: Story, *, seed: int, city: City, taken: set[str]) -> ArrivedClient:
    dice = stream(seed, "card", story.number)
    group = _neighbours(story, seed=seed, city=city)
    if group is ALONE and dice.random() < SOLE_TRADERS[story.trade]:
        city = story.city
        card = _sole_trader(dice, story, seed=seed)
    else:
        city = story.city if group is ALONE else city
        card = _firm(dice, story, seed=seed, city=city, group=group, taken=taken)
    return replace(
        card,
        owner=story.owner,
        city=city.name,
        region=city.region,
        zone=city.zone,
        phones=_phones(dice, city, group.switchboard),
        known_on=story.known_on,
    )


def make_clients(stories: Iterable[Story], *, seed: int) -> Iterator[ArrivedClient]:
    """Give every story its card; no two firms bear one name."""
    taken: set[str] = set()
    by_number = {story.number: story for story in stories}
    for story in by_number.values():
        yield _card(story, seed=seed, city=_home(story, by_number), taken=taken)
