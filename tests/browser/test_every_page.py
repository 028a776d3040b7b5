"""Every page of every role: one language, no sideways scrolling, nothing from elsewhere, readable by everybody."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import ConsoleMessage, Page, Request

from bases import ROOT
from browser.firm import RUSSIAN, TONGUES, Firm, open_firm
from browser.pages import ADMINISTRATOR, HEAD, MANAGER, PAGES, STRANGER, SitePage

pytestmark = pytest.mark.browser

AXE = Path(ROOT) / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}
WIDE, NARROW = 1440, 390
# Keys, zones, logins and the names of programs are the same in every language.
CYRILLIC = re.compile(r"[А-Яа-яЁё]+")
LATIN = re.compile(r"\b[A-Za-z]{3,}\b")
ZONES = set(LATIN.findall(" ".join(zone for zone in available_timezones() if zone.startswith(("Europe/", "Asia/")))))
SAME_IN_RUSSIAN = {"Enter", "Esc", "SQLite", "English", "duckdb", "XLSX", "CSV"} | set(RUSSIAN.people) | ZONES
SAME_IN_ENGLISH = {"Русский"}
# What answers to a page and not to a person, and what shows nothing of its own.
NO_PAGES = {
    "home",
    "health",
    "feed:promises",
    "promises:alarm",
    "clients:history",
    "team:absence_moves",
    "team:morning",
    "simulation:estimate",
    "policy:forecast",
    "mfa_index",
    "mfa_authenticate",
    "mfa_download_recovery_codes",
}

# All that is said on a page, whether it is seen, read aloud or shown under the pointer.
WORDS = """() => {
    const said = [document.title];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode;
        if (!text.parentElement.closest("script, code, [lang]:not(html)")) said.push(text.data);
    }
    for (const name of ["title", "aria-label", "placeholder", "alt"])
        for (const element of document.querySelectorAll(`[${name}]`)) said.push(element.getAttribute(name));
    return said.join(" ");
}"""


@pytest.fixture
def firm(request: pytest.FixtureRequest, site: object) -> Firm:
    return open_firm(TONGUES[request.param])


# Colours that are still on their way would be judged as they are this moment.
LOOK = """(theme) => {
    document.documentElement.dataset.bsTheme = theme;
    for (const change of document.getAnimations()) if (change.effect.getTiming().iterations < Infinity) change.finish();
}"""


class Visit:
    """One browser that goes from page to page and notes what is wrong with each."""

    def __init__(self, page: Page, home: str, numbers: dict[str, int], language: str) -> None:
        self.faults: list[str] = []
        self._page = page
        self._home = home
        self._numbers = numbers
        self._language = language
        self._where = ""
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._note(f"the script fails: {error}"))
        page.on("request", self._stays_at_home)

    def _note(self, what: str, when: object = True) -> None:
        if when:
            self.faults.append(f"{self._where}: {what}")

    def _hear(self, message: ConsoleMessage) -> None:
        # How the page itself was answered is looked at elsewhere.
        about_itself = message.location["url"] == self._page.url
        self._note(f"the console says {message.text}", message.type == "error" and not about_itself)

    def _stays_at_home(self, request: Request) -> None:
        self._note(f"asks {request.url}", not request.url.startswith((self._home, "data:")))

    def see(self, site_page: SitePage) -> None:
        """Open a page and look at it in all ways."""
        self._where = f"{site_page.name} in {self._language}"
        # What was begun on a card comes back with it.
        self._page.evaluate("if (location.host) localStorage.clear()")
        answer = self._page.goto(site_page.at(self._numbers))
        landed = self._page.url.removeprefix(self._home)
        self._note(f"leads to {landed}", landed != site_page.at(self._numbers))
        for key in site_page.keys:
            self._page.keyboard.press(key)
        expected = 404 if site_page.name == "no-such-page" else 200
        self._note(f"answers {answer.status}", answer.status != expected)
        self._speaks_one_language()
        for width, themes in ((WIDE, ("light", "dark")), (NARROW, ("dark",))):
            self._fits(width)
            # Colours, names and headings are the same in every language.
            for theme in themes if self._language == "ru" else ():
                self._is_readable(theme)

    def _speaks_one_language(self) -> None:
        self._note("has another lang", self._page.locator("html").get_attribute("lang") != self._language)
        said = self._page.evaluate(WORDS)
        if self._language == "en":
            foreign = set(CYRILLIC.findall(said)) - SAME_IN_ENGLISH
        else:
            foreign = set(LATIN.findall(said)) - SAME_IN_RUSSIAN
        self._note(f"says {sorted(foreign)}", foreign)

    def _fits(self, width: int) -> None:
        self._page.set_viewport_size({"width": width, "height": 900})
        needed = self._page.evaluate("document.documentElement.scrollWidth")
        self._note(f"is {needed} pixels wide where {width} are", needed > width)

    def _is_readable(self, theme: str) -> None:
        self._page.evaluate(LOOK, theme)
        if not self._page.evaluate("'axe' in window"):
            self._page.evaluate(AXE.read_text())
        found = self._page.evaluate("axe.run({ resultTypes: ['violations'] })")
        for violation in found["violations"]:
            places = "; ".join(map(place, violation["nodes"]))
            self._note(f"{theme}: {violation['id']}: {places}", violation["impact"] in GRAVE)


def place(node: dict[str, Any]) -> str:
    """Tell where on the page something is wrong, and the colours if it is them."""
    why = next((each["data"] for each in node["any"] if "bgColor" in (each["data"] or {})), None)
    colours = f" {why['fgColor']} on {why['bgColor']}: {why['contrastRatio']}" if why else ""
    return f"{node['target'][0]}{colours}"


@pytest.mark.parametrize("firm", ["ru", "en"], indirect=True)
@pytest.mark.parametrize("who", [STRANGER, MANAGER, HEAD, ADMINISTRATOR], ids=lambda who: who or "stranger")
def test_every_page_speaks_one_language_fits_the_screen_asks_nothing_elsewhere_and_can_be_read(
    firm, who, open_as, site, request
):
    language = request.node.callspec.params["firm"]
    page = open_as(firm.people.get(who), "", color_scheme="light")
    page.context.add_cookies([{"name": "language", "value": language, "url": site.url}])
    visit = Visit(page, site.url, firm.numbers, language)

    for site_page in PAGES:
        if site_page.opened_by == who:
            visit.see(site_page)

    assert not visit.faults, "\n".join(dict.fromkeys(visit.faults))


def names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from names(each.url_patterns, f"{each.namespace}:" if each.namespace else space)
        elif "GET" in getattr(each.callback, "methods", ("GET",)) and each.name not in ("language", "account_logout"):
            yield f"{space}{each.name}"


def test_no_page_is_missing_from_the_list_of_pages():
    rows = ("client", "promise", "promised", "lost", "task", "employee", "leaver", "stranger", "news")
    numbers = dict.fromkeys((*rows, "levelling", "simulated", "simulating"), 1)
    walked = {resolve(page.at(numbers).partition("?")[0]).view_name for page in PAGES if page.name != "no-such-page"}

    assert walked == set(names(get_resolver().url_patterns)) - NO_PAGES
