"""What every command begins with: Django, the language, a database that has its tables and its first rules."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import django
from django.conf import settings
from django.db import connection
from django.utils import translation

FIRST_RULES_FROM = date(2000, 1, 1)


def start() -> str:
    """Set Django up and return the language of the process."""
    django.setup()
    translation.activate(settings.LANGUAGE_CODE)
    return str(settings.LANGUAGE_CODE)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let one process of this machine make the tables while the others wait."""
    settings.HOME.mkdir(parents=True, exist_ok=True)
    with (settings.HOME / ".setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def ensure_database() -> None:
    """Create or upgrade the tables where needed, and store the first version of the rules."""
    from django.core.management import call_command
    from django.db.migrations.executor import MigrationExecutor

    from budilnik.core.policy import Policy
    from budilnik.jobs.clock import now
    from budilnik.staff.actions import set_policy
    from budilnik.staff.queries import policy_is_stored

    with _one_at_a_time():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
        if not policy_is_stored():
            set_policy(
                policy=Policy(),
                starts_on=FIRST_RULES_FROM,
                on=FIRST_RULES_FROM,
                why="first rules",
                by=None,
                now=now(),
            )
