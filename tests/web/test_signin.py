"""The door: who comes in, who does not, and what is written down about it."""

import re
import time

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import get_resolver

from budilnik.core.terms import Role
from budilnik.staff.actions import leave, set_password
from budilnik.staff.models import AuditEntry, Employee
from cast import NOW, TODAY, employee, ivan

PASSWORD = "стальной-трос-12"
DOOR = "/sign-in/"
WRONG = "Логин или пароль неверны"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_door_of_its_own(settings, request):
    """Failures are counted in the cache; hashes are as slow as the real door needs them."""
    cache = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": request.node.name}
    settings.CACHES = {"default": cache}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def visitor():
    """Somebody with a browser of his own."""
    return Client()


def known(who: Employee, password: str = PASSWORD) -> Employee:
    set_password(employee=who, password=password, by=None, now=NOW)
    return who


def enter(visitor: Client, login: str = "ivan", password: str = PASSWORD, **more: str):
    return visitor.post(DOOR, {"login": login, "password": password, **more})


def is_in(visitor: Client) -> bool:
    return visitor.get("/me/").status_code == 200


def acts() -> list[tuple[str, int | None]]:
    return list(AuditEntry.objects.exclude(action="password_set").order_by("pk").values_list("action", "subject_id"))


def code_for(who: Employee, *, steps_ahead: int = 0) -> str:
    secret = who.authenticator_set.get(type="totp").data["secret"]
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps_ahead))


def two_steps_for(who: Employee, visitor: Client) -> Employee:
    """Switch the second step on as the employee would."""
    visitor.post("/me/confirm/?next=/me/two-steps/on/", {"password": PASSWORD})
    visitor.get("/me/two-steps/on/")
    secret = visitor.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    visitor.post("/me/two-steps/on/", {"code": code})
    return who


@pytest.mark.parametrize("typed", ["ivan", "Ivan", " IVAN "])
def test_who_knows_the_password_comes_in_whatever_the_case_of_the_login(visitor, typed):
    ivan_himself = known(ivan())

    answer = enter(visitor, typed)

    assert answer.status_code == 302
    assert is_in(visitor)
    assert acts() == [("signed_in", ivan_himself.pk)]
    ivan_himself.refresh_from_db()
    assert ivan_himself.last_login == NOW


@pytest.mark.parametrize("typed", ["Валя", "валя", "ВАЛЯ"])
def test_a_cyrillic_login_is_found_in_any_case_on_every_database(visitor, typed):
    known(employee("Валя", "Валентина Руденко", role=Role.HEAD))

    enter(visitor, typed)

    assert is_in(visitor)


@pytest.mark.parametrize(("login", "password"), [("ivan", "не тот"), ("ivan", ""), ("petr", PASSWORD), ("", PASSWORD)])
def test_a_wrong_password_and_an_unknown_login_are_told_alike_or_asked_for(visitor, login, password):
    known(ivan())

    answer = enter(visitor, login, password)

    assert answer.status_code == 200
    assert (WRONG in answer.text) == bool(login and password)
    assert not is_in(visitor)


def test_a_failure_is_written_down_by_number_and_what_was_typed_is_not(visitor):
    ivan_himself = known(ivan())

    enter(visitor, "ivan", "не тот")
    enter(visitor, "человек@почта", "тайна")

    assert acts() == [("sign_in_failed", ivan_himself.pk), ("sign_in_failed", None)]
    assert all(row.facts == {} and row.by is None for row in AuditEntry.objects.filter(action="sign_in_failed"))


def test_whoever_has_left_is_told_what_a_stranger_is_told(visitor):
    leave(employee=known(ivan()), on=TODAY, by=None, now=NOW)

    answer = enter(visitor)

    assert WRONG in answer.text
    assert not is_in(visitor)


def test_whoever_leaves_is_out_at_his_next_click(visitor):
    ivan_himself = known(ivan())
    enter(visitor)
    assert is_in(visitor)

    leave(employee=ivan_himself, on=TODAY, by=None, now=NOW)

    assert not is_in(visitor)


def test_an_employee_without_a_password_comes_in_by_none(visitor):
    ivan_himself = ivan()
    ivan_himself.set_unusable_password()
    ivan_himself.save()

    for password in ("", "!", ivan_himself.password):
        enter(visitor, "ivan", password)

    assert not is_in(visitor)


def test_after_five_failures_the_door_says_when_to_come_again_even_to_the_right_password(visitor):
    known(ivan())
    for _ in range(5):
        enter(visitor, "ivan", "не тот")

    refused = enter(visitor, "Ivan")
    with time_machine.travel(NOW.timestamp() + 301):
        accepted = enter(visitor)

    assert "через 5 минут" in refused.text
    assert accepted.status_code == 302


def test_the_wait_is_told_in_the_language_of_whoever_waits(visitor):
    known(ivan())
    for _ in range(5):
        enter(visitor, "ivan", "не тот")

    said = {language: _said_in(language) for language in ("ru", "en", "ru")}

    assert "через 5 минут" in said["ru"]
    assert "in 5 minutes" in said["en"]


def _said_in(language: str) -> str:
    visitor = Client()
    visitor.cookies["language"] = language
    return enter(visitor, "ivan").text


def test_one_login_guessed_at_keeps_nobody_else_out(visitor):
    known(ivan())
    known(employee("olga", "Ольга Сергеева"))
    for _ in range(6):
        enter(visitor, "ivan", "не тот")

    enter(visitor, "olga")

    assert is_in(visitor)


def test_an_address_that_floods_the_door_is_told_to_wait(visitor, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
    for _ in range(3):
        enter(visitor, "ivan", "не тот")

    answer = enter(visitor)

    assert answer.status_code == 429
    assert "Подождите минуту" in answer.text


def test_one_comes_back_to_the_page_one_wanted(visitor):
    known(ivan())
    asked = visitor.get("/clients/", {"q": "болт"})

    page = visitor.get(asked.url)
    kept = re.search(r'name="next" value="([^"]+)"', page.text).group(1)
    answer = enter(visitor, next=kept)

    assert answer.url == "/clients/?q=%D0%B1%D0%BE%D0%BB%D1%82"


@pytest.mark.parametrize(
    "next_page",
    [
        "//evil.example/",
        "https://evil.example/",
        "http://localhost/",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
    ],
)
def test_no_link_leads_from_the_door_to_somebody_else(visitor, next_page):
    known(ivan())

    page = visitor.get(DOOR, {"next": next_page})
    answer = enter(visitor, next=next_page)
    again = visitor.get(DOOR, {"next": next_page})

    assert page.status_code == 200
    assert answer.url == "/"
    assert again.url == "/"


def test_the_key_of_the_session_is_another_after_signing_in(visitor):
    known(ivan())
    visitor.get(DOOR)
    visitor.session.save()
    before = visitor.cookies.get("sessionid")

    enter(visitor)

    after = visitor.cookies["sessionid"]
    assert before is None or before.value != after.value
    assert (after["httponly"], after["samesite"]) == (True, "Lax")
    assert visitor.cookies["csrftoken"]["samesite"] == "Lax"


def test_a_session_planted_before_signing_in_opens_nothing_after(visitor):
    known(ivan())
    planted = visitor.session
    planted["planted"] = True
    planted.save()
    visitor.cookies["sessionid"] = planted.session_key

    enter(visitor)

    thief = Client()
    thief.cookies["sessionid"] = planted.session_key
    assert is_in(visitor)
    assert not is_in(thief)


def test_one_leaves_by_a_button_and_not_by_a_link(visitor):
    known(ivan())
    enter(visitor)

    by_link = visitor.get("/sign-in/out/")
    still_in = is_in(visitor)
    by_button = visitor.post("/sign-in/out/")

    assert (by_link.status_code, still_in) == (405, True)
    assert by_button.url == DOOR
    assert not is_in(visitor)
    assert not Session.objects.exists()


def test_a_form_without_its_token_opens_nothing():
    strict = Client(enforce_csrf_checks=True)
    known(ivan())

    assert enter(strict).status_code == 403
    assert not is_in(strict)


def test_nobody_signs_up_or_resets_a_password_by_mail(visitor):
    for address in ("signup/", "password/reset/", "email/", "confirm-email/"):
        assert visitor.get(DOOR + address).status_code == 404


@pytest.mark.parametrize(("language", "heading"), [("ru", "Войти"), ("en", "Sign in")])
def test_the_door_speaks_the_language_chosen_at_it(visitor, language, heading):
    answer = visitor.post("/language/", {"language": language, "next": DOOR}, follow=True)

    assert f">{heading}</h1>" in answer.text
    assert answer.headers["Content-Language"] == language


def test_the_door_may_run_nothing_but_our_own_files(visitor):
    answer = visitor.get(DOOR)

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|<[^>]+\s(?:style|on\w+)=", answer.text)
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_part_of_a_page_is_told_that_the_session_has_ended_and_where_to_sign_in(visitor):
    answer = visitor.get("/me/", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert "data-sign-in" in answer.text
    assert answer.headers["HX-Retarget"] == "#messages"


def test_with_two_steps_the_password_alone_opens_nothing(visitor):
    ivan_himself = known(ivan())
    enter(visitor)
    two_steps_for(ivan_himself, visitor)
    other = Client()

    after_password = enter(other, next="/me/")
    opened_by_password = is_in(other)
    after_code = other.post(after_password.url, {"code": code_for(ivan_himself, steps_ahead=1)})

    assert after_password.url == "/sign-in/code/"
    assert not opened_by_password
    assert after_code.url == "/me/"
    assert is_in(other)


def test_a_code_opens_once(visitor):
    ivan_himself = known(ivan())
    enter(visitor)
    two_steps_for(ivan_himself, visitor)
    code = code_for(ivan_himself, steps_ahead=1)
    owner, thief = Client(), Client()
    enter(owner)
    owner.post("/sign-in/code/", {"code": code})

    enter(thief)
    with time_machine.travel(NOW.timestamp() + 35):
        answer = thief.post("/sign-in/code/", {"code": code[:3] + " " + code[3:]})

    assert "Код не подходит" in answer.text
    assert not is_in(thief)
    assert acts()[-1] == ("sign_in_failed", ivan_himself.pk)


def test_codes_are_not_guessed(visitor):
    ivan_himself = known(ivan())
    enter(visitor)
    two_steps_for(ivan_himself, visitor)
    thief = Client()
    enter(thief)

    answers = [thief.post("/sign-in/code/", {"code": f"{guess:06}"}) for guess in range(6)]

    assert "через 5 минут" in answers[-1].text
    assert [act for act, _ in acts()].count("sign_in_failed") == 5


def test_a_recovery_code_opens_once(visitor):
    ivan_himself = known(ivan())
    enter(visitor)
    two_steps_for(ivan_himself, visitor)
    shown = visitor.get("/me/recovery-codes/").text
    code = re.search(r"<li><code>(\d{8})</code>", shown).group(1)
    first, second = Client(), Client()

    for other in (first, second):
        enter(other)
        other.post("/sign-in/code/", {"code": code})

    assert is_in(first)
    assert not is_in(second)


def test_whoever_leaves_between_the_password_and_the_code_does_not_come_in(visitor):
    ivan_himself = known(ivan())
    enter(visitor)
    two_steps_for(ivan_himself, visitor)
    other = Client()
    enter(other)

    leave(employee=ivan_himself, on=TODAY, by=None, now=NOW)
    other.post("/sign-in/code/", {"code": code_for(ivan_himself, steps_ahead=1)})

    assert not is_in(other)


def test_what_may_not_be_opened_now_is_said_in_a_sentence(visitor):
    known(ivan())
    enter(visitor)
    asked = visitor.get("/me/").wsgi_request

    answer = get_resolver().resolve_error_handler(403)(asked, PermissionDenied())

    assert answer.status_code == 403
    assert "Сейчас это открыть нельзя" in answer.content.decode()
