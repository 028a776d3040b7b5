"""The state of the installation for whoever looks after it: figures of the whole, no client by name."""

import shutil
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import connection

import budilnik
from budilnik.calling.queries.morning import last_published
from budilnik.calling.queries.schedule import morning_state
from budilnik.clients.queries.base import count_clients

LEAST_FREE_BYTES = 500 * 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How the installation stands. Units: `free` in gigabytes."""

    last_morning: date | None
    today: str
    published_at: datetime | None
    clients: int
    database: str
    version: str
    free: float
    disk_is_full: bool


def state_on(day: date) -> State:
    """Return how the installation stands on a day. Four queries."""
    morning = morning_state(day)
    free = shutil.disk_usage(settings.HOME).free
    return State(
        last_morning=last_published(),
        today=morning.stage.value,
        published_at=morning.published_at,
        clients=count_clients(),
        database={"postgresql": "PostgreSQL", "sqlite": "SQLite"}.get(connection.vendor, connection.vendor),
        version=budilnik.__version__,
        free=round(free / 1024**3, 1),
        disk_is_full=free < LEAST_FREE_BYTES,
    )
