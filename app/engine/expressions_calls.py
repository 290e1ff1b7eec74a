"""Handlers of calls and comprehensions."""

import ast
from collections.abc import Callable, Iterator, Sequence

from app.engine.expressions_compiling import Closure, Compiler, Scope, close_names
from app.engine.expressions_errors import FAULTS, At, ExpressionError, error, located
from app.engine.expressions_walks import rounds, walkable
from app.engine.functions import (
    METHOD_PAIR_WALKS,
    METHOD_WALKS,
    METHODS,
    OUTSIDE,
    PAIR_WALKS,
    RESERVED,
    WALKS,
    Function,
)
from app.engine.values import MAX_ITEMS, Value


def call(compiler: Compiler, node: ast.Call) -> Closure:
    """function(values) or value.function(values), where the name alone says which function it is."""
    called = node.func
    if isinstance(called, ast.Name):
        return _function(compiler, node, called.id, node.args)
    if isinstance(called, ast.Attribute):
        compiler.check_name(called.attr, called)
        if called.attr in METHOD_WALKS | METHOD_PAIR_WALKS:
            raise error("walk" if called.attr in METHOD_WALKS else "walk_pairs", compiler.at(node), name=called.attr)
        if called.attr not in METHODS:
            close = close_names(called.attr, METHODS)
            raise error("unknown_method", compiler.at(node), name=called.attr, **close)
        _check_receiver(compiler, node, called)
        return _function(compiler, node, called.attr, [called.value, *node.args])
    raise error("call", compiler.at(node))


def _check_receiver(compiler: Compiler, node: ast.Call, called: ast.Attribute) -> None:
    """', '.join(list) is Python's order; keywords are not offered after a dot."""
    if node.keywords:
        usage = compiler.dialect.functions[called.attr].usage
        raise error("arguments", compiler.at(node), name=called.attr, usage=usage)


def _function(compiler: Compiler, node: ast.Call, name: str, arguments: Sequence[ast.expr]) -> Closure:
    compiler.check_name(name, node)
    function, at = compiler.dialect.functions.get(name), compiler.at(node)
    if function is None:
        raise _no_function(compiler, name, at)
    compiler.functions.add(name)
    keywords = _keywords(compiler, node, function)
    if not function.least <= len(arguments) <= function.most:
        raise error("arguments", at, name=name, usage=function.usage)
    operands = [_argument(compiler, function, place, arguments) for place in range(len(arguments))]
    return _calling(function.run, operands, keywords, at)


def _no_function(compiler: Compiler, name: str, at: At) -> ExpressionError:
    if name in OUTSIDE:
        return error("outside", at, name=name)
    if name in WALKS:
        return error("walk", at, name=name)
    if name in PAIR_WALKS:
        return error("walk_pairs", at, name=name)
    close = close_names(name, RESERVED | set(compiler.dialect.functions))
    return error("unknown_function", at, name=name, **close)


def _keywords(compiler: Compiler, node: ast.Call, function: Function) -> dict[str, Closure]:
    given = {}
    for keyword in node.keywords:
        if keyword.arg is None or keyword.arg not in function.keywords:
            raise error("arguments", compiler.at(node), name=function.name, usage=function.usage)
        given[keyword.arg] = compiler.value(keyword.value)
    return given


def _argument(compiler: Compiler, function: Function, place: int, arguments: Sequence[ast.expr]) -> Closure:
    node = arguments[place]
    if place != function.walks or (function.alone and len(arguments) > 1):
        return compiler.value(node)
    if isinstance(node, ast.GeneratorExp) and function.lazy:
        return _generator(compiler, node)
    return walkable(compiler, node)


def _calling(run: Callable[..., Value], operands: list[Closure], keywords: dict[str, Closure], at: At) -> Closure:
    if len(operands) == 1 and not keywords:
        only = operands[0]

        def call_one(scope: Scope) -> Value:
            try:
                return run(scope.fuel, only(scope))
            except FAULTS as fault:
                raise located(fault, at) from None

        return call_one

    def call_many(scope: Scope) -> Value:
        try:
            named = {name: value(scope) for name, value in keywords.items()}
            return run(scope.fuel, *[operand(scope) for operand in operands], **named)
        except FAULTS as fault:
            raise located(fault, at) from None

    return call_many


Loop = Callable[[Scope], Iterator[None]]


def _loop(
    compiler: Compiler, node: ast.AST, loops: list[ast.comprehension], parts: Sequence[ast.expr]
) -> tuple[Loop, tuple[Closure, ...]]:
    """What goes through the elements, stopping at each accepted one, and the closures of `parts` inside the loop."""
    loop = loops[0]
    if len(loops) != 1 or loop.is_async:
        raise error("nested", compiler.at(node))
    names, source = rounds(compiler, loop)
    before = compiler.cost
    with compiler.loop(names, node):
        tests = compiler.values(loop.ifs)
        inside = compiler.values(parts)
    return going(source, len(names), tests, compiler.cost - before + 2, compiler.at(node)), inside


def going(source: Closure, count: int, tests: tuple[Closure, ...], price: int, at: At) -> Loop:
    """Binds the loop variables round by round, pays for each round, and stops where all tests hold."""

    def go(scope: Scope) -> Iterator[None]:
        local, spend = scope.local, scope.fuel.spend
        for item in source(scope):
            spend(price)
            if count == 1:
                local[0] = item
            else:
                local[:count] = parts(item, count, at)
            for test in tests:
                if not test(scope):
                    break
            else:
                yield

    return go


def parts(item: Value, count: int, at: At) -> Sequence[Value]:
    if type(item) not in (list, tuple) or len(item) != count:
        raise error("parts", at, count=count)
    return item  # type: ignore[no-any-return]  # the exact type was just looked at


def comprehension(compiler: Compiler, node: ast.ListComp) -> Closure:
    loop, (element,) = _loop(compiler, node, node.generators, [node.elt])
    at = compiler.at(node)

    def build(scope: Scope) -> Value:
        built = [element(scope) for _ in loop(scope)]
        if len(built) > MAX_ITEMS:
            raise error("items_many", at)
        return built

    return build


def record_comprehension(compiler: Compiler, node: ast.DictComp) -> Closure:
    loop, (key, element) = _loop(compiler, node, node.generators, [node.key, node.value])
    at = compiler.at(node)

    def build(scope: Scope) -> Value:
        built = {}
        for _ in loop(scope):
            known = key(scope)
            if type(known) is not str:
                raise error("key_kind", at)
            built[known] = element(scope)
        if len(built) > MAX_ITEMS:
            raise error("items_many", at)
        return built

    return build


def _generator(compiler: Compiler, node: ast.GeneratorExp) -> Closure:
    loop, (element,) = _loop(compiler, node, node.generators, [node.elt])
    return lambda scope: (element(scope) for _ in loop(scope))
