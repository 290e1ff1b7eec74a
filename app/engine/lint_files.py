"""Rules about files that are no diagrams: decision tables, letters and documents."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from lxml import etree

from app.engine.decisions import DecisionErrors, compile_decisions
from app.engine.expressions_errors import ExpressionError
from app.engine.lint_diagram import Release
from app.engine.specification import Finding
from app.engine.templates import compile_template
from app.i18n import Text

MOST_TEMPLATE_BYTES = 512 * 1024
DOCUMENT_NAMES = frozenset(
    {"document", "sheet", "form", "decision", "questionnaire", "analysis", "list", "report", "certificate"}
)
"""What a document may speak of; see docs/letters-and-scenarios.md."""
_OTHER = {"ru": "en", "en": "ru"}
_LANGUAGES = {"ru": Text(ru="русском", en="Russian"), "en": Text(ru="английском", en="English")}


def decision_findings(release: Release) -> Iterator[Finding]:
    """Tables that cannot be evaluated as written, and ids of decisions that occur twice."""
    seen: dict[str, str] = {}
    for path, root in sorted(release.tables.items()):
        try:
            compile_decisions(root)
        except DecisionErrors as errors:
            for problem in errors.problems:
                yield Finding(path, problem.element, "decision", "error", problem.message, problem.hint, problem.line)
        for element in root.iter("{*}decision"):
            name = element.get("id") or ""
            if name in seen:
                yield _decision_twice(path, element, seen[name])
            seen[name] = path


def _decision_twice(path: str, element: Any, earlier: str) -> Finding:
    name = element.get("id")
    return Finding(
        path,
        name,
        "decision-twice",
        "error",
        Text(ru=f"Решение «{name}» уже есть в файле {earlier}.", en=f"A decision “{name}” is already in {earlier}."),
        Text(ru="Дайте одному из них другой идентификатор.", en="Give one of them another id."),
        element.sourceline,
    )


def template_findings(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Letters and documents that cannot be filled in, and those in one language only."""
    for path in sorted(files):
        if not is_template(path):
            continue
        fault = _template_fault(path, files[path])
        if fault is not None:
            yield fault
        pure = PurePosixPath(path)
        language = pure.stem.rpartition(".")[2]
        if language in _OTHER:
            name = pure.stem.removesuffix(f".{language}")
            twin = str(pure.with_name(f"{name}.{_OTHER[language]}{pure.suffix}"))
            if twin not in files:
                yield _one_language(path, twin, _OTHER[language])


def is_template(path: str) -> bool:
    pure = PurePosixPath(path)
    inside = {"letters", "documents"} & set(pure.parts[:-1])
    return bool(inside) and pure.parts[0] == "processes" and pure.suffix in (".txt", ".html")


def _template_fault(path: str, content: bytes) -> Finding | None:
    try:
        if len(content) > MOST_TEMPLATE_BYTES:
            return _unreadable(path, f"> {MOST_TEMPLATE_BYTES // 1024} kB")
        template = compile_template(content.decode("utf-8"), html=path.endswith(".html"))
    except UnicodeDecodeError as error:
        return _unreadable(path, f"UTF-8, {error.start}")
    except ExpressionError as fault:
        return Finding(path, None, "template", "error", fault.message, fault.hint, fault.line)
    unknown = sorted(template.fields - DOCUMENT_NAMES) if "documents" in PurePosixPath(path).parts else []
    return _unknown_name(path, unknown[0]) if unknown else None


def _unknown_name(path: str, name: str) -> Finding:
    known = ", ".join(sorted(DOCUMENT_NAMES))
    return Finding(
        path,
        None,
        "document-name",
        "error",
        Text(ru=f"В документе нет данных с именем «{name}».", en=f"A document has no data called “{name}”."),
        Text(ru=f"Есть только: {known}.", en=f"There are only: {known}."),
    )


def _unreadable(path: str, why: str) -> Finding:
    return Finding(
        path,
        None,
        "template",
        "error",
        Text(ru=f"Текст не читается ({why}).", en=f"The text cannot be read ({why})."),
        Text(ru="Сохраните его в кодировке UTF-8; большой текст сократите.", en="Save it as UTF-8; cut a large text."),
    )


def _one_language(path: str, twin: str, language: str) -> Finding:
    named = _LANGUAGES[language]
    return Finding(
        path,
        None,
        "letter-language",
        "publishing",
        Text(ru=f"Нет этого текста на {named.ru} языке.", en=f"There is no such text in {named.en}."),
        Text(ru=f"Добавьте файл {twin}.", en=f"Add the file {twin}."),
    )


def is_decision_table(root: Any) -> bool:
    """By its name space, so that a file is known even under another suffix."""
    return "DMN" in (etree.QName(root).namespace or "")
