"""Rules tried before they are in force: nothing is written, and the figures are those of the morning that follows."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import serializers

from budilnik.calling.actions.leaving import PreviewOutOfDate
from budilnik.calling.actions.morning import run_morning
from budilnik.calling.actions.people import OnlyTheHead
from budilnik.calling.actions.trial import (
    ChangeNeedsReason,
    Difference,
    NothingChanges,
    Trial,
    apply_policy,
    different_page,
    try_policy,
)
from budilnik.calling.models import CallTask, DayPlan
from budilnik.clients.models import Client, Loss
from budilnik.core.dates import add_months
from budilnik.core.outcome_table import OutcomeTable
from budilnik.core.policy import Policy, PolicyContradiction
from budilnik.core.terms import ClientStatus
from budilnik.staff.actions import PlannedVersionWaits, PolicyChangedMeanwhile, set_policy
from budilnik.staff.models import PolicyVersion, Workload
from budilnik.staff.queries import rules_on
from cast import NOW, TODAY, TOMORROW, at_once, client, head_of_sales, ivan, olga, plan, pool_client

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SHORTER = Policy(lost_after_months=4, norm=3)


@pytest.fixture
def firm():
    """Ivan and Olga with clients of every silence, two in the pool, rules stored long ago."""
    set_policy(policy=Policy(), starts_on=TODAY - timedelta(days=900), on=TODAY, why="first", by=None, now=NOW)
    boss, first, second = head_of_sales(), ivan(), olga()
    plan(first)
    for number in range(24):
        owner = first if number % 3 else second
        since = TODAY - timedelta(days=20 + 9 * number)
        client(
            f"ООО «Метиз-{number:02}»",
            owner=owner,
            silent_since=since,
            value=(number + 1) * 10_000_00,
            phones=(f"+7495000{number:04}",),
        )
    pool_client("ООО «Трос»", lost_by=first)
    pool_client("ООО «Канат»", lost_by=second, value=900_000_00)
    return boss, first, second


def tried(policy: Policy = SHORTER, *, workloads=None, starts_on=TOMORROW) -> Trial:
    return try_policy(policy=policy, workloads=workloads or {}, starts_on=starts_on, on=TODAY, now=NOW)


def applied(
    trial: Trial, by, *, policy: Policy = SHORTER, workloads=None, starts_on=TOMORROW, why="меньше ждём", **more
):
    return apply_policy(
        policy=policy,
        workloads=workloads or {},
        starts_on=starts_on,
        seen=trial.digest,
        based_on=trial.based_on,
        why=why,
        by=by,
        on=TODAY,
        now=NOW,
    )


def morning(on=TOMORROW) -> None:
    run_morning(on=on, holder="tests", clock=lambda: NOW, step=lambda _name: None, is_gone=lambda _holder: False)


def dump() -> str:
    models = [
        model for app in ("staff", "clients", "sales", "calling") for model in apps.get_app_config(app).get_models()
    ]
    return "".join(serializers.serialize("json", model.objects.order_by("pk")) for model in models)


def test_a_trial_writes_nothing(firm):
    before = dump()

    tried(workloads={firm[1].pk: 0.5})

    assert dump() == before


def test_the_figures_of_a_trial_are_those_of_the_morning_that_follows(firm):
    boss, first, _second = firm
    loads = {first.pk: 0.5}
    trial = tried(workloads=loads)

    applied(trial, boss, workloads=loads)
    losses = set(Loss.objects.values_list("pk", flat=True))
    morning()

    fresh = Loss.objects.exclude(pk__in=losses)
    assert trial.on == TOMORROW and trial.tonight
    assert trial.then.loses == fresh.count() > 0
    assert trial.then.loses_value == sum(fresh.values_list("client__value", flat=True))
    counts = Counter(Client.objects.filter(archived_on=None).values_list("status", flat=True))
    assert {each.status: each.then for each in trial.statuses} == {
        each.value: counts[each.value] for each in ClientStatus
    }
    for row in trial.managers:
        plan = DayPlan.objects.filter(employee_id=row.employee_id, run__on=TOMORROW).first()
        if plan is None:
            assert row.then.planned == 0
            continue
        queues = Counter(CallTask.objects.filter(plan=plan).values_list("queue", flat=True))
        assert +Counter(row.then.tasks) == queues
        assert (row.then.capacity, row.then.left_out) == (plan.capacity, plan.left_out)
        assert row.then.needs_calls == plan.capacity + plan.calls_to_save
        assert row.then.loses == fresh.filter(employee_id=row.employee_id).count()
    assert {row.employee_id: row.then.capacity for row in trial.managers}[first.pk] == 2


def test_what_stands_now_is_the_morning_without_the_change(firm):
    trial = tried()

    morning()

    assert (
        trial.now.loses
        == Loss.objects.filter(on__gte=TODAY - timedelta(days=1), recorded_at=NOW)
        .exclude(client__name__in=["ООО «Трос»", "ООО «Канат»"])
        .count()
    )
    for row in trial.managers:
        plan = DayPlan.objects.filter(employee_id=row.employee_id, run__on=TOMORROW).first()
        assert row.now.planned == (CallTask.objects.filter(plan=plan).count() if plan else 0)
    counts = Counter(Client.objects.values_list("status", flat=True))
    assert {each.status: each.now for each in trial.statuses} == {
        each.value: counts[each.value] for each in ClientStatus
    }


def test_the_list_of_those_who_differ_is_dearest_first_and_names_what(firm):
    boss = firm[0]
    trial = tried()

    rows = different_page(trial, what=Difference.TO_POOL, page=1)
    applied(trial, boss)
    before = set(Loss.objects.values_list("client_id", flat=True))
    morning()

    gone = Loss.objects.exclude(client_id__in=before).select_related("client", "employee")
    by_new = [loss for loss in gone if add_months(loss.silent_since, 6) >= TOMORROW]
    expected = sorted(((loss.client_id, loss.client.value, loss.employee.name) for loss in by_new), key=lambda x: -x[1])
    assert [(row.client_id, row.value, row.owner) for row in rows] == expected
    assert expected
    values = [each.value for each in trial.different]
    assert values == sorted(values, reverse=True)


def test_a_page_of_clients_takes_at_most_five_queries(firm, django_assert_max_num_queries):
    trial = tried()

    with django_assert_max_num_queries(5):
        assert different_page(trial, what=None, page=1)


def test_a_contradiction_is_refused_before_anything_is_decided(firm):
    with pytest.raises(PolicyContradiction, match="no later than forgotten"):
        tried(Policy(lost_after_months=3))


def test_only_the_head_changes_the_rules_and_says_why(firm):
    boss, first, _second = firm
    trial = tried()

    with pytest.raises(OnlyTheHead):
        applied(trial, first)
    with pytest.raises(ChangeNeedsReason):
        applied(trial, boss, why="  ")
    assert PolicyVersion.objects.count() == 1

    assert applied(trial, boss) == 2
    assert (rules_on(TODAY).version, rules_on(TOMORROW).version) == (1, 2)
    assert rules_on(TOMORROW).policy == SHORTER


def test_nothing_changed_is_no_version(firm):
    with pytest.raises(NothingChanges):
        applied(tried(Policy()), firm[0], policy=Policy())


def test_a_load_alone_makes_no_version(firm):
    boss, first, _second = firm
    loads = {first.pk: 0.25}

    applied(tried(Policy(), workloads=loads), boss, policy=Policy(), workloads=loads)

    assert PolicyVersion.objects.count() == 1
    assert list(Workload.objects.values_list("employee_id", "from_on", "share")) == [(first.pk, TOMORROW, 0.25)]


def test_applying_after_the_base_has_changed_says_so(firm):
    trial = tried()

    Client.objects.filter(name="ООО «Метиз-20»").update(silent_since=TODAY)

    with pytest.raises(PreviewOutOfDate):
        applied(trial, firm[0])
    assert PolicyVersion.objects.count() == 1


def test_of_two_heads_the_second_is_told(firm):
    boss = firm[0]
    first, second = tried(), tried(Policy(norm=25))
    applied(first, boss)

    with pytest.raises(PolicyChangedMeanwhile):
        applied(second, boss, policy=Policy(norm=25))


def test_a_change_before_a_planned_one_is_refused(firm):
    boss = firm[0]
    later = TODAY + timedelta(days=30)
    set_policy(policy=SHORTER, starts_on=later, on=TODAY, why="осенью", by=boss, now=NOW)
    trial = tried(Policy(norm=25))

    with pytest.raises(PlannedVersionWaits):
        applied(trial, boss, policy=Policy(norm=25))


def test_own_words_of_outcomes_change_nobody_s_list(firm):
    trial = tried(Policy(outcomes=OutcomeTable(off=("busy",), refusal_resets_clock=False)))

    assert not trial.different
    assert trial.now == trial.then


@pytest.mark.django_db(transaction=True)
def test_two_heads_at_the_same_moment_store_one_version():
    set_policy(policy=Policy(), starts_on=TODAY, on=TODAY, why="first", by=None, now=NOW)

    def change(norm):
        return lambda: set_policy(
            policy=replace(Policy(), norm=norm), starts_on=TOMORROW, on=TODAY, why="", by=None, now=NOW, based_on=1
        )

    told = at_once(change(25), change(30))

    assert sorted(told) == ["", "PolicyChangedMeanwhile"]
    assert PolicyVersion.objects.count() == 2
