"""One statement, many rows: how columns of the base are written at once."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from budilnik.clients.models import Client

BATCH = 2_000


def save_columns(clients: Iterable[Client], columns: Sequence[str]) -> None:
    """Write columns of many clients by number: one statement, many parameter rows, on both databases alike."""
    fields: list[Any] = [Client._meta.get_field(column) for column in columns]
    sets = ", ".join(f'"{field.column}" = %s' for field in fields)
    rows = [
        [*(field.get_db_prep_save(getattr(client, field.attname), connection) for field in fields), client.pk]
        for client in clients
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(f'UPDATE "{Client._meta.db_table}" SET {sets} WHERE "id" = %s', rows)
