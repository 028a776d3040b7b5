"""One statement, many rows: how columns of a table are written at once."""

from collections.abc import Iterable, Sequence
from time import sleep
from typing import Any

from django.db import connection, models

BATCH = 2_000
# SQLite does not wake a writer who waits: he looks again, in his first quarter of a second every 50 ms at the latest.
PAUSE_SECONDS = 0.05
_AS_THEY_ARE = (int, float, type(None))


def save_columns(rows: Iterable[models.Model], columns: Sequence[str]) -> None:
    """Write columns of many rows of one table by number: one statement, many parameter rows, on both databases alike.

    `bulk_update` builds one CASE for all rows, which takes ten times as long.
    """
    saved = list(rows)
    if not saved:
        return
    table: Any = saved[0]._meta
    fields: list[Any] = [table.get_field(column) for column in columns]
    sets = ", ".join(f'"{field.column}" = %s' for field in fields)
    values = [
        [*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields), row.pk]
        for row in saved
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f'UPDATE "{table.db_table}" SET {sets} WHERE "id" = %s', values)


def append_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Append rows of plain values to a table; columns not named get their defaults.

    The models are passed by: making a hundred thousand of them takes several times longer than writing them.
    """
    named: list[Any] = [model._meta.get_field(column) for column in columns]
    rest: list[Any] = [field for field in model._meta.concrete_fields if not field.primary_key and field not in named]
    defaults = [field.get_db_prep_save(field.get_default(), connection) for field in rest]
    cells = [[*map(_stored, named, row), *defaults] for row in rows]
    if not cells:
        return
    names = ", ".join(f'"{field.column}"' for field in [*named, *rest])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
                for each in cells:
                    copy.write_row(each)
        else:
            places = ", ".join(["%s"] * len(cells[0]))
            cursor.executemany(f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({places})', cells)


def _stored(field: "models.Field[Any, Any]", cell: object) -> object:
    # A million numbers pass here, and no database stores one otherwise.
    return cell if type(cell) in _AS_THEY_ARE else field.get_db_prep_save(cell, connection)


def give_way() -> None:
    """Between two batches, let those who wait to save go first; PostgreSQL has no queue of writers to let by."""
    if connection.vendor == "sqlite":
        sleep(PAUSE_SECONDS)
