"""BPMN diagrams of a release -> Specification."""

from collections.abc import Mapping

from app.engine.specification import Finding, Specification


def read_release(files: Mapping[str, bytes]) -> tuple[Specification | None, list[Finding]]:
    """Parse every diagram and decision. Without a specification there is at least one finding of severity error.

    These are only the findings without which nothing can run (XML, schema, unknown elements, expressions that do not
    compile); `check` adds what would run wrongly.
    """
    raise NotImplementedError
