"""How cards word what insight says of a client."""

from django import template

from budilnik.calling import wording as words
from budilnik.calling.queries.offers import InsightSeen, OfferSeen

register = template.Library()


@register.filter
def offer_groups(insight: InsightSeen | None) -> list[tuple[str, tuple[OfferSeen, ...]]]:
    """Return the goods to offer under what they are."""
    return words.offer_groups(insight)


@register.filter
def offer_reason(offer: OfferSeen) -> str:
    """Say why a good is named."""
    return words.offer_reason(offer)


@register.filter
def rhythm_words(insight: InsightSeen) -> str:
    """Say how a client buys."""
    return words.rhythm_words(insight)


@register.filter
def season_words(insight: InsightSeen) -> str:
    """Say whose season comes up."""
    return words.season_words(insight)


@register.filter
def class_meaning(insight: InsightSeen) -> str:
    """Say what the class of a client stands for."""
    return words.class_meaning(insight)


@register.filter
def breadth(items: float | None) -> str:
    """Write a mean number of goods with one digit, by the custom of the language."""
    return "—" if items is None else f"{items:.1f}".replace(".", words.decimal_mark())
