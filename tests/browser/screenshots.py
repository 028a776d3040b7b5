"""Pictures of every page of the demonstration: both languages, both themes, a telephone and a desk.

    .venv/bin/python tests/browser/screenshots.py FOLDER [PAGE …]
    .venv/bin/python tests/browser/screenshots.py --docs

Each is FOLDER/PAGE-LANGUAGE-THEME-WIDTH.png. With --docs those of the guides are made anew in docs/guides/images.
On Debian the package chromium-l10n lets the calendars of the fields speak Russian.
"""

import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from browser.pages import SitePage

TESTS = Path(__file__).parent.parent
IMAGES = TESTS.parent / "docs" / "guides" / "images"
FORTY_MINUTES_INTO_THE_DAY = datetime.fromisoformat("2026-03-11T09:40+03:00")
LOGINS = {"ivan": "ivan", "head": "marina", "admin": "admin"}
CLIENTS = 2_000
WIDTHS = {390: 844, 1440: 900}


def _simulated(moment: datetime) -> dict[str, int]:
    """Let the head have simulated a year with one manager more, and ask for another that waits."""
    from budilnik.core.whatif import SIMULATION, WhatIf
    from budilnik.jobs.simulation import compare
    from budilnik.staff.actions.jobs import ask_for, claim_next, end_job
    from budilnik.staff.models import Employee
    from budilnik.staff.queries import rules_on

    head, policy = Employee.objects.get(login="marina"), rules_on(moment.date()).policy
    asked = WhatIf.of(policy, people=1, seeds=2)
    found = compare(asked, on=moment.date(), policy=policy, step=lambda done, total: True)
    done = ask_for(SIMULATION, asked.to_asked(), by=head, now=moment)
    claim_next(holder="here:1", now=moment, is_gone=lambda holder: False)
    end_job(done, holder="here:1", end="done", now=moment, told=found.to_told())
    return {"simulated": done, "simulating": ask_for(SIMULATION, asked.to_asked(), by=head, now=moment)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Illustration:
    """A picture of the guides: a page of the list, the size of the window."""

    page: str
    width: int = 1280
    height: int = 800
    scale: float = 0.7


ILLUSTRATIONS = {
    "signin": Illustration(page="sign-in", width=900, height=640),
    "day": Illustration(page="day"),
    "day-outcome": Illustration(page="day-callback", height=780),
    "day-phone": Illustration(page="day", width=390, height=844, scale=1),
    "promises": Illustration(page="promises", height=640),
    "clients": Illustration(page="clients"),
    "client": Illustration(page="client"),
    "team": Illustration(page="team", height=760),
    "matters": Illustration(page="matters", height=640),
    "leaver": Illustration(page="leaver-preview", height=720),
    "insight": Illustration(page="insight-classes", height=900),
    "setup": Illustration(page="staff", height=640),
}


def _command(*words: str, home: Path, told: str = "") -> None:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("BUDILNIK_", "DJANGO_"))}
    command = [sys.executable, "-m", "budilnik.config.cli", *words]
    subprocess.run(command, env=plain | {"BUDILNIK_HOME": str(home)}, input=told, text=True, check=True)


@contextmanager
def demonstration() -> Iterator[tuple[str, dict[str, int]]]:
    """Serve the demonstration in the middle of a morning; give its address and the numbers of its pages."""
    with tempfile.TemporaryDirectory(prefix="budilnik-pictures-") as folder:
        home = Path(folder)
        _command("demo", "--clients", str(CLIENTS), "--no-serve", home=home)
        _command("staff", "add", "admin", "--name", "Пётр Орлов", "--role", "administrator", home=home)
        _enter(home)

        from browser.serving import LOCALHOST, ServerProcess
        from budilnik.config.serve import take_spot

        numbers = _first_hours()
        spot = take_spot(LOCALHOST, 0)
        server = ServerProcess(spot.port, database_url=os.environ["BUDILNIK_DATABASE_URL"], environment={})
        try:
            server.start()
            yield server.url, numbers
        finally:
            server.kill()
            spot.held.close()


def _enter(home: Path) -> None:
    """Make this process one of the installation's."""
    from budilnik.jobs.clock import shift_to

    os.environ |= {
        "BUDILNIK_HOME": str(home),
        "BUDILNIK_DATABASE_URL": f"sqlite://{home / 'budilnik.sqlite3'}",
        "BUDILNIK_CLOCK_SHIFT": shift_to(FORTY_MINUTES_INTO_THE_DAY),
        "DJANGO_SETTINGS_MODULE": "budilnik.config.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }
    import django

    django.setup()


def _first_hours() -> dict[str, int]:
    """Let the manager make his first calls, so that every list has something in it; return the numbers of pages."""
    from browser.firm import signs_in_by_two_steps
    from budilnik.calling.actions.calls import record_call
    from budilnik.calling.models import Callback, CallTask
    from budilnik.clients.models import Loss
    from budilnik.core.outcomes import Said
    from budilnik.core.terms import LossReason, Outcome
    from budilnik.jobs.clock import now
    from budilnik.staff.models import Employee

    moment = now()
    ivan = Employee.objects.get(login="ivan")
    calls = {
        Outcome.OPEN: Said(note="Склад полон до мая, звонить перед сезоном."),
        Outcome.NO_ANSWER: Said(),
        Outcome.REFUSED: Said(reason=LossReason.PRICE, note="Нашли дешевле на 4%."),
        Outcome.STOP: Said(whole_company=True, confirmed=True),
        Outcome.CLOSED: Said(confirmed=True),
    }
    tasks = list(CallTask.objects.published().open().filter(employee=ivan, callback=None).order_by("position"))
    for task, (outcome, said) in zip(tasks, calls.items(), strict=False):
        CallTask.objects.filter(pk=task.pk).update(opened_at=moment)
        record_call(task_id=task.pk, outcome=outcome, said=said, by=ivan, now=moment, on=moment.date())
    signs_in_by_two_steps(Employee.objects.get(login="admin"))
    promise = Callback.objects.filter(employee=ivan, ended_at=None).order_by("due_at").last()
    told = tasks[len(calls)].client
    return {
        "client": told.pk,
        "task": tasks[0].pk,
        "promise": promise.pk,
        "promised": promise.client_id,
        "lost": Loss.objects.filter(client__in_pool_since__isnull=False).latest("pk").client_id,
        "employee": ivan.pk,
        "levelling": _levelled(moment),
        **_simulated(moment),
        "leaver": Employee.objects.get(login="olga").pk,
        "stranger": 1,
    }


def _levelled(moment: datetime) -> int:
    """Let the head have evened the loads with a few moves."""
    from budilnik.calling.actions.levelling import level_base, propose
    from budilnik.calling.queries.levelling import Asked
    from budilnik.core.balance import Aim
    from budilnik.staff.models import Employee
    from budilnik.staff.queries import rules_on

    on, asked = moment.date(), Asked(aim=Aim.EVEN, at_most=20)
    told = propose(asked, on=on, policy=rules_on(on).policy)
    head = Employee.objects.get(login="marina")
    return level_base(asked=asked, seen=told.digest, why="Новые менеджеры", by=head, on=on, now=moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Photographer:
    """Goes through pages with a browser and takes pictures."""

    browser: "Browser"
    url: str
    numbers: Mapping[str, int]

    def _sits(self, login: str, *, language: str, theme: str, **window: object) -> "BrowserContext":
        from browser.serving import sit_down
        from budilnik.jobs.clock import now
        from budilnik.staff.models import Employee

        context = self.browser.new_context(
            base_url=self.url, locale="ru-RU", timezone_id="Europe/Moscow", reduced_motion="reduce", **window
        )
        cookies = {"language": language, "theme": theme}
        context.add_cookies([{"name": name, "value": value, "url": self.url} for name, value in cookies.items()])
        if login:
            who = Employee.objects.get(login=LOGINS[login])
            sit_down(context, who, self.url)
            # The session was made by the real clock, and its moment stands in the list of employees.
            Employee.objects.filter(pk=who.pk).update(language=language, last_login=now())
        return context

    def _opens(self, page: "Page", site_page: "SitePage") -> None:
        # What was begun on a card comes back with it.
        page.evaluate("if (location.host) localStorage.clear()")
        page.goto(site_page.at(self.numbers))
        page.wait_for_load_state("networkidle")
        for key in site_page.keys:
            page.keyboard.press(key)

    def all_sides(self, pages: list["SitePage"], folder: Path) -> None:
        """Take every page in both languages, both themes and both widths."""
        for login in dict.fromkeys(page.opened_by for page in pages):
            for language, theme, width in [(n, t, w) for n in ("ru", "en") for t in ("light", "dark") for w in WIDTHS]:
                window = {"viewport": {"width": width, "height": WIDTHS[width]}}
                context = self._sits(login, language=language, theme=theme, **window)
                page = context.new_page()
                for each in pages:
                    if each.opened_by == login:
                        self._opens(page, each)
                        page.screenshot(path=folder / f"{each.name}-{language}-{theme}-{width}.png", full_page=True)
                context.close()

    def illustrations(self, pages: Mapping[str, "SitePage"], folder: Path) -> None:
        """Take the pictures of the guides."""
        for name, wish in ILLUSTRATIONS.items():
            site_page = pages[wish.page]
            window = {
                "viewport": {"width": wish.width, "height": wish.height},
                "device_scale_factor": wish.scale,
            }
            context = self._sits(site_page.opened_by, language="ru", theme="light", **window)
            page = context.new_page()
            self._opens(page, site_page)
            page.screenshot(path=folder / f"{name}.png")
            context.close()


def main() -> None:
    """Do what the command line says."""
    parser = ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("pages", nargs="*")
    parser.add_argument("--docs", action="store_true")
    wish = parser.parse_args()
    sys.path.insert(0, str(TESTS))
    with demonstration() as (url, numbers):
        from playwright.sync_api import sync_playwright

        from browser.pages import PAGES
        from browser.serving import chromium

        with sync_playwright() as playwright, playwright.chromium.launch(**chromium()) as browser:
            photographer = Photographer(browser=browser, url=url, numbers=numbers)
            if wish.docs:
                IMAGES.mkdir(parents=True, exist_ok=True)
                photographer.illustrations({page.name: page for page in PAGES}, IMAGES)
            if wish.folder:
                wish.folder.mkdir(parents=True, exist_ok=True)
                chosen = [page for page in PAGES if not wish.pages or page.name in wish.pages]
                photographer.all_sides(chosen, wish.folder)


if __name__ == "__main__":
    main()
