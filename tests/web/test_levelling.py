"""The page of levelling: figures that anybody could count again, a proposal confirmed, taken back; pins."""

from collections import Counter
from datetime import date
from math import floor

import pytest
import time_machine
from django.test import Client as Browser

from budilnik.calling.models import Levelling
from budilnik.clients.models import Client, Loss
from budilnik.core.policy import Policy, to_settings
from budilnik.core.terms import Role
from budilnik.staff.models import PolicyVersion
from budilnik.staff.queries import work_calendar
from cast import LATER, NOW, TODAY, client, employee, head_of_sales, ivan, lock, olga, pavel

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}
TIGHT = Policy(norm=2, reach_rate=0.5, pool_share=0.5)


@pytest.fixture(autouse=True)
def _half_past_ten_in_moscow():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def a_team():
    """Ivan has far more than he can cover, Olga a few, Pavel is new; two of Ivan's are locked or pinned."""
    PolicyVersion.objects.create(
        version=1, starts_on=date(2026, 1, 1), settings=to_settings(TIGHT), why="проба", at=NOW
    )
    manager, colleague, newcomer, boss = ivan(), olga(), pavel(), head_of_sales()
    his = [client(f"ООО «Болт-{at}»", owner=manager, value=1_000_00 + at) for at in range(95)]
    for at in range(4):
        client(f"ООО «Трос-{at}»", owner=colleague, value=500_00)
    lock(his[0], newcomer)
    lock(his[0], colleague)
    Client.objects.filter(pk=his[1].pk).update(pinned=True)
    return manager, colleague, newcomer, boss


def at_work(who) -> Browser:
    browser = Browser()
    browser.force_login(who)
    return browser


def confirmed(browser, *, query="", why="Иван не успевает", **more):
    proposal = browser.get(f"/levelling/?{query}").context["proposal"]
    return browser.post("/levelling/apply/", {"asked": query, "seen": proposal.digest, "why": why} | more)


def room_by_hand():
    """Working days counted one by one, a talk for every attempt that is not the pool's."""
    calendar = work_calendar(country="RU", first=TODAY, last=date(2027, 1, 31))
    days = [day for day in calendar.days if day >= TODAY][:62]
    return floor(len(days) * 2 * 0.5 * 0.5)


def test_every_figure_of_the_page_is_what_anybody_counts_from_the_base(a_team):
    boss, room = a_team[3], room_by_hand()
    held = Counter(Client.objects.values_list("owner_id", flat=True))

    page = at_work(boss).get("/levelling/")

    told = page.context["proposal"]
    moved = Counter(move.to_id for move in told.moves)
    values = dict(Client.objects.values_list("pk", "value"))
    for row in told.rows:
        his = Client.objects.filter(owner=row.employee_id)
        gone = [move.client_id for move in told.moves if move.from_id == row.employee_id]
        come = [move.client_id for move in told.moves if move.to_id == row.employee_id]
        assert (row.room, row.before.clients) == (room, held[row.employee_id])
        assert row.before.value == sum(his.values_list("value", flat=True))
        assert (row.given, row.taken) == (len(gone), moved[row.employee_id])
        assert row.after.clients == row.before.clients - len(gone) + len(come)
        assert row.after.value == row.before.value + sum(values[c] for c in come) - sum(values[c] for c in gone)
        assert row.covered_after == min(1, room / row.after.clients)
    assert told.moved_value == sum(values[move.client_id] for move in told.moves)
    assert told.uncovered_before == sum(max(0, count - room) for count in held.values())
    assert told.uncovered == sum(max(0, row.after.clients - room) for row in told.rows)
    # 99 clients and room for 93 in all: whoever can be moved is, and six stay.
    assert (len(told.moves), told.uncovered, told.missing.by_room) == (95 - room - 6, 6, 6)
    assert not Loss.objects.filter(client__in=[move.client_id for move in told.moves]).exists()
    assert told.total.before == told.total.after


def test_the_words_of_the_page_carry_the_figures(a_team):
    boss = a_team[3]

    shown = at_work(boss).get("/levelling/").content.decode()

    assert "Перейдут 58 клиентов" in shown
    assert "сейчас 64, станет 6" in shown
    assert "закреплены 1, защищены 0, из одного холдинга 0" in shown
    assert "менеджеров 1" in shown


def test_the_moves_come_fifty_a_page_the_dearest_first_and_of_one_manager(a_team):
    _manager, colleague, _newcomer, boss = a_team
    browser = at_work(boss)

    first, second = (browser.get("/levelling/", {"page": number}).context["moves"] for number in (1, 2))
    hers = browser.get("/levelling/", {"whose": colleague.pk}).context["moves"]

    values = [line.value for line in (*first.lines, *second.lines)]
    assert (len(first.lines), len(second.lines), first.has_next, second.has_next) == (50, 8, True, False)
    assert values == sorted(values, reverse=True)
    assert {line.taker for line in hers.lines} == {colleague.name}
    assert hers.total == browser.get("/levelling/").context["proposal"].rows[1].taken


def test_with_each_choice_the_proposal_alone_is_counted_anew(a_team):
    boss = a_team[3]

    part = at_work(boss).get("/levelling/", {"at_most": "5", "aim": "even"}, headers=PART)

    shown = part.content.decode()
    assert shown.strip().startswith('<div id="proposal"') and "<html" not in shown
    assert len(part.context["proposal"].moves) == 5 and part.context["proposal"].limited


def test_what_cannot_be_read_is_not_asked_for(a_team):
    boss = a_team[3]
    nonsense = {
        "aim": "best",
        "at_most": "-1",
        "leaver": "x",
        "out": "y",
        "share_1": "200",
        "share_z": "5",
        "page": "0",
    }

    page = at_work(boss).get("/levelling/", nonsense)

    asked = page.context["asked"]
    assert (asked.at_most, asked.leaver, asked.out, asked.shares) == (None, None, frozenset(), ())
    assert len(page.context["proposal"].moves) == 58


def test_the_head_confirms_sees_what_came_of_it_and_takes_it_back(a_team):
    manager, _colleague, newcomer, boss = a_team
    browser = at_work(boss)
    query = f"at_most=7&out={a_team[1].pk}"

    answer = confirmed(browser, query=query)

    made = Levelling.objects.get()
    assert answer.headers["Location"] == f"/levelling/{made.pk}/"
    assert (manager.clients.count(), newcomer.clients.count(), made.asked["at_most"]) == (88, 7, 7)
    seen = browser.get(f"/levelling/{made.pk}/").content.decode()
    assert "Перешли 7 клиентов" in seen and "Отменить" in seen and "Иван не успевает" in seen
    undone = browser.post(f"/levelling/{made.pk}/undo/", follow=True).content.decode()
    assert "Вернулись 7 клиентов" in undone
    assert manager.clients.count() == 95
    assert browser.post(f"/levelling/{made.pk}/undo/").status_code == 409


def test_a_base_that_changed_meanwhile_is_shown_anew_and_what_was_typed_is_kept(a_team):
    boss, browser = a_team[3], at_work(a_team[3])
    proposal = browser.get("/levelling/").context["proposal"]
    Client.objects.filter(pk=proposal.moves[0].client_id).update(owner=boss)

    answer = browser.post("/levelling/apply/", {"asked": "", "seen": proposal.digest, "why": "Отпуск Ивана"})

    assert answer.status_code == 409
    assert "Отпуск Ивана" in answer.content.decode()
    assert not Levelling.objects.exists()


def test_without_a_reason_nothing_is_done(a_team):
    answer = confirmed(at_work(a_team[3]), why=" ")

    assert (answer.status_code, Levelling.objects.count()) == (422, 0)
    assert "почему выравниваете" in answer.content.decode()


def test_the_director_reads_and_does_not_act_a_manager_does_neither(a_team):
    director = at_work(employee("director", "Андрей Кузнецов", role=Role.DIRECTOR))

    shown = director.get("/levelling/")

    assert shown.status_code == 200 and "/levelling/apply/" not in shown.content.decode()
    assert confirmed(director).status_code == 403
    assert at_work(a_team[0]).get("/levelling/").status_code == 403


def test_a_levelling_that_never_was_is_not_found(a_team):
    browser = at_work(a_team[3])

    assert browser.get("/levelling/77/").status_code == 404
    assert browser.post("/levelling/77/undo/").status_code == 404


def test_a_client_is_pinned_and_unpinned_on_his_page_by_the_head(a_team):
    manager, boss = a_team[0], a_team[3]
    row, browser = Client.objects.get(name="ООО «Болт-9»"), at_work(boss)

    browser.post(f"/clients/{row.pk}/pin/", {"pinned": "1"})

    assert Client.objects.get(pk=row.pk).pinned
    assert "закреплён за менеджером" in browser.get(f"/clients/{row.pk}/").content.decode()
    assert row.pk not in {move.client_id for move in browser.get("/levelling/").context["proposal"].moves}
    browser.post(f"/clients/{row.pk}/pin/", {"pinned": "0"})
    assert not Client.objects.get(pk=row.pk).pinned
    assert at_work(manager).post(f"/clients/{row.pk}/pin/", {"pinned": "1"}).status_code == 403
