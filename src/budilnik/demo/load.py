"""The made-up company fed to the use cases, as a real one would come: by files and by words of people."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import batched

from budilnik.calling.actions.arrivals import Arrival, orders_arrived, refresh_sales
from budilnik.calling.actions.cards import set_potential
from budilnik.calling.actions.past import KnownLoss, clients_arrived, contacts_arrived, losses_known
from budilnik.calling.actions.promises import promise_callback
from budilnik.clients.queries.base import numbers_of
from budilnik.core.arrivals import ArrivedContact, ArrivedOrder
from budilnik.core.terms import Outcome, Role
from budilnik.demo.company import DemoCompany
from budilnik.sales.queries.documents import worth_of
from budilnik.staff.actions import add_employee, note_absence
from budilnik.staff.queries import employees_by_login

SOURCE = "demo"
ROWS_AT_ONCE = 2_000
LINES_AT_ONCE = 8_000
YEAR = timedelta(days=365)
# One client in so many was asked what he buys of everybody: so many percent of what he buys of us.
ASKED_ONE_IN = 25
WALLETS = (110, 400, 160, 900, 250)

type Progress = Callable[[str, int, int | None], None]


def load_company(company: DemoCompany, *, progress: Progress) -> None:
    """Load a company into an empty base. The moments of loading lie before its working day."""
    eve = datetime.combine(company.on - timedelta(days=1), time(15), UTC)
    _load_staff(company, now=eve)
    _load_clients(company, now=eve, progress=progress)
    arrival = Arrival.at(source=SOURCE, on=company.on, now=eve)
    done = 0
    for orders in _by_lines(company.orders()):
        orders_arrived(orders, arrival=arrival)
        done += sum(len(order.lines) for order in orders)
        progress("lines", done, None)
    for number, contacts in enumerate(batched(_talks(company.contacts()), ROWS_AT_ONCE, strict=False), start=1):
        contacts_arrived(contacts, arrival=arrival)
        progress("contacts", number * ROWS_AT_ONCE, None)
    losses_known(
        [
            KnownLoss(client_key=loss.client_key, employee=loss.employee, on=loss.on, reason=loss.reason)
            for loss in company.losses
        ],
        arrival=arrival,
    )
    while refresh_sales(on=company.on, at_most=ROWS_AT_ONCE):
        pass
    _load_promises(company, arrival=arrival)
    _load_potentials(company, now=eve)


def _load_potentials(company: DemoCompany, *, now: datetime) -> None:
    """Write down what some clients buy of everybody, as the head does who has asked them."""
    head = next(each for each in employees_by_login().values() if each.role == Role.HEAD.value)
    asked = numbers_of(SOURCE, [each.key for each in company.clients[::ASKED_ONE_IN]])
    for number, (client, worth) in enumerate(sorted(worth_of(list(asked.values())).items())):
        if worth.value > 0:
            roubles = worth.value * WALLETS[number % len(WALLETS)] // 100_00
            set_potential(client_id=client, told=str(roubles), by=head, now=now, on=company.on - timedelta(days=1))


def _load_staff(company: DemoCompany, *, now: datetime) -> None:
    since = company.on - 6 * YEAR
    for each in company.employees:
        add_employee(
            login=each.login,
            name=each.name,
            role=each.role,
            norm=each.norm,
            on=since,
            by=None,
            now=now,
            zone=each.zone,
        )
    staff = employees_by_login()
    for absence in company.absences:
        note_absence(
            employee=staff[absence.login],
            from_on=absence.from_on,
            until_on=absence.until_on,
            substitute=staff.get(absence.substitute),
            by=None,
            now=now,
        )


def _load_clients(company: DemoCompany, *, now: datetime, progress: Progress) -> None:
    arrival = Arrival.at(source=SOURCE, on=company.on - YEAR, now=now)
    for number, some in enumerate(batched(company.clients, ROWS_AT_ONCE, strict=False), start=1):
        clients_arrived(some, arrival=arrival)
        progress("clients", min(number * ROWS_AT_ONCE, len(company.clients)), len(company.clients))


def _by_lines(orders: Iterable[ArrivedOrder]) -> Iterator[list[ArrivedOrder]]:
    batch: list[ArrivedOrder] = []
    lines = 0
    for order in orders:
        batch.append(order)
        lines += len(order.lines)
        if lines >= LINES_AT_ONCE:
            yield batch
            batch, lines = [], 0
    if batch:
        yield batch


def _talks(contacts: Iterable[ArrivedContact]) -> Iterator[ArrivedContact]:
    """Name what is certain of this company: whoever asked to be called back did talk."""
    for contact in contacts:
        talked = contact.outcome is Outcome.CALLBACK
        yield replace(contact, outcome=Outcome.OPEN) if talked else contact


def _load_promises(company: DemoCompany, *, arrival: Arrival) -> None:
    staff = employees_by_login()
    clients = arrival.numbers_of([promise.client_key for promise in company.promises])
    for promise in company.promises:
        promise_callback(
            client_id=clients[promise.client_key],
            employee=staff[promise.employee],
            local_on=promise.at.date(),
            local_time=promise.at.time(),
            zone=promise.zone,
            about=promise.about,
            by=staff[promise.employee],
            now=arrival.now - timedelta(days=7),
        )
