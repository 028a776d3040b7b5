"""The words of the talk: what the card says, how the head writes it, who may."""

import re

import pytest
import time_machine
from django.test import Client as Browser

from budilnik.calling.models import Script
from budilnik.clients.models import Client, ContactPerson
from budilnik.core.terms import Role
from budilnik.staff.actions import choose_language
from budilnik.staff.models import AuditEntry, Employee
from cast import NOW, TODAY, client, employee, head_of_sales, ivan, olga, pool_client, task

pytestmark = pytest.mark.django_db

CLOSE = {"ru": "Когда звонить, {client}?", "en": "", "enabled": "1", "version": "0"}
STOCK = {
    "ru": "Пришли анкеры.",
    "en": "",
    "enabled": "1",
    "from_on": "2026-09-15",
    "until_on": "2026-09-30",
    "sort": "1",
}


@pytest.fixture(autouse=True)
def ten_in_the_morning():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def at_desk_of(who: Employee, *, part: bool = False) -> Browser:
    browser = Browser(headers={"HX-Request": "true"} if part else {})
    browser.force_login(who)
    return browser


def admin() -> Employee:
    return employee("admin", "Олег Кузнецов", role=Role.ADMINISTRATOR)


def said(page: str) -> list[str]:
    """The lines of «Что сказать» as they stand on a page."""
    part = page.split('class="bud-say"')[1].split("</ol>")[0]
    return [re.sub("<[^>]+>", "", line).strip() for line in re.findall(r"<span>(.*?)</span></li>", part, re.DOTALL)]


def asked(page: str) -> list[str]:
    part = page.split('class="bud-ask"')[1].split("</ul>")[0]
    return re.findall(r"/#(\w+)", part)


def a_call(who: Employee) -> Client:
    row = client(owner=who)
    task(row, who)
    return row


def test_the_card_says_what_to_say_and_what_to_ask():
    manager = ivan()
    row = a_call(manager)
    ContactPerson.objects.create(client=row, name="Секретарёва Анна Сергеевна", roles=["decision_maker"])

    page = at_desk_of(manager).get("/day/").text

    assert said(page) == [
        "Здравствуйте, Анна Сергеевна. Это Иван Петров. Удобно говорить?",
        "Мы с вами не говорили 3 месяца, это наша вина. Что у вас сейчас в работе?",
        "Когда удобно созвониться снова? Запишу день и час.",
    ]
    assert asked(page)[0] == "ask_potential"


def test_the_card_speaks_english_to_whom_reads_english():
    manager = ivan()
    choose_language(employee=manager, language="en")
    a_call(manager)

    page = at_desk_of(manager).get("/day/").text

    assert said(page)[0] == "Good day. This is Иван Петров. Is this a good moment?"


def test_whoever_folded_what_to_say_finds_it_folded_on_the_next_card():
    manager = ivan()
    a_call(manager)
    browser = at_desk_of(manager)

    open_one = browser.get("/day/").text
    browser.cookies["talk"] = "closed"
    folded = browser.get("/day/").text

    assert re.search(r"<details class=\"bud-talk\" data-talk open>", open_one)
    assert re.search(r"<details class=\"bud-talk\" data-talk>", folded)


def test_who_calls_in_is_thanked_and_who_is_called_is_greeted():
    manager = ivan()
    row = client(owner=manager)
    browser = at_desk_of(manager)

    inbound = said(browser.get(f"/clients/{row.pk}/call/?direction=in").text)
    outbound = said(browser.get(f"/clients/{row.pk}/call/?direction=out").text)

    assert inbound[0].startswith("Здравствуйте, это Иван Петров. Спасибо, что позвонили.")
    assert outbound[0].startswith("Здравствуйте. Это Иван Петров.")


def test_of_a_stranger_who_calls_in_nothing_is_told():
    row = pool_client(lost_by=olga())
    manager = ivan()

    answer = at_desk_of(manager).get("/clients/", {"q": "+74951234567"})

    assert answer.status_code == 200
    assert "bud-say" not in answer.text
    assert at_desk_of(manager).get(f"/clients/{row.pk}/call/").status_code in (403, 404)


def test_the_list_shows_every_block_with_its_condition_and_a_part_that_was_changed():
    head = head_of_sales()
    browser = at_desk_of(head)
    browser.post("/setup/scripts/close/", CLOSE)

    page = browser.get("/setup/scripts/").text

    assert "постоянный, но по анализу может уйти" in page
    assert "Когда звонить, <code>{client}</code>?" in page
    assert page.count(">изменён<") == 1


def test_the_list_takes_one_query_beside_those_of_every_page(django_assert_num_queries):
    from budilnik.calling.queries.talk import scripts_seen

    at_desk_of(head_of_sales()).post("/setup/scripts/close/", CLOSE)

    with django_assert_num_queries(1):
        assert [row.code for row in scripts_seen()] == ["close"]


@pytest.mark.parametrize("who", [head_of_sales, admin])
def test_the_head_and_the_administrator_write_and_restore(who):
    browser = at_desk_of(who())

    written = browser.post("/setup/scripts/close/", CLOSE)
    page = browser.get("/setup/scripts/close/").text
    restored = browser.post("/setup/scripts/close/restore/")

    assert (written.status_code, written["Location"]) == (302, "/setup/scripts/")
    assert "Когда звонить, {client}?" in page
    assert restored.status_code == 302
    assert not Script.objects.exists()
    assert [entry.facts for entry in AuditEntry.objects.filter(subject="script").order_by("pk")] == [
        {"code": "close", "enabled": True},
        {"code": "close"},
    ]


def test_a_manager_and_a_director_do_not_write_the_script():
    for who in (ivan(), employee("director", "Нина Орлова", role=Role.DIRECTOR)):
        browser = at_desk_of(who)

        answers = [browser.get("/setup/scripts/"), browser.post("/setup/scripts/close/", CLOSE)]

        assert [answer.status_code for answer in answers] == [403, 403]
    assert not Script.objects.exists()


def test_saved_by_a_part_of_the_page_it_leads_to_the_list():
    answer = at_desk_of(head_of_sales(), part=True).post("/setup/scripts/close/", CLOSE)

    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/setup/scripts/")
    assert Script.objects.get().text_ru == CLOSE["ru"]


def test_a_refused_text_stays_in_its_field_with_the_sentence_beside_it():
    answer = at_desk_of(head_of_sales(), part=True).post("/setup/scripts/close/", CLOSE | {"ru": "Это {имя}."})

    assert answer.status_code == 422
    assert "Переменной «имя» нет" in answer.text
    assert ">Это {имя}.</textarea>" in answer.text
    assert not Script.objects.exists()


def test_of_two_pages_the_older_one_is_told_and_loses_nothing():
    browser = at_desk_of(head_of_sales(), part=True)
    browser.post("/setup/scripts/close/", CLOSE)

    late = browser.post("/setup/scripts/close/", CLOSE | {"ru": "Другое."})

    assert late.status_code == 409
    assert ">Другое.</textarea>" in late.text
    assert Script.objects.get().text_ru == CLOSE["ru"]


def test_a_block_switched_off_is_on_no_card():
    head, manager = head_of_sales(), ivan()
    a_call(manager)
    at_desk_of(head).post("/setup/scripts/forgotten/", {"ru": "Молчим {silence}.", "version": "0"})

    assert len(said(at_desk_of(manager).get("/day/").text)) == 2


def test_there_is_no_block_of_another_name():
    browser = at_desk_of(head_of_sales())

    assert browser.get("/setup/scripts/x/").status_code == 404
    assert browser.post("/setup/scripts/x/restore/").status_code == 404
    assert browser.get("/setup/scripts/news/77/").status_code == 404
    assert browser.post("/setup/scripts/news/77/end/").status_code == 404
    assert browser.post("/setup/scripts/preview/", {"code": "x"}).status_code == 404


def test_news_is_told_on_the_card_until_it_is_ended():
    head, manager = head_of_sales(), ivan()
    a_call(manager)
    browser = at_desk_of(head)
    form = browser.get("/setup/scripts/news/add/").text
    key = re.search(r'name="key" value="([^"]+)"', form)[1]

    for _twice in range(2):
        browser.post("/setup/scripts/news/add/", STOCK | {"key": key})
    told = said(at_desk_of(manager).get("/day/").text)
    number = Script.objects.get().pk
    browser.post(f"/setup/scripts/news/{number}/", STOCK | {"ru": "Анкеры кончаются.", "version": "1"})
    changed = said(at_desk_of(manager).get("/day/").text)
    browser.post(f"/setup/scripts/news/{number}/end/")

    assert told[2] == "Пришли анкеры."
    assert changed[2] == "Анкеры кончаются."
    assert len(said(at_desk_of(manager).get("/day/").text)) == 3
    assert "не говорят" in browser.get("/setup/scripts/").text


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"from_on": "2026-09-20", "until_on": "2026-09-19"}, "раньше чем начинается"),
        ({"until_on": "2026-02-30"}, "Укажите дату"),
        ({"until_on": "завтра"}, "Укажите дату"),
    ],
)
def test_news_with_impossible_days_is_refused_and_its_text_is_kept(days, sentence):
    answer = at_desk_of(head_of_sales(), part=True).post("/setup/scripts/news/add/", STOCK | days)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Пришли анкеры." in answer.text
    assert not Script.objects.exists()


def test_a_text_is_heard_in_both_languages_on_a_made_up_client_before_it_is_saved():
    answer = at_desk_of(head_of_sales()).post(
        "/setup/scripts/preview/",
        {"code": "close", "ru": "{client}, {promise}, {firm}?", "en": "{client}?", "enabled": "1"},
    )

    assert "Вымышленный клиент." in answer.text
    assert "ООО «Болт-Сервис»" not in answer.text.split("Весь разговор")[0]
    assert "Bolt-Service LLC?" in answer.text
    assert "<code>{firm}</code>" in answer.text
    assert not Script.objects.exists()


def test_the_head_hears_a_text_on_a_client_he_names():
    row = client("ООО «Гайка и Ко»", owner=ivan())

    answer = at_desk_of(head_of_sales()).post(
        "/setup/scripts/preview/",
        {"code": "forgotten", "ru": "{client}: {silence}.", "enabled": "1", "client": "гайка"},
    )

    assert f'href="/clients/{row.pk}/"' in answer.text
    assert "ООО «Гайка и Ко»: 3 месяца." in answer.text
    assert "условие не выполнено" not in answer.text
    assert "Это Иван Петров" in answer.text


def test_a_block_that_would_not_be_said_to_that_client_says_so():
    client("ООО «Гайка»", owner=ivan())

    answer = at_desk_of(head_of_sales()).post(
        "/setup/scripts/preview/", {"code": "prospect", "ru": "Привет.", "enabled": "1", "client": "гайка"}
    )

    assert "условие не выполнено" in answer.text


def test_an_administrator_hears_texts_on_the_made_up_client_only():
    client("ООО «Гайка и Ко»", owner=ivan())
    browser = at_desk_of(admin())

    answer = browser.post("/setup/scripts/preview/", {"code": "close", "ru": "{client}?", "client": "гайка"})

    assert "Гайка" not in answer.text
    assert 'name="client"' not in browser.get("/setup/scripts/close/").text


def test_a_text_that_cannot_be_said_is_explained_while_it_is_being_written():
    browser = at_desk_of(head_of_sales())

    wrong = browser.post("/setup/scripts/preview/", {"code": "close", "ru": "Да.", "en": "It is {name}."})
    empty = browser.post("/setup/scripts/preview/", {"code": "news", "ru": " "})

    assert (wrong.status_code, empty.status_code) == (200, 200)
    assert "Переменной «name» нет" in wrong.text
    assert "Напишите текст" in empty.text


def test_news_being_changed_is_heard_instead_of_what_it_was():
    head = head_of_sales()
    browser = at_desk_of(head)
    browser.post("/setup/scripts/news/add/", STOCK)
    number = Script.objects.get().pk

    answer = browser.post(
        "/setup/scripts/preview/", STOCK | {"code": "news", "news_id": str(number), "ru": "Анкеры кончаются."}
    )

    assert "Анкеры кончаются." in answer.text
    assert "Пришли анкеры." not in answer.text


def test_the_firm_is_named_in_the_greeting():
    head, manager = head_of_sales(), ivan()
    a_call(manager)

    at_desk_of(head).post("/setup/scripts/firm/", {"ru": "«Крепёж-Снаб»", "version": "0"})

    assert "Это Иван Петров, «Крепёж-Снаб»." in said(at_desk_of(manager).get("/day/").text)[0]
    assert "«Крепёж-Снаб»" in at_desk_of(head).get("/setup/scripts/").text


def test_the_owner_writes_the_potential_down_and_the_question_goes():
    manager = ivan()
    row = a_call(manager)
    browser = at_desk_of(manager)

    answer = browser.post(f"/clients/{row.pk}/potential/", {"potential": "1,2 млн"})
    page = browser.get(f"/clients/{row.pk}/").text

    row.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, f"/clients/{row.pk}/")
    assert (row.potential, row.potential_on) == (1_200_000_00, TODAY)
    assert "1\u202f200\u202f000 ₽" in page
    assert "на 15.09.2026" in page
    assert "ask_potential" not in asked(browser.get("/day/").text)
    assert AuditEntry.objects.get(action="potential_set").facts == {"known": True}


def test_a_potential_is_taken_back_and_what_is_no_sum_is_refused():
    head = head_of_sales()
    row = client(owner=ivan())
    browser = at_desk_of(head, part=True)
    browser.post(f"/clients/{row.pk}/potential/", {"potential": "500 000"})

    wrong = browser.post(f"/clients/{row.pk}/potential/", {"potential": "много"})
    row.refresh_from_db()
    kept = row.potential
    for _twice in range(2):
        browser.post(f"/clients/{row.pk}/potential/", {"potential": ""})

    row.refresh_from_db()
    assert (wrong.status_code, kept) == (422, 500_000_00)
    assert (row.potential, row.potential_on) == (None, None)
    assert AuditEntry.objects.filter(action="potential_set").count() == 2


def test_a_director_and_a_stranger_write_no_potential():
    row = client(owner=olga())

    answers = [
        at_desk_of(who).post(f"/clients/{row.pk}/potential/", {"potential": "5"}).status_code
        for who in (employee("director", "Нина Орлова", role=Role.DIRECTOR), ivan())
    ]

    row.refresh_from_db()
    assert (answers, row.potential) == ([403, 404], None)
