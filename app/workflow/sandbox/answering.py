"""What operations answer in the sandbox, where nothing is ever asked: as recorded runs say, else a sample."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.engine import Json
from app.workflow import operations
from app.workflow.scenarios import Scenario

_OF_TYPE: Mapping[str, Json] = {"boolean": True, "integer": 1, "number": 1, "array": [], "object": {}}


def book(scenarios: Iterable[Scenario], folder: str, used: Iterable[str]) -> dict[str, Any]:
    """The answer of each operation used: from the folder's own scenarios, else from those of other folders."""
    wanted, found = set(used), {}
    for scenario in sorted(scenarios, key=lambda one: one.folder != folder):
        for name, given in scenario.operations.items():
            if name in wanted and name not in found:
                found[name] = given
    return found


def sample(operation: str) -> Json:
    """What the catalogue says that it gives, with a plausible value a key; nothing where it says nothing."""
    known = operations.registered().get(operation)
    if known is None or not known.gives:
        return {}
    return {name: _value(given.schema) for name, given in known.gives.items()}


def _value(schema: Mapping[str, Any]) -> Json:
    if "default" in schema:
        return schema["default"]  # type: ignore[no-any-return]  # JSON, as the catalogue has it
    if schema.get("enum"):
        return schema["enum"][0]  # type: ignore[no-any-return]  # as above
    if schema.get("format") == "date":
        return "2026-12-07"
    return _OF_TYPE.get(str(schema.get("type")), "sample")
