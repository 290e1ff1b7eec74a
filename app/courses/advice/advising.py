"""From what was seen in a file to sentences for its author: each rule of 6.7 that a program can judge, good or not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy.orm import Session

from app.courses import materials
from app.courses.advice import families, looks
from app.courses.models import Course, MaterialFile
from app.errors import N_
from app.files import looking
from app.files.models import File

MOST_FONTS = 3
MOST_COLOURS = 3
Rule = Literal["fonts", "serif", "colours", "underline", "pictures", "link", "unread", "pending", "size"]

_UNREAD = {
    "password": N_(
        "The file is protected by a password, so nothing can be said about it. Send it without the password."
    ),
    "damaged": N_("The file could not be read, so nothing can be said about it. Open it, save it anew and send that."),
    "long": N_("The file is too complicated to be looked into. Check its style yourself."),
    "ppt": N_("The old format .ppt cannot be looked into. Save the file as .pptx, or check its style yourself."),
    "h5p": N_("H5P packages are not looked into. Check the style yourself."),
    "pixels": N_("The picture has more than 40 million pixels. Make it smaller and send it again."),
}
_IMAGES = N_("The pages hold pictures without text: learners cannot search or copy it, nor can it be read aloud.")


@dataclass(frozen=True, slots=True)
class Advice:
    """One sentence about one file; `message` is a message id with its parameters."""

    file: str
    rule: Rule
    clause: str
    good: bool
    message: str
    params: Mapping[str, object] = field(default_factory=dict)


def advise(session: Session, course: Course) -> list[Advice]:
    """On the newest version of the materials: file by file, and on the fonts of all together."""
    version = materials.current(session, course.id)
    if version is None:
        return []
    files = materials.files_of(session, version.id)
    found = [one for file in files for one in of_file(session, file)]
    return [*found, *_together(session, files)]


def of_file(session: Session, file: MaterialFile | File) -> list[Advice]:
    """On one uploaded file; a single sentence while it is being looked into, and where nothing can be said."""
    kind = file.kind if isinstance(file, File) else session.get_one(File, file.file_id).kind
    if not looking.can_look(kind):
        return [_unread(file.name, kind)]
    look = looks.found(session, file.sha256)
    if look is None:
        return [Advice(file.name, "pending", "6.7", True, N_("The file is being looked into."))]
    if "unread" in look.found:
        return [_unread(file.name, look.found["unread"])]
    if "width" in look.found:
        return [_size(file.name, look.found)]
    return list(_style(file.name, look.found, kind))


def _unread(name: str, why: str) -> Advice:
    return Advice(name, "unread", "6.7", False, _UNREAD.get(why, _UNREAD["damaged"]))


def _style(name: str, found: Mapping[str, Any], kind: str) -> list[Advice]:
    if not found["text"] and kind == "pdf":
        return [Advice(name, "unread", "6.7", False, _IMAGES), _link(name, found)]
    advice = [_fonts(name, "fonts", list(families.by_family(found["fonts"]))), _serif(name, found)]
    if kind == "pptx":
        advice += [_colours(name, found), _underlined(name, found), _pictures(name, found)]
    return [*advice, _link(name, found)]


def _fonts(name: str, rule: Rule, used: list[str]) -> Advice:
    params = {"count": len(used), "fonts": ", ".join(used), "most": MOST_FONTS}
    if len(used) > MOST_FONTS:
        return Advice(
            name, rule, "6.7", False, N_("Fonts: %(count)s (%(fonts)s). At most %(most)s are advised."), params
        )
    return Advice(name, rule, "6.7", True, N_("Fonts: %(count)s (%(fonts)s)."), params)


def _serif(name: str, found: Mapping[str, Any]) -> Advice:
    flagged = found.get("serif", ())
    used = [
        family
        for family, fonts in families.by_family(found["fonts"]).items()
        if any(families.has_serifs(font, flagged) for font in fonts)
    ]
    if not used:
        return Advice(name, "serif", "6.7", True, N_("All fonts are without serifs."))
    message = N_("Fonts with serifs: %(fonts)s. Fonts without serifs are advised, such as Arial, Calibri or Verdana.")
    return Advice(name, "serif", "6.7", False, message, {"fonts": ", ".join(used)})


def _colours(name: str, found: Mapping[str, Any]) -> Advice:
    many = [int(slide) for slide, count in found["colours"].items() if count > MOST_COLOURS]
    if not many:
        return Advice(name, "colours", "6.7", True, N_("No slide sets more than three colours of its own."))
    message = N_("More than three colours on slides %(slides)s (black, white and pictures are not counted).")
    return Advice(name, "colours", "6.7", False, message, {"slides": spans(many)})


def _underlined(name: str, found: Mapping[str, Any]) -> Advice:
    if not found["underlined"]:
        return Advice(name, "underline", "6.7", True, N_("Nothing is underlined but links."))
    message = N_("Underlined text, which looks like a link, on slides %(slides)s.")
    return Advice(name, "underline", "6.7", False, message, {"slides": spans(found["underlined"])})


def _pictures(name: str, found: Mapping[str, Any]) -> Advice:
    if not found["right"]:
        return Advice(name, "pictures", "6.7", True, N_("No picture stands to the right of text."))
    message = N_("A picture stands to the right of the text on slides %(slides)s; to the left is advised.")
    return Advice(name, "pictures", "6.7", False, message, {"slides": spans(found["right"])})


def _link(name: str, found: Mapping[str, Any]) -> Advice:
    if found["link"]:
        return Advice(name, "link", "6.9", True, N_("There is a link on the last page."))
    message = N_("There is no link on the last page. The link to the anonymous survey belongs there.")
    return Advice(name, "link", "6.9", False, message)


def _size(name: str, found: Mapping[str, Any]) -> Advice:
    width, height = int(found["width"]), int(found["height"])
    params = {"width": width, "height": height}
    if width < 640 or height < 360:
        message = N_("%(width)s × %(height)s pixels: small for the main page. At least 1280 × 720 is advised.")
        return Advice(name, "size", "6.6", False, message, params)
    if not 1.2 <= width / height <= 2.4:
        message = N_(
            "%(width)s × %(height)s pixels: the main page shows wide pictures (16:9), so this one will be cut."
        )
        return Advice(name, "size", "6.6", False, message, params)
    return Advice(name, "size", "6.6", True, N_("%(width)s × %(height)s pixels."), params)


def _together(session: Session, files: list[MaterialFile]) -> list[Advice]:
    seen = [looks.found(session, file.sha256) for file in files]
    fonts = {name: pages for look in seen if look for name, pages in look.found.get("fonts", {}).items()}
    styled = sum(1 for look in seen if look and look.found.get("fonts"))
    return [_fonts("", "fonts", list(families.by_family(fonts)))] if styled > 1 else []


def spans(numbers: list[int]) -> str:
    """1, 3–5, 9."""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and number == parts[-1][-1] + 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ", ".join(str(part[0]) if len(part) == 1 else f"{part[0]}–{part[-1]}" for part in parts)
