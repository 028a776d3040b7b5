"""The effect of calls and the funnel: every figure recounted client by client, without the queries of the report."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from budilnik.calling.models import Call, CallTask
from budilnik.calling.queries.effect import effect_of_calls
from budilnik.calling.queries.funnel import (
    QUEUES,
    UNPLANNED,
    FunnelAsked,
    Step,
    behind_funnel,
    funnel_report,
)
from budilnik.clients.models import Client, PoolEntry
from budilnik.core.coverage import Stretch
from budilnik.core.effect import Verdict
from budilnik.core.policy import Policy
from budilnik.core.terms import Outcome, Queue
from budilnik.sales.models import Order
from budilnik.staff.models import Employee
from cast import NOW, POLICY, TODAY, client, ivan, plan

pytestmark = [pytest.mark.django_db, pytest.mark.database]

YEAR = Stretch(first=TODAY - timedelta(days=365), last=TODAY)
ENDED, RUNNING = TODAY - timedelta(days=120), TODAY - timedelta(days=30)
MOSCOW = ZoneInfo("Europe/Moscow")


def pooled(lot: str, *, on: date, many: int, why_left: str = "") -> list[PoolEntry]:
    """Clients who entered the pool on a day, by what the lot said of them."""
    found = []
    for number in range(many):
        row = client(
            f"ООО «{lot or 'дорогой'} {on} {number}»", silent_since=date(2025, 9, 1), in_pool_since=on, phones=()
        )
        found.append(
            PoolEntry.objects.create(
                client=row,
                entered_on=on,
                drawn=lot,
                held_out_until=on + timedelta(days=91) if lot == "out" else None,
                left_on=on + timedelta(days=3) if why_left else None,
                why_left=why_left,
            )
        )
    return found


def order(stay: PoolEntry, *, after: int, net: int, cancelled: bool = False) -> None:
    bought(stay.client, stay.entered_on + timedelta(days=after), net=net, cancelled=cancelled)


def bought(row: Client, on: date, *, net: int = 1_000_00, cancelled: bool = False) -> None:
    Order.objects.create(
        source="1c",
        key=f"{row.pk}-{on}-{net}",
        client=row,
        ordered_at=datetime.combine(on, time(9), UTC),
        ordered_on=on,
        net=net,
        counts=net > 0,
        cancelled=cancelled,
        digest="x",
    )


def called(row: Client, who: Employee, *, on: date, attempts: int) -> None:
    day = plan(who, on=on)
    CallTask.objects.create(
        plan=day,
        employee=who,
        client=row,
        on=on,
        position=1,
        queue="pool",
        status="lost",
        silent_since=row.silent_since,
        value=0,
        attempts=attempts,
        closed_at=NOW,
        close="outcome",
    )


def a_year_of_the_pool() -> None:
    dice, who = Random(11), ivan()
    for on in (ENDED, ENDED + timedelta(days=5), RUNNING):
        for lot, many in (("in", 60), ("out", 16), ("broken", 3), ("", 5)):
            for number, stay in enumerate(pooled(lot, on=on, many=many)):
                if lot == "in":
                    called(stay.client, who, on=on + timedelta(days=number), attempts=1 + number % 3)
                if dice.random() < 0.4:
                    order(stay, after=dice.randrange(120), net=dice.randrange(1, 900) * 100_00)
                    order(stay, after=dice.randrange(91), net=-50_00)
                    order(stay, after=10, net=7_777_00, cancelled=True)
                order(stay, after=-1, net=99_999_00)
    order(pooled("out", on=ENDED, many=1, why_left="merged")[0], after=1, net=1_000_000_00)


def recounted(on: date, held: bool) -> tuple[int, dict[int, int], set[int], int]:
    """Clients, what each brought, who ordered, attempts: by walking every stay and every document of its client."""
    lots = ("out", "broken") if held else ("in",)
    stays = [each for each in PoolEntry.objects.all() if each.drawn in lots and each.why_left != "merged"]
    stays = [each for each in stays if (each.entered_on == RUNNING) is (on == RUNNING)]
    sums: dict[int, int] = {}
    ordered, attempts = set(), 0
    for stay in stays:
        days = {stay.entered_on + timedelta(days=shift) for shift in range(91)}
        days = {day for day in days if day < TODAY}
        for each in Order.objects.filter(client=stay.client):
            if each.ordered_on in days and not each.cancelled:
                sums[stay.pk] = sums.get(stay.pk, 0) + each.net
                ordered |= {stay.pk} if each.net > 0 else set()
        attempts += sum(each.attempts for each in CallTask.objects.filter(client=stay.client) if each.on in days)
    return len(stays), sums, ordered, attempts


@pytest.mark.parametrize("on", [ENDED, RUNNING])
def test_both_sides_are_what_their_clients_brought_within_their_days(on: date):
    a_year_of_the_pool()

    told = effect_of_calls(within=YEAR, on=TODAY, policy=POLICY)

    shown = told.ended if on == ENDED else told.running
    for group, ordered, tried, held in (
        (shown.revenue.called, shown.ordered.called, shown.attempts, False),
        (shown.revenue.held, shown.ordered.held, shown.attempts_held, True),
    ):
        many, sums, buyers, attempts = recounted(on, held)
        assert (group.clients, sorted(group.brought)) == (many, sorted(each for each in sums.values() if each))
        assert (ordered.clients, sum(ordered.brought)) == (many, len(buyers))
        assert tried == attempts
    assert shown.revenue.called.brought and shown.revenue.held.brought


def test_the_money_of_calls_is_the_difference_times_the_called_and_the_margin_its_share():
    a_year_of_the_pool()

    told = effect_of_calls(within=YEAR, on=TODAY, policy=Policy(margin_share=0.3)).ended

    many, sums, _, attempts = recounted(ENDED, False)
    held, held_sums, _, _ = recounted(ENDED, True)
    brought = sum(sums.values()) - many * sum(held_sums.values()) / held
    assert told.brought == round(brought)
    assert told.margin == round(told.brought * 0.3)
    assert told.brought_between and told.margin_between and told.revenue.low is not None
    assert told.brought_between[0] == round(told.revenue.low * many) <= told.brought <= told.brought_between[1]
    assert told.per_attempt == round(told.margin / attempts)


def test_months_of_entry_add_up_to_the_whole():
    a_year_of_the_pool()

    told = effect_of_calls(within=YEAR, on=TODAY, policy=POLICY).ended

    assert sum(each.called.clients for each in told.months) == told.revenue.called.clients
    assert sum(sum(each.held.brought) for each in told.months) == sum(told.revenue.held.brought)


def test_the_comparison_of_a_client_ends_by_itself_on_the_91st_day():
    pooled("in", on=TODAY - timedelta(days=91), many=1)
    pooled("in", on=TODAY - timedelta(days=90), many=2)

    told = effect_of_calls(within=YEAR, on=TODAY, policy=POLICY)

    assert (told.ended.revenue.called.clients, told.running.revenue.called.clients) == (1, 2)
    assert told.runs_until == TODAY + timedelta(days=1)
    assert told.ended.revenue.verdict is Verdict.TOO_FEW
    assert (told.ended.brought_between, told.ended.margin_between, told.ended.per_attempt) == (None, None, None)


def test_those_given_away_before_the_end_are_named():
    who = ivan()
    (stay,) = pooled("broken", on=RUNNING, many=1, why_left="given")
    Client.objects.filter(pk=stay.client_id).update(in_pool_since=None, owner=who)
    (silent,) = pooled("out", on=RUNNING, many=1)

    told = effect_of_calls(within=YEAR, on=TODAY, policy=POLICY)

    assert [(each.client_id, each.owner) for each in told.named] == [(stay.client_id, who.name)]
    assert (told.broken, told.held_now) == (1, 1)
    assert silent.client.in_pool_since


def test_the_report_of_the_effect_takes_five_queries(django_assert_num_queries):
    a_year_of_the_pool()

    with django_assert_num_queries(5):
        effect_of_calls(within=YEAR, on=TODAY, policy=POLICY)


SUMMER = FunnelAsked(within=Stretch(first=date(2026, 7, 10), last=date(2026, 9, 14)), zone=MOSCOW)
OUTCOMES = (
    (Outcome.NO_ANSWER, False),
    (Outcome.NO_ANSWER, False),
    (Outcome.REFUSED, True),
    (Outcome.OPEN, True),
    (Outcome.INTERESTED, True),
    (Outcome.ORDER, True),
    (Outcome.CALLBACK, True),
)


def a_summer_of_calls() -> None:
    """Calls at every hour of the day, midnight in Moscow among them; some void, some inbound, some unplanned."""
    dice, who = Random(5), ivan()
    rows = [client(f"ООО «Завод {number}»", phones=()) for number in range(25)]
    for number in range(400):
        row, (outcome, talked) = dice.choice(rows), dice.choice(OUTCOMES)
        at = datetime(2026, 7, 1, tzinfo=UTC) + timedelta(hours=dice.randrange(24 * 80))
        queue = dice.choice(QUEUES)
        task = None
        if queue != UNPLANNED:
            task = CallTask.objects.create(
                plan=plan(who, on=at.date()),
                employee=who,
                client=row,
                on=at.date(),
                position=1,
                queue=queue,
                status="regular",
                silent_since=row.silent_since,
                value=0,
                closed_at=at,
                close="outcome",
            )
        Call.objects.create(
            task=task,
            client=row,
            employee=who,
            at=at,
            direction="in" if number % 11 == 0 else "out",
            disposition="answered" if talked else "no_answer",
            outcome=outcome.value,
            talked=talked,
            voided_at=NOW if number % 13 == 0 else None,
        )
    for number in range(60):
        bought(dice.choice(rows), date(2026, 7, 1) + timedelta(days=dice.randrange(110)), net=1_000 + number)
    bought(rows[0], date(2026, 8, 1), net=-5)
    bought(rows[1], date(2026, 8, 1), net=55_555, cancelled=True)


def funnel_by_hand() -> dict[tuple[date, str], dict[str, set[int]]]:
    found: dict[tuple[date, str], dict[str, set[int]]] = {}
    orders = [each for each in Order.objects.all() if each.net > 0 and not each.cancelled]
    for call in Call.objects.select_related("task"):
        on = call.at.astimezone(MOSCOW).date()
        if call.direction != "out" or call.voided_at or not SUMMER.within.first <= on <= SUMMER.within.last:
            continue
        cell = found.setdefault(
            (on.replace(day=1), call.task.queue if call.task else UNPLANNED), {step.value: set() for step in Step}
        )
        cell["called"].add(call.client_id)
        if not call.talked:
            continue
        cell["reached"].add(call.client_id)
        if call.outcome not in ("order", "interested", "open"):
            continue
        cell["opened"].add(call.client_id)
        days = {each.ordered_on for each in orders if each.client_id == call.client_id}
        if call.outcome == "order" or any(on <= day <= on + timedelta(days=30) for day in days):
            cell["deals"].add(call.client_id)
    return found


def test_each_step_of_the_funnel_counts_a_client_once_a_month_and_queue():
    a_summer_of_calls()

    told = funnel_report(SUMMER)

    by_hand = funnel_by_hand()
    shown = {(line.month, line.queue): [getattr(line.funnel, step.value) for step in Step] for line in told.lines}
    assert shown == {key: [len(cell[step.value]) for step in Step] for key, cell in by_hand.items()}
    assert len(shown) == 3 * len(QUEUES)
    assert told.total.called == sum(len(cell["called"]) for cell in by_hand.values())
    assert sum(line.funnel.deals for line in told.queues) == told.total.deals > 0
    assert sum(line.funnel.reached for line in told.months) == told.total.reached


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("queue", [Queue.POOL.value, UNPLANNED])
def test_behind_each_figure_of_the_funnel_stand_its_clients(step: Step, queue: str):
    a_summer_of_calls()
    august = FunnelAsked(within=Stretch(first=date(2026, 8, 1), last=date(2026, 8, 31)), zone=MOSCOW)

    shown = behind_funnel(august, queue=queue, step=step, page=1)

    assert {line.client_id for line in shown.lines} == funnel_by_hand()[date(2026, 8, 1), queue][step.value]
    assert (shown.total, shown.pages) == (len(shown.lines), 1)


def test_the_funnel_takes_three_queries_and_its_clients_four_at_most(
    django_assert_num_queries, django_assert_max_num_queries
):
    a_summer_of_calls()

    with django_assert_num_queries(3):
        funnel_report(SUMMER)
    with django_assert_max_num_queries(4):
        behind_funnel(SUMMER, queue="pool", step=Step.DEALS, page=1)
