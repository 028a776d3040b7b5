"""What managers write after a talk, and what clients ask to be called about."""

from budilnik.core.terms import LossReason, Outcome

TALK_NOTES: dict[Outcome, tuple[str, ...]] = {
    Outcome.ORDER: (
        "", "", "", "Заказ по телефону", "Заказ, самовывоз", "Заказ, доставка до терминала",
        "Повтор прошлого заказа", "Прислали заявку, позвонили уточнить сроки",
    ),
    Outcome.INTERESTED: (
        "Запросил КП на болты и гайки", "Спрашивал наличие анкеров", "Прислать прайс на саморезы",
        "Нужны образцы заклёпок", "Запросил цены на высокопрочные болты", "Просил счёт на шпильки",
        "Интересовался тросами и зажимами", "Уточнял срок поставки под заказ",
    ),
    Outcome.OPEN: (
        "", "Пока склад полный, готовы брать дальше", "Заявка будет к началу месяца", "Ждут старта объекта",
        "Напомнить о себе через месяц", "Уточнил условия отсрочки", "Просил закрывающие документы",
        "Спрашивал сертификаты", "Бюджет откроют в новом квартале",
    ),
    Outcome.CALLBACK: ("Был занят, просил перезвонить", "На совещании, просил набрать позже", "Был за рулём"),
}  # fmt: skip

ATTEMPT_NOTES: dict[Outcome, tuple[str, ...]] = {
    Outcome.NO_ANSWER: ("", "", "", "Не взял трубку"),
    Outcome.BUSY: ("",),
    Outcome.UNAVAILABLE: ("", "Телефон выключен"),
    Outcome.WRONG_PERSON: ("Снабжением занимается другой", "Ответил секретарь", "Сменился снабженец"),
}

REFUSALS: dict[LossReason, tuple[str, ...]] = {
    LossReason.PRICE: ("Отказ: дорого", "Отказ: нашли дешевле на 8%"),
    LossReason.COMPETITOR: ("Отказ: берут у другого поставщика", "Отказ: перешли к соседям по складу"),
    LossReason.NO_NEED: ("Отказ: нет потребности", "Отказ: не сезон"),
    LossReason.DELIVERY: ("Отказ: срывали сроки доставки", "Отказ: долго везём"),
    LossReason.ASSORTMENT: ("Отказ: не было нужного размера", "Отказ: нет в наличии"),
    LossReason.PROJECT_FINISHED: ("Отказ: объект сдан",),
    LossReason.QUALITY: ("Отказ: брак в прошлой партии",),
    LossReason.PAYMENT_TERMS: ("Отказ: не дали отсрочку",),
    LossReason.DOCUMENTS: ("Отказ: ошибки в накладных",),
    LossReason.SERVICE: ("Отказ: недоволен менеджером",),
}

REFUSAL_WEIGHTS = {
    LossReason.PRICE: 26,
    LossReason.COMPETITOR: 20,
    LossReason.NO_NEED: 18,
    LossReason.DELIVERY: 9,
    LossReason.ASSORTMENT: 8,
    LossReason.PROJECT_FINISHED: 7,
    LossReason.QUALITY: 4,
    LossReason.PAYMENT_TERMS: 4,
    LossReason.DOCUMENTS: 2,
    LossReason.SERVICE: 2,
}

LOSS_WEIGHTS = {
    LossReason.UNKNOWN: 24,
    LossReason.FORGOT_US: 16,
    LossReason.COMPETITOR: 13,
    LossReason.PRICE: 12,
    LossReason.OUR_MANAGER_CHANGED: 8,
    LossReason.THEIR_STAFF_CHANGED: 8,
    LossReason.NO_NEED: 6,
    LossReason.PROJECT_FINISHED: 5,
    LossReason.DELIVERY: 3,
    LossReason.SERVICE: 2,
    LossReason.QUALITY: 2,
    LossReason.IMPOSTOR: 1,
}

PROMISED_ABOUT = (
    "счёт на болты М16х60 DIN 933",
    "наличие высокопрочных болтов М20 и М24",
    "цена на шпильки М12 и М16 по метру",
    "согласует объём анкеров с директором",
    "пришлёт спецификацию по объекту",
    "сроки поставки тросов 6 и 8 мм",
    "был на совещании, вопрос по саморезам",
    "отсрочка платежа на следующий заказ",
    "образцы заклёпок, сказать, когда приедут",
    "замена гаек DIN 985, не подошёл размер",
    "доставка до терминала, посчитать стоимость",
    "анкерный состав, зимний вариант",
    "скидка на повтор прошлой партии",
    "сертификаты на высокопрочный крепёж",
    "график отгрузок на апрель",
    "такелаж для монтажа, подобрать комплект",
    "был за рулём, заявка на шайбы и гайки",
    "перфорированный крепёж, новый прайс",
    "заявка на квартал, сверить остатки",
    "самовывоз в пятницу, подготовить документы",
    "аналог для болтов ГОСТ 7798-70",
    "акт сверки и закрывающие документы",
    "цепи и скобы, нужны нагрузки",
    "дюбели для фасада, расчёт количества",
    "упаковка и маркировка для магазина",
)
