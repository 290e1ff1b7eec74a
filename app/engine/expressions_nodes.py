"""Handlers of constants, names, look-ups, operators, displays and f-strings."""

import ast
from typing import Any

from app.engine.expressions_compiling import Closure, Compiler, Scope, unknown_name
from app.engine.expressions_errors import FAULTS, error, located
from app.engine.expressions_operators import BINARY, COMPARISONS, UNARY, element, field, part
from app.engine.expressions_walks import walkable
from app.engine.values import MAX_ITEMS, SCALARS, Value, plain


def constant(compiler: Compiler, node: ast.Constant) -> Closure:
    value: Any = node.value
    if type(value) not in SCALARS:
        raise error("constant", compiler.at(node))
    try:
        plain(value)
    except FAULTS as fault:
        raise located(fault, compiler.at(node)) from None
    return lambda scope: value  # noqa: ARG005


def name(compiler: Compiler, node: ast.Name) -> Closure:
    known = node.id
    compiler.check_name(known, node)
    if known in compiler.bound:
        place = compiler.bound[known]
        return lambda scope: scope.local[place]
    if known in compiler.dialect.constants:
        fixed = compiler.dialect.constants[known]
        return lambda scope: fixed  # noqa: ARG005
    compiler.data.add(known)
    at = compiler.at(node)

    def read(scope: Scope) -> Value:
        try:
            return scope.data[known]
        except KeyError:
            raise unknown_name(known, scope.data, at) from None

    return read


def attribute(compiler: Compiler, node: ast.Attribute) -> Closure:
    key = node.attr
    compiler.check_name(key, node)
    record, at = compiler.value(node.value), compiler.at(node)

    def look_up(scope: Scope) -> Value:
        try:
            return field(record(scope), key)
        except FAULTS as fault:
            raise located(fault, at) from None

    return look_up


def subscript(compiler: Compiler, node: ast.Subscript) -> Closure:
    whole, at = compiler.value(node.value), compiler.at(node)
    if isinstance(node.slice, ast.Slice):
        return _slice(compiler, node.slice, whole, node)
    key = compiler.value(node.slice)

    def look_up(scope: Scope) -> Value:
        try:
            return element(whole(scope), key(scope))
        except FAULTS as fault:
            raise located(fault, at) from None

    return look_up


def _slice(compiler: Compiler, cut: ast.Slice, whole: Closure, node: ast.AST) -> Closure:
    at = compiler.at(node)
    start, stop, step = (compiler.value(bound) if bound else _nothing for bound in (cut.lower, cut.upper, cut.step))

    def take(scope: Scope) -> Value:
        try:
            return part(scope.fuel, whole(scope), start(scope), stop(scope), step(scope))
        except FAULTS as fault:
            raise located(fault, at) from None

    return take


def _nothing(scope: Scope) -> Value:  # noqa: ARG001
    return None


def unary(compiler: Compiler, node: ast.UnaryOp) -> Closure:
    do = UNARY.get(type(node.op))
    at = compiler.at(node)
    if do is None:
        raise error("construct", at, what=type(node.op).__name__)
    operand, apply = compiler.value(node.operand), do

    def calculate(scope: Scope) -> Value:
        try:
            return apply(operand(scope))
        except FAULTS as fault:
            raise located(fault, at) from None

    return calculate


def binary(compiler: Compiler, node: ast.BinOp) -> Closure:
    """A chain a + b + c … is one closure, so that its length does not count as nesting."""
    steps = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp):
        if type(left.op) not in BINARY:
            raise error("construct", compiler.at(left), what=type(left.op).__name__)
        compiler.cost += 1
        steps.append((BINARY[type(left.op)][1], compiler.value(left.right)))
        left = left.left
    steps.reverse()
    first, at = compiler.value(left), compiler.at(node)
    if len(steps) == 1:
        return _one_step(first, *steps[0], at)

    def calculate(scope: Scope) -> Value:
        try:
            value = first(scope)
            for do, right in steps:
                value = do(scope.fuel, value, right(scope))
        except FAULTS as fault:
            raise located(fault, at) from None
        return value

    return calculate


def _one_step(left: Closure, do: Any, right: Closure, at: tuple[int, int]) -> Closure:
    def calculate(scope: Scope) -> Value:
        try:
            return do(scope.fuel, left(scope), right(scope))
        except FAULTS as fault:
            raise located(fault, at) from None

    return calculate


def boolean(compiler: Compiler, node: ast.BoolOp) -> Closure:
    return deciding(compiler.values(node.values), isinstance(node.op, ast.And))


def deciding(operands: tuple[Closure, ...], conjunction: bool) -> Closure:
    """and / or: the first operand that decides, else the last."""
    *leading, last = operands

    def decide(scope: Scope) -> Value:
        for operand in leading:
            value = operand(scope)
            if bool(value) is not conjunction:
                return value
        return last(scope)

    return decide


def choice(compiler: Compiler, node: ast.IfExp) -> Closure:
    test, then, otherwise = compiler.values((node.test, node.body, node.orelse))
    return lambda scope: then(scope) if test(scope) else otherwise(scope)


_SINGLETONS = (None, True, False)


def compare(compiler: Compiler, node: ast.Compare) -> Closure:
    at = compiler.at(node)
    steps = []
    for sign, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(sign, ast.Is | ast.IsNot) and not _is_singleton(right):
            raise error("identity", compiler.at(right))
        walked = isinstance(sign, ast.In | ast.NotIn)
        steps.append((COMPARISONS[type(sign)], walkable(compiler, right) if walked else compiler.value(right)))
    first = compiler.value(node.left)
    if len(steps) == 1:
        return _one_step(first, *steps[0], at)

    def chain(scope: Scope) -> Value:
        try:
            left = first(scope)
            for do, operand in steps:
                right = operand(scope)
                if not do(scope.fuel, left, right):
                    return False
                left = right
        except FAULTS as fault:
            raise located(fault, at) from None
        return True

    return chain


def _is_singleton(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and any(node.value is one for one in _SINGLETONS)


def list_display(compiler: Compiler, node: ast.List) -> Closure:
    if len(node.elts) > MAX_ITEMS or any(isinstance(part, ast.Starred) for part in node.elts):
        raise error("construct", compiler.at(node), what="*")
    parts = compiler.values(node.elts)
    if all(isinstance(part, ast.Constant) for part in node.elts):
        fixed = [part.value for part in node.elts if isinstance(part, ast.Constant)]
        return lambda scope: fixed  # noqa: ARG005
    return lambda scope: [part(scope) for part in parts]


def record_display(compiler: Compiler, node: ast.Dict) -> Closure:
    parts = []
    at = compiler.at(node)
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None or (isinstance(key, ast.Constant) and type(key.value) is not str):
            raise error("key_text", at)
        parts.append((compiler.value(key), compiler.value(value)))

    def build(scope: Scope) -> Value:
        built = {}
        for key, value in parts:
            known = key(scope)
            if type(known) is not str:
                raise error("key_kind", at)
            built[known] = value(scope)
        return built

    return build


def formatted(compiler: Compiler, node: ast.JoinedStr) -> Closure:
    at = compiler.at(node)
    write = compiler.dialect.functions["str"].run
    join = compiler.dialect.functions["join"].run
    parts: list[Closure] = []
    with compiler.within_text(node):
        for piece in node.values:
            if isinstance(piece, ast.FormattedValue):
                if piece.format_spec is not None or piece.conversion != -1:
                    raise error("format", at)
                parts.append(compiler.value(piece.value))
            else:
                parts.append(compiler.value(piece))

    def build(scope: Scope) -> Value:
        try:
            return join(scope.fuel, "", [write(scope.fuel, part(scope)) for part in parts])
        except FAULTS as fault:
            raise located(fault, at) from None

    return build


def refuse_tuple(compiler: Compiler, node: ast.Tuple) -> Closure:
    raise error("tuple", compiler.at(node))
