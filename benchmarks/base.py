"""A made-up base of any size for the benchmarks, written in bulk past the use cases: a million clients in minutes.

Two shapes of a base on the morning of `MORNING`:
  neglected  before the first morning: everybody owned, 70 of 100 silent for over half a year, no alarm ever rung;
  ordinary   a firm in its stride: 55 of 100 regular, 25 forgotten, 20 in the pool with their locks; 1.5 of 100 due.
"""

import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from django.db import connection

if TYPE_CHECKING:
    from django.db.models import Model

type Shape = Literal["neglected", "ordinary"]
type Row = tuple[Any, ...]

MORNING = date(2026, 3, 11)
YESTERDAY = MORNING - timedelta(days=1)
CONTACTS = 10
CLIENTS_PER_MANAGER = 1_000
ZONES = (
    *["Europe/Moscow"] * 14,
    *["Asia/Yekaterinburg"] * 3,
    *["Asia/Novosibirsk"] * 2,
    "Asia/Vladivostok",
)


def build(shape: Shape, *, clients: int, seed: int = 1) -> None:
    """Fill an empty database that has its tables and its first rules."""
    from budilnik.clients.models import PoolEntry

    managers = max(clients // CLIENTS_PER_MANAGER, 1)
    hurry()
    _hire(managers)
    insert("clients_clientgroup", ("id", "key"), ((n, f"group {n}") for n in range(1, clients // 80 + 2)))
    columns, rows = _clients(shape, clients=clients, managers=managers, dice=random.Random(seed))
    insert("clients_client", columns, rows)
    for statement in (CONTACTS_OF_CLIENTS, TENURES, PHONES):
        execute(statement)
    if shape == "ordinary":
        fill(PoolEntry, POOL_STAYS)
        execute(LOSSES.format(managers=managers))
        _live_yesterday(managers)
    settle()


def _sqlite() -> bool:
    return connection.vendor == "sqlite"


def hurry() -> None:
    """Leave out the checks of what is right by construction."""
    if _sqlite():
        execute("PRAGMA foreign_keys=OFF")
        execute("PRAGMA synchronous=OFF")
        execute("PRAGMA cache_size=-524288")
    else:
        execute("SET session_replication_role = replica")


def settle() -> None:
    """Leave the database as a server of some days is found: numbered on, analysed, written out."""
    if _sqlite():
        execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    for table in ("clients_client", "clients_clientgroup", "staff_employee", "calling_dayplan", "calling_morningrun"):
        execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) + 1 FROM {table}))")
    execute("SET session_replication_role = DEFAULT")
    execute("VACUUM ANALYZE")


def execute(statement: str) -> None:
    """Run a statement written for both databases."""
    with connection.cursor() as cursor:
        cursor.execute(_dialect(statement))


def _dialect(statement: str) -> str:
    """Put in what the two databases write differently."""
    sqlite, postgres = ("date({0}, '-' || ({1}) || ' days')", "({0} - ({1})::int)")
    before = sqlite if _sqlite() else postgres
    return (
        statement.replace("[no]", "0" if _sqlite() else "false")
        .replace("[yes]", "1" if _sqlite() else "true")
        .replace("[moment]", " || ' 09:00:00'" if _sqlite() else " + time '09:00'")
        .replace("[json]", "" if _sqlite() else "::jsonb")
        .replace("[instant]", "" if _sqlite() else "::timestamptz")
        .replace("[day]", "" if _sqlite() else "::date")
        .replace("[month before]", before.format("c.silent_since", "n.n * 29"))
    )


def insert(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows the fastest way that the database has."""
    names = ", ".join(f'"{name}"' for name in columns)
    if not _sqlite():
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write("\t".join("\\N" if cell is None else str(cell) for cell in row) + "\n")
        return
    connection.ensure_connection()
    raw = connection.connection
    raw.execute("BEGIN")
    raw.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})", rows)
    raw.execute("COMMIT")


def fill(model: "type[Model]", select: str) -> None:
    """Append what a SELECT gives under the names of columns; those that it does not name get the model's defaults."""
    with connection.cursor() as cursor:
        cursor.execute(_dialect(f"SELECT * FROM ({select}) AS given WHERE 1 = 0"))
        given = [column[0] for column in cursor.description]
    rest = {
        field.column: _literal(field.get_default())
        for field in model._meta.concrete_fields
        if field.column not in given and not field.primary_key and field.get_default() is not None
    }
    names = ", ".join(f'"{name}"' for name in (*given, *rest))
    values = ", ".join(("given.*", *rest.values()))
    execute(f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} FROM ({select}) AS given")


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return "[yes]" if value else "[no]"
    if isinstance(value, dict | list):
        return f"'{json.dumps(value)}'[json]"
    return f"'{value}'" if isinstance(value, str) else str(value)


def _hire(managers: int) -> None:
    """Take managers on; three of a hundred are away this week, half of them with a substitute."""
    from budilnik.staff.actions import first_team
    from budilnik.staff.models import Absence, Employee

    team = first_team()
    Employee.objects.bulk_create(
        [
            Employee(pk=n, login=f"m{n}", name=f"Менеджер {n}", role="manager", team=team, joined_on=date(2020, 1, 1))
            for n in range(1, managers + 1)
        ]
    )
    Absence.objects.bulk_create(
        [
            Absence(
                employee_id=n,
                from_on=MORNING - timedelta(days=3),
                until_on=MORNING + timedelta(days=4),
                substitute_id=n - 1 if n % 2 else None,
            )
            for n in range(7, managers + 1, 33)
        ]
    )


def _clients(shape: Shape, *, clients: int, managers: int, dice: random.Random) -> tuple[list[str], Iterator[Row]]:
    """Return the columns of the client table and its rows in order."""
    from budilnik.clients.models import Client

    make = _neglected if shape == "neglected" else _ordinary
    plain = {
        field.column: field.get_default() if field.has_default() else None for field in Client._meta.concrete_fields
    }
    plain |= {"phone_state": "usable", "policy_version": 1, "value_on": YESTERDAY, "status": "", "inn": "", "kpp": ""}

    def rows() -> Iterator[Row]:
        judge = _judge()
        for number in range(1, clients + 1):
            row = plain | _anybody(number, clients, dice) | make(dice, managers)
            row["first_known_on"] = row["first_order_on"] or row["silent_since"]
            stored, row["status"], row["next_status_on"] = row.pop("stored"), *judge(row)
            if stored:
                row["status"], row["next_status_on"] = stored
            yield tuple(map(_plain, row.values()))

    return list(plain), rows()


def _judge() -> Callable[[dict[str, Any]], tuple[str, date | None]]:
    from budilnik.core.policy import Policy
    from budilnik.core.status import StatusBook

    book = StatusBook(on=YESTERDAY, policy=Policy().silence)

    def judge(row: dict[str, Any]) -> tuple[str, date | None]:
        in_pool = row["in_pool_since"] is not None
        verdict = book.verdict(row["silent_since"], row["ever_contacted"], None, None, in_pool, "regular")
        return verdict.status.value, verdict.next_on

    return judge


def _plain(cell: object) -> object:
    if isinstance(cell, bool):
        return int(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def _anybody(number: int, clients: int, dice: random.Random) -> dict[str, Any]:
    name = f"ООО Клиент {number}"
    return {
        "id": number,
        "name": name,
        "search_key": f"клиент {number}",
        "sort_key": f"клиент {number}",
        "city": "Тула",
        "zone": ZONES[dice.randrange(len(ZONES))],
        "group_id": dice.randrange(clients // 80 + 1) + 1 if dice.random() < 0.05 else None,
        "value": int(dice.lognormvariate(16.0, 1.5)),
        "order_days_in_year": dice.randrange(1, 13),
    }


def _ago(days: int) -> date:
    return MORNING - timedelta(days=days)


def _silent(days: int, talked: int | None, dice: random.Random) -> dict[str, Any]:
    """Return the clock of a client who ordered `days` ago and was talked to `talked` days ago."""
    return {
        "silent_since": _ago(days),
        "ever_contacted": True,
        "last_talk_on": None if talked is None else _ago(talked),
        "first_order_on": _ago(days + 300 + dice.randrange(1_000)),
        "last_order_on": _ago(days),
        "in_pool_since": None,
        "stored": None,
    }


def _talked(days: int, dice: random.Random) -> int | None:
    """Return how long ago the last talk was: a third by telephone the last time, a tenth never."""
    luck = dice.random()
    if luck < 0.1:
        return None
    return days if luck < 0.4 else days + dice.randrange(120)


# Of MORNING: the days ago of an order whose third month is complete this morning, and whose sixth was yesterday.
FORGOTTEN_TODAY, LOST_TODAY = (MORNING - date(2025, 12, 11)).days, (MORNING - date(2025, 9, 10)).days


def _ordinary(dice: random.Random, managers: int) -> dict[str, Any]:
    luck, owner = dice.random(), dice.randrange(managers) + 1
    if luck < 0.20:
        days = LOST_TODAY + 1 + dice.randrange(600)
        entered = _ago(1 + dice.randrange(days - LOST_TODAY))
        return _silent(days, None, dice) | {"owner_id": None, "in_pool_since": entered}
    if luck < 0.45:
        days = FORGOTTEN_TODAY + 1 + dice.randrange(LOST_TODAY - FORGOTTEN_TODAY - 1)
        days = LOST_TODAY if luck < 0.205 else days
    else:
        days = 1 + dice.randrange(FORGOTTEN_TODAY - 1)
        days = FORGOTTEN_TODAY if luck < 0.46 else days
    return _silent(days, _talked(days, dice), dice) | {"owner_id": owner}


def _neglected(dice: random.Random, managers: int) -> dict[str, Any]:
    luck, owner = dice.random(), dice.randrange(managers) + 1
    if luck < 0.70:
        days = LOST_TODAY + dice.randrange(900)
    elif luck < 0.85:
        days = FORGOTTEN_TODAY + dice.randrange(LOST_TODAY - FORGOTTEN_TODAY)
    else:
        days = 1 + dice.randrange(FORGOTTEN_TODAY - 1)
    # As the import leaves it: regular since the last order, the alarm set three months after it.
    alarm = _ago(days - FORGOTTEN_TODAY)
    return _silent(days, None, dice) | {"owner_id": owner, "stored": ("regular", alarm)}


CONTACTS_OF_CLIENTS = f"""
WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {CONTACTS - 1}),
happened AS (
    SELECT c.id AS client_id, c.owner_id, n.n,
        CASE WHEN n.n = 0 THEN c.silent_since WHEN n.n = 1 AND c.last_talk_on IS NOT NULL THEN c.last_talk_on
            ELSE [month before] END AS day,
        CASE WHEN n.n = 1 AND c.last_talk_on IS NOT NULL THEN [yes] ELSE [no] END AS is_talk
    FROM clients_client c CROSS JOIN n
)
INSERT INTO clients_contact (client_id, employee_id, at, "on", direction, evidence, outcome, is_talk, resets,
    source, key, note)
SELECT client_id, owner_id, day[moment], day, 'in', 'order', 'order', is_talk, [yes], '', '', '' FROM happened
"""
TENURES = """
INSERT INTO clients_tenure (client_id, employee_id, from_on, until_on, why_from, why_until)
SELECT id, owner_id, first_known_on, NULL, 'import', '' FROM clients_client WHERE owner_id IS NOT NULL
"""
# One number in fifty is that of the client before as well.
PHONES = """
INSERT INTO clients_phone (client_id, number, extension, zone, shared)
SELECT id, '+7' || (9000000000 + id - CASE WHEN id % 100 = 1 AND id > 1 THEN 1 ELSE 0 END), '', zone,
    CASE WHEN id % 100 IN (0, 1) AND id > 1 THEN [yes] ELSE [no] END FROM clients_client
"""
POOL_STAYS = """
SELECT id AS client_id, in_pool_since AS entered_on, CASE WHEN id % 10 = 0 THEN '2026-04-20' ELSE NULL END[day]
    AS rest_until,
    CASE WHEN id % 5 = 0 THEN '' WHEN id % 16 = 1 THEN 'out' ELSE 'in' END AS drawn
FROM clients_client WHERE in_pool_since IS NOT NULL
"""
LOSSES = """
INSERT INTO clients_loss (client_id, employee_id, "on", silent_since, initial, recorded_at, reason, lifted_why)
SELECT id, 1 + (id * 7919) % {managers}, in_pool_since, silent_since, [no], in_pool_since[moment], '', ''
FROM clients_client WHERE in_pool_since IS NOT NULL
UNION ALL
SELECT id, 1 + (id * 104729) % {managers}, first_known_on, first_known_on, [no], first_known_on[moment], '', ''
FROM clients_client WHERE in_pool_since IS NOT NULL AND id % 3 = 0
"""
# Of twenty tasks of yesterday eight were not reached; ten promises are open, some of them for today.
TASKS_OF_YESTERDAY = """
SELECT owner_id AS plan_id, owner_id AS employee_id, id AS client_id, '{yesterday}'[day] AS "on", at AS position,
    'own' AS queue, status, silent_since, value,
    CASE WHEN at > 12 THEN NULL ELSE '{yesterday} 15:00:00' END[instant] AS closed_at,
    CASE WHEN at > 12 THEN '' ELSE 'done' END AS "close"
FROM (SELECT c.*, row_number() OVER (PARTITION BY owner_id ORDER BY id) AS at FROM clients_client c
    WHERE owner_id IS NOT NULL) ranked WHERE at <= 20
"""


def _live_yesterday(managers: int) -> None:
    """Publish the morning before, with the tasks that were not reached and the promises that were given."""
    from budilnik.calling.models import Callback, CallTask, DayPlan, MorningRun
    from budilnik.clients.models import Client

    moment = datetime(2026, 3, 10, 5, tzinfo=UTC)
    run = MorningRun.objects.create(
        on=YESTERDAY,
        policy_version=1,
        seed="1",
        holder="base",
        lease_until=moment,
        started_at=moment,
        published_at=moment,
    )
    DayPlan.objects.bulk_create([DayPlan(pk=n, run=run, employee_id=n, capacity=20) for n in range(1, managers + 1)])
    fill(CallTask, TASKS_OF_YESTERDAY.format(yesterday=YESTERDAY))
    owned = Client.objects.exclude(owner=None).order_by("pk").values_list("pk", "owner_id")[: managers * 10]
    Callback.objects.bulk_create(
        [
            Callback(
                client_id=client,
                promised_by_id=owner,
                employee_id=owner,
                local_on=MORNING + timedelta(days=client % 15),
                zone="Europe/Moscow",
                due_at=moment + timedelta(days=1 + client % 15),
                recorded_at=moment,
            )
            for client, owner in owned
        ],
        batch_size=2_000,
    )
