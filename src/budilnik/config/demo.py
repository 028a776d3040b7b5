"""`budilnik demo`: the made-up supplier loaded, its morning made, its first day shown."""

import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from budilnik.calling.actions.sharing import pool_callers
from budilnik.calling.queries.morning import PublishedMorning, PublishedPlan, PublishedTask, morning_of
from budilnik.clients.queries.base import base_is_empty, count_base
from budilnik.config import printing
from budilnik.config.commands import look_first
from budilnik.config.lock import serve_home
from budilnik.config.printing import people
from budilnik.config.serve import check_assets, free_spot, keep_serving
from budilnik.config.startup import ensure_database
from budilnik.core.refusal import Refusal
from budilnik.core.terms import Queue, Role
from budilnik.demo.company import WORKING_DAY, make_company
from budilnik.demo.load import load_company
from budilnik.jobs.clock import now, shift_to
from budilnik.jobs.morning import make_morning
from budilnik.staff.actions import set_password
from budilnik.staff.queries import employee_with, rules_on

MARK = ".demo"
FIRST_PORT = 8000
PAGES_OPEN_AT = datetime(2026, 3, 11, 9, 40, tzinfo=ZoneInfo("Europe/Moscow"))
PASSWORD = "budilnik"
GUESTS = (("ivan", Role.MANAGER), ("olga", Role.MANAGER), ("marina", Role.HEAD))


class BaseNotEmpty(Refusal):
    """The demo is loaded into an empty base only."""

    ru = "В базе {home} уже есть клиенты; демонстрация загружается только в пустую. Задайте другую папку BUDILNIK_HOME."
    en = "The base in {home} already has clients; the demo needs an empty one. Set another folder in BUDILNIK_HOME."


def run_demo(*, clients: int, seed: int, serve: bool) -> None:
    """Make the demo anew, show its first day, and serve its pages until told to end.

    Raises: BaseNotEmpty for a base that is not an earlier demo; HomeIsServed where another demo runs; AssetsMissing.
    """
    if serve:
        check_assets()
    with serve_home(settings.HOME, alone=True) as note_address:
        _make(clients=clients, seed=seed)
        if serve:
            spot = free_spot("127.0.0.1", FIRST_PORT)
            note_address(spot.url)
            keep_serving(spot, workers=1, jobs=True, environment=_at_work(), when_ready=_tell_who_signs_in)


def _at_work() -> dict[str, str]:
    """Return the environment of the pages: the clock is put to the middle of the demo's morning and runs on."""
    environment = {name: value for name, value in os.environ.items() if name != "BUDILNIK_TODAY"}
    return environment | {"BUDILNIK_CLOCK_SHIFT": shift_to(PAGES_OPEN_AT)}


def _tell_who_signs_in() -> None:
    for login, role in GUESTS:
        print(f"Sign in: {login} {PASSWORD} {role.value}", flush=True)


def _make(*, clients: int, seed: int) -> None:
    """Load the made-up firm, make its morning, show both."""
    _make_room(settings.HOME)
    ensure_database()
    if not base_is_empty():
        raise BaseNotEmpty(home=settings.HOME)
    (settings.HOME / MARK).touch()
    names = {"clients": _("clients"), "lines": _("order lines"), "contacts": _("past calls")}
    with printing.Showing(names) as progress:
        load_company(make_company(seed=seed, clients=clients), progress=progress)
    for login, _role in GUESTS:
        set_password(employee=employee_with(login), password=PASSWORD, by=None, now=now())
    with people.status(_("looking at the whole base")):
        look_first(WORKING_DAY)
    make_morning(WORKING_DAY, step=lambda name: None)
    morning = morning_of(WORKING_DAY)
    if morning is None:
        raise AssertionError("a published morning cannot be found")
    _show(morning)


def _make_room(home: Path) -> None:
    """Throw an earlier demo away; a base without the mark of the demo is never touched."""
    if (home / MARK).exists() and not os.environ.get("BUDILNIK_DATABASE_URL"):
        for file in home.glob("budilnik.sqlite3*"):
            file.unlink()


def _show(morning: PublishedMorning) -> None:
    rules = rules_on(morning.on)
    people.rule(_("Wholesale fasteners: the first morning, %(day)s") % {"day": printing.shown(morning.on)})
    count = count_base(on=morning.on, policy=rules.policy, callers=pool_callers(on=morning.on, policy=rules.policy))
    printing.show_base(count)
    people.print()
    printing.show_plans(morning, title=_("Morning of %(day)s") % {"day": printing.shown(morning.on)})
    for plan, task in _three_cards(morning):
        printing.show_card(plan, task)
    people.print()
    people.print(_("Look further:"))
    for command in ("base", f"morning --on {morning.on} --json", "verify", "doctor"):
        home = os.environ["BUDILNIK_HOME"]
        people.print(f"  BUDILNIK_HOME={home} BUDILNIK_TODAY={morning.on} .venv/bin/budilnik {command}", soft_wrap=True)


def _three_cards(morning: PublishedMorning) -> list[tuple[PublishedPlan, PublishedTask]]:
    """Return a promise, an own client and a lost one, each from another manager where there are several."""
    cards: list[tuple[PublishedPlan, PublishedTask]] = []
    for queue in (Queue.CALLBACK, Queue.OWN, Queue.POOL):
        told = {plan.employee for plan, _task in cards}
        found = [(plan, task) for plan in morning.plans for task in plan.tasks if task.queue == queue.value]
        cards += sorted(found, key=lambda pair: pair[0].employee in told)[:1]
    return cards
