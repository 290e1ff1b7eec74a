"""A list of accounts as people have it: typed, pasted from a letter, or a CSV file of any spreadsheet."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.errors import N_, Invalid, Problem

MOST = 1000
LARGEST = 1_000_000
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_USER_NAME = re.compile(r"[a-z0-9._@-]{2,100}")
_HEADS = frozenset({
    "e-mail", "email", "mail", "почта", "эл. почта", "электронная почта", "адрес", "username", "user name", "login",
    "логин", "пользователь", "имя пользователя", "учетная запись", "учётная запись", "account",
})  # fmt: skip
_DELIMITERS = ";\t,"


@dataclass(frozen=True, slots=True)
class Person:
    """`account`: an address or a user name; `name` where the list gives one."""

    account: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """`unread`: lines that hold no account, with their numbers; `repeated`: how many stood there twice."""

    people: tuple[Person, ...]
    unread: tuple[tuple[int, str], ...]
    repeated: int


def read(typed: str, content: bytes = b"", *, addresses: bool = False) -> Listed:
    """Both together, each account once, whatever its case. `addresses`: user names will not do.

    Raises Invalid with what is wrong, naming the lines; nothing is passed over in silence.
    """
    if len(content) > LARGEST:
        raise _wrong(N_("The file is larger than 1 MB: a list of accounts is shorter."))
    found: dict[str, Person] = {}
    unread: list[tuple[int, str]] = []
    repeated = 0
    for number, line, cells in [*_typed(typed), *_rows(content)]:
        person = _person(cells, addresses=addresses)
        if person is None:
            unread.append((number, line[:80]))
        elif person.account.lower() in found:
            repeated += 1
        else:
            found[person.account.lower()] = person
    listed = Listed(tuple(found.values()), tuple(unread), repeated)
    _demand(listed)
    return listed


def _demand(listed: Listed) -> None:
    if listed.unread:
        lines = "; ".join(f"{number}: {line}" for number, line in listed.unread[:5])
        raise _wrong(N_("These lines hold no account: %(lines)s. Correct them; nothing has been sent."), lines=lines)
    if not listed.people:
        raise _wrong(N_("Enter at least one account, or choose a file with a list."))
    if len(listed.people) > MOST:
        raise _wrong(N_("The list holds more than %(most)s accounts. Divide it."), most=MOST)


def _wrong(message: str, **params: object) -> Invalid:
    return Invalid(message, {"people": Problem(message, **params)}, **params)


def _typed(text: str) -> Iterator[tuple[int, str, Sequence[str]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, line.strip(), [line.strip()]


def _rows(content: bytes) -> Iterator[tuple[int, str, Sequence[str]]]:
    """The rows of a CSV file; a row of headings is no person."""
    if not content.strip():
        return
    text = _decoded(content)
    if "\x00" in text:
        raise _wrong(N_("This is no list in CSV: save the table as CSV (separators: commas or semicolons)."))
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and {cell.lower() for cell in cells} & _HEADS):
            continue
        yield number, delimiter.join(row), cells


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, else what Russian spreadsheets write."""
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1251"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _person(cells: Sequence[str], *, addresses: bool) -> Person | None:
    """The first address among the cells; else, where it will do, a cell that is a user name as a whole."""
    for position, cell in enumerate(cells):
        address = _EMAIL.search(cell)
        if address is not None:
            rest = cell.replace(address.group(), "").strip(" <>\"',;:()")
            others = [one for place, one in enumerate(cells) if place != position and not _EMAIL.search(one)]
            return Person(address.group(), (rest or next((one for one in others if " " in one), ""))[:200])
    for cell in () if addresses else cells:
        if _USER_NAME.fullmatch(cell.lower()) and not cell.isdigit():
            others = [one for one in cells if one != cell]
            return Person(cell.lower(), next((one for one in others if " " in one), "")[:200])
    return None
