"""Files of every kind become the same rows; what is no table is refused with a sentence."""

import codecs
import csv
import io
import struct
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budilnik.core.refusal import Refusal
from budilnik.integrations.files import delimited, html_table, wire, workbook
from budilnik.integrations.files.wire import read_table

ORDERS = ("Клиент", "Номер", "Дата", "Товар", "Количество", "Цена")
LINE = ("Болт-Сервис", "00УТ-1", "12.03.2024", "Болт М8", "1,5", "12,30")
RETAIL = Path(__file__).parents[3] / "shared" / "data" / "online_retail.parquet"

# Windows-1251 has these letters, and a text of them is not UTF-8 by chance.
letters = st.text(st.sampled_from("абвгдежзиклмнопрстуфхцчшщэюяАБВ ЁёQqw12;,|\t\"'\n.№«»"), max_size=12)
encodings = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1251"])


def written(tmp_path: Path, content: bytes | str, name: str = "file.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def as_csv(rows, separator: str, encoding: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    return mark + text.getvalue().encode(encoding)


def as_xlsx(tmp_path: Path, rows, name: str = "book.xlsx") -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / name)
    return tmp_path / name


def refused(path: Path, kind: type[Refusal], **options) -> Refusal:
    with pytest.raises(kind) as caught:
        list(read_table(path, **options).rows)
    assert path.name in caught.value.text("ru")
    assert path.name in caught.value.text("en")
    return caught.value


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(*[letters] * 6), max_size=8),
    separator=st.sampled_from([";", ",", "\t", "|"]),
    encoding=encodings,
)
def test_a_table_written_as_csv_reads_back_the_same(tmp_path, rows, separator, encoding):
    kept = [(f"к{number}", *row[1:]) for number, row in enumerate(rows)]
    path = written(tmp_path, as_csv([ORDERS, *kept], separator, encoding))

    table = read_table(path)

    assert table.headers == ORDERS
    assert table.header_row == 1
    assert list(table.rows) == list(enumerate(kept, 2))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251"])
def test_a_decimal_comma_does_not_make_a_comma_the_separator(tmp_path, encoding):
    path = written(tmp_path, as_csv([ORDERS, *[LINE] * 5], ";", encoding))

    table = read_table(path)

    assert table.headers == ORDERS
    assert [cells for _, cells in table.rows] == [LINE] * 5


def test_a_file_without_a_line_end_at_its_end_keeps_its_last_row(tmp_path):
    path = written(tmp_path, ";".join(ORDERS) + "\n" + ";".join(LINE))

    assert list(read_table(path).rows) == [(2, LINE)]


def test_the_empty_last_column_of_bitrix_is_no_column(tmp_path):
    path = written(
        tmp_path, '"ID";"Название компании";"Ответственный";\n"1";"ООО ""Болт""";"Иван";\n', encoding="utf-8-sig"
    )

    table = read_table(path)

    assert table.headers == ("ID", "Название компании", "Ответственный")
    assert list(table.rows) == [(2, ("1", 'ООО "Болт"', "Иван"))]


def test_a_row_out_of_step_with_the_header_keeps_its_extra_cells(tmp_path):
    path = written(tmp_path, "client,order,date,item,quantity,price\nА,1,01.02.2024,Болт,1,5,12,30\nБ,2\n")

    rows = list(read_table(path).rows)

    assert rows[0] == (2, ("А", "1", "01.02.2024", "Болт", "1", "5", "12", "30"))
    assert rows[1] == (3, ("Б", "2", None, None, None, None))


def test_a_line_end_within_quotes_belongs_to_the_cell_and_rows_count_as_in_a_spreadsheet(tmp_path):
    path = written(tmp_path, 'client;name;city\n1;"Болт\nСервис";Уфа\n\n2;Гайка;Омск\n')

    assert list(read_table(path).rows) == [(2, ("1", "Болт\nСервис", "Уфа")), (4, ("2", "Гайка", "Омск"))]


def test_a_quote_that_is_never_closed_is_refused_with_its_row(tmp_path):
    path = written(tmp_path, 'client;name;city\n1;Болт;Уфа\n2;"Гайка;Омск\n3;Шайба;Уфа\n')

    assert refused(path, delimited.QuoteNotClosed).facts["row"] == 3


@pytest.mark.parametrize("before", [0, 100])
def test_an_open_quote_that_swallows_a_long_file_is_refused_with_its_row(tmp_path, before):
    path = written(
        tmp_path, "client;name;city\n" + "1;Болт;Уфа\n" * before + '2;"Гайка;Омск\n' + "3;Шайба;Уфа\n" * 20_000
    )

    assert refused(path, delimited.QuoteNotClosed).facts["row"] == before + 2


def test_a_quote_in_the_middle_of_a_text_is_only_a_sign(tmp_path):
    path = written(tmp_path, 'client\tname\tcity\n1\tООО "Болт"\tУфа\n')

    assert list(read_table(path).rows) == [(2, ("1", 'ООО "Болт"', "Уфа"))]


def test_the_header_is_found_under_the_title_block_of_1c_and_the_final_total_is_no_row(tmp_path):
    rows = [
        ("Продажи за период", "", "", "", "", ""),
        ("Отбор:", "Клиент", "Номер", "Дата", "Товар", "Цена"),
        ("", "", "", "", "", ""),
        ORDERS,
        LINE,
        ("Итого по группе", "", "", "", "1,5", ""),
        LINE,
        ("Итого", "", "", "", "3", ""),
        ("", "", "", "", "", ""),
    ]
    path = written(tmp_path, as_csv(rows, ";", "windows-1251"))

    table = read_table(path)

    assert table.header_row == 4
    assert [number for number, _ in table.rows] == [5, 6, 7]


@pytest.mark.parametrize("name", ["Всего хорошего", "Итоговая линия", "Total Fitness", "Всё-Крепёж"])
def test_a_last_client_whose_name_begins_like_a_total_is_a_row(tmp_path, name):
    path = written(tmp_path, f"name;city\nБолт;Уфа\n{name};Омск\n")

    assert [cells[0] for _, cells in read_table(path).rows] == ["Болт", name]


@pytest.mark.parametrize(
    "total", ["Итого", "ИТОГО:", "Всего", "Total", "Grand total", "Итого 1 234,50", "Итого по отчету"]
)
def test_a_final_total_is_no_row(tmp_path, total):
    path = written(tmp_path, f"name;city\nБолт;Уфа\n{total};\n")

    assert [cells[0] for _, cells in read_table(path).rows] == ["Болт"]


def test_a_header_named_only_by_the_mapping_is_found(tmp_path):
    path = written(tmp_path, "Отчёт;за март\nФирма;Чей;Место\nБолт;Иван;Уфа\n")

    table = read_table(path, expected=["Фирма", "Чей"])

    assert table.header_row == 2
    assert list(table.rows) == [(3, ("Болт", "Иван", "Уфа"))]


def test_header_names_that_repeat_stay_two_columns(tmp_path):
    path = written(tmp_path, "Клиент;Товар;Товар;Дата\n1;Болт;Гайка;01.02.2024\n")

    table = read_table(path)

    assert table.headers == ("Клиент", "Товар", "Товар", "Дата")
    assert list(table.rows) == [(2, ("1", "Болт", "Гайка", "01.02.2024"))]


def test_a_workbook_gives_typed_cells_with_the_row_numbers_of_excel(tmp_path):
    moment = datetime(2024, 3, 12, 10, 30)
    path = as_xlsx(tmp_path, [("Отчёт",), (), ORDERS, (13085, "00001", moment, "Болт", 1.5, 12), (), ("Итого",)])

    table = read_table(path)

    assert (table.kind, table.header_row, table.size_hint) == ("xlsx", 3, 3)
    assert list(table.rows) == [(4, (13085.0, "00001", moment, "Болт", 1.5, 12.0))]


def test_the_extension_says_nothing(tmp_path):
    path = as_xlsx(tmp_path, [ORDERS, LINE])
    renamed = path.rename(tmp_path / "really.csv")

    assert read_table(renamed).kind == "xlsx"


def test_cells_merged_downwards_are_filled_down(tmp_path):
    book = openpyxl.Workbook()
    for row in [
        ("Клиент", "Товар", "Количество"),
        ("Болт-Сервис", "Болт", 1),
        (None, "Гайка", 2),
        ("Омск", "Шайба", 3),
    ]:
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.save(tmp_path / "merged.xlsx")

    rows = list(read_table(tmp_path / "merged.xlsx").rows)

    assert [cells[0] for _, cells in rows] == ["Болт-Сервис", "Болт-Сервис", "Омск"]


def book_of_two(tmp_path: Path, second) -> Path:
    book = openpyxl.Workbook()
    for sheet, rows in ((book.active, [ORDERS, LINE]), (book.create_sheet("2010"), second)):
        for row in rows:
            sheet.append(row)
    book.active.title = "2009"
    book.save(tmp_path / "two.xlsx")
    return tmp_path / "two.xlsx"


def test_two_sheets_with_tables_are_refused_until_one_is_named(tmp_path):
    path = book_of_two(tmp_path, [ORDERS, LINE, LINE])

    assert "2009, 2010" in refused(path, workbook.ManySheets).text("ru")
    assert len(list(read_table(path, sheet="2010").rows)) == 2
    assert "2009, 2010" in refused(path, workbook.SheetAbsent, sheet="март").text("en")


def test_a_sheet_of_remarks_beside_the_table_does_no_harm(tmp_path):
    path = book_of_two(tmp_path, [("Выгружено из 1С",), ("Иван",)])

    assert list(read_table(path).rows) == [(2, LINE)]


def test_an_html_table_named_xls_is_read_as_bitrix_saves_it(tmp_path):
    page = (
        '<meta http-equiv="Content-type" content="text/html;charset=UTF-8" /><table border="1"><thead><tr>'
        "<th>ID</th><th>Название компании</th><th>Рабочий телефон</th></tr></thead><tbody>"
        "<tr><td>17</td><td>ООО &quot;Болт&quot;</td><td>+7 911 4445566<br>+7 343 2001010</td></tr></tbody></table>"
    )
    path = written(tmp_path, page, name="company.xls")

    table = read_table(path)

    assert (table.kind, table.header_row, table.size_hint) == ("html", 1, 1)
    assert table.headers == ("ID", "Название компании", "Рабочий телефон")
    assert list(table.rows) == [(2, ("17", 'ООО "Болт"', "+7 911 4445566\n+7 343 2001010"))]


def test_spans_of_an_html_table_keep_the_columns_in_step(tmp_path):
    page = (
        "<html><head><meta charset=windows-1251></head><body><table><tr><td>меню</td></tr></table><table>"
        "<tr><th>Клиент</th><th>Товар</th><th>Количество</th></tr>"
        "<tr><td rowspan=2>Болт</td><td>Гайка</td><td>1</td></tr>"
        "<tr><td>Шайба</td><td>2</td></tr><tr><td colspan=2>Омск</td><td>3</td></tr></table></body></html>"
    )
    path = written(tmp_path, page, name="a.xls", encoding="windows-1251")

    rows = [cells for _, cells in read_table(path).rows]

    assert rows == [("Болт", "Гайка", "1"), ("Болт", "Шайба", "2"), ("Омск", "", "3")]


def test_half_an_html_table_is_refused(tmp_path):
    path = written(tmp_path, "<table><tr><th>Клиент</th><th>ИНН</th></tr><tr><td>Бо", name="half.xls")

    refused(path, html_table.HtmlDamaged)


def parquet(tmp_path: Path) -> Path:
    table = pa.table(
        {
            "client": pa.array(["00001", None], pa.string()),
            "ts": pa.array([datetime(2024, 3, 12, 10, 30), None], pa.timestamp("us")),
            "day": pa.array([date(2024, 3, 12), None], pa.date32()),
            "price": pa.array([Decimal("1.250"), Decimal("2")], pa.decimal128(12, 3)),
            "qty": pa.array([1, 2], pa.int32()),
        }
    )
    pq.write_table(table, tmp_path / "lines.parquet")
    return tmp_path / "lines.parquet"


def test_parquet_has_no_header_row_and_keeps_its_types(tmp_path):
    table = read_table(parquet(tmp_path))

    assert (table.kind, table.header_row, table.size_hint) == ("parquet", 0, 2)
    assert list(table.rows) == [
        (1, ("00001", datetime(2024, 3, 12, 10, 30), date(2024, 3, 12), Decimal("1.250"), 1)),
        (2, (None, None, None, Decimal("2"), 2)),
    ]


def test_half_a_parquet_is_refused(tmp_path):
    whole = parquet(tmp_path).read_bytes()

    refused(written(tmp_path, whole[: len(whole) // 2], name="half.parquet"), wire.ParquetDamaged)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
def test_half_a_workbook_is_refused(tmp_path, share):
    whole = as_xlsx(tmp_path, [ORDERS, *[LINE] * 200]).read_bytes()

    refused(written(tmp_path, whole[: int(len(whole) * share)], name="half.xlsx"), workbook.WorkbookDamaged)


def test_a_workbook_whose_sheet_is_broken_is_refused(tmp_path):
    path = as_xlsx(tmp_path, [ORDERS, LINE])
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(broken, "w") as copy:
        for name in whole.namelist():
            content = whole.read(name)
            copy.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)

    refused(broken, workbook.WorkbookDamaged)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("photo.txt", "x")

    refused(tmp_path / "a.xlsx", workbook.NotAWorkbook)


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n1 0 obj", b"<?xml version='1.0'?><Workbook/>", b"{\\rtf1 x}", b"\x89PNG\r\n"]
)
def test_what_is_no_table_is_refused(tmp_path, content):
    refused(written(tmp_path, content), wire.NotATable)


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n  \n", b";;;\n;;;\n"])
def test_an_empty_file_is_refused(tmp_path, content):
    refused(written(tmp_path, content), wire.FileEmpty)


def test_an_empty_sheet_is_refused(tmp_path):
    refused(as_xlsx(tmp_path, []), wire.FileEmpty)


@pytest.mark.parametrize("content", ["1;2;3\n4;5;6\n", "просто письмо\nв две строки\n", "13085;Болт;12.03.2024\n"])
def test_a_file_without_a_header_is_refused(tmp_path, content):
    refused(written(tmp_path, content), wire.NoHeader)


def test_a_file_that_is_absent_or_a_folder_is_refused(tmp_path):
    (tmp_path / "folder.csv").mkdir()

    refused(tmp_path / "absent.csv", wire.FileAbsent)
    refused(tmp_path / "folder.csv", wire.FileAbsent)


def test_utf8_with_a_broken_letter_is_refused_and_not_read_as_nonsense(tmp_path):
    whole = as_csv([ORDERS, *[LINE] * 3], ";", "utf-8")
    broken = whole.replace("Болт М8".encode(), b"\xd0\xd0" + "олт М8".encode(), 1)

    assert refused(written(tmp_path, broken), delimited.TextDamaged).facts["row"] == 2


@pytest.mark.parametrize("spoilt", [b"\x98", b"\x00"])
def test_bytes_of_no_text_are_refused_with_their_row(tmp_path, spoilt):
    whole = as_csv([ORDERS, LINE, LINE], ";", "windows-1251") + spoilt

    assert refused(written(tmp_path, whole), delimited.TextDamaged).facts["row"] == 4


def biff(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def old_workbook(rows) -> bytes:
    """Build the smallest BIFF8 workbook: one sheet, texts and numbers, in an OLE container."""
    sheet = biff(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6))
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            place = struct.pack("<HHH", at, column, 0)
            if isinstance(cell, str):
                text = struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le")
                sheet += biff(0x204, place + text)
            else:
                sheet += biff(0x203, place + struct.pack("<d", cell))
    sheet += biff(0x0A, b"")
    head = biff(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6)) + biff(0x42, struct.pack("<H", 1200))
    name = struct.pack("<BB", 5, 1) + "Лист1".encode("utf-16-le")
    start = len(head) + 4 + 6 + len(name) + 4
    book = head + biff(0x85, struct.pack("<IBB", start, 0, 0) + name) + biff(0x0A, b"") + sheet
    return in_ole(book.ljust(4096 * (1 + len(book) // 4096), b"\0"))


def in_ole(stream: bytes) -> bytes:
    sectors = len(stream) // 512
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    fat = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = (name + "\0").encode("utf-16-le") if name else b""
        links = struct.pack("<BBIII", kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        return raw.ljust(64, b"\0") + struct.pack("<H", len(raw)) + links + bytes(36) + struct.pack("<IQ", start, size)

    folder = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream))
    folder += entry("", 0, 0xFFFFFFFF, 0, 0) * 2
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    return head + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108) + fat + folder + stream


def test_an_old_workbook_is_read(tmp_path):
    path = written(
        tmp_path, old_workbook([ORDERS, (13085.0, "00001", "12.03.2024", "Болт", 1.5, 12.0)]), name="old.xls"
    )

    table = read_table(path)

    assert (table.kind, table.headers) == ("xls", ORDERS)
    assert list(table.rows) == [(2, (13085.0, "00001", "12.03.2024", "Болт", 1.5, 12.0))]


def test_an_ole_document_that_is_no_workbook_is_refused(tmp_path):
    path = written(
        tmp_path,
        in_ole(b"letter".ljust(4096, b"\0")).replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le")),
        name="a.xls",
    )

    refused(path, workbook.NotAWorkbook)


@pytest.mark.skipif(not RETAIL.exists(), reason="the real file online_retail.parquet is not beside the project")
def test_a_real_file_tells_its_million_rows_and_gives_them_in_order():
    table = read_table(RETAIL)

    first, second = next(table.rows), next(table.rows)

    assert table.size_hint == 1_044_847
    assert first == (
        1,
        ("489434", "85048", first[1][2], 12, datetime(2009, 12, 1, 7, 45), Decimal("6.950"), 13085, "United Kingdom"),
    )
    assert second[0] == 2
