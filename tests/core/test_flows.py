"""Flows: what a client was before a period and after it, and for how long he is new."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.coverage import Stretch
from budilnik.core.flows import State, new_until, status_course, way

MONTH = Stretch(first=date(2026, 9, 1), last=date(2026, 9, 30))
REGULAR, FORGOTTEN, LOST = "regular", "forgotten", "lost"


def test_a_client_without_a_change_is_what_he_was():
    assert status_course([], now=REGULAR, within=MONTH) == (REGULAR, REGULAR)


def test_what_happens_after_the_period_tells_what_he_was_in_it():
    later = [(date(2026, 10, 1), FORGOTTEN, LOST)]

    assert status_course(later, now=LOST, within=MONTH) == (FORGOTTEN, FORGOTTEN)


def test_the_last_step_within_the_period_says_what_he_became():
    steps = [
        (date(2026, 9, 1), REGULAR, FORGOTTEN),
        (date(2026, 9, 30), FORGOTTEN, LOST),
        (date(2026, 10, 2), LOST, REGULAR),
    ]

    assert status_course(steps, now=REGULAR, within=MONTH) == (REGULAR, LOST)


STATUSES = ("prospect", REGULAR, FORGOTTEN, LOST)


@given(st.sampled_from(STATUSES), st.lists(st.tuples(st.integers(-30, 60), st.sampled_from(STATUSES)), max_size=6))
def test_the_steps_lived_through_day_by_day_give_the_same(first, plan):
    status, steps, on_day = first, [], {}
    for shift, to_status in sorted(plan, key=lambda each: each[0]):
        if to_status != status:
            steps.append((MONTH.first + timedelta(days=shift), status, to_status))
            status = to_status
    live = first
    for shift in range(-31, 62):
        day = MONTH.first + timedelta(days=shift)
        on_day[day] = live
        for when, _, to_status in steps:
            if when == day:
                live = to_status
        on_day[day, "evening"] = live

    since = [step for step in steps if step[0] >= MONTH.first]
    found = status_course(since, now=status, within=MONTH)

    assert found == (on_day[MONTH.first], on_day[MONTH.last, "evening"])


def test_a_client_comes_new_and_goes_to_the_archive():
    def goes(known_on: date, archived_on: date | None = None) -> tuple[State, State]:
        return way((REGULAR, LOST), known_on=known_on, archived_on=archived_on, within=MONTH)

    assert goes(date(2026, 8, 31)) == (State.REGULAR, State.LOST)
    assert goes(date(2026, 9, 1), date(2026, 10, 1)) == (State.NEW, State.LOST)
    assert goes(date(2026, 9, 30), date(2026, 9, 30)) == (State.NEW, State.ARCHIVED)


def test_a_client_is_new_in_the_month_of_his_first_order_and_the_eleven_after_it():
    assert new_until(date(2025, 10, 31)) == date(2026, 10, 1)
    assert new_until(date(2026, 1, 1)) == date(2027, 1, 1)
