"""The morning by schedule: once a day at its hour, caught up once, and for a neglected base not without the head."""

import logging
import os
import subprocess
import sys
import time
from datetime import date, timedelta

import pytest
from django.db import OperationalError

from budilnik.calling.actions.insight import begin_insight
from budilnik.calling.actions.morning import run_morning
from budilnik.calling.actions.people import OnlyTheHead
from budilnik.calling.actions.schedule import NothingIsHeld, allow_morning
from budilnik.calling.models import CallTask, DayPlan, MorningHold, MorningRun
from budilnik.calling.queries.schedule import MorningStage, held_morning, morning_has_begun, morning_state
from budilnik.clients.models import Client, Loss
from budilnik.core.policy import Policy
from budilnik.integrations import actions as imports
from budilnik.integrations.queries import first_loaded_at, import_is_running
from budilnik.jobs.clock import shift_to
from budilnik.jobs.loop import Complaints, Job, all_jobs, tick
from budilnik.jobs.morning import make_morning
from budilnik.staff.actions import set_policy
from budilnik.staff.models import AuditEntry
from cast import NOW, TODAY, TOMORROW, at_moscow, client, head_of_sales, ivan, olga, pavel

pytestmark = pytest.mark.django_db

LONG_AGO = date(2025, 3, 1)


@pytest.fixture
def look(monkeypatch):
    """Let the loop look at the clock once, at an hour and minute of a day in Moscow."""
    jobs, complaints = all_jobs(), Complaints()

    def at(hour: int, minute: int = 0, *, on: date = TODAY) -> None:
        monkeypatch.setenv("BUDILNIK_CLOCK_SHIFT", shift_to(at_moscow(hour, minute, on=on) + timedelta(seconds=5)))
        tick(jobs, complaints, elapsed=time.monotonic())

    return at


def published() -> list[date]:
    return list(MorningRun.objects.exclude(published_at=None).order_by("on").values_list("on", flat=True))


def small_firm() -> None:
    owner = ivan()
    for number in range(10):
        client(f"ООО «Болт-{number}»", owner=owner, phones=(f"+7495123450{number}",))


def neglected_firm() -> None:
    """Ten clients with an owner, of whom two have been silent for a year and a half."""
    owner = ivan()
    olga()
    for number in range(10):
        since = LONG_AGO if number < 2 else date(2026, 5, 20)
        client(f"ООО «Болт-{number}»", owner=owner, silent_since=since, phones=(f"+7495123450{number}",))
    Client.objects.filter(silent_since=LONG_AGO).update(status="regular", next_status_on=LONG_AGO)


def test_the_morning_runs_by_itself_at_its_hour_and_once(look):
    small_firm()

    look(5, 59)
    assert (published(), morning_state(TODAY).stage) == ([], MorningStage.NOT_YET)
    look(6, 0)
    state = morning_state(TODAY)
    look(6, 5)
    look(18)

    assert published() == [TODAY]
    assert state.stage is MorningStage.PUBLISHED
    assert state == morning_state(TODAY)
    assert CallTask.objects.filter(on=TODAY).count() == 10


def test_the_hour_is_the_head_s_to_choose(look):
    small_firm()
    set_policy(policy=Policy(morning_at="08:30"), starts_on=TODAY, on=TODAY, why="later", by=None, now=NOW)

    look(8, 29)
    assert published() == []
    look(8, 30)
    assert published() == [TODAY]


def test_after_days_of_downtime_one_morning_is_caught_up_for_today(look):
    small_firm()
    make_morning(TODAY - timedelta(days=4), step=lambda name: None)

    look(13)
    look(13, 1)
    look(6, on=TOMORROW)

    assert published() == [TODAY - timedelta(days=4), TODAY, TOMORROW]
    assert set(DayPlan.objects.values_list("run__on", flat=True)) == set(published())


def test_while_another_server_looks_at_the_sales_the_morning_waits_and_no_longer_than_its_lease(look):
    small_firm()
    begin_insight(
        on=TODAY, engine="duckdb", holder="another:1", clock=lambda: at_moscow(6), is_gone=lambda holder: False
    )

    look(6, 1)
    while_it_looks = published()
    look(6, 40)

    assert (while_it_looks, published()) == ([], [TODAY])


def test_a_neglected_base_waits_with_nothing_written_and_goes_on_after_the_head_s_word(look, caplog):
    neglected_firm()
    marina = head_of_sales()
    before = list(Client.objects.order_by("pk").values())

    look(6)
    look(6, 1)

    held = held_morning(TODAY)
    assert (held.releases, held.owned, held.allowed) == (2, 10, False)
    assert morning_state(TODAY).stage is MorningStage.HELD
    assert list(Client.objects.order_by("pk").values()) == before
    assert not MorningRun.objects.exists() and not AuditEntry.objects.exists()

    allow_morning(on=TODAY, by=marina, now=NOW)
    allow_morning(on=TODAY, by=marina, now=NOW)
    assert morning_state(TODAY).stage is MorningStage.BEING_MADE
    look(6, 2)

    assert published() == [TODAY]
    assert Loss.objects.count() == 2
    assert list(AuditEntry.objects.values_list("action", "by")) == [("morning_allowed", marina.pk)]


def test_a_held_morning_is_decided_once_and_then_only_the_word_is_looked_for(look, django_assert_max_num_queries):
    neglected_firm()
    look(6)

    with django_assert_max_num_queries(10):
        look(6, 1)

    assert MorningHold.objects.count() == 1


def test_each_day_the_head_is_asked_about_that_day(look):
    neglected_firm()
    look(6)
    look(6, on=TOMORROW)

    allow_morning(on=TODAY, by=head_of_sales(), now=NOW)
    look(7, on=TOMORROW)

    assert published() == []
    assert [held_morning(day).allowed for day in (TODAY, TOMORROW)] == [True, False]


def test_one_release_in_ten_does_not_wait(look):
    neglected_firm()
    Client.objects.filter(pk=Client.objects.order_by("pk").first().pk).update(
        silent_since=date(2026, 5, 20), next_status_on=None
    )

    look(6)

    assert published() == [TODAY]
    assert held_morning(TODAY) is None


def test_the_explicit_command_never_waits(look):
    neglected_firm()
    look(6)

    make_morning(TODAY, step=lambda name: None)
    look(6, 1)

    assert published() == [TODAY]
    assert Loss.objects.count() == 2


def test_a_morning_that_was_begun_by_command_and_died_is_finished_without_asking(look):
    neglected_firm()

    def die(name: str) -> None:
        if name == "renewals_written":
            raise InterruptedError

    with pytest.raises(InterruptedError):
        run_morning(on=TODAY, holder="elsewhere:1", clock=lambda: at_moscow(5), step=die, is_gone=lambda _: True)
    look(6)

    assert published() == [TODAY]
    assert not MorningHold.objects.exists()


def test_only_the_head_says_the_word_and_only_about_a_held_morning():
    with pytest.raises(NothingIsHeld) as nothing:
        allow_morning(on=TODAY, by=head_of_sales(), now=NOW)
    with pytest.raises(OnlyTheHead):
        allow_morning(on=TODAY, by=ivan(), now=NOW)

    assert nothing.value.text("ru") == "Утро 15.09.2026 не ждёт решения: его никто не задерживал."


def test_questions_about_the_schedule_cost_what_they_say(django_assert_num_queries):
    for question, queries in ((held_morning, 1), (morning_has_begun, 1), (morning_state, 2)):
        with django_assert_num_queries(queries):
            question(TODAY)
    with django_assert_num_queries(1):
        import_is_running(NOW)
    with django_assert_num_queries(1):
        first_loaded_at()


def loading(**hours: int) -> int:
    return imports.begin_run(source="1c", kinds=["clients"], files=["a.csv"], on=TODAY, now=at_moscow(**hours))


def loaded(run: int, **hours: int) -> None:
    counts = {"accepted": 10, "unchanged": 0, "rejected": 0}
    imports.end_run(run, **counts, rejected_file="", reasons={}, now=at_moscow(**hours))


def test_a_firm_without_clients_has_no_mornings(look):
    ivan()

    look(12)

    assert published() == []


def test_a_base_loaded_after_the_alarm_has_its_first_morning_the_next_day(look):
    loaded(loading(hour=11), hour=11, minute=5)
    small_firm()

    look(12)
    assert published() == []
    look(6, on=TOMORROW)
    assert published() == [TOMORROW]


def test_the_morning_waits_for_an_import_that_runs_and_not_for_one_that_died(look):
    small_firm()
    make_morning(TODAY - timedelta(days=1), step=lambda name: None)
    run = loading(hour=5, minute=50)
    loading(hour=4, minute=0)

    look(6)
    assert published() == [TODAY - timedelta(days=1)]
    loaded(run, hour=6, minute=3)
    look(6, 4)
    assert published()[-1] == TODAY


def test_stale_sales_are_counted_between_mornings(look):
    small_firm()
    Client.objects.update(value_on=None)

    look(3)

    assert set(Client.objects.values_list("value_on", "value")) == {(TODAY, 0)}


def failing(trouble: Exception) -> Job:
    def fail(moment) -> None:
        raise trouble

    return Job(name="broken", do=fail)


def test_a_job_that_fails_rests_and_the_others_go_on(caplog):
    seen = []
    broken, whole = failing(ZeroDivisionError("nought")), Job(name="whole", do=lambda moment: seen.append(moment.on))

    for elapsed in (0, 4, 5, 9, 14, 15):
        tick([broken, whole], Complaints(), elapsed=elapsed)

    assert len(seen) == 6
    failures = [record for record in caplog.records if record.exc_info]
    assert len(failures) == 3
    assert "broken" in failures[0].getMessage()


def test_a_database_that_is_away_is_one_sentence_a_minute(caplog):
    complaints, away = Complaints(), failing(OperationalError("connection refused\nIs the server running?"))

    for elapsed in range(0, 120, 5):
        tick([away], complaints, elapsed=elapsed)

    said = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert said == ["база данных не отвечает: connection refused; попытки продолжаются"] * 2
    assert not any(record.exc_info for record in caplog.records)


@pytest.mark.django_db(transaction=True)
def test_of_two_servers_at_once_one_makes_the_morning(database_url, tmp_path):
    small_firm()
    for who, first in ((olga(), 10), (pavel(), 20)):
        for number in range(first, first + 10):
            client(f"ООО «Гайка-{number}»", owner=who, phones=(f"+749512345{number}",))
    environment = {name: value for name, value in os.environ.items() if name != "BUDILNIK_TODAY"} | {
        "BUDILNIK_DATABASE_URL": database_url,
        "BUDILNIK_HOME": str(tmp_path),
        "BUDILNIK_CLOCK_SHIFT": shift_to(at_moscow(9)),
    }
    command = [sys.executable, "-m", "budilnik.config.cli", "jobs"]

    servers = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    until = time.monotonic() + 30
    while not published() and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(1)
    asked_at = time.monotonic()
    for server in servers:
        server.terminate()
    told = "".join(server.communicate(timeout=10)[1] for server in servers)

    assert time.monotonic() - asked_at < 5
    assert [server.returncode for server in servers] == [0, 0]
    assert published() == [TODAY]
    assert MorningRun.objects.get().fence == 1
    assert "утро 2026-09-15 опубликовано" in told
    assert "Traceback" not in told
    assert CallTask.objects.filter(on=TODAY).values("client").distinct().count() == CallTask.objects.count() == 30
    assert DayPlan.objects.count() == 3
