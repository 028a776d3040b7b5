"""Whose turn it is: nobody chooses, and nobody who waits is forgotten."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.turn import Claim, OpenTask, Turn, whose_turn
from cast import NOW

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OPEN = ((NOW - HOUR, NOW + 3 * HOUR),)
LUNCH = ((NOW - 3 * HOUR, NOW - HOUR), (NOW + HOUR, NOW + 4 * HOUR))
OVER = ((NOW - 5 * HOUR, NOW - HOUR),)


def in_line(position: int, **facts) -> OpenTask:
    return OpenTask(task_id=position, position=position, **({"hours": OPEN} | facts))


def test_the_list_is_called_in_its_order():
    turn = whose_turn([in_line(2), in_line(1), in_line(3)], now=NOW)

    assert turn == Turn(task_id=1, claim=Claim.QUEUE)


def test_a_promise_comes_first_from_five_minutes_before_its_hour():
    promised = in_line(9, promised_at=NOW + 5 * MINUTE)

    at_the_minute = whose_turn([in_line(1), promised], now=NOW)
    a_minute_before = whose_turn([in_line(1), promised], now=NOW - MINUTE)

    assert (at_the_minute.task_id, at_the_minute.claim) == (9, Claim.PROMISE)
    assert a_minute_before.task_id == 1


def test_of_two_promises_the_earlier_rings_first():
    turn = whose_turn([in_line(1, promised_at=NOW), in_line(2, promised_at=NOW - HOUR)], now=NOW)

    assert turn.task_id == 2


def test_a_card_that_was_opened_stays_until_something_is_written_down():
    turn = whose_turn([in_line(1, attempts=1, not_before=NOW), in_line(2, begun=True), in_line(3)], now=NOW)

    assert (turn.task_id, turn.claim) == (2, Claim.BEGUN)


def test_a_retry_takes_the_place_of_the_least_urgent_when_its_time_has_come():
    missed = in_line(1, attempts=1, not_before=NOW + 2 * HOUR)

    now, later = (whose_turn([missed, in_line(2), in_line(3)], now=at) for at in (NOW, NOW + 2 * HOUR))

    assert (now.task_id, later.task_id, later.claim) == (2, 1, Claim.RETRY)


def test_a_next_step_promised_for_today_comes_before_the_rest_of_the_list():
    turn = whose_turn([in_line(1), in_line(2, is_step=True)], now=NOW)

    assert (turn.task_id, turn.claim) == (2, Claim.STEP)


def test_a_client_at_lunch_is_called_after_those_who_are_at_work():
    turn = whose_turn([in_line(1, hours=LUNCH), in_line(2)], now=NOW)

    assert turn.task_id == 2


def test_when_nobody_is_at_work_the_one_whose_hour_opens_soonest_is_called_all_the_same():
    later = ((NOW + 2 * HOUR, NOW + 3 * HOUR),)

    turn = whose_turn([in_line(1, hours=later), in_line(2, hours=LUNCH)], now=NOW)

    assert (turn.task_id, turn.claim) == (2, Claim.OUT_OF_HOURS)


def test_after_hours_the_list_goes_on_in_its_order():
    turn = whose_turn([in_line(2, hours=OVER), in_line(1, hours=OVER), in_line(3, hours=())], now=NOW)

    assert turn.task_id == 1


def test_a_missed_promise_waits_for_its_second_ring():
    missed = in_line(1, promised_at=NOW - HOUR, attempts=1, not_before=NOW + HOUR)

    assert whose_turn([missed], now=NOW) == Turn(task_id=None, next_at=NOW + HOUR)
    assert whose_turn([missed], now=NOW + HOUR).task_id == 1


def test_with_an_empty_day_there_is_nobody_to_call():
    assert whose_turn([], now=NOW) == Turn(task_id=None)


moments = st.integers(-600, 600).map(lambda minutes: NOW + minutes * MINUTE)


@st.composite
def days(draw) -> list[OpenTask]:
    tasks = []
    for number in range(1, draw(st.integers(0, 12)) + 1):
        starts: list[datetime] = sorted(draw(st.lists(moments, max_size=2)))
        tasks.append(
            OpenTask(
                task_id=number,
                position=number,
                promised_at=draw(st.none() | moments),
                is_step=draw(st.booleans()),
                not_before=draw(st.none() | moments),
                attempts=draw(st.integers(0, 2)),
                begun=draw(st.booleans()),
                hours=tuple((start, start + HOUR) for start in starts),
            )
        )
    return tasks


@given(days(), st.randoms())
def test_somebody_is_called_whenever_anybody_may_be_and_the_order_of_rows_means_nothing(tasks, chance):
    turn = whose_turn(tasks, now=NOW)
    chance.shuffle(tasks)
    again = whose_turn(tasks, now=NOW)

    assert turn == again
    held_back = [
        task
        for task in tasks
        if (task.not_before and task.not_before > NOW)
        or (task.promised_at and not task.attempts and task.promised_at > NOW + 5 * MINUTE)
    ]
    assert (turn.task_id is None) == (len(held_back) == len(tasks))
    assert turn.task_id not in {task.task_id for task in held_back}
    due = [task.task_id for task in tasks if task.promised_at and task not in held_back]
    if due:
        assert turn.task_id in due
