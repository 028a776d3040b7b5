"""Calls: one outcome a task, what follows from it, and what a correction takes back."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from budilnik.calling.actions.calls import (
    NothingToAmend,
    NotYourClient,
    NotYourTask,
    TaskAlreadyClosed,
    TooLateToAmend,
    amend_call,
    client_answered,
    record_call,
    skip_task,
    stop_client,
)
from budilnik.calling.actions.people import change_owner
from budilnik.calling.actions.promises import ClientStopped, PromiseInThePast
from budilnik.calling.models import Call, Callback, CallTask
from budilnik.clients.models import Client, Contact, Phone, PoolEntry, Tenure
from budilnik.core.outcomes import DetailMissing, NumberMissing, Said, SkipReason
from budilnik.core.terms import ClientStatus, Direction, Outcome
from budilnik.staff.models import AuditEntry
from cast import (
    LATER,
    NOW,
    ORDERED,
    REFUSED,
    TODAY,
    TOMORROW,
    WARM,
    at_moscow,
    at_once,
    client,
    head_of_sales,
    ivan,
    lock,
    olga,
    pavel,
    pool_client,
    promise,
    task,
)

pytestmark = pytest.mark.django_db
FRIDAY = TODAY + timedelta(days=3)
SECOND_KEY = Said(confirmed=True, number="+74951234567")


def record(row, outcome, said, by, *, now=NOW, on=TODAY):
    record_call(task_id=row.pk, outcome=outcome, said=said, by=by, now=now, on=on)


def amend(row, outcome, said, by, *, now=LATER, on=TODAY):
    amend_call(task_id=row.pk, outcome=outcome, said=said, by=by, now=now, on=on)


def answer(row, outcome, said, by, *, direction=Direction.IN, now=NOW, on=TODAY):
    client_answered(client_id=row.pk, outcome=outcome, said=said, by=by, direction=direction, now=now, on=on)


def test_an_order_by_a_forgotten_client_makes_him_regular_again():
    manager = ivan()
    bolt_service = client(owner=manager)
    call = task(bolt_service, manager)

    record(call, Outcome.ORDER, ORDERED, manager)

    bolt_service.refresh_from_db()
    call.refresh_from_db()
    assert (bolt_service.status, bolt_service.silent_since, bolt_service.last_talk_on) == ("regular", TODAY, TODAY)
    assert (call.closed_at, call.closed_by, call.close) == (NOW, manager, "outcome")
    assert bolt_service.owner == manager


def test_a_double_click_counts_once():
    manager = ivan()
    call = task(client(owner=manager), manager)

    record(call, Outcome.REFUSED, REFUSED, manager)
    with pytest.raises(TaskAlreadyClosed):
        record(call, Outcome.REFUSED, REFUSED, manager)

    call.client.refresh_from_db()
    assert call.client.refusals_in_row == 1
    assert Call.objects.count() == Contact.objects.filter(on=TODAY).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_the_same_moment_one_is_refused():
    manager = ivan()
    call = task(client(owner=manager), manager)

    told = at_once(*[lambda: record(call, Outcome.REFUSED, REFUSED, manager)] * 2)

    assert sorted(told) == ["", "TaskAlreadyClosed"]
    assert Call.objects.count() == Contact.objects.filter(on=TODAY).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_a_save_and_a_skip_at_the_same_moment_one_is_refused():
    manager = ivan()
    call = task(client(owner=manager), manager)

    told = at_once(
        lambda: record(call, Outcome.ORDER, ORDERED, manager),
        lambda: skip_task(task_id=call.pk, reason=SkipReason.TALKED, by=manager, now=NOW, on=TODAY),
    )

    assert sorted(told) == ["", "TaskAlreadyClosed"]
    assert Call.objects.count() + AuditEntry.objects.filter(action="task_skipped").count() == 1


def test_a_task_is_closed_by_its_own_manager_or_by_the_head():
    manager, colleague, head = ivan(), olga(), head_of_sales()
    call = task(client(owner=manager), manager)

    with pytest.raises(NotYourTask):
        record(call, Outcome.ORDER, ORDERED, colleague)
    record(call, Outcome.ORDER, ORDERED, head)

    call.refresh_from_db()
    assert call.closed_by == head


def test_an_outcome_without_details_saves_nothing():
    manager = ivan()
    call = task(client(owner=manager), manager)

    with pytest.raises(DetailMissing):
        record(call, Outcome.REFUSED, Said(), manager)

    call.refresh_from_db()
    assert call.closed_at is None
    assert not Call.objects.exists()


@pytest.mark.parametrize("outcome", [Outcome.NO_ANSWER, Outcome.BUSY, Outcome.UNAVAILABLE])
def test_no_answer_never_resets_the_clock_and_leaves_the_task_open(outcome):
    manager = ivan()
    bolt_service = client(owner=manager)
    call = task(bolt_service, manager)

    record(call, outcome, Said(), manager)

    bolt_service.refresh_from_db()
    call.refresh_from_db()
    assert (bolt_service.silent_since, bolt_service.status) == (date(2026, 5, 20), ClientStatus.FORGOTTEN)
    assert (bolt_service.missed_attempts, bolt_service.retry_on) == (1, TOMORROW)
    assert (call.closed_at, call.not_before) == (None, NOW + timedelta(hours=2))
    assert not Call.objects.get().in_force


def test_three_misses_whoever_calls_close_the_task_and_pause_the_client_for_a_fortnight():
    manager, colleague = ivan(), olga()
    bolt_service = pool_client(lost_by=manager)
    hers = task(bolt_service, colleague)

    record(hers, Outcome.NO_ANSWER, Said(), colleague)
    record(hers, Outcome.BUSY, Said(), colleague)
    CallTask.objects.filter(pk=hers.pk).update(closed_at=NOW, close="not_reached")
    his = task(bolt_service, pavel(), on=TOMORROW)
    record(his, Outcome.NO_ANSWER, Said(), his.employee, on=TOMORROW)

    bolt_service.refresh_from_db()
    his.refresh_from_db()
    assert (bolt_service.missed_attempts, bolt_service.retry_on) == (3, None)
    assert bolt_service.paused_until == TOMORROW + timedelta(days=14)
    assert (his.closed_at, bolt_service.phone_state, bolt_service.owner) == (NOW, "usable", None)
    assert bolt_service.silent_since == date(2026, 1, 12)


def test_after_a_second_round_of_misses_a_client_is_given_up_until_his_own_call():
    manager = ivan()
    bolt_service = client(owner=manager)
    for day in (TODAY, TODAY + timedelta(days=14)):
        call = task(bolt_service, manager, on=day)
        for _ in range(3):
            record(call, Outcome.NO_ANSWER, Said(), manager, on=day)
    bolt_service.refresh_from_db()
    assert (bolt_service.missed_attempts, bolt_service.paused_until, bolt_service.phone_state) == (6, None, "wrong")

    answer(bolt_service, Outcome.OPEN, Said(), manager)

    bolt_service.refresh_from_db()
    assert (bolt_service.missed_attempts, bolt_service.phone_state) == (0, "usable")


def test_a_promise_outlives_any_number_of_misses():
    manager = ivan()
    bolt_service = client(owner=manager)
    promised = promise(bolt_service, manager, at=time(10))
    call = task(bolt_service, manager, callback=promised)

    for _ in range(3):
        record(call, Outcome.NO_ANSWER, Said(), manager)

    call.refresh_from_db()
    promised.refresh_from_db()
    assert (call.closed_at, promised.ended_at) == (None, None)


@pytest.mark.parametrize(("outcome", "said"), [(Outcome.ORDER, ORDERED), (Outcome.INTERESTED, WARM)])
def test_a_pool_client_who_accepts_dialogue_becomes_the_callers_own(outcome, said):
    manager, colleague = ivan(), olga()
    bolt_service = pool_client(lost_by=manager)
    call = task(bolt_service, colleague)

    record(call, outcome, said, colleague)

    bolt_service.refresh_from_db()
    assert (bolt_service.owner, bolt_service.in_pool_since, bolt_service.status) == (colleague, None, "regular")
    assert bolt_service.tenures.get(until_on=None).employee == colleague
    assert bolt_service.pool_entries.get().why_left == "won_back"


def test_a_refusal_in_the_pool_does_not_assign_and_rests():
    manager, colleague = ivan(), olga()
    bolt_service = pool_client(lost_by=manager)
    call = task(bolt_service, colleague)

    record(call, Outcome.REFUSED, REFUSED, colleague)

    bolt_service.refresh_from_db()
    assert (bolt_service.owner, bolt_service.status) == (None, "lost")
    assert (bolt_service.silent_since, bolt_service.last_talk_on) == (date(2026, 1, 12), TODAY)
    assert PoolEntry.objects.get(left_on=None).rest_until == TODAY + timedelta(days=90)


def test_two_managers_never_both_win_one_pool_client():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    bolt_service = pool_client(lost_by=manager)
    call = task(bolt_service, colleague)

    answer(bolt_service, Outcome.INTERESTED, WARM, boss)
    with pytest.raises(TaskAlreadyClosed):
        record(call, Outcome.ORDER, ORDERED, colleague, now=LATER)

    bolt_service.refresh_from_db()
    assert bolt_service.owner == boss
    assert bolt_service.tenures.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_managers_who_take_one_pool_client_at_the_same_moment_do_not_both_win_him():
    loser, first, second = ivan(), olga(), pavel()
    rows = [pool_client(f"ООО «Болт-{number}»", lost_by=loser) for number in range(5)]

    for row in rows:
        call = task(row, first)
        told = at_once(
            lambda call=call: record(call, Outcome.INTERESTED, WARM, first),
            lambda row=row: answer(row, Outcome.OPEN, Said(), second),
        )
        row.refresh_from_db()
        assert told in (["", ""], ["TaskAlreadyClosed", ""])
        assert row.tenures.get().employee == row.owner
        assert row.pool_entries.get().why_left == "won_back"
        assert CallTask.objects.filter(client=row, closed_at=None).count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_client_won_while_the_head_gives_him_away_has_one_owner():
    loser, winner, other, boss = ivan(), olga(), pavel(), head_of_sales()
    row = pool_client(lost_by=loser)
    call = task(row, winner)

    at_once(
        lambda: record(call, Outcome.ORDER, ORDERED, winner),
        lambda: change_owner(client_ids=[row.pk], to=other, by=boss, why="given", on=TODAY, now=NOW),
    )

    row.refresh_from_db()
    assert row.tenures.get(until_on=None).employee == row.owner
    assert row.in_pool_since is None and not row.pool_entries.filter(left_on=None).exists()


def test_the_one_who_lost_a_client_serves_him_and_the_head_decides():
    manager, boss = ivan(), head_of_sales()
    bolt_service = pool_client(lost_by=manager)

    answer(bolt_service, Outcome.INTERESTED, WARM, manager)

    bolt_service.refresh_from_db()
    assert bolt_service.owner is None and bolt_service.in_pool_since is not None
    assert AuditEntry.objects.get(action="head_to_decide").subject_id == bolt_service.pk
    assert Callback.objects.get().employee == boss


def test_a_pool_client_who_asks_to_ring_back_is_kept_for_the_caller():
    manager, colleague = ivan(), olga()
    bolt_service = pool_client(lost_by=manager)
    call = task(bolt_service, colleague)
    asked = Said(callback_local=datetime.combine(FRIDAY, time(10, 30)), zone="Asia/Yekaterinburg")

    record(call, Outcome.CALLBACK, asked, colleague)

    stay, promised = PoolEntry.objects.get(left_on=None), Callback.objects.get()
    assert (stay.reserved_for, stay.reserved_until) == (colleague, FRIDAY)
    assert (promised.employee, promised.zone, promised.due_at) == (
        colleague,
        "Asia/Yekaterinburg",
        at_moscow(8, 30, on=FRIDAY),
    )


def test_a_promise_for_a_time_that_is_over_is_refused_and_nothing_is_saved():
    manager = ivan()
    call = task(client(owner=manager), manager)

    with pytest.raises(PromiseInThePast):
        record(call, Outcome.CALLBACK, Said(callback_local=datetime.combine(TODAY, time(9))), manager)

    call.refresh_from_db()
    assert call.closed_at is None and not Callback.objects.exists()


def test_a_promise_kept_by_a_talk_is_done_and_one_put_off_by_the_client_is_moved():
    manager = ivan()
    kept, put_off = client("ООО «Трос»", owner=manager), client(owner=manager)
    first, second = promise(kept, manager), promise(put_off, manager)

    record(task(kept, manager, callback=first), Outcome.ORDER, ORDERED, manager)
    asked = Said(callback_local=datetime.combine(FRIDAY, time(10)))
    record(task(put_off, manager, callback=second), Outcome.CALLBACK, asked, manager)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.end, second.end) == ("done", "moved_by_client")
    assert second.moved_to.local_on == FRIDAY


def test_a_promise_without_an_answer_rings_again_in_an_hour_and_then_next_morning():
    manager = ivan()
    bolt_service = client(owner=manager)
    promised = promise(bolt_service, manager, at=time(10))
    call = task(bolt_service, manager, callback=promised)

    record(call, Outcome.NO_ANSWER, Said(), manager)
    call.refresh_from_db()
    assert call.not_before == NOW + timedelta(hours=1)

    record(call, Outcome.NO_ANSWER, Said(), manager, now=LATER)
    call.refresh_from_db()
    promised.refresh_from_db()
    assert call.not_before == at_moscow(9, on=TOMORROW)
    assert promised.ended_at is None


def test_a_stop_beats_everything_at_once():
    manager, colleague = ivan(), olga()
    bolt_service = client(owner=manager)
    promised = promise(bolt_service, colleague, on=FRIDAY)
    call = task(bolt_service, manager)

    record(call, Outcome.STOP, Said(confirmed=True, whole_company=True), manager)

    bolt_service.refresh_from_db()
    promised.refresh_from_db()
    assert bolt_service.stopped_on == TODAY
    assert (promised.end, promised.ended_at) == ("stopped", NOW)


def test_a_stop_from_outside_closes_the_open_task_and_ends_the_promise():
    manager = ivan()
    bolt_service = client(owner=manager)
    call, promised = task(bolt_service, manager), promise(bolt_service, manager, on=FRIDAY)

    stop_client(client_id=bolt_service.pk, number=None, whole_company=True, by=manager, now=NOW, on=TODAY)

    call.refresh_from_db()
    promised.refresh_from_db()
    assert (call.close, promised.end) == ("stopped", "stopped")
    with pytest.raises(NumberMissing):
        stop_client(client_id=bolt_service.pk, number=None, whole_company=False, by=manager, now=NOW, on=TODAY)


def test_a_stopped_number_is_stopped_at_every_client_who_has_it():
    manager = ivan()
    bolt_service = client(owner=manager, phones=("+74951234567", "+74957654321"))
    same_person = client("ООО «Трос»", owner=manager)
    call = task(same_person, manager)

    stop_client(client_id=bolt_service.pk, number="+74951234567", whole_company=False, by=manager, now=NOW, on=TODAY)

    call.refresh_from_db()
    bolt_service.refresh_from_db()
    assert Phone.objects.filter(number="+74951234567", stopped_on=TODAY).count() == 2
    assert (call.close, bolt_service.phone_state) == ("stopped", "usable")


def test_a_wrong_number_sends_a_client_without_another_to_data_repair():
    manager = ivan()
    bolt_service = client(owner=manager)

    record(task(bolt_service, manager), Outcome.WRONG_NUMBER, Said(), manager)

    bolt_service.refresh_from_db()
    assert (bolt_service.phone_state, bolt_service.silent_since) == ("wrong", date(2026, 5, 20))


def test_a_closed_firm_is_archived_with_all_its_history():
    manager = ivan()
    bolt_service = client(owner=manager)

    record(task(bolt_service, manager), Outcome.CLOSED, Said(confirmed=True), manager)

    bolt_service.refresh_from_db()
    assert bolt_service.archived_on == TODAY
    assert bolt_service.contacts.exists()


def test_a_client_who_calls_in_leaves_the_queue_and_his_promise_stays():
    manager, colleague = ivan(), olga()
    bolt_service = client(owner=manager)
    call, promised = task(bolt_service, manager), promise(bolt_service, manager, on=FRIDAY)

    answer(bolt_service, Outcome.OPEN, Said(), colleague)

    call.refresh_from_db()
    promised.refresh_from_db()
    bolt_service.refresh_from_db()
    assert call.close == "client_called"
    assert promised.ended_at is None
    assert (bolt_service.silent_since, bolt_service.owner) == (TODAY, manager)


def test_nobody_calls_a_client_of_the_pool_without_a_task():
    manager, colleague = ivan(), olga()
    bolt_service = pool_client(lost_by=manager)

    with pytest.raises(NotYourClient):
        answer(bolt_service, Outcome.ORDER, ORDERED, colleague, direction=Direction.OUT)


def test_a_skipped_client_comes_back_next_working_day():
    manager = ivan()
    call = task(client(owner=manager), manager)

    skip_task(task_id=call.pk, reason=SkipReason.WRONG_HOUR, by=manager, now=NOW, on=TODAY)

    call.refresh_from_db()
    call.client.refresh_from_db()
    assert (call.close, call.client.retry_on) == ("skip_wrong_hour", TOMORROW)
    assert AuditEntry.objects.get(action="task_skipped").facts["reason"] == "wrong_hour"
    with pytest.raises(TaskAlreadyClosed):
        skip_task(task_id=call.pk, reason=SkipReason.TALKED, by=manager, now=NOW, on=TODAY)


def test_a_corrected_outcome_replaces_what_followed_from_the_first():
    manager = ivan()
    bolt_service = client(owner=manager)
    call = task(bolt_service, manager)
    record(call, Outcome.INTERESTED, WARM, manager)

    amend(call, Outcome.WRONG_PERSON, Said(), manager)

    bolt_service.refresh_from_db()
    assert (bolt_service.silent_since, bolt_service.status) == (date(2026, 5, 20), "forgotten")
    assert (bolt_service.last_talk_on, bolt_service.retry_on) == (date(2026, 5, 20), TOMORROW)
    assert Callback.objects.get().end == "moved_by_us"
    assert Call.objects.get(in_force=True).outcome == "wrong_person"
    assert Contact.objects.get(on=TODAY).voided_at == LATER


def test_a_client_won_by_mistake_goes_back_to_the_pool():
    manager, colleague = ivan(), olga()
    bolt_service = pool_client(lost_by=manager)
    call = task(bolt_service, colleague)
    record(call, Outcome.OPEN, Said(next_on=FRIDAY), colleague)

    amend(call, Outcome.REFUSED, REFUSED, colleague)

    bolt_service.refresh_from_db()
    stay = PoolEntry.objects.get()
    assert (bolt_service.owner, bolt_service.status, bolt_service.agreed_until) == (None, "lost", None)
    assert bolt_service.in_pool_since == stay.entered_on == date(2026, 7, 13)
    assert (stay.left_on, stay.rest_until) == (None, TODAY + timedelta(days=90))


def test_a_stop_pressed_by_mistake_gives_the_promises_back():
    manager = ivan()
    bolt_service = client(owner=manager)
    promised, call = promise(bolt_service, manager, on=FRIDAY), task(bolt_service, manager)
    record(call, Outcome.STOP, SECOND_KEY, manager)

    amend(call, Outcome.OPEN, Said(), manager)

    promised.refresh_from_db()
    bolt_service.refresh_from_db()
    assert promised.ended_at is None
    assert (bolt_service.phone_state, Phone.objects.get().stopped_on) == ("usable", None)


def test_a_correction_leaves_alone_what_another_fact_has_changed_since():
    manager = ivan()
    bolt_service = client(owner=manager)
    call = task(bolt_service, manager)
    record(call, Outcome.REFUSED, REFUSED, manager)
    bolt_service.refusals_in_row = 0
    bolt_service.save(update_fields=["refusals_in_row"])

    amend(call, Outcome.WRONG_PERSON, Said(), manager)

    bolt_service.refresh_from_db()
    assert bolt_service.refusals_in_row == 0


def test_a_correction_is_the_authors_and_only_on_the_same_day():
    manager, colleague = ivan(), olga()
    call = task(client(owner=manager), manager)
    record(call, Outcome.REFUSED, REFUSED, manager)

    with pytest.raises(NothingToAmend):
        amend(call, Outcome.ORDER, ORDERED, colleague)
    with pytest.raises(TooLateToAmend):
        amend(call, Outcome.ORDER, ORDERED, manager, now=NOW + timedelta(days=1), on=TOMORROW)

    assert Call.objects.get(in_force=True).outcome == "refused"


def test_a_correction_may_be_corrected_again():
    manager = ivan()
    bolt_service = client(owner=manager)
    call = task(bolt_service, manager)
    record(call, Outcome.REFUSED, REFUSED, manager)

    amend(call, Outcome.ORDER, ORDERED, manager)
    amend(call, Outcome.REFUSED, REFUSED, manager, now=LATER + timedelta(minutes=1))

    bolt_service.refresh_from_db()
    assert bolt_service.refusals_in_row == 1
    assert Call.objects.filter(in_force=True).count() == 1
    assert Contact.objects.filter(on=TODAY, voided_at=None).count() == 1


def second_outcome(row, manager):
    call = task(row, manager)
    record(call, Outcome.REFUSED, REFUSED, manager)
    first = Call.objects.get()
    first.pk = None
    first.save(force_insert=True)


def second_task(row, manager):
    task(row, manager)
    task(row, pavel())


def second_owner(row, manager):
    Tenure.objects.create(client=row, employee=manager, from_on=TODAY, why_from="given")


def second_stay(row, manager):
    for day in (TODAY, TOMORROW):
        PoolEntry.objects.create(client=row, entered_on=day)


@pytest.mark.parametrize(
    ("table", "name", "twice"),
    [
        (Call, "call_one_outcome_in_force", second_outcome),
        (CallTask, "task_one_open_a_client", second_task),
        (Tenure, "tenure_one_owner", second_owner),
        (PoolEntry, "pool_entry_one_open", second_stay),
    ],
)
def test_what_must_be_one_is_one_by_a_named_constraint_of_the_database(table, name, twice):
    manager = ivan()
    row = client(owner=manager)

    with pytest.raises(IntegrityError), transaction.atomic():
        twice(row, manager)

    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table._meta.db_table)
    assert found[name]["unique"]


def test_a_client_is_not_won_by_the_one_who_lost_him_even_from_a_task():
    manager, colleague = ivan(), olga()
    bolt_service = pool_client(lost_by=manager)
    call = task(bolt_service, colleague)
    lock(bolt_service, colleague)

    record(call, Outcome.ORDER, ORDERED, colleague)

    bolt_service.refresh_from_db()
    assert bolt_service.owner is None


def test_every_third_refusal_in_a_row_is_for_the_head_and_an_order_from_a_file_breaks_the_row():
    manager = ivan()
    bolt_service = client(owner=manager)
    Client.objects.filter(pk=bolt_service.pk).update(refusals_in_row=2)
    answer(bolt_service, Outcome.REFUSED, REFUSED, manager)
    asked = AuditEntry.objects.get(action="head_to_decide")
    assert (asked.subject_id, asked.facts["why"]) == (bolt_service.pk, "refused")

    Contact.objects.create(
        client=bolt_service, at=LATER, on=TODAY, direction="in", evidence="order", outcome="order", is_talk=False
    )
    answer(bolt_service, Outcome.REFUSED, REFUSED, manager, now=LATER + timedelta(hours=1))

    bolt_service.refresh_from_db()
    assert bolt_service.refusals_in_row == 1
    assert AuditEntry.objects.filter(action="head_to_decide").count() == 1


def test_a_caller_keeps_fifteen_pool_clients_at_most_and_the_sixteenth_promise_is_made_without_a_reserve():
    manager, colleague = ivan(), olga()
    rows = [pool_client(f"ООО «Болт-{number}»", lost_by=manager) for number in range(16)]

    for row in rows:
        asked = Said(callback_local=datetime.combine(FRIDAY, time(10)))
        record(task(row, colleague), Outcome.CALLBACK, asked, colleague)

    assert PoolEntry.objects.filter(reserved_for=colleague).count() == 15
    assert Callback.objects.filter(employee=colleague, ended_at=None).count() == 16


def test_a_pool_client_is_kept_for_the_caller_only_once():
    manager, colleague = ivan(), olga()
    bolt_service = pool_client(lost_by=manager)
    first, second = (Said(callback_local=datetime.combine(day, time(10))) for day in (FRIDAY, FRIDAY + timedelta(4)))
    record(task(bolt_service, colleague), Outcome.CALLBACK, first, colleague)

    record(task(bolt_service, colleague), Outcome.CALLBACK, second, colleague, now=LATER)

    bolt_service.refresh_from_db()
    assert PoolEntry.objects.get().reserved_until == FRIDAY
    assert (bolt_service.owner, bolt_service.status, bolt_service.silent_since) == (None, "lost", TODAY)


def test_a_substitute_who_talks_promises_in_the_owners_name():
    manager, colleague = ivan(), olga()
    bolt_service = client(owner=manager)

    record(task(bolt_service, colleague), Outcome.INTERESTED, WARM, colleague)

    promised = Callback.objects.get()
    assert (promised.promised_by, promised.employee) == (colleague, manager)


def test_a_client_who_asks_for_a_call_in_eight_months_is_still_his_owners_then():
    manager = ivan()
    bolt_service = client(owner=manager)
    asked = Said(callback_local=datetime(2027, 5, 17, 11))

    record(task(bolt_service, manager), Outcome.CALLBACK, asked, manager)

    bolt_service.refresh_from_db()
    assert bolt_service.agreed_until == date(2027, 5, 17)
    assert bolt_service.status == "regular"


def test_a_stopped_client_who_calls_in_is_served_and_promised_nothing():
    manager = ivan()
    bolt_service = client(owner=manager)
    stop_client(client_id=bolt_service.pk, number=None, whole_company=True, by=manager, now=NOW, on=TODAY)

    with pytest.raises(ClientStopped):
        answer(bolt_service, Outcome.INTERESTED, WARM, manager)
    answer(bolt_service, Outcome.ORDER, ORDERED, manager)

    bolt_service.refresh_from_db()
    assert (bolt_service.silent_since, Callback.objects.count()) == (TODAY, 0)


def test_a_wrong_number_beside_a_good_one_is_tried_tomorrow_with_the_other():
    manager = ivan()
    bolt_service = client(owner=manager, phones=("+74951234567", "+74957654321"))

    record(task(bolt_service, manager), Outcome.WRONG_NUMBER, Said(number="+74951234567"), manager)

    bolt_service.refresh_from_db()
    assert (bolt_service.phone_state, bolt_service.retry_on) == ("usable", TOMORROW)


def test_a_manager_may_call_his_own_client_without_a_task():
    manager = ivan()
    bolt_service = client(owner=manager)
    call = task(bolt_service, olga())

    answer(bolt_service, Outcome.OPEN, Said(), manager, direction=Direction.OUT)

    call.refresh_from_db()
    bolt_service.refresh_from_db()
    assert (call.close, bolt_service.silent_since) == ("client_called", TODAY)


def test_a_missed_call_without_a_task_leaves_the_queue_as_it_was():
    manager = ivan()
    bolt_service = client(owner=manager)
    call = task(bolt_service, manager)

    answer(bolt_service, Outcome.NO_ANSWER, Said(), manager, direction=Direction.OUT)

    call.refresh_from_db()
    bolt_service.refresh_from_db()
    assert (call.closed_at, bolt_service.missed_attempts) == (None, 1)
    assert not Call.objects.get().in_force


def test_a_promise_task_stays_open_when_the_client_calls_in():
    manager = ivan()
    bolt_service = client(owner=manager)
    promised = promise(bolt_service, manager)
    call = task(bolt_service, manager, callback=promised)

    answer(bolt_service, Outcome.OPEN, Said(), manager)

    call.refresh_from_db()
    promised.refresh_from_db()
    assert (call.closed_at, promised.ended_at) == (None, None)


def test_a_call_saved_late_counts_on_the_day_it_is_saved_and_not_after_the_days_end():
    manager = ivan()
    saved_at_night, closed = client(owner=manager), client("ООО «Трос»", owner=manager)
    late, over = task(saved_at_night, manager), task(closed, manager)
    CallTask.objects.filter(pk=over.pk).update(closed_at=at_moscow(0, on=TOMORROW), close="not_reached")

    record(late, Outcome.ORDER, ORDERED, manager, now=at_moscow(0, 5, on=TOMORROW), on=TOMORROW)
    with pytest.raises(TaskAlreadyClosed):
        record(over, Outcome.ORDER, ORDERED, manager, now=at_moscow(9, on=TOMORROW), on=TOMORROW)

    for row in (saved_at_night, closed):
        row.refresh_from_db()
    assert (saved_at_night.silent_since, closed.silent_since) == (TOMORROW, date(2026, 5, 20))


def test_a_talk_with_a_prospect_taken_back_leaves_him_a_prospect():
    manager = ivan()
    firm = client(owner=manager)
    firm.contacts.all().delete()
    Client.objects.filter(pk=firm.pk).update(ever_contacted=False, last_talk_on=None, status="prospect")
    call = task(firm, manager)
    record(call, Outcome.OPEN, Said(), manager)

    amend(call, Outcome.WRONG_PERSON, Said(), manager)

    firm.refresh_from_db()
    assert (firm.status, firm.ever_contacted, firm.silent_since) == ("prospect", False, date(2026, 5, 20))
    steps = firm.status_changes.order_by("pk").values_list("from_status", "to_status")
    assert list(steps) == [("prospect", "regular"), ("regular", "prospect")]


def test_a_number_stopped_by_mistake_comes_back_on_every_card():
    manager = ivan()
    bolt_service, same_person = client(owner=manager), client("ООО «Трос»", owner=manager)
    call = task(bolt_service, manager)
    record(call, Outcome.STOP, SECOND_KEY, manager)

    amend(call, Outcome.OPEN, Said(), manager)

    same_person.refresh_from_db()
    assert same_person.phone_state == "usable"
    assert not Phone.objects.exclude(stopped_on=None).exists()


def test_a_callback_corrected_to_another_day_is_linked_to_the_one_made_by_mistake():
    manager = ivan()
    call = task(client(owner=manager), manager)
    record(call, Outcome.CALLBACK, Said(callback_local=datetime.combine(FRIDAY, time(10))), manager)

    amend(call, Outcome.CALLBACK, Said(callback_local=datetime.combine(FRIDAY, time(16))), manager)

    mistaken, meant = Callback.objects.order_by("pk")
    assert (mistaken.end, mistaken.moved_to) == ("moved_by_us", meant)
    assert (meant.local_time, meant.ended_at) == (time(16), None)


def test_a_promise_kept_by_mistake_is_open_again():
    manager = ivan()
    bolt_service = client(owner=manager)
    promised = promise(bolt_service, manager)
    call = task(bolt_service, manager, callback=promised)
    record(call, Outcome.ORDER, ORDERED, manager)

    amend(call, Outcome.WRONG_PERSON, Said(person_name="Анна"), manager)

    promised.refresh_from_db()
    assert (promised.ended_at, promised.end) == (None, "")
    assert bolt_service.people.get().name == "Анна"


def test_what_was_promised_to_a_pool_client_passes_to_the_one_who_wins_him():
    manager, colleague = ivan(), olga()
    bolt_service = pool_client(lost_by=manager)
    promised = promise(bolt_service, manager, on=FRIDAY)

    record(task(bolt_service, colleague), Outcome.ORDER, ORDERED, colleague)

    promised.refresh_from_db()
    assert (promised.employee, promised.promised_by, promised.ended_at) == (colleague, manager, None)
