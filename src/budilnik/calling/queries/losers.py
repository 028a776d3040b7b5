"""Who lost clients: the owner at the moment of the loss, and who held the client most of the silent time."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from budilnik.calling.queries.coverage import in_order, places_of_staff
from budilnik.clients.models import Loss, Tenure
from budilnik.core.coverage import Stretch
from budilnik.core.ownership import Away, Held, blame
from budilnik.staff.models import Absence

CHUNK = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LoserLine:
    """An employee: clients lost while his, of those that count, and clients he held for most of the silent time.

    `initial` are losses of the first morning or of a file, whose silence was before the program; nobody is blamed for
    them. Units: values in kopecks a year.
    """

    employee_id: int
    name: str
    lost: int
    lost_value: int
    blamed: int
    blamed_value: int
    initial: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Losers:
    """Losses of some days by employee. `nobodys` were held by nobody present in the silent time."""

    within: Stretch
    lines: tuple[LoserLine, ...]
    nobodys: int

    @property
    def lost(self) -> int:
        """How many losses count."""
        return sum(line.lost for line in self.lines)


def losers_of(*, within: Stretch) -> Losers:
    """Return who lost clients within some days and who is to blame. Five queries."""
    days = Q(on__gte=within.first, on__lte=within.last, voided_at=None)
    initial: Counter[str] = Counter()
    for employee in Loss.objects.filter(days, initial=True).values_list("employee_id", flat=True):
        initial[str(employee)] += 1
    losses: Any = Loss.objects.filter(days, initial=False)
    held, away = _tenures(losses), _absences(within)
    lost: dict[str, list[int]] = defaultdict(list)
    blamed: dict[str, list[int]] = defaultdict(list)
    nobodys = 0
    for client, employee, on, since, value in losses.values_list(
        "client_id", "employee_id", "on", "silent_since", "client__value"
    ).order_by():
        lost[str(employee)].append(value)
        whose = _blamed(held.get(client, []), since=since, on=on, away=away)
        if whose is None:
            nobodys += 1
        else:
            blamed[str(whose)].append(value)
    places = {*lost, *blamed, *initial}
    return Losers(
        within=within,
        lines=tuple(
            LoserLine(
                employee_id=int(place),
                name=name,
                lost=len(lost[place]),
                lost_value=sum(lost[place]),
                blamed=len(blamed[place]),
                blamed_value=sum(blamed[place]),
                initial=initial[place],
            )
            for place, name in in_order(places, places_of_staff())
        ),
        nobodys=nobodys,
    )


def _tenures(losses: QuerySet[Loss]) -> dict[int, list[Held]]:
    found: dict[int, list[Held]] = defaultdict(list)
    rows = Tenure.objects.filter(client__in=losses.values("client")).order_by("client_id", "from_on", "pk")
    for client, employee, first, until in rows.values_list("client_id", "employee_id", "from_on", "until_on").iterator(
        chunk_size=CHUNK
    ):
        found[client].append(Held(employee_id=employee, from_on=first, until_on=until))
    return found


def _absences(within: Stretch) -> dict[int, list[Away]]:
    found: dict[int, list[Away]] = defaultdict(list)
    rows = Absence.objects.filter(from_on__lte=within.last).values_list("employee_id", "from_on", "until_on")
    for employee, first, until in rows:
        found[employee].append(Away(employee_id=employee, from_on=first, until_on=until))
    return found


def _blamed(held: list[Held], *, since: date, on: date, away: dict[int, list[Away]]) -> int | None:
    """Return `core.ownership.blame`; who alone held a client and was never away needs no counting of days."""
    silent = [each for each in held if each.from_on < on and (each.until_on is None or each.until_on > since)]
    if len(silent) == 1 and not away.get(silent[0].employee_id) and max(silent[0].from_on, since) < on:
        return silent[0].employee_id
    absences = [each for held_by in {each.employee_id for each in silent} for each in away.get(held_by, [])]
    return blame(silent, silent_from=since, lost_on=on, absences=absences)
