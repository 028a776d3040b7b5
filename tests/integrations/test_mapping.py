"""A row is taken whole or returned whole, with the column and the reason."""

import csv
from collections import Counter
from datetime import date, datetime
from itertools import islice
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budilnik.core.arrivals import ArrivedClient, ArrivedContact, ArrivedPhone
from budilnik.core.terms import Direction, Outcome
from budilnik.integrations.files.headers import recognise
from budilnik.integrations.files.mapping import MappedLine, map_row, row_mapper
from budilnik.integrations.files.names import FileKind
from budilnik.integrations.files.problems import Problem
from budilnik.integrations.files.saved_mapping import SavedMapping
from budilnik.integrations.files.wire import read_table

TODAY = date(2026, 11, 23)
MIDDAY = datetime(2024, 3, 12, 12, 5)
ORDERS = ("Клиент", "Номер", "Дата", "Артикул", "Товар", "Количество", "Цена", "Отменён")
CLIENTS = ("Код клиента", "Наименование", "Ответственный", "ИНН", "КПП", "Телефон", "Мобильный телефон", "Город")
CONTACTS = ("Клиент", "Дата и время", "Направление", "Результат", "Сотрудник", "Комментарий")
RETAIL = Path(__file__).parents[3] / "shared" / "data" / "online_retail.parquet"
RETAIL_SAMPLE = 100_000


def mapped(headers, cells, **options):
    return map_row(17, cells, recognise(headers, **options), on=TODAY)


def order(**changed):
    cells = {
        "Клиент": "Болт-Сервис",
        "Номер": "00УТ-1",
        "Дата": "12.03.2024 12:05",
        "Артикул": "М8",
        "Товар": "Болт М8",
        "Количество": "1,5",
        "Цена": "12,30",
        "Отменён": "",
    }
    return mapped(ORDERS, tuple((cells | changed).values()))


def returned(problem, code: str, column: str) -> None:
    assert isinstance(problem, Problem)
    assert (problem.row, problem.code, problem.column) == (17, code, column)
    assert problem.text("ru").startswith("Строка 17")
    assert problem.text("en").startswith("Row 17")


def test_an_order_line_is_exact():
    assert order() == MappedLine(
        row=17,
        order_key="00УТ-1",
        client_key="Болт-Сервис",
        client_name="",
        at=MIDDAY,
        product_key="М8",
        product_name="Болт М8",
        product_group="",
        quantity=1_500,
        price=123_000,
        amount=1_845,
        cancelled=False,
    )


def test_a_return_stays_a_line_with_a_negative_quantity():
    line = order(Номер="C489449", Количество="-12")

    assert (line.order_key, line.quantity, line.amount) == ("C489449", -12_000, -14_760)


def test_a_cancelled_order_is_marked_and_not_dropped():
    assert order(Отменён="Да").cancelled


def test_a_line_without_a_client_is_returned_with_that_reason():
    problem = order(Клиент=" ")

    returned(problem, "missing_client", "Клиент")
    assert problem.text("ru") == "Строка 17, столбец «Клиент»: не указан клиент."
    assert problem.text("en") == "Row 17, column “Клиент”: no client is given."


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("Клиент", "9.22E+09", "key_destroyed"),
        ("Номер", "", "missing_order"),
        ("Дата", "вчера", "not_a_date"),
        ("Дата", "24.11.2026", "future_date"),
        ("Артикул", datetime(2024, 1, 5), "key_is_a_date"),
        ("Количество", "много", "not_a_number"),
        ("Количество", "", "missing_quantity"),
        ("Цена", "1,23456", "too_many_decimals"),
        ("Цена", "", "missing_price"),
        ("Отменён", "может быть", "not_yes_or_no"),
    ],
)
def test_the_first_bad_cell_returns_the_whole_row_and_names_its_column(column, cell, code):
    returned(order(**{column: cell}), code, column)


def test_an_item_without_a_code_is_known_by_its_name():
    line = order(Артикул="")

    assert (line.product_key, line.product_name) == ("Болт М8", "Болт М8")
    returned(order(Артикул="", Товар=""), "missing_item", "Артикул")


def test_orders_without_numbers_are_one_a_day_for_a_client():
    headers = ("Клиент", "Дата", "Товар", "Количество", "Цена")

    morning = mapped(headers, ("Болт", "12.03.2024 9:00", "Гайка", 1, 2))
    evening = mapped(headers, ("Болт", "12.03.2024 17:00", "Шайба", 1, 2))

    assert morning.order_key == evening.order_key == "Болт/2024-03-12"


def test_without_a_price_the_amount_of_the_file_stands():
    headers = ("Клиент", "Дата", "Товар", "Количество", "Сумма")

    line = mapped(headers, ("Болт", "12.03.2024", "Гайка", 3, "10,00"))

    assert (line.price, line.amount) == (33_333, 1_000)
    returned(mapped(headers, ("Болт", "12.03.2024", "Гайка", 0, 10)), "price_unknowable", "Сумма")
    returned(mapped(headers, ("Болт", "12.03.2024", "Гайка", 1, "")), "missing_price", "Сумма")


def test_an_amount_beside_a_price_is_not_even_looked_at():
    headers = ("Клиент", "Дата", "Товар", "Количество", "Цена", "Сумма")

    assert mapped(headers, ("Болт", "12.03.2024", "Гайка", 3, 10, "10,123")).amount == 3_000


def test_a_row_out_of_step_with_its_header_is_returned():
    problem = mapped(("Клиент", "Дата", "Товар", "Количество", "Цена"), ("Болт", "12.03.2024", "Гайка", 1, "5", "12"))

    returned(problem, "extra_cells", "")
    assert "6 вместо 5" in problem.text("ru")


def test_a_short_row_is_filled_up_and_an_empty_extra_cell_does_no_harm():
    assert mapped(ORDERS, ("Болт", "1", "12.03.2024", "М8", "Болт М8", 1, 2)) == order(
        Клиент="Болт", Номер="1", Дата="12.03.2024", Количество=1, Цена=2
    )
    assert mapped(("Наименование", "ИНН"), ("Болт", "", "")).name == "Болт"


def test_a_client_is_read_whole():
    cells = (17.0, "ООО «Болт»", "Иван Петров", "7707083893", "770701001", "8(343)2001010", "+7 922 1234567", "Омск")

    assert mapped(CLIENTS, cells) == ArrivedClient(
        key="17",
        name="ООО «Болт»",
        owner="Иван Петров",
        inn="7707083893",
        kpp="770701001",
        city="Омск",
        zone="Asia/Omsk",
        phones=(
            ArrivedPhone(number="+73432001010", zone="Asia/Yekaterinburg"),
            ArrivedPhone(number="+79221234567"),
        ),
    )


def test_a_client_without_a_code_is_known_by_its_name():
    headers = ("Наименование", "ИНН")

    assert mapped(headers, ("Болт", "")) == ArrivedClient(key="Болт", name="Болт", owner=None)
    returned(mapped(headers, ("", "7707083893")), "missing_client", "Наименование")


def test_a_client_without_a_name_is_known_by_its_code():
    assert mapped(CLIENTS, ("00017", *[""] * 7)) == ArrivedClient(key="00017", name="00017", owner="")


def test_an_owner_is_none_only_where_the_file_has_no_such_column():
    assert mapped(("Наименование", "Менеджер"), ("Болт", "")).owner == ""
    assert mapped(("Наименование", "Город"), ("Болт", "")).owner is None


def test_one_telephone_in_two_columns_is_one():
    client = mapped(CLIENTS, ("1", "Болт", "", "", "", "89221234567", "+7 922 123-45-67", ""))

    assert client.phones == (ArrivedPhone(number="+79221234567"),)


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("ИНН", "7707083894", "wrong_inn"),
        ("КПП", "77", "wrong_kpp"),
        ("Мобильный телефон", "9.22E+09", "phone_destroyed"),
    ],
)
def test_a_bad_cell_of_a_client_returns_the_row(column, cell, code):
    cells = dict.fromkeys(CLIENTS, "") | {"Код клиента": "1", column: cell}

    returned(mapped(CLIENTS, tuple(cells.values())), code, column)


def test_a_pair_of_inn_and_kpp_in_one_column_is_parted():
    client = mapped(("Наименование", "ИНН/КПП", "Дата создания"), ("Болт", "7707083893/770701001", "12.03.2024"))

    assert (client.inn, client.kpp, client.known_on) == ("7707083893", "770701001", date(2024, 3, 12))
    assert mapped(("Наименование", "ИНН/КПП"), ("Болт", "7707083893")).kpp == ""


def test_a_zone_said_in_the_file_comes_before_the_place():
    client = mapped(("Наименование", "Город", "Часовой пояс"), ("Болт", "Омск", "МСК+2"))

    assert client.zone == "Asia/Yekaterinburg"


def test_a_contact_is_read_whole():
    cells = ("Болт", "12.03.2024 12:05", "входящий", "Дозвонились", "Ольга", "просила\nцены")

    assert mapped(CONTACTS, cells) == ArrivedContact(
        key="",
        client_key="Болт",
        at=MIDDAY,
        direction=Direction.IN,
        outcome=Outcome.OPEN,
        employee="Ольга",
        note="просила цены",
    )


def test_a_contact_keeps_the_id_of_its_file():
    contact = mapped(("client", "at", "result", "id"), ("Болт", "2024-03-12", "busy", 5.0))

    assert (contact.key, contact.direction, contact.outcome) == ("5", Direction.OUT, Outcome.BUSY)


def test_a_contact_without_a_known_result_is_returned():
    cells = ("Болт", "12.03.2024", "", "ну такое", "Ольга", "")

    returned(mapped(CONTACTS, cells), "unknown_result", "Результат")


def test_words_of_the_mapping_are_understood():
    mapping = SavedMapping(kind=FileKind.CONTACTS, results={"нутакое": Outcome.OPEN}, directions={"кнам": Direction.IN})

    contact = mapped(CONTACTS, ("Болт", "12.03.2024", "К нам", "ну такое", "", ""), mapping=mapping)

    assert (contact.outcome, contact.direction) == (Outcome.OPEN, Direction.IN)


junk = st.one_of(
    st.none(),
    st.text(max_size=15),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.decimals().filter(lambda cell: not cell.is_snan()),
)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), headers=st.sampled_from([ORDERS, CLIENTS, CONTACTS]))
def test_whatever_the_cells_hold_a_row_is_taken_or_returned(data, headers):
    cells = data.draw(st.tuples(*[junk] * len(headers)))

    outcome = mapped(headers, cells)

    if isinstance(outcome, Problem):
        assert outcome.row == 17
        assert outcome.text("ru") != outcome.text("en")


def test_a_mapper_that_remembers_gives_what_a_fresh_one_gives():
    columns = recognise(ORDERS)
    mapper = row_mapper(columns, on=TODAY)
    cells = [("1", "1", "12.03.2024", "М8", "", quantity, 1, "") for quantity in (1, True, 1.0, "1", True)]

    assert [mapper(17, row) for row in cells] == [map_row(17, row, columns, on=TODAY) for row in cells]


def test_a_workbook_and_a_csv_of_the_same_lines_mean_the_same(tmp_path):
    line = (13085, "00001", MIDDAY, "М8", "Болт", 1.5, 12.3, None)
    book = openpyxl.Workbook()
    book.active.append(ORDERS)
    book.active.append(line)
    book.save(tmp_path / "lines.xlsx")
    with (tmp_path / "lines.csv").open("w", encoding="windows-1251", newline="") as file:
        shown = ("13085", "00001", "12.03.2024 12:05:00", "М8", "Болт", "1,500", "12,30", "Нет")
        csv.writer(file, delimiter=";").writerows([ORDERS, shown])

    def lines(name: str):
        table = read_table(tmp_path / name)
        mapper = row_mapper(recognise(table.headers), on=TODAY)
        return [mapper(number, cells) for number, cells in table.rows]

    assert lines("lines.xlsx") == lines("lines.csv")
    assert isinstance(lines("lines.csv")[0], MappedLine)


@pytest.mark.skipif(not RETAIL.exists(), reason="the real file online_retail.parquet is not beside the project")
def test_a_real_file_returns_only_the_lines_without_a_client():
    table = read_table(RETAIL)
    mapper = row_mapper(recognise(table.headers), on=TODAY)

    results = [mapper(number, cells) for number, cells in islice(table.rows, RETAIL_SAMPLE)]

    problems = Counter(result.code for result in results if isinstance(result, Problem))
    lines = [result for result in results if isinstance(result, MappedLine)]
    without_client = sum(cells[6] is None for _, cells in islice(read_table(RETAIL).rows, RETAIL_SAMPLE))
    assert problems == {"missing_client": without_client}
    assert len(lines) == RETAIL_SAMPLE - without_client
    assert all(line.quantity < 0 for line in lines if line.order_key.startswith("C"))


@pytest.mark.soak
@pytest.mark.skipif(not RETAIL.exists(), reason="the real file online_retail.parquet is not beside the project")
def test_the_whole_real_file_is_accounted_for():
    table = read_table(RETAIL)
    mapper = row_mapper(recognise(table.headers), on=TODAY)

    results = Counter(getattr(mapper(number, cells), "code", "taken") for number, cells in table.rows)

    assert results == {"taken": 1_044_847 - 235_287, "missing_client": 235_287}
