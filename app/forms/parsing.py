"""What a browser sends, with or without JavaScript, becomes a draft."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.engine import Json
from app.errors import Problem
from app.forms.answers import fault_of_file, given_rows
from app.forms.cleaning import clean_line, clean_text
from app.forms.messages import REFUSED, TOO_MUCH, Fault, fault
from app.forms.model import FIELD_BYTES, FORM_BYTES, MAX_ROWS, Context, Draft, Field, Form, Group, StoredFile
from app.forms.names import is_own

Uploads = Mapping[str, Sequence[StoredFile | Problem]]
_CELL = re.compile(r"([a-z][a-z0-9_]*)\.(\d{1,4})(?:\.([a-z][a-z0-9_]*))?", re.ASCII)
_REPORTED = 20
"""So many refused names are kept; more tell nothing new."""


def parse(
    form: Form,
    posted: Mapping[str, Sequence[str]],
    files: Uploads | None = None,
    context: Context | None = None,
) -> Draft:
    """Read a posted form (`request.form.to_dict(flat=False)`).

    Rows are posted as `coordinators.0.name`; `files` holds the stored files by the same paths, or the Problem for
    which one was not stored. Names that begin with `_`, `csrf_token`, `nonce` and `revision` are the page's own.
    """
    page = _Page(posted, files or {}, context or Context())
    draft = Draft({})
    for one in form.group.inputs:
        if one.read_only:
            continue
        value = page.table(one, one.rows, draft) if one.rows else page.answer(one, one.name, draft)
        if value not in ("", []) or one.rows:
            draft.values[one.name] = value
    draft.refused = page.strangers()
    if draft.refused:
        draft.faults[""] = Fault(REFUSED)
    _measure(form, draft)
    return draft


@dataclass(slots=True)
class _Page:
    """One posted page; remembers which of its names were asked for."""

    posted: Mapping[str, Sequence[str]]
    files: Uploads
    context: Context
    taken: set[str] = field(default_factory=set)
    added: str = ""
    removed: str = ""

    def __post_init__(self) -> None:
        self.added, self.removed = self._first("_add"), self._first("_remove")

    def _first(self, name: str) -> str:
        return next(iter(self.posted.get(name, ())), "")

    def strangers(self) -> tuple[str, ...]:
        sent = [name for name in (*self.posted, *self.files) if name not in self.taken and not is_own(name)]
        return tuple(clean_line(name[:100]) for name in sent[:_REPORTED])

    def answer(self, one: Field, path: str, draft: Draft) -> Json:
        """The text typed, the values ticked, or the ids of the files."""
        self.taken.add(path)
        if one.kind == "file":
            return self._attached(one, path, draft)
        sent = [text[: FIELD_BYTES + 1] for text in self.posted.get(path, ())]
        if one.kind == "checkboxes":
            return [clean_line(text) for text in sent[:MAX_ROWS] if text]
        first = sent[0] if sent else ""
        return clean_text(first) if one.kind == "textarea" else clean_line(first)

    def _attached(self, one: Field, path: str, draft: Draft) -> Json:
        """Files already in the draft and those sent now; of one file only, the new one replaces the old."""
        kept = [id_ for id_ in self.posted.get(path, ()) if id_ in self.context.files]
        if any(f"{path}.{id_}" == self.removed for id_ in kept):
            draft.pressed, draft.focus = "remove", path
        ids = [id_ for id_ in kept if f"{path}.{id_}" != self.removed]
        for sent in self.files.get(path, ()):
            problem = sent if isinstance(sent, Problem) else fault_of_file(one, sent)
            if problem is not None:
                draft.faults.setdefault(path, problem)
            elif not isinstance(sent, Problem):
                ids.append(sent.id)
                draft.attached[sent.id] = sent
        if one.multiple:
            several: list[Json] = list(dict.fromkeys(ids))
            return several[:MAX_ROWS]
        return ids[-1] if ids else ""

    def table(self, one: Field, group: Group, draft: Draft) -> list[Json]:
        """The rows in their order, the button's effect among them; numbered anew."""
        given = given_rows(one, self.context)
        indexes = self._indexes(one, None if given is None else len(given))
        if given is None and self.removed in {f"{one.name}.{index}" for index in indexes}:
            self._take_row(group, self.removed)
            indexes.remove(int(self.removed.rpartition(".")[2]))
            draft.pressed, draft.focus = "remove", one.name
        rows: list[Json] = [self._row(one, group, old, new, draft) for new, old in enumerate(indexes)]
        if given is None and self.added == one.name and len(rows) < one.max_items:
            first = next((f".{cell.name}" for cell in group.inputs), "")
            draft.pressed, draft.focus = "add", f"{one.name}.{len(rows)}{first}"
            rows.append({})
        return rows

    def _indexes(self, one: Field, given: int | None) -> list[int]:
        """Which rows the page held: each is marked by `_rows`, as a box that is not ticked posts nothing."""
        marked = self.posted.get("_rows", ())[: MAX_ROWS + 1]
        found = (_CELL.fullmatch(name) for name in (*marked, *self.posted, *self.files))
        indexes = sorted({int(match[2]) for match in found if match and match[1] == one.name})
        return indexes[: MAX_ROWS + 1] if given is None else list(range(given))

    def _row(self, one: Field, group: Group, old: int, new: int, draft: Draft) -> Json:
        inner = Draft({})
        row: dict[str, Json] = {}
        for cell in group.inputs:
            if cell.read_only:
                continue
            value = self.answer(cell, f"{one.name}.{old}.{cell.name}", inner)
            if value not in ("", []):
                row[cell.name] = value
        renamed = {f"{one.name}.{new}.{path.rpartition('.')[2]}": problem for path, problem in inner.faults.items()}
        draft.faults.update(renamed)
        draft.attached.update(inner.attached)
        if inner.pressed and inner.focus:
            draft.pressed, draft.focus = inner.pressed, f"{one.name}.{new}.{inner.focus.rpartition('.')[2]}"
        return row

    def _take_row(self, group: Group, row: str) -> None:
        self.taken.update(f"{row}.{cell.name}" for cell in group.inputs if not cell.read_only)


def _measure(form: Form, draft: Draft) -> None:
    """Refuse what is larger than can be kept (F28); the draft holds it cut to size, so that it can be shortened."""
    total = 0
    for one in form.group.inputs:
        value = draft.values.get(one.name)
        size = _size(value)
        if size > FIELD_BYTES:
            draft.faults[one.name] = fault(one, "bytes")
            draft.values[one.name] = _cut(value)
        total += min(size, FIELD_BYTES)
    if total > FORM_BYTES:
        draft.faults[""] = Fault(TOO_MUCH)


def _size(value: Json) -> int:
    """Bytes of the texts in UTF-8."""
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode("utf-8", "replace"))
    if isinstance(value, list):
        return sum(map(_size, value))
    return sum(map(_size, value.values())) if isinstance(value, dict) else 0


def _cut(value: Json) -> Json:
    if isinstance(value, str):
        return value.encode("utf-8", "replace")[:FIELD_BYTES].decode("utf-8", "ignore")
    rows = list(value) if isinstance(value, list) else []
    while rows and _size(rows) > FIELD_BYTES:
        rows.pop()
    return rows
