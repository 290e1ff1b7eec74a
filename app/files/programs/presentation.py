"""Stands alone: what a presentation looks like, as JSON. Run by `looking` in a confined process."""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from confinement import confine  # type: ignore[import-not-found]  # beside `confined`, which runs this file
from lxml import etree
from pptx import Presentation
from pptx.exc import PackageNotFoundError

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
NEUTRAL = {"000000", "FFFFFF", "bg1", "tx1", "lt1", "dk1"}
LONG_TEXT = 15
"""Characters from which a box of text is more than a label of the picture."""


def theme_fonts(slide: Any) -> dict[str, str]:
    """+mj-lt and +mn-lt, as the theme of the slide's master names them."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    found: dict[str, str] = {}
    for relation in slide.slide_layout.slide_master.part.rels.values():
        if relation.reltype.endswith("/theme"):
            root = etree.fromstring(relation.target_part.blob, parser)
            for short, long in (("+mj-lt", "majorFont"), ("+mn-lt", "minorFont")):
                for latin in root.iterfind(f".//{A}{long}/{A}latin"):
                    found[short] = latin.get("typeface", "")
    return found


def runs(slide: Any) -> Iterator[tuple[Any, bool]]:
    """Every piece of text with letters in it, and whether it stands in a title."""
    for shape in slide.element.iter(f"{P}sp", f"{P}graphicFrame"):
        place = shape.find(f".//{P}nvPr/{P}ph")
        is_title = place is not None and place.get("type") in ("title", "ctrTitle")
        for run in shape.iter(f"{A}r", f"{A}fld"):
            if "".join(run.itertext()).strip():
                yield run, is_title


def fonts(slide: Any) -> set[str]:
    theme, found = theme_fonts(slide), set()
    for run, is_title in runs(slide):
        latin = run.find(f"{A}rPr/{A}latin")
        name = latin.get("typeface") if latin is not None else "+mj-lt" if is_title else "+mn-lt"
        found.add(theme.get(name, name))
    return {name for name in found if name and not name.startswith("+")}


def colours(slide: Any) -> set[str]:
    """Set on the slide itself; black and white are not counted, nor what pictures show."""
    found = set()
    for fill in slide.element.iter(f"{A}solidFill"):
        for one in fill:
            value = str(one.get("val", ""))
            if value and value not in NEUTRAL and value.upper() not in NEUTRAL:
                found.add(value.upper() if one.tag == f"{A}srgbClr" else value)
    return found


def underlines(slide: Any) -> bool:
    for run, _ in runs(slide):
        style = run.find(f"{A}rPr")
        if style is not None and style.get("u", "none") != "none" and style.find(f"{A}hlinkClick") is None:
            return True
    return False


def picture_right_of_text(slide: Any) -> bool:
    pictures = [one for one in slide.shapes if one.shape_type is not None and one.element.tag == f"{P}pic"]
    texts = [one for one in slide.shapes if one.has_text_frame and len(one.text_frame.text.strip()) >= LONG_TEXT]
    return any(_is_right(picture, text) for picture in pictures for text in texts)


def _is_right(picture: Any, text: Any) -> bool:
    sides = (picture.left, picture.top, picture.height, text.left, text.top, text.width, text.height)
    if None in sides:
        return False
    beside = picture.top < text.top + text.height and text.top < picture.top + picture.height
    return bool(beside and picture.left >= text.left + text.width // 2)


def links(slide: Any) -> bool:
    """Whether it leads to an address outside of the presentation."""
    used = {one.get(RELATION) for one in slide.element.iter(f"{A}hlinkClick")}
    rels = slide.part.rels
    outside = any(name in rels and rels[name].is_external for name in used if name)
    return outside or any("http" in "".join(run.itertext()) for run, _ in runs(slide))


def look(path: str) -> dict[str, Any]:
    try:
        opened = Presentation(path)
        slides = list(opened.slides)
    except (PackageNotFoundError, KeyError, ValueError):
        return {"unread": "damaged"}
    used: dict[str, list[int]] = defaultdict(list)
    found: dict[str, Any] = {"pages": len(slides), "colours": {}, "underlined": [], "right": [], "text": False}
    for number, slide in enumerate(slides, 1):
        for name in sorted(fonts(slide)):
            used[name].append(number)
            found["text"] = True
        found["colours"][number] = len(colours(slide))
        if underlines(slide):
            found["underlined"].append(number)
        if picture_right_of_text(slide):
            found["right"].append(number)
    return {**found, "fonts": used, "serif": [], "link": bool(slides) and links(slides[-1])}


if __name__ == "__main__":
    confine()
    json.dump(look(json.load(sys.stdin)["path"]), sys.stdout)
