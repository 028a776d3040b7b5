"""Absences, a leaver, matters, a client given by hand: on the head's pages."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser

from budilnik.calling.actions.calls import client_answered, record_call
from budilnik.calling.models import Callback, HeadMatter
from budilnik.clients.models import Client, Loss
from budilnik.core.outcomes import Said
from budilnik.core.terms import Direction, Outcome
from budilnik.staff.models import Absence, Employee
from cast import (
    LATER,
    NOW,
    ORDERED,
    REFUSED,
    TODAY,
    TOMORROW,
    client,
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
FRIDAY = TODAY + timedelta(days=3)
PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _half_past_ten_in_moscow():
    with time_machine.travel(LATER, tick=False):
        yield


def at_work(who) -> Browser:
    browser = Browser()
    browser.force_login(who)
    return browser


def absence_of(who, *, from_on=TODAY, until_on=FRIDAY, substitute=""):
    return {"employee": who.pk, "from_on": from_on, "until_on": until_on, "substitute": substitute}


def test_what_an_absence_would_move_is_told_while_the_form_is_filled():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    own = client(owner=manager)
    task(own, manager)
    task(client("ООО «Слово»", owner=manager), manager, callback=promise(own, manager))
    task(pool_client("ООО «Пул»", lost_by=colleague), manager)
    promise(own, manager, on=FRIDAY + timedelta(days=5))
    browser = at_work(boss)

    today = browser.get("/team/absences/moves/", absence_of(manager)).context["moves"]
    later = browser.get("/team/absences/moves/", absence_of(manager, from_on=TOMORROW)).context["moves"]
    unsaid = browser.get("/team/absences/moves/", {"employee": manager.pk}).context["moves"]

    assert (today.promises, today.promised, today.own, today.pool) == (1, 1, 1, 1)
    assert (later.promises, later.calls) == (0, 0)
    assert unsaid is None


def test_an_absence_is_noted_and_the_promises_pass_to_the_substitute():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    promised = promise(client(owner=manager), manager, on=TOMORROW)
    browser = at_work(boss)

    browser.post("/team/absences/note/", absence_of(manager, substitute=colleague.pk))
    line = browser.get("/team/absences/").context["absences"][0]

    promised.refresh_from_db()
    assert promised.employee == colleague
    assert (line.name, line.substitute, line.until_on, line.now) == (manager.name, colleague.name, FRIDAY, True)


def test_the_same_absence_sent_twice_is_noted_once():
    manager, boss = ivan(), head_of_sales()
    browser = at_work(boss)

    answers = [browser.post("/team/absences/note/", absence_of(manager)).status_code for _ in range(2)]

    assert answers == [302, 422]
    assert Absence.objects.count() == 1


@pytest.mark.parametrize(
    "change", [{"employee": ""}, {"employee": "999"}, {"from_on": "31.02"}, {"until_on": "2026-02-31"}]
)
def test_an_absence_half_written_is_not_noted(change):
    manager, boss = ivan(), head_of_sales()

    answer = at_work(boss).post("/team/absences/note/", absence_of(manager) | change)

    assert answer.status_code in (404, 422)
    assert not Absence.objects.exists()


def test_an_absence_is_ended_today_and_one_to_come_is_taken_back():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    promised = promise(client(owner=manager), manager, on=TOMORROW)
    browser = at_work(boss)
    browser.post(
        "/team/absences/note/", absence_of(manager, from_on=TODAY - timedelta(days=1), substitute=colleague.pk)
    )
    browser.post("/team/absences/note/", absence_of(colleague, from_on=TOMORROW))
    ongoing, coming = Absence.objects.order_by("from_on")

    browser.post(f"/team/absences/{ongoing.pk}/", {"back_on": TODAY})
    browser.post(f"/team/absences/{coming.pk}/", {"back_on": TOMORROW})

    promised.refresh_from_db()
    assert promised.employee == manager
    assert list(Absence.objects.values_list("pk", "until_on")) == [(ongoing.pk, TODAY - timedelta(days=1))]


def test_a_leaver_is_looked_at_and_let_go():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    rows = [client(f"ООО «Болт-{number}»", owner=manager) for number in range(3)]
    browser = at_work(boss)

    preview = browser.get(f"/team/leaver/?employee={manager.pk}").context["preview"]
    answer = browser.post("/team/leaver/", {"employee": manager.pk, "seen": preview.digest})

    assert [(each.name, each.clients) for each in preview.receivers] == [(colleague.name, 3)]
    assert answer.url == "/team/"
    assert set(Client.objects.filter(pk__in=[row.pk for row in rows]).values_list("owner", flat=True)) == {colleague.pk}
    assert Employee.objects.get(pk=manager.pk).left_on == TODAY


def test_a_preview_that_is_no_longer_true_is_shown_anew_and_nobody_goes():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    client(owner=manager)
    browser = at_work(boss)
    old = browser.get(f"/team/leaver/?employee={manager.pk}").context["preview"]
    client("ООО «Новый»", owner=manager)

    answer = browser.post("/team/leaver/", {"employee": manager.pk, "seen": old.digest}, headers=PART)
    fresh = answer.context["preview"]
    again = browser.post("/team/leaver/", {"employee": manager.pk, "seen": fresh.digest}, headers=PART)

    assert answer.status_code == 409 and "данные изменились" in answer.content.decode()
    assert answer.content.decode().strip().startswith('<div id="preview">')
    assert (fresh.clients, again.headers["HX-Redirect"]) == (2, "/team/")
    assert Client.objects.filter(owner=colleague).count() == 2


def test_nobody_is_let_go_unseen():
    manager, boss = ivan(), head_of_sales()

    answer = at_work(boss).post("/team/leaver/", {"employee": manager.pk})

    assert answer.status_code == 409
    assert Employee.objects.get(pk=manager.pk).left_on is None


def test_the_head_does_not_let_himself_go_by_this_page():
    boss = head_of_sales()
    manager = ivan()

    people = at_work(boss).get("/team/leaver/").context["people"]

    assert [each.employee_id for each in people] == [manager.pk]


def test_a_client_is_given_by_hand_from_any_page():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    bolt_service = client(owner=manager)
    promised = promise(bolt_service, manager, on=FRIDAY)
    browser = at_work(boss)

    form = browser.get(f"/team/give/?client_id={bolt_service.pk}")
    answer = browser.post("/team/give/", {"client_id": bolt_service.pk, "employee": colleague.pk})

    promised.refresh_from_db()
    assert form.status_code == 200 and bolt_service.name in form.content.decode()
    assert answer.url == f"/clients/{bolt_service.pk}/"
    assert (Client.objects.get(pk=bolt_service.pk).owner, promised.employee) == (colleague, colleague)


def test_who_lost_a_client_gets_him_only_with_the_lock_lifted_and_a_reason():
    manager, boss = ivan(), head_of_sales()
    lost = pool_client(lost_by=manager)
    browser = at_work(boss)
    sent = {"client_id": lost.pk, "employee": manager.pk, "next": "/team/pool/"}

    refused = browser.post("/team/give/", sent, headers=PART)
    unsaid = browser.post("/team/give/", sent | {"lift": "1", "why": " "})
    given = browser.post("/team/give/", sent | {"lift": "1", "why": "клиент просит его"})

    page = refused.content.decode()
    assert refused.status_code == 409 and "Снять запрет" in page and 'name="why"' in page
    assert unsaid.status_code == 422
    assert given.url == "/team/pool/"
    assert Client.objects.get(pk=lost.pk).owner == manager
    assert Loss.objects.get().lifted_why == "клиент просит его"


def test_the_way_back_leads_nowhere_else():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    bolt_service = client(owner=manager)
    sent = {"client_id": bolt_service.pk, "employee": colleague.pk, "next": "https://example.com/"}

    answer = at_work(boss).post("/team/give/", sent)

    assert answer.url == f"/clients/{bolt_service.pk}/"


def test_a_client_that_is_not_there_is_given_to_nobody():
    assert at_work(head_of_sales()).get("/team/give/?client_id=999").status_code == 404


@pytest.fixture
def matters_of_a_morning():
    """A stop, a closed firm, a third refusal, a client won over by the one who lost him."""
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    pavel()
    plan(colleague)
    stopped, closed, refuses = (client(f"ООО «{name}»", owner=manager) for name in ("Стоп", "Закрыт", "Отказ"))
    lost = pool_client("ООО «Пул»", lost_by=manager)
    Client.objects.filter(pk=refuses.pk).update(refusals_in_row=2)
    told = [
        (stopped, Outcome.STOP, Said(confirmed=True, number="+74951234567", note="просят убрать из базы")),
        (closed, Outcome.CLOSED, Said(confirmed=True)),
        (refuses, Outcome.REFUSED, REFUSED),
    ]
    for row, outcome, said in told:
        record_call(task_id=task(row, manager).pk, outcome=outcome, said=said, by=manager, now=NOW, on=TODAY)
    for _ in range(2):
        client_answered(
            client_id=lost.pk,
            outcome=Outcome.ORDER,
            said=ORDERED,
            by=manager,
            direction=Direction.IN,
            now=NOW,
            on=TODAY,
        )
    return {"stop": stopped, "closed": closed, "refused": refuses, "not_his_to_win": lost}, manager, colleague, boss


def number_of(kind):
    return HeadMatter.objects.filter(kind=kind).latest("pk").pk


def test_what_waits_is_listed_with_its_call_and_counted_once_however_often_asked(matters_of_a_morning):
    rows, manager, _colleague, boss = matters_of_a_morning

    page = at_work(boss).get("/team/matters/")

    told = {matter.kind: matter for matter in page.context["matters"]}
    assert {kind: matter.client_id for kind, matter in told.items()} == {kind: row.pk for kind, row in rows.items()}
    assert (told["stop"].number, told["stop"].note) == ("+74951234567", "просят убрать из базы")
    assert (told["refused"].loss_reason, told["refused"].owner) == ("price", manager.name)
    assert (told["closed"].archived, told["not_his_to_win"].in_pool) == (True, True)
    assert (told["not_his_to_win"].asked, page.context["waiting"]) == (2, 4)


DECIDED = [
    ("stop", "confirmed", {}),
    ("stop", "lifted", {}),
    ("closed", "confirmed", {}),
    ("closed", "reopened", {}),
    ("refused", "kept", {}),
    ("refused", "given", {"to": "Ольга Сергеева"}),
    ("not_his_to_win", "left", {}),
    ("not_his_to_win", "given", {"to": "Ольга Сергеева"}),
    ("not_his_to_win", "given_back", {"why": "клиент просит его"}),
]


@pytest.mark.parametrize(("kind", "decision", "facts"), DECIDED)
def test_each_matter_is_decided_on_the_page_and_stands_among_the_decided(kind, decision, facts, matters_of_a_morning):
    boss = matters_of_a_morning[3]
    browser = at_work(boss)
    sent = {"decision": decision} | facts
    if "to" in facts:
        sent["to"] = Employee.objects.get(name=facts["to"]).pk

    answer = browser.post(f"/team/matters/{number_of(kind)}/", sent)
    page = browser.get("/team/matters/")

    assert answer.status_code == 302
    assert kind not in {matter.kind for matter in page.context["matters"]}
    assert {matter.decision for matter in page.context["settled"]} == {decision}
    assert page.context["waiting"] == 3


def test_a_matter_is_decided_once_and_the_second_is_told(matters_of_a_morning):
    boss = matters_of_a_morning[3]
    browser, number = at_work(boss), number_of("stop")

    answers = [
        browser.post(f"/team/matters/{number}/", {"decision": decision}) for decision in ("confirmed", "lifted", "x")
    ]

    assert [answer.status_code for answer in answers] == [302, 409, 422]
    assert HeadMatter.objects.get(pk=number).decision == "confirmed"


def test_what_something_else_has_settled_is_not_offered(matters_of_a_morning):
    rows, _manager, colleague, boss = matters_of_a_morning
    Client.objects.filter(pk=rows["closed"].pk).update(archived_on=None)
    Client.objects.filter(pk=rows["not_his_to_win"].pk).update(owner=colleague, in_pool_since=None, status="regular")

    told = {matter.kind: matter.open_ways for matter in at_work(boss).get("/team/matters/").context["matters"]}

    assert told["closed"] == {"confirmed"}
    assert told["not_his_to_win"] == {"given", "left"}


def test_promises_of_a_lifted_stop_stand_again(matters_of_a_morning):
    rows, manager, _colleague, boss = matters_of_a_morning
    promised = promise(rows["stop"], manager, on=FRIDAY)
    Callback.objects.filter(pk=promised.pk).update(ended_at=NOW, end="stopped")

    at_work(boss).post(f"/team/matters/{number_of('stop')}/", {"decision": "lifted"})

    assert Callback.objects.get(pk=promised.pk).ended_at is None
