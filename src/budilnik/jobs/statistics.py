"""What the database knows of its own tables, renewed once a day."""

from django.db import connection

ROWS_LOOKED_AT = 400


def renew_statistics() -> None:
    """Let SQLite see how its tables are filled; without that it picks the wrong index once a base is large.

    A look at some hundred rows of each index: a tenth of a second at any size. PostgreSQL does so by itself.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={ROWS_LOOKED_AT}")
        cursor.execute("ANALYZE")
