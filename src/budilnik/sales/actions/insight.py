"""Writes of what insight found: rows of an unpublished run first, then one UPDATE that shows them all at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from budilnik.clients.actions.columns import append_rows, give_way
from budilnik.core.refusal import Refusal
from budilnik.sales.models import ClientProfile, InsightRun, Offer, OfferRefusal

LEASE = timedelta(minutes=30)
ROWS_AT_ONCE = 5_000

PROFILE_COLUMNS = tuple(
    field.attname for field in ClientProfile._meta.concrete_fields if field.attname not in ("id", "run_id")
)
OFFER_COLUMNS = tuple(field.attname for field in Offer._meta.concrete_fields if field.attname not in ("id", "run_id"))


class InsightIsBeingMade(Refusal):
    """Another process looks at the base now; it is done once."""

    ru = "Аналитику на {on} уже считает другой процесс ({holder})."
    en = "The insight of {on} is being made by another process ({holder})."


class InsightTakenOver(Refusal):
    """This process was silent for too long, or its run was called off."""

    ru = "Расчёт аналитики на {on} отменён или перехвачен другим процессом; прежние данные остались в силе."
    en = "The insight of {on} was called off or taken over by another process; what was known before stays in force."


def begin_run(*, on: date, engine: str, holder: str, now: datetime, at_work: Sequence[str]) -> int:
    """Open a run; `at_work` are the holders of others that are alive. What a killed one has left behind is thrown away.

    Raises: InsightIsBeingMade.
    """
    if at_work:
        raise InsightIsBeingMade(on=on, holder=at_work[0])
    with transaction.atomic():
        InsightRun.objects.open().update(cancelled_at=now)
        run = InsightRun.objects.create(
            on=on, engine=engine, holder=holder, lease_until=now + LEASE, started_at=now, stage="begun"
        )
    sweep_runs()
    return run.pk


def reach_stage(run_id: int, stage: str, *, now: datetime) -> None:
    """Note how far a run is, and renew its lease.

    Raises: InsightTakenOver when it was called off or taken over meanwhile.
    """
    mine = InsightRun.objects.open().filter(pk=run_id)
    if mine.update(stage=stage, lease_until=now + LEASE) != 1:
        raise InsightTakenOver(on=InsightRun.objects.get(pk=run_id).on)


def call_off(run_id: int, *, now: datetime) -> bool:
    """Ask an open run to end; it does at its next stage. Say whether there was one."""
    return InsightRun.objects.open().filter(pk=run_id).update(cancelled_at=now) == 1


def store_profiles(run_id: int, rows: Sequence[Sequence[object]]) -> None:
    """Add profiles in the order of PROFILE_COLUMNS to an unpublished run."""
    _store(ClientProfile, PROFILE_COLUMNS, run_id, rows)


def store_offers(run_id: int, rows: Sequence[Sequence[object]]) -> None:
    """Add offers in the order of OFFER_COLUMNS to an unpublished run."""
    _store(Offer, OFFER_COLUMNS, run_id, rows)


def _store(model: type[ClientProfile | Offer], columns: Sequence[str], run_id: int, rows: Sequence[Any]) -> None:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[start : start + ROWS_AT_ONCE]
        with transaction.atomic():
            append_rows(model, ("run_id", *columns), ((run_id, *row) for row in some))
        give_way()


def publish_run(run_id: int, *, findings: Mapping[str, object], clients: int, offers: int, now: datetime) -> None:
    """Show a run to all readers at once.

    Raises: InsightTakenOver.
    """
    mine = InsightRun.objects.open().filter(pk=run_id)
    shown = mine.update(published_at=now, stage="published", findings=findings, clients=clients, offers=offers)
    if shown != 1:
        raise InsightTakenOver(on=InsightRun.objects.get(pk=run_id).on)


def sweep_runs() -> None:
    """Throw away the rows of every run but the one in force and those still at work; the runs stay."""
    needed = {*InsightRun.objects.in_force().values_list("pk", flat=True)}
    needed |= {*InsightRun.objects.open().values_list("pk", flat=True)}
    for rows in (Offer.objects.exclude(run__in=needed), ClientProfile.objects.exclude(run__in=needed)):
        while some := list(rows.order_by().values_list("pk", flat=True)[:ROWS_AT_ONCE]):
            with transaction.atomic():
                rows.filter(pk__in=some).delete()
            give_way()


def refuse_offer(*, client_id: int, product_id: int, by_id: int, now: datetime) -> bool:
    """Remember that a good does not suit a client; say whether that is new."""
    _, made = OfferRefusal.objects.get_or_create(
        client_id=client_id, product_id=product_id, taken_back_at=None, defaults={"by_id": by_id, "at": now}
    )
    return made


def take_back_refusal(*, client_id: int, product_id: int, now: datetime) -> bool:
    """Let a good be offered again; say whether it had been refused."""
    refused = OfferRefusal.objects.in_force().filter(client_id=client_id, product_id=product_id)
    return refused.update(taken_back_at=now) == 1


def columns_of(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> list[tuple[object, ...]]:
    """Return rows told by name as rows told by place; a name that is missing is empty."""
    return [tuple(row.get(column) for column in columns) for row in rows]
