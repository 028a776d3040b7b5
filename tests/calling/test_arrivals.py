"""What arrives in batches: the clock, today's list, the pool and the locks follow from it."""

from datetime import date, datetime

import pytest

from budilnik.calling.actions.arrivals import Arrival, orders_arrived, refresh_sales
from budilnik.calling.actions.past import KnownLoss, clients_arrived, contacts_arrived, losses_known
from budilnik.calling.models import CallTask
from budilnik.clients.models import Client, Contact, ExternalKey, Loss, PoolEntry, StatusChange
from budilnik.clients.queries.base import differences, locks_of
from budilnik.core.arrivals import ArrivedClient, ArrivedContact, ArrivedLine, ArrivedOrder
from budilnik.core.terms import Direction, LossReason, Outcome
from budilnik.sales.models import Order
from cast import NOW, TODAY, client, ivan, lock, olga, pavel, pool_client, promise, task

pytestmark = pytest.mark.django_db

ENTERED = date(2026, 7, 13)  # the day on which `pool_client` was lost
RECENT = date(2026, 8, 20)


def arrival(on: date = TODAY) -> Arrival:
    return Arrival.at(source="1c", on=on, now=NOW)


def keyed(row: Client, key: str = "K1") -> Client:
    ExternalKey.objects.create(source="1c", key=key, client=row)
    return row


def order(key: str = "А-1", *, on: date = RECENT, quantity: int = 10_000, of: str = "K1", **changed) -> ArrivedOrder:
    amount = quantity * 50 // 1000
    line = ArrivedLine(product_key="М8", product_name="Болт М8", quantity=quantity, price=5_000, amount=amount)
    moment = datetime(on.year, on.month, on.day, 12)
    return ArrivedOrder(key=key, client_key=of, ordered_at=moment, **({"lines": (line,)} | changed))


def talk(outcome: Outcome = Outcome.OPEN, *, on: date = RECENT, by: str = "", key: str = "t1") -> ArrivedContact:
    moment = datetime(on.year, on.month, on.day, 11)
    return ArrivedContact(
        key=key, client_key="K1", at=moment, direction=Direction.OUT, outcome=outcome, employee=by, note=""
    )


def fresh(row: Client) -> Client:
    return Client.objects.get(pk=row.pk)


def consistent() -> bool:
    return list(differences()) == []


def test_an_order_begins_silence_anew_and_is_no_talk():
    bolt = keyed(client(owner=ivan(), silent_since=date(2026, 5, 20)))

    orders_arrived([order()], arrival=arrival())

    assert fresh(bolt).silent_since == RECENT
    assert fresh(bolt).last_talk_on == date(2026, 5, 20)
    assert consistent()


@pytest.mark.parametrize("idle", [{"quantity": -1_000}, {"quantity": 0}, {"cancelled": True}])
def test_a_return_or_a_cancelled_order_moves_no_clock(idle):
    bolt = keyed(client(owner=ivan(), silent_since=date(2026, 5, 20)))

    orders_arrived([order(**idle)], arrival=arrival())

    assert fresh(bolt).silent_since == date(2026, 5, 20)
    assert not Contact.objects.filter(evidence="order").exists()


def test_an_old_order_never_moves_the_clock_back():
    bolt = keyed(client(owner=ivan(), silent_since=date(2026, 5, 20)))

    orders_arrived([order(on=date(2024, 2, 3))], arrival=arrival())

    assert (fresh(bolt).silent_since, fresh(bolt).first_known_on) == (date(2026, 5, 20), date(2024, 2, 3))
    assert consistent()


def test_whoever_first_comes_with_an_order_is_regular_from_its_day():
    orders_arrived([order(on=date(2026, 1, 10)), order("А-2", on=date(2025, 3, 1))], arrival=arrival())

    new = Client.objects.get()
    assert (new.status, new.silent_since, new.first_known_on) == ("regular", date(2026, 1, 10), date(2025, 3, 1))
    assert new.next_status_on == date(2026, 4, 10)
    assert StatusChange.objects.values_list("from_status", "to_status").get() == ("prospect", "regular")


def test_a_client_who_ordered_leaves_the_list_of_the_day_but_a_promise_to_him_stays():
    seller = ivan()
    own = keyed(client("ООО «Болт»", owner=seller))
    promised = keyed(client("ООО «Гайка»", owner=seller), "K2")
    called, kept = task(own, seller), task(promised, seller, callback=promise(promised, seller))

    orders_arrived([order(), order("А-2", of="K2")], arrival=arrival())

    assert CallTask.objects.get(pk=called.pk).close == "client_order"
    assert CallTask.objects.get(pk=kept.pk).closed_at is None


def test_an_order_older_than_the_silence_leaves_the_list_alone():
    seller = ivan()
    called = task(keyed(client(owner=seller, silent_since=date(2026, 5, 20))), seller)

    orders_arrived([order(on=date(2026, 4, 1))], arrival=arrival())

    assert CallTask.objects.get(pk=called.pk).closed_at is None


def test_an_order_known_by_its_content_changes_nothing():
    orders_arrived([order()], arrival=arrival())

    assert orders_arrived([order()], arrival=arrival()) == frozenset()
    assert orders_arrived([order(quantity=20_000)], arrival=arrival()) == {"А-1"}
    assert Order.objects.get().net == 1_000


def test_lines_in_another_order_are_the_same_document():
    lines = tuple(
        ArrivedLine(product_key=key, product_name=key, quantity=1_000, price=1, amount=1) for key in ("М6", "М8", "М6")
    )
    orders_arrived([order(lines=lines)], arrival=arrival())

    assert orders_arrived([order(lines=lines[::-1])], arrival=arrival()) == frozenset()


# The pool.


def test_an_order_out_of_the_pool_goes_to_the_manager_with_fewest_clients_who_did_not_lose_him():
    loser, busy, free = ivan(), olga(), pavel()
    client("ООО «Шайба»", owner=busy)
    bolt = keyed(pool_client(lost_by=loser))

    orders_arrived([order()], arrival=arrival())

    assert (fresh(bolt).owner, fresh(bolt).status, fresh(bolt).in_pool_since) == (free, "regular", None)
    assert PoolEntry.objects.get().why_left == "order"
    assert consistent()


def test_an_order_of_a_client_whom_everybody_lost_leaves_him_to_the_head():
    bolt = keyed(pool_client(lost_by=ivan()))

    orders_arrived([order()], arrival=arrival())

    assert (fresh(bolt).owner, fresh(bolt).in_pool_since, fresh(bolt).status) == (None, None, "regular")
    assert consistent()


def test_a_return_leaves_a_client_in_the_pool():
    bolt = keyed(pool_client(lost_by=ivan()))
    olga()

    orders_arrived([order(quantity=-1_000)], arrival=arrival())

    assert fresh(bolt).in_pool_since == ENTERED


def test_late_evidence_voids_the_loss_and_returns_the_owner():
    loser = ivan()
    olga()
    bolt = keyed(pool_client(lost_by=loser))

    orders_arrived([order(on=date(2026, 7, 1))], arrival=arrival())

    assert (fresh(bolt).owner, fresh(bolt).in_pool_since, fresh(bolt).silent_since) == (loser, None, date(2026, 7, 1))
    assert Loss.objects.get().voided_at == NOW
    assert PoolEntry.objects.get().why_left == "late_evidence"
    assert consistent()


def test_a_talk_told_late_is_evidence_too():
    loser = ivan()
    bolt = keyed(pool_client(lost_by=loser))

    contacts_arrived([talk(on=date(2026, 5, 5), by="ivan")], arrival=arrival())

    assert fresh(bolt).owner == loser


def test_evidence_whose_own_half_year_had_run_out_voids_nothing():
    bolt = keyed(pool_client(lost_by=ivan()))
    olga()

    orders_arrived([order(on=date(2026, 1, 12))], arrival=arrival())

    assert (fresh(bolt).owner, fresh(bolt).in_pool_since) == (None, ENTERED)
    assert Loss.objects.get().voided_at is None


def test_late_evidence_for_a_leaver_gives_the_client_by_the_rule():
    loser, other = ivan(), olga()
    bolt = keyed(pool_client(lost_by=loser))
    type(loser).objects.filter(pk=loser.pk).update(left_on=TODAY)

    orders_arrived([order(on=date(2026, 7, 1))], arrival=arrival())

    assert fresh(bolt).owner == other
    assert Loss.objects.get().voided_at == NOW


def test_late_evidence_for_a_client_whom_somebody_has_won_lifts_the_lock_and_moves_nobody():
    loser, winner = ivan(), olga()
    bolt = keyed(client(owner=winner, silent_since=RECENT))
    lock(bolt, loser)
    Loss.objects.update(silent_since=date(2026, 1, 12))

    orders_arrived([order(on=date(2026, 7, 1))], arrival=arrival())

    assert fresh(bolt).owner == winner
    assert Loss.objects.get().voided_at == NOW
    assert consistent()


def test_the_order_by_which_a_client_was_won_back_disproves_no_loss():
    loser, winner = ivan(), olga()
    bolt = keyed(client(owner=winner, silent_since=date(2026, 1, 12)))
    lock(bolt, loser)

    orders_arrived([order()], arrival=arrival())

    assert locks_of([bolt.pk]) == {bolt.pk: {loser.pk}}


def test_a_loss_known_from_before_the_system_is_not_disproved_by_history():
    ivan()
    bolt = keyed(client(owner=olga(), silent_since=RECENT))
    losses_known(
        [KnownLoss(client_key="K1", employee="ivan", on=date(2025, 7, 1), reason=LossReason.PRICE)], arrival=arrival()
    )

    orders_arrived([order(on=date(2025, 6, 1))], arrival=arrival())

    assert bolt.pk in locks_of([bolt.pk])


def test_a_refusal_in_the_pool_is_no_contact_and_one_before_the_release_was():
    loser = ivan()
    bolt = keyed(pool_client(lost_by=loser))

    contacts_arrived([talk(Outcome.REFUSED, on=date(2026, 8, 1), key="in the pool")], arrival=arrival())
    waiting = fresh(bolt)
    contacts_arrived([talk(Outcome.REFUSED, on=date(2026, 6, 1), key="before")], arrival=arrival())

    assert (waiting.silent_since, waiting.in_pool_since) == (date(2026, 1, 12), ENTERED)
    assert fresh(bolt).owner == loser
    assert consistent()


# Past contacts and clients.


@pytest.mark.parametrize("outcome", [Outcome.NO_ANSWER, Outcome.BUSY, Outcome.WRONG_NUMBER, Outcome.WRONG_PERSON])
def test_an_attempt_without_a_talk_never_moves_the_clock(outcome):
    bolt = keyed(client(owner=ivan(), silent_since=date(2026, 5, 20)))

    contacts_arrived([talk(outcome)], arrival=arrival())

    assert fresh(bolt).silent_since == date(2026, 5, 20)
    assert consistent()


def test_a_client_who_asked_for_peace_in_the_past_is_called_no_more():
    seller = ivan()
    bolt = keyed(client(owner=seller))
    called = task(bolt, seller)

    contacts_arrived([talk(Outcome.STOP)], arrival=arrival())

    assert fresh(bolt).stopped_on == RECENT
    assert CallTask.objects.get(pk=called.pk).close == "stopped"


def test_a_client_is_given_by_a_file_to_an_owner_by_login_or_by_full_name():
    ivan(), olga()
    rows = [
        ArrivedClient(key="1", name="Болт", owner="IVAN"),
        ArrivedClient(key="2", name="Гайка", owner="ольга сергеева"),
    ]

    settled = clients_arrived(rows, arrival=arrival())

    assert settled.accepted == {"1", "2"}
    assert list(Client.objects.order_by("pk").values_list("owner__login", flat=True)) == ["ivan", "olga"]
    assert consistent()


def test_an_empty_owner_takes_no_client_from_his_manager():
    ivan()
    clients_arrived([ArrivedClient(key="1", name="Болт", owner="ivan")], arrival=arrival())

    clients_arrived([ArrivedClient(key="1", name="Болт М8", owner="")], arrival=arrival())

    assert Client.objects.get().owner.login == "ivan"


# Value.


def test_value_is_counted_anew_only_for_clients_whose_documents_changed():
    orders_arrived([order(), order("А-2", of="K2")], arrival=arrival())
    first = refresh_sales(on=TODAY, at_most=100)

    orders_arrived([order(quantity=40_000)], arrival=arrival())
    second = refresh_sales(on=TODAY, at_most=100)

    assert (first, second, refresh_sales(on=TODAY, at_most=100)) == (2, 1, 0)
    assert sorted(Client.objects.values_list("value", "value_on")) == [(500, TODAY), (2_000, TODAY)]
