"""What is written on a card: people, numbers, notes, the zone; who may, and what follows."""

from datetime import timedelta

import pytest

from budilnik.calling.actions import cards
from budilnik.calling.queries.sight import ClientNotSeen
from budilnik.clients.models import Client, ContactPerson, Note, Phone
from budilnik.core.arrivals import ArrivedPhone
from budilnik.core.dossier import BadBirthday, NoteEmpty, PersonTold, TextTooLong
from budilnik.core.terms import Attitude, BuyingRole, Channel, Role
from budilnik.staff.actions import UnknownZone
from budilnik.staff.models import AuditEntry
from cast import NOW, TODAY, TOMORROW, at_once, client, employee, head_of_sales, ivan, olga, pool_client, task

pytestmark = pytest.mark.django_db

ANNA = PersonTold(name="Анна Секретарёва", post="снабжение")
DIRECT = ArrivedPhone(number="+79161234567")


def by(who, *, on=TODAY, now=NOW):
    return {"by": who, "on": on, "now": now}


def in_repair(row: Client) -> Client:
    Phone.objects.filter(client=row).update(wrong_on=TODAY)
    Client.objects.filter(pk=row.pk).update(phone_state="wrong", missed_attempts=6, paused_until=TOMORROW)
    return row


def test_the_owner_writes_down_a_person_with_all_that_is_known():
    owner = ivan()
    row = client(owner=owner)
    told = PersonTold(
        name="  Анна   Секретарёва ",
        post="снабжение",
        roles=frozenset({BuyingRole.DECISION_MAKER, BuyingRole.BUYER}),
        influence=4,
        attitude=Attitude.FRIEND,
        channel=Channel.MAIL,
        hours="после 14",
        birth_day=29,
        birth_month=2,
    )

    number = cards.add_person(client_id=row.pk, told=told, phone=DIRECT, **by(owner))

    anna = ContactPerson.objects.get(pk=number)
    assert (anna.name, anna.post, anna.influence, anna.attitude, anna.channel) == (
        "Анна Секретарёва",
        "снабжение",
        4,
        "friend",
        "mail",
    )
    assert anna.roles == ["decision_maker", "buyer"]
    assert (anna.birth_day, anna.birth_month, anna.hours) == (29, 2, "после 14")
    assert Phone.objects.get(client=row, number="+79161234567").person_id == anna.pk


def test_a_person_is_written_down_once():
    owner = ivan()
    row = client(owner=owner)
    cards.add_person(client_id=row.pk, told=ANNA, phone=None, **by(owner))

    with pytest.raises(cards.PersonKnown):
        cards.add_person(client_id=row.pk, told=ANNA, phone=DIRECT, **by(owner))

    assert ContactPerson.objects.count() == 1
    assert not Phone.objects.filter(number=DIRECT.number).exists()


def test_what_is_known_of_a_person_is_written_over():
    owner = ivan()
    row = client(owner=owner)
    anna = cards.add_person(client_id=row.pk, told=ANNA, phone=None, **by(owner))

    cards.edit_person(client_id=row.pk, person_id=anna, told=PersonTold(name="Анна Орлова", influence=2), **by(owner))

    person = ContactPerson.objects.get(pk=anna)
    assert (person.name, person.post, person.influence) == ("Анна Орлова", "", 2)


def test_two_people_do_not_get_one_name():
    owner = ivan()
    row = client(owner=owner)
    cards.add_person(client_id=row.pk, told=ANNA, phone=None, **by(owner))
    other = cards.add_person(client_id=row.pk, told=PersonTold(name="Пётр"), phone=None, **by(owner))

    with pytest.raises(cards.PersonKnown):
        cards.edit_person(client_id=row.pk, person_id=other, told=ANNA, **by(owner))


def test_a_birthday_that_the_calendar_has_not_is_refused():
    owner = ivan()
    row = client(owner=owner)

    with pytest.raises(BadBirthday):
        cards.add_person(
            client_id=row.pk, told=PersonTold(name="Анна", birth_day=31, birth_month=4), phone=None, **by(owner)
        )


def test_a_person_who_left_stays_on_the_card_and_may_come_back():
    owner = ivan()
    row = client(owner=owner)
    anna = cards.add_person(client_id=row.pk, told=ANNA, phone=None, **by(owner))

    cards.person_left(client_id=row.pk, person_id=anna, left=True, **by(owner))
    assert ContactPerson.objects.get(pk=anna).left_on == TODAY

    cards.person_left(client_id=row.pk, person_id=anna, left=False, **by(owner))
    assert ContactPerson.objects.get(pk=anna).left_on is None


def test_a_person_of_another_client_is_not_changed_through_this_one():
    owner = ivan()
    row, other = client(owner=owner), client("АО «Трос»", owner=owner, phones=("+74950000002",))
    anna = cards.add_person(client_id=other.pk, told=ANNA, phone=None, **by(owner))

    with pytest.raises(cards.NotOfThisClient):
        cards.edit_person(client_id=row.pk, person_id=anna, told=PersonTold(name="Не Анна"), **by(owner))


def test_a_new_number_takes_a_client_out_of_data_repair_the_same_day():
    owner = ivan()
    row = in_repair(client(owner=owner))

    cards.add_number(client_id=row.pk, phone=DIRECT, person_id=None, **by(owner))

    row.refresh_from_db()
    assert (row.phone_state, row.missed_attempts, row.paused_until) == ("usable", 0, None)


def test_a_number_on_the_card_is_not_written_twice():
    owner = ivan()
    row = client(owner=owner, phones=(DIRECT.number,))

    with pytest.raises(cards.NumberKnown):
        cards.add_number(client_id=row.pk, phone=DIRECT, person_id=None, **by(owner))


def test_a_wrong_number_written_anew_is_right_again():
    owner = ivan()
    row = in_repair(client(owner=owner, phones=(DIRECT.number,)))

    cards.add_number(client_id=row.pk, phone=DIRECT, person_id=None, **by(owner))

    row.refresh_from_db()
    assert row.phone_state == "usable"
    assert row.phones.get().wrong_on is None


def test_a_stopped_number_is_written_down_nowhere():
    owner = ivan()
    stopped = client("АО «Трос»", owner=owner, phones=(DIRECT.number,))
    stopped.phones.update(stopped_on=TODAY)
    row = client(owner=owner)

    with pytest.raises(cards.NumberStopped):
        cards.add_number(client_id=row.pk, phone=DIRECT, person_id=None, **by(owner))
    with pytest.raises(cards.NumberStopped):
        cards.correct_number(client_id=row.pk, number_id=row.phones.get().pk, phone=DIRECT, **by(owner))
    with pytest.raises(cards.NumberStopped):
        cards.mark_number_wrong(client_id=stopped.pk, number_id=stopped.phones.get().pk, **by(owner))


def test_a_number_of_two_clients_is_marked_shared_and_alone_again_when_one_is_corrected():
    owner = ivan()
    first = client(owner=owner, phones=(DIRECT.number,))
    second = client("АО «Трос»", owner=owner, phones=())
    cards.add_number(client_id=second.pk, phone=DIRECT, person_id=None, **by(owner))
    assert set(Phone.objects.values_list("shared", flat=True)) == {True}

    right = ArrivedPhone(number="+74957654321")
    cards.correct_number(client_id=second.pk, number_id=second.phones.get().pk, phone=right, **by(owner))

    assert first.phones.get().shared is False
    assert second.phones.get().number == "+74957654321"


def test_the_last_number_marked_wrong_sends_the_client_to_data_repair_and_out_of_the_list():
    owner = ivan()
    row = client(owner=owner)
    work = task(row, owner)

    cards.mark_number_wrong(client_id=row.pk, number_id=row.phones.get().pk, **by(owner))

    row.refresh_from_db()
    work.refresh_from_db()
    assert row.phone_state == "wrong"
    assert (work.closed_at, work.close) == (NOW, "no_number")


def test_with_another_number_left_the_client_is_called_on():
    owner = ivan()
    row = client(owner=owner, phones=("+74950000001", "+74950000002"))
    work = task(row, owner)

    cards.mark_number_wrong(client_id=row.pk, number_id=row.phones.first().pk, **by(owner))

    work.refresh_from_db()
    assert work.closed_at is None


def test_after_the_call_of_a_pool_client_his_numbers_are_not_touched():
    loser, caller = olga(), ivan()
    row = pool_client(lost_by=loser)
    work = task(row, caller)
    work.closed_at, work.close = NOW, "outcome"
    work.save()

    with pytest.raises(cards.NumbersHidden):
        cards.mark_number_wrong(client_id=row.pk, number_id=row.phones.get().pk, **by(caller))


def test_a_form_sent_twice_writes_one_note():
    owner = ivan()
    row = client(owner=owner)

    first = cards.write_note(client_id=row.pk, text="звонить утром", pinned=False, key="form-1", **by(owner))
    second = cards.write_note(client_id=row.pk, text="звонить утром", pinned=False, key="form-1", **by(owner))

    assert first == second
    assert Note.objects.count() == 1
    assert AuditEntry.objects.filter(action="note_written").count() == 1


def test_an_empty_note_and_one_too_long_are_refused():
    owner = ivan()
    row = client(owner=owner)

    with pytest.raises(NoteEmpty):
        cards.write_note(client_id=row.pk, text="  ", pinned=False, key="", **by(owner))
    with pytest.raises(TextTooLong):
        cards.write_note(client_id=row.pk, text="ы" * 2_001, pinned=False, key="", **by(owner))


def test_three_notes_are_important_and_a_fourth_waits_until_one_is_unpinned():
    owner = ivan()
    row = client(owner=owner)
    first, *_ = [
        cards.write_note(client_id=row.pk, text=f"важно {each}", pinned=True, key="", **by(owner)) for each in "123"
    ]
    fourth = cards.write_note(client_id=row.pk, text="и это", pinned=False, key="", **by(owner))

    with pytest.raises(cards.TooManyPinned):
        cards.pin_note(client_id=row.pk, note_id=fourth, **by(owner))
    with pytest.raises(cards.TooManyPinned):
        cards.write_note(client_id=row.pk, text="ещё", pinned=True, key="", **by(owner))
    cards.unpin_note(client_id=row.pk, note_id=first, **by(owner))
    cards.pin_note(client_id=row.pk, note_id=fourth, **by(owner))

    assert Note.objects.filter(pinned=True).count() == 3
    assert Note.objects.get(pk=fourth).pinned


@pytest.mark.django_db(transaction=True)
def test_of_two_who_pin_the_third_note_at_once_one_is_told_that_there_is_no_place():
    owner = ivan()
    row = client(owner=owner)
    for each in "12":
        cards.write_note(client_id=row.pk, text=f"важно {each}", pinned=True, key="", **by(owner))
    third, fourth = (
        cards.write_note(client_id=row.pk, text=each, pinned=False, key="", **by(owner)) for each in ("а", "б")
    )

    told = at_once(
        *(lambda note=note: cards.pin_note(client_id=row.pk, note_id=note, **by(owner)) for note in (third, fourth))
    )

    assert sorted(told) == ["", "TooManyPinned"]
    assert Note.objects.filter(pinned=True).count() == 3


def test_ones_own_note_of_today_is_taken_off_and_its_row_stays():
    owner = ivan()
    row = client(owner=owner)
    note = cards.write_note(client_id=row.pk, text="ошибка", pinned=True, key="", **by(owner))

    cards.remove_note(client_id=row.pk, note_id=note, **by(owner))

    kept = Note.objects.get(pk=note)
    assert (kept.removed_at, kept.pinned, kept.text) == (NOW, False, "ошибка")
    with pytest.raises(cards.NotOfThisClient):
        cards.remove_note(client_id=row.pk, note_id=note, **by(owner))


def test_neither_a_note_of_somebody_else_nor_one_of_yesterday_is_taken_off():
    owner, head = ivan(), head_of_sales()
    row = client(owner=owner)
    note = cards.write_note(client_id=row.pk, text="важно", pinned=False, key="", **by(owner))

    with pytest.raises(cards.NotYourNote):
        cards.remove_note(client_id=row.pk, note_id=note, **by(head))
    with pytest.raises(cards.TooLateToRemove):
        cards.remove_note(client_id=row.pk, note_id=note, **by(owner, on=TOMORROW, now=NOW + timedelta(days=1)))


def test_the_zone_is_set_by_its_name():
    owner = ivan()
    row = client(owner=owner, zone="")

    cards.set_zone(client_id=row.pk, zone="Asia/Omsk", **by(owner))

    row.refresh_from_db()
    assert row.zone == "Asia/Omsk"
    with pytest.raises(UnknownZone):
        cards.set_zone(client_id=row.pk, zone="Asia/Nowhere", **by(owner))


WRITING = [
    lambda row, who: cards.add_person(client_id=row.pk, told=ANNA, phone=None, **who),
    lambda row, who: cards.add_number(client_id=row.pk, phone=DIRECT, person_id=None, **who),
    lambda row, who: cards.write_note(client_id=row.pk, text="заметка", pinned=False, key="", **who),
    lambda row, who: cards.set_zone(client_id=row.pk, zone="Asia/Omsk", **who),
    lambda row, who: cards.mark_number_wrong(client_id=row.pk, number_id=row.phones.get().pk, **who),
]


@pytest.mark.parametrize("write", WRITING)
def test_nobody_writes_on_the_card_of_a_client_he_does_not_see(write):
    row = client(owner=ivan())

    with pytest.raises(ClientNotSeen):
        write(row, by(olga()))


@pytest.mark.parametrize("write", WRITING)
def test_a_director_reads_cards_and_writes_nothing(write):
    row = client(owner=ivan())

    with pytest.raises(cards.OnlyReads):
        write(row, by(employee("director", "Директор", role=Role.DIRECTOR)))


@pytest.mark.parametrize("write", WRITING)
def test_the_audit_holds_no_personal_data(write):
    owner = ivan()
    row = client(owner=owner)

    write(row, by(owner))

    entry = AuditEntry.objects.latest("pk")
    assert (entry.subject, entry.subject_id, entry.by_id) == ("client", row.pk, owner.pk)
    assert not any(word in str(entry.facts) for word in ("Анна", "916", "495", "заметка"))
