"""The one language of diagrams: a strict subset of Python on plain JSON values, compiled once to closures."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.engine import expressions_calls as calls
from app.engine import expressions_nodes as nodes
from app.engine import expressions_timers as timers
from app.engine.expressions_compiling import Closure, Compiler, Dialect, Handler, Scope
from app.engine.expressions_errors import FAULTS, ExpressionError, error, kind_names, located
from app.engine.expressions_operators import BINARY
from app.engine.expressions_parsing import Places, parse_expression, parse_script
from app.engine.functions_dates import DECISION_FUNCTIONS, TEMPLATE_FUNCTIONS
from app.engine.values import CONTAINERS, Fuel, Json, Value, plain

Position = Literal["condition", "timer", "collection", "template", "parameter", "decision"]

HANDLERS: Mapping[type[ast.AST], Handler] = {
    ast.Constant: nodes.constant,
    ast.Name: nodes.name,
    ast.Attribute: nodes.attribute,
    ast.Subscript: nodes.subscript,
    ast.UnaryOp: nodes.unary,
    ast.BinOp: nodes.binary,
    ast.BoolOp: nodes.boolean,
    ast.IfExp: nodes.choice,
    ast.Compare: nodes.compare,
    ast.List: nodes.list_display,
    ast.Dict: nodes.record_display,
    ast.JoinedStr: nodes.formatted,
    ast.Tuple: nodes.refuse_tuple,
    ast.Call: calls.call,
    ast.ListComp: calls.comprehension,
    ast.DictComp: calls.record_comprehension,
}
"""All of the language: whatever is not here is refused."""

PLAIN = Dialect(HANDLERS)
TEMPLATE = Dialect(HANDLERS, functions=TEMPLATE_FUNCTIONS)
DECISION = Dialect(HANDLERS, functions=DECISION_FUNCTIONS, constants={"true": True, "false": False, "null": None})
"""As dmn-js writes them: true, false and null in lower case, date("2026-12-31")."""


@dataclass(frozen=True, slots=True)
class Names:
    """What an expression or script refers to: free names of data, functions called, names a script assigns."""

    data: frozenset[str]
    functions: frozenset[str]
    assigned: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """An expression ready to be evaluated by any number of threads."""

    source: str
    position: Position
    names: Names
    run: Closure = field(repr=False)
    slots: int = 0
    cost: int = 1

    def evaluate(self, data: Mapping[str, Json], fuel: Fuel | None = None) -> Json:
        """The value on these data: plain JSON that shares nothing with them.

        condition: always a bool. collection: a list or dict. timer: {"iso": …} or {"call": …, "args": …, "kwargs": …}.
        Raises ExpressionError. One Fuel may be handed to several evaluations to bound them together.
        """
        fuel = fuel or Fuel()
        try:
            return _finish(self.position, self.value(data, fuel), fuel)
        except FAULTS as fault:
            raise sourced(fault, self.source) from None

    def value(self, data: Mapping[str, Json], fuel: Fuel) -> Value:
        """The bare value, which may share parts with the data; raises any of FAULTS. For this package only."""
        fuel.spend(self.cost)
        return self.run(Scope(data, fuel, self.slots))


def sourced(fault: Exception, source: str) -> ExpressionError:
    """The fault as an ExpressionError that knows its source."""
    known = located(fault, (1, 1))
    known.source = known.source or source
    return known


def _finish(position: Position, value: Value, fuel: Fuel) -> Json:
    if position == "condition":
        return bool(value)
    if position == "timer":
        return timers.as_timer(value)
    if position == "collection" and type(value) not in CONTAINERS:
        raise error("not_collection", **kind_names(value))
    return plain(value, fuel)


@dataclass(frozen=True, slots=True, eq=False)
class Script:
    """Lines `name = expression` ready to be executed."""

    source: str
    names: Names
    steps: tuple[tuple[str, Closure], ...] = field(repr=False)
    slots: int = 0
    cost: int = 1

    def execute(self, data: Mapping[str, Json], fuel: Fuel | None = None) -> dict[str, Json]:
        """The values of the names assigned, plain JSON; `data` stay as they are. Raises ExpressionError."""
        seen = dict(data)
        scope = Scope(seen, fuel or Fuel(), self.slots)
        changed: dict[str, Json] = {}
        try:
            scope.fuel.spend(self.cost)
            for name, run in self.steps:
                seen[name] = changed[name] = plain(run(scope), scope.fuel)
        except FAULTS as fault:
            raise sourced(fault, self.source) from None
        return changed


def compile_expression(source: str, *, position: Position) -> Compiled:
    """Raises ExpressionError where the source is not of our language."""
    try:
        if position == "timer":
            fixed = timers.literal(source)
            if fixed is not None:
                return Compiled(source, position, Names(frozenset(), frozenset()), lambda scope: fixed["iso"])  # noqa: ARG005
        tree, places = parse_expression(source)
        return compile_tree(tree, places, source, position)
    except FAULTS as fault:
        raise sourced(fault, source) from None


def compile_tree(tree: ast.expr, places: Places, source: str, position: Position) -> Compiled:
    """The same from a tree that was parsed before. Raises ExpressionError."""
    compiler = Compiler(_DIALECTS.get(position, PLAIN), places)
    run = timers.tail(compiler, tree) if position == "timer" else compiler.value(tree)
    names = Names(frozenset(compiler.data), frozenset(compiler.functions))
    return Compiled(source, position, names, run, compiler.slots, compiler.cost)


_DIALECTS: Mapping[Position, Dialect] = {"template": TEMPLATE, "decision": DECISION}


def compile_script(source: str) -> Script:
    """Raises ExpressionError where the source is not of our language."""
    try:
        statements, places = parse_script(source)
        compiler = Compiler(PLAIN, places)
        free: set[str] = set()
        steps: list[tuple[str, Closure]] = []
        for statement in statements:
            name, run = _step(compiler, statement)
            free |= compiler.data - {known for known, _ in steps}
            compiler.data = set()
            steps.append((name, run))
    except FAULTS as fault:
        raise sourced(fault, source) from None
    assigned = frozenset(name for name, _ in steps)
    names = Names(frozenset(free), frozenset(compiler.functions), assigned)
    return Script(source, names, tuple(steps), compiler.slots, compiler.cost)


def _step(compiler: Compiler, statement: ast.stmt) -> tuple[str, Closure]:
    at = compiler.at(statement)
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, value = statement.targets[0], statement.value
        if not isinstance(target, ast.Name):
            raise error("target", at)
        compiler.check_target(target.id, target)
        return target.id, compiler.value(value)
    if isinstance(statement, ast.AugAssign):
        if not isinstance(statement.target, ast.Name):
            raise error("target", at)
        compiler.check_target(statement.target.id, statement.target)
        return statement.target.id, _augmented(compiler, statement, statement.target)
    raise error("statement", at)


def _augmented(compiler: Compiler, statement: ast.AugAssign, target: ast.Name) -> Closure:
    """name += value; on a list Python would change it in place for every name it has, so that is refused."""
    at = compiler.at(statement)
    if type(statement.op) not in BINARY:
        raise error("construct", at, what=type(statement.op).__name__)
    sign, do = BINARY[type(statement.op)]
    before, value = nodes.name(compiler, target), compiler.value(statement.value)

    def run(scope: Scope) -> Value:
        try:
            left = before(scope)
            if type(left) in CONTAINERS:
                raise error("in_place", sign=sign)
            return do(scope.fuel, left, value(scope))
        except FAULTS as fault:
            raise located(fault, at) from None

    return run


def names(compiled: Compiled | Script) -> Names:
    """The free data names and the functions used, for the check and for completion in the studio."""
    return compiled.names
