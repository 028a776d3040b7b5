"""What to say to one client: the facts of the card and of the past, the head's words, the blocks they choose."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.db.models import F

from budilnik.calling.models import Call, Script
from budilnik.calling.queries.card import Card, PromiseSeen
from budilnik.clients.models import Tenure
from budilnik.clients.queries.people import PersonSeen
from budilnik.core.blocks import TalkFacts
from budilnik.core.callbacks import escalated, step_escalated
from budilnik.core.talk import Talk, Written, talk
from budilnik.core.terms import ClientStatus, LossReason, OfferKind, Outcome
from budilnik.sales.models import Offer
from budilnik.staff.models import Employee

# Outcomes that say how the client stands to us; a secretary's «перезвоните» does not take a complaint back.
_TELLING = (Outcome.ORDER.value, Outcome.INTERESTED.value, Outcome.OPEN.value, Outcome.REFUSED.value)
_CALLS_BACK = 40


class Named(Protocol):
    """A good to name, of its kind."""

    @property
    def name(self) -> str:
        """How the good is called."""

    @property
    def kind(self) -> str:
        """Why it is named: a code of `OfferKind`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """A good to name, as the talk needs it."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who speaks."""

    employee_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptSeen:
    """A row of the script as the head's page shows it. `version` goes with the form; `by` is a name."""

    script_id: int
    code: str
    ru: str
    en: str
    enabled: bool
    from_on: date | None
    until_on: date | None
    sort: int
    version: int
    by: str
    at: datetime


def talk_of(
    card: Card,
    *,
    by: Employee,
    on: date,
    now: datetime,
    language: str,
    inbound: bool = False,
    offers: Iterable[Named] | None = None,
) -> Talk:
    """Return what to say to the client of a card and what to ask. Two queries, with goods that are given.

    One more if the caller has not talked to him lately, and one if the goods are to be read.
    """
    caller = Caller(employee_id=by.pk, name=by.name)
    facts = facts_of(card, by=caller, on=on, now=now, inbound=inbound, offers=offers)
    return talk(facts, written=written_scripts(), language=language)


def written_scripts() -> tuple[Written, ...]:
    """Return what the head wrote, news in its order. One query."""
    return tuple(
        Written(
            code=row.code,
            ru=row.text_ru,
            en=row.text_en,
            enabled=row.enabled,
            from_on=row.from_on,
            until_on=row.until_on,
        )
        for row in Script.objects.order_by("sort", "-at", "-pk")
    )


def scripts_seen() -> tuple[ScriptSeen, ...]:
    """Return the rows of the script with who changed them, news in its order. One query."""
    rows = Script.objects.order_by("sort", "-at", "-pk").annotate(who=F("by__name"))
    return tuple(
        ScriptSeen(
            script_id=row.pk,
            code=row.code,
            ru=row.text_ru,
            en=row.text_en,
            enabled=row.enabled,
            from_on=row.from_on,
            until_on=row.until_on,
            sort=row.sort,
            version=row.version,
            by=row.who or "",
            at=row.at,
        )
        for row in rows
    )


def facts_of(
    card: Card, *, by: Caller, on: date, now: datetime, inbound: bool = False, offers: Iterable[Named] | None = None
) -> TalkFacts:
    """Return what is known before a talk. One query, with goods that are given.

    One more if the caller has not talked to him lately, and one if the goods are to be read.
    """
    calls = _calls_of(card.client_id)
    goods = tuple(offers if offers is not None else _goods_of(card.client_id))
    people = [person for person in card.people if person.person_id and not person.left_on]
    due = [promise for promise in card.promises if promise.local_on <= on]
    broken = [each for each in card.promises if _is_broken(each, calls, on=on, now=now)]
    about = next((promise.about for promise in (*broken, *due)), "")
    return TalkFacts(
        on=on,
        client=card.name,
        me=by.name,
        person=people[0].name if people else "",
        inbound=inbound,
        status=ClientStatus(card.status),
        days_silent=card.days_silent,
        last_talk_on=card.last_talk_on,
        last_order_on=card.last_order_on,
        owner=card.owner if card.owner_id and card.owner_id != by.employee_id else "",
        manager_before=_before(card, calls, by=by),
        last_refusal=_refusal(calls, last_order_on=card.last_order_on),
        promised=bool(due),
        promise_broken=bool(broken),
        promise=about,
        leaving=card.leaving,
        rhythm_days=card.rhythm_days,
        due=_named(goods, OfferKind.DUE),
        stopped=_named(goods, OfferKind.STOPPED),
        new=_named(goods, OfferKind.NEW),
        potential_known=card.potential is not None,
        zone_known=not card.zone_assumed,
        inn_known=bool(card.inn),
        **_of_people(people, hidden=card.phones_hidden),
    )


def _of_people(people: list[PersonSeen], *, hidden: bool) -> dict[str, bool]:
    return {
        "people_known": bool(people),
        "decision_maker_known": any(person.decides for person in people),
        "channel_known": any(person.channel for person in people),
        "number_known": hidden or any(phone.usable for person in people for phone in person.phones),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """A call of the past, by whom and how it ended."""

    at: datetime
    talked: bool
    employee_id: int | None
    who: str
    outcome: str
    loss_reason: str


def _calls_of(client_id: int) -> list[_Attempt]:
    """Return the latest calls of a client, the newest first. One query."""
    rows = Call.objects.filter(client_id=client_id, voided_at=None).order_by("-at", "-pk")
    columns = ("at", "talked", "employee_id", "employee__name", "author", "outcome", "loss_reason")
    return [
        _Attempt(at=at, talked=talked, employee_id=pk, who=name or author, outcome=outcome, loss_reason=reason)
        for at, talked, pk, name, author, outcome, reason in rows.values_list(*columns)[:_CALLS_BACK]
    ]


def _is_broken(promise: PromiseSeen, calls: list[_Attempt], *, on: date, now: datetime) -> bool:
    """Say whether a promise is late with nobody having tried in time, or was moved by us and not excused yet."""
    talk_at = next((call.at for call in calls if call.talked), None)
    if promise.moved_at is not None and (talk_at is None or promise.moved_at > talk_at):
        return True
    made_at, attempts = promise.recorded_at, [call.at for call in calls]
    if promise.local_time:
        return escalated(promise.due_at, made_at=made_at, attempts=attempts, now=now)
    return step_escalated(promise.local_on, promise.due_at, made_at=made_at, attempts=attempts, on=on)


def _before(card: Card, calls: list[_Attempt], *, by: Caller) -> str:
    """Return whom the client knows instead of the caller, "" when he knows the caller. One query, none if he does."""
    talks = [call for call in calls if call.talked]
    if any(call.employee_id == by.employee_id for call in talks):
        return ""
    tenures = Tenure.objects.filter(client_id=card.client_id).order_by("-from_on", "-pk")
    rows = list(tenures.values_list("from_on", "until_on", "employee__name"))
    owner_from = next((begins for begins, ends, _name in rows if ends is None), None)
    former = next((name for _begins, ends, name in rows if ends is not None), "")
    # An owner whose client a colleague once served is no new face.
    owned_then = talks and owner_from is not None and owner_from <= talks[0].at.date()
    before = "" if owned_then else talks[0].who if talks else former
    # Talks of the years before Budilnik have an author in words only: the surname must do.
    return "" if before.split()[:1] == by.name.split()[:1] else before


def _refusal(calls: list[_Attempt], *, last_order_on: date | None) -> LossReason | None:
    """Return why he last refused, unless he has ordered or was well disposed since."""
    last = next((call for call in calls if call.talked and call.outcome in _TELLING), None)
    if last is None or last.loss_reason not in LossReason:
        return None
    ordered_since = last_order_on is not None and last_order_on >= last.at.date()
    return None if ordered_since else LossReason(last.loss_reason)


def _named(goods: Iterable[Named], kind: OfferKind) -> tuple[str, ...]:
    return tuple(good.name for good in goods if good.kind == kind.value)


def _goods_of(client_id: int) -> list[Good]:
    """Return the goods to name by the latest insight, without those that do not suit. One query."""
    named = Offer.objects.in_force().filter(client=client_id).values_list("product__name", "kind")
    return [Good(name=name, kind=kind) for name, kind in named]
