"""Timer positions: ISO 8601 literals, and functions of time that are handed out as plain data."""

import ast
import re
from dataclasses import dataclass
from typing import Any

from app.engine import iso
from app.engine.expressions_compiling import Closure, Compiler, Scope
from app.engine.expressions_errors import FAULTS, error, kind_names, located
from app.engine.expressions_nodes import deciding
from app.engine.functions import OUTSIDE
from app.engine.values import Json, Value

MOST_WORKDAYS = 1_000
_LIKE_ISO = re.compile(r"[-+]?P[0-9.,YMWDTHS]*|R[0-9]*/.*|\d{4}-?\d\d.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Outside:
    """A call that the engine does not make; its arguments are evaluated."""

    call: str
    args: list[Json]
    kwargs: dict[str, Json]


def literal(source: str) -> dict[str, Json] | None:
    """The timer that a bare ISO 8601 text is, or None for any other text. Raises ExpressionError for a wrong one."""
    text = source.strip()
    if not _LIKE_ISO.fullmatch(text) or text == "P":
        return None
    iso.parse(text)
    return {"iso": text}


def tail(compiler: Compiler, node: ast.expr) -> Closure:
    """The closure of what may be a whole timer: a function of time, a choice between such, or a value."""
    with compiler.deeper(node):
        if isinstance(node, ast.IfExp):
            test, then, otherwise = compiler.value(node.test), tail(compiler, node.body), tail(compiler, node.orelse)
            return lambda scope: then(scope) if test(scope) else otherwise(scope)
        if isinstance(node, ast.BoolOp):
            return deciding(tuple(tail(compiler, part) for part in node.values), isinstance(node.op, ast.And))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OUTSIDE:
            return _outside(compiler, node, node.func.id)
    return compiler.value(node)


def _outside(compiler: Compiler, node: ast.Call, name: str) -> Closure:
    at = compiler.at(node)
    keywords = [keyword.arg for keyword in node.keywords]
    if len(node.args) != 1 or keywords != (["workdays"] if name in ("before", "after") else []):
        raise error("arguments", at, name=name, usage=OUTSIDE[name])
    compiler.functions.add(name)
    first = compiler.value(node.args[0])
    days = compiler.value(node.keywords[0].value) if keywords else None

    def hand_out(scope: Scope) -> Outside:
        value = first(scope)
        checked = _days(name, value) if name == "workdays" else _deadline(name, value)
        return Outside(name, [checked], {"workdays": _days(name, days(scope))} if days else {})

    def run(scope: Scope) -> Value:
        try:
            return hand_out(scope)
        except FAULTS as fault:
            raise located(fault, at) from None

    return run


def _days(name: str, value: Any) -> int:
    if type(value) is not int or not 0 <= value <= MOST_WORKDAYS:
        raise error("argument", name=name, **kind_names(value))
    return value


def _deadline(name: str, value: Any) -> str:
    if type(value) is not str or not 0 < len(value) <= 100:
        raise error("argument", name=name, **kind_names(value))
    return value


def as_timer(value: Value) -> Json:
    """{"call": …} of a function of time, {"iso": …} of a text; raises ExpressionError for everything else."""
    if type(value) is Outside:
        return {"call": value.call, "args": value.args, "kwargs": value.kwargs}
    if type(value) is not str:
        raise error("not_time", given=kind_names(value)["en"] if value is not None else "None")
    iso.parse(value.strip())
    return {"iso": value.strip()}
