"""Rules, loads and the calendar as the head changes them: from a day on, never backwards, never in silence."""

from datetime import date, timedelta

import pytest

from budilnik.core.policy import Policy, PolicyContradiction
from budilnik.core.terms import Role
from budilnik.staff import actions
from budilnik.staff.actions import calendar, workloads
from budilnik.staff.models import AuditEntry, Employee, PolicyVersion, Workload
from budilnik.staff.queries import profile_of, rules_on, staff_in_service, work_calendar
from budilnik.staff.queries.versions import (
    NoSuchVersion,
    all_contradictions,
    changes_between,
    overrides_from,
    version_numbered,
    versions,
)
from cast import NOW, TODAY, TOMORROW, employee, head_of_sales, ivan, olga

pytestmark = [pytest.mark.django_db, pytest.mark.database]

NEXT_WEEK = TODAY + timedelta(days=7)


def change(policy: Policy, *, starts_on: date = TODAY, by=None, why="так решили", **more) -> int:
    return actions.set_policy(policy=policy, starts_on=starts_on, on=TODAY, why=why, by=by, now=NOW, **more)


def carry(who: Employee, *shares: tuple[date, float], by=None) -> None:
    workloads.set_workload(employee=who, shares=shares, why="новичок", by=by, on=TODAY, now=NOW)


def share_of(who: Employee, on: date) -> float:
    return next(each.load_share for each in staff_in_service(on) if each.employee_id == who.pk)


def norm_of(who: Employee, on: date) -> int:
    return next(each.norm for each in staff_in_service(on) if each.employee_id == who.pk)


def test_the_history_says_who_changed_what_from_which_day_and_why():
    boss = head_of_sales()
    change(Policy(), starts_on=date(2000, 1, 1), why="first")
    change(Policy(norm=25), by=boss, why="новый отдел")
    change(Policy(norm=25, pool_share=0.4), starts_on=NEXT_WEEK, by=boss, why="пул растёт")

    newest, middle, first = versions()

    assert [(each.version, each.starts_on, each.by, each.why) for each in (first, middle, newest)] == [
        (1, date(2000, 1, 1), "", "first"),
        (2, TODAY, boss.name, "новый отдел"),
        (3, NEXT_WEEK, boss.name, "пул растёт"),
    ]
    assert [(each.name, each.before, each.after) for each in middle.changes] == [("norm", 20, 25)]
    assert [each.name for each in newest.changes] == ["pool_share"]
    assert newest.planned(TODAY) and not middle.planned(TODAY)
    assert [each.name for each in changes_between(first.policy, newest.policy)] == ["norm", "pool_share"]
    assert version_numbered(2, among=versions()).policy.norm == 25
    with pytest.raises(NoSuchVersion):
        version_numbered(9, among=versions())


def test_the_history_takes_one_query(django_assert_num_queries):
    change(Policy())
    change(Policy(norm=25))

    with django_assert_num_queries(1):
        assert len(versions()) == 2


def test_planned_rules_are_taken_back_before_their_day_and_stay_in_the_history():
    boss = head_of_sales()
    change(Policy())
    change(Policy(norm=30), starts_on=NEXT_WEEK)

    with pytest.raises(actions.PlannedVersionWaits):
        change(Policy(norm=25), starts_on=TOMORROW)
    actions.withdraw_policy(version=2, on=TODAY, by=boss, now=NOW)

    assert rules_on(NEXT_WEEK).version == 1
    assert versions()[0].withdrawn_by == boss.name
    assert change(Policy(norm=25), starts_on=TOMORROW) == 3
    assert [each.name for each in versions()[0].changes] == ["norm"]
    assert versions()[0].changes[0].before == 20


@pytest.mark.parametrize("version", [1, 2, 7])
def test_what_is_in_force_or_taken_back_is_not_taken_back(version):
    change(Policy())
    change(Policy(norm=30), starts_on=NEXT_WEEK)
    actions.withdraw_policy(version=2, on=TODAY, by=None, now=NOW)

    with pytest.raises(actions.VersionInForce):
        actions.withdraw_policy(version=version, on=TODAY, by=None, now=NOW)


def test_of_two_heads_the_second_is_told_before_he_undoes_the_first():
    change(Policy())
    change(Policy(norm=25), based_on=1)

    with pytest.raises(actions.PolicyChangedMeanwhile):
        change(Policy(norm=30), based_on=1)

    assert PolicyVersion.objects.count() == 2


def test_rules_by_which_nobody_of_the_firm_calls_the_pool_are_refused():
    ivan()

    with pytest.raises(PolicyContradiction, match="nobody of the roles"):
        change(Policy(pool_roles=("telemarketer",)))
    employee("vera", "Вера", role=Role.TELEMARKETER)

    assert change(Policy(pool_roles=("telemarketer",))) == 1


@pytest.mark.parametrize(("setting", "value"), [("company_zone", "Mars/Phobos"), ("calendar", "XX")])
def test_a_zone_or_a_calendar_that_the_world_does_not_know_is_refused_beside_its_field(setting, value):
    policy = Policy(norm=0, **{setting: value})

    found = {name for each in all_contradictions(policy, on=TODAY) for name in each.fields}

    assert found == {"norm", setting}


def test_a_norm_equal_to_the_firm_s_follows_it_and_one_s_own_stays():
    change(Policy(), starts_on=date(2000, 1, 1))
    told = {"role": Role.MANAGER, "on": TODAY, "by": None, "now": NOW, "name": ""}
    numbers = [actions.add_employee(login=login, norm=norm, **told) for login, norm in (("vera", 20), ("oleg", 12))]
    change(Policy(norm=25), starts_on=TOMORROW)

    vera, oleg = (Employee.objects.get(pk=number) for number in numbers)

    assert (vera.norm, oleg.norm) == (None, 12)
    assert (norm_of(vera, TODAY), norm_of(vera, TOMORROW)) == (20, 25)
    assert (norm_of(oleg, TODAY), norm_of(oleg, TOMORROW)) == (12, 12)
    assert (profile_of(vera.pk, on=TOMORROW).norm, profile_of(vera.pk, on=TOMORROW).own_norm) == (25, None)


def test_the_head_gives_an_employee_a_norm_of_his_own_and_the_firm_s_again():
    manager = ivan()

    workloads.set_norm(employee=manager, norm=15, by=None, on=TODAY, now=NOW)
    assert norm_of(manager, TODAY) == 15
    workloads.set_norm(employee=manager, norm=20, by=None, on=TODAY, now=NOW)

    assert Employee.objects.get(pk=manager.pk).norm is None
    assert AuditEntry.objects.filter(action="norm_set", subject_id=manager.pk).count() == 2
    with pytest.raises(actions.BadNorm):
        workloads.set_norm(employee=manager, norm=0, by=None, on=TODAY, now=NOW)


def test_a_newcomer_grows_by_days_planned_ahead():
    manager, colleague = ivan(), olga()
    in_a_month, in_two = TODAY + timedelta(days=30), TODAY + timedelta(days=60)

    carry(manager, (TODAY, 0.25), (in_two, 1.0), (in_a_month, 0.5))

    days = (TODAY - timedelta(days=1), TODAY, in_a_month - timedelta(days=1), in_a_month, in_two)
    assert [share_of(manager, day) for day in days] == [1.0, 0.25, 0.25, 0.5, 1.0]
    assert share_of(colleague, in_a_month) == 1.0
    assert [(step.from_on, step.share) for step in workloads.planned_loads(TODAY)] == [(in_a_month, 0.5), (in_two, 1.0)]
    assert AuditEntry.objects.filter(action="workload_set", subject_id=manager.pk).count() == 1


def test_another_plan_replaces_the_days_to_come_and_leaves_those_that_have_been():
    manager = ivan()
    Workload.objects.create(employee=manager, from_on=TODAY - timedelta(days=40), share=0.5, at=NOW)
    carry(manager, (NEXT_WEEK, 0.75))

    carry(manager, (TOMORROW, 0.6))

    assert list(Workload.objects.order_by("from_on").values_list("from_on", "share")) == [
        (TODAY - timedelta(days=40), 0.5),
        (TOMORROW, 0.6),
    ]


@pytest.mark.parametrize(
    ("shares", "refusal"),
    [
        ([(TODAY - timedelta(days=1), 0.5)], workloads.LoadInThePast),
        ([(TOMORROW, 1.01)], workloads.BadLoad),
        ([(TOMORROW, -0.1)], workloads.BadLoad),
        ([(TOMORROW, 0.5), (TOMORROW, 0.6)], workloads.LoadTwiceADay),
    ],
)
def test_a_load_backwards_or_beyond_all_of_it_is_refused(shares, refusal):
    manager = ivan()

    with pytest.raises(refusal):
        carry(manager, *shares)

    assert not Workload.objects.exists()


def test_those_in_service_take_two_queries_with_their_norms_and_loads(django_assert_num_queries):
    for each in (ivan(), olga()):
        carry(each, (TODAY, 0.5))

    with django_assert_num_queries(2):
        assert [each.load_share for each in staff_in_service(TODAY)] == [0.5, 0.5]


def test_a_day_to_come_is_made_a_day_off_and_follows_the_calendar_again():
    calendar.override_day(on=TOMORROW, works=False, note="день фирмы", by=None, now=NOW, today=TODAY)
    assert [(each.on, each.works, each.note) for each in overrides_from(TODAY)] == [(TOMORROW, False, "день фирмы")]
    assert not work_calendar(country="RU", first=TODAY, last=NEXT_WEEK).is_working(TOMORROW)

    calendar.forget_override(on=TOMORROW, by=None, now=NOW, today=TODAY)

    assert overrides_from(TODAY) == ()
    assert work_calendar(country="RU", first=TODAY, last=NEXT_WEEK).is_working(TOMORROW)


def test_a_day_that_has_come_keeps_its_list():
    with pytest.raises(calendar.DayHasCome):
        calendar.override_day(on=TODAY, works=False, note="", by=None, now=NOW, today=TODAY)
    with pytest.raises(calendar.DayHasCome):
        calendar.forget_override(on=TODAY, by=None, now=NOW, today=TODAY)
