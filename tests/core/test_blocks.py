"""The blocks: each has words in both languages, and the facts that call for it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.blocks import BLOCKS, QUESTIONS, TalkFacts, complaint
from budilnik.core.script import check_script
from budilnik.core.terms import ClientStatus, LossReason

FACTS = TalkFacts(on=date(2026, 9, 15), client="ООО «Болт-Сервис»", me="Иван Петров")
EVERY = (*BLOCKS, *QUESTIONS)


def fitting(**facts: object) -> set[str]:
    return {block.code for block in BLOCKS if block.fits(replace(FACTS, **facts))}


@pytest.mark.parametrize("block", EVERY, ids=[block.code for block in EVERY])
def test_the_words_of_a_block_may_be_said_in_both_languages(block):
    check_script(block.ru)
    check_script(block.en)

    assert "!" not in block.ru + block.en


def test_a_code_means_one_block():
    assert len({block.code for block in EVERY}) == len(EVERY)


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({}, {"regular"}),
        ({"status": ClientStatus.PROSPECT}, {"prospect"}),
        ({"status": ClientStatus.FORGOTTEN}, {"forgotten"}),
        ({"status": ClientStatus.LOST}, {"lost"}),
        ({"leaving": True}, {"leaving"}),
        ({"status": ClientStatus.FORGOTTEN, "leaving": True}, {"forgotten"}),
        ({"status": ClientStatus.LOST, "last_refusal": LossReason.PRICE}, {"after_price"}),
        ({"status": ClientStatus.LOST, "last_refusal": LossReason.UNKNOWN}, {"lost"}),
        ({"last_refusal": LossReason.IMPOSTOR}, {"impostor", "regular"}),
        ({"promised": True}, {"promised"}),
        ({"promised": True, "promise_broken": True}, {"broken_promise"}),
        ({"manager_before": "Ольга Сергеева"}, {"new_face", "regular"}),
        ({"manager_before": "Ольга Сергеева", "owner": "Ольга Сергеева"}, {"stand_in", "regular"}),
        (
            {"due": ("болт",), "stopped": ("гайка",), "new": ("анкер",)},
            {"offer_due", "offer_stopped", "offer_new", "regular"},
        ),
    ],
)
def test_the_facts_choose_the_blocks(facts, codes):
    assert fitting(**facts) == codes | {"greeting", "close"}


def test_who_calls_us_is_not_told_why_we_call():
    codes = fitting(inbound=True, status=ClientStatus.LOST, last_refusal=LossReason.PRICE, promised=True)

    assert codes == {"inbound", "close"}


def test_who_calls_us_hears_of_the_broken_promise_and_of_the_strangers():
    codes = fitting(inbound=True, promise_broken=True, last_refusal=LossReason.IMPOSTOR)

    assert codes == {"inbound", "broken_promise", "impostor", "close"}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"people_known": False, "decision_maker_known": False, "channel_known": False}, "ask_people"),
        ({"decision_maker_known": False}, "ask_decision_maker"),
        ({"potential_known": False}, "ask_potential"),
        ({"number_known": False}, "ask_number"),
        ({"channel_known": False}, "ask_channel"),
        ({"zone_known": False}, "ask_zone"),
        ({"inn_known": False}, "ask_inn"),
    ],
)
def test_what_is_not_known_is_asked(facts, code):
    assert [block.code for block in QUESTIONS if block.fits(replace(FACTS, **facts))] == [code]


@given(reason=st.none() | st.sampled_from(LossReason))
def test_a_refusal_is_answered_by_a_block_there_is_or_by_none(reason):
    assert complaint(replace(FACTS, last_refusal=reason)) in {"", *(block.code for block in BLOCKS)}
