"""What the database knows of its tables: renewed with every morning."""

import pytest
from django.db import connection

from budilnik.jobs.morning import make_morning
from budilnik.jobs.statistics import renew_statistics
from cast import TODAY, client, ivan

pytestmark = pytest.mark.django_db


def looked_at() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tbl FROM sqlite_stat1")
        return {table for (table,) in cursor.fetchall()}


def test_after_the_morning_sqlite_knows_how_its_tables_are_filled():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL counts by itself")
    client("ООО «Болт-Сервис»", owner=ivan())

    make_morning(TODAY, step=lambda name: None)

    assert {"clients_client", "calling_calltask"} <= looked_at()


def test_it_may_be_renewed_at_any_time_on_any_database():
    renew_statistics()
    renew_statistics()
