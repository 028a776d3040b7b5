"""The morning computed: everything is read and decided here, nothing is written."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from budilnik.calling.actions.lots import held_out_until, lots_of
from budilnik.calling.actions.office import Office, open_office
from budilnik.calling.actions.standing_in import Judged, promised_today, stand_in
from budilnik.calling.queries import morning as reads
from budilnik.calling.queries.morning import Placeable
from budilnik.clients.actions.renewal import RENEWAL_READS, Renewal
from budilnik.clients.queries import base
from budilnik.core.candidates import ClientFacts, Sieve, own_client
from budilnik.core.day import (
    Caller,
    OpenDay,
    PlannedDay,
    PooledClient,
    Taken,
    Task,
    close_day,
    fill_own,
    open_day,
    share_the_pool,
)
from budilnik.core.effect import Drawn
from budilnik.core.hours import HoursBook
from budilnik.core.plan import Desk, conversations, plan_team, rules_of_day
from budilnik.core.seed import Seed
from budilnik.core.status import Verdict
from budilnik.core.terms import ClientStatus, Queue, Role
from budilnik.staff.queries import RulesInForce, StaffMember, rules_on, zone_or

type Step = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A whole morning in memory: what changes, who is called, and the digest of what it was decided from."""

    on: date
    rules: RulesInForce
    seed: Seed
    works: bool
    renewals: list[Renewal]
    days: tuple[PlannedDay, ...]
    hours: HoursBook
    zones: Mapping[int, str]
    back: frozenset[int]
    digest: str

    @property
    def changed(self) -> int:
        """How many clients change their status."""
        return sum(bool(each.steps) for each in self.renewals)

    @property
    def released(self) -> int:
        """How many clients are taken from their owners."""
        return sum(each.lost_by is not None for each in self.renewals)


def decide_morning(
    *, on: date, step: Step, rules: RulesInForce | None = None, workloads: Mapping[int, float] | None = None
) -> Decided:
    """Read the base once and decide the whole morning of `on` in memory.

    `rules` and `workloads` are those to be tried instead of what is in force.
    """
    rules = rules or rules_on(on)
    office = open_office(on=on, rules=rules, workloads=workloads)
    works = office.calendar.is_working(on)
    step("staff_read")
    judged = _judge(office, rules=rules, plan=works)
    step("base_judged")
    days = _plan(office, judged, step=step) if works else ()
    step("decided")
    return Decided(
        on=on,
        rules=rules,
        seed=office.seed,
        works=works,
        renewals=judged.renewals,
        days=days,
        hours=office.hours,
        zones={m.employee_id: m.zone for m in office.staff.values()},
        back=office.back,
        digest=_digest(judged, days, rules=rules, seed=office.seed),
    )


def decide_portion(employee_id: int, *, office: Office, version: int, size: int) -> PlannedDay | None:
    """Decide `size` clients more for one employee by the rules of the morning; None for one who is not at work.

    Whoever was on anybody's list today, his group and his number are left in peace.
    """
    member = office.staff.get(employee_id)
    if member is None or member.away(office.on) or not office.calendar.is_working(office.on):
        return None
    judged, sieve, rules = Judged(), _sieve(office), rules_of_day(office.policy, on=office.on, seed=office.seed)
    for facts in reads.owned_to_judge(sieve=sieve, version=version, owner_id=employee_id):
        _consider(facts, office.verdict(facts), judged, office=office, sieve=sieve)
    taken = Taken(base.shared_numbers())
    for client, group in reads.called_today(office.on):
        taken.insist(client, group)
    own = [client for client in judged.own[employee_id] if taken.is_free(client.client_id, client.group_id)]
    caller = replace(_caller(member, office, ahead=Counter()), capacity=size)
    morning = open_day(caller, own=own, promised=[], rules=rules, taken=taken, stand_ins={})
    morning.tasks, spare = morning.tasks[:size], morning.tasks[size:]
    if not spare:
        fill_own(morning, rules=rules, taken=taken)
        share_the_pool([morning], _pool(office, judged), rules=rules, taken=taken)
    return _close(morning, office)


def _sieve(office: Office) -> Sieve:
    starts = office.calendar.days[: _at(office)][-office.policy.horizon_days :]
    return Sieve.of(on=office.on, policy=office.policy, window_starts=starts[0])


def _judge(office: Office, *, rules: RulesInForce, plan: bool) -> Judged:
    judged, sieve = Judged(), _sieve(office)
    for facts in reads.ownerless_to_judge(on=office.on, version=rules.version):
        _renew(facts, office.verdict(facts), judged, version=rules.version, on=office.on)
    for facts in reads.owned_to_judge(sieve=sieve, version=rules.version):
        verdict = office.verdict(facts)
        released = _renew(facts, verdict, judged, version=rules.version, on=office.on)
        if plan and not released:
            _consider(facts, verdict, judged, office=office, sieve=sieve)
    _draw_lots(judged, office=office)
    stand_in(judged, office=office, sieve=sieve)
    return judged


def _draw_lots(judged: Judged, *, office: Office) -> None:
    """Note what the lot says of those who enter the pool; who is held out is nobody's to call this morning."""
    lots = lots_of(judged.entering, on=office.on, policy=office.policy)
    if not lots:
        return
    until = held_out_until(office.on, office.policy)
    for at, each in enumerate(judged.renewals):
        if lot := lots.get(each.client_id):
            judged.renewals[at] = replace(each, drawn=lot, held_out_until=until if lot is Drawn.OUT else None)
    judged.released = [each for each in judged.released if lots.get(each.client_id) is not Drawn.OUT]


def _at(office: Office) -> int:
    return sum(day < office.on for day in office.calendar.days)


_READ = tuple(ClientFacts._fields.index(name) for name in RENEWAL_READS)


def _renew(facts: ClientFacts, verdict: Verdict, judged: Judged, *, version: int, on: date) -> bool:
    """Note what changes for a client; say whether he leaves his owner for the pool."""
    stays = facts.protected or facts.stopped_on is not None or facts.in_pool_since is not None
    to_pool = verdict.status is ClientStatus.LOST and not stays
    rings = facts.next_status_on is not None and facts.next_status_on <= on
    if to_pool or rings or facts.policy_version != version:
        judged.renewals.append(
            Renewal(
                client_id=facts.client_id,
                read=tuple(facts[at] for at in _READ),
                steps=verdict.steps,
                status=verdict.status,
                next_status_on=None if to_pool else verdict.next_on,
                to_pool=to_pool,
                lost_by=facts.owner_id if to_pool else None,
                silent_since=facts.silent_since,
            )
        )
    if not to_pool or facts.phone_state == "wrong":
        return to_pool
    judged.entering.append((facts.client_id, facts.value))
    if not (facts.paused_until and facts.paused_until > on):
        judged.released.append(
            Placeable(
                price=-facts.value,
                client_id=facts.client_id,
                silent_since=facts.silent_since,
                zone=facts.zone,
                group_id=facts.group_id,
                losers=frozenset([facts.owner_id]) if facts.owner_id else frozenset(),
            )
        )
    return to_pool


def _consider(facts: ClientFacts, verdict: Verdict, judged: Judged, *, office: Office, sieve: Sieve) -> None:
    owner = office.staff.get(facts.owner_id or 0)
    if owner is None or owner.role is not Role.MANAGER:
        return
    if owner.away(office.on) or not office.hours.common(facts.zone, owner.zone):
        judged.displaced.append((facts, verdict))
        return
    client = own_client(facts, verdict, sieve=sieve, deadlines=office.deadlines_of(owner))
    if client is not None:
        judged.own[owner.employee_id].append(client)


def _plan(office: Office, judged: Judged, *, step: Step) -> tuple[PlannedDay, ...]:
    rules = rules_of_day(office.policy, on=office.on, seed=office.seed)
    promises = reads.open_promises()
    promised = promised_today(promises, office)
    ahead = reads.promises_ahead(promises, after=office.on)
    desks = []
    for member in sorted(office.present(), key=lambda m: office.seed.tie(0, m.employee_id)):
        own = sorted(judged.own.pop(member.employee_id, []), key=lambda client: client.client_id)
        caller = _caller(member, office, ahead=ahead.get(member.employee_id, Counter()))
        weighed = [(c.client_id, c.due_in, c.stake, c.chance, c.covered, c.quarter_chance) for c in own]
        judged.inputs.update(repr((caller, weighed)).encode())
        desks.append(Desk(caller=caller, own=own, promised=promised.get(member.employee_id, [])))
    mornings = plan_team(
        desks,
        _pool(office, judged),
        rules=rules,
        taken=Taken(base.shared_numbers()),
        stand_ins=judged.stand_ins,
        ranked=lambda: step("own_ranked"),
    )
    step("pool_shared")
    days = [*(_close(m, office) for m in mornings), *_days_off(office)]
    return tuple(sorted(days, key=lambda day: day.employee_id))


def _days_off(office: Office) -> list[PlannedDay]:
    """Return the empty plans of those who are away: nothing is asked of them."""
    away = (m for m in office.staff.values() if m.role is Role.MANAGER and m.away(office.on))
    return [
        PlannedDay(employee_id=m.employee_id, capacity=0, tasks=(), load=0, left_out=0, calls_to_save=0) for m in away
    ]


def _caller(member: StaffMember, office: Office, *, ahead: Counter[date]) -> Caller:
    capacity = round(member.norm * member.load_share)
    return Caller(
        employee_id=member.employee_id,
        capacity=capacity,
        offered=conversations(
            office.calendar.window(office.on, count=office.policy.horizon_days),
            capacity=capacity,
            reach=office.policy.reach_rate,
            works=set(office.window(member)),
            promised=ahead,
        ),
        zone=member.zone,
        calls_pool=office.calls_pool(member),
    )


def _close(morning: OpenDay, office: Office) -> PlannedDay:
    zone = morning.caller.zone
    never = datetime.combine(office.on, datetime.max.time(), zone_or(zone, office.policy.company_zone))

    def closes(task: Task) -> datetime:
        spans = office.hours.common(task.zone, zone)
        return spans[-1][1] if spans else never

    return close_day(morning, on=office.on, closes=closes, seed=office.seed)


def _pool(office: Office, judged: Judged) -> Iterable[PooledClient]:
    callers = [(m.employee_id, m.zone) for m in office.present() if office.calls_pool(m)]
    no_hours: dict[str, frozenset[int]] = {}
    for each in reads.placeable(on=office.on, released=judged.released):
        if each.zone not in no_hours:
            no_hours[each.zone] = office.hours.without_common(each.zone, callers)
        yield PooledClient(
            client_id=each.client_id,
            value=-each.price,
            silent_since=each.silent_since,
            zone=each.zone,
            group_id=each.group_id,
            losers=each.losers,
            barred=each.losers | no_hours[each.zone],
        )


def _digest(judged: Judged, days: Iterable[PlannedDay], *, rules: RulesInForce, seed: Seed) -> str:
    """Return a digest of what the plans were made from: rules, seed, own queues, what pool and promises gave."""
    state = judged.inputs
    state.update(repr((rules.version, rules.policy, seed.number)).encode())
    for day in days:
        given = [(t.client_id, t.value) for t in day.tasks if t.queue in (Queue.POOL, Queue.CALLBACK)]
        state.update(repr((day.employee_id, given)).encode())
    return str(state.hexdigest())
