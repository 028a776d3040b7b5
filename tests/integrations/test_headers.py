"""Columns are known by their headers, or named by a mapping; a file that is not understood is refused."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budilnik.core.terms import Direction, Outcome
from budilnik.integrations.files import headers, saved_mapping
from budilnik.integrations.files.cells import plain_name
from budilnik.integrations.files.headers import Columns, recognise
from budilnik.integrations.files.names import FIELD_TITLES, NAMES, FileKind, is_known
from budilnik.integrations.files.saved_mapping import SavedMapping, load_mapping

OUR_ORDERS = ("client", "order", "date", "item", "item_name", "quantity", "price")
OUR_CLIENTS = ("client", "name", "owner", "inn", "phone", "city")
OUR_CONTACTS = ("client", "at", "direction", "result", "employee")
RETAIL = ("invoice", "sku", "descr", "qty", "ts", "price", "customer", "country")
BITRIX_COMPANIES = (
    "ID",
    "Название компании",
    "Логотип",
    "Тип компании",
    "Сфера деятельности",
    "Кол-во сотрудников",
    "Годовой оборот",
    "Валюта",
    "Рабочий телефон",
    "Мобильный телефон",
    "Номер факса",
    "Рабочий e-mail",
    "Фактический адрес",
    "Комментарий",
    "Ответственный",
    "Кем создана",
    "Дата создания",
    "Дата изменения",
    "ИНН",
    "КПП",
)
BITRIX_DEALS = (
    "ID",
    "Название сделки",
    "Стадия сделки",
    "Сумма",
    "Валюта",
    "Компания",
    "Контакт",
    "Ответственный",
    "Дата начала",
    "Дата создания",
    "Товар",
    "Цена",
    "Количество",
)
AMO = (
    "ID",
    "Тип",
    "Наименование",
    "Имя",
    "Фамилия",
    "Компания",
    "Дата создания",
    "Создатель",
    "Теги",
    "Ответственный",
    "Сделки",
    "Должность (контакт)",
    "Рабочий email",
    "Рабочий телефон",
    "Рабочий прямой телефон",
    "Мобильный телефон",
    "Факс",
    "Примечание 1",
)
ONE_C_SALES = ("№ заказа", "Дата документа", "Код контрагента", "Контрагент", "Номенклатура", "Кол-во", "Сумма, руб.")
CALLS = ("Дата и время", "Контрагент", "Направление", "Сотрудник", "Результат", "Комментарий")


def named(columns: Columns) -> dict[str, str]:
    return {field: columns.headers[at] for field, at in columns.fields if field != "phone"}


@settings(max_examples=100, deadline=None)
@given(data=st.data(), kind=st.sampled_from(list(FileKind)))
def test_a_known_name_is_known_in_any_case_and_punctuation(data, kind):
    field = data.draw(st.sampled_from(sorted(NAMES[kind])))
    name = data.draw(st.sampled_from(sorted(NAMES[kind][field])))
    signs = data.draw(st.lists(st.sampled_from([" ", ".", "_", "-", "\u00a0", ":"]), max_size=3))

    shaped = "".join(signs) + data.draw(st.sampled_from([name.upper(), name.title(), name])) + "".join(signs)

    assert plain_name(shaped) == name
    assert is_known(shaped)


def test_yo_and_number_signs_make_no_difference():
    assert plain_name("Отменён") == plain_name("отменен")
    assert plain_name("№ заказа") == plain_name("№Заказа")


def test_every_field_has_a_title_in_both_languages():
    fields = {field for kind in FileKind for field in NAMES[kind]}

    assert fields == set(FIELD_TITLES)
    assert all(ru and en for ru, en in FIELD_TITLES.values())


@pytest.mark.parametrize(
    ("seen", "kind"),
    [
        (OUR_ORDERS, "orders"),
        (RETAIL, "orders"),
        (BITRIX_DEALS, "orders"),
        (ONE_C_SALES, "orders"),
        (OUR_CLIENTS, "clients"),
        (BITRIX_COMPANIES, "clients"),
        (AMO, "clients"),
        (("Наименование", "Основной менеджер"), "clients"),
        (OUR_CONTACTS, "contacts"),
        (CALLS, "contacts"),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_headers(seen, kind):
    assert recognise(seen).kind == kind


@pytest.mark.parametrize("seen", [OUR_ORDERS, OUR_CLIENTS, OUR_CONTACTS])
def test_our_own_names_mean_themselves(seen):
    columns = recognise(seen)

    assert {field for field, _ in columns.fields} == set(seen)
    assert columns.unused == ()


def test_the_real_file_is_understood_without_a_mapping():
    assert named(recognise(RETAIL)) == {
        "client": "customer",
        "order": "invoice",
        "date": "ts",
        "item": "sku",
        "item_name": "descr",
        "quantity": "qty",
        "price": "price",
        "country": "country",
    }


def test_a_code_is_the_key_and_the_word_beside_it_the_name():
    columns = recognise(ONE_C_SALES)

    assert named(columns)["client"] == "Код контрагента"
    assert named(columns)["client_name"] == "Контрагент"
    assert named(columns)["amount"] == "Сумма, руб."


def test_the_id_of_a_bitrix_deal_is_its_order_and_elsewhere_it_is_not():
    assert named(recognise(BITRIX_DEALS))["order"] == "ID"
    assert "order" not in named(recognise(("ID", "Клиент", "Дата", "Товар", "Количество", "Цена")))


def test_all_telephone_columns_are_taken_and_the_fax_is_not():
    columns = recognise(BITRIX_COMPANIES)

    assert [columns.headers[at] for at in columns.indexes("phone")] == ["Рабочий телефон", "Мобильный телефон"]
    assert "Номер факса" in columns.unused


def test_of_two_columns_with_one_name_the_left_one_is_taken():
    columns = recognise(("Клиент", "Дата", "Товар", "Товар", "Количество", "Цена"))

    assert columns.index("item_name") == 2
    assert columns.unused == ("Товар",)


def test_one_column_may_hold_inn_and_kpp():
    columns = recognise(("Наименование", "ИНН/КПП"))

    assert columns.index("inn") == columns.index("kpp") == 1


def test_a_refusal_names_the_headers_the_missing_fields_and_the_way_out():
    with pytest.raises(headers.HeadersNotRecognised) as caught:
        recognise(("Клиент", "Количество", "Вес"))

    for language, missing in (("ru", "дата заказа [date]"), ("en", "date of the order [date]")):
        text = caught.value.text(language)
        assert missing in text
        assert "Клиент | Количество | Вес" in text
        assert "--mapping" in text


def test_orders_that_lack_a_price_are_not_taken_for_clients():
    with pytest.raises(headers.HeadersNotRecognised) as caught:
        recognise(("Клиент", "Дата", "Товар", "Количество", "Менеджер", "Город"))

    assert "price" in caught.value.text("ru")


def test_headers_that_fit_two_kinds_are_refused_until_the_kind_is_given():
    seen = ("client", "date", "item", "quantity", "price", "result")

    with pytest.raises(headers.KindAmbiguous) as caught:
        recognise(seen)

    assert "orders" in caught.value.text("ru")
    assert "contacts" in caught.value.text("en")
    assert recognise(seen, as_kind=FileKind.ORDERS).kind == FileKind.ORDERS


def mapping_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mapping.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_mapping_names_columns_and_words_of_its_own(tmp_path):
    path = mapping_file(
        tmp_path,
        'kind = "contacts"\nsheet = "Звонки"\n'
        '[columns]\nclient = "Фирма"\nat = "Когда звонили"\nresult = "Чем кончилось"\n'
        '[results]\n"Взяли трубку" = "open"\n"Мимо" = "no_answer"\n[directions]\n"К нам" = "in"\n',
    )

    mapping = load_mapping(path)
    columns = recognise(("Когда звонили", "Фирма", "Чем кончилось", "Сотрудник"), mapping=mapping)

    assert mapping.sheet == "Звонки"
    assert mapping.headers == {"Фирма", "Когда звонили", "Чем кончилось"}
    assert named(columns) == {
        "client": "Фирма",
        "at": "Когда звонили",
        "result": "Чем кончилось",
        "employee": "Сотрудник",
    }
    assert columns.results == {plain_name("Взяли трубку"): Outcome.OPEN, plain_name("Мимо"): Outcome.NO_ANSWER}
    assert columns.directions == {plain_name("К нам"): Direction.IN}


def test_a_mapping_may_name_several_telephones_and_switch_a_field_off(tmp_path):
    path = mapping_file(
        tmp_path, 'kind = "clients"\n[columns]\nname = "Фирма"\nphone = ["Тел А", "Тел Б"]\nowner = ""\n'
    )

    columns = recognise(("Фирма", "Тел А", "Тел Б", "Менеджер"), mapping=load_mapping(path))

    assert columns.indexes("phone") == (1, 2)
    assert columns.index("owner") is None


def test_a_mapped_header_is_found_in_another_case():
    mapping = SavedMapping(kind=FileKind.CLIENTS, columns={"name": ("фирма",)})

    assert recognise(("Фирма", "ИНН"), mapping=mapping).index("name") == 0


def test_a_header_that_the_file_lacks_is_refused():
    mapping = SavedMapping(kind=FileKind.CLIENTS, columns={"name": ("Фирма",)})

    with pytest.raises(headers.MappedHeaderAbsent) as caught:
        recognise(("Клиент", "ИНН"), mapping=mapping)

    assert "«Фирма»" in caught.value.text("ru")
    assert "“Фирма”" in caught.value.text("en")


@pytest.mark.parametrize(
    ("text", "named_in_refusal"),
    [
        ('kind = "goods"', "goods"),
        ("", "kind"),
        ('kind = "orders"\nsheet = 5', "sheet"),
        ('kind = "orders"\n[colums]\nclient = "А"', "colums"),
        ('kind = "orders"\ncolumns = "А"', "columns"),
        ('kind = "orders"\n[columns]\nowner = "А"', "owner"),
        ('kind = "orders"\n[columns]\nclient = 5', "client"),
        ('kind = "orders"\n[columns]\nclient = ["А", "Б"]', "client"),
        ('kind = "contacts"\n[results]\n"Ура" = "победа"', "победа"),
        ('kind = "contacts"\n[directions]\n"Ура" = "вбок"', "вбок"),
    ],
)
def test_a_mapping_that_is_not_understood_is_refused(tmp_path, text, named_in_refusal):
    with pytest.raises(saved_mapping.MappingWrong) as caught:
        load_mapping(mapping_file(tmp_path, text))

    assert named_in_refusal in caught.value.text("ru")
    assert "mapping.toml" in caught.value.text("en")


def test_a_mapping_that_is_no_toml_or_is_absent_is_refused(tmp_path):
    broken = mapping_file(tmp_path, "kind = orders")

    for path in (broken, tmp_path / "absent.toml", tmp_path):
        with pytest.raises(saved_mapping.MappingUnreadable) as caught:
            load_mapping(path)
        assert path.name in caught.value.text("ru")
        assert path.name in caught.value.text("en")
