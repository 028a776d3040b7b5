"""The look at the whole base, from the documents to what the card and the morning read."""

from datetime import date, timedelta

import pytest

from budilnik.analytics.engines import EngineUnwilling, UnknownEngine
from budilnik.calling.actions.insight import begin_insight
from budilnik.calling.actions.offers import offer_does_not_suit, offer_suits_again
from budilnik.calling.queries.offers import insight_of
from budilnik.clients.models import Client
from budilnik.jobs.insight import make_insight
from budilnik.jobs.morning import make_morning
from budilnik.jobs.outlook import insight_is_due, look_before_morning
from budilnik.sales.actions.insight import InsightIsBeingMade, InsightTakenOver, call_off
from budilnik.sales.models import ClientProfile, InsightRun, Offer, OfferRefusal
from budilnik.sales.queries.insight import latest_run
from budilnik.staff.models import AuditEntry
from cast import NOW, TODAY, buys, client, ivan

pytestmark = pytest.mark.django_db(transaction=True)

STAGES = ("base_read", "profiles_kept", "offers_kept")


@pytest.fixture(autouse=True)
def files_of_its_own(tmp_path, settings, monkeypatch):
    settings.HOME = tmp_path
    monkeypatch.delenv("BUDILNIK_ENGINE")


def look(on: date = TODAY, step=lambda stage: None) -> None:
    make_insight(on, engine="duckdb", step=step)


def months_ago(count: int) -> date:
    return TODAY - timedelta(days=30 * count)


def firm_of_bolts() -> tuple[Client, Client]:
    """Six clients who take bolts with nuts every month; one takes bolts alone, one stopped taking washers."""
    owner = ivan()
    names = [f"ООО «Болт-{number}»" for number in range(6)]
    firm = [client(name, owner=owner, phones=(f"+7495123450{at}",)) for at, name in enumerate(names)]
    for at, each in enumerate(firm):
        for month in range(1, 9):
            goods = {"болт": 100_00} if at == 5 else {"болт": 100_00, "гайка": 50_00}
            if at == 0 and month > 4:
                goods["шайба"] = 20_00
            buys(each, months_ago(month), **goods)
    return firm[0], firm[5]


def test_what_the_documents_say_stands_in_the_profile_and_goods_are_offered_with_the_numbers_of_their_reason():
    washers, bolts_alone = firm_of_bolts()

    look()

    found = insight_of(washers.pk, on=TODAY)
    assert (found.purchases, found.last_on, found.rhythm_days) == (8, months_ago(1), 30)
    assert (found.average_order, found.revenue_365) == (160_00, 8 * 150_00 + 4 * 20_00)
    assert 0 < found.chance_30 < found.chance_90 < 1
    kept = Client.objects.get(pk=washers.pk)
    assert (kept.rhythm_days, kept.order_chance) == (30, round(found.chance_30 * 1000))
    assert kept.expected_90 == found.expected_90 > 0
    assert [(offer.name, offer.times, offer.interval_days, offer.days_since) for offer in found.stopped] == [
        ("шайба", 4, 30, 150)
    ]
    new = insight_of(bolts_alone.pk, on=TODAY).new
    assert [(offer.name, offer.because, offer.clients_with) for offer in new] == [("гайка", "болт", 6)]
    assert new[0].share_also == pytest.approx(5 / 6)
    assert {offer.name for offer in insight_of(bolts_alone.pk, on=TODAY).due} == {"болт"}


@pytest.mark.once
def test_a_good_that_does_not_suit_is_gone_at_once_and_from_every_later_look():
    _washers, bolts_alone = firm_of_bolts()
    look()
    nuts = insight_of(bolts_alone.pk, on=TODAY).new[0].product_id
    said = {"client_id": bolts_alone.pk, "product_id": nuts, "by": bolts_alone.owner, "now": NOW, "on": TODAY}

    offer_does_not_suit(**said)
    offer_does_not_suit(**said)
    at_once = insight_of(bolts_alone.pk, on=TODAY).new
    look(TODAY + timedelta(days=1))
    later = Offer.objects.filter(client=bolts_alone, product=nuts)

    assert (at_once, list(later)) == ((), [])
    assert AuditEntry.objects.filter(action="offer_refused").count() == 1
    offer_suits_again(**said)
    assert not OfferRefusal.objects.filter(taken_back_at=None).exists()


@pytest.mark.once
def test_no_sale_one_order_returns_only_sums_below_zero_and_the_future_are_not_enough_history():
    owner = ivan()
    nobody, once, returning, below, ahead = (client(name, owner=owner, phones=()) for name in "АБВГД")
    buys(once, months_ago(2), М8=100_00)
    buys(returning, months_ago(2), М8=-100_00)
    buys(below, months_ago(3), М8=100_00, М10=-150_00)
    buys(ahead, TODAY + timedelta(days=40), М8=100_00)

    look()
    make_morning(TODAY, step=lambda name: None)

    found = {each.pk: insight_of(each.pk, on=TODAY) for each in (nobody, once, returning, below, ahead)}
    assert [each.purchases for each in found.values()] == [0, 1, 0, 0, 0]
    assert (found[nobody.pk].chance_30, found[nobody.pk].offers) == (None, ())
    assert Client.objects.get(pk=nobody.pk).order_chance is None
    assert all(not each.has_rhythm and each.window is None for each in found.values())
    assert ClientProfile.objects.filter(rhythm_days__isnull=False).count() == 0


@pytest.mark.parametrize("stage", STAGES)
def test_a_look_that_was_killed_shows_nothing_and_made_again_equals_one_that_was_not(stage, tmp_path):
    class Killed(BaseException):
        pass

    def die(reached: str) -> None:
        if reached == stage:
            raise Killed

    firm_of_bolts()
    (tmp_path / "insight" / "work" / "of one that was killed").mkdir(parents=True)
    with pytest.raises(Killed):
        look(step=die)
    seen = latest_run()
    InsightRun.objects.filter(published_at=None).update(lease_until=NOW - timedelta(days=9999))

    look()

    assert seen is None
    assert list((tmp_path / "insight" / "work").iterdir()) == []
    assert ClientProfile.objects.count() == 6
    assert InsightRun.objects.exclude(published_at=None).count() == 1
    assert set(ClientProfile.objects.values_list("run", flat=True)) == {latest_run().run_id}
    assert set(Offer.objects.values_list("run", flat=True)) == {latest_run().run_id}


@pytest.mark.once
def test_the_morning_looks_once_a_day_and_a_second_look_finds_the_same_and_leaves_one_set_of_rows():
    assert not insight_is_due(TODAY)
    firm_of_bolts()
    columns = [field.attname for field in ClientProfile._meta.concrete_fields if field.attname not in ("id", "run_id")]

    look_before_morning(TODAY)
    look_before_morning(TODAY)
    assert InsightRun.objects.count() == 1
    assert insight_is_due(TODAY + timedelta(days=1)) and insight_is_due(TODAY - timedelta(days=1))
    first = to_nine_digits(ClientProfile.objects.values_list(*columns))
    offers = to_nine_digits(Offer.objects.values_list("client", "product", "kind", "place", "interval_days"))
    look()

    assert to_nine_digits(ClientProfile.objects.values_list(*columns)) == first
    again = to_nine_digits(Offer.objects.values_list("client", "product", "kind", "place", "interval_days"))
    assert again == offers


def to_nine_digits(rows) -> list[tuple]:
    """Sums of fractions are added in any order by several threads, and differ in their last digits."""
    plain = [tuple(float(f"{cell:.9g}") if isinstance(cell, float) else cell for cell in row) for row in rows]
    return sorted(plain, key=str)


def test_a_look_that_another_process_makes_is_not_begun_and_one_called_off_is_not_shown():
    firm_of_bolts()
    running = begin_insight(on=TODAY, engine="duckdb", holder="elsewhere", clock=lambda: NOW, is_gone=lambda _: False)

    with pytest.raises(InsightIsBeingMade):
        begin_insight(on=TODAY, engine="duckdb", holder="here", clock=lambda: NOW, is_gone=lambda _: False)
    assert call_off(running.run_id, now=NOW)
    with pytest.raises(InsightTakenOver):
        running.publish(outlooks={}, findings={})
    assert latest_run() is None


@pytest.mark.once
def test_an_engine_that_is_unknown_or_away_is_told_in_a_sentence_and_the_plan_is_made(monkeypatch):
    firm_of_bolts()

    with pytest.raises(UnknownEngine):
        make_insight(TODAY, engine="excel", step=lambda stage: None)
    monkeypatch.setenv("BUDILNIK_ENGINE", "spark://127.0.0.1:9")
    with pytest.raises(EngineUnwilling):
        look_before_morning(TODAY)
    make_morning(TODAY, step=lambda name: None)

    assert latest_run() is None
