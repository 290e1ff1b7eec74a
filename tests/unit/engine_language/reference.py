"""CPython itself as the judge of meaning: evaluates the same source with the same data.

Only two things are not Python: record.field is record["field"], and our functions that Python has as methods.
"""

import ast
import copy
from collections.abc import Callable, Mapping
from typing import Any

from app.engine.functions import METHOD_PAIR_WALKS, METHOD_WALKS, METHODS

_AFTER_DOT = METHODS | METHOD_WALKS | METHOD_PAIR_WALKS


def _method(name: str) -> Callable[..., Any]:
    return lambda value, *rest: getattr(value, name)(*rest)


_BUILT_IN: dict[str, Any] = {
    one.__name__: one
    for one in (abs, all, any, bool, enumerate, float, int, len, list, max, min, range, round, sorted, str, sum, zip)
}
_OURS: dict[str, Any] = {
    "keys": lambda record: list(record.keys()),
    "values": lambda record: list(record.values()),
    "unique": lambda source: list(dict.fromkeys(source)),
}
NAMESPACE: dict[str, Any] = {**{name: _method(name) for name in METHODS}, **_OURS, **_BUILT_IN, "__builtins__": {}}


class _Fields(ast.NodeTransformer):
    """record.field -> record["field"], but record.get("field") stays."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Attribute):
            assert node.func.attr in _AFTER_DOT, "our language accepted a method that it does not have"
            node.func.value = self.visit(node.func.value)
            node.args = [self.visit(part) for part in node.args]
            return node
        return self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        looked_up = ast.Subscript(self.visit(node.value), ast.Constant(node.attr), ast.Load())
        return ast.copy_location(looked_up, node)


def evaluate(source: str, data: Mapping[str, Any]) -> Any:
    """Over several lines the source is read as in brackets."""
    source = source.strip()
    tree = _Fields().visit(ast.parse(f"({source}\n)" if "\n" in source else source, mode="eval"))
    code = compile(ast.fix_missing_locations(tree), "<reference>", "eval")
    return eval(code, {**copy.deepcopy(dict(data)), **NAMESPACE})


def execute(source: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """All names after the script, those of the functions left out."""
    tree = _Fields().visit(ast.parse(source, mode="exec"))
    space = {**copy.deepcopy(dict(data)), **NAMESPACE}
    exec(compile(ast.fix_missing_locations(tree), "<reference>", "exec"), space)
    return {name: value for name, value in space.items() if name not in NAMESPACE}


def same(one: Any, other: Any) -> bool:
    """Equal in value, in type at every depth, in the order of fields, and in the sign of zero."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, float):
        return repr(one) == repr(other)
    return bool(one == other)
