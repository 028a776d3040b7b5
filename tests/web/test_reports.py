"""The reports as the head opens them: who may, what a figure leads to, what a file holds."""

import csv
import io
import re
from datetime import date, timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client as Browser

from budilnik.clients.models import Client, StatusChange
from budilnik.core.terms import Role
from cast import NOW, TODAY, buys, client, employee, head_of_sales, ivan, looked_at, olga, pool_client, profiled, task

pytestmark = pytest.mark.django_db

PLACES = (
    "coverage/",
    "coverage/weeks/",
    "coverage/classes/",
    "coverage/days/",
    "discipline/",
    "discipline/own_planned/",
    "flows/",
    "money/",
    "money/revenue/",
)


@pytest.fixture(autouse=True)
def ten_in_the_morning():
    with time_machine.travel(NOW, tick=False):
        yield


def page(who, place: str, *, status: int = 200):
    browser = Browser()
    browser.force_login(who)
    answer = browser.get(place if place.startswith("/") else f"/reports/{place}")
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer


def text(answer) -> str:
    return answer.content.decode()


def a_firm() -> None:
    """Ten clients with two managers, one in the pool; a look, a task, a purchase, a change of status."""
    owners = (ivan(), olga())
    run = looked_at()
    for number in range(10):
        row = client(
            f"Клиент {number}", owner=owners[number % 2], silent_since=TODAY - timedelta(days=20 * number), phones=()
        )
        profiled(run, row, abc="ABC"[number % 3], abcd="ABCD"[number % 4], by_potential=number < 5)
        Client.objects.filter(pk=row.pk).update(leaving=number % 3 == 0, first_order_on=row.silent_since)
    buys(row, TODAY, болт=1234_00)
    task(row, owners[1])
    StatusChange.objects.create(
        client=row, from_status="regular", to_status="forgotten", on=TODAY, recorded_at=NOW, why="silence"
    )
    pool_client("Потерян", lost_by=owners[0])


@pytest.mark.parametrize("place", PLACES)
def test_the_reports_are_for_the_head_and_the_director(place):
    a_firm()

    page(head_of_sales(), place)
    page(employee("boss", "Директор", role=Role.DIRECTOR), place)
    page(employee("pavel", "Павел", role=Role.MANAGER), place, status=403)
    page(employee("admin", "Пётр", role=Role.ADMINISTRATOR), place, status=403)


@pytest.mark.parametrize("place", PLACES)
def test_an_empty_firm_has_reports_too(place):
    page(head_of_sales(), place)


LINK = re.compile(r'<a href="(/clients/\?[^"]+)">([^<]+)</a>')


@pytest.mark.parametrize("place", ["coverage/", "coverage/classes/", "money/"])
def test_every_figure_that_leads_to_a_list_is_as_long_as_the_list(place):
    a_firm()
    head = head_of_sales()

    figures = set(LINK.findall(text(page(head, place))))

    assert len(figures) >= 5
    for address, figure in figures:
        listed = page(head, unescape(address)).context["listed"]
        assert listed.total == len(listed.lines) == int(figure), address


BEHIND = re.compile(r'<a href="(/reports/discipline/[^"]+)">([^<]+)</a>')


def test_every_figure_of_discipline_leads_to_what_it_counts():
    a_firm()
    head = head_of_sales()

    figures = set(BEHIND.findall(text(page(head, "discipline/"))))

    assert {int(figure) for _, figure in figures} >= {1}
    for address, figure in figures:
        assert page(head, unescape(address)).context["shown"].total == int(figure)


def test_without_the_telephony_the_page_says_that_there_are_no_data_of_it():
    a_firm()

    assert "нет данных телефонии" in text(page(head_of_sales(), "discipline/"))


def test_a_period_that_ends_before_it_begins_is_told_in_a_sentence():
    said = text(page(head_of_sales(), "flows/?from=2026-09-10&until=2026-09-01", status=422))

    assert "Период кончается (01.09.2026) раньше, чем начинается (10.09.2026)" in said


def test_a_period_longer_than_a_year_is_refused():
    said = text(page(head_of_sales(), "discipline/?from=2020-01-01&until=2026-09-01", status=422))

    assert "Период длиннее года" in said


@pytest.mark.parametrize("query", ["from=yesterday&until=2026-02-31", "employee=x&page=y", "place=nobody-such"])
@pytest.mark.parametrize("place", PLACES)
def test_what_cannot_be_read_in_an_address_is_left_out(place, query):
    a_firm()

    page(head_of_sales(), f"{place}?{query}")


def test_a_figure_that_is_not_counted_is_not_found():
    page(head_of_sales(), "discipline/beauty/", status=404)


def test_the_flows_of_a_period_and_a_manager_are_asked_for_by_the_address():
    a_firm()
    head = head_of_sales()

    answer = page(head, f"flows/?from=2026-09-01&until=2026-09-15&employee={ivan_of()}")

    assert answer.context["told"].within.first == date(2026, 9, 1)
    assert answer.context["told"].total.clients == Client.objects.filter(tenures__employee=ivan_of()).count()


def ivan_of() -> int:
    return Client.objects.get(name="Клиент 0").owner_id


def test_the_line_of_a_manager_is_drawn_when_he_is_chosen():
    a_firm()

    answer = page(head_of_sales(), f"coverage/weeks/?place={ivan_of()}")

    line = answer.context["weeks"].of(str(ivan_of()))
    drawn = answer.context["chart"].series[0].values
    assert drawn[: len(line.shares)] == line.shares
    assert line.clients == Client.objects.filter(owner=ivan_of()).count()


@pytest.mark.parametrize("place", PLACES)
def test_every_report_can_be_taken_out_as_a_file(place):
    a_firm()
    head = head_of_sales()

    answer = page(head, f"{place}?format=csv")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len({len(row) for row in rows if row}) == 1
    assert len(rows) > 1


def test_the_file_of_the_board_says_what_the_board_says():
    a_firm()
    head = head_of_sales()
    board = page(head, "coverage/").context["board"]

    told = page(head, "coverage/?format=csv").content.decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(told), delimiter=";"))
    assert [row[1:4] for row in rows[1:]] == [
        [str(n) for n in (line.covered.base, line.covered.contacted, line.covered.talked)]
        for line in (*board.lines, board.total)
    ]
