"""The settings of the firm: read, stored, and refused when they contradict each other."""

from dataclasses import fields, replace
from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budilnik.core.outcome_table import OutcomeName, OutcomeTable
from budilnik.core.policy import (
    LIMITS,
    Policy,
    PolicyContradiction,
    check,
    contradictions,
    from_settings,
    to_settings,
)
from budilnik.core.status import SilencePolicy


def test_the_rules_of_the_document_do_not_contradict_themselves():
    check(Policy())

    assert Policy().norm == 20
    assert Policy().silence == SilencePolicy(forgotten_after_months=3, lost_after_months=6, agreed_slack_days=7)


def test_clients_have_lunch_and_employees_none_unless_the_head_says_so():
    policy = Policy(employee_lunch=("12:00", "12:30"))

    assert Policy().hours_of_clients.spans() == ((time(9), time(13)), (time(14), time(18)))
    assert Policy().hours_of_employees.spans() == ((time(9), time(18)),)
    assert policy.hours_of_employees.spans() == ((time(9), time(12)), (time(12, 30), time(18)))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"forgotten_after_months": 0}, "забыт"),
        ({"lost_after_months": 3}, "не позже, чем забыт"),
        ({"pool_share": 1.01}, "доля пула"),
        ({"pool_share": -0.01}, "доля пула"),
        ({"reach_rate": 0.0}, "доля дозвонов"),
        ({"reach_rate": 1.5}, "доля дозвонов"),
        ({"value_weight": 2.0}, "вес ценности"),
        ({"hold_out_share": 0.51}, "без звонков оставляют"),
        ({"hold_out_days": 0}, "без звонков держат"),
        ({"hold_out_spares_share": 1.1}, "доля дорогих"),
        ({"margin_share": 1.01}, "доля маржи"),
        ({"norm": 0}, "норма"),
        ({"norm": 501}, "норма"),
        ({"agreed_at_most_months": 13}, "называет дату"),
        ({"quiet_days_after_talk": 200}, "потеряют, не позвонив"),
        ({"horizon_days": 60}, "62 рабочих дня"),
        ({"overload_from": 0.5}, "перегрузка"),
        ({"pool_roles": ("administrator",)}, "чья работа"),
        ({"lock_lifters": ()}, "никто"),
        ({"lock_lifters": ("manager",)}, "запрет снимает"),
        ({"attempts_before_pause": 10, "rounds": 4}, "не кончаются"),
        ({"retry_after_hours": 0}, "часов до повтора"),
        ({"cards_per_day": 10}, "карточек в день меньше"),
        ({"client_hours": ("9:00", "18:00")}, "как 09:00"),
        ({"morning_at": "6"}, "как 06:00"),
        ({"morning_at": "09:30"}, "после начала работы"),
        ({"client_lunch": ("14:00", "13:00")}, "обед кончается"),
        ({"employee_hours": ("18:00", "20:00"), "morning_at": "06:00"}, "нет общего часа"),
        ({"client_hours": ("13:00", "14:00")}, "нет общего часа"),
        ({"outcomes": OutcomeTable(off=("order",))}, "не выключаются"),
        ({"outcomes": OutcomeTable(off=("mood",))}, "не выключаются"),
        ({"outcomes": OutcomeTable(off=("interested", "open"))}, "нечем записать"),
        ({"outcomes": OutcomeTable(names=(OutcomeName(outcome="open", ru="Потом", en=" "),))}, "на обоих языках"),
        ({"outcomes": OutcomeTable(names=(OutcomeName(outcome="mood", ru="Да", en="Yes"),))}, "на обоих языках"),
        ({"pool_roles": ()}, "некому звонить"),
        ({"client_hours": ("18:00", "09:00")}, "часы звонков"),
        ({"employee_hours": ("09:00", "09:00")}, "часы звонков"),
    ],
)
def test_a_contradiction_is_refused_with_its_reason(change: dict[str, object], told: str):
    with pytest.raises(PolicyContradiction) as refused:
        check(replace(Policy(), **change))

    assert told in refused.value.text("ru")
    assert "contradicts itself" in refused.value.text("en")


def test_every_contradiction_is_told_beside_its_fields_not_the_first_alone():
    policy = Policy(norm=0, lost_after_months=2, pool_share=1.5, pool_roles=())

    found = contradictions(policy)

    assert {name for each in found for name in each.fields} == {
        "norm",
        "lost_after_months",
        "forgotten_after_months",
        "pool_share",
        "pool_roles",
    }
    assert {name for each in found for name in each.fields} <= {each.name for each in fields(Policy)}
    assert all(each.ru and each.en for each in found)


def test_how_late_a_promise_is_when_the_head_is_told():
    assert Policy(escalate_after_minutes=45).escalates_after == timedelta(minutes=45)


@given(name=st.sampled_from(sorted(LIMITS)), past=st.booleans())
def test_a_number_beyond_its_limits_is_refused_and_one_at_them_is_not(name: str, past: bool):
    least, most, *_ = LIMITS[name]

    at, beyond = (most, most + 1) if past else (least, least - 1)

    def alone(value: int) -> bool:
        told = contradictions(replace(Policy(), **{name: value}))
        return any(each.fields == (name,) and str(least) in each.ru for each in told)

    assert not alone(at)
    assert alone(beyond)


@pytest.mark.parametrize(
    "edge", [{"pool_share": 0.0}, {"pool_share": 1.0}, {"reach_rate": 1.0}, {"lost_after_months": 4}]
)
def test_settings_at_the_edge_are_taken(edge: dict[str, object]):
    check(replace(Policy(), **edge))


def test_a_setting_younger_than_the_version_has_its_default():
    assert from_settings({"norm": 25}) == Policy(norm=25)


def test_a_setting_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="mood"):
        from_settings({"mood": "good"})


HOURS = st.sampled_from([("09:00", "18:00"), ("08:30", "17:30")])
POLICIES = st.builds(
    Policy,
    forgotten_after_months=st.integers(1, 6),
    lost_after_months=st.integers(7, 24),
    norm=st.integers(1, 100),
    pool_share=st.floats(0, 1),
    reach_rate=st.floats(0.01, 1),
    pool_roles=st.sets(st.sampled_from(["manager", "developer"]), min_size=1).map(tuple),
    client_hours=HOURS,
    client_lunch=st.none() | st.just(("13:00", "14:00")),
    rounds=st.integers(1, 5),
    lock_lifters=st.sampled_from([("head",), ("director",), ("head", "director")]),
    outcomes=st.builds(
        OutcomeTable,
        off=st.sets(st.sampled_from(["busy", "unavailable", "open"])).map(tuple),
        names=st.just(()) | st.just((OutcomeName(outcome="open", ru="Потом", en="Later"),)),
        refusal_resets_clock=st.booleans(),
    ),
)


@given(policy=POLICIES)
def test_any_policy_is_read_back_as_it_was_stored(policy: Policy):
    check(policy)

    stored = to_settings(policy)

    assert from_settings(stored) == policy
    assert not any(isinstance(value, tuple) for value in stored.values())
