"""Insight as a job: the base is brought to files, looked at as a whole, and what was found is brought home at once.

Killed at any point and run again it ends as one that was not killed: nothing is seen before the last UPDATE.
"""

import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from ibis.expr.types import Table

from budilnik.analytics import whole
from budilnik.analytics.classes import movement
from budilnik.analytics.engines import EMBEDDED, Engine, base_of, open_engine
from budilnik.analytics.learning import from_findings, learn, to_findings
from budilnik.analytics.seasons import months, seasons
from budilnik.calling.actions.insight import Bringing, Outlook, begin_insight
from budilnik.jobs.clock import now
from budilnik.jobs.morning import is_gone, this_process
from budilnik.jobs.snapshot import take_snapshot
from budilnik.sales.queries.insight import latest_run
from budilnik.sales.queries.snapshot import refused_goods

type Step = Callable[[str], None]
type Row = dict[str, Any]

# What the embedded engine may take; the rest it keeps in files beside.
MEMORY = "2GB"
# The names of the profile's columns where the tables of insight call them otherwise.
RENAMED = {
    "p30": "chance_30",
    "p60": "chance_60",
    "p90": "chance_90",
    "p_lost": "lost_chance",
}
COUNTED = ("purchases", "revenue_365", "revenue_before", "stopped_items", "stopped_amount")
TOLD = ("leaving", "narrowed", "by_potential")
NOTHING: Row = dict.fromkeys(COUNTED, 0) | dict.fromkeys(TOLD, False) | dict.fromkeys(("abc", "abcd", "regularity"), "")


def folder() -> Path:
    """Return where the files of insight lie: those of the base, and what an engine spills."""
    return Path(settings.HOME) / "insight"


def make_insight(on: date, *, engine: str, step: Step, memory: str = MEMORY) -> None:
    """Look at the whole base as it was on the morning of `on` and bring what is found to cards, lists and queues.

    Without a name of an engine it is the one inside this process.

    Raises: UnknownEngine, EngineUnwilling, InsightIsBeingMade, InsightTakenOver.
    """
    name = engine or EMBEDDED
    work = folder() / "work" / uuid4().hex
    try:
        with open_engine(name, folder=work, memory=memory) as opened:
            bringing = begin_insight(on=on, engine=name, holder=this_process(), clock=now, is_gone=is_gone)
            _clear_away(work.parent, but=work)
            _make(opened, bringing, on=on, step=step)
    finally:
        # An engine on Spark has written here as another user: what cannot be thrown away is left.
        shutil.rmtree(work, ignore_errors=True)


def _clear_away(folder: Path, *, but: Path) -> None:
    """Throw away what looks that were killed have left behind; nobody else looks now."""
    for left in folder.iterdir():
        if left != but:
            shutil.rmtree(left, ignore_errors=True)


def _make(engine: Engine, bringing: Bringing, *, on: date, step: Step) -> None:
    def reached(stage: str) -> None:
        bringing.reach(stage)
        step(stage)

    snapshot = take_snapshot(folder() / "base")
    reached("base_read")
    look = whole.begin(base_of(engine, snapshot.files), on, keep=engine.keep)
    reached("purchases_counted")
    before = latest_run()
    learnt = learn(look.days, on, known=from_findings(before.findings if before else {}))
    reached("learnt")
    bought = whole.baskets_of(look, keep=engine.keep, lines=engine.count(look.seen.lines))
    reached("baskets_counted")
    outlooks: dict[int, Outlook] = {}
    classed = engine.keep(whole.classes(look))
    season = engine.keep(seasons(look.seen, on))
    more = [classed, whole.before(look), whole.season_hints(look, season, bought), whole.stopped_goods(look, bought)]
    told = whole.profiles(look, coefficients=learnt.coefficients, losing=learnt.losing, more=more)
    for batch in engine.batches(told):
        rows = [_profile(row) for row in batch.to_pylist()]
        bringing.profiles(rows)
        outlooks.update((row["client_id"], _outlook(row)) for row in rows)
        bringing.reach("profiles")
    reached("profiles_kept")
    parts = 1 + engine.count(bought) // whole.BASKETS_AT_ONCE
    for table in whole.offers(look, keep=engine.keep, bought=bought, refused=_refused(engine), parts=parts):
        for batch in engine.batches(table):
            bringing.offer(batch.to_pylist())
            bringing.reach("offers")
    reached("offers_kept")
    findings = to_findings(learnt) | _of_the_base(engine, look, classed, season, bought)
    bringing.publish(outlooks=outlooks, findings=findings)
    step("published")


def _refused(engine: Engine) -> Table | None:
    """Return the goods that clients have called unsuitable."""
    pairs = refused_goods()
    if not pairs:
        return None
    clients, items = zip(*pairs, strict=True)
    file = folder() / "base" / "refused.parquet"
    pq.write_table(pa.table({"client_id": pa.array(clients, pa.int64()), "item_id": pa.array(items, pa.int64())}), file)
    return engine.read(file)


def _profile(row: Row) -> Row:
    return NOTHING | {RENAMED.get(name, name): value for name, value in row.items() if value is not None}


def _outlook(row: Row) -> Outlook:
    chance, rhythm = row.get("chance_30"), row.get("rhythm_days")
    return Outlook(
        order_chance=None if chance is None else round(chance * 1000),
        expected_90=row.get("expected_90"),
        rhythm_days=None if rhythm is None else max(1, round(rhythm)),
        leaving=row["leaving"],
        narrowed=row["narrowed"],
    )


def _of_the_base(engine: Engine, look: whole.Look, classed: Table, season: Table, bought: Table) -> dict[str, object]:
    """Return what is said of the base as a whole, as JSON: each a list of rows."""
    earlier = whole.classes(look, days_ago=whole.QUARTER_DAYS)
    tables = {
        "limits": whole.limits(look).order_by("interval_class"),
        "months": months(look.seen, look.on).order_by("year", "month"),
        "abc_by_regularity": whole.matrix(classed, "abc", "regularity"),
        "abcd": whole.matrix(classed, "abcd", "by_potential"),
        "rfm": whole.matrix(classed, "recency", "frequency", "monetary"),
        "moved": movement(earlier, classed, column="abc").order_by("from_class", "to_class"),
        "seasons": season.order_by("group_id", "month"),
        "stopped": whole.stopped_in_base(look, bought),
    }
    return {name: [_plain(row) for row in engine.rows(table).to_pylist()] for name, table in tables.items()}


def _plain(row: Row) -> Row:
    """Return a row as JSON holds it: sums of large engines are decimals."""
    return {name: int(value) if isinstance(value, Decimal) else value for name, value in row.items()}
