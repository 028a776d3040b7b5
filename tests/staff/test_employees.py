"""Who works here, under which rules, by which calendar."""

from datetime import date, timedelta

import pytest

from budilnik.core.policy import Policy
from budilnik.core.terms import Role
from budilnik.staff import actions, queries
from budilnik.staff.actions.calendar import override_day
from budilnik.staff.models import Absence, AuditEntry, Employee
from cast import NOW, TODAY, TOMORROW, head_of_sales, ivan, olga

pytestmark = pytest.mark.django_db


def add(login: str = "ivan", **facts) -> int:
    return actions.add_employee(
        **({"login": login, "name": "", "role": Role.MANAGER, "norm": 20, "on": TODAY, "by": None, "now": NOW} | facts)
    )


def test_an_employee_is_added_once_with_one_line_of_audit():
    number = add(name="Иван Петров", norm=25, zone="Asia/Omsk")

    row = Employee.objects.get(pk=number)
    assert (row.name, row.norm, row.zone, row.joined_on, row.has_usable_password()) == (
        "Иван Петров",
        25,
        "Asia/Omsk",
        TODAY,
        False,
    )
    assert AuditEntry.objects.values_list("action", "subject_id", "facts").get() == (
        "employee_added",
        number,
        {"role": "manager"},
    )


def test_an_employee_without_a_name_is_called_by_his_login():
    assert Employee.objects.get(pk=add()).name == "ivan"


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"login": ""}, actions.BadLogin),
        ({"login": "иван петров"}, actions.BadLogin),
        ({"login": "a" * 65}, actions.BadLogin),
        ({"name": "и" * 161}, actions.NameTooLong),
        ({"zone": "Mars/Phobos"}, actions.UnknownZone),
        ({"norm": 0}, actions.BadNorm),
        ({"norm": 501}, actions.BadNorm),
    ],
)
def test_what_will_not_do_is_refused_with_a_sentence_in_both_languages(facts, refusal):
    with pytest.raises(refusal) as caught:
        add(**facts)

    assert caught.value.text("ru").endswith(".")
    assert caught.value.text("en").endswith(".")
    assert not Employee.objects.exists()


@pytest.mark.parametrize("login", ["ivan", "Ivan", "IVAN"])
def test_nobody_takes_a_login_that_is_taken_whatever_its_case(login):
    add()

    with pytest.raises(actions.LoginTaken):
        add(login)

    assert Employee.objects.count() == 1
    assert AuditEntry.objects.count() == 1


def test_two_people_may_have_one_name_but_no_login_is_a_name():
    add("ivan", name="Пётр")
    add("ivan2", name="Пётр")

    with pytest.raises(actions.LoginTaken):
        add("пётр")


def test_people_are_known_by_login_and_by_name_and_a_login_wins():
    first, second = ivan(), olga()
    Employee.objects.filter(pk=second.pk).update(name="IVAN")

    assert queries.names_of_staff() == {
        "ivan": first.pk,
        "иван петров": first.pk,
        "olga": second.pk,
    }


def test_the_absent_are_in_service_and_leavers_are_not():
    here, gone = ivan(), olga()
    head_of_sales()
    actions.note_absence(employee=here, from_on=TODAY, until_on=TOMORROW, substitute=gone, by=None, now=NOW)
    actions.leave(employee=gone, on=TODAY, by=None, now=NOW)

    team = queries.staff_in_service(TODAY)

    assert [member.login for member in team] == ["ivan", "head"]
    assert team[0].away(TODAY).substitute_id == gone.pk
    assert team[0].away(TOMORROW + timedelta(days=1)) is None
    assert [member.login for member in queries.staff_in_service(TODAY - timedelta(days=1))] == ["ivan", "olga", "head"]


def test_an_absence_cannot_end_before_it_begins():
    with pytest.raises(actions.AbsenceEndsEarly):
        actions.note_absence(employee=ivan(), from_on=TOMORROW, until_on=TODAY, substitute=None, by=None, now=NOW)

    assert not Absence.objects.exists()


def test_rules_are_in_force_from_their_day_and_never_from_the_past():
    actions.set_policy(policy=Policy(), starts_on=date(2000, 1, 1), on=TODAY, why="first", by=None, now=NOW)

    second = actions.set_policy(policy=Policy(norm=25), starts_on=TOMORROW, on=TODAY, why="wider", by=None, now=NOW)

    assert (queries.rules_on(TODAY).version, queries.rules_on(TOMORROW).version, second) == (1, 2, 2)
    assert (queries.rules_on(TODAY).policy.norm, queries.rules_on(TOMORROW).policy.norm) == (20, 25)
    with pytest.raises(actions.PolicyStartsInThePast):
        actions.set_policy(policy=Policy(), starts_on=TODAY - timedelta(days=1), on=TODAY, why="", by=None, now=NOW)
    assert queries.rules_on(TOMORROW).version == 2


def test_before_the_first_rules_the_defaults_hold():
    assert not queries.policy_is_stored()
    assert queries.rules_on(TODAY) == queries.RulesInForce(version=0, policy=Policy())


def test_the_firm_may_work_on_a_holiday_and_rest_on_a_working_day():
    new_year, tuesday = date(2026, 1, 5), TODAY
    override_day(on=new_year, works=True, note="инвентаризация", by=None, now=NOW)
    override_day(on=tuesday, works=False, note="день фирмы", by=None, now=NOW)

    calendar = queries.work_calendar(country="RU", first=date(2026, 1, 1), last=date(2026, 12, 31))

    assert new_year in calendar.days
    assert tuesday not in calendar.days
    assert date(2026, 1, 6) not in calendar.days


def test_a_day_overridden_twice_is_one_override():
    for works in (True, False):
        override_day(on=TODAY, works=works, note="", by=None, now=NOW)

    calendar = queries.work_calendar(country="RU", first=TODAY, last=TOMORROW)
    assert calendar.days == (TOMORROW,)


@pytest.mark.parametrize(("name", "found"), [("Asia/Omsk", "Asia/Omsk"), ("", "UTC"), ("Mars/Phobos", "UTC")])
def test_an_unknown_zone_is_that_of_the_company(name, found):
    assert queries.zone_or(name, "UTC").key == found
