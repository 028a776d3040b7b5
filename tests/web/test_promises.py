"""Promises in the browser: what rings, one's own list by day, moving, passing on, putting off; nobody else's."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.test import Client as Browser

from budilnik.calling.models import Call, Callback
from budilnik.calling.queries.alarm import alarm_of, feed_of
from budilnik.calling.queries.promise_list import client_at_hand, promise_at_hand, promise_list
from budilnik.calling.queries.promises import colleagues, escalated
from budilnik.calling.queries.sight import sight_of
from budilnik.clients.models import Contact, ContactPerson
from budilnik.core.terms import Evidence, Outcome, Role
from budilnik.staff.models import Absence, Employee
from cast import (
    LATER,
    NOW,
    POLICY,
    TODAY,
    TOMORROW,
    at_moscow,
    client,
    employee,
    head_of_sales,
    ivan,
    lock,
    olga,
    plan,
    promise,
    task,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _at_ten_in_moscow():
    with time_machine.travel(NOW, tick=False):
        yield


def browser(who):
    opened = Browser()
    opened.force_login(who)
    return opened


def alarm(who):
    return browser(who).get("/promises/alarm/").json()


def ms(moment):
    return round(moment.timestamp() * 1000)


def talked(row, at=NOW):
    Contact.objects.create(
        client=row,
        at=at,
        on=at.date(),
        direction="in",
        evidence=Evidence.MANUAL.value,
        outcome=Outcome.OPEN.value,
        is_talk=True,
    )


def attempt(row, at):
    Call.objects.create(
        client=row, at=at, direction="out", disposition="no_answer", outcome="no_answer", in_force=False
    )


# The alarm.


def test_the_page_is_told_what_rings_within_the_hour_and_what_is_overdue():
    manager = ivan()
    hours = {"просрочен": time(9), "скоро": time(10, 30), "через час": time(11), "позже": time(11, 1)}
    for name, hour in hours.items():
        promise(client(name, owner=manager), manager, at=hour)

    told = alarm(manager)

    assert told["now"] == ms(NOW)
    assert [each["client"] for each in told["promises"]] == ["через час", "скоро", "просрочен"]


def test_the_alarm_says_who_about_what_when_and_where():
    manager = ivan()
    bolt_service = client(owner=manager, zone="Asia/Yekaterinburg")
    row = promise(bolt_service, manager, at=time(10), about="счёт")
    anna = ContactPerson.objects.create(client=bolt_service, name="Анна")
    Callback.objects.update(person=anna, zone="Asia/Yekaterinburg")

    (told,) = alarm(manager)["promises"]

    assert (told["id"], told["client_id"], told["client"]) == (row.pk, bolt_service.pk, "ООО «Болт-Сервис»")
    assert (told["person"], told["about"], told["local"]) == ("Анна", "счёт", "12:00 у клиента")
    assert (told["due"], told["rings"], told["stage"]) == (ms(NOW), ms(NOW), "ringing")
    assert (told["shows"], told["late"]) == (ms(NOW - timedelta(minutes=5)), ms(NOW + timedelta(minutes=5)))
    assert (told["url"], told["snoozes_left"]) == (f"/day/?promise={row.pk}", 3)


def test_an_assumed_zone_is_said_to_be_unknown():
    manager = ivan()
    promise(client(owner=manager, zone=""), manager, at=time(10))

    (told,) = alarm(manager)["promises"]

    assert told["local"] == "10:00, пояс клиента неизвестен"


def test_a_promise_put_off_is_told_with_its_next_ring_and_stays_late_by_its_own_time():
    manager = ivan()
    row = promise(client(owner=manager), manager, at=time(9, 58))
    Callback.objects.filter(pk=row.pk).update(rings_at=NOW + timedelta(minutes=4), snoozes=2)

    (told,) = alarm(manager)["promises"]

    assert (told["rings"], told["late"]) == (ms(NOW + timedelta(minutes=4)), ms(at_moscow(10, 3)))
    assert (told["snoozes"], told["snoozes_left"]) == (2, 1)


def test_a_promise_tried_in_time_does_not_ring_till_its_next_hour():
    manager = ivan()
    bolt_service = client(owner=manager)
    row = promise(bolt_service, manager, at=time(9, 30))
    attempt(bolt_service, at_moscow(9, 35))
    Callback.objects.filter(pk=row.pk).update(rings_at=at_moscow(10, 35))

    (told,) = alarm(manager)["promises"]

    assert (told["rings"], told["late"], told["stage"]) == (ms(at_moscow(10, 35)), ms(at_moscow(10, 40)), "waiting")


def test_a_step_without_an_hour_rings_only_after_a_call_without_an_answer():
    manager = ivan()
    row = promise(client(owner=manager), manager, at=None)

    before = alarm(manager)["promises"]
    Callback.objects.filter(pk=row.pk).update(rings_at=LATER)

    assert before == []
    assert [each["rings"] for each in alarm(manager)["promises"]] == [ms(LATER)]


def test_a_promise_rings_at_whoever_carries_it_today_and_at_nobody_else():
    manager, colleague = ivan(), olga()
    row = promise(client(owner=manager), manager, at=time(10))
    plan(colleague)
    task(row.client, colleague, callback=row)

    assert [each["id"] for each in alarm(colleague)["promises"]] == [row.pk]
    assert alarm(manager)["promises"] == []


def test_what_ended_or_was_silenced_does_not_ring():
    manager = ivan()
    ended = promise(client("ООО «Трос»", owner=manager), manager, at=time(10))
    Callback.objects.filter(pk=ended.pk).update(ended_at=NOW, end="done")
    silenced = promise(client(owner=manager), manager, at=time(10)).client
    silenced.stopped_on = TODAY
    silenced.save()

    assert alarm(manager)["promises"] == []


def test_the_head_is_told_how_many_promises_of_the_team_wait_too_long():
    manager, head = ivan(), head_of_sales()
    promise(client(owner=manager), manager, at=time(9, 44))
    promise(client("ООО «Трос»", owner=manager), manager, at=time(9, 50))

    told, his = alarm(head), alarm(manager)

    assert (told["escalated"], told["escalated_text"]) == (1, "1 обещание отдела просрочено")
    assert his["escalated"] == 0


def test_a_page_whose_session_is_over_is_told_so():
    assert Browser().get("/promises/alarm/", headers=HTMX).status_code == 401


def test_nobody_keeps_what_the_alarm_was_told():
    assert browser(ivan()).get("/promises/alarm/")["Cache-Control"] == "no-store"


def test_an_administrator_hears_no_alarm():
    administrator = employee("admin", "Администратор", role=Role.ADMINISTRATOR)

    assert browser(administrator).get("/promises/alarm/").status_code == 403


# Queries pinned.


def test_the_reads_of_promises_ask_as_often_as_they_say(django_assert_num_queries):
    manager, head = ivan(), head_of_sales()
    Employee.objects.filter(pk=manager.pk).update(feed_key="secret")
    for number in range(4):
        row = promise(client(f"ООО «{number}»", owner=manager), manager, at=time(10, number))
        Callback.objects.filter(pk=row.pk).update(person=ContactPerson.objects.create(client=row.client, name="Анна"))
    sight = sight_of(manager, on=TODAY)
    facts = {"now": NOW, "policy": POLICY}
    reads = {
        "alarm": (1, lambda: alarm_of(manager, on=TODAY, **facts)),
        "alarm of a head": (2, lambda: alarm_of(head, on=TODAY, **facts)),
        "feed": (2, lambda: feed_of("secret", on=TODAY)),
        "escalated": (1, lambda: escalated(TODAY, NOW)),
        "list": (3, lambda: promise_list(manager, sight=sight, on=TODAY, **facts)),
        "at hand": (1, lambda: promise_at_hand(row.pk, sight=sight, **facts)),
        "client at hand": (2, lambda: client_at_hand(row.client_id, sight=sight, **facts)),
        "colleagues": (3, lambda: colleagues(now=NOW)),
    }
    assert manager.team.zone

    for count, read in reads.values():
        with django_assert_num_queries(count):
            read()


# The list.


def listed(who, **asked):
    return browser(who).get("/promises/", asked, headers=HTMX)


def grouped(who, **asked):
    context = listed(who, **asked).context["list"]
    names = ("overdue", "today", "ahead", "later", "ended")
    return {name: [line.client for line in getattr(context, name)] for name in names if getattr(context, name)}


def test_promises_stand_by_when_they_are_due():
    manager = ivan()
    days = {"вчера": -1, "сегодня": 0, "завтра": 1, "через 14 дней": 14, "через 15": 15}
    for name, ahead in days.items():
        promise(client(name, owner=manager), manager, on=TODAY + timedelta(days=ahead), at=time(15))
    promise(client("утром", owner=manager), manager, at=time(9))
    promise(client("весь день", owner=manager), manager, at=None)

    assert grouped(manager) == {
        "overdue": ["вчера", "утром"],
        "today": ["сегодня", "весь день"],
        "ahead": ["завтра", "через 14 дней"],
        "later": ["через 15"],
    }


def test_the_list_shows_both_clocks_and_how_often_a_promise_was_moved_by_whom():
    manager = ivan()
    Employee.objects.filter(pk=manager.pk).update(zone="Europe/Samara")
    row = promise(client(owner=manager, zone="Asia/Yekaterinburg"), manager, at=time(15))
    Callback.objects.update(zone="Asia/Yekaterinburg")
    for who in ("client", "us", "client"):
        browser(manager).post(f"/promises/{row.pk}/move/", {"on": str(TODAY), "at": "18:00", "who": who})
        row = Callback.objects.get(ended_at=None)

    text = listed(manager).content.decode()

    assert "18:00" in text and "у вас 17:00" in text
    assert "клиент перенёс 2 раза" in text and "мы перенесли 1 раз" in text


def test_an_hour_that_the_clocks_skip_is_shown_as_it_will_ring():
    manager = ivan()
    bolt_service = client(owner=manager, zone="Europe/Berlin")
    spring = date(2027, 3, 28)

    said = browser(manager).post(
        "/promises/new/",
        {"client_id": bolt_service.pk, "on": str(spring), "at": "02:30", "about": "счёт", "key": "1"},
        headers=HTMX,
    )

    assert "28.03.2027 03:30 по времени клиента" in said.content.decode()
    assert Callback.objects.get().local_time == time(2, 30)


def test_a_manager_sees_his_own_promises_only_and_the_head_those_of_all():
    manager, colleague, head = ivan(), olga(), head_of_sales()
    promise(client("мой", owner=manager), manager)
    promise(client("чужой", owner=colleague), colleague)
    lost = promise(client("отошёл", owner=colleague), manager)
    Callback.objects.filter(pk=lost.pk).update(employee=colleague)

    assert grouped(manager, whose="team") == {"today": ["мой"]}
    assert sorted(grouped(head, whose="team")["today"]) == ["мой", "отошёл", "чужой"]
    assert grouped(head) == {}


def test_only_whoever_keeps_a_promise_is_offered_to_open_its_card():
    manager, colleague = ivan(), olga()
    row = promise(client(owner=manager), manager)
    address = f"/day/?promise={row.pk}"

    before = listed(manager).content.decode()
    Callback.objects.filter(pk=row.pk).update(employee=colleague)

    assert address in before
    assert address not in listed(manager).content.decode()
    assert address in listed(colleague).content.decode()


def test_a_director_reads_the_promises_of_all_and_touches_none():
    manager, director = ivan(), employee("director", "Директор", role=Role.DIRECTOR)
    row = promise(client(owner=manager), manager)

    text = listed(director).content.decode()

    assert "Болт-Сервис" in text and "Перенести" not in text
    assert browser(director).get(f"/promises/{row.pk}/move/").status_code == 403


def test_what_ended_lately_says_how():
    manager = ivan()
    for end in ("done", "moved_by_client", "moved_by_us", "stopped"):
        row = promise(client(end, owner=manager), manager)
        Callback.objects.filter(pk=row.pk).update(ended_at=NOW - timedelta(days=1), end=end)
    long_ago = promise(client("в августе", owner=manager), manager)
    Callback.objects.filter(pk=long_ago.pk).update(ended_at=NOW - timedelta(days=15), end="done")

    text = listed(manager).content.decode()

    assert all(word in text for word in ("выполнено", "перенёс клиент", "перенесли мы", "больше не звонят"))
    assert "в августе" not in text


def test_the_whole_page_opens_in_both_languages():
    manager = ivan()
    promise(client(owner=manager), manager)
    opened = browser(manager)

    russian = opened.get("/promises/").content.decode()
    Employee.objects.filter(pk=manager.pk).update(language="en")
    english = opened.get("/promises/").content.decode()

    assert "<h1" in russian and "Обещания перезвонить" in russian
    assert "Promises to ring back" in english and "Перенести" not in english


# What is done about them.


def test_a_promise_is_moved_by_the_client_or_by_us():
    manager = ivan()
    row = promise(client(owner=manager), manager)

    said = browser(manager).post(
        f"/promises/{row.pk}/move/", {"on": str(TOMORROW), "at": "11:30", "who": "us"}, headers=HTMX
    )

    row.refresh_from_db()
    assert (said.status_code, said["HX-Retarget"]) == (200, "#messages")
    assert "promises-changed" in said["HX-Trigger"]
    assert (row.end, row.moved_to.due_at) == ("moved_by_us", at_moscow(11, 30, on=TOMORROW))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"on": "", "at": "11:00", "who": "us"}, "Выберите день."),
        ({"on": "завтра", "at": "11:00", "who": "us"}, "Это не день"),
        ({"on": "9999-12-31", "at": "11:00", "who": "us"}, "Выберите день в пределах года."),
        ({"on": "0001-01-01", "at": "11:00", "who": "us"}, "Выберите день в пределах года."),
        ({"on": str(TOMORROW), "at": "25:00", "who": "us"}, "Это не время"),
        ({"on": str(TOMORROW), "at": "11:00"}, "Укажите, кто переносит."),
        ({"on": str(TODAY), "at": "09:00", "who": "client"}, "15.09.2026 09:00 по времени клиента уже прошло"),
    ],
)
def test_what_was_typed_wrong_is_said_in_the_form_and_the_promise_stays(typed, sentence):
    manager = ivan()
    row = promise(client(owner=manager), manager)

    answered = browser(manager).post(f"/promises/{row.pk}/move/", typed, headers=HTMX)

    row.refresh_from_db()
    text = answered.content.decode()
    assert (answered.status_code, row.ended_at) == (422, None)
    assert sentence in text and "<form" in text and "HX-Retarget" not in answered


def test_a_promise_without_an_hour_is_moved_to_another_day_without_one():
    manager = ivan()
    row = promise(client(owner=manager), manager)

    browser(manager).post(f"/promises/{row.pk}/move/", {"on": str(TOMORROW), "at": "", "who": "client"})

    row.refresh_from_db()
    assert (row.end, row.moved_to.local_time) == ("moved_by_client", None)


def test_a_move_sent_twice_moves_once():
    manager = ivan()
    row = promise(client(owner=manager), manager)
    typed = {"on": str(TOMORROW), "at": "11:30", "who": "us"}
    opened = browser(manager)

    first, second = (opened.post(f"/promises/{row.pk}/move/", typed, headers=HTMX) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 422)
    assert "уже закрыто" in second.content.decode()
    assert Callback.objects.count() == 2


def test_without_htmx_one_is_led_back_to_the_list():
    manager = ivan()
    row = promise(client(owner=manager), manager)
    opened = browser(manager)

    form = opened.get(f"/promises/{row.pk}/move/")
    moved = opened.post(f"/promises/{row.pk}/move/", {"on": str(TOMORROW), "at": "11:30", "who": "us"}, follow=True)

    assert "<h1" in form.content.decode()
    assert moved.redirect_chain == [("/promises/", 302)]
    assert "Обещано на 16.09.2026 11:30 по времени клиента." in moved.content.decode()


def test_a_promise_passes_to_a_colleague_at_work_and_never_to_who_lost_the_client():
    manager, colleague, away, loser = ivan(), olga(), employee("away", "В отпуске"), employee("loser", "Потерял")
    Absence.objects.create(employee=away, from_on=TODAY, until_on=TODAY)
    row = promise(client(owner=manager), manager)
    lock(row.client, loser)
    opened = browser(manager)

    form = opened.get(f"/promises/{row.pk}/pass/", headers=HTMX).content.decode()
    locked = opened.post(f"/promises/{row.pk}/pass/", {"to": loser.pk}, headers=HTMX)
    absent = opened.post(f"/promises/{row.pk}/pass/", {"to": away.pk}, headers=HTMX)
    passed = opened.post(f"/promises/{row.pk}/pass/", {"to": colleague.pk}, headers=HTMX)

    row.refresh_from_db()
    assert colleague.name in form and away.name not in form and manager.name not in form
    assert (locked.status_code, absent.status_code, passed.status_code) == (422, 422, 200)
    assert "потерял клиента" in locked.content.decode()
    assert (row.employee, row.promised_by) == (colleague, manager)


def test_a_promise_is_kept_by_one_click_after_the_client_called_himself():
    manager = ivan()
    row = promise(client(owner=manager), manager)
    opened = browser(manager)

    too_early = opened.post(f"/promises/{row.pk}/keep/", headers=HTMX)
    before = listed(manager).content.decode()
    talked(row.client)
    after = listed(manager).content.decode()
    kept = opened.post(f"/promises/{row.pk}/keep/", headers=HTMX)

    row.refresh_from_db()
    address = f"/promises/{row.pk}/keep/"
    assert (address in before, address in after) == (False, True)
    assert (too_early.status_code, kept.status_code, row.end) == (422, 200, "done")


def test_a_promise_is_put_off_from_the_bar_and_a_second_page_is_told_so():
    manager = ivan()
    row = promise(client(owner=manager), manager, at=time(10))
    opened = browser(manager)

    first, second = (opened.post(f"/promises/{row.pk}/snooze/", {"seen": "0"}, headers=HTMX) for _ in range(2))

    row.refresh_from_db()
    assert (first.status_code, second.status_code, row.snoozes) == (204, 409, 1)
    assert (row.rings_at, row.due_at) == (NOW + timedelta(minutes=5), NOW)


def test_a_call_is_promised_to_ones_own_client_once_however_often_the_form_is_sent():
    manager = ivan()
    bolt_service = client(owner=manager)
    anna = ContactPerson.objects.create(client=bolt_service, name="Анна")
    opened = browser(manager)
    form = opened.get("/promises/new/", {"client_id": bolt_service.pk}, headers=HTMX)
    typed = {"client_id": bolt_service.pk, "on": str(TOMORROW), "at": "10:00", "about": "счёт", "person": anna.pk}
    typed["key"] = form.context["form"]["key"].value()

    answers = [opened.post("/promises/new/", typed, headers=HTMX).status_code for _ in range(2)]

    row = Callback.objects.get()
    assert answers == [200, 200]
    assert (row.person, row.about, row.due_at) == (anna, "счёт", at_moscow(10, on=TOMORROW))
    assert (row.employee, row.promised_by) == (manager, manager)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [({"about": ""}, "о чём звонок"), ({"about": "я" * 241}, "до 240 знаков"), ({"on": str(TODAY)}, "уже прошло")],
)
def test_a_new_promise_typed_wrong_is_not_made(changed, sentence):
    manager = ivan()
    bolt_service = client(owner=manager)
    typed = {"client_id": bolt_service.pk, "on": str(TOMORROW), "at": "09:00", "about": "счёт", "key": "1"} | changed

    answered = browser(manager).post("/promises/new/", typed, headers=HTMX)

    assert answered.status_code == 422
    assert sentence in answered.content.decode()
    assert Callback.objects.count() == 0


@pytest.mark.parametrize("number", ["", "0", "x", "9" * 40])
def test_a_call_is_not_promised_to_a_client_who_is_not_ones_own(number):
    colleague = client(owner=olga())
    opened = browser(ivan())

    answers = [
        opened.post("/promises/new/", {"client_id": asked, "on": str(TOMORROW), "about": "счёт", "key": "1"})
        for asked in (number, colleague.pk)
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert Callback.objects.count() == 0


@pytest.mark.parametrize("act", ["move", "pass", "keep", "snooze"])
def test_a_promise_of_somebody_else_is_not_found(act):
    manager, colleague = ivan(), olga()
    row = promise(client(owner=manager), manager, at=time(10))
    talked(row.client)
    typed = {"on": str(TOMORROW), "at": "11:00", "who": "us", "to": colleague.pk, "seen": "0"}
    opened = browser(colleague)

    answers = [opened.post(f"/promises/{number}/{act}/", typed) for number in (row.pk, row.pk + 1, 10**30)]

    row.refresh_from_db()
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert (row.ended_at, row.employee, row.rings_at) == (None, manager, None)


def test_the_head_acts_for_everybody():
    manager, head = ivan(), head_of_sales()
    row = promise(client(owner=manager), manager, at=time(10))

    put_off = browser(head).post(f"/promises/{row.pk}/snooze/", {"seen": "0"}, headers=HTMX)
    moved = browser(head).post(f"/promises/{row.pk}/move/", {"on": str(TOMORROW), "at": "", "who": "us"}, headers=HTMX)

    assert (put_off.status_code, moved.status_code) == (204, 200)


def test_what_changes_a_promise_is_posted():
    manager = ivan()
    row = promise(client(owner=manager), manager, at=time(10))
    opened = browser(manager)

    assert [opened.get(f"/promises/{row.pk}/{act}/").status_code for act in ("keep", "snooze")] == [405, 405]
