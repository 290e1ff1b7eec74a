"""The files of the draft as an analyst looks for them: by procedure, then forms, and letters of no single procedure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app import engine
from app.i18n import Text, fold, sort_key
from app.web.access import database
from app.web.studio.standing import called
from app.workflow import releases
from app.workflow.models_studio import StudioDraft
from app.workflow.studio import checking, drafts, paths, presence, titles

FORMS = "forms"
SHARED = "processes"
_ORDER = (".bpmn", ".dmn", "scenarios.yaml", ".txt", ".html", ".css", ".json")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the draft: how it differs from the base, who has it open, what the check finds in it."""

    path: str
    title: Text
    kind: Text
    change: str
    """added, changed, removed or nothing."""
    at_work: tuple[str, ...]
    findings: tuple[engine.Finding, ...]

    @property
    def mark(self) -> str:
        """Of a pair, which of the two: RU, EN, schema or ui; nothing of a single file."""
        if paths.companion(self.path) is None:
            return ""
        part = self.path.rpartition("/")[2].split(".")[1]
        return part.upper() if part in ("ru", "en") else part

    @property
    def serious(self) -> int:
        return sum(1 for one in self.findings if one.severity != "warning")

    @property
    def minor(self) -> int:
        return len(self.findings) - self.serious


@dataclass(frozen=True, slots=True)
class Row:
    """What people see as one thing: a file, or the two halves of a form, or both languages of a letter."""

    title: Text
    kind: Text
    parts: tuple[Entry, ...]

    @property
    def serious(self) -> int:
        return sum(one.serious for one in self.parts)

    @property
    def minor(self) -> int:
        return sum(one.minor for one in self.parts)

    @property
    def at_work(self) -> list[str]:
        return sorted({name for one in self.parts for name in one.at_work})


@dataclass(slots=True)
class Shelf:
    """A procedure with its files; or all forms, or what belongs to no single procedure (`name` FORMS, SHARED)."""

    name: str
    title: Text
    entries: list[Entry] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        found: dict[str, list[Entry]] = {}
        for one in self.entries:
            found.setdefault(_whole(one.path), []).append(one)
        return [Row(parts[0].title, titles.kind_of_pair(parts[0].path), tuple(parts)) for parts in found.values()]

    @property
    def changed(self) -> int:
        return sum(1 for one in self.entries if one.change)

    @property
    def serious(self) -> int:
        return sum(one.serious for one in self.entries)

    @property
    def minor(self) -> int:
        return sum(one.minor for one in self.entries)

    @property
    def at_work(self) -> list[str]:
        return sorted({name for one in self.entries for name in one.at_work})


def shelves(draft: StudioDraft, search: str = "", only: str = "") -> tuple[list[Shelf], list[Shelf]]:
    """All, with their counts, and those that the search leaves, by name; `only`: changed, findings or open."""
    session = database()
    base, touched = releases.export(session, draft.base_release_id), drafts.touched(session, draft)
    whole = drafts.files(session, draft)
    working = presence.at_work(session, draft)
    names = called({one for ids in working.values() for one in ids})
    found: dict[str, list[engine.Finding]] = {}
    for one in checking.check(whole):
        found.setdefault(one.file, []).append(one)
    every: dict[str, Shelf] = {}
    for path in sorted({*base, *whole, *found}, key=_place):
        entry = Entry(
            path,
            titles.of(path, whole if path in whole else base),
            titles.kind(path),
            _change(base.get(path), touched[path].data if path in touched else base.get(path)),
            tuple(names[one] for one in working.get(path, ())),
            tuple(found.get(path, ())),
        )
        name = _shelf(path)
        every.setdefault(name, Shelf(name, _title(name, whole))).entries.append(entry)
    ordered = sorted(every.values(), key=lambda one: (one.name in (FORMS, SHARED), sort_key(str(one.title))))
    return ordered, list(filter(None, (_left(one, fold(search), only) for one in ordered)))


def _shelf(path: str) -> str:
    parts = path.split("/")
    if parts[0] == "forms":
        return FORMS
    return parts[1] if len(parts) > 2 and parts[1] not in ("letters", "documents") else SHARED


def _title(name: str, files: Mapping[str, bytes]) -> Text:
    if name in (FORMS, SHARED):
        return (
            Text("Формы", "Forms")
            if name == FORMS
            else Text("Общие письма и документы", "Shared letters and documents")
        )
    return titles.of(f"processes/{name}/{name}.bpmn", files)


def _place(path: str) -> tuple[int, str]:
    kind = next((number for number, end in enumerate(_ORDER) if path.endswith(end)), len(_ORDER))
    stem = path.rpartition("/")[2].split(".")[0]
    own = path.endswith(f"/{stem}/{stem}.bpmn")
    return kind, "" if own else path


def _left(shelf: Shelf, search: str, only: str) -> Shelf | None:
    """The shelf with the files that fit; None where none does. A procedure that fits by name keeps all."""
    whole = search in fold(f"{shelf.title.ru} {shelf.title.en} {shelf.name}") if search else True
    kept = [one for one in shelf.entries if (whole or _fits(one, search)) and _wanted(one, only)]
    return Shelf(shelf.name, shelf.title, kept) if kept else None


def _fits(entry: Entry, search: str) -> bool:
    return search in fold(f"{entry.title.ru} {entry.title.en} {entry.path}")


def _wanted(entry: Entry, only: str) -> bool:
    return bool({"changed": entry.change, "findings": entry.findings, "open": entry.at_work}.get(only, True))


def _whole(path: str) -> str:
    return path.rpartition("/")[0] + "/" + path.rpartition("/")[2].split(".")[0] if paths.companion(path) else path


def _change(before: bytes | None, after: bytes | None) -> str:
    if before == after:
        return ""
    return "added" if before is None else "removed" if after is None else "changed"
