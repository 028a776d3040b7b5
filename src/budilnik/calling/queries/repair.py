"""Clients who cannot be called: every number wrong, nobody ever reached, or no number recorded."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef

from budilnik.calling.queries.sight import Sight, own_clients
from budilnik.clients.models import ClientQuerySet, ContactPerson, Phone

PAGE = 50
WRONG, NONE = "wrong", "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class BadNumber:
    """A number that did not help."""

    number: str
    wrong_on: date | None
    stopped_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairLine:
    """A client to be found a number for, with what is known. `why` is a code. Units: value in kopecks a year."""

    client_id: int
    name: str
    city: str
    inn: str
    status: str
    owner: str
    in_pool: bool
    value: int
    last_talk_on: date | None
    why: str
    numbers: tuple[BadNumber, ...]
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A page of the data repair list with the counts of both tabs."""

    state: str
    ownerless: bool
    page: int
    wrong: int
    none: int
    lines: tuple[RepairLine, ...]
    more: bool

    @property
    def previous(self) -> int:
        """The page before this one."""
        return self.page - 1

    @property
    def next(self) -> int:
        """The page after this one."""
        return self.page + 1


def _scope(sight: Sight, *, ownerless: bool) -> ClientQuerySet:
    rows = own_clients(sight).callable()
    return rows.filter(owner=None) if ownerless else rows


def to_repair(sight: Sight, *, state: str, ownerless: bool, page: int) -> Repair:
    """Return clients without a usable number, the dearest first; `ownerless` asks for the pool, which is the head's.

    Five queries.
    """
    ownerless = ownerless and sight.everyone
    scope, first = _scope(sight, ownerless=ownerless), (page - 1) * PAGE
    lines = _lines(scope.filter(phone_state=state).order_by("-value", "pk")[first : first + PAGE + 1])
    return Repair(
        state=state,
        ownerless=ownerless,
        page=page,
        wrong=scope.filter(phone_state=WRONG).count(),
        none=scope.filter(phone_state=NONE).count(),
        lines=tuple(lines[:PAGE]),
        more=len(lines) > PAGE,
    )


def to_repair_one(sight: Sight, client_id: int) -> RepairLine | None:
    """Return one client of the list as he stands now, whatever his numbers are. Three queries."""
    return next(iter(_lines(_scope(sight, ownerless=False).filter(pk=client_id))), None)


_SHOWN = ("pk", "name", "city", "inn", "status", "in_pool_since", "value", "last_talk_on", "phone_state")


def _lines(clients: ClientQuerySet) -> list[RepairLine]:
    usable = Phone.objects.filter(client_id=OuterRef("pk"), wrong_on=None, stopped_on=None)
    rows = list(clients.annotate(usable=Exists(usable)).values(*_SHOWN, "usable", holder=F("owner__name")))
    numbers: dict[int, list[BadNumber]] = defaultdict(list)
    found = [row["pk"] for row in rows]
    for phone in Phone.objects.filter(client_id__in=found).order_by("pk"):
        bad = BadNumber(number=phone.number, wrong_on=phone.wrong_on, stopped_on=phone.stopped_on)
        numbers[phone.client_id].append(bad)
    people: dict[int, list[str]] = defaultdict(list)
    named = ContactPerson.objects.filter(client_id__in=found, left_on=None).order_by("name")
    for client, name, post in named.values_list("client_id", "name", "post"):
        people[client].append(", ".join(filter(None, (name, post))))
    return [
        RepairLine(
            client_id=row["pk"],
            name=row["name"],
            city=row["city"],
            inn=row["inn"],
            status=row["status"],
            owner=row["holder"] or "",
            in_pool=row["in_pool_since"] is not None,
            value=row["value"],
            last_talk_on=row["last_talk_on"],
            why=_why(row["phone_state"], usable=row["usable"], numbers=numbers[row["pk"]]),
            numbers=tuple(numbers[row["pk"]]),
            people=tuple(people[row["pk"]]),
        )
        for row in rows
    ]


def _why(state: str, *, usable: bool, numbers: list[BadNumber]) -> str:
    if state == "usable":
        return "usable"
    if not numbers:
        return "none"
    if usable:
        return "not_reached"
    return "stopped" if all(number.stopped_on for number in numbers) else "wrong"
