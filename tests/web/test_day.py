"""My day: one client after another, nothing chosen, nothing lost, nothing counted twice."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser

from budilnik.calling.models import Call, Callback, CallTask
from budilnik.clients.models import ContactPerson
from budilnik.core.terms import Queue
from cast import NOW, TODAY, TOMORROW, at_moscow, client, ivan, lock, olga, plan, pool_client, promise, task

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def ten_in_the_morning():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def at_work(employee) -> Browser:
    browser = Browser(headers={"HX-Request": "true", "Accept-Language": "ru"})
    browser.force_login(employee)
    return browser


def three_to_call(manager):
    rows = [
        client(name, owner=manager, phones=(f"+7495123450{at}",)) for at, name in enumerate(("Болт", "Винт", "Гайка"))
    ]
    tasks = [task(row, manager) for row in rows]
    CallTask.objects.update(opened_at=None)
    return rows, tasks


def shown(response) -> str:
    page = response.content.decode()
    return page.split('class="bud-name">')[1].split("<")[0] if 'class="bud-name">' in page else ""


def test_the_page_opens_the_card_of_the_first_client_and_marks_that_his_turn_has_come():
    manager = ivan()
    _, tasks = three_to_call(manager)

    page = at_work(manager).get("/day/")

    assert shown(page) == "Болт"
    assert list(CallTask.objects.exclude(opened_at=None)) == [tasks[0]]


def test_saving_an_outcome_opens_the_next_client_by_itself():
    manager = ivan()
    _, tasks = three_to_call(manager)
    browser = at_work(manager)
    browser.get("/day/")

    page = browser.post(f"/day/{tasks[0].pk}/outcome/", {"outcome": "open", "seen": "0"})

    assert (page.status_code, shown(page)) == (200, "Винт")
    assert CallTask.objects.get(pk=tasks[0].pk).close == "outcome"


def test_a_client_whose_turn_has_not_come_cannot_be_picked():
    manager = ivan()
    _, tasks = three_to_call(manager)
    browser = at_work(manager)

    opened = browser.get(f"/day/?task={tasks[2].pk}")
    saved = browser.post(f"/day/{tasks[2].pk}/outcome/", {"outcome": "order", "goods": "болты", "seen": "0"})

    assert (opened.status_code, saved.status_code) == (409, 409)
    assert not Call.objects.exists()


@pytest.mark.parametrize("outcome", ["no_answer", "open"])
def test_a_double_click_counts_one_call(outcome):
    manager = ivan()
    _, tasks = three_to_call(manager)
    browser = at_work(manager)
    browser.get("/day/")
    sent = {"outcome": outcome, "seen": "0"}

    first, second = (browser.post(f"/day/{tasks[0].pk}/outcome/", sent) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 409)
    assert Call.objects.count() == 1
    assert shown(second) == "Винт"


def test_what_was_typed_on_a_stale_page_is_shown_back():
    manager = ivan()
    _, tasks = three_to_call(manager)
    browser = at_work(manager)
    browser.get("/day/")
    browser.post(f"/day/{tasks[0].pk}/outcome/", {"outcome": "open", "seen": "0"})

    page = browser.post(f"/day/{tasks[0].pk}/outcome/", {"outcome": "open", "seen": "0", "note": "просили прайс"})

    assert "просили прайс" in page.content.decode()


def test_an_outcome_without_its_detail_is_refused_with_a_sentence_and_the_page_stays():
    manager = ivan()
    _, tasks = three_to_call(manager)
    browser = at_work(manager)
    browser.get("/day/")

    answer = browser.post(f"/day/{tasks[0].pk}/outcome/", {"outcome": "refused", "seen": "0"})

    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#messages"
    assert "Отказ: выберите причину." in answer.content.decode()
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": ""},
        {"outcome": "nonsense"},
        {"outcome": "interested", "next_step": "x", "next_on": "завтра"},
        {"outcome": "callback", "callback_on": "2026-09-16", "callback_at": "25:99"},
        {"outcome": "open", "note": "я" * 2001},
    ],
    ids=["none", "unknown", "date", "hour", "long"],
)
def test_nonsense_in_the_form_is_refused_and_nothing_is_saved(wrong):
    manager = ivan()
    _, tasks = three_to_call(manager)
    browser = at_work(manager)
    browser.get("/day/")

    answer = browser.post(f"/day/{tasks[0].pk}/outcome/", wrong | {"seen": "0"})

    assert answer.status_code == 422
    assert not Call.objects.exists()


def test_no_answer_puts_the_client_back_and_he_comes_up_again_in_two_hours(ten_in_the_morning):
    manager = ivan()
    _, tasks = three_to_call(manager)
    browser = at_work(manager)
    browser.get("/day/")

    after = browser.post(f"/day/{tasks[0].pk}/outcome/", {"outcome": "no_answer", "seen": "0"})
    ten_in_the_morning.shift(120 * MINUTE)
    later = browser.post(f"/day/{tasks[1].pk}/outcome/", {"outcome": "open", "seen": "0"})

    assert (shown(after), shown(later)) == ("Винт", "Болт")


def test_a_promise_comes_first_when_its_hour_has_come(ten_in_the_morning):
    manager = ivan()
    _rows, _tasks = three_to_call(manager)
    promised = client("Шайба", owner=manager, phones=("+74951234599",))
    task(promised, manager, callback=promise(promised, manager))
    browser = at_work(manager)

    before = browser.get("/day/")
    ten_in_the_morning.move_to(at_moscow(14, 55))
    at_its_hour = browser.get("/day/")

    assert (shown(before), shown(at_its_hour)) == ("Болт", "Шайба")


def test_a_call_promised_for_today_takes_its_place_on_todays_list():
    manager = ivan()
    _, tasks = three_to_call(manager)
    browser = at_work(manager)
    browser.get("/day/")
    sent = {"outcome": "callback", "callback_on": str(TODAY), "callback_at": "11:00", "seen": "0"}

    browser.post(f"/day/{tasks[0].pk}/outcome/", sent)

    fresh = CallTask.objects.get(client=tasks[0].client_id, closed_at=None)
    assert (fresh.queue, fresh.employee, fresh.callback) == (Queue.CALLBACK.value, manager, Callback.objects.get())


def test_a_saved_outcome_is_corrected_on_its_day():
    manager = ivan()
    _rows, tasks = three_to_call(manager)
    browser = at_work(manager)
    browser.get("/day/")
    browser.post(f"/day/{tasks[0].pk}/outcome/", {"outcome": "refused", "reason": "price", "seen": "0"})
    wrong = Call.objects.get()

    page = browser.get(f"/day/?amend={tasks[0].pk}")
    browser.post(f"/day/{tasks[0].pk}/amend/", {"outcome": "order", "goods": "болты", "seen": str(wrong.pk)})
    twice = browser.post(f"/day/{tasks[0].pk}/amend/", {"outcome": "order", "goods": "болты", "seen": str(wrong.pk)})

    assert shown(page) == "Болт"
    assert [call.outcome for call in Call.objects.filter(in_force=True)] == ["order"]
    assert (Call.objects.count(), twice.status_code) == (2, 409)


def test_a_missed_attempt_that_was_a_talk_after_all_is_corrected_and_counted_once():
    manager = ivan()
    rows, tasks = three_to_call(manager)
    browser = at_work(manager)
    browser.get("/day/")
    browser.post(f"/day/{tasks[0].pk}/outcome/", {"outcome": "no_answer", "seen": "0"})
    wrong = Call.objects.get()

    page = browser.post(f"/day/{tasks[0].pk}/amend/", {"outcome": "open", "seen": str(wrong.pk)})

    rows[0].refresh_from_db()
    assert (rows[0].missed_attempts, rows[0].last_talk_on) == (0, TODAY)
    assert "<strong>1</strong>" in page.content.decode()
    assert CallTask.objects.get(pk=tasks[0].pk).close == "outcome"


def test_a_skip_needs_a_reason_and_the_client_comes_back_on_the_next_working_day():
    manager = ivan()
    rows, tasks = three_to_call(manager)
    browser = at_work(manager)
    browser.get("/day/")

    without = browser.post(f"/day/{tasks[0].pk}/skip/", {"reason": "lazy"})
    page = browser.post(f"/day/{tasks[0].pk}/skip/", {"reason": "wrong_hour"})

    rows[0].refresh_from_db()
    assert (without.status_code, shown(page), rows[0].retry_on) == (422, "Винт", TOMORROW)


def test_a_task_passed_to_a_colleague_meanwhile_is_said_so_and_the_next_one_opens():
    manager, colleague = ivan(), olga()
    _rows, tasks = three_to_call(manager)
    browser = at_work(manager)
    browser.get("/day/")
    CallTask.objects.filter(pk=tasks[0].pk).update(employee=colleague, plan=plan(colleague))

    page = browser.post(f"/day/{tasks[0].pk}/outcome/", {"outcome": "open", "seen": "0"})

    assert (page.status_code, shown(page)) == (409, "Винт")
    assert not Call.objects.exists()


def test_the_numbers_of_a_pool_client_are_shown_only_while_the_task_is_open():
    manager, loser = ivan(), olga()
    lost = pool_client("Утерянный", lost_by=loser)
    its_task = task(lost, manager)
    browser = at_work(manager)

    before = browser.get("/day/").content.decode()
    browser.post(f"/day/{its_task.pk}/outcome/", {"outcome": "refused", "reason": "price", "seen": "0"})
    after = browser.get(f"/day/?amend={its_task.pk}").content.decode()

    assert "tel:+74951234567" in before
    assert "tel:+74951234567" not in after


def test_who_was_talked_to_is_kept_with_the_call():
    manager = ivan()
    rows, tasks = three_to_call(manager)
    person = ContactPerson.objects.create(client=rows[0], name="Анна Котова")
    stranger = ContactPerson.objects.create(client=rows[1], name="Чужой")
    browser = at_work(manager)
    browser.get("/day/")

    browser.post(f"/day/{tasks[0].pk}/outcome/", {"outcome": "open", "person": str(person.pk), "seen": "0"})
    browser.post(f"/day/{tasks[1].pk}/outcome/", {"outcome": "open", "person": str(person.pk), "seen": "0"})

    assert [call.person for call in Call.objects.order_by("pk")] == [person, None]
    assert stranger.pk


def test_done_early_a_portion_is_given_by_the_same_rules_and_only_when_the_list_is_done():
    manager, loser = ivan(), olga()
    _rows, tasks = three_to_call(manager)
    more = client("Новая порция", owner=manager, silent_since=TODAY - timedelta(days=120), phones=("+74951234588",))
    from_pool = pool_client("Из пула", lost_by=loser)
    mine = pool_client("Мною потерян", lost_by=loser, value=900_000_00)
    lock(mine, manager)
    browser = at_work(manager)
    browser.get("/day/")

    too_early = browser.post("/day/portion/")
    for each in tasks:
        browser.post(f"/day/{each.pk}/outcome/", {"outcome": "open", "seen": "0"})
    given = browser.post("/day/portion/")

    added = set(CallTask.objects.filter(closed_at=None).values_list("client_id", flat=True))
    assert (too_early.status_code, given.status_code) == (409, 200)
    assert added == {more.pk, from_pool.pk}


def test_an_address_kept_from_before_leads_to_the_client_whose_turn_it_is():
    manager = ivan()
    _, tasks = three_to_call(manager)
    browser = at_work(manager)
    browser.get("/day/")
    browser.post(f"/day/{tasks[0].pk}/outcome/", {"outcome": "open", "seen": "0"})

    page = browser.get(f"/day/?task={tasks[0].pk}")

    assert shown(page) == "Винт"


def test_a_day_without_a_list_says_so():
    page = at_work(ivan()).get("/day/").content.decode()

    assert "Списка на сегодня ещё нет" in page


def test_without_a_script_the_form_leads_back_to_the_day():
    manager = ivan()
    _, tasks = three_to_call(manager)
    browser = Browser()
    browser.force_login(manager)
    browser.get("/day/")

    answer = browser.post(f"/day/{tasks[0].pk}/outcome/", {"outcome": "open", "seen": "0"})

    assert (answer.status_code, answer["Location"]) == (302, "/day/")


def test_the_page_asks_the_database_few_questions(django_assert_max_num_queries):
    manager = ivan()
    three_to_call(manager)
    browser = at_work(manager)
    browser.get("/day/")

    with django_assert_max_num_queries(19):
        browser.get("/day/")


def test_a_saved_call_with_the_next_card_asks_the_database_few_questions(django_assert_max_num_queries):
    manager = ivan()
    _rows, tasks = three_to_call(manager)
    browser = at_work(manager)
    browser.get("/day/")

    with django_assert_max_num_queries(31):
        answer = browser.post(f"/day/{tasks[0].pk}/outcome/", {"outcome": "open", "seen": "0"})

    assert shown(answer) == "Винт"
