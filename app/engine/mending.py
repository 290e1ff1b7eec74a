"""Fixes that need no thought: what a finding of the check complains of, put right in the bytes of the diagram."""

from collections.abc import Mapping

from lxml import etree

from app.engine.lint_catalogue import Catalogue
from app.engine.lint_diagram import Release, read_diagram
from app.engine.mending_arrows import ARROWS
from app.engine.mending_fix import Choose, Fix, Nothing, Place
from app.engine.mending_ids import IDS
from app.engine.mending_parts import by_id
from app.engine.mending_words import WORDS
from app.engine.splicing import splice
from app.engine.xml import parse_xml
from app.i18n import Text

FIXES: Mapping[str, Fix] = {**ARROWS, **IDS, **WORDS}
"""Rule of the check -> what mends it."""

UNREADABLE = Text(
    ru="Файл не читается как XML: исправьте его текст.", en="The file cannot be read as XML: mend its text first."
)
GONE = Text(ru="Такого замечания в этом файле больше нет.", en="There is no such finding in this file any more.")


class Mended:
    """What a fix says it does, and the file with it done; or what it has to be told first."""

    def __init__(self, said: Text, content: bytes | None = None, choices: tuple[tuple[str, Text], ...] = ()) -> None:
        self.said = said
        self.content = content
        self.choices = choices


def mend(
    files: Mapping[str, bytes],
    path: str,
    rule: str,
    element: str | None,
    choice: str = "",
    known: Catalogue | None = None,
) -> Mended:
    """Try the fix of a rule on the element of that id; bytes of elements that it does not touch stay as they are."""
    fix = FIXES.get(rule)
    root, _ = parse_xml(files.get(path, b""), path)
    if fix is None or root is None:
        return Mended(GONE if fix is None else UNREADABLE)
    release = Release(files, known)
    for other in sorted(files):
        if other.endswith(".bpmn") and other != path:
            read, _ = parse_xml(files[other], other)
            release.diagrams += [read_diagram(other, read, release)] if read is not None else []
    diagram = read_diagram(path, root, release)
    release.diagrams.append(diagram)
    found = by_id(root, element)
    try:
        said = fix(Place(root, root if found is None else found, diagram, release, choice))
    except Choose as wanted:
        return Mended(wanted.question, None, wanted.choices)
    except Nothing as reason:
        return Mended(reason.said)
    content = splice(files[path], etree.tostring(root, encoding="UTF-8", xml_declaration=True))
    return Mended(said, content)
