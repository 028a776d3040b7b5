"""Metal ware of the price list as a table: families by size, priced by weight."""

from dataclasses import dataclass

type Sizes = tuple[tuple[float, tuple[float, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Metal ware whose price grows with its weight.

    `name` has {d} and {l}; `sizes` are diameters with their lengths in millimetres; a piece weighs `bulk` times
    a rod of that size; `per_kg` and `labour` (per piece) are roubles.
    """

    name: str
    group: str
    sizes: Sizes
    per_kg: float
    labour: float
    bulk: float = 1.0


SHORT = (20, 25, 30, 40)
MIDDLE = (30, 40, 50, 60, 80)
LONG = (60, 80, 100, 120)
BOLTS: Sizes = (
    (6, (16, 20, 30, 40)), (8, (20, 30, 40, 50, 60)), (10, (30, 40, 50, 60, 80)), (12, (40, 50, 60, 80, 100)),
    (16, (40, 50, 60, 80, 100)), (20, (50, 60, 80, 100)), (24, (60, 80, 100)),
)  # fmt: skip
STRONG: Sizes = ((10, (40, 60)), (12, (40, 60, 80)), (16, (50, 60, 80, 100)), (20, (60, 80, 100)), (24, (80, 100)))
BRIDGE: Sizes = ((16, (60, 80)), (20, (60, 70, 80)), (24, (70, 80, 90, 100)), (27, (90, 110)))
SCREWS: Sizes = ((3, (10, 16)), (4, (10, 16, 20, 30)), (5, (12, 16, 25, 40)), (6, (16, 20, 30, 50)), (8, SHORT))


def _nuts(*diameters: float, height: float = 0.8) -> Sizes:
    return tuple((diameter, (diameter * height,)) for diameter in diameters)


FAMILIES = (
    Family(
        name="Болт М{d}х{l} DIN 933 8.8 оц.", group="Болты", sizes=BOLTS, per_kg=165, labour=0.9, bulk=1.35,
    ),
    Family(
        name="Болт М{d}х{l} DIN 931 8.8 оц.", group="Болты",
        sizes=((10, LONG), (12, LONG), (16, LONG), (20, LONG)), per_kg=170, labour=1.2, bulk=1.3,
    ),
    Family(
        name="Болт М{d}х{l} ГОСТ 7798-70 5.8", group="Болты",
        sizes=((8, MIDDLE), (10, MIDDLE), (12, MIDDLE), (16, LONG)), per_kg=140, labour=0.8, bulk=1.35,
    ),
    Family(
        name="Болт высокопрочный М{d}х{l} DIN 933 10.9", group="Болты", sizes=STRONG, per_kg=230, labour=2.5,
        bulk=1.35,
    ),
    Family(
        name="Болт высокопрочный М{d}х{l} ГОСТ 32484.3 10.9", group="Болты", sizes=BRIDGE, per_kg=250,
        labour=6, bulk=1.5,
    ),
    Family(
        name="Болт М{d}х{l} DIN 603 мебельный оц.", group="Болты",
        sizes=((6, MIDDLE), (8, MIDDLE), (10, LONG)), per_kg=185, labour=0.8, bulk=1.25,
    ),
    Family(
        name="Болт М{d}х{l} DIN 933 A2", group="Болты",
        sizes=((6, SHORT), (8, SHORT), (10, MIDDLE), (12, MIDDLE)), per_kg=620, labour=1.5, bulk=1.35,
    ),
    Family(
        name="Гайка М{d} DIN 934 8 оц.", group="Гайки",
        sizes=_nuts(4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 24, 27, 30, 36), per_kg=175, labour=0.15, bulk=1.7,
    ),
    Family(
        name="Гайка М{d} ГОСТ 5915-70 5", group="Гайки", sizes=_nuts(6, 8, 10, 12, 16, 20, 24, 30),
        per_kg=150, labour=0.12, bulk=1.7,
    ),
    Family(
        name="Гайка М{d} DIN 985 самоконтр. оц.", group="Гайки", sizes=_nuts(4, 5, 6, 8, 10, 12, 16, 20, 24),
        per_kg=230, labour=0.4, bulk=1.8,
    ),
    Family(
        name="Гайка М{d} DIN 6923 с фланцем оц.", group="Гайки", sizes=_nuts(5, 6, 8, 10, 12, 16), per_kg=210,
        labour=0.3, bulk=2.1,
    ),
    Family(
        name="Гайка М{d} DIN 1587 колпачковая оц.", group="Гайки",
        sizes=_nuts(4, 5, 6, 8, 10, 12, 16, height=1.5), per_kg=320, labour=0.9, bulk=1.4,
    ),
    Family(
        name="Гайка М{d} DIN 6334 удлинённая оц.", group="Гайки", sizes=_nuts(6, 8, 10, 12, 16, 20, height=3),
        per_kg=210, labour=0.8, bulk=1.6,
    ),
    Family(
        name="Гайка высокопрочная М{d} ГОСТ 32484.3 10", group="Гайки", sizes=_nuts(16, 20, 24, 27),
        per_kg=240, labour=3, bulk=1.9,
    ),
    Family(
        name="Шайба {d} DIN 125 оц.", group="Шайбы",
        sizes=_nuts(4, 5, 6, 8, 10, 12, 14, 16, 20, 24, 27, 30, height=0.17), per_kg=165, labour=0.05,
        bulk=3.2,
    ),
    Family(
        name="Шайба {d} DIN 9021 увелич. оц.", group="Шайбы",
        sizes=_nuts(4, 5, 6, 8, 10, 12, 16, 20, height=0.22), per_kg=165, labour=0.06, bulk=8,
    ),
    Family(
        name="Шайба {d} DIN 127 гровер оц.", group="Шайбы",
        sizes=_nuts(4, 5, 6, 8, 10, 12, 16, 20, 24, height=0.22), per_kg=190, labour=0.05, bulk=1.6,
    ),
    Family(
        name="Шайба {d} ГОСТ 11371-78", group="Шайбы", sizes=_nuts(6, 8, 10, 12, 16, 20, 24, 30, height=0.18),
        per_kg=140, labour=0.05, bulk=3.2,
    ),
    Family(
        name="Шайба высокопрочная {d} ГОСТ 32484.5", group="Шайбы", sizes=_nuts(16, 20, 24, 27, height=0.2),
        per_kg=210, labour=1.2, bulk=3,
    ),
    Family(
        name="Винт М{d}х{l} DIN 912 8.8 оц.", group="Винты",
        sizes=((4, SHORT), (5, SHORT), (6, MIDDLE), (8, MIDDLE), (10, MIDDLE), (12, LONG)),
        per_kg=240, labour=0.9, bulk=1.4,
    ),
    Family(name="Винт М{d}х{l} DIN 7985 оц.", group="Винты", sizes=SCREWS, per_kg=210, labour=0.18, bulk=1.3),
    Family(name="Винт М{d}х{l} DIN 965 оц.", group="Винты", sizes=SCREWS, per_kg=210, labour=0.17, bulk=1.2),
    Family(
        name="Винт М{d}х{l} ISO 7380 10.9 оц.", group="Винты", sizes=((5, SHORT), (6, SHORT), (8, SHORT)),
        per_kg=330, labour=1.0, bulk=1.3,
    ),
    Family(
        name="Винт установочный М{d}х{l} DIN 913", group="Винты",
        sizes=((5, (6, 10)), (6, (8, 12, 16)), (8, (10, 16, 20)), (10, (16, 20))),
        per_kg=420, labour=0.7,
    ),
    Family(
        name="Саморез {d}х{l} прессшайба сверло", group="Саморезы", sizes=((4.2, (13, 16, 19, 25, 32, 41)),),
        per_kg=220, labour=0.2, bulk=1.9,
    ),
    Family(
        name="Саморез кровельный {d}х{l} RAL 8017", group="Саморезы",
        sizes=((4.8, (29, 35, 51, 70)), (5.5, (19, 25, 38, 51))), per_kg=260, labour=1.2, bulk=1.6,
    ),
    Family(
        name="Саморез ГМ {d}х{l} фосф.", group="Саморезы",
        sizes=((3.5, (19, 25, 35, 45, 55)), (4.2, (65, 75)), (4.8, (90, 110))),
        per_kg=170, labour=0.12,
    ),
    Family(
        name="Саморез ГД {d}х{l} фосф.", group="Саморезы",
        sizes=((3.5, (25, 35, 41, 51)), (3.8, (64,)), (4.2, (70, 76))),
        per_kg=165, labour=0.12,
    ),
    Family(
        name="Шуруп универсальный {d}х{l} жёлтый", group="Саморезы",
        sizes=((3.5, (16, 20, 30, 40)), (4, (30, 40, 50, 70)), (5, (50, 70, 90)), (6, (80, 100, 120))),
        per_kg=190, labour=0.15,
    ),
    Family(
        name="Шуруп глухарь {d}х{l} DIN 571 оц.", group="Саморезы",
        sizes=((6, MIDDLE), (8, LONG), (10, LONG)), per_kg=180, labour=0.8, bulk=1.2,
    ),
    Family(
        name="Анкер клиновой М{d}х{l} оц.", group="Анкеры",
        sizes=(
            (8, (50, 80, 105)), (10, (80, 95, 120)), (12, (100, 120, 150)), (16, (125, 150, 180)),
            (20, (160, 200)),
        ),
        per_kg=220, labour=5, bulk=1.2,
    ),
    Family(
        name="Анкерный болт с гайкой {d}х{l}", group="Анкеры",
        sizes=(
            (8, (40, 65, 85)), (10, (50, 77, 100, 125)), (12, (70, 99, 130)), (16, (110, 150)),
            (20, (110, 150)),
        ),
        per_kg=210, labour=3.5,
    ),
    Family(
        name="Анкер забивной М{d} оц.", group="Анкеры", sizes=_nuts(6, 8, 10, 12, 16, height=3.2), per_kg=260,
        labour=2, bulk=1.2,
    ),
    Family(
        name="Анкер рамный {d}х{l}", group="Анкеры",
        sizes=((8, (72, 92, 112)), (10, (72, 92, 112, 132, 152, 182, 202))),
        per_kg=240, labour=2, bulk=0.7,
    ),
    Family(
        name="Дюбель-гвоздь {d}х{l} потай", group="Дюбели",
        sizes=((6, (40, 60, 80)), (8, (60, 80, 100, 120)), (10, (100, 120, 160))),
        per_kg=110, labour=0.4, bulk=0.5,
    ),
    Family(
        name="Дюбель фасадный {d}х{l} с шурупом", group="Дюбели",
        sizes=((8, (80, 100, 120)), (10, (80, 100, 115, 135, 160))), per_kg=240, labour=4, bulk=0.7,
    ),
    Family(
        name="Дюбель тарельчатый {d}х{l} мет. гвоздь", group="Дюбели",
        sizes=((10, (90, 120, 140, 160, 180, 200, 220)),), per_kg=70, labour=3.5, bulk=0.7,
    ),
    Family(
        name="Дюбель распорный {d}х{l}", group="Дюбели",
        sizes=((5, (25,)), (6, (30, 40)), (8, (40, 50)), (10, (50, 60)), (12, (70,))),
        per_kg=80, labour=0.2, bulk=0.3,
    ),
    Family(
        name="Шпилька М{d}х{l} DIN 975 4.8 оц.", group="Шпильки",
        sizes=tuple((d, (1000, 2000)) for d in (6, 8, 10, 12, 14, 16, 18, 20, 24, 27, 30)), per_kg=135,
        labour=8, bulk=0.85,
    ),
    Family(
        name="Шпилька М{d}х{l} DIN 975 8.8 оц.", group="Шпильки",
        sizes=tuple((d, (1000,)) for d in (8, 10, 12, 16, 20, 24)), per_kg=195, labour=14, bulk=0.85,
    ),
    Family(
        name="Шпилька сантехническая М{d}х{l}", group="Шпильки",
        sizes=((8, (80, 100, 120, 150)), (10, (100, 150, 200))), per_kg=180, labour=1.2,
    ),
    Family(
        name="Заклёпка вытяжная {d}х{l} алюм./сталь", group="Заклёпки",
        sizes=((3.2, (6, 8, 10, 12)), (4, (8, 10, 12, 16)), (4.8, (8, 10, 12, 16, 20, 25)), (6.4, (12, 18))),
        per_kg=480, labour=0.5, bulk=0.6,
    ),
    Family(
        name="Заклёпка вытяжная {d}х{l} сталь/сталь", group="Заклёпки",
        sizes=((3.2, (8, 10)), (4, (8, 10, 12)), (4.8, (10, 12, 16))),
        per_kg=420, labour=0.9,
    ),
    Family(
        name="Заклёпка резьбовая М{d} цил. буртик оц.", group="Заклёпки",
        sizes=_nuts(4, 5, 6, 8, 10, height=2), per_kg=420, labour=1.2, bulk=1.2,
    ),
    Family(
        name="Гвоздь строительный {d}х{l} ГОСТ 4028-63", group="Гвозди",
        sizes=((1.8, (32, 40)), (2.5, (50, 60)), (3, (70, 80)), (4, (100, 120)), (5, (150,)), (6, (200,))),
        per_kg=95, labour=0.02,
    ),
    Family(
        name="Гвоздь ершёный {d}х{l} оц.", group="Гвозди",
        sizes=((2.5, (40, 50)), (3.1, (60, 70, 80)), (4, (40, 50, 60))),
        per_kg=180, labour=0.15,
    ),
    Family(
        name="Гвоздь финишный {d}х{l} оц.", group="Гвозди",
        sizes=((1.4, (25, 30)), (1.8, (40, 50)), (2.2, (60,))), per_kg=230, labour=0.05,
    ),
)  # fmt: skip
