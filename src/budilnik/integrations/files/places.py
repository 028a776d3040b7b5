"""Time zones of Russian places: regions and large cities, in whatever spelling an address has them."""

import re
from collections.abc import Mapping
from functools import lru_cache
from zoneinfo import ZoneInfo

from budilnik.integrations.files.cells import Cell, is_empty
from budilnik.integrations.files.problems import BadValue
from budilnik.integrations.files.values import text_of

# Beginnings of words, so that «Свердловская», «Свердловской» and «Свердловск. обл.» are one.
_REGIONS: Mapping[str, str] = {
    "Europe/Kaliningrad": "калининградск",
    "Europe/Moscow": (
        "москва москвы московск подмосков ленинградск санктпетербург петербург спб адыге архангельск белгородск "
        "брянск владимирск вологодск воронежск дагестан ивановск ингуш кабардин калмык калужск карачаев карел коми "
        "костромск краснодарск крым курск липецк марий мордов мурманск ненецк нижегородск новгородск орловск осети "
        "пензенск псковск ростовск рязанск севастопол смоленск ставропольск тамбовск татарстан тверск тульск чечен "
        "чечня чуваш ярославск донецк луганск запорожск херсонск"
    ),
    "Europe/Kirov": "кировск",
    "Europe/Samara": "самарск удмурт",
    "Europe/Saratov": "саратовск",
    "Europe/Ulyanovsk": "ульяновск",
    "Europe/Astrakhan": "астраханск",
    "Europe/Volgograd": "волгоградск",
    "Asia/Yekaterinburg": "башкор башкир курганск оренбургск пермск свердловск тюменск хмао ханты янао ямало челябинск",
    "Asia/Omsk": "омск",
    "Asia/Novosibirsk": "новосибирск",
    "Asia/Barnaul": "алтай",
    "Asia/Tomsk": "томск",
    "Asia/Novokuznetsk": "кемеровск кузбасс",
    "Asia/Krasnoyarsk": "красноярск хакас тыва тува",
    "Asia/Irkutsk": "иркутск бурят",
    "Asia/Chita": "забайкальск читинск",
    "Asia/Yakutsk": "амурск саха якути",
    "Asia/Vladivostok": "приморск хабаровск еврейск",
    "Asia/Magadan": "магаданск",
    "Asia/Sakhalin": "сахалинск",
    "Asia/Kamchatka": "камчат",
    "Asia/Anadyr": "чукот",
}
# Whole names, as an address has them, letters and spaces only.
_CITIES: Mapping[str, str] = {
    "Europe/Kaliningrad": "калининград, черняховск",
    "Europe/Moscow": (
        "москва, санкт петербург, петербург, спб, питер, нижний новгород, казань, ростов на дону, воронеж, краснодар, "
        "ярославль, махачкала, рязань, пенза, липецк, тула, чебоксары, курск, ставрополь, тверь, брянск, "
        "иваново, белгород, владимир, набережные челны, калуга, смоленск, череповец, владикавказ, мурманск, "
        "архангельск, саранск, тамбов, грозный, вологда, кострома, сочи, новороссийск, таганрог, нальчик, "
        "йошкар ола, балашиха, химки, подольск, королев, мытищи, люберцы, электросталь, коломна, одинцово, "
        "красногорск, серпухов, щелково, домодедово, жуковский, пушкино, раменское, долгопрудный, реутов, "
        "дзержинск, старый оскол, великий новгород, псков, петрозаводск, сыктывкар, северодвинск, рыбинск, армавир, "
        "орел, майкоп, элиста, черкесск, назрань, магас, симферополь, севастополь, керчь, нижнекамск, альметьевск, "
        "зеленодольск, обнинск, новочеркасск, шахты, волгодонск, ухта, воркута, нарьян мар, пятигорск, кисловодск, "
        "невинномысск, арзамас, зеленоград, гатчина, выборг, муром, ковров, донецк, луганск, мариуполь, мелитополь"
    ),
    "Europe/Kirov": "киров, кирово чепецк",
    "Europe/Samara": "самара, тольятти, сызрань, новокуйбышевск, ижевск, воткинск, сарапул, глазов",
    "Europe/Saratov": "саратов, энгельс, балаково",
    "Europe/Ulyanovsk": "ульяновск, димитровград",
    "Europe/Astrakhan": "астрахань",
    "Europe/Volgograd": "волгоград, волжский, камышин",
    "Asia/Yekaterinburg": (
        "екатеринбург, екб, челябинск, пермь, уфа, тюмень, оренбург, магнитогорск, сургут, курган, нижний тагил, "
        "стерлитамак, каменск уральский, первоуральск, салават, нижневартовск, нефтеюганск, ханты мансийск, "
        "новый уренгой, ноябрьск, салехард, златоуст, миасс, копейск, березники, соликамск, орск, нефтекамск, "
        "октябрьский, тобольск, шадринск, серов, верхняя пышма, новоуральск, асбест, полевской, ревда"
    ),
    "Asia/Omsk": "омск",
    "Asia/Novosibirsk": "новосибирск, бердск, искитим",
    "Asia/Barnaul": "барнаул, бийск, рубцовск, горно алтайск",
    "Asia/Tomsk": "томск, северск",
    "Asia/Novokuznetsk": "кемерово, новокузнецк, прокопьевск, междуреченск, ленинск кузнецкий",
    "Asia/Krasnoyarsk": "красноярск, норильск, ачинск, канск, абакан, кызыл, минусинск",
    "Asia/Irkutsk": "иркутск, братск, ангарск, усть илимск, улан удэ, усолье сибирское",
    "Asia/Chita": "чита, краснокаменск",
    "Asia/Yakutsk": "якутск, благовещенск, нерюнгри, белогорск, свободный, тында",
    "Asia/Vladivostok": (
        "владивосток, хабаровск, комсомольск на амуре, уссурийск, находка, артем, биробиджан, арсеньев"
    ),
    "Asia/Magadan": "магадан",
    "Asia/Sakhalin": "южно сахалинск, корсаков, холмск",
    "Asia/Kamchatka": "петропавловск камчатский, елизово, вилючинск",
    "Asia/Anadyr": "анадырь",
}
# Hours ahead of Moscow.
_MOSCOW_PLUS = (
    *("Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Krasnoyarsk"),
    *("Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka"),
)
_OFFSET = re.compile(r"(МСК|MSK|UTC|GMT)\s*(?:([+-]\s*\d{1,2})(?::?00)?)?", re.IGNORECASE)
_NOT_LETTERS = re.compile(r"[^a-zа-я]+")
_CITY_MARKS = frozenset({"г", "город", "гор", "пгт"})


def _by_word(written: Mapping[str, str], separator: str) -> dict[str, str]:
    return {word.strip(): zone for zone, words in written.items() for word in words.split(separator)}


_ZONE_OF_CITY = _by_word(_CITIES, ", ")
# Longer beginnings first: «сахалинск» is not «саха».
_ZONE_OF_REGION = sorted(_by_word(_REGIONS, " ").items(), key=lambda pair: -len(pair[0]))


@lru_cache(maxsize=16_384)
def zone_of_place(city: str, region: str) -> str:
    """Return the IANA zone of a Russian place, "" if the tables do not know it. The region speaks first.

    Yakutia has three zones: the main one, of Yakutsk, is given.

    Units: none.
    Raises: nothing.
    Source: INTEGRATIONS §4.3.
    """
    return _region_zone(_words(region)) or _city_zone(_words(city)) or _region_zone(_words(city))


def _words(text: str) -> list[str]:
    small = text.casefold().replace("ё", "е").replace("санкт-", "санкт ")
    return [word for word in _NOT_LETTERS.split(small) if word and word not in _CITY_MARKS]


def _city_zone(words: list[str]) -> str:
    return _ZONE_OF_CITY.get(" ".join(words), "")


def _region_zone(words: list[str]) -> str:
    known = _city_zone(words)
    if known:
        return known
    return next((zone for stem, zone in _ZONE_OF_REGION if any(word.startswith(stem) for word in words)), "")


def zone_name(cell: Cell) -> str:
    """Return the IANA zone that a cell names: by its name, as МСК+2 or as UTC+5; "" for an empty cell.

    Units: none.
    Raises: BadValue.
    Source: INTEGRATIONS §4.3.
    """
    return "" if is_empty(cell) else _zone_name(text_of(cell))


@lru_cache(maxsize=1024)
def _zone_name(text: str) -> str:
    offset = _OFFSET.fullmatch(text)
    if offset:
        base, hours = offset.groups()
        ahead = int((hours or "0").replace(" ", "")) - (0 if base.upper() in {"МСК", "MSK"} else 3)
        if -1 <= ahead < len(_MOSCOW_PLUS) - 1:
            return _MOSCOW_PLUS[ahead + 1]
        raise BadValue("unknown_zone", cell=text)
    try:
        return ZoneInfo(text).key
    except (KeyError, OSError, ValueError) as trouble:
        raise BadValue("unknown_zone", cell=text) from trouble
