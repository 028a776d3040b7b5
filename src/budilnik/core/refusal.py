"""A refusal: something expected went wrong, and a person is told what and what to do."""

from datetime import date, datetime
from typing import ClassVar


class Refusal(Exception):
    """An expected no, with one sentence for people in each language.

    A subclass stands beside the action that refuses and gives `ru` and `en`: format strings
    filled with the facts passed by keyword. A caller's bug is a ValueError, never a Refusal.
    """

    ru: ClassVar[str]
    en: ClassVar[str]

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.text("en"))

    def text(self, language: str) -> str:
        """Return the sentence in `language` ("ru" or "en"); days are written as that language writes them."""
        english = language == "en"
        return (self.en if english else self.ru).format(
            **{name: _said(fact, english=english) for name, fact in self.facts.items()}
        )


def _said(fact: object, *, english: bool) -> object:
    if isinstance(fact, date) and not isinstance(fact, datetime):
        return fact.isoformat() if english else f"{fact:%d.%m.%Y}"
    return fact
