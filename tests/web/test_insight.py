"""Pages over the whole base: who may open them, and every figure recounted from the profiles of the clients."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db.models import Count, Sum
from django.test import Client as Browser

from budilnik.clients.models import Client
from budilnik.core.terms import Role
from budilnik.jobs.insight import make_insight
from budilnik.sales.models import ClientProfile, Product
from budilnik.sales.queries.findings import classes_of_base, fifths_of_base, goods_left_off, seasons_of_base
from budilnik.sales.queries.threat import under_threat
from budilnik.sales.queries.wallet import wallet_of_base
from cast import NOW, TODAY, buys, client, employee, head_of_sales, ivan, looked_at, olga, profiled

pytestmark = pytest.mark.django_db

PLACES = ("", "rfm/", "seasons/", "stopped/", "threat/", "potential/")
QUERIES = {
    classes_of_base: 1,
    fifths_of_base: 1,
    seasons_of_base: 2,
    goods_left_off: 3,
    under_threat: 2,
    wallet_of_base: 3,
}
NEVER_BOUGHT = None
# What the look says of each client: abc, regularity, fifths, revenue of the year in roubles, class by potential.
FIRM = {
    "Анкер": ("A", "X", (5, 5, 5), 900, ("B", True)),
    "Болт": ("A", "Y", (4, 5, 5), 700, ("A", False)),
    "Винт": ("B", "Y", (3, 4, 4), 200, ("C", True)),
    "Гайка": ("B", "?", (5, 1, 3), 150, ("B", False)),
    "Дюбель": ("C", "Z", (2, 5, 2), 50, ("C", False)),
    "Ёрш": ("C", "?", (2, 2, 2), -20, ("C", False)),
    "Замок": ("D", "Z", (1, 1, 1), 0, ("D", False)),
    "Клей": ("D", "?", NEVER_BOUGHT, 0, ("D", False)),
}
POTENTIAL = {"Анкер": 2_000_00, "Винт": 150_00}
LEAVING = {"Болт": 400_00, "Дюбель": 30_00}
NARROWED = {"Болт": 400_00, "Винт": 20_00}


@pytest.fixture(autouse=True)
def ten_in_the_morning():
    with time_machine.travel(NOW, tick=False):
        yield


def counted(*names: str) -> list[dict[str, object]]:
    """What the findings say of some columns of the profiles, counted in plain Python."""
    cells: dict[tuple[object, ...], list[int]] = {}
    for row in ClientProfile.objects.values():
        cells.setdefault(tuple(row[name] for name in names), []).append(row["revenue_365"])
    return [dict(zip(names, key, strict=True), clients=len(sums), money=sum(sums)) for key, sums in cells.items()]


def a_firm(*, himself=None, **findings: object) -> dict[str, Client]:
    """Eight clients, six of Ivan's and two of Olga's, looked at this morning."""
    owners = [himself or ivan()] * 6 + [olga()] * 2
    run = looked_at(clients=len(FIRM))
    made = {}
    for at, (name, told) in enumerate(FIRM.items()):
        abc, regularity, fifths, roubles, (abcd, by_potential) = told
        made[name] = client(name, owner=owners[at], phones=(f"+7495000000{at}",))
        Client.objects.filter(pk=made[name].pk).update(
            potential=POTENTIAL.get(name),
            leaving=name in LEAVING,
            narrowed=name in NARROWED,
            expected_90=(LEAVING | NARROWED).get(name, 7_00),
        )
        ranks = dict(zip(("recency", "frequency", "monetary"), fifths or (None,) * 3, strict=True))
        classes = {"abc": abc, "regularity": regularity, "abcd": abcd, "by_potential": by_potential}
        profiled(run, made[name], revenue_365=roubles * 100, **classes, **ranks)
    run.findings = {
        "abc_by_regularity": counted("abc", "regularity"),
        "abcd": counted("abcd", "by_potential"),
        "rfm": counted("recency", "frequency", "monetary"),
    } | findings
    run.save()
    return made


def page(who, place: str, *, status: int = 200):
    browser = Browser()
    browser.force_login(who)
    answer = browser.get(f"/insight/{place}")
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer


def of_the_base(**wanted: object) -> tuple[int, int]:
    """How many clients with such a profile there are, and what they brought in a year."""
    told = ClientProfile.objects.filter(**wanted).aggregate(clients=Count("pk"), money=Sum("revenue_365"))
    return told["clients"], told["money"] or 0


@pytest.mark.parametrize("place", PLACES)
def test_the_pages_are_for_the_head_and_the_director(place):
    a_firm()

    page(head_of_sales(), place)
    page(employee("boss", "Директор", role=Role.DIRECTOR), place)
    page(employee("pavel", "Павел", role=Role.MANAGER), place, status=403)
    page(employee("admin", "Пётр", role=Role.ADMINISTRATOR), place, status=403)


@pytest.mark.parametrize("place", PLACES)
def test_before_the_first_look_a_page_says_what_to_do(place):
    looked_at(at=None)

    said = page(head_of_sales(), place).content.decode()

    assert "Аналитика ещё не считалась" in said
    assert "budilnik insight" in said


@pytest.mark.parametrize("place", PLACES)
def test_a_look_at_a_base_without_sales_says_so_and_divides_nothing_by_nought(place):
    looked_at()

    page(head_of_sales(), place)


@pytest.mark.parametrize("place", PLACES)
def test_every_page_says_of_which_day_its_figures_are(place):
    a_firm()

    said = page(head_of_sales(), place).content.decode()

    assert f"На утро {TODAY:%d.%m.%Y}, продажи по {TODAY - timedelta(days=1):%d.%m.%Y} включительно" in said


def test_each_cell_of_revenue_and_regularity_holds_the_clients_whose_profile_says_so():
    a_firm()

    grid = page(head_of_sales(), "").context["told"].by_regularity

    cells = [cell for row in grid.rows for cell in row.cells]
    assert [(cell.sum.clients, cell.sum.money) for cell in cells] == [
        of_the_base(abc=cell.row, regularity=cell.column) for cell in cells
    ]
    assert [(row.sum.clients, row.sum.money) for row in grid.rows] == [of_the_base(abc=row.code) for row in grid.rows]
    assert [foot.clients for foot in grid.feet] == [of_the_base(regularity=code)[0] for code in grid.columns]
    assert (grid.sum.clients, grid.sum.money) == of_the_base()
    assert grid.rows[0].sum.money_share == 160_000 / of_the_base()[1]


def test_a_client_has_risen_or_fallen_and_a_newcomer_has_done_neither():
    ways = {("A", "B"): (3, 900), ("D", "C"): (2, 50), ("C", "A"): (1, 700), ("B", "B"): (4, 80), ("", "A"): (5, 10)}
    moved = [
        {"from_class": was, "to_class": now, "clients": clients, "money": money}
        for (was, now), (clients, money) in ways.items()
    ]
    looked_at(moved=moved)

    told = page(head_of_sales(), "").context["told"]

    sums = [(part.clients, part.money) for part in (told.risen, told.fallen, told.stayed)]
    assert sums == [(3, 750), (3, 900), (4, 80)]
    assert [foot.clients for foot in told.moved.feet] == [6, 7, 2, 0]


def test_the_limits_of_a_rhythm_are_said_in_words():
    limits = [
        {"interval_class": 1, "low_ratio": 0.356, "high_ratio": 2.4253, "back_by_days": 41},
        {"interval_class": 3, "low_ratio": None, "high_ratio": None, "back_by_days": None},
    ]
    looked_at(limits=limits)

    said = page(head_of_sales(), "").content.decode()

    assert "Из клиентов с ритмом до 21 дня 9 из 10 возвращаются к <b>41</b>-му дню" in said
    assert "от 0,36 до 2,43 обычного" in said
    assert "с ритмом больше 60 дней" not in said


def test_fifths_and_segments_are_of_those_who_have_bought():
    a_firm()

    told = page(head_of_sales(), "rfm/").context["told"]

    cells = [cell for row in told.grid.rows for cell in row.cells]
    assert [(cell.sum.clients, cell.sum.money) for cell in cells] == [
        of_the_base(recency=int(cell.row), frequency=int(cell.column)) for cell in cells
    ]
    assert [part.clients for _, part in told.by_money] == [of_the_base(monetary=fifth)[0] for fifth in (5, 4, 3, 2, 1)]
    assert {code: part.clients for code, part in told.segments} == {
        "best": 2,
        "steady": 1,
        "recent": 1,
        "slipping": 1,
        "fading": 1,
        "asleep": 1,
    }
    assert told.grid.sum.clients == len(FIRM) - 1


def month(year: int, number: int, revenue: int) -> dict[str, int]:
    return {"year": year, "month": number, "orders": revenue // 10, "clients": 1, "revenue": revenue}


def test_the_last_twelve_whole_months_stand_beside_the_same_a_year_before():
    looked_at(
        on=date(2026, 3, 11),
        months=[month(2024, 3, 10), month(2025, 2, 20), month(2025, 3, 30), month(2026, 2, 40), month(2026, 3, 999)],
    )

    answer = page(head_of_sales(), "seasons/")

    told, chart = answer.context["told"], answer.context["chart"]
    assert [(pair.month, pair.earlier.revenue, pair.later.revenue) for pair in told.months[::11]] == [
        (date(2025, 3, 1), 10, 30),
        (date(2026, 2, 1), 20, 40),
    ]
    assert (told.earlier.revenue, told.later.revenue, told.later.orders) == (30, 70, 7)
    assert (chart.top, chart.pairs[0].earlier_height < chart.pairs[0].later_height) == (40, True)


def test_a_group_has_a_season_or_the_reason_why_it_has_none():
    ropes = Product.objects.create(source="1c", key="1", name="Трос", group="Тросы")
    nails = Product.objects.create(source="1c", key="2", name="Гвоздь", group="Гвозди")
    common = {"correlation": 0.9, "orders": 500, "reason": ""}
    few = {"correlation": None, "orders": 12, "reason": "few_orders", "month_index": None}
    rows = [{"group_id": ropes.pk, "month": number, "month_index": 1.3, **common} for number in (2, 7)]
    looked_at(seasons=[*rows, {"group_id": nails.pk, "month": 1, **few}])

    answer = page(head_of_sales(), "seasons/")

    (season,), (without,) = answer.context["told"].groups, answer.context["told"].without
    assert (season.name, dict(season.indexes)[7], dict(season.indexes)[8]) == ("Тросы", 1.3, None)
    assert (without.name, without.reason) == ("Гвозди", "few_orders")
    assert "мало данных: меньше 120 заказов за два года" in answer.content.decode()


def test_goods_left_off_are_named_and_their_sum_is_that_of_the_clients():
    bolt = Product.objects.create(source="1c", key="1", name="Болт М8", group="Болты")
    gone = Product.objects.create(source="1c", key="2", name="Винт М3")
    run = looked_at(
        stopped=[
            {"item_id": bolt.pk, "on_sale": True, "clients": 2, "amount": 300_00},
            {"item_id": gone.pk, "on_sale": False, "clients": 1, "amount": 50_00},
        ]
    )
    for name, items, amount in (("Болт", 2, 250_00), ("Гайка", 1, 100_00), ("Винт", 0, 0)):
        profiled(run, client(name, phones=()), stopped_items=items, stopped_amount=amount)

    answer = page(head_of_sales(), "stopped/")

    told = answer.context["told"]
    assert [(good.name, good.group, good.clients) for good in told.goods] == [
        ("Болт М8", "Болты", 2),
        ("Винт М3", "", 1),
    ]
    assert (told.shown, told.amount, told.off_sale) == (350_00, 350_00, 50_00)
    assert (told.items, told.clients) == (3, 2)
    assert "уже нет" in answer.content.decode()


def test_who_is_under_threat_is_counted_by_manager_once_and_with_his_money():
    himself = ivan()
    firm = a_firm(himself=himself)
    Client.objects.filter(pk=firm["Анкер"].pk).update(owner=None, leaving=True)

    answer = page(head_of_sales(), "threat/")

    told = answer.context["told"]
    counted_ones = [(line.owner, line.own, line.threatened, line.leaving, line.narrowed) for line in told.lines]
    assert counted_ones == [(himself.name, 5, 3, 2, 2), ("Ольга Сергеева", 2, 0, 0, 0)]
    assert [(line.expected, line.year) for line in told.lines] == [(450_00, 950_00), (0, 0)]
    assert (told.total.own, told.total.threatened, told.total.part) == (7, 3, 3 / 7)
    assert f"/clients/?owner={himself.pk}&amp;threat=1" in answer.content.decode()


def test_what_the_month_has_decided_is_said_in_plain_words():
    losses = {"loss_kept": 0.4278, "loss_levelled": 0.3372, "loss_refitted": 0.3324}
    a_firm(
        learnt={
            "month": "2026-09-01",
            "choices": {"p30": {"decision": "refitted", **losses}},
            "calibration": [{"clients": 90, "foretold": 0.023, "seen": 0.021}],
            "calibration_gap": 0.002,
        }
    )

    said = page(head_of_sales(), "threat/").content.decode()

    assert "выучен заново на месяцах фирмы" in said
    assert '<td class="text-end in-chosen">0,332</td>' in said
    assert "расходятся в среднем на 0,2%" in said


def test_with_too_little_history_the_page_says_that_the_shipped_coefficients_work():
    a_firm(learnt={"month": "2026-09-01", "choices": {}, "calibration": [], "calibration_gap": None})

    said = page(head_of_sales(), "threat/").content.decode()

    assert "работают коэффициенты, с которыми «Будильник» поставлен" in said


def test_the_share_of_wallets_counts_no_client_for_more_than_his_potential():
    firm = a_firm()

    told = page(head_of_sales(), "potential/").context["told"]

    assert (told.known.clients, told.potential, told.revenue, told.room) == (2, 2_150_00, 900_00 + 150_00, 1_100_00)
    assert [(room.client_id, room.room, room.wallet_share) for room in told.rooms] == [
        (firm["Анкер"].pk, 1_100_00, 0.45)
    ]
    assert [(letter.by_potential.clients, letter.by_revenue.clients) for letter in told.letters] == [
        tuple(of_the_base(abcd=code, by_potential=known)[0] for known in (True, False)) for code in "ABCD"
    ]


@pytest.mark.parametrize("read", QUERIES, ids=lambda read: read.__name__)
def test_a_read_of_the_findings_asks_the_database_as_often_as_it_says(read, django_assert_num_queries):
    bolt = Product.objects.create(source="1c", key="1", name="Болт М8", group="Болты")
    season = {"group_id": bolt.pk, "month": 1, "month_index": 1.0, "orders": 1, "correlation": 0.9, "reason": ""}
    a_firm(seasons=[season], stopped=[{"item_id": bolt.pk, "on_sale": True, "clients": 1, "amount": 1}])

    with django_assert_num_queries(QUERIES[read]):
        told = read()

    assert told.look.on == TODAY


def listed(who, **query: object) -> list[str]:
    browser = Browser()
    browser.force_login(who)
    answer = browser.get("/clients/", {"sort": "name"} | query)
    assert answer.context["listed"].total == len(answer.context["listed"].lines)
    return [line.name for line in answer.context["listed"].lines]


def test_the_list_of_clients_is_narrowed_to_a_cell():
    a_firm()
    head = head_of_sales()

    assert listed(head, abc="A") == ["Анкер", "Болт"]
    assert listed(head, abc="A", regularity="Y") == ["Болт"]
    assert listed(head, recency="2", frequency="5") == ["Дюбель"]
    assert listed(head, threat="1") == ["Болт", "Винт", "Дюбель"]
    assert listed(head, abc="никакой", recency="9") == sorted(FIRM, key=lambda name: name.replace("Ё", "Е"))


def test_a_manager_narrows_his_own_clients_alone():
    himself = ivan()
    a_firm(himself=himself)

    assert listed(himself, abc="D") == []
    assert listed(himself, abc="B") == ["Винт", "Гайка"]
    assert listed(himself, threat="1") == ["Болт", "Винт", "Дюбель"]


def test_the_list_shows_the_class_of_the_latest_look():
    row = a_firm()["Болт"]
    profiled(looked_at(at=NOW + timedelta(hours=1)), row, abc="C")
    profiled(looked_at(at=None), row, abc="D")

    head = head_of_sales()
    assert listed(head, abc="C") == ["Болт"]
    assert listed(head, abc="A") == []


@pytest.mark.django_db(transaction=True)
def test_what_a_real_look_finds_fills_every_page(tmp_path, settings):
    settings.HOME = tmp_path
    himself, head = ivan(), head_of_sales()
    for at in range(6):
        row = client(f"Болт-{at}", owner=himself, phones=(f"+7495123450{at}",))
        for month_ago in range(1, 9):
            washers = {"шайба": 20_00} if at == 0 and month_ago > 4 else {}
            buys(row, TODAY - timedelta(days=30 * month_ago), болт=100_00, **washers)
    Client.objects.filter(name="Болт-1").update(potential=9_000_00)

    make_insight(TODAY, engine="duckdb", step=lambda stage: None)

    told = {place: page(head, place).context["told"] for place in PLACES}
    grid = told[""].by_regularity
    assert [(row.sum.clients, row.sum.money) for row in grid.rows] == [of_the_base(abc=row.code) for row in grid.rows]
    assert told[""].moved.sum.clients == told["rfm/"].grid.sum.clients == 6
    assert told["seasons/"].later.orders == 48
    assert [good.name for good in told["stopped/"].goods] == ["шайба"]
    assert told["stopped/"].shown == told["stopped/"].amount > 0
    assert told["threat/"].total.own == 6
    assert told["potential/"].known.clients == len(told["potential/"].rooms) == 1
