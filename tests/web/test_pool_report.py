"""The pool as a store: every figure recounted row by row, and the neglected backlog set out in portions."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
import time_machine
from django.test import Client as Browser

from budilnik.calling.models import Call
from budilnik.calling.queries.backlog import backlog_of, neglected, preview_portions
from budilnik.calling.queries.losers import losers_of
from budilnik.calling.queries.pool_flow import WAYS, pool_flow
from budilnik.clients.models import Client, Loss, PoolEntry, Tenure
from budilnik.core.coverage import Stretch
from budilnik.core.dates import add_months
from budilnik.core.ownership import Away, Held, blame
from budilnik.core.terms import Role
from budilnik.staff.models import Absence, AuditEntry, Employee
from cast import NOW, POLICY, TODAY, client, employee, head_of_sales, ivan, olga, pavel, pool_client

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SUMMER = Stretch(first=date(2026, 6, 1), last=date(2026, 8, 31))
PLACES = ("pool/", "pool/losers/", "pool/backlog/")


@pytest.fixture(autouse=True)
def ten_in_the_morning():
    with time_machine.travel(NOW, tick=False):
        yield


def page(who: Employee, place: str, *, status: int = 200):
    browser = Browser()
    browser.force_login(who)
    answer = browser.get(f"/reports/{place}")
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer


def a_year_of_the_pool() -> None:
    """Stays of a year that ended in every way, or did not end; some clients were archived meanwhile."""
    dice, people = Random(3), [ivan(), olga()]
    for number in range(120):
        entered = date(2026, 1, 1) + timedelta(days=dice.randrange(250))
        row = client(f"ООО «Пул {number}»", silent_since=date(2025, 6, 1), in_pool_since=entered, phones=())
        how, left = dice.choice(["", "", "won_back", "order", "given", "imported", "late_evidence", "merged"]), None
        if how:
            left = entered + timedelta(days=dice.randrange(1, 60))
            Client.objects.filter(pk=row.pk).update(in_pool_since=None)
        elif number % 5 == 0:
            Client.objects.filter(pk=row.pk).update(archived_on=entered + timedelta(days=dice.randrange(1, 60)))
        PoolEntry.objects.create(client=row, entered_on=entered, left_on=left, why_left=how)
        if how == "won_back" and left:
            Tenure.objects.create(client=row, employee=dice.choice(people), from_on=left, why_from="won_back")


def gone_on(stay: PoolEntry) -> tuple[date | None, str]:
    """When and how a stay ended, an archived client's among them."""
    if stay.left_on:
        return stay.left_on, stay.why_left if stay.why_left in WAYS else "given"
    return stay.client.archived_on, "archived"


def test_each_month_counts_who_came_who_went_how_and_who_was_left():
    a_year_of_the_pool()

    told = pool_flow(within=SUMMER, on=TODAY, callers=frozenset())

    stays = list(PoolEntry.objects.select_related("client"))
    assert [month.month for month in told.months] == [date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)]
    for month in told.months:
        ends = add_months(month.month, 1)
        assert month.entered == sum(month.month <= stay.entered_on < ends for stay in stays)
        went = Counter(how for day, how in map(gone_on, stays) if day and month.month <= day < ends)
        assert dict(zip(WAYS, month.left, strict=True)) == {way: went[way] for way in WAYS}
        still = [stay for stay in stays if stay.entered_on < ends and (gone_on(stay)[0] or date.max) >= ends]
        assert month.stock == len(still)


def test_the_won_back_are_counted_by_who_won_them():
    a_year_of_the_pool()

    told = pool_flow(within=SUMMER, on=TODAY, callers=frozenset())

    won = Counter(
        each.employee.name
        for each in Tenure.objects.all()
        if each.why_from == "won_back" and SUMMER.first <= each.from_on <= SUMMER.last
    )
    assert {line.name: line.clients for line in told.won} == dict(won)
    assert sum(won.values()) == sum(month.left[WAYS.index("won_back")] for month in told.months)


def test_the_reason_is_that_of_the_loss_or_of_the_last_refusal():
    loser = ivan()
    written, refused, silent, twice = (pool_client(f"ООО «{n}»", lost_by=loser) for n in "АБВГ")
    Loss.objects.filter(client=written).update(reason="quality")
    for row, reason, days in (
        (written, "price", 9),
        (refused, "delivery", 9),
        (twice, "price", 9),
        (twice, "closed", 2),
    ):
        Call.objects.create(
            client=row,
            at=NOW - timedelta(days=days),
            direction="out",
            disposition="answered",
            outcome="refused",
            loss_reason=reason,
        )

    told = pool_flow(within=SUMMER, on=TODAY, callers=frozenset())

    assert {line.code: line.clients for line in told.reasons} == {"quality": 1, "delivery": 1, "closed": 1, "": 1}
    assert told.reasons[-1].code == ""
    assert silent.in_pool_since


def test_the_flow_of_the_pool_takes_ten_queries(django_assert_num_queries):
    a_year_of_the_pool()

    with django_assert_num_queries(10):
        pool_flow(within=SUMMER, on=TODAY, callers=frozenset())


def losses_of_a_summer() -> None:
    """Clients who changed hands while they were silent; absences of some; losses of the first morning; void ones."""
    dice, people = Random(8), [ivan(), olga(), pavel()]
    Absence.objects.create(employee=people[0], from_on=date(2026, 2, 1), until_on=date(2026, 4, 30))
    Absence.objects.create(employee=people[1], from_on=date(2026, 3, 15), until_on=date(2026, 5, 10))
    for number in range(80):
        since = date(2025, 12, 1) + timedelta(days=dice.randrange(60))
        lost_on = since + timedelta(days=182 + dice.randrange(30))
        row = client(f"ООО «Молчун {number}»", silent_since=since, in_pool_since=lost_on, value=number * 100, phones=())
        first = since - timedelta(days=20)
        for turn in range(dice.randrange(0, 3)):
            until = first + timedelta(days=dice.randrange(30, 150))
            Tenure.objects.create(
                client=row, employee=people[(number + turn) % 3], from_on=first, until_on=until, why_from="first"
            )
            first = until
        last = people[(number + 2) % 3]
        Tenure.objects.create(client=row, employee=last, from_on=first, until_on=lost_on, why_from="first")
        Loss.objects.create(
            client=row,
            employee=last,
            on=lost_on,
            silent_since=since,
            initial=number % 7 == 0,
            recorded_at=NOW,
            voided_at=NOW if number % 11 == 0 else None,
        )


def test_the_one_who_held_the_client_most_of_the_silent_time_is_blamed_not_the_last_owner():
    losses_of_a_summer()

    told = losers_of(within=SUMMER)

    lost, blamed, initial, worth = Counter(), Counter(), Counter(), Counter()
    absences = [Away(employee_id=a.employee_id, from_on=a.from_on, until_on=a.until_on) for a in Absence.objects.all()]
    for loss in Loss.objects.select_related("client"):
        if loss.voided_at or not SUMMER.first <= loss.on <= SUMMER.last:
            continue
        if loss.initial:
            initial[loss.employee_id] += 1
            continue
        lost[loss.employee_id] += 1
        held = [
            Held(employee_id=t.employee_id, from_on=t.from_on, until_on=t.until_on)
            for t in Tenure.objects.filter(client=loss.client)
        ]
        whose = blame(held, silent_from=loss.silent_since, lost_on=loss.on, absences=absences)
        blamed[whose] += 1
        worth[whose] += loss.client.value
    assert {line.employee_id: line.lost for line in told.lines if line.lost} == dict(lost)
    assert {line.employee_id: line.blamed for line in told.lines if line.blamed} == {
        who: many for who, many in blamed.items() if who
    }
    assert {line.employee_id: line.blamed_value for line in told.lines} == {
        line.employee_id: worth[line.employee_id] for line in told.lines
    }
    assert {line.employee_id: line.initial for line in told.lines if line.initial} == dict(initial)
    assert told.nobodys == blamed[None]
    assert dict(lost) != dict(blamed)


def test_who_was_away_all_the_silent_time_is_not_blamed():
    loser = ivan()
    Absence.objects.create(employee=loser, from_on=date(2025, 1, 1), until_on=date(2026, 12, 31))
    row = pool_client(lost_by=loser)
    Tenure.objects.create(client=row, employee=loser, from_on=date(2025, 1, 1), until_on=date(2026, 7, 13))

    told = losers_of(within=SUMMER)

    assert [(line.lost, line.blamed) for line in told.lines] == [(1, 0)]
    assert told.nobodys == 1


def test_who_lost_whom_takes_five_queries(django_assert_num_queries):
    losses_of_a_summer()

    with django_assert_num_queries(5):
        losers_of(within=SUMMER)


def a_backlog(owner: Employee, *, many: int = 7) -> list[Client]:
    """Owned clients whose silence has run out, the later ones longer silent; one protected, one with a date named."""
    rows = [
        client(f"ООО «Забытый {n}»", owner=owner, silent_since=date(2026, 2, 1) - timedelta(days=n), phones=())
        for n in range(many + 2)
    ]
    Client.objects.filter(pk=rows[-1].pk).update(protected=True)
    Client.objects.filter(pk=rows[-2].pk).update(agreed_until=TODAY)
    client("ООО «Помнят»", owner=owner, silent_since=date(2026, 8, 1), phones=())
    Client.objects.filter(owner=owner).update(status="forgotten")
    return rows[:many]


def test_the_backlog_is_who_would_be_lost_by_the_rule_of_status():
    rows = a_backlog(ivan())

    found = neglected(on=TODAY, policy=POLICY)

    assert {each.client_id for each in found} == {row.pk for row in rows}


def test_six_months_to_the_day_are_not_yet_a_backlog():
    owner = ivan()
    client("ООО «Последний день»", owner=owner, silent_since=date(2026, 3, 15), phones=())
    late = client("ООО «Вчера»", owner=owner, silent_since=date(2026, 3, 14), phones=())

    assert [each.client_id for each in neglected(on=TODAY, policy=POLICY)] == [late.pk]


def test_what_the_preview_shows_is_what_is_set_and_then_what_is_left():
    boss, owner = head_of_sales(), ivan()
    rows = a_backlog(owner)
    browser = Browser()
    browser.force_login(boss)

    shown = preview_portions(per_day=3, on=TODAY, policy=POLICY)
    before = backlog_of(on=TODAY, policy=POLICY)
    said = browser.get("/reports/pool/backlog/?per_day=3").content.decode()
    answer = browser.post("/reports/pool/backlog/set/", {"per_day": "3"})

    assert [each.clients for each in shown] == [3, 3, 1]
    assert (before.left, before.waiting) == (0, 7)
    assert all(f"{each.on:%d.%m.%Y}" in said for each in shown)
    assert answer.status_code == 302
    after = backlog_of(on=TODAY, policy=POLICY)
    days = Counter(Client.objects.filter(pk__in=[row.pk for row in rows]).values_list("grace_until", flat=True))
    assert {each.on: each.clients for each in after.portions} == dict(days)
    assert after.portions == shown
    assert (after.left, after.waiting, after.until) == (7, 0, max(days))
    assert AuditEntry.objects.filter(action="backlog_spread", by=boss).count() == 1


def test_one_given_out_of_the_pool_has_a_grace_and_is_no_backlog():
    owner = ivan()
    row = client("ООО «Отдан»", owner=owner, silent_since=date(2026, 1, 12), phones=())
    Client.objects.filter(pk=row.pk).update(status="forgotten", grace_until=TODAY + timedelta(days=9))
    PoolEntry.objects.create(client=row, entered_on=date(2026, 7, 13), left_on=TODAY, why_left="given")

    assert backlog_of(on=TODAY, policy=POLICY).left == 0


def test_a_director_sees_the_backlog_and_only_the_head_sets_its_days():
    a_backlog(ivan())
    director = employee("boss", "Директор", role=Role.DIRECTOR)
    browser = Browser()
    browser.force_login(director)

    said = page(director, "pool/backlog/?per_day=3").content.decode()
    answer = browser.post("/reports/pool/backlog/set/", {"per_day": "3"})

    assert "Назначить эти дни" not in said
    assert answer.status_code == 403
    assert not Client.objects.exclude(grace_until=None).exists()


def test_a_portion_of_nothing_is_refused_in_a_sentence():
    a_backlog(ivan())
    browser = Browser()
    browser.force_login(head_of_sales())

    answer = browser.post("/reports/pool/backlog/set/", {"per_day": "0"})

    assert "Порция 0 не годится" in answer.content.decode()


def test_the_backlog_takes_two_queries(django_assert_num_queries):
    a_backlog(ivan())

    with django_assert_num_queries(2):
        backlog_of(on=TODAY, policy=POLICY)


@pytest.mark.parametrize("place", PLACES)
def test_the_pages_are_for_the_head_and_the_director(place):
    a_year_of_the_pool()

    page(head_of_sales(), place)
    page(employee("boss", "Директор", role=Role.DIRECTOR), place)
    page(employee("petr", "Пётр", role=Role.MANAGER), place, status=403)


@pytest.mark.parametrize("place", PLACES)
def test_each_page_leaves_as_a_file(place):
    losses_of_a_summer()

    answer = page(head_of_sales(), f"{place}?format=xlsx")

    assert answer.content[:2] == b"PK"
    assert AuditEntry.objects.filter(action="exported").count() == 1


def test_the_stock_by_state_is_that_of_the_list_of_the_pool():
    loser = ivan()
    olga()
    rows = [pool_client(f"ООО «{n}»", lost_by=loser) for n in range(4)]
    PoolEntry.objects.filter(client=rows[0]).update(held_out_until=TODAY + timedelta(days=1))
    PoolEntry.objects.filter(client=rows[1]).update(rest_until=TODAY + timedelta(days=1))

    told = page(head_of_sales(), "pool/").context["told"]

    assert {state.value: number for state, number in told.stock.items() if number} == {
        "held_out": 1,
        "resting": 1,
        "free": 2,
    }
