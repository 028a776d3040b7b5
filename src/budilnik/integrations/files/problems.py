"""Why a row is returned: the codes, the sentences for people, and the row with its reason as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# code: (Russian, English). A sentence says what is wrong and, where it is not plain, what to do.
SENTENCES: Mapping[str, tuple[str, str]] = {
    "missing_client": ("не указан клиент", "no client is given"),
    "missing_order": ("не указан номер заказа", "no order number is given"),
    "missing_item": ("не указан товар", "no item is given"),
    "missing_quantity": ("не указано количество", "no quantity is given"),
    "missing_price": ("не указана цена", "no price is given"),
    "missing_date": ("не указана дата", "no date is given"),
    "missing_result": ("не указан результат", "no result is given"),
    "extra_cells": (
        "в строке ячеек больше, чем в заголовке: {count} вместо {expected}; поставьте текст с разделителем в кавычки",
        "the row has more cells than the header, {count} instead of {expected}; put text with separators in quotes",
    ),
    "key_destroyed": (
        "код «{cell}» испорчен Excel: задайте столбцу текстовый формат и выгрузите файл заново",
        "the code “{cell}” was destroyed by Excel: format the column as text and export the file again",
    ),
    "key_is_a_date": (
        "код превращён Excel в дату {cell}: задайте столбцу текстовый формат и выгрузите файл заново",
        "Excel turned the code into the date {cell}: format the column as text and export the file again",
    ),
    "text_too_long": (
        "текст длиннее {limit} знаков: «{cell}…»",
        "the text is longer than {limit} characters: “{cell}…”",
    ),
    "not_a_date": (
        "«{cell}» не дата; нужна дата вида 31.12.2025 или 2025-12-31",
        "“{cell}” is not a date; write it as 31.12.2025 or 2025-12-31",
    ),
    "two_digit_year": (
        "в дате «{cell}» год из двух цифр; нужен полный год",
        "the year in “{cell}” has two digits; give all four",
    ),
    "future_date": ("дата в будущем: {cell}", "the date is in the future: {cell}"),
    "old_date": ("дата раньше 1990 года: {cell}", "the date is before 1990: {cell}"),
    "moment_with_zone": (
        "время «{cell}» указано с часовым поясом, а пояс компании при чтении не задан",
        "the time “{cell}” carries a zone, and no company zone was given to the reader",
    ),
    "not_a_number": ("«{cell}» не число", "“{cell}” is not a number"),
    "too_many_decimals": (
        "в числе «{cell}» больше знаков после запятой, чем допустимо ({limit})",
        "“{cell}” has more decimals than the {limit} allowed",
    ),
    "number_too_large": ("число «{cell}» слишком велико", "the number “{cell}” is too large"),
    "price_unknowable": (
        "цена не указана, а количество равно нулю: цену из суммы не вычислить",
        "there is no price and the quantity is zero, so no price follows from the amount",
    ),
    "not_yes_or_no": ("«{cell}» не «да» и не «нет»", "“{cell}” is neither yes nor no"),
    "wrong_inn": (
        "неверный ИНН «{cell}»: нужны 10 или 12 цифр с верной контрольной цифрой",
        "wrong taxpayer number (ИНН) “{cell}”: 10 or 12 digits with a correct check digit are needed",
    ),
    "wrong_kpp": (
        "неверный КПП «{cell}»: нужны 9 знаков",
        "wrong registration code (КПП) “{cell}”: 9 characters are needed",
    ),
    "phone_destroyed": (
        "телефон «{cell}» испорчен Excel, номер потерян: задайте столбцу текстовый формат и выгрузите заново",
        "the telephone “{cell}” was destroyed by Excel and is lost: format the column as text and export again",
    ),
    "no_phone": (
        "в «{cell}» нет телефонного номера с кодом города",
        "“{cell}” holds no telephone number with an area code",
    ),
    "unknown_zone": (
        "неизвестный часовой пояс «{cell}»; пишите Asia/Yekaterinburg, МСК+2 или UTC+5",
        "unknown time zone “{cell}”; write Asia/Yekaterinburg, МСК+2 or UTC+5",
    ),
    "unknown_direction": (
        "непонятное направление «{cell}»; понятны: {known}",
        "unknown direction “{cell}”; understood are: {known}",
    ),
    "unknown_result": (
        "непонятный результат «{cell}»; понятны: {known}; свои слова опишите в разделе [results] файла соответствия",
        "unknown result “{cell}”; understood are: {known}; describe your own words in [results] of the mapping file",
    ),
    "unknown_manager": (
        "менеджера «{owner}» нет среди сотрудников; добавьте его: budilnik staff add ЛОГИН --name «{owner}»",
        "there is no employee “{owner}”; add one: budilnik staff add LOGIN --name “{owner}”",
    ),
    "manager_has_left": (
        "менеджер «{owner}» уволен; назовите другого или оставьте поле пустым",
        "the manager “{owner}” has left; name another one or leave the cell empty",
    ),
    "two_owners": (
        "у клиента «{client}» в файле два основных менеджера: «{first}» и «{owner}»; оставьте одного",
        "the client “{client}” has two owners in the file: “{first}” and “{owner}”; keep one",
    ),
    "client_twice": (
        "клиент «{client}» уже был в строке {row} с другими данными; оставьте одну строку",
        "the client “{client}” stood in row {row} with other data; keep one row",
    ),
    "owner_of_pool_client": (
        "клиент в пуле потерянных: менеджера «{owner}» ему даёт руководитель, а не файл",
        "the client is in the pool of the lost: the head gives him to “{owner}”, not a file",
    ),
    "owner_lost_client": (
        "«{owner}» этого клиента потерял; вернуть его может только руководитель",
        "“{owner}” lost this client; only the head can give him back",
    ),
    "unknown_client": (
        "клиента «{client}» нет в базе; загрузите сначала клиентов или заказы",
        "there is no client “{client}” in the base; import clients or orders first",
    ),
    "order_of_several_clients": (
        "в заказе «{order}» названы разные клиенты; нельзя сказать, чей он",
        "the order “{order}” names several clients; nobody can say whose it is",
    ),
}
SHOWN_LENGTH = 60


def sentence(code: str, facts: Mapping[str, str], language: str) -> str:
    """Return the sentence of `code` filled with `facts`, in `language` ("ru" or "en").

    Units: none.
    Raises: KeyError for a code that is not in `SENTENCES`.
    Source: SPEC §13, each rejected row is returned with its reason.
    """
    ru, en = SENTENCES[code]
    return (en if language == "en" else ru).format(**facts)


class BadValue(Exception):
    """A cell that cannot be taken: a code of `SENTENCES` and its facts. Caught where the row is known."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = {
            name: str(value)[:SHOWN_LENGTH] if name == "cell" else str(value) for name, value in facts.items()
        }
        super().__init__(code)

    def __str__(self) -> str:
        return self.text("en")

    def text(self, language: str) -> str:
        """Return the reason in `language` ("ru" or "en")."""
        return sentence(self.code, self.facts, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A row returned whole: its number in the file, the header of the bad column ("" if none), the reason."""

    row: int
    column: str
    code: str
    facts: Mapping[str, str] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """Return one sentence that names the row, the column and the reason, in `language` ("ru" or "en")."""
        reason = sentence(self.code, self.facts, language)
        if language == "en":
            return f"Row {self.row}, column “{self.column}”: {reason}." if self.column else f"Row {self.row}: {reason}."
        return (
            f"Строка {self.row}, столбец «{self.column}»: {reason}." if self.column else f"Строка {self.row}: {reason}."
        )
