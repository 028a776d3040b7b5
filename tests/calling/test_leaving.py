"""A leaver looked at before he goes: the preview says what happens, and what happens is what it said."""

from datetime import timedelta

import pytest

from budilnik.calling.actions.leaving import PreviewOutOfDate, employee_leaves, preview_leaver
from budilnik.calling.actions.people import NotInService, OnlyTheHead
from budilnik.calling.models import Callback, CallTask
from budilnik.clients.models import Client
from budilnik.core.terms import Queue
from budilnik.staff.models import AuditEntry, Employee
from cast import (
    NOW,
    TODAY,
    at_once,
    client,
    head_of_sales,
    ivan,
    lock,
    olga,
    pavel,
    plan,
    pool_client,
    promise,
    task,
)

pytestmark = pytest.mark.django_db
FRIDAY = TODAY + timedelta(days=3)


@pytest.fixture
def a_full_desk():
    """Ivan with own clients, one that all have lost, a pool client, and promises to the clients of others."""
    manager, colleague, other, boss = ivan(), olga(), pavel(), head_of_sales()
    for number in range(5):
        row = client(f"ООО «Болт-{number}»", owner=manager, value=100_00 * (number + 1))
        task(row, manager)
        promise(row, manager, on=FRIDAY)
    nobodys = client("ООО «Ничей»", owner=manager, value=7_00)
    for loser in (colleague, other):
        lock(nobodys, loser)
    task(nobodys, manager)
    promise(nobodys, manager, on=FRIDAY)
    lost = pool_client("ООО «Пул»", lost_by=other)
    task(lost, manager, callback=promise(lost, manager))
    hers = client("ООО «Ольгин»", owner=colleague)
    promise(hers, manager, on=FRIDAY)
    task(pool_client("ООО «Трос»", lost_by=other), manager)
    plan(colleague)
    return manager, boss


def held_by(name):
    return Employee.objects.get(name=name)


def test_what_the_preview_says_is_what_happens(a_full_desk):
    manager, boss = a_full_desk
    names = ["Ольга Сергеева", "Павел Жуков"]
    before = {name: Client.objects.filter(owner=held_by(name)).count() for name in names}
    open_before = {name: CallTask.objects.filter(employee=held_by(name), closed_at=None).count() for name in names}

    shown = preview_leaver(manager, on=TODAY)
    employee_leaves(employee=manager, on=TODAY, by=boss, now=NOW, seen=shown.digest)

    assert [each.name for each in shown.receivers] == names
    for each in shown.receivers:
        who = held_by(each.name)
        assert each.clients == Client.objects.filter(owner=who).count() - before[each.name]
        assert each.promises == Callback.objects.filter(employee=who, ended_at=None).count()
        assert each.tasks == CallTask.objects.filter(employee=who, closed_at=None).count() - open_before[each.name]
    given = Client.objects.filter(owner__name__in=names, name__startswith="ООО «Болт")
    assert sum(each.value for each in shown.receivers) == sum(given.values_list("value", flat=True))
    assert shown.ownerless == Client.objects.filter(owner=None, in_pool_since=None).count() == 1
    assert shown.promises_to_head == Callback.objects.filter(employee=boss, ended_at=None).count() == 1
    assert shown.tasks_closed == CallTask.objects.filter(employee=manager).exclude(closed_at=None).count() == 5
    assert (shown.clients, shown.value, shown.ownerless_value) == (6, 1507_00, 7_00)


def test_looking_writes_nothing(a_full_desk):
    manager, _boss = a_full_desk
    audits = AuditEntry.objects.count()

    first, second = (preview_leaver(manager, on=TODAY) for _ in range(2))

    assert first == second
    assert AuditEntry.objects.count() == audits
    assert Client.objects.filter(owner=manager).count() == 6
    assert Employee.objects.get(pk=manager.pk).left_on is None


def a_client_more(manager):
    client("ООО «Новый»", owner=manager)


def a_promise_more(manager):
    promise(Client.objects.filter(owner=manager).first(), manager, on=FRIDAY)


def a_call_made(manager):
    CallTask.objects.filter(employee=manager, queue=Queue.OWN).update(closed_at=NOW, close="outcome")


def a_lock_more(manager):
    lock(Client.objects.filter(owner=manager, name="ООО «Болт-0»").get(), held_by("Павел Жуков"))
    lock(Client.objects.filter(owner=manager, name="ООО «Болт-0»").get(), held_by("Ольга Сергеева"))


@pytest.mark.parametrize("change", [a_client_more, a_promise_more, a_call_made, a_lock_more])
def test_what_has_changed_since_is_looked_at_again_before_anything_moves(change, a_full_desk):
    manager, boss = a_full_desk
    shown = preview_leaver(manager, on=TODAY)
    change(manager)

    with pytest.raises(PreviewOutOfDate):
        employee_leaves(employee=manager, on=TODAY, by=boss, now=NOW, seen=shown.digest)

    assert Employee.objects.get(pk=manager.pk).left_on is None
    assert preview_leaver(manager, on=TODAY).digest != shown.digest


def test_only_the_head_lets_go_and_only_once(a_full_desk):
    manager, boss = a_full_desk

    with pytest.raises(OnlyTheHead):
        employee_leaves(employee=manager, on=TODAY, by=held_by("Ольга Сергеева"), now=NOW)
    employee_leaves(employee=manager, on=TODAY, by=boss, now=NOW)
    with pytest.raises(NotInService):
        employee_leaves(employee=manager, on=TODAY, by=boss, now=NOW)

    assert AuditEntry.objects.filter(action="employee_left").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_let_him_go_at_the_same_moment_one_is_refused(a_full_desk):
    manager, boss = a_full_desk

    told = at_once(*[lambda: employee_leaves(employee=manager, on=TODAY, by=boss, now=NOW)] * 2)

    assert sorted(told) == ["", "NotInService"]
    assert AuditEntry.objects.filter(action="employee_left").count() == 1
