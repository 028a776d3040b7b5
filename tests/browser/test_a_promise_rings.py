"""A promise rings in an open page: the bar, the sound, the notice, the title; it keeps silent while somebody writes."""

import re
from datetime import datetime, time

import pytest
from playwright.sync_api import Page, expect

from budilnik.calling.models import Callback
from cast import at_moscow, client, ivan, promise, task

pytestmark = pytest.mark.browser

# What would sound and what would pop up is written on the page instead, where a test can wait for it.
STUBS = """
const note = (name, told) => document.documentElement.setAttribute(name, told);
let tones = 0;
window.AudioContext = class {
    state = "suspended";
    currentTime = 0;
    destination = {};
    async resume() { this.state = "running"; }
    createOscillator() {
        return { frequency: {}, connect: (next) => next, start: () => note("data-tones", tones += 1), stop() {} };
    }
    createGain() {
        return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: (next) => next };
    }
};
window.Notification = class {
    static permission = "granted";
    constructor(title) { note("data-notice", title); }
    close() {}
};
"""
ELEVEN = at_moscow(11)
SOME = re.compile("[1-9]")


def moscow(hour: int, minute: int, second: int = 0) -> datetime:
    return at_moscow(hour, minute).replace(second=second)


@pytest.fixture
def page_before_eleven(open_as, o_clock) -> Page:
    """The day of Ivan at half past ten; at eleven he has promised to ring «Болт-Сервис»."""
    manager = ivan()
    promised, other = client("Болт-Сервис", owner=manager), client("Гайка", owner=manager, phones=("+74951234568",))
    task(promised, manager, callback=promise(promised, manager, at=time(11)))
    task(other, manager)
    o_clock(moscow(10, 30))
    page = open_as(manager, "/day/", script=STUBS)
    expect(page.locator("#card .bud-name")).to_have_text("Гайка")
    # A browser lets a page sound after the first touch.
    page.keyboard.press("Shift")
    return page


def is_told_the_time(page: Page) -> None:
    """The page asks the server at once what its clock shows, as it does when the network is back."""
    with page.expect_response("**/promises/alarm/"):
        page.evaluate("dispatchEvent(new Event('online'))")


def is_silent(page: Page) -> None:
    assert page.locator("html").get_attribute("data-tones") is None
    assert page.locator("html").get_attribute("data-notice") is None
    assert page.title() == "Мой день · Будильник"


def test_a_promise_rings_is_put_off_by_a_key_and_rings_again(page_before_eleven, o_clock):
    page = page_before_eleven
    bar, html = page.locator("#alarm"), page.locator("html")

    expect(bar).to_be_hidden()
    o_clock(moscow(10, 57))
    is_told_the_time(page)
    expect(bar).to_contain_text("Болт-Сервис")
    expect(bar).to_have_attribute("data-stage", "soon")
    is_silent(page)

    o_clock(moscow(10, 59, 58))
    is_told_the_time(page)
    expect(bar).to_have_attribute("data-stage", "rings")
    expect(html).to_have_attribute("data-tones", SOME)
    expect(html).to_have_attribute("data-notice", "11:00 у клиента: Болт-Сервис")
    expect(page).to_have_title("(!) Перезвон: Болт-Сервис")

    page.keyboard.press("KeyL")
    expect(bar).to_have_attribute("data-stage", "soon")
    expect(page).to_have_title("Мой день · Будильник")
    assert Callback.objects.values_list("snoozes", "due_at").get() == (1, ELEVEN)
    before = html.get_attribute("data-tones")
    o_clock(moscow(11, 5, 10))
    is_told_the_time(page)
    expect(bar).to_have_attribute("data-stage", "late")
    expect(html).not_to_have_attribute("data-tones", before)


def test_a_promise_is_a_silent_bar_while_a_card_is_filled_and_rings_after(page_before_eleven, o_clock):
    page, bar = page_before_eleven, page_before_eleven.locator("#alarm")

    page.keyboard.press("KeyN")
    page.keyboard.type("просили прайс")
    o_clock(moscow(11, 0, 5))
    is_told_the_time(page)
    expect(bar).to_contain_text("Болт-Сервис")
    expect(bar).to_have_attribute("data-stage", "rings")
    expect(bar).to_have_attribute("data-silent", "1")
    is_silent(page)

    page.keyboard.press("Escape")
    page.keyboard.press("Digit3")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-tones", SOME)
    expect(bar).to_have_attribute("data-silent", "0")


def test_the_promise_that_rings_is_opened_by_a_key(page_before_eleven, o_clock):
    page = page_before_eleven
    o_clock(moscow(11, 0, 5))
    is_told_the_time(page)
    expect(page.locator("#alarm")).to_be_visible()

    page.keyboard.press("KeyG")

    expect(page.locator("#card .bud-name")).to_have_text("Болт-Сервис")
