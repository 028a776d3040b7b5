"""What a call leaves for the head: raised once, decided once, undone as if it had not been."""

from datetime import date, timedelta

import pytest

from budilnik.calling.actions.calls import amend_call, client_answered, record_call
from budilnik.calling.actions.head import NotArchived, NotStopped, merge_clients
from budilnik.calling.actions.people import LockedClient, NotInService, OnlyTheHead, ReasonNeeded
from budilnik.calling.actions.settling import ChooseWho, MatterSettled, NoSuchMatter, WonMeanwhile, settle_matter
from budilnik.calling.models import HeadMatter
from budilnik.clients.models import Client, Loss, Phone
from budilnik.core.matters import Decision, MatterKind, NotItsDecision
from budilnik.core.outcomes import Said
from budilnik.core.terms import Direction, Outcome
from budilnik.staff.models import AuditEntry, Employee
from cast import (
    LATER,
    NOW,
    ORDERED,
    REFUSED,
    TODAY,
    WARM,
    at_once,
    client,
    head_of_sales,
    ivan,
    olga,
    pool_client,
    promise,
    task,
)

pytestmark = pytest.mark.django_db
FRIDAY = TODAY + timedelta(days=3)
NUMBER = "+74951234567"
SECOND_KEY = Said(confirmed=True, number=NUMBER)
WHOLE_COMPANY = Said(confirmed=True, whole_company=True)


def record(row, outcome, said, by):
    record_call(task_id=row.pk, outcome=outcome, said=said, by=by, now=NOW, on=TODAY)


def orders(row, by):
    client_answered(
        client_id=row.pk, outcome=Outcome.ORDER, said=ORDERED, by=by, direction=Direction.IN, now=NOW, on=TODAY
    )


def settle(decision, by, matter=None, **changes):
    number = (matter or HeadMatter.objects.get()).pk
    settle_matter(matter_id=number, decision=decision, by=by, **{"on": TODAY, "now": LATER} | changes)


def refuses_three_times(owner):
    bolt_service = client(owner=owner)
    Client.objects.filter(pk=bolt_service.pk).update(refusals_in_row=2)
    record(task(bolt_service, owner), Outcome.REFUSED, REFUSED, owner)
    return bolt_service


@pytest.mark.parametrize(
    ("outcome", "said", "kind", "number"),
    [
        (Outcome.STOP, SECOND_KEY, MatterKind.STOP, NUMBER),
        (Outcome.STOP, WHOLE_COMPANY, MatterKind.STOP, ""),
        (Outcome.CLOSED, SECOND_KEY, MatterKind.CLOSED, ""),
    ],
)
def test_a_stop_and_a_closed_firm_are_put_before_the_head(outcome, said, kind, number):
    manager = ivan()
    bolt_service = client(owner=manager)

    record(task(bolt_service, manager), outcome, said, manager)

    matter = HeadMatter.objects.get()
    assert (matter.client, matter.kind, matter.number) == (bolt_service, kind, number)
    assert (matter.raised_by, matter.raised_at, matter.call.outcome) == (manager, NOW, outcome)
    assert AuditEntry.objects.get(action="head_to_decide").facts == {"why": kind.value}


def test_a_third_refusal_in_a_row_is_put_before_the_head_and_the_second_is_not():
    manager = ivan()
    bolt_service = client(owner=manager)
    Client.objects.filter(pk=bolt_service.pk).update(refusals_in_row=1)

    record(task(bolt_service, manager), Outcome.REFUSED, REFUSED, manager)
    before = HeadMatter.objects.count()
    record(task(bolt_service, manager), Outcome.REFUSED, REFUSED, manager)

    assert before == 0
    assert HeadMatter.objects.get().kind == MatterKind.REFUSED


def test_a_correction_takes_the_matter_back():
    manager, boss = ivan(), head_of_sales()
    call = task(client(owner=manager), manager)
    record(call, Outcome.STOP, WHOLE_COMPANY, manager)

    amend_call(task_id=call.pk, outcome=Outcome.OPEN, said=Said(), by=manager, now=LATER, on=TODAY)

    matter = HeadMatter.objects.get()
    assert (matter.decision, matter.settled_at, matter.settled_by) == (Decision.AMENDED, LATER, None)
    with pytest.raises(MatterSettled):
        settle(Decision.CONFIRMED, boss)


def test_a_stop_that_the_head_confirms_stays():
    manager, boss = ivan(), head_of_sales()
    bolt_service = client(owner=manager)
    record(task(bolt_service, manager), Outcome.STOP, WHOLE_COMPANY, manager)

    settle(Decision.CONFIRMED, boss)

    bolt_service.refresh_from_db()
    assert bolt_service.stopped_on == TODAY
    matter = HeadMatter.objects.get()
    assert (matter.decision, matter.settled_by, matter.settled_at) == (Decision.CONFIRMED, boss, LATER)
    assert AuditEntry.objects.get(action="matter_settled").facts["decision"] == "confirmed"


def test_a_stop_that_the_head_lifts_gives_back_the_client_with_his_promises():
    manager, boss = ivan(), head_of_sales()
    bolt_service = client(owner=manager)
    promised = promise(bolt_service, manager, on=FRIDAY)
    record(task(bolt_service, manager), Outcome.STOP, WHOLE_COMPANY, manager)

    settle(Decision.LIFTED, boss)

    promised.refresh_from_db()
    bolt_service.refresh_from_db()
    assert (bolt_service.stopped_on, promised.ended_at, promised.end) == (None, None, "")
    assert AuditEntry.objects.get(action="stop_lifted").facts == {"whole_company": True}


def test_a_lifted_stop_of_a_number_frees_it_on_every_card_and_settles_every_question_about_it():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    first, second = client(owner=manager), client("ООО «Трос»", owner=colleague)
    promised = promise(second, colleague, on=FRIDAY)
    Client.objects.filter(pk=second.pk).update(stopped_on=None)
    calls = task(first, manager), task(second, colleague)
    record(calls[0], Outcome.STOP, SECOND_KEY, manager)
    HeadMatter.objects.create(
        client=second, kind="stop", number=NUMBER, raised_by=colleague, raised_at=NOW, call=calls[0].calls.get()
    )

    settle(Decision.LIFTED, boss, HeadMatter.objects.get(client=first))

    promised.refresh_from_db()
    assert set(Phone.objects.values_list("stopped_on", flat=True)) == {None}
    assert set(Client.objects.values_list("phone_state", flat=True)) == {"usable"}
    assert (promised.ended_at, promised.end) == (None, "")
    assert set(HeadMatter.objects.values_list("decision", flat=True)) == {"lifted"}


def test_a_client_silent_for_too_long_under_a_stop_is_judged_on_the_next_morning_when_it_is_lifted():
    manager, boss = ivan(), head_of_sales()
    bolt_service = client(owner=manager, silent_since=date(2026, 1, 12))
    record(task(bolt_service, manager), Outcome.STOP, WHOLE_COMPANY, manager)

    settle(Decision.LIFTED, boss)

    bolt_service.refresh_from_db()
    assert (bolt_service.status, bolt_service.next_status_on) == ("lost", TODAY)


def test_a_stop_lifted_elsewhere_is_not_lifted_twice():
    manager, boss = ivan(), head_of_sales()
    bolt_service = client(owner=manager)
    record(task(bolt_service, manager), Outcome.STOP, WHOLE_COMPANY, manager)
    Client.objects.filter(pk=bolt_service.pk).update(stopped_on=None)

    with pytest.raises(NotStopped):
        settle(Decision.LIFTED, boss)

    settle(Decision.CONFIRMED, boss)
    assert HeadMatter.objects.get().decision == Decision.CONFIRMED


def test_a_firm_that_is_not_closed_after_all_comes_back_with_its_owner_and_promises():
    manager, boss = ivan(), head_of_sales()
    bolt_service = client(owner=manager)
    promised = promise(bolt_service, manager, on=FRIDAY)
    record(task(bolt_service, manager), Outcome.CLOSED, SECOND_KEY, manager)

    settle(Decision.REOPENED, boss)

    promised.refresh_from_db()
    bolt_service.refresh_from_db()
    assert (bolt_service.archived_on, bolt_service.owner, bolt_service.status) == (None, manager, "forgotten")
    assert promised.ended_at is None


def test_a_firm_taken_back_after_its_owner_has_left_waits_for_the_head_without_an_owner():
    manager, boss = ivan(), head_of_sales()
    bolt_service = client(owner=manager)
    record(task(bolt_service, manager), Outcome.CLOSED, SECOND_KEY, manager)
    Employee.objects.filter(pk=manager.pk).update(left_on=TODAY)

    settle(Decision.REOPENED, boss)

    bolt_service.refresh_from_db()
    assert (bolt_service.archived_on, bolt_service.owner) == (None, None)
    assert bolt_service.tenures.get().why_until == "leaver"


def test_a_firm_is_taken_back_once():
    manager, boss = ivan(), head_of_sales()
    bolt_service = client(owner=manager)
    record(task(bolt_service, manager), Outcome.CLOSED, SECOND_KEY, manager)
    Client.objects.filter(pk=bolt_service.pk).update(archived_on=None)

    with pytest.raises(NotArchived):
        settle(Decision.REOPENED, boss)


def test_a_client_who_refuses_his_manager_is_given_to_another():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    bolt_service = refuses_three_times(manager)

    with pytest.raises(ChooseWho):
        settle(Decision.GIVEN, boss)
    settle(Decision.GIVEN, boss, to=colleague)

    bolt_service.refresh_from_db()
    assert bolt_service.owner == colleague


def test_a_client_who_refuses_stays_with_his_manager_if_the_head_says_so():
    manager, boss = ivan(), head_of_sales()
    bolt_service = refuses_three_times(manager)

    settle(Decision.KEPT, boss)

    bolt_service.refresh_from_db()
    assert (bolt_service.owner, HeadMatter.objects.get().decision) == (manager, "kept")


def test_one_who_lost_a_client_and_won_him_over_gets_him_with_the_lock_lifted_and_a_reason():
    manager, boss = ivan(), head_of_sales()
    lost = pool_client(lost_by=manager)
    orders(lost, manager)

    with pytest.raises(ReasonNeeded):
        settle(Decision.GIVEN_BACK, boss)
    settle(Decision.GIVEN_BACK, boss, why="клиент просит его")

    lost.refresh_from_db()
    assert (lost.owner, lost.in_pool_since, lost.status) == (manager, None, "regular")
    assert Loss.objects.get().lifted_why == "клиент просит его"
    assert AuditEntry.objects.filter(facts__icontains="просит").count() == 0


def test_he_may_go_to_somebody_else_or_stay_in_the_pool():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    first, second = pool_client(lost_by=manager), pool_client("ООО «Трос»", lost_by=manager)
    for lost in (first, second):
        orders(lost, manager)

    settle(Decision.GIVEN, boss, HeadMatter.objects.get(client=first), to=colleague)
    settle(Decision.LEFT, boss, HeadMatter.objects.get(client=second))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.owner, second.owner) == (colleague, None)
    assert second.in_pool_since is not None


def test_a_client_won_by_somebody_else_meanwhile_is_not_given_back():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    lost = pool_client(lost_by=manager)
    orders(lost, manager)
    record(task(lost, colleague), Outcome.INTERESTED, WARM, colleague)

    with pytest.raises(WonMeanwhile):
        settle(Decision.GIVEN_BACK, boss, why="клиент просит его")

    assert HeadMatter.objects.get().settled_at is None


def test_a_lock_is_not_broken_by_a_decision_without_a_reason():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    bolt_service = refuses_three_times(manager)
    Loss.objects.create(
        client=bolt_service, employee=colleague, on=date(2026, 1, 1), silent_since=date(2025, 6, 1), recorded_at=NOW
    )

    with pytest.raises(LockedClient):
        settle(Decision.GIVEN, boss, to=colleague)
    assert HeadMatter.objects.get().settled_at is None
    settle(Decision.GIVEN, boss, to=colleague, why="сами попросили")

    bolt_service.refresh_from_db()
    assert bolt_service.owner == colleague


def test_the_same_question_asked_by_two_calls_is_answered_once():
    manager, boss = ivan(), head_of_sales()
    lost = pool_client(lost_by=manager)
    orders(lost, manager)
    orders(lost, manager)

    settle(Decision.LEFT, boss, HeadMatter.objects.first())

    assert set(HeadMatter.objects.values_list("decision", flat=True)) == {"left"}


def test_only_the_head_decides_and_only_what_was_asked():
    manager, boss = ivan(), head_of_sales()
    record(task(client(owner=manager), manager), Outcome.STOP, WHOLE_COMPANY, manager)

    with pytest.raises(OnlyTheHead):
        settle(Decision.LIFTED, manager)
    with pytest.raises(NotItsDecision):
        settle(Decision.GIVEN, boss)
    with pytest.raises(NoSuchMatter):
        settle_matter(matter_id=0, decision=Decision.LIFTED, by=boss, on=TODAY, now=NOW)

    assert HeadMatter.objects.get().settled_at is None


def test_nobody_who_has_left_gets_a_client():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    refuses_three_times(manager)
    Employee.objects.filter(pk=colleague.pk).update(left_on=TODAY)
    colleague.refresh_from_db()

    with pytest.raises(NotInService):
        settle(Decision.GIVEN, boss, to=colleague)


def test_a_matter_follows_a_merged_card():
    manager, boss = ivan(), head_of_sales()
    keep, other = client(owner=manager), client("Болт Сервис, ООО", owner=manager)
    record(task(other, manager), Outcome.STOP, WHOLE_COMPANY, manager)

    merge_clients(keep_id=keep.pk, other_id=other.pk, owner=None, by=boss, now=LATER, on=TODAY)
    settle(Decision.LIFTED, boss)

    keep.refresh_from_db()
    assert (HeadMatter.objects.get().client, keep.stopped_on) == (keep, None)


@pytest.mark.django_db(transaction=True)
def test_of_two_heads_who_decide_at_the_same_moment_one_is_told_that_it_is_settled():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    bolt_service = refuses_three_times(manager)

    told = at_once(
        lambda: settle(Decision.KEPT, boss),
        lambda: settle(Decision.GIVEN, boss, to=colleague),
    )

    bolt_service.refresh_from_db()
    assert sorted(told) == ["", "MatterSettled"]
    decided = HeadMatter.objects.get().decision
    assert bolt_service.owner == (colleague if decided == Decision.GIVEN else manager)
    assert AuditEntry.objects.filter(action="matter_settled").count() == 1
