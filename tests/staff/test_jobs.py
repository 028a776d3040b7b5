"""Long work that somebody asks for: claimed once, told how far it is, stopped, taken over."""

from datetime import timedelta

import pytest

from budilnik.core.refusal import Refusal
from budilnik.staff.actions.jobs import (
    LEASE,
    WAITING_AT_MOST,
    JobOver,
    TooMuchWaits,
    ask_for,
    ask_to_stop,
    claim_next,
    end_job,
    report,
    stop_mine,
)
from budilnik.staff.models import AuditEntry
from budilnik.staff.queries.jobs import NoSuchJob, holders_of_work, job, jobs_of, work_waits
from cast import NOW, head_of_sales

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LONG_AFTER = NOW + LEASE + timedelta(seconds=1)


class Broken(Refusal):
    """A refusal of the tests."""

    ru = "Не вышло."
    en = "It did not work."


def alive(_holder: str) -> bool:
    return False


def asked(**what: object) -> int:
    return ask_for("simulation", dict(what), by=None, now=NOW)


def claim(holder: str = "one:1", now=NOW, is_gone=alive):
    return claim_next(holder=holder, now=now, is_gone=is_gone)


def test_work_is_asked_for_by_somebody_and_audited():
    head = head_of_sales()

    number = ask_for("simulation", {"norm": 25}, by=head, now=NOW)

    state = job(number)
    assert (state.stage, state.asked_by, state.asked, state.part) == ("waiting", head.name, {"norm": 25}, 0.0)
    assert AuditEntry.objects.get().action == "job_asked"
    assert work_waits(now=NOW)


def test_of_two_workers_one_gets_the_work():
    number = asked()

    first, second = claim("one:1"), claim("two:2")

    assert first is not None
    assert first.job_id == number
    assert second is None
    assert holders_of_work() == ["one:1"]
    assert not work_waits(now=NOW)


def test_work_that_waited_longest_comes_first():
    first, second = asked(), asked()

    assert [claim().job_id, claim().job_id] == [first, second]
    assert claim() is None


def test_a_worker_that_is_silent_or_gone_is_replaced_and_may_say_nothing_more():
    number = asked()
    claim("one:1")

    assert claim("two:2", now=LONG_AFTER).job_id == number
    assert claim("three:3", now=LONG_AFTER, is_gone=lambda holder: holder == "two:2").job_id == number

    assert not report(number, holder="one:1", done=1, total=2, now=LONG_AFTER)
    end_job(number, holder="two:2", end="done", now=LONG_AFTER, told={"a": 1})
    assert job(number).stage == "running"


def test_a_worker_says_how_far_it_is():
    number = asked()
    claim()

    assert report(number, holder="one:1", done=3, total=4, now=NOW)

    assert (job(number).stage, job(number).part) == ("running", 0.75)


def test_work_that_waits_is_stopped_at_once():
    number = asked()

    ask_to_stop(number, by=None, now=NOW)

    assert (job(number).stage, job(number).is_over) == ("stopped", True)
    assert claim() is None


def test_work_that_runs_is_told_to_stop_at_its_next_step():
    number = asked()
    claim()

    ask_to_stop(number, by=None, now=NOW)

    assert job(number).stopping
    assert not report(number, holder="one:1", done=1, total=2, now=NOW)

    end_job(number, holder="one:1", end="stopped", now=NOW)
    assert (job(number).stage, job(number).stopping) == ("stopped", False)


def test_work_that_is_over_is_not_stopped():
    number = asked()
    claim()
    end_job(number, holder="one:1", end="done", now=NOW, told={"answer": 42})

    with pytest.raises(JobOver):
        ask_to_stop(number, by=None, now=NOW)
    assert job(number).told == {"answer": 42}


def test_what_went_wrong_is_told_in_both_languages():
    number = asked()
    claim()

    end_job(number, holder="one:1", end="failed", now=NOW, trouble=Broken())

    assert (job(number).stage, job(number).trouble_ru, job(number).trouble_en) == (
        "failed",
        "Не вышло.",
        "It did not work.",
    )


def test_a_queue_that_nobody_would_wait_for_is_refused():
    for _ in range(WAITING_AT_MOST):
        asked()

    with pytest.raises(TooMuchWaits):
        asked()


def test_the_latest_work_comes_first_and_without_its_results(django_assert_num_queries):
    first, second = asked(), asked()

    with django_assert_num_queries(1):
        told = jobs_of("simulation")

    assert [each.job_id for each in told] == [second, first]
    assert jobs_of("another") == []
    with pytest.raises(NoSuchJob):
        job(second + 99)


def test_work_that_nobody_waits_for_any_more_is_stopped():
    head = head_of_sales()
    waits, runs = (ask_for("forecast", {}, by=head, now=NOW) for _ in range(2))
    others = ask_for("forecast", {}, by=None, now=NOW)
    begun = claim("one:1").job_id

    stop_mine("forecast", by=head, now=NOW)

    assert begun == waits
    assert job(waits).stopping
    assert job(runs).stage == "stopped"
    assert job(others).stage == "waiting"
