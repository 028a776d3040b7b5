"""Two cards of one client become one: history is moved, the strictest marks stay, the other card is archived."""

from datetime import date

from django.db.models import QuerySet

from budilnik.clients.models import (
    Client,
    Contact,
    ContactPerson,
    ExternalKey,
    Loss,
    Phone,
    PoolEntry,
    StatusChange,
    Tenure,
)


def absorb(*, keep: Client, other: Client, on: date) -> None:
    """Move all that is known of `other` to `keep` and archive him. The caller settles owner, pool and clock."""
    _unite_rests(keep, other)
    _end_stays(keep, other, on=on)
    for table in (Contact, ExternalKey, Tenure, PoolEntry, StatusChange):
        table._default_manager.filter(client=other).update(client=keep)
    _unite_locks(keep, other)
    _unite_people(keep, other)
    _unite_phones(keep, other)
    _unite_marks(keep, other)
    Client.objects.filter(pk=other.pk).update(archived_on=on, owner=None, in_pool_since=None, next_status_on=None)


def _unite_rests(keep: Client, other: Client) -> None:
    """Let a client who is in the pool twice rest as long as the longer of two refusals asks for."""
    stays = PoolEntry.objects.filter(client__in=(keep, other), left_on=None)
    rest_until = max((stay.rest_until for stay in stays if stay.rest_until), default=None)
    stays.filter(client=keep).update(rest_until=rest_until)


def _end_stays(keep: Client, other: Client, *, on: date) -> None:
    """End what only one of two cards may go on with: the other's tenure, and the pool unless both are in it."""
    Tenure.objects.filter(client=other, until_on=None).update(until_on=on, why_until="merged")
    ending = [other.pk] if keep.in_pool_since and other.in_pool_since else [keep.pk, other.pk]
    PoolEntry.objects.filter(client_id__in=ending, left_on=None).update(left_on=on, why_left="merged")


def _unite_locks(keep: Client, other: Client) -> None:
    """Unite the losses: where both cards have one of the same day, the one in force stays in force."""
    for loss in Loss.objects.filter(client=other):
        same = Loss.objects.filter(client=keep, employee=loss.employee_id, on=loss.on)
        if not same.exists():
            Loss.objects.filter(pk=loss.pk).update(client=keep)
        elif loss.voided_at is None and loss.lifted_at is None:
            same.update(voided_at=None, lifted_at=None, lifted_by=None, lifted_why="")


def _unite_people(keep: Client, other: Client) -> None:
    known = dict(ContactPerson.objects.filter(client=keep).values_list("name", "pk"))
    for person in ContactPerson.objects.filter(client=other):
        if person.name in known:
            Phone.objects.filter(person=person).update(person=known[person.name])
        else:
            ContactPerson.objects.filter(pk=person.pk).update(client=keep)


def _unite_phones(keep: Client, other: Client) -> None:
    """Move the numbers; where both cards have one, a stop on either is a stop."""
    for phone in Phone.objects.filter(client=other):
        same: QuerySet[Phone] = Phone.objects.filter(client=keep, number=phone.number, extension=phone.extension)
        if not same.exists():
            Phone.objects.filter(pk=phone.pk).update(client=keep)
        elif phone.stopped_on:
            same.filter(stopped_on=None).update(stopped_on=phone.stopped_on)
    phones = Phone.objects.filter(client=keep)
    usable = phones.filter(wrong_on=None, stopped_on=None).exists()
    state = "usable" if usable else "wrong" if phones.exists() else "none"
    Client.objects.filter(pk=keep.pk).update(phone_state=state)


def _unite_marks(keep: Client, other: Client) -> None:
    """Keep the earliest knowledge, the latest dates agreed, every protection and every stop."""
    Client.objects.filter(pk=keep.pk).update(
        first_known_on=min(keep.first_known_on, other.first_known_on),
        agreed_until=_latest(keep.agreed_until, other.agreed_until),
        grace_until=_latest(keep.grace_until, other.grace_until),
        stopped_on=_earliest(keep.stopped_on, other.stopped_on),
        protected=keep.protected or other.protected,
        refusals_in_row=max(keep.refusals_in_row, other.refusals_in_row),
        inn=keep.inn or other.inn,
        kpp=keep.kpp or other.kpp,
        zone=keep.zone or other.zone,
        value_on=None,
    )


def _latest(first: date | None, second: date | None) -> date | None:
    return max(filter(None, (first, second)), default=None)


def _earliest(first: date | None, second: date | None) -> date | None:
    return min(filter(None, (first, second)), default=None)


def settle(keep: int, *, owner: int | None, in_pool: bool) -> None:
    """Write who holds the merged client; his status follows from his clock."""
    change: dict[str, object] = {"owner": owner}
    if not in_pool:
        change["in_pool_since"] = None
    Client.objects.filter(pk=keep).update(**change)
