"""What a simulated firm meets from outside: own orders of clients, new clients, what insight says, the days."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from budilnik.core.candidates import Deadlines, Sieve
from budilnik.core.dates import WorkCalendar
from budilnik.core.hours import HoursBook
from budilnik.core.own_orders import WEEK_DAYS, Demand
from budilnik.core.policy import Policy
from budilnik.core.scenario import YEAR_DAYS, Scenario
from budilnik.core.seed import Seed
from budilnik.core.simulated_firm import Person, SimulatedFirm
from budilnik.core.terms import ClientStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Workday:
    """A working day as the rules see it: who is at work, until when, and the days ahead.

    `windows` are each one's own working days from today on, absences left out; `ahead` those of the firm.
    """

    on: date
    policy: Policy
    seed: Seed
    calendar: WorkCalendar
    hours: HoursBook
    sieve: Sieve
    present: tuple[Person, ...]
    windows: Mapping[int, tuple[date, ...]]
    deadlines: Mapping[int, Deadlines]
    ahead: tuple[date, ...]


class SimulatedWorld:
    """The days of a simulated year as they come. It changes the firm in the morning and reads it otherwise."""

    def __init__(self, firm: SimulatedFirm, *, scenario: Scenario, demand: Mapping[int, Demand]) -> None:
        """Lay out the orders to come; `demand` is asked for every client."""
        self._firm, self._scenario, self._demand = firm, scenario, dict(demand)
        self._foretold = {client: facts for client, facts in firm.facts.items() if facts.order_chance is not None}
        self._models = sorted(client for client, known in demand.items() if known.days)
        self._arrivals = len(firm.facts) * scenario.growth_share / YEAR_DAYS
        self._next_number = max(firm.facts, default=0) + 1
        self._coming: defaultdict[int, list[int]] = defaultdict(list)
        for client, known in self._demand.items():
            for day in known.days:
                self._coming[day].append(client)
        self._own_days = {
            number: firm.today.calendar.without((span.from_on, span.until_on) for span in person.absences).days
            for number, person in firm.people.items()
        }

    def morning(self, day: int) -> None:
        """Let what a day brings come: own orders, new clients, and once a week what insight says of everybody.

        Units: days from the first one, which is 0.
        Raises: nothing.
        Source: SPEC §12, growth and the firm's own rhythm.
        """
        for client in self._coming.pop(day, ()):
            self._firm.order_comes(client)
        if day and day % WEEK_DAYS == 0:
            self._look(day // WEEK_DAYS)
        if self._models:
            for _ in range(int(self._arrivals + self._firm.luck.random())):
                self._welcome(day)

    def workday(self, on: date) -> Workday:
        """Return a working day as the rules see it.

        On the first day ties fall as in the morning of that day; later ones differ from year to year played.

        Units: local calendar days.
        Raises: nothing.
        Source: SPEC §4.
        """
        today, policy = self._firm.today, self._firm.policy
        days = today.calendar.days
        at = bisect_left(days, on)
        people = self._firm.people.values()
        windows = {number: own[bisect_left(own, on) :] for number, own in self._own_days.items()}
        books = {window: Deadlines(window=window, calendar=today.calendar) for window in set(windows.values())}
        return Workday(
            on=on,
            policy=policy,
            seed=Seed.of(on, salt=0 if on == today.on else self._scenario.seed),
            calendar=today.calendar,
            hours=HoursBook(
                on=on, zone_of=today.zone_of, clients=policy.hours_of_clients, employees=policy.hours_of_employees
            ),
            sieve=Sieve.of(on=on, policy=policy, window_starts=days[max(0, at - policy.horizon_days)]),
            present=tuple(person for person in people if person.capacity(on) and not person.away(on)),
            windows=windows,
            deadlines={number: books[window] for number, window in windows.items()},
            ahead=days[at : at + policy.horizon_days],
        )

    def _look(self, week: int) -> None:
        """Let insight say anew how likely everybody of whom it spoke is to order by himself."""
        for client, first in self._foretold.items():
            chance = self._demand[client].chances[week]
            if chance == self._firm.facts[client].order_chance:
                continue
            told = max(1, first.order_chance or 0)
            expected = None if first.expected_90 is None else round(first.expected_90 * _in_90(chance) / _in_90(told))
            self._firm.foresee(client, chance=chance, expected=expected)

    def _welcome(self, day: int) -> None:
        """Take in a new client: he has just ordered, and will order as somebody of the base does."""
        model = self._firm.luck.choice(self._models)
        number, on = self._next_number, self._firm.on
        self._next_number += 1
        for each in self._demand[model].days:
            if each > day:
                self._coming[each].append(number)
        self._firm.arrives(
            self._firm.facts[model]._replace(
                client_id=number,
                owner_id=None,
                status=ClientStatus.REGULAR.value,
                silent_since=on,
                ever_contacted=True,
                agreed_until=None,
                grace_until=None,
                in_pool_since=None,
                first_known_on=on,
                last_talk_on=None,
                first_order_on=on,
                last_order_on=on,
                order_days_in_year=1,
                missed_attempts=0,
                retry_on=None,
                paused_until=None,
                phone_state="usable",
                stopped_on=None,
                protected=False,
                group_id=None,
                leaving=False,
                narrowed=False,
            )
        )


def _in_90(thousandths: int) -> float:
    return float(1 - (1 - min(thousandths, 999) / 1000) ** 3)
