"""The next portion: the rules of the morning for who is done early, and nobody wins a race twice."""

from datetime import timedelta

import pytest

from budilnik.calling.actions.portion import ListNotDone, NoPlanToday, next_portion
from budilnik.calling.models import CallTask, DayPlan
from budilnik.clients.models import ClientGroup, Phone
from budilnik.core.terms import Queue, Role
from budilnik.staff.actions import note_absence
from budilnik.staff.models import AuditEntry
from cast import LATER, NOW, TODAY, at_once, client, employee, ivan, lock, olga, plan, pool_client, promise, task

LONG_SILENT = TODAY - timedelta(days=120)


def given_to(manager) -> set[str]:
    return set(CallTask.objects.filter(employee=manager, closed_at=None).values_list("client__name", flat=True))


def ask(manager) -> int:
    return next_portion(by=manager, now=LATER, on=TODAY)


@pytest.mark.django_db
def test_a_portion_holds_own_clients_and_the_dearest_of_the_pool_but_nobody_he_lost():
    manager, loser = ivan(), olga()
    plan(manager)
    for number in range(9):
        client(f"Свой {number}", owner=manager, silent_since=LONG_SILENT, phones=(f"+749512340{number:02}",))
    pool_client("Дорогой из пула", lost_by=loser, value=900_000_00)
    mine = pool_client("Потерян мной", lost_by=loser, value=950_000_00)
    lock(mine, manager)

    added = ask(manager)

    names = given_to(manager)
    assert added == len(names) == 5
    assert "Потерян мной" not in names
    assert len([name for name in names if name.startswith("Свой")]) in (3, 4)
    assert DayPlan.objects.get(employee=manager).extra == 5
    assert AuditEntry.objects.get(action="portion_given").facts == {"added": 5}


@pytest.mark.django_db
def test_whoever_was_on_a_list_today_his_group_and_his_number_are_left_in_peace():
    manager, colleague = ivan(), olga()
    group = ClientGroup.objects.create(key="холдинг")
    called = client("Позвонили", owner=colleague, silent_since=LONG_SILENT, phones=("+74951230001",))
    done = task(called, colleague)
    CallTask.objects.filter(pk=done.pk).update(closed_at=NOW, close="outcome")
    called.group = group
    called.save()
    plan(manager)
    sister = client("Сестра", owner=manager, silent_since=LONG_SILENT, phones=("+74951230002",))
    sister.group = group
    sister.save()
    client("Тот же номер", owner=manager, silent_since=LONG_SILENT, phones=("+74951230001",))
    Phone.objects.filter(number="+74951230001").update(shared=True)
    client("Свободен", owner=manager, silent_since=LONG_SILENT, phones=("+74951230003",))

    ask(manager)

    assert given_to(manager) == {"Свободен"}


@pytest.mark.django_db
def test_more_is_given_only_when_everybody_on_the_list_was_called_once():
    manager = ivan()
    waiting = task(client("Не звонили", owner=manager), manager)
    kept = client("Обещано на вечер", owner=manager, phones=("+74951230009",))
    task(kept, manager, callback=promise(kept, manager))

    with pytest.raises(ListNotDone):
        ask(manager)
    CallTask.objects.filter(pk=waiting.pk).update(attempts=1, not_before=LATER + timedelta(hours=2))

    assert ask(manager) == 0


@pytest.mark.django_db
def test_without_a_list_there_is_no_portion():
    manager, away = ivan(), olga()
    plan(away)
    note_absence(employee=away, from_on=TODAY, until_on=TODAY, substitute=None, by=None, now=NOW)

    for who in (manager, away):
        with pytest.raises(NoPlanToday):
            ask(who)


@pytest.mark.django_db
def test_when_nobody_is_left_nothing_is_added_and_nothing_breaks():
    manager = ivan()
    plan(manager)

    assert ask(manager) == 0
    assert DayPlan.objects.get(employee=manager).extra == 0


@pytest.mark.django_db(transaction=True)
def test_two_managers_who_ask_at_once_never_get_the_same_client_of_the_pool():
    manager, colleague, loser = ivan(), olga(), employee("pavel", "Павел Жуков", role=Role.MANAGER)
    plan(manager)
    plan(colleague)
    for number in range(4):
        pool_client(f"Из пула {number}", lost_by=loser, value=100_000_00 * (number + 1))

    met = at_once(lambda: ask(manager), lambda: ask(colleague))

    tasks = list(CallTask.objects.filter(queue=Queue.POOL.value).values_list("client_id", flat=True))
    assert met == ["", ""]
    assert len(tasks) == len(set(tasks)) == 4
    for plan_row in DayPlan.objects.all():
        assert plan_row.extra == plan_row.tasks.count()


@pytest.mark.django_db(transaction=True)
def test_a_portion_asked_for_twice_at_once_is_given_once():
    manager = ivan()
    plan(manager)
    for number in range(12):
        client(f"Свой {number}", owner=manager, silent_since=LONG_SILENT, phones=(f"+749512350{number:02}",))

    met = at_once(lambda: ask(manager), lambda: ask(manager))

    assert sorted(met) == ["", "ListNotDone"]
    assert CallTask.objects.count() == 5
