"""The coverage board: every figure counted anew from the history, client by client."""

from collections import Counter
from datetime import date, timedelta

import pytest

from budilnik.calling.models import Call, DayPlan
from budilnik.calling.queries.clients import Wanted, clients_of
from budilnik.calling.queries.coverage import coverage_board, coverage_classes
from budilnik.calling.queries.coverage_days import coverage_by_days
from budilnik.calling.queries.coverage_weeks import coverage_weeks
from budilnik.calling.queries.covered import Coverage
from budilnik.calling.queries.sight import sight_of
from budilnik.clients.models import Client, Contact, Tenure
from budilnik.core.coverage import Stretch, outlook, quarter_of
from budilnik.core.dates import add_months
from budilnik.core.policy import Policy
from cast import NOW, POLICY, TODAY, client, head_of_sales, ivan, looked_at, olga, plan, pool_client, profiled, task

pytestmark = [pytest.mark.django_db, pytest.mark.database]

QUARTER = quarter_of(TODAY)
SO_FAR = Stretch(first=QUARTER.first, last=TODAY)
# Silences around every limit: the quarter, 91 days, three months, six months by today and by the quarter's end.
SILENCES = (0, 1, 14, 75, 76, 77, 90, 91, 92, 93, 110, 160, 167, 168, 169, 170, 182, 183, 184)


def a_base() -> dict[str, object]:
    """Clients of all silences with Ivan and Olga, some agreed with, some without a talk; two of the pool."""
    himself, herself = ivan(), olga()
    rows = []
    for number, days in enumerate(SILENCES):
        owner = (himself, herself)[number % 2]
        row = client(f"Клиент {number}", owner=owner, silent_since=TODAY - timedelta(days=days), phones=())
        if number % 5 == 0:
            Client.objects.filter(pk=row.pk).update(last_talk_on=None)
            Contact.objects.filter(client=row).update(is_talk=False, evidence="order", outcome="order")
        if number % 7 == 0:
            Client.objects.filter(pk=row.pk).update(agreed_until=TODAY + timedelta(days=number))
        rows.append(row)
    for number in (2, 5):
        tried(rows[number], himself)
    rows.append(pool_client("Пул", lost_by=himself))
    refused = pool_client("Отказался", lost_by=herself)
    talked(refused, TODAY - timedelta(days=3), resets=False)
    rows += [refused, client("Ничей", silent_since=TODAY - timedelta(days=100), phones=())]
    stopped = client("Стоп", owner=himself, phones=())
    Client.objects.filter(pk=stopped.pk).update(stopped_on=TODAY)
    archived = client("Архив", owner=himself, phones=())
    Client.objects.filter(pk=archived.pk).update(archived_on=TODAY)
    return {"ivan": himself, "olga": herself, "rows": rows}


def talked(row: Client, on: date, *, resets: bool = True) -> None:
    Contact.objects.create(
        client=row,
        at=NOW,
        on=on,
        direction="out",
        evidence="manual",
        outcome="open" if resets else "refused",
        is_talk=True,
        resets=resets,
    )
    Client.objects.filter(pk=row.pk).update(last_talk_on=on, **({"silent_since": on} if resets else {}))


def tried(row: Client, by, *, reached: bool = False, on: date = TODAY - timedelta(days=2), calls: int = 1) -> None:
    Call.objects.bulk_create(
        Call(
            client=row,
            employee=by,
            at=NOW - (TODAY - on),
            direction="out",
            disposition="answered" if reached else "no_answer",
            outcome="open" if reached else "no_answer",
            talked=reached,
        )
        for _ in range(calls)
    )


def counts_anew(row: Client, policy: Policy = POLICY) -> Counter[str]:
    """What one client is counted as, from his history alone."""
    days = [contact.on for contact in Contact.objects.filter(client=row, voided_at=None)]
    resets = [contact.on for contact in Contact.objects.filter(client=row, voided_at=None, resets=True)]
    talks = [contact.on for contact in Contact.objects.filter(client=row, voided_at=None, is_talk=True)]
    window = TODAY - timedelta(days=90)
    last = max(resets)
    kept = add_months(last, policy.lost_after_months)
    if row.agreed_until:
        kept = max(kept, row.agreed_until + timedelta(days=policy.agreed_slack_days))
    uncovered = not any(day >= QUARTER.first for day in days)
    agreed = row.agreed_until is not None and row.agreed_until > TODAY
    forgotten = add_months(last, policy.forgotten_after_months) <= TODAY and not agreed
    found = {
        "base": True,
        "contacted": not uncovered,
        "talked": any(day >= QUARTER.first for day in talks),
        "contacted_91": any(day >= window for day in days),
        "talked_91": any(day >= window for day in talks),
        "uncovered": uncovered,
        "due": row.owner_id is not None and uncovered and kept <= QUARTER.last,
        "overdue": row.owner_id is not None and uncovered and forgotten,
        "never": not talks,
        "tried": not talks and Call.objects.filter(client=row, talked=False).exists(),
    }
    return Counter({name: int(is_so) for name, is_so in found.items()})


def anew(*, owner=None, pool: bool = False) -> dict[str, int]:
    rows = Client.objects.filter(archived_on=None, stopped_on=None, owner=owner, in_pool_since__isnull=not pool)
    total = Counter({name.value: 0 for name in Coverage if name is not Coverage.NEAR_LOSS})
    for row in rows:
        total.update(counts_anew(row))
    return dict(total)


def told(line) -> dict[str, int]:
    return {name.value: getattr(line.covered, name.value) for name in Coverage if name is not Coverage.NEAR_LOSS}


def test_every_figure_of_the_board_is_what_the_history_says():
    base = a_base()

    board = coverage_board(on=TODAY, policy=POLICY)

    lines = {line.place: told(line) for line in board.lines}
    assert lines == {
        str(base["ivan"].pk): anew(owner=base["ivan"]),
        str(base["olga"].pk): anew(owner=base["olga"]),
        "pool": anew(pool=True),
        "nobody": anew(),
    }
    assert told(board.total) == {name: sum(line[name] for line in lines.values()) for name in lines["pool"]}


@pytest.mark.parametrize("figure", list(Coverage))
def test_the_list_behind_a_figure_holds_as_many_clients(figure):
    a_base()
    board = coverage_board(on=TODAY, policy=POLICY)
    head = head_of_sales()

    for line in (*board.lines, board.total):
        wanted = Wanted(owner=line.place, coverage=figure)
        listed = clients_of(sight_of(head, on=TODAY), wanted=wanted, on=TODAY, policy=POLICY)
        rows = Client.objects.filter(pk__in=[each.client_id for each in listed.lines])
        assert listed.total == len(listed.lines) == rows.filter(stopped_on=None).count()
        if figure is not Coverage.NEAR_LOSS:
            assert listed.total == getattr(line.covered, figure.value)


def test_a_client_is_near_his_loss_within_thirty_days_of_it():
    a_base()
    wanted = Wanted(coverage=Coverage.NEAR_LOSS)

    listed = clients_of(sight_of(head_of_sales(), on=TODAY), wanted=wanted, on=TODAY, policy=POLICY)

    near = [
        row.pk
        for row in Client.objects.filter(archived_on=None, stopped_on=None, owner__isnull=False, status="forgotten")
        if max(add_months(row.silent_since, 6), (row.agreed_until or date.min) + timedelta(days=7))
        <= TODAY + timedelta(days=30)
    ]
    assert sorted(line.client_id for line in listed.lines) == sorted(near)
    assert near


def test_classes_hold_the_clients_of_the_latest_look_and_keep_the_unknown_apart():
    base = a_base()
    run = looked_at()
    for number, row in enumerate(base["rows"][:12]):
        profiled(run, row, abc="ABC"[number % 3], abcd="ABCD"[number % 4], by_potential=number % 2 == 0)

    classes = coverage_classes(on=TODAY, policy=POLICY)

    head = sight_of(head_of_sales(), on=TODAY)
    for name, lines in (("abc", classes.abc), ("abcd", classes.abcd)):
        assert sum(line.covered.base for line in lines) == anew_all()["base"]
        for line in lines:
            wanted = Wanted(classes=((name, line.code),), coverage=Coverage.CONTACTED)
            assert clients_of(head, wanted=wanted, on=TODAY, policy=POLICY).total == line.covered.contacted
    counts = {line.code: line.covered.base for line in classes.abcd}
    assert counts == {"A": 3, "B": 0, "C": 3, "D": 0, "unknown": len(SILENCES) + 3 - 6}


def anew_all() -> Counter[str]:
    rows = Client.objects.filter(archived_on=None, stopped_on=None)
    return sum((counts_anew(row) for row in rows), Counter())


def test_the_weeks_grow_to_the_figure_of_the_board():
    base = a_base()
    talked(base["rows"][8], date(2026, 7, 5))

    weeks = coverage_weeks(on=TODAY)

    board = coverage_board(on=TODAY, policy=POLICY)
    assert weeks.total.clients == board.total.covered.base
    assert {line.place: line.contacted[-1] for line in weeks.lines} == {
        line.place: line.covered.contacted for line in board.lines
    }
    alive = Client.objects.filter(archived_on=None, stopped_on=None)
    first = [
        min(days)
        for row in alive
        if (days := [c.on for c in Contact.objects.filter(client=row) if QUARTER.first <= c.on <= TODAY])
    ]
    assert weeks.total.contacted == tuple(
        sum(day <= end for day in first) for end in weeks.ends[: len(weeks.total.contacted)]
    )
    before = Stretch(first=date(2026, 4, 1), last=date(2026, 6, 30))
    earlier = [
        row for row in alive if Contact.objects.filter(client=row, on__gte=before.first, on__lte=before.last).exists()
    ]
    assert weeks.total.before[-1] == len(earlier)
    assert weeks.total.known_before == alive.filter(first_known_on__lte=before.last).count()


def test_days_owned_are_counted_day_by_day():
    base = a_base()
    given = base["rows"][18]
    moved_on = date(2026, 8, 10)
    Tenure.objects.filter(client=given).update(until_on=moved_on, why_until="moved")
    Tenure.objects.create(client=given, employee=base["olga"], from_on=moved_on, why_from="moved")

    days = coverage_by_days(within=SO_FAR)

    owned: Counter[int] = Counter()
    covered: Counter[int] = Counter()
    for shift in range(SO_FAR.days):
        day = SO_FAR.first + timedelta(days=shift)
        for tenure in Tenure.objects.filter(client__archived_on=None, client__stopped_on=None):
            if tenure.from_on < day and (tenure.until_on is None or day <= tenure.until_on):
                contacts = Contact.objects.filter(client=tenure.client, on__gte=SO_FAR.first, on__lte=TODAY)
                owned[tenure.employee_id] += 1
                covered[tenure.employee_id] += contacts.exists()
    assert {line.employee_id: line.owned.held.days for line in days.lines} == dict(owned)
    assert {line.employee_id: line.owned.held.covered for line in days.lines} == dict(covered)
    assert {line.employee_id: line.owned.gone for line in days.lines} == {base["ivan"].pk: 1, base["olga"].pk: 0}
    assert days.total.held.days == owned.total()


def test_a_client_contacted_before_he_left_has_not_left_uncontacted():
    himself = ivan()
    row = client(owner=himself, silent_since=date(2026, 7, 10))
    Tenure.objects.filter(client=row).update(from_on=date(2026, 1, 1), until_on=date(2026, 8, 1), why_until="moved")

    days = coverage_by_days(within=SO_FAR)

    assert [line.owned.gone for line in days.lines] == [0]


def test_the_outlook_is_the_rule_over_the_uncovered_with_what_the_manager_can_still_do():
    himself = ivan()
    rows = [client(f"К{n}", owner=himself, silent_since=TODAY - timedelta(days=100), phones=()) for n in range(60)]
    Client.objects.filter(pk__in=[row.pk for row in rows[:20]]).update(order_chance=300)
    Client.objects.filter(pk__in=[row.pk for row in rows[20:]]).update(order_chance=0)
    tried(rows[0], himself, calls=24)
    tried(rows[1], himself, calls=8, reached=True)
    morning = plan(himself)
    DayPlan.objects.filter(pk=morning.pk).update(left_out=7, calls_to_save=30)

    ahead = coverage_board(on=TODAY, policy=POLICY).lines[0].ahead

    # Sixteenth to thirtieth of September: eleven working days; 15 days are left with today's for an own order.
    assert (ahead.attempts, ahead.talks, ahead.reach.share, ahead.reach.measured) == (32, 8, 0.25, True)
    assert ahead.attempts_left == 11 * 20
    chance = 1 - (1 - 0.3) ** (16 / 30)
    talks = 11 * 20 * 0.25 * (1 - POLICY.pool_share)
    assert ahead.outlook == outlook(contacted=0, uncovered=[(0.0, 40), (chance, 20)], talks=talks)
    assert ahead.outlook.by_talks == pytest.approx(40 + (talks - 40) * (1 - chance))
    assert (ahead.left_out, ahead.calls_to_save, ahead.people) == (7, 30, 1.5)


def test_under_thirty_attempts_the_reach_is_the_policys():
    himself = ivan()
    row = client(owner=himself)
    tried(row, himself, calls=29)

    ahead = coverage_board(on=TODAY, policy=POLICY).lines[0].ahead

    assert (ahead.reach.share, ahead.reach.measured) == (POLICY.reach_rate, False)


def test_the_share_of_attempts_on_uncovered_clients_is_measured_by_the_tasks():
    himself = ivan()
    row = client(owner=himself, silent_since=date(2026, 5, 20))
    done = task(row, himself, on=TODAY - timedelta(days=1))
    type(done).objects.filter(pk=done.pk).update(attempts=30)
    covered = client("Свежий", owner=himself, silent_since=date(2026, 8, 20))
    other = task(covered, himself, on=TODAY - timedelta(days=1))
    type(other).objects.filter(pk=other.pk).update(attempts=10)

    ahead = coverage_board(on=TODAY, policy=POLICY).lines[0].ahead

    # One is uncovered; were every talk his alone, he would be talked to for sure.
    assert ahead.outlook.by_talks == 1
    assert ahead.outlook.contacted == 1


def test_the_queries_do_not_grow_with_the_base(django_assert_num_queries):
    a_base()

    with django_assert_num_queries(10):
        coverage_board(on=TODAY, policy=POLICY)
    with django_assert_num_queries(2):
        coverage_classes(on=TODAY, policy=POLICY)
    with django_assert_num_queries(2):
        coverage_weeks(on=TODAY)
    with django_assert_num_queries(3):
        coverage_by_days(within=SO_FAR)
