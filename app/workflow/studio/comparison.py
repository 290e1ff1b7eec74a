"""What differs between two releases, or a draft and its release, file by file; what is equal is not listed."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from app.engine.comparison import Difference, plain, quoted
from app.engine.comparison_diagrams import compare_diagrams
from app.engine.comparison_tables import compare_tables
from app.forms.comparison import compare_forms
from app.i18n import Text
from app.identity.roles import ROLES
from app.workflow import scenarios
from app.workflow.studio import titles

MOST_LINES = 2000
"""Lines of a text that are compared one by one; of longer ones it is only told that they differ."""
MOST = 400
"""Differences that are told of one file."""
AROUND = 2
"""Unchanged lines shown about a change."""

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Line:
    """Of a text: its numbers before and after, None where it is not; a `gap` stands for what is left out."""

    how: Literal["kept", "added", "removed", "gap"]
    before: int | None
    after: int | None
    text: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file that differs, or the two halves of one form together."""

    path: str
    how: Literal["added", "removed", "changed"]
    title: Text
    differences: tuple[Difference, ...]
    lines: tuple[Line, ...] = ()
    """Of texts, and of whatever could not be read otherwise."""

    @property
    def is_diagram(self) -> bool:
        return self.path.endswith(".bpmn")


def compare(before: Files, after: Files) -> list[FileChange]:
    """In the order of the paths. A form is told once, under its first file that differs."""
    touched = [path for path in sorted({*before, *after}) if before.get(path) != after.get(path)]
    words, found, told = _words(before, after), [], set()
    for path in touched:
        name = _form_of(path)
        if name is not None and name in told:
            continue
        if name is not None:
            told.add(name)
        found.append(_change(path, before, after, words))
    return found


def sentences(changes: list[FileChange]) -> list[Text]:
    return [one.message for change in changes for one in change.differences]


def _change(path: str, before: Files, after: Files, words: Mapping[str, Text]) -> FileChange:
    was, now = before.get(path), after.get(path)
    name = _form_of(path)
    if name is not None:
        was, now = (_whole(name, files, path) for files in (before, after))
    title = titles.of(path, after if now is not None else before)
    if was is None or now is None:
        how: Literal["added", "removed"] = "added" if was is None else "removed"
        drawn = path.endswith((".bpmn", ".dmn", ".json"))
        lines: tuple[Line, ...] = () if drawn else tuple(compare_lines(was or b"", now or b""))
        return FileChange(path, how, title, (_whole_file(path, title, how),), lines)
    told = _told(path, before, after, words)
    lines = tuple(compare_lines(was, now)) if not told or path.endswith(".yaml") else ()
    told = told or [_unseen(path, title) if told == [] else _lines_told(path, title, lines)]
    return FileChange(path, "changed", title, tuple(told[:MOST]), lines)


def _told(path: str, before: Files, after: Files, words: Mapping[str, Text]) -> list[Difference] | None:
    """None: to be compared line by line."""
    name = _form_of(path)
    if name is not None:
        halves = [_halves(name, files) for files in (before, after)]
        return compare_forms(name, halves[0], halves[1])
    if path.endswith(".bpmn"):
        return compare_diagrams(path, before[path], after[path], words)
    if path.endswith(".dmn"):
        return compare_tables(path, before[path], after[path])
    if path.endswith("/scenarios.yaml"):
        return _scenarios(path, titles.of(path, after), before[path], after[path])
    return None


def _form_of(path: str) -> str | None:
    return path.split("/")[1].split(".")[0] if path.startswith("forms/") and path.endswith(".json") else None


def _halves(name: str, files: Files) -> tuple[bytes, bytes]:
    return files.get(f"forms/{name}.schema.json", b""), files.get(f"forms/{name}.ui.json", b"")


def _whole(name: str, files: Files, path: str) -> bytes | None:
    """A form is there if one of its halves is; then it is the half that the change is told under."""
    halves = [files.get(f"forms/{name}.{half}.json") for half in ("schema", "ui")]
    return None if halves == [None, None] else files.get(path, b"")


def _whole_file(path: str, title: Text, how: Literal["added", "removed"]) -> Difference:
    kind, name = titles.kind(path), quoted(title)
    if how == "added":
        said = Text(f"Новый файл: {kind.ru} {name.ru}.", f"A new file: the {kind.en} {name.en}.")
    else:
        said = Text(f"Удален файл: {kind.ru} {name.ru}.", f"A file is removed: the {kind.en} {name.en}.")
    return Difference(path, how, said, name)


def _unseen(path: str, title: Text) -> Difference:
    kind, name = titles.kind(path), quoted(title)
    said = Text(
        f"{kind.ru.capitalize()} {name.ru}: изменены только примечания, пробелы или линии рисунка.",
        f"The {kind.en} {name.en} differs only in what does not run: notes, spaces or the lines of the drawing.",
    )
    return Difference(path, "changed", said, name)


def _lines_told(path: str, title: Text, lines: tuple[Line, ...]) -> Difference:
    kind, name = titles.kind(path), quoted(title)
    count = {how: sum(1 for line in lines if line.how == how) for how in ("added", "removed")}
    if not lines:
        said = Text(f"{kind.ru.capitalize()} {name.ru}: файл изменен.", f"The {kind.en} {name.en} differs.")
        return Difference(path, "changed", said, name)
    said = Text(
        f"{kind.ru.capitalize()} {name.ru}: строк добавлено – {count['added']}, удалено – {count['removed']}.",
        f"The {kind.en} {name.en}: lines added – {count['added']}, removed – {count['removed']}.",
    )
    return Difference(path, "changed", said, name)


def _scenarios(path: str, title: Text, before: bytes, after: bytes) -> list[Difference] | None:
    """Which recorded runs came, went or differ; None where one of the files is none."""
    try:
        was, now = ({one.id: one for one in scenarios.read({path: content})} for content in (before, after))
    except scenarios.Unreadable:
        return None
    name, found = quoted(title), []
    for ident in [*now, *(one for one in was if one not in now)]:
        scenario = quoted(plain(ident))
        if ident not in was:
            said = Text(f"{name.ru}: новый сценарий {scenario.ru}.", f"{name.en} has a new scenario {scenario.en}.")
            found.append(Difference(path, "added", said, name, element=ident))
        elif ident not in now:
            said = Text(
                f"{name.ru}: сценарий {scenario.ru} удален.", f"The scenario {scenario.en} of {name.en} is removed."
            )
            found.append(Difference(path, "removed", said, name, element=ident))
        elif was[ident] != now[ident]:
            said = Text(
                f"{name.ru}: изменен сценарий {scenario.ru}.", f"The scenario {scenario.en} of {name.en} differs."
            )
            found.append(Difference(path, "changed", said, name, element=ident))
    return found


def compare_lines(before: bytes, after: bytes) -> Iterator[Line]:
    """Changed lines with a little of what stands about them."""
    was, now = (content.decode("utf-8", "replace").splitlines() for content in (before, after))
    if max(len(was), len(now)) > MOST_LINES:
        return
    matcher = difflib.SequenceMatcher(None, was, now, autojunk=False)
    shown = 0
    for group in matcher.get_grouped_opcodes(AROUND):
        if group[0][1] > shown or group[0][3] > shown:
            yield Line("gap", None, None, "")
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from (Line("kept", i1 + n + 1, j1 + n + 1, was[i1 + n]) for n in range(i2 - i1))
                continue
            yield from (Line("removed", n + 1, None, was[n]) for n in range(i1, i2))
            yield from (Line("added", None, n + 1, now[n]) for n in range(j1, j2))
        shown = group[-1][2]


def _words(before: Files, after: Files) -> dict[str, Text]:
    """Names of roles and forms, as sentences about diagrams need them."""
    found = {f"role:{name}": label for name, label in ROLES.items()}
    for files in (before, after):
        names = {name for path in files if (name := _form_of(path)) is not None}
        found |= {f"form:{name}": titles.of(f"forms/{name}.ui.json", files) for name in names}
    return found
