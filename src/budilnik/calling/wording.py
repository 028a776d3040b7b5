"""Reasons in words: why this client, why today, why you. Codes are stored, sentences are made when shown."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from budilnik.core.outcome_table import OutcomeTable
from budilnik.core.outcomes import SkipReason
from budilnik.core.reasons import Reason, Reasons
from budilnik.core.terms import ClientStatus, LossReason, OfferKind, Outcome, Queue, Role

if TYPE_CHECKING:
    from budilnik.calling.queries.offers import InsightSeen, OfferSeen

# A narrow no-break space parts thousands, as Russian typography has it.
THOUSANDS = "\u202f"


def money(kopecks: int) -> str:
    """Return a sum in roubles for reading: whole, thousands parted."""
    return f"{round(Decimal(kopecks) / 100):,}".replace(",", THOUSANDS) + " ₽"


def day(iso: str) -> str:
    """Return a stored date as people write it."""
    return date.fromisoformat(iso).strftime("%d.%m.%Y")


def _days(facts: Reason) -> str:
    return days_of(int(facts["days"] or 0))


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
    "narrowed": lambda f: _("the basket narrows: the last purchases hold fewer goods than before"),
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


_WAYS: Mapping[str, object] = {
    "of_the_product": gettext_lazy("Budilnik"),
    "two_queues": gettext_lazy("two queues in turn"),
    "managers_choice": gettext_lazy("managers choose"),
    "no_calls": gettext_lazy("no calls"),
}


def way_of_working(code: str) -> str:
    """Return a way of working that is simulated, as people say it."""
    return str(_WAYS.get(code, code))


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


_OWN_WORDS: ContextVar[OutcomeTable | None] = ContextVar("own_words", default=None)


@contextmanager
def in_words_of(table: OutcomeTable) -> Iterator[None]:
    """Within it outcomes are called as the firm calls them."""
    token = _OWN_WORDS.set(table)
    try:
        yield
    finally:
        _OWN_WORDS.reset(token)


def _own_word(code: str) -> str:
    table = _OWN_WORDS.get()
    return table.name_of(code, language=get_language() or "ru") if table else ""


def outcome_name(code: str) -> str:
    """Return an outcome as people say it, in the firm's own words if it has them."""
    return _own_word(code) or str(_OUTCOMES.get(code, code))


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
    """Return an outcome in the one or two words that a key has room for, in the firm's own if it has them."""
    return _own_word(code) or outcome_by_default(code)


def outcome_by_default(code: str) -> str:
    """Return an outcome in the one or two words that came with the program."""
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


def days_of(count: int) -> str:
    """Return a number of days with its word."""
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def offer_groups(insight: "InsightSeen | None") -> list[tuple[str, "tuple[OfferSeen, ...]"]]:
    """Return the goods to offer under what they are, groups without goods left out."""
    if insight is None:
        return []
    titles = {
        OfferKind.DUE: _("Due again"),
        OfferKind.NEW: _("New to them"),
        OfferKind.STOPPED: _("Left off: ask why"),
    }
    return [(title, insight.of(kind)) for kind, title in titles.items() if insight.of(kind)]


def offer_reason(offer: "OfferSeen") -> str:
    """Return why a good is named, with the numbers it rests on."""
    if offer.kind is OfferKind.NEW:
        return _("of %(clients)d clients who take “%(good)s”, %(share)d%% take this too") % {
            "clients": offer.clients_with or 0,
            "good": offer.because,
            "share": round((offer.share_also or 0) * 100),
        }
    since = days_of(offer.days_since or 0)
    if offer.interval_days is None:
        return _("taken once, %(since)s ago") % {"since": since}
    told = {"interval": days_of(offer.interval_days), "since": since, "times": offer.times or 0}
    if offer.kind is OfferKind.STOPPED:
        sentence = _("taken %(times)d times, every %(interval)s; not for %(since)s, %(money)s a year")
        return sentence % (told | {"money": money(offer.amount or 0)})
    return _("taken every %(interval)s, %(since)s have passed") % told


def rhythm_words(insight: "InsightSeen") -> str:
    """Return how a client buys: his usual interval as a range, and the day by which such clients are back."""
    if not insight.purchases:
        return _("Has not bought yet: not enough history.")
    if not insight.has_rhythm or insight.rhythm_days is None:
        return _("Has bought once: not enough history for a rhythm.")
    told = [_("Buys about every %(days)s") % {"days": days_of(insight.rhythm_days)}]
    if insight.rhythm_low is not None and insight.rhythm_high is not None:
        told[0] += _(", mostly every %(low)d–%(high)d") % {"low": insight.rhythm_low, "high": insight.rhythm_high}
    if insight.back_by_days is not None:
        told.append(_("9 of 10 with this rhythm are back by day %(day)d") % {"day": insight.back_by_days})
    return "; ".join(told) + "."


def season_words(insight: "InsightSeen") -> str:
    """Return which goods that a client buys are asked for most this month or the next, or nothing."""
    if not insight.season_group or insight.season_month is None:
        return ""
    month = date_format(date(2000, insight.season_month, 1), "F").lower()
    return _("Season: in %(month)s “%(group)s” sells best, and they buy it.") % {
        "month": month,
        "group": insight.season_group,
    }


def class_meaning(insight: "InsightSeen") -> str:
    """Return what the class of a client stands for."""
    if insight.abcd:
        return {
            "A": _("great potential, and much of it is ours"),
            "B": _("great potential, little of it ours: room to grow"),
            "C": _("small potential, most of it ours"),
            "D": _("small potential, little of it ours"),
        }.get(insight.abcd, "")
    return {
        "A": _("by revenue of 12 months: those who bring 80 percent"),
        "B": _("by revenue of 12 months: those who bring the next 15 percent"),
        "C": _("by revenue of 12 months: those who bring the last 5 percent"),
        "D": _("no orders in 12 months"),
    }.get(insight.abc, "")


def decimal_mark() -> str:
    """Return what stands between whole and tenth in the language in force."""
    return "," if get_language() == "ru" else "."
