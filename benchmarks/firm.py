"""A firm in the middle of its year, for the benchmarks of the screens: a base, its cards full, the morning published.

    python benchmarks/firm.py --child STAGE CASE    # used by the benchmarks, each stage in a process of its own

To `base.build` come: a head; two people and one or two numbers a client; 12 orders of three lines over 5,000 goods;
five calls of the past with their audit, promises that were kept, a note. 100,000 clients have 3.6 million lines.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from morning import child, database, read

if TYPE_CHECKING:
    from budilnik.staff.models import Employee

ORDERS, LINES, CALLS, GOODS = 12, 3, 5, 5_000
CALLERS_ROLE, HEAD_ROLE = "manager", "head"
# The morning is made before work; the pages are opened at ten by Moscow and the clock runs on from there.
BEFORE_WORK, AT_WORK = datetime(2026, 3, 11, 3, tzinfo=UTC), datetime(2026, 3, 11, 7, tzinfo=UTC)

UP_TO = "WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {last})"
PEOPLE = """
SELECT c.id AS client_id, who.name, who.post, who.roles[json] AS roles FROM clients_client c CROSS JOIN (
    SELECT 'Белова Анна Сергеевна' AS name, 'начальник снабжения' AS post, '["decision_maker"]' AS roles
    UNION ALL SELECT 'Громов Пётр', 'кладовщик', '["user"]') AS who
"""
OWN_NUMBERS = """
UPDATE clients_phone SET person_id = p.first FROM
    (SELECT client_id, min(id) AS first FROM clients_contactperson GROUP BY client_id) AS p
WHERE p.client_id = clients_phone.client_id
"""
SECOND_NUMBERS = """
SELECT p.client_id, p.id AS person_id, '+7' || (9500000000 + p.client_id) AS number
FROM clients_contactperson p WHERE p.post = 'кладовщик' AND p.client_id % 2 = 0
"""
ORDERS_OF_CLIENTS = f"""
{UP_TO.format(last=ORDERS - 1)}
SELECT 'base' AS source, c.id || '-' || n.n AS key, c.id AS client_id, [month before][moment] AS ordered_at,
    [month before] AS ordered_on, c.value / 12 AS net, [yes] AS counts, '' AS digest
FROM clients_client c CROSS JOIN n
"""
LINES_OF_ORDERS = f"""
{UP_TO.format(last=LINES - 1)}
SELECT o.id AS order_id, 1 + (o.client_id * 31 + n.n * 7 + o.id % 5) % {GOODS} AS product_id, 100000 AS quantity,
    100000 AS price, o.net / {LINES} AS amount
FROM sales_order o CROSS JOIN n
"""
CALLS_OF_CLIENTS = f"""
{UP_TO.format(last=CALLS - 1)}
SELECT c.id AS client_id, coalesce(c.owner_id, 1 + c.id % {{managers}}) AS employee_id, [month before][moment] AS at,
    'out' AS direction, CASE WHEN n.n % 2 = 0 THEN 'answered' ELSE 'no_answer' END AS disposition,
    CASE WHEN n.n % 2 = 0 THEN 'open' ELSE 'no_answer' END AS outcome, [yes] AS in_force,
    CASE WHEN n.n % 2 = 0 THEN 'Есть запас до конца квартала, просили прайс на крепёж по ГОСТ.' ELSE '' END AS note
FROM clients_client c CROSS JOIN n
"""
AUDIT_OF_CALLS = """
SELECT at, employee_id AS by_id, 'call_recorded' AS action, 'call' AS subject, id AS subject_id FROM calling_call
"""
KEPT_PROMISES = """
SELECT client_id, employee_id AS promised_by_id, employee_id, date(at) AS local_on, 'Europe/Moscow' AS zone,
    at AS due_at, at AS recorded_at, at AS ended_at, 'done' AS "end" FROM calling_call WHERE outcome = 'open'
"""
NOTES = """
SELECT c.id AS client_id, c.silent_since[moment] AS at, 'Пропуск на склад заказывать за день.' AS text,
    CASE WHEN c.id % 10 = 0 THEN [yes] ELSE [no] END AS pinned FROM clients_client c
"""


def _furnish(case: dict[str, Any]) -> dict[str, Any]:
    """Make the base and fill its cards."""
    import base
    from budilnik.calling.models import Call, Callback
    from budilnik.clients.models import ContactPerson, Note, Phone
    from budilnik.config.startup import ensure_database
    from budilnik.sales.models import Order, OrderLine
    from budilnik.staff.models import AuditEntry, Employee

    ensure_database()
    base.build("ordinary", clients=case["clients"])
    base.hurry()
    managers = Employee.objects.count()
    Employee.objects.create(login="head", name="Руководитель", role=HEAD_ROLE, team_id=1, joined_on="2020-01-01")
    base.fill(ContactPerson, PEOPLE)
    base.execute(OWN_NUMBERS)
    base.fill(Phone, SECOND_NUMBERS)
    goods = ((n, "base", f"А{n:05}", f"Болт М{n % 30} партия {n}", "") for n in range(1, GOODS + 1))
    base.insert("sales_product", ("id", "source", "key", "name", "group"), goods)
    base.fill(Order, ORDERS_OF_CLIENTS)
    base.fill(OrderLine, LINES_OF_ORDERS)
    base.fill(Call, CALLS_OF_CLIENTS.format(managers=managers))
    base.fill(AuditEntry, AUDIT_OF_CALLS)
    base.fill(Callback, KEPT_PROMISES)
    base.fill(Note, NOTES)
    base.settle()
    return {"managers": managers, "lines": OrderLine.objects.count()}


def _look(_case: dict[str, Any]) -> dict[str, Any]:
    """Look at the whole base, so that cards have their profiles and goods to offer."""
    import base
    from budilnik.jobs.insight import make_insight
    from budilnik.sales.queries.insight import latest_run

    make_insight(base.MORNING, engine="", step=lambda name: None)
    found = latest_run()
    return {"clients": found.clients, "offers": found.offers} if found else {}


def _morning(_case: dict[str, Any]) -> dict[str, Any]:
    """Publish the morning."""
    import base
    from budilnik.jobs.morning import make_morning

    make_morning(base.MORNING, step=lambda name: None)
    return {}


def _staff(_case: dict[str, Any]) -> dict[str, Any]:
    """Sign in the head and everybody who has a list today; return what a browser of each would hold."""
    from budilnik.calling.models import DayPlan
    from budilnik.staff.models import Employee

    at_work = DayPlan.objects.filter(run__on="2026-03-11", capacity__gt=0).values("employee_id")
    callers = Employee.objects.filter(pk__in=at_work).order_by("pk")
    heads = Employee.objects.filter(role=HEAD_ROLE)
    return {"callers": [_signed_in(each) for each in callers], "head": _signed_in(heads.get())}


def _signed_in(employee: "Employee") -> dict[str, Any]:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from budilnik.clients.models import Client

    session = SessionStore()
    session[SESSION_KEY] = str(employee.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = employee.get_session_auth_hash()
    session.create()
    own = Client.objects.filter(owner=employee) if employee.role == CALLERS_ROLE else Client.objects.all()
    numbers = list(own.order_by("pk").values_list("pk", flat=True)[:300])
    return {"employee": employee.pk, "session": session.session_key, "clients": numbers}


def _account(_case: dict[str, Any]) -> dict[str, Any]:
    """Return the calls of the day by task, and how many cached facts history does not confirm."""
    from django.db.models import Count

    from budilnik.calling.models import Call
    from budilnik.calling.queries.morning import last_published
    from budilnik.clients.queries.base import differences
    from budilnik.staff.queries import rules_on

    made = Call.objects.filter(at__gte=AT_WORK).values_list("task_id").annotate(n=Count("pk")).order_by()
    on = last_published()
    policy = rules_on(on).policy if on else None
    return {
        "calls": {str(task): n for task, n in made},
        "differences": sum(1 for _ in differences(on=on, policy=policy)),
    }


STAGES = {"furnish": _furnish, "look": _look, "morning": _morning, "staff": _staff, "account": _account}


@contextmanager
def firm(kind: str, *, clients: int) -> Iterator[dict[str, str]]:
    """Give the environment of a firm on a database of that kind, its morning published."""
    with database(kind) as environment:
        stage("furnish", environment, clients=clients)
        looked = stage("look", environment | clock(BEFORE_WORK))
        print(f"looked at: {looked}", file=sys.stderr)
        stage("morning", environment | clock(BEFORE_WORK))
        yield environment


def stage(name: str, environment: dict[str, str], **case: object) -> dict[str, Any]:
    """Run a stage in a process of its own and return what it told."""
    return read(child(name, case, environment, program=__file__))


def clock(moment: datetime) -> dict[str, str]:
    """Return the setting by which it is `moment` now."""
    from budilnik.jobs.clock import shift_to

    return {"BUDILNIK_CLOCK_SHIFT": shift_to(moment)}


if __name__ == "__main__":
    from budilnik.config.startup import start

    start()
    print(json.dumps(STAGES[sys.argv[2]](json.loads(sys.argv[3]))))
