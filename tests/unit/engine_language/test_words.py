"""The texts of the language: every key has its words in both languages, and no module reaches past the language."""

import ast
import re
import string
from pathlib import Path

import pytest

from app.engine import expressions_errors
from app.engine.expressions_messages import MESSAGES
from app.engine.functions import FUNCTIONS, OUTSIDE
from app.engine.functions_dates import DECISION_FUNCTIONS, TEMPLATE_FUNCTIONS

ENGINE = Path(expressions_errors.__file__).parent
OURS = sorted(
    path
    for part in ("expressions", "functions", "values", "decisions", "templates", "iso")
    for path in ENGINE.glob(f"{part}*.py")
)


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]


def used_keys() -> set[str]:
    keys = set()
    for path in OURS:
        for call in calls(path):
            if isinstance(call.func, ast.Name) and call.func.id == "error":
                keys |= {
                    node.value
                    for node in ast.walk(call.args[0])
                    if isinstance(node, ast.Constant) and isinstance(node.value, str)
                }
    return keys | {"empty", "output_empty"}


def test_every_message_is_used_and_every_used_one_exists() -> None:
    assert used_keys() == set(MESSAGES)


@pytest.mark.parametrize("key", sorted(MESSAGES))
def test_a_message_says_the_same_in_both_languages(key: str) -> None:
    reason, ru, en, hint_ru, hint_en = MESSAGES[key]
    assert reason in ("language", "name", "value", "limit")
    for text in (ru, hint_ru):
        assert re.search("[а-яё]", text)
    for text in (en, hint_en):
        assert not re.search("[а-яё]", text.replace("день", ""))
    for text in (ru, en, hint_ru, hint_en):
        assert text[0] == text[0].upper()
    both = [{name.removesuffix("_ru").removesuffix("_en") for name in placeholders(text)} for text in (ru, en)]
    assert {name if name not in ("ru", "en") else "kind" for name in both[0]} == {
        name if name not in ("ru", "en") else "kind" for name in both[1]
    }


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_function_has_its_usage_and_words() -> None:
    for table in (FUNCTIONS, TEMPLATE_FUNCTIONS, DECISION_FUNCTIONS):
        for name, function in table.items():
            assert function.name == name
            assert f"{name}(" in function.usage
            assert re.search("[а-яё]", function.help.ru)
            assert re.search("[a-z]", function.help.en)
    assert all(f"{name}(" in usage for name, usage in OUTSIDE.items())


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_s01_no_module_of_the_language_can_run_code(path: Path) -> None:
    forbidden = {"eval", "exec", "compile", "getattr", "setattr", "delattr", "__import__", "open", "globals", "vars"}
    for call in calls(path):
        if isinstance(call.func, ast.Name):
            assert call.func.id not in forbidden
        if isinstance(call.func, ast.Attribute) and call.func.attr == "parse":
            assert isinstance(call.func.value, ast.Name)
    imported = {
        alias.name.partition(".")[0]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert not imported & {"os", "sys", "subprocess", "socket", "importlib", "ctypes", "pickle", "builtins", "inspect"}
