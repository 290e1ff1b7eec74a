"""The description of a course on the platform (6.6, 6.8): sentences, the coordinators' line, the COPYRIGHT line."""

import re
from dataclasses import dataclass
from html import escape, unescape

from sqlalchemy.orm import Session

from app.courses import people
from app.courses.models import Course
from app.i18n import Locale
from app.identity.models import Person

COPYRIGHT = (
    "This course is protected by copyright, namely Creative Commons – Attribution-NonCommercial 4.0 International "
    "(CC BY-NC 4.0) - which allows use and sharing of this material for non-commercial purposes subject to the "
    "conditions defined in the license."
)
"""Exactly as clause 6.8 has it, the en dash and the hyphen included (A21); also in courses in Russian."""
LICENCE = "https://creativecommons.org/licenses/by-nc/4.0/"
LABEL = {"ru": "Координаторы курсов", "en": "Course co-ordinators"}
_PARTS = {
    "both": {
        "ru": "ответственный за содержательную и техническую части курса",
        "en": "responsible for the content and the technical part of the course",
    },
    "content": {
        "ru": "ответственный за содержательную часть курса",
        "en": "responsible for the content of the course",
    },
    "technical": {
        "ru": "ответственный за техническую часть курса",
        "en": "responsible for the technical part of the course",
    },
    "support": {"ru": "координатор курса", "en": "course coordinator"},
}
FEWEST, MOST = 3, 5
"""Sentences of a description (6.6)."""

_END = re.compile(r"[.!?…]+[\"'»”’)\]]*(?=\s|$)")
_INITIAL = re.compile(r"(?:^|[\s(«“\"-])[^\W\d_]$")
_SHORT = re.compile(
    r"(?i)(?:^|[^\w.])(?:им|ул|гл|рис|табл|см|ср|пп|стр|гг|проф|акад|напр|т\.е|т\.к|e\.g|i\.e|fig|no|dr|prof|mrs?|ms|vs|cf)$"
)
"""Common abbreviations after which a sentence goes on."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What the text on the platform holds of that which clauses 6.6 and 6.8 ask for."""

    description: bool
    coordinators: bool
    copyright: bool
    missing: tuple[str, ...] = ()
    """Names that the coordinators' line lacks."""


def languages(course: Course) -> tuple[Locale, ...]:
    """In which the material, the title and the description are (4.5)."""
    return ("ru", "en") if course.language == "ru_en" else ("ru",) if course.language == "ru" else ("en",)


def count_sentences(text: str) -> int:
    """Sentences of a text; initials and common abbreviations end none, a paragraph always ends one."""
    return sum(_in_paragraph(part.strip()) for part in re.split(r"\n\s*\n", text) if part.strip())


def _in_paragraph(text: str) -> int:
    ends = [found for found in _END.finditer(text) if _is_end(text, found)]
    unfinished = not ends or ends[-1].end() < len(text)
    return len(ends) + (1 if unfinished else 0)


def _is_end(text: str, found: re.Match[str]) -> bool:
    following = text[found.end() :].lstrip()
    if not following:
        return True
    if following[0].islower():
        return False
    if found.group()[0] != ".":
        return True
    before = text[: found.start()]
    return not (_INITIAL.search(before) or _SHORT.search(before))


def responsible(session: Session, course: Course) -> list[tuple[Person, str]]:
    """Who stands in the coordinators' line and for what, a key of the parts: each person once (6.6, 6.8)."""
    representative = session.get(Person, course.representative_id) if course.representative_id else None
    creator = session.get(Person, course.creator_id) if course.creator_id else None
    found: dict[str, tuple[Person, str]] = {}
    if representative is not None:
        both = creator is not None and representative.id == creator.id
        found[representative.id] = (representative, "both" if both else "content")
    if creator is not None:
        found.setdefault(creator.id, (creator, "technical"))
    for person in people.coordinators(session, course):
        found.setdefault(person.id, (person, "support"))
    return list(found.values())


def coordinators_line(session: Session, course: Course, language: Locale) -> str:
    """«Координаторы курсов: …» as plain text; only the label where nobody is named yet."""
    known = responsible(session, course)
    named = [f"{person.name.into(language)} – {_PARTS[part][language]}" for person, part in known]
    return f"{LABEL[language]}: {'; '.join(named)}"


def compose(session: Session, course: Course) -> str:
    """HTML for the platform: the description in the course's languages, coordinators, COPYRIGHT."""
    parts = []
    for language in languages(course):
        text = course.description_ru if language == "ru" else course.description_en
        parts += [f'<p lang="{language}">{_lines(block)}</p>' for block in re.split(r"\n\s*\n", text) if block.strip()]
    for language in languages(course):
        label, _, named = coordinators_line(session, course, language).partition(": ")
        parts.append(f'<p lang="{language}"><strong>{escape(label)}:</strong> {escape(named)}</p>')
    link = f'<a href="{LICENCE}">{LICENCE}</a>'
    parts.append(f'<p lang="en"><strong>COPYRIGHT:</strong> {escape(COPYRIGHT, quote=False)} {link}</p>')
    return "\n".join(parts)


def _lines(block: str) -> str:
    return "<br>".join(escape(line.strip()) for line in block.strip().splitlines())


def plain(html: str) -> str:
    """The text of the HTML with its white space made even, as it is compared."""
    apart = re.sub(r"(?i)</?(?:p|br|div|li|ul|ol|h\d|t[drh]|table)\b[^>]*>", " ", html)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", apart)).replace("\u00a0", " ").split())


def inspect(html: str, session: Session, course: Course) -> Findings:
    """Compare what the platform holds with what it should; white space and markup do not count, words do."""
    text = plain(html)
    texts = [course.description_ru if one == "ru" else course.description_en for one in languages(course)]
    named = [person for person, _part in responsible(session, course)]
    missing = [str(one.name) for one in named if not any(_has(text, name) for name in (one.name_ru, one.name_en))]
    labelled = any(f"{LABEL[language]}:" in text for language in languages(course))
    return Findings(
        description=all(one.strip() and _squeezed(one) in _squeezed(text) for one in texts),
        coordinators=labelled and bool(named) and not missing,
        copyright=COPYRIGHT in text,
        missing=tuple(missing),
    )


def _has(text: str, name: str) -> bool:
    return bool(name) and " ".join(name.split()) in text


def _squeezed(text: str) -> str:
    return "".join(text.split())
