"""The plans that are compared in a simulated year: the product's own, the two queues of the case, free choice, none."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time

from budilnik.core.candidates import ClientFacts, OwnClient, candidate, own_client
from budilnik.core.day import Caller, PooledClient, Taken, Task, close_day
from budilnik.core.plan import Desk, conversations, plan_team, rules_of_day
from budilnik.core.simulated_calls import Listed
from budilnik.core.simulated_firm import Person, SimulatedFirm, clock_of, pooled
from budilnik.core.simulated_world import Workday
from budilnik.core.standing_in import Takers, cannot_wait
from budilnik.core.status import Verdict
from budilnik.core.terms import ClientStatus, Queue

PROMISED_AT = time(10)
CHOSEN_A_DAY = (3, 4)
STATUS = {status.value: status for status in ClientStatus}

type Lists = Mapping[int, Sequence[Listed]]
type Planner = Callable[[SimulatedFirm, Workday], Lists]


def no_calls(_firm: SimulatedFirm, _day: Workday) -> Lists:
    """Return empty lists: the firm lives by what clients do themselves.

    Units: none.
    Raises: nothing.
    Source: QUALITY §4, the policies compared.
    """
    return {}


def managers_choice(firm: SimulatedFirm, day: Workday) -> Lists:
    """Return three or four own clients for each, by taste: the dearer, the likelier.

    One talked to or ordered within a month is left in peace; the pool is nobody's taste.

    Units: clients for one day.
    Raises: nothing.
    Source: «Клиентский будильник», three or four calls a day; QUALITY §4.
    """
    luck, lists = firm.luck, {}
    for person in day.present:
        own = [
            (facts.value * luck.random(), facts)
            for facts in firm.owned(person.employee_id)
            if firm.touched_on[facts.client_id] < day.sieve.quiet_from and _reachable(facts, day)
        ]
        own.sort(key=lambda pair: -pair[0])
        chosen = [facts for _, facts in own[: luck.randint(*CHOSEN_A_DAY)]]
        lists[person.employee_id] = [*_promised(firm, day, person), *map(_listed, chosen)]
    return lists


def two_queues(firm: SimulatedFirm, day: Workday) -> Lists:
    """Return the case's two queues, half a list each: own forgotten clients and the pool, the longest silent first.

    What one queue cannot use goes to the other; one who lost a client never gets him from the pool.

    Units: clients for one day.
    Raises: nothing.
    Source: «Клиентский будильник»; QUALITY §4.
    """
    pool = sorted(firm.placeable(), key=lambda facts: (facts.silent_since, facts.client_id))
    taken: set[int] = set()
    lists = {}
    for person in firm.luck.sample(day.present, len(day.present)):
        number = person.employee_id
        promised = _promised(firm, day, person)
        left = max(0, person.capacity(day.on) - len(promised))
        forgotten = [
            facts
            for facts in firm.owned(number)
            if facts.status == ClientStatus.FORGOTTEN.value and _reachable(facts, day)
        ]
        forgotten.sort(key=lambda facts: (facts.silent_since, facts.client_id))
        mine = [f for f in pool if f.client_id not in taken and number not in firm.losers[f.client_id]]
        lost = mine[: max(left // 2, left - len(forgotten))] if person.calls_pool else []
        taken.update(facts.client_id for facts in lost)
        lists[number] = [*promised, *map(_listed, forgotten[: left - len(lost)]), *map(_listed, lost)]
    return lists


def _reachable(facts: ClientFacts, day: Workday) -> bool:
    waits = facts.retry_on is not None and facts.retry_on > day.on
    return not waits and not day.sieve.unreachable(facts)


def _listed(facts: ClientFacts) -> Listed:
    return Listed(client_id=facts.client_id, zone=facts.zone)


def _hour(firm: SimulatedFirm, day: Workday, zone: str) -> datetime:
    return datetime.combine(day.on, PROMISED_AT, firm.today.zone_of(zone))


def _due(firm: SimulatedFirm, day: Workday, employee: int) -> list[ClientFacts]:
    """Return the clients to whom somebody has promised a call for today or before, by number."""
    due = sorted(client for client, on in firm.promised[employee].items() if on <= day.on)
    return [facts for facts in map(firm.facts.__getitem__, due) if facts.stopped_on is None]


def _promised(firm: SimulatedFirm, day: Workday, person: Person) -> list[Listed]:
    at = _hour(firm, day, person.zone)
    return [
        Listed(client_id=facts.client_id, zone=facts.zone, promised_at=at)
        for facts in _due(firm, day, person.employee_id)
    ]


def of_the_product(firm: SimulatedFirm, day: Workday) -> Lists:
    """Return the lists as the morning makes them, by the very rules of the product.

    Promises of those who are away are kept by substitutes or levelled, and so are clients who cannot wait for them.

    Units: clients for one day.
    Raises: nothing.
    Source: SPEC §4.
    """
    return _Morning(firm, day).lists()


class _Morning:
    """One morning of the product on a simulated firm."""

    def __init__(self, firm: SimulatedFirm, day: Workday) -> None:
        self._firm, self._day = firm, day
        self._present = {person.employee_id: person for person in day.present}
        self._own: defaultdict[int, list[OwnClient]] = defaultdict(list)
        self._displaced: list[tuple[ClientFacts, Verdict, Person]] = []
        self._stand_ins: dict[int, int] = {}

    def lists(self) -> Lists:
        firm, day = self._firm, self._day
        promised = self._promises()
        for person in firm.people.values():
            if person.owns:
                self._judge(person)
        self._stand_in()
        people = sorted(day.present, key=lambda person: day.seed.tie(0, person.employee_id))
        desks = [
            Desk(
                caller=self._caller(person),
                own=sorted(self._own.pop(person.employee_id, []), key=lambda client: client.client_id),
                promised=promised.get(person.employee_id, []),
            )
            for person in people
        ]
        mornings = plan_team(
            desks,
            self._pool(),
            rules=rules_of_day(day.policy, on=day.on, seed=day.seed),
            taken=Taken(firm.today.shared_numbers),
            stand_ins=self._stand_ins,
        )
        planned = [
            close_day(morning, on=day.on, closes=self._closes(morning.caller.zone), seed=day.seed)
            for morning in mornings
        ]
        return {
            one.employee_id: [
                Listed(client_id=task.client_id, zone=task.zone, promised_at=task.promised_at) for task in one.tasks
            ]
            for one in planned
        }

    def _judge(self, person: Person) -> None:
        firm, day = self._firm, self._day
        number = person.employee_id
        away = number not in self._present
        mine, deadlines, sieve = self._own[number], day.deadlines[number], day.sieve
        verdict_of, belongs = firm.book.verdict, sieve.belongs
        shares_hours: dict[str, bool] = {}
        for facts in firm.owned(number):
            # Statuses are of this morning already: who is of no queue needs no verdict.
            if not belongs(facts, STATUS[facts.status]):
                continue
            if facts.zone not in shares_hours:
                shares_hours[facts.zone] = bool(day.hours.common(facts.zone, person.zone))
            verdict = verdict_of(*clock_of(facts))
            if away or not shares_hours[facts.zone]:
                self._displaced.append((facts, verdict, person))
            elif (client := candidate(facts, verdict, sieve=sieve, deadlines=deadlines)) is not None:
                mine.append(client)

    def _stand_in(self) -> None:
        firm, day = self._firm, self._day
        takers = Takers({n: p.zone for n, p in self._present.items()}, hours=day.hours, seed=day.seed)
        for facts, verdict, owner in self._displaced:
            span = owner.away(day.on)
            urgent = cannot_wait(
                verdict,
                away_until=span.until_on if span else None,
                calendar=day.calendar,
                tail_working_days=day.policy.absence_tail_working_days,
            )
            taker = urgent and takers.of(
                facts.client_id,
                facts.zone,
                substitute=span.substitute_id if span else None,
                barred=firm.losers[facts.client_id] | {owner.employee_id},
            )
            if not taker:
                continue
            client = own_client(facts, verdict, sieve=day.sieve, deadlines=day.deadlines[taker])
            if client is not None:
                takers.given[taker] += 1
                self._own[taker].append(client)
                self._stand_ins[facts.client_id] = owner.employee_id

    def _promises(self) -> dict[int, list[Task]]:
        firm, day = self._firm, self._day
        tasks: defaultdict[int, list[Task]] = defaultdict(list)
        for giver in list(firm.promised):
            for facts in _due(firm, day, giver):
                keeper = self._keeper(giver, facts, tasks)
                if keeper is not None:
                    tasks[keeper].append(self._promise(facts, keeper))
        return tasks

    def _keeper(self, giver: int, facts: ClientFacts, tasks: Mapping[int, list[Task]]) -> int | None:
        """Return who keeps a promise today: who gave it, else his substitute, else the least burdened colleague."""
        if giver in self._present:
            return giver
        span = self._firm.people[giver].away(self._day.on) if giver in self._firm.people else None
        able = [number for number in self._present if number not in self._firm.losers[facts.client_id]]
        if span is not None and span.substitute_id in able:
            return span.substitute_id
        tie = self._day.seed.tie
        return min(able, key=lambda one: (len(tasks.get(one, ())), tie(facts.client_id, one)), default=None)

    def _promise(self, facts: ClientFacts, keeper: int) -> Task:
        return Task(
            client_id=facts.client_id,
            queue=Queue.CALLBACK,
            status=ClientStatus(facts.status),
            silent_since=facts.silent_since,
            deadline=None,
            value=facts.value,
            zone=facts.zone,
            group_id=facts.group_id,
            reasons={},
            callback_id=facts.client_id,
            promised_at=_hour(self._firm, self._day, self._present[keeper].zone),
        )

    def _caller(self, person: Person) -> Caller:
        day, capacity = self._day, person.capacity(self._day.on)
        ahead = Counter(on for on in self._firm.promised[person.employee_id].values() if on > day.on)
        return Caller(
            employee_id=person.employee_id,
            capacity=capacity,
            offered=conversations(
                day.ahead,
                capacity=capacity,
                reach=day.policy.reach_rate,
                works=set(day.windows[person.employee_id][: len(day.ahead)]),
                promised=ahead,
            ),
            zone=person.zone,
            calls_pool=person.calls_pool,
        )

    def _pool(self) -> Iterator[PooledClient]:
        day = self._day
        callers = [(person.employee_id, person.zone) for person in day.present if person.calls_pool]
        no_hours: dict[str, frozenset[int]] = {}
        for facts in self._firm.placeable():
            if facts.zone not in no_hours:
                no_hours[facts.zone] = day.hours.without_common(facts.zone, callers)
            yield pooled(facts, self._firm.losers[facts.client_id], no_hours[facts.zone])

    def _closes(self, zone: str) -> Callable[[Task], datetime]:
        never = datetime.combine(self._day.on, time.max, self._firm.today.zone_of(zone))

        def closes(task: Task) -> datetime:
            spans = self._day.hours.common(task.zone, zone)
            return spans[-1][1] if spans else never

        return closes


POLICIES: Mapping[str, Planner] = {
    "no_calls": no_calls,
    "managers_choice": managers_choice,
    "two_queues": two_queues,
    "of_the_product": of_the_product,
}
