"""The letter of the morning: to whom, when, and every figure of it counted anew."""

from datetime import date, time, timedelta

import pytest

from budilnik.calling.models import Call, CallTask, DayPlan, MorningHold, MorningRun
from budilnik.calling.queries.letter import letter_of
from budilnik.clients.models import Client, Loss, PoolEntry
from budilnik.core.policy import Policy
from budilnik.core.terms import Disposition, Outcome, Queue, Role
from budilnik.jobs.letter import letters_by_schedule, worded
from budilnik.jobs.loop import all_jobs
from budilnik.jobs.scheduled import Moment
from budilnik.staff.actions.outbox import claim_message
from budilnik.staff.models import Employee, OutboxMessage
from cast import NOW, TODAY, at_moscow, client, employee, ivan, olga, plan, pool_client, promise, task

pytestmark = [pytest.mark.django_db, pytest.mark.database]

YESTERDAY = TODAY - timedelta(days=1)
FRIDAY, MONDAY = date(2026, 9, 18), date(2026, 9, 21)
QUERIES = 27


@pytest.fixture(autouse=True)
def mail(settings):
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    settings.SITE_URL = "https://sales.example.ru"


def at(on: date = TODAY) -> Moment:
    return Moment(now=at_moscow(7, on=on), on=on, policy=Policy())


def leader(login: str = "head", *, role: Role = Role.HEAD, **facts: object) -> Employee:
    him = employee(login, "Валентина Руденко", role=role)
    Employee.objects.filter(pk=him.pk).update(**{"email": f"{login}@firma.ru"} | facts)
    return him


def keys() -> set[str]:
    return set(OutboxMessage.objects.values_list("key", flat=True))


def call(row: Client, who: Employee, *, of: CallTask | None, talked: bool, on: date = YESTERDAY) -> None:
    Call.objects.create(
        task=of,
        client=row,
        employee=who,
        at=at_moscow(11, on=on),
        direction="out",
        disposition=(Disposition.ANSWERED if talked else Disposition.NO_ANSWER).value,
        outcome=(Outcome.OPEN if talked else Outcome.NO_ANSWER).value,
        talked=talked,
    )


def a_day(on: date = YESTERDAY) -> tuple[Employee, Employee]:
    """Ivan did two of three tasks with three attempts, Olga skipped one; two promises broken, one kept."""
    his, hers = ivan(), olga()
    rows = [client(f"Болт {number}", owner=his, phones=(f"+749512345{number:02}",)) for number in range(3)]
    for row in rows:
        task(row, his, on=on)
    CallTask.objects.filter(client__in=rows[:2]).update(close="outcome", closed_at=NOW)
    CallTask.objects.filter(client=rows[2]).update(close="not_reached", closed_at=NOW)
    tasks = {each.client_id: each for each in CallTask.objects.all()}
    call(rows[0], his, of=tasks[rows[0].pk], talked=True, on=on)
    call(rows[1], his, of=tasks[rows[1].pk], talked=True, on=on)
    call(rows[2], his, of=tasks[rows[2].pk], talked=False, on=on)
    call(rows[2], his, of=None, talked=True, on=on)
    put_off = task(client("Гайка", owner=hers), hers, on=on)
    CallTask.objects.filter(pk=put_off.pk).update(close="skip_conflict", closed_at=NOW)
    for name, who, hour in (("Винт", his, 15), ("Анкер", hers, 16)):
        broken = promise(client(name, owner=who), who, on=on, at=time(hour))
        type(broken).objects.filter(pk=broken.pk).update(recorded_at=at_moscow(9, on=on - timedelta(days=3)))
    kept = promise(client("Дюбель", owner=his), his, on=on, at=time(12))
    type(kept).objects.filter(pk=kept.pk).update(
        end="done", ended_at=at_moscow(12, on=on), recorded_at=at_moscow(9, on=on - timedelta(days=3))
    )
    return his, hers


def test_heads_and_directors_with_an_address_get_one_letter_each_of_a_published_morning():
    head, director = leader(), leader("boss", role=Role.DIRECTOR)
    leader("silent", letter=False)
    leader("nowhere", email="")
    leader("gone", left_on=TODAY, is_active=False)
    leader("manager", role=Role.MANAGER)
    letters_by_schedule(at())
    assert keys() == set()
    plan(ivan())

    letters_by_schedule(at())
    letters_by_schedule(at())

    assert keys() == {f"letter:{TODAY}:{head.pk}", f"letter:{TODAY}:{director.pk}"}
    assert OutboxMessage.objects.get(key__endswith=f":{head.pk}").facts == {"on": str(TODAY), "employee": head.pk}


def test_on_a_day_off_there_is_no_letter():
    leader()
    plan(ivan())
    MorningRun.objects.update(works=False)

    letters_by_schedule(at())

    assert keys() == set()


def test_a_held_morning_is_told_of_and_the_letter_follows_when_it_is_allowed():
    head = leader()
    MorningHold.objects.create(on=TODAY, releases=3_214, owned=9_000, noted_at=NOW)
    letters_by_schedule(at())
    assert keys() == {f"held:{TODAY}:{head.pk}"}
    told = worded(claim_message(NOW), on=TODAY, now=NOW, policy=Policy())
    assert told.subject == "Будильник, 15.09: утро ждёт вашего слова"
    assert "3\u202f214 из 9\u202f000 клиентов" in told.text

    MorningHold.objects.update(allowed_at=NOW)
    letters_by_schedule(at())
    assert len(keys()) == 1
    plan(ivan())
    letters_by_schedule(at())

    assert f"letter:{TODAY}:{head.pk}" in keys()


def test_a_word_given_meanwhile_makes_the_call_for_it_needless():
    leader()
    MorningHold.objects.create(on=TODAY, releases=10, owned=20, noted_at=NOW)
    letters_by_schedule(at())
    MorningHold.objects.update(allowed_at=NOW)

    assert worded(claim_message(NOW), on=TODAY, now=NOW, policy=Policy()) is None


def test_yesterdays_letter_is_not_sent_today():
    leader()
    plan(ivan())
    letters_by_schedule(at())

    assert worded(claim_message(NOW), on=TODAY + timedelta(days=1), now=NOW, policy=Policy()) is None


def test_the_figures_of_yesterday_are_those_of_the_tables():
    his, _hers = a_day()
    won = pool_client("Клей", lost_by=his)
    PoolEntry.objects.filter(client=won).update(left_on=YESTERDAY, why_left="won_back")
    Loss.objects.update(recorded_at=at_moscow(6, on=YESTERDAY))
    plan(his, on=TODAY)

    told = letter_of(on=TODAY, now=NOW, policy=Policy()).before

    planned = Call.objects.exclude(task=None)
    assert (told.within.first, told.within.last) == (YESTERDAY, YESTERDAY)
    assert (told.total.attempts, told.total.talks) == (planned.count(), planned.filter(talked=True).count()) == (3, 2)
    assert told.total.reach == pytest.approx(2 / 3)
    closed = CallTask.objects.filter(on=YESTERDAY)
    assert (told.total.done, told.total.planned) == (closed.filter(close="outcome").count(), closed.count()) == (2, 4)
    assert told.total.skipped == closed.filter(close__startswith="skip_").count() == 1
    assert [(each.client, each.employee) for each in told.promises] == [
        ("Винт", "Иван Петров"),
        ("Анкер", "Ольга Сергеева"),
    ]
    assert (told.broken, told.others) == (2, 0)
    assert (told.won_back, told.lost) == (1, 1)
    assert {line.name: (line.attempts, line.done, line.planned) for line in told.managers} == {
        "Иван Петров": (3, 2, 3),
        "Ольга Сергеева": (0, 0, 1),
    }


def test_the_figures_of_today_are_those_of_the_lists():
    his, hers = ivan(), olga()
    row = client("Болт", owner=his)
    task(row, his, queue=Queue.AT_RISK)
    task(client("Винт", owner=his), his, callback=promise(row, his))
    CallTask.objects.filter(client=row).update(deadline=TODAY)
    plan(hers, capacity=12)
    DayPlan.objects.filter(employee=his).update(left_out=7, calls_to_save=3)
    DayPlan.objects.filter(employee=hers).update(left_out=5, calls_to_save=1)
    MorningRun.objects.update(released=4)

    told = letter_of(on=TODAY, now=NOW, policy=Policy())

    plans = list(DayPlan.objects.all())
    assert (told.before.within.first, told.before.broken, told.before.managers) == (YESTERDAY, 0, ())
    assert (told.ahead.people, told.ahead.capacity) == (len(plans), sum(each.capacity for each in plans))
    assert (told.ahead.tasks, told.ahead.promises, told.ahead.deadlines) == (2, 1, 1)
    assert (told.ahead.left_out, told.ahead.calls_to_save, told.ahead.released) == (12, 4, 4)
    quarter = date(2026, 7, 1)
    covered = [each for each in Client.objects.all() if each.ever_contacted and each.silent_since >= quarter]
    assert told.coverage.base == 2
    assert told.coverage.contacted_share == len(covered) / 2


def test_on_monday_the_day_before_is_friday_with_its_weekend():
    his, _hers = a_day(on=FRIDAY)
    plan(his, on=MONDAY)

    told = letter_of(on=MONDAY, now=at_moscow(7, on=MONDAY), policy=Policy()).before

    assert (told.within.first, told.within.last) == (FRIDAY, MONDAY - timedelta(days=1))
    assert told.total.attempts == 3


def test_the_letter_names_broken_promises_first_and_leads_to_the_pages():
    a_day()
    leader()
    plan(Employee.objects.get(login="ivan"), on=TODAY)
    letters_by_schedule(at())

    told = worded(claim_message(NOW), on=TODAY, now=NOW, policy=Policy())

    assert told.subject == "Будильник, 15.09: нарушено обещаний: 2"
    for body in (told.text, told.html):
        assert body.index("Анкер") < body.index("Сделано") < body.index("Сегодня")
    anchor = Client.objects.get(name="Анкер")
    assert f'href="https://sales.example.ru/clients/{anchor.pk}/"' in told.html
    assert "https://sales.example.ru/team/" in told.text
    assert "&" not in told.text


def test_an_english_head_reads_english(settings):
    a_day()
    leader(language="en")
    plan(Employee.objects.get(login="ivan"), on=TODAY)
    letters_by_schedule(at())

    told = worded(claim_message(NOW), on=TODAY, now=NOW, policy=Policy())

    assert told.subject == "Budilnik, 15.09: broken promises: 2"
    assert "Of the list" in told.html
    assert "Сегодня" not in told.html + told.text


def test_a_name_is_no_markup_in_the_letter():
    a_day()
    Client.objects.filter(name="Анкер").update(name="<b>Анкер</b>")
    leader()
    plan(Employee.objects.get(login="ivan"), on=TODAY)
    letters_by_schedule(at())

    told = worded(claim_message(NOW), on=TODAY, now=NOW, policy=Policy())

    assert "<b>Анкер" not in told.html
    assert "<b>Анкер</b>" in told.text


def test_the_queries_of_a_letter_do_not_grow(django_assert_num_queries):
    a_day()
    plan(Employee.objects.get(login="ivan"), on=TODAY)

    with django_assert_num_queries(QUERIES):
        letter_of(on=TODAY, now=NOW, policy=Policy())


def test_the_loop_writes_letters_before_it_sends_them():
    names = [job.name for job in all_jobs()]

    assert names.index("morning") < names.index("letter") < names.index("outbox")
