"""What follows from a call, written down: the effects that the core decided, one after another."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q

from budilnik.calling.actions.matters import raise_matter
from budilnik.calling.actions.promises import add_promise, end_promise, hand_promises
from budilnik.calling.actions.tasks import close_tasks
from budilnik.calling.models import Call, Callback
from budilnik.calling.queries.proposals import working_days_ahead
from budilnik.clients.actions import clock, marks, ownership, register
from budilnik.clients.models import Client, Contact, ContactPerson, Phone, PoolEntry
from budilnik.clients.queries.base import locks_of
from budilnik.core.matters import MatterKind
from budilnik.core.outcomes import OUTCOMES, Case, Counted, Effects, Moment, Said, Stop, consequences
from budilnik.core.ownership import may_receive
from budilnik.core.terms import Direction, Evidence, Outcome, Role
from budilnik.staff.actions import audit
from budilnik.staff.models import Employee
from budilnik.staff.queries import rules_on, staff_in_service

CONTACT_SOURCE = "call"
FORM_SOURCE = "form"
_ORDER_OR_REFUSAL = (Outcome.ORDER.value, Outcome.REFUSED.value)
_ABOUT_A_NUMBER = (Outcome.WRONG_NUMBER, Outcome.STOP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A call being written down. `carried` is the promise that its task carries.

    `may_win` is false for a caller whose role does not call the pool, or who lost the client that nobody owns.
    `form_key` is the one-time number of the form it came from, if it came from one.
    """

    client: Client
    outcome: Outcome
    said: Said
    effects: Effects
    by: Employee
    at: Moment
    may_win: bool
    direction: Direction = Direction.OUT
    carried: int | None = None
    form_key: str = ""

    @property
    def touches_numbers(self) -> bool:
        """Say whether the call marks a number wrong or stops one."""
        return self.effects.number_wrong or self.effects.stop is Stop.NUMBER


def moment(by: Employee, *, on: date, now: datetime) -> Moment:
    """Return the day, its rules and the working days ahead of an employee."""
    policy = rules_on(on).policy
    return Moment(on=on, now=now, policy=policy, calendar=working_days_ahead(by, on=on, policy=policy))


def decide(
    client_id: int,
    outcome: Outcome,
    *,
    said: Said,
    by: Employee,
    at: Moment,
    direction: Direction = Direction.OUT,
    carried: int | None = None,
) -> Talk:
    """Lock the client, see how he stands, and let the core decide what follows."""
    client = Client.objects.select_for_update().get(pk=client_id)
    if outcome in _ABOUT_A_NUMBER and not said.number:
        said = replace(said, number=_only_number(client))
    case = replace(_case(client, by=by, on=at.on), promised=carried is not None)
    effects = consequences(outcome, said=said, case=case, at=at)
    return Talk(
        client=client,
        outcome=outcome,
        said=said,
        effects=effects,
        by=by,
        at=at,
        may_win=_may_win(client, by=by, at=at),
        direction=direction,
        carried=carried,
    )


def _may_win(client: Client, *, by: Employee, at: Moment) -> bool:
    if by.role not in at.policy.pool_roles and by.role != Role.HEAD.value:
        return False
    # Nobody wins a client who has an owner, so his locks are not asked for.
    return client.owner_id is not None or may_receive(by.pk, locks_of([client.pk]).get(client.pk, frozenset()))


def _only_number(client: Client) -> str:
    usable = Phone.objects.filter(client=client, wrong_on=None, stopped_on=None)
    numbers = list(usable.values_list("number", flat=True)[:2])
    return numbers[0] if len(numbers) == 1 else ""


def _case(client: Client, *, by: Employee, on: date) -> Case:
    refusals = _refusals_in_row(client)
    if client.in_pool_since is None:
        return Case(refusals_in_row=refusals, missed_attempts=client.missed_attempts)
    stay = PoolEntry.objects.filter(client=client, left_on=None).first()
    held = PoolEntry.objects.filter(reserved_for=by, left_on=None, reserved_until__gte=on)
    return Case(
        in_pool=stay is not None,
        refusals_in_row=refusals,
        missed_attempts=client.missed_attempts,
        reservations=held.exclude(client=client).count(),
        reserved_before=stay is not None and stay.reserved_until is not None,
    )


def _refusals_in_row(client: Client) -> int:
    """Return the refusals since the last order: one that came by itself, or from a file, breaks the row too."""
    if not client.refusals_in_row:
        return 0
    told = Contact.objects.filter(client=client, voided_at=None, outcome__in=_ORDER_OR_REFUSAL)
    last = told.order_by("-at", "-pk").values_list("outcome", flat=True).first()
    return 0 if last == Outcome.ORDER.value else client.refusals_in_row


def add_call(talk: Talk, *, task_id: int | None, in_force: bool) -> Call:
    """Append the attempt."""
    said = talk.said
    note = "\n".join(filter(None, (said.goods, said.competitor, said.note)))
    return Call.objects.create(
        task_id=task_id,
        client=talk.client,
        person_id=_person_of(talk),
        employee=talk.by,
        at=talk.at.now,
        direction=talk.direction.value,
        disposition=OUTCOMES[talk.outcome].disposition.value,
        outcome=talk.outcome.value,
        loss_reason=said.reason.value if said.reason else "",
        note=note,
        talked=talk.effects.is_talk,
        in_force=in_force,
        source=FORM_SOURCE if talk.form_key else "",
        key=talk.form_key,
    )


def _person_of(talk: Talk) -> int | None:
    """Return the person talked to, if he is one of this client's: the number comes from a page."""
    if talk.said.person_id is None:
        return None
    people = ContactPerson.objects.filter(client=talk.client, pk=talk.said.person_id)
    return people.values_list("pk", flat=True).first()


def follow(talk: Talk, call: Call) -> bool:
    """Write everything that follows from a call; say whether the client was won from the pool."""
    _wind_the_clock(talk, call)
    won = talk.effects.wins and talk.client.in_pool_since is not None and _win(talk, call)
    _mark(talk, won=won)
    _make_promises(talk, person=call.person_id)
    _stop(talk)
    if talk.effects.to_head:
        _ask_head(talk, call, kind=MatterKind(talk.outcome.value))
    return won


def _ask_head(talk: Talk, call: Call, *, kind: MatterKind) -> None:
    client, by, now = talk.client.pk, talk.by, talk.at.now
    number = talk.said.number if talk.effects.stop is Stop.NUMBER else ""
    raise_matter(call_id=call.pk, client_id=client, kind=kind, number=number, raised_by=by.pk, now=now)
    facts: dict[str, object] = {"why": kind.value}
    audit("head_to_decide", by=by, now=now, subject="client", subject_id=client, facts=facts)


def _wind_the_clock(talk: Talk, call: Call) -> None:
    effects, on = talk.effects, talk.at.on
    if not effects.is_talk:
        return
    contact = clock.NewContact(
        client_id=talk.client.pk,
        at=talk.at.now,
        on=on,
        direction=talk.direction,
        evidence=Evidence.MANUAL,
        outcome=talk.outcome,
        is_talk=True,
        resets=effects.resets_clock,
        employee_id=talk.by.pk,
        source=CONTACT_SOURCE,
        key=str(call.pk),
    )
    clock.record_contacts([contact])
    fact = clock.ClockFact(contact_on=on if effects.resets_clock else None, talk_on=on)
    facts, silence = {talk.client.pk: fact}, talk.at.policy.silence
    clock.advance_clocks(facts, now=talk.at.now, why="call", silence=silence, locked=[talk.client])


def _win(talk: Talk, call: Call) -> bool:
    """Make a pool client the caller's own; one who lost him only serves him, and the head decides."""
    client, by, at = talk.client.pk, talk.by, talk.at
    if not talk.may_win:
        _ask_head(talk, call, kind=MatterKind.NOT_HIS_TO_WIN)
        return False
    if not ownership.claim_from_pool(client, on=at.on, why="won_back"):
        return False
    ownership.leave_pool([client], on=at.on, why="won_back", now=at.now, silence=at.policy.silence)
    ownership.give_owner({client: by.pk}, on=at.on, why="won_back")
    hand_promises({client: by.pk})
    return True


def _mark(talk: Talk, *, won: bool) -> None:
    effects, client, at = talk.effects, talk.client.pk, talk.at
    if effects.agreed_until:
        row = Client.objects.select_for_update().get(pk=client) if won else talk.client
        clock.agree(row, effects.agreed_until, on=at.on, now=at.now, silence=at.policy.silence)
    if effects.rest_until:
        marks.rest_in_pool(client, until=effects.rest_until)
    if effects.reserve_until and talk.may_win:
        marks.reserve_in_pool(client, employee=talk.by.pk, until=effects.reserve_until)
    if effects.refusals_in_row != talk.client.refusals_in_row:
        marks.count_refusals(client, effects.refusals_in_row)
    if effects.attempts:
        _count(talk.client, effects.attempts)
    if effects.number_wrong:
        marks.mark_number(client, number=talk.said.number, wrong_on=at.on)


def _count(client: Client, counted: Counted) -> None:
    attempts = marks.Attempts(missed=counted.missed, retry_on=counted.retry_on, paused_until=counted.paused_until)
    if attempts != marks.attempts_of(client):
        marks.count_attempts(client.pk, attempts)
    if counted.given_up:
        marks.give_up_calling(client.pk)
    elif not counted.missed and client.phone_state == marks.TO_REPAIR:
        marks.trust_numbers(client.pk)


def _make_promises(talk: Talk, *, person: int | None) -> None:
    effects = talk.effects
    if talk.said.person_name:
        person = register.add_person(talk.client.pk, talk.said.person_name)
    moved = talk.carried if effects.keeps_promise and talk.outcome is Outcome.CALLBACK else None
    if effects.keeps_promise and talk.carried:
        end_promise(talk.carried, end="moved_by_client" if moved else "done", now=talk.at.now)
    if effects.promise:
        add_promise(
            effects.promise,
            client=talk.client,
            employee_id=_who_rings(talk),
            promised_by=talk.by.pk,
            now=talk.at.now,
            zone=talk.said.zone,
            person_id=person,
            instead_of=moved,
        )


def _who_rings(talk: Talk) -> int:
    """Return who is to keep a new promise: the owner, in the pool the caller, or the head if he lost the client."""
    if talk.client.owner_id is not None:
        return talk.client.owner_id
    return talk.by.pk if talk.may_win else head_in_service(talk.at.on) or talk.by.pk


def head_in_service(on: date) -> int | None:
    """Return the head of the firm, to whom goes what fits nobody else."""
    return next((each.employee_id for each in staff_in_service(on) if each.role is Role.HEAD), None)


def _stop(talk: Talk) -> None:
    client, by, at = talk.client.pk, talk.by, talk.at
    if talk.effects.archive:
        marks.archive(client, on=at.on)
        silence_clients([client], by=by, now=at.now)
    elif talk.effects.stop is Stop.COMPANY:
        stop_company(client, by=by, on=at.on, now=at.now)
    elif talk.effects.stop is Stop.NUMBER:
        stop_number(client, talk.said.number, by=by, on=at.on, now=at.now)


def stop_company(client: int, *, by: Employee | None, on: date, now: datetime) -> None:
    """Stop calls to a whole company: no task and no promise of it stays open."""
    marks.stop(client, on=on)
    silence_clients([client], by=by, now=now)


def stop_number(client: int, number: str, *, by: Employee | None, on: date, now: datetime) -> None:
    """Stop a number at every client who has it; promises to other people with a usable number stay."""
    persons = list(Phone.objects.filter(client_id=client, number=number).values_list("person_id", flat=True))
    without_number = marks.stop_number(number, on=on)
    silence_clients(without_number, by=by, now=now)
    close_tasks([client], close="stopped", by=by, now=now)
    promises = Callback.objects.filter(Q(person=None) | Q(person__in=persons), client_id=client, ended_at=None)
    promises.update(ended_at=now, end="stopped")


def silence_clients(clients: list[int], *, by: Employee | None, now: datetime) -> None:
    """Close the open tasks and end the promises of clients who are not to be called any more."""
    close_tasks(clients, close="stopped", by=by, now=now)
    Callback.objects.filter(client_id__in=clients, ended_at=None).update(ended_at=now, end="stopped")
