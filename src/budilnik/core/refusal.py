"""A refusal: something expected went wrong, and a person is told what and what to do."""

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
        """Return the sentence in `language` ("ru" or "en")."""
        return (self.en if language == "en" else self.ru).format(**self.facts)
