"""A release or draft as one zip archive, and back: whatever else an archive may hold is refused or left out."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.errors import N_, Invalid
from app.files import archives
from app.workflow.studio import paths

LARGEST = 16 * 1024 * 1024
"""Bytes of an archive."""
MOST_BYTES = 64 * 1024 * 1024
"""What it may unpack to."""
_DEEPEST = 5
"""Folders that other tools put around everything."""
_FIRST = (1980, 1, 1, 0, 0, 0)
"""The same content makes the same archive, whenever it is packed."""

Change = Literal["added", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The files that a release may hold, and the names of those that it may not."""

    files: Mapping[str, bytes]
    left_out: tuple[str, ...]


def pack(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _FIRST)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, files[path])
    return made.getvalue()


def unpack(content: bytes) -> Unpacked:
    """Invalid: no archive, one that unpacks to too much, names that lead outside, or no release in it (S28, S29)."""
    if len(content) > LARGEST:
        raise Invalid(N_("The archive has more than %(most)s MB."), most=LARGEST >> 20)
    budget = archives.Budget(entries=2 * paths.MOST, total=MOST_BYTES)
    archive = archives.look_through(io.BytesIO(content), len(content), budget)
    names = [name for name in archive.entries if not _is_litter(name)]
    top = _top(names)
    wanted = {name: name.removeprefix(top) for name in names}
    taken = {name: path for name, path in wanted.items() if paths.is_allowed(path)}
    if not taken:
        raise Invalid(N_("The archive holds no file of a release: it should have the folders processes and forms."))
    if len(taken) > paths.MOST:
        raise Invalid(N_("A release may hold at most %(most)s files."), most=paths.MOST)
    found = {}
    for name, path in taken.items():
        if archive.entries[name].file_size > paths.LARGEST:
            paths.demand_size(path, b"\0" * (paths.LARGEST + 1))
        found[path] = archive.read(name, paths.LARGEST)
    return Unpacked(found, tuple(sorted(name for name in names if name not in taken and not name.endswith(".md"))))


def changes(present: Mapping[str, bytes], coming: Mapping[str, bytes]) -> dict[str, Change]:
    """Path -> what taking the files would do to it; `removed` are those that only the present has."""
    found: dict[str, Change] = {}
    for path in sorted({*present, *coming}):
        if path not in coming:
            found[path] = "removed"
        elif path not in present:
            found[path] = "added"
        elif present[path] != coming[path]:
            found[path] = "changed"
    return found


def _is_litter(name: str) -> bool:
    """Hidden files, and what some systems put beside everything."""
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _top(names: list[str]) -> str:
    """The folder in which processes and forms stand: the archive itself, or one around everything."""
    top = ""
    for _ in range(_DEEPEST):
        inside = [name.removeprefix(top) for name in names if name.startswith(top)]
        if any(name.startswith(("processes/", "forms/")) for name in inside):
            return top
        firsts = {name.partition("/")[0] for name in inside if "/" in name}
        if len(firsts) != 1:
            return ""
        top += f"{firsts.pop()}/"
    return ""
