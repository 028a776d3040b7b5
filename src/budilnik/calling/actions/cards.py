"""What is written on a client's card: people, numbers, notes, zone, potential. Personal data stay out of the audit."""

from dataclasses import replace
from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction

from budilnik.calling.actions.tasks import close_queue_tasks
from budilnik.calling.queries.sight import require_seen, sees_phones, sight_of
from budilnik.clients.actions import marks, notes, people, register
from budilnik.clients.models import Client, ContactPerson, Note, Phone
from budilnik.core.arrivals import ArrivedPhone
from budilnik.core.dossier import MOST_PINNED, PersonTold, check_note, check_person
from budilnik.core.potential import read_potential
from budilnik.core.refusal import Refusal
from budilnik.core.terms import Role
from budilnik.staff.actions import UnknownZone, audit
from budilnik.staff.models import Employee
from budilnik.staff.queries import rules_on

READERS = frozenset({Role.DIRECTOR.value, Role.ADMINISTRATOR.value})


class OnlyReads(Refusal):
    """A director looks at cards; those who call write on them."""

    ru = "Ваша роль смотрит карточки, но не меняет их."
    en = "Your role looks at cards and does not change them."
    status: ClassVar[int] = 403


class PersonKnown(Refusal):
    """One name, one person: a second row would part what is known of him."""

    ru = "Человек с таким именем у этого клиента уже записан; дополните его карточку."
    en = "A person of that name is recorded with this client already; add to his card."


class NotOfThisClient(Refusal):
    """The page is older than what it shows: the person, number or note belongs elsewhere or is gone."""

    ru = "Этой записи у клиента больше нет; обновите страницу."
    en = "The client has no such record any more; reload the page."
    status: ClassVar[int] = 404


class NumbersHidden(Refusal):
    """The numbers of a client are shown to his owner, and in the pool while the task is open."""

    ru = "Номера этого клиента вам сейчас не видны, изменить их нельзя."
    en = "The numbers of this client are not shown to you now, so they cannot be changed."
    status: ClassVar[int] = 403


class NumberKnown(Refusal):
    """The number stands on the card already."""

    ru = "Этот номер у клиента уже записан."
    en = "This number is recorded with the client already."


class NumberStopped(Refusal):
    """A stop beats everything: a number written anew would be called again."""

    ru = "По этому номеру просили не звонить; записать или изменить его нельзя."
    en = "It was asked not to call this number; it cannot be written or changed."


class TooManyPinned(Refusal):
    """What is worth knowing is read before a call; more than three lines nobody reads."""

    ru = "«Важно знать» держит до {most} заметок; сначала открепите одну."
    en = "“Important” holds {most} notes at most; unpin one first."


class NotYourNote(Refusal):
    """What somebody wrote stays his."""

    ru = "Убрать можно только свою заметку."
    en = "Only your own note may be taken off."


class TooLateToRemove(Refusal):
    """A note is taken back on its own day; later it is history."""

    ru = "Убрать заметку можно только в тот день, когда она написана."
    en = "A note may be taken off only on the day it was written."


def _writable(client_id: int, *, by: Employee, on: date) -> Client:
    """Return the client, locked: whoever sees him and calls may write on his card.

    Raises: OnlyReads, ClientNotSeen.
    """
    if by.role in READERS:
        raise OnlyReads
    require_seen(sight_of(by, on=on), client_id)
    return Client.objects.select_for_update().get(pk=client_id)


def _note_in_audit(action: str, client_id: int, *, by: Employee, now: datetime, **facts: object) -> None:
    audit(action, by=by, now=now, subject="client", subject_id=client_id, facts=facts)


@transaction.atomic
def add_person(
    *, client_id: int, told: PersonTold, phone: ArrivedPhone | None, by: Employee, now: datetime, on: date
) -> int:
    """Write down a person of the buying centre, with his number if it is known; return his number.

    Raises: OnlyReads, ClientNotSeen, PersonNameless, TextTooLong, BadInfluence, BadBirthday, PersonKnown, NumberKnown,
    NumberStopped.
    """
    _writable(client_id, by=by, on=on)
    told = _checked(told)
    if ContactPerson.objects.filter(client_id=client_id, name=told.name).exists():
        raise PersonKnown
    person = people.add_told(client_id, told)
    if phone is not None:
        _attach(client_id, phone, person=person)
    _note_in_audit("person_added", client_id, by=by, now=now, person=person)
    return person


def _checked(told: PersonTold) -> PersonTold:
    told = replace(told, name=" ".join(told.name.split()), post=told.post.strip(), hours=told.hours.strip())
    check_person(told)
    return told


def _require_person(client_id: int, person_id: int) -> None:
    if not ContactPerson.objects.filter(pk=person_id, client_id=client_id).exists():
        raise NotOfThisClient


@transaction.atomic
def edit_person(*, client_id: int, person_id: int, told: PersonTold, by: Employee, now: datetime, on: date) -> None:
    """Write over what is known of a person.

    Raises: OnlyReads, ClientNotSeen, NotOfThisClient, PersonNameless, TextTooLong, BadInfluence, BadBirthday,
    PersonKnown.
    """
    _writable(client_id, by=by, on=on)
    _require_person(client_id, person_id)
    told = _checked(told)
    if ContactPerson.objects.filter(client_id=client_id, name=told.name).exclude(pk=person_id).exists():
        raise PersonKnown
    people.rewrite(person_id, told)
    _note_in_audit("person_edited", client_id, by=by, now=now, person=person_id)


@transaction.atomic
def person_left(*, client_id: int, person_id: int, left: bool, by: Employee, now: datetime, on: date) -> None:
    """Note that a person works there no more, or does after all; he and his numbers stay on the card.

    Raises: OnlyReads, ClientNotSeen, NotOfThisClient.
    """
    _writable(client_id, by=by, on=on)
    _require_person(client_id, person_id)
    people.note_left(person_id, left_on=on if left else None)
    _note_in_audit("person_left" if left else "person_back", client_id, by=by, now=now, person=person_id)


@transaction.atomic
def add_number(
    *, client_id: int, phone: ArrivedPhone, person_id: int | None, by: Employee, now: datetime, on: date
) -> None:
    """Write down a number; a client in data repair may be called again the same day.

    Raises: OnlyReads, ClientNotSeen, NotOfThisClient, NumberKnown, NumberStopped.
    """
    _writable(client_id, by=by, on=on)
    if person_id is not None:
        _require_person(client_id, person_id)
    _attach(client_id, phone, person=person_id)
    _note_in_audit("number_added", client_id, by=by, now=now, person=person_id)


def _attach(client_id: int, phone: ArrivedPhone, *, person: int | None) -> None:
    _require_callable(phone)
    same = Phone.objects.filter(client_id=client_id, number=phone.number, extension=phone.extension, wrong_on=None)
    if same.exists():
        raise NumberKnown
    people.attach_number(client_id, phone, person=person)


def _require_callable(phone: ArrivedPhone) -> None:
    """A stopped number is stopped wherever it is written, at other clients too."""
    if Phone.objects.filter(number=phone.number).exclude(stopped_on=None).exists():
        raise NumberStopped


def _number_of(client_id: int, number_id: int, *, by: Employee, on: date) -> Phone:
    _writable(client_id, by=by, on=on)
    if not sees_phones(sight_of(by, on=on), client_id):
        raise NumbersHidden
    row = Phone.objects.filter(pk=number_id, client_id=client_id).first()
    if row is None:
        raise NotOfThisClient
    if row.stopped_on is not None:
        raise NumberStopped
    return row


@transaction.atomic
def correct_number(
    *, client_id: int, number_id: int, phone: ArrivedPhone, by: Employee, now: datetime, on: date
) -> None:
    """Write a number as it should have been; it counts as right again.

    Raises: OnlyReads, ClientNotSeen, NumbersHidden, NotOfThisClient, NumberKnown, NumberStopped.
    """
    _number_of(client_id, number_id, by=by, on=on)
    _require_callable(phone)
    same = Phone.objects.filter(client_id=client_id, number=phone.number, extension=phone.extension)
    if same.exclude(pk=number_id).exists():
        raise NumberKnown
    people.replace_number(number_id, phone)
    _note_in_audit("number_corrected", client_id, by=by, now=now, phone=number_id)


@transaction.atomic
def mark_number_wrong(*, client_id: int, number_id: int, by: Employee, now: datetime, on: date) -> None:
    """Mark a number wrong; a client without a right one leaves the queues for data repair.

    Raises: OnlyReads, ClientNotSeen, NumbersHidden, NotOfThisClient, NumberStopped.
    """
    row = _number_of(client_id, number_id, by=by, on=on)
    marks.mark_number(client_id, number=row.number, wrong_on=on)
    if Client.objects.filter(pk=client_id, phone_state="wrong").exists():
        close_queue_tasks([client_id], close="no_number", by=by, now=now)
    _note_in_audit("number_wrong", client_id, by=by, now=now, phone=number_id)


@transaction.atomic
def write_note(*, client_id: int, text: str, pinned: bool, key: str, by: Employee, now: datetime, on: date) -> int:
    """Write a note, among «важно знать» if it is pinned; return its number. The same form writes one note.

    Raises: OnlyReads, ClientNotSeen, NoteEmpty, TextTooLong, TooManyPinned.
    """
    _writable(client_id, by=by, on=on)
    text = text.strip()
    check_note(text)
    known = Note.objects.filter(client_id=client_id, key=key).exclude(key="").first()
    if known is not None:
        return known.pk
    if pinned:
        _require_place(client_id)
    note = notes.write(client_id, text, author=by.pk, pinned=pinned, key=key, now=now)
    _note_in_audit("note_written", client_id, by=by, now=now, note=note)
    return note


def _require_place(client_id: int) -> None:
    # The client is locked, so two cannot pin the third and the fourth at once.
    if notes.pinned_count(client_id) >= MOST_PINNED:
        raise TooManyPinned(most=MOST_PINNED)


def _note_of(client_id: int, note_id: int) -> Note:
    row = Note.objects.filter(pk=note_id, client_id=client_id, removed_at=None).first()
    if row is None:
        raise NotOfThisClient
    return row


@transaction.atomic
def pin_note(*, client_id: int, note_id: int, by: Employee, now: datetime, on: date) -> None:
    """Make a note «важно знать»; pinned already, it stays so.

    Raises: OnlyReads, ClientNotSeen, NotOfThisClient, TooManyPinned.
    """
    _writable(client_id, by=by, on=on)
    if _note_of(client_id, note_id).pinned:
        return
    _require_place(client_id)
    notes.pin(note_id, pinned=True)
    _note_in_audit("note_pinned", client_id, by=by, now=now, note=note_id)


@transaction.atomic
def unpin_note(*, client_id: int, note_id: int, by: Employee, now: datetime, on: date) -> None:
    """Make a note an ordinary one again.

    Raises: OnlyReads, ClientNotSeen, NotOfThisClient.
    """
    _writable(client_id, by=by, on=on)
    _note_of(client_id, note_id)
    if notes.pin(note_id, pinned=False):
        _note_in_audit("note_unpinned", client_id, by=by, now=now, note=note_id)


@transaction.atomic
def remove_note(*, client_id: int, note_id: int, by: Employee, now: datetime, on: date) -> None:
    """Take one's own note off on the day it was written; the row stays.

    Raises: OnlyReads, ClientNotSeen, NotOfThisClient, NotYourNote, TooLateToRemove.
    """
    _writable(client_id, by=by, on=on)
    row = _note_of(client_id, note_id)
    if row.author_id != by.pk:
        raise NotYourNote
    if row.at.astimezone(ZoneInfo(rules_on(on).policy.company_zone)).date() != on:
        raise TooLateToRemove
    if notes.take_off(note_id, now=now):
        _note_in_audit("note_removed", client_id, by=by, now=now, note=note_id)


@transaction.atomic
def set_zone(*, client_id: int, zone: str, by: Employee, now: datetime, on: date) -> None:
    """Say by which clock the client lives, instead of the assumed one.

    Raises: OnlyReads, ClientNotSeen, UnknownZone.
    """
    client = _writable(client_id, by=by, on=on)
    if zone not in available_timezones():
        raise UnknownZone(zone=zone)
    register.set_zone(client_id, zone)
    _note_in_audit("zone_set", client_id, by=by, now=now, zone=zone, before=client.zone)


@transaction.atomic
def set_potential(*, client_id: int, told: str, by: Employee, now: datetime, on: date) -> None:
    """Write down what a client buys in a year of all suppliers; an empty text takes it back.

    Raises: OnlyReads, ClientNotSeen, BadPotential.
    """
    client = _writable(client_id, by=by, on=on)
    kopecks = read_potential(told)
    if (kopecks, on) == (client.potential, client.potential_on) or kopecks is client.potential is None:
        return
    marks.set_potential(client_id, kopecks, on=on)
    _note_in_audit("potential_set", client_id, by=by, now=now, known=kopecks is not None)
