"""Stands alone: what a PDF looks like, as JSON. Run by `looking` in a confined process."""

import json
import logging
import sys
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from confinement import confine  # type: ignore[import-not-found]  # beside `confined`, which runs this file
from pypdf import PdfReader
from pypdf.errors import PyPdfError

MOST_PAGES = 500
SAMPLE = 10
"""Pages at the beginning in which text is looked for."""
SERIF = 2
"""The flag of a font descriptor (ISO 32000, table 121)."""


def _resolved(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value


def font_objects(resources: Any, depth: int = 0) -> Iterator[Any]:
    """Fonts of a page and of the forms drawn on it."""
    resources = _resolved(resources)
    if not isinstance(resources, dict):
        return
    fonts = _resolved(resources.get("/Font"))
    yield from (_resolved(one) for one in (fonts or {}).values())
    drawn = _resolved(resources.get("/XObject")) or {}
    for one in drawn.values() if depth < 3 else ():
        form = _resolved(one)
        if form.get("/Subtype") == "/Form":
            yield from font_objects(form.get("/Resources"), depth + 1)


def name_of(font: Any) -> str:
    name = str(font.get("/BaseFont", "")).lstrip("/")
    return name.split("+", 1)[1] if "+" in name[:8] else name


def has_serifs(font: Any) -> bool:
    """As the font's own descriptor says; PANOSE where there is one."""
    inner = font
    for one in _resolved(font.get("/DescendantFonts")) or []:
        inner = _resolved(one)
    descriptor = _resolved(inner.get("/FontDescriptor"))
    if not isinstance(descriptor, dict):
        return False
    style = _resolved(descriptor.get("/Style")) or {}
    panose = _resolved(style.get("/Panose")) if isinstance(style, dict) else None
    raw = panose if isinstance(panose, bytes) else b""
    if len(raw) == 12 and raw[2] == 2:  # two bytes of family class, then PANOSE: Latin text
        return 2 <= raw[3] <= 10
    return bool(int(descriptor.get("/Flags", 0)) & SERIF)


def links(page: Any) -> bool:
    for one in _resolved(page.get("/Annots")) or []:
        action = _resolved(_resolved(one).get("/A")) or {}
        if "/URI" in action:
            return True
    return "http" in page.extract_text()


def look(path: str) -> dict[str, Any]:
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            return {"unread": "password"}
        pages = list(reader.pages)[:MOST_PAGES]
        return read(reader, pages) if pages else {"unread": "damaged"}
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {"unread": "damaged"}


def read(reader: PdfReader, pages: list[Any]) -> dict[str, Any]:
    used: dict[str, list[int]] = defaultdict(list)
    serif = set()
    for number, page in enumerate(pages, 1):
        for font in font_objects(page.get("/Resources")):
            name = name_of(font)
            if name and number not in used[name]:
                used[name].append(number)
            if name and has_serifs(font):
                serif.add(name)
    text = any(page.extract_text().strip() for page in pages[:SAMPLE])
    return {
        "pages": len(reader.pages),
        "text": text,
        "fonts": {name: numbers for name, numbers in used.items() if name},
        "serif": sorted(serif),
        "link": links(reader.pages[-1]),
    }


if __name__ == "__main__":
    logging.disable()
    confine()
    json.dump(look(json.load(sys.stdin)["path"]), sys.stdout)
