"""Texts of the program as they would look on a page of the wrong language."""

import re
from functools import cache
from typing import Any

from babel.messages.pofile import read_po

from app.i18n import CATALOGUES, Locale

_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")


@cache
def catalogue() -> dict[str, str]:
    """Every msgid without placeholders that has another Russian text."""
    found: dict[str, str] = {}
    for path in sorted((CATALOGUES / "ru").glob("*.po")):
        with path.open("rb") as source:
            for message in read_po(source, locale="ru"):
                if isinstance(message.id, str) and message.id and not _PLACEHOLDER.search(message.id):
                    found[message.id] = str(message.string)
    return found


@cache
def foreign(locale: Locale) -> frozenset[str]:
    """Texts that may not stand alone on a page in that language."""
    pairs = catalogue().items()
    return frozenset(english if locale == "ru" else russian for english, russian in pairs if english != russian)


def untranslated(tree: Any, locale: Locale) -> list[str]:
    """Whole texts of the page, names for assistive technology among them, that are in the other language."""
    own = "//text()[not(ancestor-or-self::*[@lang!=/html/@lang])]"
    texts = [" ".join(str(text).split()) for text in tree.xpath(own)]
    texts += [str(text) for text in tree.xpath("//@aria-label[not(../@lang)] | //@placeholder | //@title")]
    return sorted(set(texts) & foreign(locale))
