"""The check of diagrams, decisions and letters: an element is refused unless we know that it runs correctly."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from app.engine import (
    lint_elements,
    lint_events,
    lint_expressions,
    lint_extensions,
    lint_gateways,
    lint_ids,
    lint_languages,
    lint_loops,
    lint_operations,
    lint_references,
    lint_repeats,
    lint_strangers,
    lint_structure,
    lint_tokens,
    lint_variables,
)
from app.engine.diagrams import read_release
from app.engine.lint_catalogue import Catalogue
from app.engine.lint_diagram import BPMN, Diagram, Release, local, namespace, read_diagram
from app.engine.lint_files import decision_findings, is_decision_table, template_findings
from app.engine.lint_rule import Rule
from app.engine.specification import Finding, Specification
from app.engine.xml import parse_xml
from app.i18n import Text

SIZES: tuple[Rule, ...] = lint_elements.SIZES
"""What is larger than these allow is not looked at any further."""
RULES: tuple[Rule, ...] = (
    *lint_ids.RULES,
    *lint_elements.RULES,
    *lint_events.RULES,
    *lint_structure.RULES,
    *lint_gateways.RULES,
    *lint_loops.RULES,
    *lint_tokens.RULES,
    *lint_extensions.RULES,
    *lint_strangers.RULES,
    *lint_expressions.RULES,
    *lint_repeats.RULES,
    *lint_variables.RULES,
    *lint_references.RULES,
    *lint_operations.RULES,
    *lint_languages.RULES,
)
_SEVERITIES = ("error", "publishing", "warning")


def check(files: Mapping[str, bytes], catalogue: Catalogue | None = None) -> list[Finding]:
    """All that is wrong with the files of a release, or with any BPMN or DMN files, by file, worst first.

    Never raises for what a file contains. Without a catalogue the names of operations, forms and roles are not
    compared. `error`: would run wrongly or not at all; `publishing`: stops publishing only; `warning`: look again.
    """
    return examine(files, catalogue)[1]


def examine(
    files: Mapping[str, bytes], catalogue: Catalogue | None = None
) -> tuple[Specification | None, list[Finding]]:
    """What runs, and all findings; what runs is None where one of them is an error."""
    release = Release(files, catalogue)
    findings = [found for path in sorted(files) if is_checked(path) for found in _read(path, release)]
    for diagram in release.diagrams:
        findings += _look(diagram, SIZES) or _look(diagram, RULES)
    findings += decision_findings(release)
    findings += template_findings(files)
    specification = None
    if not any(found.severity == "error" for found in findings):
        specification, refused = read_release(files)
        findings += refused
    return specification, sorted(findings, key=_order)


def _look(diagram: Diagram, rules: tuple[Rule, ...]) -> list[Finding]:
    return [rule.finding(diagram.path, found) for rule in rules for found in rule.look(diagram)]


def is_checked(path: str) -> bool:
    """Whether the file must be a diagram or a table: by its suffix, or because it lies outside a release's folders."""
    pure = PurePosixPath(path)
    return pure.suffix.lower() in (".bpmn", ".dmn", ".xml") or pure.parts[:1] not in (("processes",), ("forms",))


def _order(found: Finding) -> tuple[str, int, int, str]:
    return found.file, _SEVERITIES.index(found.severity), found.line or 0, found.rule


def _read(path: str, release: Release) -> Iterator[Finding]:
    """Take the file into the release, or say why it cannot be read."""
    root, findings = parse_xml(release.files[path], path)
    yield from findings
    if root is None:
        return
    if is_decision_table(root):
        release.tables[path] = root
    elif namespace(root) == BPMN and local(root) == "definitions":
        release.diagrams.append(read_diagram(path, root, release))
    else:
        yield _not_bpmn(path)


def _not_bpmn(path: str) -> Finding:
    return Finding(
        path,
        None,
        "not-bpmn",
        "error",
        Text(ru="Это не диаграмма BPMN и не таблица решений DMN.", en="This is neither BPMN nor DMN."),
        Text(
            ru="Откройте файл в редакторе диаграмм и сохраните как BPMN 2.0.",
            en="Open the file in a diagram editor and save it as BPMN 2.0.",
        ),
        1,
    )
