"""Two managers, two tabs, two clicks: one wins, nothing is counted twice, and the other is told in a sentence."""

from collections.abc import Iterable

import pytest
from playwright.sync_api import Page, expect

from budilnik.calling.models import Call, CallTask
from budilnik.clients.models import Client, Tenure
from budilnik.staff.models import Employee
from cast import client, employee, ivan, olga, plan, pool_client, task

pytestmark = pytest.mark.browser

ALREADY_CLOSED = "Задание уже закрыто: итог звонка записан раньше."
NOT_YOURS = "Это задание не ваше: его передали или закрыли."


def stands_on(page: Page, name: str) -> None:
    expect(page.locator("#card .bud-name")).to_have_text(name)


def sentence(page: Page) -> str:
    expect(page.locator("#messages .bud-message")).to_have_count(1)
    return page.locator("#messages .bud-message > span").inner_text().strip()


def work(manager: Employee, names: Iterable[str] = ("Болт-Сервис", "Гайка", "Шайба")) -> list[CallTask]:
    """Give a manager his clients to call, the first of them with his card open."""
    rows = [client(name, owner=manager, phones=(f"+7495123450{at}",)) for at, name in enumerate(names)]
    tasks = [task(row, manager) for row in rows]
    CallTask.objects.exclude(pk=tasks[0].pk).update(opened_at=None)
    return tasks


def calls() -> list[tuple[str, str]]:
    return [(call.client.name, call.outcome) for call in Call.objects.select_related("client").order_by("pk")]


def test_of_two_managers_who_ask_for_the_next_portion_at_once_one_gets_the_only_client_of_the_pool(open_as, site):
    prize = pool_client("Болт-Сервис", lost_by=employee("petr", "Пётр Орлов"))
    managers = [ivan(), olga()]
    for manager in managers:
        plan(manager)
    pages = [open_as(manager, "/day/") for manager in managers]
    for page in pages:
        expect(page.get_by_role("button", name="Следующая порция")).to_be_visible()

    site.traffic.meet(2, "/portion/")
    for page in pages:
        page.keyboard.press("Enter")
    told = dict(zip(managers, map(sentence, pages), strict=True))

    winner = CallTask.objects.get(client=prize).employee
    assert told.pop(winner) == "Добавлено в список: 1"
    assert list(told.values()) == ["Сегодня добавить больше некого"]


def test_of_two_managers_who_talk_to_one_client_of_the_pool_at_once_one_wins_him(open_as, site):
    prize = pool_client("Болт-Сервис", lost_by=employee("petr", "Пётр Орлов"))
    caller, called = ivan(), olga()
    task(prize, caller)
    plan(called)
    calls_out, is_called = open_as(caller, "/day/"), open_as(called, "/clients/?q=%2B74951234567")
    stands_on(calls_out, "Болт-Сервис")
    is_called.get_by_role("link", name="Принять звонок").click()
    stands_on(is_called, "Болт-Сервис")

    site.traffic.meet(2, "/")
    for page in (calls_out, is_called):
        page.keyboard.press("Digit3")
        page.keyboard.press("Enter")
    told = sentence(calls_out)
    expect(is_called.locator("#messages")).to_contain_text("Записано: готов к диалогу, сейчас не нужно.")

    winner = Client.objects.get(pk=prize.pk).owner
    assert winner in (caller, called)
    assert Tenure.objects.filter(client=prize, until_on=None).get().employee == winner
    assert told == ("Болт-Сервис: готов к диалогу, сейчас не нужно" if winner == caller else ALREADY_CLOSED)


def test_one_outcome_pressed_in_two_tabs_at_once_counts_one_call(open_as, site):
    manager = ivan()
    work(manager)
    first = open_as(manager, "/day/")
    second = first.context.new_page()
    second.goto("/day/")

    site.traffic.meet(2, "/outcome/")
    for page in (first, second):
        # Chromium lets a tab behind another one sleep.
        page.bring_to_front()
        stands_on(page, "Болт-Сервис")
        page.keyboard.press("Digit3")
        page.keyboard.press("Enter")
    told = {sentence(first), sentence(second)}

    assert told == {"Болт-Сервис: готов к диалогу, сейчас не нужно", ALREADY_CLOSED}
    assert calls() == [("Болт-Сервис", "open")]
    stands_on(first, "Гайка")
    stands_on(second, "Гайка")


def test_a_tab_left_behind_is_told_so_shows_what_was_typed_and_goes_on_with_the_next_client(open_as):
    manager = ivan()
    work(manager)
    first = open_as(manager, "/day/")
    behind = first.context.new_page()
    behind.goto("/day/")

    first.bring_to_front()
    first.get_by_role("button", name="Нет ответа").click()
    stands_on(first, "Гайка")
    behind.bring_to_front()
    behind.keyboard.press("KeyN")
    behind.keyboard.type("просили прайс")
    behind.keyboard.press("Escape")
    behind.keyboard.press("Digit3")
    behind.keyboard.press("Enter")

    assert sentence(behind) == "Эта попытка уже записана; второй раз она не считается. Вы набрали: «просили прайс»"
    stands_on(behind, "Гайка")
    assert calls() == [("Болт-Сервис", "no_answer")]


def test_a_client_taken_away_meanwhile_is_told_in_a_sentence_and_the_next_one_opens(open_as):
    manager = ivan()
    tasks = work(manager)
    page = open_as(manager, "/day/")
    stands_on(page, "Болт-Сервис")

    CallTask.objects.filter(pk=tasks[0].pk).update(employee=olga())
    page.keyboard.press("Digit3")
    page.keyboard.press("Enter")

    assert sentence(page) == NOT_YOURS
    stands_on(page, "Гайка")
    assert calls() == []


@pytest.mark.parametrize("answered", [False, True], ids=["before the answer", "after the answer"])
def test_a_double_click_on_an_outcome_is_one_call(open_as, answered):
    manager = ivan()
    work(manager)
    page = open_as(manager, "/day/")
    stands_on(page, "Болт-Сервис")
    page.get_by_role("button", name="Нет ответа").hover()

    # The second click may fall on the card of the next client, whose buttons stand in the same places.
    for click in (1, 2):
        page.mouse.down(click_count=click)
        page.mouse.up(click_count=click)
        if answered:
            stands_on(page, "Гайка")
    stands_on(page, "Гайка")
    page.keyboard.press("Digit3")
    page.keyboard.press("Enter")
    stands_on(page, "Шайба")

    assert calls() == [("Болт-Сервис", "no_answer"), ("Гайка", "open")]


def test_a_double_click_is_no_second_key_for_what_cannot_be_undone(open_as):
    manager = ivan()
    work(manager)
    page = open_as(manager, "/day/")

    page.get_by_role("button", name="Не звонить").dblclick()
    expect(page.get_by_text("Больше никто не позвонит")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Digit3")
    page.keyboard.press("Enter")
    stands_on(page, "Гайка")

    assert calls() == [("Болт-Сервис", "open")]
