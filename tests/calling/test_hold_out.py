"""A share of those who enter the pool is left without calls for a quarter, so that the effect of calls can be told."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from budilnik.calling.actions.assign import assign
from budilnik.calling.actions.deciding import Decided, decide_morning
from budilnik.calling.actions.lots import lots_of
from budilnik.calling.actions.morning import preview_morning, run_morning
from budilnik.calling.actions.people import change_owner
from budilnik.calling.models import CallTask
from budilnik.calling.queries.morning import placeable
from budilnik.clients.actions.ownership import leave_pool
from budilnik.clients.actions.renewal import apply_renewals
from budilnik.clients.models import Client, PoolEntry, Tenure
from budilnik.core.effect import Drawn, held_out
from budilnik.core.policy import Policy
from budilnik.staff.models import Employee
from cast import NOW, POLICY, TODAY, client, head_of_sales, ivan, olga, promise

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LONG_AGO = date(2026, 1, 12)
MANY = 400
UNTIL = TODAY + timedelta(days=91)


def lost_today(owner: Employee | None, *, many: int = MANY, phone_state: str = "none") -> list[Client]:
    """Clients whose half-year of silence has run out, each worth more than the one before."""
    rows = Client.objects.bulk_create(
        [
            Client(
                name=f"ООО «Ушёл {number}»",
                search_key=str(number),
                sort_key=str(number),
                owner=owner,
                silent_since=LONG_AGO,
                first_known_on=LONG_AGO,
                ever_contacted=True,
                last_talk_on=LONG_AGO,
                status="forgotten",
                next_status_on=TODAY,
                value=number * 1_000_00,
                value_on=TODAY,
                phone_state=phone_state,
            )
            for number in range(1, many + 1)
        ]
    )
    if owner:
        Tenure.objects.bulk_create(
            [Tenure(client=row, employee=owner, from_on=LONG_AGO, why_from="first") for row in rows]
        )
    return rows


def morning() -> None:
    run_morning(on=TODAY, holder="tests", clock=lambda: NOW, step=lambda _: None, is_gone=lambda _: False)


def drawn() -> dict[int, str]:
    return dict(PoolEntry.objects.values_list("client_id", "drawn"))


def held() -> set[int]:
    return {number for number, lot in drawn().items() if lot == Drawn.OUT}


def _renewals(decided: Decided) -> dict[int, tuple[Drawn, date | None]]:
    return {each.client_id: (each.drawn, each.held_out_until) for each in decided.renewals}


def test_the_lot_falls_as_the_hash_of_client_and_day_says():
    rows = lost_today(ivan())
    olga()

    morning()

    lots = drawn()
    for row in rows[: MANY * 4 // 5]:
        expected = held_out(row.pk, entered_on=TODAY, share=POLICY.hold_out_share)
        assert lots[row.pk] == ("out" if expected else "in")
    assert Counter(lots.values())["out"] > 0


def test_the_dearest_fifth_is_called_always():
    rows = lost_today(ivan())

    morning()

    assert {drawn()[row.pk] for row in rows[MANY * 4 // 5 :]} == {Drawn.NOT}


def test_a_held_out_client_is_on_nobodys_list_that_morning_nor_later_until_the_end():
    lost_today(ivan())
    olga()
    morning()
    silent = held()

    def on_the_day(on: date) -> set[int]:
        return {each.client_id for each in placeable(on=on, released=[])}

    assert CallTask.objects.filter(queue="pool").exists()
    assert not CallTask.objects.filter(client_id__in=silent).exists()
    assert not on_the_day(UNTIL - timedelta(days=1)) & silent
    assert silent <= on_the_day(UNTIL)


def test_what_a_dry_run_shows_is_what_the_morning_draws():
    lost_today(ivan())
    olga()

    shown = preview_morning(on=TODAY, step=lambda _: None)
    morning()

    written = {row.client_id: (Drawn(row.drawn), row.held_out_until) for row in PoolEntry.objects.all()}
    assert {number: lot for number, lot in _renewals(shown).items() if number in written} == written
    on_lists = {task.client_id for day in shown.days for task in day.tasks}
    assert not on_lists & held()
    assert on_lists == set(CallTask.objects.values_list("client_id", flat=True))


def test_a_morning_killed_halfway_and_run_again_draws_as_one_that_was_not():
    lost_today(ivan())
    olga()
    whole = decide_morning(on=TODAY, step=lambda _: None)

    apply_renewals(
        whole.renewals[:150], on=TODAY, now=NOW, policy_version=whole.rules.version, initial=False, why="silence"
    )
    morning()

    lots = {number: (Drawn(lot), until) for number, lot, until in _stays()}
    assert lots == _renewals(whole)


def _stays() -> list[tuple[int, str, date | None]]:
    return list(PoolEntry.objects.values_list("client_id", "drawn", "held_out_until"))


def test_those_assigned_to_the_pool_are_drawn_as_well():
    lost_today(None)
    ivan()

    assign(on=TODAY, by=None, now=NOW)

    lots = Counter(drawn().values())
    assert (lots[""], lots["in"] + lots["out"]) == (MANY // 5, MANY * 4 // 5)
    assert set(PoolEntry.objects.filter(drawn="out").values_list("held_out_until", flat=True)) == {UNTIL}
    assert set(PoolEntry.objects.exclude(drawn="out").values_list("held_out_until", flat=True)) == {None}


def test_who_has_no_usable_number_or_was_promised_a_call_is_not_drawn():
    manager = ivan()
    wrong = lost_today(manager, many=30, phone_state="wrong")
    rows = lost_today(manager)
    promised = rows[5]
    promise(promised, manager, on=TODAY - timedelta(days=3))

    morning()

    assert {drawn()[row.pk] for row in (*wrong, promised)} == {Drawn.NOT}
    assert drawn()[rows[6].pk] != Drawn.NOT


def test_protected_and_stopped_clients_are_not_drawn_for_they_do_not_enter_the_pool():
    rows = lost_today(ivan())
    Client.objects.filter(pk=rows[0].pk).update(protected=True)
    Client.objects.filter(pk=rows[1].pk).update(stopped_on=TODAY)

    morning()

    assert not {rows[0].pk, rows[1].pk} & set(drawn())


def test_a_small_pool_teaches_nothing_and_is_called_whole():
    lost_today(ivan(), many=123)

    morning()

    assert set(drawn().values()) == {Drawn.NOT}


def test_at_a_share_of_nothing_nobody_is_held_out():
    lost_today(ivan())
    rules = preview_morning(on=TODAY, step=lambda _: None).rules

    off = decide_morning(on=TODAY, step=lambda _: None, rules=replace(rules, policy=Policy(hold_out_share=0)))

    assert {lot for lot, _ in _renewals(off).values()} == {Drawn.NOT}


def test_a_held_out_client_whom_the_head_gives_is_broken_out_and_remembered():
    manager, boss = olga(), head_of_sales()
    lost_today(ivan())
    morning()
    number = min(held())

    change_owner(client_ids=[number], to=manager, by=boss, why="", on=TODAY, now=NOW)

    stay = PoolEntry.objects.get(client=number)
    assert (stay.drawn, stay.left_on, stay.why_left) == (Drawn.BROKEN, TODAY, "given")
    assert Client.objects.get(pk=number).owner == manager


def test_given_after_the_end_nothing_is_broken():
    manager, boss = olga(), head_of_sales()
    lost_today(ivan())
    morning()
    number = min(held())

    change_owner(client_ids=[number], to=manager, by=boss, why="", on=UNTIL, now=NOW + timedelta(days=91))

    assert PoolEntry.objects.get(client=number).drawn == Drawn.OUT


def test_an_order_of_a_held_out_client_takes_him_out_of_the_pool_and_he_stays_held_out_in_the_comparison():
    lost_today(ivan())
    morning()
    number = min(held())

    leave_pool([number], on=TODAY, why="order", now=NOW, silence=POLICY.silence)

    stay = PoolEntry.objects.get(client=number)
    assert (stay.left_on, stay.drawn) == (TODAY, Drawn.OUT)


def test_the_lot_takes_two_queries_and_none_when_nobody_enters(django_assert_num_queries):
    client()
    with django_assert_num_queries(0):
        lots_of([], on=TODAY, policy=POLICY)
    with django_assert_num_queries(2):
        lots_of([(number, 0) for number in range(1, 500)], on=TODAY, policy=POLICY)
