"""The house's rules that a linter does not know, each with a sentence that teaches."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for path in (ROOT / "app").rglob("*.py") if "versions" not in path.parts)
BANNED = {"utils", "helpers", "manager", "service", "services", "base", "common", "core", "misc"}
COMMITTERS = {"web", "cli", "worker.py", "demo", "migrations"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_file_has_at_most_300_lines_and_a_function_40(path: Path) -> None:
    """Models rot in the tail: cut a long file along its nouns and a long function along its verbs."""
    assert path.read_text("utf-8").count("\n") <= 300
    long = [f.name for f in functions(path) if (f.end_lineno or 0) - f.lineno + 1 > 40]
    assert not long, f"longer than 40 lines: {long}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_module_is_named_for_what_it_is_about(path: Path) -> None:
    """A drawer called utils or core fills with everything; name the noun of the field."""
    assert not BANNED & {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_only_web_cli_and_worker_commit(path: Path) -> None:
    """One transaction a request or job step: whoever opened it ends it, and nobody below does."""
    first = path.relative_to(ROOT / "app").parts[0]
    if first in COMMITTERS or first.startswith("worker_") or path.name == "db.py":
        return
    assert not re.search(r"\.commit\(\)|\.begin\(\)|\btransaction\(", path.read_text("utf-8"))


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_nothing_runs_text_as_code(path: Path) -> None:
    """No eval, exec, compile or getattr by name: what an analyst writes is data for our own interpreter."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"eval", "exec", "compile", "getattr", "setattr", "__import__"}, node.lineno


def test_no_secret_address_or_local_path_is_committed() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in tracked.split("\n"):
        path = ROOT / name
        if not name or not path.is_file() or path.suffix in {".png", ".jpg", ".pdf", ".ppt", ".pptx", ".h5p", ".bin"}:
            continue
        text = path.read_text("utf-8", errors="replace")
        local = "/" + "work/"
        assert local not in text, f"{name} names a folder of one machine"
        if path.name.endswith(".lock"):
            assert "://" not in text, f"{name} holds a registry's address"
        if path.name == "package-lock.json":
            assert '"resolved"' not in text, f"{name} holds a registry's address"


def test_the_fixed_top_level_stands() -> None:
    for name in ("processes", "forms", "app", "tests", "pyproject.toml", "README.md", "run"):
        assert (ROOT / name).exists(), name
