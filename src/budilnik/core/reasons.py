"""Why this client, why today, why you: codes and facts that the card turns into sentences."""

from datetime import date

from budilnik.core.candidates import OwnClient
from budilnik.core.terms import ClientStatus, Queue

type Reason = dict[str, str | int | float | bool | None]
type Reasons = dict[str, Reason]


def _own_subject(client: OwnClient, *, on: date) -> Reason:
    silent = (on - client.silent_since).days
    if client.status is ClientStatus.PROSPECT:
        return {"code": "prospect", "days": silent}
    if client.status is ClientStatus.FORGOTTEN:
        return {"code": "forgotten", "days": silent}
    if client.leaving and client.rhythm_days is not None and client.last_order_on is not None:
        return {"code": "leaving", "rhythm": client.rhythm_days, "days": (on - client.last_order_on).days}
    if client.narrowed:
        return {"code": "narrowed", "days": silent}
    if client.last_talk_on is None:
        return {"code": "never_talked", "days": silent}
    return {"code": "long_no_talk", "days": (on - client.last_talk_on).days}


def _own_moment(client: OwnClient, *, overloaded: bool, near_days: int) -> Reason:
    if client.due_in == 0:
        return {"code": "last_day"}
    if client.queue is Queue.RETRY:
        return {"code": "retry", "attempt": client.missed + 1}
    if overloaded:
        return {"code": "costly_to_wait", "value": client.value, "chance": round(1 - client.chance, 2)}
    if client.due_in is not None and client.due_in < near_days and client.deadline is not None:
        return {"code": "near_deadline", "deadline": client.deadline.isoformat(), "working_days": client.due_in}
    return {"code": "likely_silent", "chance": round(1 - client.chance, 2)}


def own_reasons(client: OwnClient, *, on: date, overloaded: bool, near_days: int, stands_in_for: int | None) -> Reasons:
    """Return why an own client is called today and by whom.

    A substitute is told whose client it is.

    Units: days of silence or without a talk; value in kopecks; chance that he stays silent, in 0..1.
    Raises: nothing.
    Source: SPEC §4, each task says why this client, why today, why you.
    """
    you: Reason = {"code": "owner"} if stands_in_for is None else {"code": "stands_in", "employee": stands_in_for}
    return {
        "client": _own_subject(client, on=on),
        "today": _own_moment(client, overloaded=overloaded, near_days=near_days),
        "you": you,
    }


def pool_reasons(*, silent_since: date, value: int, on: date, losers: int) -> Reasons:
    """Return why a lost client is called today and by whom: by falling value, never by one who lost him.

    Units: days of silence; value in kopecks; how many employees are locked.
    Raises: nothing.
    Source: SPEC §4, sharing the pool.
    """
    return {
        "client": {"code": "lost", "days": (on - silent_since).days},
        "today": {"code": "dearest_free", "value": value},
        "you": {"code": "shared", "losers": losers},
    }


def promise_reasons(*, local_time: str, zone: str, about: str, overdue: bool, stands_in_for: int | None) -> Reasons:
    """Return why a promised call is made: the client named the hour.

    A date without an hour has an empty time; a promise of an earlier day is overdue.

    Units: wall time of the client's zone, HH:MM.
    Raises: nothing.
    Source: SPEC §6.
    """
    you: Reason = {"code": "promised"} if stands_in_for is None else {"code": "stands_in", "employee": stands_in_for}
    return {
        "client": {"code": "asked_to_call", "about": about},
        "today": {"code": "overdue_promise" if overdue else "promised_hour", "time": local_time, "zone": zone},
        "you": you,
    }
