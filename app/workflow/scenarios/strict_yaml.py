"""YAML from people, read within limits: size, depth, aliases, and what aliases would unfold to.

Text becomes plain JSON values: a date is its ISO text, and what JSON does not know (sets, binary, other keys than
texts) is refused. PyYAML shares what is aliased instead of copying it, so a bomb costs nothing to load; whoever walks
through it pays. What it would unfold to is therefore counted before anything is made.
"""

import math
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from app.i18n import Text

MOST_BYTES = 512 * 1024
MOST_DEPTH = 40
MOST_NUMBER = 2**53
MOST_NODES = 100_000
"""Values after every alias is unfolded; a file of 200 scenarios has some 20,000."""


class BadYaml(Exception):
    """What is wrong, in both languages, and in which line where that is known."""

    def __init__(self, message: Text, line: int | None = None) -> None:
        super().__init__(message.en)
        self.message, self.line = message, line


def load(content: bytes) -> Any:
    """The one document of the file as JSON values. Raises BadYaml."""
    node = compose(content)
    import yaml

    try:
        constructor = yaml.SafeLoader("")
        return _plain(constructor.construct_document(node) if node is not None else None)
    except yaml.MarkedYAMLError as error:
        raise _refused(error) from error
    except (yaml.YAMLError, ValueError, OverflowError, TypeError) as error:
        raise BadYaml(Text(f"Значение не читается: {error}.", f"A value cannot be read: {error}.")) from error


def compose(content: bytes) -> Any:
    """The tree of nodes with their places; None for an empty file. Raises BadYaml."""
    import yaml  # loaded where it works: a serving process keeps what it loads

    if len(content) > MOST_BYTES:
        size = MOST_BYTES // 1024
        raise BadYaml(Text(f"Файл больше {size} КБ.", f"The file is larger than {size} kB."))
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    try:
        text = content.decode("utf-8-sig")
        _measure(yaml.parse(text, loader))
        return yaml.compose(text, loader)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadYaml(Text("Файл не в кодировке UTF-8.", "The file is not in UTF-8."), line) from error
    except yaml.MarkedYAMLError as error:
        raise _refused(error) from error
    except yaml.YAMLError as error:
        raise BadYaml(Text(f"Это не YAML: {error}.", f"This is not YAML: {error}.")) from error


def _refused(error: Any) -> BadYaml:
    mark = error.problem_mark or error.context_mark
    said = str(error.problem or error)
    return BadYaml(Text(f"Это не YAML: {said}.", f"This is not YAML: {said}."), mark.line + 1 if mark else None)


def _measure(events: Iterator[Any]) -> None:
    """Count what the document unfolds to, without unfolding it."""
    weights: dict[str, float] = {}
    open_: list[tuple[str | None, float]] = [(None, 0)]
    for event in events:
        line, kind = event.start_mark.line + 1, type(event).__name__
        if kind in ("MappingStartEvent", "SequenceStartEvent"):
            if len(open_) > MOST_DEPTH:
                raise BadYaml(Text(f"Вложено глубже {MOST_DEPTH}.", f"Nested more than {MOST_DEPTH} deep."), line)
            if event.anchor:
                weights[event.anchor] = math.inf
            open_.append((event.anchor, 1))
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            anchor, weight = open_.pop()
            if anchor:
                weights[anchor] = weight
            _add(open_, weight, line)
        elif kind == "ScalarEvent":
            if event.anchor:
                weights[event.anchor] = 1
            _add(open_, 1, line)
        elif kind == "AliasEvent":
            _add(open_, weights.get(event.anchor, 1), line)


def _add(open_: list[tuple[str | None, float]], weight: float, line: int) -> None:
    anchor, before = open_[-1]
    if weight == math.inf:
        words = Text("Значение ссылается само на себя.", "A value refers to itself.")
        raise BadYaml(words, line)
    if before + weight > MOST_NODES:
        raise BadYaml(
            Text(
                f"Со всеми ссылками больше {MOST_NODES} значений.",
                f"More than {MOST_NODES} values, references included.",
            ),
            line,
        )
    open_[-1] = (anchor, before + weight)


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {_key(name): _plain(one) for name, one in value.items()}
        case list():
            return [_plain(one) for one in value]
        case datetime() | date():
            return value.isoformat()
        case float() if not math.isfinite(value):
            raise BadYaml(Text("Бесконечность – не число.", "Infinity is no number."))
        case int() if abs(value) > MOST_NUMBER:
            raise BadYaml(Text("Число слишком велико.", "A number is too large."))
        case None | bool() | int() | float() | str():
            return value
    kind = type(value).__name__
    raise BadYaml(Text(f"Значение вида {kind} здесь не допускается.", f"A value of the kind {kind} has no place here."))


def _key(name: Any) -> str:
    if isinstance(name, str):
        return name
    raise BadYaml(Text(f"Имя «{name}» – не текст; возьмите его в кавычки.", f"The name “{name}” is no text; quote it."))
