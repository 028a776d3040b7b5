"""Status flows and money: what goes in and out adds up, month by month and client by client."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db.models import Sum

from budilnik.calling.queries.flows import status_flows
from budilnik.calling.queries.revenue import base_at_risk, revenue_by_month
from budilnik.clients.models import Client, Loss, StatusChange, Tenure
from budilnik.core.coverage import Stretch
from budilnik.core.dates import add_months
from budilnik.sales.models import Order
from cast import NOW, POLICY, TODAY, buys, client, ivan, olga, pool_client

pytestmark = [pytest.mark.django_db, pytest.mark.database]

AUGUST = Stretch(first=date(2026, 8, 1), last=date(2026, 8, 31))
COURSES = (
    (),
    (("regular", "forgotten", date(2026, 7, 31)),),
    (("regular", "forgotten", date(2026, 8, 1)),),
    (("regular", "forgotten", date(2026, 8, 3)), ("forgotten", "regular", date(2026, 8, 20))),
    (("regular", "forgotten", date(2026, 5, 1)), ("forgotten", "lost", date(2026, 8, 31))),
    (("forgotten", "lost", date(2026, 9, 2)),),
    (("prospect", "regular", date(2026, 8, 15)), ("regular", "forgotten", date(2026, 9, 10))),
)


def a_history() -> list[Client]:
    """Clients who went every way; one came in August, one in September, one was archived in August, one before."""
    himself = ivan()
    rows = []
    for number, steps in enumerate(COURSES * 2):
        row = client(f"К{number}", owner=himself, silent_since=date(2026, 1, 10), value=(number + 1) * 1000, phones=())
        status = steps[-1][1] if steps else "regular"
        known_on = (date(2026, 1, 10), date(2026, 8, 5), date(2026, 9, 1))[0 if number < 10 else number % 3]
        gone = {3: date(2026, 8, 31), 5: date(2026, 7, 31), 6: date(2026, 9, 1)}.get(number)
        Client.objects.filter(pk=row.pk).update(status=status, first_known_on=known_on, archived_on=gone)
        for was, now, on in steps:
            StatusChange.objects.create(
                client=row, from_status=was, to_status=now, on=on, recorded_at=NOW, why="silence"
            )
        rows.append(row)
    return rows


def state(row: Client, day: date, *, evening: bool) -> str:
    """What a client was on the morning or the evening of a day, by walking his changes from the first one on."""
    steps = list(StatusChange.objects.filter(client=row).order_by("on", "pk"))
    found = steps[0].from_status if steps else row.status
    for step in steps:
        if step.on < day or (evening and step.on == day):
            found = step.to_status
    return found


def test_each_cell_holds_the_clients_who_went_that_way():
    a_history()

    flows = status_flows(within=AUGUST)

    expected: Counter[tuple[str, str]] = Counter()
    worth: Counter[tuple[str, str]] = Counter()
    for row in Client.objects.all():
        if row.first_known_on > AUGUST.last or (row.archived_on and row.archived_on < AUGUST.first):
            continue
        came = "new" if row.first_known_on >= AUGUST.first else state(row, AUGUST.first, evening=False)
        gone = row.archived_on is not None and row.archived_on <= AUGUST.last
        ways = (came, "archived" if gone else state(row, AUGUST.last, evening=True))
        expected[ways] += 1
        worth[ways] += row.value
    told = {(cell.before, cell.after): cell.flow for cell in flows.cells if cell.flow.clients}
    assert {way: flow.clients for way, flow in told.items()} == dict(expected)
    assert {way: flow.value for way, flow in told.items()} == dict(worth)
    assert len(told) >= 6


def test_what_was_and_what_came_less_what_went_is_what_is():
    rows = a_history()

    flows = status_flows(within=AUGUST)

    known = [
        r
        for r in Client.objects.filter(first_known_on__lte=AUGUST.last)
        if not (r.archived_on and r.archived_on < AUGUST.first)
    ]
    for row in flows.rows[:4]:
        code = row.before.value
        start = sum(r.first_known_on < AUGUST.first and state(r, AUGUST.first, evening=False) == code for r in known)
        gone = [r for r in known if r.archived_on and r.archived_on <= AUGUST.last]
        end = sum(r not in gone and state(r, AUGUST.last, evening=True) == code for r in known)
        into = sum(cell.flow.clients for cell in flows.cells if cell.after == code and cell.before != code)
        out = sum(cell.flow.clients for cell in row.cells if not cell.stayed)
        assert row.flow.clients == start
        assert start + into - out == end
    assert flows.total.clients == len(known) < len(rows)


def test_the_flows_of_a_manager_are_of_clients_who_were_his_on_any_day():
    a_history()
    herself = olga()
    before, since = client("Был её", silent_since=date(2026, 6, 20)), client("Стал её", silent_since=date(2026, 6, 20))
    Tenure.objects.create(client=before, employee=herself, from_on=date(2026, 1, 1), until_on=date(2026, 7, 31))
    Tenure.objects.create(client=since, employee=herself, from_on=date(2026, 8, 31))

    flows = status_flows(within=AUGUST, employee_id=herself.pk)

    assert flows.total.clients == 1


def test_the_base_at_risk_is_by_owner_and_the_lost_by_who_lost_them():
    himself, herself = ivan(), olga()
    for back in (100, 150, 155, 160, 182):
        client(f"И{back}", owner=himself, silent_since=TODAY - timedelta(days=back), value=back * 100)
    leaving = client("Уходит", owner=herself, silent_since=TODAY, value=777)
    Client.objects.filter(pk=leaving.pk).update(leaving=True)
    pool_client("Потерян", lost_by=himself, value=5000)
    forgiven = pool_client("Прощён", lost_by=herself, value=9000)
    Loss.objects.filter(client=forgiven).update(voided_at=NOW)

    risk = base_at_risk(on=TODAY, policy=POLICY)

    near = [
        row
        for row in Client.objects.filter(owner=himself)
        if row.status == "forgotten" and add_months(row.silent_since, 6) <= TODAY + timedelta(days=30)
    ]
    mine, hers = risk.lines
    assert (mine.own, mine.own_value) == (5, sum(Client.objects.filter(owner=himself).values_list("value", flat=True)))
    assert (mine.near, mine.near_value) == (len(near), sum(row.value for row in near)) != (0, 0)
    assert (mine.lost, mine.lost_value) == (1, 5000)
    assert (hers.threatened, hers.threatened_value, hers.lost) == (1, 777, 0)
    assert (risk.total.own, risk.total.lost_value) == (6, 5000)


def a_trade() -> None:
    """Three clients: one of long ago, one new since spring, one whose new months end within those shown."""
    old, fresh, between = (client(name, phones=()) for name in ("Старый", "Новый", "Был новым"))
    bought = {
        old: (date(2022, 1, 5), date(2024, 10, 3), date(2025, 3, 1), TODAY),
        fresh: (date(2026, 4, 30), date(2026, 5, 2), TODAY),
        between: (date(2025, 1, 31), date(2025, 12, 31), date(2026, 1, 1)),
    }
    for row, days in bought.items():
        for number, day in enumerate(days):
            buys(row, day, key=f"{row.pk}-{number}", болт=1000_00 + row.pk * 100 + number)
        Client.objects.filter(pk=row.pk).update(first_order_on=days[0])
    buys(fresh, date(2026, 5, 20), key="return", болт=-300_00)
    buys(fresh, date(2026, 5, 21), key="off", cancelled=True, болт=999_00)
    buys(old, TODAY + timedelta(days=2), key="ahead", болт=55_00)


def test_new_and_existing_revenue_add_up_to_the_documents_of_each_month():
    a_trade()

    months = revenue_by_month(on=TODAY)

    assert [each.month for each in months] == [add_months(date(2024, 10, 1), n) for n in range(24)]
    for each in months:
        within = Order.objects.filter(
            ordered_on__gte=each.month, ordered_on__lt=add_months(each.month, 1), ordered_on__lte=TODAY, cancelled=False
        )
        new = [
            order.net
            for order in within.select_related("client")
            if add_months(order.client.first_order_on.replace(day=1), 12) > each.month
        ]
        assert each.total == (within.aggregate(net=Sum("net"))["net"] or 0)
        assert each.new == sum(new)
        assert each.existing + each.new == each.total
    by_month = {each.month: each for each in months}
    assert by_month[date(2025, 12, 1)].existing == 0 < by_month[date(2025, 12, 1)].new
    assert by_month[date(2026, 1, 1)].new == 0 < by_month[date(2026, 1, 1)].existing
    assert by_month[date(2025, 2, 1)].new_share is None


def test_the_queries_do_not_grow_with_the_base(django_assert_num_queries):
    a_history()
    a_trade()

    with django_assert_num_queries(2):
        status_flows(within=AUGUST)
    with django_assert_num_queries(3):
        base_at_risk(on=TODAY, policy=POLICY)
    with django_assert_num_queries(2):
        revenue_by_month(on=TODAY)
