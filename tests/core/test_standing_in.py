"""Standing in: who cannot wait for his owner, and who takes him."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.seed import Seed
from budilnik.core.standing_in import Takers, cannot_wait
from budilnik.core.status import Verdict
from budilnik.core.terms import ClientStatus
from strategies import IVAN, MOSCOW, OLGA, PYOTR, TUESDAY, hours_of, russian_calendar

FAR_EAST = "Asia/Kamchatka"


def forgotten(*, kept_for: int) -> Verdict:
    last = TUESDAY + timedelta(days=kept_for)
    return Verdict(status=ClientStatus.FORGOTTEN, steps=(), next_on=None, last_kept=last)


def waits_until(verdict: Verdict, away_until=TUESDAY + timedelta(days=3)) -> bool:
    return not cannot_wait(verdict, away_until=away_until, calendar=russian_calendar(), tail_working_days=5)


def takers(**zones: str) -> Takers:
    numbers = {"ivan": IVAN, "olga": OLGA, "pyotr": PYOTR}
    return Takers({numbers[who]: zone for who, zone in zones.items()}, hours=hours_of(TUESDAY), seed=Seed.of(TUESDAY))


def test_a_deadline_in_the_week_after_an_absence_cannot_wait():
    assert not waits_until(forgotten(kept_for=3))
    assert not waits_until(forgotten(kept_for=10))
    assert waits_until(forgotten(kept_for=11))


def test_a_regular_client_waits_for_his_owner():
    regular = Verdict(status=ClientStatus.REGULAR, steps=(), next_on=None, last_kept=TUESDAY)

    assert waits_until(regular)


def test_a_client_out_of_the_hours_of_an_owner_at_work_cannot_wait():
    assert not waits_until(forgotten(kept_for=100), away_until=None)


def test_the_substitute_takes_the_client_whatever_he_has_taken_already():
    desks = takers(olga=MOSCOW, pyotr=MOSCOW)
    desks.given[OLGA] += 9

    assert desks.of(1, MOSCOW, substitute=OLGA, barred=frozenset({IVAN})) == OLGA


def test_a_substitute_who_lost_the_client_is_passed_by():
    desks = takers(olga=MOSCOW, pyotr=MOSCOW)

    assert desks.of(1, MOSCOW, substitute=OLGA, barred=frozenset({IVAN, OLGA})) == PYOTR


def test_without_a_substitute_the_least_burdened_takes_him():
    desks = takers(olga=MOSCOW, pyotr=MOSCOW)
    desks.given[PYOTR] += 1

    assert desks.of(1, MOSCOW, substitute=None, barred=frozenset({IVAN})) == OLGA
    assert desks.of(2, MOSCOW, substitute=None, barred=frozenset({IVAN, OLGA})) == PYOTR


def test_nobody_takes_a_client_with_whom_nobody_shares_an_hour():
    desks = takers(olga=MOSCOW)

    assert desks.of(1, FAR_EAST, substitute=OLGA, barred=frozenset()) is None


@given(barred=st.frozensets(st.sampled_from([IVAN, OLGA, PYOTR])), client=st.integers(1, 10**6))
def test_nobody_barred_ever_takes_a_client(barred, client):
    desks = takers(ivan=MOSCOW, olga=MOSCOW, pyotr=MOSCOW)

    taker = desks.of(client, MOSCOW, substitute=OLGA, barred=barred)

    assert taker not in barred
    assert (taker is None) == (barred == {IVAN, OLGA, PYOTR})
