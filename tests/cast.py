"""The people and firms of the tests: Ivan, Olga, the head of sales, «Болт-Сервис»; builders on the database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier

from django.db import connection

from budilnik.calling.models import Callback, CallTask, DayPlan, MorningRun
from budilnik.clients.models import Client, Contact, Loss, Phone, PoolEntry, Tenure
from budilnik.core.arrivals import ArrivedLine, ArrivedOrder
from budilnik.core.dates import WorkCalendar, add_months
from budilnik.core.naming import search_key, sort_key
from budilnik.core.outcomes import Said
from budilnik.core.policy import Policy
from budilnik.core.refusal import Refusal
from budilnik.core.status import Silence, classify, next_change_on
from budilnik.core.terms import ClientStatus, Direction, Evidence, LossReason, Outcome, Queue, Role
from budilnik.sales.actions.documents import PlacedOrder, add_products, store_orders
from budilnik.sales.models import ClientProfile, InsightRun
from budilnik.staff.actions import first_team
from budilnik.staff.models import Employee, Workload

# A Tuesday without holidays around it.
TODAY = date(2026, 9, 15)
TOMORROW = TODAY + timedelta(days=1)
NOW = datetime(2026, 9, 15, 7, 0, tzinfo=UTC)  # ten in the morning in Moscow
LATER = NOW + timedelta(minutes=30)
POLICY = Policy()

REFUSED = Said(reason=LossReason.PRICE)
ORDERED = Said(goods="болт М12, 4 коробки")
WARM = Said(next_on=TODAY + timedelta(days=7), next_step="отправить предложение")


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do things at the same moment, each on a connection of its own; tell the refusal each met, "" for none."""
    start = Barrier(len(acts))

    def do(act: Callable[[], object]) -> str:
        try:
            start.wait(timeout=20)
            act()
        except Refusal as refused:
            return type(refused).__name__
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as people:
        return list(people.map(do, acts))


def weekdays(first: date = TODAY, days: int = 400) -> WorkCalendar:
    """Monday to Friday: a calendar without a database."""
    span = [first + timedelta(days=shift) for shift in range(days)]
    return WorkCalendar.of([day for day in span if day.weekday() < 5], first=first, last=span[-1])


def at_moscow(hour: int, minute: int = 0, *, on: date = TODAY) -> datetime:
    """An instant by the clock of Moscow, which has no summer time."""
    return datetime.combine(on, time(hour, minute), UTC) - timedelta(hours=3)


def employee(login: str, name: str, *, role: Role = Role.MANAGER, load_share: float = 1.0) -> Employee:
    row = Employee.objects.create(
        login=login, name=name, role=role.value, team=first_team(), joined_on=date(2020, 1, 1)
    )
    if load_share != 1:
        Workload.objects.create(employee=row, from_on=row.joined_on, share=load_share, at=NOW)
    return row


def ivan() -> Employee:
    return employee("ivan", "Иван Петров")


def olga() -> Employee:
    return employee("olga", "Ольга Сергеева")


def pavel() -> Employee:
    return employee("pavel", "Павел Жуков")


def head_of_sales() -> Employee:
    return employee("head", "Валентина Руденко", role=Role.HEAD)


def client(
    name: str = "ООО «Болт-Сервис»",
    *,
    owner: Employee | None = None,
    silent_since: date = date(2026, 5, 20),
    value: int = 100_000_00,
    phones: tuple[str, ...] = ("+74951234567",),
    zone: str = "Europe/Moscow",
    in_pool_since: date | None = None,
    on: date = TODAY,
) -> Client:
    """A client with one talk on the day his silence began, and the status that follows from it."""
    silence = Silence(silent_since=silent_since, ever_contacted=True, in_pool=in_pool_since is not None)
    row = Client.objects.create(
        name=name,
        search_key=search_key(name),
        sort_key=sort_key(name),
        zone=zone,
        owner=owner,
        silent_since=silent_since,
        first_known_on=silent_since,
        ever_contacted=True,
        last_talk_on=silent_since,
        status=classify(silence, on=on, policy=POLICY.silence).value,
        next_status_on=next_change_on(silence, on=on, policy=POLICY.silence),
        in_pool_since=in_pool_since,
        value=value,
        value_on=on,
        phone_state="usable" if phones else "none",
    )
    if owner:
        Tenure.objects.create(client=row, employee=owner, from_on=silent_since, why_from="first")
    Contact.objects.create(
        client=row,
        at=datetime.combine(silent_since, time(9), UTC),
        on=silent_since,
        direction=Direction.OUT.value,
        evidence=Evidence.MANUAL.value,
        outcome=Outcome.OPEN.value,
        is_talk=True,
        employee=owner,
    )
    Phone.objects.bulk_create([Phone(client=row, number=number) for number in phones])
    return row


def pool_client(name: str = "ООО «Болт-Сервис»", *, lost_by: Employee, value: int = 100_000_00) -> Client:
    """A client lost half a year after his last talk, waiting in the pool, locked for the one who lost him."""
    silent_since = date(2026, 1, 12)
    lost_on = add_months(silent_since, 6) + timedelta(days=1)
    row = client(name, silent_since=silent_since, in_pool_since=lost_on, value=value)
    PoolEntry.objects.create(client=row, entered_on=lost_on)
    lock(row, lost_by, on=lost_on)
    return row


def lock(row: Client, loser: Employee, *, on: date = date(2026, 7, 13)) -> Loss:
    return Loss.objects.create(client=row, employee=loser, on=on, silent_since=row.silent_since, recorded_at=NOW)


def plan(who: Employee, *, on: date = TODAY, capacity: int = 20) -> DayPlan:
    """The published list of an employee for a day."""
    run, _ = MorningRun.objects.get_or_create(
        on=on,
        defaults={
            "policy_version": 0,
            "seed": "1",
            "holder": "tests",
            "lease_until": NOW,
            "started_at": NOW,
            "published_at": NOW,
        },
    )
    found, _ = DayPlan.objects.get_or_create(run=run, employee=who, defaults={"capacity": capacity})
    return found


def task(
    row: Client, who: Employee, *, queue: Queue | None = None, on: date = TODAY, callback: Callback | None = None
) -> CallTask:
    """A call for the day; a client of the pool stands in the pool queue."""
    natural = Queue.CALLBACK if callback else Queue.POOL if row.in_pool_since else Queue.OWN
    day = plan(who, on=on)
    return CallTask.objects.create(
        plan=day,
        employee=who,
        client=row,
        on=on,
        position=day.tasks.count() + 1,
        queue=(queue or natural).value,
        status=ClientStatus(row.status).value,
        silent_since=row.silent_since,
        value=row.value,
        callback=callback,
        opened_at=NOW,
    )


def promise(
    row: Client, who: Employee, *, on: date = TODAY, at: time | None = time(15), about: str = "обсудить тросы"
) -> Callback:
    """A promise in Moscow's time."""
    due = at_moscow(12, on=on) if at is None else at_moscow(at.hour, at.minute, on=on)
    return Callback.objects.create(
        client=row,
        promised_by=who,
        employee=who,
        local_on=on,
        local_time=at,
        zone="Europe/Moscow",
        due_at=due,
        about=about,
        recorded_at=NOW - timedelta(days=1),
    )


def buys(who: Client, on: date, *, key: str = "", cancelled: bool = False, **goods: int) -> None:
    """A document of one day with a line for each good; a sum below zero is a return. Units: kopecks."""
    lines = tuple(
        ArrivedLine(
            product_key=name,
            product_name=name,
            quantity=1_000 if amount > 0 else -1_000,
            price=abs(amount) * 100,
            amount=amount,
        )
        for name, amount in goods.items()
    )
    moment = datetime.combine(on, time(9), UTC)
    order = ArrivedOrder(
        key=key or f"{who.pk}-{on}", client_key=str(who.pk), ordered_at=moment, lines=lines, cancelled=cancelled
    )
    placed = PlacedOrder(order=order, client_id=who.pk, at=moment, digest=key)
    store_orders([placed], source="1c", products=add_products({name: (name, "") for name in goods}, source="1c"))


def looked_at(*, on: date = TODAY, at: datetime | None = NOW, **findings: object) -> InsightRun:
    """A look at the whole base, published unless `at` is None, with what it says of the base."""
    return InsightRun.objects.create(
        on=on, engine="duckdb", holder="tests", lease_until=NOW, started_at=NOW, published_at=at, findings=findings
    )


def profiled(run: InsightRun, row: Client, **facts: object) -> ClientProfile:
    """What a look says of one client."""
    return ClientProfile.objects.create(run=run, client=row, **facts)
