"""The firm as a simulated year begins: read from the tables, and planned on the first day as the morning plans it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from budilnik.calling.actions.deciding import decide_morning
from budilnik.calling.queries.simulation import buyer_of, firm_today, measured_habits
from budilnik.clients.models import Client, PoolEntry
from budilnik.core.rivals import of_the_product
from budilnik.core.scenario import Scenario
from budilnik.core.simulated_firm import SimulatedFirm
from budilnik.core.simulated_world import SimulatedWorld
from budilnik.core.terms import Role
from budilnik.jobs.simulation import demand_for
from budilnik.staff.models import Absence, Employee
from cast import (
    NOW,
    POLICY,
    TODAY,
    at_moscow,
    client,
    employee,
    head_of_sales,
    ivan,
    lock,
    olga,
    pavel,
    pool_client,
    promise,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def a_firm_of_three() -> None:
    """Three managers with owned, pooled, promised and locked clients; Pavel is away and Olga stands in."""
    team = [ivan(), olga(), pavel()]
    head_of_sales()
    Absence.objects.create(employee=team[2], from_on=TODAY, until_on=TODAY + timedelta(days=6), substitute=team[1])
    for number in range(90):
        owner = team[number % 3]
        silent = date(2026, 3, 16) + timedelta(days=number * 2)
        row = client(f"Завод {number}", owner=owner, silent_since=silent, value=number * 997, phones=())
        if number % 4 == 0:
            Client.objects.filter(pk=row.pk).update(
                last_order_on=silent, first_order_on=date(2025, 1, 9), order_days_in_year=number % 7 + 1
            )
    for number in range(40):
        row = pool_client(f"Склад {number}", lost_by=team[number % 3], value=number * 1003)
        if number % 9 == 0:
            lock(row, team[(number + 1) % 3], on=date(2026, 7, 20))
        if number % 10 == 3:
            PoolEntry.objects.filter(client=row).update(rest_until=TODAY + timedelta(days=number))
    for number, who in enumerate(team):
        promise(Client.objects.filter(owner=who).order_by("pk")[3 + number], who, at=at_moscow(11 + number))


def first_lists() -> dict[int, list[int]]:
    today = firm_today(on=TODAY, policy=POLICY, days=30)
    firm = SimulatedFirm(today, policy=POLICY, luck=None)
    firm.dawn(TODAY)
    world = SimulatedWorld(firm, scenario=Scenario(policy=POLICY, days=30), demand=demand_for(today, days=30, seed=1))
    lists = of_the_product(firm, world.workday(TODAY))
    return {who: sorted(each.client_id for each in listed) for who, listed in lists.items()}


def test_the_first_day_of_a_simulated_year_is_the_morning_itself():
    a_firm_of_three()

    decided = decide_morning(on=TODAY, step=lambda name: None)

    told = {day.employee_id: sorted(task.client_id for task in day.tasks) for day in decided.days if day.capacity}
    assert sum(map(len, told.values())) == 40
    assert first_lists() == told


def test_those_released_on_the_first_day_are_shared_and_drawn_by_lot_as_in_the_morning():
    a_firm_of_three()
    team = list(Employee.objects.filter(role=Role.MANAGER.value).order_by("pk"))
    for number in range(180):
        client(f"Цех {number}", owner=team[number % 3], silent_since=date(2026, 2, 1), value=number * 311, phones=())
    # Their alarm rings today.
    Client.objects.filter(name__startswith="Цех").update(status="forgotten", next_status_on=TODAY)

    decided = decide_morning(on=TODAY, step=lambda name: None)

    told = {day.employee_id: sorted(task.client_id for task in day.tasks) for day in decided.days if day.capacity}
    assert decided.released == 180
    assert any(renewal.drawn == "out" for renewal in decided.renewals)
    assert first_lists() == told


def test_reading_the_firm_takes_as_many_queries_whatever_its_size(django_assert_num_queries):
    a_firm_of_three()

    with django_assert_num_queries(9):
        today = firm_today(on=TODAY, policy=POLICY, days=365)

    assert len(today.clients) == 130
    assert len(today.people) == 3
    assert len(today.promises) == 3
    assert len(today.resting) == 4
    assert today.calendar.last > TODAY + timedelta(days=365 + 400)


def test_roles_that_call_the_pool_call_it_in_the_simulation_too():
    employee("tele", "Анна Ким", role=Role.TELEMARKETER)
    policy = replace(POLICY, pool_roles=("manager", "telemarketer"))

    people = firm_today(on=TODAY, policy=policy, days=1).people

    assert [(each.owns, each.calls_pool) for each in people] == [(False, True)]


def test_how_a_client_has_ordered_is_told_by_his_snapshot():
    row = client(owner=ivan())
    Client.objects.filter(pk=row.pk).update(
        last_order_on=TODAY - timedelta(days=73),
        first_order_on=date(2024, 9, 15),
        order_days_in_year=10,
        order_chance=250,
    )
    never = client("Новый", owner=None)

    told = {each.client_id: buyer_of(each, on=TODAY) for each in firm_today(on=TODAY, policy=POLICY, days=1).clients}

    assert (told[row.pk].days_silent, told[row.pk].orders_365, told[row.pk].chance_30) == (73, 8, 0.25)
    assert told[row.pk].age_days == 730
    assert told[never.pk].days_silent is None


def test_habits_are_measured_where_there_are_calls_enough(django_assert_num_queries):
    with django_assert_num_queries(1):
        told = measured_habits(now=NOW)

    assert (told.attempts, told.reach, told.callback_share, told.open_share) == (0, None, None, None)
