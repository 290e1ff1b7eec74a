"""What a template speaks of, place by place: for fields that are not known, and for examples of those that are."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.engine.expressions_errors import FAULTS
from app.engine.expressions_parsing import parse_expression
from app.engine.templates_parsing import Piece, pieces
from app.engine.values import Json

Path = tuple[str, ...]
ITEM = "[]"
"""The step of a path into every thing of a list."""
_MOST = 50
_PREFIX = "[0 for "


@dataclass(slots=True)
class Shape:
    """A place of the data: the fields in it, and what is done with it itself."""

    fields: "dict[str, Shape]" = field(default_factory=dict)
    printed: bool = False
    number: bool = False
    listed: bool = False
    size: int = 1
    """Of a list: so many things are asked for by number."""
    line: int = 0
    """Where it is first spoken of."""


def shape_of(source: str) -> Shape:
    """Of a template that compiles; what cannot be read is left out."""
    reader = _Reader()
    try:
        for piece in pieces(source.replace("\r\n", "\n").replace("\r", "\n")):
            reader.read(piece)
    except FAULTS:
        return reader.root
    return reader.root


def paths(shape: Shape, above: Path = ()) -> Iterator[tuple[Path, Shape]]:
    """All places, those in them behind them."""
    for name, inner in shape.fields.items():
        yield (*above, name), inner
        yield from paths(inner, (*above, name))


def example(shape: Shape, name: str = "", known: Json = None) -> Json:
    """Data that the template can be filled with: what is known, and marks such as ‹title› for the rest."""
    if shape.listed:
        return known if isinstance(known, list) else [example(shape.fields.get(ITEM, Shape()), name)] * shape.size
    if shape.fields:
        given = known if isinstance(known, dict) else {}
        return {**given, **{key: example(inner, key, given.get(key)) for key, inner in shape.fields.items()}}
    if known is not None:
        return known
    return 1 if shape.number else f"‹{name}›" if shape.printed else True


class _Reader:
    def __init__(self) -> None:
        self.root = Shape()
        self._loops: list[Mapping[str, Path]] = []
        self._line = 1

    def read(self, piece: Piece) -> None:
        self._line = piece.at[0]
        if piece.kind == "value":
            self._expression(piece.content, printed=True)
        elif piece.kind == "tag":
            word, _, rest = piece.content.strip().partition(" ")
            if word in ("if", "elif"):
                self._expression(rest, printed=False)
            elif word == "for":
                self._loop(rest)
            elif word == "endfor" and self._loops:
                self._loops.pop()

    def _expression(self, source: str, *, printed: bool) -> None:
        tree, _ = parse_expression(source)
        body = tree.body if isinstance(tree, ast.Expression) else tree
        self._walk(body, printed=printed)

    def _loop(self, rest: str) -> None:
        tree, _ = parse_expression(f"{_PREFIX}{rest}]")
        body = tree.body if isinstance(tree, ast.Expression) else tree
        assert isinstance(body, ast.ListComp)
        made = body.generators[0]
        source = self._path(made.iter)
        names: dict[str, Path] = {}
        if source is not None:
            self._place(source).listed = True
            if isinstance(made.target, ast.Name):
                names[made.target.id] = (*source, ITEM)
        else:
            self._walk(made.iter, printed=False)
        hidden = {one.id: names.get(one.id, ()) for one in ast.walk(made.target) if isinstance(one, ast.Name)}
        self._loops.append(hidden)

    def _walk(self, node: ast.AST, *, printed: bool) -> None:
        found = self._path(node)
        if found is not None:
            place = self._place(found)
            place.printed = place.printed or printed
            return
        if isinstance(node, ast.Compare | ast.BinOp):
            self._count(node)
        for inner in ast.iter_child_nodes(node):
            self._walk(inner, printed=printed or isinstance(node, ast.BinOp | ast.Compare | ast.JoinedStr))

    def _count(self, node: ast.AST) -> None:
        """What is compared with or added to a number is one."""
        inside = list(ast.iter_child_nodes(node))
        if any(isinstance(one, ast.Constant) and type(one.value) in (int, float) for one in inside):
            for one in inside:
                if (found := self._path(one)) is not None:
                    self._place(found).number = True

    def _path(self, node: ast.AST) -> Path | None:
        """`a['b'].c` as a path, loop variables resolved; None for anything else, and for what no data stands behind."""
        steps: list[str] = []
        while not isinstance(node, ast.Name):
            if isinstance(node, ast.Attribute):
                steps.append(node.attr)
                node = node.value
            elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
                key = node.slice.value
                steps.append(key if isinstance(key, str) else f"{ITEM}{key}" if isinstance(key, int) else ITEM)
                node = node.value
            else:
                return None
        for loop in reversed(self._loops):
            if node.id in loop:
                return (*loop[node.id], *reversed(steps)) if loop[node.id] else None
        return (node.id, *reversed(steps))

    def _place(self, path: Path) -> Shape:
        place = self.root
        for step in path:
            if step.startswith(ITEM):
                place.listed = True
                number = step[len(ITEM) :]
                place.size = max(place.size, min(int(number), _MOST) + 1 if number.isdigit() else 1)
                step = ITEM
            place = place.fields.setdefault(step, Shape(line=self._line))
        return place
