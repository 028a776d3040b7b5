"""The head's page of today: figures that anybody could count again, late promises, the morning that waits."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.test import Client as Browser

from budilnik.calling.actions.calls import amend_call, client_answered, record_call, skip_task
from budilnik.calling.actions.head import archive_clients
from budilnik.calling.models import Call, Callback, CallTask, DayPlan, MorningHold, MorningRun
from budilnik.calling.queries import matters, pool, protected, team, teammates
from budilnik.calling.queries.promises import escalated
from budilnik.calling.queries.sight import sight_of
from budilnik.clients.models import Client, Contact
from budilnik.core.outcomes import Said, SkipReason
from budilnik.core.terms import Direction, LossReason, Outcome, Role
from budilnik.staff.models import Absence
from cast import (
    LATER,
    NOW,
    ORDERED,
    POLICY,
    REFUSED,
    TODAY,
    TOMORROW,
    client,
    employee,
    head_of_sales,
    ivan,
    olga,
    pavel,
    plan,
    pool_client,
    promise,
    task,
)

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def _half_past_ten_in_moscow():
    with time_machine.travel(LATER, tick=False):
        yield


def at_work(who) -> Browser:
    browser = Browser()
    browser.force_login(who)
    return browser


def director():
    return employee("director", "Андрей Кузнецов", role=Role.DIRECTOR)


def record(row, outcome, said, by, *, now=NOW):
    record_call(task_id=row.pk, outcome=outcome, said=said, by=by, now=now, on=TODAY)


@pytest.fixture
def a_morning_worked():
    """Ivan has called, missed, skipped and corrected; Olga has a late promise; Pavel is away."""
    manager, colleague, absent, boss = ivan(), olga(), pavel(), head_of_sales()
    calls = [task(client(f"ООО «Болт-{number}»", owner=manager), manager) for number in range(7)]
    record(calls[0], Outcome.OPEN, Said(), manager)
    record(calls[1], Outcome.NO_ANSWER, Said(), manager)
    record(calls[2], Outcome.REFUSED, REFUSED, manager)
    record(calls[3], Outcome.ORDER, ORDERED, manager)
    amend_call(task_id=calls[3].pk, outcome=Outcome.OPEN, said=Said(), by=manager, now=LATER, on=TODAY)
    for at, reason in ((4, SkipReason.TALKED), (5, SkipReason.CARD_WRONG)):
        skip_task(task_id=calls[at].pk, reason=reason, by=manager, now=NOW, on=TODAY)
    own = Client.objects.filter(owner=manager).last()
    client_answered(
        client_id=own.pk, outcome=Outcome.ORDER, said=ORDERED, by=manager, direction=Direction.OUT, now=NOW, on=TODAY
    )
    kept = promise(client("ООО «Слово»", owner=colleague), colleague, at=time(10))
    record(task(kept.client, colleague, callback=kept), Outcome.OPEN, Said(), colleague)
    late = promise(client("ООО «Поздно»", owner=colleague), colleague, at=time(10, 10))
    promise(client("ООО «Только что»", owner=colleague), colleague, at=time(10, 22))
    promise(client("ООО «Ещё нет»", owner=colleague), colleague, at=time(15))
    task(late.client, colleague, callback=late)
    DayPlan.objects.filter(employee=colleague).update(left_out=4, calls_to_save=2)
    Absence.objects.create(employee=absent, from_on=YESTERDAY, until_on=TOMORROW)
    return manager, colleague, absent, boss


def rows_of(page):
    return {row.name: row for row in page.context["day"].rows}


def test_the_figures_of_the_page_are_those_that_anybody_counts_from_the_calls(a_morning_worked):
    manager, colleague, _absent, boss = a_morning_worked

    shown = rows_of(at_work(boss).get("/team/"))

    for who in (manager, colleague):
        row, tasks = shown[who.name], list(CallTask.objects.filter(employee=who, on=TODAY))
        calls = [call for call in Call.objects.filter(employee=who) if call.voided_at is None]
        planned = [call for call in calls if call.task_id]
        talks = {contact.key for contact in Contact.objects.filter(source="call", is_talk=True, voided_at=None)}
        assert (row.tasks, row.norm) == (len(tasks), DayPlan.objects.get(employee=who).capacity)
        assert row.attempts == len(planned)
        assert row.unplanned == len(calls) - len(planned)
        assert row.talks == sum(str(call.pk) in talks for call in calls)
        assert row.reached_share == sum(str(call.pk) in talks for call in planned) / len(planned)
        assert row.outcomes == sum(each.close == "outcome" for each in tasks)
        assert row.skipped == sum(each.close.startswith("skip_") for each in tasks)
        assert row.kept == Callback.objects.filter(employee=who, end="done").count()


def test_the_figures_of_a_morning_told_by_hand(a_morning_worked):
    manager, colleague, absent, boss = a_morning_worked

    page = at_work(boss).get("/team/")

    shown, total = rows_of(page), page.context["day"].total
    his, hers = shown[manager.name], shown[colleague.name]
    assert (his.tasks, his.attempts, his.talks, his.outcomes, his.unplanned) == (7, 4, 4, 3, 1)
    assert his.reached_share == 3 / 4
    assert dict(his.skips) == {"talked": 1, "card_wrong": 1}
    assert (hers.kept, hers.overdue, hers.escalated) == (1, 2, 1)
    assert (hers.left_out, hers.calls_to_save) == (4, 2)
    assert (shown[absent.name].absent_until, shown[absent.name].issued) == (TOMORROW, False)
    assert (total.tasks, total.attempts, total.escalated, total.left_out) == (9, 5, 1, 4)


def test_a_call_before_midnight_in_moscow_belongs_to_yesterday(a_morning_worked):
    manager, _colleague, _absent, boss = a_morning_worked
    before = rows_of(at_work(boss).get("/team/"))[manager.name]
    # Eleven in the evening in Moscow.
    Call.objects.filter(employee=manager, outcome="no_answer").update(at=NOW.replace(hour=20) - timedelta(days=1))

    after = rows_of(at_work(boss).get("/team/"))[manager.name]

    assert (before.attempts, after.attempts) == (4, 3)


def test_the_base_is_shown_by_status_with_its_coverage(a_morning_worked):
    boss = a_morning_worked[3]
    since = TODAY - timedelta(days=90)

    base = at_work(boss).get("/team/").context["base"]

    clients = list(Client.objects.filter(archived_on=None))
    for line in base.lines:
        same = [each for each in clients if each.status == line.status]
        talked = [each for each in same if each.last_talk_on and each.last_talk_on >= since]
        assert (line.clients, line.talked) == (len(same), len(talked))
    assert base.total.clients == len(clients)
    assert base.total.contacted == sum(each.silent_since >= since for each in clients)


def test_every_minute_the_table_alone_is_renewed(a_morning_worked):
    boss = a_morning_worked[3]

    part = at_work(boss).get("/team/", headers=PART).content.decode()

    assert part.strip().startswith('<div id="today"')
    assert "<html" not in part and 'id="the-base"' not in part


def test_the_number_of_queries_does_not_grow_with_the_managers(a_morning_worked, django_assert_num_queries):
    late = escalated(TODAY, LATER)
    for number in range(5):
        other = employee(f"manager{number}", f"Менеджер {number}")
        record(task(client(f"ООО «Трос-{number}»", owner=other), other), Outcome.OPEN, Said(), other)

    with django_assert_num_queries(7):
        shown = team.team_day(on=TODAY, now=LATER, policy=POLICY, late=late)

    assert len(shown.rows) == 8


def sight(boss):
    return sight_of(boss, on=TODAY)


PINNED = [
    ("the base today", 1, lambda boss: team.base_today(sight=sight(boss), on=TODAY)),
    ("the morning", 2, lambda boss: team.morning_of_team(on=TODAY, now=LATER, policy=POLICY)),
    ("the client of a promise", 1, lambda boss: team.client_of_promise(Callback.objects.values("pk")[:1])),
    ("teammates", 4, lambda boss: teammates.teammates(on=TODAY, policy=POLICY, client_id=1)),
    ("staff but one", 2, lambda boss: teammates.staff_but(boss.pk, on=TODAY)),
    ("absences", 1, lambda boss: teammates.absences(TODAY)),
    ("what moves", 2, lambda boss: teammates.moved_by_absence(1, from_on=TODAY, until_on=TODAY, on=TODAY)),
    ("what moves later", 1, lambda boss: teammates.moved_by_absence(1, from_on=TOMORROW, until_on=TOMORROW, on=TODAY)),
    ("a client to give", 1, lambda boss: teammates.given_client(Client.objects.values("pk")[:1], sight=sight(boss))),
    ("matters waiting", 1, lambda boss: matters.matters_waiting()),
    ("open matters", 1, lambda boss: matters.open_matters(sight(boss))),
    ("settled matters", 1, lambda boss: matters.settled_matters(sight(boss), now=LATER)),
    ("protected", 1, lambda boss: protected.protected_clients(sight=sight(boss), on=TODAY, policy=POLICY)),
    ("to protect", 1, lambda boss: protected.may_be_protected("болт", sight=sight(boss), on=TODAY, policy=POLICY)),
    ("nobody to protect", 0, lambda boss: protected.may_be_protected("", sight=sight(boss), on=TODAY, policy=POLICY)),
    ("archived lately", 2, lambda boss: pool.archived_lately(sight=sight(boss), now=LATER)),
    (
        "the pool",
        5,
        lambda boss: pool.pool_page(
            sight=sight(boss), on=TODAY, callers=frozenset({1, 2}), asked=pool.PoolFilter(text="болт")
        ),
    ),
]


@pytest.mark.parametrize(("queries", "read"), [row[1:] for row in PINNED], ids=[row[0] for row in PINNED])
def test_a_read_asks_the_database_as_often_as_it_says(queries, read, a_morning_worked, django_assert_num_queries):
    boss = a_morning_worked[3]
    pool_client("ООО «Болт-пул»", lost_by=a_morning_worked[0])
    gone = pool_client("ООО «Архив»", lost_by=a_morning_worked[0])
    archive_clients(client_ids=[gone.pk], why=LossReason.CLOSED, by=boss, on=TODAY, now=LATER)

    with django_assert_num_queries(queries):
        read(boss)


def test_a_managers_day_is_read_with_four_queries(a_morning_worked, django_assert_num_queries):
    colleague = a_morning_worked[1]
    zone = colleague.team.zone

    with django_assert_num_queries(4):
        shown = team.manager_day(colleague, on=TODAY, now=LATER, policy=POLICY)

    assert shown.zone == zone


def test_a_managers_page_tells_his_list_his_promises_and_his_calls_in_the_order_of_time(a_morning_worked):
    manager, colleague, _absent, boss = a_morning_worked
    browser = at_work(boss)

    his = browser.get(f"/team/{manager.pk}/").context["shown"]
    hers = browser.get(f"/team/{colleague.pk}/").context["shown"]

    moments = [call.at for call in his.attempts]
    assert moments == sorted(moments) and len(moments) == 6
    assert [call.outcome for call in his.attempts if call.voided] == ["order"]
    assert len(his.day.lines) == 7
    told = {line.client: (line.end, line.late, line.to_head) for line in hers.promises}
    assert told == {
        "ООО «Слово»": ("done", False, False),
        "ООО «Поздно»": ("", True, True),
        "ООО «Только что»": ("", True, False),
        "ООО «Ещё нет»": ("", False, False),
    }


def test_there_is_no_page_of_nobody():
    assert at_work(head_of_sales()).get("/team/999/").status_code == 404


def test_the_head_rings_a_late_promise_himself(a_morning_worked):
    _manager, _colleague, _absent, boss = a_morning_worked
    late = escalated(TODAY, LATER)[0]
    browser = at_work(boss)

    page = browser.get("/team/").content.decode()
    answer = browser.post(f"/team/promises/{late.callback_id}/take/")

    assert "ООО «Поздно»" in page and f"/promises/{late.callback_id}/pass/" in page
    assert Callback.objects.get(pk=late.callback_id).employee == boss
    assert answer.url == f"/clients/{late.client_id}/"


def test_the_director_reads_and_does_nothing(a_morning_worked):
    browser, late = at_work(director()), escalated(TODAY, LATER)[0]

    pages = [
        browser.get(f"/team/{room}") for room in ("", "matters/", "pool/", "exhausted/", "protected/", "absences/")
    ]
    answers = [
        browser.post(address)
        for address in (
            f"/team/promises/{late.callback_id}/take/",
            "/team/exhausted/decide/",
            "/team/absences/note/",
            "/team/leaver/",
            "/team/morning/",
            "/team/give/",
        )
    ]

    assert {page.status_code for page in pages} == {200}
    assert all('action="/team/' not in page.content.decode().replace('action="/team/pool/"', "") for page in pages)
    assert {answer.status_code for answer in answers} == {403}


def test_a_manager_has_no_business_here(a_morning_worked):
    manager = a_morning_worked[0]

    assert at_work(manager).get("/team/").status_code == 403


def waiting_morning():
    MorningRun.objects.all().delete()
    MorningHold.objects.create(on=TODAY, releases=3, owned=4, noted_at=NOW)
    owner, other = ivan(), olga()
    for number in range(3):
        client(f"ООО «Давно-{number}»", owner=owner, silent_since=date(2026, 1, 12), value=100_00)
    client("ООО «Недавно»", owner=other)
    Client.objects.filter(owner=owner).update(next_status_on=TODAY, status="forgotten")
    return owner


@pytest.mark.parametrize(
    ("moment", "words"),
    [(LATER, "Не проведено"), (NOW.replace(hour=1), "Будет в 06:00")],
    ids=["after its hour", "before its hour"],
)
def test_a_morning_that_was_not_made_says_why(moment, words):
    boss = head_of_sales()

    with time_machine.travel(moment, tick=False):
        page = at_work(boss).get("/team/").content.decode()

    assert words in page


def test_a_day_off_is_called_so():
    boss = head_of_sales()
    plan(ivan())
    MorningRun.objects.update(works=False)

    assert "нерабочий день" in at_work(boss).get("/team/").content.decode()


def test_the_held_morning_shows_on_demand_whom_it_takes_from_whom():
    boss, owner = head_of_sales(), waiting_morning()
    browser = at_work(boss)

    page = browser.get("/team/").content.decode()
    taken = browser.get("/team/morning/", headers=PART).context["taken"]

    assert "Утро ждёт вашего слова" in page and "3 из 4" in page
    assert [(row.name, row.owned, row.taken, row.value) for row in taken] == [
        (owner.name, 3, 3, 300_00),
        ("Ольга Сергеева", 1, 0, 0),
    ]
    assert not MorningRun.objects.exists()


def test_the_head_lets_the_held_morning_run():
    boss = head_of_sales()
    waiting_morning()

    at_work(boss).post("/team/morning/", {"way": "run"})

    hold = MorningHold.objects.get()
    assert (hold.allowed_by, hold.allowed_at) == (boss, LATER)
    assert set(Client.objects.values_list("grace_until", flat=True)) == {None}


def test_the_head_lets_it_run_in_daily_portions():
    boss, owner = head_of_sales(), waiting_morning()

    at_work(boss).post("/team/morning/", {"way": "portions", "per_day": "2"})

    graces = sorted(Client.objects.filter(owner=owner).values_list("grace_until", flat=True))
    assert MorningHold.objects.get().allowed_by == boss
    assert graces == [TODAY, TODAY, TOMORROW]


def test_portions_of_nothing_allow_nothing():
    boss = head_of_sales()
    waiting_morning()

    answer = at_work(boss).post("/team/morning/", {"way": "portions", "per_day": "0"})

    assert answer.status_code == 422
    assert MorningHold.objects.get().allowed_at is None


def test_a_backlog_is_not_spread_for_a_morning_that_nobody_holds():
    boss = head_of_sales()
    waiting_morning()
    MorningHold.objects.all().delete()

    answer = at_work(boss).post("/team/morning/", {"way": "portions", "per_day": "2"})

    assert answer.status_code == 422
    assert set(Client.objects.values_list("grace_until", flat=True)) == {None}


def test_the_pages_speak_english(a_morning_worked):
    boss = a_morning_worked[3]
    browser = at_work(boss)
    browser.cookies["language"] = "en"

    assert "The team today" in browser.get("/team/").content.decode()
