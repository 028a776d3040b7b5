"""The cards of the clients: name, numbers, city, person who decides, telephones."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random

from budilnik.core.arrivals import ArrivedClient, ArrivedPhone
from budilnik.demo.dice import stream
from budilnik.demo.firms import invent_new_name
from budilnik.demo.neighbours import Neighbours, neighbours_of
from budilnik.demo.people import make_person
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


def _phones(dice: Random, story: Story, switchboard: ArrivedPhone | None) -> tuple[ArrivedPhone, ...]:
    if switchboard is not None:
        first = replace(switchboard, extension=str(dice.randrange(100, 1000)))
    elif dice.random() < MOBILE_ONLY:
        first = make_mobile(dice)
    else:
        first = make_landline(dice, story.city)
    return (first, make_mobile(dice)) if dice.random() < SECOND_PHONE else (first,)


def _sole_trader(dice: Random, story: Story, *, seed: int) -> ArrivedClient:
    person = make_person(dice)
    inn = make_person_inn(make_office(dice, story.city), number=story.number, seed=seed)
    return ArrivedClient(key=story.key, name=f"ИП {person}", inn=inn, person=person, post=SOLE_TRADER_POST)


def _firm(dice: Random, story: Story, *, seed: int, shared: Neighbours | None, taken: set[str]) -> ArrivedClient:
    office, root = make_office(dice, story.city), shared.root if shared else ""
    return ArrivedClient(
        key=story.key,
        name=invent_new_name(dice, trade=story.trade, land=story.city.land, root=root, taken=taken),
        inn=make_firm_inn(office, number=story.number, seed=seed),
        kpp=f"{office}01001",
        group=shared.group if shared else "",
        person=make_person(dice),
        post=dice.choice(POSTS[story.trade]),
    )


def _card(story: Story, *, seed: int, taken: set[str]) -> ArrivedClient:
    dice = stream(seed, "card", story.number)
    shared = neighbours_of(story.number, seed=seed)
    if shared is None and dice.random() < SOLE_TRADERS[story.trade]:
        card = _sole_trader(dice, story, seed=seed)
    else:
        card = _firm(dice, story, seed=seed, shared=shared, taken=taken)
    return replace(
        card,
        owner=story.owner,
        city=story.city.name,
        region=story.city.region,
        zone=story.city.zone,
        phones=_phones(dice, story, shared.switchboard if shared else None),
        known_on=story.known_on,
    )


def make_clients(stories: Iterable[Story], *, seed: int) -> Iterator[ArrivedClient]:
    """Give every story its card; no two firms bear one name."""
    taken: set[str] = set()
    for story in stories:
        yield _card(story, seed=seed, taken=taken)
