"""Calls: one outcome a task, what follows from it, and what a correction takes back."""

import threading
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
from budilnik.calling.actions.promises import PromiseInThePast
from budilnik.calling.models import Call, Callback
from budilnik.clients.models import Contact, Phone, PoolEntry
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
    client,
    head_of_sales,
    ivan,
    lock,
    olga,
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
    told = []

    def save():
        try:
            record(call, Outcome.REFUSED, REFUSED, manager)
            told.append("saved")
        except TaskAlreadyClosed:
            told.append("refused")
        finally:
            connection.close()

    clicks = [threading.Thread(target=save) for _ in range(2)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()

    assert sorted(told) == ["refused", "saved"]
    assert Call.objects.count() == 1


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


def test_misses_are_counted_on_the_client_until_he_is_given_up_and_his_own_call_brings_him_back():
    manager = ivan()
    bolt_service = client(owner=manager)
    first = task(bolt_service, manager)

    for _ in range(3):
        record(first, Outcome.NO_ANSWER, Said(), manager)
    bolt_service.refresh_from_db()
    first.refresh_from_db()
    assert (bolt_service.paused_until, bolt_service.phone_state) == (TODAY + timedelta(days=14), "usable")
    assert first.closed_at == NOW

    second = task(bolt_service, manager, on=TODAY + timedelta(days=14))
    for _ in range(3):
        record(second, Outcome.NO_ANSWER, Said(), manager)
    bolt_service.refresh_from_db()
    assert (bolt_service.paused_until, bolt_service.phone_state) == (None, "wrong")

    client_answered(
        client_id=bolt_service.pk,
        outcome=Outcome.OPEN,
        said=Said(),
        by=manager,
        direction=Direction.IN,
        now=NOW,
        on=TODAY,
    )
    bolt_service.refresh_from_db()
    assert (bolt_service.missed_attempts, bolt_service.phone_state) == (0, "usable")


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

    client_answered(
        client_id=bolt_service.pk,
        outcome=Outcome.INTERESTED,
        said=WARM,
        by=boss,
        direction=Direction.IN,
        now=NOW,
        on=TODAY,
    )
    with pytest.raises(TaskAlreadyClosed):
        record(call, Outcome.ORDER, ORDERED, colleague, now=LATER)

    bolt_service.refresh_from_db()
    assert bolt_service.owner == boss
    assert bolt_service.tenures.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_take_one_pool_client_at_the_same_moment_do_not_both_get_him():
    loser, first, second = ivan(), olga(), head_of_sales()
    bolt_service = pool_client(lost_by=loser)

    def answer(who):
        try:
            client_answered(
                client_id=bolt_service.pk,
                outcome=Outcome.OPEN,
                said=Said(),
                by=who,
                direction=Direction.IN,
                now=NOW,
                on=TODAY,
            )
        finally:
            connection.close()

    answers = [threading.Thread(target=answer, args=(who,)) for who in (first, second)]
    for each in answers:
        each.start()
    for each in answers:
        each.join()

    bolt_service.refresh_from_db()
    assert bolt_service.tenures.get().employee == bolt_service.owner
    assert Call.objects.count() == 2


def test_the_one_who_lost_a_client_serves_him_and_the_head_decides():
    manager, boss = ivan(), head_of_sales()
    bolt_service = pool_client(lost_by=manager)

    client_answered(
        client_id=bolt_service.pk,
        outcome=Outcome.INTERESTED,
        said=WARM,
        by=manager,
        direction=Direction.IN,
        now=NOW,
        on=TODAY,
    )

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

    client_answered(
        client_id=bolt_service.pk,
        outcome=Outcome.OPEN,
        said=Said(),
        by=colleague,
        direction=Direction.IN,
        now=NOW,
        on=TODAY,
    )

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
        client_answered(
            client_id=bolt_service.pk,
            outcome=Outcome.ORDER,
            said=ORDERED,
            by=colleague,
            direction=Direction.OUT,
            now=NOW,
            on=TODAY,
        )


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


def test_a_second_outcome_in_force_is_refused_by_the_database():
    manager = ivan()
    call = task(client(owner=manager), manager)
    record(call, Outcome.REFUSED, REFUSED, manager)

    first = Call.objects.get()
    first.pk = None
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        first.save(force_insert=True)

    assert "call_one_outcome_in_force" in str(refused.value) or "calling_call.task_id" in str(refused.value)


def test_a_client_is_not_won_by_the_one_who_lost_him_even_from_a_task():
    manager, colleague = ivan(), olga()
    bolt_service = pool_client(lost_by=manager)
    call = task(bolt_service, colleague)
    lock(bolt_service, colleague)

    record(call, Outcome.ORDER, ORDERED, colleague)

    bolt_service.refresh_from_db()
    assert bolt_service.owner is None
