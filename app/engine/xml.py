"""Files of analysts as XML: whatever could reach outside or eat the machine is refused before it is looked at."""

import threading
from functools import cache
from typing import Any

from lxml import etree

from app.engine.library import BpmnValidator
from app.engine.specification import Finding
from app.i18n import Text

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 200
MAX_ELEMENTS = 20_000
MAX_COMPLAINTS = 20

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
OURS = "{urn:coomet:bpmn:1}"

_validation = threading.Lock()


def parse_xml(content: bytes, file: str) -> tuple[Any, list[Finding]]:
    """The root element, or None and the finding that says why. No DOCTYPE, no entities, no network, bounded size."""
    if len(content) > MAX_BYTES:
        return None, [_too_big(file, "байт", "bytes", MAX_BYTES)]
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        return None, [_not_xml(file, error)]
    if root.getroottree().docinfo.internalDTD is not None:
        return None, [_doctype(file)]
    finding = _measure(root, file)
    return (None, [finding]) if finding else (root, [])


def _measure(root: Any, file: str) -> Finding | None:
    count = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > MAX_DEPTH:
            return _too_big(file, "уровней вложенности", "levels of nesting", MAX_DEPTH)
        if count > MAX_ELEMENTS:
            return _too_big(file, "элементов", "elements", MAX_ELEMENTS)
    return None


@cache
def _schema() -> Any:
    return BpmnValidator().validator


def validate_bpmn(root: Any, file: str) -> list[Finding]:
    """Where the file departs from the schema of BPMN 2.0. Extension elements of any vendor are let through."""
    with _validation:  # the schema object keeps its log to itself, one file at a time
        schema = _schema()
        if schema.validate(root):
            return []
        complaints = [(entry.line, entry.message) for entry in schema.error_log][:MAX_COMPLAINTS]
    return [
        Finding(
            file,
            None,
            "schema",
            "error",
            Text(ru=f"Файл не соответствует схеме BPMN 2.0: {message}", en=f"Not BPMN 2.0 by its schema: {message}"),
            Text(
                ru="Откройте схему в редакторе и сохраните заново; элементы и атрибуты других систем удалите.",
                en="Open the diagram in the editor and save it anew; remove elements and attributes of other systems.",
            ),
            line,
        )
        for line, message in complaints
    ]


def _not_xml(file: str, error: etree.XMLSyntaxError) -> Finding:
    return Finding(
        file,
        None,
        "xml",
        "error",
        Text(ru=f"Файл не читается как XML: {error.msg}", en=f"The file cannot be read as XML: {error.msg}"),
        Text(ru="Сохраните файл в редакторе схем заново.", en="Save the file anew in the diagram editor."),
        error.lineno,
    )


def _doctype(file: str) -> Finding:
    return Finding(
        file,
        None,
        "xml",
        "error",
        Text(ru="Объявление DOCTYPE не допускается.", en="A DOCTYPE declaration is not allowed."),
        Text(ru="Удалите строку «<!DOCTYPE …>».", en="Remove the line “<!DOCTYPE …>”."),
        1,
    )


def _too_big(file: str, what_ru: str, what_en: str, limit: int) -> Finding:
    return Finding(
        file,
        None,
        "xml",
        "error",
        Text(ru=f"В файле больше {limit} {what_ru}.", en=f"The file has more than {limit} {what_en}."),
        Text(ru="Разделите схему на несколько.", en="Divide the diagram into several."),
    )
