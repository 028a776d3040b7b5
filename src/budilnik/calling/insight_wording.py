"""What insight says of a client, in words: why a good is named, how he buys, what his class means."""

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from budilnik.calling.queries.offers import InsightSeen, OfferSeen
from budilnik.calling.wording import money
from budilnik.core.terms import OfferKind


def days(count: int) -> str:
    """Return a number of days with its word."""
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def offer_groups(insight: InsightSeen | None) -> list[tuple[str, tuple[OfferSeen, ...]]]:
    """Return the goods to offer under what they are, groups without goods left out."""
    if insight is None:
        return []
    titles = {
        OfferKind.DUE: _("Due again"),
        OfferKind.NEW: _("New to them"),
        OfferKind.STOPPED: _("Left off: ask why"),
    }
    return [(title, insight.of(kind)) for kind, title in titles.items() if insight.of(kind)]


def offer_reason(offer: OfferSeen) -> str:
    """Return why a good is named, with the numbers it rests on."""
    if offer.kind is OfferKind.NEW:
        return _("of %(clients)d clients who take “%(good)s”, %(share)d%% take this too") % {
            "clients": offer.clients_with or 0,
            "good": offer.because,
            "share": round((offer.share_also or 0) * 100),
        }
    since = days(offer.days_since or 0)
    if offer.interval_days is None:
        return _("taken once, %(since)s ago") % {"since": since}
    told = {"interval": days(offer.interval_days), "since": since, "times": offer.times or 0}
    if offer.kind is OfferKind.STOPPED:
        sentence = _("taken %(times)d times, every %(interval)s; not for %(since)s, %(money)s a year")
        return sentence % (told | {"money": money(offer.amount or 0)})
    return _("taken every %(interval)s, %(since)s have passed") % told


def rhythm_words(insight: InsightSeen) -> str:
    """Return how a client buys: his usual interval as a range, and the day by which such clients are back."""
    if not insight.purchases:
        return _("Has not bought yet: not enough history.")
    if not insight.has_rhythm or insight.rhythm_days is None:
        return _("Has bought once: not enough history for a rhythm.")
    told = [_("Buys about every %(days)s") % {"days": days(insight.rhythm_days)}]
    if insight.rhythm_low is not None and insight.rhythm_high is not None:
        told[0] += _(", mostly every %(low)d–%(high)d") % {"low": insight.rhythm_low, "high": insight.rhythm_high}
    if insight.back_by_days is not None:
        told.append(_("9 of 10 with this rhythm are back by day %(day)d") % {"day": insight.back_by_days})
    return "; ".join(told) + "."


def class_meaning(insight: InsightSeen) -> str:
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
