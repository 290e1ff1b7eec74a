"""What may stand where elements are gone through: lists, (a, b), range(), record.items() and the like."""

import ast
from collections.abc import Callable, Mapping
from typing import Any

from app.engine.expressions_compiling import Closure, Compiler, Scope
from app.engine.expressions_errors import FAULTS, error, kind_names, located
from app.engine.functions import METHOD_PAIR_WALKS, METHOD_WALKS, PAIR_WALKS, WALKS
from app.engine.values import MAX_ITEMS, Value

_WALKERS: dict[str, Callable[..., Any]] = {"range": range, "enumerate": enumerate, "zip": zip}
_VIEWS: dict[str, Callable[[Any], Any]] = {"keys": dict.keys, "values": dict.values, "items": dict.items}


def walkable(compiler: Compiler, node: ast.expr) -> Closure:
    """The closure of something that is only gone through once: also (a, b), range(), record.values()."""
    at = compiler.at(node)
    if isinstance(node, ast.Tuple):
        parts = compiler.values(node.elts)
        return lambda scope: [part(scope) for part in parts]
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id in WALKS:
            return _library_walk(compiler, node, node.func.id, WALKS)
        if isinstance(node.func, ast.Attribute) and node.func.attr in METHOD_WALKS:
            return _method_walk(compiler, node, node.func)
    source = compiler.value(node)

    def walk(scope: Scope) -> Value:
        value = source(scope)
        kind = type(value)
        if kind is list or kind is dict or kind is str:
            return value
        raise error("not_walkable", at, **kind_names(value))

    return walk


def _library_walk(compiler: Compiler, node: ast.Call, name: str, table: Mapping[str, tuple[int, int]]) -> Closure:
    at = compiler.at(node)
    least, most = table[name]
    if node.keywords or not least <= len(node.args) <= most:
        raise error("arguments", at, name=name, usage=f"{name}(…)")
    compiler.functions.add(name)
    first = name == "enumerate"
    operands = [
        walkable(compiler, part) if name == "zip" or (first and place == 0) else compiler.value(part)
        for place, part in enumerate(node.args)
    ]
    walker = _WALKERS[name]

    def walk(scope: Scope) -> Value:
        try:
            walked = walker(*[operand(scope) for operand in operands])
            if name == "range" and len(walked) > MAX_ITEMS:
                raise error("items_many")
        except FAULTS as fault:
            raise located(fault, at) from None
        return walked

    return walk


def _method_walk(compiler: Compiler, node: ast.Call, called: ast.Attribute) -> Closure:
    at = compiler.at(node)
    name = called.attr
    if node.args or node.keywords:
        raise error("arguments", at, name=name, usage=f"record.{name}()")
    compiler.functions.add(name)
    record = compiler.value(called.value)
    view = _VIEWS[name]

    def walk(scope: Scope) -> Value:
        value = record(scope)
        if type(value) is not dict:
            raise error("argument", at, name=name, **kind_names(value))
        return view(value)

    return walk


def _pairs(compiler: Compiler, node: ast.expr, count: int) -> Closure | None:
    """The closure of enumerate(), zip() or record.items() with that many parts; None when it is none of these."""
    if not isinstance(node, ast.Call):
        return None
    if isinstance(node.func, ast.Name) and node.func.id in PAIR_WALKS:
        parts = len(node.args) if node.func.id == "zip" else 2
        if parts != count:
            raise error("targets", compiler.at(node))
        return _library_walk(compiler, node, node.func.id, PAIR_WALKS)
    if isinstance(node.func, ast.Attribute) and node.func.attr in METHOD_PAIR_WALKS:
        if count != 2:
            raise error("targets", compiler.at(node))
        return _method_walk(compiler, node, node.func)
    return None


def rounds(compiler: Compiler, loop: ast.comprehension) -> tuple[tuple[str, ...], Closure]:
    """The names after `for` and the closure of what is gone through after `in`."""
    target = loop.target
    if isinstance(target, ast.Name):
        if _pairs(compiler, loop.iter, 0):
            raise error("targets", compiler.at(loop.iter))
        return (target.id,), walkable(compiler, loop.iter)
    if not isinstance(target, ast.Tuple) or not all(isinstance(part, ast.Name) for part in target.elts):
        raise error("targets", compiler.at(target))
    names = tuple(part.id for part in target.elts if isinstance(part, ast.Name))
    if len(names) < 2:
        raise error("targets", compiler.at(target))
    return names, _pairs(compiler, loop.iter, len(names)) or walkable(compiler, loop.iter)
