"""What to say: the facts of the base choose the blocks, the head's words stand in them."""

from datetime import date, time, timedelta

import pytest

from budilnik.calling.actions import scripts
from budilnik.calling.actions.scripts import Airing, Words
from budilnik.calling.models import Call, Callback, Script
from budilnik.calling.queries.card import card_of
from budilnik.calling.queries.script_preview import preview_of
from budilnik.calling.queries.sight import sight_of
from budilnik.calling.queries.talk import Caller, Good, facts_of, scripts_seen, talk_of, written_scripts
from budilnik.clients.models import Client, ContactPerson, Phone, Tenure
from budilnik.core.blocks import BLOCKS, TalkFacts
from budilnik.core.script import BracketsOdd, ScriptEmpty, UnknownVariable
from budilnik.core.talk import Written
from budilnik.core.terms import LossReason, OfferKind, Outcome
from budilnik.sales.models import InsightRun, Offer, OfferRefusal, Product
from budilnik.staff.models import AuditEntry, Employee
from cast import NOW, POLICY, TODAY, at_once, client, head_of_sales, ivan, olga, pool_client, promise

pytestmark = pytest.mark.django_db

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
HIS_WORDS = Words(ru="Когда звонить, {client}?", en="When shall I call?")


def card(row: Client, who: Employee):
    return card_of(row.pk, sight=sight_of(who, on=TODAY), on=TODAY, policy=POLICY)


def facts(row: Client, who: Employee, **more) -> TalkFacts:
    return facts_of(card(row, who), by=Caller(employee_id=who.pk, name=who.name), on=TODAY, now=NOW, **more)


def said(row: Client, who: Employee, language: str = "ru", **more) -> dict[str, str]:
    told = talk_of(card(row, who), by=who, on=TODAY, now=NOW, language=language, **more)
    return {line.code: line.text for line in told.blocks}


def asked(row: Client, who: Employee) -> list[str]:
    return [line.code for line in talk_of(card(row, who), by=who, on=TODAY, now=NOW, language="ru").questions]


def talked(row: Client, who: Employee | None, outcome: Outcome = Outcome.OPEN, *, days_ago: int, **more) -> Call:
    return Call.objects.create(
        client=row,
        employee=who,
        at=NOW - days_ago * DAY,
        direction="out",
        disposition="answered",
        outcome=outcome.value,
        talked=True,
        **more,
    )


def offered(row: Client, name: str, kind: OfferKind, *, run: InsightRun, place: int = 1) -> Product:
    good = Product.objects.create(source="files", key=name, name=name)
    Offer.objects.create(run=run, client=row, product=good, kind=kind.value, place=place, score=1.0)
    return good


def insight(*, published: bool = True, hours_ago: int = 1) -> InsightRun:
    at = NOW - timedelta(hours=hours_ago)
    return InsightRun.objects.create(
        on=TODAY, engine="duckdb", holder="tests", lease_until=at, started_at=at, published_at=at if published else None
    )


def test_a_forgotten_client_of_ones_own_hears_three_blocks():
    owner = ivan()
    row = client(owner=owner)
    talked(row, owner, days_ago=118)

    assert list(said(row, owner)) == ["greeting", "forgotten", "close"]


def test_the_greeting_calls_the_decision_maker_by_name():
    owner = ivan()
    row = client(owner=owner)
    ContactPerson.objects.create(client=row, name="Гость")
    ContactPerson.objects.create(client=row, name="Ушедший Олег Ильич", roles=["decision_maker"], left_on=TODAY)
    ContactPerson.objects.create(client=row, name="Секретарёва Анна Сергеевна", roles=["decision_maker"])

    assert said(row, owner)["greeting"].startswith("Здравствуйте, Анна Сергеевна. Это Иван Петров.")


def test_a_client_of_the_pool_hears_that_the_face_is_new_and_why_he_left():
    loser, caller = ivan(), olga()
    row = pool_client(lost_by=loser)
    talked(row, loser, Outcome.REFUSED, days_ago=200, loss_reason=LossReason.PRICE.value)
    sight = sight_of(head_of_sales(), on=TODAY)

    told = talk_of(
        card_of(row.pk, sight=sight, on=TODAY, policy=POLICY), by=caller, on=TODAY, now=NOW, language="ru"
    ).blocks

    assert [line.code for line in told] == ["greeting", "new_face", "after_price", "close"]
    assert "прежний менеджер — Иван Петров" in told[1].text


def test_a_new_owner_is_a_new_face_until_he_has_talked():
    old, new = ivan(), olga()
    row = client(owner=new)
    Tenure.objects.filter(client=row).update(from_on=TODAY - 3 * DAY)
    talked(row, old, days_ago=100)

    before = facts(row, new).manager_before
    talked(row, new, days_ago=1)

    assert (before, facts(row, new).manager_before) == ("Иван Петров", "")


def test_a_colleague_who_once_took_the_clients_call_makes_the_owner_no_new_face():
    owner, colleague = ivan(), olga()
    row = client(owner=owner)
    talked(row, colleague, days_ago=10)

    assert facts(row, owner).manager_before == ""


def test_talks_of_the_years_before_name_their_author_and_the_caller_is_known_by_surname():
    owner = ivan()
    row = client(owner=owner)
    Tenure.objects.filter(client=row).update(from_on=TODAY)
    talked(row, None, days_ago=100, author="Горелов И.")

    before = facts(row, owner).manager_before
    talked(row, None, days_ago=90, author="Иван П.")

    assert (before, facts(row, owner).manager_before) == ("Горелов И.", "")


def test_without_any_talk_the_owner_before_is_named():
    old, new = ivan(), olga()
    row = client(owner=new)
    Tenure.objects.create(
        client=row, employee=old, from_on=date(2025, 1, 1), until_on=date(2026, 1, 1), why_from="first"
    )

    assert facts(row, new).manager_before == "Иван Петров"


def test_who_stands_in_says_whose_client_it_is():
    owner, head = ivan(), head_of_sales()
    row = client(owner=owner)
    talked(row, owner, days_ago=100)

    told = said(row, head)

    assert told["stand_in"] == "Сегодня я вместо коллеги, ваш менеджер прежний: Иван Петров."
    assert "new_face" not in told


@pytest.mark.parametrize(
    ("later", "ordered_on", "stands"),
    [
        (None, None, True),
        (Outcome.CALLBACK, None, True),
        (Outcome.OPEN, None, False),
        (None, TODAY - 100 * DAY, True),
        (None, TODAY - 20 * DAY, False),
    ],
)
def test_a_refusal_stands_until_an_order_or_a_better_talk(later, ordered_on, stands):
    owner = ivan()
    row = client(owner=owner)
    Client.objects.filter(pk=row.pk).update(last_order_on=ordered_on)
    talked(row, owner, Outcome.REFUSED, days_ago=20, loss_reason=LossReason.QUALITY.value)
    if later:
        talked(row, owner, later, days_ago=5)

    assert (facts(row, owner).last_refusal is LossReason.QUALITY) is stands


def test_a_promise_for_today_is_what_the_call_is_about():
    owner = ivan()
    row = client(owner=owner)
    promise(row, owner, about="обсудить тросы")

    told = said(row, owner)

    assert told["promised"] == "Звоню, как договорились: обсудить тросы."
    assert "forgotten" not in told


def test_a_late_promise_is_excused():
    owner = ivan()
    row = client(owner=owner)
    promise(row, owner, on=TODAY - DAY, about="обсудить тросы")

    told = said(row, owner)

    assert told["broken_promise"].endswith("Речь шла вот о чём: обсудить тросы.")
    assert "promised" not in told


def test_a_promise_moved_by_us_is_excused_once():
    owner = ivan()
    row = client(owner=owner)
    moved = promise(row, owner, on=TODAY - 2 * DAY, about="цены")
    later = promise(row, owner, on=TODAY + DAY, about="цены")
    Callback.objects.filter(pk=moved.pk).update(end="moved_by_us", ended_at=NOW - 2 * DAY, moved_to=later)

    before = facts(row, owner)
    talked(row, owner, days_ago=1)

    assert (before.promise_broken, before.promise) == (True, "цены")
    assert facts(row, owner).promise_broken is False


def test_a_promise_moved_by_the_client_needs_no_excuse():
    owner = ivan()
    row = client(owner=owner)
    moved, later = (promise(row, owner, on=TODAY + days * DAY) for days in (-2, 1))
    Callback.objects.filter(pk=moved.pk).update(end="moved_by_client", ended_at=NOW - 2 * DAY, moved_to=later)

    assert facts(row, owner).promise_broken is False


@pytest.mark.parametrize(("at", "tried_in_time"), [(time(9), NOW - 50 * MINUTE), (None, NOW - DAY)])
def test_a_promise_tried_in_time_is_not_broken(at, tried_in_time):
    owner = ivan()
    row = client(owner=owner)
    promise(row, owner, on=TODAY if at else TODAY - DAY, at=at)
    Callback.objects.update(recorded_at=NOW - 5 * DAY)

    untried = facts(row, owner).promise_broken
    Call.objects.create(
        client=row, employee=owner, at=tried_in_time, direction="out", disposition="busy", outcome=Outcome.BUSY.value
    )

    assert (untried, facts(row, owner).promise_broken) == (True, False)


def test_goods_come_from_the_latest_published_insight_without_those_that_do_not_suit():
    owner = ivan()
    row = client(owner=owner)
    offered(row, "старое", OfferKind.DUE, run=insight(hours_ago=30))
    run = insight()
    offered(row, "болт М12", OfferKind.DUE, run=run)
    offered(row, "гайка М12", OfferKind.DUE, run=run, place=2)
    offered(row, "анкер", OfferKind.STOPPED, run=run)
    unsuitable = offered(row, "трос", OfferKind.NEW, run=run)
    OfferRefusal.objects.create(client=row, product=unsuitable, at=NOW)
    offered(row, "завтрашнее", OfferKind.DUE, run=insight(published=False))

    told = facts(row, owner)

    assert (told.due, told.stopped, told.new) == (("болт М12", "гайка М12"), ("анкер",), ())


def test_the_early_alarm_of_insight_is_worded():
    owner = ivan()
    row = client(owner=owner, silent_since=TODAY - 40 * DAY)
    Client.objects.filter(pk=row.pk).update(leaving=True, rhythm_days=14, last_order_on=TODAY - 40 * DAY)

    assert said(row, owner)["leaving"].startswith("Обычно вы заказываете раз в 14 дней, а прошло уже 40 дней.")


def test_what_the_dossier_lacks_is_asked_three_things_at_most():
    owner = ivan()
    row = client(owner=owner, zone="")
    nobody = asked(row, owner)
    anna = ContactPerson.objects.create(client=row, name="Анна", roles=["decision_maker"], channel="mail")
    Client.objects.filter(pk=row.pk).update(potential=1)
    known = asked(row, owner)
    Phone.objects.filter(client=row).update(person=anna)

    assert nobody == ["ask_people", "ask_potential", "ask_number"]
    assert known == ["ask_number", "ask_zone", "ask_inn"]
    assert asked(row, owner) == ["ask_zone", "ask_inn"]


def test_a_talk_takes_two_queries_more_for_a_new_face_and_for_goods_that_are_not_given(django_assert_num_queries):
    owner = ivan()
    row = client(owner=owner)
    shown = card(row, owner)

    with django_assert_num_queries(4):
        talk_of(shown, by=owner, on=TODAY, now=NOW, language="ru")
    talked(row, owner, days_ago=118)
    with django_assert_num_queries(2):
        given = talk_of(
            shown, by=owner, on=TODAY, now=NOW, language="ru", offers=[Good(name="болт", kind=OfferKind.DUE.value)]
        )
    with django_assert_num_queries(1):
        scripts_seen()

    assert "offer_due" in [line.code for line in given.blocks]


def test_the_head_changes_a_block_and_the_audit_keeps_only_its_code():
    head, owner = head_of_sales(), ivan()
    row = client(owner=owner)

    scripts.edit_block(code="close", words=HIS_WORDS, seen=0, by=head, now=NOW)

    assert said(row, owner)["close"] == "Когда звонить, ООО «Болт-Сервис»?"
    assert said(row, owner, language="en")["close"] == "When shall I call?"
    entry = AuditEntry.objects.get(action="script_edited")
    assert (entry.by, entry.facts) == (head, {"code": "close", "enabled": True})


def test_words_left_as_they_were_stay_the_default():
    close = BLOCKS[-1]

    scripts.edit_block(
        code="close", words=Words(ru=close.ru, en="", enabled=False), seen=0, by=head_of_sales(), now=NOW
    )

    row = Script.objects.get()
    assert (row.text_ru, row.text_en, row.enabled) == ("", "", False)


def test_a_block_gets_its_default_words_again():
    head = head_of_sales()
    scripts.edit_block(code="close", words=HIS_WORDS, seen=0, by=head, now=NOW)

    scripts.restore_block(code="close", by=head, now=NOW)
    scripts.restore_block(code="close", by=head, now=NOW)

    assert not Script.objects.exists()
    assert AuditEntry.objects.filter(action="script_restored").count() == 1


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (Words(ru=" "), ScriptEmpty),
        (Words(ru="Это {имя}."), UnknownVariable),
        (Words(ru="Да.", en="It is {name}."), UnknownVariable),
        (Words(ru="Это [{me}."), BracketsOdd),
    ],
)
def test_words_that_cannot_be_said_are_refused_and_nothing_is_kept(words, refusal):
    head = head_of_sales()

    with pytest.raises(refusal):
        scripts.edit_block(code="close", words=words, seen=0, by=head, now=NOW)
    with pytest.raises(refusal):
        scripts.add_news(words=words, airing=Airing(), key="1", by=head, now=NOW)

    assert not Script.objects.exists()


def test_of_two_who_edit_at_once_the_second_is_told():
    head = head_of_sales()
    scripts.edit_block(code="close", words=HIS_WORDS, seen=0, by=head, now=NOW)
    scripts.edit_block(code="close", words=HIS_WORDS, seen=1, by=head, now=NOW)

    for seen in (0, 1):
        with pytest.raises(scripts.ScriptChanged):
            scripts.edit_block(code="close", words=Words(ru="Другое."), seen=seen, by=head, now=NOW)

    assert Script.objects.get().text_ru == HIS_WORDS.ru


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_the_same_moment_one_is_kept():
    head = head_of_sales()

    def save():
        scripts.edit_block(code="close", words=HIS_WORDS, seen=0, by=head, now=NOW)

    assert sorted(at_once(save, save)) == ["", "ScriptChanged"]
    assert Script.objects.get().version == 1


def test_what_is_no_block_cannot_be_changed():
    head = head_of_sales()

    for code in ("news", "x"):
        with pytest.raises(scripts.NoSuchScript):
            scripts.edit_block(code=code, words=HIS_WORDS, seen=0, by=head, now=NOW)
        with pytest.raises(scripts.NoSuchScript):
            scripts.restore_block(code=code, by=head, now=NOW)
    with pytest.raises(scripts.NoSuchScript):
        scripts.edit_news(news_id=1, words=HIS_WORDS, airing=Airing(), seen=1, by=head, now=NOW)
    with pytest.raises(scripts.NoSuchScript):
        scripts.end_news(news_id=1, by=head, now=NOW)


def test_news_is_added_once_told_on_its_days_in_its_order_and_ended():
    head, owner = head_of_sales(), ivan()
    row = client(owner=owner)
    stock = Words(ru="Пришли анкеры.")
    first = scripts.add_news(words=stock, airing=Airing(until_on=TODAY, sort=2), key="a", by=head, now=NOW)
    again = scripts.add_news(words=stock, airing=Airing(until_on=TODAY, sort=2), key="a", by=head, now=NOW)
    scripts.add_news(words=Words(ru="Скидка 5%."), airing=Airing(from_on=TODAY, sort=1), key="b", by=head, now=NOW)
    scripts.add_news(words=Words(ru="Завтра."), airing=Airing(from_on=TODAY + DAY), key="c", by=head, now=NOW)

    told = [line.text for line in talk_of(card(row, owner), by=owner, on=TODAY, now=NOW, language="ru").blocks]
    scripts.end_news(news_id=first, by=head, now=NOW)
    scripts.end_news(news_id=first, by=head, now=NOW)

    assert first == again
    assert told[2:4] == ["Скидка 5%.", "Пришли анкеры."]
    assert "Пришли анкеры." not in said(row, owner).values()
    assert [each.enabled for each in written_scripts() if each.ru == "Пришли анкеры."] == [False]
    assert AuditEntry.objects.filter(action="news_ended").count() == 1


def test_news_is_written_over_and_cannot_end_before_it_begins():
    head = head_of_sales()
    number = scripts.add_news(words=HIS_WORDS, airing=Airing(), key="", by=head, now=NOW)
    new = Airing(from_on=TODAY, until_on=TODAY + DAY, sort=3)
    scripts.edit_news(news_id=number, words=Words(ru="Новое."), airing=new, seen=1, by=head, now=NOW)

    with pytest.raises(scripts.ScriptChanged):
        scripts.edit_news(news_id=number, words=HIS_WORDS, airing=new, seen=1, by=head, now=NOW)
    with pytest.raises(scripts.NewsEndsEarly):
        early = Airing(from_on=TODAY, until_on=TODAY - DAY)
        scripts.edit_news(news_id=number, words=HIS_WORDS, airing=early, seen=2, by=head, now=NOW)

    (row,) = scripts_seen()
    assert (row.ru, row.from_on, row.until_on, row.sort, row.version, row.by) == (
        "Новое.",
        TODAY,
        TODAY + DAY,
        3,
        2,
        "Валентина Руденко",
    )


def test_a_preview_takes_one_query_on_the_made_up_client_and_fourteen_on_a_real_one(django_assert_num_queries):
    head = head_of_sales()
    client("ООО «Гайка»", owner=ivan())
    close = Written(code="close", ru="Когда звонить, {client}?")
    more = {"news_id": None, "sight": sight_of(head, on=TODAY), "by": head, "on": TODAY, "now": NOW, "policy": POLICY}

    with django_assert_num_queries(1):
        made_up = preview_of(close, asked="", language="ru", **more)
    with django_assert_num_queries(14):
        real = preview_of(close, asked="гайка", language="ru", **more)

    assert [each.text for each in made_up.heard] == [
        "Когда звонить, ООО «Болт-Сервис»?",
        "When shall we speak again? I will write down the day and the hour.",
    ]
    assert (real.client, real.heard[0].text) == ("ООО «Гайка»", "Когда звонить, ООО «Гайка»?")
