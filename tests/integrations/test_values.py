"""One cell, one value: exact, or returned with its reason in both languages."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberMatcher, format_number
from stdnum.ru import inn as taxpayer

from budilnik.core.terms import Direction, Outcome
from budilnik.integrations.files import companies, phones, places, talk_words, values
from budilnik.integrations.files.problems import SENTENCES, BadValue

TODAY = date(2026, 11, 23)
MIDDAY = datetime(2024, 3, 12, 12, 5)


def reason(reader, cell, **options) -> str:
    with pytest.raises(BadValue) as caught:
        reader(cell, **options)
    assert caught.value.text("ru")
    assert caught.value.text("en") == str(caught.value)
    return caught.value.code


def test_every_reason_speaks_both_languages_with_the_same_facts():
    for ru, en in SENTENCES.values():
        assert ru != en
        assert {part.split("}")[0] for part in ru.split("{")[1:]} == {part.split("}")[0] for part in en.split("{")[1:]}


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("00001", "00001"),
        (13085.0, "13085"),
        (13085, "13085"),
        ("13085.0", "13085"),
        ("8.0", "8.0"),
        (Decimal("13085.00"), "13085"),
        (" 00УТ-17\u00a0", "00УТ-17"),
        ("'00017", "00017"),
        ("\ufeffА1", "А1"),
        ("12E5", "12E5"),
        ("М8х20 E+", "М8х20 E+"),
        (1.5, "1.5"),
        (10**18 + 1, "1000000000000000001"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_key_is_text_as_written(cell, key):
    assert values.key_text(cell) == key


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40) | st.integers(-(10**14), 10**14) | st.integers(-(10**14), 10**14).map(float))
def test_a_key_read_again_is_the_same_key(cell):
    try:
        key = values.key_text(cell)
    except BadValue:
        return

    if not key.endswith(".0") and not key.startswith("'"):
        assert values.key_text(key) == key
    if not isinstance(cell, str):
        assert key == str(int(cell))


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("9.22E+09", "key_destroyed"),
        ("4,60E+12", "key_destroyed"),
        (1e16, "key_destroyed"),
        (float("nan"), "key_destroyed"),
        (float("inf"), "key_destroyed"),
        (Decimal("NaN"), "key_destroyed"),
        (True, "key_destroyed"),
        (datetime(2024, 2, 1), "key_is_a_date"),
        ("я" * 201, "text_too_long"),
    ],
)
def test_a_key_that_excel_destroyed_is_returned(cell, code):
    assert reason(values.key_text, cell) == code


def test_a_text_is_one_line_without_spare_spaces():
    assert values.text_of(" ООО\u00a0 «Болт»\n") == "ООО «Болт»"
    assert values.text_of("—") == values.text_of(None) == ""
    assert values.text_of(17.0) == "17"
    assert values.text_of(date(2024, 3, 12)) == "2024-03-12"
    assert reason(values.text_of, "я" * 501) == "text_too_long"


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        (MIDDAY, MIDDAY),
        (date(2024, 3, 12), datetime(2024, 3, 12)),
        ("12.03.2024", datetime(2024, 3, 12)),
        ("12.03.2024 г.", datetime(2024, 3, 12)),
        ("12.03.2024 12:05", MIDDAY),
        ("12.03.2024, 12:05", MIDDAY),
        ("12.03.2024 7:05:09", datetime(2024, 3, 12, 7, 5, 9)),
        ("1.3.2024", datetime(2024, 3, 1)),
        ("12-03-2024", datetime(2024, 3, 12)),
        ("12/03/2024", datetime(2024, 3, 12)),
        ("2024-03-12", datetime(2024, 3, 12)),
        ("2024-03-12T12:05:00", MIDDAY),
        ("2024-03-12 7:05:09.123", datetime(2024, 3, 12, 7, 5, 9)),
        (45363, datetime(2024, 3, 12)),
        (45363.503472222219, MIDDAY),
        (TODAY, datetime(2026, 11, 23)),
        (date(1990, 1, 1), datetime(1990, 1, 1)),
    ],
)
def test_a_moment_is_read_in_every_usual_form(cell, moment):
    assert values.moment(cell, on=TODAY) == moment
    assert values.day(cell, on=TODAY) == moment.date()


@settings(max_examples=100, deadline=None)
@given(st.datetimes(datetime(1990, 1, 1), datetime(2026, 11, 23, 23, 59, 59)).map(lambda at: at.replace(microsecond=0)))
def test_a_moment_written_in_any_form_reads_back(at):
    since = at - datetime(1899, 12, 30)
    forms = [
        at.isoformat(),
        at.isoformat(" "),
        f"{at:%d.%m.%Y %H:%M:%S}",
        f"{at:%d/%m/%Y %H:%M:%S}",
        since.total_seconds() / 86_400,
    ]

    assert {values.moment(form, on=TODAY) for form in forms} == {at}


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "missing_date"),
        (None, "missing_date"),
        ("24.11.2026", "future_date"),
        (TODAY + timedelta(days=1), "future_date"),
        ("31.12.1989", "old_date"),
        ("01.01.0001 0:00:00", "old_date"),
        ("12.03.24", "two_digit_year"),
        ("12/03/24 10:00", "two_digit_year"),
        ("31.02.2024", "not_a_date"),
        ("03/13/2024", "not_a_date"),
        ("12.03/2024", "not_a_date"),
        ("12.03.2024 25:00", "not_a_date"),
        ("45363", "not_a_date"),
        (2024, "not_a_date"),
        (20240312, "not_a_date"),
        (float("nan"), "not_a_date"),
        (True, "not_a_date"),
        ("вчера", "not_a_date"),
        ("2024-03-12T12:05:00+03:00", "moment_with_zone"),
    ],
)
def test_what_is_no_date_or_cannot_be_one_is_returned(cell, code):
    assert reason(values.moment, cell, on=TODAY) == code


def test_a_moment_with_its_own_zone_is_brought_to_the_companys():
    yekaterinburg = ZoneInfo("Asia/Yekaterinburg")
    utc = datetime(2024, 3, 12, 7, 5, tzinfo=timezone.utc)  # noqa: UP017

    assert values.moment(utc, on=TODAY, zone=yekaterinburg) == MIDDAY
    assert values.moment("2024-03-12T10:05:00+03:00", on=TODAY, zone=yekaterinburg) == MIDDAY
    assert values.moment("2024-03-12T07:05:00Z", on=TODAY, zone=yekaterinburg) == MIDDAY


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1\u202f234\u202f567", "1234567"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234,567", "1234567"),
        ("1.234.567,8", "1234567.8"),
        ("1,000", "1"),
        ("12.5", "12.5"),
        ("-5", "-5"),
        ("\u22125,5", "-5.5"),
        ("'7", "7"),
        (12.6, "12.6"),
        (12.600000000000001, "12.6"),
        (Decimal("6.950"), "6.95"),
        (-3, "-3"),
    ],
)
def test_a_number_is_read_as_written(cell, number):
    assert values.number(cell) == Decimal(number)


@pytest.mark.parametrize(
    "cell",
    [
        "nan",
        "inf",
        "1e5",
        "1_000",
        "12 34",
        "1,23,456",
        "1.2.3",
        "5-",
        "двенадцать",
        "١٢",
        "1" * 41,
        True,
        float("nan"),
        float("inf"),
        Decimal("Infinity"),
        date(2024, 1, 5),
    ],
)
def test_what_is_no_number_is_returned(cell):
    assert reason(values.number, cell) == "not_a_number"


@settings(max_examples=100, deadline=None)
@given(st.integers(-(10**12), 10**12), st.sampled_from([",", "."]))
def test_quantities_and_prices_are_exact(units, separator):
    def shown(places: int) -> str:
        return str(Decimal(units).scaleb(-places)).replace(".", separator) if abs(units) > 10 else "0"

    expected = units if abs(units) > 10 else 0
    assert values.quantity(shown(3)) == expected
    assert values.price(shown(4)) == expected
    assert values.amount(shown(2)) == expected
    assert values.price(float(Decimal(expected).scaleb(-4))) == expected


def test_signs_of_money_and_pieces_are_no_part_of_a_number():
    assert values.price("1 234,50 ₽") == values.price("1234.5 руб.") == values.price("1234,50р.") == 12_345_000
    assert values.quantity("12 шт.") == values.quantity(12) == 12_000
    assert reason(values.quantity, "12 тыс. шт") == "not_a_number"


@pytest.mark.parametrize(
    ("reader", "cell", "code"),
    [
        (values.quantity, "", "missing_quantity"),
        (values.quantity, "1,2345", "too_many_decimals"),
        (values.quantity, "1" + "0" * 10, "number_too_large"),
        (values.quantity, "0." + "0" * 36 + "1", "too_many_decimals"),
        (values.price, None, "missing_price"),
        (values.price, "1,23456", "too_many_decimals"),
        (values.price, 1e300, "number_too_large"),
        (values.amount, "1,234", "too_many_decimals"),
    ],
)
def test_numbers_out_of_bounds_are_returned(reader, cell, code):
    assert reason(reader, cell) == code


def test_a_price_may_be_zero_or_negative():
    assert values.price("0") == 0
    assert values.price("-0,5") == -5_000


@settings(max_examples=100, deadline=None)
@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_an_amount_is_rounded_half_up_away_from_zero(quantity, price):
    exact = Decimal(quantity) * price / 100_000

    assert values.line_amount(quantity, price) == exact.quantize(Decimal(1), rounding="ROUND_HALF_UP")


def test_the_half_kopeck_goes_away_from_zero():
    assert values.line_amount(1_000, 50) == 1
    assert values.line_amount(-1_000, 50) == -1
    assert values.line_amount(1_000, 49) == 0
    assert reason(lambda cell: values.line_amount(10**12, cell), 10**13) == "number_too_large"


def test_a_price_follows_from_an_amount():
    assert values.price_of(1_000, 3_000) == 33_333
    assert values.price_of(0, 0) == 0
    assert reason(lambda cell: values.price_of(cell, 0), 5) == "price_unknowable"


def test_a_mark_is_yes_or_no():
    assert all(values.flag(cell) for cell in ("Да", "TRUE", "1", 1, 1.0, True, "Отменён"))
    assert not any(values.flag(cell) for cell in ("нет", "0", 0, False, "", None, "-"))
    assert reason(values.flag, "может быть") == "not_yes_or_no"


@pytest.mark.parametrize(
    ("cell", "inn"),
    [
        ("7707083893", "7707083893"),
        (7707083893.0, "7707083893"),
        ("ИНН 7707083893", "7707083893"),
        ("7707083893/770701001", "7707083893"),
        ("500100732259", "500100732259"),
        (105012345, None),
        ("", ""),
        (None, ""),
        ("-", ""),
    ],
)
def test_an_inn_is_checked_by_its_digits(cell, inn):
    assert reason(companies.inn, cell) == "wrong_inn" if inn is None else companies.inn(cell) == inn


def test_a_zero_that_excel_lost_is_put_back_only_if_the_check_digit_agrees():
    first_nine = "010501234"
    whole = first_nine + taxpayer.calc_company_check_digit(first_nine)

    assert companies.inn(int(whole)) == companies.inn(whole[1:]) == whole
    assert reason(companies.inn, str(int(whole) + 1)) == "wrong_inn"


@pytest.mark.parametrize(
    "cell", ["0000000000", "000000000000", "7707083894", "123", "0012345678", "7,71E+09", "не знаю", "77070838931"]
)
def test_a_wrong_inn_is_named(cell):
    with pytest.raises(BadValue) as caught:
        companies.inn(cell)

    assert caught.value.code == "wrong_inn"
    assert cell in caught.value.text("ru")


def test_a_kpp_has_nine_signs():
    assert companies.kpp("770701001") == companies.kpp(770701001.0) == "770701001"
    assert companies.kpp(10501001.0) == "010501001"
    assert companies.kpp("7707AB001") == "7707AB001"
    assert companies.kpp("7707083893/770701001") == companies.kpp_of_pair("7707083893 / 770701001") == "770701001"
    assert companies.kpp("") == companies.kpp(0) == companies.kpp_of_pair("7707083893") == ""
    assert reason(companies.kpp, "77070100") == "wrong_kpp"


def numbers(cell) -> list[str]:
    return [f"{phone.number}{'#' if phone.extension else ''}{phone.extension}" for phone in phones.phones(cell)]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("8(343)2001010, 8-922-1234567", ["+73432001010", "+79221234567"]),
        ("89221234567/83432001010", ["+79221234567", "+73432001010"]),
        ("+7 (911) 4445566; +7 (343) 2001010", ["+79114445566", "+73432001010"]),
        ("'+79221234567", ["+79221234567"]),
        ("8 922 123-45-67 WhatsApp, Ольга", ["+79221234567"]),
        ("8(343)200-10-10 доб.123", ["+73432001010#123"]),
        ("89221234567, +7 922 123 45 67", ["+79221234567"]),
        ("+375 29 123 45 67", ["+375291234567"]),
        (89221234567, ["+79221234567"]),
        (89221234567.0, ["+79221234567"]),
        ("", []),
        (None, []),
        ("-", []),
    ],
)
def test_telephones_are_found_in_whatever_surrounds_them(cell, found):
    assert numbers(cell) == found


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9 - 1), st.sampled_from(["+79", "79", "89"]))
def test_a_plain_mobile_is_what_the_numbering_library_says(rest, start):
    text = f"{start}{rest:09}"
    library = [format_number(match.number, 0) for match in PhoneNumberMatcher(text, "RU")]

    if library:
        assert numbers(text) == library
    else:
        assert reason(phones.phones, text) == "no_phone"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("9.22123E+09", "phone_destroyed"),
        ("8,92E+10", "phone_destroyed"),
        (8.92e10, "phone_destroyed"),
        (9.22, "phone_destroyed"),
        (float("nan"), "phone_destroyed"),
        (True, "phone_destroyed"),
        (date(2024, 1, 5), "phone_destroyed"),
        ("745-55-33 оп 240", "no_phone"),
        ("спросить у Ивана", "no_phone"),
        ("12345", "no_phone"),
    ],
)
def test_a_lost_number_is_returned_and_never_guessed(cell, code):
    assert reason(phones.phones, cell) == code


def test_a_landline_tells_its_zone_and_a_mobile_none():
    zones = {cell: phones.phones(cell)[0].zone for cell in ("83432001010", "84012345678", "84952001010", "89221234567")}

    assert zones == {
        "83432001010": "Asia/Yekaterinburg",
        "84012345678": "Europe/Kaliningrad",
        "84952001010": "Europe/Moscow",
        "89221234567": "",
    }


@pytest.mark.parametrize(
    ("city", "region", "zone"),
    [
        ("Екатеринбург", "", "Asia/Yekaterinburg"),
        ("г. Санкт-Петербург", "", "Europe/Moscow"),
        ("Орёл", "", "Europe/Moscow"),
        ("Южно-Сахалинск", "", "Asia/Sakhalin"),
        ("", "Свердловская обл.", "Asia/Yekaterinburg"),
        ("", "Томская область", "Asia/Tomsk"),
        ("", "Омская область", "Asia/Omsk"),
        ("", "Сахалинская область", "Asia/Sakhalin"),
        ("", "Республика Саха (Якутия)", "Asia/Yakutsk"),
        ("", "Ханты - Мансийский - Югра АО", "Asia/Yekaterinburg"),
        ("", "Москва", "Europe/Moscow"),
        ("Благовещенск", "Республика Башкортостан", "Asia/Yekaterinburg"),
        ("Благовещенск", "", "Asia/Yakutsk"),
        ("Киров", "", "Europe/Kirov"),
        ("Самара", "Самарская область", "Europe/Samara"),
        ("Мытищи", "Московская обл", "Europe/Moscow"),
        ("Минск", "", ""),
        ("", "", ""),
    ],
)
def test_a_place_tells_its_zone(city, region, zone):
    assert places.zone_of_place(city, region) == zone


def test_every_zone_of_the_tables_exists():
    for zone in {*places._CITIES, *places._REGIONS, *places._MOSCOW_PLUS}:
        assert ZoneInfo(zone).key == zone


def test_a_zone_is_named_in_three_ways():
    assert places.zone_name("Asia/Omsk") == places.zone_name("МСК+3") == places.zone_name("UTC+6") == "Asia/Omsk"
    assert places.zone_name("MSK") == places.zone_name("UTC+03:00") == "Europe/Moscow"
    assert places.zone_name("UTC+2") == "Europe/Kaliningrad"
    assert places.zone_name("") == ""
    for cell in ("UTC-5", "Уральское", "../etc/passwd", "МСК+12"):
        assert reason(places.zone_name, cell) == "unknown_zone"


def test_directions_are_understood_and_an_empty_one_is_ours():
    assert talk_words.direction("Входящий") == talk_words.direction("IN") == Direction.IN
    assert talk_words.direction("исх.") == talk_words.direction("") == Direction.OUT
    assert talk_words.direction("К нам", {"кнам": Direction.IN}) == Direction.IN
    assert reason(talk_words.direction, "вбок") == "unknown_direction"


@pytest.mark.parametrize("outcome", list(Outcome))
def test_our_own_result_codes_are_understood(outcome):
    assert talk_words.outcome(outcome.value) == outcome
    assert talk_words.outcome(outcome.value.upper().replace("_", " ")) == outcome


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("Дозвонились", Outcome.OPEN),
        ("Заказ", Outcome.ORDER),
        ("отправил КП", Outcome.INTERESTED),
        ("Перезвонить", Outcome.CALLBACK),
        ("ОТКАЗ", Outcome.REFUSED),
        ("не звонить", Outcome.STOP),
        ("Неверный номер", Outcome.WRONG_NUMBER),
        ("ликвидирован", Outcome.CLOSED),
        ("Не берёт трубку", Outcome.NO_ANSWER),
        ("not reached", Outcome.NO_ANSWER),
        ("Занято", Outcome.BUSY),
        ("недоступен", Outcome.UNAVAILABLE),
        ("не тот человек", Outcome.WRONG_PERSON),
    ],
)
def test_results_are_understood_in_the_words_of_the_trade(word, outcome):
    assert talk_words.outcome(word) == outcome


def test_an_unknown_result_is_returned_with_what_is_understood():
    with pytest.raises(BadValue) as caught:
        talk_words.outcome("ну такое")

    assert "open (дозвонились)" in caught.value.text("ru")
    assert reason(talk_words.outcome, "") == "missing_result"
    assert talk_words.outcome("Мимо", {"мимо": Outcome.NO_ANSWER}) == Outcome.NO_ANSWER
