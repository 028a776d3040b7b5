"""The desk of the head walked as a head walks it: the board, a rule tried and in force, a base levelled, a year."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from budilnik.clients.models import Client
from budilnik.jobs.asked_work import do_asked_work
from budilnik.staff.models import AuditEntry, PolicyVersion
from cast import TODAY, client, head_of_sales, ivan, olga, pool_client

pytestmark = pytest.mark.browser

MANY = 12
# Three in ten of the base have been talked to within the quarter.
SPOKEN, SILENT = TODAY - timedelta(days=20), TODAY - timedelta(days=120)


@pytest.fixture
def desk(open_as, site) -> Page:
    """A firm that talks to three clients in ten; Ivan holds far more than Olga."""
    head, many, few = head_of_sales(), ivan(), olga()
    for number in range(MANY):
        since = SPOKEN if number < 6 else SILENT
        client(f"Завод {number:02}", owner=many, silent_since=since, phones=(), value=number * 100_000)
    for number in range(2):
        client(f"Цех {number}", owner=few, silent_since=SILENT, phones=())
    for number in range(6):
        pool_client(f"Склад {number}", lost_by=few)
    return open_as(head, "/reports/coverage/")


def test_a_head_sees_the_coverage_tries_a_rule_levels_simulates_and_takes_the_board_along(desk: Page):
    total = desk.get_by_role("row", name="Всего").first

    expect(total).to_contain_text("30,0%")
    expect(total).to_contain_text("20")

    desk.goto("/policy/edit/")
    desk.locator("#f-norm").fill("25")
    desk.locator("button[formaction='/policy/trial/'], form[action='/policy/trial/'] button.btn-primary").first.click()
    expect(desk.locator(".po-verdict").first).to_contain_text("в пул")
    expect(desk.locator("#forecast")).to_contain_text("Моделируется")
    do_asked_work()
    expect(desk.locator("#forecast")).to_contain_text("охват дойдёт")
    desk.locator("#why").fill("Звоним больше")
    desk.locator("button", has_text="Ввести в действие").click()
    expect(desk.locator("#messages")).to_contain_text("Сохранено")
    assert PolicyVersion.objects.latest("version").settings["norm"] == 25

    desk.goto("/levelling/?aim=even")
    desk.locator("[name=why]").fill("Поровну")
    desk.locator("form[action='/levelling/apply/'] button").click()
    desk.wait_for_url("**/levelling/*/")
    assert Client.objects.filter(owner__login="ivan").count() < MANY

    desk.goto("/simulation/")
    desk.locator("[name=seeds]").select_option("1")
    desk.locator("[name=days][value='91']").check()
    desk.get_by_role("button", name="Смоделировать").click()
    expect(desk.locator("#progress")).to_be_visible()
    do_asked_work()
    expect(desk.get_by_role("row", name="Лучшее возможное")).to_be_visible()
    expect(desk.locator("tbody").first.locator("tr")).to_have_count(5)
    expect(desk.locator("figure svg").first).to_be_visible()

    desk.goto("/reports/coverage/")
    with desk.expect_download() as taken:
        desk.get_by_role("link", name="XLSX").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
    assert AuditEntry.objects.filter(action__contains="export").exists()
