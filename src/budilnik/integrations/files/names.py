"""The header names that are known without asking: by kind of file and by field, in Russian and English.

The first names of a list are the surest: where a file has two columns of a field, the earlier name wins.
"""

from collections.abc import Mapping
from enum import StrEnum

from budilnik.integrations.files.cells import plain_name


class FileKind(StrEnum):
    """What the rows of a file are."""

    CLIENTS = "clients"
    ORDERS = "orders"
    CONTACTS = "contacts"


# code: (Russian, English), as refusals and the wizard name a field.
FIELD_TITLES: Mapping[str, tuple[str, str]] = {
    "client": ("клиент", "client"),
    "client_name": ("наименование клиента", "name of the client"),
    "order": ("номер заказа", "order number"),
    "date": ("дата заказа", "date of the order"),
    "item": ("код товара", "item code"),
    "item_name": ("наименование товара", "name of the item"),
    "item_group": ("группа товара", "item group"),
    "quantity": ("количество", "quantity"),
    "price": ("цена", "price"),
    "amount": ("сумма", "amount"),
    "cancelled": ("отменён", "cancelled"),
    "country": ("страна", "country"),
    "name": ("наименование", "name"),
    "owner": ("основной менеджер", "owner"),
    "inn": ("ИНН", "taxpayer number"),
    "kpp": ("КПП", "registration code"),
    "phone": ("телефон", "telephone"),
    "person": ("контактное лицо", "contact person"),
    "post": ("должность", "post"),
    "city": ("город", "city"),
    "region": ("регион", "region"),
    "zone": ("часовой пояс", "time zone"),
    "group": ("группа компаний", "group of companies"),
    "known_on": ("дата создания", "known since"),
    "at": ("дата и время", "date and time"),
    "direction": ("направление", "direction"),
    "result": ("результат", "result"),
    "employee": ("сотрудник", "employee"),
    "note": ("комментарий", "note"),
    "id": ("код записи", "record id"),
}

_CLIENT_CODE = (
    "client, client id, client code, client key, customer id, customer code, customer no, код клиента, "
    "код контрагента, код покупателя, id клиента, id контрагента, id компании, № клиента, customer, company id"
)
_CLIENT_WORD = (
    "клиент, контрагент, покупатель, заказчик, партнер, компания, организация, компания контакта, "
    "клиент (контрагент), company, account"
)
_CLIENT_NAME = (
    "client name, customer name, company name, наименование клиента, название клиента, наименование контрагента, "
    "имя клиента, наименование покупателя, название компании"
)
_OWNER = (
    "owner, основной менеджер, ответственный менеджер, менеджер клиента, ответственный, менеджер, "
    "ответственный за контакт, куратор, manager, account manager, responsible"
)
_PHONE = (
    "phone, phones, телефон, телефоны, номер телефона, контактный телефон, контактные телефоны, тел, "
    "рабочий телефон, рабочий прямой телефон, мобильный телефон, мобильный, моб телефон, сотовый телефон, сотовый, "
    "домашний телефон, другой телефон, телефон рабочий, телефон мобильный, phone number, telephone, tel, work phone, "
    "mobile, mobile phone, телефон 1, телефон 2, телефон 3, phone 1, phone 2, phone 3"
)

_WRITTEN: Mapping[FileKind, Mapping[str, str]] = {
    FileKind.ORDERS: {
        "client": f"{_CLIENT_CODE}, {_CLIENT_WORD}, {_CLIENT_NAME}",
        "client_name": f"{_CLIENT_NAME}, {_CLIENT_WORD}",
        "order": (
            "order, order no, order number, order id, invoice, invoice no, invoice number, номер заказа, № заказа, "
            "код заказа, id заказа, заказ, заказ клиента, номер накладной, накладная, номер реализации, реализация, "
            "номер счета, счет, номер документа, № документа, документ, документ продажи, регистратор, id сделки, "
            "номер"
        ),
        "date": (
            "date, order date, ordered at, ordered on, invoice date, ts, timestamp, дата заказа, дата документа, "
            "дата реализации, дата накладной, дата отгрузки, дата продажи, дата сделки, дата, период, дата начала, "
            "дата создания сделки, дата создания"
        ),
        "item": (
            "item, item code, item id, sku, stock code, product code, product id, article, код товара, артикул, "
            "код номенклатуры, артикул товара, артикул номенклатуры, номенклатура код, id товара, код"
        ),
        "item_name": (
            "item name, descr, description, product, product name, наименование товара, название товара, "
            "номенклатура, наименование номенклатуры, товар, продукт, продукция, наименование, товар услуга"
        ),
        "item_group": (
            "item group, product group, category, группа товара, группа товаров, товарная группа, "
            "номенклатурная группа, вид номенклатуры, группа номенклатуры, категория, категория товара"
        ),
        "quantity": "quantity, qty, количество, кол-во, кол, количество шт, кол-во шт, количество товара, отгружено",
        "price": (
            "price, unit price, цена, цена за единицу, цена за ед, цена руб, цена продажи, цена реализации, "
            "цена с ндс, цена товара"
        ),
        "amount": (
            "amount, sum, line total, сумма, сумма с ндс, сумма руб, сумма продажи, сумма строки, стоимость, "
            "стоимость продажи, выручка, всего"
        ),
        "cancelled": "cancelled, canceled, отменен, отмена, отменено, аннулирован, заказ отменен, пометка удаления",
        "country": "country, страна",
    },
    FileKind.CLIENTS: {
        "client": f"{_CLIENT_CODE}, key, id, ид, guid, код",
        "name": (
            "name, название компании, наименование, наименование компании, название, рабочее наименование, "
            f"{_CLIENT_NAME}, {_CLIENT_WORD}, полное наименование, наименование полное, юридическое название"
        ),
        "owner": _OWNER,
        "inn": "inn, инн, tax id, инн/кпп, инн контрагента, инн клиента",
        "kpp": "kpp, кпп, инн/кпп",
        "phone": _PHONE,
        "person": (
            "person, contact person, contact name, контактное лицо, полное имя контакта, имя контакта, фио контакта, "
            "фио, контакт"
        ),
        "post": "post, position, job title, должность, должность контакта",
        "city": "city, город, населенный пункт, город доставки, town",
        "region": "region, регион, область, субъект рф, бизнес-регион, край область",
        "zone": "zone, time zone, timezone, часовой пояс, таймзона",
        "group": "group, group of companies, holding, группа компаний, холдинг, головной контрагент, гк",
        "known_on": (
            "known on, created, created at, created on, дата создания, дата регистрации, дата первого контакта, "
            "клиент с, дата заведения"
        ),
    },
    FileKind.CONTACTS: {
        "client": f"{_CLIENT_CODE}, {_CLIENT_WORD}, {_CLIENT_NAME}",
        "at": (
            "at, called at, datetime, date time, date and time, дата и время, дата и время звонка, дата звонка, "
            "время звонка, дата контакта, дата разговора, дата начала, date, call date, дата, когда, время"
        ),
        "direction": "direction, call direction, направление, направление звонка, тип звонка, вид звонка",
        "result": (
            "result, outcome, call result, результат, результат звонка, результат контакта, итог, итог звонка, "
            "итог разговора, исход, статус звонка"
        ),
        "employee": "employee, user, сотрудник, кто звонил, автор, оператор, пользователь, "
        + _OWNER.removeprefix("owner, "),
        "note": "note, notes, comment, комментарий, комментарии, примечание, заметка, описание, содержание, о чем",
        "id": "id, call id, uniqueid, ид, id звонка, код звонка, код записи, номер звонка",
    },
}


def _ranked(written: str) -> Mapping[str, int]:
    ranks: dict[str, int] = {}
    for rank, name in enumerate(written.split(", ")):
        ranks.setdefault(plain_name(name), rank)
    return ranks


# kind -> field -> compared name -> rank; a lower rank is a surer name.
NAMES: Mapping[FileKind, Mapping[str, Mapping[str, int]]] = {
    kind: {field: _ranked(written) for field, written in fields.items()} for kind, fields in _WRITTEN.items()
}
# Bitrix24 calls the number of a deal plainly ID; elsewhere ID would be the number of a line.
SIGNS_OF_A_DEAL = frozenset({plain_name("Название сделки"), plain_name("Стадия сделки"), plain_name("Этап сделки")})
_ALL_NAMES = frozenset(name for fields in NAMES.values() for ranks in fields.values() for name in ranks)


def compared(header: str) -> tuple[str, ...]:
    """Return the names a header may be known by: whole, and without a tail in brackets or after a comma.

    «Цена, руб.» is also «Цена» and «Должность (контакт)» also «Должность».

    Units: none.
    Raises: nothing.
    Source: INTEGRATIONS §2.2.
    """
    head = header.split("(", 1)[0].split(",", 1)[0]
    whole, short = plain_name(header), plain_name(head)
    return (whole, short) if short and short != whole else (whole,)


def is_known(header: str) -> bool:
    """Say whether any kind of file knows a column by this name.

    Units: none.
    Raises: nothing.
    Source: the tables of this module.
    """
    return any(name in _ALL_NAMES for name in compared(header))
