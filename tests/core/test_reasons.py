"""Why this client, why today, why you."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.candidates import OwnClient
from budilnik.core.reasons import Reasons, own_reasons, pool_reasons, promise_reasons
from budilnik.core.terms import ClientStatus, Queue
from strategies import IVAN, TUESDAY, own


def why(client: OwnClient, *, overloaded: bool = False, stands_in_for: int | None = None) -> Reasons:
    return own_reasons(client, on=TUESDAY, overloaded=overloaded, near_days=22, stands_in_for=stands_in_for)


def test_a_forgotten_client_is_called_for_his_silence():
    assert why(own(1))["client"] == {"code": "forgotten", "days": 137}


def test_a_prospect_is_called_because_nobody_ever_talked_to_him():
    assert why(own(1, status=ClientStatus.PROSPECT))["client"] == {"code": "prospect", "days": 137}


def test_a_regular_client_is_called_because_of_his_last_talk():
    talked = own(1, status=ClientStatus.REGULAR, last_talk_on=date(2026, 3, 15))
    only_ordered = own(2, status=ClientStatus.REGULAR)

    assert why(talked)["client"] == {"code": "long_no_talk", "days": 184}
    assert why(only_ordered)["client"] == {"code": "never_talked", "days": 137}


def test_a_client_who_may_be_leaving_is_told_of_in_the_words_of_his_rhythm():
    leaving = own(1, status=ClientStatus.REGULAR)._replace(
        leaving=True,
        rhythm_days=23,
        last_order_on=TUESDAY - timedelta(days=61),
    )

    assert why(leaving)["client"] == {"code": "leaving", "rhythm": 23, "days": 61}
    assert why(leaving._replace(rhythm_days=None))["client"]["code"] == "never_talked"
    assert why(leaving._replace(leaving=False, narrowed=True))["client"]["code"] == "narrowed"


def test_the_last_day_is_said_before_everything_else():
    retry_on_the_last_day = own(1, due_in=0, queue=Queue.RETRY)

    assert why(retry_on_the_last_day, overloaded=True)["today"] == {"code": "last_day"}


def test_a_retry_says_which_attempt_it_is():
    assert why(own(1, queue=Queue.RETRY, missed=1))["today"] == {"code": "retry", "attempt": 2}


def test_under_overload_the_price_of_waiting_is_said():
    today = why(own(1, value=500, chance=0.25), overloaded=True)["today"]

    assert today == {"code": "costly_to_wait", "value": 500, "chance": 0.75}


def test_a_deadline_is_near_within_22_working_days():
    near, far = own(1, due_in=21), own(2, due_in=22, chance=0.25)

    assert why(near)["today"] == {"code": "near_deadline", "deadline": "2026-10-06", "working_days": 21}
    assert why(far)["today"] == {"code": "likely_silent", "chance": 0.75}


def test_without_a_deadline_the_likely_silence_is_said():
    dayless = own(1, due_in=3)._replace(deadline=None)

    assert why(own(1, due_in=None))["today"]["code"] == "likely_silent"
    assert why(dayless)["today"]["code"] == "likely_silent"


def test_a_substitute_is_told_whose_client_it_is():
    assert why(own(1))["you"] == {"code": "owner"}
    assert why(own(1), stands_in_for=IVAN)["you"] == {"code": "stands_in", "employee": IVAN}


def test_a_lost_client_is_the_dearest_free_and_lost_by_others():
    reasons = pool_reasons(silent_since=date(2026, 3, 1), value=900, on=TUESDAY, losers=2)

    assert reasons == {
        "client": {"code": "lost", "days": 198},
        "today": {"code": "dearest_free", "value": 900},
        "you": {"code": "shared", "losers": 2},
    }


def test_a_promise_names_the_hour_and_what_it_is_about():
    own_promise = promise_reasons(
        local_time="15:00", zone="Asia/Omsk", about="тросы", overdue=False, stands_in_for=None
    )
    overdue = promise_reasons(local_time="", zone="Asia/Omsk", about="", overdue=True, stands_in_for=IVAN)

    assert own_promise == {
        "client": {"code": "asked_to_call", "about": "тросы"},
        "today": {"code": "promised_hour", "time": "15:00", "zone": "Asia/Omsk"},
        "you": {"code": "promised"},
    }
    assert overdue["today"] == {"code": "overdue_promise", "time": "", "zone": "Asia/Omsk"}
    assert overdue["you"] == {"code": "stands_in", "employee": IVAN}


CLIENTS = st.builds(
    own,
    st.just(1),
    due_in=st.none() | st.integers(0, 70),
    queue=st.sampled_from([Queue.OWN, Queue.AT_RISK, Queue.RETRY]),
    status=st.sampled_from([ClientStatus.PROSPECT, ClientStatus.REGULAR, ClientStatus.FORGOTTEN]),
    chance=st.floats(0, 1),
    last_talk_on=st.none() | st.dates(date(2026, 1, 1), TUESDAY),
)


@given(client=CLIENTS, overloaded=st.booleans())
def test_any_own_client_has_all_three_reasons_in_plain_values(client: OwnClient, overloaded: bool):
    reasons = why(client, overloaded=overloaded)

    assert set(reasons) == {"client", "today", "you"}
    for each in reasons.values():
        assert isinstance(each["code"], str)
        assert all(isinstance(value, str | int | float) for value in each.values())
        assert 0 <= each.get("chance", 0) <= 1
