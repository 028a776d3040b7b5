"""What to say to one client: the facts of the card and of the past, the head's words, the blocks they choose."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.db.models import Exists, F, OuterRef, Subquery

from budilnik.calling.models import Call, Callback, Script
from budilnik.calling.queries.card import Card
from budilnik.calling.queries.promises import late_callbacks
from budilnik.clients.models import Client, Tenure
from budilnik.clients.queries.people import PersonSeen
from budilnik.core.blocks import TalkFacts
from budilnik.core.talk import Talk, Written, talk
from budilnik.core.terms import ClientStatus, LossReason, OfferKind, Outcome
from budilnik.sales.models import InsightRun, Offer, OfferRefusal
from budilnik.staff.models import Employee

# Outcomes that say how the client stands to us; a secretary's «перезвоните» does not take a complaint back.
_TELLING = (Outcome.ORDER.value, Outcome.INTERESTED.value, Outcome.OPEN.value, Outcome.REFUSED.value)


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
    """Return what to say to the client of a card and what to ask. Three queries, two when the goods are given."""
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
    """Return what is known before a talk. Two queries, one when the goods are given."""
    past = _past_of(card.client_id, by=by, on=on, now=now)
    goods = tuple(offers if offers is not None else _goods_of(card.client_id))
    people = [person for person in card.people if person.person_id and not person.left_on]
    due = [promise for promise in card.promises if promise.local_on <= on]
    moved = _moved_since_the_talk(past)
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
        manager_before=_before(past, by=by),
        last_refusal=_refusal(past, last_order_on=card.last_order_on),
        promised=bool(due),
        promise_broken=past["late"] or moved,
        promise=due[0].about if due else past["moved_about"] if moved else "",
        leaving=past["leaving"],
        rhythm_days=past["rhythm_days"],
        due=_named(goods, OfferKind.DUE),
        stopped=_named(goods, OfferKind.STOPPED),
        new=_named(goods, OfferKind.NEW),
        potential_known=past["potential"] is not None,
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


def _past_of(client_id: int, *, by: Caller, on: date, now: datetime) -> dict[str, Any]:
    """Return what the card does not show of the past, with what insight has left on the client. One query."""
    mine = OuterRef("pk")
    talks = Call.objects.filter(client=mine, voided_at=None, talked=True).order_by("-at", "-pk")
    telling = talks.filter(outcome__in=_TELLING)
    former = Tenure.objects.filter(client=mine, until_on__isnull=False).order_by("-until_on", "-pk")
    moved = Callback.objects.filter(client=mine, end="moved_by_us").order_by("-ended_at", "-pk")
    past: Any = (
        Client.objects.filter(pk=client_id)
        .values("leaving", "rhythm_days", "potential")
        .annotate(
            talk_at=Subquery(talks.values("at")[:1]),
            talk_by=Subquery(talks.values("employee__name")[:1]),
            talk_author=Subquery(talks.values("author")[:1]),
            talked_myself=Exists(talks.filter(employee=by.employee_id)),
            telling_at=Subquery(telling.values("at")[:1]),
            reason=Subquery(telling.values("loss_reason")[:1]),
            owner_from=Subquery(Tenure.objects.filter(client=mine, until_on=None).values("from_on")[:1]),
            former=Subquery(former.values("employee__name")[:1]),
            moved_at=Subquery(moved.values("ended_at")[:1]),
            moved_about=Subquery(moved.values("about")[:1]),
            late=Exists(late_callbacks(on=on, now=now).filter(client=mine)),
        )
        .get()
    )
    return dict(past)


def _moved_since_the_talk(past: dict[str, Any]) -> bool:
    return past["moved_at"] is not None and (past["talk_at"] is None or past["moved_at"] > past["talk_at"])


def _before(past: dict[str, Any], *, by: Caller) -> str:
    """Return whom the client knows instead of the caller, "" when he knows the caller."""
    if past["talked_myself"]:
        return ""
    owned_then = past["owner_from"] and past["talk_at"] and past["owner_from"] <= past["talk_at"].date()
    before = "" if owned_then else past["talk_by"] or past["talk_author"] or past["former"] or ""
    # Talks of the years before Budilnik have an author in words only: the surname must do.
    return "" if before.split()[:1] == by.name.split()[:1] else before


def _refusal(past: dict[str, Any], *, last_order_on: date | None) -> LossReason | None:
    """Return why he last refused, unless he has ordered or was well disposed since."""
    if past["reason"] not in LossReason or (last_order_on and last_order_on >= past["telling_at"].date()):
        return None
    return LossReason(past["reason"])


def _named(goods: Iterable[Named], kind: OfferKind) -> tuple[str, ...]:
    return tuple(good.name for good in goods if good.kind == kind.value)


def _goods_of(client_id: int) -> list[Good]:
    """Return the goods to name by the latest insight, without those that do not suit. One query."""
    latest = InsightRun.objects.exclude(published_at=None).order_by("-published_at", "-pk").values("pk")[:1]
    refused = OfferRefusal.objects.filter(client=OuterRef("client"), product=OuterRef("product"), taken_back_at=None)
    rows = Offer.objects.filter(run=Subquery(latest), client=client_id).exclude(Exists(refused))
    named = rows.order_by("kind", "place").values_list("product__name", "kind")
    return [Good(name=name, kind=kind) for name, kind in named]
