"""What an analyst is told while typing one expression: whether it is of our language, and what it may speak of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from app.engine.expressions import Position
from app.engine.expressions_errors import ExpressionError
from app.engine.lint_diagram import Release, read_diagram
from app.engine.lint_sites import compiled
from app.engine.lint_variables import OPEN, known
from app.engine.xml import parse_xml
from app.i18n import Text

LONGEST = 20_000
"""Characters of one expression that are looked at."""
POSITIONS: frozenset[str] = frozenset((*get_args(Position), "script"))


@dataclass(frozen=True, slots=True)
class Advice:
    """`fault` None: it will run. `unknown`: variables it reads that nobody writes."""

    fault: Text | None = None
    hint: Text | None = None
    line: int = 1
    column: int = 1
    unknown: tuple[str, ...] = ()


def advise(source: str, position: Position | Literal["script"], names: frozenset[str]) -> Advice:
    """The answer for one expression; `names`: the variables of its process, OPEN among them where not all are told."""
    if not source.strip():
        return Advice()
    try:
        found = compiled(source[:LONGEST], position)
    except ExpressionError as fault:
        return Advice(fault.message, fault.hint, fault.line, fault.column)
    own = found.names.data | found.names.assigned
    unknown = () if OPEN in names else tuple(sorted(own - names - found.names.assigned))
    return Advice(unknown=unknown)


def scopes(files: Mapping[str, bytes], release: Release) -> dict[str, frozenset[str]]:
    """Process -> the variables that can be there, of all diagrams among the files; `release` is filled for it."""
    for path in sorted(files):
        root = parse_xml(files[path], path)[0] if path.endswith(".bpmn") else None
        if root is not None:
            release.diagrams.append(read_diagram(path, root, release))
    return {process.id: known(process, release) for process in release.processes.values()}
