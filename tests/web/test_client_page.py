"""The page of one client, what is written on it, and a talk outside the list."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client as Browser

from budilnik.calling.actions.cards import add_person, write_note
from budilnik.calling.models import Call, CallTask, HeadMatter
from budilnik.calling.queries.dossier import dossier_of, notes_seen, people_seen, promises_to_ask
from budilnik.calling.queries.history import Kind, history_of
from budilnik.calling.queries.sight import sight_of
from budilnik.clients.models import Client, ContactPerson, Note, Phone, StatusChange, Tenure
from budilnik.core.dossier import PersonTold
from budilnik.core.policy import Policy
from budilnik.core.terms import Role
from budilnik.sales.models import Order, OrderLine, Product
from budilnik.staff.actions import set_policy
from budilnik.staff.models import AuditEntry, Tally
from cast import (
    LATER,
    NOW,
    POLICY,
    TODAY,
    TOMORROW,
    client,
    employee,
    head_of_sales,
    ivan,
    lock,
    olga,
    pool_client,
    promise,
    task,
)

pytestmark = pytest.mark.django_db

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture(autouse=True)
def ten_in_the_morning():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def at_work(who, *, part: bool = False) -> Browser:
    browser = Browser(headers={"HX-Request": "true"} if part else {})
    browser.force_login(who)
    return browser


def page_of(who, row: Client) -> str:
    answer = at_work(who).get(f"/clients/{row.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def bought(row: Client, good: str, *, on: date, net: int = 1_000_00, cancelled: bool = False) -> Order:
    product, _ = Product.objects.get_or_create(source="files", key=good, name=good)
    order = Order.objects.create(
        source="files",
        key=f"{good}-{on}-{net}",
        client=row,
        ordered_at=datetime.combine(on, time(9), MOSCOW),
        ordered_on=on,
        net=net,
        counts=True,
        cancelled=cancelled,
        digest="",
    )
    OrderLine.objects.create(order=order, product=product, quantity=2_500, price=400_0000, amount=net)
    return order


def test_the_page_tells_who_the_client_is_what_he_bought_and_whom_to_ask_for():
    owner = ivan()
    row = client(owner=owner)
    Client.objects.filter(pk=row.pk).update(inn="7707083893", kpp="770701001", protected=True, zone="")
    add_person(
        client_id=row.pk, told=PersonTold(name="Анна Орлова", post="снабжение"), phone=None, by=owner, now=NOW, on=TODAY
    )
    write_note(client_id=row.pk, text="звонить после обеда", pinned=True, key="", by=owner, now=NOW, on=TODAY)
    bought(row, "болт М12", on=date(2026, 5, 20))

    page = page_of(owner, row)

    for told in (
        "ООО «Болт-Сервис»",
        "7707083893 / 770701001",
        "защищён",
        "предположительно",
        "Анна Орлова",
        "звонить после обеда",
        "болт М12",
        "2,5".replace(",", "."),
        "+7 495 123-45-67",
        "bud-chart",
    ):
        assert told in page, told


def test_a_client_of_another_is_not_there_at_any_address():
    row = client(owner=olga())
    visitor = at_work(ivan())

    for address in ("", "history/", "call/", "kept/"):
        assert visitor.get(f"/clients/{row.pk}/{address}").status_code == 404
    assert visitor.get("/clients/999999/").status_code == 404


def test_numbers_of_a_pool_client_are_shown_while_the_call_is_open_and_not_after():
    caller = ivan()
    row = pool_client(lost_by=olga())
    work = task(row, caller)

    before = page_of(caller, row)
    CallTask.objects.filter(pk=work.pk).update(closed_at=NOW, close="outcome")
    after = page_of(caller, row)

    assert "+7 495 123-45-67" in before
    assert "495 123" not in after


def test_a_director_reads_the_page_and_finds_no_form_on_it():
    row = client(owner=ivan())

    page = page_of(employee("director", "Директор", role=Role.DIRECTOR), row)

    assert "ООО «Болт-Сервис»" in page
    assert f"/clients/{row.pk}/notes/" not in page
    assert f"/clients/{row.pk}/call/" not in page


def test_cards_opened_are_counted_and_beyond_the_days_cap_refused():
    set_policy(policy=Policy(cards_per_day=2, norm=1), starts_on=TODAY, on=TODAY, why="меньше", by=None, now=NOW)
    owner = ivan()
    row = client(owner=owner)
    page_of(owner, row)
    page_of(owner, row)

    third = at_work(owner).get(f"/clients/{row.pk}/")

    assert third.status_code == 429
    assert "За день открыто карточек: 2" in third.content.decode()
    assert Tally.objects.get(employee=owner, what="card").count == 2


def test_a_head_opens_as_many_cards_as_he_likes():
    set_policy(policy=Policy(cards_per_day=1, norm=1), starts_on=TODAY, on=TODAY, why="меньше", by=None, now=NOW)
    head = head_of_sales()
    row = client(owner=ivan())

    page_of(head, row)
    page_of(head, row)

    assert Tally.objects.get(employee=head, what="card").count == 2


def test_what_is_not_among_ones_own_is_not_counted():
    row = client(owner=olga())

    at_work(ivan()).get(f"/clients/{row.pk}/")

    assert Tally.objects.count() == 0


def full_history(owner, head) -> Client:
    row = client(owner=owner)
    Call.objects.create(
        client=row,
        employee=owner,
        at=NOW - timedelta(days=3),
        direction="in",
        disposition="answered",
        outcome="open",
        note="позвонил сам",
    )
    Call.objects.create(
        client=row, author="Бывший", at=NOW - timedelta(days=4), direction="out", disposition="busy", outcome="busy"
    )
    bought(row, "трос", on=TODAY - timedelta(days=5))
    bought(row, "возврат", on=TODAY - timedelta(days=6), net=-500_00)
    Note.objects.create(client=row, author=owner, at=NOW - timedelta(days=7), text="пишите на почту")
    loss = lock(row, head, on=TODAY - timedelta(days=8))
    loss.lifted_at, loss.lifted_by, loss.lifted_why = NOW - timedelta(days=2), head, "просил клиент"
    loss.save()
    StatusChange.objects.create(
        client=row,
        from_status="regular",
        to_status="forgotten",
        on=TODAY - timedelta(days=9),
        recorded_at=NOW,
        why="silence",
    )
    kept = promise(row, owner, about="про тросы")
    kept.ended_at, kept.end = NOW, "done"
    kept.save()
    CallTask.objects.filter(pk=task(row, owner).pk).update(
        closed_at=NOW - timedelta(hours=1), closed_by=owner, close="skip_conflict"
    )
    return row


def test_the_history_is_one_time_line_newest_first():
    owner, head = ivan(), head_of_sales()
    row = full_history(owner, head)

    found = history_of(row.pk, sight=sight_of(owner, on=TODAY), zone=MOSCOW).events

    assert [(event.kind, event.what) for event in found[:6]] == [
        (Kind.SKIP, "skipped"),
        (Kind.PROMISE, "promised"),
        (Kind.OWNER, "lifted"),
        (Kind.TALK, "answered"),
        (Kind.TALK, "busy"),
        (Kind.ORDER, "order"),
    ]
    assert {event.kind for event in found} == set(Kind)
    assert [event.at for event in found] == sorted((event.at for event in found), reverse=True)


def test_every_line_of_the_history_is_said_in_words_of_both_languages():
    owner, head = ivan(), head_of_sales()
    row = full_history(owner, head)
    visitor = at_work(owner, part=True)

    russian = visitor.get(f"/clients/{row.pk}/history/").content.decode()
    visitor.cookies["language"] = "en"
    english = visitor.get(f"/clients/{row.pk}/history/").content.decode()

    for told in (
        "Звонил клиент: готов",
        "Попытка: занято",
        "Заказ трос",
        "Возврат возврат",
        "Клиент потерян, менеджер Валентина Р.",
        "Запрет снят",
        "просил клиент",
        "Обещали позвонить 15.09.2026 15:00",
        "выполнено",
        "Пропущен:",
        "Бывший",
    ):
        assert told in russian, told
    for told in ("The client called:", "Attempt: busy", "Lock of", "Promised to call on", "kept", "Skipped:"):
        assert told in english, told


@pytest.mark.parametrize("kind", list(Kind))
def test_the_history_is_filtered_by_kind(kind):
    owner, head = ivan(), head_of_sales()
    row = full_history(owner, head)

    found = history_of(row.pk, sight=sight_of(owner, on=TODAY), zone=MOSCOW, kind=kind).events

    assert found
    assert {event.kind for event in found} == {kind}


def test_the_history_goes_on_by_fifty_without_losing_a_line():
    owner = ivan()
    row = client(owner=owner)
    for number in range(120):
        Note.objects.create(client=row, author=owner, at=NOW - timedelta(minutes=number), text=f"строка {number};")
    visitor = at_work(owner, part=True)

    first = visitor.get(f"/clients/{row.pk}/history/").content.decode()
    pages = [first] + [visitor.get(f"/clients/{row.pk}/history/?start={n}").content.decode() for n in (50, 100)]

    assert [page.count("cl-event cl-k-note") for page in pages] == [50, 50, 20]
    assert all(f"строка {number};" in "".join(pages) for number in range(120))
    assert "start=50" in pages[0]
    assert "start=" not in pages[2]


def test_a_lost_client_won_back_shows_who_lost_him_and_both_owners():
    owner, her = ivan(), olga()
    row = client(owner=owner)
    Tenure.objects.filter(client=row).update(from_on=date(2026, 8, 1), why_from="won_back")
    Tenure.objects.create(
        client=row,
        employee=her,
        from_on=date(2025, 1, 1),
        until_on=date(2026, 7, 1),
        why_from="assigned",
        why_until="lost",
    )

    found = history_of(row.pk, sight=sight_of(owner, on=TODAY), zone=MOSCOW, kind=Kind.OWNER).events

    assert [(event.what, event.who.split()[0], event.reason) for event in found] == [
        ("began", "Иван", "won_back"),
        ("ended", "Ольга", "lost"),
        ("began", "Ольга", "assigned"),
    ]


def test_what_is_written_on_the_card_comes_back_as_the_part_of_the_page():
    owner = ivan()
    row = client(owner=owner)
    visitor = at_work(owner, part=True)

    people = visitor.post(
        f"/clients/{row.pk}/people/",
        {"name": "Анна Орлова", "roles": ["decision_maker", "buyer"], "influence": "5", "number": "8 916 123-45-67"},
    )
    notes = visitor.post(f"/clients/{row.pk}/notes/", {"text": "звонить утром", "pinned": "1", "key": "k1"})

    assert people.content.decode().strip().startswith("<section")
    assert "Анна Орлова" in people.content.decode()
    assert "+7 916 123-45-67" in people.content.decode()
    assert 'id="notes"' in notes.content.decode()
    assert "is-pinned" in notes.content.decode()
    anna = ContactPerson.objects.get()
    assert anna.roles == ["decision_maker", "buyer"]


def test_the_rest_of_the_card_is_changed_by_its_forms():
    owner = ivan()
    row = client(owner=owner)
    visitor = at_work(owner)
    base = f"/clients/{row.pk}"
    visitor.post(f"{base}/people/", {"name": "Анна"})
    anna, number = ContactPerson.objects.get(), row.phones.get()

    answers = [
        visitor.post(f"{base}/people/{anna.pk}/", {"name": "Анна Орлова", "attitude": "friend", "birth_day": ""}),
        visitor.post(f"{base}/people/{anna.pk}/left/", {"left": "1"}),
        visitor.post(f"{base}/numbers/", {"number": "8 916 123-45-67", "person": anna.pk}),
        visitor.post(f"{base}/numbers/{number.pk}/", {"number": "8 495 123-45-68"}),
        visitor.post(f"{base}/numbers/{number.pk}/wrong/"),
        visitor.post(f"{base}/zone/", {"zone": "Asia/Omsk"}),
    ]

    assert {answer.status_code for answer in answers} == {302}
    anna.refresh_from_db()
    number.refresh_from_db()
    row.refresh_from_db()
    assert (anna.name, anna.attitude, anna.left_on) == ("Анна Орлова", "friend", TODAY)
    assert (number.number, number.wrong_on) == ("+74951234568", TODAY)
    assert Phone.objects.get(number="+79161234567").person_id == anna.pk
    assert row.zone == "Asia/Omsk"


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("people/", {"name": ""}),
        ("people/", {"name": "Анна", "roles": "boss"}),
        ("people/", {"name": "Анна", "influence": "много"}),
        ("people/", {"name": "Анна", "birth_day": "31", "birth_month": "2"}),
        ("people/", {"name": "Анна", "number": "12"}),
        ("numbers/", {"number": ""}),
        ("notes/", {"text": " "}),
        ("zone/", {"zone": "Moon/Base"}),
    ],
)
def test_what_cannot_be_kept_gets_a_sentence_and_nothing_is_written(address, sent):
    owner = ivan()
    row = client(owner=owner)

    answer = at_work(owner, part=True).post(f"/clients/{row.pk}/{address}", sent)

    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#messages"
    assert (ContactPerson.objects.count(), Note.objects.count(), Phone.objects.count()) == (0, 0, 1)


def test_notes_are_pinned_unpinned_and_taken_off():
    owner = ivan()
    row = client(owner=owner)
    note = write_note(client_id=row.pk, text="важно", pinned=False, key="", by=owner, now=NOW, on=TODAY)
    visitor = at_work(owner, part=True)

    pinned = visitor.post(f"/clients/{row.pk}/notes/{note}/pin/").content.decode()
    loose = visitor.post(f"/clients/{row.pk}/notes/{note}/unpin/").content.decode()
    gone = visitor.post(f"/clients/{row.pk}/notes/{note}/remove/").content.decode()

    assert "is-pinned" in pinned
    assert "is-pinned" not in loose
    assert "важно</div>" not in gone


def form_key(answer) -> str:
    return answer.context["form"].key


def taken(who, row: Client, *, direction: str = "in", part: bool = False, key: str = "key-1", **said):
    told = {"outcome": "open", "next_on": "2026-10-01", "key": key} | said
    return at_work(who, part=part).post(f"/clients/{row.pk}/call/save/?direction={direction}", told)


def test_an_inbound_talk_of_ones_own_client_resets_his_clock_and_closes_his_task():
    owner = ivan()
    row = client(owner=owner)
    work = task(row, owner)

    answer = taken(owner, row, note="уточнял срок")

    row.refresh_from_db()
    work.refresh_from_db()
    call = Call.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/clients/{row.pk}/")
    assert (call.direction, call.outcome, call.note, call.source, call.key) == (
        "in",
        "open",
        "уточнял срок",
        "form",
        "key-1",
    )
    assert (row.silent_since, work.close) == (TODAY, "client_called")


def test_the_same_form_sent_twice_is_counted_once():
    owner = ivan()
    row = client(owner=owner)
    key = form_key(at_work(owner).get(f"/clients/{row.pk}/call/?direction=in"))

    first = taken(owner, row, key=key, part=True)
    second = taken(owner, row, key=key, part=True)

    assert (first.status_code, second.status_code) == (200, 409)
    assert first["HX-Redirect"] == second["HX-Redirect"] == f"/clients/{row.pk}/"
    assert Call.objects.count() == 1


def test_an_unplanned_call_goes_to_ones_own_client_alone():
    owner, her = ivan(), olga()
    row = client(owner=owner)
    pooled = pool_client("ООО «Трос»", lost_by=her)
    task(pooled, owner)

    mine = taken(owner, row, direction="out")
    anothers = taken(owner, pooled, direction="out", key="key-2", part=True)

    assert mine.status_code == 302
    assert Call.objects.get().direction == "out"
    assert anothers.status_code == 422
    assert "Звонить без задания можно только своему клиенту" in anothers.content.decode()


def test_the_form_of_an_inbound_talk_asks_for_nothing_that_fits_an_attempt_alone():
    owner = ivan()
    row = client(owner=owner)

    inbound = at_work(owner).get(f"/clients/{row.pk}/call/?direction=in").content.decode()
    outgoing = at_work(owner).get(f"/clients/{row.pk}/call/?direction=out").content.decode()

    assert 'data-outcome="order"' in inbound
    assert 'data-outcome="no_answer"' not in inbound
    assert 'data-outcome="no_answer"' in outgoing


def test_a_detail_that_is_missing_gets_a_sentence_and_nothing_is_saved():
    owner = ivan()
    row = client(owner=owner)

    answer = taken(owner, row, part=True, outcome="order", goods="")

    assert answer.status_code == 422
    assert "укажите товары или сумму" in answer.content.decode()
    assert Call.objects.count() == 0


def find(who, number: str = "+74951234567") -> str:
    answer = at_work(who).get("/clients/", {"q": number})
    return answer.context["strangers"][0][1]


def test_the_call_of_another_managers_client_is_taken_and_he_stays_where_he_was():
    himself, her = ivan(), olga()
    row = client(owner=her)
    token = find(himself)

    form = at_work(himself).get(f"/clients/{row.pk}/call/", {"pass": token})
    saved = at_work(himself).post(
        f"/clients/{row.pk}/call/save/?pass={token}&direction=out", {"outcome": "open", "key": "k"}
    )

    row.refresh_from_db()
    text = form.content.decode()
    assert "Ольга Сергеева" in text
    assert "Вся история" not in text
    assert (saved.status_code, saved.url) == (302, "/clients/")
    assert (row.owner_id, row.silent_since) == (her.pk, TODAY)
    assert Call.objects.get().direction == "in"


def test_without_the_pass_no_talk_of_a_stranger_is_saved():
    row = client(owner=olga())

    answer = taken(ivan(), row)

    assert answer.status_code == 404
    assert Call.objects.count() == 0


def test_a_pool_client_who_calls_in_is_won_by_the_one_who_answers():
    himself = ivan()
    row = pool_client(lost_by=olga())
    token = find(himself)

    saved = at_work(himself).post(
        f"/clients/{row.pk}/call/save/?pass={token}", {"outcome": "order", "goods": "болты", "key": "k"}
    )

    row.refresh_from_db()
    assert row.owner_id == himself.pk
    assert saved.url == f"/clients/{row.pk}/"


def test_one_who_lost_the_client_serves_him_and_the_head_decides():
    himself = ivan()
    row = pool_client(lost_by=himself)
    token = find(himself)

    saved = at_work(himself).post(
        f"/clients/{row.pk}/call/save/?pass={token}", {"outcome": "order", "goods": "болты", "key": "k"}
    )

    row.refresh_from_db()
    assert saved.status_code == 302
    assert row.owner_id is None
    assert HeadMatter.objects.get().kind == "not_his_to_win"


def test_after_an_inbound_talk_each_open_promise_is_asked_about():
    owner = ivan()
    row = client(owner=owner)
    first, second = promise(row, owner), promise(row, owner, on=TOMORROW, about="скидка")
    visitor = at_work(owner, part=True)

    saved = taken(owner, row, part=True)
    asked = at_work(owner).get(f"/clients/{row.pk}/kept/").content.decode()
    one = visitor.post(f"/clients/{row.pk}/kept/{first.pk}/")
    last = visitor.post(f"/clients/{row.pk}/kept/{second.pk}/")

    assert saved["HX-Redirect"] == f"/clients/{row.pk}/kept/"
    assert "обсудить тросы" in asked
    assert "скидка" in asked
    assert "обсудить тросы" not in one.content.decode()
    assert "скидка" in one.content.decode()
    assert last["HX-Redirect"] == f"/clients/{row.pk}/"
    first.refresh_from_db()
    assert first.end == "done"


def test_a_promise_of_another_manager_is_not_marked_kept_by_its_number():
    himself, her = ivan(), olga()
    row, mine = client(owner=her), client("АО «Трос»", owner=himself, phones=())
    due = promise(row, her)

    answer = at_work(himself, part=True).post(f"/clients/{mine.pk}/kept/{due.pk}/")

    assert answer.status_code == 404
    due.refresh_from_db()
    assert due.ended_at is None


def test_no_personal_data_reach_the_audit_from_the_pages():
    owner = ivan()
    row = client(owner=owner)
    visitor = at_work(owner)
    visitor.post(f"/clients/{row.pk}/people/", {"name": "Анна Орлова", "number": "8 916 123-45-67"})
    visitor.post(f"/clients/{row.pk}/notes/", {"text": "секрет", "key": "k"})
    taken(owner, row, note="секрет")

    written = " ".join(str(facts) for facts in AuditEntry.objects.values_list("facts", flat=True))

    assert not any(word in written for word in ("Анна", "секрет", "916"))


def test_reads_of_the_page_ask_the_database_as_often_as_they_say(django_assert_num_queries):
    owner, head = ivan(), head_of_sales()
    row = full_history(owner, head)
    mine, everything = sight_of(owner, on=TODAY), sight_of(head, on=TODAY)

    with django_assert_num_queries(13):
        dossier_of(row.pk, sight=mine, on=TODAY, policy=POLICY)
    with django_assert_num_queries(13):
        dossier_of(row.pk, sight=everything, on=TODAY, policy=POLICY)
    with django_assert_num_queries(10):
        history_of(row.pk, sight=mine, zone=MOSCOW)
    with django_assert_num_queries(4):
        people_seen(row.pk, sight=mine)
    with django_assert_num_queries(2):
        notes_seen(row.pk, sight=mine)
    with django_assert_num_queries(2):
        promises_to_ask(row.pk, sight=mine)


def test_the_whole_page_is_drawn_with_a_steady_number_of_queries(django_assert_max_num_queries):
    owner = ivan()
    row = full_history(owner, head_of_sales())
    for number in range(30):
        bought(row, f"гайка М{number}", on=TODAY - timedelta(days=number))
        add_person(client_id=row.pk, told=PersonTold(name=f"Анна {number}"), phone=None, by=owner, now=LATER, on=TODAY)
    visitor = at_work(owner)

    with django_assert_max_num_queries(36):
        visitor.get(f"/clients/{row.pk}/")
