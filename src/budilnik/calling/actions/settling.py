"""What the head decides about the matters that calls have left for him: each is settled once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.db import transaction

from budilnik.calling.actions.head import lift_stop, restore_client
from budilnik.calling.actions.people import change_owner, require_head
from budilnik.calling.models import HeadMatter
from budilnik.clients.models import Client
from budilnik.core.matters import Decision, MatterKind, check_decision
from budilnik.core.refusal import Refusal
from budilnik.staff.actions import audit
from budilnik.staff.models import Employee


class NoSuchMatter(Refusal):
    """The number of a matter that does not exist."""

    ru = "Такого вопроса нет."
    en = "There is no such matter."
    status: ClassVar[int] = 404


class MatterSettled(Refusal):
    """Another head, or another tab, has decided; or the caller has corrected his call."""

    ru = "Этот вопрос уже решён: обновите страницу и посмотрите как."
    en = "This matter is settled already: reload the page to see how."
    status: ClassVar[int] = 409


class ChooseWho(Refusal):
    """A client is given to somebody."""

    ru = "Выберите, кому передать клиента."
    en = "Choose to whom the client is given."


class WonMeanwhile(Refusal):
    """The client has an owner by now: what was asked about the pool is over."""

    ru = "У клиента уже есть владелец; передать можно, выбрав сотрудника."
    en = "The client has an owner by now; to give him, choose an employee."
    status: ClassVar[int] = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """A decision with its circumstances."""

    matter: HeadMatter
    to: Employee | None
    why: str
    by: Employee
    on: date
    now: datetime


@transaction.atomic
def settle_matter(
    *,
    matter_id: int,
    decision: Decision,
    to: Employee | None = None,
    why: str = "",
    by: Employee,
    on: date,
    now: datetime,
) -> None:
    """Decide a matter and do what the decision says; others about the same are settled by the same word.

    With a reason a client is given even to one who lost him. Of two heads at once one is told that it is settled.
    Raises: OnlyTheHead, NoSuchMatter, MatterSettled, NotItsDecision, ChooseWho, WonMeanwhile, LockedClient,
    NotInService, ReasonNeeded, NotStopped, NotArchived, ClientArchived.
    """
    head = require_head(by)
    matter = HeadMatter.objects.filter(pk=matter_id).first()
    if matter is None:
        raise NoSuchMatter
    check_decision(MatterKind(matter.kind), decision)
    # The client first, as in every use case.
    Client.objects.select_for_update().get(pk=matter.client_id)
    word: dict[str, object] = {"settled_at": now, "settled_by": head, "decision": decision.value}
    if HeadMatter.objects.filter(pk=matter_id, settled_at=None).update(**word) != 1:
        raise MatterSettled
    same = HeadMatter.objects.filter(kind=matter.kind, settled_at=None, number=matter.number)
    (same if matter.number else same.filter(client=matter.client_id)).update(**word)
    if decision in _DEEDS:
        _DEEDS[decision](_Word(matter=matter, to=to, why=why, by=head, on=on, now=now))
    facts: dict[str, object] = {"matter": matter_id, "kind": matter.kind, "decision": decision.value}
    audit("matter_settled", by=head, now=now, subject="client", subject_id=matter.client_id, facts=facts)


def _lift(word: _Word) -> None:
    matter = word.matter
    lift_stop(client_id=matter.client_id, number=matter.number, by=word.by, on=word.on, now=word.now)


def _reopen(word: _Word) -> None:
    restore_client(client_id=word.matter.client_id, by=word.by, on=word.on, now=word.now)


def _give(word: _Word) -> None:
    if word.to is None:
        raise ChooseWho
    change_owner(
        client_ids=[word.matter.client_id],
        to=word.to,
        by=word.by,
        why=word.why,
        on=word.on,
        now=word.now,
        lift=bool(word.why.strip()),
    )


def _give_back(word: _Word) -> None:
    """Make a pool client the own of the one who won him over although he may not have him."""
    matter = word.matter
    if not Client.objects.filter(pk=matter.client_id, in_pool_since__isnull=False).exists():
        raise WonMeanwhile
    if matter.raised_by is None:
        raise ChooseWho
    change_owner(
        client_ids=[matter.client_id],
        to=matter.raised_by,
        by=word.by,
        why=word.why,
        on=word.on,
        now=word.now,
        lift=True,
    )


_DEEDS: Mapping[Decision, Callable[[_Word], None]] = {
    Decision.LIFTED: _lift,
    Decision.REOPENED: _reopen,
    Decision.GIVEN: _give,
    Decision.GIVEN_BACK: _give_back,
}
