"""A morning killed anywhere and started again ends as one that was not; two at once make it once."""

import os
import signal

import pytest

from bases import Bases, child, dump

pytestmark = pytest.mark.django_db(transaction=True)

POINTS = [
    "claimed",
    "staff_read",
    "base_judged",
    "own_ranked",
    "pool_shared",
    "decided",
    "yesterday_closed",
    "first_renewals_inside",
    "first_renewals_written",
    "renewals_written",
    "leftovers_cleared",
    "first_plans_inside",
    "first_plans_written",
    "plans_written",
    "published",
]


@pytest.fixture(scope="module")
def bases(tmp_path_factory, django_db_setup):
    return Bases(tmp_path_factory.mktemp("bases"), os.environ.get("PYTEST_XDIST_WORKER", "main"))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def yesterday(bases, home, django_db_blocker):
    """A base with a published yesterday and new rules for today."""
    with django_db_blocker.unblock():
        url = bases.fresh()
        made = child(url, "make", home=home)
        _, trouble = made.communicate()
        assert made.returncode == 0, trouble
        if url.startswith("sqlite"):
            _fold_in_the_log(url)
        yield url
        bases.drop(url)


def _fold_in_the_log(url):
    import sqlite3

    with sqlite3.connect(url.removeprefix("sqlite://")) as base:
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.fixture(scope="module")
def undisturbed(bases, yesterday, home, django_db_blocker):
    """What a morning that nothing disturbs leaves behind."""
    with django_db_blocker.unblock():
        url = bases.fresh(yesterday)
        run = child(url, "morning", "-", home=home)
        _, trouble = run.communicate()
        assert run.returncode == 0, trouble
        found = dump(url)
        bases.drop(url)
        return found


def test_the_undisturbed_morning_has_something_to_write_at_every_step(undisturbed):
    assert len(undisturbed["calling_calltask"]) > 100
    assert len(undisturbed["clients_statuschange"]) > 200
    assert len(undisturbed["clients_loss"]) > 20


@pytest.mark.parametrize("point", POINTS)
def test_a_morning_killed_and_run_again_equals_one_that_was_not_killed(point, bases, yesterday, undisturbed, home):
    url = bases.fresh(yesterday)

    killed = child(url, "morning", point, home=home)
    killed.communicate()
    again = child(url, "morning", "-", home=home)
    _, trouble = again.communicate()

    assert killed.returncode == -signal.SIGKILL
    assert again.returncode == 0, trouble
    assert dump(url) == undisturbed
    bases.drop(url)


def test_a_morning_run_twice_equals_once(bases, yesterday, undisturbed, home):
    url = bases.fresh(yesterday)

    for _ in range(2):
        run = child(url, "morning", "-", home=home)
        _, trouble = run.communicate()
        assert run.returncode == 0, trouble

    assert dump(url) == undisturbed
    bases.drop(url)


def test_of_two_mornings_at_the_same_time_one_does_it(bases, yesterday, undisturbed, home):
    url = bases.fresh(yesterday)

    both = [child(url, "morning", "-", home=home) for _ in range(2)]
    ends = [run.communicate()[1] for run in both]

    assert [run.returncode for run in both] == [0, 0], ends
    assert dump(url) == undisturbed
    bases.drop(url)
