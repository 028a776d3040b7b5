"""The common hours of a day, looked up once for a pair of zones."""

from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.dates import common_hours
from budilnik.core.hours import HoursBook
from budilnik.core.policy import Policy
from strategies import IVAN, OLGA, PYOTR, TUESDAY, hours_of

ZONES = ["Europe/Kaliningrad", "Europe/Moscow", "Asia/Yekaterinburg", "Asia/Vladivostok", "Asia/Kamchatka"]


def test_a_client_of_kamchatka_is_for_those_who_share_an_hour_with_him():
    book = hours_of(TUESDAY)

    barred = book.without_common(
        "Asia/Kamchatka", [(IVAN, "Europe/Moscow"), (OLGA, "Asia/Yekaterinburg"), (PYOTR, "Asia/Vladivostok")]
    )

    assert barred == {IVAN}


def test_a_pair_of_zones_is_looked_up_once():
    asked: list[str] = []

    def zone_of(name: str) -> ZoneInfo:
        asked.append(name)
        return ZoneInfo(name)

    policy = Policy()
    book = HoursBook(on=TUESDAY, zone_of=zone_of, clients=policy.hours_of_clients, employees=policy.hours_of_employees)

    assert book.common("Asia/Omsk", "Europe/Moscow") == book.common("Asia/Omsk", "Europe/Moscow")
    assert asked == ["Asia/Omsk", "Europe/Moscow"]


@given(client=st.sampled_from(ZONES), team=st.lists(st.sampled_from(ZONES), max_size=4))
def test_any_employee_is_barred_only_if_there_is_no_hour_to_call(client: str, team: list[str]):
    policy, book = Policy(), hours_of(TUESDAY)

    barred = book.without_common(client, enumerate(team))

    for number, zone in enumerate(team):
        spans = common_hours(
            on=TUESDAY,
            client_zone=ZoneInfo(client),
            client=policy.hours_of_clients,
            employee_zone=ZoneInfo(zone),
            employee=policy.hours_of_employees,
        )
        assert book.common(client, zone) == spans
        assert (number in barred) == (not spans)
