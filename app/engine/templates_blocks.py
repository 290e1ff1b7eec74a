"""From the pieces of a template to closures that write: texts, values, if, for."""

import ast
import html as markup
from collections.abc import Callable, Iterable, Iterator

from app.engine.expressions import TEMPLATE, Compiled, compile_expression
from app.engine.expressions_calls import parts
from app.engine.expressions_compiling import Closure, Compiler, Scope
from app.engine.expressions_errors import FAULTS, At, ExpressionError, error, kind_names, located
from app.engine.expressions_parsing import parse_expression
from app.engine.expressions_walks import rounds
from app.engine.templates_html import Page, Place, check_address
from app.engine.templates_parsing import Piece, pieces
from app.engine.values import Fuel, Json, Value

MAX_OUTPUT = 1_000_000
MAX_BLOCKS = 10


class Rendering:
    """One rendering: the data with the loop variables of the moment, and what has been written."""

    __slots__ = ("data", "fuel", "room", "written")

    def __init__(self, data: dict[str, Json], fuel: Fuel) -> None:
        self.data = data
        self.fuel = fuel
        self.room = MAX_OUTPUT
        self.written: list[str] = []

    def write(self, text: str) -> None:
        self.fuel.spend(2 + (len(text) >> 4))
        self.room -= len(text)
        if self.room < 0:
            raise error("text_long")
        self.written.append(text)

    def value(self, compiled: Compiled) -> Value:
        return compiled.value(self.data, self.fuel)


Write = Callable[[Rendering], None]


class Blocks:
    """Reads the pieces once, top down; `fields` collects the names of data that are not loop variables."""

    def __init__(self, source: str, html: bool) -> None:
        self.fields: set[str] = set()
        self._pieces: Iterator[Piece] = pieces(source)
        self._page = Page() if html else None
        self._loops: list[tuple[str, ...]] = []
        self._depth = 0

    def whole(self) -> Write:
        body, end = self._body(None)
        if end is not None:
            raise error("unopened", end.at, tag=end.content.strip())
        return body

    def _body(self, opened: Piece | None) -> tuple[Write, Piece | None]:
        """The closures up to the tag that ends the block (None: the end of the template)."""
        writes: list[Write] = []
        for piece in self._pieces:
            if piece.kind == "text":
                self._read(piece)
                writes.append(_text(piece.content))
            elif piece.kind == "value":
                writes.append(self._value(piece))
            else:
                if self._page:
                    self._page.turn()
                word, _, _ = _header(piece)
                if word not in ("if", "for"):
                    return _all(writes), piece
                writes.append(self._if(piece) if word == "if" else self._for(piece))
        if opened is not None:
            raise error("unclosed", opened.at, sign="{% end" + _header(opened)[0] + " %}")
        return _all(writes), None

    def _read(self, piece: Piece) -> None:
        if self._page:
            try:
                self._page.read(piece.content)
            except ExpressionError as fault:
                raise located(fault, piece.at) from None

    def _inside(self, opened: Piece, ends: tuple[str, ...]) -> tuple[Write, Piece]:
        self._depth += 1
        if self._depth > MAX_BLOCKS:
            raise error("deep", opened.at)
        body, end = self._body(opened)
        self._depth -= 1
        assert end is not None
        if _header(end)[0] not in ends:
            raise error("unopened", end.at, tag=end.content.strip())
        return body, end

    def _expression(self, source: str, at: At) -> Compiled:
        try:
            compiled = compile_expression(source, position="template")
        except ExpressionError as fault:
            raise _moved(fault, at) from None
        self._note(compiled.names.data)
        return compiled

    def _note(self, names: Iterable[str]) -> None:
        self.fields |= set(names) - {name for loop in self._loops for name in loop}

    def _value(self, piece: Piece) -> Write:
        compiled, at = self._expression(piece.content, piece.at), piece.at
        place: Place | None = self._page.place() if self._page else None
        if place == "code":
            raise error("html_place", at)

        def write(rendering: Rendering) -> None:
            try:
                text = printed(rendering.value(compiled))
                if place == "address":
                    check_address(text)
                rendering.write(markup.escape(text) if place else text)
            except FAULTS as fault:
                raise _moved(fault, at) from None

        return write

    def _if(self, piece: Piece) -> Write:
        branches: list[tuple[Compiled, At, Write]] = []
        otherwise: Write = _all([])
        word, condition, at = _header(piece)
        end = piece
        while word != "endif":
            if word == "else":
                _bare(end)
                otherwise, end = self._inside(piece, ("endif",))
                break
            test = self._expression(condition, at)
            body, end = self._inside(piece, ("elif", "else", "endif"))
            branches.append((test, at, body))
            word, condition, at = _header(end)
        _bare(end)
        return _choice(branches, otherwise)

    def _for(self, piece: Piece) -> Write:
        names, source, slots, at = self._loop(piece)
        self._loops.append(names)
        body, end = self._inside(piece, ("endfor",))
        _bare(end)
        self._loops.pop()

        def write(rendering: Rendering) -> None:
            data = rendering.data
            before = {name: data[name] for name in names if name in data}
            try:
                walked = source(Scope(data, rendering.fuel, slots))
            except FAULTS as fault:
                raise _moved(fault, at) from None
            for item in walked:
                rendering.fuel.spend(5)
                data.update(zip(names, (item,) if len(names) == 1 else parts(item, len(names), piece.at), strict=True))
                body(rendering)
            for name in names:
                data.pop(name, None)
            data.update(before)

        return write

    def _loop(self, piece: Piece) -> tuple[tuple[str, ...], Closure, int, At]:
        """The names, the closure of what is gone through, and its slots. The header is read as that of a list."""
        _, rest, at = _header(piece)
        opening = "[0 for "
        at = at[0], at[1] - len(opening)
        try:
            tree, places = parse_expression(f"{opening}{rest}]")
        except ExpressionError:
            raise error("loop", piece.at) from None
        if not isinstance(tree, ast.ListComp) or len(tree.generators) != 1 or tree.generators[0].ifs:
            raise error("loop", piece.at)
        compiler = Compiler(TEMPLATE, places)
        try:
            names, source = rounds(compiler, tree.generators[0])
            for name in names:
                compiler.check_target(name, tree.generators[0].target)
        except ExpressionError as fault:
            raise _moved(fault, at) from None
        if len(set(names)) != len(names):
            raise error("targets", piece.at)
        self._note(compiler.data)
        return names, source, compiler.slots, at


def _header(piece: Piece) -> tuple[str, str, At]:
    """The first word of a tag, what follows it, and where that starts."""
    word = (piece.content.split() or [""])[0]
    start = piece.content.index(word) + len(word)
    before = piece.content[:start]
    lines = before.count("\n")
    column = len(before) - before.rfind("\n") if lines else piece.at[1] + start
    return word, piece.content[start:], (piece.at[0] + lines, column)


def _bare(end: Piece) -> None:
    if len(end.content.split()) != 1:
        raise error("unopened", end.at, tag=end.content.strip())


def _text(content: str) -> Write:
    return lambda rendering: rendering.write(content)


def _all(writes: list[Write]) -> Write:
    def write(rendering: Rendering) -> None:
        for one in writes:
            one(rendering)

    return write


def _choice(branches: list[tuple[Compiled, At, Write]], otherwise: Write) -> Write:
    def write(rendering: Rendering) -> None:
        for test, at, body in branches:
            try:
                holds = rendering.value(test)
            except FAULTS as fault:
                raise _moved(fault, at) from None
            if holds:
                body(rendering)
                return
        otherwise(rendering)

    return write


def printed(value: Value) -> str:
    """How a value appears in a text: None leaves nothing; truth values and collections are refused."""
    if value is None:
        return ""
    if type(value) is str:
        return value
    if type(value) is int or type(value) is float:
        return str(value)
    raise error("not_printable", **kind_names(value))


def _moved(fault: Exception, at: At) -> ExpressionError:
    """The fault of an expression that starts at `at`, with its place in the whole template."""
    known = located(fault, (1, 1))
    line, column = known.line, known.column
    known.at = at[0] + line - 1, column + at[1] - 1 if line == 1 else column
    known.source = ""
    return known
