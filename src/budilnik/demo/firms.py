"""Names of made-up firms: a root word, a word of the trade, sometimes the part of the country."""

from random import Random

from budilnik.demo.places import Land
from budilnik.demo.trades import Trade

ROOTS = (
    "Азимут", "Аквилон", "Альтаир", "Альянс", "Аргумент", "Арсенал", "Атлант", "Базальт", "Барс", "Беркут",
    "Бриг", "Вектор", "Вершина", "Витязь", "Гавань", "Горизонт", "Гранит", "Дельта", "Диалог", "Долина",
    "Зодчий", "Импульс", "Исток", "Каскад", "Квадрат", "Кварц", "Кедр", "Клён", "Контраст", "Контур", "Корвет",
    "Кристалл", "Кряж", "Лидер", "Магистраль", "Маяк", "Меридиан", "Мозаика", "Норма", "Ольха", "Опора",
    "Оптима", "Орбита", "Орион", "Параллель", "Парус", "Перевал", "Перспектива", "Пилот", "Портал", "Потенциал",
    "Причал", "Профиль", "Ракурс", "Ратник", "Резонанс", "Ресурс", "Ритм", "Родник", "Рубеж", "Рубин", "Рысь",
    "Сапфир", "Сигма", "Созвездие", "Спектр", "Старт", "Стимул", "Топаз", "Традиция", "Трапеция", "Утёс",
    "Фактор", "Форпост", "Форум", "Фрегат", "Хребет", "Цитадель", "Штурвал", "Эверест", "Экватор", "Эталон",
    "Эпсилон", "Юпитер", "Якорь", "Ясень",
)  # fmt: skip

STEMS: dict[Trade, tuple[str, ...]] = {
    Trade.PRODUCTION: (
        "Агро", "Вентиль", "Вибро", "Гидро", "Котло", "Крано", "Пневмо", "Прессо", "Редукто", "Станко", "Термо",
        "Фермо", "Цепе", "Шарико", "Энерго",
    ),
    Trade.CONSTRUCTION: (
        "Бетон", "Высот", "Город", "Дом", "Дорож", "Кров", "Монолит", "Мост", "Ремонт", "Свай", "Строй", "Тепло",
        "Фасад", "Фундамент",
    ),
    Trade.ASSEMBLY: (
        "Авто", "Вагоно", "Вентил", "Лифто", "Мебель", "Прибор", "Свето", "Тракто", "Холод", "Щито", "Электро",
    ),
    Trade.TRADE: ("Болт", "Гвоздь", "Инстру", "Крепёж", "Метиз", "Мастер", "Строй", "Скоб", "Хоз", "Шуруп"),
}  # fmt: skip

TAILS: dict[Trade, tuple[str, ...]] = {
    Trade.PRODUCTION: ("агрегат", "деталь", "каркас", "контур", "механика", "модуль", "привод", "узел", "штамп"),
    Trade.CONSTRUCTION: ("контракт", "объект", "подряд", "проект", "ресурс", "решение", "участок", "эксперт"),
    Trade.ASSEMBLY: ("блок", "комплект", "комплекс", "сборка", "секция", "система", "состав"),
    Trade.TRADE: ("база", "двор", "дом", "запас", "лавка", "маркет", "опт", "ряд", "склад", "центр"),
}

PATTERNS: dict[Trade, tuple[str, ...]] = {
    Trade.PRODUCTION: (
        "{root}-Механика", "{root}-{stem}{tail}", "{stem}{tail}-{root}", "{stem}{tail}-{land}",
        "Завод металлоконструкций {root}", "Механический завод {root}-{land}", "ПКФ {root}-{land}",
        "НПП {stem}{tail} {root}", "ПО {root}-{stem}{tail}", "{root} Металлообработка", "Литейный цех {root}",
    ),
    Trade.CONSTRUCTION: (
        "СК {root}-{land}", "СМУ-{number} {root}", "{root}-{stem}{tail}", "{stem}{tail}-{root}",
        "{root} Монтаж {land}", "{stem}{tail} {land}", "Строительный трест {root}", "УМ-{number} {stem}{tail}",
        "{root} Инжстрой", "Кровельные работы {root}", "Дорожный участок {root}-{number}",
    ),
    Trade.ASSEMBLY: (
        "{root}-{stem}{tail}", "{stem}{tail}-{root}", "{stem}{tail}-{land}", "Сборочный цех {root}",
        "{root} Комплектация {land}", "Фабрика {stem}{tail} {root}", "{root} Электрощит-{number}",
        "Мебельная фабрика {root}-{land}",
    ),
    Trade.TRADE: (
        "ТД {root}-{land}", "{stem}{tail}-{root}", "{stem}{tail} {land}", "{root}-{stem}{tail}",
        "Оптовая база {root}", "{root} Снабжение {land}", "Торговая компания {root}-{number}",
        "Магазин крепежа {root}-{number}",
    ),
}  # fmt: skip

FORMS = ("ООО", "АО", "ЗАО")
FORM_WEIGHTS = (90, 8, 2)
TRIES = 12


def invent_name(dice: Random, *, trade: Trade, land: Land, root: str = "") -> str:
    """Return a firm's name with its legal form; members of a holding bear its `root`."""
    words = dice.choice(PATTERNS[trade]).format(
        root=root or dice.choice(ROOTS),
        stem=dice.choice(STEMS[trade]),
        tail=dice.choice(TAILS[trade]),
        land=land.value,
        number=dice.randrange(2, 60),
    )
    return f"{dice.choices(FORMS, FORM_WEIGHTS)[0]} «{words}»"


def invent_new_name(dice: Random, *, trade: Trade, land: Land, root: str, taken: set[str]) -> str:
    """Return a name that is not `taken` yet, and take it; when the words run out a number is added."""
    name = invent_name(dice, trade=trade, land=land, root=root)
    for _ in range(TRIES):
        if name not in taken:
            break
        name = invent_name(dice, trade=trade, land=land, root=root)
    else:
        name = f"{name.removesuffix('»')} {len(taken)}»"
    taken.add(name)
    return name
