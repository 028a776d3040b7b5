"""The cached state is what history says, and every planted difference is found."""

from datetime import date, timedelta

import pytest

from budilnik.clients.models import Client, Contact, PoolEntry, Tenure
from budilnik.clients.queries.base import Difference, base_is_empty, clients_of_leavers, differences
from cast import NOW, POLICY, TODAY, client, ivan, olga, pool_client

pytestmark = pytest.mark.django_db


def found() -> list[Difference]:
    return list(differences())


def test_a_base_made_by_its_own_rules_has_no_difference():
    client(owner=ivan())
    pool_client("ООО «Гайка»", lost_by=olga())

    assert found() == []


@pytest.mark.parametrize(
    ("what", "planted"),
    [
        ("silent_since", TODAY),
        ("ever_contacted", False),
        ("last_talk_on", None),
        ("owner_id", None),
        ("in_pool_since", TODAY),
    ],
)
def test_each_cached_fact_is_compared(what, planted):
    bolt = client(owner=None if what == "in_pool_since" else ivan())
    truth = getattr(bolt, what)
    forced = {"ever_contacted": {"status": "prospect"}, "in_pool_since": {"status": "lost"}}.get(what, {})
    Client.objects.filter(pk=bolt.pk).update(**{what: planted}, **forced)

    assert found() == [Difference(client_id=bolt.pk, what=what, cached=planted, rebuilt=truth)]


def test_a_status_is_judged_when_the_day_of_the_last_morning_is_told_and_the_next_one_says_nothing_of_it():
    bolt = client(owner=ivan())
    Client.objects.filter(pk=bolt.pk).update(status="regular")

    assert found() == []
    [one] = differences(on=TODAY, policy=POLICY)
    assert (one.what, one.cached, one.rebuilt) == ("status", "regular", "forgotten")
    Client.objects.filter(pk=bolt.pk).update(next_status_on=TODAY)
    assert list(differences(on=TODAY, policy=POLICY)) == []


def test_a_voided_contact_counts_no_more():
    bolt = client(owner=ivan())
    Contact.objects.update(voided_at=NOW)

    assert {each.what for each in found()} == {"ever_contacted", "last_talk_on"}
    assert bolt.silent_since == bolt.first_known_on


def test_a_contact_that_does_not_reset_is_a_talk_and_begins_no_silence():
    bolt = client(owner=ivan())
    Contact.objects.create(
        client=bolt, at=NOW, on=TODAY, direction="out", evidence="manual", outcome="refused", is_talk=True, resets=False
    )

    [one] = found()

    assert (one.what, one.rebuilt) == ("last_talk_on", TODAY)


def test_owner_and_pool_are_rebuilt_from_their_open_rows():
    bolt = client(owner=ivan())
    Tenure.objects.update(until_on=TODAY)
    nut = pool_client("ООО «Гайка»", lost_by=olga())
    PoolEntry.objects.update(left_on=TODAY)

    assert {(each.client_id, each.what) for each in found()} == {(bolt.pk, "owner_id"), (nut.pk, "in_pool_since")}


def test_the_base_is_read_in_a_fixed_number_of_queries(django_assert_num_queries):
    for number in range(5):
        client(f"Клиент {number}")

    with django_assert_num_queries(6):
        found()


def test_an_empty_base_says_so():
    assert base_is_empty()

    client()

    assert not base_is_empty()


def test_clients_of_a_leaver_are_counted_from_the_day_he_left():
    seller = ivan()
    client(owner=seller)
    type(seller).objects.filter(pk=seller.pk).update(left_on=date(2026, 9, 15))

    assert (clients_of_leavers(TODAY - timedelta(days=1)), clients_of_leavers(TODAY)) == (0, 1)
