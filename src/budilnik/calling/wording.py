"""Reasons in words: why this client, why today, why you. Codes are stored, sentences are made when shown."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budilnik.core.outcomes import SkipReason
from budilnik.core.reasons import Reason, Reasons
from budilnik.core.terms import ClientStatus, LossReason, Outcome, Queue, Role

# A narrow no-break space parts thousands, as Russian typography has it.
THOUSANDS = "\u202f"


def money(kopecks: int) -> str:
    """Return a sum in roubles for reading: whole, thousands parted."""
    return f"{round(Decimal(kopecks) / 100):,}".replace(",", THOUSANDS) + " ₽"


def day(iso: str) -> str:
    """Return a stored date as people write it."""
    return date.fromisoformat(iso).strftime("%d.%m.%Y")


def _days(facts: Reason) -> str:
    count = int(facts["days"] or 0)
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def _near(facts: Reason) -> str:
    count = int(facts["working_days"] or 0)
    left = ngettext("%(count)d working day", "%(count)d working days", count) % {"count": count}
    return _("lost after %(day)s: %(left)s left") % {"day": day(str(facts["deadline"])), "left": left}


def _percent(facts: Reason) -> str:
    return f"{round(float(facts['chance'] or 0) * 100)}%"


def _asked(facts: Reason) -> str:
    about = str(facts["about"] or "")
    return _("asked to be called: %(about)s") % {"about": about} if about else _("asked to be called")


def _hour(facts: Reason) -> str:
    if not facts["time"]:
        return _("promised for today")
    return _("promised for %(time)s of the client's time") % {"time": facts["time"]}


_SENTENCES: Mapping[str, Callable[[Reason], str]] = {
    "forgotten": lambda f: _("forgotten: silent for %(days)s") % {"days": _days(f)},
    "prospect": lambda f: _("prospect: known for %(days)s, never talked to") % {"days": _days(f)},
    "never_talked": lambda f: _("orders, but nobody has ever talked to them; silent for %(days)s") % {"days": _days(f)},
    "long_no_talk": lambda f: _("no talk for %(days)s") % {"days": _days(f)},
    "lost": lambda f: _("lost: silent for %(days)s") % {"days": _days(f)},
    "asked_to_call": _asked,
    "last_day": lambda f: _("today is the last working day before they are lost"),
    "retry": lambda f: _("not reached before, attempt %(attempt)s") % {"attempt": f["attempt"]},
    "costly_to_wait": lambda f: (
        _("waiting costs most: %(value)s a year, stays silent with %(chance)s")
        % {"value": money(int(f["value"] or 0)), "chance": _percent(f)}
    ),
    "near_deadline": _near,
    "likely_silent": lambda f: _("will stay silent with %(chance)s") % {"chance": _percent(f)},
    "dearest_free": lambda f: (
        _("among the most valuable of the pool: %(value)s a year") % {"value": money(int(f["value"] or 0))}
    ),
    "promised_hour": _hour,
    "overdue_promise": lambda f: _("the promise is overdue"),
    "owner": lambda f: _("your client"),
    "promised": lambda f: _("you promised"),
    "stands_in": lambda f: _("in place of the owner"),
    "shared": lambda f: _("shared by draw; those who lost them are left out") if f["losers"] else _("shared by draw"),
}


def sentence(reason: Reason) -> str:
    """Return one reason in the language in force."""
    return _SENTENCES[str(reason["code"])](reason)


def why(reasons: Reasons) -> str:
    """Return the three reasons as one line."""
    return "; ".join(sentence(reasons[part]) for part in ("client", "today", "you")) + "."


def status_of_one(code: str) -> str:
    """Return what one client is by silence."""
    return {
        ClientStatus.PROSPECT.value: _("prospect"),
        ClientStatus.REGULAR.value: _("regular client"),
        ClientStatus.FORGOTTEN.value: _("forgotten client"),
        ClientStatus.LOST.value: _("lost client"),
    }.get(code, code)


def queue_name(code: str) -> str:
    """Return a queue as people say it."""
    return {
        Queue.CALLBACK.value: _("promise"),
        Queue.RETRY.value: _("retry"),
        Queue.OWN.value: _("own forgotten"),
        Queue.AT_RISK.value: _("own at risk"),
        Queue.POOL.value: _("pool"),
    }.get(code, code)


def role_name(code: str) -> str:
    """Return a role of ours as people say it."""
    return {
        Role.TELEMARKETER.value: _("telemarketer"),
        Role.DEVELOPER.value: _("development specialist"),
        Role.MANAGER.value: _("client manager"),
        Role.PROJECT_MANAGER.value: _("project manager"),
        Role.SPECIALIST.value: _("narrow specialist"),
        Role.ORDER_DESK.value: _("order desk"),
        Role.HEAD.value: _("head of sales"),
        Role.DIRECTOR.value: _("director"),
        Role.ADMINISTRATOR.value: _("administrator"),
    }.get(code, code)


def outcome_name(code: str) -> str:
    """Return an outcome as people say it."""
    return {
        Outcome.ORDER.value: _("order"),
        Outcome.INTERESTED.value: _("interested"),
        Outcome.OPEN.value: _("open to dialogue, no need now"),
        Outcome.CALLBACK.value: _("asked to call back"),
        Outcome.WRONG_PERSON.value: _("not the right person"),
        Outcome.REFUSED.value: _("refused"),
        Outcome.STOP.value: _("do not call"),
        Outcome.WRONG_NUMBER.value: _("wrong number"),
        Outcome.CLOSED.value: _("firm closed"),
        Outcome.NO_ANSWER.value: _("no answer"),
        Outcome.BUSY.value: _("busy"),
        Outcome.UNAVAILABLE.value: _("unavailable"),
    }.get(code, code)


def outcome_on_key(code: str) -> str:
    """Return an outcome in the one or two words that a key has room for."""
    return {
        Outcome.ORDER.value: _("Order"),
        Outcome.INTERESTED.value: _("Interested"),
        Outcome.OPEN.value: _("No need now"),
        Outcome.CALLBACK.value: _("Call back"),
        Outcome.WRONG_PERSON.value: _("Not him"),
        Outcome.REFUSED.value: _("Refused"),
        Outcome.STOP.value: _("Do not call"),
        Outcome.WRONG_NUMBER.value: _("Wrong number"),
        Outcome.CLOSED.value: _("Closed down"),
        Outcome.NO_ANSWER.value: _("No answer"),
        Outcome.BUSY.value: _("Busy"),
        Outcome.UNAVAILABLE.value: _("Unavailable"),
    }.get(code, code)


def loss_reason_name(code: str) -> str:
    """Return a reason of a refusal as people say it."""
    return {
        LossReason.FORGOT_US.value: _("forgot us"),
        LossReason.OUR_MANAGER_CHANGED.value: _("our manager changed"),
        LossReason.THEIR_STAFF_CHANGED.value: _("their staff changed"),
        LossReason.PRICE.value: _("price"),
        LossReason.PAYMENT_TERMS.value: _("payment terms"),
        LossReason.DELIVERY.value: _("delivery"),
        LossReason.ASSORTMENT.value: _("stock or assortment"),
        LossReason.QUALITY.value: _("quality or claim"),
        LossReason.SERVICE.value: _("service or conflict"),
        LossReason.DOCUMENTS.value: _("errors in documents"),
        LossReason.COMPETITOR.value: _("moved to a competitor"),
        LossReason.IMPOSTOR.value: _("someone posed as us"),
        LossReason.OWN_PRODUCTION.value: _("own production"),
        LossReason.NO_NEED.value: _("no need or season"),
        LossReason.PROJECT_FINISHED.value: _("project finished"),
        LossReason.TENDER_LOST.value: _("tender lost"),
        LossReason.CLOSED.value: _("closed"),
        LossReason.DUPLICATE.value: _("duplicate"),
        LossReason.UNREACHABLE.value: _("unreachable"),
        LossReason.UNKNOWN.value: _("unknown"),
    }.get(code, code)


def short_name(name: str) -> str:
    """Return a full name as surname and initials: «Горелов И. П.»."""
    first, *rest = name.split() or [""]
    return " ".join([first, *(f"{part[0]}." for part in rest)])


def skip_reason_name(code: str) -> str:
    """Return why a task was skipped."""
    return {
        SkipReason.TALKED.value: _("talked to lately"),
        SkipReason.WRONG_HOUR.value: _("a bad hour there"),
        SkipReason.CARD_WRONG.value: _("the card is wrong"),
        SkipReason.CONFLICT.value: _("a conflict, the head is needed"),
        SkipReason.DUPLICATE.value: _("the same firm twice"),
    }.get(code, code)


def close_name(code: str) -> str:
    """Return how a task ended without an outcome of its own."""
    if code.startswith("skip_"):
        return _("skipped: %(why)s") % {"why": skip_reason_name(code.removeprefix("skip_"))}
    return {
        "not_reached": _("not reached by the day's end"),
        "client_order": _("the client ordered by himself"),
        "client_called": _("the client called himself"),
        "client_call": _("the client called himself"),
        "client_contact": _("was contacted otherwise"),
        "stopped": _("calls are stopped"),
        "merged": _("merged with another card"),
        "absence": _("passed on: absence"),
        "leaver": _("passed on: left the firm"),
        "owner_changed": _("passed to another manager"),
        "passed": _("passed to a substitute"),
        "moved": _("moved to another day"),
        "amended": _("taken back by a correction"),
    }.get(code, _("closed"))
