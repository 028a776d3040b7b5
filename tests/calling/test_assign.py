"""The first distribution: who gets the ownerless, and who goes into the pool without blame."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budilnik.calling.actions.assign import NobodyToAssignTo, _write_owners, _write_pool, assign
from budilnik.calling.actions.sharing import choose_owners, give_by_rule, owners_in_service, pool_callers
from budilnik.clients.models import Client, Loss, PoolEntry, StatusChange, Tenure
from budilnik.clients.queries.base import differences, ownerless_on
from budilnik.core.policy import Policy
from budilnik.core.terms import Role
from budilnik.staff.models import AuditEntry, Employee
from cast import NOW, TODAY, client, employee, head_of_sales, ivan, lock, olga, pavel

pytestmark = pytest.mark.django_db

ALIVE, LOST = date(2026, 5, 20), date(2025, 5, 20)


def test_the_ownerless_are_levelled_by_count_and_value():
    first, second = ivan(), olga()
    for number, value in enumerate((900, 800, 200, 100)):
        client(f"Клиент {number}", value=value, silent_since=ALIVE)

    result = assign(on=TODAY, by=None, now=NOW)

    assert result.by_employee == {first.pk: 2, second.pk: 2}
    sums = [sum(Client.objects.filter(owner=who).values_list("value", flat=True)) for who in (first, second)]
    assert sums == [1000, 1000]
    assert set(Tenure.objects.values_list("why_from", flat=True)) == {"assigned"}
    assert AuditEntry.objects.get(action="base_assigned").facts == {"assigned": 4, "pooled": 0, "on": str(TODAY)}


def test_whoever_is_lost_already_enters_the_pool_and_nobody_is_to_blame():
    ivan()
    lost = client(silent_since=LOST)

    result = assign(on=TODAY, by=None, now=NOW)

    lost.refresh_from_db()
    assert (result.pooled, lost.in_pool_since, lost.status, lost.owner) == (1, TODAY, "lost", None)
    assert PoolEntry.objects.get().client == lost
    assert not Loss.objects.exists()
    assert list(differences()) == []


def test_the_steps_of_silence_on_the_way_to_the_pool_are_told():
    ivan()
    client(silent_since=date(2026, 3, 1), on=date(2026, 3, 2))

    assign(on=date(2026, 9, 15), by=None, now=NOW)

    steps = StatusChange.objects.order_by("pk").values_list("from_status", "to_status", "on")
    assert list(steps) == [
        ("regular", "forgotten", date(2026, 6, 1)),
        ("forgotten", "lost", date(2026, 9, 2)),
    ]


def test_owned_stopped_and_archived_clients_stay_where_they_are():
    owner = ivan()
    olga()
    owned, stopped, archived = client("А", owner=owner), client("Б"), client("В")
    Client.objects.filter(pk=stopped.pk).update(stopped_on=TODAY)
    Client.objects.filter(pk=archived.pk).update(archived_on=TODAY)

    assign(on=TODAY, by=None, now=NOW)

    assert list(Client.objects.order_by("pk").values_list("owner", flat=True)) == [owned.owner_id, None, None]


def test_nobody_gets_a_client_whom_he_lost():
    loser, other = ivan(), olga()
    bolt = client(silent_since=ALIVE)
    lock(bolt, loser)

    assign(on=TODAY, by=None, now=NOW)

    bolt.refresh_from_db()
    assert bolt.owner == other


def test_whom_everybody_lost_is_left_to_the_head():
    bolt = client(silent_since=ALIVE)
    lock(bolt, ivan())

    result = assign(on=TODAY, by=None, now=NOW)

    bolt.refresh_from_db()
    assert (result.left_ownerless, bolt.owner) == (1, None)


def test_repeated_it_finds_nothing_to_do():
    ivan(), olga()
    for number in range(5):
        client(f"Клиент {number}", silent_since=ALIVE if number else LOST)
    assign(on=TODAY, by=None, now=NOW)
    before = list(Client.objects.order_by("pk").values()), Tenure.objects.count(), PoolEntry.objects.count()

    again = assign(on=TODAY, by=None, now=NOW)

    assert (sum(again.by_employee.values()), again.pooled, again.left_ownerless) == (0, 0, 0)
    assert (list(Client.objects.order_by("pk").values()), Tenure.objects.count(), PoolEntry.objects.count()) == before


def test_a_firm_without_managers_is_told_so():
    head_of_sales()
    client(silent_since=LOST)

    with pytest.raises(NobodyToAssignTo) as caught:
        assign(on=TODAY, by=None, now=NOW)

    assert "budilnik staff add" in caught.value.text("ru")
    assert not PoolEntry.objects.exists()


def test_a_newcomer_is_filled_before_those_who_have_clients():
    busy, newcomer = ivan(), olga()
    for number in range(3):
        client(f"Свой {number}", owner=busy, silent_since=ALIVE)
    for number in range(3):
        client(f"Ничей {number}", silent_since=ALIVE)

    assert assign(on=TODAY, by=None, now=NOW).by_employee == {busy.pk: 0, newcomer.pk: 3}


def test_clients_are_owned_by_managers_in_service_with_a_share_of_the_load():
    works = ivan()
    head_of_sales()
    employee("rest", "Тот, кто не ведёт базу", load_share=0.0)
    Employee.objects.filter(pk=olga().pk).update(left_on=TODAY)

    assert owners_in_service(TODAY) == {works.pk: 1.0}


def test_the_pool_is_called_by_the_roles_that_the_rules_name():
    seller, caller = ivan(), employee("tele", "Телемаркетолог", role=Role.TELEMARKETER)
    head_of_sales()

    assert pool_callers(on=TODAY, policy=Policy(pool_roles=("manager",))) == {seller.pk}
    assert pool_callers(on=TODAY, policy=Policy(pool_roles=("manager", "telemarketer"))) == {
        seller.pk,
        caller.pk,
    }


def test_giving_nobody_asks_the_base_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        give_by_rule([], on=TODAY, why="order")


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.integers(0, 10**9), min_size=1, max_size=12),
    losers=st.lists(st.integers(0, 3), min_size=12, max_size=12),
)
def test_the_rule_never_gives_a_client_to_his_loser_and_leaves_no_manager_two_behind(db, values, losers):
    with transaction.atomic():
        team = [ivan(), olga(), pavel()]
        people = [client(f"Клиент {n}", value=value, silent_since=ALIVE) for n, value in enumerate(values)]
        for person, loser in zip(people, losers, strict=False):
            if loser < len(team):
                lock(person, team[loser])
        given_to = choose_owners({p.pk: p.value for p in people}, on=TODAY, salt=1)
        barred = {p.pk: team[loser].pk for p, loser in zip(people, losers, strict=False) if loser < len(team)}
        transaction.set_rollback(True)

    assert set(given_to) == {person.pk for person in people}
    assert all(barred.get(who_lost) != who for who_lost, who in given_to.items())
    if not barred:
        counts = [list(given_to.values()).count(member.pk) for member in team]
        assert max(counts) - min(counts) <= 1


def test_of_two_distributions_at_once_the_later_leaves_what_the_first_has_done(db):
    first = ivan()
    kept = client("ООО «Наш»", silent_since=date(2026, 9, 1))
    lost = client("ООО «Ушёл»", silent_since=date(2026, 1, 12))
    read_before = [each for each in ownerless_on(on=TODAY, policy=Policy()) if each.client_id == lost.pk]
    assign(on=TODAY, by=None, now=NOW)

    given = _write_owners({kept.pk: olga().pk}, on=TODAY)
    pooled = _write_pool(read_before, lots={}, held_until=TODAY, on=TODAY, now=NOW)

    assert (given, pooled) == ({}, 0)
    assert Client.objects.get(pk=kept.pk).owner == first
    assert PoolEntry.objects.filter(client=lost).count() == 1


def test_a_client_who_orders_while_the_lost_are_put_away_stays_out_of_the_pool(db):
    ivan()
    lost = client("ООО «Ушёл»", silent_since=date(2026, 1, 12))
    read_before = list(ownerless_on(on=TODAY, policy=Policy()))
    Client.objects.filter(pk=lost.pk).update(silent_since=TODAY, status="regular")

    pooled = _write_pool(read_before, lots={}, held_until=TODAY, on=TODAY, now=NOW)

    assert (pooled, Client.objects.get(pk=lost.pk).in_pool_since) == (0, None)
