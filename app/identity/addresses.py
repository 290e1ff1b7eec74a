"""What counts as an e-mail address, of a person and of an organisation."""

import re

_EMAIL = re.compile(r"[^\s@<>()\[\]\\,;:\"]+@[^\s@<>()\[\]\\,;:\"]+\.[^\s@<>()\[\]\\,;:\".]+")


def is_address(text: str) -> bool:
    """Exactly one address and nothing around it."""
    return bool(_EMAIL.fullmatch(text)) and len(text) <= 254 and text.isprintable()
