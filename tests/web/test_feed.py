"""The calendar of one's promises on the phone: a secret address, no session, nothing that is over."""

from datetime import date, time, timedelta

import icalendar
import pytest
import time_machine
from django.test import Client as Browser

from budilnik.calling.models import Callback
from budilnik.clients.models import ContactPerson
from budilnik.staff.models import Employee
from cast import NOW, TODAY, TOMORROW, at_moscow, client, ivan, olga, plan, promise, task

pytestmark = pytest.mark.django_db
KEY = "a-secret-of-forty-three-characters-1234567890"


@pytest.fixture
def manager():
    who = ivan()
    Employee.objects.filter(pk=who.pk).update(feed_key=KEY)
    return who


@pytest.fixture(autouse=True)
def _at_ten_in_moscow():
    with time_machine.travel(NOW, tick=False):
        yield


def fetched(key=KEY, **headers):
    return Browser().get(f"/feed/{key}.ics", headers=headers)


def events(response):
    return icalendar.Calendar.from_ical(response.content).walk("VEVENT")


def test_a_promise_is_an_event_of_a_quarter_of_an_hour_with_a_reminder_five_minutes_before(manager):
    bolt_service = client(owner=manager, zone="Asia/Vladivostok")
    row = promise(bolt_service, manager, on=TOMORROW, at=time(15), about="обсудить тросы")
    Callback.objects.update(person=ContactPerson.objects.create(client=bolt_service, name="Анна Ильина"))

    response = fetched()

    (event,) = events(response)
    (alarm,) = event.walk("VALARM")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"DTSTART:20260916T120000Z" in response.content
    assert (event["uid"], event.decoded("dtstart")) == (f"promise-{row.pk}@budilnik", at_moscow(15, on=TOMORROW))
    assert (event.decoded("duration"), alarm.decoded("trigger")) == (timedelta(minutes=15), timedelta(minutes=-5))
    assert str(event["summary"]) == "Перезвонить: ООО «Болт-Сервис»"
    assert str(event["description"]) == "обсудить тросы\nАнна Ильина"
    assert event.decoded("last-modified") == row.recorded_at


def test_a_step_without_an_hour_takes_the_day(manager):
    promise(client(owner=manager), manager, on=TOMORROW, at=None)

    (event,) = events(fetched())

    assert (event.decoded("dtstart"), "duration" in event) == (date(2026, 9, 16), False)
    assert event.walk("VALARM")[0].decoded("trigger") == timedelta(hours=9)


def test_no_telephone_number_leaves_the_house(manager):
    promise(client(owner=manager), manager, about="звонить на +7 (495) 123-45-67, спросить Анну; счёт 2026-104")

    (event,) = events(fetched())

    assert str(event["description"]) == "звонить на …, спросить Анну; счёт 2026-104"


def test_what_is_kept_moved_or_somebody_elses_is_not_in_the_calendar(manager):
    colleague = olga()
    for end in ("done", "moved_by_client", "moved_by_us", "stopped"):
        row = promise(client(f"ООО «{end}»", owner=manager), manager)
        Callback.objects.filter(pk=row.pk).update(ended_at=NOW, end=end)
    promise(client("ООО «Чужой»", owner=colleague), colleague)

    assert events(fetched()) == []


def test_a_promise_that_a_colleague_carries_today_is_in_his_calendar_only(manager):
    colleague = olga()
    Employee.objects.filter(pk=colleague.pk).update(feed_key="hers")
    row = promise(client(owner=manager), manager)
    plan(colleague)
    task(row.client, colleague, callback=row)

    assert (len(events(fetched())), len(events(fetched("hers")))) == (0, 1)


@pytest.mark.parametrize("key", ["unknown", "", "None"])
def test_an_unknown_address_is_no_page(manager, key):
    assert fetched(key).status_code == 404


def test_a_leaver_s_address_is_no_page_from_his_last_day_on(manager):
    Employee.objects.filter(pk=manager.pk).update(left_on=TODAY)

    assert fetched().status_code == 404


def test_nobody_but_the_reader_keeps_the_calendar_and_the_same_one_is_not_sent_twice(manager):
    row = promise(client(owner=manager), manager)
    first = fetched()

    again = fetched(**{"If-None-Match": first["ETag"]})
    Callback.objects.filter(pk=row.pk).update(ended_at=NOW, end="done")
    changed = fetched(**{"If-None-Match": first["ETag"], "If-Modified-Since": first["Last-Modified"]})

    assert "private" in first["Cache-Control"]
    assert (again.status_code, again.content) == (304, b"")
    assert (changed.status_code, events(changed)) == (200, [])


def test_a_date_alone_never_hides_a_promise_that_is_no_more(manager):
    promise(client(owner=manager), manager)
    first = fetched()
    Callback.objects.update(ended_at=NOW, end="done")

    later = fetched(**{"If-Modified-Since": first["Last-Modified"]})

    assert (later.status_code, events(later)) == (200, [])


def test_the_calendar_speaks_the_language_of_its_reader(manager):
    Employee.objects.filter(pk=manager.pk).update(language="en")
    promise(client(owner=manager), manager)

    (event,) = events(fetched())

    assert str(event["summary"]).startswith("Ring back: ")


def test_the_calendar_is_asked_for_but_not_written_to(manager):
    assert Browser().post(f"/feed/{KEY}.ics").status_code == 405
