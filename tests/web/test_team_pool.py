"""The pool on the head's pages: why each client waits, locks lifted, the exhausted given, taken or archived."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser

from budilnik.calling.queries.pool import AT_ONCE, PoolState
from budilnik.clients.models import Client, Loss
from budilnik.clients.queries.base import count_exhausted, locks_of
from budilnik.core.terms import LossReason
from budilnik.staff.models import AuditEntry
from cast import LATER, TODAY, TOMORROW, client, head_of_sales, ivan, lock, olga, pavel, pool_client

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def _half_past_ten_in_moscow():
    with time_machine.travel(LATER, tick=False):
        yield


def at_work(who) -> Browser:
    browser = Browser()
    browser.force_login(who)
    return browser


@pytest.fixture
def a_pool():
    """One client of each state; Ivan and Olga call the pool."""
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    rows = {state: pool_client(f"ООО «{state.name}»", lost_by=manager) for state in PoolState}
    lock(rows[PoolState.EXHAUSTED], colleague)
    Client.objects.filter(pk=rows[PoolState.EXHAUSTED].pk).update(stopped_on=TODAY)
    Client.objects.filter(pk=rows[PoolState.STOPPED].pk).update(stopped_on=TODAY)
    Client.objects.filter(pk=rows[PoolState.NO_NUMBER].pk).update(phone_state="wrong")
    Client.objects.filter(pk=rows[PoolState.PAUSED].pk).update(paused_until=TOMORROW)
    rows[PoolState.RESERVED].pool_entries.update(reserved_for=colleague, reserved_until=TODAY)
    rows[PoolState.HELD_OUT].pool_entries.update(held_out_until=TOMORROW)
    rows[PoolState.RESTING].pool_entries.update(rest_until=TOMORROW)
    rows[PoolState.FREE].pool_entries.update(rest_until=TODAY, reserved_until=YESTERDAY)
    archived = pool_client("ООО «Архив»", lost_by=manager)
    Client.objects.filter(pk=archived.pk).update(archived_on=TODAY)
    client("ООО «Свой»", owner=manager)
    return rows, manager, colleague, boss


def test_every_client_of_the_pool_is_counted_under_one_state(a_pool):
    rows, _manager, _colleague, boss = a_pool

    shown = at_work(boss).get("/team/pool/").context["pool"]

    assert shown.counts == dict.fromkeys(PoolState, 1)
    assert {line.state: line.client_id for line in shown.lines} == {state: row.pk for state, row in rows.items()}
    until = {line.state: line.until for line in shown.lines}
    assert (until[PoolState.RESERVED], until[PoolState.RESTING], until[PoolState.PAUSED]) == (TODAY, TOMORROW, TOMORROW)


def test_the_dearest_come_first_fifty_at_once(a_pool):
    manager, boss = a_pool[1], a_pool[3]
    for number in range(AT_ONCE):
        pool_client(f"ООО «Трос-{number}»", lost_by=manager, value=number)
    browser = at_work(boss)

    first, second = (browser.get(f"/team/pool/?page={page}").context["pool"] for page in (1, 2))

    values = [line.value for line in (*first.lines, *second.lines)]
    assert (len(first.lines), first.has_next, second.has_next) == (AT_ONCE, True, False)
    assert values == sorted(values, reverse=True) and len(values) == first.found == AT_ONCE + len(PoolState)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("text=resting", {"ООО «RESTING»"}),
        ("state=free", {"ООО «FREE»"}),
        ("state=nonsense&page=x", {f"ООО «{state.name}»" for state in PoolState}),
    ],
)
def test_the_pool_is_looked_through_by_name_and_state(asked, found, a_pool):
    shown = at_work(a_pool[3]).get(f"/team/pool/?{asked}").context["pool"]

    assert {line.name for line in shown.lines} == found


def test_the_pool_is_looked_through_by_who_lost_it(a_pool):
    rows, _manager, colleague, boss = a_pool

    shown = at_work(boss).get(f"/team/pool/?loser={colleague.pk}").context["pool"]

    assert [line.client_id for line in shown.lines] == [rows[PoolState.EXHAUSTED].pk]


def test_who_lost_a_client_when_and_with_which_refusal_is_told(a_pool):
    rows, manager, _colleague, boss = a_pool
    lost = rows[PoolState.FREE]
    Loss.objects.filter(client=lost).update(reason=LossReason.PRICE.value, initial=True)

    shown = at_work(boss).get("/team/pool/?state=free")

    loss = shown.context["pool"].lines[0].losses[0]
    assert (loss.name, loss.reason, loss.initial, loss.locks) == (manager.name, "price", True, True)
    assert "первый запуск" in shown.content.decode()


def test_the_head_lifts_the_locks_of_those_ticked_for_one_employee(a_pool):
    rows, manager, colleague, boss = a_pool
    ticked = [rows[PoolState.EXHAUSTED].pk, rows[PoolState.FREE].pk]

    answer = at_work(boss).post(
        "/team/pool/locks/", {"client": ticked, "employee": manager.pk, "why": "новый прайс, пробуем снова"}
    )

    assert answer.url == "/team/pool/"
    assert locks_of(ticked) == {ticked[0]: frozenset({colleague.pk})}
    assert AuditEntry.objects.filter(action="lock_lifted", by=boss).count() == 2


@pytest.mark.parametrize(
    "sent",
    [{"why": "без клиентов"}, {"client": "1", "why": " "}, {"client": "x", "why": "нечисло"}],
    ids=["nobody ticked", "no reason", "no number"],
)
def test_locks_are_not_lifted_by_a_form_half_filled(sent, a_pool):
    answer = at_work(a_pool[3]).post("/team/pool/locks/", sent)

    assert answer.status_code == 422
    assert not Loss.objects.exclude(lifted_at=None).exists()


def test_the_exhausted_are_those_whom_every_caller_has_lost(a_pool):
    rows, manager, colleague, boss = a_pool
    browser = at_work(boss)

    shown = browser.get("/team/exhausted/").context["pool"]
    callers = frozenset({manager.pk, colleague.pk})

    assert [line.client_id for line in shown.lines] == [rows[PoolState.EXHAUSTED].pk]
    assert shown.found == count_exhausted(callers)


def test_a_newcomer_takes_a_client_off_the_list_of_the_exhausted(a_pool):
    pavel()

    assert at_work(a_pool[3]).get("/team/exhausted/").context["pool"].found == 0


def exhausted(manager, colleague, *names):
    rows = [pool_client(f"ООО «{name}»", lost_by=manager) for name in names]
    for row in rows:
        lock(row, colleague)
    return rows


def test_exhausted_clients_are_given_with_the_lock_lifted_and_a_reason():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    rows = exhausted(manager, colleague, "Болт", "Трос")
    sent = {"act": "give", "client": [row.pk for row in rows], "employee": colleague.pk}
    browser = at_work(boss)

    unsaid = browser.post("/team/exhausted/decide/", sent | {"why": ""})
    before = set(Client.objects.values_list("owner", flat=True))
    browser.post("/team/exhausted/decide/", sent | {"why": "Ольга знает их директора"})

    assert (unsaid.status_code, before) == (422, {None})
    assert set(Client.objects.values_list("owner", "in_pool_since")) == {(colleague.pk, None)}
    assert set(Loss.objects.filter(employee=colleague).values_list("lifted_why", flat=True)) == {
        "Ольга знает их директора"
    }
    assert not Loss.objects.filter(employee=manager).exclude(lifted_at=None).exists()


def test_the_head_takes_an_exhausted_client_himself():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    (row,) = exhausted(manager, colleague, "Болт")

    at_work(boss).post("/team/exhausted/decide/", {"act": "take", "client": row.pk})

    row.refresh_from_db()
    assert (row.owner, row.in_pool_since) == (boss, None)


def test_exhausted_clients_are_archived_for_a_coded_reason_and_taken_back():
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    (row,) = exhausted(manager, colleague, "Болт")
    browser = at_work(boss)

    unsaid = browser.post("/team/exhausted/decide/", {"act": "archive", "client": row.pk})
    browser.post("/team/exhausted/decide/", {"act": "archive", "client": row.pk, "reason": "own_production"})
    gone = browser.get("/team/exhausted/").context
    browser.post(f"/team/archive/{row.pk}/restore/")
    back = browser.get("/team/exhausted/").context

    assert unsaid.status_code == 422
    assert [(line.client_id, line.why, line.by) for line in gone["archived"]] == [(row.pk, "own_production", boss.name)]
    assert (gone["pool"].found, back["pool"].found, back["archived"]) == (0, 1, ())


@pytest.mark.parametrize(
    "sent", [{}, {"act": "drop", "client": "1"}, {"act": "give", "client": "1", "why": "так надо"}]
)
def test_nothing_happens_to_exhausted_clients_by_a_form_half_filled(sent):
    manager, colleague, boss = ivan(), olga(), head_of_sales()
    (row,) = exhausted(manager, colleague, "Болт")

    answer = at_work(boss).post("/team/exhausted/decide/", sent)

    row.refresh_from_db()
    assert answer.status_code == 422
    assert (row.owner, row.archived_on) == (None, None)


def test_who_is_not_there_is_not_taken_back():
    assert at_work(head_of_sales()).post("/team/archive/999/restore/").status_code == 404


def test_a_protected_client_shows_how_long_he_has_and_is_red_a_week_before():
    manager, boss = ivan(), head_of_sales()
    week, longer, over = (
        client(f"ООО «{name}»", owner=manager, silent_since=since)
        for name, since in (
            ("Неделя", TODAY.replace(month=3, day=22)),
            ("Дольше", TODAY.replace(month=3, day=23)),
            ("Вышел", TODAY.replace(month=1, day=12)),
        )
    )
    Client.objects.update(protected=True)

    shown = at_work(boss).get("/team/protected/").context["guarded"]

    assert [(line.client_id, line.days_left, line.near) for line in shown] == [
        (over.pk, -65, True),
        (week.pk, 7, True),
        (longer.pk, 8, False),
    ]


def test_the_head_finds_a_client_by_name_and_protects_him():
    manager, boss = ivan(), head_of_sales()
    bolt_service, lost = client(owner=manager), pool_client("ООО «Болт-пул»", lost_by=manager)
    browser = at_work(boss)

    found = browser.get("/team/protected/?text=БОЛТ").context["found"]
    browser.post(f"/team/protected/{bolt_service.pk}/", {"protected": "1"})
    kept = [line.client_id for line in browser.get("/team/protected/").context["guarded"]]
    browser.post(f"/team/protected/{bolt_service.pk}/", {"protected": "0"})

    assert [line.client_id for line in found] == [bolt_service.pk] and lost.pk not in kept
    assert kept == [bolt_service.pk]
    assert browser.get("/team/protected/").context["guarded"] == ()
    assert browser.post("/team/protected/999/", {"protected": "1"}).status_code == 404
