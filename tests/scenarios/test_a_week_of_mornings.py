"""A week at the fastener supplier: what must always hold holds after every morning."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from budilnik.calling.actions.arrivals import Arrival, orders_arrived
from budilnik.calling.actions.morning import run_morning
from budilnik.calling.models import Callback, CallTask
from budilnik.calling.queries import morning as reads
from budilnik.clients.models import Client, ExternalKey, Loss, StatusChange
from budilnik.clients.queries.base import differences
from budilnik.core.arrivals import ArrivedLine, ArrivedOrder
from budilnik.core.status import Silence, classify
from budilnik.core.terms import ClientStatus
from budilnik.demo.company import WORKING_DAY, make_company
from budilnik.demo.load import SOURCE, load_company
from budilnik.staff.queries import rules_on

pytestmark = pytest.mark.django_db

WEEK = [WORKING_DAY + timedelta(days=shift) for shift in (0, 1, 2, 5, 6)]


def at_nine(day):
    return datetime(day.year, day.month, day.day, 6, tzinfo=UTC)


def some_clients_order(day, dice):
    keys = sorted(ExternalKey.objects.values_list("key", flat=True))
    line = ArrivedLine(product_key="Б", product_name="Болт", quantity=5000, price=20_000, amount=1000)
    orders = [
        ArrivedOrder(
            key=f"{day}-{key}", client_key=key, ordered_at=datetime(day.year, day.month, day.day, 12), lines=(line,)
        )
        for key in dice.sample(keys, 8)
    ]
    orders_arrived(orders, arrival=Arrival.at(source=SOURCE, on=day, now=at_nine(day) + timedelta(hours=6)))


def the_status_of_every_client_is_the_rule(day):
    policy = rules_on(day).policy.silence
    for row in Client.objects.all():
        silence = Silence(
            silent_since=row.silent_since,
            ever_contacted=row.ever_contacted,
            agreed_until=row.agreed_until,
            grace_until=row.grace_until,
            in_pool=row.in_pool_since is not None,
        )
        assert row.status == classify(silence, on=max(day, row.silent_since), policy=policy)


def whoever_is_lost_is_in_the_pool_without_an_owner():
    lost = Client.objects.filter(status=ClientStatus.LOST.value, protected=False, stopped_on=None, archived_on=None)
    assert not lost.filter(in_pool_since=None).exists()
    assert not Client.objects.filter(in_pool_since__isnull=False).exclude(owner=None).exists()


def nobody_calls_whom_he_lost(day):
    locks = set(Loss.objects.filter(voided_at=None, lifted_at=None).values_list("client_id", "employee_id"))
    tasks = CallTask.objects.filter(on=day, queue="pool").values_list("client_id", "employee_id")
    assert locks.isdisjoint(tasks)


def no_plan_is_over_capacity_but_for_promises_and_last_days(found):
    for plan in found.plans:
        excused = sum(task.queue == "callback" or task.deadline == found.on for task in plan.tasks)
        assert len(plan.tasks) <= max(plan.capacity, excused)


def no_client_is_called_twice(found):
    clients = Counter(task.client_id for plan in found.plans for task in plan.tasks)
    assert all(count == 1 for count in clients.values())


def no_call_is_wasted_while_the_pool_has_clients(found):
    waiting = Client.objects.filter(in_pool_since__isnull=False).count()
    given = sum(task.queue == "pool" for plan in found.plans for task in plan.tasks)
    for plan in found.plans:
        assert len(plan.tasks) >= plan.capacity or given >= waiting


def test_what_must_always_hold_holds_after_every_morning_of_a_week():
    dice = Random(7)
    load_company(make_company(clients=400, managers=4, years=2), progress=lambda *_: None)
    promises = Callback.objects.count()

    for day in WEEK:
        run_morning(
            on=day, holder="tests:0", clock=lambda day=day: at_nine(day), step=lambda _: None, is_gone=lambda _: False
        )
        found = reads.morning_of(day)

        the_status_of_every_client_is_the_rule(day)
        whoever_is_lost_is_in_the_pool_without_an_owner()
        nobody_calls_whom_he_lost(day)
        no_plan_is_over_capacity_but_for_promises_and_last_days(found)
        no_client_is_called_twice(found)
        no_call_is_wasted_while_the_pool_has_clients(found)
        assert list(differences(on=day, policy=rules_on(day).policy)) == []
        some_clients_order(day, dice)

    assert Callback.objects.count() == promises
    assert StatusChange.objects.filter(on__gt=WEEK[-1]).count() == 0
