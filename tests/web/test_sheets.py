"""Tables as files: what is in them, who may take them, what is written down."""

import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
import time_machine
from django.test import Client as Browser
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from budilnik.calling.queries.client_file import clients_for_file
from budilnik.calling.queries.clients import Wanted
from budilnik.calling.queries.sight import sight_of
from budilnik.clients.models import Client
from budilnik.core.policy import Policy
from budilnik.core.terms import Role
from budilnik.staff.models import AuditEntry, Employee, Tally
from budilnik.web.sheets import Column, Sheet, _guarded, sheet_response
from cast import NOW, TODAY, client, employee, head_of_sales, ivan, looked_at, olga, profiled

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SHEET = Sheet(
    name="Охват/доска",
    columns=(
        Column(title="Менеджер"),
        Column(title="Клиенты", kind="count"),
        Column(title="Сумма", kind="money"),
        Column(title="Доля", kind="share"),
        Column(title="День", kind="date"),
        Column(title="Когда", kind="moment"),
        Column(title="Месяц", kind="number"),
    ),
    rows=[
        ("Иван", 3214, 1_234_567_89, 0.305, date(2026, 3, 11), datetime(2026, 3, 11, 7, 5, tzinfo=UTC), 1.25),
        ("=1+1", None, -50, None, None, None, None),
        ("", 0, 0, 0.0, None, None, None),
    ],
)


@pytest.fixture(autouse=True)
def ten_in_the_morning():
    with time_machine.travel(NOW, tick=False):
        yield


def visitor(who: Employee) -> Browser:
    browser = Browser()
    browser.force_login(who)
    return browser


class Asking:
    """As much of a request as a file needs."""

    resolver_match = None
    policy = Policy()
    now, on = NOW, TODAY

    def __init__(self, user: Employee, **asked: str) -> None:
        self.user = user
        self.GET = asked


def book(answer) -> list[tuple[object, ...]]:
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    return [tuple(cell.value for cell in row) for row in page.iter_rows()]


def table(answer, *, delimiter: str = ";") -> list[list[str]]:
    assert answer.content.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=delimiter))


def test_a_workbook_holds_numbers_sums_shares_and_days_as_such_and_no_formula():
    answer = sheet_response(Asking(head_of_sales()), SHEET, format="xlsx")

    page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert book(answer)[1:] == [
        ("Иван", 3214, 1234567.89, 0.305, datetime(2026, 3, 11), datetime(2026, 3, 11, 10, 5), 1.25),
        ("=1+1", None, -0.5, None, None, None, None),
        (None, 0, 0, 0, None, None, None),
    ]
    assert page["A3"].data_type == "s"
    assert [cell.number_format for cell in page[2]][1:5] == ["#,##0", "#,##0.00", "0.0%", "DD.MM.YYYY"]
    assert page.freeze_panes == "A2"
    assert page.title == "Охват доска"
    assert page.column_dimensions["A"].width >= 10


def test_a_text_file_speaks_as_spreadsheets_of_the_country_do():
    russian = sheet_response(Asking(head_of_sales()), SHEET, format="csv")
    with translation.override("en"):
        english = sheet_response(Asking(Employee.objects.get(login="head")), SHEET, format="csv")

    assert table(russian)[1] == ["Иван", "3214", "1234567,89", "30,5%", "11.03.2026", "11.03.2026 10:05", "1,25"]
    assert table(english, delimiter=",")[1][2:4] == ["1234567.89", "30.5%"]
    assert table(russian)[2][0] == "'=1+1"


@given(st.text(max_size=20))
def test_no_text_begins_as_a_formula(text):
    assert not _guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_the_name_of_the_file_is_read_in_both_alphabets():
    answer = sheet_response(Asking(head_of_sales()), SHEET, format="csv")

    told = answer["Content-Disposition"]
    assert told.startswith("attachment; filename*=utf-8''%D0%9E%D1%85%D0%B2%D0%B0%D1%82-")
    assert told.isascii()


def base() -> tuple[Employee, Employee]:
    mine, his = ivan(), olga()
    for number in range(3):
        client(f"Болт {number}", owner=mine, phones=(f"+7495000000{number}",))
    client("Гайка", owner=his, phones=("+74950000009",))
    return mine, his


def test_the_head_takes_the_whole_list_with_its_filter_and_it_is_written_down():
    mine, _his = base()
    head = head_of_sales()

    answer = visitor(head).get("/clients/", {"owner": mine.pk, "sort": "name", "format": "csv", "page": "7"})

    rows = table(answer)
    owned = Client.objects.filter(owner=mine).order_by("sort_key")
    assert [row[0] for row in rows[1:]] == [each.name for each in owned]
    assert [row[-1] for row in rows[1:]] == [f"'{each.phones.get().number}" for each in owned]
    written = AuditEntry.objects.get(action="exported")
    assert written.facts == {"what": "clients:clients", "rows": 3, "owner": str(mine.pk), "sort": "name"}
    assert Tally.objects.get(employee=head, what="export").count == 1


def test_what_was_searched_for_is_taken_and_its_words_are_not_written_down():
    base()

    answer = visitor(head_of_sales()).get("/clients/", {"q": "гайка", "format": "csv"})

    assert [row[0] for row in table(answer)[1:]] == ["Гайка"]
    assert "q" not in AuditEntry.objects.get(action="exported").facts


def test_a_search_that_means_nothing_takes_nobody():
    base()

    assert len(table(visitor(head_of_sales()).get("/clients/", {"q": "!", "format": "csv"}))) == 1


@pytest.mark.parametrize("sort", ["left", "silence", "value", "name"])
def test_the_file_has_the_order_of_the_page(sort):
    mine, _his = base()
    client("Дюбель", owner=mine, silent_since=date(2026, 1, 2), value=900)
    client("Ёрш", owner=mine, silent_since=date(2026, 2, 2), value=100)
    head = visitor(head_of_sales())

    page = head.get("/clients/", {"sort": sort})
    answer = head.get("/clients/", {"sort": sort, "format": "csv"})

    assert [row[0] for row in table(answer)[1:]] == [line.name for line in page.context["listed"].lines]


def test_a_manager_takes_nothing_and_sees_no_link():
    mine, _his = base()
    browser = visitor(mine)

    answer = browser.get("/clients/", {"format": "xlsx"})

    assert answer.status_code == 403
    assert "Выгружать таблицы вам не разрешено" in answer.content.decode()
    assert "format=xlsx" not in browser.get("/clients/").content.decode()
    assert not AuditEntry.objects.filter(action="exported").exists()


def test_a_manager_with_the_right_takes_his_own_clients_only():
    mine, _his = base()
    Employee.objects.filter(pk=mine.pk).update(may_export=True)
    browser = visitor(mine)

    answer = browser.get("/clients/", {"format": "csv"})

    assert {row[0] for row in table(answer)[1:]} == {"Болт 0", "Болт 1", "Болт 2"}
    assert "/clients/?format=xlsx" in browser.get("/clients/").content.decode()


def test_the_list_is_two_queries_however_long(django_assert_num_queries):
    base()
    sight = sight_of(head_of_sales(), on=TODAY)

    with django_assert_num_queries(2):
        taken = clients_for_file(sight, wanted=Wanted(), asked=None, on=TODAY, policy=Policy())

    assert len(taken) == Client.objects.count()


def test_the_team_today_is_taken_with_its_sum():
    base()

    rows = table(visitor(head_of_sales()).get("/team/", {"format": "csv"}))

    assert rows[0][0] == "Менеджер"
    assert {row[0] for row in rows[1:]} == {"Иван Петров", "Ольга Сергеева", "Всего"}


@pytest.mark.parametrize("place", ["", "rfm/", "seasons/", "stopped/", "threat/", "potential/"])
def test_every_page_over_the_whole_base_is_taken_as_a_file(place):
    base()
    run = looked_at(clients=4)
    for each in Client.objects.all():
        profiled(run, each, revenue_365=100_00, abc="A", regularity="X", abcd="A", recency=5, frequency=5, monetary=5)
        Client.objects.filter(pk=each.pk).update(leaving=True, potential=300_00, expected_90=7_00)
    browser = visitor(head_of_sales())
    assert "format=xlsx" in browser.get(f"/insight/{place}").content.decode()

    rows = book(browser.get(f"/insight/{place}", {"format": "xlsx"}))

    assert rows[0][0]
    if place == "threat/":
        assert ("Иван Петров", 3, 3, 1, 3, 0, 300, 21) in rows


@pytest.mark.parametrize("by", [Role.ADMINISTRATOR, Role.HEAD])
def test_only_the_administrator_gives_the_right(by):
    mine = ivan()
    giver = employee("giver", "Пётр Орлов", role=by)

    answer = visitor(giver).post(f"/setup/{mine.pk}/export/", {"allowed": "1"})

    mine.refresh_from_db()
    assert mine.may_export is (by is Role.ADMINISTRATOR)
    assert answer.status_code == (302 if by is Role.ADMINISTRATOR else 403)
    assert AuditEntry.objects.filter(action="export_allowed").count() == int(by is Role.ADMINISTRATOR)


def test_the_right_is_taken_back_and_said_once():
    mine = ivan()
    admin = visitor(employee("giver", "Пётр Орлов", role=Role.ADMINISTRATOR))

    for allowed in ("1", "1", "", ""):
        admin.post(f"/setup/{mine.pk}/export/", {"allowed": allowed})

    mine.refresh_from_db()
    assert not mine.may_export
    assert AuditEntry.objects.filter(action__startswith="export_").count() == 2
