"""The made-up fastener supplier: the base of the case as it was before the alarm clock, the same on any date.

Firms, persons and numbers are put together by chance from a seed; a likeness to living ones is a coincidence.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from budilnik.core.arrivals import ArrivedClient, ArrivedContact, ArrivedOrder
from budilnik.demo.assortment import DemoProduct, make_products, make_tastes
from budilnik.demo.clients import make_clients
from budilnik.demo.contacts import contacts_of
from budilnik.demo.losses import DemoLoss, make_losses
from budilnik.demo.orders import Shop, orders_of
from budilnik.demo.promises import DemoPromise, make_promises
from budilnik.demo.staffing import DemoAbsence, DemoEmployee, Desks, make_absences, make_employees
from budilnik.demo.stories import Story, make_past

WORKING_DAY = date(2026, 3, 11)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCompany:
    """A company on the morning of `on`. Orders and calls are made on the way, client by client."""

    on: date
    employees: tuple[DemoEmployee, ...]
    absences: tuple[DemoAbsence, ...]
    products: tuple[DemoProduct, ...]
    clients: tuple[ArrivedClient, ...]
    promises: tuple[DemoPromise, ...]
    losses: tuple[DemoLoss, ...]
    stories: tuple[Story, ...]
    shop: Shop

    def orders(self) -> Iterator[ArrivedOrder]:
        """Return all orders and returns, sorted by client; the same on every call."""
        for story in self.stories:
            yield from orders_of(story, self.shop)

    def contacts(self) -> Iterator[ArrivedContact]:
        """Return all past calls, sorted by client and time; the same on every call."""
        promised = {promise.client_key: promise for promise in self.promises}
        for story in self.stories:
            yield from contacts_of(story, self.shop, promised.get(story.key))


def make_company(
    *, seed: int = 1, clients: int = 10_000, managers: int = 10, years: int = 5, on: date = WORKING_DAY
) -> DemoCompany:
    """Make the company up from `seed`: a head, `managers` managers, `clients` clients and `years` of past.

    A client is the same whatever the number of clients, but for whom a call was promised; who owns him depends
    on the number of managers.

    Raises: ValueError without a manager or with less than a year of past.
    """
    employees = make_employees(managers)
    past = make_past(seed=seed, on=on, years=years, desks=Desks.of(employees))
    stories = tuple(past.story(number) for number in range(1, clients + 1))
    products = make_products()
    promises = make_promises(past, stories, {one.login: one.zone for one in employees})
    promised = {promise.client_key for promise in promises}
    return DemoCompany(
        on=on,
        employees=employees,
        absences=make_absences(employees, past.workdays, on),
        products=products,
        clients=tuple(make_clients(stories, seed=seed)),
        promises=promises,
        losses=tuple(make_losses(stories, seed=seed)),
        # A promise is given in a talk: the last contact of these clients is one.
        stories=tuple(replace(one, order_last=False) if one.key in promised else one for one in stories),
        shop=Shop(seed=seed, on=on, products=products, tastes=make_tastes(products, seed), workdays=past.workdays),
    )
