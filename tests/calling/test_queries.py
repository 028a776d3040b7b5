"""The number of SQL queries that each read names, pinned."""

import pytest

from budilnik.calling.actions.morning import run_morning
from budilnik.calling.queries import morning as day
from budilnik.clients.queries import base
from budilnik.sales.queries import documents as sold
from budilnik.staff import queries as staff
from cast import NOW, POLICY, TODAY, client, employee, ivan, olga, pool_client, promise

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_small_firm():
    """Ivan and Olga, two own clients, one lost one, one promise."""
    owner, loser = ivan(), olga()
    numbers = [client(f"ООО «{name}»", owner=owner).pk for name in ("Болт", "Гайка")]
    numbers.append(pool_client("ООО «Трос»", lost_by=loser).pk)
    for number in numbers:
        base.ExternalKey.objects.create(source="files", key=str(number), client_id=number)
    promise(base.Client.objects.get(pk=numbers[0]), owner)
    return numbers


PINNED = [
    ("rules in force", 1, lambda firm: staff.rules_on(TODAY)),
    ("is a policy stored", 1, lambda firm: staff.policy_is_stored()),
    ("staff in service", 2, lambda firm: staff.staff_in_service(TODAY)),
    ("names of staff", 1, lambda firm: staff.names_of_staff()),
    ("the calendar", 1, lambda firm: staff.work_calendar(country="RU", first=TODAY, last=TODAY)),
    ("names by number", 1, lambda firm: staff.names_by_number()),
    ("employees by login", 1, lambda firm: staff.employees_by_login()),
    ("numbers by key", 1, lambda firm: base.numbers_of("files", ["1", "2"])),
    ("imported rows by key", 1, lambda firm: base.known_rows("files", ["1", "2"])),
    ("first keys", 2, lambda firm: base.first_keys(firm)),
    ("locks", 1, lambda firm: base.locks_of(firm)),
    ("shared numbers", 1, lambda firm: base.shared_numbers()),
    ("stays in the pool", 2, lambda firm: base.stays_in_pool(firm)),
    ("the count of the base", 2, lambda firm: base.count_base(on=TODAY, policy=POLICY, callers=frozenset({1}))),
    ("exhausted", 1, lambda firm: base.count_exhausted(frozenset({1, 2}))),
    ("ownerless", 1, lambda firm: list(base.ownerless_on(on=TODAY, policy=POLICY))),
    ("loads of owners", 1, lambda firm: base.loads_of_owners()),
    ("values", 1, lambda firm: base.values_of(firm)),
    ("pooled among", 1, lambda firm: base.pooled_among(firm)),
    ("owners of", 1, lambda firm: base.owners_of(firm)),
    ("standing of", 1, lambda firm: base.standing_of(firm)),
    ("called", 3, lambda firm: base.called(firm)),
    ("is the base empty", 1, lambda firm: base.base_is_empty()),
    ("clients of leavers", 1, lambda firm: base.clients_of_leavers(TODAY)),
    ("differences", 6, lambda firm: list(base.differences())),
    ("digests of orders", 1, lambda firm: sold.order_digests("files", ["1"])),
    ("worth", 1, lambda firm: sold.worth_of(firm)),
    ("open promises", 1, lambda firm: day.open_promises()),
    ("the last morning", 1, lambda firm: day.last_published()),
    ("ownerless to judge", 1, lambda firm: list(day.ownerless_to_judge(on=TODAY, version=0))),
    ("placeable", 2, lambda firm: list(day.placeable(on=TODAY, released=[]))),
]


@pytest.mark.parametrize(("queries", "read"), [row[1:] for row in PINNED], ids=[row[0] for row in PINNED])
def test_a_read_asks_the_database_as_often_as_it_says(queries, read, a_small_firm, django_assert_num_queries):
    with django_assert_num_queries(queries):
        read(a_small_firm)


def test_a_published_morning_is_read_with_six_queries(a_small_firm, django_assert_num_queries):
    run_morning(on=TODAY, holder="tests:0", clock=lambda: NOW, step=lambda _: None, is_gone=lambda _: False)

    with django_assert_num_queries(6):
        found = day.morning_of(TODAY)

    assert sum(len(plan.tasks) for plan in found.plans) >= 2


def test_the_number_of_queries_does_not_grow_with_the_plans(django_assert_num_queries):
    for number in range(5):
        owner = employee(f"manager{number}", f"Менеджер {number}")
        for each in range(3):
            row = client(f"ООО «{number}-{each}»", owner=owner, phones=())
            base.ExternalKey.objects.create(source="files", key=row.name, client=row)
    run_morning(on=TODAY, holder="tests:0", clock=lambda: NOW, step=lambda _: None, is_gone=lambda _: False)

    with django_assert_num_queries(6):
        day.morning_of(TODAY)
