"""From syntax tree to Python closures: what every kind of node needs. A kind without a handler is refused.

Nothing of the language ever reaches eval, exec, compile or attribute access: a closure is one of ours, put together
from others of ours. Fuel for everything that runs once is paid at the start; loops pay for each round.
"""

import ast
import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from app.engine.expressions_errors import At, ExpressionError, error
from app.engine.expressions_parsing import Places
from app.engine.functions import FUNCTIONS, RESERVED, Function
from app.engine.values import Fuel, Json, Value

MAX_NESTING = 40


class Scope:
    """One evaluation: the data, the fuel and the loop variables."""

    __slots__ = ("data", "fuel", "local")

    def __init__(self, data: Mapping[str, Json], fuel: Fuel, slots: int) -> None:
        self.data = data
        self.fuel = fuel
        self.local: list[Value] = [None] * slots if slots else _NONE


_NONE: list[Value] = []

Closure = Callable[[Scope], Value]
Handler = Callable[["Compiler", Any], Closure]


class Dialect:
    """What a position adds to the language: handlers by node, more functions, names that are constants."""

    def __init__(
        self,
        handlers: Mapping[type[ast.AST], Handler],
        functions: Mapping[str, Function] | None = None,
        constants: Mapping[str, Json] | None = None,
        outside: bool = False,
    ) -> None:
        self.handlers = handlers
        self.functions = {**FUNCTIONS, **(functions or {})}
        self.constants = constants or {}
        self.outside = outside


class Compiler:
    """Compiles the nodes of one source and notes what they name and cost."""

    def __init__(self, dialect: Dialect, places: Places) -> None:
        self.dialect = dialect
        self.places = places
        self.data: set[str] = set()
        self.functions: set[str] = set()
        self.bound: dict[str, int] = {}
        self.slots = 0
        self.cost = 0
        self._depth = 0
        self._fixed: At | None = None

    def at(self, node: ast.AST) -> At:
        """The place of a node; inside an f-string that of the string, Python's own being unreliable there."""
        if self._fixed:
            return self._fixed
        if isinstance(node, ast.expr | ast.stmt | ast.keyword):
            return self.places.at(node.lineno, node.col_offset)
        return 1, 1

    def value(self, node: ast.expr) -> Closure:
        """The closure of a node that gives a value. Raises ExpressionError where it is not of our language."""
        handler = self.dialect.handlers.get(type(node))
        if handler is None:
            raise error("construct", self.at(node), what=type(node).__name__)
        with self.deeper(node):
            return handler(self, node)

    @contextmanager
    def deeper(self, node: ast.expr) -> Iterator[None]:
        """One level of nesting and one unit of cost more."""
        self.cost += 1
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise error("deep", self.at(node))
        yield
        self._depth -= 1

    def values(self, nodes: Iterable[ast.expr]) -> tuple[Closure, ...]:
        return tuple(self.value(node) for node in nodes)

    def check_name(self, name: str, node: ast.AST) -> None:
        if name.startswith("_"):
            raise error("underscore", self.at(node), name=name)

    def check_target(self, name: str, node: ast.AST) -> None:
        """A name that may be given a value."""
        self.check_name(name, node)
        if name in RESERVED or name in self.dialect.functions or name in self.dialect.constants:
            raise error("function_name", self.at(node), name=name)

    @contextmanager
    def within_text(self, node: ast.AST) -> Iterator[None]:
        before, self._fixed = self._fixed, self.at(node)
        yield
        self._fixed = before

    @contextmanager
    def loop(self, names: tuple[str, ...], node: ast.AST) -> Iterator[tuple[int, ...]]:
        """Bind loop variables to slots for the nodes compiled inside."""
        if self.bound:
            raise error("nested", self.at(node))
        for name in names:
            self.check_target(name, node)
        if len(set(names)) != len(names):
            raise error("targets", self.at(node))
        self.bound = {name: place for place, name in enumerate(names)}
        self.slots = max(self.slots, len(names))
        yield tuple(self.bound.values())
        self.bound = {}


def close_names(name: str, known: Iterable[str]) -> dict[str, Any]:
    """{"close_ru": …, "close_en": …}: names like this one as the end of a hint; empty when there are none."""
    short = sorted(one for one in known if len(one) <= _COMPARED)
    return _named(", ".join(difflib.get_close_matches(name[:_COMPARED], short, 3, 0.5)))


_COMPARED = 40
"""Characters of a name; comparing longer ones would cost more than the evaluation itself."""


def _named(close: str) -> dict[str, Any]:
    return {"close_ru": f" Похожее: {close}." if close else "", "close_en": f" Like it: {close}." if close else ""}


_SPELLED = {"true": "True", "false": "False", "null": "None", "none": "None"}


def unknown_name(name: str, data: Mapping[str, Json], at: At) -> ExpressionError:
    spelled = _SPELLED.get(name.lower())
    close = _named(spelled) if spelled else close_names(name, list(data)[:200])
    return error("unknown_name", at, name=name, **close)
