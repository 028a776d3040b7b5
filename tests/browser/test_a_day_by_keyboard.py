"""A whole day: signed in, twenty calls, every outcome, and not one touch of the mouse."""

from datetime import date, time

import pytest
from playwright.sync_api import Page, expect

from browser.keyboard import RussianKeyboard
from budilnik.calling.models import Call, Callback, CallTask
from budilnik.clients.models import Client, Phone
from budilnik.core.terms import Outcome
from budilnik.staff.actions import set_password
from budilnik.staff.models import Employee
from cast import NOW, TODAY, TOMORROW, client, ivan, olga, pool_client, task

pytestmark = pytest.mark.browser

PASSWORD = "болты и гайки"
THREE_DAYS_ON = date(2026, 9, 18)
THREE_MONTHS_ON = date(2026, 12, 15)

# Every kind of outcome as it is pressed, the skip that is no call, and the talk whose outcome is corrected after.
PLANNED = [
    (Outcome.ORDER, ["Digit1", "болт м12 четыре коробки", "Enter"]),
    (Outcome.INTERESTED, ["Digit2", "отправить предложение", "Enter"]),
    (Outcome.OPEN, ["Digit3", "Enter"]),
    (Outcome.CALLBACK, ["Digit4", "Digit1", "Digit5", "Digit3", "Digit0", "Enter"]),
    (Outcome.NO_ANSWER, ["Digit5"]),
    (Outcome.BUSY, ["Digit6"]),
    (Outcome.UNAVAILABLE, ["Digit7"]),
    (Outcome.WRONG_PERSON, ["Digit8", "нужен семенов", "Enter"]),
    (Outcome.REFUSED, ["Digit9", "ArrowDown", "Enter"]),
    (Outcome.WRONG_NUMBER, ["Digit0", "Enter"]),
    (Outcome.STOP, ["KeyX", "KeyX"]),
    (Outcome.CLOSED, ["KeyZ", "KeyZ"]),
    (None, ["KeyS", "Enter"]),
    (Outcome.OPEN, ["KeyN", "просили прайс и звонить зимой", "Escape", "Digit3", "Enter"]),
    (Outcome.REFUSED, ["Digit9", "ArrowDown", "Enter"]),
    (Outcome.OPEN, ["Digit3", "Enter"]),
]
CORRECTED = 14
NOT_TALKED_TO = {f"Крепёж {at:02}" for at in (4, 5, 6, 7, 9, 10, 11, 12)}
PORTION = 5


def firms(manager, colleague) -> list[Client]:
    """Twenty-one firms: the second of the pool, the others one's own; the last five are on no list yet."""
    own = [
        client(f"Крепёж {at:02}", owner=manager, phones=(f"+749512345{at:02}",), value=(99 - at) * 1_000_00)
        for at in range(1, len(PLANNED) + PORTION)
    ]
    lost = pool_client("Болт-Сервис", lost_by=colleague)
    Phone.objects.filter(client=lost).update(number="+74951234599")
    return [own[0], lost, *own[1:]]


def sign_in(page: Page, keys: RussianKeyboard, login: str) -> None:
    expect(page.locator("[name=login]")).to_be_focused()
    page.keyboard.type(login)
    keys.play("Tab", PASSWORD, "Enter")


def stands_on(page: Page, name: str) -> None:
    expect(page.locator("#card .bud-name")).to_have_text(name)
    expect(page.locator("#card")).to_be_focused()


def test_a_day_of_twenty_calls_is_worked_by_keyboard_alone_in_the_russian_layout(open_as):
    manager = ivan()
    set_password(employee=manager, password=PASSWORD, by=None, now=NOW)
    rows = firms(manager, olga())
    for row in rows[: len(PLANNED)]:
        task(row, manager)
    CallTask.objects.update(opened_at=None)

    page = open_as(None)
    keys = RussianKeyboard(page)
    sign_in(page, keys, "ivan")
    for at, (_outcome, strokes) in enumerate(PLANNED):
        stands_on(page, rows[at].name)
        keys.play(*strokes)
        if at == CORRECTED:
            stands_on(page, rows[at + 1].name)
            keys.play("KeyR")
            stands_on(page, rows[at].name)
            keys.play("Digit1", "гайка", "Enter")
    expect(page.locator("#card")).to_contain_text("Всем позвонили по одному разу")
    keys.play("Enter")
    for row in rows[len(PLANNED) :]:
        stands_on(page, row.name)
        keys.play("Digit3", "Enter")

    progress = page.locator(".bud-progress")
    expect(progress).to_contain_text("20 из 20 звонков")
    expect(progress).to_contain_text("Норма выполнена")
    assert what_is_stored(rows) == what_was_pressed(rows)
    assert promises_of(rows) == {
        "Болт-Сервис": (THREE_DAYS_ON, None, "отправить предложение"),
        "Крепёж 03": (TODAY, time(15, 30), ""),
    }
    the_base_is_as_the_outcomes_say(rows, manager)


def what_is_stored(rows: list[Client]) -> list[tuple[str, str, bool]]:
    names = {row.pk: row.name for row in rows}
    made = Call.objects.filter(voided_at=None).order_by("at")
    return [(names[call.client_id], call.outcome, call.in_force) for call in made]


def what_was_pressed(rows: list[Client]) -> list[tuple[str, str, bool]]:
    planned = [outcome for outcome, _strokes in PLANNED]
    planned[CORRECTED] = Outcome.ORDER
    missed = {Outcome.NO_ANSWER, Outcome.BUSY, Outcome.UNAVAILABLE}
    pressed = zip(rows, planned + [Outcome.OPEN] * PORTION, strict=True)
    return [(row.name, outcome.value, outcome not in missed) for row, outcome in pressed if outcome]


def promises_of(rows: list[Client]) -> dict[str, tuple[date, time | None, str]]:
    names = {row.pk: row.name for row in rows}
    return {names[each.client_id]: (each.local_on, each.local_time, each.about) for each in Callback.objects.all()}


def the_base_is_as_the_outcomes_say(rows: list[Client], manager: Employee) -> None:
    now = {row.name: Client.objects.get(pk=row.pk) for row in rows}

    assert now["Болт-Сервис"].owner == manager
    assert now["Крепёж 02"].agreed_until == THREE_MONTHS_ON
    assert now["Крепёж 07"].retry_on == TOMORROW
    assert [now[f"Крепёж {at:02}"].missed_attempts for at in (4, 5, 6)] == [1, 1, 1]
    assert Phone.objects.get(client=now["Крепёж 09"]).wrong_on == TODAY
    assert Phone.objects.get(client=now["Крепёж 10"]).stopped_on == TODAY
    assert now["Крепёж 11"].archived_on == TODAY
    assert CallTask.objects.get(client=now["Крепёж 12"]).close == "skip_talked"
    assert Call.objects.get(client=now["Крепёж 13"]).note == "просили прайс и звонить зимой"
    assert [call.outcome for call in Call.objects.exclude(voided_at=None)] == [Outcome.REFUSED.value]
    assert {name for name, row in now.items() if row.silent_since != TODAY} == NOT_TALKED_TO
