"""From the text of an expression or script to Python's syntax tree: length, layout, names and places."""

import ast
import io
import re
import textwrap
import tokenize
import unicodedata
from dataclasses import dataclass

from app.engine.expressions_errors import At, ExpressionError, error

MAX_EXPRESSION = 4_000
MAX_SCRIPT = 12_000

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")
_FOREIGN: tuple[tuple[str, str], ...] = (
    (r"[“”„«»‘’]", "'…'"),
    (r"[–—−]", "-"),
    (r"\$\{|#\{", "…"),
    (r"&&", "and"),
    (r"\|\|", "or"),
    (r"[!=]==", "== / !="),
    (r"<>", "!="),
    (r"!(?!=)", "not …"),
    (r"\?", "b if a else c"),
)
_SINGLE_EQUALS = re.compile(r"(?<![=!<>:+\-*/%|])=(?!=)")
_WITH_FIELDS = re.compile(r"[rR]?[fF]")
_WORD = re.compile(r"\w+")
_STRINGS = re.compile(r"\"(?:\\.|[^\"\\])*+(?:\"|\Z)|'(?:\\.|[^'\\])*+(?:'|\Z)", re.DOTALL)
"""Quoted texts; one that never ends goes to the end, so that looking for them takes time in proportion."""


@dataclass(frozen=True, slots=True)
class Places:
    """Turns places in the tree (lines from 1, bytes from 0) into places in the text as written."""

    lines: tuple[str, ...]
    skipped_lines: int
    skipped_first: int
    """Characters before the first line's text: blanks left out, less a bracket put in."""
    skipped_each: int = 0

    def width(self, line: int) -> int:
        """Characters of that line."""
        return len(self.lines[line - 1]) if 0 < line <= len(self.lines) else 0

    def at(self, line: int, byte: int) -> At:
        shown = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        column = len(shown.encode()[:byte].decode(errors="replace")) + 1
        return line + self.skipped_lines, column + (self.skipped_first if line == 1 else self.skipped_each)


def parse_expression(source: str) -> tuple[ast.expr, Places]:
    """The tree of one expression; it may go over several lines. Raises ExpressionError."""
    source = _admit(source, MAX_EXPRESSION)
    text = source.strip()
    if not text:
        raise error("empty")
    before = source[: len(source) - len(source.lstrip())]
    lines, first = before.count("\n"), len(before) - before.rfind("\n") - 1
    places = Places(tuple(text.split("\n")), lines, first)
    if "\n" in text:
        bracketed = f"({text}\n)"
        places = Places(tuple(bracketed.split("\n")), lines, first - 1)
        tree = _parse(bracketed, "eval", places)
        if isinstance(tree, ast.Expression) and (tree.body.lineno, tree.body.col_offset) == (1, 0):
            raise error("syntax", places.at(1, 1))
    else:
        tree = _parse(text, "eval", places)
    assert isinstance(tree, ast.Expression)
    _check_names(text, places)
    return tree.body, places


def parse_script(source: str) -> tuple[list[ast.stmt], Places]:
    """The statements of a script; indentation common to its lines, as XML editors add it, does not matter."""
    source = _admit(source, MAX_SCRIPT)
    text, places = _to_the_left(source)
    tree = _parse(text, "exec", places)
    assert isinstance(tree, ast.Module)
    if text != source:
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant | ast.JoinedStr) and node.lineno != node.end_lineno:
                raise error("layout", places.at(node.lineno, node.col_offset))
    _check_names(text, places)
    return tree.body, places


def _to_the_left(source: str) -> tuple[str, Places]:
    """The text without the indentation that all its lines share; the first line may stand apart."""
    whole = textwrap.dedent(source)
    first, _, rest = whole.partition("\n")
    moved = f"{first}\n{textwrap.dedent(rest)}"
    if _is_python(whole) or not _is_python(moved):
        moved = whole
    lines = tuple(zip(source.split("\n"), moved.split("\n"), strict=True))
    margins = [len(before) - len(after) for before, after in lines if after]
    return moved, Places(tuple(moved.split("\n")), 0, margins[0] if lines[0][1] else 0, margins[-1] if margins else 0)


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _admit(source: str, most: int) -> str:
    """The source with the line ends that Python gives it. Raises ExpressionError."""
    if len(source) > most:
        raise error("source_long", given=len(source), most=most)
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    found = _CONTROL.search(source)
    if found:
        line = source.count("\n", 0, found.start()) + 1
        raise error("control", (line, found.start() - source.rfind("\n", 0, found.start())))
    return source


def _parse(text: str, mode: str, places: Places) -> ast.AST:
    try:
        return ast.parse(text, mode=mode)
    except SyntaxError as fault:
        number = fault.lineno or 1
        line, column = places.at(number, 0)
        width = fault.offset - 1 if fault.offset else places.width(number)
        at = line, max(column + width, 1)
        raise _explain(text, mode, fault.msg, at) from None
    except (ValueError, RecursionError, MemoryError):
        raise error("deep") from None


def _explain(text: str, mode: str, detail: str, at: At) -> ExpressionError:
    if "non-printable" in detail:
        return error("control", at)
    if "too many nested" in detail or "recursion" in detail:
        return error("deep", at)
    bare = _STRINGS.sub("''", text)
    for sign, instead in _FOREIGN:
        found = re.search(sign, bare)
        if found:
            return error("foreign_operator", at, sign=found.group(), instead=instead)
    if mode == "eval" and _SINGLE_EQUALS.search(bare):
        return error("single_equals", at)
    return error("syntax", at)


def _check_names(text: str, places: Places) -> None:
    """Python reads ｌｅｎ as len; refuse what does not look like what it is (NFKC). Texts in quotes are free."""
    if text.isascii():
        return
    for token in tokenize.generate_tokens(io.StringIO(f"({text}\n)").readline):
        at = places.at(token.start[0], 0)
        if token.type == tokenize.NAME:
            _check_name(token.string, at)
        elif token.type == tokenize.STRING and _WITH_FIELDS.match(token.string):
            for name in _WORD.findall(_STRINGS.sub("", _in_braces(token.string))):
                _check_name(name, at)


def _in_braces(string: str) -> str:
    """What stands between braces: of an f-string its expressions."""
    depth, inside = 0, []
    for sign in string:
        depth += (sign == "{") - (sign == "}")
        if depth > 0:
            inside.append(sign)
    return "".join(inside)


def _check_name(name: str, at: At) -> None:
    plain = unicodedata.normalize("NFKC", name)
    if plain != name:
        raise error("look_alike", at, name=name, plain=plain)
