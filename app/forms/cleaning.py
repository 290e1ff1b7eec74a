"""Texts as people type them, freed of what nobody can see.

Form C, not KC: ² and µ are meant. Kept of the invisible ones: the joiners that scripts need, and line breaks.
"""

import unicodedata

_JOINERS = "\u200c\u200d"
_NEVER = {"Cc", "Cf", "Cs", "Cn"}


def clean_line(text: str) -> str:
    """One line, trimmed; every run of white space is one space."""
    return " ".join(_visible(text, " ").split()).strip(_JOINERS + " ")


def clean_text(text: str) -> str:
    """Several lines: breaks are \\n, tabs stay, blank ends go."""
    text = _visible(text.replace("\r\n", "\n").replace("\r", "\n"), "\n\t")
    return text.strip() if text.strip().strip(_JOINERS) else ""


def _visible(text: str, kept: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    odd = {ord(c): _instead(c, kept) for c in set(text) if not c.isprintable()}
    return unicodedata.normalize("NFC", text.translate(odd) if odd else text)


def _instead(letter: str, kept: str) -> str:
    if letter in kept or letter in _JOINERS:
        return letter
    if letter in "\n\t\r\v\f\x85\u2028\u2029":
        return "\n" if "\n" in kept and letter not in "\t\v" else " "
    return "" if unicodedata.category(letter) in _NEVER else letter
