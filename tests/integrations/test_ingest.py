"""Files into the base: every row accounted for, twice equals once, and nothing half-written."""

import csv
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from budilnik.calling.models import Call, CallTask
from budilnik.clients.models import Client, Contact, ExternalKey, Loss, Phone, PoolEntry
from budilnik.clients.queries.base import differences
from budilnik.integrations.files import ingest
from budilnik.integrations.files.delimited import QuoteNotClosed
from budilnik.integrations.files.ingest import FileNotUnderstood, SameFileTwice, Wish, import_files
from budilnik.integrations.files.saved_mapping import parse_mapping
from budilnik.integrations.files.wire import FileEmpty, ParquetDamaged
from budilnik.integrations.files.workbook import WorkbookDamaged
from budilnik.integrations.models import ImportProblem, ImportRun
from budilnik.sales.models import Order, OrderLine, Product
from cast import NOW, TODAY, ivan, olga, task

CLIENTS = ("client", "name", "owner", "inn", "phone", "city")
ORDERS = ("client", "order", "date", "item", "item_name", "quantity", "price")
CONTACTS = ("client", "at", "direction", "result", "employee")
BOLT = ("1", "ООО «Болт-Сервис»", "ivan", "7707083893", "+7 495 123-45-67", "Москва")
SALE = ("1", "А-1", "2026-08-20", "М8", "Болт М8", "100", "12.50")
TALK = ("1", "2026-09-01 10:00", "out", "разговор", "ivan")

MOMENTS = {"at", "recorded_at", "started_at", "ended_at", "closed_at", "voided_at"}
SILENT = frozenset({"staff", "clients", "sales", "calling"})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def as_csv(folder: Path, name: str, headers, *rows, encoding: str = "utf-8", separator: str = ";") -> Path:
    path = folder / name
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows([headers, *rows])
    return path


def load(home: Path, *files: Path, on: date = TODAY, **wish):
    wish = {"source": "files", "language": "ru"} | wish
    return import_files(Wish(files=files, on=on, home=home, **wish), now=NOW, progress=lambda *_: None)


def counts(report) -> tuple[int, int, int]:
    return report.accepted, report.unchanged, report.rejected


def tables() -> dict[str, list[tuple]]:
    """Every row of the base as it stands, numbers included; only the diary of imports is left out."""
    models = [model for model in apps.get_models() if model._meta.app_label in SILENT]
    return {model._meta.label: list(model._default_manager.order_by("pk").values_list()) for model in models}


def told() -> dict[str, list[str]]:
    """The base in words: rows without their own numbers and moments, others named by their keys."""
    names = {
        "client": dict(ExternalKey.objects.values_list("client_id", "key")),
        "order": dict(Order.objects.values_list("pk", "key")),
        "product": dict(Product.objects.values_list("pk", "key")),
    }
    found = {}
    for model in apps.get_models():
        if model._meta.app_label not in SILENT:
            continue
        fields = [f for f in model._meta.concrete_fields if f.name not in MOMENTS | {"id"}]
        rows = model._default_manager.values_list(*(field.attname for field in fields))
        named = [[names.get(f.name, {}).get(v, v) for f, v in zip(fields, row, strict=True)] for row in rows]
        found[model._meta.label] = sorted(map(repr, named))
    return found


def returned(report) -> list[list[str]]:
    """The rows of the rejected file: file, row, column, reason, and the cells as they came."""
    with report.rejected_file.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))[1:]


def reason(report) -> str:
    [row] = returned(report)
    return row[3]


def in_pool(key: str, *, lost_by, on: date = date(2026, 7, 13), silent_since: date = date(2026, 1, 12)) -> Client:
    """Pass an imported client to the pool as a morning would."""
    row = ExternalKey.objects.get(key=key).client
    row.tenures.filter(until_on=None).update(until_on=on, why_until="lost")
    PoolEntry.objects.create(client=row, entered_on=on)
    Loss.objects.create(client=row, employee=lost_by, on=on, silent_since=silent_since, recorded_at=NOW)
    Client.objects.filter(pk=row.pk).update(
        owner=None, in_pool_since=on, status="lost", silent_since=silent_since, ever_contacted=True, next_status_on=None
    )
    return row


def known(key: str = "1") -> Client:
    return ExternalKey.objects.get(key=key).client


# Round trips by real files.


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251"])
def test_clients_come_from_text_in_any_encoding(tmp_path, home, encoding):
    ivan()
    headers = ("Код клиента", "Наименование", "Ответственный", "ИНН", "Телефон", "Город")
    file = as_csv(tmp_path, "c.csv", headers, BOLT, encoding=encoding)

    report = load(home, file)

    assert counts(report) == (1, 0, 0)
    assert report.rejected_file is None
    bolt = known()
    assert (bolt.name, bolt.inn, bolt.city, bolt.owner.login) == (BOLT[1], BOLT[3], "Москва", "ivan")
    assert [phone.number for phone in bolt.phones.all()] == ["+74951234567"]
    assert (bolt.status, bolt.silent_since, bolt.zone) == ("prospect", TODAY, "Europe/Moscow")


@pytest.mark.django_db
def test_orders_come_from_a_workbook_as_1c_writes_it(tmp_path, home):
    book = openpyxl.Workbook()
    book.active.append(["Отчёт по продажам"])
    book.active.append(["Клиент", "Номер заказа", "Дата", "Номенклатура", "Количество", "Цена"])
    book.active.append(["Болт-Сервис", "00УТ-1", date(2026, 8, 20), "Болт М8", 1.5, 12.3])
    book.active.append(["Итого", None, None, None, 1.5, None])
    book.save(tmp_path / "orders.xlsx")

    report = load(home, tmp_path / "orders.xlsx")

    assert counts(report) == (1, 0, 0)
    order = Order.objects.get()
    assert (order.key, order.ordered_on, order.net) == ("00УТ-1", date(2026, 8, 20), 1845)
    assert known("Болт-Сервис").silent_since == date(2026, 8, 20)


@pytest.mark.django_db
def test_orders_come_from_parquet_with_its_own_types(tmp_path, home):
    table = pa.table({"Customer ID": [13085.0], "Invoice": ["489434"], "InvoiceDate": [date(2026, 8, 20)],
                      "StockCode": ["85048"], "Quantity": [12], "Price": [6.95]})  # fmt: skip
    pq.write_table(table, tmp_path / "orders.parquet")

    report = load(home, tmp_path / "orders.parquet")

    assert counts(report) == (1, 0, 0)
    assert known("13085").value == 83_40


@pytest.mark.django_db
def test_files_of_all_kinds_in_one_command_are_taken_in_their_right_order(tmp_path, home):
    ivan()
    files = [
        as_csv(tmp_path, "talks.csv", CONTACTS, TALK),
        as_csv(tmp_path, "orders.csv", ORDERS, SALE),
        as_csv(tmp_path, "clients.csv", CLIENTS, BOLT),
    ]

    report = load(home, *files)

    assert counts(report) == (3, 0, 0)
    assert known().silent_since == date(2026, 9, 1)
    assert ImportRun.objects.get().kind == "clients+orders+contacts"


@pytest.mark.django_db
def test_an_import_made_twice_equals_one_made_once(tmp_path, home):
    ivan()
    files = [
        as_csv(tmp_path, "clients.csv", CLIENTS, BOLT, ("2", "ООО «Гайка»", "", "", "", "Омск")),
        as_csv(tmp_path, "orders.csv", ORDERS, SALE, SALE, ("2", "А-2", "2026-03-01", "М6", "", "-5", "3")),
        as_csv(tmp_path, "talks.csv", CONTACTS, TALK, TALK, ("2", "2026-09-02", "out", "недозвон", "Зоя")),
    ]
    load(home, *files)
    once = tables()

    again = load(home, *files)

    assert counts(again) == (0, 8, 0)
    assert tables() == once
    assert list(differences()) == []


# No row is dropped in silence.

CELLS = {
    "client": ["1", "2", "3", "", "9.22E+09", "00001", " "],
    "name": ["Болт", "Гайка", ""],
    "owner": ["ivan", "Ольга Сергеева", "petr", ""],
    "inn": ["7707083893", "7707083894", ""],
    "phone": ["8 (495) 123-45-67, +7 916 123-45-67", "9,22E+09", "", "12-34-56"],
    "city": ["Омск", ""],
    "order": ["А-1", "А-2", ""],
    "date": ["2026-08-20", "20.08.2026 10:30", "2026-12-31", "вчера", ""],
    "item": ["М8", "М6", ""],
    "item_name": ["Болт М8", ""],
    "quantity": ["1", "-2", "0", "много", ""],
    "price": ["10", "0", "1,23456", ""],
    "at": ["2026-09-01 10:00", "2026-08-01", "2027-01-01", ""],
    "direction": ["in", "out", "", "вбок"],
    "result": ["разговор", "недозвон", "отказ", "стоп", "ну такое", ""],
    "employee": ["ivan", "Зоя Кац", ""],
    "id": ["7", "8", ""],
}
KINDS = {"clients": CLIENTS, "orders": ORDERS, "contacts": (*CONTACTS, "id")}


def any_table(kind: str):
    row = st.tuples(*(st.sampled_from(CELLS[name]) for name in KINDS[kind]))
    return st.tuples(st.just(kind), st.lists(row | row.map(lambda cells: (*cells, "лишнее")), max_size=12))


@pytest.mark.django_db
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=st.sampled_from(sorted(KINDS)).flatmap(any_table))
@example(
    table=("contacts", [("1", "2026-08-01", "in", "разговор", "", "7"), ("1", "2026-09-01", "", "отказ", "", "7")])
)
@example(table=("clients", [("1", "Болт", "petr", "", "", ""), ("1", "Болт", "petr", "", "", "")]))
@example(table=("orders", [SALE, ("2", *SALE[1:])]))
def test_every_row_is_accepted_unchanged_or_returned(db, table):
    kind, rows = table
    data = sum(any(cell.strip() for cell in row) for row in rows)

    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        ivan(), olga()
        place = Path(folder)
        load(place, as_csv(place, "before.csv", CLIENTS, ("1", "Болт", "", "", "", ""), ("2", "Гайка", "", "", "", "")))
        file = as_csv(place, "file.csv", KINDS[kind], *rows)
        rehearsal = load(place, file, dry_run=True, as_kind=ingest.FileKind(kind))
        report = load(place, file, as_kind=ingest.FileKind(kind))
        again = load(place, file, as_kind=ingest.FileKind(kind))
        back = returned(report) if report.rejected_file else []
        transaction.set_rollback(True)

    assert sum(counts(report)) == data
    assert counts(rehearsal) == counts(report)
    assert counts(again) == (0, report.accepted + report.unchanged, report.rejected)
    assert len(back) == report.rejected
    assert all(row[0] == "file.csv" and row[1].isdigit() and row[3] for row in back)
    came = Counter(tuple(row) for row in rows)
    for row in back:
        assert came[tuple(row[4:])] > 0


@pytest.mark.django_db
def test_a_returned_row_comes_with_its_place_its_reason_and_all_its_cells(tmp_path, home):
    ivan()
    file = as_csv(tmp_path, "c.csv", CLIENTS, BOLT, (*BOLT, "лишняя"), ("2", "Гайка", "ivan", "7707083894", "", ""))

    report = load(home, file)

    extra, inn = sorted(returned(report), key=lambda row: row[1])
    assert extra[:3] == ["c.csv", "3", ""]
    assert extra[4:] == [*BOLT, "лишняя"]
    assert inn[:3] == ["c.csv", "4", "inn"]
    assert inn[3].startswith("неверный ИНН «7707083894»")
    assert report.examples["wrong_inn", "inn"] == inn[3]
    assert ImportProblem.objects.filter(code="wrong_inn", first_row=4, rows=1).count() == 1


@pytest.mark.django_db
def test_the_file_of_returned_rows_can_be_mended_and_imported(tmp_path, home):
    ivan()
    bad = (*BOLT[:3], "7707083894", *BOLT[4:])
    report = load(home, as_csv(tmp_path, "c.csv", CLIENTS, bad))
    mended = tmp_path / "mended.csv"
    mended.write_text(report.rejected_file.read_text("utf-8-sig").replace("7707083894", "7707083893"), "utf-8-sig")

    second = load(home, mended, as_kind=ingest.FileKind.CLIENTS)

    assert counts(second) == (1, 0, 0)
    assert known().inn == "7707083893"


# Orders.


@pytest.mark.django_db
def test_equal_lines_of_an_order_are_all_kept(tmp_path, home):
    load(home, as_csv(tmp_path, "o.csv", ORDERS, SALE, SALE, SALE))

    assert OrderLine.objects.count() == 3
    assert Order.objects.get().net == 3 * 1250_00


@pytest.mark.django_db
def test_an_order_is_replaced_whole_when_its_content_changes(tmp_path, home):
    load(home, as_csv(tmp_path, "o.csv", ORDERS, SALE, ("1", "А-1", "2026-08-20", "М6", "", "1", "1")))

    report = load(home, as_csv(tmp_path, "o2.csv", ORDERS, ("1", "А-1", "2026-08-20", "М8", "", "10", "12.50")))

    assert counts(report) == (1, 0, 0)
    line = OrderLine.objects.get()
    assert (line.quantity, line.amount) == (10_000, 125_00)
    assert known().value == 125_00
    assert Contact.objects.count() == 1


@pytest.mark.django_db
def test_an_order_moved_to_another_day_or_client_is_new_evidence_and_the_base_still_agrees(tmp_path, home):
    load(home, as_csv(tmp_path, "o.csv", ORDERS, SALE))

    load(home, as_csv(tmp_path, "o2.csv", ORDERS, ("1", "А-1", "2026-09-01", *SALE[3:])))
    load(home, as_csv(tmp_path, "o3.csv", ORDERS, ("2", "А-1", "2026-09-01", *SALE[3:])))

    assert known("1").silent_since == date(2026, 9, 1)
    assert known("2").silent_since == date(2026, 9, 1)
    assert (known("1").value, known("2").value) == (0, 1250_00)
    assert list(differences()) == []


@pytest.mark.django_db
def test_an_order_of_several_clients_is_returned_whole_and_the_rest_is_taken(tmp_path, home):
    first = as_csv(tmp_path, "o.csv", ORDERS, SALE, ("2", "А-2", *SALE[2:]))
    second = as_csv(tmp_path, "o2.csv", ORDERS, ("3", *SALE[1:]))

    report = load(home, first, second)

    assert counts(report) == (1, 0, 2)
    assert [row[:2] for row in returned(report)] == [["o.csv", "2"], ["o2.csv", "2"]]
    assert "названы разные клиенты" in returned(report)[0][3]
    assert Order.objects.get().key == "А-2"


@pytest.mark.django_db
def test_an_order_of_several_clients_is_found_again_below_a_header_that_only_the_mapping_knows(tmp_path, home):
    fields = ("client", "order", "date", "item", "quantity", "price")
    headers = ("Кто", "Бумага", "День", "Что", "Штук", "Почём")
    mapping = parse_mapping({"kind": "orders", "columns": dict(zip(fields, headers, strict=True))})
    cells = ("1", "А-1", "2026-08-20", "М8", "1", "1")

    report = load(home, as_csv(tmp_path, "o.csv", headers, cells, ("2", *cells[1:])), mapping=mapping)

    assert counts(report) == (0, 0, 2)


@pytest.mark.django_db
def test_a_client_with_returns_only_is_a_prospect_and_a_return_never_begins_silence_anew(tmp_path, home):
    back = ("2", "В-1", "2025-02-03", "М8", "", "-1", "10")
    later = ("1", "В-2", "2026-09-10", "М8", "", "-1", "12.50")

    load(home, as_csv(tmp_path, "o.csv", ORDERS, SALE, back, later))

    assert (known("2").status, known("2").silent_since, known("2").value) == ("prospect", date(2025, 2, 3), 0)
    assert known("1").silent_since == date(2026, 8, 20)


@pytest.mark.django_db
def test_lines_without_a_client_are_returned_with_that_reason(tmp_path, home):
    report = load(home, as_csv(tmp_path, "o.csv", ORDERS, ("", *SALE[1:])))

    assert counts(report) == (0, 0, 1)
    assert reason(report) == "не указан клиент"


@pytest.mark.django_db
def test_an_order_takes_a_client_out_of_the_pool_and_never_to_the_one_who_lost_him(tmp_path, home):
    loser, other = ivan(), olga()
    load(home, as_csv(tmp_path, "c.csv", CLIENTS, BOLT))
    bolt = in_pool("1", lost_by=loser)

    load(home, as_csv(tmp_path, "o.csv", ORDERS, SALE))

    bolt.refresh_from_db()
    assert (bolt.status, bolt.owner, bolt.in_pool_since) == ("regular", other, None)
    assert Loss.objects.get().voided_at is None
    assert list(differences()) == []


@pytest.mark.django_db
def test_late_evidence_voids_the_loss_and_the_owner_returns(tmp_path, home):
    loser, _ = ivan(), olga()
    load(home, as_csv(tmp_path, "c.csv", CLIENTS, BOLT))
    bolt = in_pool("1", lost_by=loser)

    load(home, as_csv(tmp_path, "o.csv", ORDERS, ("1", "А-0", "2026-06-30", *SALE[3:])))

    bolt.refresh_from_db()
    assert (bolt.owner, bolt.in_pool_since, bolt.silent_since) == (loser, None, date(2026, 6, 30))
    assert Loss.objects.get().voided_at == NOW
    assert list(differences()) == []


# Clients.


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("1", "Болт", "petr", "", "", ""), "менеджера «petr» нет среди сотрудников"),
        (("1", "Болт", "", "7707083894", "", ""), "неверный ИНН «7707083894»"),
        (("9.22E+09", "Болт", "", "", "", ""), "код «9.22E+09» испорчен Excel"),
        (("1", "Болт", "", "", "9.22E+09", ""), "телефон «9.22E+09» испорчен Excel"),
    ],
)
def test_a_client_with_a_bad_cell_is_returned_with_a_clear_sentence(tmp_path, home, cells, said):
    report = load(home, as_csv(tmp_path, "c.csv", CLIENTS, cells))

    assert counts(report) == (0, 0, 1)
    assert reason(report).startswith(said)
    assert not Client.objects.exists()


@pytest.mark.django_db
def test_a_cell_with_several_telephones_gives_them_all(tmp_path, home):
    cells = ("1", "Болт", "", "", "8 (495) 123-45-67 доб. 12; +7 916 123-45-67 Анна", "")

    load(home, as_csv(tmp_path, "c.csv", CLIENTS, cells))

    found = Phone.objects.values_list("number", "extension").order_by("pk")
    assert list(found) == [("+74951234567", "12"), ("+79161234567", "")]


@pytest.mark.django_db
def test_the_second_row_of_a_client_is_unchanged_if_equal_and_returned_if_not(tmp_path, home):
    ivan(), olga()
    moved = (*BOLT[:5], "Омск")
    two_owners = (*BOLT[:2], "olga", *BOLT[3:])

    report = load(home, as_csv(tmp_path, "c.csv", CLIENTS, BOLT, BOLT, moved, two_owners))

    assert counts(report) == (1, 1, 2)
    twice, owners = returned(report)
    assert twice[3] == "клиент «1» уже был в строке 2 с другими данными; оставьте одну строку"
    assert owners[3].startswith("у клиента «1» в файле два основных менеджера: «ivan» и «olga»")


@pytest.mark.django_db
def test_a_bad_row_that_comes_twice_is_returned_twice(tmp_path, home):
    unknown = (*BOLT[:2], "petr", *BOLT[3:])

    report = load(home, as_csv(tmp_path, "c.csv", CLIENTS, unknown, unknown))

    assert counts(report) == (0, 0, 2)
    assert [row[1] for row in returned(report)] == ["2", "3"]


@pytest.mark.django_db
def test_an_owner_named_by_a_file_is_a_real_owner_and_moves_the_client(tmp_path, home):
    ivan(), olga()
    load(home, as_csv(tmp_path, "c.csv", CLIENTS, BOLT))
    todo = task(known(), known().owner)

    report = load(home, as_csv(tmp_path, "c2.csv", CLIENTS, (*BOLT[:2], "Ольга Сергеева", *BOLT[3:])))

    assert counts(report) == (1, 0, 0)
    assert known().owner.login == "olga"
    assert [(t.employee.login, t.until_on) for t in known().tenures.order_by("pk")] == [("ivan", TODAY), ("olga", None)]
    assert CallTask.objects.get(pk=todo.pk).close == "owner_changed"


@pytest.mark.django_db
def test_a_file_never_gives_a_client_to_the_one_who_lost_him(tmp_path, home):
    loser, other = ivan(), olga()
    load(home, as_csv(tmp_path, "c.csv", CLIENTS, (*BOLT[:2], "olga", *BOLT[3:])))
    Loss.objects.create(
        client=known(), employee=loser, on=date(2025, 5, 1), silent_since=date(2024, 10, 1), recorded_at=NOW
    )

    report = load(home, as_csv(tmp_path, "c2.csv", CLIENTS, BOLT))

    assert counts(report) == (0, 0, 1)
    assert reason(report).startswith("«ivan» этого клиента потерял")
    assert known().owner == other


@pytest.mark.django_db
def test_the_same_file_again_does_not_undo_the_release_of_a_client(tmp_path, home):
    loser = ivan()
    file = as_csv(tmp_path, "c.csv", CLIENTS, BOLT)
    load(home, file)
    in_pool("1", lost_by=loser)

    again = load(home, file)
    with_another_city = load(home, as_csv(tmp_path, "c2.csv", CLIENTS, (*BOLT[:5], "Тула")))

    assert counts(again) == (0, 1, 0)
    assert counts(with_another_city) == (1, 0, 0)
    assert (known().owner, known().in_pool_since, known().city) == (None, date(2026, 7, 13), "Тула")


@pytest.mark.django_db
def test_a_pool_client_gets_no_owner_from_a_file(tmp_path, home):
    loser, _ = ivan(), olga()
    load(home, as_csv(tmp_path, "c.csv", CLIENTS, BOLT))
    in_pool("1", lost_by=loser)

    report = load(home, as_csv(tmp_path, "c2.csv", CLIENTS, (*BOLT[:2], "olga", *BOLT[3:])))

    assert counts(report) == (0, 0, 1)
    assert reason(report).startswith("клиент в пуле потерянных")
    assert known().owner is None


# Past contacts.


@pytest.mark.django_db
def test_a_talk_begins_silence_anew_and_an_attempt_never_does(tmp_path, home):
    ivan()
    load(home, as_csv(tmp_path, "o.csv", ORDERS, SALE))
    missed = ("1", "2026-09-10 11:00", "out", "недозвон", "ivan")

    report = load(home, as_csv(tmp_path, "t.csv", CONTACTS, TALK, missed))

    assert counts(report) == (2, 0, 0)
    assert (known().silent_since, known().last_talk_on) == (date(2026, 9, 1), date(2026, 9, 1))
    assert Call.objects.count() == 2
    assert Contact.objects.get(evidence="manual").employee.login == "ivan"


@pytest.mark.django_db
def test_a_talk_with_an_unknown_client_is_returned(tmp_path, home):
    report = load(home, as_csv(tmp_path, "t.csv", CONTACTS, TALK))

    assert counts(report) == (0, 0, 1)
    assert reason(report).startswith("клиента «1» нет в базе")


@pytest.mark.django_db
def test_an_employee_whom_the_firm_does_not_know_is_kept_as_the_author(tmp_path, home):
    load(home, as_csv(tmp_path, "o.csv", ORDERS, SALE))

    report = load(home, as_csv(tmp_path, "t.csv", CONTACTS, (*TALK[:4], "Зоя Кац")))

    assert counts(report) == (1, 0, 0)
    assert Call.objects.values_list("employee", "author").get() == (None, "Зоя Кац")


@pytest.mark.django_db
def test_a_record_that_comes_twice_under_one_number_is_one_talk(tmp_path, home):
    load(home, as_csv(tmp_path, "o.csv", ORDERS, SALE))

    report = load(home, as_csv(tmp_path, "t.csv", (*CONTACTS, "id"), (*TALK, "7"), (*TALK, "7"), (*TALK, "8")))

    assert counts(report) == (2, 1, 0)
    assert Call.objects.count() == 2


@pytest.mark.django_db
def test_exports_that_overlap_in_one_command_count_each_talk_once(tmp_path, home):
    load(home, as_csv(tmp_path, "o.csv", ORDERS, SALE))
    august = as_csv(tmp_path, "august.csv", CONTACTS, TALK)
    autumn = as_csv(tmp_path, "autumn.csv", CONTACTS, TALK, ("1", "2026-09-05", "in", "разговор", ""))

    report = load(home, august, autumn)

    assert counts(report) == (2, 1, 0)


@pytest.mark.django_db
def test_a_refusal_from_before_the_release_is_a_talk_with_an_own_client(tmp_path, home):
    loser = ivan()
    load(home, as_csv(tmp_path, "c.csv", CLIENTS, BOLT))
    in_pool("1", lost_by=loser)

    load(home, as_csv(tmp_path, "t.csv", CONTACTS, ("1", "2026-06-30", "out", "отказ", "ivan")))

    assert known().owner == loser
    assert Loss.objects.get().voided_at == NOW
    assert list(differences()) == []


# A dry run, and files that cannot be taken at all.


@pytest.mark.django_db
def test_a_dry_run_writes_nothing_and_counts_what_a_real_one_would(tmp_path, home, monkeypatch):
    monkeypatch.setattr(ingest, "ROWS_AT_ONCE", 2)
    ivan()
    talks = [(*TALK, "7"), ("3", *TALK[1:], "8"), ("2", *TALK[1:], "9"), (*TALK, "7")]
    files = [
        as_csv(tmp_path, "c.csv", CLIENTS, BOLT, BOLT, ("2", "Гайка", "petr", "", "", "")),
        as_csv(tmp_path, "o.csv", ORDERS, SALE, ("3", "А-3", *SALE[2:])),
        as_csv(tmp_path, "t.csv", (*CONTACTS, "id"), *talks),
    ]
    before = tables()

    rehearsal = load(home, *files, dry_run=True)

    assert tables() == before
    assert not ImportRun.objects.exists()
    assert counts(rehearsal) == counts(load(home, *files)) == (5, 2, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("empty.csv", b"", FileEmpty),
        ("strange.csv", "Погода;Ветер;Давление\nясно;да;нет\n".encode(), FileNotUnderstood),
        ("half.xlsx", b"PK\x03\x04 and then the connection broke", WorkbookDamaged),
        ("half.parquet", b"PAR1 and then the connection broke", ParquetDamaged),
    ],
    ids=["empty", "strange headers", "half a workbook", "half of Parquet"],
)
def test_a_file_that_is_no_table_is_refused_by_name_and_nothing_of_the_others_is_written(
    tmp_path, home, name, content, refusal
):
    good = as_csv(tmp_path, "c.csv", CLIENTS, (*BOLT[:2], "", *BOLT[3:]))
    (tmp_path / name).write_bytes(content)

    with pytest.raises(refusal) as caught:
        load(home, good, tmp_path / name)

    assert not Client.objects.exists()
    assert name in caught.value.text("ru")
    assert name in caught.value.text("en")


@pytest.mark.django_db
def test_a_file_that_breaks_off_in_the_middle_is_refused_before_a_row_is_written(tmp_path, home, monkeypatch):
    monkeypatch.setattr(ingest, "ROWS_AT_ONCE", 1)
    file = as_csv(tmp_path, "c.csv", CLIENTS, ("1", "Болт", "", "", "", ""), ("2", "Гайка", "", "", "", ""))
    file.write_text(file.read_text() + '3;"Шайба;;;;\n')

    with pytest.raises(QuoteNotClosed):
        load(home, file)

    assert not Client.objects.exists()


@pytest.mark.django_db
def test_one_file_named_twice_is_refused(tmp_path, home):
    file = as_csv(tmp_path, "o.csv", ORDERS, SALE)

    with pytest.raises(SameFileTwice):
        load(home, file, tmp_path / "." / "o.csv")


@pytest.mark.django_db
def test_a_long_file_name_does_not_stop_its_returned_rows(tmp_path, home):
    report = load(home, as_csv(tmp_path, "ж" * 120 + ".csv", ORDERS, ("", *SALE[1:])))

    assert report.rejected_file.exists()


# Killed in the middle.

CHILD = """
import os, signal, sys
from datetime import date
from pathlib import Path
from budilnik.config.startup import start
start()
from budilnik.integrations.files import ingest
from budilnik.jobs.clock import now

place, left, *files = sys.argv[1:]
left = int(left)
ingest.LINES_AT_ONCE = ingest.ROWS_AT_ONCE = 5

def die_in_turn():
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

def progress(phase, done, total):
    if place == "after" and phase == "written":
        die_in_turn()

def dying(write):
    def written(rows, *, arrival):
        settled = write(rows, arrival=arrival)
        die_in_turn()
        return settled
    return written

if place == "inside":
    for name in ("orders_arrived", "clients_arrived", "contacts_arrived"):
        setattr(ingest, name, dying(getattr(ingest, name)))
files = [Path(file) for file in files]
wish = ingest.Wish(files=files, source="files", on=date(2026, 9, 15), language="ru", home=files[0].parent / "home")
ingest.import_files(wish, now=now(), progress=progress)
"""


def big_files(folder: Path) -> list[Path]:
    numbers = range(1, 21)
    clients = [(str(n), f"Клиент {n}", "ivan" if n % 2 else "olga", "", "", "") for n in numbers]
    orders = [(str(n), f"А-{n}-{k}", f"2026-0{k}-1{n % 10}", "М8", "", "2", "5") for n in numbers for k in (3, 7)]
    talks = [(str(n), f"2026-09-0{n % 9 + 1}", "out", "разговор" if n % 3 else "недозвон", "ivan") for n in numbers]
    return [
        as_csv(folder, "c.csv", CLIENTS, *clients),
        as_csv(folder, "o.csv", ORDERS, *orders),
        as_csv(folder, "t.csv", CONTACTS, *talks),
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("place", "batches"), [("after", 2), ("inside", 3), ("inside", 7), ("after", 14)])
def test_an_import_killed_in_the_middle_and_made_again_equals_one_that_was_not(
    tmp_path, home, database_url, monkeypatch, place, batches
):
    monkeypatch.setattr(ingest, "ROWS_AT_ONCE", 5)
    monkeypatch.setattr(ingest, "LINES_AT_ONCE", 5)
    ivan(), olga()
    files = big_files(tmp_path)
    environment = os.environ | {"BUDILNIK_DATABASE_URL": database_url, "BUDILNIK_HOME": str(home)}
    with transaction.atomic():
        load(home, *files)
        whole = told()
        transaction.set_rollback(True)

    killed = subprocess.run(
        [sys.executable, "-c", CHILD, place, str(batches), *map(str, files)], env=environment, check=False
    )
    half = told()
    load(home, *files)

    assert killed.returncode == -signal.SIGKILL
    assert half != whole
    assert told() == whole
    assert list(differences()) == []


@pytest.mark.django_db
def test_a_file_gives_no_client_to_one_who_has_left(home, tmp_path):
    leaver = ivan()
    type(leaver).objects.filter(pk=leaver.pk).update(left_on=TODAY)

    report = load(home, as_csv(tmp_path, "clients.csv", CLIENTS, BOLT))

    assert counts(report) == (0, 0, 1)
    assert list(report.reasons) == [("manager_has_left", "")]


@pytest.mark.django_db
def test_an_order_of_several_days_is_of_the_latest(home, tmp_path):
    later = (*SALE[:2], "2026-08-25", *SALE[3:])

    load(home, as_csv(tmp_path, "orders.csv", ORDERS, SALE, later))

    assert Order.objects.get().ordered_on == date(2026, 8, 25)
    assert Client.objects.get().silent_since == date(2026, 8, 25)
