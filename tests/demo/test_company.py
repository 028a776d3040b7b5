"""The made-up supplier is the base of the case before the alarm clock, and the same on every run."""

import os
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from stdnum.ru import inn

from budilnik.core.dates import CallingHours, add_months, common_hours
from budilnik.core.status import DEFAULT_SILENCE, Silence, classify, last_day_kept
from budilnik.core.terms import ClientStatus, Outcome, Role
from budilnik.demo.company import WORKING_DAY, DemoCompany, make_company
from budilnik.demo.orders import PIECE
from budilnik.demo.workdays import is_workday

TALKS = {Outcome.ORDER, Outcome.INTERESTED, Outcome.OPEN, Outcome.CALLBACK, Outcome.REFUSED}


@cache
def company(clients: int = 2_000) -> DemoCompany:
    return make_company(clients=clients)


@cache
def orders(clients: int = 2_000):
    return tuple(company(clients).orders())


@cache
def contacts(clients: int = 2_000):
    return tuple(company(clients).contacts())


def digest(made: DemoCompany) -> str:
    sha = sha256()
    for part in (made.employees, made.absences, made.products, made.clients, made.promises, made.losses):
        sha.update(repr(part).encode())
    for value in (*made.orders(), *made.contacts()):
        sha.update(repr(value).encode())
    return sha.hexdigest()


@cache
def silences() -> dict[str, Silence]:
    days = [(one.client_key, one.ordered_on) for one in orders() if one.counts_for_the_clock]
    days += [(one.client_key, one.at.date()) for one in contacts() if one.outcome in TALKS]
    last: dict[str, date] = {}
    for key, day in days:
        last[key] = max(day, last.get(key, day))
    return {
        client.key: Silence(silent_since=last.get(client.key, client.known_on), ever_contacted=client.key in last)
        for client in company().clients
    }


@cache
def statuses() -> dict[str, ClientStatus]:
    return {key: classify(silence, on=WORKING_DAY, policy=DEFAULT_SILENCE) for key, silence in silences().items()}


def test_the_company_is_the_same_every_time_and_another_seed_makes_another_one():
    first = digest(make_company(clients=200))

    assert digest(make_company(clients=200)) == first
    assert digest(make_company(clients=200, seed=2)) != first


def test_the_company_does_not_depend_on_the_hash_seed_of_python():
    code = "from test_company import digest, make_company; print(digest(make_company(clients=30)))"
    path = os.pathsep.join(filter(None, [str(Path(__file__).parent), *sys.path]))

    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONPATH": path, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(digests) == 1


def test_a_client_is_the_same_in_a_small_company_and_in_a_large_one():
    small, large = company(200), company()
    promised = {one.client_key for one in (*small.promises, *large.promises)}

    assert small.clients == large.clients[:200]
    last = small.clients[-1].key
    assert [one for one in orders(200) if one.client_key not in promised] == [
        one for one in orders() if one.client_key <= last and one.client_key not in promised
    ]


def test_the_department_is_a_head_and_ten_managers_two_of_them_in_yekaterinburg():
    staff = company().employees

    assert Counter(one.role for one in staff) == {Role.HEAD: 1, Role.MANAGER: 10}
    assert Counter(one.zone for one in staff) == {"Europe/Moscow": 9, "Asia/Yekaterinburg": 2}
    assert len({one.login for one in staff}) == len({one.name for one in staff}) == 11


def test_one_manager_is_on_holiday_and_another_stands_in():
    (absence,) = company().absences
    managers = {one.login for one in company().employees if one.role is Role.MANAGER}

    assert absence.from_on <= WORKING_DAY <= absence.until_on
    assert {absence.login, absence.substitute} <= managers
    assert absence.login != absence.substitute


def test_the_base_is_as_in_the_case_before_the_alarm_clock():
    counted = Counter(statuses().values())
    shares = {status: counted[status] / len(statuses()) for status in ClientStatus}

    assert shares[ClientStatus.REGULAR] == pytest.approx(0.30, abs=0.015)
    assert shares[ClientStatus.FORGOTTEN] == pytest.approx(0.30, abs=0.015)
    assert shares[ClientStatus.LOST] == pytest.approx(0.37, abs=0.015)
    assert shares[ClientStatus.PROSPECT] == pytest.approx(0.03, abs=0.01)


def test_prospects_have_neither_orders_nor_calls():
    prospects = {key for key, status in statuses().items() if status is ClientStatus.PROSPECT}

    assert prospects
    assert not prospects & {one.client_key for one in (*orders(), *contacts())}


def test_every_week_of_the_next_quarter_about_as_many_forgotten_clients_are_lost():
    forgotten = [key for key, status in statuses().items() if status is ClientStatus.FORGOTTEN]
    last_days = [last_day_kept(silences()[key], policy=DEFAULT_SILENCE) for key in forgotten]

    weeks = Counter((day - WORKING_DAY).days // 7 for day in last_days)

    even = len(forgotten) / 13
    assert all(0.7 * even <= weeks[week] <= 1.3 * even for week in range(13))


def test_the_lost_fade_away_without_a_step_behind_the_forgotten():
    by_month = Counter((WORKING_DAY - silence.silent_since).days // 30 for silence in silences().values())

    assert 0.75 * by_month[5] <= by_month[6] <= 1.1 * by_month[5]
    assert by_month[7] > by_month[9] > by_month[12] > by_month[24] > 0


def test_every_manager_has_about_the_same_number_of_clients_and_few_have_nobody():
    owners = Counter(client.owner for client in company().clients)

    assert owners.pop("") < 0.07 * 2_000
    assert set(owners) == {one.login for one in company().employees if one.role is Role.MANAGER}
    assert min(owners.values()) > 0.75 * max(owners.values())


def test_tax_numbers_are_valid_distinct_and_fit_the_form_of_the_firm():
    clients = company().clients

    assert all(inn.is_valid(client.inn) for client in clients)
    assert len({client.inn for client in clients}) == len(clients)
    for client in clients:
        sole = client.name.startswith("ИП ")
        assert (len(client.inn), len(client.kpp)) == ((12, 0) if sole else (10, 9))
        assert sole or client.kpp.startswith(client.inn[:4])


def test_telephones_are_valid_and_only_landlines_tell_a_zone():
    for client in company().clients:
        assert 1 <= len(client.phones) <= 2
        for phone in client.phones:
            number = phonenumbers.parse(phone.number)
            assert phonenumbers.is_valid_number(number)
            mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
            assert phone.zone == ("" if mobile else client.zone)


def test_cards_are_filled_names_of_firms_distinct_and_zones_known():
    clients = company().clients
    firms = [client.name for client in clients if not client.name.startswith("ИП ")]

    assert len(set(firms)) == len(firms)
    assert all(client.person and client.post and client.city and client.region for client in clients)
    assert all(client.known_on < WORKING_DAY for client in clients)


def test_clients_live_from_kaliningrad_to_kamchatka_most_of_them_in_european_russia():
    noon = datetime.combine(WORKING_DAY, time(12))
    hours = [ZoneInfo(client.zone).utcoffset(noon) / timedelta(hours=1) for client in company().clients]

    assert set(hours) == set(range(2, 13))
    assert 0.6 < sum(hour <= 4 for hour in hours) / len(hours) < 0.8


def test_some_clients_form_holdings_and_some_share_a_switchboard():
    groups = Counter(client.group for client in company().clients if client.group)
    numbers = Counter(client.phones[0].number for client in company().clients)

    assert len(groups) > 10
    assert min(groups.values()) >= 2
    assert max(groups.values()) <= 5
    assert sum(count > 1 for count in numbers.values()) > 10


def test_orders_are_sorted_by_client_before_the_day_and_after_the_first_acquaintance():
    known = {client.key: client.known_on for client in company().clients}

    assert [one.client_key for one in orders()] == sorted(one.client_key for one in orders())
    assert all(known[one.client_key] <= one.ordered_on < WORKING_DAY for one in orders())
    assert len({one.key for one in orders()}) == len(orders())
    assert all(9 <= one.ordered_at.hour < 18 for one in orders())
    assert sum(is_workday(one.ordered_on) for one in orders()) > 0.97 * len(orders())


def test_amounts_are_price_times_quantity_and_returns_are_documents_of_their_own():
    returns = [one for one in orders() if not one.counts_for_the_clock]

    assert 0.005 < len(returns) / len(orders()) < 0.03
    assert all(one.net < 0 for one in returns)
    for order in orders():
        assert order.lines
        assert len({line.quantity > 0 for line in order.lines}) == 1
        assert all(line.price > 0 and line.amount * PIECE * 100 == line.quantity * line.price for line in order.lines)


def test_the_volume_of_orders_and_the_weight_of_the_large_clients():
    bought = Counter()
    for order in orders():
        bought[order.client_key] += order.net
    largest = sorted(bought.values(), reverse=True)

    assert 11 <= len(orders()) / 2_000 <= 13
    assert 2 <= sum(len(order.lines) for order in orders()) / len(orders()) <= 3.3
    assert 0.6 < sum(largest[: len(largest) // 5]) / sum(largest) < 0.9


def test_calls_are_mostly_inbound_and_managers_dial_three_or_four_times_a_day():
    year = [one for one in contacts() if one.at.date() >= WORKING_DAY - timedelta(days=365)]
    outbound = sum(one.direction == "out" for one in year)

    # Two thousand clients are a fifth of the base of ten managers.
    assert 3.0 <= outbound * 5 / 247 / 10 <= 4.2
    assert sum(one.direction == "in" for one in contacts()) > len(contacts()) / 2
    assert 5 <= len(contacts()) / 2_000 <= 7.5


def test_calls_have_distinct_keys_and_name_known_clients_and_employees():
    clients = {client.key for client in company().clients}
    employees = {one.login for one in company().employees}

    assert len({one.key for one in contacts()}) == len(contacts())
    assert {one.client_key for one in (*orders(), *contacts())} <= clients
    assert {one.employee for one in contacts()} <= employees
    assert all(one.at.date() < WORKING_DAY for one in contacts())
    assert all(one.note.startswith("Отказ") for one in contacts() if one.outcome is Outcome.REFUSED)


def test_two_promises_are_overdue_and_each_was_given_in_the_last_talk_with_the_owner():
    owners = {client.key: client.owner for client in company().clients}
    last = {one.client_key: one for one in contacts()}
    promises = company().promises

    assert len(promises) == len({one.client_key for one in promises}) == 25
    assert sum(one.at.date() < WORKING_DAY for one in promises) == 2
    assert sum(one.at.date() == WORKING_DAY for one in promises) >= 8
    for promise in promises:
        talk = last[promise.client_key]
        assert talk.outcome is Outcome.CALLBACK
        assert talk.employee == promise.employee == owners[promise.client_key]
        assert talk.at < promise.at.replace(tzinfo=ZoneInfo(promise.zone))
        assert promise.about in talk.note


def test_a_promise_falls_into_working_hours_of_both_sides():
    zones = {one.login: ZoneInfo(one.zone) for one in company().employees}
    hours = CallingHours()

    for promise in company().promises:
        zone = ZoneInfo(promise.zone)
        at = promise.at.replace(tzinfo=zone)
        spans = common_hours(
            on=promise.at.date(), client_zone=zone, client=hours, employee_zone=zones[promise.employee], employee=hours
        )
        assert is_workday(promise.at.date())
        assert any(start <= at < end for start, end in spans)


def test_a_loss_of_the_past_locks_a_lost_client_for_somebody_who_no_longer_owns_him():
    owners = {client.key: client.owner for client in company().clients}
    employees = {one.login for one in company().employees}

    assert 0.06 < len(company().losses) / 2_000 < 0.10
    for loss in company().losses:
        assert statuses()[loss.client_key] is ClientStatus.LOST
        assert add_months(silences()[loss.client_key].silent_since, 6) < loss.on < WORKING_DAY
        assert loss.employee in employees - {owners[loss.client_key]}


def test_products_have_distinct_codes_and_names_and_every_line_names_one():
    products = {product.code: product for product in company().products}

    assert 550 <= len(products) == len({product.name for product in products.values()})
    assert len({product.group for product in products.values()}) >= 15
    for line in (line for order in orders(200) for line in order.lines):
        assert (line.product_name, line.product_group) == (
            products[line.product_key].name,
            products[line.product_key].group,
        )


@pytest.mark.parametrize(("clients", "managers", "years"), [(0, 1, 1), (1, 1, 5), (60, 2, 1), (60, 24, 7)])
def test_odd_sizes_work(clients, managers, years):
    made = make_company(clients=clients, managers=managers, years=years)

    assert len(made.clients) == clients
    assert len({one.login for one in made.employees}) == managers + 1
    assert all(one.ordered_on < WORKING_DAY for one in made.orders())
    assert all(one.at.date() < WORKING_DAY for one in made.contacts())


@pytest.mark.parametrize("on", [date(2024, 2, 29), date(2026, 1, 10), date(2026, 8, 31)])
def test_another_day_moves_the_whole_company(on):
    made = make_company(clients=100, on=on)

    assert max(one.ordered_on for one in made.orders()) < on
    assert sum(one.at.date() < on for one in made.promises) == 2


def test_a_company_without_managers_or_past_is_refused():
    with pytest.raises(ValueError, match="somebody has to call"):
        make_company(clients=1, managers=0)
    with pytest.raises(ValueError, match="at least one year"):
        make_company(clients=1, years=0)


def test_a_holiday_on_a_weekend_frees_the_monday_after():
    assert not is_workday(date(2026, 3, 9))
    assert not is_workday(date(2026, 1, 7))
    assert is_workday(date(2026, 3, 10))
    assert is_workday(date(2022, 1, 10))
