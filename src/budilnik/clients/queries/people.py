"""The people of a client with their numbers, and the notes about him."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from budilnik.clients.models import ContactPerson, Note, Phone
from budilnik.core.terms import BuyingRole


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneSeen:
    """A number as a card shows it."""

    phone_id: int
    number: str
    extension: str
    shared: bool
    wrong_on: date | None
    stopped_on: date | None

    @property
    def usable(self) -> bool:
        """Say whether the number may be called."""
        return self.wrong_on is None and self.stopped_on is None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSeen:
    """A person of the buying centre with his numbers; `person_id` is None for numbers of nobody in particular."""

    person_id: int | None
    name: str
    post: str
    roles: tuple[str, ...]
    influence: int | None
    attitude: str
    channel: str
    hours: str
    birth_day: int | None
    birth_month: int | None
    left_on: date | None
    phones: tuple[PhoneSeen, ...]

    @property
    def decides(self) -> bool:
        """Say whether he is the decision maker."""
        return BuyingRole.DECISION_MAKER.value in self.roles


def people_of(client_id: int, *, with_phones: bool) -> tuple[PersonSeen, ...]:
    """Return the people of a client, decision makers first, leavers last, then the numbers of nobody. Two queries.

    Without the right to the numbers none is read: one query.
    """
    phones: dict[int | None, list[PhoneSeen]] = {}
    if with_phones:
        for row in Phone.objects.filter(client_id=client_id).order_by("pk"):
            phones.setdefault(row.person_id, []).append(_phone(row))
    people = [_person(row, phones.get(row.pk, ())) for row in ContactPerson.objects.filter(client_id=client_id)]
    people.sort(key=lambda each: (each.left_on is not None, not each.decides, -(each.influence or 0), each.name))
    return (*people, *_nobody(phones.get(None, [])))


def _phone(row: Phone) -> PhoneSeen:
    return PhoneSeen(
        phone_id=row.pk,
        number=row.number,
        extension=row.extension,
        shared=row.shared,
        wrong_on=row.wrong_on,
        stopped_on=row.stopped_on,
    )


def _person(row: ContactPerson, phones: Iterable[PhoneSeen]) -> PersonSeen:
    return PersonSeen(
        person_id=row.pk,
        name=row.name,
        post=row.post,
        roles=tuple(row.roles),
        influence=row.influence,
        attitude=row.attitude,
        channel=row.channel,
        hours=row.hours,
        birth_day=row.birth_day,
        birth_month=row.birth_month,
        left_on=row.left_on,
        phones=tuple(phones),
    )


def _nobody(phones: list[PhoneSeen]) -> tuple[PersonSeen, ...]:
    if not phones:
        return ()
    nobody = ContactPerson(roles=[])
    nobody.pk = None
    return (_person(nobody, phones),)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSeen:
    """A note about a client. `author_id` is None for one that came from outside."""

    note_id: int
    text: str
    author_id: int | None
    author: str
    at: datetime
    pinned: bool


def notes_of(client_id: int, *, at_most: int = 20) -> tuple[NoteSeen, ...]:
    """Return the notes that stand, pinned ones first, then the newest. One query."""
    rows = Note.objects.filter(client_id=client_id, removed_at=None).order_by("-pinned", "-at", "-pk")
    named = rows.values_list("pk", "text", "author_id", "author__name", "at", "pinned")
    return tuple(
        NoteSeen(note_id=pk, text=text, author_id=who, author=name or "", at=at, pinned=pinned)
        for pk, text, who, name, at, pinned in named[:at_most]
    )
