"""What the files of a release are called by people: the name of the procedure, the title of the form."""

import re
from collections.abc import Mapping
from functools import lru_cache

from app import forms
from app.engine import DefinitionErrors
from app.engine.comparison_tables import named
from app.engine.drawings import Reader
from app.engine.xml import parse_xml
from app.i18n import Text

_KINDS: tuple[tuple[str, Text], ...] = (
    (r".*\.bpmn", Text("диаграмма", "diagram")),
    (r".*\.dmn", Text("таблица решений", "decision table")),
    (r".*/scenarios\.yaml", Text("сценарии", "scenarios")),
    (r".*/letters/.*\.ru\.txt", Text("письмо по-русски", "letter in Russian")),
    (r".*/letters/.*\.en\.txt", Text("письмо по-английски", "letter in English")),
    (r".*/documents/.*\.ru\.html", Text("документ по-русски", "document in Russian")),
    (r".*/documents/.*\.en\.html", Text("документ по-английски", "document in English")),
    (r".*\.css", Text("оформление документа", "style sheet")),
    (r"forms/.*\.json", Text("форма", "form")),
)
_FILE = Text("файл", "file")
_FORM = re.compile(r"forms/(\w+)\.(?:schema|ui)\.json", re.ASCII)


def kind(path: str) -> Text:
    """diagram, letter in Russian …"""
    return next((text for pattern, text in _KINDS if re.fullmatch(pattern, path)), _FILE)


def kind_of_pair(path: str) -> Text:
    """The same without the language, of what has both."""
    if "/letters/" in path:
        return Text("письмо", "letter")
    return Text("документ", "document") if path.endswith(".html") else kind(path)


def of(path: str, files: Mapping[str, bytes]) -> Text:
    """The title by the file's own content; the name of the file where it has none or cannot be read."""
    stem = path.rpartition("/")[2].split(".")[0]
    found = Text("", "")
    if path.endswith((".bpmn", ".dmn")):
        found = _drawn(path, files.get(path, b""))
    elif form := _FORM.fullmatch(path):
        halves = [files.get(f"forms/{form[1]}.{half}.json", b"") for half in ("schema", "ui")]
        found = _form(form[1], halves[0], halves[1])
    elif path.endswith("/scenarios.yaml"):
        folder = path.split("/")[1]
        found = _drawn(f"processes/{folder}/{folder}.bpmn", files.get(f"processes/{folder}/{folder}.bpmn", b""))
    return found if found.ru or found.en else Text(stem, stem)


@lru_cache(maxsize=512)
def _drawn(path: str, content: bytes) -> Text:
    """Of the diagram's process that is named as the file, or its first; of a table's first decision."""
    root, _findings = parse_xml(content, path)
    if root is None:
        return Text("", "")
    if path.endswith(".dmn"):
        return next(iter(named(root).values()), Text("", ""))
    stem = path.rpartition("/")[2].removesuffix(".bpmn")
    processes = list(Reader(path, root).processes())
    first = [one for one in processes if one.id == stem] or processes
    return first[0].name if first else Text("", "")


@lru_cache(maxsize=512)
def _form(name: str, schema: bytes, ui: bytes) -> Text:
    try:
        return forms.load_form(schema, ui, name).title
    except DefinitionErrors:
        return Text("", "")
