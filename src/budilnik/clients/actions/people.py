"""People of a client written down by hand, with their numbers."""

from datetime import date

from budilnik.clients.actions import marks, register
from budilnik.clients.models import Client, ContactPerson, Phone
from budilnik.core.arrivals import ArrivedPhone
from budilnik.core.dossier import PersonTold
from budilnik.core.terms import BuyingRole


def add_told(client: int, told: PersonTold) -> int:
    """Add a person of a client; return his number."""
    return ContactPerson.objects.create(client_id=client, **_columns(told)).pk


def rewrite(person: int, told: PersonTold) -> None:
    """Write over what is known of a person."""
    ContactPerson.objects.filter(pk=person).update(**_columns(told))


def _columns(told: PersonTold) -> dict[str, object]:
    return {
        "name": told.name,
        "post": told.post,
        "roles": [role.value for role in BuyingRole if role in told.roles],
        "influence": told.influence,
        "attitude": told.attitude.value if told.attitude else "",
        "channel": told.channel.value if told.channel else "",
        "hours": told.hours,
        "birth_day": told.birth_day,
        "birth_month": told.birth_month,
    }


def note_left(person: int, *, left_on: date | None) -> None:
    """Note since when a person works there no more; None: he does."""
    ContactPerson.objects.filter(pk=person).update(left_on=left_on)


def attach_number(client: int, phone: ArrivedPhone, *, person: int | None) -> None:
    """Give a client a number, a new one or one that was marked wrong; he may be called anew from today."""
    register.add_phones({client: [phone]})
    added = Phone.objects.filter(client_id=client, number=phone.number, extension=phone.extension)
    added.update(wrong_on=None, person_id=person)
    _call_anew(client)


def replace_number(number_id: int, phone: ArrivedPhone) -> None:
    """Write a number as it should have been."""
    row = Phone.objects.get(pk=number_id)
    Phone.objects.filter(pk=number_id).update(
        number=phone.number, extension=phone.extension, zone=phone.zone, wrong_on=None
    )
    register.mark_shared({phone.number})
    others = Phone.objects.filter(number=row.number)
    if others.count() == 1:
        others.update(shared=False)
    _call_anew(row.client_id)


def _call_anew(client: int) -> None:
    """A number that may be right begins the attempts anew: nothing is known of it yet."""
    Client.objects.filter(pk=client).update(phone_state="usable")
    marks.count_attempts(client, marks.Attempts())
