"""The pages of the effect and of the funnel: who may open them, what they say, and what leaves as a file."""

import csv
import io
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client as Browser

from budilnik.calling.models import Call
from budilnik.clients.models import Client, PoolEntry
from budilnik.core.terms import Role
from budilnik.sales.models import Order
from budilnik.staff.models import AuditEntry, Employee
from cast import NOW, TODAY, client, employee, head_of_sales, ivan, olga, pool_client, task

pytestmark = pytest.mark.django_db

PLACES = ("effect/", "effect/funnel/", "effect/funnel/pool/called/")
ENTERED = TODAY - timedelta(days=100)


@pytest.fixture(autouse=True)
def ten_in_the_morning():
    with time_machine.travel(NOW, tick=False):
        yield


def page(who: Employee, place: str, *, status: int = 200):
    browser = Browser()
    browser.force_login(who)
    answer = browser.get(f"/reports/{place}")
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer


def pooled(lot: str, *, many: int, buys: int, net: int, on: date = ENTERED) -> None:
    """Clients of a lot who entered the pool on a day, the first of whom bought for a sum each ten days later."""
    for number in range(many):
        row = client(f"ООО «{lot} {number}»", silent_since=date(2025, 9, 1), in_pool_since=on, phones=())
        PoolEntry.objects.create(
            client=row,
            entered_on=on,
            drawn=lot,
            held_out_until=on + timedelta(days=91) if lot == "out" else None,
        )
        if number < buys:
            day = on + timedelta(days=10)
            Order.objects.create(
                source="1c",
                key=str(row.pk),
                client=row,
                ordered_at=NOW,
                ordered_on=day,
                net=net,
                counts=True,
                digest="x",
            )


@pytest.mark.parametrize("place", PLACES)
def test_the_pages_are_for_the_head_and_the_director(place):
    page(head_of_sales(), place)
    page(employee("boss", "Директор", role=Role.DIRECTOR), place)
    page(employee("pavel", "Павел", role=Role.MANAGER), place, status=403)
    page(employee("admin", "Пётр", role=Role.ADMINISTRATOR), place, status=403)


def test_a_difference_that_chance_may_make_is_told_so_in_plain_words():
    pooled("in", many=60, buys=6, net=1_000_00)
    pooled("out", many=30, buys=2, net=1_000_00)

    said = page(head_of_sales(), "effect/").content.decode()

    assert "Пока нельзя отличить от случайности." in said


def test_a_difference_beyond_chance_is_told_with_its_money():
    pooled("in", many=60, buys=45, net=1_000_00)
    pooled("out", many=30, buys=1, net=1_000_00)

    answer = page(head_of_sales(), "effect/")

    brought = 45 * 1_000_00 - 60 * 1_000_00 / 30
    assert answer.context["told"].ended.brought == brought
    assert "Звонки приносят деньги" in answer.content.decode()
    assert "43&nbsp;000" in answer.content.decode().replace("\u00a0", "&nbsp;").replace("\u202f", "&nbsp;")


def test_twenty_nine_left_without_calls_are_too_few():
    pooled("in", many=60, buys=45, net=1_000_00)
    pooled("out", many=29, buys=1, net=1_000_00)

    said = page(head_of_sales(), "effect/").content.decode()

    assert "Клиентов слишком мало, чтобы судить" in said


def test_what_still_runs_is_shown_without_an_interval():
    pooled("in", many=40, buys=20, net=1_000_00, on=TODAY - timedelta(days=20))
    pooled("out", many=35, buys=1, net=1_000_00, on=TODAY - timedelta(days=20))

    said = page(head_of_sales(), "effect/").content.decode()

    assert "Ещё идёт, до 25.11.2026" in said
    assert "Интервал, 95 из 100" not in said


def test_the_pool_shows_who_is_left_without_calls():
    boss, loser, _ = head_of_sales(), ivan(), olga()
    silent = pool_client("ООО «Тихий»", lost_by=loser)
    pool_client("ООО «Громкий»", lost_by=loser)
    PoolEntry.objects.filter(client=silent).update(drawn="out", held_out_until=TODAY + timedelta(days=5))
    browser = Browser()
    browser.force_login(boss)

    said = browser.get("/team/pool/?state=held_out").content.decode()

    assert "Тихий" in said and "Громкий" not in said


def a_month_of_calls() -> list[Client]:
    who = ivan()
    rows = [client(f"ООО «Завод {number}»", phones=()) for number in range(4)]
    for row, (outcome, talked) in zip(
        rows, (("no_answer", False), ("refused", True), ("open", True), ("order", True)), strict=True
    ):
        Call.objects.create(
            task=task(row, who),
            client=row,
            employee=who,
            at=NOW - timedelta(days=1),
            direction="out",
            disposition="answered" if talked else "no_answer",
            outcome=outcome,
            talked=talked,
        )
    return rows


def test_the_funnel_stands_beside_the_figures_of_the_case():
    a_month_of_calls()

    answer = page(head_of_sales(), "effect/funnel/")

    total = answer.context["told"].total
    assert (total.called, total.reached, total.opened, total.deals) == (4, 3, 2, 1)
    said = answer.content.decode()
    assert "80,0%" in said and "7,0%" in said and "5,6%" in said


def test_a_figure_of_the_funnel_opens_its_clients():
    rows = a_month_of_calls()

    said = page(head_of_sales(), "effect/funnel/own/opened/?from=2026-09-01&until=2026-09-15").content.decode()

    assert [row.name in said for row in rows] == [False, False, True, True]


@pytest.mark.parametrize("place", ["effect/funnel/nowhere/called/", "effect/funnel/pool/nothing/"])
def test_a_queue_or_a_step_that_is_not_there_is_not_found(place):
    page(head_of_sales(), place, status=404)


def test_a_funnel_of_no_calls_says_so():
    assert "За это время никому не звонили" in page(head_of_sales(), "effect/funnel/").content.decode()


@pytest.mark.parametrize(("place", "rows"), [("effect/", 2), ("effect/funnel/", 1), ("effect/funnel/own/called/", 4)])
def test_each_page_leaves_as_a_file_that_is_written_down(place: str, rows: int):
    boss = head_of_sales()
    a_month_of_calls()

    answer = page(boss, f"{place}?format=csv")

    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len(table) == rows + 1
    assert AuditEntry.objects.filter(action="exported").count() == 1
