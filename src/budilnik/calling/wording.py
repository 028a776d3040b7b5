"""Reasons in words: why this client, why today, why you. Codes are stored, sentences are made when shown."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budilnik.core.reasons import Reason, Reasons

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
