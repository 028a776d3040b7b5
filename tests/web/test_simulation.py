"""The page of simulated years: what is asked, refused, priced, stopped, and what is told."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Visitor

from budilnik.core.whatif import SIMULATION, WhatIf, expected_seconds
from budilnik.core.years import Compared
from budilnik.jobs.asked_work import do_asked_work
from budilnik.staff.actions.jobs import ask_for, claim_next, end_job, report
from budilnik.staff.models import AuditEntry, JobRun
from budilnik.staff.queries.jobs import job
from budilnik.web.policy.reading import written
from budilnik.web.simulation.told import charts_of, lines_of, peak_of, sheet_of
from cast import NOW, POLICY, TODAY, client, head_of_sales, ivan, olga, pool_client

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FORM = {
    "norm": "25",
    "people": "1",
    "reach": "50",
    "pool_share": "25",
    "forgotten_after_months": "3",
    "lost_after_months": "6",
    "away_days": "0",
    "growth_share": "0",
    "open_share": "80",
    "deal_share": "7",
    "days": "91",
    "seeds": "1",
    "policies": ["of_the_product", "no_calls"],
}
PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def head() -> Visitor:
    visitor = Visitor()
    visitor.force_login(head_of_sales(), backend="budilnik.web.signin.backend.LoginInAnyCase")
    return visitor


def a_small_firm() -> None:
    who, other = ivan(), olga()
    for number in range(6):
        client(f"Завод {number}", owner=who, phones=())
        pool_client(f"Склад {number}", lost_by=other)


def asked(**changed: object) -> int:
    what = replace(WhatIf.of(POLICY, days=91, seeds=1, away_days=0), **changed)
    return ask_for(SIMULATION, what.to_asked(), by=None, now=NOW)


def test_a_head_asks_for_a_year_and_sees_what_came_of_it(head):
    a_small_firm()

    answer = head.post("/simulation/", FORM)
    number = JobRun.objects.get().pk
    assert answer.url == f"/simulation/{number}/"
    assert "ждёт" in head.get(answer.url).text.casefold()
    do_asked_work()
    page = head.get(answer.url).text

    told = Compared.from_told(job(number).told)
    assert [line.code for line in lines_of(told)] == ["of_the_product", "no_calls"]
    assert JobRun.objects.get().asked["norm"] == 25
    assert told.people == 3
    assert "1 новичок" in page
    lost = told.courses["no_calls"].sums.lost.mean
    assert f'<td class="text-end" data-label="Потерянные">{lost:.0f}</td>' in page


def test_the_sentence_above_tells_the_course_of_the_products_own_way():
    a_small_firm()
    number = asked()
    do_asked_work()

    told = Compared.from_told(job(number).told)
    peak = peak_of(told)

    weeks = [point.covered_91.mean for point in told.courses["of_the_product"].points]
    assert (peak.first, peak.last, peak.most) == (weeks[0], weeks[-1], max(weeks))
    assert weeks[peak.week - 1] == max(weeks)


def test_pictures_and_the_file_have_the_very_figures_of_the_course():
    a_small_firm()
    number = asked()
    do_asked_work()

    told = Compared.from_told(job(number).told)

    coverage, lost, pool = charts_of(told)
    ours = told.courses["of_the_product"]
    assert coverage.series[0].values == tuple(point.covered_91.mean for point in ours.points)
    assert lost.series[0].low == tuple(point.lost.low for point in ours.points)
    assert pool.series[-1].values == tuple(point.pool.mean for point in told.courses["no_calls"].points)
    row = next(iter(sheet_of(told).rows))
    assert row[1:4] == [ours.sums.coverage.mean, ours.sums.coverage.low, ours.sums.coverage.high]
    assert len(row) == len(sheet_of(told).columns)


def test_without_the_products_own_way_there_is_no_sentence():
    a_small_firm()
    number = asked(policies=("no_calls",))
    do_asked_work()

    assert peak_of(Compared.from_told(job(number).told)) is None


def test_what_came_of_it_leaves_as_a_file_and_is_written_down(head):
    a_small_firm()
    number = asked()
    do_asked_work()

    answer = head.get(f"/simulation/{number}/?format=csv")

    assert answer["Content-Type"].startswith("text/csv")
    assert len(answer.content.decode("utf-8-sig").splitlines()) == 5
    assert AuditEntry.objects.filter(action="exported").exists()


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("norm", "много", "Напишите число."),
        ("norm", "900", "От 1 до 500."),
        ("norm", "7,5", "От 1 до 500."),
        ("reach", "0", "От 1 до 100."),
    ],
)
def test_a_number_that_will_not_do_is_told_beside_its_field_and_stays(head, field, typed, sentence):
    answer = head.post("/simulation/", FORM | {field: typed})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{typed}"' in answer.text
    assert not JobRun.objects.exists()


def test_rules_that_contradict_themselves_are_refused(head):
    answer = head.post("/simulation/", FORM | {"forgotten_after_months": "9", "lost_after_months": "6"})

    assert answer.status_code == 422
    assert "противоречат" in answer.text


def test_no_way_of_working_is_refused(head):
    answer = head.post("/simulation/", FORM | {"policies": []})

    assert answer.status_code == 422
    assert "выберите хотя бы один" in answer.text


def test_one_that_takes_long_is_asked_about_twice(head, monkeypatch):
    monkeypatch.setattr("budilnik.web.simulation.views.count_clients", lambda: 3_000_000)

    first = head.post("/simulation/", FORM)

    assert first.status_code == 422
    assert "начать, хотя это долго" in first.text
    assert "мин" in first.text
    assert head.post("/simulation/", FORM | {"confirmed": "1"}).status_code == 302


def test_the_time_is_told_before_it_begins_and_by_the_pace_of_the_last_one(head, monkeypatch):
    monkeypatch.setattr("budilnik.web.simulation.views.count_clients", lambda: 10_000)
    sent = FORM | {"policies": ["no_calls"]}
    seconds = expected_seconds(WhatIf.of(POLICY, days=91, seeds=1, policies=("no_calls",)), clients=10_000)

    assert "около 1 с" in head.get("/simulation/estimate/", sent, headers=PART).text

    number = asked()
    claim_next(holder="one:1", now=NOW, is_gone=lambda holder: False)
    end_job(number, holder="one:1", end="done", now=NOW, told={"pace": 30.0})
    assert f"около {round(30 * seconds)} с" in head.get("/simulation/estimate/", sent, headers=PART).text


def test_how_far_it_is_is_told_while_it_runs(head):
    number = asked()
    claim_next(holder="one:1", now=NOW, is_gone=lambda holder: False)
    report(number, holder="one:1", done=3, total=4, now=NOW)

    answer = head.get(f"/simulation/{number}/", headers=PART)

    assert "75%" in answer.text
    assert "Год проживается" in answer.text


def test_the_page_is_told_anew_when_it_has_ended(head):
    number = asked()
    claim_next(holder="one:1", now=NOW, is_gone=lambda holder: False)
    end_job(number, holder="one:1", end="stopped", now=NOW)

    assert head.get(f"/simulation/{number}/", headers=PART)["HX-Redirect"] == f"/simulation/{number}/"
    assert "остановлено" in head.get(f"/simulation/{number}/").text


def test_a_simulation_is_stopped_and_a_second_stop_is_told(head):
    number = asked()

    assert head.post(f"/simulation/{number}/stop/").status_code == 302
    assert job(number).stage == "stopped"
    assert head.post(f"/simulation/{number}/stop/").status_code == 409


def test_what_went_wrong_is_told(head):
    number = asked(seeds=99)
    do_asked_work()

    assert "повторов от 1 до 20" in head.get(f"/simulation/{number}/").text


def test_years_simulated_before_are_listed(head):
    number = asked()

    page = head.get("/simulation/").text

    assert f'href="/simulation/{number}/"' in page
    assert "норма 20 звонков" in page
    assert job(number).asked_at == NOW + timedelta()


def proposal(head: Visitor, **changed: str) -> dict[str, object]:
    """The form of the rules as it stands, with a few fields typed otherwise."""
    policy = replace(POLICY, **{name: int(value) for name, value in changed.items()})
    return dict(written(policy, team=[], starts_on=TODAY + timedelta(days=1)))


def test_a_trial_of_rules_tells_what_a_quarter_by_them_would_bring(head):
    a_small_firm()

    asked_for = head.post("/policy/forecast/", proposal(head, norm="3"), headers=PART)

    then, now = JobRun.objects.order_by("pk")
    assert f"then={then.pk}&amp;now={now.pk}" in asked_for.text
    assert (then.kind, then.asked["settings"]["norm"], now.asked["settings"]["norm"]) == ("forecast", 3, POLICY.norm)

    do_asked_work()
    told = head.get(f"/policy/forecast/?then={then.pk}&now={now.pk}", headers=PART).text

    tried = Compared.from_told(job(then.pk).told).courses["of_the_product"].sums
    assert f"<strong>{tried.covered_91.mean * 100:.1f}%</strong>".replace(".", ",") in told
    assert "Simulated" not in told
    assert f'href="/simulation/{then.pk}/"' not in head.get("/simulation/").text


def test_rules_that_cannot_be_read_are_not_forecast(head):
    assert "Исправьте" in head.post("/policy/forecast/", {"norm": "много"}, headers=PART).text
    assert not JobRun.objects.exists()


def test_a_second_trial_stops_the_forecast_of_the_first(head):
    head.post("/policy/forecast/", proposal(head), headers=PART)
    head.post("/policy/forecast/", proposal(head), headers=PART)

    assert [row.end for row in JobRun.objects.order_by("pk")] == ["stopped", "stopped", "", ""]


def test_a_forecast_that_failed_is_told(head):
    head.post("/policy/forecast/", proposal(head), headers=PART)
    then, now = JobRun.objects.order_by("pk")
    JobRun.objects.update(ended_at=NOW, end="failed")

    assert "Прогноз не удался" in head.get(f"/policy/forecast/?then={then.pk}&now={now.pk}", headers=PART).text
