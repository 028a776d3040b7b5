"""A small firm in one language, so that a word of the other on a page is a fault: something stands in every list."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from budilnik.calling.actions.calls import record_call
from budilnik.calling.actions.people import change_owner
from budilnik.calling.actions.scripts import Airing, Words, add_news
from budilnik.calling.models import CallTask, Levelling
from budilnik.clients.models import Client, ContactPerson, Note, Phone, PoolEntry
from budilnik.core.outcomes import Said
from budilnik.core.policy import Policy
from budilnik.core.terms import LossReason, Outcome, Role
from budilnik.core.whatif import SIMULATION, WhatIf
from budilnik.jobs.simulation import compare
from budilnik.sales.models import Order, OrderLine, Product
from budilnik.staff.actions import note_absence, set_policy
from budilnik.staff.actions.jobs import ask_for, claim_next, end_job
from budilnik.staff.models import Employee, Team
from cast import NOW, TODAY, client, employee, lock, looked_at, pool_client, profiled, promise, task


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """What people and firms are called, and what people have written down."""

    code: str
    firm: str
    people: dict[str, str]
    team: str
    city: str
    good: str
    person: str
    post: str
    about: str
    note: str

    def named(self, count: int) -> str:
        return f"{self.firm} {count}"


RUSSIAN = Tongue(
    code="ru",
    firm="Крепёж",
    people={
        "ivan": "Иван Петров",
        "olga": "Ольга Сергеева",
        "head": "Валентина Руденко",
        "admin": "Пётр Орлов",
        "gone": "Павел Жуков",
    },
    team="Москва",
    city="Тверь",
    good="болт оцинкованный",
    person="Анна Ильина",
    post="снабжение",
    about="обсудить тросы",
    note="звонить после обеда",
)
ENGLISH = Tongue(
    code="en",
    firm="Fasteners",
    people={
        "ivan": "John Peters",
        "olga": "Helen Sergeant",
        "head": "Valentine Root",
        "admin": "Peter Eagle",
        "gone": "Paul Beetle",
    },
    team="London",
    city="Oxford",
    good="zinc bolt",
    person="Ann Elliott",
    post="purchasing",
    about="discuss the ropes",
    note="call after lunch",
)
TONGUES = {"ru": RUSSIAN, "en": ENGLISH}
ROLES = dict.fromkeys(RUSSIAN.people, Role.MANAGER) | {"head": Role.HEAD, "admin": Role.ADMINISTRATOR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """The people by login, and the numbers that stand in addresses."""

    people: dict[str, Employee]
    numbers: dict[str, int]


class _Clients:
    """Makes clients one after another, each with a name and a number of his own."""

    def __init__(self, tongue: Tongue) -> None:
        self._tongue = tongue
        self.made = 0

    def of(self, owner: Employee | None, *, days_silent: int = 118, **more: object) -> Client:
        """A client of somebody; 118 days ago he was last talked to."""
        self.made += 1
        name, number = self._tongue.named(self.made), f"+74951234{self.made:03}"
        row = client(name, owner=owner, phones=(number,), silent_since=TODAY - timedelta(days=days_silent), **more)
        return self._settled(row)

    def lost(self, *, by: Employee, also: list[Employee] | None = None) -> Client:
        """A client in the pool."""
        self.made += 1
        row = pool_client(self._tongue.named(self.made), lost_by=by)
        Phone.objects.filter(client=row).update(number=f"+74951234{self.made:03}")
        for loser in also or []:
            lock(row, loser)
        return self._settled(row)

    def _settled(self, row: Client) -> Client:
        Client.objects.filter(pk=row.pk).update(city=self._tongue.city)
        return row


def open_firm(tongue: Tongue) -> Firm:
    """Found the firm: two managers in the middle of their morning, a head, an administrator, one who has left."""
    people = {login: employee(login, name, role=ROLES[login]) for login, name in tongue.people.items()}
    Employee.objects.update(language=tongue.code)
    Employee.objects.filter(login="gone").update(left_on=TODAY - timedelta(days=30))
    Team.objects.update(name=tongue.team)
    signs_in_by_two_steps(people["admin"])
    clients = _Clients(tongue)
    numbers = _work(people, clients, tongue) | _what_waits_for_the_head(people, clients)
    _rules(people["head"], tongue)
    numbers |= _news(people["head"], tongue) | _levelled(people, numbers["client"], tongue)
    numbers |= _simulated(people["head"])
    _looked_at_as_a_whole(Client.objects.get(pk=numbers["client"]), Product.objects.get())
    return Firm(people=people, numbers=numbers | {"employee": people["ivan"].pk, "leaver": people["olga"].pk})


def signs_in_by_two_steps(who: Employee) -> None:
    """Give somebody a second step, as if his telephone had been made known."""
    TOTP.activate(who, generate_totp_secret())
    RecoveryCodes.activate(who)


def _work(people: dict[str, Employee], clients: _Clients, tongue: Tongue) -> dict[str, int]:
    """Give the managers their day: a card that tells everything, promises of all kinds, calls already made."""
    ivan, olga = people["ivan"], people["olga"]
    full = _known_well(clients.of(ivan, days_silent=179), ivan, tongue)
    lost = clients.lost(by=olga)
    for row in (full, lost, clients.of(ivan)):
        task(row, ivan)
    made = [promise(clients.of(ivan), ivan, on=TODAY + timedelta(days=on), at=at, about=tongue.about) for on, at in DUE]
    for due in made[:2]:
        task(due.client, ivan, callback=due)
    for outcome, said in CALLED.items():
        row = clients.of(ivan)
        number = said.number and row.phones.get().number
        done = task(row, ivan)
        record_call(task_id=done.pk, outcome=outcome, said=replace(said, number=number), by=ivan, now=NOW, on=TODAY)
    task(clients.of(olga), olga)
    CallTask.objects.open().exclude(client=full).update(opened_at=None)
    return {
        "client": full.pk,
        "promise": made[2].pk,
        "promised": made[0].client_id,
        "lost": lost.pk,
        "task": done.pk,
    }


FIFTHS = range(1, 6)
# Within the hour, overdue, tomorrow, and a step without an hour.
DUE = ((0, time(10, 20)), (0, time(9)), (1, time(15)), (3, None))
CALLED = {
    Outcome.OPEN: Said(),
    Outcome.REFUSED: Said(reason=LossReason.PRICE),
    Outcome.NO_ANSWER: Said(),
    Outcome.WRONG_NUMBER: Said(number="his"),
    Outcome.STOP: Said(number="his", confirmed=True),
    Outcome.CLOSED: Said(confirmed=True),
    Outcome.CALLBACK: Said(callback_local=datetime.combine(TODAY, time(16))),
}


def _known_well(row: Client, manager: Employee, tongue: Tongue) -> Client:
    """Let a client have people, a pinned note and two years of orders."""
    person = ContactPerson.objects.create(client=row, name=tongue.person, post=tongue.post, roles=["decision_maker"])
    Phone.objects.filter(client=row).update(person=person)
    Note.objects.create(client=row, author=manager, at=NOW - timedelta(days=40), text=tongue.note, pinned=True)
    product = Product.objects.create(source="files", key="1", name=tongue.good)
    for month in range(3, 24, 2):
        at = NOW - timedelta(days=30 * month)
        facts = {"ordered_at": at, "ordered_on": at.date(), "net": month * 7_300_00, "counts": True, "digest": ""}
        order = Order.objects.create(source="files", key=str(month), client=row, **facts)
        OrderLine.objects.create(order=order, product=product, quantity=2_500, price=400_0000, amount=order.net)
    return row


def _what_waits_for_the_head(people: dict[str, Employee], clients: _Clients) -> dict[str, int]:
    """Put somebody into every list of the head."""
    ivan, olga = people["ivan"], people["olga"]
    exhausted = clients.lost(by=ivan, also=[olga])
    _drawn_by_lot(people, clients, exhausted)
    late = clients.of(olga, days_silent=200)
    Client.objects.filter(pk=late.pk).update(grace_until=TODAY + timedelta(days=6), status="forgotten")
    Client.objects.filter(pk=clients.of(olga, days_silent=180).pk).update(protected=True)
    away = {"from_on": TODAY + timedelta(days=3), "until_on": TODAY + timedelta(days=9)}
    note_absence(employee=olga, substitute=ivan, by=people["head"], now=NOW, **away)
    return {"exhausted": exhausted.pk, "stranger": clients.made}


def _drawn_by_lot(people: dict[str, Employee], clients: _Clients, silent: Client) -> None:
    """Let the lot have drawn three stays: called and over, held out and running, held out and given away."""
    PoolEntry.objects.filter(left_on=None).update(drawn="in", entered_on=TODAY - timedelta(days=100))
    given = clients.lost(by=people["olga"])
    running = {"drawn": "out", "entered_on": TODAY - timedelta(days=9), "held_out_until": TODAY + timedelta(days=82)}
    PoolEntry.objects.filter(client__in=(silent, given)).update(**running)
    change_owner(client_ids=[given.pk], to=people["ivan"], by=people["head"], why="", on=TODAY, now=NOW)


def _rules(head: Employee, tongue: Tongue) -> None:
    """Let the head have written the rules down, and planned others from next week."""
    told = {"on": TODAY, "why": tongue.about, "by": head, "now": NOW}
    set_policy(policy=Policy(), starts_on=TODAY - timedelta(days=400), **told)
    set_policy(policy=Policy(norm=25, pool_share=0.3), starts_on=TODAY + timedelta(days=7), **told)


def _news(head: Employee, tongue: Tongue) -> dict[str, int]:
    """Let the head have written a piece of news."""
    words = Words(ru=f"{tongue.good}: {tongue.note}.")
    return {"news": add_news(words=words, airing=Airing(from_on=TODAY), key="", by=head, now=NOW)}


def _levelled(people: dict[str, Employee], client: int, tongue: Tongue) -> dict[str, int]:
    """Let the head have levelled the base this morning."""
    moves = [[client, people["olga"].pk, people["ivan"].pk]]
    facts = {"on": TODAY, "at": NOW, "by": people["head"], "why": tongue.about}
    return {"levelling": Levelling.objects.create(moves=moves, undo_until=TODAY + timedelta(days=1), **facts).pk}


def _simulated(head: Employee) -> dict[str, int]:
    """Let the head have simulated a quarter, and ask for another that waits."""
    asked = WhatIf.of(Policy(), days=91, seeds=2, people=1)
    found = compare(asked, on=TODAY, policy=Policy(), step=lambda done, total: True)
    assert found is not None
    done = ask_for(SIMULATION, asked.to_asked(), by=head, now=NOW)
    claim_next(holder="here:1", now=NOW, is_gone=lambda holder: False)
    end_job(done, holder="here:1", end="done", now=NOW, told=found.to_told())
    return {"simulated": done, "simulating": ask_for(SIMULATION, asked.to_asked(), by=head, now=NOW)}


def _looked_at_as_a_whole(row: Client, good: Product) -> None:
    """Let insight have found something to say on each of its pages."""
    Product.objects.filter(pk=good.pk).update(group=good.name)
    Client.objects.filter(pk=row.pk).update(leaving=True, potential=900_000_00, expected_90=40_000_00)
    sums = {"clients": 1, "money": 300_000_00}
    months = [(year, month) for year in (TODAY.year - 2, TODAY.year - 1, TODAY.year) for month in range(1, 13)]
    group = {"group_id": good.pk, "orders": 240, "correlation": 0.81}
    losses = {"loss_kept": 0.43, "loss_levelled": 0.34, "loss_refitted": 0.33}
    decided = zip(("p30", "p60", "losing"), ("refitted", "levelled", "kept"), strict=True)
    run = looked_at(
        abc_by_regularity=[{"abc": "A", "regularity": code, **sums} for code in "XYZ?"],
        abcd=[{"abcd": code, "by_potential": code == "B", **sums} for code in "ABCD"],
        rfm=[{"recency": recency, "frequency": often, "monetary": 3, **sums} for recency in FIFTHS for often in FIFTHS],
        moved=[{"from_class": was, "to_class": now, **sums} for was in "ABCD" for now in "ABCD"],
        limits=[
            {"interval_class": code, "low_ratio": 0.4, "high_ratio": 2.5, "back_by_days": 41} for code in (1, 2, 3)
        ],
        months=[
            {"year": year, "month": month, "orders": 9, "clients": 7, "revenue": month * 100_000_00}
            for year, month in months
        ],
        seasons=[
            *({**group, "month": month, "month_index": month / 6.5, "reason": ""} for month in range(1, 13)),
            {**group, "group_id": 0, "month": 1, "month_index": None, "reason": "unlike_years"},
        ],
        stopped=[{"item_id": good.pk, "on_sale": sold, "clients": 2, "amount": 50_000_00} for sold in (True, False)],
        learnt={
            "month": TODAY.replace(day=1).isoformat(),
            "choices": {score: {"decision": decision, **losses} for score, decision in decided},
            "calibration": [{"clients": 40, "foretold": part / 12, "seen": part / 11} for part in range(1, 11)],
            "calibration_gap": 0.02,
        },
    )
    classes = {"abc": "A", "regularity": "X", "abcd": "B", "by_potential": True}
    profiled(run, row, revenue_365=300_000_00, stopped_items=2, stopped_amount=100_000_00, **classes)
