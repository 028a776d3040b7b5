"""Asked work done: by a worker beside the loop, told as it goes, stopped, failed in a sentence."""

import sys
from datetime import timedelta

import pytest
import time_machine

from budilnik.core.refusal import Refusal
from budilnik.core.whatif import SIMULATION, WhatIf
from budilnik.core.years import from_told
from budilnik.jobs import asked_work
from budilnik.jobs.asked_work import do_asked_work, start_asked_work
from budilnik.jobs.scheduled import Moment
from budilnik.jobs.simulation import compare
from budilnik.staff.actions.jobs import ask_for, ask_to_stop, claim_next
from budilnik.staff.queries.jobs import job
from cast import NOW, POLICY, TODAY, client, ivan, olga, pool_client

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SMALL = WhatIf.of(POLICY, days=30, seeds=2, away_days=0)
MOMENT = Moment(now=NOW, on=TODAY, policy=POLICY)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def a_small_firm() -> None:
    who, other = ivan(), olga()
    for number in range(6):
        client(f"Завод {number}", owner=who, phones=())
        pool_client(f"Склад {number}", lost_by=other)


def ask(asked: WhatIf = SMALL, **more: object) -> int:
    return ask_for(SIMULATION, asked.to_asked() | more, by=None, now=NOW)


def test_a_simulation_is_lived_and_told():
    a_small_firm()
    number = ask()

    assert do_asked_work() == 1

    state = job(number)
    assert (state.stage, state.done, state.total) == ("done", 40, 40)
    assert set(state.told["courses"]) == set(SMALL.policies)
    assert len(from_told(state.told["courses"]["two_queues"]).points) == 5
    assert (state.told["clients"], state.told["people"]) == (12, 2)
    assert state.told["bound_value_kept"]["mean"] <= 1


def test_the_worker_tells_the_same_as_the_command():
    a_small_firm()
    number = ask()

    do_asked_work()

    found = compare(SMALL, on=TODAY, policy=POLICY, step=lambda done, total: True)
    told = job(number).told["courses"]
    assert {name: from_told(each) for name, each in told.items()} == found.courses


def test_rules_that_are_only_tried_are_lived_by():
    a_small_firm()
    number = ask(settings={"norm": 3, "pool_share": 0.0})

    do_asked_work()

    assert job(number).stage == "done"


def test_work_told_to_stop_ends_without_results():
    a_small_firm()
    number = ask()

    def stop(done: int, total: int) -> bool:
        return False

    assert compare(SMALL, on=TODAY, policy=POLICY, step=stop) is None
    ask_to_stop(number, by=None, now=NOW)
    assert do_asked_work() == 0
    assert job(number).stage == "stopped"


def test_what_cannot_be_simulated_is_told_in_a_sentence():
    number = ask_for(SIMULATION, SMALL.to_asked() | {"seeds": 99}, by=None, now=NOW)

    do_asked_work()

    assert job(number).stage == "failed"
    assert "20" in job(number).trouble_ru


def test_a_fault_of_the_program_is_logged_and_told(monkeypatch, caplog):
    def breaks(*_args: object, **_facts: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(asked_work.KINDS, SIMULATION, breaks)
    number = ask()

    do_asked_work()

    assert job(number).trouble_en == asked_work.WorkFailed().text("en")
    assert "ZeroDivisionError" in caplog.text


def test_the_loop_starts_one_worker_for_work_that_waits(monkeypatch):
    monkeypatch.setattr(asked_work, "COMMAND", (sys.executable, "-c", "input()"))
    monkeypatch.setattr(asked_work, "_workers", [])

    start_asked_work(MOMENT)
    assert asked_work._workers == []

    ask()
    start_asked_work(MOMENT)
    (worker,) = asked_work._workers
    start_asked_work(MOMENT)

    assert asked_work._workers == [worker]
    assert worker.wait(timeout=20) is not None
    start_asked_work(MOMENT)
    assert asked_work._workers[0] is not worker
    asked_work._workers[0].wait(timeout=20)


def test_the_loop_leaves_work_alone_that_somebody_does(monkeypatch):
    monkeypatch.setattr(asked_work, "_workers", [])
    ask()
    claim_next(holder="elsewhere:1", now=NOW, is_gone=lambda holder: False)

    start_asked_work(MOMENT)

    assert asked_work._workers == []
    assert issubclass(asked_work.WorkFailed, Refusal)
    assert MOMENT.now - NOW == timedelta()
