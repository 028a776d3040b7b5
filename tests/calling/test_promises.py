"""Promises to ring back: none is deleted, each ends with a word."""

from datetime import time, timedelta

import pytest

from budilnik.calling.actions.calls import stop_client
from budilnik.calling.actions.promises import (
    ClientStopped,
    LockedSubstitute,
    NobodyTalked,
    NotRingingYet,
    NotYourPromise,
    PromiseEnded,
    PromiseInThePast,
    PutOffAlready,
    SubstituteAway,
    keep_callback,
    move_callback,
    pass_to_substitute,
    promise_callback,
    ring_later,
    snooze_callback,
)
from budilnik.calling.models import Callback
from budilnik.calling.queries.sight import ClientNotSeen
from budilnik.clients.models import Contact, ContactPerson, Phone
from budilnik.core.callbacks import SnoozedEnough
from budilnik.core.terms import Evidence, Outcome
from budilnik.staff.models import Absence, AuditEntry
from cast import (
    LATER,
    NOW,
    TODAY,
    TOMORROW,
    at_moscow,
    at_once,
    client,
    head_of_sales,
    ivan,
    lock,
    olga,
    plan,
    pool_client,
    promise,
    task,
)

pytestmark = pytest.mark.django_db

AT_THREE = at_moscow(15)


def calls_in(row, *, at=NOW - timedelta(hours=1)):
    """The client calls himself and is talked to."""
    return Contact.objects.create(
        client=row,
        at=at,
        on=at.date(),
        direction="in",
        evidence=Evidence.MANUAL.value,
        outcome=Outcome.OPEN.value,
        is_talk=True,
    )


def promised_to(row, manager, **changes):
    facts = {"local_on": TOMORROW, "local_time": time(10), "about": "счёт", "by": manager, "now": NOW} | changes
    return promise_callback(client_id=row.pk, employee=manager, **facts)


def test_an_hour_that_the_clocks_skip_rings_later_by_the_skipped_stretch():
    manager = ivan()
    bolt_service = client(owner=manager, zone="Europe/Berlin")
    spring = TODAY.replace(year=2027, month=3, day=28)

    number = promised_to(bolt_service, manager, local_on=spring, local_time=time(2, 30))

    row = Callback.objects.get(pk=number)
    assert (row.local_time, row.due_at) == (time(2, 30), at_moscow(4, 30, on=spring))


def test_a_client_of_an_unknown_zone_is_promised_by_the_clock_of_the_firm():
    manager = ivan()

    for number, zone in enumerate(("", "Europe/Nowhere")):
        promised_to(client(f"ООО «{number}»", owner=manager, zone=zone), manager)

    assert set(Callback.objects.values_list("zone", "due_at")) == {("Europe/Moscow", at_moscow(10, on=TOMORROW))}


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

    assert f"{day:%d.%m.%Y}{f' {hour:%H:%M}' if hour else ''} по времени клиента" in refused.value.text("ru")


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
    calls_in(bolt_service)

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
    calls_in(row.client)
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
    calls_in(row.client)

    told = at_once(
        lambda: keep_callback(callback_id=row.pk, by=manager, now=NOW),
        lambda: move_callback(
            callback_id=row.pk, local_on=TOMORROW, local_time=time(9), by_client=True, by=manager, now=NOW
        ),
    )

    row.refresh_from_db()
    assert sorted(told) == ["", "PromiseEnded"]
    assert Callback.objects.count() == (1 if row.end == "done" else 2)


def test_a_form_sent_twice_promises_once():
    manager = ivan()
    bolt_service = client(owner=manager)

    first, second = (promised_to(bolt_service, manager, key="form-1") for _ in range(2))

    assert first == second
    assert Callback.objects.count() == AuditEntry.objects.filter(action="callback_promised").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_the_same_moment_promises_once():
    manager = ivan()
    bolt_service = client(owner=manager)

    told = at_once(*[lambda: promised_to(bolt_service, manager, key="form-1")] * 2)

    assert told == ["", ""]
    assert Callback.objects.count() == 1


def test_a_call_is_promised_to_ones_own_client_and_by_the_head_to_any():
    manager, colleague, head = ivan(), olga(), head_of_sales()
    bolt_service = client(owner=manager)

    with pytest.raises(ClientNotSeen):
        promised_to(bolt_service, colleague)
    number = promised_to(bolt_service, None, by=head)

    row = Callback.objects.get(pk=number)
    assert (row.employee, row.promised_by) == (manager, head)


@pytest.mark.parametrize(
    "act",
    [
        lambda number, by: move_callback(
            callback_id=number, local_on=TOMORROW, local_time=None, by_client=True, by=by, now=NOW
        ),
        lambda number, by: keep_callback(callback_id=number, by=by, now=NOW),
        lambda number, by: pass_to_substitute(callback_id=number, to=by, by=by, now=NOW),
        lambda number, by: snooze_callback(callback_id=number, by=by, now=AT_THREE, seen=0),
    ],
    ids=["move", "keep", "pass", "snooze"],
)
def test_a_promise_of_somebody_else_is_like_one_that_does_not_exist(act):
    manager, colleague = ivan(), olga()
    row = promise(client(owner=manager), manager)
    calls_in(row.client)

    for number in (row.pk, row.pk + 1_000):
        with pytest.raises(NotYourPromise):
            act(number, colleague)

    row.refresh_from_db()
    assert (row.ended_at, row.employee, row.rings_at) == (None, manager, None)


def test_who_gave_a_promise_to_a_client_of_the_pool_may_take_it_back_from_the_substitute():
    manager, colleague = ivan(), olga()
    row = promise(pool_client(lost_by=colleague), manager)
    Callback.objects.filter(pk=row.pk).update(employee=colleague)

    pass_to_substitute(callback_id=row.pk, to=manager, by=manager, now=NOW)

    row.refresh_from_db()
    assert row.employee == manager


def test_who_gave_a_promise_has_no_say_in_it_after_the_client_went_to_another():
    manager, colleague = ivan(), olga()
    row = promise(client(owner=colleague), manager)
    Callback.objects.filter(pk=row.pk).update(employee=colleague)

    with pytest.raises(NotYourPromise):
        move_callback(callback_id=row.pk, local_on=TOMORROW, local_time=None, by_client=True, by=manager, now=NOW)


def test_a_promise_is_not_kept_by_a_mark_alone():
    manager = ivan()
    row = promise(client(owner=manager), manager)
    calls_in(row.client, at=row.recorded_at)

    with pytest.raises(NobodyTalked):
        keep_callback(callback_id=row.pk, by=manager, now=NOW)

    row.refresh_from_db()
    assert row.ended_at is None


def test_a_promise_is_not_passed_to_somebody_who_is_away():
    manager, colleague = ivan(), olga()
    Absence.objects.create(employee=colleague, from_on=TODAY, until_on=TOMORROW)
    row = promise(client(owner=manager), manager)

    with pytest.raises(SubstituteAway):
        pass_to_substitute(callback_id=row.pk, to=colleague, by=manager, now=NOW)

    row.refresh_from_db()
    assert row.employee == manager


def test_a_promise_is_put_off_by_five_minutes_three_times_and_stays_what_it_was():
    manager = ivan()
    row = promise(client(owner=manager), manager, at=time(15))
    now, rung = AT_THREE, []

    for seen in range(3):
        now = snooze_callback(callback_id=row.pk, by=manager, now=now, seen=seen)
        rung.append(now)
    with pytest.raises(SnoozedEnough):
        snooze_callback(callback_id=row.pk, by=manager, now=now, seen=3)

    row.refresh_from_db()
    assert rung == [at_moscow(15, minute) for minute in (5, 10, 15)]
    assert (row.due_at, row.snoozes, row.rings_at) == (AT_THREE, 3, at_moscow(15, 15))
    assert AuditEntry.objects.filter(action="callback_put_off").count() == 3


def test_a_page_that_has_not_seen_the_last_putting_off_changes_nothing():
    manager = ivan()
    row = promise(client(owner=manager), manager, at=time(15))
    snooze_callback(callback_id=row.pk, by=manager, now=AT_THREE, seen=0)

    with pytest.raises(PutOffAlready):
        snooze_callback(callback_id=row.pk, by=manager, now=AT_THREE, seen=0)

    row.refresh_from_db()
    assert (row.snoozes, row.rings_at) == (1, at_moscow(15, 5))


@pytest.mark.django_db(transaction=True)
def test_two_pages_that_put_a_promise_off_at_the_same_moment_put_it_off_once():
    manager = ivan()
    row = promise(client(owner=manager), manager, at=time(15))

    told = at_once(*[lambda: snooze_callback(callback_id=row.pk, by=manager, now=AT_THREE, seen=0)] * 2)

    row.refresh_from_db()
    assert sorted(told) == ["", "PutOffAlready"]
    assert row.snoozes == AuditEntry.objects.filter(action="callback_put_off").count() == 1


def test_only_what_rings_or_is_about_to_is_put_off():
    manager = ivan()
    bolt_service = client(owner=manager)
    timed, step = promise(bolt_service, manager, at=time(15)), promise(bolt_service, manager, at=None)

    for number, now in ((timed.pk, at_moscow(14, 54)), (step.pk, AT_THREE)):
        with pytest.raises(NotRingingYet):
            snooze_callback(callback_id=number, by=manager, now=now, seen=0)

    assert snooze_callback(callback_id=timed.pk, by=manager, now=at_moscow(14, 56), seen=0) == at_moscow(15, 1)


def test_an_ended_promise_is_not_put_off():
    manager = ivan()
    row = promise(client(owner=manager), manager, at=time(15))
    Callback.objects.filter(pk=row.pk).update(ended_at=NOW, end="done")

    with pytest.raises(PromiseEnded):
        snooze_callback(callback_id=row.pk, by=manager, now=AT_THREE, seen=0)


def test_who_carries_the_promise_in_his_list_today_and_the_head_may_put_it_off():
    manager, colleague, head = ivan(), olga(), head_of_sales()
    row = promise(client(owner=manager), manager, at=time(15))
    task(row.client, colleague, callback=row)

    snooze_callback(callback_id=row.pk, by=colleague, now=AT_THREE, seen=0)
    snooze_callback(callback_id=row.pk, by=head, now=at_moscow(15, 5), seen=1)

    row.refresh_from_db()
    assert row.snoozes == 2


def test_the_alarm_follows_a_call_without_an_answer():
    manager = ivan()
    row = promise(client(owner=manager), manager, at=time(15))

    again = ring_later(row.pk, at_moscow(16, 5), now=at_moscow(15, 5))

    row.refresh_from_db()
    assert (again, row.rings_at, row.due_at) == (at_moscow(16, 5), at_moscow(16, 5), AT_THREE)


def test_a_call_without_an_answer_hours_before_the_time_leaves_the_alarm_at_its_time():
    manager = ivan()
    row = promise(client(owner=manager), manager, at=time(15))

    again = ring_later(row.pk, at_moscow(11), now=NOW)

    row.refresh_from_db()
    assert again == row.rings_at == AT_THREE


def test_a_step_without_an_hour_rings_an_hour_after_a_call_without_an_answer():
    manager = ivan()
    row = promise(client(owner=manager), manager, at=None)

    assert ring_later(row.pk, at_moscow(11), now=NOW) == at_moscow(11)
