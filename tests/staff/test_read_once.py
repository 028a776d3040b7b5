"""Rules and calendars within one request: read once, and anew once they are changed."""

import pytest

from budilnik.core.policy import Policy
from budilnik.staff.actions import set_policy
from budilnik.staff.actions.calendar import override_day
from budilnik.staff.queries import read_once, rules_on, work_calendar
from cast import NOW, TODAY, TOMORROW

pytestmark = pytest.mark.django_db


def test_within_a_request_the_rules_and_the_calendar_are_read_once(django_assert_num_queries):
    with read_once(), django_assert_num_queries(2):
        for _ in range(3):
            rules_on(TODAY)
            work_calendar(country="RU", first=TODAY, last=TOMORROW)


def test_outside_of_one_they_are_read_every_time(django_assert_num_queries):
    with django_assert_num_queries(2):
        rules_on(TODAY)
        rules_on(TODAY)


def test_rules_changed_in_a_request_hold_in_the_rest_of_it():
    with read_once():
        before = rules_on(TODAY).policy.norm
        set_policy(policy=Policy(norm=before + 5), starts_on=TODAY, on=TODAY, why="more calls", by=None, now=NOW)

        assert rules_on(TODAY).policy.norm == before + 5


def test_a_day_off_declared_in_a_request_counts_in_the_rest_of_it():
    with read_once():
        assert work_calendar(country="RU", first=TODAY, last=TOMORROW).is_working(TODAY)

        override_day(on=TODAY, works=False, note="stocktaking", by=None, now=NOW)

        assert not work_calendar(country="RU", first=TODAY, last=TOMORROW).is_working(TODAY)


def test_what_one_request_has_read_the_next_one_reads_for_itself(django_assert_num_queries):
    with django_assert_num_queries(2):
        for _ in range(2):
            with read_once():
                rules_on(TODAY)
