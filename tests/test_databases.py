"""The suite runs on the database it says it runs on, and both keep what the product leans on."""

import os

import pytest
from django.db import IntegrityError, connection, transaction

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_tests_run_on_the_database_that_was_asked_for():
    asked = os.environ.get("BUDILNIK_TEST_DATABASE", "sqlite")

    assert connection.vendor == {"sqlite": "sqlite", "postgres": "postgresql"}[asked]


def test_a_process_started_by_a_test_sees_the_same_database(database_url):
    from budilnik.config.settings import database

    there = database(database_url)

    assert there["NAME"] == connection.settings_dict["NAME"]
    assert ":memory:" not in there["NAME"] and "mode=memory" not in there["NAME"]


def test_a_broken_reference_is_refused_by_the_database():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE house_parent (id integer PRIMARY KEY)")
        cursor.execute("CREATE TABLE house_child (parent_id integer NOT NULL REFERENCES house_parent (id))")
        try:
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute("INSERT INTO house_child VALUES (1)")
        finally:
            cursor.execute("DROP TABLE house_child")
            cursor.execute("DROP TABLE house_parent")
