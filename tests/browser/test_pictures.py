"""Pictures in Chromium: drawn under the strict rules of the pages, in both themes, by keyboard, on paper."""

import pytest
from playwright.sync_api import Page, expect

from browser.picture_page import PICTURES
from budilnik.core.terms import Role
from cast import employee, head_of_sales

pytestmark = pytest.mark.browser


@pytest.fixture
def page(open_as, settings) -> Page:
    settings.ROOT_URLCONF = "browser.picture_page"
    page = open_as(head_of_sales(), "", color_scheme="light")
    page.faults = []
    page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto("/pictures/")
    expect(page.locator("[data-picture] > div svg")).to_have_count(len(PICTURES))
    return page


def drawing(page: Page, kind: str):
    return page.locator(f"figure[data-kind={kind}] [data-picture]")


def ink(page: Page) -> str:
    return drawing(page, "lines").locator("svg text").first.get_attribute("fill")


def test_a_picture_of_every_kind_is_drawn_and_the_rules_of_the_page_have_nothing_against_it(page):
    for kind in ("lines", "band", "bars", "stacked", "heat", "sankey"):
        assert drawing(page, kind).locator("svg path").count() > 1, kind
    assert "3 214" in drawing(page, "sankey").text_content().replace("\u202f", " ").replace("\xa0", " ")
    assert page.faults == []


def test_the_dark_theme_draws_it_anew(page):
    light = ink(page)

    page.locator("[data-theme-toggle]").click()

    expect(drawing(page, "lines").locator("svg text").first).not_to_have_attribute("fill", light)


def test_the_arrows_walk_along_a_picture_and_its_figures_are_read_aloud(page):
    drawing(page, "lines").focus()

    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")

    said = page.locator("figure[data-kind=lines] [data-picture-tip]")
    expect(said).to_have_text("2\nИван: 50% (40% … 60%)\nОльга: 20%\nЦель: 83%")
    assert "Иван: 50%" in drawing(page, "lines").text_content()


def test_what_htmx_brings_is_drawn_too(page):
    drawing(page, "band").evaluate("place => place.dataset.before = '1'")

    page.get_by_role("button", name="Ещё раз").click()

    expect(page.locator("[data-before]")).to_have_count(0)
    expect(page.locator("[data-picture] > div svg")).to_have_count(len(PICTURES))
    assert page.faults == []


def test_a_narrower_screen_gets_a_narrower_picture(page):
    page.set_viewport_size({"width": 390, "height": 900})

    page.wait_for_function("document.querySelector('[data-picture] svg').getBoundingClientRect().width < 390")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_scripts_and_on_paper_the_figures_stand_open(page, open_as):
    figures = page.locator("figure[data-kind=lines] table")
    expect(figures).not_to_be_visible()

    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(figures).to_be_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(figures).not_to_be_visible()

    plain = open_as(employee("second", "Анна Ильина", role=Role.HEAD), "/pictures/", java_script_enabled=False)
    box = plain.locator("figure[data-kind=lines] table").bounding_box()
    assert box["height"] > 50
