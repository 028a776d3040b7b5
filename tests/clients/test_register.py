"""Who is in the base: what a file says is written over what stood there, and an empty cell erases nothing."""

from datetime import date

import pytest

from budilnik.clients.actions.register import (
    Described,
    NewClient,
    add_clients,
    add_person,
    add_phones,
    describe_clients,
)
from budilnik.clients.models import Client, ClientGroup, ContactPerson, ExternalKey, Phone
from budilnik.core.arrivals import ArrivedClient, ArrivedPhone
from cast import TODAY, client

pytestmark = pytest.mark.django_db

OFFICE, MOBILE = ArrivedPhone(number="+74951234567", zone="Europe/Moscow"), ArrivedPhone(number="+79161234567")


def added(*keys: str) -> list[Client]:
    rows = [NewClient(key=key, name=f"ООО «{key}»", known_on=TODAY) for key in keys]
    numbers = add_clients(rows, source="1c", policy_version=3)
    return [Client.objects.get(pk=numbers[key]) for key in keys]


def described(row: Client, **facts) -> Client:
    told = ArrivedClient(key="Болт", **({"name": "ООО «Болт»"} | facts))
    describe_clients([Described(client_id=row.pk, row=told, digest="digest")], source="1c")
    return Client.objects.get(pk=row.pk)


def test_a_new_client_is_a_prospect_silent_since_he_is_known():
    [bolt] = added("Болт")

    assert (bolt.status, bolt.ever_contacted, bolt.policy_version) == ("prospect", False, 3)
    assert bolt.silent_since == bolt.first_known_on == TODAY
    assert ExternalKey.objects.values_list("source", "kind", "key").get() == ("1c", "client", "Болт")


def test_a_key_is_text_as_written():
    added("00001", "1")

    assert sorted(ExternalKey.objects.values_list("key", flat=True)) == ["00001", "1"]


def test_names_are_found_without_case_legal_form_and_the_letter_yo():
    [bolt] = added("Болт")

    row = described(bolt, name="ООО «Надёжный Болт»")

    assert row.search_key == described(bolt, name="НАДЕЖНЫЙ БОЛТ, ООО").search_key


def test_an_empty_cell_erases_nothing():
    [bolt] = added("Болт")
    place = {"city": "Омск", "region": "Омская область", "zone": "Asia/Omsk"}
    described(bolt, inn="7707083893", kpp="770701001", group="ГК", **place)

    row = described(bolt)

    assert (row.inn, row.kpp, row.city, row.region) == ("7707083893", "770701001", "Омск", "Омская область")
    assert (row.zone, row.group.key) == ("Asia/Omsk", "ГК")


def test_a_group_is_one_however_many_clients_name_it():
    bolt, nut = added("Болт", "Гайка")

    described(bolt, group="ГК «Крепёж»")
    told = ArrivedClient(key="Гайка", name="Гайка", group="ГК «Крепёж»")
    describe_clients([Described(client_id=nut.pk, row=told, digest="d")], source="1c")

    assert ClientGroup.objects.count() == 1
    assert set(Client.objects.values_list("group__key", flat=True)) == {"ГК «Крепёж»"}


def test_people_and_numbers_come_once():
    [bolt] = added("Болт")

    for _ in range(2):
        described(bolt, person="Анна Котова", post="снабженец", phones=(OFFICE, MOBILE))

    assert ContactPerson.objects.values_list("name", "post").get() == ("Анна Котова", "снабженец")
    assert Phone.objects.count() == 2
    assert add_person(bolt.pk, "Анна Котова") == ContactPerson.objects.get().pk


def test_one_number_with_two_extensions_is_two_numbers():
    [bolt] = added("Болт")

    described(bolt, phones=(ArrivedPhone(number="+74951234567", extension="1"), OFFICE))

    assert sorted(Phone.objects.values_list("extension", flat=True)) == ["", "1"]


def test_a_number_of_two_clients_is_shared():
    bolt, nut = added("Болт", "Гайка")

    add_phones({bolt.pk: (OFFICE,), nut.pk: (OFFICE, MOBILE)})

    assert sorted(Phone.objects.values_list("client__name", "number", "shared")) == [
        ("ООО «Болт»", OFFICE.number, True),
        ("ООО «Гайка»", OFFICE.number, True),
        ("ООО «Гайка»", MOBILE.number, False),
    ]


def test_a_new_number_takes_a_client_out_of_data_repair_and_a_known_one_does_not():
    row = client(phones=(OFFICE.number,))
    Client.objects.filter(pk=row.pk).update(phone_state="wrong")

    add_phones({row.pk: (OFFICE,)})
    still = Client.objects.get(pk=row.pk).phone_state
    add_phones({row.pk: (MOBILE,)})

    assert (still, Client.objects.get(pk=row.pk).phone_state) == ("wrong", "usable")


def test_a_landline_tells_the_zone_only_where_none_is_known():
    bolt, nut = added("Болт", "Гайка")
    Client.objects.filter(pk=nut.pk).update(zone="Asia/Omsk")

    add_phones({bolt.pk: (MOBILE, OFFICE), nut.pk: (OFFICE,)})

    assert sorted(Client.objects.values_list("zone", flat=True)) == ["Asia/Omsk", "Europe/Moscow"]


def test_what_the_last_file_said_is_remembered_and_an_owner_stays_remembered_when_the_next_names_none():
    [bolt] = added("Болт")

    described(bolt, owner="ivan")
    described(bolt, known_on=date(2020, 1, 1))

    assert ExternalKey.objects.values_list("row_digest", "owner_seen").get() == ("digest", "ivan")


def test_two_rows_of_one_merged_client_are_each_known_again_by_their_own_key():
    bolt, nut = added("Болт", "Гайка")
    ExternalKey.objects.filter(client=nut).update(client=bolt)

    rows = [(key, ArrivedClient(key=key, name=f"ООО «{key}»")) for key in ("Болт", "Гайка")]
    describe_clients([Described(client_id=bolt.pk, row=row, digest=f"of {key}") for key, row in rows], source="1c")

    assert sorted(ExternalKey.objects.values_list("key", "row_digest")) == [
        ("Болт", "of Болт"),
        ("Гайка", "of Гайка"),
    ]
