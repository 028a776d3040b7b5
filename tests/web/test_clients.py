"""The list of clients, the search, data repair: one's own by any part, a stranger by the whole number alone."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client as Browser
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from budilnik.calling.queries import clients as listed
from budilnik.calling.queries.repair import to_repair
from budilnik.calling.queries.sight import sight_of
from budilnik.clients.actions.clock import silence_of
from budilnik.clients.models import Client, ContactPerson, Phone
from budilnik.core.policy import Policy
from budilnik.core.search import read_query
from budilnik.core.status import last_day_kept
from budilnik.core.terms import Role
from budilnik.staff.actions import set_policy
from budilnik.staff.models import AuditEntry, Tally
from cast import NOW, POLICY, TODAY, client, employee, head_of_sales, ivan, olga, pool_client, task

pytestmark = pytest.mark.django_db

LINK = 'class="cl-name"><a href="'


@pytest.fixture(autouse=True)
def ten_in_the_morning():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def at_work(who, *, part: bool = False) -> Browser:
    browser = Browser(headers={"HX-Request": "true"} if part else {})
    browser.force_login(who)
    return browser


def names(response) -> list[str]:
    assert response.status_code == 200, response.content.decode()[:500]
    return [part.split(">", 1)[1].split("</a>")[0] for part in response.content.decode().split(LINK)[1:]]


def search(who, query: str) -> list[str]:
    return names(at_work(who).get("/clients/", {"q": query}))


def firms(owner, *titles: str) -> list[Client]:
    return [client(title, owner=owner, phones=(f"+7495000000{at}",)) for at, title in enumerate(titles)]


def test_a_manager_sees_his_own_clients_and_nobody_elses():
    himself = ivan()
    firms(himself, "Болт", "Гайка")
    client("Чужой", owner=olga(), phones=("+74951112233",))
    task(pool_client("Из пула", lost_by=olga_again()), himself)

    assert sorted(names(at_work(himself).get("/clients/"))) == ["Болт", "Гайка"]


def olga_again():
    return employee("olga2", "Ольга Вторая")


def test_whoever_is_nearest_to_the_loss_comes_first_and_under_seven_days_is_red():
    himself = ivan()
    client("Через месяц", owner=himself, silent_since=date(2026, 4, 15))
    client("Через пять дней", owner=himself, silent_since=date(2026, 3, 20), phones=())
    client("Постоянный", owner=himself, silent_since=date(2026, 9, 1), phones=())

    page = at_work(himself).get("/clients/")

    assert names(page) == ["Через пять дней", "Через месяц", "Постоянный"]
    assert page.content.decode().count('class="cl-soon"') == 1


def test_an_agreed_date_holds_a_client_back_in_the_order():
    himself = ivan()
    later = client("Договорились", owner=himself, silent_since=date(2026, 3, 20))
    Client.objects.filter(pk=later.pk).update(agreed_until=date(2026, 12, 1))
    client("Скоро", owner=himself, silent_since=date(2026, 4, 15), phones=())

    assert names(at_work(himself).get("/clients/")) == ["Скоро", "Договорились"]


@pytest.mark.parametrize(
    ("sort", "first"),
    [("name", "Анкер"), ("silence", "Давно молчит"), ("value", "Самый дорогой"), ("junk", "Давно молчит")],
)
def test_the_list_is_ordered_as_asked(sort, first):
    himself = ivan()
    client("Давно молчит", owner=himself, silent_since=date(2026, 3, 20), value=1)
    client("Анкер", owner=himself, silent_since=date(2026, 8, 1), value=2, phones=())
    client("Самый дорогой", owner=himself, silent_since=date(2026, 7, 1), value=900_000_00, phones=())

    assert names(at_work(himself).get("/clients/", {"sort": sort}))[0] == first


def test_tabs_count_the_clients_of_each_status_and_show_them():
    himself = ivan()
    client("Забытый", owner=himself)
    client("Постоянный", owner=himself, silent_since=date(2026, 9, 1), phones=())

    page = at_work(himself).get("/clients/", {"status": "regular"})

    assert names(page) == ["Постоянный"]
    assert page.context["listed"].counts == {"": 2, "forgotten": 1, "regular": 1, "lost": 0, "prospect": 0}


def test_the_head_sees_all_with_their_owners_and_asks_for_the_pool_or_for_nobodys():
    himself, head = ivan(), head_of_sales()
    client("Ивана", owner=himself)
    client("Ничей", phones=())
    pool_client("Из пула", lost_by=himself)
    gone = client("В архиве", phones=())
    Client.objects.filter(pk=gone.pk).update(archived_on=TODAY)

    def seen(**query):
        return sorted(names(at_work(head).get("/clients/", query)))

    assert seen() == ["Ивана", "Из пула", "Ничей"]
    assert seen(owner="pool") == ["Из пула"]
    assert seen(owner="nobody") == ["Ничей"]
    assert seen(owner=str(himself.pk)) == ["Ивана"]
    assert seen(owner="junk") == []
    assert seen(status="archived") == ["В архиве"]


def test_a_manager_asks_in_vain_for_the_clients_of_others_or_the_archive():
    himself, her = ivan(), olga()
    client("Ивана", owner=himself)
    hers = client("Ольги", owner=her, phones=())
    Client.objects.filter(pk=hers.pk).update(archived_on=TODAY)

    assert names(at_work(himself).get("/clients/", {"owner": her.pk})) == ["Ивана"]
    assert names(at_work(himself).get("/clients/", {"owner": "pool"})) == ["Ивана"]
    assert names(at_work(himself).get("/clients/", {"status": "archived"})) == []


def test_the_list_goes_on_by_fifty():
    himself = ivan()
    for number in range(60):
        client(f"Завод {number:02}", owner=himself, phones=())

    first = at_work(himself).get("/clients/", {"sort": "name"})
    second = at_work(himself).get("/clients/", {"sort": "name", "page": 2})
    third = at_work(himself).get("/clients/", {"sort": "left", "page": 2})

    assert (len(names(first)), len(names(second)), len(names(third))) == (50, 10, 10)
    assert names(second)[0] == "Завод 50"
    assert at_work(himself).get("/clients/", {"page": "99999999999999999999"}).status_code == 200


@pytest.mark.parametrize(
    "query", ["болт", "БОЛТ-СЕР", "сервис болт", "«Болт»", "ооо болт", "ёлка", "ЕЛКА", "Ёлк", "болт%", "  болт "]
)
def test_a_client_is_found_by_part_of_his_name_in_any_writing(query):
    himself = ivan()
    client("ООО «Болт-Сервис Ёлка»", owner=himself)

    assert search(himself, query) == ["ООО «Болт-Сервис Ёлка»"]


@pytest.mark.parametrize("query", ["винт", "%", "_", "\\", "'", "болт винт", "б_лк", "%болк"])
def test_signs_of_the_database_find_nothing(query):
    himself = ivan()
    client("ООО «Болт»", owner=himself)

    assert search(himself, query) == []


NAMES = st.text(alphabet="абвгдеёжзйклАБВЕЁЖЙcdXYZ019 -«»\"'.", min_size=1, max_size=30).filter(
    lambda name: any(sign.isalnum() for sign in name)
)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(name=NAMES, data=st.data())
def test_the_search_finds_a_name_by_any_of_its_parts(name, data):
    head = employee_once("head", Role.HEAD)
    row = client(f"ООО «{name}»", phones=())
    first = data.draw(st.integers(0, len(name) - 1))
    part = name[first : data.draw(st.integers(first + 1, len(name)))]
    typed = data.draw(st.sampled_from([part.upper(), part.lower(), part.replace("ё", "е").replace("Ё", "Е")]))
    asked = read_query(typed)

    found = listed.found_clients(sight_of(head, on=TODAY), asked=asked, page=1, on=TODAY, policy=POLICY)

    assert not asked.words or row.pk in {line.client_id for line in found.lines}
    row.contacts.all().delete()
    row.delete()


def employee_once(login, role):
    from budilnik.staff.models import Employee

    return Employee.objects.filter(login=login).first() or employee(login, login, role=role)


@pytest.mark.parametrize("query", ["495 123", "123-45", "+7 (495) 123-45-67", "8 495 12", "84951234567", "234567"])
def test_a_client_is_found_by_part_of_his_number_in_any_writing(query):
    himself = ivan()
    client("ООО «Болт»", owner=himself, phones=("+74951234567",))
    client("ООО «Гайка»", owner=himself, phones=("+78120000000",))

    assert search(himself, query) == ["ООО «Болт»"]


def test_a_client_is_found_by_the_beginning_of_his_inn():
    himself = ivan()
    row = client("ООО «Болт»", owner=himself)
    Client.objects.filter(pk=row.pk).update(inn="7707083893")

    assert search(himself, "77070") == search(himself, "7707083893") == ["ООО «Болт»"]
    assert search(himself, "083893") == []


def strangers_on(page) -> list[str]:
    return [found.name for found, _ in page.context.get("strangers", [])]


def test_part_of_a_number_or_of_a_name_finds_no_client_of_another():
    himself = ivan()
    row = client("ООО «Чужой»", owner=olga(), phones=("+74951234567",))
    Client.objects.filter(pk=row.pk).update(inn="7707083893")

    for query in ("чужой", "495123", "8495123456", "770708", "707083893"):
        page = at_work(himself).get("/clients/", {"q": query})
        assert "Чужой" not in page.content.decode().replace("чужой", "")
        assert strangers_on(page) == []
    assert Tally.objects.count() == 0


@pytest.mark.parametrize("query", ["+7 495 123-45-67", "84951234567", "4951234567", "7707083893"])
def test_a_whole_number_or_inn_finds_the_client_of_another_with_name_owner_and_status_only(query):
    himself = ivan()
    row = client("ООО «Чужой»", owner=olga(), phones=("+74951234567",), value=777_000_00)
    Client.objects.filter(pk=row.pk).update(inn="7707083893", city="Верхняя Салда")

    page = at_work(himself).get("/clients/", {"q": query})

    assert strangers_on(page) == ["ООО «Чужой»"]
    text = page.content.decode()
    assert "Ольга Сергеева" in text
    assert f"/clients/{row.pk}/call/?pass=" in text
    assert "777" not in text.replace("77707", "").replace(query, "")
    assert "Верхняя Салда" not in text


def test_a_stranger_found_is_counted_once_a_day_and_audited():
    himself = ivan()
    row = client("ООО «Чужой»", owner=olga())

    for _ in range(3):
        at_work(himself).get("/clients/", {"q": "+74951234567"})

    entry = AuditEntry.objects.get(action="stranger_found")
    assert (entry.by_id, entry.subject, entry.subject_id, entry.facts) == (himself.pk, "client", row.pk, {})
    assert Tally.objects.get(employee=himself, what="lookup").count == 1


def test_beyond_the_days_cap_no_stranger_is_told_of_and_one_who_is_not_there_sounds_the_same():
    himself = ivan()
    set_policy(policy=Policy(lookups_per_day=1), starts_on=TODAY, on=TODAY, why="меньше", by=None, now=NOW)
    her = olga()
    client("ООО «Первый»", owner=her, phones=("+74951111111",))
    client("ООО «Второй»", owner=her, phones=("+74952222222",))
    visitor = at_work(himself)
    visitor.get("/clients/", {"q": "+74951111111"})

    second = visitor.get("/clients/", {"q": "+74952222222"})
    nobody = visitor.get("/clients/", {"q": "+74953333333"})
    again = visitor.get("/clients/", {"q": "+74951111111"})

    assert "Второй" not in second.content.decode()
    assert second.context["capped"] == nobody.context["capped"] != ""
    assert strangers_on(again) == ["ООО «Первый»"]


def test_the_head_looks_up_nobody_for_all_are_his():
    head = head_of_sales()
    client("ООО «Болт»", owner=ivan())

    page = at_work(head).get("/clients/", {"q": "+74951234567"})

    assert names(page) == ["ООО «Болт»"]
    assert Tally.objects.count() == 0


def test_a_pool_client_of_todays_list_is_opened_and_not_counted():
    himself = ivan()
    row = pool_client("ООО «Из пула»", lost_by=olga())
    task(row, himself)

    page = at_work(himself).get("/clients/", {"q": "+74951234567"})

    assert f'href="/clients/{row.pk}/"' in page.content.decode()
    assert Tally.objects.count() == 0


def test_the_search_while_typing_gets_the_list_alone():
    himself = ivan()
    client("ООО «Болт»", owner=himself)

    part = at_work(himself, part=True).get("/clients/", {"q": "болт"}).content.decode()

    assert part.strip().startswith('<div id="list"')
    assert "<html" not in part


def pass_of(page, number: int) -> str:
    address = next(part for part in page.content.decode().split('"') if f"/clients/{number}/call/?pass=" in part)
    return parse_qs(urlsplit(address.replace("&amp;", "&")).query)["pass"][0]


def test_the_pass_opens_the_form_for_an_hour_for_him_who_found_alone(ten_in_the_morning):
    himself, pavel = ivan(), employee("pavel", "Павел Жуков")
    row = client("ООО «Чужой»", owner=olga())
    other = client("ООО «Другой»", owner=olga_again(), phones=())
    token = pass_of(at_work(himself).get("/clients/", {"q": "+74951234567"}), row.pk)

    assert at_work(himself).get(f"/clients/{row.pk}/call/", {"pass": token}).status_code == 200
    assert at_work(pavel).get(f"/clients/{row.pk}/call/", {"pass": token}).status_code == 404
    assert at_work(himself).get(f"/clients/{other.pk}/call/", {"pass": token}).status_code == 404
    assert at_work(himself).get(f"/clients/{row.pk}/call/", {"pass": token[:-2]}).status_code == 404
    assert at_work(himself).get(f"/clients/{row.pk}/call/").status_code == 404
    ten_in_the_morning.shift(timedelta(minutes=61))
    assert at_work(himself).get(f"/clients/{row.pk}/call/", {"pass": token}).status_code == 404


def lost_number(owner=None, *, name: str, number: str = "+74951234567") -> Client:
    row = client(name, owner=owner, phones=(number,)) if owner else pool_client(name, lost_by=olga_again())
    row.phones.update(wrong_on=TODAY)
    Client.objects.filter(pk=row.pk).update(phone_state="wrong")
    return row


def test_data_repair_shows_ones_own_with_the_reason_and_a_new_number_mends():
    himself = ivan()
    row = lost_number(himself, name="ООО «Болт»")
    ContactPerson.objects.create(client=row, name="Анна Орлова", post="снабжение")
    tired = client("ООО «Недозвон»", owner=himself, phones=("+74957777777",))
    Client.objects.filter(pk=tired.pk).update(phone_state="wrong")

    page = at_work(himself).get("/clients/repair/").content.decode()
    mended = at_work(himself, part=True).post(f"/clients/repair/{row.pk}/", {"number": "8 916 123-45-67"})

    assert "все номера неверные" in page
    assert "не дозвонились за два круга" in page
    assert "Анна Орлова" in page
    assert mended.status_code == 200
    assert Phone.objects.get(client=row, wrong_on=None).number == "+79161234567"
    assert "ООО «Болт»" not in at_work(himself).get("/clients/repair/").content.decode()


def test_the_head_repairs_the_pool_and_looks_at_everybodys():
    head, himself = head_of_sales(), ivan()
    lost_number(himself, name="ООО «Ивана»")
    lost_number(name="ООО «Из пула»")

    pool = at_work(head).get("/clients/repair/").content.decode()
    everybody = at_work(head).get("/clients/repair/", {"whose": "all"}).content.decode()

    assert "Из пула" in pool
    assert "ООО «Ивана»" not in pool
    assert "ООО «Ивана»" in everybody


def test_clients_without_a_number_stand_under_a_tab_of_their_own():
    himself = ivan()
    client("ООО «Без номера»", owner=himself, phones=())

    assert "Без номера" not in at_work(himself).get("/clients/repair/").content.decode()
    assert "Без номера" in at_work(himself).get("/clients/repair/", {"tab": "none"}).content.decode()


@pytest.mark.parametrize("typed", ["", "123", "нет номера", "8 916 123-45-67, 8 916 123-45-68"])
def test_what_is_not_one_number_gets_a_sentence(typed):
    himself = ivan()
    row = lost_number(himself, name="ООО «Болт»")

    answer = at_work(himself, part=True).post(f"/clients/repair/{row.pk}/", {"number": typed})

    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#messages"
    assert Phone.objects.filter(wrong_on=None).count() == 0


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 190), st.none() | st.integers(1, 300)), max_size=25), st.integers(1, 5))
def test_the_nearest_to_the_loss_are_the_same_as_if_everybody_were_judged(silences, upto):
    Client.objects.all().delete()
    for number, (days, agreed) in enumerate(silences):
        row = client(f"Завод {number}", silent_since=TODAY - timedelta(days=days), phones=())
        Client.objects.filter(pk=row.pk).update(agreed_until=agreed and TODAY + timedelta(days=agreed))
        row.contacts.all().delete()

    found = listed._by_days_left(Client.objects.all(), policy=POLICY, upto=upto)

    alive = Client.objects.exclude(status="lost")
    judged = sorted((last_day_kept(silence_of(row), policy=POLICY.silence), row.pk) for row in alive)
    assert found[: len(judged)] == [number for _, number in judged][:upto]
    assert len(found) == min(upto, len(silences))


@pytest.mark.parametrize(
    ("sort", "queries"),
    [(listed.Sort.LEFT, 4), (listed.Sort.SILENCE, 2), (listed.Sort.VALUE, 2), (listed.Sort.NAME, 2)],
)
def test_the_list_asks_the_database_as_often_as_it_says(sort, queries, django_assert_num_queries):
    himself, head = ivan(), head_of_sales()
    firms(himself, "Болт", "Гайка", "Трос")
    wanted = listed.Wanted(sort=sort)

    for who in (himself, head):
        with django_assert_num_queries(queries):
            listed.clients_of(sight_of(who, on=TODAY), wanted=wanted, on=TODAY, policy=POLICY)


def test_reads_of_the_search_ask_the_database_as_often_as_they_say(django_assert_num_queries):
    himself, head = ivan(), head_of_sales()
    firms(himself, "Болт", "Гайка", "Трос")
    client("Без номера", owner=himself, phones=())
    mine, everything = sight_of(himself, on=TODAY), sight_of(head, on=TODAY)
    asked = read_query("+74951234567")

    with django_assert_num_queries(1):
        listed.found_clients(mine, asked=asked, page=1, on=TODAY, policy=POLICY)
    with django_assert_num_queries(1):
        listed.strangers(mine, asked=asked)
    with django_assert_num_queries(0):
        listed.strangers(everything, asked=asked)
        listed.strangers(mine, asked=read_query("болт"))
    with django_assert_num_queries(1):
        listed.owners(everything)
    with django_assert_num_queries(5):
        to_repair(mine, state="none", ownerless=False, page=1)
