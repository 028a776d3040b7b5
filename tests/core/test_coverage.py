"""Coverage: quarters and weeks, days owned whatever the transfers, where a quarter will end."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.coverage import (
    DaysHeld,
    Held,
    Outlook,
    Reach,
    Stretch,
    days_held,
    latest_start,
    outlook,
    people_to_save,
    quarter_before,
    quarter_of,
    reach_of,
    week_ends,
)
from budilnik.core.dates import add_months

IVAN, OLGA, PAVEL = 1, 2, 3
QUARTER = Stretch(first=date(2026, 7, 1), last=date(2026, 9, 30))
LONG_AGO = date(2025, 1, 1)


def held(who: int, *, since: date = LONG_AGO, until: date | None = None, covered: bool = False) -> Held:
    return Held(employee_id=who, from_on=since, until_on=until, clients=1, covered=int(covered))


def test_a_quarter_begins_and_ends_with_its_months():
    assert quarter_of(date(2026, 9, 30)) == QUARTER
    assert quarter_of(date(2026, 7, 1)) == QUARTER
    assert quarter_of(date(2026, 12, 31)) == Stretch(first=date(2026, 10, 1), last=date(2026, 12, 31))
    assert quarter_before(date(2026, 2, 10)) == Stretch(first=date(2025, 10, 1), last=date(2025, 12, 31))
    assert QUARTER.days == 92


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_weeks_end_on_sundays_and_the_last_one_with_the_quarter(on):
    quarter = quarter_of(on)

    *sundays, last = week_ends(quarter)

    assert all(day.weekday() == 6 and quarter.first <= day < quarter.last for day in sundays)
    assert last == quarter.last
    assert len(sundays) in (12, 13)


def test_a_stretch_of_a_day_is_a_week():
    assert week_ends(Stretch(first=date(2026, 9, 15), last=date(2026, 9, 15))) == (date(2026, 9, 15),)


@given(st.integers(0, 24), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_the_latest_start_is_over_in_time_and_the_day_after_it_is_not(months, until):
    start = latest_start(months, until=until)

    assert add_months(start, months) <= until < add_months(start + timedelta(days=1), months)


def test_the_day_of_a_hand_over_is_his_who_held_the_client_that_morning():
    middle = date(2026, 8, 15)

    found = days_held([held(IVAN, until=middle), held(OLGA, since=middle, covered=True)], within=QUARTER)

    assert found == {IVAN: DaysHeld(days=46), OLGA: DaysHeld(days=46, covered=46)}
    assert found[IVAN].covered_share == 0
    assert DaysHeld().covered_share is None


def test_what_was_held_before_or_after_the_period_is_nobodys():
    before = held(IVAN, until=QUARTER.first - timedelta(days=1))
    after = held(OLGA, since=QUARTER.last)

    assert days_held([before, after], within=QUARTER) == {}


# A client as the day of each transfer and the next owner; the first one has had him for long.
TRANSFERS = st.lists(
    st.tuples(st.integers(-5, 100).map(lambda shift: QUARTER.first + timedelta(days=shift)), st.integers(1, 3)),
    max_size=4,
    unique_by=lambda step: step[0],
).map(sorted)
CLIENTS = st.lists(st.tuples(st.integers(1, 3), TRANSFERS, st.booleans()), min_size=1, max_size=8)


def tenures(first_owner: int, transfers: list[tuple[date, int]], covered: bool) -> list[Held]:
    steps = [(LONG_AGO, first_owner), *transfers]
    ends = [day for day, _ in steps[1:]] + [None]
    return [held(who, since=day, until=end, covered=covered) for (day, who), end in zip(steps, ends, strict=True)]


@given(CLIENTS)
def test_transfers_change_neither_the_days_of_the_firm_nor_those_covered(clients):
    moved = days_held([each for client in clients for each in tenures(*client)], within=QUARTER)
    unmoved = days_held([each for who, _, covered in clients for each in tenures(who, [], covered)], within=QUARTER)

    assert sum(moved.values(), DaysHeld()) == sum(unmoved.values(), DaysHeld())


@given(CLIENTS, st.integers(0, 7))
def test_a_client_given_away_on_the_last_day_changes_nothing(clients, number):
    who, transfers, covered = clients[number % len(clients)]
    before = [step for step in transfers if step[0] < QUARTER.last]
    given = [*before, (QUARTER.last, PAVEL + 1)]

    kept = days_held(tenures(who, before, covered), within=QUARTER)
    after = days_held(tenures(who, given, covered), within=QUARTER)

    assert after == kept


@given(CLIENTS, st.integers(0, 90))
def test_giving_an_uncovered_client_away_leaves_the_giver_every_day_he_had_him(clients, shift):
    rest = [each for client in clients for each in tenures(*client)]
    day = QUARTER.first + timedelta(days=shift)

    gave = days_held([*rest, *tenures(IVAN, [(day, OLGA)], False)], within=QUARTER)

    without = days_held(rest, within=QUARTER).get(IVAN, DaysHeld())
    assert gave[IVAN] == without + DaysHeld(days=shift + 1)


def test_a_reach_is_measured_from_thirty_attempts_on():
    assert reach_of(attempts=29, talks=29, default=0.5) == Reach(share=0.5, measured=False)
    assert reach_of(attempts=30, talks=12, default=0.5) == Reach(share=0.4, measured=True)
    with pytest.raises(ValueError, match="2 talks of 1 attempts"):
        reach_of(attempts=1, talks=2, default=0.5)


def test_the_talks_left_go_to_those_likeliest_to_stay_silent():
    found = outlook(contacted=40, uncovered=[(0.5, 20), (0.0, 10), (1.0, 5)], talks=16)

    assert found == Outlook(clients=75, contacted=40, own_orders=15.0, by_talks=10 + 6 * 0.5)
    assert found.expected == 68
    assert found.expected_share == 68 / 75
    assert Outlook().expected_share is None


@pytest.mark.parametrize(("chance", "talks"), [(1.1, 1), (-0.1, 1), (0.5, -1)])
def test_no_chance_beyond_one_and_no_talks_below_none(chance, talks):
    with pytest.raises(ValueError, match="a chance lies in"):
        outlook(contacted=0, uncovered=[(chance, 1)], talks=talks)


BASES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 50)), max_size=8)


@given(st.integers(0, 100), BASES, st.floats(0, 500), st.floats(0, 50))
def test_nobody_is_covered_twice_and_a_talk_more_never_covers_fewer(contacted, uncovered, talks, more):
    fewer = outlook(contacted=contacted, uncovered=uncovered, talks=talks)
    rather = outlook(contacted=contacted, uncovered=uncovered, talks=talks + more)

    assert contacted - 1e-9 <= fewer.expected <= rather.expected + 1e-9 <= fewer.clients + 2e-9
    assert rather.expected - fewer.expected <= more + 1e-9


def test_two_bases_stand_together_where_each_stands():
    one = outlook(contacted=3, uncovered=[(0.25, 4)], talks=2)
    other = outlook(contacted=1, uncovered=[(0.5, 2)], talks=0)

    both = one + other

    assert (both.clients, both.contacted) == (10, 4)
    assert both.expected == one.expected + other.expected


def test_calls_a_day_are_people_by_the_norm():
    assert people_to_save(calls_a_day=30, norm=20) == 1.5
    assert people_to_save(calls_a_day=0, norm=20) == 0
    with pytest.raises(ValueError, match="makes nobody"):
        people_to_save(calls_a_day=1, norm=0)
