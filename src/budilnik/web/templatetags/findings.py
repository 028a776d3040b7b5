"""How the pages over the whole base word classes, fifths, months, reasons, choices."""

from collections.abc import Sequence

from django import template
from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from budilnik.calling.queries.clients import UNKNOWN
from budilnik.calling.wording import THOUSANDS, decimal_mark
from budilnik.core.segments import Segment

register = template.Library()

HEATS = 4
# From which index of a month on it is low, usual, high and highest.
INDEX_STEPS = (0.6, 0.85, 1.2, 1.6)


@register.filter
def grouped(count: int | None) -> str:
    """Write a whole number with its thousands parted."""
    return "—" if count is None else f"{count:,}".replace(",", THOUSANDS)


@register.filter
def percent(value: float | None) -> str:
    """Write a share of one in percent with a tenth, by the custom of the language."""
    # A whole of less than nothing would be written as less than nought.
    return "—" if value is None else f"{round(value * 100, 1) or 0.0:.1f}%".replace(".", decimal_mark())


@register.filter
def decimals(value: float | None, places: int = 2) -> str:
    """Write a number with some decimals, by the custom of the language."""
    return "—" if value is None else f"{value:.{places}f}".replace(".", decimal_mark())


@register.filter
def heat(value: int, most: int) -> int:
    """Return how strongly a cell is tinted: 0 for nothing, up to 4 for the dearest."""
    return 0 if value <= 0 or most <= 0 else -(-HEATS * value // most)


@register.filter
def width(value: float, most: float) -> str:
    """Write how long a bar is beside the longest, of a hundred."""
    return f"{100 * value / most:.1f}" if most > 0 else "0"


@register.filter
def index_step(index: float | None) -> str:
    """Return the tint of a month by its index: from 0, lowest, to 4, highest; nothing where there is none."""
    return "" if index is None else str(sum(index >= step for step in INDEX_STEPS))


@register.filter
def month_mark(number: int) -> str:
    """Name a month as shortly as a column wants it."""
    return str(MONTHS_3[number])


@register.filter
def abc_words(letter: str) -> str:
    """Say what a class by revenue holds."""
    return {
        "A": _("80 percent of the revenue"),
        "B": _("the next 15 percent"),
        "C": _("the last 5 percent"),
        "D": _("no orders in 12 months"),
    }.get(letter, "")


@register.filter
def abcd_words(letter: str) -> str:
    """Say what a class by potential and share of wallet holds."""
    return {
        "A": _("high potential, at least half of it ours"),
        "B": _("high potential, less than half of it ours"),
        "C": _("low potential, at least half of it ours"),
        "D": _("low potential, less than half of it ours"),
    }.get(letter, "")


@register.filter
def regularity_words(letter: str) -> str:
    """Say how evenly clients of a class of regularity buy."""
    return {
        "X": _("evenly"),
        "Y": _("less evenly"),
        "Z": _("by chance"),
        "?": _("under three gaps"),
    }.get(letter, "")


@register.filter
def interval_words(number: int) -> str:
    """Name the clients of a class of rhythm."""
    return {
        1: _("with a rhythm of up to 21 days"),
        2: _("with a rhythm of 21 to 60 days"),
        3: _("with a rhythm of over 60 days"),
    }.get(number, "")


@register.filter
def segment_name(code: str) -> str:
    """Name a segment."""
    return {
        Segment.BEST: _("The best: often and recently"),
        Segment.STEADY: _("Steady"),
        Segment.RECENT: _("Recently, seldom so far"),
        Segment.SLIPPING: _("Bought often, now silent"),
        Segment.FADING: _("Fading: seldom and not recently"),
        Segment.ASLEEP: _("Asleep"),
    }[Segment(code)]


@register.filter
def segment_rule(code: str) -> str:
    """Say which fifths make a segment: recency, then frequency."""
    return {
        Segment.BEST: _("recency 4–5, frequency 4–5"),
        Segment.STEADY: _("both at least 3, one of them 3"),
        Segment.RECENT: _("recency 4–5, frequency 1–2"),
        Segment.SLIPPING: _("recency 1–2, frequency 4–5"),
        Segment.FADING: _("recency 3 and frequency 1–2, or recency 2 and frequency 1–3"),
        Segment.ASLEEP: _("recency 1, frequency 1–3"),
    }[Segment(code)]


@register.filter
def no_season(reason: str) -> str:
    """Say why a group of goods has no season."""
    return {
        "few_years": _("not enough history: under two whole years"),
        "few_orders": _("not enough history: under 120 orders in two years"),
        "unlike_years": _("the two years are unlike each other"),
    }.get(reason, "")


@register.filter
def score_name(code: str) -> str:
    """Name what a score foretells."""
    return {
        "p30": _("an order within 30 days"),
        "p60": _("an order within 60 days"),
        "p90": _("an order within 90 days"),
        "silent90": _("no order for 90 days"),
        "losing": _("the client is leaving"),
    }.get(code, code)


@register.filter
def decision_words(code: str) -> str:
    """Say what a month has decided for a score."""
    return {
        "kept": pgettext("score", "stays as it was"),
        "levelled": pgettext("score", "level set by the firm's own last months"),
        "refitted": pgettext("score", "learnt anew from the firm's own months"),
    }.get(code, code)


@register.filter
def narrowed(classes: Sequence[tuple[str, str]]) -> str:
    """Say what a list of clients is narrowed to."""
    names = {
        "abcd": _("class by potential"),
        "regularity": _("regularity"),
        "recency": _("recency"),
        "frequency": _("frequency"),
        "monetary": _("money"),
    }
    return ", ".join(f"{names[name]} {class_letter(value)}" for name, value in classes)


@register.filter
def class_letter(value: str) -> str:
    """Write the letter of a class, or that it is not known."""
    return _("unknown") if value == UNKNOWN else value


@register.filter
def tab_name(code: str) -> str:
    """Name a page."""
    return {
        "classes": _("Classes"),
        "fifths": _("Recency and frequency"),
        "seasons": _("Seasons"),
        "stopped": _("Goods left off"),
        "threat": _("Under threat"),
        "wallet": _("Potential"),
    }[code]
