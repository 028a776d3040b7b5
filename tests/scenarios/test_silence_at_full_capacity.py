"""A base too large for its manager: the dearest are kept, the rest are told in time as the forecast."""

from datetime import date

from budilnik.core.terms import Queue
from strategies import IVAN, TUESDAY, Desk, Firm, facts, ids, russian_calendar

# Six months end on 28 September: Tuesday the 15th and nine working days more, ten talks on each.
SILENT_SINCE, LAST_KEPT = date(2026, 3, 28), date(2026, 9, 28)


def too_many(number: int = 200) -> Firm:
    base = {one: facts(one, silent_since=SILENT_SINCE, value=1000 + one) for one in range(number)}
    return Firm(desks=[Desk(employee_id=IVAN)], base=base)


def test_the_forecast_names_how_many_will_be_lost_and_the_calls_that_would_save_them():
    plan = too_many().morning(TUESDAY)[IVAN]

    assert plan.left_out == 100
    assert plan.calls_to_save == 20


def test_as_many_as_can_be_talked_to_are_no_forecast_of_loss():
    plan = too_many(100).morning(TUESDAY)[IVAN]

    assert (plan.left_out, plan.calls_to_save) == (0, 0)


def test_the_day_is_full_and_begins_with_the_dearest():
    plan = too_many().morning(TUESDAY)[IVAN]

    assert len(plan.tasks) == 20
    assert sorted(ids(plan)) == list(range(180, 200))


def test_after_the_fortnight_the_dearest_half_was_kept():
    firm = too_many()

    for day in russian_calendar().window(TUESDAY, count=10):
        called = ids(firm.morning(day)[IVAN], Queue.OWN)
        for client_id in sorted(called, reverse=True)[:10]:
            firm.talked(client_id, on=day, with_=IVAN)
    firm.morning(date(2026, 9, 29))

    assert sorted(number for number, _, _ in firm.lost) == list(range(100))
    assert {one.value for one in firm.base.values() if one.owner_id} == set(range(1100, 1200))


def test_on_the_last_day_all_who_are_left_are_called_beyond_the_norm():
    plan = too_many(50).morning(LAST_KEPT)[IVAN]

    assert len(plan.tasks) == 50
    assert plan.left_out == 40
