"""Promises to ring back: none is deleted, each ends with a word."""

from datetime import time, timedelta

import pytest

from budilnik.calling.actions.calls import stop_client
from budilnik.calling.actions.promises import (
    ClientStopped,
    LockedSubstitute,
    PromiseEnded,
    PromiseInThePast,
    keep_callback,
    move_callback,
    pass_to_substitute,
    promise_callback,
)
from budilnik.calling.models import Callback
from budilnik.clients.models import ContactPerson, Phone
from budilnik.staff.models import AuditEntry
from cast import LATER, NOW, TODAY, TOMORROW, at_moscow, at_once, client, ivan, lock, olga, plan, promise, task

pytestmark = pytest.mark.django_db


def promised_to(row, manager, **changes):
    facts = {"local_on": TOMORROW, "local_time": time(10), "about": "счёт", "by": manager, "now": NOW} | changes
    return promise_callback(client_id=row.pk, employee=manager, **facts)


def test_ten_oclock_is_ten_oclock_at_the_client():
    manager = ivan()
    bolt_service = client(owner=manager, zone="Asia/Vladivostok")

    number = promised_to(bolt_service, manager)

    row = Callback.objects.get(pk=number)
    assert (row.local_time, row.zone) == (time(10), "Asia/Vladivostok")
    assert row.due_at == at_moscow(3, on=TOMORROW)


def test_a_step_for_today_without_an_hour_is_taken_all_day_long():
    manager = ivan()

    promised_to(client(owner=manager), manager, local_on=TODAY, local_time=None, now=at_moscow(20))

    assert Callback.objects.get().local_time is None


@pytest.mark.parametrize(("day", "hour"), [(TODAY, time(9)), (TODAY - timedelta(days=1), None)])
def test_nothing_is_promised_for_the_past(day, hour):
    manager = ivan()

    with pytest.raises(PromiseInThePast) as refused:
        promised_to(client(owner=manager), manager, local_on=day, local_time=hour)

    assert str(day) in refused.value.text("ru")


def test_nothing_is_promised_to_a_client_who_asked_not_to_be_called():
    manager = ivan()
    bolt_service = client(owner=manager)
    bolt_service.stopped_on = TODAY
    bolt_service.save()

    with pytest.raises(ClientStopped):
        promised_to(bolt_service, manager)


@pytest.mark.parametrize(("by_client", "word"), [(True, "moved_by_client"), (False, "moved_by_us")])
def test_a_moved_promise_keeps_its_old_row_and_says_who_moved_it(by_client, word):
    manager = ivan()
    old = promise(client(owner=manager), manager)

    new = move_callback(
        callback_id=old.pk, local_on=TOMORROW, local_time=time(11), by_client=by_client, by=manager, now=NOW
    )

    old.refresh_from_db()
    assert (old.end, old.ended_at, old.moved_to_id) == (word, NOW, new)
    assert Callback.objects.get(pk=new).about == old.about


def test_a_promise_moved_within_the_day_stays_in_the_list_and_one_moved_to_tomorrow_leaves_it():
    manager = ivan()
    first, second = client(owner=manager), client("ООО «Трос»", owner=manager)
    today, leaving = promise(first, manager), promise(second, manager)
    stays, leaves = task(first, manager, callback=today), task(second, manager, callback=leaving)

    new = move_callback(callback_id=today.pk, local_on=TODAY, local_time=time(17), by_client=True, by=manager, now=NOW)
    move_callback(callback_id=leaving.pk, local_on=TOMORROW, local_time=None, by_client=True, by=manager, now=NOW)

    stays.refresh_from_db()
    leaves.refresh_from_db()
    assert (stays.callback_id, stays.closed_at) == (new, None)
    assert leaves.close == "moved"


def test_a_promise_ends_only_once():
    manager = ivan()
    bolt_service = client(owner=manager)
    row = promise(bolt_service, manager)
    call = task(bolt_service, manager, callback=row)

    keep_callback(callback_id=row.pk, by=manager, now=NOW)
    with pytest.raises(PromiseEnded):
        keep_callback(callback_id=row.pk, by=manager, now=LATER)
    with pytest.raises(PromiseEnded):
        move_callback(callback_id=row.pk, local_on=TOMORROW, local_time=None, by_client=False, by=manager, now=LATER)

    row.refresh_from_db()
    call.refresh_from_db()
    assert (row.end, row.ended_at, call.closed_at) == ("done", NOW, NOW)
    assert AuditEntry.objects.filter(action="callback_kept").count() == 1


def test_a_promise_passed_to_a_substitute_remembers_who_gave_it():
    manager, colleague = ivan(), olga()
    bolt_service = client(owner=manager)
    row = promise(bolt_service, manager)
    call, hers = task(bolt_service, manager, callback=row), plan(colleague)

    pass_to_substitute(callback_id=row.pk, to=colleague, by=manager, now=NOW)

    row.refresh_from_db()
    call.refresh_from_db()
    assert (row.promised_by, row.employee) == (manager, colleague)
    assert (call.employee, call.plan) == (colleague, hers)


def test_a_promise_is_not_passed_to_the_one_who_lost_the_client():
    manager, colleague = ivan(), olga()
    bolt_service = client(owner=manager)
    lock(bolt_service, colleague)
    row = promise(bolt_service, manager)

    with pytest.raises(LockedSubstitute):
        pass_to_substitute(callback_id=row.pk, to=colleague, by=manager, now=NOW)

    row.refresh_from_db()
    assert row.employee == manager


def test_a_promise_that_has_ended_is_not_passed_on():
    manager, colleague = ivan(), olga()
    row = promise(client(owner=manager), manager)
    keep_callback(callback_id=row.pk, by=manager, now=NOW)

    with pytest.raises(PromiseEnded):
        pass_to_substitute(callback_id=row.pk, to=colleague, by=manager, now=NOW)


def test_a_promise_moved_into_the_past_stays_where_it_was():
    manager = ivan()
    row = promise(client(owner=manager), manager)

    with pytest.raises(PromiseInThePast):
        move_callback(callback_id=row.pk, local_on=TODAY, local_time=time(9), by_client=True, by=manager, now=NOW)

    row.refresh_from_db()
    assert (row.ended_at, row.end, row.moved_to) == (None, "", None)
    assert Callback.objects.count() == 1


def test_a_stop_ends_a_promise_for_good():
    manager = ivan()
    bolt_service = client(owner=manager)
    row = promise(bolt_service, manager, on=TOMORROW)

    stop_client(client_id=bolt_service.pk, number=None, whole_company=True, by=manager, now=NOW, on=TODAY)
    with pytest.raises(PromiseEnded):
        move_callback(callback_id=row.pk, local_on=TOMORROW, local_time=None, by_client=False, by=manager, now=LATER)

    row.refresh_from_db()
    assert row.end == "stopped"


def test_a_stopped_number_leaves_the_promise_made_to_another_person():
    manager = ivan()
    bolt_service = client(owner=manager, phones=("+74951234567", "+74957654321"))
    anna, boris = (ContactPerson.objects.create(client=bolt_service, name=name) for name in ("Анна", "Борис"))
    Phone.objects.filter(number="+74951234567").update(person=anna)
    Phone.objects.filter(number="+74957654321").update(person=boris)
    to_anna, to_boris = (promised_to(bolt_service, manager, person_id=who.pk) for who in (anna, boris))

    stop_client(client_id=bolt_service.pk, number="+74951234567", whole_company=False, by=manager, now=NOW, on=TODAY)

    assert Callback.objects.get(pk=to_anna).end == "stopped"
    assert Callback.objects.get(pk=to_boris).ended_at is None


def test_a_moved_promise_remembers_who_gave_it_who_keeps_it_and_to_whom():
    manager, colleague = ivan(), olga()
    bolt_service = client(owner=manager)
    anna = ContactPerson.objects.create(client=bolt_service, name="Анна")
    old = promised_to(bolt_service, manager, person_id=anna.pk)
    pass_to_substitute(callback_id=old, to=colleague, by=manager, now=NOW)

    new = move_callback(
        callback_id=old, local_on=TOMORROW, local_time=time(16), by_client=True, by=colleague, now=LATER
    )

    row = Callback.objects.get(pk=new)
    assert (row.promised_by, row.employee, row.person) == (manager, colleague, anna)


@pytest.mark.django_db(transaction=True)
def test_a_promise_kept_and_moved_at_the_same_moment_ends_once():
    manager = ivan()
    row = promise(client(owner=manager), manager)

    told = at_once(
        lambda: keep_callback(callback_id=row.pk, by=manager, now=NOW),
        lambda: move_callback(
            callback_id=row.pk, local_on=TOMORROW, local_time=time(9), by_client=True, by=manager, now=NOW
        ),
    )

    row.refresh_from_db()
    assert sorted(told) == ["", "PromiseEnded"]
    assert Callback.objects.count() == (1 if row.end == "done" else 2)
