"""The settings: taking people on, letting them in again, and what the administrator sees."""

import re
import tomllib
from pathlib import Path

import pytest
import time_machine
from django.test import Client

import budilnik
from budilnik.core.terms import Role
from budilnik.staff import actions, queries
from budilnik.staff.models import AuditEntry, Employee
from cast import NOW, TODAY, client, employee, head_of_sales, ivan, olga, plan

pytestmark = pytest.mark.django_db

PASSWORD = re.compile(r'id="new-password">([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})<')
NEW = {"login": "пётр", "name": "Пётр Новиков", "role": "manager", "norm": "20", "zone": "Asia/Omsk"}


@pytest.fixture(autouse=True)
def _our_day(settings, request):
    cache = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": request.node.name}
    settings.CACHES = {"default": cache}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with time_machine.travel(NOW, tick=False):
        yield


def admin() -> Employee:
    return employee("admin", "Олег Кузнецов", role=Role.ADMINISTRATOR)


def at_desk_of(who: Employee) -> Client:
    visitor = Client()
    visitor.force_login(who)
    return visitor


def comes_in(login: str, password: str) -> Client:
    visitor = Client()
    visitor.post("/sign-in/", {"login": login, "password": password})
    return visitor


def test_everybody_is_listed_those_who_left_last():
    actions.leave(employee=ivan(), on=TODAY, by=None, now=NOW)
    olga()

    answer = at_desk_of(admin()).get("/setup/")

    names = re.findall(r'<a href="/setup/\d+/">([^<]+)</a>', answer.text)
    assert names == ["Олег Кузнецов", "Ольга Сергеева", "Иван Петров"]


def test_the_list_takes_two_queries(django_assert_num_queries):
    for who in (ivan, olga, head_of_sales):
        who()

    with django_assert_num_queries(2):
        assert len(queries.staff_list(on=TODAY)) == 3


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "part"])
def test_a_new_employee_comes_in_by_the_password_shown_once(headers):
    desk = at_desk_of(admin())

    answer = desk.post("/setup/add/", NEW, headers=headers)

    password = PASSWORD.search(answer.text).group(1)
    petr = queries.employee_with("пётр")
    assert (petr.name, petr.role, queries.profile_of(petr.pk, on=TODAY).norm, petr.zone, petr.joined_on) == (
        "Пётр Новиков",
        "manager",
        20,
        "Asia/Omsk",
        TODAY,
    )
    assert "no-store" in answer.headers["Cache-Control"]
    assert comes_in("Пётр", password).get("/me/").status_code == 200
    assert password not in desk.get(f"/setup/{petr.pk}/").text
    assert not [row for row in AuditEntry.objects.all() if password in str(row.facts)]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"login": "ADMIN"}, "уже есть"),
        ({"login": "два слова"}, "не годится"),
        ({"zone": "Mars/Phobos"}, "неизвестен"),
        ({"norm": "0"}, "от 1 до 500"),
        ({"norm": "много"}, "целое число"),
        ({"role": "king"}, "Выберите корректный вариант"),
        ({"name": ""}, "Обязательное поле"),
    ],
)
def test_what_will_not_do_is_said_in_the_form_and_what_was_typed_stays(wrong, sentence):
    desk = at_desk_of(admin())

    answer = desk.post("/setup/add/", NEW | wrong, headers={"HX-Request": "true"})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="пётр"' in answer.text or "login" in wrong
    assert Employee.objects.count() == 1


def test_a_form_sent_twice_takes_on_one():
    desk = at_desk_of(admin())
    desk.post("/setup/add/", NEW)

    again = desk.post("/setup/add/", NEW)

    assert again.status_code == 422
    assert Employee.objects.filter(name=NEW["name"]).count() == 1


def test_a_new_password_ends_every_session_and_the_old_password():
    ivan_himself, desk = ivan(), at_desk_of(head_of_sales())
    actions.set_password(employee=ivan_himself, password="прежний-пароль", by=None, now=NOW)
    old = comes_in("ivan", "прежний-пароль")

    answer = desk.post(f"/setup/{ivan_himself.pk}/password/", headers={"HX-Request": "true"})

    password = PASSWORD.search(answer.text).group(1)
    assert old.get("/me/").status_code == 302
    assert comes_in("ivan", "прежний-пароль").get("/me/").status_code == 302
    assert comes_in("ivan", password).get("/me/").status_code == 200


def test_signing_out_everywhere_ends_his_sessions_and_nobody_elses():
    ivan_himself, desk = ivan(), at_desk_of(admin())
    actions.set_password(employee=ivan_himself, password="прежний-пароль", by=None, now=NOW)
    phone, computer = (comes_in("ivan", "прежний-пароль") for _ in range(2))

    answer = desk.post(f"/setup/{ivan_himself.pk}/sign-out/", headers={"HX-Request": "true"})

    assert "Все входы завершены" in answer.text
    assert [each.get("/me/").status_code for each in (phone, computer, desk)] == [302, 302, 200]
    assert comes_in("ivan", "прежний-пароль").get("/me/").status_code == 200


def test_who_lost_his_phone_signs_in_by_the_password_alone_again():
    ivan_himself, desk = ivan(), at_desk_of(admin())
    ivan_himself.authenticator_set.create(type="totp", data={"secret": "A" * 32})
    ivan_himself.authenticator_set.create(type="recovery_codes", data={"seed": "0", "used_mask": 0})
    actions.set_password(employee=ivan_himself, password="прежний-пароль", by=None, now=NOW)
    before = comes_in("ivan", "прежний-пароль").get("/me/").status_code

    answer = desk.post(f"/setup/{ivan_himself.pk}/one-step/", headers={"HX-Request": "true"})

    assert "Второй шаг выключен" in answer.text
    assert (before, comes_in("ivan", "прежний-пароль").get("/me/").status_code) == (302, 200)
    assert not ivan_himself.authenticator_set.exists()


def test_without_htmx_the_buttons_lead_back_to_the_employee():
    ivan_himself, desk = ivan(), at_desk_of(admin())

    for act in ("sign-out", "one-step"):
        assert desk.post(f"/setup/{ivan_himself.pk}/{act}/").url == f"/setup/{ivan_himself.pk}/"


def test_an_administrator_may_sign_himself_out_everywhere():
    himself = admin()
    desk = at_desk_of(himself)

    answer = desk.post(f"/setup/{himself.pk}/sign-out/")

    assert answer.status_code == 302
    assert desk.get("/setup/").status_code == 302


@pytest.mark.parametrize("act", ["", "password/", "sign-out/", "one-step/"])
def test_an_employee_who_is_not_there_is_not_found(act):
    desk = at_desk_of(admin())

    answer = desk.post(f"/setup/4242/{act}") if act else desk.get("/setup/4242/")

    assert answer.status_code == 404
    assert "Такого сотрудника нет" in answer.text


def test_nothing_is_offered_to_let_a_leaver_in():
    ivan_himself = ivan()
    actions.leave(employee=ivan_himself, on=TODAY, by=None, now=NOW)

    answer = at_desk_of(admin()).get(f"/setup/{ivan_himself.pk}/")

    assert "войти не может" in answer.text
    assert "hx-post" not in answer.text.split('id="door"')[1]


def test_the_state_of_the_installation_is_seen_at_a_glance():
    client(owner=ivan())
    plan(queries.employee_with("ivan"))

    answer = at_desk_of(admin()).get("/setup/state/")

    for fact in ("15.09.2026", "готово с 10:00", "0.1.0", "ГБ"):
        assert fact in answer.text
    assert "SQLite" in answer.text or "PostgreSQL" in answer.text


def test_the_audit_shows_who_came_in_by_login_and_no_name():
    ivan_himself = ivan()
    actions.set_password(employee=ivan_himself, password="прежний-пароль", by=None, now=NOW)
    comes_in("ivan", "прежний-пароль")
    comes_in("кто-то", "тайное слово")

    answer = at_desk_of(admin()).get("/setup/audit/")

    acts = re.findall(r'<td data-label="Что">([^<]+)</td>', answer.text)
    assert acts == ["неудачный вход", "вход", "новый пароль"]
    assert "Иван Петров" not in answer.text
    assert "кто-то" not in answer.text


def test_the_audit_takes_two_queries_and_no_more_than_two_hundred_lines(django_assert_num_queries):
    ivan_himself = ivan()
    for _ in range(201):
        actions.audit("signed_in", by=ivan_himself, now=NOW, subject="employee", subject_id=ivan_himself.pk)

    with django_assert_num_queries(2):
        lines = queries.audit_of_staff()

    assert len(lines) == 200
    assert {(line.by, line.about) for line in lines} == {("ivan", "ivan")}


def test_of_what_was_done_with_clients_the_audit_of_staff_says_nothing():
    ivan_himself = ivan()
    actions.audit("owner_changed", by=ivan_himself, now=NOW, subject="client", subject_id=77)
    actions.audit("portion_given", by=ivan_himself, now=NOW, subject="employee", subject_id=ivan_himself.pk)

    assert queries.audit_of_staff() == []


def test_the_version_shown_is_that_of_the_package():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())

    assert project["project"]["version"] == budilnik.__version__
