"""Reasons in words: why this client, why today, why you. Codes are stored, sentences are made when shown."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

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
    "leaving": lambda f: (
        _("may be leaving: orders every %(rhythm)s as a rule, none for %(days)s")
        % {"rhythm": _days({"days": f["rhythm"]}), "days": _days(f)}
    ),
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


_STATUSES: Mapping[str, object] = {
    ClientStatus.PROSPECT.value: gettext_lazy("prospect"),
    ClientStatus.REGULAR.value: gettext_lazy("regular client"),
    ClientStatus.FORGOTTEN.value: gettext_lazy("forgotten client"),
    ClientStatus.LOST.value: gettext_lazy("lost client"),
}


def status_of_one(code: str) -> str:
    """Return what one client is by silence."""
    return str(_STATUSES.get(code, code))


_QUEUES: Mapping[str, object] = {
    Queue.CALLBACK.value: gettext_lazy("promise"),
    Queue.RETRY.value: gettext_lazy("retry"),
    Queue.OWN.value: gettext_lazy("own forgotten"),
    Queue.AT_RISK.value: gettext_lazy("own at risk"),
    Queue.POOL.value: gettext_lazy("pool"),
}


def queue_name(code: str) -> str:
    """Return a queue as people say it."""
    return str(_QUEUES.get(code, code))


_ROLES: Mapping[str, object] = {
    Role.TELEMARKETER.value: gettext_lazy("telemarketer"),
    Role.DEVELOPER.value: gettext_lazy("development specialist"),
    Role.MANAGER.value: gettext_lazy("client manager"),
    Role.PROJECT_MANAGER.value: gettext_lazy("project manager"),
    Role.SPECIALIST.value: gettext_lazy("narrow specialist"),
    Role.ORDER_DESK.value: gettext_lazy("order desk"),
    Role.HEAD.value: gettext_lazy("head of sales"),
    Role.DIRECTOR.value: gettext_lazy("director"),
    Role.ADMINISTRATOR.value: gettext_lazy("administrator"),
}


def role_name(code: str) -> str:
    """Return a role of ours as people say it."""
    return str(_ROLES.get(code, code))


_OUTCOMES: Mapping[str, object] = {
    Outcome.ORDER.value: gettext_lazy("order"),
    Outcome.INTERESTED.value: gettext_lazy("interested"),
    Outcome.OPEN.value: gettext_lazy("open to dialogue, no need now"),
    Outcome.CALLBACK.value: gettext_lazy("asked to call back"),
    Outcome.WRONG_PERSON.value: gettext_lazy("not the right person"),
    Outcome.REFUSED.value: gettext_lazy("refused"),
    Outcome.STOP.value: gettext_lazy("do not call"),
    Outcome.WRONG_NUMBER.value: gettext_lazy("wrong number"),
    Outcome.CLOSED.value: gettext_lazy("firm closed"),
    Outcome.NO_ANSWER.value: gettext_lazy("no answer"),
    Outcome.BUSY.value: gettext_lazy("busy"),
    Outcome.UNAVAILABLE.value: gettext_lazy("unavailable"),
}


def outcome_name(code: str) -> str:
    """Return an outcome as people say it."""
    return str(_OUTCOMES.get(code, code))


_KEYS: Mapping[str, object] = {
    Outcome.ORDER.value: gettext_lazy("Order"),
    Outcome.INTERESTED.value: gettext_lazy("Interested"),
    Outcome.OPEN.value: gettext_lazy("No need now"),
    Outcome.CALLBACK.value: gettext_lazy("Call back"),
    Outcome.WRONG_PERSON.value: gettext_lazy("Not him"),
    Outcome.REFUSED.value: gettext_lazy("Refused"),
    Outcome.STOP.value: gettext_lazy("Do not call"),
    Outcome.WRONG_NUMBER.value: gettext_lazy("Wrong number"),
    Outcome.CLOSED.value: gettext_lazy("Closed down"),
    Outcome.NO_ANSWER.value: gettext_lazy("No answer"),
    Outcome.BUSY.value: gettext_lazy("Busy"),
    Outcome.UNAVAILABLE.value: gettext_lazy("Unavailable"),
}


def outcome_on_key(code: str) -> str:
    """Return an outcome in the one or two words that a key has room for."""
    return str(_KEYS.get(code, code))


_LOSS_REASONS: Mapping[str, object] = {
    LossReason.FORGOT_US.value: gettext_lazy("forgot us"),
    LossReason.OUR_MANAGER_CHANGED.value: gettext_lazy("our manager changed"),
    LossReason.THEIR_STAFF_CHANGED.value: gettext_lazy("their staff changed"),
    LossReason.PRICE.value: gettext_lazy("price"),
    LossReason.PAYMENT_TERMS.value: gettext_lazy("payment terms"),
    LossReason.DELIVERY.value: gettext_lazy("delivery"),
    LossReason.ASSORTMENT.value: gettext_lazy("stock or assortment"),
    LossReason.QUALITY.value: gettext_lazy("quality or claim"),
    LossReason.SERVICE.value: gettext_lazy("service or conflict"),
    LossReason.DOCUMENTS.value: gettext_lazy("errors in documents"),
    LossReason.COMPETITOR.value: gettext_lazy("moved to a competitor"),
    LossReason.IMPOSTOR.value: gettext_lazy("someone posed as us"),
    LossReason.OWN_PRODUCTION.value: gettext_lazy("own production"),
    LossReason.NO_NEED.value: gettext_lazy("no need or season"),
    LossReason.PROJECT_FINISHED.value: gettext_lazy("project finished"),
    LossReason.TENDER_LOST.value: gettext_lazy("tender lost"),
    LossReason.CLOSED.value: gettext_lazy("closed"),
    LossReason.DUPLICATE.value: gettext_lazy("duplicate"),
    LossReason.UNREACHABLE.value: gettext_lazy("unreachable"),
    LossReason.UNKNOWN.value: gettext_lazy("unknown"),
}


def loss_reason_name(code: str) -> str:
    """Return a reason of a refusal as people say it."""
    return str(_LOSS_REASONS.get(code, code))


def short_name(name: str) -> str:
    """Return a full name as surname and initials: «Горелов И. П.»."""
    first, *rest = name.split() or [""]
    return " ".join([first, *(f"{part[0]}." for part in rest)])


_SKIP_REASONS: Mapping[str, object] = {
    SkipReason.TALKED.value: gettext_lazy("talked to lately"),
    SkipReason.WRONG_HOUR.value: gettext_lazy("a bad hour there"),
    SkipReason.CARD_WRONG.value: gettext_lazy("the card is wrong"),
    SkipReason.CONFLICT.value: gettext_lazy("a conflict, the head is needed"),
    SkipReason.DUPLICATE.value: gettext_lazy("the same firm twice"),
}


def skip_reason_name(code: str) -> str:
    """Return why a task was skipped."""
    return str(_SKIP_REASONS.get(code, code))


_CLOSES: Mapping[str, object] = {
    "not_reached": gettext_lazy("not reached by the day's end"),
    "client_order": gettext_lazy("the client ordered by himself"),
    "client_called": gettext_lazy("the client called himself"),
    "client_call": gettext_lazy("the client called himself"),
    "client_contact": gettext_lazy("was contacted otherwise"),
    "stopped": gettext_lazy("calls are stopped"),
    "merged": gettext_lazy("merged with another card"),
    "absence": gettext_lazy("passed on: absence"),
    "leaver": gettext_lazy("passed on: left the firm"),
    "owner_changed": gettext_lazy("passed to another manager"),
    "passed": gettext_lazy("passed to a substitute"),
    "moved": gettext_lazy("moved to another day"),
    "amended": gettext_lazy("taken back by a correction"),
}


def close_name(code: str) -> str:
    """Return how a task ended without an outcome of its own."""
    if code.startswith("skip_"):
        return _("skipped: %(why)s") % {"why": skip_reason_name(code.removeprefix("skip_"))}
    return str(_CLOSES.get(code, _("closed")))
