"""Promises as people read them: what the head sees, what rings, what a page lists."""

from datetime import time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budilnik.calling.models import Call, Callback
from budilnik.calling.queries import promises
from budilnik.core import callbacks as rules
from cast import NOW, TODAY, TOMORROW, at_moscow, client, ivan, promise

pytestmark = pytest.mark.django_db


def attempt(row, at):
    return Call.objects.create(
        client=row, at=at, direction="out", disposition="no_answer", outcome="no_answer", in_force=False
    )


def shown(on=TODAY, now=NOW):
    return [each.callback_id for each in promises.escalated(on, now)]


def test_the_head_sees_a_promise_from_the_sixteenth_minute():
    manager = ivan()
    row = promise(client(owner=manager), manager, at=time(15))

    assert shown(now=at_moscow(15, 15)) == []
    assert shown(now=at_moscow(15, 16)) == [row.pk]


def test_the_head_does_not_see_a_promise_that_was_tried_in_time_and_rings_again():
    manager = ivan()
    bolt_service = client(owner=manager)
    promise(bolt_service, manager, at=time(15))
    attempt(bolt_service, at_moscow(15, 10))

    assert shown(now=at_moscow(18)) == []


def test_a_promise_for_in_ten_minutes_is_not_kept_by_the_call_in_which_it_was_made():
    manager = ivan()
    bolt_service = client(owner=manager)
    row = promise(bolt_service, manager, at=time(10, 10))
    Callback.objects.filter(pk=row.pk).update(recorded_at=NOW)
    attempt(bolt_service, NOW)

    assert shown(now=at_moscow(11)) == [row.pk]


def test_the_head_sees_a_step_without_an_hour_on_the_day_after():
    manager = ivan()
    row = promise(client(owner=manager), manager, at=None)

    assert shown(now=at_moscow(23)) == []
    assert shown(on=TOMORROW, now=NOW + timedelta(days=1)) == [row.pk]


def test_a_promise_that_ended_or_whose_client_asked_for_silence_is_not_shown():
    manager = ivan()
    ended, silenced = (promise(client(name, owner=manager), manager) for name in ("ООО «Болт»", "ООО «Трос»"))
    Callback.objects.filter(pk=ended.pk).update(ended_at=NOW, end="done")
    silenced.client.stopped_on = TODAY
    silenced.client.save()

    assert shown(now=at_moscow(18)) == []


MINUTES = st.integers(-1_500, 1_500)


@pytest.fixture
def promised_at_three():
    manager = ivan()
    return promise(client(owner=manager), manager, at=time(15))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=st.integers(-3_000, 0), tried=st.lists(MINUTES, max_size=3), now=MINUTES, timed=st.booleans())
def test_the_database_shows_to_the_head_what_the_core_does(promised_at_three, made, tried, now, timed):
    row, due = promised_at_three, promised_at_three.due_at
    made_at, at = due + timedelta(minutes=made), due + timedelta(minutes=now)
    on = TODAY if at < at_moscow(0, on=TOMORROW) else TOMORROW
    Callback.objects.filter(pk=row.pk).update(recorded_at=made_at, local_time=time(15) if timed else None)
    Call.objects.all().delete()
    attempts = [attempt(row.client, due + timedelta(minutes=minute)).at for minute in tried]

    seen = shown(on=on, now=at)

    if timed:
        expected = rules.escalated(due, made_at=made_at, attempts=attempts, now=at)
    else:
        expected = rules.step_escalated(row.local_on, due, made_at=made_at, attempts=attempts, on=on)
    assert seen == ([row.pk] if expected else [])
