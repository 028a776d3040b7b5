"""From Kaliningrad to Kamchatka: who can call whom, and who gets a client out of everybody's reach."""

from datetime import date

import pytest

from strategies import BOLT_SERVICE, IVAN, OLGA, TUESDAY, caller, hours_of, ids, plan_day, pooled

# Hours ahead of Greenwich: 2 to 12, one zone each.
COUNTRY = {
    2: "Europe/Kaliningrad",
    3: "Europe/Moscow",
    4: "Europe/Samara",
    5: "Asia/Yekaterinburg",
    6: "Asia/Omsk",
    7: "Asia/Krasnoyarsk",
    8: "Asia/Irkutsk",
    9: "Asia/Yakutsk",
    10: "Asia/Vladivostok",
    11: "Asia/Magadan",
    12: "Asia/Kamchatka",
}


@pytest.mark.parametrize("client", COUNTRY)
@pytest.mark.parametrize("employee", COUNTRY)
def test_two_cities_less_than_nine_hours_apart_have_an_hour_in_common(client: int, employee: int):
    spans = hours_of(TUESDAY).common(COUNTRY[client], COUNTRY[employee])

    assert bool(spans) == (abs(client - employee) < 9)


def test_kaliningrad_and_magadan_never_meet_and_moscow_has_one_hour_for_magadan():
    hours = hours_of(TUESDAY)

    moscow = hours.common("Asia/Magadan", "Europe/Moscow")

    assert hours.common("Asia/Magadan", "Europe/Kaliningrad") == ()
    assert [(start.hour, end.hour) for start, end in moscow] == [(9, 10)]


def test_a_lost_client_of_kamchatka_is_given_to_the_one_who_can_call_him():
    in_moscow_and_omsk = [(IVAN, "Europe/Moscow"), (OLGA, "Asia/Omsk")]
    no_hours = hours_of(TUESDAY).without_common("Asia/Kamchatka", in_moscow_and_omsk)

    plans = plan_day([caller(IVAN), caller(OLGA)], pool=[pooled(BOLT_SERVICE, no_hours=no_hours)])

    assert ids(plans[IVAN]) == []
    assert ids(plans[OLGA]) == [BOLT_SERVICE]


def test_a_client_of_kamchatka_lost_by_the_only_one_in_the_east_is_called_by_nobody():
    no_hours = hours_of(TUESDAY).without_common("Asia/Kamchatka", [(IVAN, "Europe/Moscow"), (OLGA, "Asia/Omsk")])

    plans = plan_day([caller(IVAN), caller(OLGA)], pool=[pooled(BOLT_SERVICE, lost_by=[OLGA], no_hours=no_hours)])

    assert not ids(plans[IVAN]) + ids(plans[OLGA])


def test_a_client_abroad_moves_his_clocks_and_his_lunch_moves_with_him():
    summer, winter = (hours_of(day).common("Europe/Helsinki", "Europe/Moscow") for day in (TUESDAY, date(2026, 12, 15)))

    assert [(start.hour, end.hour) for start, end in summer] == [(9, 13), (14, 18)]
    assert [(start.hour, end.hour) for start, end in winter] == [(10, 14), (15, 18)]
