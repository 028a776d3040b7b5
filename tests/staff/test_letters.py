"""Where letters go: by one's own page or by the administrator, an address or none, nothing of it in the audit."""

import pytest
from django.test import Client as Browser

from budilnik.config.settings import BadMailPort, UnknownMailSecurity, mailers
from budilnik.core.terms import Role
from budilnik.staff.actions.letters import BadAddress, NotYourAddress, set_address
from budilnik.staff.models import AuditEntry, Employee, OutboxMessage
from cast import NOW, employee, head_of_sales, ivan, olga

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def visitor(who: Employee) -> Browser:
    browser = Browser()
    browser.force_login(who)
    return browser


def test_one_writes_his_own_address_and_may_refuse_the_letter():
    head = head_of_sales()

    answer = visitor(head).post("/me/address/", {"email": " head@firma.ru "})

    head.refresh_from_db()
    assert answer.status_code == 302
    assert (head.email, head.letter) == ("head@firma.ru", False)
    written = AuditEntry.objects.get(action="address_set")
    assert written.facts == {"address": True, "letter": False}


def test_the_administrator_writes_anybodys_and_a_head_does_not():
    mine, admin = ivan(), employee("admin", "Пётр Орлов", role=Role.ADMINISTRATOR)

    visitor(admin).post(f"/setup/{mine.pk}/address/", {"email": "ivan@firma.ru", "letter": "1"})
    refused = visitor(head_of_sales()).post(f"/setup/{mine.pk}/address/", {"email": "spy@firma.ru"})

    mine.refresh_from_db()
    assert (mine.email, refused.status_code) == ("ivan@firma.ru", 403)
    with pytest.raises(NotYourAddress):
        set_address(employee=mine, address="x@firma.ru", letter=True, by=olga(), now=NOW)


@pytest.mark.parametrize("address", ["ivan", "ivan@", "a@b.ru, c@d.ru", "a@b.ru\nBcc: c@d.ru", f"{'a' * 250}@firma.ru"])
def test_what_is_no_address_is_refused_and_the_old_one_stays(address):
    mine = ivan()
    set_address(employee=mine, address="ivan@firma.ru", letter=True, by=mine, now=NOW)

    with pytest.raises(BadAddress):
        set_address(employee=mine, address=address, letter=True, by=mine, now=NOW)

    mine.refresh_from_db()
    assert mine.email == "ivan@firma.ru"


def test_an_address_is_taken_back_by_an_empty_one():
    mine = ivan()
    set_address(employee=mine, address="ivan@firma.ru", letter=True, by=mine, now=NOW)

    for _ in range(2):
        set_address(employee=mine, address="", letter=True, by=mine, now=NOW)

    mine.refresh_from_db()
    assert mine.email == ""
    assert AuditEntry.objects.filter(action="address_set").count() == 2


def test_the_page_of_the_installation_says_how_mail_stands(settings):
    admin = employee("admin", "Пётр Орлов", role=Role.ADMINISTRATOR)
    browser = visitor(admin)
    assert "Почта не настроена" in browser.get("/setup/state/").content.decode()
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    assert "впишите свой адрес" in browser.get("/setup/state/").content.decode()
    Employee.objects.filter(pk=admin.pk).update(email="petr@firma.ru")

    answer = browser.post("/setup/state/trial/", headers={"HX-Request": "true"})

    assert "поставлено в очередь" in answer.content.decode()
    OutboxMessage.objects.update(trouble="server said no")
    assert "server said no" in browser.get("/setup/state/").content.decode()


def test_the_server_of_mail_is_read_from_the_environment():
    host = {"BUDILNIK_SMTP_HOST": "mail.firma.ru"}

    usual = mailers(host)["default"]["OPTIONS"]
    closed = mailers(host | {"BUDILNIK_SMTP_SECURITY": "TLS", "BUDILNIK_SMTP_USER": "u"})["default"]["OPTIONS"]
    plain = mailers(host | {"BUDILNIK_SMTP_SECURITY": "none", "BUDILNIK_SMTP_PORT": "2525"})["default"]["OPTIONS"]

    assert mailers({}) == {}
    assert (usual["port"], usual["use_tls"], usual["use_ssl"]) == (587, True, False)
    assert (closed["port"], closed["use_tls"], closed["use_ssl"], closed["username"]) == (465, False, True, "u")
    assert (plain["port"], plain["use_tls"], plain["use_ssl"]) == (2525, False, False)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"BUDILNIK_SMTP_SECURITY": "ssl3"}, UnknownMailSecurity),
        ({"BUDILNIK_SMTP_PORT": "0"}, BadMailPort),
        ({"BUDILNIK_SMTP_PORT": "smtp"}, BadMailPort),
    ],
)
def test_a_server_of_mail_that_cannot_be_is_refused(facts, refusal):
    with pytest.raises(refusal):
        mailers({"BUDILNIK_SMTP_HOST": "mail.firma.ru"} | facts)
