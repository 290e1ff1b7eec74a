"""The file of scenarios as text: items are put in and taken out, every other byte stays as it was."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.i18n import Text
from app.workflow.scenarios import strict_yaml
from app.workflow.scenarios.reading import FILE, Scenario, Unreadable, read


class CannotWrite(Exception):
    """The text cannot be put there; why, in both languages."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True, slots=True)
class Item:
    """Where a scenario stands: lines from 0, the last one excluded; the column of its dash."""

    id: str
    first: int
    after: int
    column: int


@lru_cache(maxsize=32)
def items(content: bytes) -> tuple[Item, ...]:
    """Raises BadYaml."""
    lines = content.decode("utf-8-sig").splitlines()
    listed = _list_of(strict_yaml.compose(content))
    if listed is None or listed.flow_style:
        return ()
    found = []
    for node in listed.value:
        first = node.start_mark.line
        column = len(lines[first]) - len(lines[first].lstrip())
        found.append(Item(_id(node), first, _end(lines, node.end_mark.line, first), column))
    return tuple(found)


def append(content: bytes, item: str, folder: str) -> bytes:
    """The file with one scenario more, behind the last. Raises CannotWrite, Unreadable."""
    text = content.decode("utf-8-sig")
    ending = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    try:
        known, listed = items(content), _list_of(strict_yaml.compose(content))
    except strict_yaml.BadYaml as error:
        raise Unreadable(FILE, error.message, error.line) from error
    if listed is None:
        raise CannotWrite(Text("В файле нет записи scenarios.", "The file has no entry scenarios."))
    if listed.flow_style and listed.value:
        words = Text("Список сценариев записан в одну строку.", "The list of scenarios is written in one line.")
        raise CannotWrite(words)
    at, column = (known[-1].after, known[-1].column) if known else (listed.end_mark.line + 1, 2)
    if not known:
        lines[listed.start_mark.line] = lines[listed.start_mark.line].replace("[]", "", 1).rstrip() + ending
    if at > 0 and lines[at - 1 : at] and not lines[at - 1].endswith("\n"):
        lines[at - 1] += ending
    block = [f"{' ' * column}{line}{ending}" for line in item.splitlines()]
    gap = [ending] if known else []
    return _checked(content, "".join([*lines[:at], *gap, *block, *lines[at:]]).encode(), folder)


def remove(content: bytes, ident: str) -> bytes:
    """The file without that scenario; as it was, where there is none. Raises BadYaml."""
    lines = content.decode("utf-8-sig").splitlines(keepends=True)
    known = items(content)
    mine = next((one for one in known if one.id == ident), None)
    if mine is None:
        return content
    if len(known) == 1:
        return "".join([*lines[: mine.first], f"{' ' * mine.column}[]\n", *lines[mine.after :]]).encode()
    first = mine.first
    while first > 0 and not lines[first - 1].strip() and mine is not known[0]:
        first -= 1
    return "".join([*lines[:first], *lines[mine.after :]]).encode()


def _checked(before: bytes, after: bytes, folder: str) -> bytes:
    """All that was there is still there, and one is new."""
    path = f"processes/{folder}/{FILE}"
    old, new = read({path: before}), read({path: after})
    if _unlike(old, new[:-1]) or len(new) != len(old) + 1:
        raise CannotWrite(Text("Файл записан необычно, добавьте текст сами.", "The file is written in an unusual way."))
    return after


def _unlike(old: list[Scenario], new: list[Scenario]) -> bool:
    return old != new


def _list_of(root: Any) -> Any:
    """The node of the list of scenarios, or None."""
    pairs = root.value if root is not None and isinstance(root.value, list) else []
    named = (value for key, value in (one for one in pairs if isinstance(one, tuple)) if key.value == "scenarios")
    found = next(named, None)
    return found if found is not None and isinstance(found.value, list) else None


def _id(node: Any) -> str:
    pairs = node.value if isinstance(node.value, list) else []
    return next((str(value.value) for key, value in pairs if key.value == "id"), "")


def _end(lines: list[str], after: int, first: int) -> int:
    """Behind its last line that says something: blank lines and comments that follow are not its own."""
    at = min(after + 1, len(lines))
    while at > first + 1 and (at - 1 >= after or not lines[at - 1].strip() or lines[at - 1].lstrip().startswith("#")):
        at -= 1
    return at
