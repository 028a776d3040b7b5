"""A keyboard with the Russian layout: what arrives is the code of the key and a Cyrillic letter."""

from playwright.sync_api import Page

ROWS = {
    "qwertyuiop[]": "йцукенгшщзхъ",
    "asdfghjkl;'": "фывапролджэ",
    "zxcvbnm,.": "ячсмитьбю",
    "`": "ё",
    "1234567890": "1234567890",
    " ": " ",
}
NAMES = {
    "[": "BracketLeft",
    "]": "BracketRight",
    ";": "Semicolon",
    "'": "Quote",
    ",": "Comma",
    ".": "Period",
    "`": "Backquote",
    " ": "Space",
}


def _code(sign: str) -> str:
    if sign.isdecimal():
        return f"Digit{sign}"
    return NAMES.get(sign) or f"Key{sign.upper()}"


CODES = {russian: _code(latin) for row, letters in ROWS.items() for latin, russian in zip(row, letters, strict=True)}
LETTERS = {code: letter for letter, code in CODES.items()}


class RussianKeyboard:
    """Presses keys as a browser gets them while the layout is Russian."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._wire = page.context.new_cdp_session(page)

    def play(self, *strokes: str) -> None:
        """Press keys by their codes, and type what is written in Cyrillic letter by letter."""
        for stroke in strokes:
            if stroke in LETTERS:
                self._strike(stroke, LETTERS[stroke])
            elif stroke.isascii():
                self._page.keyboard.press(stroke)
            else:
                for letter in stroke:
                    self._strike(CODES[letter], letter)

    def _strike(self, code: str, letter: str) -> None:
        key = {"code": code, "key": letter}
        self._wire.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": letter, **key})
        self._wire.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
