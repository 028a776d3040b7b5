"""The pages of the rules: read, tried on the next morning, put in force; what contradicts itself is told beside it."""

import re
from collections import Counter
from dataclasses import fields
from datetime import date, timedelta

import pytest
import time_machine
from django.http import QueryDict
from django.test import Client as Browser
from django.utils import translation

from budilnik.calling.models import DayPlan, MorningRun
from budilnik.calling.wording import in_words_of, outcome_name, outcome_on_key
from budilnik.clients.models import Client, Loss
from budilnik.core.dates import add_months
from budilnik.core.outcome_table import OutcomeName, OutcomeTable
from budilnik.core.policy import Policy
from budilnik.core.terms import Role
from budilnik.staff.actions import set_policy
from budilnik.staff.models import CalendarDay, Employee, PolicyVersion, Workload
from budilnik.staff.queries import rules_on, staff_in_service
from budilnik.web.policy.reading import proposed, sent, written
from budilnik.web.policy.settings import BY_NAME
from cast import LATER, NOW, TODAY, TOMORROW, client, employee, head_of_sales, ivan, olga, plan, pool_client, task

pytestmark = pytest.mark.django_db

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture(autouse=True)
def _half_past_ten_in_moscow():
    with time_machine.travel(LATER, tick=False):
        yield


def at_work(who) -> Browser:
    browser = Browser()
    browser.force_login(who)
    return browser


@pytest.fixture
def firm():
    """Ivan with clients of every silence, Olga with two, the rules of the first day, today's lists out."""
    set_policy(policy=Policy(), starts_on=date(2000, 1, 1), on=TODAY, why="first", by=None, now=NOW)
    boss, manager, colleague = head_of_sales(), ivan(), olga()
    plan(manager)
    for number in range(20):
        since = TODAY - timedelta(days=15 + 10 * number)
        owner = colleague if number in (3, 14) else manager
        client(
            f"ООО «Метиз-{number:02}»",
            owner=owner,
            silent_since=since,
            value=(number + 1) * 100_000_00,
            phones=(f"+7495000{number:04}",),
        )
    return boss, manager, colleague


def typed(**changes: object) -> dict[str, object]:
    """What the form holds when it is opened, with changes."""
    team = [each for each in staff_in_service(TODAY) if each.role is Role.MANAGER]
    raw = {name: list(values) for name, values in written(Policy(), team=team, starts_on=TOMORROW).items()}
    return raw | {"based_on": "1"} | {name: value for name, value in changes.items() if value is not None}


def carried(answer) -> dict[str, list[str]]:
    """What the page of the trial would send on."""
    found: dict[str, list[str]] = {}
    form = answer.text.split('action="/policy/apply/"')[1]
    for name, value in HIDDEN.findall(form):
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(value)
    return found


def test_every_setting_of_the_policy_stands_on_the_page_and_can_be_changed():
    assert set(BY_NAME) == {each.name for each in fields(Policy)} - {"horizon_days"}


def test_the_rules_are_read_by_the_director_and_changed_by_the_head_alone(firm):
    director = at_work(employee("director", "Андрей Кузнецов", role=Role.DIRECTOR))

    pages = [director.get(f"/policy/{page}") for page in ("", "history/", "1/", "loads/", "calendar/")]
    shut = [director.get("/policy/edit/"), director.post("/policy/trial/"), director.post("/policy/apply/")]

    assert {page.status_code for page in pages} == {200}
    assert {answer.status_code for answer in shut} == {403}
    assert "Изменить правила" not in pages[0].text
    assert "20 звонков" in pages[0].text and "6 мес." in pages[0].text


def test_the_form_opened_and_sent_back_changes_nothing(firm):
    with translation.override("ru"):
        proposal = proposed(
            {name: list(map(str, values)) for name, values in typed().items() if isinstance(values, list)},
            base=Policy(),
            team=(),
            on=TODAY,
        )

    assert proposal.policy == Policy()
    assert not proposal.errors


def test_the_trial_says_in_one_sentence_what_the_next_morning_would_do(firm):
    boss = at_work(firm[0])

    answer = boss.post("/policy/trial/", typed(lost_after_months="4", norm="25"))

    def lost(months: int) -> list[Client]:
        owned = Client.objects.exclude(owner=None)
        return [row for row in owned if add_months(row.silent_since, months) < TOMORROW]

    then, now = lost(4), lost(6)
    sentence = re.sub(r"<[^>]+>|\s+", " ", answer.text.split('class="po-verdict">')[1].split("</p>")[0])
    assert "Этой ночью в пул уйд" in sentence
    assert re.findall(r"\d+", sentence)[:2] == [str(len(then)), str(len(now))]
    assert len(then) > len(now) > 0
    owners = Counter(row.owner.name for row in then), Counter(row.owner.name for row in now)
    for name in owners[0]:
        row = answer.text.split(f'<th scope="row">{name}</th>')[1].split("</tr>")[0]
        assert f"{owners[1][name]} → <strong>{owners[0][name]}</strong>" in row
    shown = re.findall(r'<a href="/clients/(\d+)/">', answer.text)
    dearest = sorted((row for row in then if row not in now), key=lambda row: -row.value)
    assert [number for number in shown if int(number) in {row.pk for row in dearest}] == [str(r.pk) for r in dearest]
    assert PolicyVersion.objects.count() == 1


def test_what_was_tried_is_put_in_force_from_its_day_with_the_reason(firm):
    boss = at_work(firm[0])
    tried = boss.post("/policy/trial/", typed(norm="25", **{f"load_{firm[1].pk}": "50"}))

    answer = boss.post("/policy/apply/", carried(tried) | {"why": "весна"}, follow=True)

    row = PolicyVersion.objects.get(version=2)
    assert (row.starts_on, row.why, row.by) == (TOMORROW, "весна", firm[0])
    assert rules_on(TOMORROW).policy == Policy(norm=25)
    assert list(Workload.objects.values_list("employee_id", "from_on", "share")) == [(firm[1].pk, TOMORROW, 0.5)]
    assert "Запланированы: № 2" in answer.text and "весна" in answer.text
    history = boss.get("/policy/history/").text
    assert "<del>20 звонков</del>" in history and "<ins>25 звонков</ins>" in history


def test_without_a_reason_nothing_is_put_in_force_and_the_trial_stays(firm):
    boss = at_work(firm[0])
    tried = boss.post("/policy/trial/", typed(norm="25"))

    answer = boss.post("/policy/apply/", carried(tried) | {"why": " "})

    assert answer.status_code == 422
    assert "Напишите, зачем меняются правила" in answer.text
    assert carried(answer)["norm"] == ["25"]
    assert PolicyVersion.objects.count() == 1


def test_going_back_from_the_trial_keeps_all_that_was_typed(firm):
    boss = at_work(firm[0])
    tried = boss.post("/policy/trial/", typed(norm="25", ru_open="Пока тихо", en_open="Quiet", pool_share="30,5"))

    answer = boss.post("/policy/edit/", carried(tried) | {"why": "весна"})

    assert answer.status_code == 200
    for value in ('value="25"', 'value="Пока тихо"', 'value="30,5"', 'name="why" value="весна"'):
        assert value in answer.text


def test_every_contradiction_is_told_beside_its_field_and_all_that_was_typed_is_kept(firm):
    boss = at_work(firm[0])

    answer = boss.post(
        "/policy/trial/",
        typed(
            lost_after_months="3",
            norm="0",
            pool_share="много",
            pool_roles=[],
            client_hours_from="19:00",
            starts_on="2020-01-01",
            ru_open="Без перевода",
            **{f"load_{firm[1].pk}": "120"},
        ),
    )

    assert answer.status_code == 422
    told = dict(re.findall(r'id="hint-(\w+)">(.*?)</div>', answer.text, re.S))
    for name, sentence in {
        "lost_after_months": "не позже, чем забыт",
        "forgotten_after_months": "не позже, чем забыт",
        "norm": "нужно от 1 до 500",
        "pool_share": "Нужно число",
        "pool_roles": "Некому звонить",
        "client_hours": "кончаются раньше",
        "starts_on": "в прошлом",
    }.items():
        assert sentence in told[name], name
    assert "на обоих языках" in answer.text and "От 0 до 100 %" in answer.text
    assert 'value="много"' in answer.text and 'value="Без перевода"' in answer.text
    assert PolicyVersion.objects.count() == 1


def test_somebody_else_s_change_is_told_and_what_was_typed_is_kept(firm):
    boss = at_work(firm[0])
    tried = boss.post("/policy/trial/", typed(norm="25"))
    set_policy(policy=Policy(pool_share=0.5), starts_on=TODAY, on=TODAY, why="второй", by=firm[0], now=NOW)

    answer = boss.post("/policy/apply/", carried(tried) | {"why": "весна"})

    assert answer.status_code == 409
    assert "правила изменил другой" in answer.text
    assert 'name="norm" value="25"' in answer.text and 'name="based_on" value="2"' in answer.text
    assert PolicyVersion.objects.count() == 2


def test_a_base_that_changed_since_the_trial_is_tried_again(firm):
    boss = at_work(firm[0])
    tried = boss.post("/policy/trial/", typed(lost_after_months="4"))
    Client.objects.filter(name="ООО «Метиз-17»").update(silent_since=TODAY)

    answer = boss.post("/policy/apply/", carried(tried) | {"why": "весна"})

    assert answer.status_code == 409
    assert "данные изменились" in answer.text
    assert carried(answer)["seen"] != carried(tried)["seen"]
    assert PolicyVersion.objects.count() == 1


def test_planned_rules_are_taken_back_and_rules_in_force_are_not(firm):
    boss = at_work(firm[0])
    set_policy(policy=Policy(norm=30), starts_on=TOMORROW, on=TODAY, why="весна", by=firm[0], now=NOW)

    assert "Запланированы: № 2" in boss.get("/policy/").text
    boss.post("/policy/2/withdraw/")

    assert "Запланированы" not in boss.get("/policy/").text
    assert boss.post("/policy/1/withdraw/").status_code == 409
    assert "отозваны" in boss.get("/policy/history/").text


def test_two_versions_are_compared_setting_by_setting(firm):
    set_policy(policy=Policy(norm=30, pool_share=0.4), starts_on=TODAY, on=TODAY, why="", by=firm[0], now=NOW)

    answer = at_work(firm[0]).get("/policy/compare/?a=2&b=1")

    pairs = re.findall(r"<del>([^<]+)</del>.*?<ins>([^<]+)</ins>", answer.text)
    assert pairs == [("30 звонков", "20 звонков"), ("40 %", "25 %")]
    assert at_work(firm[0]).get("/policy/compare/?a=1&b=7").status_code == 404


def test_a_newcomer_s_ramp_and_a_norm_of_his_own_are_written_on_his_page(firm):
    boss, manager = at_work(firm[0]), firm[1]
    page, later = f"/policy/loads/{manager.pk}/", (TODAY + timedelta(days=30)).isoformat()

    wrong = boss.post(page, {"norm": "много", "from_on": [later], "share": ["50"], "why": "новичок"})
    boss.post(page, {"norm": "12", "from_on": [later, ""], "share": ["50", ""], "why": "новичок"})

    assert wrong.status_code == 422 and f'value="{later}"' in wrong.text
    assert Employee.objects.get(pk=manager.pk).norm == 12
    assert Workload.objects.get().share == 0.5
    assert "50 %" in boss.get("/policy/loads/").text


def test_a_wrong_norm_saves_no_load_either(firm):
    boss, manager = at_work(firm[0]), firm[1]

    boss.post(f"/policy/loads/{manager.pk}/", {"norm": "900", "from_on": [TOMORROW.isoformat()], "share": ["50"]})

    assert not Workload.objects.exists()


def test_a_day_off_of_the_firm_is_added_and_removed(firm):
    boss = at_work(firm[0])

    boss.post("/policy/calendar/add/", {"day": TOMORROW.isoformat(), "works": "0", "note": "учёт"})
    assert "учёт" in boss.get("/policy/calendar/").text
    late = boss.post("/policy/calendar/add/", {"day": TODAY.isoformat(), "works": "0", "note": "поздно"})
    boss.post("/policy/calendar/forget/", {"day": TOMORROW.isoformat()})

    assert late.status_code == 422 and 'value="поздно"' in late.text
    assert not CalendarDay.objects.exists()


def test_the_team_sees_by_which_rules_its_lists_are_made(firm):
    MorningRun.objects.update(policy_version=1)

    answer = at_work(firm[0]).get("/team/")

    assert '<a href="/policy/1/">по правилам № 1</a>' in answer.text
    assert DayPlan.objects.exists()


def test_the_card_offers_what_the_firm_offers_in_its_own_words(firm):
    manager = firm[1]
    own = OutcomeTable(off=("busy",), names=(OutcomeName(outcome="open", ru="Пока тихо", en="Quiet"),))
    set_policy(policy=Policy(outcomes=own), starts_on=TODAY, on=TODAY, why="", by=firm[0], now=NOW)
    row = Client.objects.filter(owner=manager).first()
    called = task(row, manager)

    card = at_work(manager).get("/day/").text
    refused = at_work(manager).post(f"/day/{called.pk}/outcome/", {"outcome": "busy", "seen": "0"})

    assert 'data-outcome="busy"' not in card and 'data-outcome="unavailable"' in card
    assert "Пока тихо" in card
    assert refused.status_code == 422
    with translation.override("en"), in_words_of(own):
        assert (outcome_name("open"), outcome_on_key("open"), outcome_name("order")) == ("Quiet", "Quiet", "order")


def test_the_director_lifts_locks_when_the_rules_let_him(firm):
    director = employee("director", "Андрей Кузнецов", role=Role.DIRECTOR)
    row = pool_client("ООО «Трос»", lost_by=firm[1])
    lifted = {"client": [row.pk], "why": "клиент просит"}

    before = at_work(director).post("/team/pool/locks/", lifted)
    set_policy(policy=Policy(lock_lifters=("director",)), starts_on=TODAY, on=TODAY, why="", by=firm[0], now=NOW)
    after = at_work(director).post("/team/pool/locks/", lifted)
    head = at_work(firm[0]).post("/team/pool/locks/", lifted)

    assert (before.status_code, after.status_code, head.status_code) == (422, 302, 422)
    assert not Loss.objects.filter(client=row, lifted_at=None).exists()


def test_nothing_but_the_fields_of_the_form_is_carried_on():
    post = QueryDict("norm=20&evil=1&csrfmiddlewaretoken=x&load_7=50&load_x=1&ru_open=a&client_hours_from=09:00")

    assert set(sent(post)) == {"norm", "load_7", "ru_open", "client_hours_from"}
