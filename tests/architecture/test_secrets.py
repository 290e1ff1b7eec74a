"""S72: nothing that must stay secret is compared letter by letter."""

import ast
from pathlib import Path

import pytest

SOURCES = sorted((Path(__file__).parents[2] / "app").rglob("*.py"))
SECRETS = {"token", "secret", "signature", "password", "salt"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_s72_secrets_are_looked_up_by_hash_or_compared_in_constant_time(path: Path) -> None:
    """Tokens of BPMN and fencing tokens are no secrets; whatever is one is compared by hmac.compare_digest."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Compare) and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
            names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
            counted = {"workflow", "engine", "worker.py"} & set(path.parts)
            allowed = {"token"} if counted else set()
            assert not (names & SECRETS) - allowed, f"{path.name}:{node.lineno}"
