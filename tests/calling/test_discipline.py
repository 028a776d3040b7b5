"""Discipline over a period: every figure recounted by hand from the tables, and the list behind it."""

from collections import Counter
from datetime import date, timedelta

import pytest

from budilnik.calling.models import Call, Callback, CallTask
from budilnik.calling.queries.discipline import behind, discipline
from budilnik.calling.queries.kept_order import Asked, Figure, promises, promises_of
from budilnik.clients.models import Contact
from budilnik.core.callbacks import kept
from budilnik.core.coverage import Stretch
from budilnik.core.discipline import PromiseWent, how_it_went, late_from
from budilnik.core.terms import Queue
from cast import NOW, POLICY, TODAY, client, ivan, olga, pool_client, promise, task

pytestmark = [pytest.mark.django_db, pytest.mark.database]

MONTH = Stretch(first=date(2026, 9, 1), last=TODAY)
LATE_TODAY = NOW + timedelta(hours=10)
ASKED = Asked(within=MONTH, now=LATE_TODAY, policy=POLICY)
CLOSES = ("outcome", "client_order", "not_reached", "skip_conflict", "skip_talked", "stopped", "")
AN_HOUR = timedelta(hours=1)


def a_month() -> dict[str, object]:
    """Tasks of every queue and end, calls planned and not, promises that went every way, contacts of all kinds."""
    people = {"ivan": ivan(), "olga": olga()}
    for who, name in enumerate(people):
        himself = people[name]
        rows = [client(f"{name} {number}", owner=himself, phones=()) for number in range(8)]
        pooled = pool_client(f"пул {name}", lost_by=people["olga" if name == "ivan" else "ivan"])
        queues = (Queue.OWN, Queue.AT_RISK, Queue.RETRY, Queue.CALLBACK)
        for number, close in enumerate(CLOSES):
            done = task(rows[number], himself, queue=queues[number % 4], on=TODAY - timedelta(days=number + who))
            closed = {"close": close, "closed_at": NOW} if close else {}
            CallTask.objects.filter(pk=done.pk).update(**closed)
            called(rows[number], himself, planned=done, reached=number % 2 == 0)
        task(pooled, himself)
        called(rows[0], himself)
        called(rows[0], himself, voided=True)
        called(rows[0], himself, direction="in")
        _promises_of(rows, himself)
        for evidence in ("manual", "order", "message", "manual"):
            contacted(rows[1], himself, evidence=evidence)
    return people


def called(row, by, *, planned=None, reached=False, direction="out", voided=False) -> None:
    Call.objects.create(
        client=row,
        employee=by,
        task=planned,
        at=NOW - 2 * AN_HOUR,
        direction=direction,
        disposition="answered",
        outcome="open",
        talked=reached,
        voided_at=NOW if voided else None,
    )


def contacted(row, by, *, on: date = TODAY, evidence: str = "manual") -> Contact:
    return Contact.objects.create(
        client=row,
        employee=by,
        at=NOW - (TODAY - on),
        on=on,
        direction="out",
        evidence=evidence,
        outcome="open",
        is_talk=True,
    )


def _promises_of(rows, by) -> None:
    """Promises for noon of today and of other days: tried in time or not, ended before, in time, late or never."""
    ends = ("", "done", "moved_by_client", "moved_by_us", "stopped")
    for number, end in enumerate(ends):
        for late in (-AN_HOUR, timedelta(minutes=10), AN_HOUR):
            for at in (True, False):
                given = promise(rows[number], by, on=TODAY - timedelta(days=number))
                ended = {"end": end, "ended_at": given.due_at + late} if end else {}
                timed = {} if at else {"local_time": None}
                Callback.objects.filter(pk=given.pk).update(**ended, **timed)
    tried_in_time = promise(rows[6], by, on=TODAY)
    Call.objects.create(
        client=rows[6],
        employee=by,
        at=tried_in_time.due_at + timedelta(minutes=5),
        direction="out",
        disposition="no_answer",
        outcome="no_answer",
        voided_at=NOW,
    )


def went(given: Callback) -> PromiseWent:
    attempts = Call.objects.filter(client=given.client).values_list("at", flat=True)
    timed = given.local_time is not None
    return how_it_went(
        late_at=late_from(given.due_at, timed=timed, escalates_after=POLICY.escalates_after),
        ended_at=given.ended_at,
        end=given.end,
        tried=kept(given.due_at, made_at=given.recorded_at, attempts=attempts, timed=timed),
        now=ASKED.now,
    )


def anew(who) -> Counter[str]:
    """The figures of an employee, one row of the tables after another."""
    found: Counter[str] = Counter()
    for each in CallTask.objects.filter(employee=who, on__gte=MONTH.first, on__lte=MONTH.last):
        queue = {"pool": "pool", "callback": "promised"}.get(each.queue, "own")
        found[f"{queue}_planned"] += 1
        found[f"{queue}_done"] += each.close == "outcome" or each.close.startswith("client_")
        found["not_reached"] += each.close == "not_reached"
        if each.close.startswith("skip_"):
            found["skipped"] += 1
            found[each.close.replace("skip_", "skipped_")] += 1
    for call in Call.objects.filter(employee=who, voided_at=None, direction="out"):
        found["unplanned" if call.task_id is None else "attempts"] += 1
        found["talks"] += call.task_id is not None and call.talked
    for given in Callback.objects.filter(employee=who):
        found[went(given).value] += 1
    for each in Contact.objects.filter(employee=who, on__gte=MONTH.first, on__lte=MONTH.last):
        found["contacts"] += 1
        found["manual"] += each.evidence == "manual"
    return found


def test_every_figure_is_what_the_tables_say_row_by_row():
    people = a_month()

    told = discipline(ASKED)

    lines = {line.employee_id: line for line in told.lines}
    assert set(lines) == {who.pk for who in people.values()}
    for who in people.values():
        expected = anew(who)
        got = {figure.value: count for figure, count in lines[who.pk].counts.items()}
        left = {"last_days", "postponed"}
        assert {name: n for name, n in got.items() if name not in left} == {
            figure.value: expected[figure.value] for figure in Figure if figure.value not in left
        }
    assert all(told.total.counts[figure] == sum(line.counts[figure] for line in told.lines) for figure in Figure)
    assert all(told.total.counts[figure] for figure in (Figure.KEPT, Figure.BROKEN, Figure.MOVED_BY_US))
    assert not told.confirmed


def test_the_database_says_how_a_promise_went_as_the_core_does():
    a_month()

    for figure, condition in promises(ASKED).items():
        found = set(promises_of(ASKED).filter(condition).values_list("pk", flat=True))

        assert found == {each.pk for each in promises_of(ASKED) if went(each).value == figure.value}


@pytest.mark.parametrize("figure", list(Figure))
def test_the_list_behind_a_figure_is_as_long_as_the_figure(figure):
    people = a_month()
    told = discipline(ASKED)

    for line in told.lines:
        page = behind(figure, asked=ASKED, employee_id=line.employee_id, page=1)
        assert page.total == len(page.lines) == line.counts[figure]
    everybody = behind(figure, asked=ASKED, employee_id=None, page=1)
    assert everybody.total == told.total.counts[figure]
    assert {each.employee for each in everybody.lines} <= {who.name for who in people.values()}


def test_a_second_page_goes_on_where_the_first_one_ends():
    himself = ivan()
    row = client(owner=himself)
    for _ in range(5):
        called(row, himself)

    pages = [behind(Figure.UNPLANNED, asked=ASKED, employee_id=himself.pk, page=page, size=3) for page in (1, 2)]

    assert [len(page.lines) for page in pages] == [3, 2]


def test_a_talk_by_hand_just_before_the_loss_is_seen():
    himself = ivan()
    # Silent since 17 March: kept until 17 September, a Thursday, so his last working days are 15, 16 and 17.
    late = client("Поздно", owner=himself, silent_since=date(2026, 3, 17))
    contacted(late, himself)
    early = client("Рано", owner=himself, silent_since=date(2026, 3, 18))
    contacted(early, himself, on=date(2026, 9, 14))
    proved = client("С заказом", owner=himself, silent_since=date(2026, 3, 17))
    contacted(proved, himself, evidence="order")

    shown = behind(Figure.LAST_DAYS, asked=ASKED, employee_id=himself.pk, page=1)

    assert [line.client for line in shown.lines] == ["Поздно"]
    assert discipline(ASKED).total.counts[Figure.LAST_DAYS] == 1


def test_who_is_skipped_or_moved_by_us_three_times_in_thirty_days_is_put_off():
    himself = ivan()
    often, seldom = client("Часто", owner=himself), client("Редко", owner=himself)
    for row, days in ((often, (1, 10)), (seldom, (1, 31, 40))):
        for back in days:
            done = task(row, himself, on=TODAY - timedelta(days=back))
            CallTask.objects.filter(pk=done.pk).update(close="skip_conflict", closed_at=NOW)
    given = promise(often, himself)
    Callback.objects.filter(pk=given.pk).update(end="moved_by_us", ended_at=NOW)

    shown = behind(Figure.POSTPONED, asked=ASKED, employee_id=himself.pk, page=1)

    assert [(line.client, line.often) for line in shown.lines] == [("Часто", 3)]


def test_the_queries_do_not_grow_with_the_team(django_assert_num_queries):
    a_month()

    with django_assert_num_queries(10):
        discipline(ASKED)
    with django_assert_num_queries(3):
        behind(Figure.ATTEMPTS, asked=ASKED, employee_id=None, page=1)
