"""What to say: chosen by facts, short enough to be read while it rings."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.blocks import BLOCKS, QUESTIONS, TalkFacts
from budilnik.core.script import VARIABLES
from budilnik.core.talk import (
    FIRM,
    MOST_BLOCKS,
    MOST_NEWS,
    MOST_QUESTIONS,
    NEWS,
    Written,
    example,
    firm_of,
    talk,
    values_of,
    words_of,
)
from budilnik.core.terms import ClientStatus, LossReason

TODAY = date(2026, 9, 15)
DAY = timedelta(days=1)
FACTS = TalkFacts(on=TODAY, client="ООО «Болт-Сервис»", me="Иван Петров")
STALE = replace(FACTS, status=ClientStatus.FORGOTTEN, days_silent=118, last_order_on=date(2026, 5, 20))


def said(facts: TalkFacts, *written: Written, language: str = "ru") -> dict[str, str]:
    return {line.code: line.text for line in talk(facts, written=written, language=language).blocks}


def test_a_forgotten_client_hears_who_calls_why_and_what_next():
    assert list(said(replace(STALE, person="Анна Сергеевна Секретарёва")).items()) == [
        ("greeting", "Здравствуйте, Анна Сергеевна. Это Иван Петров. Удобно говорить?"),
        ("forgotten", "Мы с вами не говорили 3 месяца, это наша вина. Что у вас сейчас в работе?"),
        ("close", "Когда удобно созвониться снова? Запишу день и час."),
    ]


def test_the_early_alarm_is_worded_by_the_rhythm():
    facts = replace(FACTS, leaving=True, rhythm_days=34, last_order_on=TODAY - 51 * DAY)

    assert said(facts, language="en")["leaving"] == (
        "You usually order every 34 days, and it has been 51 days. Did we let you down?"
    )


def test_an_alarm_without_a_rhythm_asks_only_what_needs_no_number():
    assert said(replace(FACTS, leaving=True))["leaving"] == "Не подвели ли мы вас?"


def test_goods_to_offer_are_named_two_at_most():
    facts = replace(FACTS, due=("болт М12", "гайка М12", "шайба 12", "винт М6"))

    assert said(facts)["offer_due"] == "По вашему обычному сроку пора взять: болт М12, гайка М12. Записать?"


def test_the_words_of_the_head_stand_in_place_of_the_default_and_a_missing_language_does_not():
    his = Written(code="close", ru="Когда звонить, {client}?")

    assert said(STALE, his)["close"] == "Когда звонить, ООО «Болт-Сервис»?"
    assert said(STALE, his, language="en")["close"].startswith("When shall we speak again?")


def test_a_block_switched_off_is_not_said():
    off = [Written(code=code, ru="", enabled=False) for code in ("forgotten", "close")]

    assert list(said(STALE, *off)) == ["greeting"]


def test_the_firm_is_named_once_the_head_has_written_its_name():
    firm = Written(code=FIRM, ru="«Крепёж-Снаб»", en="Krepyozh-Snab")

    assert firm_of([], language="ru") == ""
    assert said(FACTS, firm)["greeting"] == "Здравствуйте. Это Иван Петров, «Крепёж-Снаб». Удобно говорить?"
    assert "Krepyozh-Snab" in said(FACTS, firm, language="en")["greeting"]


@pytest.mark.parametrize(
    ("begins", "ends", "enabled", "told"),
    [
        (None, None, True, True),
        (TODAY, TODAY, True, True),
        (TODAY + DAY, None, True, False),
        (None, TODAY - DAY, True, False),
        (None, None, False, False),
    ],
)
def test_news_is_told_from_its_first_day_to_its_last(begins, ends, enabled, told):
    row = Written(code=NEWS, ru="Пришли анкеры.", from_on=begins, until_on=ends, enabled=enabled)

    assert (said(FACTS, row).get(NEWS) == "Пришли анкеры.") is told
    assert (said(FACTS, row, language="en").get(NEWS) == "Пришли анкеры.") is told


def test_of_too_much_the_less_needed_gives_way_and_the_next_step_stays():
    facts = replace(
        FACTS,
        status=ClientStatus.LOST,
        manager_before="Ольга Сергеева",
        promise_broken=True,
        last_refusal=LossReason.PRICE,
        due=("болт",),
        stopped=("гайка",),
        new=("анкер",),
    )

    told = said(facts, Written(code=NEWS, ru="Пришли анкеры."))

    assert list(told) == ["greeting", "broken_promise", "new_face", "after_price", "offer_due", "close"]


def test_the_most_needed_is_asked_first():
    nothing = replace(FACTS, people_known=False, potential_known=False, number_known=False, inn_known=False)

    assert [line.code for line in talk(nothing, written=(), language="ru").questions] == [
        "ask_people",
        "ask_potential",
        "ask_number",
    ]


def test_every_variable_of_the_language_has_its_value():
    values = values_of(STALE, firm="", language="ru")

    assert set(values) == set(VARIABLES)
    assert values["days"] == "118 дней"
    assert values["since_order"] == "118 дней"
    assert values["rhythm"] == ""


def test_an_english_text_of_the_head_is_used_where_there_is_one():
    greeting = BLOCKS[0]

    assert words_of(greeting, Written(code="greeting", ru="Алло.", en="Hello."), language="en") == "Hello."
    assert words_of(greeting, None, language="en") == greeting.en


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_example_knows_every_variable_but_the_firm_and_the_owner(language):
    values = values_of(example(on=TODAY, language=language), firm="", language=language)

    assert [name for name, value in values.items() if not value] == ["firm", "owner"]


TEXTS = st.sampled_from(["", "болт М12", "{goods}", "[", "Анна. Сергеевна", "ООО «Ромашка» {x}"])
NAMES = st.lists(TEXTS, max_size=4).map(tuple)
DAYS = st.none() | st.dates(date(2020, 1, 1), TODAY)
ANY_FACTS = st.builds(
    TalkFacts,
    on=st.just(TODAY),
    client=TEXTS,
    me=TEXTS,
    person=TEXTS,
    inbound=st.booleans(),
    status=st.sampled_from(ClientStatus),
    days_silent=st.integers(0, 3000),
    last_talk_on=DAYS,
    last_order_on=DAYS,
    owner=TEXTS,
    manager_before=TEXTS,
    last_refusal=st.none() | st.sampled_from(LossReason),
    promised=st.booleans(),
    promise_broken=st.booleans(),
    promise=TEXTS,
    leaving=st.booleans(),
    rhythm_days=st.none() | st.integers(1, 400),
    due=NAMES,
    stopped=NAMES,
    new=NAMES,
    people_known=st.booleans(),
    decision_maker_known=st.booleans(),
    number_known=st.booleans(),
    channel_known=st.booleans(),
    potential_known=st.booleans(),
    zone_known=st.booleans(),
    inn_known=st.booleans(),
)
ANY_WRITTEN = st.lists(
    st.builds(
        Written,
        code=st.sampled_from([NEWS, FIRM, *(block.code for block in BLOCKS)]),
        ru=st.sampled_from(["Да.", "Возьмите {goods}.", "{ничего}", "Это [{me}] {"]),
        en=st.sampled_from(["", "Yes.", "{nothing}"]),
        enabled=st.booleans(),
        until_on=DAYS,
    ),
    max_size=6,
)


@given(facts=ANY_FACTS, written=ANY_WRITTEN, language=st.sampled_from(["ru", "en"]))
def test_a_talk_is_short_in_order_and_has_no_brace_in_it(facts, written, language):
    told = talk(facts, written=written, language=language)

    assert told == talk(facts, written=written, language=language)
    assert len(told.blocks) <= MOST_BLOCKS
    assert len(told.questions) <= MOST_QUESTIONS
    assert sum(line.code == NEWS for line in told.blocks) <= MOST_NEWS
    assert all(line.text and not set(line.text) & set("{}[]") for line in (*told.blocks, *told.questions))
    order = [*(block.code for block in BLOCKS[:-1]), NEWS, "close"]
    assert [line.code for line in told.blocks] == sorted((line.code for line in told.blocks), key=order.index)
    asked = [block.code for block in QUESTIONS]
    assert [line.code for line in told.questions] == sorted((line.code for line in told.questions), key=asked.index)
