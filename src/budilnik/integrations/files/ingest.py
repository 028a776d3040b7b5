"""Files into the base: read, staged, and handed to the use cases in batches that are whole or not there at all."""

import tempfile
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import batched
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction

from budilnik.calling.actions.arrivals import Arrival, between_batches, digest_of, orders_arrived, refresh_sales
from budilnik.calling.actions.past import Settled, clients_arrived, contacts_arrived
from budilnik.core.arrivals import ArrivedClient, ArrivedContact, ArrivedOrder
from budilnik.core.refusal import Refusal
from budilnik.integrations.actions import begin_run, end_run
from budilnik.integrations.files.cells import Cell
from budilnik.integrations.files.headers import Columns, recognise
from budilnik.integrations.files.mapping import Mapped, MappedLine, row_mapper
from budilnik.integrations.files.names import FileKind
from budilnik.integrations.files.problems import Problem
from budilnik.integrations.files.rejects import Rejects
from budilnik.integrations.files.saved_mapping import SavedMapping
from budilnik.integrations.files.staging import Staging, trouble_as_that_of_a_file
from budilnik.integrations.files.wire import Table, read_table

# About a quarter of a second of writing on a slow machine: managers' saves slip in between.
LINES_AT_ONCE = 4_000
ROWS_AT_ONCE = 1_000
ORDER_OF_KINDS = (FileKind.CLIENTS, FileKind.ORDERS, FileKind.CONTACTS)
# Other kinds of file are in memory when they are open; these can break off in the middle of the reading.
READ_BIT_BY_BIT = frozenset({"csv", "parquet"})
NAME_LENGTH = 60

type Reason = tuple[str, Mapping[str, object]]


class SameFileTwice(Refusal):
    """One file is named twice in a command."""

    ru = "Файл «{name}» указан дважды; укажите его один раз."
    en = "The file “{name}” is named twice; name it once."


class FileNotUnderstood(Refusal):
    """The columns of one file are not what an import needs; nothing of any file was written."""

    ru = "Файл «{name}». {why_ru}"
    en = "The file “{name}”. {why_en}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be imported, and how."""

    files: Sequence[Path]
    source: str
    on: date
    language: str
    home: Path
    as_kind: FileKind | None = None
    mapping: SavedMapping | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """accepted + unchanged + rejected = data rows."""

    accepted: int
    unchanged: int
    rejected: int
    rejected_file: Path | None
    reasons: dict[tuple[str, str], tuple[int, str, int]]
    examples: dict[tuple[str, str], str]
    unused: tuple[str, ...]


type Progress = Callable[[str, int, int | None], None]


class _Read(NamedTuple):
    """A row as read: which file of the command, its number there, its cells and what they mean."""

    file: int
    number: int
    cells: tuple[Cell, ...]
    mapped: Mapped


@dataclass(slots=True, kw_only=True)
class _Import:
    """An import under way: its files opened, its rejects, its counts."""

    wish: Wish
    now: datetime
    progress: Progress
    columns: list[Columns]
    tables: list[Table]
    rejects: Rejects
    arrival: Arrival
    accepted: int = 0
    unchanged: int = 0
    seen_rows: int = 0
    first_rows: dict[str, tuple[int, ArrivedClient]] = field(default_factory=dict)
    refused: dict[str, Reason] = field(default_factory=dict)
    same_rows: Counter[tuple[int, str]] = field(default_factory=Counter)
    # A dry run takes every batch back, so it must remember what a real one would find in the base.
    coming: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)

    @property
    def zone(self) -> ZoneInfo:
        """The company zone."""
        return ZoneInfo(self.arrival.rules.policy.company_zone)

    def rows(self, kind: FileKind) -> Iterator[_Read]:
        """Read the files of a kind; rows that cannot be taken go to the rejects."""
        for file, (table, columns) in enumerate(zip(self.tables, self.columns, strict=True)):
            if columns.kind is not kind:
                continue
            mapper = row_mapper(columns, on=self.wish.on, zone=self.zone)
            for number, cells in table.rows:
                self.seen_rows += 1
                if self.seen_rows % 5_000 == 0:
                    self.progress("read", self.seen_rows, self.total)
                mapped = mapper(number, cells)
                if isinstance(mapped, Problem):
                    self.rejects.add(file, cells, mapped)
                else:
                    yield _Read(file, number, cells, mapped)

    @property
    def total(self) -> int | None:
        """How many rows there are in all, if every file tells."""
        hints = [table.size_hint for table in self.tables]
        return sum(hint or 0 for hint in hints) if all(hint is not None for hint in hints) else None


def import_files(wish: Wish, *, now: datetime, progress: Progress) -> Report:
    """Import files and report what became of every row.

    Raises: a Refusal of the readers for a file that cannot be read as a table; then nothing was written.
    """
    work = _open(wish, now=now, progress=progress)
    kinds = [kind for kind in ORDER_OF_KINDS if any(columns.kind is kind for columns in work.columns)]
    run = (
        None
        if wish.dry_run
        else begin_run(source=wish.source, kinds=kinds, files=[path.name for path in wish.files], on=wish.on, now=now)
    )
    try:
        for kind in kinds:
            _IMPORTERS[kind](work)
        if not wish.dry_run:
            _refresh(work)
    finally:
        work.rejects.close()
    report = Report(
        accepted=work.accepted,
        unchanged=work.unchanged,
        rejected=work.rejects.count,
        rejected_file=work.rejects.path if work.rejects.count else None,
        reasons=work.rejects.reasons,
        examples=work.rejects.examples,
        unused=tuple(name for columns in work.columns for name in columns.unused),
    )
    if run is not None:
        end_run(
            run,
            accepted=report.accepted,
            unchanged=report.unchanged,
            rejected=report.rejected,
            rejected_file=str(report.rejected_file or ""),
            reasons=report.reasons,
            now=now,
        )
    return report


def _open(wish: Wish, *, now: datetime, progress: Progress) -> _Import:
    """Open every file and recognise its columns before anything is written."""
    resolved = [path.resolve() for path in wish.files]
    if twice := next((path for path in resolved if resolved.count(path) > 1), None):
        raise SameFileTwice(name=twice.name)
    tables = [_table(wish, path) for path in wish.files]
    columns = [_recognised(path, table, wish) for path, table in zip(wish.files, tables, strict=True)]
    if any(each.kind is not FileKind.ORDERS for each in columns):
        tables = [_readable_to_the_end(wish, path, table) for path, table in zip(wish.files, tables, strict=True)]
    stamp = f"{now:%Y%m%d-%H%M%S-%f}"
    rejects = Rejects(
        path=wish.home / "rejected" / f"{stamp}-{wish.files[0].stem[:NAME_LENGTH]}.csv",
        language=wish.language,
        headers=[table.headers for table in tables],
        names=[path.name for path in wish.files],
    )
    arrival = Arrival.at(source=wish.source, on=wish.on, now=now)
    return _Import(
        wish=wish, now=now, progress=progress, columns=columns, tables=tables, rejects=rejects, arrival=arrival
    )


def _table(wish: Wish, path: Path) -> Table:
    sheet = wish.mapping.sheet if wish.mapping else None
    return read_table(path, sheet=sheet, expected=wish.mapping.headers if wish.mapping else ())


def _readable_to_the_end(wish: Wish, path: Path, table: Table) -> Table:
    """Read a file through and open it anew: what is written as it is read must not break off half-way.

    Order lines need it only beside other kinds: they are all staged before the first is written.
    """
    if table.kind not in READ_BIT_BY_BIT:
        return table
    deque(table.rows, maxlen=0)
    return _table(wish, path)


def _recognised(path: Path, table: Table, wish: Wish) -> Columns:
    try:
        return recognise(table.headers, as_kind=wish.as_kind, mapping=wish.mapping)
    except Refusal as refusal:
        why = {"why_ru": refusal.text("ru"), "why_en": refusal.text("en")}
        raise FileNotUnderstood(name=path.name, **why) from refusal


def _import_orders(work: _Import) -> None:
    work.wish.home.mkdir(parents=True, exist_ok=True)
    with (
        trouble_as_that_of_a_file(),
        tempfile.TemporaryDirectory(dir=work.wish.home, prefix="import-") as folder,
        Staging(Path(folder) / "lines.sqlite3") as staging,
    ):
        for read in work.rows(FileKind.ORDERS):
            assert isinstance(read.mapped, MappedLine)
            staging.add(read.file, read.mapped)
        staging.flush()
        torn = staging.orders_of_several()
        _reject_torn(work, {place: key for key in torn for place in staging.places_of(key)})
        batch: list[tuple[ArrivedOrder, int]] = []
        lines = 0
        for order, rows in staging.orders():
            if order.key in torn:
                continue
            batch.append((order, rows))
            lines += rows
            if lines >= LINES_AT_ONCE:
                _write_orders(work, batch)
                batch, lines = [], 0
        _write_orders(work, batch)


def _reject_torn(work: _Import, places: dict[tuple[int, int], str]) -> None:
    """Read files again for the rows of orders that name several clients, to return them as they came."""
    for file in sorted({file for file, _ in places}):
        for number, cells in _table(work.wish, work.wish.files[file]).rows:
            if key := places.get((file, number)):
                problem = Problem(row=number, column="", code="order_of_several_clients", facts={"order": key})
                work.rejects.add(file, cells, problem)


def _write_orders(work: _Import, batch: Sequence[tuple[ArrivedOrder, int]]) -> None:
    if not batch:
        return
    with transaction.atomic():
        changed = orders_arrived([order for order, _ in batch], arrival=work.arrival)
        transaction.set_rollback(work.wish.dry_run)
    between_batches()
    for order, rows in batch:
        work.coming.add(order.client_key)
        if order.key in changed:
            work.accepted += rows
        else:
            work.unchanged += rows
    work.progress("written", work.accepted + work.unchanged, None)


def _import_clients(work: _Import) -> None:
    for some in batched(work.rows(FileKind.CLIENTS), ROWS_AT_ONCE, strict=False):
        rows: list[tuple[_Read, ArrivedClient]] = []
        again: list[tuple[_Read, str]] = []
        for read in some:
            assert isinstance(read.mapped, ArrivedClient)
            number, first = work.first_rows.setdefault(read.mapped.key, (read.number, read.mapped))
            if first is read.mapped:
                rows.append((read, first))
            elif first == read.mapped:
                again.append((read, first.key))
            else:
                _return_second_row(work, read, read.mapped, before=(number, first))
        with transaction.atomic():
            settled = clients_arrived([row for _, row in rows], arrival=work.arrival)
            transaction.set_rollback(work.wish.dry_run)
        between_batches()
        work.refused.update(settled.refused)
        work.coming.update(row.key for _, row in rows if row.key not in settled.refused)
        _settle(work, [(read, row.key) for read, row in rows], settled)
        # The same row again changes nothing, or is returned for the same reason.
        _settle(work, again, Settled(accepted=frozenset(), refused=work.refused))


def _return_second_row(work: _Import, read: _Read, row: ArrivedClient, *, before: tuple[int, ArrivedClient]) -> None:
    """Return another row of a client who came before: nobody can say which of the two is right."""
    first = before[1].owner or ""
    if first and row.owner and first != row.owner:
        code, facts = "two_owners", {"client": row.key, "first": first, "owner": row.owner}
    else:
        code, facts = "client_twice", {"client": row.key, "row": str(before[0])}
    work.rejects.add(read.file, read.cells, Problem(row=read.number, column="", code=code, facts=facts))


def _import_contacts(work: _Import) -> None:
    for some in batched(work.rows(FileKind.CONTACTS), ROWS_AT_ONCE, strict=False):
        rows = []
        for read in some:
            assert isinstance(read.mapped, ArrivedContact)
            rows.append((read, _with_key(work, read.file, read.mapped)))
        with transaction.atomic():
            settled = contacts_arrived([row for _, row in rows], arrival=work.arrival)
            transaction.set_rollback(work.wish.dry_run)
        between_batches()
        if work.wish.dry_run:
            settled = _as_if_written(work, settled, rows=[row for _, row in rows])
        _settle(work, [(read, row.key) for read, row in rows], settled)


def _as_if_written(work: _Import, settled: Settled, *, rows: Sequence[ArrivedContact]) -> Settled:
    """Say of contacts what a real run would: the clients of the other files would stand in the base by now."""
    refused = {row.key for row in rows if row.key in settled.refused and row.client_key not in work.coming}
    accepted = (settled.accepted | settled.refused.keys()) - refused - work.taken
    work.taken.update(accepted)
    return Settled(accepted=accepted, refused={key: settled.refused[key] for key in refused})


def _with_key(work: _Import, file: int, row: ArrivedContact) -> ArrivedContact:
    """Give a row without a number of its own one made of its content; equal rows of a file are told apart in order."""
    if row.key:
        return row
    content = digest_of(row)
    work.same_rows[file, content] += 1
    return replace(row, key=f"{content}-{work.same_rows[file, content]}")


def _settle(work: _Import, rows: Sequence[tuple[_Read, str]], settled: Settled) -> None:
    accepted = set(settled.accepted)
    for read, key in rows:
        if key in settled.refused:
            code, facts = settled.refused[key]
            texts = {name: str(value) for name, value in facts.items()}
            problem = Problem(row=read.number, column="", code=code, facts=texts)
            work.rejects.add(read.file, read.cells, problem)
        elif key in accepted:
            accepted.remove(key)
            work.accepted += 1
        else:
            work.unchanged += 1
    work.progress("written", work.accepted + work.unchanged, None)


def _refresh(work: _Import) -> None:
    done = 0
    while counted := refresh_sales(on=work.wish.on, at_most=1_000):
        done += counted
        between_batches()
        work.progress("valued", done, None)


_IMPORTERS = {
    FileKind.CLIENTS: _import_clients,
    FileKind.ORDERS: _import_orders,
    FileKind.CONTACTS: _import_contacts,
}
