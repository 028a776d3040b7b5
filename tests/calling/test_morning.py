"""The morning on the database: who is released, who is called by whom, and what is never done."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from budilnik.calling.actions.arrivals import Arrival, orders_arrived
from budilnik.calling.actions.deciding import decide_morning
from budilnik.calling.actions.morning import MorningInThePast, MorningIsBeingMade, preview_morning, run_morning
from budilnik.calling.actions.people import absence_begins
from budilnik.calling.models import CallTask, MorningRun
from budilnik.calling.queries import morning as reads
from budilnik.clients.models import Client, ClientGroup, ExternalKey, Loss, Phone, PoolEntry, StatusChange, Tenure
from budilnik.core.arrivals import ArrivedLine, ArrivedOrder
from budilnik.core.candidates import Sieve
from budilnik.core.terms import ClientStatus
from budilnik.staff.actions import note_absence
from budilnik.staff.actions.calendar import override_day
from cast import NOW, TODAY, client, head_of_sales, ivan, lock, olga, pavel, pool_client, promise, task

pytestmark = pytest.mark.django_db

LONG_AGO = date(2026, 1, 12)
FORGOTTEN_SINCE = date(2026, 5, 20)


def morning(on=TODAY, *, step=lambda name: None):
    run_morning(on=on, holder="tests:0", clock=lambda: NOW, step=step, is_gone=lambda holder: False)
    return reads.morning_of(on)


def called_by(found, login):
    plan = next(plan for plan in found.plans if plan.employee == login)
    return [task.name for task in plan.tasks]


def away(who, *, substitute=None, days=4):
    note_absence(
        employee=who, from_on=TODAY, until_on=TODAY + timedelta(days=days), substitute=substitute, by=None, now=NOW
    )


def test_a_lost_client_leaves_his_owner_for_the_pool_with_a_loss_on_the_owner():
    kolya = ivan()
    lost = client(owner=kolya, silent_since=date(2026, 3, 14), on=date(2026, 9, 1))

    found = morning()

    lost.refresh_from_db()
    assert (lost.owner, lost.in_pool_since, lost.status) == (None, TODAY, ClientStatus.LOST)
    assert Loss.objects.get(client=lost).employee == kolya
    assert Tenure.objects.get(client=lost).until_on == TODAY
    assert PoolEntry.objects.get(client=lost).entered_on == TODAY
    assert found.released == 1


def test_six_months_to_the_day_he_is_still_forgotten_and_called_as_the_last_day():
    client("ООО «Болт-Сервис»", owner=ivan(), silent_since=date(2026, 3, 15), on=date(2026, 9, 1))

    found = morning()

    (task,) = found.plans[0].tasks
    assert (task.queue, task.deadline, task.reasons["today"]["code"]) == ("own", TODAY, "last_day")


def test_the_one_who_lost_a_client_does_not_get_him_and_the_colleague_does():
    loser, _ = ivan(), olga()
    pool_client("ООО «Трос»", lost_by=loser)

    found = morning()

    assert called_by(found, "ivan") == []
    assert called_by(found, "olga") == ["ООО «Трос»"]


def test_a_client_released_this_morning_is_called_by_another_this_morning():
    loser, _ = ivan(), olga()
    client("ООО «Трос»", owner=loser, silent_since=date(2026, 3, 1), on=date(2026, 8, 1))

    found = morning()

    assert (called_by(found, "ivan"), called_by(found, "olga")) == ([], ["ООО «Трос»"])


def test_losses_of_the_very_first_morning_are_marked_and_later_ones_are_not():
    owner = ivan()
    first = client("ООО «Первый»", owner=owner, silent_since=LONG_AGO, on=date(2026, 2, 1))
    later = client("ООО «Второй»", owner=owner, silent_since=date(2026, 3, 15), on=date(2026, 9, 1))

    morning()
    morning(TODAY + timedelta(days=1))

    assert Loss.objects.get(client=first).initial
    assert not Loss.objects.get(client=later).initial


def test_a_protected_client_is_not_released_and_neither_is_a_stopped_one():
    owner = ivan()
    protected = client("АО «Ключевой»", owner=owner, silent_since=LONG_AGO, on=date(2026, 2, 1))
    stopped = client("АО «Просил не звонить»", owner=owner, silent_since=LONG_AGO, on=date(2026, 2, 1))
    Client.objects.filter(pk=protected.pk).update(protected=True)
    Client.objects.filter(pk=stopped.pk).update(stopped_on=date(2026, 3, 1))

    found = morning()

    assert set(Client.objects.filter(owner=owner).values_list("pk", flat=True)) == {protected.pk, stopped.pk}
    assert called_by(found, "ivan") == []


def test_downtime_is_told_day_by_day():
    row = client(owner=ivan(), silent_since=LONG_AGO, on=date(2026, 2, 1))

    morning()

    steps = StatusChange.objects.filter(client=row).order_by("on").values_list("to_status", "on")
    assert list(steps) == [("forgotten", date(2026, 4, 12)), ("lost", date(2026, 7, 13))]


def test_the_substitute_calls_those_who_would_be_lost_while_the_owner_is_away():
    owner, stands_in = ivan(), olga()
    client("ООО «Вот-вот»", owner=owner, silent_since=date(2026, 3, 17), on=date(2026, 9, 1))
    client("ООО «Подождёт»", owner=owner, silent_since=FORGOTTEN_SINCE)
    away(owner, substitute=stands_in)

    found = morning()

    assert (called_by(found, "ivan"), called_by(found, "olga")) == ([], ["ООО «Вот-вот»"])
    assert next(plan.capacity for plan in found.plans if plan.employee == "ivan") == 0


def test_a_substitute_who_once_lost_the_client_does_not_get_him():
    owner, stands_in, _ = ivan(), olga(), pavel()
    row = client("ООО «Вот-вот»", owner=owner, silent_since=date(2026, 3, 17), on=date(2026, 9, 1))
    lock(row, stands_in, on=date(2025, 1, 13))
    away(owner, substitute=stands_in)

    found = morning()

    assert (called_by(found, "olga"), called_by(found, "pavel")) == ([], ["ООО «Вот-вот»"])


def test_a_promise_is_kept_beyond_capacity_and_comes_first():
    owner = ivan()
    type(owner).objects.filter(pk=owner.pk).update(norm=1)
    client("ООО «Забытый»", owner=owner, silent_since=date(2026, 3, 16), on=date(2026, 9, 1))
    for number in range(2):
        promise(client(f"ООО «Обещали {number}»", owner=owner, silent_since=date(2026, 9, 1)), owner)

    found = morning()

    assert called_by(found, "ivan") == ["ООО «Обещали 0»", "ООО «Обещали 1»"] or called_by(found, "ivan") == [
        "ООО «Обещали 1»",
        "ООО «Обещали 0»",
    ]


def test_a_promise_of_an_absent_manager_is_kept_by_his_substitute():
    owner, stands_in = ivan(), olga()
    promise(client("ООО «Обещали»", owner=owner, silent_since=date(2026, 9, 1)), owner)
    away(owner, substitute=stands_in)

    found = morning()

    assert (called_by(found, "ivan"), called_by(found, "olga")) == ([], ["ООО «Обещали»"])


def test_a_promise_planned_for_a_substitute_rings_at_his_desk():
    owner, stands_in = ivan(), olga()
    given = promise(client(owner=owner), owner)
    away(owner, substitute=stands_in)

    morning()

    given.refresh_from_db()
    assert (given.employee, given.promised_by) == (stands_in, owner)


def test_a_promise_kept_by_a_substitute_returns_on_the_first_day_back():
    owner, stands_in = ivan(), olga()
    given = promise(client("ООО «Обещали»", owner=owner, silent_since=date(2026, 9, 1)), owner)
    absence_begins(
        employee=owner, from_on=TODAY, until_on=TODAY, substitute=stands_in, by=None, now=NOW, on=TODAY - timedelta(1)
    )

    first, back = morning(), morning(TODAY + timedelta(days=1))

    given.refresh_from_db()
    assert (called_by(first, "olga"), called_by(back, "ivan")) == (["ООО «Обещали»"], ["ООО «Обещали»"])
    assert given.employee == owner


def test_a_substitute_who_lost_the_client_does_not_keep_the_promise():
    owner, stands_in, _ = ivan(), olga(), pavel()
    row = client("ООО «Обещали»", owner=owner, silent_since=date(2026, 9, 1))
    lock(row, stands_in, on=date(2025, 1, 13))
    promise(row, owner)
    away(owner, substitute=stands_in)

    found = morning()

    assert (called_by(found, "olga"), called_by(found, "pavel")) == ([], ["ООО «Обещали»"])


def test_a_dry_run_writes_nothing():
    client(owner=ivan(), silent_since=LONG_AGO, on=date(2026, 2, 1))
    before = list(Client.objects.values())

    decided = preview_morning(on=TODAY, step=lambda name: None)

    assert decided.released == 1
    assert list(Client.objects.values()) == before
    assert not MorningRun.objects.exists() and not CallTask.objects.exists() and not StatusChange.objects.exists()


def an_order(key, on):
    line = ArrivedLine(product_key="B-12", product_name="Болт М12", quantity=1000, price=100_000, amount=1000)
    return ArrivedOrder(
        key=key, client_key="17", ordered_at=NOW.replace(year=on.year, month=on.month, day=on.day), lines=(line,)
    )


def test_a_client_who_orders_while_the_morning_is_made_is_not_called():
    row = client(owner=ivan(), silent_since=FORGOTTEN_SINCE)
    ExternalKey.objects.create(source="1c", key="17", client=row)

    def order_comes(name):
        if name == "decided":
            orders_arrived([an_order("ЗК-1", TODAY)], arrival=Arrival.at(source="1c", on=TODAY, now=NOW))

    found = morning(step=order_comes)

    row.refresh_from_db()
    assert called_by(found, "ivan") == []
    assert (row.status, row.silent_since) == (ClientStatus.REGULAR, TODAY)


def test_a_client_who_orders_just_before_he_would_be_released_keeps_his_owner():
    owner = ivan()
    row = client(owner=owner, silent_since=date(2026, 3, 1), on=date(2026, 8, 1))
    ExternalKey.objects.create(source="1c", key="17", client=row)

    def order_comes(name):
        if name == "decided":
            orders_arrived([an_order("ЗК-1", TODAY)], arrival=Arrival.at(source="1c", on=TODAY, now=NOW))

    morning(step=order_comes)

    row.refresh_from_db()
    assert (row.owner, row.in_pool_since) == (owner, None)
    assert not Loss.objects.exists()


def test_a_client_who_orders_between_the_morning_and_the_call_leaves_the_queue():
    row = client(owner=ivan(), silent_since=FORGOTTEN_SINCE)
    ExternalKey.objects.create(source="1c", key="17", client=row)
    morning()

    orders_arrived([an_order("ЗК-1", TODAY)], arrival=Arrival.at(source="1c", on=TODAY, now=NOW))

    assert CallTask.objects.get(client=row).close == "client_order"


def test_a_non_working_day_renews_statuses_and_plans_nothing():
    owner = ivan()
    row = client(owner=owner, silent_since=LONG_AGO, on=date(2026, 2, 1))
    override_day(on=TODAY, works=False, note="день компании", by=None, now=NOW)

    found = morning()

    row.refresh_from_db()
    assert (found.works, found.plans, row.in_pool_since) == (False, (), TODAY)


def test_a_morning_before_the_last_published_one_is_refused():
    ivan()
    morning()

    with pytest.raises(MorningInThePast):
        morning(TODAY - timedelta(days=1))


def test_a_published_morning_is_left_as_it_is():
    row = client(owner=ivan(), silent_since=FORGOTTEN_SINCE)
    first = morning()
    Client.objects.filter(pk=row.pk).update(value=1)

    assert morning() == first


def test_what_was_not_reached_yesterday_is_closed_and_planned_again():
    owner = ivan()
    row = client(owner=owner, silent_since=FORGOTTEN_SINCE)
    stale = task(row, owner, on=TODAY - timedelta(days=1))

    found = morning()

    stale.refresh_from_db()
    assert stale.close == "not_reached"
    assert called_by(found, "ivan") == [row.name]


def test_another_process_that_still_lives_is_not_disturbed():
    ivan()
    MorningRun.objects.create(
        on=TODAY,
        policy_version=0,
        seed="",
        holder="elsewhere:1",
        lease_until=NOW + timedelta(seconds=30),
        started_at=NOW,
    )

    with pytest.raises(MorningIsBeingMade):
        morning()


def test_two_firms_of_one_holding_are_not_called_on_one_day():
    owner = ivan()
    holding = ClientGroup.objects.create(key="Холдинг")
    for name in ("ООО «Дочка 1»", "ООО «Дочка 2»"):
        row = client(name, owner=owner, silent_since=FORGOTTEN_SINCE)
        Client.objects.filter(pk=row.pk).update(group=holding)

    assert len(called_by(morning(), "ivan")) == 1


def test_two_firms_behind_one_switchboard_are_not_called_on_one_day():
    owner = ivan()
    for name in ("ООО «Этаж 1»", "ООО «Этаж 2»"):
        client(name, owner=owner, silent_since=FORGOTTEN_SINCE)
    Phone.objects.update(shared=True)

    assert len(called_by(morning(), "ivan")) == 1


def test_a_client_with_no_common_hour_goes_to_a_colleague_who_has_one():
    _, colleague = ivan(), olga()
    owner = colleague.__class__.objects.get(login="ivan")
    client("ООО «Камчатка»", owner=owner, silent_since=FORGOTTEN_SINCE, zone="Asia/Kamchatka")
    colleague.__class__.objects.filter(pk=colleague.pk).update(zone="Asia/Vladivostok")

    found = morning()

    assert (called_by(found, "ivan"), called_by(found, "olga")) == ([], ["ООО «Камчатка»"])


def test_a_head_gets_no_list():
    head_of_sales()

    assert morning().plans == ()


def test_a_client_whose_every_number_is_wrong_is_in_no_queue():
    row = client(owner=ivan(), silent_since=FORGOTTEN_SINCE)
    Client.objects.filter(pk=row.pk).update(phone_state="wrong")

    assert called_by(morning(), "ivan") == []


dates_around = st.dates(date(2025, 12, 1), TODAY)


@settings(max_examples=60)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "status": st.sampled_from(["prospect", "regular", "forgotten", "lost"]),
                "first_known_on": dates_around,
                "last_talk_on": st.none() | dates_around,
                "missed_attempts": st.integers(0, 2),
                "retry_on": st.none() | st.dates(date(2026, 9, 1), date(2026, 9, 30)),
            }
        ),
        max_size=8,
    )
)
def test_the_database_reads_exactly_those_whom_the_core_would_call(rows):
    sieve = Sieve(
        on=TODAY, quiet_from=date(2026, 8, 16), talk_window_from=date(2026, 6, 18), known_before=date(2026, 6, 15)
    )
    with transaction.atomic():
        owner = ivan()
        Client.objects.bulk_create(
            Client(name="К", search_key="к", sort_key="к", owner=owner, silent_since=TODAY, ever_contacted=True, **row)
            for row in rows
        )

        read = {facts.client_id for facts in reads.owned_to_judge(sieve=sieve, version=0)}
        everyone = {
            facts.client_id: facts for facts in map(reads.ClientFacts._make, Client.objects.values_list(*reads.FACTS))
        }

        assert read >= {
            number for number, facts in everyone.items() if sieve.belongs(facts, ClientStatus(facts.status))
        }
        transaction.set_rollback(True)


def test_the_same_inputs_give_the_same_plans_and_digest():
    owner = ivan()
    for number in range(30):
        client(f"ООО «{number}»", owner=owner, silent_since=FORGOTTEN_SINCE, phones=())

    first, second = (decide_morning(on=TODAY, step=lambda name: None) for _ in range(2))

    assert first.digest == second.digest
    assert first.days == second.days
