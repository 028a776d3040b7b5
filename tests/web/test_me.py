"""One's own page: the password, the second step, the calendar."""

import re
import time

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from budilnik.core.terms import Role
from budilnik.staff import queries
from budilnik.staff.actions import set_password
from budilnik.staff.models import AuditEntry, Employee
from cast import NOW, TODAY, employee, ivan

PASSWORD = "стальной-трос-12"
FRESH = "крепёж-и-гайки-7"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_door_of_its_own(settings, request):
    cache = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": request.node.name}
    settings.CACHES = {"default": cache}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(who: Employee) -> Client:
    set_password(employee=who, password=PASSWORD, by=None, now=NOW)
    visitor = Client()
    visitor.post("/sign-in/", {"login": who.login, "password": PASSWORD})
    return visitor


def change(visitor: Client, now: str = PASSWORD, new: str = FRESH, again: str = ""):
    asked = {"oldpassword": now, "password1": new, "password2": again or new}
    return visitor.post("/me/password/", asked, follow=True)


def confirmed(visitor: Client) -> Client:
    visitor.post("/me/confirm/", {"password": PASSWORD})
    return visitor


def switch_on(visitor: Client):
    visitor.get("/me/two-steps/on/")
    secret = visitor.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    return visitor.post("/me/two-steps/on/", {"code": code}, follow=True)


def acts() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_one_sees_who_one_is_here():
    answer = signed_in(ivan()).get("/me/")

    for known in ("Иван Петров", "ivan", "клиентский менеджер", "Europe/Moscow"):
        assert known in answer.text


def test_a_profile_takes_two_queries(django_assert_num_queries):
    ivan_himself = ivan()

    with django_assert_num_queries(2):
        profile = queries.profile_of(ivan_himself.pk, on=TODAY)

    assert (profile.login, profile.two_steps, profile.recovery_codes) == ("ivan", False, None)


def test_the_language_is_kept_with_the_employee():
    visitor = signed_in(ivan())

    answer = visitor.post("/language/", {"language": "en", "next": "/me/"}, follow=True)
    elsewhere = Client()
    elsewhere.post("/sign-in/", {"login": "ivan", "password": PASSWORD})

    assert "client manager" in answer.text
    assert "client manager" in elsewhere.get("/me/").text


def test_the_look_of_the_pages_is_that_of_the_cookie():
    visitor = signed_in(ivan())

    visitor.cookies["theme"] = "dark"

    assert 'data-bs-theme="dark"' in visitor.get("/me/").text


def test_a_changed_password_keeps_this_session_and_ends_the_others():
    ivan_himself = ivan()
    here, elsewhere = signed_in(ivan_himself), Client()
    elsewhere.post("/sign-in/", {"login": "ivan", "password": PASSWORD})

    answer = change(here)

    assert "Пароль изменён" in answer.text
    assert here.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302
    ivan_himself.refresh_from_db()
    assert ivan_himself.check_password(FRESH)
    assert AuditEntry.objects.filter(action="password_set", by=ivan_himself, subject_id=ivan_himself.pk).count() == 1


@pytest.mark.parametrize(
    ("now", "new", "again", "sentence"),
    [
        ("не тот", FRESH, "", "Это не ваш нынешний пароль"),
        (PASSWORD, "болт", "", "слишком короткий"),
        (PASSWORD, "иванпетров", "", "слишком похож"),
        (PASSWORD, "password1", "", "слишком широко распространён"),
        (PASSWORD, FRESH, "другой-пароль", "одинаковый пароль дважды"),
    ],
)
def test_a_bad_new_password_is_refused_in_a_sentence(now, new, again, sentence):
    ivan_himself = ivan()

    answer = change(signed_in(ivan_himself), now, new, again)

    assert sentence in answer.text
    ivan_himself.refresh_from_db()
    assert ivan_himself.check_password(PASSWORD)


def test_the_second_step_is_switched_on_only_by_who_knows_the_password():
    visitor = signed_in(ivan())

    asked = visitor.get("/me/two-steps/on/")
    wrong = visitor.post(asked.url, {"password": "не тот"})
    right = visitor.post(asked.url, {"password": PASSWORD})

    assert asked.url.startswith("/me/confirm/")
    assert "Пароль неверен" in wrong.text
    assert right.url == "/me/two-steps/on/"


def test_the_second_step_comes_with_recovery_codes_and_goes_with_them(django_capture_on_commit_callbacks):
    ivan_himself = ivan()
    visitor = confirmed(signed_in(ivan_himself))

    with django_capture_on_commit_callbacks(execute=True):
        on = switch_on(visitor)
    codes = re.findall(r"<li><code>(\d{8})</code>", on.text)
    with_it = queries.profile_of(ivan_himself.pk, on=TODAY)
    off = visitor.post("/me/two-steps/off/", follow=True)
    without = queries.profile_of(ivan_himself.pk, on=TODAY)

    assert len(set(codes)) == 10
    assert (with_it.two_steps, with_it.recovery_codes) == (True, 10)
    assert "достаточно пароля" in off.text
    assert (without.two_steps, without.recovery_codes) == (False, None)
    assert [act for act in acts() if act.startswith("totp")] == ["totp_activated", "totp_deactivated"]


def test_a_wrong_code_switches_nothing_on():
    ivan_himself = ivan()
    visitor = confirmed(signed_in(ivan_himself))
    visitor.get("/me/two-steps/on/")

    answer = visitor.post("/me/two-steps/on/", {"code": "000000"})

    assert "Код не подходит" in answer.text
    assert not queries.profile_of(ivan_himself.pk, on=TODAY).two_steps


def test_new_recovery_codes_make_the_old_ones_worthless(django_capture_on_commit_callbacks):
    visitor = confirmed(signed_in(ivan()))
    old = re.findall(r"<li><code>(\d{8})</code>", switch_on(visitor).text)

    with django_capture_on_commit_callbacks(execute=True):
        new = visitor.post("/me/recovery-codes/new/", follow=True)
    file = visitor.get("/me/recovery-codes/file/")

    fresh = re.findall(r"<li><code>(\d{8})</code>", new.text)
    assert len(fresh) == 10
    assert not set(old) & set(fresh)
    assert file.text.split() == fresh
    assert acts()[-1] == "recovery_codes_generated"


def test_without_the_second_step_there_are_no_recovery_codes():
    visitor = confirmed(signed_in(ivan()))

    answer = visitor.post("/me/recovery-codes/new/")

    assert "сначала включите" in answer.text
    assert visitor.get("/me/recovery-codes/").status_code == 404


def test_the_address_of_the_calendar_is_made_and_made_anew():
    ivan_himself = ivan()
    visitor = signed_in(ivan_himself)
    without = visitor.get("/me/")

    first = visitor.post("/me/feed/", follow=True)
    second = visitor.post("/me/feed/", headers={"HX-Request": "true"})

    addresses = [
        re.search(r'value="(http://testserver/feed/[^"]+)"', answer.text).group(1) for answer in (first, second)
    ]
    ivan_himself.refresh_from_db()
    assert "/feed/" not in without.text.replace("/me/feed/", "")
    assert addresses[0] != addresses[1]
    assert ivan_himself.feed_key in addresses[1]
    assert len(ivan_himself.feed_key) >= 43
    assert second.text.strip().startswith('<section class="card" id="feed"')
    assert acts()[-2:] == ["feed_key_renewed", "feed_key_renewed"]
    assert not AuditEntry.objects.filter(action="feed_key_renewed").exclude(facts={}).exists()
    assert [Client().get(address).status_code for address in addresses] == [404, 200]


def test_an_administrator_has_no_promises_and_no_calendar():
    answer = signed_in(employee("admin", "Олег Кузнецов", role=Role.ADMINISTRATOR)).get("/me/")

    assert answer.status_code == 200
    assert "/me/feed/" not in answer.text
