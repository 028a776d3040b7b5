"""Chromium in front of the site: who sits at it, what o'clock it is, what nobody may find in any page."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.db import connection
from playwright.sync_api import BrowserContext, Page, expect

from browser.serving import Site, chromium, sit_down
from budilnik.jobs.clock import shift_to
from budilnik.staff.models import Employee
from cast import NOW

# Playwright keeps an event loop in the thread of the tests, where Django would refuse to touch the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

type OpenPage = Callable[..., Page]

expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    try:
        return browser_type_launch_args | chromium()
    except FileNotFoundError as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return browser_context_args | {
        "locale": "ru-RU",
        "timezone_id": "Europe/Moscow",
        "viewport": {"width": 1440, "height": 900},
        "reduced_motion": "reduce",
    }


@pytest.fixture(scope="session")
def running_site(django_db_setup: None) -> Iterator[Site]:
    site = Site()
    yield site
    site.end()


@pytest.fixture(scope="session")
def base_url(running_site: Site) -> str:
    return running_site.url


@pytest.fixture
def o_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Put the clock of the site to a moment; it runs on from there."""
    return lambda moment: monkeypatch.setenv("BUDILNIK_CLOCK_SHIFT", shift_to(moment))


@pytest.fixture
def site(running_site: Site, transactional_db: None, o_clock: Callable[[datetime], None]) -> Iterator[Site]:
    """The site at ten in the morning."""
    o_clock(NOW)
    yield running_site
    running_site.traffic.part()
    running_site.traffic.calm()
    connection.close()


@pytest.fixture
def open_as(site: Site, new_context: Callable[..., BrowserContext]) -> OpenPage:
    """Open a page in a browser of its own, as an employee or as a stranger."""

    def opened(employee: Employee | None, path: str = "/", *, script: str = "", **options: object) -> Page:
        context = new_context(**options)
        if script:
            context.add_init_script(script)
        if employee:
            sit_down(context, employee, site.url)
        page = context.new_page()
        if path:
            page.goto(path)
        return page

    return opened
