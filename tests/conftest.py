"""The ground under every test: a home and a database of its own, made before Django reads its settings.

Django is set up here and not by an option of pytest, because an option is read before this file.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlencode

import django
import pytest
from hypothesis import settings

DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
    "live_server",
}


def _make_home() -> None:
    home = tempfile.mkdtemp(prefix="budilnik-test-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ["BUDILNIK_HOME"] = home
    os.environ["DJANGO_SETTINGS_MODULE"] = "budilnik.config.settings"
    os.environ.pop("BUDILNIK_TODAY", None)
    # Mornings of tests that are not about insight need not wait for its engine.
    os.environ["BUDILNIK_ENGINE"] = "off"
    if os.environ.get("BUDILNIK_TEST_DATABASE", "sqlite") == "sqlite":
        # A file and not memory: some tests start processes that must see the same tables.
        os.environ["BUDILNIK_DATABASE_URL"] = f"sqlite://{Path(home) / 'budilnik.sqlite3'}"
    elif "BUDILNIK_DATABASE_URL" not in os.environ:
        pytest.exit("BUDILNIK_TEST_DATABASE is set without BUDILNIK_DATABASE_URL; see tests/postgres.py", 4)


# The workers of pytest-xdist inherit the environment of the process that divides the tests among them.
if "PYTEST_XDIST_WORKER" not in os.environ:
    _make_home()
django.setup()

settings.register_profile("budilnik", max_examples=100, deadline=None, print_blob=True, derandomize="CI" in os.environ)
settings.register_profile("soak", max_examples=5000, deadline=None, print_blob=True)
settings.load_profile("budilnik")


def _needs_database(item: pytest.Item) -> bool:
    from django.test import TransactionTestCase

    case = getattr(item, "cls", None)
    return (
        item.get_closest_marker("django_db") is not None
        or not DATABASE_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))
        or (isinstance(case, type) and issubclass(case, TransactionTestCase))
    )


# Before pytest itself chooses by `-m`, or the marker would come too late.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if _needs_database(item) and not item.get_closest_marker("once"):
            item.add_marker(pytest.mark.database)
    if "soak" not in config.option.markexpr:
        too_long = [item for item in items if item.get_closest_marker("soak")]
        config.hook.pytest_deselected(items=too_long)
        items[:] = [item for item in items if not item.get_closest_marker("soak")]


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """The address of this worker's test database, for a process that a test starts."""
    from django.db import connection

    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{facts['NAME']}"
    address = {key.lower(): facts[key] for key in ("HOST", "USER", "PORT", "PASSWORD") if facts[key]}
    return f"postgres:///{facts['NAME']}?{urlencode(address)}"
