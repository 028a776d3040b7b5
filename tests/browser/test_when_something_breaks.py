"""The server dies, the answer is lost, the database is locked, the session ends: a sentence, and nothing is lost."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, connections
from playwright.sync_api import Page, Route, expect

from browser.serving import LOCALHOST, ServerProcess, sit_down
from budilnik.calling.models import Call, CallTask
from budilnik.config.serve import take_spot
from budilnik.jobs.clock import shift_to
from budilnik.staff.actions import set_password
from budilnik.staff.models import Employee
from cast import NOW, client, ivan, task

pytestmark = pytest.mark.browser

PASSWORD = "болты и гайки"
OFFLINE = "Нет связи."


@pytest.fixture
def manager(transactional_db: None) -> Employee:
    """Ivan, who has «Болт-Сервис» and after it «Гайка» to call."""
    found = ivan()
    for at, name in enumerate(("Болт-Сервис", "Гайка")):
        task(client(name, owner=found, phones=(f"+7495123450{at}",)), found)
    CallTask.objects.update(opened_at=None)
    return found


@pytest.fixture
def server(database_url: str) -> Iterator[ServerProcess]:
    spot = take_spot(LOCALHOST, 0)
    server = ServerProcess(spot.port, database_url=database_url, environment={"BUDILNIK_CLOCK_SHIFT": shift_to(NOW)})
    server.start()
    yield server
    server.kill()
    spot.held.close()


@contextmanager
def database_is_locked() -> Iterator[None]:
    """Hold the one place of a writer, as a long import would."""
    name = connections["default"].settings_dict["NAME"]
    with closing(sqlite3.connect(name, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        yield
        writer.execute("ROLLBACK")


@contextmanager
def no_call_can_be_written() -> Iterator[None]:
    """Break what no sentence foresees."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TRIGGER broken BEFORE INSERT ON calling_call BEGIN SELECT RAISE(ABORT, 'broken'); END")
        yield
        cursor.execute("DROP TRIGGER broken")


def fills_the_card(page: Page) -> None:
    expect(page.locator("#card .bud-name")).to_have_text("Болт-Сервис")
    page.keyboard.press("KeyN")
    page.keyboard.type("просили прайс")
    page.keyboard.press("Escape")
    page.keyboard.press("Digit2")
    page.keyboard.type("отправить прайс")


def all_is_still_typed(page: Page) -> None:
    expect(page.locator("#card .bud-name")).to_have_text("Болт-Сервис")
    expect(page.get_by_label("Заметка")).to_have_value("просили прайс")
    expect(page.get_by_label("Следующий шаг")).to_have_value("отправить прайс")


def presses_again(page: Page) -> None:
    page.get_by_label("Следующий шаг").press("Enter")


def one_call_is_saved(page: Page) -> None:
    expect(page.locator("#card .bud-name")).to_have_text("Гайка")
    call = Call.objects.get()
    assert (call.outcome, call.note) == ("interested", "просили прайс")
    assert list(call.client.callbacks.values_list("about", flat=True)) == ["отправить прайс"]


def test_a_server_killed_in_the_middle_of_a_save_loses_nothing_and_saves_once_when_it_is_back(
    manager, server, new_context
):
    context = new_context()
    sit_down(context, manager, server.url)
    page = context.new_page()
    page.goto(f"{server.url}/day/")
    fills_the_card(page)

    with database_is_locked():
        with page.expect_request("**/outcome/"):
            page.keyboard.press("Enter")
        server.kill()
        expect(page.get_by_role("alert")).to_contain_text(OFFLINE)
    all_is_still_typed(page)
    assert not Call.objects.exists()
    server.start()
    presses_again(page)

    one_call_is_saved(page)
    expect(page.locator("#offline")).to_be_hidden()


def test_an_answer_lost_on_its_way_is_not_saved_a_second_time(manager, open_as):
    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page = open_as(manager, "/day/")
    page.route("**/outcome/", lose_the_answer, times=1)
    fills_the_card(page)

    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(OFFLINE)
    all_is_still_typed(page)
    presses_again(page)

    expect(page.locator("#messages")).to_contain_text("итог звонка записан раньше")
    one_call_is_saved(page)


def test_a_locked_database_is_told_in_a_sentence_and_the_form_is_saved_when_it_is_free(manager, open_as, monkeypatch):
    monkeypatch.setitem(connections["default"].settings_dict["OPTIONS"], "timeout", 0.5)
    page = open_as(manager, "/day/")
    fills_the_card(page)

    with database_is_locked():
        with page.expect_response("**/outcome/") as answer:
            page.keyboard.press("Enter")
        assert answer.value.status == 503
        expect(page.locator("#messages")).to_contain_text("База данных сейчас не отвечает. Ничего не потеряно")
    all_is_still_typed(page)
    presses_again(page)

    one_call_is_saved(page)


def test_a_fault_of_ours_is_told_in_a_sentence_and_the_form_stays(manager, open_as):
    page = open_as(manager, "/day/")
    fills_the_card(page)

    with no_call_can_be_written():
        page.keyboard.press("Enter")
        expect(page.locator("#messages")).to_contain_text("Ошибка на нашей стороне")
    all_is_still_typed(page)
    presses_again(page)

    one_call_is_saved(page)


def test_a_session_that_ends_in_mid_call_asks_to_sign_in_and_comes_back_to_the_card_with_all_that_was_typed(
    manager, open_as
):
    set_password(employee=manager, password=PASSWORD, by=None, now=NOW)
    page = open_as(manager, "/day/")
    fills_the_card(page)

    Session.objects.all().delete()
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("Сеанс закончился")
    page.locator("#messages").get_by_role("link", name="Войти").click()
    page.get_by_label("Логин").fill("ivan")
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_label("Пароль").press("Enter")

    all_is_still_typed(page)
    presses_again(page)
    one_call_is_saved(page)


def test_a_page_reloaded_while_somebody_types_finds_everything_again(manager, open_as):
    page = open_as(manager, "/day/")
    fills_the_card(page)

    page.reload()

    all_is_still_typed(page)
    presses_again(page)
    one_call_is_saved(page)
