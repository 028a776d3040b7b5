"""Who may hold a client, until when, and who answers for his silence."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.ownership import (
    Away,
    HeadMustChoose,
    Held,
    Holding,
    Neglected,
    blame,
    deadline,
    falls_to_substitute,
    first_day_back,
    may_receive,
    merge_owner,
    portions,
    release_was_wrong,
    substitute_for,
)
from budilnik.core.status import SilencePolicy
from cast import weekdays

IVAN, OLGA, PAVEL = 1, 2, 3
MONDAY = date(2026, 9, 14)
CALENDAR = weekdays(MONDAY, 120)
SIX_MONTHS = SilencePolicy()


def test_a_lost_client_is_never_for_the_one_who_lost_him():
    assert not may_receive(IVAN, frozenset({IVAN}))
    assert may_receive(OLGA, frozenset({IVAN}))


def test_a_client_kept_until_sunday_must_be_called_on_friday():
    assert deadline(date(2026, 9, 20), CALENDAR) == date(2026, 9, 18)
    assert deadline(date(2026, 9, 18), CALENDAR) == date(2026, 9, 18)


def test_an_owner_on_holiday_until_the_loss_has_no_deadline_left():
    on_holiday = CALENDAR.without([(MONDAY, date(2026, 9, 20))])

    assert deadline(date(2026, 9, 18), on_holiday) is None


@pytest.mark.parametrize(
    ("contact_on", "wrong"),
    [
        (date(2026, 9, 13), True),
        (date(2026, 9, 14), False),
        (date(2026, 3, 14), True),
        (date(2026, 3, 13), False),
        (date(2026, 9, 15), False),
    ],
)
def test_late_evidence_voids_a_release_only_if_it_still_held_on_that_day(contact_on, wrong):
    assert release_was_wrong(contact_on, released_on=MONDAY, policy=SIX_MONTHS) is wrong


def test_the_longest_silent_go_first_and_of_equals_the_more_valuable():
    old, dear, cheap = (
        Neglected(client_id=1, silent_since=date(2025, 1, 1), value=1),
        Neglected(client_id=2, silent_since=date(2025, 2, 1), value=900),
        Neglected(client_id=3, silent_since=date(2025, 2, 1), value=5),
    )

    days = portions([cheap, dear, old], per_day=1, working_days=CALENDAR.days[:3])

    assert days == {1: CALENDAR.days[0], 2: CALENDAR.days[1], 3: CALENDAR.days[2]}


@pytest.mark.parametrize(("per_day", "days"), [(0, 3), (1, 0)])
def test_a_backlog_that_does_not_fit_is_a_mistake(per_day, days):
    backlog = [Neglected(client_id=1, silent_since=MONDAY, value=1)]

    with pytest.raises(ValueError, match="do not fit"):
        portions(backlog, per_day=per_day, working_days=CALENDAR.days[:days])


@pytest.mark.parametrize(
    ("owners", "pooled", "expected"),
    [
        ((IVAN, None), (False, True), Holding(owner=IVAN, in_pool=False)),
        ((IVAN, IVAN), (False, False), Holding(owner=IVAN, in_pool=False)),
        ((None, OLGA), (False, False), Holding(owner=OLGA, in_pool=False)),
        ((None, None), (True, False), Holding(owner=None, in_pool=False)),
        ((None, None), (True, True), Holding(owner=None, in_pool=True)),
    ],
)
def test_of_two_cards_the_owned_one_prevails(owners, pooled, expected):
    assert merge_owner(owners=owners, pooled=pooled) == expected


def test_two_owners_of_one_client_are_for_the_head_to_judge():
    with pytest.raises(HeadMustChoose):
        merge_owner(owners=(IVAN, OLGA), pooled=(False, False))


def test_a_card_that_is_owned_and_in_the_pool_cannot_be():
    with pytest.raises(ValueError, match="has no owner"):
        merge_owner(owners=(IVAN, None), pooled=(True, False))


def test_the_blame_is_on_who_held_the_client_for_most_of_the_silence():
    tenures = [
        Held(employee_id=IVAN, from_on=date(2025, 1, 1), until_on=date(2026, 9, 1)),
        Held(employee_id=OLGA, from_on=date(2026, 9, 1)),
    ]

    assert blame(tenures, silent_from=date(2026, 3, 1), lost_on=date(2026, 9, 2)) == IVAN


def test_days_of_absence_are_nobodys_fault():
    tenures = [
        Held(employee_id=IVAN, from_on=date(2026, 3, 1), until_on=date(2026, 6, 15)),
        Held(employee_id=OLGA, from_on=date(2026, 6, 15)),
    ]
    ill = Away(employee_id=IVAN, from_on=date(2026, 3, 1), until_on=date(2026, 5, 31))

    assert blame(tenures, silent_from=date(2026, 3, 1), lost_on=date(2026, 9, 1), absences=[ill]) == OLGA


def test_of_two_who_held_him_equally_long_it_is_the_later_one():
    tenures = [
        Held(employee_id=OLGA, from_on=MONDAY, until_on=MONDAY + timedelta(days=3)),
        Held(employee_id=IVAN, from_on=MONDAY + timedelta(days=3)),
    ]

    assert blame(tenures, silent_from=MONDAY, lost_on=MONDAY + timedelta(days=6)) == IVAN


def test_nobody_is_to_blame_for_a_client_whom_nobody_held():
    gone = Held(employee_id=IVAN, from_on=date(2020, 1, 1), until_on=date(2021, 1, 1))

    assert blame([gone], silent_from=MONDAY, lost_on=MONDAY + timedelta(days=9)) is None


@pytest.mark.parametrize(
    ("deadline_on", "falls"),
    [
        (date(2026, 9, 13), False),
        (date(2026, 9, 14), True),
        (date(2026, 9, 25), True),
        (date(2026, 9, 26), False),
    ],
)
def test_a_substitute_has_the_deadlines_of_the_absence_and_of_a_week_after(deadline_on, falls):
    week_off = Away(employee_id=IVAN, from_on=MONDAY, until_on=date(2026, 9, 18))

    assert falls_to_substitute(deadline_on, absence=week_off, calendar=CALENDAR, tail_working_days=5) is falls


def test_without_a_tail_only_the_absence_itself_counts():
    week_off = Away(employee_id=IVAN, from_on=MONDAY, until_on=date(2026, 9, 18))

    assert not falls_to_substitute(date(2026, 9, 19), absence=week_off, calendar=CALENDAR, tail_working_days=0)


def test_a_substitute_stands_in_if_he_is_there_and_never_lost_the_client():
    present = frozenset({OLGA, PAVEL})

    assert substitute_for(substitute=OLGA, present=present, locks=frozenset({IVAN})) == OLGA
    assert substitute_for(substitute=OLGA, present=present, locks=frozenset({OLGA})) is None
    assert substitute_for(substitute=IVAN, present=present, locks=frozenset()) is None
    assert substitute_for(substitute=None, present=present, locks=frozenset()) is None


def test_the_first_day_back_after_a_friday_is_monday():
    week_off = Away(employee_id=IVAN, from_on=MONDAY, until_on=date(2026, 9, 18))

    assert first_day_back(week_off, CALENDAR) == date(2026, 9, 21)


@given(
    backlog=st.lists(
        st.builds(
            Neglected,
            client_id=st.integers(1, 10_000),
            silent_since=st.dates(date(2024, 1, 1), date(2026, 1, 1)),
            value=st.integers(0, 10**9),
        ),
        max_size=60,
        unique_by=lambda each: each.client_id,
    ),
    per_day=st.integers(1, 10),
)
def test_a_backlog_passes_whole_in_portions_and_never_out_of_turn(backlog, per_day):
    days = portions(backlog, per_day=per_day, working_days=CALENDAR.days[:60])

    in_turn = sorted(backlog, key=lambda each: (days[each.client_id], each.silent_since))
    assert days.keys() == {each.client_id for each in backlog}
    assert all(list(days.values()).count(day) <= per_day for day in days.values())
    assert [each.silent_since for each in in_turn] == sorted(each.silent_since for each in backlog)
