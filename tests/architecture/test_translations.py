"""Both languages are equal: every text of the program has its Russian, placeholders and plurals too."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

ROOT = Path(__file__).parents[2]
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")

Extracted = tuple[str, str | tuple[str, ...]]


def extract_texts() -> Iterator[Extracted]:
    """(place, msgid or (singular, plural)) of every marked text in code and templates."""
    for path in sorted((ROOT / "app").rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            with path.open("rb") as source:
                rows: list[tuple[int, Any]] = [row[:2] for row in extract("python", source, keywords=KEYWORDS)]
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            with path.open("rb") as source:
                options = {"extensions": "jinja2.ext.i18n", "newstyle_gettext": "true", "silent": "false"}
                rows = [(line, message) for line, _, message, _ in babel_extract(source, list(KEYWORDS), [], options)]
        else:
            continue
        for line, message in rows:
            parts = (message,) if isinstance(message, str) else tuple(part for part in message or () if part)[:2]
            if not parts:  # looked up by a variable: marked with N_() where it is written
                continue
            yield f"{path.relative_to(ROOT)}:{line}", parts if len(parts) == 2 else parts[0]


def strings_of(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def catalogue() -> dict[str, Message]:
    messages: dict[str, Message] = {}
    for path in sorted((ROOT / "app/translations/ru").glob("*.po")):
        with path.open("rb") as source:
            read: Catalog = read_po(source, locale="ru")
        for message in read:
            if message.id:
                messages[message.id if isinstance(message.id, str) else message.id[0]] = message
    return messages


def test_every_text_has_its_russian() -> None:
    known = catalogue()
    missing = []
    for place, text in extract_texts():
        found = known.get(text if isinstance(text, str) else text[0])
        strings = () if found is None else strings_of(found)
        wanted = 1 if isinstance(text, str) else 3
        if found is None or found.fuzzy or len(strings) != wanted or not all(strings):
            missing.append(f"{place}: {text!r}")
    assert not missing, "\n".join(missing)


def test_translations_keep_the_placeholders() -> None:
    wrong = []
    for text, message in catalogue().items():
        for string in strings_of(message):
            if set(PLACEHOLDER.findall(string)) - set(PLACEHOLDER.findall(text)) - {"num"}:
                wrong.append(f"{text!r} → {string!r}")
            if isinstance(message.string, str) and set(PLACEHOLDER.findall(string)) != set(PLACEHOLDER.findall(text)):
                wrong.append(f"{text!r} → {string!r}")
    assert not wrong, "\n".join(wrong)


def test_no_translation_is_left_over() -> None:
    used = {text if isinstance(text, str) else text[0] for _, text in extract_texts()}
    left = sorted(set(catalogue()) - used)
    assert not left, f"translated but used nowhere: {left}"


@pytest.mark.parametrize("wrong", ['"', "ё"])
def test_russian_is_set_as_the_house_sets_it(wrong: str) -> None:
    """Quotation marks are «…»; ё is written е, as in the recommendation itself."""
    strings = [(text, str(message.string)) for text, message in catalogue().items()]
    assert not [text for text, string in strings if wrong in string and '="' not in string]
